"""The final feedback: what the tests gave and what graders gave, with their comments, and zips to hand it out."""

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.feedback import feedback_page
from autograder.lesson import Lesson
from autograder.standing import Standing
from autograder.store import write_whole

Row = dict[str, Any]


@dataclass
class Released:
    """What was written for one week."""

    students: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)  # students whose written answers nobody has read yet
    zips: list[Path] = field(default_factory=list)
    without_folder: list[str] = field(default_factory=list)  # students whom Moodle's zip lacks, if there is one


def final_row(row: Row, lesson: Lesson, standing: Standing) -> Row:
    """A stored result with all that the gradebook says now. With something unread the page stays provisional."""
    written = [
        {
            "name": question.name,
            "title": question.title,
            "score": standing.scores.get(question.name, 0.0),
            "max_score": question.points,
            "comment": standing.comments.get(question.name, ""),
            "pending": question.name in standing.pending,
        }
        for question in lesson.written.values()
    ]
    exercises = [_exercise(exercise, standing) for exercise in row["exercises"]]
    return row | {
        "final": not standing.pending,
        "score": standing.points(exercise["name"] for exercise in exercises),
        "manual_score": standing.points(lesson.written),
        "manual_pending": bool(standing.pending),
        "penalty": standing.penalty,
        "total": standing.total,
        "written": written,
        "exercises": exercises,
    }


def _exercise(exercise: Row, standing: Standing) -> Row:
    score = standing.scores.get(exercise["name"], exercise["score"])
    by_hand = abs(score - exercise["score"]) > 1e-6
    return exercise | {"score": score, "by_hand": by_hand, "comment": standing.comments.get(exercise["name"], "")}


def release_week(
    lesson: Lesson,
    rows: Iterable[Row],
    standings: dict[str, Standing],
    grades: Path,
    destination: Path,
    book: str = "",
    unread_too: bool = False,
) -> Released:
    """Writes destination/STUDENT/WEEK.html and WEEK.zip, and WEEK-moodle.zip if Moodle's folders are known.

    Students whose written answers wait for a reader are left out, or get a provisional page with `unread_too`.
    """
    released = Released()
    for row in rows:
        student = row["student"]
        path = destination / student / f"{lesson.name}.html"
        standing = standings.get(student)
        if standing is None or (standing.pending and not unread_too):
            released.waiting.append(student)
            path.unlink(missing_ok=True)  # an earlier page would claim to be the last word
            continue
        title = f"Week {lesson.week}: {lesson.title}"
        write_whole(path, feedback_page(final_row(row, lesson, standing), title, book.rstrip("/")))
        released.students.append(student)
    folders = moodle_folders(grades, lesson.name)
    if folders:
        released.without_folder = [name for name in released.students if name not in folders]
    layouts = {
        f"{lesson.name}.zip": {student: student for student in released.students},
        f"{lesson.name}-moodle.zip": {name: folders[name] for name in released.students if name in folders},
    }
    for name, layout in layouts.items():
        (destination / name).unlink(missing_ok=True)  # an earlier one would hold pages that are no longer the last word
        if layout:
            released.zips.append(_zip(destination, name, f"{lesson.name}.html", layout))
    return released


def _zip(destination: Path, name: str, page: str, folders: dict[str, str]) -> Path:
    """Packs each student's page into the folder that is named for them."""
    with zipfile.ZipFile(destination / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, folder in folders.items():
            archive.write(destination / student / page, f"{folder}/{page}")
    return destination / name


def moodle_folders(grades: Path, week: str) -> dict[str, str]:
    """Student -> the folder of theirs in Moodle's download, by which Moodle recognises whom feedback is for."""
    path = grades / "lms" / f"{week}.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def keep_moodle_folders(grades: Path, week: str, folders: dict[str, str]) -> None:
    """Adds to what earlier downloads said."""
    if folders:
        write_whole(
            grades / "lms" / f"{week}.json", json.dumps(moodle_folders(grades, week) | folders, indent=1) + "\n"
        )
