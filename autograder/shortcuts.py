"""Finding library calls that an exercise forbids, on the syntax tree of the student's own code."""

import ast
from collections.abc import Iterable

from autograder.syntax import dotted_name, parse


def forbidden_calls(answer: str, others: Iterable[str], forbidden: tuple[str, ...]) -> list[str]:
    """The dotted names of `forbidden` that `answer` uses, itself or through functions defined in `others`.

    Aliases are followed (`import torch.nn.functional as F`); what an unused cell does is nobody's business.
    """
    parsed = {source: parse(source) for source in [answer, *others]}
    trees: dict[str, ast.AST] = {source: tree for source, tree in parsed.items() if tree is not None}
    aliases: dict[str, str] = {}
    functions: dict[str, ast.AST] = {}
    for tree in trees.values():
        aliases |= _aliases(tree)
        functions |= {node.name: node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    used: set[str] = set()
    waiting: list[ast.AST] = [trees[answer]] if answer in trees else []
    seen: set[int] = set()
    while waiting:
        tree = waiting.pop()
        if id(tree) in seen:
            continue
        seen.add(id(tree))
        names = _dotted_names(tree)
        used |= {_resolve(name, aliases) for name in names}
        waiting += [functions[name] for name in names if name in functions]
    return sorted(name for name in forbidden if any(_same(name, other) for other in used))


def _aliases(tree: ast.AST) -> dict[str, str]:
    """Local name -> the dotted name that an import gave it."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _dotted_names(tree: ast.AST) -> set[str]:
    """Names and attribute chains such as "F.softmax"."""
    return {name for node in ast.walk(tree) if isinstance(node, ast.expr) and (name := dotted_name(node))}


def _resolve(name: str, aliases: dict[str, str]) -> str:
    first, dot, rest = name.partition(".")
    return aliases.get(first, first) + dot + rest


def _same(forbidden: str, used: str) -> bool:
    return used == forbidden or used.endswith("." + forbidden)
