"""Where the things of a course are, and the lessons in it."""

from pathlib import Path

from autograder.errors import CourseError
from autograder.lesson import Lesson, read_lesson

SOLUTIONS, SUBMISSIONS, GRADES = "solutions", "submissions", "grades"


def find_course(start: Path | None = None) -> Path:
    """The folder of the course: the nearest one, from `start` upwards, that holds solutions/ and autograder/."""
    here = (start or Path.cwd()).resolve()
    for folder in [here, *here.parents]:
        if (folder / SOLUTIONS).is_dir() and (folder / "autograder").is_dir():
            return folder
    raise CourseError(f"no course found in {here} or above it; change into the folder that holds solutions/")


def week_names(course: Path) -> list[str]:
    """The names of all weeks that have a lesson, in their order."""
    folders = [path.parent for path in (course / SOLUTIONS).glob("week*/lesson.md")]
    return [folder.name for folder in sorted(folders, key=lambda folder: int(folder.name[4:].split("-")[0]))]


def lessons(course: Path, names: tuple[str, ...] = ()) -> list[Lesson]:
    """The lessons called `names` ("week1-derivatives" or "1"), or all of them."""
    available = week_names(course)
    chosen = [find_week(name, available) for name in names] if names else available
    if not chosen:
        raise CourseError(f"{course / SOLUTIONS} holds no lesson; expected folders such as week1-derivatives/lesson.md")
    return [read_lesson(course / SOLUTIONS / name) for name in chosen]


def find_week(name: str, available: list[str]) -> str:
    """The full name of a week that is called by it, by "week3" or by "3"."""
    for week in available:
        if name.strip("/") in (week, f"week{week[4:].split('-')[0]}", week[4:].split("-")[0]):
            return week
    raise CourseError(f"there is no week {name!r}; there are {', '.join(available)}")
