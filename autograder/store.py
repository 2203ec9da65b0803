"""What is kept of each graded submission in the folder grades/: the result, the graded copy, and what it was made from.

grades/results/WEEK/STUDENT.json            the result with the outputs of the cells, and the key of its making
grades/autograded/STUDENT/WEEK/TOPIC.ipynb  the copy that formgrader shows
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.utils import parse_utc

from autograder.autograded import autograded_notebook
from autograder.intake import Submission
from autograder.lesson import Lesson
from autograder.result import Result


class Store:
    """The files of one course's grades."""

    def __init__(self, grades: Path) -> None:
        self.grades = grades

    def keep(self, lesson: Lesson, form: NotebookNode, submission: Submission, result: Result, key: str) -> None:
        """Writes the graded copy and then the result, each whole or not at all."""
        copy = autograded_notebook(form, submission, result)
        folder = self.grades / "autograded" / result.student / lesson.name
        write_whole(folder / f"{lesson.topic}.ipynb", json.dumps(copy))
        stored = result.as_json() | {"cells": result.cells, "key": key}
        write_whole(self._path(lesson.name, result.student), json.dumps(stored))

    def keep_timestamp(self, handin: Path, student: str, result: Result) -> datetime | None:
        """Copies nbgrader's time stamp beside the graded copy: formgrader compares the two. Returns it, in UTC."""
        source = handin / "timestamp.txt"
        if not source.is_file() or source.is_symlink() or source.stat().st_size > 200:
            return None
        text = source.read_text(encoding="utf-8", errors="replace")
        try:
            stamp: datetime = parse_utc(text.strip())
        except (ValueError, OverflowError):
            result.notes.insert(0, "timestamp.txt holds no date and time")  # the last one may be why it was rejected
            return None
        write_whole(self.grades / "autograded" / student / handin.name / "timestamp.txt", text)
        return stamp

    def holds(self, week: str, student: str) -> bool:
        """Whether there is a result of an earlier run."""
        return self._path(week, student).is_file()

    def stored(self, week: str, student: str) -> dict[str, Any] | None:
        """The result of an earlier run; None if there is none that can be read."""
        try:
            data = json.loads(self._path(week, student).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return data if isinstance(data, dict) else None

    def results(self, week: str) -> Iterator[dict[str, Any]]:
        """All results of a week, in the order of the students' ids."""
        for path in sorted((self.grades / "results" / week).glob("*.json")):
            if (data := self.stored(week, path.stem)) is not None:
                yield data

    def _path(self, week: str, student: str) -> Path:
        return self.grades / "results" / week / f"{student}.json"


def write_whole(path: Path, text: str) -> None:
    """Writes a file so that a crash at any moment leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)


def digest(*parts: object) -> str:
    """A key for work: equal parts (texts, numbers, contents of files and folders) give equal keys."""
    total = hashlib.sha256()
    for part in parts:
        files = sorted(part.glob("*.*")) if isinstance(part, Path) and part.is_dir() else [part]
        for item in files:
            content = _content(item)
            total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()


def _content(part: object) -> bytes:
    with suppress(OSError):  # a file that may not be read counts by its name
        if isinstance(part, Path) and part.is_file():
            return part.read_bytes()
    return repr(part).encode()
