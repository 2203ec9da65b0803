"""`autograder regrade`: what a changed lesson would change, then the change; or one exercise again, for an appeal."""

import os
from dataclasses import dataclass
from pathlib import Path

import click

from autograder.backup import back_up
from autograder.batch import Batch, handins, workers_for
from autograder.errors import CourseError
from autograder.feedback import points
from autograder.gradebook import Book
from autograder.grading import Grader
from autograder.intake import Submission, find_notebook, read_submission
from autograder.lesson import Lesson
from autograder.migrate import difference, migrate
from autograder.outputs import text_of
from autograder.regrade import Change, changes, replay, summary
from autograder.seeds import course_seed
from autograder.store import Store


@dataclass(frozen=True)
class Place:
    """Where things are, and with what to grade."""

    submissions: Path
    grades: Path
    url: str
    jobs: int | None = None
    dask: str | None = None
    allow_unsafe: bool = False


def regrade_week(lesson: Lesson, place: Place, only: tuple[str, ...], apply: bool) -> None:
    """Prints who gains or loses what for which exercise; writes only with `apply`."""
    found = handins(place.submissions, lesson.name, only)
    grader = _grader(lesson, place)
    with Book(place.url) as book:
        _follow_lesson(book, lesson, place, apply)
    with Book(place.url) as book:
        batch = Batch(grader, Store(place.grades), book)
        todo = batch.unfinished(found)
        old = {handin.student: batch.store.stored(lesson.name, handin.student) for handin in todo}
        differences: list[Change] = []
        with workers_for(lesson.packages, place.jobs or os.cpu_count() or 1, place.dask, place.allow_unsafe) as workers:
            for result in batch.run(todo, workers, again=True) if apply else batch.try_out(todo, workers):
                differences += changes(old[result.student], result.as_json())
    for line in _table(differences):
        click.echo(line)
    unchanged = len(todo) - len({change.student for change in differences})
    click.echo(
        f"{lesson.name}: {summary(differences)}; {unchanged} regraded without a change, {batch.skipped} up to date."
    )
    if not apply and (differences or unchanged):
        click.echo("Nothing was written. `--apply` grades again and writes; a backup is made before.")


def _grader(lesson: Lesson, place: Place) -> Grader:
    if not (place.grades / "results" / lesson.name).is_dir():
        raise CourseError(f"{place.grades} holds no results of {lesson.name}; run `autograder grade` first")
    return Grader(lesson, course_seed(place.grades, lesson.name), cache=place.grades / "cache")


def _follow_lesson(book: Book, lesson: Lesson, place: Place, apply: bool) -> None:
    """Adds and removes cells of the gradebook that the lesson has and had."""
    migration = difference(book, lesson)
    if not migration:
        return
    for sign, names in (("new", migration.new_names), ("gone", migration.old_names)):
        if names:
            click.echo(f"{lesson.name}: {sign} in the lesson: {', '.join(names)}")
    lost = migration.lost_by_hand()
    for line in lost:
        click.echo(f"goes with what is gone: {text_of(line)}")
    if apply:
        click.echo(f"backup: {back_up(place.grades, place.url)}")
        migrate(book, lesson, migration)


def _table(differences: list[Change]) -> list[str]:
    """A line a student and exercise, those who lose first."""
    return [
        f"{change.student}  {change.exercise}: {_shown(change.old)} -> {_shown(change.new)}  ({change.gain:+g})"
        for change in sorted(differences, key=lambda change: (change.gain > 0, change.student))
    ]


def _shown(score: float | None) -> str:
    return "none" if score is None else points(score)


def replay_one(lesson: Lesson, place: Place, student: str, exercise: str) -> None:
    """Prints each behaviour of one exercise of one student, with the secret inputs. Writes nothing."""
    found = handins(place.submissions, lesson.name, (student,))
    if not found:
        raise CourseError(f"{student} handed in nothing for {lesson.name} in {place.submissions}")
    grader = _grader(lesson, place)
    path, notes = find_notebook(found[0].folder, lesson.topic)
    submission = read_submission(path, grader.solved) if path else Submission(rejected=notes.pop())
    with workers_for(lesson.packages, 1, None, place.allow_unsafe) as (process,):
        try:
            shown = replay(grader, submission, process, exercise)
            score = grader.grade(student, submission, process, only=exercise).score
        finally:
            process.close()
    click.echo(f"{student}, {lesson.name}, {exercise}: {points(score)} of {lesson.exercises[exercise].points} points")
    click.echo("For you alone: these are the inputs on which everybody is graded.")
    for item in shown:
        click.echo(f"\n{'FAILS' if item.message else 'holds'}  {item.behaviour}")
        for call in item.calls:
            _print("call", call)
        _print("expected", item.expected)
        if item.got:
            _print("got", item.got)
        if item.message:
            _print("because", item.message)


def _print(what: str, text: str) -> None:
    """A label and a text, whose further lines are indented as the first."""
    click.echo(f"  {what:<9} " + text.replace("\n", "\n" + " " * 12))
