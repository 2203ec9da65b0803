"""The secret seeds of a course: one a week, drawn once, kept beside the gradebook."""

import json
import secrets
from pathlib import Path

from autograder.backup import back_up
from autograder.errors import CourseError


def course_seed(grades: Path, week: str, given: int | None = None, new: bool = False) -> int:
    """The week's seed: `given` or a new one if asked for (and kept from then on), else the one that is kept."""
    path = grades / "seeds.json"
    try:
        seeds: dict[str, int] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except ValueError as error:
        raise CourseError(f"{path} is damaged; take it from a backup, or move it away to draw new seeds") from error
    if given is None and not new and week in seeds:
        return seeds[week]
    if week in seeds and given != seeds[week]:
        back_up(grades)
    seeds[week] = given if given is not None else secrets.randbits(63)
    grades.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)  # secret from the first moment on
    fresh.write_text(json.dumps(seeds, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    fresh.chmod(0o600)
    fresh.replace(path)
    return seeds[week]
