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

from autograder.cells import Cell, names, read_cells, short_name
from autograder.errors import LessonError
from autograder.probes import Probe, Question, read_probes, student_side
from autograder.quiz import Quiz, read_quiz
from autograder.reference import Reference, read_reference

HEADING = re.compile(r"## Exercise (?P<number>\d+\.\d+): (?P<title>.+)")
FOLDER = re.compile(r"week(?P<week>[1-9]\d*)-(?P<topic>[a-z0-9]+(-[a-z0-9]+)*)")
DOTTED_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


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
    has_check: bool = False
    points: int = 0
    questions: dict[str, Question] = field(default_factory=dict)  # the probes as they go to the student's process
    probes: list[Probe] = field(default_factory=list)

    @property
    def asks_for(self) -> list[str]:
        """The names that the probes use; a student need not define the reference's private helpers."""
        return sorted({name for question in self.questions.values() for name in question.names})


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
    also: tuple[int, ...]  # exercises may have the numbers of these weeks too
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
    header, cells = read_cells(path)
    _check_front_matter(header, int(match["week"]), short_name(path))
    lesson = Lesson(
        name=folder.name,
        week=header["week"],
        topic=match["topic"],
        title=header["title"],
        packages=tuple(header["packages"]),
        also=tuple(header.get("also", ())),
        folder=folder,
        reference=read_reference(folder / "reference.py"),
        cells=cells,
    )
    _collect_tasks(lesson)
    if not lesson.exercises:
        raise LessonError(f"{short_name(path)}: there is no exercise; add a code cell with `:solution:`")
    return lesson


def _check_front_matter(header: dict[str, Any], week: int, file: str) -> None:
    for key, example in {"week": week, "title": "Derivatives", "packages": "[numpy]"}.items():
        if key not in header:
            raise LessonError(f"{file}: the front matter needs `{key}:`, such as `{key}: {example}`")
    if header["week"] != week or not _is_whole(header["week"]):
        raise LessonError(f"{file}: the front matter says week {header['week']!r}; the folder's name asks for {week}")
    packages = header["packages"]
    if not isinstance(packages, list) or not all(isinstance(name, str) for name in packages):
        raise LessonError(f"{file}: write `packages:` as a list, such as `packages: [numpy]`; got {packages!r}")
    also = header.get("also", [])
    if not isinstance(also, list) or not all(map(_is_whole, also)):
        raise LessonError(f"{file}: write `also:` as a list of numbers, such as `also: [9]` for 9.1; got {also!r}")


def _is_whole(value: Any) -> bool:
    return type(value) is int  # a YAML `true` is an int too


def _collect_tasks(lesson: Lesson) -> None:
    readers: dict[str, Callable[[Lesson, int], None]] = {
        "solution": _add_exercise,
        "check": _add_check,
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
        if not exercise.has_check or not exercise.probes:
            missing, option = ("hidden tests", "probes") if exercise.has_check else ("visible check", "check")
            file = lesson.cells[0].place.split(",")[0]
            raise LessonError(
                f"{file}: exercise {exercise.name} has no {missing}; add a code cell with `:{option}: {exercise.name}`"
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
    _check_numbers(lesson, cell, match["number"])
    _check_names(lesson, cell)
    lesson.exercises[cell.name] = Exercise(
        name=cell.name,
        number=match["number"],
        title=match["title"].strip(),
        functions=cell.options["functions"],
        difficulty=cell.options["difficulty"],
        minutes=cell.options["minutes"],
        stretch=bool(cell.options.get("stretch", False)),
        forbid=names(cell.options.get("forbid")),
        uses=names(cell.options.get("uses")),
        section=str(cell.options.get("section", "")),
    )


def _check_numbers(lesson: Lesson, cell: Cell, number: str) -> None:
    if not number.startswith(tuple(f"{week}." for week in (lesson.week, *lesson.also))):
        raise LessonError(
            f"{cell.place}: exercise {number} stands in week {lesson.week}; call it {lesson.week}.1 or so"
        )
    if taken := [exercise.name for exercise in lesson.exercises.values() if exercise.number == number]:
        raise LessonError(f"{cell.place}: {number} is the number of {taken[0]} already; choose another")
    options = cell.options
    if not _is_whole(options.get("difficulty")) or options["difficulty"] not in (1, 2, 3):
        raise LessonError(f"{cell.place}: add `:difficulty:` (1, 2 or 3)")
    if not _is_whole(options.get("minutes")):
        raise LessonError(f"{cell.place}: add `:minutes:` (a whole number)")
    if not isinstance(options.get("stretch", False), bool):
        raise LessonError(f"{cell.place}: write `:stretch: true` or leave it out; got {options['stretch']!r}")


def _check_names(lesson: Lesson, cell: Cell) -> None:
    functions = cell.options["functions"]
    earlier = {name: exercise.name for exercise in lesson.exercises.values() for name in exercise.functions}
    if twice := [name for number, name in enumerate(functions) if name in earlier or name in functions[:number]]:
        where = f"exercise {earlier[twice[0]]}" if twice[0] in earlier else "the same cell"
        raise LessonError(f"{cell.place}: {twice[0]} is asked for in {where} already; name it once")
    if functions[0].startswith("_"):
        raise LessonError(f"{cell.place}: name first what students write; {functions[0]} is hidden from them")
    if unknown := set(names(cell.options.get("uses"))) - set(earlier):
        raise LessonError(f"{cell.place}: `uses` names {', '.join(sorted(unknown))}, which no earlier exercise defines")
    if strange := [name for name in names(cell.options.get("forbid")) if not DOTTED_NAME.fullmatch(name)]:
        raise LessonError(
            f"{cell.place}: `forbid` takes names such as torch.softmax, separated by commas; got {strange}"
        )


def _belongs_to_an_exercise(lesson: Lesson, index: int) -> None:
    cell = lesson.cells[index]
    if cell.name not in lesson.exercises:
        raise LessonError(f"{cell.place}: no `:solution: {cell.name}` stands before it")


def _add_check(lesson: Lesson, index: int) -> None:
    _belongs_to_an_exercise(lesson, index)
    cell = lesson.cells[index]
    exercise = lesson.exercises[cell.name]
    if exercise.has_check:
        raise LessonError(f"{cell.place}: {cell.name} has a visible check already; put all of it into one cell")
    exercise.has_check = True


def _add_probes(lesson: Lesson, index: int) -> None:
    _belongs_to_an_exercise(lesson, index)
    cell = lesson.cells[index]
    exercise = lesson.exercises[cell.name]
    if exercise.probes:
        raise LessonError(f"{cell.place}: {cell.name} has hidden tests already; put all of them into one cell")
    exercise.points = _points(cell)
    exercise.probes = read_probes(
        cell.source, lesson.reference.namespace, exercise.functions, cell.place, exercise.uses, lesson.packages
    )
    exercise.questions = student_side(cell.source, {*exercise.functions, *exercise.uses})


def _points(cell: Cell) -> int:
    points: Any = cell.options.get("points")
    if not _is_whole(points) or points <= 0:
        raise LessonError(f"{cell.place}: add `points`, a whole number above 0; got {points!r}")
    return int(points)


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
    heading = cell.source.splitlines()[0]
    if not heading.startswith("### Written question: "):
        raise LessonError(f'{cell.place}: begin the cell with "### Written question: title"')
    lesson.written[cell.name] = Written(cell.name, heading.removeprefix("### Written question: "), points)


def _follows_its_question(lesson: Lesson, index: int) -> None:
    cell = lesson.cells[index]
    question = lesson.cells[index - (1 if cell.kind == "answer" else 2)]
    if (question.kind, question.name) != ("written", cell.name):
        raise LessonError(f'{cell.place}: no cell {{"written": "{cell.name}"}} stands before it')
