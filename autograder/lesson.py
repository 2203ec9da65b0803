"""Reading a lesson: `lesson.md` and the `reference.py` beside it become a `Lesson`.

A lesson is MyST Markdown. What a cell is for stands in its options: `:solution:`, `:check:` and `:probes:` on code
cells, `quiz`, `written`, `answer` and `rubric` on Markdown cells; a cell without options is prose or given code.
CONTRIBUTING.md shows the format by example. Every error names the file, the line and what to do.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupytext.myst import myst_to_notebook

from autograder.errors import LessonError
from autograder.probes import Probe, names_in, read_probes, student_side
from autograder.quiz import Quiz, read_quiz
from autograder.reference import Reference, read_reference

OPTIONS = {  # of each kind of cell: the option that names it, then what else it may carry
    "solution": {"difficulty", "minutes", "stretch", "forbid", "section", "uses"},
    "check": set(),
    "probes": {"points"},
    "quiz": {"points"},
    "written": {"points"},
    "answer": set(),
    "rubric": set(),
}
CODE_KINDS = {"solution", "check", "probes"}
HEADING = re.compile(r"## Exercise (?P<number>\d+\.\d+): (?P<title>.+)")
FOLDER = re.compile(r"week(?P<week>\d+)-(?P<topic>[a-z0-9]+(-[a-z0-9]+)*)")


@dataclass(frozen=True)
class Cell:
    """A cell as it stands in the lesson; `kind` is "text", "given" or a key of OPTIONS."""

    kind: str
    name: str  # of the exercise, quiz or written question; "" for text and given cells
    source: str
    options: dict[str, Any]
    place: str  # "solutions/week1-derivatives/lesson.md, line 40 (probes of softmax)"


@dataclass
class Exercise:
    """A task that students solve in code. The points are shared out over the probes."""

    name: str
    number: str
    title: str
    functions: tuple[str, ...]
    difficulty: int
    minutes: int
    stretch: bool
    forbid: tuple[str, ...]  # dotted names that a solution may not use
    uses: tuple[str, ...]  # names of earlier exercises that the probes need too
    section: str  # anchor in the chapter
    points: int = 0
    probe_source: str = ""  # as it goes to the student's process
    asks_for: list[str] = field(default_factory=list)  # the names that the probes use
    probes: list[Probe] = field(default_factory=list)


@dataclass(frozen=True)
class Written:
    """A question that is answered in words and graded by hand."""

    name: str
    title: str
    points: int


@dataclass
class Lesson:
    """A week: its cells in their order, and the tasks found in them."""

    name: str  # "week1-derivatives", the folder's name
    week: int
    topic: str  # "derivatives", the notebook's name
    title: str
    packages: tuple[str, ...]  # what the grader's warm process imports
    folder: Path
    reference: Reference
    cells: list[Cell]
    exercises: dict[str, Exercise] = field(default_factory=dict)
    quizzes: dict[str, Quiz] = field(default_factory=dict)
    written: dict[str, Written] = field(default_factory=dict)

    @property
    def max_score(self) -> int:
        """The points that the machine gives."""
        return sum(task.points for task in self.exercises.values()) + sum(quiz.points for quiz in self.quizzes.values())

    @property
    def manual_max(self) -> int:
        return sum(question.points for question in self.written.values())


def read_lesson(folder: Path) -> Lesson:
    """Reads and checks `folder`/lesson.md and reference.py; raises LessonError with file, line and remedy."""
    match = FOLDER.fullmatch(folder.name)
    if match is None:
        raise LessonError(f'{folder}: a lesson lives in a folder named like "week1-derivatives"')
    path = folder / "lesson.md"
    if not path.is_file():
        raise LessonError(f"{path} is missing; a lesson needs lesson.md and reference.py")
    notebook = myst_to_notebook(path.read_text(encoding="utf-8"), add_source_map=True)
    short = f"{folder.parent.name}/{folder.name}/lesson.md"
    header = notebook.metadata
    for key in ("week", "title", "packages"):
        if key not in header:
            raise LessonError(f"{short}: the front matter needs `{key}:`")
    if header["week"] != int(match["week"]):
        raise LessonError(f"{short}: the front matter says week {header['week']}, the folder {match['week']}")
    lesson = Lesson(
        name=folder.name,
        week=header["week"],
        topic=match["topic"],
        title=header["title"],
        packages=tuple(header["packages"]),
        folder=folder,
        reference=read_reference(folder / "reference.py"),
        cells=[_cell(cell, line + 1, short) for cell, line in zip(notebook.cells, header["source_map"], strict=True)],
    )
    _collect_tasks(lesson)
    return lesson


def _cell(cell: Any, line: int, file: str) -> Cell:
    options = dict(cell.metadata)
    kinds = [kind for kind in OPTIONS if kind in options]
    place = f"{file}, line {line}"
    if not kinds:
        if options:
            raise LessonError(f"{place}: unknown option {', '.join(options)}; a cell is one of {', '.join(OPTIONS)}")
        return Cell("text" if cell.cell_type == "markdown" else "given", "", cell.source, {}, place)
    if len(kinds) > 1:
        raise LessonError(f"{place}: a cell is one thing, not {' and '.join(kinds)}; split it")
    kind = kinds[0]
    value = str(options.pop(kind) or "")
    name = value.split(",")[0].strip()
    place = f"{place} ({kind} of {name})"
    if (cell.cell_type == "code") != (kind in CODE_KINDS):
        expected = "code" if kind in CODE_KINDS else "Markdown"
        raise LessonError(f"{place}: `{kind}` belongs on a {expected} cell")
    if not name.isidentifier():
        raise LessonError(f"{place}: `{kind}` must name an exercise with letters, digits and _")
    if unknown := set(options) - OPTIONS[kind]:
        allowed = ", ".join(sorted(OPTIONS[kind])) or "nothing else"
        raise LessonError(f"{place}: unknown option {', '.join(sorted(unknown))}; beside `{kind}` it may say {allowed}")
    if kind == "solution":
        options["functions"] = _names(value)
    return Cell(kind, name, cell.source, options, place)


def _names(value: Any) -> tuple[str, ...]:
    return tuple(name.strip() for name in str(value or "").split(",") if name.strip())


def _collect_tasks(lesson: Lesson) -> None:
    readers: dict[str, Callable[[Lesson, int], None]] = {
        "solution": _add_exercise,
        "check": _belongs_to_an_exercise,
        "probes": _add_probes,
        "quiz": _add_quiz,
        "written": _add_written,
    }
    for index, cell in enumerate(lesson.cells):
        if cell.kind in ("solution", "quiz", "written"):
            _refuse_second_use(lesson, cell)
        if cell.kind in readers:
            readers[cell.kind](lesson, index)
        elif cell.kind in ("answer", "rubric"):
            _follows_its_question(lesson, index)
    for exercise in lesson.exercises.values():
        if not exercise.probes:
            raise LessonError(
                f"{lesson.cells[0].place.split(',')[0]}: exercise {exercise.name} has no hidden tests; "
                f"add a cell with `:probes: {exercise.name}` and `:points:`"
            )


def _refuse_second_use(lesson: Lesson, cell: Cell) -> None:
    if cell.name in {**lesson.exercises, **lesson.quizzes, **lesson.written}:
        raise LessonError(f"{cell.place}: {cell.name} is already the name of another task; choose another")


def _add_exercise(lesson: Lesson, index: int) -> None:
    cell, before = lesson.cells[index], lesson.cells[index - 1] if index else None
    match = HEADING.match(before.source) if before is not None and before.kind == "text" else None
    if match is None:
        raise LessonError(
            f"{cell.place}: the Markdown cell before it must begin with "
            f'"## Exercise {lesson.week}.1: Title" (put a line +++ before the heading)'
        )
    if cell.source.strip():
        raise LessonError(f"{cell.place}: leave the cell empty; its code comes from reference.py")
    if missing := [name for name in cell.options["functions"] if name not in lesson.reference.definitions]:
        raise LessonError(f"{cell.place}: reference.py does not define {', '.join(missing)}")
    if cell.options.get("difficulty") not in (1, 2, 3) or not isinstance(cell.options.get("minutes"), int):
        raise LessonError(f"{cell.place}: add `:difficulty:` (1, 2 or 3) and `:minutes:` (a whole number)")
    earlier = {name for exercise in lesson.exercises.values() for name in exercise.functions}
    if unknown := set(_names(cell.options.get("uses"))) - earlier:
        raise LessonError(f"{cell.place}: `uses` names {', '.join(unknown)}, which no earlier exercise defines")
    lesson.exercises[cell.name] = Exercise(
        name=cell.name,
        number=match["number"],
        title=match["title"].strip(),
        functions=cell.options["functions"],
        difficulty=cell.options["difficulty"],
        minutes=cell.options["minutes"],
        stretch=bool(cell.options.get("stretch", False)),
        forbid=_names(cell.options.get("forbid")),
        uses=_names(cell.options.get("uses")),
        section=str(cell.options.get("section", "")),
    )


def _belongs_to_an_exercise(lesson: Lesson, index: int) -> None:
    cell = lesson.cells[index]
    if cell.name not in lesson.exercises:
        raise LessonError(f"{cell.place}: no `:solution: {cell.name}` stands before it")


def _add_probes(lesson: Lesson, index: int) -> None:
    _belongs_to_an_exercise(lesson, index)
    cell = lesson.cells[index]
    exercise = lesson.exercises[cell.name]
    if exercise.probes:
        raise LessonError(f"{cell.place}: {cell.name} has hidden tests already; put all of them into one cell")
    exercise.points = _points(cell)
    known = set(exercise.functions) | set(exercise.uses)
    exercise.probes = read_probes(cell.source, lesson.reference.namespace, known, cell.place)
    exercise.probe_source = student_side(cell.source)
    exercise.asks_for = names_in(exercise.probe_source, known)


def _points(cell: Cell) -> int:
    points = cell.options.get("points")
    if not isinstance(points, int) or isinstance(points, bool) or points <= 0:
        raise LessonError(f"{cell.place}: add `points`, a whole number above 0; got {points!r}")
    return points


def _add_quiz(lesson: Lesson, index: int) -> None:
    cell = lesson.cells[index]
    lesson.quizzes[cell.name] = read_quiz(cell.name, cell.source, _points(cell), cell.place)


def _add_written(lesson: Lesson, index: int) -> None:
    cell = lesson.cells[index]
    kinds = [(other.kind, other.name) for other in lesson.cells[index + 1 : index + 3]]
    if kinds != [("answer", cell.name), ("rubric", cell.name)]:
        raise LessonError(f"{cell.place}: after it come a cell `answer` and a cell `rubric` with the same name")
    points = _points(cell)
    given = sum(int(number) for number in re.findall(r"^- (\d+) points?:", lesson.cells[index + 2].source, re.M))
    if given != points:
        raise LessonError(
            f"{lesson.cells[index + 2].place}: the lines `- 1 point: ...` add up to {given}, the question has {points}"
        )
    title = cell.source.splitlines()[0].lstrip("# ").removeprefix("Written question: ")
    lesson.written[cell.name] = Written(cell.name, title, points)


def _follows_its_question(lesson: Lesson, index: int) -> None:
    cell = lesson.cells[index]
    if cell.name not in lesson.written:
        raise LessonError(f'{cell.place}: no cell {{"written": "{cell.name}"}} stands before it')
