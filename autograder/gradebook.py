"""Results -> nbgrader's gradebook. Only the coordinator writes, one transaction a submission."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import SaveCells

from autograder.errors import CourseError
from autograder.intake import Submission
from autograder.late import CONFIG, late_penalty, late_policy
from autograder.lesson import Lesson
from autograder.notebooks import is_answered, solved_notebook
from autograder.release import BEFORE_SAVING
from autograder.result import Result


def gradebook_url(grades: Path) -> str:
    """The address of the course's own gradebook, an SQLite file in the folder `grades`."""
    return f"sqlite:///{grades.resolve() / 'gradebook.db'}"


@contextmanager
def _programs_of_the_environment() -> Iterator[None]:
    """Puts them on PATH. (nbgrader's own `setenv` forgets to restore what was there.)"""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


class Book:
    """An open gradebook; use it in a `with` statement."""

    def __init__(self, url: str, nbgrader_config: Path = CONFIG) -> None:
        """`nbgrader_config` says what lateness costs."""
        if url.startswith("sqlite:///"):
            Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        with _programs_of_the_environment():
            self.gradebook = Gradebook(url)  # for a new gradebook it runs `alembic`, which is in the environment
        self.url, self.nbgrader_config = url, nbgrader_config
        self.session = self.gradebook.db
        self._cell_names: dict[str, dict[str, str]] = {}

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *error: object) -> None:
        self.gradebook.close()

    def register(self, lesson: Lesson) -> None:
        """Tells the gradebook which cells of a week are graded, as `nbgrader generate_assignment` does."""
        self.gradebook.update_or_create_assignment(lesson.name)
        notebook = nbformat.from_dict(solved_notebook(lesson))
        resources = {"nbgrader": {"notebook": lesson.topic, "assignment": lesson.name, "db_url": self.url}}
        try:
            for step in [*BEFORE_SAVING, SaveCells]:
                notebook, resources = step().preprocess(notebook, resources)
        except RuntimeError as error:
            raise CourseError(
                f"{lesson.name}: exercises were added, removed or renamed after submissions were graded. Undo that, or "
                f"let the gradebook follow: `autograder regrade {lesson.name}` shows what changes, --apply does it"
            ) from error

    def with_manual(self, row: dict[str, Any], lesson: Lesson) -> dict[str, Any]:
        """A stored result with the present state of what is graded by hand."""
        try:
            submitted = self.gradebook.find_submission(lesson.name, row["student"])
        except MissingEntry:
            return row
        notebook = next(part for part in submitted.notebooks if part.notebook.name == lesson.topic)
        score, pending = self._by_hand(notebook, lesson)
        return row | {"manual_score": score, "manual_pending": pending}

    def knows(self, lesson: Lesson) -> bool:
        """Whether the week was ever registered."""
        return any(assignment.name == lesson.name for assignment in self.gradebook.assignments)

    def has(self, lesson: Lesson, student: str) -> bool:
        """Whether the gradebook holds a submission of this student for this week."""
        try:
            self.gradebook.find_submission(lesson.name, student)
        except MissingEntry:
            return False
        return True

    def record(self, lesson: Lesson, result: Result, submission: Submission, timestamp: datetime | None) -> None:
        """Writes the scores of one submission in one transaction, and reads back what graders gave by hand."""
        try:
            submitted = self._submitted(lesson, result.student)
            submitted.timestamp = timestamp
            notebook = next(part for part in submitted.notebooks if part.notebook.name == lesson.topic)
            scores = {f"test-{exercise.name}": exercise.score for exercise in result.exercises}
            names = self._names(lesson)
            for grade in notebook.grades:
                name = names[grade.cell_id]
                if name in scores:
                    _set(grade, scores[name])
                else:
                    _set(grade, None if is_answered(submission.written.get(name, "")) else 0.0)
            for comment in notebook.comments:
                text = submission.written.get(names[comment.cell_id])
                comment.auto_comment = "No response." if text is not None and not is_answered(text) else None
            self.session.flush()
            result.manual_score, result.manual_pending = self._by_hand(notebook, lesson)
            self._take_off(notebook)
            self.session.commit()
        except Exception:
            self.session.rollback()
            raise

    def renew_penalties(self, lesson: Lesson) -> None:
        """Penalties by today's scores: what graders gave by hand since, and a deadline that was moved, count too."""
        for submitted in self.gradebook.find_assignment(lesson.name).submissions:
            for notebook in submitted.notebooks:
                self._take_off(notebook)
        self.session.commit()

    def _take_off(self, notebook: Any) -> None:
        notebook.late_submission_penalty = None
        if notebook.assignment.total_seconds_late > 0:
            self.session.refresh(notebook, ["score"])
            notebook.late_submission_penalty = late_penalty(self._late_policy, notebook)

    @cached_property
    def _late_policy(self) -> Any:
        return late_policy(self.nbgrader_config)

    def _names(self, lesson: Lesson) -> dict[str, str]:
        """The names of a week's cells by their id: asking each grade for its cell would be a query each."""
        if lesson.name not in self._cell_names:
            notebook = self.gradebook.find_notebook(lesson.topic, lesson.name)
            cells = [*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells]
            self._cell_names[lesson.name] = {cell.id: cell.name for cell in cells}
        return self._cell_names[lesson.name]

    def _by_hand(self, notebook: Any, lesson: Lesson) -> tuple[float | None, bool]:
        """The sum of what graders gave for written answers (None if nothing yet), and whether something is open."""
        names = self._names(lesson)
        grades = [grade for grade in notebook.grades if names[grade.cell_id] in lesson.written]
        given = [grade.manual_score for grade in grades if grade.manual_score is not None]
        return (float(sum(given)) if given else None), any(grade.needs_manual_grade for grade in grades)

    def _submitted(self, lesson: Lesson, student: str) -> Any:
        """The submission's rows, made if they are not there yet."""
        try:
            return self.gradebook.find_submission(lesson.name, student)
        except MissingEntry:
            pass
        assignment = self.gradebook.find_assignment(lesson.name)
        person = self.session.get(Student, student) or Student(id=student)
        with self.session.no_autoflush:
            submitted = SubmittedAssignment(assignment=assignment, student=person)
            for notebook in assignment.notebooks:
                part = SubmittedNotebook(notebook=notebook, assignment=submitted)
                for cell in notebook.grade_cells:
                    Grade(cell_id=cell.id, notebook=part)
                for cell in notebook.solution_cells:
                    Comment(cell_id=cell.id, notebook=part)
            self.session.add(submitted)
        self.session.flush()
        return submitted


def _set(grade: Any, score: float | None) -> None:
    """The machine's score; what a grader gave by hand stays, and stays done."""
    grade.auto_score = score
    grade.needs_manual_grade = score is None and grade.manual_score is None
