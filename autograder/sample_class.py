"""A made-up class of submissions, so that grading can be tried: perfect, partial, blank, misconceived, broken."""

from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.errors import CourseError
from autograder.lesson import Lesson
from autograder.notebooks import as_text, solved_notebook, student_notebook
from autograder.reference import BEGIN, END
from autograder.variants import Variant, read_variants


class Desk:
    """Where the made-up students work: the empty notebook of a week, and what may be written into it."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        solved = solved_notebook(lesson)
        self._empty = student_notebook(solved)
        self.solutions = {
            cell.id: _without_marks(cell.source)
            for cell in solved.cells
            if cell.metadata.get("course", {}).get("role") in ("solution", "written")
        }
        self.exercises = list(lesson.exercises)
        self.right = self._variants("alternatives.py", "alternative")
        self.wrong = self._variants("misconceptions.py", "wrong")

    def notebook(self, answers: dict[str, str]) -> NotebookNode:
        """The student's notebook with some answer cells filled."""
        notebook = nbformat.from_dict(self._empty)
        for cell in notebook.cells:
            cell.source = answers.get(cell.id, cell.source)
        return notebook

    def with_variants(self, variants: dict[str, list[Variant]], pick: int) -> dict[str, str]:
        """All solutions, with the pick-th variant behind the reference in each exercise that has so many."""
        answers = dict(self.solutions)
        for name, choices in variants.items():
            if pick < len(choices):
                answers[name] += "\n\n\n" + choices[pick].code.strip()
        return answers

    def _variants(self, file: str, mark: str) -> dict[str, list[Variant]]:
        path = self.lesson.folder / file
        found: dict[str, list[Variant]] = {}
        for variant in read_variants(path, mark) if path.is_file() else []:
            for exercise in self.lesson.exercises.values():
                if set(variant.targets) <= set(exercise.functions):
                    found.setdefault(exercise.name, []).append(variant)
        return found


def _without_marks(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if BEGIN not in line and END not in line)


def _perfect(desk: Desk) -> str:
    return as_text(desk.notebook(desk.solutions))


def _other_ways(desk: Desk) -> str:
    return as_text(desk.notebook(desk.with_variants(desk.right, 0)))


def _first_half(desk: Desk) -> str:
    done = desk.exercises[: len(desk.exercises) // 2]
    return as_text(desk.notebook({name: desk.solutions[name] for name in done}))


def _blank(desk: Desk) -> str:
    return as_text(desk.notebook({}))


def _misconceived(pick: int) -> Callable[[Desk], str]:
    return lambda desk: as_text(desk.notebook(desk.with_variants(desk.wrong, pick)))


def _endless_loop(desk: Desk) -> str:
    name = desk.exercises[0]
    function = desk.lesson.exercises[name].functions[0]
    loop = f"def {function}(*args, **kwargs):\n    while True:\n        pass"
    return as_text(desk.notebook(desk.solutions | {name: loop}))


def _crashes(desk: Desk) -> str:
    first, last = desk.exercises[0], desk.exercises[-1]
    broken = {first: "import os\nos._exit(1)", last: "def unfinished(:\n    pass"}
    return as_text(desk.notebook(desk.solutions | broken))


def _helpers_and_plots(desk: Desk) -> str:
    notebook = desk.notebook(desk.solutions)
    plot = "import matplotlib.pyplot as plt\nplt.plot([0, 1, 4, 9])\nprint('my first look at squares')"
    notebook.cells.insert(3, new_code_cell(plot, id="my-own-cell"))
    return as_text(notebook)


def _lost_cells(desk: Desk) -> str:
    notebook = desk.notebook(desk.solutions)
    deleted, untested, unmarked = (desk.exercises[number % len(desk.exercises)] for number in (1, 2, 3))
    gone = {deleted, f"test-{untested}"}
    notebook.cells = [cell for cell in notebook.cells if cell.id not in gone]
    for cell in notebook.cells:
        if cell.id == unmarked:  # as some editors do, the marks are gone
            cell.metadata, cell["id"] = {}, "a1b2c3d4"
    return as_text(notebook)


def _cut_off(desk: Desk) -> str:
    return _perfect(desk)[:5000]


STUDENTS: dict[str, tuple[str, Callable[[Desk], str]]] = {
    "ada": ("everything right", _perfect),
    "ben": ("everything right, written in other ways", _other_ways),
    "chen": ("the first half", _first_half),
    "dora": ("nothing filled in", _blank),
    "emil": ("a known mistake in every exercise", _misconceived(0)),
    "fay": ("another known mistake in every exercise", _misconceived(1)),
    "gil": ("a loop that never ends", _endless_loop),
    "hana": ("a cell that ends the process, and a syntax error", _crashes),
    "ines": ("own cells with a plot", _helpers_and_plots),
    "jon": ("deleted cells and lost marks", _lost_cells),
    "kim": ("a file that was cut off", _cut_off),
}


def write_sample_class(folder: Path, lesson: Lesson) -> dict[str, str]:
    """Writes folder/STUDENT/WEEK/TOPIC.ipynb for each made-up student; returns what each of them did.

    Raises CourseError if the folder holds submissions that were not made up here: Ada could be a student's real name.
    """
    desk = Desk(lesson)
    mark = folder / ".sample-class"
    if not mark.exists():
        if folder.is_dir() and any(folder.iterdir()):
            raise CourseError(f"{folder} holds other files; name a new folder for the made-up class")
        folder.mkdir(parents=True, exist_ok=True)
        mark.touch()
    for student, (_, make) in STUDENTS.items():
        path = folder / student / lesson.name / f"{lesson.topic}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make(desk), encoding="utf-8")
        (path.parent / "timestamp.txt").write_text("2026-11-20 18:00:00 UTC", encoding="utf-8")
    return {student: what for student, (what, _) in STUDENTS.items()}
