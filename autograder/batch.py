"""Many submissions: found in a folder, graded by a few warm workers side by side, recorded one after the other."""

import os
import queue
import traceback
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from autograder.backup import back_up
from autograder.errors import CourseError
from autograder.gradebook import Book
from autograder.grading import Grader
from autograder.intake import Submission, find_notebook, read_submission
from autograder.process import Runner, WorkerProcess
from autograder.result import Result
from autograder.store import Store, digest

Graded = tuple[Result, Submission, str]  # with the key of its making

FAULT = "the grader itself failed; its report to the instructor says how"


@dataclass(frozen=True)
class Handin:
    """What one student handed in for one week."""

    student: str
    folder: Path


def handins_by_week(submissions: Path, weeks: list[str], only: tuple[str, ...] = ()) -> dict[str, list[Handin]]:
    """Week -> its hand-ins; raises CourseError if one of the students in `only` handed in nothing at all."""
    found = {week: handins(submissions, week, only) for week in weeks}
    students = {handin.student for several in found.values() for handin in several}
    if missing := sorted(set(only) - students):
        raise CourseError(f"{', '.join(missing)} handed in nothing for {', '.join(weeks)} in {submissions}")
    return found


def handins(submissions: Path, week: str, only: tuple[str, ...] = ()) -> list[Handin]:
    """The folders submissions/STUDENT/WEEK, in the order of the students' ids; `only` of these students if given."""
    if not submissions.is_dir():
        raise CourseError(f"there is no folder {submissions}; expected {submissions}/STUDENT/{week}/NOTEBOOK.ipynb")
    folders = [
        path for path in sorted(submissions.iterdir()) if (path / week).is_dir() and not path.name.startswith(".")
    ]
    everybody = [Handin(_student(folder), folder / week) for folder in folders]
    return [handin for handin in everybody if not only or handin.student in only]


def misplaced(submissions: Path, weeks: list[str]) -> list[Path]:
    """Folders submissions/STUDENT/NAME that hold a notebook, but have no week's name: nobody would look into them."""
    folders = [path for path in sorted(submissions.glob("*/*")) if path.name not in weeks and path.is_dir()]
    hidden = [path for path in folders if path.name.startswith(".") or path.parent.name.startswith(".")]
    return [path for path in folders if path not in hidden and any(path.rglob("*.ipynb"))]


def _student(folder: Path) -> str:
    """The name of a folder; one that is no UTF-8 (some archives make such) with signs that can be written."""
    return os.fsencode(folder.name).decode("utf-8", "replace")


@contextmanager
def workers_for(packages: tuple[str, ...], jobs: int, dask: str | None, allow_unsafe: bool) -> Iterator[list[Runner]]:
    """`jobs` workers on this machine, or those of the Dask cluster at an address."""
    if dask is None:
        yield [WorkerProcess(packages, allow_unsafe) for _ in range(jobs)]
        return
    from autograder.cluster import Cluster

    with Cluster(dask) as cluster:
        yield list(cluster.processes(packages, allow_unsafe))


class Batch:
    """One run over the hand-ins of a week. Work that an earlier run has done, on equal input, is not done again."""

    def __init__(self, grader: Grader, store: Store, book: Book) -> None:
        self.grader, self.store, self.book = grader, store, book
        self.skipped = 0

    def run(self, found: list[Handin], workers: Sequence[Runner], again: bool = False) -> Iterator[Result]:
        """Grades and records; yields each result when it is stored. `again` also repeats what was done before.

        As many submissions are at work as there are `workers`; these are closed at the end.
        """
        self.book.register(self.grader.lesson)
        waiting = found if again else self.unfinished(found)
        if any(self.store.holds(self.grader.lesson.name, handin.student) for handin in waiting):
            back_up(self.store.grades, self.book.url)
        with closing(self._graded(waiting, workers)) as graded:
            for handin, made in graded:
                yield self._record(handin, *made)

    def try_out(self, found: list[Handin], workers: Sequence[Runner]) -> Iterator[Result]:
        """Grades as `run` does, and writes nothing."""
        with closing(self._graded(found, workers)) as graded:
            for _, (result, _, _) in graded:
                yield result

    def unfinished(self, found: list[Handin]) -> list[Handin]:
        """Those that no earlier run has graded as they are now."""
        return [handin for handin in found if not self._is_done(handin)]

    def _graded(self, found: list[Handin], workers: Sequence[Runner]) -> Generator[tuple[Handin, Graded], None, None]:
        """Grades side by side; in the order in which they get ready."""
        jobs, waiting = len(workers), iter(found)
        if found:
            self.grader.prepare()
        idle: queue.SimpleQueue[Runner] = queue.SimpleQueue()
        for process in workers:
            idle.put(process)
        pool = ThreadPoolExecutor(jobs)
        try:
            at_work: dict[Future[Graded], Handin] = {}
            while True:
                for handin in islice(waiting, 2 * jobs - len(at_work)):  # a few at a time: memory does not grow
                    at_work[pool.submit(self._grade, handin, idle)] = handin
                if not at_work:
                    return
                finished, _ = wait(at_work, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield at_work.pop(future), future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in workers:
                process.close()

    def rows(self, found: list[Handin]) -> Iterator[dict[str, Any]]:
        """The stored results of these hand-ins, as `--results` writes them, with what graders gave by hand since."""
        lesson = self.grader.lesson
        for handin in found:
            if stored := self.store.stored(lesson.name, handin.student):
                row = self.book.with_manual(stored, lesson)
                yield {key: value for key, value in row.items() if key not in ("cells", "key")}

    def _is_done(self, handin: Handin) -> bool:
        stored = self.store.stored(self.grader.lesson.name, handin.student)
        done = stored is not None and stored.get("key") == self._key(handin)
        done = done and self.book.has(self.grader.lesson, handin.student)
        self.skipped += done
        return done

    def _key(self, handin: Handin) -> str:
        path, notes = find_notebook(handin.folder, self.grader.lesson.topic)
        stamp = handin.folder / "timestamp.txt"
        return digest(self.grader.key, path, notes, stamp if stamp.is_file() else None)

    def _grade(self, handin: Handin, idle: "queue.SimpleQueue[Runner]") -> Graded:
        grader, process = self.grader, idle.get()
        try:
            key = self._key(handin)
            path, notes = find_notebook(handin.folder, grader.lesson.topic)
            submission = read_submission(path, grader.solved) if path else Submission(rejected=notes.pop())
            submission.notes = notes + submission.notes
            return grader.grade(handin.student, submission, process), submission, key
        except CourseError:
            raise
        except Exception as error:  # a fault of ours must cost this submission its grade, not the batch
            trace = "".join(traceback.format_exception(error)[-3:])
            broken = Submission(rejected=FAULT, notes=[f"please report this: {trace}"])
            return grader.grade(handin.student, broken, process), broken, ""
        finally:
            idle.put(process)

    def _record(self, handin: Handin, result: Result, submission: Submission, key: str) -> Result:
        """The gradebook first, in one transaction; the stored result, which says that all is done, last."""
        lesson = self.grader.lesson
        timestamp = self.store.keep_timestamp(handin.folder, handin.student, result)
        self.book.record(lesson, result, submission, timestamp)
        self.store.keep(lesson, self.grader.form, submission, result, key)
        result.cells = []
        return result
