"""What a student runs: the visible checks of a notebook, and what is done and what is left."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from autograder.errors import CourseError

DONE, LEFT, WRONG = "done", "left to do", "not right yet"
EMPTY_ANSWER = "*Write your answer here.*"


@dataclass(frozen=True)
class Task:
    """One exercise, quiz or written question of the notebook."""

    title: str
    state: str
    message: str = ""


def check_notebook(path: Path, seconds: int = 60) -> list[Task]:
    """Runs the notebook from top to bottom in a fresh kernel; the file itself is not changed."""
    if not path.is_file():
        raise CourseError(f"there is no file {path}; give the path of your notebook, such as derivatives.ipynb")
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises many things for a file that is no notebook
        raise CourseError(f"{path} is no Jupyter notebook ({type(error).__name__})") from error
    client = NotebookClient(
        notebook,
        timeout=seconds,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        allow_errors=True,
        interrupt_on_timeout=True,
        error_on_timeout={"output_type": "error", "ename": "Timeout", "evalue": "", "traceback": []},
        resources={"metadata": {"path": str(path.resolve().parent)}},
    )
    client.execute()
    titles = _titles(notebook)
    return [task for cell in notebook.cells if (task := _task(cell, titles)) is not None]


def _titles(notebook: Any) -> dict[str, str]:
    """Cell id -> the last heading above it."""
    titles, heading = {}, ""
    for cell in notebook.cells:
        lines = [line for line in cell.source.splitlines() if line.startswith("#")]
        if cell.cell_type == "markdown" and lines:
            heading = lines[0].lstrip("# ")
        titles[cell.id] = heading
    return titles


def _task(cell: Any, titles: dict[str, str]) -> Task | None:
    name = str(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.id)
    role = cell.metadata.get("course", {}).get("role")
    title = titles[cell.id]
    if cell.cell_type == "code" and name.startswith("check-"):
        return _checked(title, cell)
    if cell.cell_type == "code" and role == "solution" and title.startswith("Quiz"):
        return Task(title, LEFT if "= None" in cell.source else DONE, "")
    if role == "written":
        return Task(title, LEFT if cell.source.strip() == EMPTY_ANSWER else DONE, "")
    return None


def _checked(title: str, cell: Any) -> Task:
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if not errors:
        return Task(title, DONE)
    name, message = errors[0].get("ename", ""), errors[0].get("evalue", "")
    if name == "NotImplementedError":
        return Task(title, LEFT)
    if name == "AssertionError":
        return Task(title, WRONG, message or "a check does not hold; run its cell to see which")
    return Task(title, WRONG, f"{name}: {message}".rstrip(": "))
