"""The graded copy of a submission: a notebook for formgrader, with outputs, scores and the graders' rubrics."""

import re
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.intake import Submission
from autograder.notebooks import WRITE_HERE, is_answered, student_notebook
from autograder.outputs import text_of
from autograder.result import ExerciseResult, Result


def autograded_notebook(form: NotebookNode, submission: Submission, result: Result) -> NotebookNode:
    """The course's cells in their order, the student's answers and added cells in their places.

    A hidden-test cell carries the score as its value, which is where nbgrader looks for it. `form` is the solved
    notebook `with_checksums`.
    """
    shown = _outputs_by_cell(result)
    scores = {f"test-{exercise.name}": exercise for exercise in result.exercises}
    cells = []
    for cell in map(NotebookNode, form.cells):
        role = cell.metadata.get("course", {}).get("role", "text")
        if role == "solution":
            cell.source = "\n\n".join(submission.answers.get(cell.id, []))
        elif role == "written":
            text = submission.written.get(cell.id, "")
            cell.source = as_inert_markdown(text) if is_answered(text) else WRITE_HERE  # as released: nbgrader gives 0
        if cell.cell_type == "code":
            cell.outputs = [output for output in shown.get(cell.id, []) if output]
        if cell.id in scores:
            cell.outputs = score_outputs(scores[cell.id])
        cells.append(cell)
        cells += [
            _added(cell.id, number, source, shown) for number, source in enumerate(submission.added.get(cell.id, []))
        ]
    return NotebookNode(form | {"cells": cells})


def with_checksums(solved: NotebookNode) -> NotebookNode:
    """A copy in which the cells carry the checksums of the released notebook: nbgrader sees which were not touched."""
    released = {cell.id: cell for cell in student_notebook(solved).cells}
    notebook = nbformat.from_dict(solved)
    for cell in notebook.cells:
        if cell.id in released:
            cell.metadata = released[cell.id].metadata
    return notebook


def _outputs_by_cell(result: Result) -> dict[str, list[Any]]:
    """Outputs by label; those of added cells under their source, as they have no name."""
    shown: dict[str, list[Any]] = {}
    for record in result.cells:
        key = record["label"] if record["label"] != "added" else "added " + record["source"]
        shown.setdefault(key, []).extend(map(nbformat.from_dict, record["outputs"]))
    return shown


def _added(anchor: str, number: int, source: str, shown: dict[str, list[Any]]) -> NotebookNode:
    name = f"added-{number}-{anchor}"[:64]
    outputs = shown.get("added " + source, [])
    return NotebookNode(
        id=name, cell_type="code", source=source, metadata=NotebookNode(), execution_count=None, outputs=outputs
    )


def score_outputs(exercise: ExerciseResult) -> list[NotebookNode]:
    """What a hidden-test cell shows: a line for each behaviour, and the score as a built-in float."""
    lines = [
        f"{'holds' if b.passed else 'FAILS'}  {b.name}{': ' + b.message if b.message else ''}"
        for b in exercise.behaviours
    ]
    for sentence in (exercise.sentence, exercise.note):
        lines += [text_of(sentence)] if sentence else []
    score = {"text/plain": repr(float(exercise.score))}
    return [
        NotebookNode(output_type="stream", name="stdout", text="\n".join(lines) + "\n"),
        NotebookNode(output_type="execute_result", data=score, metadata=NotebookNode(), execution_count=None),
    ]


# What makes a link, a picture or raw HTML of Markdown, and the commands of MathJax that reach beyond a formula.
_TAG, _LINK = re.compile(r"<(?=\S)"), re.compile(r"\](?=[(:])")
_COMMAND = re.compile(r"\\(?=(?:href|style|class|cssId|require|unicode|data|Tooltip)\b)", re.IGNORECASE)


def as_inert_markdown(text: str) -> str:
    """A stranger's Markdown for a page that can start kernels: nothing in it is HTML, a picture or a hidden link.

    A space behind "<" and "]" is enough, and does nothing to a formula.
    """
    return _COMMAND.sub("", _LINK.sub("] ", _TAG.sub("< ", text_of(text))))
