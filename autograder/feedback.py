"""Feedback: one static page a student and week. Nothing in it runs: escaped text, pictures as data, a strict policy."""

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import markupsafe

from autograder.prose import as_html
from autograder.result import FAILED, NOT_ATTEMPTED, PARTLY, PASSED

TEMPLATES = Path(__file__).parent / "templates"
MARKS = {PASSED: "✓", PARTLY: "◐", FAILED: "✗", NOT_ATTEMPTED: "–"}
WORDS = {PASSED: "Solved.", PARTLY: "Partly solved.", FAILED: "Not right yet.", NOT_ATTEMPTED: "Not attempted."}


# What only the final page knows, see final_feedback.py.
PROVISIONAL: dict[str, Any] = {"final": False, "written": [], "penalty": 0.0, "total": 0.0}


def feedback_page(result: dict[str, Any], week_title: str, book: str = "") -> str:
    """The HTML of one stored result; `book` is the address of the built book, for links to its sections."""
    style, template = _template()
    return template.render(
        result=PROVISIONAL | _with_cells(result),
        week_title=week_title,
        book=book,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        points=points,
        html=lambda text: markupsafe.Markup(as_html(text)),
        remark=_remark,
        marks=MARKS,
        words=WORDS,
    )


@cache
def _template() -> tuple[str, jinja2.Template]:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    return (TEMPLATES / "feedback.css").read_text(encoding="utf-8"), environment.get_template("feedback.html")


def _remark(text: str) -> markupsafe.Markup:
    """A grader's comment with its formulas; as it was typed where one of them cannot be read."""
    try:
        return markupsafe.Markup(as_html(text))
    except Exception:  # the converter of formulas raises many things
        return markupsafe.escape(text)


def _with_cells(result: dict[str, Any]) -> dict[str, Any]:
    """Each exercise with the cells of the student's that belong to it: its own, and those added before the next."""
    names = {exercise["name"] for exercise in result["exercises"]}
    cells: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    current = ""
    for cell in result["cells"]:
        current = cell["label"] if cell["label"] in names else current
        if current and (cell["label"] in names or cell["label"] == "added"):
            cells[current].append(cell)
    return result | {"exercises": [exercise | {"cells": cells[exercise["name"]]} for exercise in result["exercises"]]}


def points(value: float) -> str:
    """3 for 3.0, 2.67 for 2.6667."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def write_feedback(grades: Path, results: Iterable[dict[str, Any]], week_title: str, book: str = "") -> int:
    """Writes grades/feedback/STUDENT/WEEK.html for each result; returns how many."""
    number = 0
    for number, result in enumerate(results, start=1):  # noqa: B007 - it is what is returned
        path = grades / "feedback" / result["student"] / f"{result['week']}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(feedback_page(result, week_title, book), encoding="utf-8")
    return number
