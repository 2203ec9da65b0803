"""The student's part of the command line: the only verb in the bundle that students get."""

import sys
from pathlib import Path

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
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            click.echo(f"autograder: {place}{error.strerror or error}", err=True)
            ctx.exit(1)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Checks the exercise notebooks of the course."""


@main.command()
@click.argument("notebook", type=click.Path(path_type=Path))
def check(notebook: Path) -> None:
    """For students: run the visible checks of NOTEBOOK, and say what is done and what is left.

    The notebook runs from top to bottom in a fresh kernel; the file is not changed.
    """
    from autograder.check import DONE, check_notebook

    tasks = check_notebook(notebook)
    for task in tasks:
        sign = "✓" if task.state == DONE else "·"
        click.echo(f"{sign} {task.title}: {task.state}{'. ' + task.message if task.message else ''}")
    done = sum(task.state == DONE for task in tasks)
    click.echo(
        f"\n{done} of {len(tasks)} done. The hidden tests, which give the points, look at more than these checks."
    )
    sys.exit(0 if done == len(tasks) else 1)
