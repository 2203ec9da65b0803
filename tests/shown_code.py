"""Code as a page shows it: its blocks, and its functions as syntax trees in which names mean nothing."""

import ast
import builtins
import re
from typing import NamedTuple

# Names that keep their meaning in a renamed copy; every other name may have been changed.
MEANINGFUL = {*dir(builtins), "np", "numpy", "math", "torch", "random"}
FENCE = re.compile(
    r"^(?P<fence>```+)(?P<kind>[^\n]*)\n(?P<options>---\n.*?^---\n|(?::[^\n]*\n)*)(?P<code>.*?)^(?P=fence)\s*$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    kind: str  # what stands behind the fence: "{code-cell} python3"
    options: str
    code: str


def blocks(text: str) -> list[Block]:
    """The fenced blocks of some Markdown."""
    return [Block(match["kind"].strip(), match["options"], match["code"]) for match in FENCE.finditer(text)]


def functions_in(source: str) -> list[ast.FunctionDef]:
    """All functions of a piece of Python, methods and nested ones too; magics of a cell are no code."""
    code = "\n".join(line for line in source.split("\n") if not line.startswith(("%", "!")))
    try:
        return [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)]
    except SyntaxError:
        return []


class Anonymous(ast.NodeTransformer):
    """Gives names numbers in the order in which they appear; forgets docstrings and types.

    With `meaning`, attributes and the names of Python and of libraries stay as they are.
    """

    def __init__(self, meaning: bool) -> None:
        self.meaning = meaning
        self.numbers: dict[str, str] = {}

    def number(self, name: str) -> str:
        known = self.meaning and name in MEANINGFUL
        return name if known else self.numbers.setdefault(name, f"name{len(self.numbers)}")

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.number(node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self.number(node.arg))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        value = self.visit(node.value)
        return ast.Attribute(value, node.attr if self.meaning else self.number(node.attr), node.ctx)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self.generic_visit(bare(node, self.number(node.name)))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        return self.generic_visit(ast.Assign([node.target], node.value or ast.Constant(None)))


def bare(node: ast.FunctionDef, name: str) -> ast.FunctionDef:
    """The function under another name, without docstring, decorators and the type that it returns."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return ast.FunctionDef(name, node.args, body or [ast.Pass()], [], None)


def shape(function: ast.FunctionDef, meaning: bool = False) -> ast.AST:
    """What is left of a function if names may have been changed, its own too."""
    copy = ast.parse(ast.unparse(function)).body[0]
    return Anonymous(meaning).generic_visit(bare(copy, ""))


def shapes(source: str) -> dict[str, str]:
    """The shape of each function of a piece of Python, with the function's name."""
    return {ast.dump(shape(function)): function.name for function in functions_in(source)}
