"""Whether a probe observes or judges: a number or truth value computed in the student's process proves nothing.

What can be seen on the syntax tree to be a verdict is found here; an error norm, for one, cannot be seen.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

VERDICTS = {"allclose", "isclose", "array_equal", "array_equiv", "assert_allclose", "all", "any", "isfinite"}
# Calls that leave a verdict one: sum(a == b), np.array(a == b), (a == b).mean()
KEEPING = {"bool", "float", "int", "str", "list", "tuple", "sum", "mean", "array", "asarray", "item", "tolist"}


@dataclass
class Names:
    """Names that mean something while an expression is read."""

    answers: set[str]  # the exercise's functions, and variables that hold what they returned
    verdicts: set[str]  # variables that hold a verdict, and helpers that return one


def why_no_observation(probe: ast.FunctionDef, helpers: list[ast.FunctionDef], functions: Iterable[str]) -> str:
    """What a probe does in the place of returning observations, such as "asserts"; "" if it returns them.

    `functions` are those of its exercise, and the helpers that call them; `helpers` stand in the order of the cell.
    """
    if any(isinstance(node, ast.Assert) for node in ast.walk(probe)):
        return "asserts"
    returned = list(_returns(probe))
    if not returned or any(isinstance(value, ast.Constant) for value in returned):
        return "does not return what it observed"
    guilty: set[str] = set()
    for helper in helpers:
        parameters = [node.arg for node in ast.walk(helper.args) if isinstance(node, ast.arg)]
        if helper is not probe and _verdict_in(helper, Names({*functions, *parameters}, set(guilty))):
            guilty.add(helper.name)
    return "returns a verdict" if _verdict_in(probe, Names(set(functions), guilty)) else ""


def _verdict_in(function: ast.FunctionDef, names: Names) -> bool:
    """Whether a return of the function is a verdict about an answer, by itself or through a variable."""
    for node in [*_own(function), *_own(function)]:  # twice: a comprehension binds its name behind where it is used
        if isinstance(node, ast.Assign):
            names.answers |= _names(*node.targets) if _mentions(node.value, names.answers) else set()
            names.verdicts |= _names(*node.targets) if _is_verdict(node.value, names) else set()
        elif isinstance(node, (ast.For, ast.comprehension)):
            names.answers |= _names(node.target) if _mentions(node.iter, names.answers) else set()
        elif isinstance(node, ast.Call) and any(_is_verdict(part, names) for part in node.args):
            names.verdicts |= _filled(node)
    return any(_is_verdict(value, names) for value in _returns(function))


def _filled(call: ast.Call) -> set[str]:
    """{"found"} for the call found.append(...)."""
    method = call.func
    if isinstance(method, ast.Attribute) and method.attr in ("append", "add") and isinstance(method.value, ast.Name):
        return {method.value.id}
    return set()


def _is_verdict(node: ast.expr | None, names: Names) -> bool:
    """Whether the value of an expression is a truth value about an answer, or made of some."""
    called = ""
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if isinstance(node, ast.Constant):
        return isinstance(node.value, bool)
    if isinstance(node, ast.Name):
        return node.id in names.verdicts
    is_truth_value = isinstance(node, (ast.Compare, ast.BoolOp)) or called in VERDICTS
    if is_truth_value or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
        return _mentions(node, names.answers)
    if called in names.verdicts:
        return _mentions(node, names.answers)
    return any(_is_verdict(part, names) for part in _values(node, called))


def _values(node: ast.expr | None, called: str) -> list[ast.expr | None]:
    """The parts of an expression that its value is made of."""
    if isinstance(node, ast.Call) and called in KEEPING:
        return [*node.args, *([node.func.value] if isinstance(node.func, ast.Attribute) else [])]
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return list(node.elts)
    if isinstance(node, ast.Dict):
        return list(node.values)
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        return [node.elt]
    if isinstance(node, ast.IfExp):
        both = [node.body, node.orelse]
        return [node.test] if all(isinstance(part, ast.Constant) for part in both) else list(both)
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    if isinstance(node, (ast.NamedExpr, ast.Starred, ast.Subscript, ast.Attribute, ast.DictComp)):
        return [node.value]
    return []


def _mentions(node: ast.expr | None, names: set[str]) -> bool:
    return node is not None and not names.isdisjoint(_names(node))


def _names(*nodes: ast.expr) -> set[str]:
    return {part.id for node in nodes for part in ast.walk(node) if isinstance(part, ast.Name)}


def _own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of a function in their order, without those of functions inside it."""
    waiting: list[ast.AST] = list(reversed(function.body))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.Lambda)):
            waiting += reversed(list(ast.iter_child_nodes(node)))


def _returns(function: ast.FunctionDef) -> Iterator[ast.expr]:
    for node in _own(function):
        if isinstance(node, ast.Return):
            yield node.value or ast.Constant(None)
