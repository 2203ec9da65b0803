"""The steps in which a submission is run: cells in the order of the course's notebook, probes behind their exercise."""

from functools import lru_cache
from typing import Any

from nbformat import NotebookNode

from autograder.intake import Submission
from autograder.lesson import Exercise, Lesson
from autograder.probes import input_seed
from autograder.syntax import compiled
from autograder.wire import encode

Step = dict[str, Any]  # "kind", "label", "exercise" of a probe, and "request": what the student's process is sent


def steps_of(
    lesson: Lesson,
    solved: NotebookNode,
    submission: Submission,
    seed: int,
    asked: dict[str, list[str]],
    checks: bool = True,
) -> list[Step]:
    """The cells to run and the probes to ask; `asked` maps an exercise to the names of its probes.

    The names of an exercise are bound when its cell has run, and again only if a cell of the student's defines a
    function of that name before the next exercise begins: a later `softmax = softmax(z)` does no harm.
    """
    steps: list[Step] = []
    current = ""
    for cell in solved.cells:
        role = cell.metadata.get("course", {}).get("role", "text")
        if role == "solution":
            steps += _probe_steps(lesson, current, seed, asked)
            current = cell.id
        steps += [
            cell_step(cell.id, source, _binds(lesson, current)) for source in _sources(cell, role, submission, checks)
        ]
        added = submission.added.get(cell.id, [])
        steps += [cell_step("added", source, _binds(lesson, current)) for source in added]
    return steps + _probe_steps(lesson, current, seed, asked)


def _sources(cell: NotebookNode, role: str, submission: Submission, checks: bool) -> list[str]:
    if role == "solution":
        return submission.answers.get(cell.id, [])
    return [cell.source] if role == "given" or (role == "check" and checks) else []


def _binds(lesson: Lesson, name: str) -> list[str]:
    if name in lesson.exercises:
        return list(lesson.exercises[name].functions)
    return [lesson.quizzes[name].variable] if name in lesson.quizzes else []


def cell_step(label: str, source: str, binds: list[str]) -> Step:
    """A cell to run; the names in `binds` are what it is to define."""
    request = encode({"kind": "cell", "source": source, "binds": binds})
    return {"kind": "cell", "label": label, "source": source, "request": request}


def _probe_steps(lesson: Lesson, name: str, seed: int, asked: dict[str, list[str]]) -> list[Step]:
    if name in lesson.quizzes and name in asked:
        variable = lesson.quizzes[name].variable
        return [
            probe_step(
                name,
                variable,
                [variable],
                f"def {variable}_(rng):\n    return {variable}",
                f"{variable}_",
                0,
                [],
            )
        ]
    if name not in lesson.exercises or name not in asked:
        return []
    exercise: Exercise = lesson.exercises[name]
    modules = sorted({"math", *lesson.packages})
    steps = []
    for probe in asked[name]:
        question = exercise.questions[probe]
        secret = input_seed(seed, lesson.name, name, probe)
        steps.append(probe_step(name, probe, question.names, question.source, probe, secret, modules))
    return steps


def probe_step(
    exercise: str, label: str, names: list[str], source: str, probe: str, seed: int, modules: list[str]
) -> Step:
    """A probe to ask: the function `probe` of `source`, which uses `names` of the student's and `modules`."""
    request = _probe_request(tuple(names), source, probe, seed, tuple(modules))
    return {"kind": "probe", "exercise": exercise, "label": label, "request": request}


@lru_cache(maxsize=10_000)  # the same questions go to every student
def _probe_request(names: tuple[str, ...], source: str, probe: str, seed: int, modules: tuple[str, ...]) -> bytes:
    code = compiled(source, "<probe>")  # here, once, and not in the process of every student
    return encode(
        {"kind": "probe", "names": names, "code": code, "probe": probe, "seed": seed, "modules": list(modules)}
    )
