"""What students get: the exercises, the book, `lm`, and the one command that is theirs. No answer, no hidden test."""

import shutil
from pathlib import Path

from autograder.errors import CourseError

WHOLE_FOLDERS = ("exercises", "lm", "book")
FILES = ("_config.yml", "LICENSE")
STUDENT_MODULES = ("__init__.py", "errors.py", "check.py", "student.py")
TEMPLATES = Path(__file__).parent / "templates" / "bundle"
LEFT_OUT = ("__pycache__", ".ipynb_checkpoints", "_build")


def write_bundle(course: Path, folder: Path) -> list[Path]:
    """Writes the bundle into `folder`, which must be new or empty; returns its files."""
    if folder.exists() and any(folder.iterdir()):
        raise CourseError(f"{folder} is not empty; name a new folder, so that nothing old stays in the bundle")
    for name in WHOLE_FOLDERS:
        shutil.copytree(course / name, folder / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for name in FILES:
        shutil.copy(course / name, folder / name)
    (folder / "autograder").mkdir()
    for name in STUDENT_MODULES:
        shutil.copy(course / "autograder" / name, folder / "autograder" / name)
    for template in TEMPLATES.iterdir():
        shutil.copy(template, folder / template.name)
    built = course / "_build" / "html"
    if built.is_dir():
        shutil.copytree(built, folder / "html", ignore=shutil.ignore_patterns(".doctrees", ".buildinfo"))
    return sorted(path for path in folder.rglob("*") if path.is_file())
