"""The verbs of the command line for what comes after grading: the class report, and the way to and from an LMS."""

import sys
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

gradebook_option = click.option(
    "--gradebook", metavar="URL", help="nbgrader's database.  [default: an SQLite file in grades/]"
)


def grades_folder(grades: Path | None) -> Path:
    """The folder of results; a CourseError if nothing was graded yet."""
    from autograder.course import GRADES, find_course

    folder = grades or find_course() / GRADES
    if not (folder / "results").is_dir():
        raise CourseError(f"{folder} holds no results; run `autograder grade` first")
    return folder


@contextmanager
def graded_weeks(
    grades: Path, weeks: tuple[str, ...], url: str | None
) -> Iterator[tuple["Book", list[tuple["Lesson", list["Row"]]]]]:
    """The gradebook with the penalties of today, and the results of each week for which there are some."""
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
    with Book(url or gradebook_url(grades)) as book:
        for lesson, _ in found:
            if not book.knows(lesson):
                raise CourseError(
                    f"the gradebook {book.url} holds nothing of {lesson.name}, though {grades} has results of it; "
                    "give the --gradebook that `autograder grade` was given, or grade --again"
                )
            book.renew_penalties(lesson)
        yield book, found


@click.command()
@weeks_argument
@grades_option
@gradebook_option
def report(weeks: tuple[str, ...], grades: Path | None, gradebook: str | None) -> None:
    """One page about the class: scores, difficulty, misconceptions, what needs eyes; and CSV files beside it."""
    from autograder.report import week_report, write_report
    from autograder.standing import standings

    folder = grades_folder(grades)
    with graded_weeks(folder, weeks, gradebook) as (book, found):
        parts = [week_report(lesson, rows, standings(book, lesson)) for lesson, rows in found]
    click.echo(f"wrote {write_report(parts, folder)}, and its tables as CSV beside it")


@click.command()
@weeks_argument
@grades_option
@gradebook_option
@click.option("--format", "form", type=click.Choice(["plain", "canvas", "moodle"]), default="plain", show_default=True)
@click.option(
    "--roster",
    type=click.Path(path_type=Path, exists=True),
    help="CSV of the class, for the LMS's ids; a gradebook exported by Canvas or Moodle will do.",
)
@click.option(
    "--column", multiple=True, metavar="WEEK=TITLE", help="What the LMS calls a week, as its export shows it."
)
@click.option("--zero", is_flag=True, help="Write 0, not an empty cell, for what was not handed in.")
@click.option("--comments", is_flag=True, help="For Moodle: a column with the graders' comments.")
@click.option("--to", type=click.Path(path_type=Path), help="The file.  [default: grades/export-FORMAT.csv]")
def export(
    weeks: tuple[str, ...],
    grades: Path | None,
    gradebook: str | None,
    form: str,
    roster: Path | None,
    column: tuple[str, ...],
    zero: bool,
    comments: bool,
    to: Path | None,
) -> None:
    """Grades as CSV: plain with a column an exercise, or as Canvas and Moodle import them.

    A total is what the tests gave and what graders gave by hand, less the penalty for lateness.
    """
    from autograder.course import find_course, find_week, week_names
    from autograder.export import GradedWeek
    from autograder.export import export as as_text
    from autograder.roster import people_of, read_roster
    from autograder.standing import standings

    known_weeks = week_names(find_course())
    try:
        titles = {find_week(week, known_weeks): title for week, _, title in (entry.partition("=") for entry in column)}
    except CourseError as error:
        raise click.UsageError(f"--column: {error}") from error
    folder = grades_folder(grades)
    with graded_weeks(folder, weeks, gradebook) as (book, found):
        parts = [GradedWeek(lesson, standings(book, lesson), titles.pop(lesson.name, "")) for lesson, _ in found]
        known = roster or next(iter(folder.glob("roster.csv")), None)
        people = read_roster(known) if known else people_of(book)
    if titles:
        raise click.UsageError(f"--column: there are no grades of {', '.join(titles)}")
    path = to or folder / f"export-{form}.csv"
    path.write_text(as_text(form, parts, people, zero, comments), encoding="utf-8", newline="")
    click.echo(f"wrote {path}")
    click.echo(f"points possible: {', '.join(f'{part.lesson.name} {part.possible}' for part in parts)}")
    strangers = sorted({student for part in parts for student in part.standings} - set(people))
    if strangers:
        click.echo(f"not in the roster, so perhaps unknown to the LMS: {', '.join(strangers)}", err=True)
    unread = sum(len(standing.pending) for part in parts for standing in part.standings.values())
    if unread:
        click.echo(f"{unread} written answers are not read yet and count as 0 here", err=True)


@click.command()
@weeks_argument
@grades_option
@gradebook_option
@click.option("--dest", type=click.Path(path_type=Path), help="Where to.  [default: grades/released]")
@click.option("--book", default="", metavar="ADDRESS", help="Where students read the book, for links to its sections.")
@click.option(
    "--unread-too", is_flag=True, help="Also students whose written answers wait; their page says provisional."
)
def release(
    weeks: tuple[str, ...], grades: Path | None, gradebook: str | None, dest: Path | None, book: str, unread_too: bool
) -> None:
    """Final feedback, machine and hand, with the graders' comments: a page a student, and zips to upload.

    WEEK-moodle.zip is for Moodle's "Upload multiple feedback files in a zip"; it is made after `collect` of a download
    of Moodle's. WEEK.zip holds STUDENT/WEEK.html.
    """
    from autograder.final_feedback import release_week
    from autograder.standing import standings
    from autograder.store import Store

    folder = grades_folder(grades)
    waiting = False
    with graded_weeks(folder, weeks, gradebook) as (book_of_grades, found):
        for lesson, _ in found:
            rows = Store(folder).results(lesson.name)
            known = standings(book_of_grades, lesson)
            done = release_week(lesson, rows, known, folder, dest or folder / "released", book, unread_too)
            click.echo(f"{lesson.name}: {len(done.students)} pages, {', '.join(str(path) for path in done.zips)}")
            if done.without_folder:
                names = ", ".join(done.without_folder)
                click.echo(f"not in {lesson.name}-moodle.zip, as `collect` saw no folder of theirs: {names}", err=True)
            if done.waiting:
                waiting = True
                click.echo(f"left out, as written answers are not read yet: {', '.join(done.waiting)}", err=True)
    sys.exit(1 if waiting else 0)


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="ZIP|FOLDER")
@click.option("--week", required=True, help="The week that was handed in: its folder's name, or its number.")
@click.option("--roster", type=click.Path(path_type=Path, exists=True), help="CSV of the class; kept for later.")
@click.option("--submissions", type=click.Path(path_type=Path), help="Where to.  [default: submissions]")
@click.option("--grades", type=click.Path(path_type=Path), help="Where grades are kept.  [default: grades]")
@gradebook_option
@click.option("--overwrite", is_flag=True, help="Replace also what is there and may be newer.")
def collect(
    source: Path,
    week: str,
    roster: Path | None,
    submissions: Path | None,
    grades: Path | None,
    gradebook: str | None,
    overwrite: bool,
) -> None:
    """A download of Moodle's or Canvas's -> submissions/STUDENT/WEEK/TOPIC.ipynb, with time stamps.

    With a roster, students get the ids that it gives them, and who is not in it is reported; without one, ids are made
    from names. Of several attempts the newest is taken. A roster is a CSV file with a column `student` and others that
    are known: first_name, last_name, email, username, id_number, canvas_id, sis_user_id, sis_login_id, section,
    participant (the numbers in the names of Moodle's folders, where two people have the same name); what Canvas and
    Moodle export is understood too.
    """
    import shutil

    from autograder.collect import collect as take
    from autograder.course import GRADES, SUBMISSIONS, find_course, lessons
    from autograder.final_feedback import keep_moodle_folders
    from autograder.gradebook import Book, gradebook_url
    from autograder.roster import enter_roster, read_roster

    course = find_course()
    grades, submissions = grades or course / GRADES, submissions or course / SUBMISSIONS
    (lesson,) = lessons(course, (week,))
    kept = grades / "roster.csv"
    people = read_roster(roster or kept) if roster or kept.is_file() else {}
    if roster:
        grades.mkdir(parents=True, exist_ok=True)
        if not (kept.exists() and kept.samefile(roster)):
            shutil.copyfile(roster, kept)
        with Book(gradebook or gradebook_url(grades)) as book:
            enter_roster(book, people)
    done = take(source, lesson, submissions, people, overwrite)
    keep_moodle_folders(grades, lesson.name, done.moodle_folders())
    for note in done.notes:
        click.echo(note)
    for problem in done.problems:
        click.echo(f"not taken: {problem}", err=True)
    click.echo(
        f"{lesson.name}: {len(done.taken)} taken, {len(done.unchanged)} were there already, "
        f"{len(done.problems)} not taken. Times are those of the download, read in this machine's time zone."
    )
    sys.exit(1 if done.problems else 0)


@click.command()
@weeks_argument
@grades_option
@gradebook_option
@click.option("--submissions", type=click.Path(path_type=Path), help="[default: submissions]")
@click.option("--apply", is_flag=True, help="Write the new grades, after a backup in grades/backups/.")
@click.option("--only", multiple=True, metavar="STUDENT", help="Only this student (may be repeated).")
@click.option("--exercise", metavar="NAME", help="With one --only: run this exercise again and show every answer.")
@click.option("--jobs", type=click.IntRange(1), help="Workers side by side.  [default: the number of cores]")
@click.option("--dask", metavar="ADDRESS", help="Run student code on the Dask cluster of this scheduler.")
@click.option("--unsafe-no-sandbox", is_flag=True, help="As for `grade`.")
def regrade(
    weeks: tuple[str, ...],
    grades: Path | None,
    gradebook: str | None,
    submissions: Path | None,
    apply: bool,
    only: tuple[str, ...],
    exercise: str | None,
    jobs: int | None,
    dask: str | None,
    unsafe_no_sandbox: bool,
) -> None:
    """After a lesson, a submission or the grader changed: who would gain or lose what. Nothing is written yet.

    `--apply` writes it. If exercises were added or removed, the gradebook follows then. For an appeal,
    `--only STUDENT --exercise NAME` shows what was expected and what came, on the secret inputs too.
    """
    from autograder.batch import handins_by_week
    from autograder.course import SUBMISSIONS, find_course, lessons
    from autograder.gradebook import gradebook_url
    from autograder.regrade_cli import Place, regrade_week, replay_one

    folder, course = grades_folder(grades), find_course()
    url = gradebook or gradebook_url(folder)
    place = Place(submissions or course / SUBMISSIONS, folder, url, jobs, dask, unsafe_no_sandbox)
    chosen = [lesson for lesson in lessons(course, weeks) if weeks or (folder / "results" / lesson.name).is_dir()]
    if exercise is None:
        handins_by_week(place.submissions, [lesson.name for lesson in chosen], only)  # a name mistyped is an error
        for lesson in chosen:
            regrade_week(lesson, place, only, apply)
        return
    having = [lesson for lesson in chosen if exercise in lesson.exercises]
    if len(only) != 1 or apply or len(having) != 1:
        raise click.UsageError(
            "--exercise wants one --only STUDENT, no --apply, and the name of an exercise: "
            + ", ".join(name for lesson in chosen for name in lesson.exercises)
        )
    replay_one(having[0], place, only[0], exercise)


VERBS = (collect, report, export, release, regrade)
