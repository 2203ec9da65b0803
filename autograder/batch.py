"""Many submissions: found in a folder, graded by a few warm workers side by side, recorded one after the other."""

import json
import queue
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
from nbgrader.utils import parse_utc

from autograder.autograded import autograded_notebook
from autograder.errors import CourseError
from autograder.gradebook import Book
from autograder.grading import Grader
from autograder.intake import Submission, find_notebook, read_submission
from autograder.lesson import Lesson
from autograder.notebooks import as_text
from autograder.process import WorkerProcess
from autograder.result import Result


@dataclass(frozen=True)
class Handin:
    """What one student handed in for one week."""

    student: str
    folder: Path


def handins(submissions: Path, week: str, only: tuple[str, ...] = ()) -> list[Handin]:
    """The folders submissions/STUDENT/WEEK, in the order of the students' ids."""
    if not submissions.is_dir():
        raise CourseError(f"there is no folder {submissions}; expected {submissions}/STUDENT/{week}/NOTEBOOK.ipynb")
    folders = [
        path for path in sorted(submissions.iterdir()) if (path / week).is_dir() and not path.name.startswith(".")
    ]
    if unknown := set(only) - {folder.name for folder in folders}:
        raise CourseError(f"{', '.join(sorted(unknown))} handed in nothing for {week} in {submissions}")
    return [Handin(folder.name, folder / week) for folder in folders if not only or folder.name in only]


def grade_all(
    grader: Grader,
    found: list[Handin],
    grades: Path,
    book: Book,
    jobs: int,
    done: Callable[[Result], None],
    allow_unsafe: bool = False,
) -> list[Result]:
    """Grades and records every hand-in; `done` is called after each. The results come in the order of `found`."""
    lesson = grader.lesson
    book.register(lesson)
    idle: queue.SimpleQueue[WorkerProcess] = queue.SimpleQueue()
    workers = [WorkerProcess(lesson.packages, allow_unsafe) for _ in range(max(1, min(jobs, len(found))))]
    results: dict[str, Result] = {}
    try:
        for process in workers:
            idle.put(process)
        with ThreadPoolExecutor(len(workers)) as pool:
            waiting = {pool.submit(_grade_one, grader, handin, idle): handin for handin in found}
            for finished in as_completed(waiting):
                result, submission = finished.result()
                _keep(lesson, grader, waiting[finished], result, submission, grades, book)
                results[result.student] = result
                done(result)
    finally:
        for process in workers:
            process.close()
    return [results[handin.student] for handin in found]


def _grade_one(grader: Grader, handin: Handin, idle: "queue.SimpleQueue[WorkerProcess]") -> tuple[Result, Submission]:
    path, notes = find_notebook(handin.folder, grader.lesson.topic)
    submission = read_submission(path, grader.solved) if path else Submission(rejected=notes.pop())
    submission.notes = notes + submission.notes
    process = idle.get()
    try:
        return grader.grade(handin.student, submission, process), submission
    except CourseError:
        raise
    except Exception as error:  # a fault of ours must cost this submission its grade, not the batch
        trace = "".join(traceback.format_exception(error)[-3:])
        broken = Submission(rejected=f"the grader itself failed, please report this: {trace}")
        return grader.grade(handin.student, broken, process), broken
    finally:
        idle.put(process)


def _keep(
    lesson: Lesson, grader: Grader, handin: Handin, result: Result, submission: Submission, grades: Path, book: Book
) -> None:
    """Everything that is stored of one graded submission: the graded copy, the result, the gradebook's rows."""
    folder = grades / "autograded" / handin.student / lesson.name
    folder.mkdir(parents=True, exist_ok=True)
    copy = autograded_notebook(grader.form, submission, result)
    (folder / f"{lesson.topic}.ipynb").write_text(as_text(nbformat.from_dict(copy)), encoding="utf-8")
    stamp = handin.folder / "timestamp.txt"
    timestamp = _timestamp(stamp, result)
    if timestamp:
        (folder / "timestamp.txt").write_bytes(stamp.read_bytes())
    book.record(lesson, result, submission, timestamp)
    path = result_path(grades, lesson.name, handin.student)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result.as_json() | {"cells": result.cells}), encoding="utf-8")


def _timestamp(path: Path, result: Result) -> datetime | None:
    """nbgrader's time stamp of a submission, in UTC; a note if the file cannot be read."""
    if not path.is_file() or path.is_symlink() or path.stat().st_size > 200:
        return None
    try:
        stamp: datetime = parse_utc(path.read_text(encoding="utf-8").strip())
        return stamp
    except (ValueError, OverflowError):
        result.notes.append("timestamp.txt holds no date and time")
        return None


def result_path(grades: Path, week: str, student: str) -> Path:
    return grades / "results" / week / f"{student}.json"


def stored_results(grades: Path, week: str) -> Iterator[dict]:
    """The results of a week that were stored by earlier runs, as the dicts that were written."""
    for path in sorted((grades / "results" / week).glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))
