"""Probes: small functions that observe what an exercise's functions do.

    def large_logits(rng):
        \"\"\"stays finite for logits around 1e4\"\"\"
        return softmax(rng.normal(size=(4, 7)) * 1e4)

A probe runs twice with equal random inputs: against the student's functions, in the sandbox, and against the
reference, here. What it returns is compared here (compare.py), or shown to a judge where the answer is not unique.
The decorators below state what a plain comparison cannot know.
"""

import ast
import hashlib
import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from autograder import observe
from autograder.compare import Tolerance
from autograder.errors import LessonError
from autograder.probe_rules import check_cell, is_probe, student_nodes
from autograder.wire import Raised

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mistake:
    """A judge's answer when it recognises a known misconception by name."""

    name: str


@dataclass(frozen=True)
class Probe:
    name: str
    behaviour: str
    function: Callable[[np.random.Generator], Any]
    tolerance: Tolerance
    weight: float
    judge: Callable[[Any, Any, np.random.Generator], str | Mistake | None] | None


@dataclass(frozen=True)
class Question:
    """A probe as source for the student's process, and the names of the student's that it uses."""

    source: str
    names: list[str]


def tolerance(rtol: float = 1e-7, atol: float = 1e-9) -> Callable[[Function], Function]:
    """How far a float may be from the reference's: atol + rtol * abs(expected)."""
    return _mark("tolerance", (rtol, atol))


def accepts(*names: str) -> Callable[[Function], Function]:
    """Names of exception classes that are right where the reference raises one."""
    return _mark("accepts", names)


def weight(share: float) -> Callable[[Function], Function]:
    """This probe's share of the points, where the others have 1."""
    return _mark("weight", share)


def judge(probe: Function) -> Callable[[Function], Function]:
    """Lets the decorated `(answer, expected, rng) -> None | sentence | Mistake` decide about `probe`'s answers."""

    def decorate(function: Function) -> Function:
        vars(probe)["judge"] = function
        vars(function)["is_judge"] = True
        return function

    return decorate


def _mark(key: str, value: Any) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        vars(function)[key] = value
        return function

    return decorate


TOOLS = {"math": math, "attempt": observe.attempt, "warned": observe.warned, "np": np, "Raised": Raised}
DECORATORS = {
    "tolerance": tolerance,
    "accepts": accepts,
    "weight": weight,
    "judge": judge,
    "Mistake": Mistake,
}


def read_probes(
    source: str,
    reference: dict[str, Any],
    functions: Iterable[str],
    place: str,
    uses: Iterable[str] = (),
    modules: Iterable[str] = (),
) -> list[Probe]:
    """The probes of a cell, bound to the reference's functions; raises LessonError with `place` and a remedy."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise LessonError(f"{place}: line {error.lineno} of the cell is no Python: {error.msg}") from error
    packages = {name: sys.modules[name] for name in modules if name in sys.modules}
    namespace = {**reference, **packages, **TOOLS, **DECORATORS}
    probes = []
    for node in tree.body:
        try:
            exec(compile(ast.Module([node], []), place, "exec"), namespace)
        except Exception as error:
            raise LessonError(
                f"{place}: line {node.lineno} of the cell does not run: {type(error).__name__}: {error}"
            ) from error
        if is_probe(node):
            probes.append(namespace[node.name])  # type: ignore[attr-defined]
    try:
        check_cell(tree, {*functions, *uses}, {*TOOLS, *packages})
        return [_probe(function) for function in probes]  # judges are known only now
    except LessonError as error:
        raise LessonError(f"{place}: {error}") from error


def _probe(function: Any) -> Probe:
    title = f"the probe {function.__name__}"
    behaviour = (function.__doc__ or "").strip()
    if not behaviour or "\n" in behaviour:
        raise LessonError(
            f"{title} needs a docstring of one line: the behaviour that it observes "
            "(the name of a helper begins with _)"
        )
    marks = vars(function)
    rtol, atol = marks.get("tolerance", (1e-7, 1e-9))
    accepted = tuple(marks.get("accepts", ()))
    share = marks.get("weight", 1)
    if not all(_is_finite(value) and value >= 0 for value in (rtol, atol)):
        raise LessonError(f"{title}: @tolerance takes numbers from 0 on, such as @tolerance(rtol=1e-6)")
    if not all(isinstance(name, str) for name in accepted):
        raise LessonError(f'{title}: @accepts takes names in quotes, such as @accepts("ValueError")')
    if not _is_finite(share) or share <= 0:
        raise LessonError(f"{title}: @weight takes a number above 0, such as @weight(2)")
    return Probe(
        function.__name__, behaviour, function, Tolerance(rtol, atol, accepted), float(share), marks.get("judge")
    )


def _is_finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def student_side(source: str, known: set[str]) -> dict[str, Question]:
    """A probe cell as it goes to the student's process: each probe with its helpers, without judges and marks."""
    kept = student_nodes(ast.parse(source))
    probes = {node.name: node for node in kept if isinstance(node, ast.FunctionDef) and is_probe(node)}
    for node in probes.values():
        node.decorator_list = []
        node.body = node.body[1:] or [ast.Pass()]  # the behaviour is named in the docstring
    return {name: _question(kept, probes, name, known) for name in probes}


def _question(kept: list[ast.stmt], probes: dict[str, ast.FunctionDef], name: str, known: set[str]) -> Question:
    called = {name} | _names(probes[name])
    others = [node for key, node in probes.items() if key not in called]
    nodes = [node for node in kept if node not in others]
    used = set().union(*(_names(node) for node in nodes))
    return Question(ast.unparse(ast.Module(nodes, [])), sorted(used & known))


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def input_seed(seed: int, lesson: str, exercise: str, probe: str) -> int:
    """The seed of one probe's inputs: 128 bits that do not give the course's secret seed away."""
    text = f"{seed}/{lesson}/{exercise}/{probe}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")


def generator(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)
