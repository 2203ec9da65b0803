"""Our grader in the place of nbgrader's executor, so that `nbgrader autograde` and formgrader use the sandbox."""

from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from autograder.autograded import autograded_notebook
from autograder.course import find_course, lessons
from autograder.grading import Grader
from autograder.intake import take_apart
from autograder.notebooks import BEGIN_HIDDEN
from autograder.process import WorkerProcess
from autograder.seeds import course_seed


class SandboxGrade(NbGraderPreprocessor):
    """Grades the notebook with the course's grader and puts each score where nbgrader looks for it."""

    course = Unicode(help="The folder of the course.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        course = Path(self.course) if self.course else find_course()
        (lesson,) = lessons(course, (resources["nbgrader"]["assignment"],))
        grader = Grader(lesson, course_seed(course / "grades", lesson.name))
        cells = [{"type": cell.cell_type, "source": cell.source, "grade_id": _name(cell)} for cell in nb.cells]
        submission = take_apart(cells, grader.solved)
        with WorkerProcess(lesson.packages) as process:
            result = grader.grade(resources["nbgrader"]["student"], submission, process)
        return autograded_notebook(grader.form, submission, result), resources


def _name(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id")


class HideTests(NbGraderPreprocessor):
    """Takes hidden tests and graders' rubrics out of the pages that nbgrader's own feedback makes for students."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        nb.cells = [cell for cell in nb.cells if cell.metadata.get("course", {}).get("role") != "rubric"]
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        cell.source = cell.source.split(BEGIN_HIDDEN)[0].rstrip()
        return cell, resources
