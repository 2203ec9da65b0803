"""Finding library calls that an exercise forbids, on the syntax tree of the student's own code."""

import ast
from collections.abc import Iterable

from autograder.syntax import dotted_name, parse


def forbidden_calls(answer: str, others: Iterable[str], forbidden: tuple[str, ...]) -> list[str]:
    """The dotted names of `forbidden` that `answer` uses, itself or through what is defined in `others`.

    Aliases are followed (`import torch.nn.functional as F`); what an unused cell does is nobody's business, and a
    variable inside a function may be called what it likes. A name without a dot forbids the built-in function and the
    methods of that name.
    """
    parsed = {source: parse(source) for source in [answer, *others]}
    trees: dict[str, ast.AST] = {source: tree for source, tree in parsed.items() if tree is not None}
    aliases: dict[str, str] = {}
    definitions: dict[str, ast.AST] = {}
    for tree in trees.values():
        aliases |= _aliases(tree)
        definitions |= _definitions(tree)
    open_modules = [f"{alias}." for tree in trees.values() for alias in _star_imports(tree)]
    used: set[str] = set()
    waiting: list[ast.AST] = [trees[answer]] if answer in trees else []
    seen: set[int] = set()
    while waiting:
        tree = waiting.pop()
        if id(tree) in seen:
            continue
        seen.add(id(tree))
        names = _dotted_names(tree)
        used |= {_resolve(name, aliases) for name in names if name not in definitions}
        used |= {module + name for module in open_modules for name in names if name not in definitions}
        waiting += [definitions[first] for name in names if (first := name.partition(".")[0]) in definitions]
    return sorted(name for name in forbidden if any(_same(name, other) for other in used))


def _aliases(tree: ast.AST) -> dict[str, str]:
    """Local name -> the dotted name that an import or an assignment such as `F = torch.nn.functional` gave it."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found | {name: other for name, value in _variables(tree).items() if (other := dotted_name(value))}


def _star_imports(tree: ast.AST) -> list[str]:
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return [node.module for node in imports if node.module and node.names[0].name == "*"]


def _definitions(tree: ast.AST) -> dict[str, ast.AST]:
    """What a cell defines: functions and classes wherever they stand, and the variables of its top level."""
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    return {**_variables(tree), **{node.name: node for node in functions}}


def _variables(tree: ast.AST) -> dict[str, ast.expr]:
    """The variables of a cell's top level, with what they were set to last."""
    assignments = [node for node in getattr(tree, "body", []) if isinstance(node, ast.Assign)]
    return {name.id: node.value for node in assignments for name in node.targets if isinstance(name, ast.Name)}


def _dotted_names(tree: ast.AST) -> set[str]:
    """Names and attribute chains such as "F.softmax"; "?" stands for what is a function's own variable or no name."""
    found: set[str] = set()
    waiting: list[tuple[ast.AST, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        node, own = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            own |= _own_names(node)
        if isinstance(node, (ast.Name, ast.Attribute)):
            name = dotted_name(node)
            if name.partition(".")[0] in own | {""}:
                name = "?." + node.attr if isinstance(node, ast.Attribute) else ""
            found |= {name}
        waiting += [(child, own) for child in ast.iter_child_nodes(node)]
    return found - {""}


def _own_names(function: ast.FunctionDef | ast.Lambda) -> frozenset[str]:
    """The parameters and variables of a function."""
    parts = list(ast.walk(function))
    shared = {name for part in parts if isinstance(part, (ast.Global, ast.Nonlocal)) for name in part.names}
    stored = {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    return frozenset(({part.arg for part in parts if isinstance(part, ast.arg)} | stored) - shared)


def _resolve(name: str, aliases: dict[str, str]) -> str:
    """The name with its first part, which may be an alias of an alias, written out."""
    for _ in range(5):
        first, dot, rest = name.partition(".")
        name = aliases.get(first, first) + dot + rest
    return name


def _same(forbidden: str, used: str) -> bool:
    return used == forbidden or used.endswith("." + forbidden)
