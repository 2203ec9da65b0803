"""Lessons -> notebooks on disk, and whether those on disk are the ones that would be built."""

from pathlib import Path

from autograder.lesson import Lesson
from autograder.notebooks import as_text, solved_notebook, source_path, student_notebook, student_path


def built_files(course: Path, lesson: Lesson) -> dict[Path, bytes]:
    """The files that a lesson becomes, with what is in them."""
    solved = solved_notebook(lesson)
    student = student_notebook(solved)
    texts = {student_path(course, lesson): as_text(student), source_path(course, lesson): as_text(solved)}
    return {path: text.encode() for path, text in texts.items()}


def build(course: Path, lesson: Lesson) -> list[Path]:
    """Writes the notebooks of a lesson; returns those that changed."""
    changed = []
    for path, data in built_files(course, lesson).items():
        if not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            changed.append(path)
    return changed


def stale(course: Path, lesson: Lesson) -> list[Path]:
    """The committed notebook if it is missing or not, to the byte, the one that would be built."""
    path = student_path(course, lesson)
    data = built_files(course, lesson)[path]
    return [] if path.is_file() and path.read_bytes() == data else [path]
