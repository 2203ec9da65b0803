"""A lesson small enough to read at a glance, and ways to write it with one thing changed."""

from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.lesson import Lesson, read_lesson

WEEK = "week1-doubling"

LESSON = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
week: 1
title: Doubling
packages: [numpy]
---

# Week 1: Doubling

```{code-cell} python3
import numpy as np
```

+++

## Exercise 1.1: Twice

Write `double(x)`.

```{code-cell} python3
:solution: double
:difficulty: 1
:minutes: 5
:forbid: numpy.multiply
:section: twice
```

```{code-cell} python3
:check: double
assert double(2) == 4, "twice 2 is 4"
```

```{code-cell} python3
:probes: double
:points: 3
def whole_numbers(rng):
    \"\"\"doubles whole numbers\"\"\"
    return double(int(rng.integers(1, 9)))


@weight(2)
@accepts("ValueError", "OverflowError")
def too_large(rng):
    \"\"\"refuses numbers above 1000\"\"\"
    return [attempt(double, 1001), double(2)]
```

+++

## Exercise 1.2: A running total

Write `total(xs)` and the class `Meter`.

```{code-cell} python3
:solution: total, Meter, _flat
:difficulty: 2
:minutes: 10
:uses: double
```

```{code-cell} python3
:check: total
assert total([1, 2]) == 3, "1 and 2 are 3"
```

```{code-cell} python3
:probes: total
:points: 4
def _row(rng):
    return list(rng.normal(size=3))


def sums(rng):
    \"\"\"adds up all numbers\"\"\"
    row = _row(rng)
    return total(row)


@tolerance(rtol=1e-6)
def counts_on(rng):
    \"\"\"remembers what it was given\"\"\"
    meter = Meter()
    return [meter.add(double(1.5)), meter.add(float(rng.normal()))]
```

**One thing to look at.** What is `total([])`?

+++

## Exercise 1.3: Draws

```{code-cell} python3
:solution: draw
:difficulty: 3
:minutes: 5
:stretch: true
```

```{code-cell} python3
:check: draw
assert len(draw(np.random.default_rng(0), 3)) == 3, "draw three numbers"
```

```{code-cell} python3
:probes: draw
:points: 2
def digits(rng):
    \"\"\"draws digits\"\"\"
    return draw(rng.spawn(1)[0], 50)


@judge(digits)
def _(answer, expected, rng):
    return None if len(answer) == 50 else "expected 50 digits"
```

+++ {"quiz": "neutral", "points": 1}

### Quiz: Which number does doubling leave alone?

Think of $2x = x$.

- [ ] One.
  > Twice one is two.
- [x] Zero.
  > Twice nothing is nothing.
- [ ] None at all.
  > There is one:
  > look at $2x - x$.

+++ {"written": "even", "points": 3}

### Written question: Even numbers

Prove that `double(n)` is even for every whole number $n$.

+++ {"answer": "even"}

It is $2n$, and 2 divides it.

+++ {"rubric": "even"}

- 1 point: the formula
- 2 points: the divisor
"""

REFERENCE = '''"""The reference."""

import numpy as np


def double(x: float) -> float:
    """Twice x; a ValueError above 1000."""
    if x > 1000:
        raise ValueError("too large")
    return 2 * x


def _flat(xs):
    return [x for row in xs for x in row]


def total(xs: list[float]) -> float:
    """The sum of all numbers in xs."""
    # zero is the sum of nothing
    result = 0.0
    for x in xs:
        if isinstance(x, str):
            raise TypeError("a text is no number")
        result += x
    return result


class Meter:
    """Adds up what it is given."""

    unit: str = "m"

    def __init__(self) -> None:  # given
        self.sum = 0.0

    def add(self, x: float) -> float:
        """Adds x; returns the sum so far."""
        self.sum += x
        return self.sum


def draw(rng: np.random.Generator, n: int) -> np.ndarray:
    """n digits."""
    return rng.integers(10, size=n)
'''

MISCONCEPTIONS = """import numpy as np

from autograder.variants import wrong
from reference import double

TWO = 2


@wrong("double", "You seem to add 2 in the place of doubling.")
def adds_two(x):
    return double(x) - x + TWO


@wrong("total", "You seem to forget the last number.")
def forgets_last(xs):
    return float(np.sum(xs[:-1]))


@wrong("draw", "You seem to draw one number too few.")
def one_too_few(rng, n):
    return rng.integers(10, size=n - 1)
"""

ALTERNATIVES = """from autograder.variants import alternative


@alternative("double")
def adds_itself(x):
    if x > 1000:
        raise OverflowError
    return x + x


@alternative("total", "Meter")
class Simple:
    def total(xs):
        return float(sum(xs))

    class Meter:
        so_far = 0.0

        def add(self, x):
            self.so_far += x
            return self.so_far


@alternative("draw")
def with_choice(rng, n):
    return rng.choice(10, size=n)
"""

FILES = {
    "lesson.md": LESSON,
    "reference.py": REFERENCE,
    "misconceptions.py": MISCONCEPTIONS,
    "alternatives.py": ALTERNATIVES,
}


def write_course(root: Path, old: str = "", new: str = "", file: str = "lesson.md") -> Path:
    """Writes the course below `root` with `old`, which must be there once, replaced by `new`; returns the week."""
    folder = root / "solutions" / WEEK
    folder.mkdir(parents=True, exist_ok=True)
    (root / "autograder").mkdir(exist_ok=True)
    for name, text in FILES.items():
        if name == file and old:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
            text = text.replace(old, new)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def small_lesson(root: Path, old: str = "", new: str = "", file: str = "lesson.md") -> Lesson:
    return read_lesson(write_course(root, old, new, file))


def refusal(root: Path, old: str, new: str, file: str = "lesson.md") -> str:
    """The message with which the changed lesson is refused."""
    with pytest.raises(CourseError) as caught:
        small_lesson(root, old, new, file)
    return str(caught.value)


def line_of(text: str, file: str = "lesson.md") -> int:
    """The line of a file of the unchanged course in which `text` stands."""
    return next(number for number, line in enumerate(FILES[file].splitlines(), 1) if text in line)
