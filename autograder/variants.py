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
SHARED = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)  # what every function of a file finds


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
    """The functions of a file, which all carry the decorator `mark` ("wrong" or "alternative"), in their order."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8-sig"), filename=str(path))
    except (SyntaxError, ValueError) as error:
        raise CourseError(f"{path} is no Python: {error}") from error
    preamble = "\n".join(ast.unparse(node) for node in tree.body if _belongs_to_all(node))
    variants = []
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            variants.append(_variant(node, mark, preamble, path))
        elif not isinstance(node, (*SHARED, ast.Expr)):
            raise CourseError(
                f"{path}, line {node.lineno}: beside marked functions and classes a file holds imports and constants"
            )
    _refuse_double_names(variants, path)
    return variants


def _belongs_to_all(node: ast.stmt) -> bool:
    """Imports and constants at the top of the file, but not the imports of what is spliced in anyway."""
    if isinstance(node, ast.ImportFrom):
        return node.module not in ("reference", "autograder.variants")
    return isinstance(node, SHARED)


def _variant(node: ast.FunctionDef | ast.ClassDef, mark: str, preamble: str, path: Path) -> Variant:
    place = f"{path}, line {node.lineno}: {node.name}"
    marks = [call for call in node.decorator_list if isinstance(call, ast.Call) and ast.unparse(call.func) == mark]
    form = '@wrong("function", "sentence")' if mark == "wrong" else '@alternative("function")'
    if len(marks) != 1:
        raise CourseError(f"{place} needs one mark {form}; a helper stands inside the function that uses it")
    texts = [call.value for call in marks[0].args if isinstance(call, ast.Constant) and isinstance(call.value, str)]
    is_wrong = mark == "wrong"
    if marks[0].keywords or len(texts) != len(marks[0].args) or not all(text.strip() for text in texts):
        raise CourseError(f"{place} needs a mark with texts in quotes: {form}")
    if not texts or (is_wrong and len(texts) != 2):
        raise CourseError(f"{place} needs the mark {form}")
    targets = tuple(name.strip() for name in (texts[0].split(",") if is_wrong else texts))
    node.decorator_list = [other for other in node.decorator_list if other is not marks[0]]
    code = preamble + "\n" + _in_the_place_of(targets, node)
    return Variant(node.name, targets, texts[1] if is_wrong else "", code)


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
