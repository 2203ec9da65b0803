"""The command line: `autograder VERB`. Exit status 0: fine; 1: something in the course or a submission is wrong; 2: wrong use."""

import sys

import click

from autograder.errors import CourseError


class Verbs(click.Group):
    """Verbs in the order of the work, and errors of the course as one sentence instead of a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except CourseError as error:
            click.echo(f"autograder: {error}", err=True)
            ctx.exit(1)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Builds the exercise notebooks of the course, and grades them."""


weeks = click.argument("weeks", nargs=-1, metavar="[WEEK...]")


@main.command()
@weeks
@click.option(
    "--check", is_flag=True, help="Change nothing; fail if a notebook is not the one that would be built."
)
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
def verify(weeks: tuple[str, ...], seed: int, seeds: int) -> None:
    """Prove that the hidden tests accept what is right and reject what is wrong.

    Through the real grader: the untouched notebook gets 0, the reference and every alternative full marks; every
    misconception loses points in its own exercise and, where its wrong answers are unlike those of others, is named.
    """
    from autograder.course import find_course, lessons
    from autograder.process import WorkerProcess
    from autograder.tables import verify_table
    from autograder.verify import verify as verify_lesson

    problems = 0
    for lesson in lessons(find_course(), weeks):
        with WorkerProcess(lesson.packages) as process:
            for number in range(seed, seed + seeds):
                report = verify_lesson(lesson, number, process)
                click.echo(verify_table(lesson, number, report))
                problems += len(report.problems)
    sys.exit(1 if problems else 0)
