"""The command line: `autograder VERB`.

Exit status 0: fine; 1: something in the course or a submission is wrong; 2: wrong use.
"""

import sys
from pathlib import Path

import click

from autograder import instructor_cli
from autograder import student as for_students
from autograder.errors import CourseError


@click.group(cls=for_students.Verbs, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Builds the exercise notebooks of the course, and grades them."""


weeks = click.argument("weeks", nargs=-1, metavar="[WEEK...]")


@main.command()
@weeks
@click.option("--check", is_flag=True, help="Change nothing; fail if a notebook is not the one that would be built.")
def build(weeks: tuple[str, ...], check: bool) -> None:
    """Lessons -> student notebooks in exercises/ and solved nbgrader sources in _build/nbgrader/source/.

    WEEK is a folder's name (week1-derivatives) or a number; without one, all weeks are built.
    """
    from autograder.build import build as build_lesson
    from autograder.build import stale
    from autograder.course import find_course, lessons

    course = find_course()
    wrong = False
    for lesson in lessons(course, weeks):
        if check:
            for path in stale(course, lesson):
                wrong = True
                click.echo(f"{path.relative_to(course)} is stale; run `autograder build {lesson.name}`")
            continue
        changed = build_lesson(course, lesson)
        for path in changed:
            click.echo(f"wrote {path.relative_to(course)}")
        if not changed:
            click.echo(f"{lesson.name}: nothing changed")
    sys.exit(1 if wrong else 0)


@main.command()
@weeks
@click.option("--seed", default=1, show_default=True, help="Seed of the probes' inputs.")
@click.option("--seeds", default=1, show_default=True, help="How many seeds to try, counting up from --seed.")
@click.option("--exercise", metavar="NAME", help="Only this exercise.")
@click.option("--jobs", type=click.IntRange(1), help="Workers side by side.  [default: the number of cores]")
def verify(weeks: tuple[str, ...], seed: int, seeds: int, exercise: str | None, jobs: int | None) -> None:
    """Prove that the hidden tests accept what is right and reject what is wrong.

    Through the real grader: the untouched notebook gets 0, the reference and every alternative full marks; every
    misconception loses points in its own exercise and, where its wrong answers are unlike those of others, is named.
    One whose code is broken, so that a NameError is all that it shows, proves nothing and is reported.
    """
    import os
    from contextlib import ExitStack

    from autograder.course import find_course, lessons
    from autograder.process import WorkerProcess
    from autograder.tables import verify_table
    from autograder.verify import verify as verify_lesson

    problems = 0
    chosen = lessons(find_course(), weeks)
    if exercise is not None:
        known = [name for lesson in chosen for name in lesson.exercises]
        if exercise not in known:
            raise click.UsageError(f"--exercise: there is no {exercise}; the exercises are {', '.join(known)}")
        chosen = [lesson for lesson in chosen if exercise in lesson.exercises]
    for lesson in chosen:
        with ExitStack() as stack:
            workers = [
                stack.enter_context(WorkerProcess(lesson.packages, allow_unsafe=True))  # the course's own code
                for _ in range(jobs or os.cpu_count() or 1)
            ]
            for number in range(seed, seed + seeds):
                report = verify_lesson(lesson, number, workers, only=exercise)
                click.echo(verify_table(lesson, number, report))
                problems += len(report.problems)
    sys.exit(1 if problems else 0)


main.add_command(for_students.check)


@main.command("sample-class")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--week", "weeks", multiple=True, help="Only this week (may be repeated).")
def sample_class(folder: Path, weeks: tuple[str, ...]) -> None:
    """Write a made-up class of submissions into FOLDER, so that grading can be tried."""
    from autograder.course import find_course, lessons
    from autograder.sample_class import write_sample_class

    for lesson in lessons(find_course(), weeks):
        for student, what in write_sample_class(folder, lesson).items():
            click.echo(f"{folder / student / lesson.name}: {what}")


@main.command()
@weeks
@click.option(
    "--submissions", type=click.Path(path_type=Path), help="Where STUDENT/WEEK/*.ipynb are.  [default: submissions]"
)
@click.option("--grades", type=click.Path(path_type=Path), help="Where everything is kept.  [default: grades]")
@click.option("--only", multiple=True, metavar="STUDENT", help="Grade only this student (may be repeated).")
@click.option("--jobs", type=click.IntRange(1), help="Workers side by side.  [default: the number of cores]")
@click.option("--dask", metavar="ADDRESS", help="Run student code on the Dask cluster of this scheduler.")
@click.option("--gradebook", metavar="URL", help="nbgrader's database.  [default: an SQLite file in grades/]")
@click.option("--seed", type=click.IntRange(1), help="Seed of the hidden tests' inputs, kept from then on.")
@click.option("--new-seed", is_flag=True, help="Draw a new secret seed, kept from then on.")
@click.option("--again", is_flag=True, help="Grade also what was graded before and has not changed since.")
@click.option(
    "--unsafe-no-sandbox",
    is_flag=True,
    help="Grade even where no sandbox is to be had: student code could then read and change your files.",
)
@click.option("--results", type=click.Path(path_type=Path), help="Write the results as JSON into this file too.")
def grade(
    weeks: tuple[str, ...],
    submissions: Path | None,
    grades: Path | None,
    only: tuple[str, ...],
    jobs: int | None,
    dask: str | None,
    gradebook: str | None,
    seed: int | None,
    new_seed: bool,
    again: bool,
    unsafe_no_sandbox: bool,
    results: Path | None,
) -> None:
    """Grade submissions/STUDENT/WEEK/*.ipynb into the gradebook.

    Without WEEK, every week for which somebody handed something in is graded. The hidden tests' inputs come from a
    secret seed, drawn once for each week: every student answers the same questions, and a rerun repeats them.
    """
    import os

    from autograder.batch import Batch, handins_by_week, misplaced, workers_for
    from autograder.course import GRADES, SUBMISSIONS, find_course, lessons, week_names
    from autograder.gradebook import Book, gradebook_url
    from autograder.grading import Grader
    from autograder.outputs import text_of
    from autograder.progress import watched
    from autograder.seeds import course_seed
    from autograder.store import Store
    from autograder.summary import Summary
    from autograder.tables import grade_table

    if seed is not None and new_seed:
        raise click.UsageError("--seed and --new-seed exclude each other")
    course = find_course()
    submissions, grades = submissions or course / SUBMISSIONS, grades or course / GRADES
    chosen = lessons(course, weeks)
    handed_in = handins_by_week(submissions, [lesson.name for lesson in chosen], only)
    for folder in misplaced(submissions, names := week_names(course)):
        why = f"not graded, as no week is called {folder.name}; there are {', '.join(names)}"
        click.echo(text_of(f"{folder}: {why}"), err=True)
    with Summary(results) as summary, Book(gradebook or gradebook_url(grades)) as book:
        for lesson in chosen:
            found = handed_in[lesson.name]
            if not found:
                if weeks or not any(handed_in.values()):
                    click.echo(f"{lesson.name}: nobody handed anything in")
                continue
            grader = Grader(lesson, course_seed(grades, lesson.name, seed, new_seed), cache=grades / "cache")
            batch = Batch(grader, Store(grades), book)
            with workers_for(lesson.packages, jobs or os.cpu_count() or 1, dask, unsafe_no_sandbox) as workers:
                try:
                    graded = sum(1 for _ in watched(batch.run(found, workers, again), len(found), lesson.name))
                except KeyboardInterrupt:
                    click.echo("Interrupted. What was graded is kept; run the same command again to go on.", err=True)
                    raise
            click.echo(grade_table(lesson, summary.watch(batch.rows(found))))
            level = ", ".join(sorted(summary.levels)) or "not needed"
            click.echo(f"{graded} graded now, {batch.skipped} unchanged since the last run. Sandbox: {level}.")
    sys.exit(1 if summary.rejected else 0)


@main.command()
@weeks
@click.option("--grades", type=click.Path(path_type=Path), help="Where the results are kept.  [default: grades]")
@click.option("--gradebook", metavar="URL", help="nbgrader's database.  [default: an SQLite file in grades/]")
@click.option("--book", default="", metavar="ADDRESS", help="Where students read the book, for links to its sections.")
def feedback(weeks: tuple[str, ...], grades: Path | None, gradebook: str | None, book: str) -> None:
    """Write one HTML page a student and week into grades/feedback/, from the stored results."""
    from autograder.course import GRADES, find_course, lessons
    from autograder.feedback import write_feedback
    from autograder.gradebook import Book, gradebook_url
    from autograder.store import Store

    course = find_course()
    grades = grades or course / GRADES
    if not (grades / "results").is_dir():
        raise CourseError(f"{grades} holds no results; run `autograder grade` first")
    total = 0
    with Book(gradebook or gradebook_url(grades)) as opened:
        for lesson in lessons(course, weeks):
            rows = (opened.with_manual(row, lesson) for row in Store(grades).results(lesson.name))
            total += write_feedback(grades, rows, f"Week {lesson.week}: {lesson.title}", book.rstrip("/"))
    click.echo(f"wrote {total} pages into {grades / 'feedback'}")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--zip", "as_zip", is_flag=True, help="Also write FOLDER.zip.")
def bundle(folder: Path, as_zip: bool) -> None:
    """Write what students get into FOLDER: exercises, book, lm and `check`, without any answer.

    The folder is ready to be a public repository of its own. The built book goes in if there is one (`make book`).
    """
    import shutil

    from autograder.bundle import write_bundle
    from autograder.course import find_course

    files = write_bundle(find_course(), folder)
    click.echo(f"wrote {len(files)} files into {folder}")
    if folder / "html" / "index.html" not in files:
        click.echo("the built book is not among them, as there is none: run `make book`, then this again", err=True)
    if as_zip:
        click.echo(f"wrote {shutil.make_archive(str(folder), 'zip', folder.parent, folder.name)}")


for verb in instructor_cli.VERBS:
    main.add_command(verb)
