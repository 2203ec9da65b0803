"""Known wrong solutions and what they answer: a student whose wrong answers equal one's has that misconception."""

import threading
from itertools import islice
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.compare import Tolerance, difference
from autograder.expected import Expected
from autograder.frames import OUT_OF_TIME
from autograder.intake import Submission
from autograder.lesson import Exercise, Lesson
from autograder.probes import Probe, input_seed
from autograder.process import Reply, Runner
from autograder.sandbox import Limits
from autograder.steps import Step, cell_step, steps_of
from autograder.variants import Variant, read_variants
from autograder.verdict import verdict
from autograder.wire import Raised, WireError, decode, encode, leaves

# What a slip in a misconception's own source raises; a name that a branch left without a value can be a student's.
BROKEN = ("NameError", "ImportError", "ModuleNotFoundError", "SyntaxError")

# Cells between which one misconception leaves no name to the next.
REMEMBER = cell_step("remember", "_known = {*globals(), '_known', '_name'}", [])
FORGET = cell_step("forget", "for _name in {*globals()} - _known:\n    del globals()[_name]", [])


class Fingerprints:
    """The answers of an exercise's misconceptions, asked for when a student first fails in it."""

    def __init__(
        self,
        lesson: Lesson,
        solved: NotebookNode,
        expected: dict[str, dict[str, Expected]],
        seed: int,
        limits: Limits,
        cache: Path | None = None,
    ) -> None:
        """`cache` is a folder in which the answers are kept for the next run, and for equal inputs only."""
        self.lesson, self.solved, self.expected = lesson, solved, expected
        self.seed, self.limits, self.cache = seed, limits, cache
        path = lesson.folder / "misconceptions.py"
        self.variants = read_variants(path, "wrong") if path.is_file() else []
        self._answers: dict[str, list[dict[str, Any]]] = {}
        self._known: dict[str, list[set[str]]] = {}  # which probes each misconception fails
        self._locks = {name: threading.Lock() for name in lesson.exercises}

    def match(self, exercise: Exercise, replies: dict[str, Reply], process: Runner, named: list[str]) -> Variant | None:
        """The misconception with exactly these answers, or the one that a judge named."""
        candidates = self.of(exercise)
        if named:
            return next((variant for variant in candidates if variant.name == named[0]), None)
        answers = {name: _answer(reply) for name, reply in replies.items()}
        if not answers or not all(map(_is_telling, replies.values())):
            return None
        known = self.answers(exercise, process)
        failed = self._failed(exercise, answers)
        matches = [
            variant
            for variant, wrong, wrong_failed in zip(candidates, known, self._known_failed(exercise, known), strict=True)
            if wrong_failed == failed and _agree(exercise, wrong, answers, failed)
        ]
        return matches[0] if len({variant.sentence for variant in matches}) == 1 else None

    def answers(self, exercise: Exercise, process: Runner) -> list[dict[str, Any]]:
        """For each misconception of the exercise its answers by probe."""
        with self._locks[exercise.name]:
            if exercise.name not in self._answers:
                self._answers[exercise.name] = self._kept(exercise) or self._ask_all(exercise, process)
            return self._answers[exercise.name]

    def _ask_all(self, exercise: Exercise, process: Runner) -> list[dict[str, Any]]:
        """All in one run, as the cells before the exercise are the same; what came to grief there is asked alone."""
        runs = [self._steps(exercise, variant) for variant in self.of(exercise)]
        before = [*runs[0][0], REMEMBER] if runs else []
        together = [step for _, own in runs for step in (FORGET, *own)]
        replies = iter(process.run([*before, *together], self.limits)[len(before) :])
        answers = []
        for first, own in runs:
            came = list(islice(replies, 1, len(own) + 1))
            if any(reply.fate not in ("", OUT_OF_TIME) for reply in came):
                came = process.run([*first, *own], self.limits)[len(first) :]
            steps = zip(own, came, strict=True)
            answers.append({step["label"]: _answer(reply) for step, reply in steps if step["kind"] == "probe"})
        if self.cache is not None:
            self.cache.mkdir(parents=True, exist_ok=True)
            (self.cache / exercise.name).write_bytes(encode(answers))
        return answers

    def _steps(self, exercise: Exercise, variant: Variant) -> tuple[list[Step], list[Step]]:
        """The cells before an exercise, and the cells and probes of it with `variant` in it."""
        asked = {exercise.name: [probe.name for probe in exercise.probes]}
        submission = with_variant(self.solved, exercise, variant)
        steps = steps_of(self.lesson, self.solved, submission, self.seed, asked, checks=False)
        first = next(index for index, step in enumerate(steps) if step["label"] == exercise.name)
        last = max(index for index, step in enumerate(steps) if step["kind"] == "probe")
        return steps[:first], [step | {"exercise": variant.name} for step in steps[first : last + 1]]

    def _kept(self, exercise: Exercise) -> list[dict[str, Any]]:
        try:
            return list(decode((self.cache / exercise.name).read_bytes())) if self.cache is not None else []
        except (OSError, WireError):
            return []

    def of(self, exercise: Exercise) -> list[Variant]:
        return [variant for variant in self.variants if set(variant.targets) <= set(exercise.functions)]

    def broken(self, exercise: Exercise, process: Runner) -> list[tuple[Variant, str]]:
        """The misconceptions that every probe rejects for an error of BROKEN, if it rejects them at all."""
        found = []
        for variant, answers in zip(self.of(exercise), self.answers(exercise, process), strict=True):
            failed = self._failed(exercise, answers)
            errors = [_broken(answers[name]) for name in sorted(failed)]
            if errors and all(errors):
                found.append((variant, errors[0]))
        return found

    def _failed(self, exercise: Exercise, answers: dict[str, Any]) -> set[str]:
        """The probes that these answers fail."""
        return {probe.name for probe in exercise.probes if self._fails(exercise, probe, answers[probe.name])}

    def _known_failed(self, exercise: Exercise, known: list[dict[str, Any]]) -> list[set[str]]:
        if exercise.name not in self._known:
            self._known[exercise.name] = [self._failed(exercise, answers) for answers in known]
        return self._known[exercise.name]

    def _fails(self, exercise: Exercise, probe: Probe, answer: Any) -> bool:
        seed = input_seed(self.seed, self.lesson.name, exercise.name, probe.name)
        return bool(verdict(probe, self.expected[exercise.name][probe.name], answer, seed)[0])


def _answer(reply: Reply) -> Any:
    """What came, or why nothing did."""
    return reply.data.get("answer", Raised((reply.fate or "missing",)))


def _broken(answer: Any) -> str:
    """The error of BROKEN that stands in an answer, if one does."""
    return next((leaf.name for leaf in leaves(answer) if isinstance(leaf, Raised) and leaf.name in BROKEN), "")


def _is_telling(reply: Reply) -> bool:
    """Whether it came from the code itself: being too slow is a mistake like another, a crash can have any cause."""
    return "answer" in reply.data or reply.fate == OUT_OF_TIME


def _agree(exercise: Exercise, known: dict[str, Any], answers: dict[str, Any], failed: set[str]) -> bool:
    """Whether the wrong answers are the same.

    Errors alone say little: they count if some other behaviour holds, so that the function does work.
    """
    compared = [probe for probe in exercise.probes if probe.name in failed and probe.judge is None]
    if any(difference(known[probe.name], answers[probe.name], _loosely(probe)) for probe in compared):
        return False
    return len(failed) < len(exercise.probes) or not all(isinstance(known[name], Raised) for name in failed)


def _loosely(probe: Probe) -> Tolerance:
    """Two wrong answers are the same mistake if they agree about as well as a right one with the reference."""
    return Tolerance(max(probe.tolerance.rtol, 1e-7), probe.tolerance.atol)


def with_variant(solved: NotebookNode, exercise: Exercise, variant: Variant) -> Submission:
    """The reference as a submission, with `variant` spliced in behind the functions of its exercise."""
    submission = reference_submission(solved)
    submission.answers[exercise.name] = [*submission.answers[exercise.name], variant.code]
    return submission


def reference_submission(solved: NotebookNode) -> Submission:
    """What somebody would hand in who solved everything as the reference does."""
    answers = {
        cell.id: [cell.source] for cell in solved.cells if cell.metadata.get("course", {}).get("role") == "solution"
    }
    return Submission(answers=answers)
