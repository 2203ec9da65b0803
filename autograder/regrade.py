"""Who would gain or lose what, after a lesson or the grader changed; and one exercise once more, for an appeal."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from autograder.errors import CourseError
from autograder.grading import Grader
from autograder.intake import Submission
from autograder.outputs import text_of
from autograder.probes import input_seed
from autograder.process import Runner
from autograder.replies import answers_by_exercise, why_no_answer
from autograder.show import show
from autograder.steps import steps_of
from autograder.verdict import verdict

Row = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A student's points for one exercise, before and after; None where there was or is no such exercise."""

    student: str
    exercise: str
    old: float | None
    new: float | None

    @property
    def gain(self) -> float:
        return round((self.new or 0.0) - (self.old or 0.0), 2)


def changes(old: Row | None, new: Row) -> list[Change]:
    """What differs between two results of one student; `old` is None if there was none."""
    before, after = _points(old), _points(new)
    return [
        Change(new["student"], name, before.get(name), after.get(name))
        for name in dict.fromkeys([*after, *before])
        if before.get(name) != after.get(name)
    ]


def _points(row: Row | None) -> dict[str, float]:
    return {exercise["name"]: exercise["score"] for exercise in row["exercises"]} if row else {}


def summary(found: Iterable[Change]) -> str:
    """How many students gain, and how many lose, in a line."""
    totals: dict[str, float] = {}
    for change in found:
        totals[change.student] = totals.get(change.student, 0.0) + change.gain
    gain, lose = sum(total > 0.005 for total in totals.values()), sum(total < -0.005 for total in totals.values())
    return f"who gains: {gain}, who loses: {lose}, other points but the same sum: {len(totals) - gain - lose}"


@dataclass(frozen=True)
class Replayed:
    """One behaviour on the secret inputs, for the instructor's eyes only."""

    behaviour: str
    message: str  # "" if it holds
    calls: tuple[str, ...]
    expected: str
    got: str


def replay(grader: Grader, submission: Submission, process: Runner, name: str) -> list[Replayed]:
    """Runs the notebook once more, asks the probes of one exercise, and shows both answers to each."""
    lesson = grader.lesson
    if name not in lesson.exercises:
        raise CourseError(f"{lesson.name} has no exercise {name!r}; it has {', '.join(lesson.exercises)}")
    if submission.rejected:
        raise CourseError(f"the notebook was rejected: {submission.rejected}")
    exercise = lesson.exercises[name]
    asked = {name: [probe.name for probe in exercise.probes]}
    steps = steps_of(lesson, grader.solved, submission, grader.seed, asked, checks=False)
    replies = answers_by_exercise(steps, process.run(steps, grader.limits)).get(name, {})
    found = []
    for probe in exercise.probes:
        reply, expected = replies.get(probe.name), grader.expected[name][probe.name]
        got, message = "", why_no_answer(reply)
        if not message and reply is not None:
            seed = input_seed(grader.seed, lesson.name, name, probe.name)
            message, _ = verdict(probe, expected, reply.data["answer"], seed)
            got = show(reply.data["answer"])
        shown = show(expected.answer)
        found.append(Replayed(probe.behaviour, text_of(message), expected.calls[:5], shown, text_of(got)))
    return found
