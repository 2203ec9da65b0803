"""A gradebook that follows a lesson whose exercises changed after submissions were graded, which nbgrader refuses.

New cells get a row in each submission, ungraded until the machine or a person grades them. Cells that are gone leave
with the grades and comments on them: nbgrader adds up all rows of a notebook, so a row that stayed would count.
"""

from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbgrader import utils
from nbgrader.api import BaseCell, Comment, Grade, GradeCell, MissingEntry, SolutionCell, SourceCell, TaskCell

from autograder.gradebook import Book
from autograder.lesson import Lesson
from autograder.notebooks import solved_notebook
from autograder.release import BEFORE_SAVING


@dataclass
class Migration:
    """What of a week's notebook and of the gradebook differs; cells are (kind, name)."""

    added: dict[tuple[type, str], dict[str, Any]] = field(default_factory=dict)
    removed: list[Any] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    @property
    def new_names(self) -> list[str]:
        return sorted({name.removeprefix("test-") for kind, name in self.added if kind is GradeCell})

    @property
    def old_names(self) -> list[str]:
        return sorted({cell.name.removeprefix("test-") for cell in self.removed if isinstance(cell, GradeCell)})

    def lost_by_hand(self) -> list[str]:
        """A line for each score or comment of a person that goes with a removed cell."""
        lines = []
        for cell in [cell for cell in self.removed if isinstance(cell, BaseCell)]:
            for grade in cell.grades:
                if grade.manual_score is not None:
                    lines.append(f"{grade.notebook.student.id}: {grade.manual_score:g} points for {cell.name}")
            for comment in cell.comments:
                if comment.manual_comment:
                    lines.append(f"{comment.notebook.student.id}: comment on {cell.name}: {comment.manual_comment}")
        return lines


def difference(book: Book, lesson: Lesson) -> Migration:
    """What would have to change; nothing where the week is new, or nbgrader can still do it by itself."""
    try:
        notebook = book.gradebook.find_notebook(lesson.topic, lesson.name)
    except MissingEntry:
        return Migration()
    if not notebook.submissions:
        return Migration()
    wanted = _cells(lesson)
    there = {(type(cell), cell.name): cell for cell in [*notebook._base_cells, *notebook.source_cells]}
    return Migration(
        {key: wanted[key] for key in wanted if key not in there},
        [cell for key, cell in there.items() if key not in wanted],
    )


def migrate(book: Book, lesson: Lesson, migration: Migration) -> None:
    """Changes the gradebook, in one transaction. Make a backup first."""
    notebook = book.gradebook.find_notebook(lesson.topic, lesson.name)
    try:
        for cell in migration.removed:
            rows = [*cell.grades, *cell.comments] if isinstance(cell, BaseCell) else []  # source cells bear none
            for row in [*rows, cell]:
                book.session.delete(row)
        book.session.flush()
        for (kind, name), values in migration.added.items():
            cell = kind(name=name, notebook=notebook, **values)
            book.session.add(cell)
            for part in notebook.submissions:
                if kind is GradeCell:
                    book.session.add(Grade(cell=cell, notebook=part, needs_manual_grade=values["cell_type"] != "code"))
                elif kind is SolutionCell:
                    book.session.add(Comment(cell=cell, notebook=part))
        book.session.commit()
    except Exception:
        book.session.rollback()
        raise


def _cells(lesson: Lesson) -> dict[tuple[type, str], dict[str, Any]]:
    """The rows that nbgrader's SaveCells would write for the lesson's notebook."""
    notebook = nbformat.from_dict(solved_notebook(lesson))
    for step in BEFORE_SAVING:
        notebook, _ = step().preprocess(notebook, {"nbgrader": {"notebook": lesson.topic}})
    found: dict[tuple[type, str], dict[str, Any]] = {}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if utils.is_grade(cell):
            points = float(cell.metadata.nbgrader["points"])
            found[GradeCell, name] = {"max_score": points, "cell_type": cell.cell_type}
        if utils.is_solution(cell):
            found[SolutionCell, name] = {}
        if utils.is_task(cell):
            points = float(cell.metadata.nbgrader["points"])
            found[TaskCell, name] = {"max_score": points, "cell_type": cell.cell_type}
        if utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell) or utils.is_task(cell):
            found[SourceCell, name] = {"cell_type": cell.cell_type}
    return found
