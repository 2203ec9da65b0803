"""The class at a glance, for the instructor: one static page over all weeks, and the same numbers as CSV files.

The page is as inert as feedback: everything is escaped, nothing runs, a strict policy forbids the rest.
"""

import base64
import hashlib
from pathlib import Path
from statistics import mean, median
from typing import Any
from urllib.parse import quote

import jinja2
import markupsafe

from autograder.charts import difficulty_chart, histogram
from autograder.feedback import TEMPLATES, points
from autograder.item_analysis import FEWEST, WEAK, Item, Row, items, mistakes
from autograder.lesson import Lesson
from autograder.prose import as_html
from autograder.report_tables import csv_files
from autograder.standing import Standing
from autograder.store import write_whole

Week = dict[str, Any]


def week_report(lesson: Lesson, rows: list[Row], standings: dict[str, Standing]) -> Week:
    """All that the page and the CSV files say about a week; `rows` are its stored results."""
    machine = [*lesson.exercises, *lesson.quizzes]
    students = [_student(row, standings.get(row["student"]) or _ungraded(row), machine) for row in rows]
    scores = [student["score"] for student in students if student["status"] != "rejected"] or [0.0]
    seconds, of_class = [row["seconds"] for row in rows], items(rows)
    return {
        "lesson": lesson,
        "students": students,
        "mean": mean(scores),
        "median": median(scores),
        "items": of_class,
        "labels": _labels(of_class),
        "mistakes": mistakes(rows),
        "eyes": [row for row in rows if row["status"] != "graded" or row["notes"]],
        "pending": [student for student in students if student["pending"]],
        "levels": sorted({row["sandbox"] for row in rows} - {""}),
        "seconds": {"median": median(seconds), "longest": max(seconds), "sum": sum(seconds)},
        "slowest": sorted(rows, key=lambda row: -row["seconds"])[:5],
        "histogram": histogram(scores, lesson.max_score, median(scores)),
        "chart": difficulty_chart(of_class),
    }


def _ungraded(row: Row) -> Standing:
    """What stands in the result, where the gradebook has lost the submission."""
    return Standing(row["student"], scores={exercise["name"]: exercise["score"] for exercise in row["exercises"]})


def _student(row: Row, standing: Standing, machine: list[str]) -> dict[str, Any]:
    written = [name for name in standing.scores if name not in machine]
    return {
        "name": row["student"],
        "status": row["status"],
        "score": standing.points(machine),
        "manual": standing.points(written),
        "penalty": standing.penalty,
        "total": standing.total,
        "pending": standing.pending,
        "unread": len(standing.pending),
        "seconds": row["seconds"],
        "scores": standing.scores,
        "states": {exercise["name"]: exercise["status"] for exercise in row["exercises"]},
        "notes": row["notes"],
    }


def _labels(of_class: list[Item]) -> dict[str, str]:
    """What stands above a column of the matrix: the exercise's number, or Q1, Q2, ... for quizzes."""
    quizzes = [item.name for item in of_class if not item.number]
    return {item.name: item.number or f"Q{quizzes.index(item.name) + 1}" for item in of_class}


def report_page(weeks: list[Week], grades: Path) -> str:
    """The HTML of the report; links to the feedback pages that exist in `grades`."""
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("report.html").render(
        weeks=weeks,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        points=points,
        number=lambda value: "–" if value is None else f"{value:.2f}".replace("-", "−"),
        share=lambda value: f"{value:.0%}",
        weak_mark=lambda item: " ▾" if item.discrimination is not None and item.discrimination < WEAK else "",
        html=lambda text: markupsafe.Markup(as_html(text)),
        level=_level,
        page_of=lambda student, week: _page_of(grades, student, week),
        fewest=FEWEST,
        weak=WEAK,
    )


def _level(score: float, maximum: float, state: str) -> str:
    """The class of a cell of the matrix, which gives it its colour."""
    if state == "not attempted":
        return "blank"
    share = score / maximum
    return "full" if share >= 1 else "none" if share <= 0 else "low" if share < 0.5 else "high"


def _page_of(grades: Path, student: str, week: str) -> str:
    """The address of a feedback page as seen from the report; "" if there is none."""
    exists = (grades / "feedback" / student / f"{week}.html").is_file()
    return f"../feedback/{quote(student, safe='')}/{quote(week)}.html" if exists else ""


def write_report(weeks: list[Week], grades: Path) -> Path:
    """Writes grades/report/index.html and WEEK-TABLE.csv beside it; returns the page."""
    folder = grades / "report"
    for week in weeks:
        for name, text in csv_files(week).items():
            write_whole(folder / f"{week['lesson'].name}-{name}.csv", text)
    write_whole(folder / "index.html", report_page(weeks, grades))
    return folder / "index.html"
