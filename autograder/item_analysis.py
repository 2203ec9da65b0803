"""How hard each exercise and behaviour was, how well it tells students apart, and which mistakes were made.

Difficulty is the mean share of the points (the classical "item difficulty": 1 is easy). Discrimination is the corrected
item-total correlation: Pearson's r between the points of an exercise and those of all *other* exercises, so that an
exercise is not compared with itself (Nunnally and Bernstein, Psychometric Theory, 3rd edition, 1994, chapter 8). For a
behaviour, which holds or does not, the same number is called point-biserial.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import StatisticsError, correlation, mean
from typing import Any

from autograder.result import NOT_ATTEMPTED, PASSED

FEWEST = 5  # students from whom on a correlation is shown at all
WEAK = 0.2  # below this, an exercise deserves a look (Ebel, Essentials of Educational Measurement, 1972)

Row = dict[str, Any]  # a stored result, as `--results` writes it


@dataclass(frozen=True)
class Item:
    """An exercise, a quiz or one behaviour, over the class."""

    name: str
    title: str
    students: int
    share: float  # the mean share of the points, or of students with whom the behaviour holds
    discrimination: float | None  # None where nothing can be said: too few students, or all alike
    number: str = ""
    points: float = 0.0
    solved: int = 0
    not_attempted: int = 0
    behaviours: tuple["Item", ...] = ()


@dataclass
class Mistake:
    """A misconception that was recognised, or a wrong choice in a quiz."""

    name: str
    exercise: str  # its number, "" for a quiz
    title: str
    sentence: str
    students: list[str] = field(default_factory=list)


def items(rows: Sequence[Row]) -> list[Item]:
    """Every exercise and quiz, in the order of the lesson; rejected submissions do not count."""
    rows = [row for row in rows if row["status"] != "rejected"]
    names = list(dict.fromkeys(exercise["name"] for row in rows for exercise in row["exercises"]))
    return [_item(name, rows) for name in names]


def _item(name: str, rows: Sequence[Row]) -> Item:
    pairs = [(_of(row, name), row) for row in rows]
    answers = [(exercise, row["score"] - exercise["score"]) for exercise, row in pairs if exercise]
    rest = [others for _, others in answers]
    first = answers[0][0]
    shares = [exercise["score"] / exercise["max_score"] for exercise, _ in answers]
    behaviours = dict.fromkeys(behaviour["name"] for exercise, _ in answers for behaviour in exercise["behaviours"])
    return Item(
        name,
        first["title"],
        len(answers),
        mean(shares),
        discrimination(shares, rest),
        first["number"],
        first["max_score"],
        sum(exercise["status"] == PASSED for exercise, _ in answers),
        sum(exercise["status"] == NOT_ATTEMPTED for exercise, _ in answers),
        tuple(_behaviour(behaviour, answers) for behaviour in behaviours) if first["number"] else (),
    )


def _behaviour(name: str, answers: list[tuple[Row, float]]) -> Item:
    seen = [
        (float(behaviour["passed"]), rest)
        for exercise, rest in answers
        for behaviour in exercise["behaviours"]
        if behaviour["name"] == name
    ]
    held = [passed for passed, _ in seen]
    return Item(name, name, len(seen), mean(held), discrimination(held, [rest for _, rest in seen]))


def _of(row: Row, name: str) -> Row | None:
    return next((exercise for exercise in row["exercises"] if exercise["name"] == name), None)


def discrimination(scores: Sequence[float], rest: Sequence[float]) -> float | None:
    """Pearson's correlation; None for fewer than FEWEST students, or if one of the two is the same for all."""
    if len(scores) < FEWEST:
        return None
    try:
        return round(correlation(scores, rest), 3)
    except StatisticsError:
        return None


def mistakes(rows: Iterable[Row]) -> list[Mistake]:
    """What was recognised, the most frequent first."""
    found: dict[tuple[str, str], Mistake] = {}
    for row in rows:
        for exercise in row["exercises"]:
            if name := exercise["misconception"]:
                new = Mistake(name, exercise["number"], exercise["title"], exercise["sentence"])
                found.setdefault((exercise["name"], name), new).students.append(row["student"])
    return sorted(found.values(), key=lambda mistake: -len(mistake.students))
