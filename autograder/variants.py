"""The marks on functions in `misconceptions.py` and `alternatives.py`, and the reading of these files.

The files are never imported: a marked function is spliced, as source, behind the reference's own.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from autograder.errors import CourseError

Marked = TypeVar("Marked")


def wrong(target: str, sentence: str) -> Callable[[Marked], Marked]:
    """Marks a known wrong solution of `target`; a student who has it reads `sentence`.

    Several targets are separated by commas; a class then serves as a namespace for them.
    """
    return lambda marked: marked


def alternative(*targets: str) -> Callable[[Marked], Marked]:
    """Marks a right solution of `targets` written differently; a class serves as a namespace for several."""
    return lambda marked: marked


@dataclass(frozen=True)
class Variant:
    """One function (or class) of those files.

    `code` runs behind the reference's functions and puts the variant in the place of its targets.
    `sentence` is empty for an alternative.
    """

    name: str
    targets: tuple[str, ...]
    sentence: str
    code: str


def read_variants(path: Path, mark: str) -> list[Variant]:
    """The functions of a file that carry the decorator `mark` ("wrong" or "alternative"), in their order."""
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    preamble = "\n".join(ast.unparse(node) for node in tree.body if _belongs_to_all(node))
    variants = [
        _variant(node, decorator, preamble, path)
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == mark
    ]
    _refuse_double_names(variants, path)
    return variants


def _belongs_to_all(node: ast.stmt) -> bool:
    """Imports and constants at the top of the file, but not the imports of what is spliced in anyway."""
    if isinstance(node, ast.ImportFrom):
        return node.module not in ("reference", "autograder.variants")
    return isinstance(node, (ast.Import, ast.Assign, ast.AnnAssign))


def _variant(node: ast.FunctionDef | ast.ClassDef, mark: ast.Call, preamble: str, path: Path) -> Variant:
    texts = [argument.value for argument in mark.args if isinstance(argument, ast.Constant)]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise CourseError(f"{path}, line {node.lineno}: the arguments of the mark on {node.name} must be texts")
    is_wrong = ast.unparse(mark.func) == "wrong"
    if is_wrong and len(texts) != 2:
        raise CourseError(f'{path}, line {node.lineno}: write @wrong("function", "sentence") above {node.name}')
    names = str(texts[0]).split(",") if is_wrong else [str(text) for text in texts]
    targets = tuple(name.strip() for name in names)
    node.decorator_list = [other for other in node.decorator_list if other is not mark]
    code = preamble + "\n" + _in_the_place_of(targets, node)
    return Variant(node.name, targets, str(texts[1]) if is_wrong else "", code)


def _in_the_place_of(targets: tuple[str, ...], node: ast.FunctionDef | ast.ClassDef) -> str:
    """Source that defines the variant and gives it the names of its targets."""
    source, name = ast.unparse(node), node.name
    if isinstance(node, ast.ClassDef):
        inside = {child.name for child in node.body if isinstance(child, (ast.FunctionDef, ast.ClassDef))}
        is_namespace = set(targets) <= inside
        return source + "".join(f"\n{t} = {name}.{t}" if is_namespace else f"\n{t} = {name}" for t in targets)
    # A function that calls its own target means the reference's: it is passed in, or it would call itself.
    names = ", ".join(targets)
    body = "\n".join("    " + line for line in source.splitlines())
    maker = f"def make_{name}({names}):\n{body}\n    return {name}"
    return maker + "".join(f"\n{target} = make_{name}({names})" for target in targets)


def _refuse_double_names(variants: list[Variant], path: Path) -> None:
    seen: set[str] = set()
    for variant in variants:
        if variant.name in seen:
            raise CourseError(f"{path}: two functions are called {variant.name}; give one of them another name")
        seen.add(variant.name)
