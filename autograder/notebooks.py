"""A lesson becomes two notebooks: the solved one that nbgrader calls source, and the student's.

The solved notebook is made here, cell by cell. The student's is made from it by nbgrader's own preprocessors and one
of ours, the same ones that `nbgrader generate_assignment` runs with nbgrader_config.py.
"""

import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.lesson import Cell, Exercise, Lesson
from autograder.quiz import LETTERS, Quiz
from autograder.reference import BEGIN, END

BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
WRITE_HERE = "*Write your answer here.*"
FAIL_CLOSED = (
    "No points from this cell: hidden tests run in the course's own grader. Use `autograder grade`, "
    "or nbgrader with the environment variable JUPYTER_CONFIG_PATH=autograder."
)


def solved_notebook(lesson: Lesson) -> NotebookNode:
    """The notebook with solutions, hidden tests and rubrics, as nbgrader's source version."""
    cells = [part for index in range(len(lesson.cells)) for part in _parts(lesson, index)]
    _give_ids(cells)
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return new_notebook(cells=cells, metadata=metadata)


def student_notebook(solved: NotebookNode) -> NotebookNode:
    """What students get: stubs in the place of solutions, no hidden tests, no rubrics, locked cells locked."""
    from autograder.release import (
        RELEASE_STEPS,
    )  # nbgrader is the instructor's; reading notebooks works without it

    notebook, resources = nbformat.from_dict(solved), {"language": "python", "nbgrader": {}}
    for step in RELEASE_STEPS:
        notebook, resources = step().preprocess(notebook, resources)
    return notebook


def as_text(notebook: NotebookNode) -> str:
    """A notebook as the text of its file; equal notebooks give equal text."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def is_answered(text: str) -> bool:
    """Whether a written answer is more than the empty form."""
    return bool(text.replace(WRITE_HERE, "").strip())


def source_path(course: Path, lesson: Lesson) -> Path:
    return course / "_build" / "nbgrader" / "source" / lesson.name / f"{lesson.topic}.ipynb"


def student_path(course: Path, lesson: Lesson) -> Path:
    return course / "exercises" / lesson.name / f"{lesson.topic}.ipynb"


def _parts(lesson: Lesson, index: int) -> list[NotebookNode]:
    """The notebook cells that one cell of the lesson becomes."""
    cell = lesson.cells[index]
    following = lesson.cells[index + 1] if index + 1 < len(lesson.cells) else None
    if cell.kind == "text":
        is_heading = following is not None and following.kind == "solution"
        return [new_markdown_cell(_with_badge(cell, lesson.exercises[following.name]) if is_heading else cell.source)]  # type: ignore[union-attr]
    if cell.kind == "given":
        number = sum(other.kind == "given" for other in lesson.cells[: index + 1])
        return [_nbgrader(new_code_cell(cell.source), f"given-{number}", "given")]
    if cell.kind == "quiz":
        return _quiz_parts(lesson.quizzes[cell.name])
    if cell.kind == "written":
        return [_nbgrader(new_markdown_cell(cell.source), f"question-{cell.name}", "question")]
    if cell.kind == "answer":
        text = f"{BEGIN} {WRITE_HERE}\n{cell.source}\n{END}"
        return [_nbgrader(new_markdown_cell(text), cell.name, "written", points=lesson.written[cell.name].points)]
    if cell.kind == "rubric":
        rubric = new_markdown_cell("**For graders**\n\n" + cell.source)
        rubric.metadata["course"] = {"role": "rubric"}
        return [rubric]
    return [_exercise_part(lesson, cell, lesson.exercises[cell.name])]


def _exercise_part(lesson: Lesson, cell: Cell, exercise: Exercise) -> NotebookNode:
    if cell.kind == "solution":
        label = f"Exercise {exercise.number}"
        functions = [lesson.reference.marked(name, label) for name in lesson.reference.in_order(exercise.functions)]
        return _nbgrader(new_code_cell("\n\n\n".join(functions)), exercise.name, "solution")
    if cell.kind == "check":
        return _nbgrader(new_code_cell(cell.source), f"check-{exercise.name}", "check")
    return _tests(f"Exercise {exercise.number}", exercise.name, exercise.points, cell.source)


def _tests(label: str, name: str, points: int, source: str) -> NotebookNode:
    """A hidden-test cell. Executed anywhere but in our grader its value is 0.0, which nbgrader takes for the score."""
    imports = (
        "from autograder.observe import attempt, warned\n"
        "from autograder.probes import Mistake, accepts, judge, tolerance, weight"
    )
    text = (
        f"# {label}: the hidden tests ({_points(points)}) run here when your notebook is graded.\n"
        f"{BEGIN_HIDDEN}\nprint({FAIL_CLOSED!r})\n{imports}\n\n{source}\n\n0.0\n{END_HIDDEN}"
    )
    return _nbgrader(new_code_cell(text), f"test-{name}", "tests", points=points)


def _quiz_parts(quiz: Quiz) -> list[NotebookNode]:
    letters = ", ".join(f'"{letter}"' for letter in LETTERS[: len(quiz.choices)])
    stub = f"{quiz.variable} = None  # one of {letters}"
    answer = f'{BEGIN} {stub}\n{quiz.variable} = "{quiz.right}"\n{END}'
    return [
        _nbgrader(new_markdown_cell(quiz.markdown()), f"question-{quiz.name}", "question"),
        _nbgrader(new_code_cell(answer), quiz.name, "solution"),
        _tests("Quiz", quiz.name, quiz.points, f"# the right letter is {quiz.right}"),
    ]


def _nbgrader(cell: NotebookNode, grade_id: str, role: str, points: int | None = None) -> NotebookNode:
    """Adds nbgrader's metadata (schema 3) and the role that the cell has for our grader."""
    solution = role in ("solution", "written")
    metadata: dict[str, Any] = {
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        metadata["points"] = points
    cell.metadata["nbgrader"] = metadata
    cell.metadata["course"] = {"role": role}
    return cell


def _with_badge(cell: Cell, exercise: Exercise) -> str:
    heading, _, rest = cell.source.partition("\n")
    stars = "★" * exercise.difficulty + "☆" * (3 - exercise.difficulty)
    facts = [stars, f"about {exercise.minutes} minutes", _points(exercise.points)]
    if exercise.stretch:
        facts.append("for those who want more")
    return f"{heading}\n\n*{' · '.join(facts)}*\n{rest}"


def _points(points: int) -> str:
    return f"{points} point{'s' if points != 1 else ''}"


def _give_ids(cells: list[NotebookNode]) -> None:
    """Ids out of names, not random: a rebuilt notebook is the same to the byte."""
    taken: set[str] = set()
    for cell in cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or "text-" + _slug(cell.source)
        number = 1
        while (unique := name if number == 1 else f"{name}-{number}") in taken:
            number += 1
        taken.add(unique)
        cell["id"] = unique


def _slug(source: str) -> str:
    """The first words of a cell, as far as an id may hold them."""
    words = re.findall(r"[a-z0-9]+", source.split("\n")[0].lower())
    return "-".join(words)[:40].strip("-") or "cell"
