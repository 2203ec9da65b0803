"""What a cell of hidden tests may not do, found on its syntax tree: each refusal says what to do instead.

These rules catch honest slips of an author, such as a probe that compares by itself. The proof that a probe tells
right from wrong is `autograder verify`.
"""

import ast
import builtins
from collections.abc import Iterable

from autograder.errors import LessonError
from autograder.observations import why_no_observation

JUDGE_TAKES = ["answer", "expected", "rng"]


def is_probe(node: ast.stmt) -> bool:
    """A function whose only parameter is `rng` and whose name does not begin with _ (these are helpers)."""
    if not isinstance(node, ast.FunctionDef) or is_judge(node) or node.name.startswith("_"):
        return False
    return _parameters(node) == ["rng"]


def is_judge(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and any(_mark(mark) == "judge" for mark in node.decorator_list)


def check_cell(tree: ast.Module, functions: set[str], given: set[str]) -> None:
    """Raises LessonError, without the place, if the cell breaks a rule.

    `functions` are those of the exercise and those that it uses; `given` is what else a probe finds: tools, packages.
    """
    _check_marks(tree)
    _refuse_shadows(tree, functions | given)
    _refuse_idle(tree)
    helpers = _helpers(tree)
    allowed = {*dir(builtins), *functions, *given, *helpers}
    for node in student_nodes(tree):
        if foreign := _free_names(node) - allowed:
            raise LessonError(
                f"{_title(node)} uses {', '.join(sorted(foreign))}, which it will not find; it may use the functions "
                "of its exercise, np, math, attempt, warned, the lesson's packages, what this cell defines, and what "
                "the solution cell's `:uses:` names"
            )
    callers = {name for name, node in helpers.items() if _reachable([node], helpers) & functions}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and is_probe(node):
            if not _reachable([node], helpers) & functions:
                raise LessonError(f"{_title(node)} calls no function of its exercise; return what one gives")
            inside = [part for part in ast.walk(node) if isinstance(part, ast.FunctionDef) and part is not node]
            outside = [part for part in helpers.values() if isinstance(part, ast.FunctionDef)]
            if slip := why_no_observation(node, [*outside, *inside], functions | callers):
                raise LessonError(
                    f"{_title(node)} {slip}; return what you observed (the array, the value): it is compared outside"
                )


def student_nodes(tree: ast.Module) -> list[ast.stmt]:
    """The part of a cell that goes to the student's process: probes and what they use, but what only judges use."""
    helpers = _helpers(tree)
    roots = [node for node in tree.body if is_probe(node) or not (_defined([node]) or is_judge(node))]
    used = _reachable(roots, helpers)
    return [node for node in tree.body if node in roots or (not is_judge(node) and used.intersection(_defined([node])))]


def _helpers(tree: ast.Module) -> dict[str, ast.stmt]:
    """What a cell defines beside probes and judges, by name."""
    others = [node for node in tree.body if not is_probe(node) and not is_judge(node)]
    return {name: node for node in others for name in _defined([node])}


def _check_marks(tree: ast.Module) -> None:
    """Decorators are calls and stand on probes and judges alone; a judge names a probe above it, one each."""
    unjudged = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and is_probe(node)}
    for node in tree.body:
        for mark in node.decorator_list if isinstance(node, ast.FunctionDef) else []:
            if not isinstance(mark, ast.Call):
                name = ast.unparse(mark)
                raise LessonError(f"{_title(node)}: write @{name}(...), with what belongs between the brackets")
            if not is_probe(node) and not is_judge(node):
                raise LessonError(
                    f"{_title(node)} has a mark @{_mark(mark)} but is no probe: a probe has the single parameter `rng` "
                    "and a name that does not begin with _"
                )
        if isinstance(node, ast.FunctionDef) and is_judge(node):
            target = ast.unparse(node.decorator_list[0].args[0])  # type: ignore[attr-defined]
            if target not in unjudged or len(_parameters(node)) != len(JUDGE_TAKES):
                raise LessonError(
                    f"the judge of {target}: write one function ({', '.join(JUDGE_TAKES)}) for a probe, and no second"
                )
            unjudged.remove(target)


def _refuse_shadows(tree: ast.Module, taken: set[str]) -> None:
    seen: set[str] = set()
    for node in tree.body:
        for name in [] if is_judge(node) else _defined([node]):
            if name in taken:
                raise LessonError(f"{_title(node)} takes the name {name} from what is tested; call it differently")
            if name in seen:
                raise LessonError(f"{_title(node)}: {name} is defined twice; every probe and helper needs its own name")
            seen.add(name)


def _refuse_idle(tree: ast.Module) -> None:
    """A helper that nothing uses was meant to be a probe."""
    used = {name for node in tree.body for name in _loaded(node, inside=True)}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not is_probe(node) and not is_judge(node) and node.name not in used:
            raise LessonError(f"{_title(node)} is used by no probe; a probe has the single parameter `rng`")


def _defined(nodes: Iterable[ast.stmt]) -> list[str]:
    """The names that statements of a cell's top level bind."""
    found = []
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.append(node.name)
        else:
            found += _stored(node)
    return found


def _stored(node: ast.AST) -> list[str]:
    """All names that are bound somewhere in a node: variables, parameters, functions, imports, caught errors."""
    found = []
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            found.append(part.id)
        elif isinstance(part, ast.arg):
            found.append(part.arg)
        elif isinstance(part, (ast.FunctionDef, ast.ClassDef)):
            found.append(part.name)
        elif isinstance(part, ast.alias):
            found.append((part.asname or part.name).split(".")[0])
        elif isinstance(part, ast.ExceptHandler) and part.name:
            found.append(part.name)
    return found


def _loaded(node: ast.AST, inside: bool = False) -> set[str]:
    """The names that a node reads; of a function, with `inside`, those of its body and parameters alone."""
    parts: list[ast.AST] = [node]
    if isinstance(node, ast.FunctionDef) and inside and not is_judge(node):
        parts = [node.args, *node.body]
    return {
        name.id
        for part in parts
        for name in ast.walk(part)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)
    }


def _free_names(node: ast.stmt) -> set[str]:
    return _loaded(node, inside=True) - set(_stored(node))


def _reachable(nodes: list[ast.stmt], helpers: dict[str, ast.stmt]) -> set[str]:
    """The names that statements read, themselves or through the helpers that they use."""
    found: set[str] = set()
    waiting = list(nodes)
    while waiting:
        new = _loaded(waiting.pop(), inside=True) - found
        found |= new
        waiting += [helpers[name] for name in new if name in helpers]
    return found


def _parameters(node: ast.FunctionDef) -> list[str]:
    """All parameters, with a star before those that are no ordinary one."""
    arguments = node.args
    special = [*arguments.posonlyargs, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return [argument.arg for argument in arguments.args] + ["*" + argument.arg for argument in special if argument]


def _mark(decorator: ast.expr) -> str:
    return ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)


def _title(node: ast.stmt) -> str:
    if isinstance(node, ast.FunctionDef):
        return f"the {'probe' if is_probe(node) else 'judge' if is_judge(node) else 'helper'} {node.name}"
    return f"line {node.lineno} of the cell"
