"""Where students stand in a week by the gradebook: the machine's points, those given by hand, the penalty for lateness.

Everything that shows scores (report, export, released feedback) asks here, and formgrader asks the same gradebook.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from nbgrader.api import Assignment, BaseCell, Comment, Grade, SubmittedAssignment, SubmittedNotebook

from autograder.gradebook import Book
from autograder.lesson import Lesson


@dataclass
class Standing:
    """One student in one week. Names are those of exercises, quizzes and written questions."""

    student: str
    penalty: float = 0.0  # points taken off for lateness
    scores: dict[str, float] = field(default_factory=dict)  # what a grader gave by hand takes the machine's place
    pending: list[str] = field(default_factory=list)  # what somebody still has to read
    comments: dict[str, str] = field(default_factory=dict)  # of graders

    def points(self, names: Iterable[str]) -> float:
        """The sum of the points of some exercises, before the penalty."""
        return round(sum(self.scores.get(name, 0.0) for name in names), 2)

    @property
    def total(self) -> float:
        """All points of the week, less the penalty."""
        return round(max(0.0, sum(self.scores.values()) - self.penalty), 2)


def standings(book: Book, lesson: Lesson) -> dict[str, Standing]:
    """Everybody who has a submission in the gradebook, by id, in the order of the ids."""
    session = book.session
    found = {
        student: Standing(student, penalty=round(penalty or 0.0, 2))
        for student, penalty in session.query(SubmittedAssignment.student_id, SubmittedNotebook.late_submission_penalty)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .filter(Assignment.name == lesson.name)
        .order_by(SubmittedAssignment.student_id)
    }
    for student, cell, score, pending in _of_cells(session, lesson, Grade, Grade.score, Grade.needs_manual_grade):
        name = cell.removeprefix("test-")
        found[student].scores[name] = float(score)
        if pending:
            found[student].pending.append(name)
    for student, cell, comment in _of_cells(session, lesson, Comment, Comment.manual_comment):
        if comment and comment.strip():
            found[student].comments[cell] = comment.strip()
    return found


def _of_cells(session, lesson: Lesson, model, *columns):  # type: ignore[no-untyped-def]  # nbgrader has no types
    """(student, name of the cell, *columns) for all rows of Grade or Comment of a week."""
    return (
        session.query(SubmittedAssignment.student_id, BaseCell.name, *columns)
        .select_from(model)
        .join(BaseCell, model.cell_id == BaseCell.id)
        .join(SubmittedNotebook, model.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .filter(Assignment.name == lesson.name)
    )
