"""Python as a syntax tree: a stranger's, which is read, never executed, and never a reason to stop."""

import ast
import marshal
import re
import threading
from functools import lru_cache

MAX_SOURCE = 200_000  # characters; a longer cell is no exercise

# Before Python 3.12 two threads that parse at the same time can fail with a SystemError (CPython issue 106905).
_one_at_a_time = threading.Lock()


MAGIC = re.compile(r"^(\s*)(?:[%!?].*|[\w.]+\?+\s*)$", re.MULTILINE)  # what IPython reads and Python does not


@lru_cache(maxsize=128)  # the cells that all students share; nobody changes a tree
def parse(source: str) -> ast.Module | None:
    """The syntax tree of a cell, without its magics; None if it is no Python, too long or too deep."""
    if len(source) > MAX_SOURCE:
        return None
    with _one_at_a_time:
        return _parse(source) or _parse(MAGIC.sub(r"\1pass", source))


def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def compiled(source: str, name: str) -> bytes:
    """The course's own Python as code that the same version of Python executes with `exec(marshal.loads(...))`."""
    with _one_at_a_time:
        return marshal.dumps(compile(source, name, "exec"))


@lru_cache(maxsize=4096)  # most cells of a class are the course's own, and equal
def defined_names(source: str) -> frozenset[str]:
    """The functions, classes and variables that a cell defines at its top level."""
    tree = parse(source)
    body = tree.body if tree else []
    functions = {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    assigned = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    return frozenset(functions | {target.id for target in assigned if isinstance(target, ast.Name)})


def dotted_name(node: ast.expr) -> str:
    """ "F.softmax" for the attribute chain F.softmax; "" for anything else."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
