"""The tables of the class report as CSV files."""

from typing import Any

from autograder.lesson import Lesson
from autograder.spreadsheet import as_csv


def csv_files(week: dict[str, Any]) -> dict[str, str]:
    """The tables of the page by the name of their file."""
    lesson: Lesson = week["lesson"]
    tasks = [*lesson.exercises, *lesson.quizzes, *lesson.written]
    columns = ["student", "status", "total", "tests", "by hand", "penalty", "still to read", "seconds", "notes", *tasks]
    students = [
        [s["name"], s["status"], s["total"], s["score"], s["manual"], s["penalty"], " ".join(s["pending"])]
        + [s["seconds"], "; ".join(s["notes"])]
        + [s["scores"].get(task) for task in tasks]
        for s in week["students"]
    ]
    numbers = ["mean share of points", "discrimination"]
    return {
        "students": as_csv(columns, students),
        "exercises": as_csv(
            ["number", "name", "title", "points", "students", "solved", "not attempted", *numbers],
            [
                [i.number, i.name, i.title, i.points, i.students, i.solved, i.not_attempted, i.share, i.discrimination]
                for i in week["items"]
            ],
        ),
        "behaviours": as_csv(
            ["exercise", "behaviour", "students", "share of students with whom it holds", "discrimination"],
            [
                [item.name, b.name, b.students, b.share, b.discrimination]
                for item in week["items"]
                for b in item.behaviours
            ],
        ),
        "misconceptions": as_csv(
            ["count", "exercise", "title", "name", "sentence", "students"],
            [
                [len(m.students), m.exercise, m.title, m.name, m.sentence, " ".join(m.students)]
                for m in week["mistakes"]
            ],
        ),
    }
