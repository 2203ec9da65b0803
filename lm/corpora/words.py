"""Lists of words, one name each, and the course's split into training, development and test."""

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lm.corpora.remote import NAMES, content

GIVEN_NAMES = Path(__file__).parents[1] / "data" / "given_names.txt"


def given_names() -> list[str]:
    """About 17,000 given names of many cultures, each once, in alphabetical order, in the letters a-z.

    The list was written for this course. Names of other scripts stand in a common romanisation, accents are left
    out. Its file groups the names by culture; a name that is at home in several stands in the first.

    >>> given_names()[:3]
    ['aadhavan', 'aadu', 'aafke']
    """
    return list(_given_names())


@cache
def _given_names() -> tuple[str, ...]:
    lines = GIVEN_NAMES.read_text(encoding="utf-8").splitlines()
    return tuple(sorted(name for line in lines if not line.startswith("#") for name in line.split()))


def names(path: str | Path | None = None) -> list[str]:
    """The 32,033 names of names.txt (Karpathy, makemore), in the order of the file.

    Downloaded once and kept, or read from `path`. Raises CorpusError if the file cannot be had or is another one.
    """
    return content(NAMES, path).split()


class Split(NamedTuple):
    """Words in three lists that have no place of the shuffled list in common."""

    train: list[str]
    dev: list[str]
    test: list[str]


def course_split(words: Sequence[str], seed: int = 42) -> Split:
    """The split that every number of the course belongs to: shuffled by `random.Random(seed)`, then 80, 10, 10 %.

    `words` is not changed.

    >>> [len(part) for part in course_split("a b c d e f g h i j k".split())]
    [8, 1, 2]
    """
    deck = list(words)
    random.Random(seed).shuffle(deck)
    eight, nine = (len(deck) * tenths // 10 for tenths in (8, 9))
    return Split(train=deck[:eight], dev=deck[eight:nine], test=deck[nine:])
