"""The cells of `lesson.md` as they stand there: what each is for, its options, and its line for messages."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupytext.myst import myst_to_notebook

from autograder.errors import LessonError

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
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,49}")  # it becomes part of a cell's id, which is short and ASCII
DIRECTIVE = re.compile(r"^\s*(```+|~~~+|:::+)\s*\{", re.M)
LOST_OPTION = re.compile(rf"^\s*:({'|'.join(OPTIONS)}):", re.M)
LOST_CHOICE = re.compile(r"^\s*[-*+] \[[xX]\]", re.M)


@dataclass(frozen=True)
class Cell:
    """A cell as it stands in the lesson; `kind` is "text", "given" or a key of OPTIONS."""

    kind: str
    name: str  # of the exercise, quiz or written question; "" for text and given cells
    source: str
    options: dict[str, Any]
    place: str  # "solutions/week1-derivatives/lesson.md, line 40 (probes of softmax)"


def read_cells(path: Path) -> tuple[dict[str, Any], list[Cell]]:
    """The front matter and the cells of a lesson; raises LessonError with file, line and remedy."""
    short = short_name(path)
    try:
        notebook = myst_to_notebook(path.read_text(encoding="utf-8-sig"), add_source_map=True)
    except UnicodeDecodeError as error:
        raise LessonError(f"{short}: save the file as UTF-8; it has another encoding at byte {error.start}") from error
    except Exception as error:  # YAML, JSON and notebook format each have their own
        reason = " ".join(str(error).split())
        raise LessonError(f"{short}: the front matter or an option has not the form `key: value`: {reason}") from error
    header = notebook.metadata
    return header, [_cell(cell, line + 1, short) for cell, line in zip(notebook.cells, header.source_map, strict=True)]


def short_name(path: Path) -> str:
    """ "solutions/week1-derivatives/lesson.md" """
    return "/".join(path.parts[-3:])


def names(value: Any) -> tuple[str, ...]:
    """The names in an option: "softmax, log_softmax" or a YAML list of them."""
    items = value if isinstance(value, list) else str(value or "").split(",")
    return tuple(name for item in items if (name := str(item).strip()))


def _cell(cell: Any, line: int, file: str) -> Cell:
    options = dict(cell.metadata)
    kinds = [kind for kind in OPTIONS if kind in options]
    place = f"{file}, line {line}"
    if cell.cell_type == "markdown":
        _refuse_lost_code(cell.source, place)
    if not kinds:
        return _without_options(cell, options, place)
    if len(kinds) > 1:
        raise LessonError(f"{place}: a cell is one thing, not {' and '.join(kinds)}; split it")
    kind = kinds[0]
    value = names(options.pop(kind))
    name = value[0] if value else ""
    place = f"{place} ({kind} of {name})"
    if (cell.cell_type == "code") != (kind in CODE_KINDS):
        expected = "code" if kind in CODE_KINDS else "Markdown"
        raise LessonError(f"{place}: `{kind}` belongs on a {expected} cell")
    if not NAME.fullmatch(name):
        raise LessonError(f"{place}: `{kind}` must name an exercise with at most 50 letters (a to z), digits and _")
    if unknown := set(options) - OPTIONS[kind]:
        allowed = ", ".join(sorted(OPTIONS[kind])) or "nothing else"
        raise LessonError(f"{place}: unknown option {', '.join(sorted(unknown))}; beside `{kind}` it may say {allowed}")
    if kind == "solution":
        options["functions"] = value
    elif len(value) > 1:
        raise LessonError(f"{place}: `{kind}` takes one name, the first of the solution cell")
    return Cell(kind, name, cell.source, options, place)


def _without_options(cell: Any, options: dict[str, Any], place: str) -> Cell:
    if options:
        raise LessonError(f"{place}: unknown option {', '.join(options)}; a cell is one of {', '.join(OPTIONS)}")
    if cell.cell_type == "markdown" and LOST_CHOICE.search(cell.source):
        raise LessonError(
            f"{place}: a ticked choice stands in plain text, where students read it; "
            'write +++ {"quiz": "name", "points": 1} above the quiz'
        )
    return Cell("text" if cell.cell_type == "markdown" else "given", "", cell.source, {}, place)


def _refuse_lost_code(source: str, place: str) -> None:
    """A code cell that is taken for text would be printed in the student's notebook, hidden tests and all."""
    if match := DIRECTIVE.search(source) or LOST_OPTION.search(source):
        raise LessonError(
            f"{place}: {match[0].strip()!r} stands in the text of a cell; a code cell begins with "
            "```{code-cell} python3 at the start of a line, and prose has no directives"
        )
