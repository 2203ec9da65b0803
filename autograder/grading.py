"""One submission -> one result: run it, ask the probes, compare with the reference, name the misconception."""

import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograder.autograded import with_checksums
from autograder.examples import add_examples
from autograder.expected import PUBLIC_SEED, Expected, expected_answers
from autograder.fingerprints import Fingerprints
from autograder.intake import Submission
from autograder.late import CONFIG
from autograder.lesson import Exercise, Lesson
from autograder.notebooks import solved_notebook
from autograder.outputs import text_of
from autograder.probes import Probe, input_seed
from autograder.process import Reply, Runner
from autograder.quiz import Quiz
from autograder.replies import Answers, answers_by_exercise, reason, why_no_answer
from autograder.result import FAILED, NOT_ATTEMPTED, PARTLY, PASSED, Behaviour, ExerciseResult, Result
from autograder.sandbox import Limits
from autograder.shortcuts import forbidden_calls
from autograder.steps import steps_of
from autograder.store import digest
from autograder.verdict import verdict
from autograder.wire import Raised, leaves

# Of an answer to hidden inputs no more is told, as even its shape or a class's name can hold these inputs.
NOT_RIGHT, NO_CODE_YET = "the answer is not right", "there is no code here yet"


class Grader:
    """Grades submissions of one lesson with one seed. What the reference answers is computed once."""

    def __init__(self, lesson: Lesson, seed: int, limits: Limits | None = None, cache: Path | None = None) -> None:
        """`cache` is a folder for what is worth keeping from one run to the next."""
        self.lesson, self.seed = lesson, seed
        self.limits = limits or Limits()
        self.solved = solved_notebook(lesson)
        folder = cache / self.key[:20] if cache else None
        self.fingerprints = Fingerprints(lesson, self.solved, self.expected, seed, self.limits, folder)

    @cached_property
    def key(self) -> str:
        """What a result depends on besides the submission: the lesson, the seed, the limits, and the grader itself."""
        grader = sorted(path for path in Path(__file__).parent.glob("*.py") if path != CONFIG)  # of penalties alone
        return digest(self.lesson.folder, self.seed, self.limits, *grader)

    @cached_property
    def form(self) -> NotebookNode:
        """The notebook into which graded copies are written."""
        return with_checksums(self.solved)

    @cached_property
    def expected(self) -> dict[str, dict[str, Expected]]:
        return self._reference(self.seed)

    @cached_property
    def public(self) -> dict[str, dict[str, Expected]]:
        return self._reference(PUBLIC_SEED)

    def prepare(self) -> None:
        """Computes what all submissions share, before several threads ask for it."""
        _ = self.expected, self.public, self.form

    def _reference(self, seed: int) -> dict[str, dict[str, Expected]]:
        return {name: expected_answers(self.lesson, task, seed) for name, task in self.lesson.exercises.items()}

    def grade(self, student: str, submission: Submission, process: Runner, only: str | None = None) -> Result:
        """The result of one submission, whatever it does; `only` grades one exercise or quiz, without examples.

        The notebook runs twice. The first run answers the hidden questions, and nothing else of it is ever shown: the
        student's code could put a hidden input into anything it prints or raises. What is shown comes from the second
        run, which sees public inputs only; where all is right and nothing was shown, it is left out.
        """
        started = time.monotonic()
        result = Result(student, self.lesson.name, "graded", self.seed, self.lesson.max_score, self.lesson.manual_max)
        result.notes = [text_of(note) for note in submission.notes]
        answers, showed = Answers(), False
        if submission.rejected:
            result.status = "rejected"
            result.notes.append(submission.rejected)
        else:
            answers, showed = self._ask(submission, only, process, result)
        for name in [only] if only else self._order():
            replies = answers.get(name, {})
            if name in self.lesson.quizzes:
                result.exercises.append(grade_quiz(self.lesson.quizzes[name], replies))
            else:
                exercise = self.lesson.exercises[name]
                result.exercises.append(self._grade_exercise(exercise, replies, submission, process))
        right = all(exercise.status == PASSED for exercise in result.exercises)
        if not submission.rejected and not only and (showed or not right):
            add_examples(self.lesson, self.solved, self.public, result, submission, answers, process, self.limits)
        result.score = round(sum(exercise.score for exercise in result.exercises), 2)
        result.manual_pending = bool(self.lesson.written) and not submission.rejected
        result.sandbox = process.level
        result.seconds = round(time.monotonic() - started, 3)
        return result

    def _ask(self, submission: Submission, only: str | None, process: Runner, result: Result) -> tuple[Answers, bool]:
        """The first run: every hidden question, on the secret inputs. Also whether any cell showed something."""
        asked = {name: self._questions(name) for name in ([only] if only else self._order())}
        steps = steps_of(self.lesson, self.solved, submission, self.seed, asked, checks=False)
        replies = process.run(steps, replace(self.limits, pictures=0))
        cells = [(step, reply) for step, reply in zip(steps, replies, strict=True) if step["kind"] == "cell"]
        for step, reply in cells:
            if reply.fate:
                result.status = "partly graded"
                result.notes.append(f"the cell of {step['label']} was lost: {reason(reply.fate)}")
        showed = any(reply.fate or reply.data.get("outputs") for _, reply in cells)
        return answers_by_exercise(steps, replies), showed

    def _questions(self, name: str) -> list[str]:
        exercise = self.lesson.exercises.get(name)
        return [probe.name for probe in exercise.probes] if exercise else [self.lesson.quizzes[name].variable]

    def _order(self) -> list[str]:
        names = [cell.name for cell in self.lesson.cells if cell.kind in ("solution", "quiz")]
        return list(dict.fromkeys(names))

    def _grade_exercise(
        self, exercise: Exercise, replies: dict[str, Reply], submission: Submission, process: Runner
    ) -> ExerciseResult:
        result = ExerciseResult(
            exercise.name, exercise.number, exercise.title, 0.0, exercise.points, FAILED, exercise.section
        )
        shortcuts = self._shortcuts(exercise, submission)
        mistakes: list[str] = []
        for probe in exercise.probes:
            message, mistake = self._verdict(exercise, probe, replies.get(probe.name))
            mistakes += [mistake] if mistake else []
            result.behaviours.append(Behaviour(probe.behaviour, not message and not shortcuts, message))
        if shortcuts:
            result.note = f"This exercise asks you to do without {', '.join(shortcuts)}."
            return result
        result.score = _share(exercise, result.behaviours)
        result.status = _status(result.behaviours, replies)
        if result.status in (FAILED, PARTLY) and replies:
            match = self.fingerprints.match(exercise, replies, process, mistakes)
            if match:
                result.misconception, result.sentence = match.name, match.sentence
        if result.status == FAILED and (names := _missing(exercise, replies)):
            result.note = f"Your notebook does not define {', '.join(names)}."
        return result

    def _shortcuts(self, exercise: Exercise, submission: Submission) -> list[str]:
        if not exercise.forbid:
            return []
        answer = "\n".join(submission.answers.get(exercise.name, []))
        given = [cell.source for cell in self.lesson.cells if cell.kind == "given"]
        added = [source for sources in submission.added.values() for source in sources]
        return forbidden_calls(answer, [*given, *added], exercise.forbid)

    def _verdict(self, exercise: Exercise, probe: Probe, reply: Reply | None) -> tuple[str, str]:
        """("", "") if the behaviour holds, else what differs and the misconception that a judge named."""
        failure = why_no_answer(reply)
        if failure:
            return failure, ""
        answer = reply.data["answer"]  # type: ignore[union-attr]
        seed = input_seed(self.seed, self.lesson.name, exercise.name, probe.name)
        message, mistake = verdict(probe, self.expected[exercise.name][probe.name], answer, seed)
        return message and (NO_CODE_YET if _is_stub(answer) else NOT_RIGHT), mistake


def _missing(exercise: Exercise, replies: dict[str, Reply]) -> list[str]:
    """The names of the exercise that the notebook does not define."""
    lists = [reply.data.get("missing") for reply in replies.values()]
    missing = {name for names in lists if isinstance(names, list) for name in names if isinstance(name, str)}
    return [name for name in exercise.asks_for if name in missing]


def _share(exercise: Exercise, behaviours: list[Behaviour]) -> float:
    total = sum(probe.weight for probe in exercise.probes)
    held = sum(probe.weight for probe, behaviour in zip(exercise.probes, behaviours, strict=True) if behaviour.passed)
    return float(exercise.points) if held == total else round(exercise.points * held / total, 2)


def _status(behaviours: list[Behaviour], replies: dict[str, Reply]) -> str:
    passed = sum(behaviour.passed for behaviour in behaviours)
    if passed == len(behaviours):
        return PASSED
    if passed:
        return PARTLY
    answers = [reply.data.get("answer") for reply in replies.values()]
    return NOT_ATTEMPTED if answers and all(_is_stub(answer) for answer in answers) else FAILED


def _is_stub(answer: Any) -> bool:
    """Whether an answer is that of an untouched stub, as far as the probe got."""
    return any(isinstance(leaf, Raised) and leaf.name == "NotImplementedError" for leaf in leaves(answer))


def grade_quiz(quiz: Quiz, replies: dict[str, Reply]) -> ExerciseResult:
    reply = replies.get(quiz.variable)
    answer: Any = reply.data.get("answer") if reply else None
    letter = quiz.letter(answer)
    right = letter == quiz.right
    status = PASSED if right else FAILED if letter else NOT_ATTEMPTED
    result = ExerciseResult(quiz.name, "", quiz.title, float(quiz.points) if right else 0.0, quiz.points, status)
    if letter:
        result.sentence = f"You chose {letter}. {quiz.reason(letter)}"
        result.misconception = None if right else f"{quiz.name}_{letter}"
    elif answer is not None:
        result.note = f"The answer must be one of the letters {', '.join('ABCDE'[: len(quiz.choices)])}, in quotes."
    result.behaviours = [
        Behaviour("the right choice", right, "" if right else "another choice" if letter else "no answer")
    ]
    return result
