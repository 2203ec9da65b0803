"""What grading finds out about one submission, as plain dataclasses that become JSON."""

from dataclasses import dataclass, field
from typing import Any

PASSED, PARTLY, FAILED, NOT_ATTEMPTED = "passed", "partly", "failed", "not attempted"


@dataclass
class Behaviour:
    """One probe's outcome. The example (call, expected, got) is of public inputs, never of the graded ones."""

    name: str
    passed: bool
    message: str = ""
    call: str = ""
    expected: str = ""
    got: str = ""


@dataclass
class ExerciseResult:
    name: str
    number: str  # "1.10"; "" for a quiz
    title: str
    score: float
    max_score: float
    status: str
    section: str = ""
    misconception: str | None = None
    sentence: str = ""  # what the student should read: the misconception's, or a quiz choice's reason
    note: str = ""  # what kept the exercise from being graded as usual
    behaviours: list[Behaviour] = field(default_factory=list)


@dataclass
class Result:
    """One submission. `status` is "graded", "partly graded" (something could not be graded) or "rejected"."""

    student: str
    week: str
    status: str
    seed: int
    max_score: float
    manual_max: float
    score: float = 0.0
    notes: list[str] = field(default_factory=list)
    manual_score: float | None = None
    manual_pending: bool = False
    seconds: float = 0.0
    sandbox: str = ""  # the level at which the student's code ran
    exercises: list[ExerciseResult] = field(default_factory=list)
    cells: list[dict[str, Any]] = field(default_factory=list)  # what ran: {"label", "source", "outputs", "fate"}

    def as_json(self) -> dict[str, Any]:
        """The result without the cells: what `--results` writes."""
        exercises = [
            vars(exercise) | {"behaviours": [dict(vars(b)) for b in exercise.behaviours]} for exercise in self.exercises
        ]
        return {name: value for name, value in vars(self).items() if name != "cells"} | {"exercises": exercises}
