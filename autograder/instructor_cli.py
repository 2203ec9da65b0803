"""The verbs of the command line for what comes after grading: the class report, and the way to and from an LMS."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.errors import CourseError

if TYPE_CHECKING:
    from autograder.gradebook import Book
    from autograder.item_analysis import Row
    from autograder.lesson import Lesson

weeks_argument = click.argument("weeks", nargs=-1, metavar="[WEEK...]")
grades_option = click.option(
    "--grades", type=click.Path(path_type=Path), help="Where the results are kept.  [default: grades]"
)


def grades_folder(grades: Path | None) -> Path:
    """The folder of results; a CourseError if nothing was graded yet."""
    from autograder.course import GRADES, find_course

    folder = grades or find_course() / GRADES
    if not (folder / "results").is_dir():
        raise CourseError(f"{folder} holds no results; run `autograder grade` first")
    return folder


@contextmanager
def graded_weeks(grades: Path, weeks: tuple[str, ...]) -> Iterator[tuple["Book", list[tuple["Lesson", list["Row"]]]]]:
    """The gradebook, and the results of each week for which there are some."""
    from autograder.course import find_course, lessons
    from autograder.gradebook import Book, gradebook_url
    from autograder.store import Store

    found = [
        (lesson, [{key: row[key] for key in row if key != "cells"} for row in Store(grades).results(lesson.name)])
        for lesson in lessons(find_course(), weeks)
    ]
    found = [(lesson, rows) for lesson, rows in found if rows]
    if not found:
        raise CourseError(
            f"{grades} holds no results of {', '.join(weeks) or 'any week'}; run `autograder grade` first"
        )
    with Book(gradebook_url(grades)) as book:
        yield book, found


@click.command()
@weeks_argument
@grades_option
def report(weeks: tuple[str, ...], grades: Path | None) -> None:
    """One page about the class: scores, difficulty, misconceptions, what needs eyes; and CSV files beside it."""
    from autograder.report import week_report, write_report
    from autograder.standing import standings

    folder = grades_folder(grades)
    with graded_weeks(folder, weeks) as (book, found):
        parts = [week_report(lesson, rows, standings(book, lesson)) for lesson, rows in found]
    click.echo(f"wrote {write_report(parts, folder)}, and its tables as CSV beside it")


VERBS = (report,)
