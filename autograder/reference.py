"""The reference solution: its functions to call, and its source to splice into notebooks."""

import ast
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.errors import CourseError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
FIELDS = (ast.Assign, ast.AnnAssign, ast.Expr, ast.Pass)  # what a class may hold beside methods


@dataclass(frozen=True)
class Reference:
    """`reference.py` of a week: source lines, top-level definitions by name, and the names it defines."""

    path: Path
    lines: list[str]
    definitions: dict[str, ast.FunctionDef | ast.ClassDef]
    namespace: dict[str, Any]

    def in_order(self, names: tuple[str, ...]) -> list[str]:
        """Names in the order in which the file defines them, so that each finds what it needs."""
        return sorted(names, key=lambda name: self.definitions[name].lineno)

    def source(self, name: str) -> str:
        """A function or class as it stands in the file, decorators included."""
        node = self.definitions[name]
        return "\n".join(self.lines[_first_line(node) - 1 : node.end_lineno])

    def marked(self, name: str, label: str) -> str:
        """The source with each body between BEGIN and END marks.

        What students see in the place of a body stands behind its BEGIN mark. A name with a leading underscore is
        hidden wholly; a class keeps its fields, and methods whose `def` line ends in `# given`.
        """
        node = self.definitions[name]
        if name.startswith("_"):
            return f"{BEGIN}\n{self.source(name)}\n{END}"
        lines = self.lines.copy()
        try:
            for function, title in reversed(_functions(node, name)):  # from the end, so that line numbers hold
                if not lines[function.lineno - 1].rstrip().endswith("# given"):
                    _mark_body(lines, function, f'raise NotImplementedError("{label}: {title}")')
        except CourseError as error:
            raise CourseError(f"{self.path}, {error}") from error
        after = len(self.lines) - node.end_lineno  # type: ignore[operator]
        return "\n".join(lines[_first_line(node) - 1 : len(lines) - after])


def read_reference(path: Path) -> Reference:
    """Executes reference.py (the course's own code) and indexes its definitions."""
    if not path.is_file():
        raise CourseError(f"{path} is missing; a lesson needs lesson.md and reference.py")
    module = ModuleType("reference")
    sys.modules["reference"] = module  # dataclasses look for the module that they are made in
    try:
        text = path.read_text(encoding="utf-8-sig")
        tree = ast.parse(text, filename=str(path))
        exec(compile(tree, str(path), "exec"), vars(module))
    except Exception as error:
        raise CourseError(f"{path} does not run: {type(error).__name__}: {error}") from error
    definitions = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    for name, node in definitions.items():
        if not name.startswith("_") and ast.get_docstring(node) is None:
            raise CourseError(f"{path}, line {node.lineno}: {name} needs a docstring: it is what students read")
    lines = text.split("\n")  # as the syntax tree counts them; splitlines() would count a form feed too
    return Reference(path, lines, definitions, vars(module))


def _first_line(node: ast.FunctionDef | ast.ClassDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _functions(node: ast.FunctionDef | ast.ClassDef, name: str) -> list[tuple[ast.FunctionDef, str]]:
    """The function itself, or the methods of a class, with the title that a stub shows."""
    if isinstance(node, ast.FunctionDef):
        return [(node, name)]
    for child in node.body:
        if not isinstance(child, (ast.FunctionDef, *FIELDS)) or (isinstance(child, FIELDS) and _holds_code(child)):
            raise CourseError(f"line {child.lineno}: students would see this part of {name}; write a method or a field")
    return [(child, f"{name}.{child.name}") for child in node.body if isinstance(child, ast.FunctionDef)]


def _holds_code(field: ast.stmt) -> bool:
    """Whether a class's field is a function, other than one that returns a constant."""
    return any(isinstance(part, ast.Lambda) and not isinstance(part.body, ast.Constant) for part in ast.walk(field))


def _mark_body(lines: list[str], function: ast.FunctionDef, stub: str) -> None:
    """Puts marks around the body behind the docstring, in place. A body that is a docstring alone stays."""
    body = function.body
    if ast.get_docstring(function) is not None:
        start = body[0].end_lineno or 0
        body = body[1:]
        if not body:
            return
    else:
        start = body[0].lineno - 1
        while lines[start - 1].strip()[:1] in ("", "#"):  # a comment above belongs to it
            start -= 1
    if start >= body[0].lineno or start < function.lineno:
        raise CourseError(f"line {function.lineno}: write the body of {function.name} on lines of its own")
    first = lines[body[0].lineno - 1]
    indent = first[: len(first) - len(first.lstrip())]
    lines.insert(function.end_lineno or 0, indent + END)
    lines.insert(start, f"{indent}{BEGIN} {stub}")
