"""The reference solution: its functions to call, and its source to splice into notebooks."""

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import CourseError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


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
        for function, title in reversed(list(_functions(node, name))):  # from the end, so that line numbers hold
            if not lines[function.lineno - 1].rstrip().endswith("# given"):
                _mark_body(lines, function, f'raise NotImplementedError("{label}: {title}")')
        after = len(self.lines) - node.end_lineno  # type: ignore[operator]
        return "\n".join(lines[_first_line(node) - 1 : len(lines) - after])


def read_reference(path: Path) -> Reference:
    """Executes reference.py (the course's own code) and indexes its definitions."""
    if not path.is_file():
        raise CourseError(f"{path} is missing; a lesson needs lesson.md and reference.py")
    text = path.read_text(encoding="utf-8")
    try:
        tree = ast.parse(text, filename=str(path))
        namespace: dict[str, Any] = {"__name__": "reference"}
        exec(compile(tree, str(path), "exec"), namespace)
    except Exception as error:
        raise CourseError(f"{path} does not run: {type(error).__name__}: {error}") from error
    definitions = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    for name, node in definitions.items():
        if not name.startswith("_") and ast.get_docstring(node) is None:
            raise CourseError(f"{path}, line {node.lineno}: {name} needs a docstring: it is what students read")
    return Reference(path, text.splitlines(), definitions, namespace)


def _first_line(node: ast.FunctionDef | ast.ClassDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _functions(node: ast.FunctionDef | ast.ClassDef, name: str) -> list[tuple[ast.FunctionDef, str]]:
    """The function itself, or the methods of a class, with the title that a stub shows."""
    if isinstance(node, ast.FunctionDef):
        return [(node, name)]
    return [(child, f"{name}.{child.name}") for child in node.body if isinstance(child, ast.FunctionDef)]


def _mark_body(lines: list[str], function: ast.FunctionDef, stub: str) -> None:
    """Puts marks around the body behind the docstring, in place. A body that is a docstring alone stays."""
    body = function.body
    if ast.get_docstring(function) is not None:
        start = body[0].end_lineno or 0
        if len(body) == 1:
            return
    else:
        start = body[0].lineno - 1
        while lines[start - 1].strip().startswith("#"):  # a comment above the first statement belongs to it
            start -= 1
    if start < function.lineno:
        raise CourseError(f"line {function.lineno}: write the body of {function.name} on lines of its own")
    indent = " " * body[-1].col_offset
    lines.insert(function.end_lineno or 0, indent + END)
    lines.insert(start, f"{indent}{BEGIN} {stub}")
