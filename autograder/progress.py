"""What a person sees while a class is graded: a bar on a terminal, and a line for each submission that needs eyes."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from autograder.feedback import points
from autograder.outputs import text_of
from autograder.result import Result


def watched(results: Iterable[Result], total: int, title: str) -> Iterator[Result]:
    """Passes the results on, and reports on each. Off a terminal there is no bar."""
    console = Console(highlight=False, soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    bar = Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True)
    with bar:
        bar.disable = not console.is_terminal
        task = bar.add_task(title, total=total, rate="")
        for result in results:
            if result.status != "graded" or result.notes:
                console.print(needs_eyes(result), markup=False)
            bar.advance(task)
            speed = bar.tasks[0].speed
            bar.update(task, rate=f"{speed:.1f} a second" if speed else "")
            yield result


def needs_eyes(result: Result) -> str:
    """One line about a submission with which something was not as usual."""
    notes = "; ".join(result.notes)
    line = f"{result.student}: {result.status}, {points(result.score)} of {points(result.max_score)}: {notes}"
    return text_of(line)  # names of folders and files can hold what moves a terminal's cursor
