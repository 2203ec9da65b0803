"""What a student runs: the visible checks of a notebook, and what is done and what is left."""

import logging
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from autograder.errors import CourseError

DONE, LEFT, WRONG, UNCHECKED = "done", "left to do", "not right yet", "not checked"
EMPTY_ANSWER = "*Write your answer here.*"
STILL_RUNNING = "a cell is still running after {} seconds; look for a loop that does not end"
ENDED = "a cell ended the whole Python process"


@dataclass(frozen=True)
class Task:
    """One exercise, quiz or written question of the notebook."""

    title: str
    state: str
    message: str = ""


def check_notebook(path: Path, seconds: int = 30) -> list[Task]:
    """Runs the notebook from top to bottom in a fresh kernel, a cell for at most so many seconds.

    The file itself is not changed.
    """
    notebook = _read(path)
    lost = _run(notebook, path.resolve().parent, seconds)
    titles = _titles(notebook)
    told = {titles[index]: reason for index, reason in reversed(lost.items())}
    checks = {_name(cell) for cell in notebook.cells if cell.cell_type == "code"}
    tasks = [_task(cell, titles[index], told, checks) for index, cell in enumerate(notebook.cells)]
    if not any(tasks):
        raise CourseError(f"{path} holds no exercise of this course; is it the right notebook?")
    return [task for task in tasks if task is not None]


def _read(path: Path) -> Any:
    if not path.is_file():
        raise CourseError(f"there is no file {path}; give the path of your notebook, such as derivatives.ipynb")
    try:
        with warnings.catch_warnings(action="ignore"):  # about ids of cells, which some editors leave out
            notebook = nbformat.read(path, as_version=4)
        return nbformat.from_dict({**notebook, "cells": [{"outputs": [], **cell} for cell in notebook.cells]})
    except Exception as error:  # nbformat raises many things for a file that is no notebook
        raise CourseError(f"{path} is no Jupyter notebook ({type(error).__name__})") from error


def _run(notebook: Any, folder: Path, seconds: int) -> dict[int, str]:
    """Runs the code cells; returns those that were lost and why. After each of them the others run again, in a new
    kernel: a loop that does not end says nothing about the exercises behind it."""
    lost: dict[int, str] = {}
    while True:
        client = NotebookClient(
            notebook,
            timeout=seconds,
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],
            allow_errors=True,
            resources={"metadata": {"path": str(folder)}},
            log=_silent(),
        )
        try:
            with client.setup_kernel():
                for index, cell in enumerate(notebook.cells):
                    if cell.cell_type == "code" and index not in lost:
                        client.execute_cell(cell, index)
            return lost
        except CellTimeoutError:
            lost[index] = STILL_RUNNING.format(seconds)
        except DeadKernelError:
            lost[index] = ENDED
        except NoSuchKernel as error:
            raise CourseError("there is no Python kernel to run notebooks; install ipykernel") from error


def _silent() -> logging.Logger:
    log = logging.getLogger("autograder.check")
    log.propagate, log.handlers = False, [logging.NullHandler()]
    return log


def _titles(notebook: Any) -> list[str]:
    """For each cell the last heading above it."""
    titles, heading = [], ""
    for cell in notebook.cells:
        lines = [line for line in cell.source.splitlines() if line.startswith("#")]
        if cell.cell_type == "markdown" and lines:
            heading = lines[0].lstrip("# ")
        titles.append(heading)
    return titles


def _name(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id", ""))


def _task(cell: Any, title: str, lost: dict[str, str], names: set[str]) -> Task | None:
    name, role = _name(cell), cell.metadata.get("course", {}).get("role")
    if cell.cell_type == "code" and name.startswith("check-"):
        return Task(title, WRONG, lost[title]) if title in lost else _checked(title, cell)
    if cell.cell_type == "code" and role == "solution":
        if title.startswith("Quiz"):
            return Task(title, LEFT if "= None" in cell.source else DONE)
        if f"check-{name}" not in names:
            return Task(title, UNCHECKED, "its visible check is gone; copy that cell from the original notebook")
    if role == "written":
        return Task(title, LEFT if cell.source.strip() in ("", EMPTY_ANSWER) else DONE)
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
