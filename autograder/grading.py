"""One submission -> one result: run it, ask the probes, compare with the reference, name the misconception."""

import time
from functools import cached_property
from typing import Any

from nbformat import NotebookNode

from autograder import worker
from autograder.autograded import with_checksums
from autograder.expected import PUBLIC_SEED, Expected, expected_answers
from autograder.fingerprints import Fingerprints
from autograder.intake import Submission
from autograder.lesson import Exercise, Lesson
from autograder.notebooks import solved_notebook
from autograder.outputs import harmless
from autograder.probes import Probe, input_seed
from autograder.process import Reply, WorkerProcess
from autograder.quiz import Quiz
from autograder.result import FAILED, NOT_ATTEMPTED, PARTLY, PASSED, Behaviour, ExerciseResult, Result
from autograder.sandbox import Limits
from autograder.shortcuts import forbidden_calls
from autograder.show import show
from autograder.steps import Step, steps_of
from autograder.verdict import verdict
from autograder.wire import Raised, leaves

REASONS = {  # what a student reads about a step without an answer
    worker.OUT_OF_TIME: "your code was still running when its time was over; look for a loop that does not end",
    worker.CRASHED: "your code ended the whole Python process, or used more memory than there is",
    worker.TOO_MUCH_DATA: "the answer is far too large",
    worker.NO_TIME_LEFT: "the notebook's time was used up before this exercise",
    worker.CRASHED_TOO_OFTEN: "the notebook crashed too often before this exercise",
}


class Grader:
    """Grades submissions of one lesson with one seed. What the reference answers is computed once."""

    def __init__(self, lesson: Lesson, seed: int, limits: Limits | None = None) -> None:
        self.lesson, self.seed = lesson, seed
        self.limits = limits or Limits()
        self.solved = solved_notebook(lesson)
        self.fingerprints = Fingerprints(lesson, self.solved, self.expected, seed, self.limits)

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

    def _reference(self, seed: int) -> dict[str, dict[str, Expected]]:
        return {name: expected_answers(self.lesson, task, seed) for name, task in self.lesson.exercises.items()}

    def grade(self, student: str, submission: Submission, process: WorkerProcess, only: str | None = None) -> Result:
        """The result of one submission, whatever it does; `only` restricts it to one exercise or quiz."""
        started = time.monotonic()
        lesson = self.lesson
        result = Result(student, lesson.name, "graded", self.seed, lesson.max_score, lesson.manual_max)
        result.notes = list(submission.notes)
        tasks = [only] if only else self._order()
        asked = {name: self._questions(name) for name in tasks}
        if submission.rejected:
            result.status = "rejected"
            result.notes.append(submission.rejected)
            steps, replies = [], []
        else:
            steps = steps_of(lesson, self.solved, submission, self.seed, asked, checks=only is None)
            replies = process.run(steps, self.limits)
        answers = _answers_by_exercise(steps, replies)
        result.cells = [
            _cell_record(step, reply) for step, reply in zip(steps, replies, strict=True) if step["kind"] == "cell"
        ]
        for name in tasks:
            if name in lesson.quizzes:
                result.exercises.append(_grade_quiz(lesson.quizzes[name], answers.get(name, {})))
            else:
                result.exercises.append(
                    self._grade_exercise(lesson.exercises[name], answers.get(name, {}), submission, process)
                )
        if not submission.rejected:
            self._add_examples(result, submission, answers, process)
            _note_lost_cells(result)
        result.score = round(sum(exercise.score for exercise in result.exercises), 2)
        result.manual_pending = bool(lesson.written) and not submission.rejected
        result.sandbox = process.level
        result.seconds = round(time.monotonic() - started, 3)
        return result

    def _questions(self, name: str) -> list[str]:
        exercise = self.lesson.exercises.get(name)
        return [probe.name for probe in exercise.probes] if exercise else [self.lesson.quizzes[name].variable]

    def _order(self) -> list[str]:
        names = [cell.name for cell in self.lesson.cells if cell.kind in ("solution", "quiz")]
        return list(dict.fromkeys(names))

    def _grade_exercise(
        self, exercise: Exercise, replies: dict[str, Reply], submission: Submission, process: WorkerProcess
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
        if result.status == FAILED and (names := _missing(replies)):
            result.note = f"Your notebook does not define {', '.join(names)}."
        return result

    def _shortcuts(self, exercise: Exercise, submission: Submission) -> list[str]:
        if not exercise.forbid:
            return []
        answer = "\n".join(submission.answers.get(exercise.name, []))
        others = [source for sources in submission.added.values() for source in sources]
        return forbidden_calls(answer, others, exercise.forbid)

    def _verdict(self, exercise: Exercise, probe: Probe, reply: Reply | None) -> tuple[str, str]:
        """("", "") if the behaviour holds, else what differs and the misconception that a judge named."""
        failure = _failure(reply)
        if failure:
            return failure, ""
        answer = reply.data["answer"]  # type: ignore[union-attr]
        seed = input_seed(self.seed, self.lesson.name, exercise.name, probe.name)
        return verdict(probe, self.expected[exercise.name][probe.name], answer, seed)

    def _add_examples(
        self, result: Result, submission: Submission, answers: dict[str, dict[str, Reply]], process: WorkerProcess
    ) -> None:
        """Asks what was answered wrongly again, in a fresh child, on public inputs: these may be shown."""
        wrong = {
            exercise.name: names
            for exercise in result.exercises
            if exercise.status in (FAILED, PARTLY) and not exercise.note
            if (names := self._answered_wrongly(exercise, answers.get(exercise.name, {})))
        }
        if not wrong:
            return
        steps = steps_of(self.lesson, self.solved, submission, PUBLIC_SEED, wrong, checks=False)
        again = _answers_by_exercise(steps, process.run(steps, self.limits))
        for exercise in result.exercises:
            if exercise.name in wrong:
                for probe, behaviour in self._behaviours(exercise):
                    if probe.name in again[exercise.name]:
                        _add_example(
                            behaviour, self.public[exercise.name][probe.name], again[exercise.name][probe.name]
                        )

    def _behaviours(self, result: ExerciseResult) -> list[tuple[Probe, Behaviour]]:
        return list(zip(self.lesson.exercises[result.name].probes, result.behaviours, strict=True))

    def _answered_wrongly(self, result: ExerciseResult, replies: dict[str, Reply]) -> list[str]:
        """The probes that got an answer which was not right."""
        if result.name not in self.lesson.exercises:
            return []
        failed = [probe.name for probe, behaviour in self._behaviours(result) if not behaviour.passed]
        return [name for name in failed if name in replies and not _failure(replies[name])]


def _add_example(behaviour: Behaviour, expected: Expected, reply: Reply) -> None:
    if reply.fate or "answer" not in reply.data:
        return
    answer = reply.data["answer"]
    behaviour.call, behaviour.expected = expected.call, show(expected.answer)
    wants_text = "str" in str(type(expected.answer)) or isinstance(expected.answer, (list, dict, tuple))
    behaviour.got = "a text" if isinstance(answer, str) and not wants_text else show(answer)


def _answers_by_exercise(steps: list[Step], replies: list[Reply]) -> dict[str, dict[str, Reply]]:
    answers: dict[str, dict[str, Reply]] = {}
    for step, reply in zip(steps, replies, strict=True):
        if step["kind"] == "probe":
            answers.setdefault(step["exercise"], {})[step["label"]] = reply
    return answers


def _failure(reply: Reply | None) -> str:
    """Why there is no answer to compare; "" if there is one."""
    if reply is None:
        return "nothing could be run"
    if reply.fate:
        return REASONS.get(reply.fate, reply.fate)
    if "missing" in reply.data:
        return "the name is not defined"
    if "answer" not in reply.data:
        return "the answer could not be read"
    return ""


def _missing(replies: dict[str, Reply]) -> list[str]:
    """The names that probes did not find; as they come from the student's process, only what looks like names."""
    lists = [reply.data.get("missing") for reply in replies.values()]
    found = {name for names in lists if isinstance(names, list) for name in names if isinstance(name, str)}
    return sorted(name for name in found if name.isidentifier())[:5]


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


def _grade_quiz(quiz: Quiz, replies: dict[str, Reply]) -> ExerciseResult:
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


def _cell_record(step: Step, reply: Reply) -> dict[str, Any]:
    return {
        "label": step["label"],
        "source": step["source"],
        "outputs": harmless(reply.data.get("outputs")),
        "fate": REASONS.get(reply.fate, reply.fate),
    }


def _note_lost_cells(result: Result) -> None:
    lost = [cell for cell in result.cells if cell["fate"]]
    for cell in lost:
        result.notes.append(f"the cell of {cell['label']} was lost: {cell['fate']}")
    if lost:
        result.status = "partly graded"
