"""Tables for the terminal."""

import io
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.feedback import points
from autograder.lesson import Lesson
from autograder.verify import Report


def render(*parts: object) -> str:
    """What rich makes of tables and texts, with colour only on a terminal."""
    terminal = Console()
    console = Console(file=io.StringIO(), width=max(100, terminal.width), force_terminal=terminal.is_terminal)
    for part in parts:
        console.print(part)
    return console.file.getvalue().rstrip()  # type: ignore[attr-defined]


def verify_table(lesson: Lesson, seed: int, report: Report) -> str:
    """One row an exercise: points, probes, misconceptions killed and named, alternatives accepted."""
    table = Table(title=f"{lesson.name}, seed {seed}", title_justify="left")
    table.add_column("exercise")
    for heading in ("points", "probes", "misconceptions killed", "named", "alternatives accepted"):
        table.add_column(heading, justify="right")
    for row in report.rows:
        table.add_row(
            f"{row.number} {row.name}",
            str(row.points),
            str(row.probes),
            f"{row.killed} of {row.misconceptions}",
            str(row.named),
            f"{row.accepted} of {row.alternatives}",
        )
    rows = report.rows
    if len(rows) == len(lesson.exercises):
        table.add_section()
        table.add_row(
            f"all, and {len(lesson.quizzes)} quizzes",
            str(lesson.max_score),
            str(sum(row.probes for row in rows)),
            f"{sum(row.killed for row in rows)} of {sum(row.misconceptions for row in rows)}",
            str(sum(row.named for row in rows)),
            f"{sum(row.accepted for row in rows)} of {sum(row.alternatives for row in rows)}",
        )
    problems = [f"[red]wrong:[/red] {escape(problem)}" for problem in report.problems] or [
        "[green]all as it should be[/green]"
    ]
    return render(table, *problems)


def grade_table(lesson: Lesson, rows: Iterable[dict[str, Any]]) -> str:
    """One row a student: score, exercises solved, and the misconceptions that were recognised."""
    table = Table(title_justify="left")
    for heading in ("student", "status", "score", "of", "solved", "misconceptions recognised"):
        table.add_column(heading, justify="right" if heading in ("score", "of", "solved") else "left")
    for row in rows:
        exercises = row["exercises"]
        solved = sum(exercise["status"] == "passed" for exercise in exercises)
        named = [
            exercise["misconception"] for exercise in exercises if exercise["misconception"] and exercise["number"]
        ]
        table.add_row(
            escape(row["student"]),
            row["status"],
            points(row["score"]),
            points(row["max_score"]),
            f"{solved} of {len(exercises)}",
            ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else ""),
        )
    table.title = f"{lesson.name}: {table.row_count} submissions"
    return render(table)
