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
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from autograder import observe
from autograder.compare import Tolerance
from autograder.errors import LessonError
from autograder.wire import Raised

Function = TypeVar("Function", bound=Callable[..., Any])
VERDICTS = {"allclose", "isclose", "array_equal", "array_equiv", "assert_allclose", "all", "any", "isfinite"}


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


def read_probes(source: str, reference: dict[str, Any], known: set[str], place: str) -> list[Probe]:
    """The probes of a cell, bound to the reference's functions; raises LessonError with `place` and a remedy."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise LessonError(f"{place}: line {error.lineno} of the cell is no Python: {error.msg}") from error
    namespace = {**reference, **TOOLS, **DECORATORS}
    probes = []
    for node in tree.body:
        exec(compile(ast.Module([node], []), place, "exec"), namespace)
        if is_probe(node):
            _refuse_verdicts(node, place)
            _refuse_foreign_names(node, reference, known, place)
            probes.append(namespace[node.name])  # type: ignore[attr-defined]
    if len({probe.__name__ for probe in probes}) < len(probes):
        raise LessonError(f"{place}: two probes have one name; every probe needs its own")
    return [_probe(function, place) for function in probes]  # judges are known only now


def is_probe(node: ast.stmt) -> bool:
    """A function whose only parameter is `rng` and whose name does not begin with _ (these are helpers)."""
    if not isinstance(node, ast.FunctionDef) or _is_judge(node) or node.name.startswith("_"):
        return False
    arguments = node.args
    return [argument.arg for argument in arguments.args] == ["rng"] and not (arguments.vararg or arguments.kwonlyargs)


def _is_judge(node: ast.FunctionDef) -> bool:
    calls = [mark for mark in node.decorator_list if isinstance(mark, ast.Call)]
    return any(isinstance(call.func, ast.Name) and call.func.id == "judge" for call in calls)


def _probe(function: Any, place: str) -> Probe:
    behaviour = (function.__doc__ or "").strip()
    if not behaviour or "\n" in behaviour:
        raise LessonError(
            f"{place}: the probe {function.__name__} needs a docstring of one line: the behaviour that it observes "
            "(the name of a helper begins with _)"
        )
    marks = vars(function)
    rtol, atol = marks.get("tolerance", (1e-7, 1e-9))
    accepted = tuple(marks.get("accepts", ()))
    share = float(marks.get("weight", 1))
    return Probe(function.__name__, behaviour, function, Tolerance(rtol, atol, accepted), share, marks.get("judge"))


def _refuse_verdicts(probe: ast.stmt, place: str) -> None:
    """A number or truth value computed in the student's process proves nothing: refuse what can be seen to be one."""
    name = probe.name  # type: ignore[attr-defined]
    remedy = "return what you observed (the array, the value); the comparison happens outside"
    for node in ast.walk(probe):
        if isinstance(node, ast.Assert):
            raise LessonError(f"{place}: the probe {name} asserts; {remedy}")
        if isinstance(node, ast.Return) and node.value is not None:
            parts = node.value.elts if isinstance(node.value, (ast.Tuple, ast.List)) else [node.value]
            if any(_is_verdict(part) for part in parts):
                raise LessonError(f"{place}: the probe {name} returns a verdict; {remedy}")


def _is_verdict(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    if isinstance(node, ast.Call):
        function = node.func
        called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if called in ("bool", "float", "int") and node.args:
            return _is_verdict(node.args[0])
        return called in VERDICTS
    return isinstance(node, (ast.Compare, ast.BoolOp))


def _refuse_foreign_names(probe: ast.stmt, reference: dict[str, Any], known: set[str], place: str) -> None:
    """A probe is given the names of its own exercise; using another one of the reference's would fail only later."""
    used = {node.id for node in ast.walk(probe) if isinstance(node, ast.Name)}
    solved = {name for name, value in reference.items() if getattr(value, "__module__", None) == "reference"}
    if foreign := (used & solved) - known:
        raise LessonError(
            f"{place}: the probe {probe.name} uses {', '.join(sorted(foreign))} of another exercise; "  # type: ignore[attr-defined]
            "name it in the solution cell's `:uses:` or do without"
        )


def student_side(source: str) -> str:
    """A probe cell as it goes to the student's process: without judges, decorators and docstrings of probes."""
    tree = ast.parse(source)
    kept = [node for node in tree.body if not (isinstance(node, ast.FunctionDef) and _is_judge(node))]
    for node in kept:
        if isinstance(node, ast.FunctionDef) and is_probe(node):
            node.decorator_list = []
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(ast.Module(kept, []))


def names_in(source: str, known: set[str]) -> list[str]:
    """The names of `known` that a probe cell uses: a student need not define the reference's private helpers."""
    used = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    return sorted(used & known)


def input_seed(seed: int, lesson: str, exercise: str, probe: str) -> int:
    """The seed of one probe's inputs: 128 bits that do not give the course's secret seed away."""
    text = f"{seed}/{lesson}/{exercise}/{probe}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")


def generator(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)
