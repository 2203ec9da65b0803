"""The second run of a submission, on public inputs: what its cells showed, and examples of what failed."""

from typing import Any

from nbformat import NotebookNode

from autograder.compare import difference
from autograder.expected import PUBLIC_SEED, Expected
from autograder.intake import Submission
from autograder.lesson import Lesson
from autograder.outputs import harmless
from autograder.probes import Probe, input_seed
from autograder.process import Reply, Runner
from autograder.replies import Answers, answers_by_exercise, reason, why_no_answer
from autograder.result import FAILED, PARTLY, Behaviour, ExerciseResult, Result
from autograder.sandbox import Limits
from autograder.show import show
from autograder.steps import Step, steps_of
from autograder.verdict import verdict

ONLY_THERE = "it holds for the example inputs that may be shown, but not for those that were graded"


def add_examples(
    lesson: Lesson,
    solved: NotebookNode,
    public: dict[str, dict[str, Expected]],
    result: Result,
    submission: Submission,
    answers: Answers,
    process: Runner,
    limits: Limits,
) -> None:
    """Runs the notebook with its visible checks and asks what was answered wrongly again, on public inputs."""
    wrong = {exercise.name: _wrong(lesson, exercise, answers.get(exercise.name, {})) for exercise in result.exercises}
    asked = {name: probes for name, probes in wrong.items() if probes}
    steps = steps_of(lesson, solved, submission, PUBLIC_SEED, asked)
    replies = process.run(steps, limits)
    result.cells = [
        _cell_record(step, reply) for step, reply in zip(steps, replies, strict=True) if step["kind"] == "cell"
    ]
    again = answers_by_exercise(steps, replies)
    for exercise in result.exercises:
        for probe, behaviour in _behaviours(lesson, exercise) if exercise.name in asked else []:
            if probe.name in asked[exercise.name]:
                seed = input_seed(PUBLIC_SEED, lesson.name, exercise.name, probe.name)
                _add_example(
                    probe, behaviour, public[exercise.name][probe.name], again[exercise.name][probe.name], seed
                )


def _behaviours(lesson: Lesson, result: ExerciseResult) -> list[tuple[Probe, Behaviour]]:
    return list(zip(lesson.exercises[result.name].probes, result.behaviours, strict=True))


def _wrong(lesson: Lesson, result: ExerciseResult, replies: dict[str, Reply]) -> list[str]:
    """The probes of an exercise that got an answer which was not right."""
    if result.name not in lesson.exercises or result.status not in (FAILED, PARTLY) or result.note:
        return []
    failed = [probe.name for probe, behaviour in _behaviours(lesson, result) if not behaviour.passed]
    return [name for name in failed if not why_no_answer(replies.get(name))]


def _add_example(probe: Probe, behaviour: Behaviour, expected: Expected, reply: Reply, seed: int) -> None:
    """Replaces what was said about the hidden inputs by what can be said about the public ones."""
    failure = why_no_answer(reply)
    message = failure or verdict(probe, expected, reply.data["answer"], seed)[0]
    behaviour.message = message or ONLY_THERE
    if failure or not message:
        return
    wanted, got, call = _first_difference(probe, expected, reply.data["answer"])
    behaviour.call, behaviour.expected = call, show(wanted)
    behaviour.got = "a text" if isinstance(got, str) and not isinstance(wanted, str) else show(got)


def _first_difference(probe: Probe, expected: Expected, answer: Any) -> tuple[Any, Any, str]:
    """The first item that differs, where both are lists of observations, and the call that it came from."""
    wanted, calls = expected.answer, expected.calls
    first_call = calls[0] if calls else ""
    lists = isinstance(wanted, (list, tuple)) and isinstance(answer, (list, tuple)) and len(wanted) == len(answer)
    if not lists or probe.judge is not None:
        return wanted, answer, first_call
    for index, (item, got) in enumerate(zip(wanted, answer, strict=True)):
        if difference(item, got, probe.tolerance):
            call = calls[index] if len(calls) == len(wanted) else first_call if len(calls) == 1 else ""
            return item, got, call
    return wanted, answer, first_call


def _cell_record(step: Step, reply: Reply) -> dict[str, Any]:
    outputs = harmless(reply.data.get("outputs"))
    return {"label": step["label"], "source": step["source"], "outputs": outputs, "fate": reason(reply.fate)}
