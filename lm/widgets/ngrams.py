"""The widgets of week 3: counts of letter pairs to look at and draw from, and the choice of n and k."""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import traitlets as t

from lm.corpora import course_split, given_names
from lm.widgets.base import CourseWidget

KS: Final = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


class Bigrams(CourseWidget):
    """The heat map of letter pairs; the reader looks at a pair, smooths, and draws names letter by letter.

    counts   counts[i][j]: how often letter j follows letter i, whole numbers; a nested list or a NumPy array (also
             of floats without a fraction). Default: the pairs of the training names of
             `course_split(given_names())`.
    letters  the letters in the order of rows and columns; the first is the mark for start and end
    first    the letter of the row that is chosen at the start; `second` that of the column
    k        is added to every count: one of 0, 0.01, 0.1, 0.3, 1, 3, 10, 100
    share    False: the colour is the count; True: the probability within the row
    draws    how many letters have been drawn, and `seed` from which sequence of random numbers
    """

    name = "bigrams"
    parts = ("shared", "random")
    invitation = (
        "With scripts switched on, you can look up the count and the probability of every pair, add k to all counts, "
        "and draw new names letter by letter."
    )
    letters = t.Unicode(".abcdefghijklmnopqrstuvwxyz").tag(sync=True)
    counts = t.List(t.List(t.Int(min=0))).tag(sync=True)
    first = t.Unicode("n").tag(sync=True)
    second = t.Unicode("a").tag(sync=True)
    k = t.Enum([0.0, 0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0], 0.0).tag(sync=True)
    share = t.Bool(False).tag(sync=True)
    draws = t.Int(0, min=0, max=500).tag(sync=True)
    seed = t.Int(1, min=0, max=999).tag(sync=True)

    def __init__(self, *, counts: Any = None, **traits: Any) -> None:
        if counts is not None:
            traits["counts"] = _whole_numbers(counts)
        super().__init__(**traits)
        size = len(self.letters)
        if [len(row) for row in self.counts] != [size] * size:
            shape = np.shape(self.counts)
            raise ValueError(f"one row and one column of counts for each of {size} letters: got the shape {shape}")
        if self.first not in self.letters or self.second not in self.letters:
            raise ValueError(f"first and second must be among {self.letters!r}: got {self.first!r}, {self.second!r}")

    @t.default("counts")
    def _training_pairs(self) -> list[list[int]]:
        pairs = _course_pairs()
        return [[pairs[a + b] for b in self.letters] for a in self.letters]


def _whole_numbers(counts: Any) -> list[list[int]]:
    array = np.asarray(counts)
    whole = array.astype(np.int64)
    if (whole != array).any():
        raise ValueError("counts are whole numbers; the widget itself divides them by the sum of their row")
    return whole.tolist()


@cache
def _course_pairs() -> Counter[str]:
    return Counter(_grams(course_split(given_names()).train, 2))


def _grams(words: Sequence[str], n: int) -> Iterator[str]:
    for word in words:
        marked = "." * (n - 1) + word + "."
        yield from (marked[i : i + n] for i in range(len(word) + 1))


class NgramChoice(CourseWidget):
    """Losses and samples of n-gram models over a grid of orders n and constants k: under- and overfitting.

    Without the first group of traits it shows the training and development names of
    `course_split(given_names())`; for other words: `NgramChoice(**NgramChoice.measure(train, dev))`.

    orders   the orders n in the grid, rising; ks: the constants k, rising
    train    train[i][j]: mean loss in nats a character for orders[i] and ks[j] on the training words; None: infinite
    dev      the same on the development words
    unseen   unseen[i]: the share of the development n-grams that never occur in the training words, from 0 to 1
    samples  samples[i][j]: a few words drawn from that model
    uniform  the loss of the uniform model, drawn as a line

    n, k     the setting at the start, each out of its list
    """

    name = "ngram_choice"
    invitation = (
        "With scripts switched on, you can change the order n and the constant k, watch both losses, the share of "
        "n-grams that were never seen, and names drawn from each model."
    )
    orders = t.List(t.Int(min=1), minlen=2).tag(sync=True)
    ks = t.List(t.Float(min=0.0), minlen=2).tag(sync=True)
    train = t.List(t.List(t.Float(allow_none=True))).tag(sync=True)
    dev = t.List(t.List(t.Float(allow_none=True))).tag(sync=True)
    unseen = t.List(t.Float(min=0.0, max=1.0)).tag(sync=True)
    samples = t.List(t.List(t.List(t.Unicode()))).tag(sync=True)
    uniform = t.Float(min=0.0).tag(sync=True)
    n = t.Int(3).tag(sync=True)
    k = t.Float(0.1).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        if "dev" not in traits:
            traits = {**_course_grid(), **traits}
        super().__init__(**traits)
        grid = (len(self.orders), len(self.ks))
        for name in ("train", "dev", "samples"):
            rows = getattr(self, name)
            if [len(row) for row in rows] != [grid[1]] * grid[0]:
                raise ValueError(f"{name} needs {grid[0]} rows (orders) of {grid[1]} entries (ks)")
        if len(self.unseen) != grid[0]:
            raise ValueError(f"unseen needs one share for each of {grid[0]} orders, got {len(self.unseen)}")
        if self.n not in self.orders or self.k not in self.ks:
            raise ValueError(f"n = {self.n} must be one of {self.orders} and k = {self.k} one of {self.ks}")

    @staticmethod
    def measure(
        train: Sequence[str],
        dev: Sequence[str],
        orders: Sequence[int] = (1, 2, 3, 4, 5),
        ks: Sequence[float] = KS,
        samples: int = 6,
        seed: int = 1,
    ) -> dict[str, Any]:
        """The traits of the first group for these words; all words together give the alphabet."""
        alphabet = sorted({".", *"".join(train), *"".join(dev)})
        size = len(alphabet)
        grid: dict[str, Any] = {"orders": list(orders), "ks": list(ks), "uniform": round(math.log(size), 4)}
        grid |= {name: [] for name in ("train", "dev", "unseen", "samples")}
        for n in orders:
            seen = Counter(_grams(train, n))
            rows: defaultdict[str, dict[str, int]] = defaultdict(dict)
            for gram, count in seen.items():
                rows[gram[:-1]][gram[-1]] = count
            sums = {context: sum(row.values()) for context, row in rows.items()}
            for name, words in (("train", train), ("dev", dev)):
                # how often a count stands in a row with this sum: all that a loss depends on, whatever k is
                met = Counter((seen[gram], sums.get(gram[:-1], 0)) for gram in _grams(words, n))
                grid[name].append([_mean_loss(met, k, size) for k in ks])
            unseen = sum(times for (count, _), times in met.items() if not count) / met.total()
            grid["unseen"].append(round(unseen, 5))
            rng = random.Random(seed)
            grid["samples"].append([[_draw(rows, n, k, alphabet, rng) for _ in range(samples)] for k in ks])
        return grid


def _mean_loss(met: Counter[tuple[int, int]], k: float, size: int) -> float | None:
    total = 0.0
    for (count, row), times in met.items():
        if count + k == 0 < row:
            return None  # a probability of 0
        total += times * (math.log((row + k * size) / (count + k)) if row + k else math.log(size))
    return round(total / met.total(), 4)


def _draw(rows: dict[str, dict[str, int]], n: int, k: float, alphabet: list[str], rng: random.Random) -> str:
    """A word; one that does not end within 14 letters is cut there and ends in "…"."""
    word = ""
    while len(word) < 14:
        row = rows.get(("." * n + word)[len(word) + 1 :], {})
        constant, counted = k * len(alphabet), sum(row.values())  # k for each letter is a second, flat source
        flat = not counted or rng.random() * (constant + counted) < constant
        letter = rng.choice(alphabet) if flat else rng.choices(list(row), list(row.values()))[0]
        if letter == ".":
            return word or "(empty)"
        word += letter
    return f"{word}…"


@cache
def _course_grid() -> dict[str, Any]:
    split = course_split(given_names())
    return NgramChoice.measure(split.train, split.dev)
