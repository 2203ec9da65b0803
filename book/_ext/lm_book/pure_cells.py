"""Which cells of a page need nothing but Python's standard library, and what must run before each.

A cell that uses NumPy, or a name that such a cell has made, is not among them. The import of a standard module counts
wherever it stands, also in a cell that imports others.
"""

import ast
import builtins
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

BUILT_IN = frozenset(dir(builtins))


@dataclass
class Unit:
    """A piece of the page that can run: a cell, or one import of a cell that cannot."""

    place: int  # on the page
    source: str
    makes: set[str]  # names that it defines or changes
    needs: list["Unit"] = field(default_factory=list)

    def before(self) -> list["Unit"]:
        """Everything that must have run before, each once, in the order of the page."""
        found: dict[int, Unit] = {}
        for unit in self.needs:
            found |= {earlier.place: earlier for earlier in [*unit.before(), unit]}
        return [found[place] for place in sorted(found)]


def runnable(cells: Iterable[str], also: frozenset[str] = frozenset()) -> dict[int, str]:
    """For each cell that can run on its own, by its number, the code that must run before it.

    `also` are modules that are there besides the standard library.
    """
    units: list[Unit] = []
    unknown: set[str] = set()  # names whose value only a cell that cannot run knows
    found: dict[int, str] = {}
    for number, source in enumerate(cells):
        try:
            tree = ast.parse(source)
        except SyntaxError:  # a magic of IPython
            continue
        made, used = made_by(tree), used_by(tree)
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        known = {name for unit in units for name in unit.makes} - unknown
        foreign = used - made - BUILT_IN - known
        if not foreign and all(is_there(node, also) for node in imports):
            touched = used | made
            unit = Unit(
                len(units), source, made | changed_by(tree), [other for other in units if other.makes & touched]
            )
            units.append(unit)
            unknown -= defined_first(tree)
            found[number] = "\n".join(earlier.source for earlier in unit.before())
            continue
        unknown |= made | changed_by(tree)
        for node in [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]:
            if is_there(node, also):
                names = made_by(node)
                units.append(Unit(len(units), ast.unparse(node), names))
                unknown -= names
    return found


def is_there(node: ast.Import | ast.ImportFrom, also: frozenset[str]) -> bool:
    """Whether all modules of an import are in the standard library, or among the others that are there."""
    modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return all(name in also or name.partition(".")[0] in sys.stdlib_module_names for name in modules)


def made_by(tree: ast.AST) -> set[str]:
    """All names to which something is bound, in whatever scope."""
    made: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            made.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.arg):
            made.add(node.arg)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            made |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            made.add(node.name)
    return made


def defined_first(tree: ast.Module) -> set[str]:
    """The names of functions, classes and plain assignments at the top of a cell: their old values do not matter."""
    made: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
            made |= made_by(node) if isinstance(node, ast.Import | ast.ImportFrom) else {node.name}
        elif isinstance(node, ast.Assign):
            made |= {name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return made


def used_by(tree: ast.AST) -> set[str]:
    """All names that are read."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def changed_by(tree: ast.AST) -> set[str]:
    """Names of objects that are changed in place: `counts[pair] += 1`, `nodes.append(x)`."""
    changed: set[str] = set()
    for node in ast.walk(tree):
        place: ast.AST | None = None
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            place = node.value
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            place = node.value.func.value if isinstance(node.value.func, ast.Attribute) else None
        while isinstance(place, ast.Subscript | ast.Attribute):
            place = place.value
        if isinstance(place, ast.Name):
            changed.add(place.id)
    return changed
