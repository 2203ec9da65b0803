"""A stranger's notebook becomes the student's own cells, and notes on what was wrong with the file.

Only the source of answer cells and of code cells that the student added is taken. Metadata, tags, outputs and the
student's copies of test cells are ignored: given and test cells come from the course.
"""

import json
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.syntax import defined_names

MAX_FILE = 40 * 2**20  # bytes


@dataclass
class Submission:
    """What of a submitted notebook is the student's.

    `answers` maps a grade_id to the sources of its cell (several if the cell was split); `added` maps a grade_id to the
    code cells that follow that cell; `written` maps a grade_id to Markdown. `rejected` says why nothing can be graded.
    """

    answers: dict[str, list[str]] = field(default_factory=dict)
    added: dict[str, list[str]] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    rejected: str = ""


def find_notebook(folder: Path, topic: str) -> tuple[Path | None, list[str]]:
    """The notebook in a submission folder, and notes if it is not where or what it should be."""
    notes = [f"{path.name} is a link; it was not followed" for path in sorted(folder.rglob("*")) if path.is_symlink()]
    files = [path for path in sorted(folder.rglob("*.ipynb")) if path.is_file() and not path.is_symlink()]
    files = [path for path in files if not _is_hidden(path.relative_to(folder))]
    named = [path for path in files if path.name == f"{topic}.ipynb"]
    expected = folder / f"{topic}.ipynb"
    if expected in files or len(named) == 1 or len(files) == 1:
        chosen = expected if expected in files else (named or files)[0]
        if chosen != expected:
            notes.append(f"the notebook is {chosen.relative_to(folder)}, not {topic}.ipynb")
        others = [str(path.relative_to(folder)) for path in files if path != chosen]
        return chosen, notes + ([f"other notebooks were ignored: {', '.join(others)}"] if others else [])
    if files:
        names = ", ".join(str(path.relative_to(folder)) for path in files)
        return None, [*notes, f"several notebooks, and not one of them is {topic}.ipynb: {names}"]
    return None, [*notes, f"no notebook was handed in; expected {topic}.ipynb"]


def _is_hidden(path: Path) -> bool:
    """Checkpoints of Jupyter, and the files "._name" that macOS puts into archives."""
    return any(part.startswith(".") for part in path.parts)


def read_submission(path: Path, solved: NotebookNode) -> Submission:
    """The student's own part of the notebook file at `path`; never raises for what is in the file."""
    try:
        if path.stat().st_size > MAX_FILE:
            return Submission(rejected=f"the file has more than {MAX_FILE // 2**20} MB")
        data = json.loads(path.read_bytes())
        cells = _cells(data)
    except (ValueError, RecursionError, OSError) as error:
        return Submission(rejected=f"the file is no Jupyter notebook ({type(error).__name__})")
    return take_apart(cells, solved)


def _cells(data: Any) -> list[dict[str, Any]]:
    """The cells of notebook JSON, as dicts with a type, a source text and metadata, whatever the file holds."""
    if not isinstance(data, dict):
        raise ValueError("a notebook is an object")
    if isinstance(data.get("nbformat"), int) and data["nbformat"] < 4:
        try:
            data = nbformat.convert(nbformat.from_dict(data), 4)
        except Exception as error:  # an old notebook can be broken in any way
            raise ValueError("the old notebook format could not be converted") from error
    cells = data.get("cells")
    if not isinstance(cells, list):
        raise ValueError("a notebook has a list of cells")
    return [_cell(cell) for cell in cells if isinstance(cell, dict)]


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    nbgrader = metadata.get("nbgrader") if isinstance(metadata.get("nbgrader"), dict) else {}  # type: ignore[union-attr]
    names = [nbgrader.get("grade_id"), cell.get("id")]  # type: ignore[union-attr]
    return {
        "type": cell.get("cell_type"),
        "source": source.encode("utf-8", "replace").decode() if isinstance(source, str) else "",  # no lone surrogates
        "grade_id": next((name for name in names if isinstance(name, str)), None),
        "id": names[1] if isinstance(names[1], str) else None,
    }


def take_apart(cells: list[dict[str, Any]], solved: NotebookNode) -> Submission:
    """Sorts cells into answers, added cells and written answers by the ids of the solved notebook."""
    known = {cell.id: cell for cell in solved.cells}
    roles = {name: cell.metadata.get("course", {}).get("role", "text") for name, cell in known.items()}
    submission = Submission()
    _adopt_strays(cells, solved, roles, submission.notes)
    _adopt_written(cells, known, submission.notes)
    anchor = solved.cells[0].id
    for cell in cells:
        name, source = cell["grade_id"], cell["source"]
        role = roles.get(name) if isinstance(name, str) else None
        if role is not None:
            anchor = name
        if role == "solution":
            submission.answers.setdefault(name, []).append(source)
        elif role == "written":
            earlier = submission.written.get(name)
            submission.written[name] = source if earlier is None else f"{earlier}\n\n{source}"
        elif cell["type"] != "code" or not source.strip():
            continue
        elif role == "given":
            if source.strip() != known[name].source.strip():
                submission.notes.append(f"the given cell {name} was changed; the original ran before the changed one")
                submission.added.setdefault(name, []).append(source)
        elif role in ("check", "tests"):
            if lost := defined_names(source) - defined_names(known[name].source):
                submission.notes.append(f"{', '.join(sorted(lost))} in the cell {name} did not run: its original did")
        else:  # a cell of the student's own, or a text cell that was made one
            submission.added.setdefault(anchor, []).append(source)
    _note_what_is_missing(submission, roles)
    return submission


def _adopt_strays(cells: list[dict[str, Any]], solved: NotebookNode, roles: dict[str, str], notes: list[str]) -> None:
    """Answer cells whose mark was lost (another editor, copy and paste) are found by their id or what they define."""
    present = {cell["grade_id"] for cell in cells}
    for wanted in solved.cells:
        if roles[wanted.id] not in ("solution", "written") or wanted.id in present:
            continue
        names = defined_names(wanted.source) if roles[wanted.id] == "solution" else frozenset()
        for cell in cells:
            if cell["grade_id"] in roles:
                continue
            has_id = cell.get("id") == wanted.id
            if has_id or (cell["type"] == "code" and names & defined_names(cell["source"])):
                cell["grade_id"] = wanted.id
                way = "its id" if has_id else "what it defines"
                notes.append(f"the cell of {wanted.id} had lost its mark; it was found by {way}")


def _adopt_written(cells: list[dict[str, Any]], known: dict[str, NotebookNode], notes: list[str]) -> None:
    """A written answer that lost its mark is the text below its question."""
    present = {cell["grade_id"] for cell in cells}
    answers = {cell.source.strip(): cell.id.removeprefix("question-") for cell in known.values()}
    for question, cell in pairwise(cells):
        name = answers.get(question["source"].strip())
        is_answer = name in known and known[name].metadata.get("course", {}).get("role") == "written"
        if is_answer and name not in present and cell["type"] == "markdown" and cell["grade_id"] not in known:
            cell["grade_id"] = name
            notes.append(f"the answer to {name} had lost its mark; it was found below its question")


def _note_what_is_missing(submission: Submission, roles: dict[str, str]) -> None:
    found = {*submission.answers, *submission.written}
    missing = [name for name, role in roles.items() if role in ("solution", "written") and name not in found]
    if missing and not found:
        submission.notes.append("none of this week's answer cells is in it; is it the notebook of another week?")
    elif missing:
        submission.notes.append(f"answer cells are missing: {', '.join(missing)}")
    for name, pieces in submission.answers.items():
        if len(pieces) > 1:
            submission.notes.append(f"the cell of {name} is there {len(pieces)} times; all ran, in their order")
