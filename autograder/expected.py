"""What the reference answers to the probes, computed outside of any sandbox, once for a lesson and seed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from types import FunctionType
from typing import Any

from autograder.errors import LessonError
from autograder.lesson import Exercise, Lesson
from autograder.probes import Probe, generator, input_seed
from autograder.show import show_call
from autograder.wire import Opaque, Raised, decode, encode, leaves

MAX_CALLS = 100  # of those that are written down; a probe that trains a model makes thousands
PUBLIC_SEED = 0  # examples in feedback are of these inputs; the graded inputs are of the course's secret seed


@dataclass(frozen=True)
class Expected:
    answer: Any
    calls: tuple[str, ...]  # the calls of the exercise's functions, as text


def expected_answers(lesson: Lesson, exercise: Exercise, seed: int) -> dict[str, Expected]:
    """The reference's answer to each probe of an exercise; raises LessonError if a probe is of no use."""
    return {probe.name: _ask_reference(lesson, exercise, probe, seed) for probe in exercise.probes}


def _ask_reference(lesson: Lesson, exercise: Exercise, probe: Probe, seed: int) -> Expected:
    rng = generator(input_seed(seed, lesson.name, exercise.name, probe.name))
    calls: list[str] = []
    place = f"{lesson.name}: the probe {probe.name} of {exercise.name}"
    with _recording(probe.function, exercise.functions, calls):
        try:
            answer = decode(encode(probe.function(rng)))
        except Exception as error:
            raise LessonError(f"{place} fails on the reference itself: {type(error).__name__}: {error}") from error
    observed = list(leaves(answer))
    if any(isinstance(leaf, Opaque) for leaf in observed):
        raise LessonError(f"{place} returns something that is no plain data; return arrays, numbers or texts")
    if all(leaf is None for leaf in observed):
        raise LessonError(f"{place} returns nothing that could be wrong; return what the exercise's functions return")
    if all(isinstance(leaf, Raised) for leaf in observed):
        raise LessonError(f"{place} only expects an error; let it return the value of a valid call too")
    return Expected(answer, tuple(calls))


@contextmanager
def _recording(probe: Callable[..., Any], names: tuple[str, ...], calls: list[str]) -> Iterator[None]:
    """Notes, while the probe runs, how it calls the functions of the exercise."""
    scope = probe.__globals__
    originals = {name: scope[name] for name in names if isinstance(scope.get(name), FunctionType)}

    def recorder(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)  # a probe may look at the signature
        def call(*args: Any, **kwargs: Any) -> Any:
            if len(calls) < MAX_CALLS:
                calls.append(show_call(name, args, kwargs))
            return function(*args, **kwargs)

        return call

    scope.update({name: recorder(name, function) for name, function in originals.items()})
    try:
        yield
    finally:
        scope.update(originals)
