"""A small week for the tests of grading: three exercises, a quiz, a written question, and known mistakes."""

import atexit
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat
from click.testing import CliRunner, Result
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.batch import Batch, handins
from autograder.cli import main
from autograder.gradebook import Book, gradebook_url
from autograder.grading import Grader
from autograder.intake import Submission, take_apart
from autograder.lesson import Lesson, read_lesson
from autograder.notebooks import as_text, solved_notebook, student_notebook
from autograder.process import WorkerProcess
from autograder.sandbox import Limits
from autograder.store import Store

WEEK, TOPIC = "week1-sums", "sums"

LESSON = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
    format_version: 0.13
kernelspec:
  display_name: Python 3
  language: python
  name: python3
week: 1
title: Sums
packages: [numpy]
---

# Week 1: Sums

```{code-cell} python3
import numpy as np
```

+++

## Exercise 1.1: The average

Write `average(values)`.

```{code-cell} python3
:solution: average
:difficulty: 1
:minutes: 5
:forbid: numpy.mean
:section: the-average
```

```{code-cell} python3
:check: average
assert average([1.0, 3.0]) == 2.0, "the average of 1 and 3 is 2"
```

```{code-cell} python3
:probes: average
:points: 4
def some_numbers(rng):
    \"\"\"averages some numbers\"\"\"
    return average(list(rng.normal(size=5)))

def far_from_zero(rng):
    \"\"\"averages numbers far from zero\"\"\"
    return average(list(1e6 + rng.normal(size=7)))

@weight(2)
def nothing(rng):
    \"\"\"refuses an empty list with a ValueError\"\"\"
    return attempt(average, []), average([rng.normal()])
```

+++

## Exercise 1.2: The softmax function

Write `softmax(z)` and `largest(z)`.

```{code-cell} python3
:solution: softmax, largest
:difficulty: 2
:minutes: 10
:section: softmax
```

```{code-cell} python3
:check: softmax
assert abs(softmax(np.zeros(2))[0] - 0.5) < 1e-9, "two equal logits share"
```

```{code-cell} python3
:probes: softmax
:points: 6
def small_logits(rng):
    \"\"\"turns logits into probabilities\"\"\"
    z = rng.normal(size=4)
    return softmax(z), z

@tolerance(rtol=1e-6)
def large_logits(rng):
    \"\"\"stays finite for logits around $10^4$\"\"\"
    return softmax(rng.normal(size=6) * 1e4)

def position(rng):
    \"\"\"finds the largest logit\"\"\"
    return largest(rng.permutation(5))
```

+++

## Exercise 1.3: Draws

Write `draw(rng, n)`, which draws `n` numbers between 0 and 1.

```{code-cell} python3
:solution: draw
:difficulty: 1
:minutes: 5
```

```{code-cell} python3
:check: draw
assert len(draw(np.random.default_rng(0), 3)) == 3, "draw three numbers"
```

```{code-cell} python3
:probes: draw
:points: 2
def many(rng):
    \"\"\"draws numbers between 0 and 1\"\"\"
    return draw(rng.spawn(1)[0], 200)

@judge(many)
def _(answer, expected, rng):
    if not isinstance(answer, np.ndarray) or answer.shape != expected.shape:
        return "expected 200 numbers in an array"
    if np.any(answer < 0):
        return Mistake("bell_curve")
    if np.any(answer > 1):
        return f"the largest of your numbers is {answer.max():.3g}"
```

+++ {"quiz": "shift", "points": 1}

### Quiz: What does softmax not notice?

Choose.

- [ ] The logits are doubled.
  > Doubling sharpens the distribution.
- [x] One number is added to every logit.
  > The factor $e^c$ cancels.
- [ ] Nothing.
  > There is something that it does not notice.

+++ {"written": "proof", "points": 3}

### Written question: A proof

Prove that $a < b$ implies $e^a < e^b$.

+++ {"answer": "proof"}

The exponential function grows.

+++ {"rubric": "proof"}

- 2 points: the idea
- 1 point: the steps
"""

REFERENCE = '''"""The reference."""

import numpy as np


def average(values: list[float]) -> float:
    """The average of `values`; a ValueError if there are none."""
    if not values:
        raise ValueError("no values")
    return sum(values) / len(values)


def softmax(z: np.ndarray) -> np.ndarray:
    """The probabilities of the logits z."""
    powers = np.exp(z - z.max())
    return powers / powers.sum()


def largest(z: np.ndarray) -> int:
    """The index of the largest logit."""
    return int(np.argmax(z))


def draw(rng: np.random.Generator, n: int) -> np.ndarray:
    """n numbers between 0 and 1."""
    return rng.random(n)
'''

MISCONCEPTIONS = """import numpy as np

from autograder.variants import wrong


@wrong("average", "You seem to divide by one number too few.")
def one_too_few(values):
    if not values:
        raise ValueError("none")
    return sum(values) / (len(values) - 0.5)


@wrong("softmax", "Your probabilities do not seem to add up to 1: a sum is $\\\\sum_j e^{z_j}$.")
def no_sum(z):
    return np.exp(z - z.max())


@wrong("draw", "You seem to draw from a bell curve.")
def bell_curve(rng, n):
    return rng.normal(size=n)


@wrong("largest", "Your search does not seem to end.")
def endless(z):
    while True:
        pass
"""

ALTERNATIVES = """import math

import numpy as np

from autograder.variants import alternative


@alternative("average")
def exact_sum(values):
    if len(values) == 0:
        raise ValueError("none")
    return math.fsum(values) / len(values)


@alternative("softmax")
def through_logarithms(z):
    shifted = z - np.max(z)
    return np.exp(shifted - np.log(np.exp(shifted).sum()))


@alternative("draw")
def with_uniform(rng, n):
    return rng.uniform(0, 1, size=n)
"""

# What a student might write; the pieces of SOLVED earn all points.
SOLVED = {
    "average": (
        "def average(values):\n    if not values:\n        raise ValueError('none')\n"
        "    return sum(values) / len(values)"
    ),
    "softmax": (
        "def softmax(z):\n    p = np.exp(z - np.max(z))\n    return p / np.sum(p)\n\n"
        "def largest(z):\n    return list(z).index(max(z))"
    ),
    "draw": "def draw(rng, n):\n    return rng.random(n)",
    "shift": 'answer_shift = "B"',
    "proof": "Since $e^a>0$ grows, $a < b$ implies it.",
}


def make_course(root: Path, week: str = WEEK) -> Path:
    """Writes the week's solutions below `root`, which then counts as a course."""
    folder = root / "solutions" / week
    folder.mkdir(parents=True)
    (root / "autograder").mkdir()
    for name, text in {
        "lesson.md": LESSON.replace("week: 1", f"week: {week[4]}").replace("Exercise 1.", f"Exercise {week[4]}."),
        "reference.py": REFERENCE,
        "misconceptions.py": MISCONCEPTIONS,
        "alternatives.py": ALTERNATIVES,
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return root


def small_lesson(root: Path) -> Lesson:
    return read_lesson(make_course(root) / "solutions" / WEEK)


def handed_in(lesson: Lesson, answers: dict[str, str], added: dict[str, str] | None = None) -> NotebookNode:
    """The student notebook with `answers` by grade_id, and new code cells behind the cells that `added` names."""
    notebook = student_notebook(solved_notebook(lesson))
    cells = []
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
        cells.append(cell)
        if added and cell.id in added:
            cells.append(new_code_cell(added[cell.id], id=f"new-{len(cells)}"))
    notebook.cells = cells
    return notebook


def submission(lesson: Lesson, answers: dict[str, str], added: dict[str, str] | None = None) -> Submission:
    """What intake makes of such a notebook."""
    cells = [
        {"type": cell.cell_type, "source": cell.source, "grade_id": cell.id}
        for cell in handed_in(lesson, answers, added).cells
    ]
    return take_apart(cells, solved_notebook(lesson))


def write_submission(
    submissions: Path,
    student: str,
    lesson: Lesson,
    answers: dict[str, str],
    added: dict[str, str] | None = None,
    timestamp: str | None = None,
) -> Path:
    """submissions/STUDENT/WEEK/TOPIC.ipynb; returns the file."""
    path = submissions / student / lesson.name / f"{lesson.topic}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_text(nbformat.from_dict(handed_in(lesson, answers, added))), encoding="utf-8")
    if timestamp is not None:
        (path.parent / "timestamp.txt").write_text(timestamp, encoding="utf-8")
    return path


@cache
def empty_gradebook() -> bytes:
    """A new gradebook takes seconds to make; most tests begin with a copy of this one."""
    with tempfile.TemporaryDirectory() as folder:
        with Book(gradebook_url(Path(folder))):
            pass
        return (Path(folder) / "gradebook.db").read_bytes()


class Warm(WorkerProcess):
    """A worker that outlives the run that it is made for: the next test goes on with it."""

    def close(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            super().close()


WARM: list[Warm] = []


@atexit.register
def _end_workers() -> None:
    for worker in WARM:
        WorkerProcess.close(worker)


@contextmanager
def warm_workers(packages: tuple[str, ...], jobs: int, *_: object) -> Iterator[list[Warm]]:
    """Like workers_for, but kept for the next test; starting one takes as long as a dozen submissions."""
    while len(WARM) < jobs:
        WARM.append(Warm(packages, allow_unsafe=True))
    yield WARM[:jobs]


class Class:
    """A course with a folder of submissions, and ways to grade them."""

    def __init__(self, root: Path) -> None:
        self.root, self.lesson = root, small_lesson(root)
        self.submissions, self.grades = root / "submissions", root / "grades"
        self.submissions.mkdir()
        self.grades.mkdir()
        (self.grades / "gradebook.db").write_bytes(empty_gradebook())

    def hands_in(self, student: str, answers: dict[str, str] | None = None, **options: Any) -> Path:
        """Everything right but for `answers`; returns the notebook's file."""
        return write_submission(self.submissions, student, self.lesson, SOLVED | (answers or {}), **options)

    def book(self) -> Book:
        return Book(gradebook_url(self.grades))

    def grade(self, seed: int = 1, again: bool = False, jobs: int = 1) -> dict[str, Any]:
        """Results by student, of those who were graded now; with short limits."""
        with self.book() as book:
            return self.grade_with(book, seed, again, jobs)

    def grade_with(self, book: Book, seed: int = 1, again: bool = False, jobs: int = 1) -> dict[str, Any]:
        grader = Grader(self.lesson, seed, Limits(step_seconds=1.0), cache=self.grades / "cache")
        with warm_workers(self.lesson.packages, jobs) as workers:
            run = Batch(grader, Store(self.grades), book).run(handins(self.submissions, WEEK), workers, again)
            return {result.student: result for result in run}

    def autograder(self, *arguments: str) -> Result:
        """The command line, run in the folder of the course. Exit status, stdout, stderr."""
        before = Path.cwd()
        os.chdir(self.root)
        try:
            with mock.patch("autograder.batch.workers_for", warm_workers):
                return CliRunner().invoke(main, arguments, prog_name="autograder")
        finally:
            os.chdir(before)

    def stored(self, student: str) -> dict[str, Any]:
        path = self.grades / "results" / WEEK / f"{student}.json"
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return stored

    def page(self, student: str) -> str:
        return (self.grades / "feedback" / student / f"{WEEK}.html").read_text(encoding="utf-8")
