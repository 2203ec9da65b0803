"""Computes the losses of the chapters' tables again and keeps them in lm/data/losses.json.

    python benchmarks/losses.py              # all pages, about a minute
    python benchmarks/losses.py --check      # writes nothing; exit status 1 if a page computes another loss

Of each page it runs the cells that the table needs, in the order of the page: those that define a name that the cell
with the table uses, and so on backwards. A page whose table begins with earlier weeks' rows loads what was
recorded before.
"""

import argparse
import ast
import io
import re
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import torch

from lm.losses import RECORDED, LossTable

BOOK = Path(__file__).parents[1] / "book"
PAGES = ("week3-trigram", "week4-mlp")
CORPUS = "given names"
COMMAND = "python benchmarks/losses.py"


def cells(page: str) -> list[str]:
    """The code of a page, cell by cell, without options."""
    text = (BOOK / f"{page}.md").read_text(encoding="utf-8")
    found = re.findall(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [re.sub(r"\A(---\n.*?^---\n|(:[^\n]*\n)+)", "", cell, flags=re.DOTALL | re.MULTILINE) for cell in found]


def names(code: str) -> tuple[set[str], set[str]]:
    """What a cell defines at its top level, and what it reads that was defined before it."""
    defined: set[str] = set()
    before: set[str] = set()
    for statement in ast.parse(code).body:
        every = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
        stored = {node.id for node in every if isinstance(node.ctx, ast.Store)}
        bound = stored | {node.arg for node in ast.walk(statement) if isinstance(node, ast.arg)}
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):  # x = f(x) reads x, a loop sets its own
            bound -= stored
        read = {node.id for node in every if isinstance(node.ctx, ast.Load)}
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            read.add(statement.target.id)
        before |= read - bound - defined
        if isinstance(statement, ast.FunctionDef):
            stored = {statement.name}  # its own names stay in it
        if isinstance(statement, ast.Import | ast.ImportFrom):
            stored = {alias.asname or alias.name.split(".")[0] for alias in statement.names}
        defined |= stored
    return defined, before


def needed(page: str, wanted: Callable[[str], bool]) -> list[str]:
    """The cells that `wanted` picks, and those before that they need, in the order of the page."""
    kept: list[str] = []
    missing: set[str] = set()
    for cell in reversed(cells(page)):
        defined, read = names(cell)
        if wanted(cell) or defined & missing:
            kept.insert(0, cell)
            missing = (missing - defined) | read
    return kept


def table_of(page: str) -> LossTable:
    """The table as the page computes it; what its cells print and draw is thrown away."""
    found: dict[str, object] = {}
    precision = torch.get_default_dtype()
    with mpl.rc_context({"backend": "agg", "figure.max_open_warning": 0}), redirect_stdout(io.StringIO()):
        for cell in needed(page, lambda cell: "table.add(" in cell):
            exec(compile(cell, page, "exec"), found)
        plt.close("all")
    torch.set_default_dtype(precision)
    table = found["table"]
    assert isinstance(table, LossTable)
    return table


def differences(old: LossTable, new: LossTable, tolerance: float) -> list[str]:
    """A sentence for each row that is missing, too much, or off by more than the tolerance."""
    before, after = ({row.model: row for row in table.rows} for table in (old, new))
    wrong = [f"{model}: recorded, but no page has it" for model in before.keys() - after.keys()]
    for model, row in after.items():
        kept = before.get(model)
        if kept is None:
            wrong.append(f"{model}: not recorded")
        elif kept.parameters != row.parameters or abs(kept.dev - row.dev) > tolerance:
            wrong.append(f"{model}: recorded {kept.parameters:,} {kept.dev}, computed {row.parameters:,} {row.dev}")
    return sorted(wrong)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    parser.add_argument("--tolerance", type=float, default=0.01, help="nats that a trained model may differ by")
    asked = parser.parse_args()
    new = LossTable(CORPUS)
    for page in PAGES:
        for row in table_of(page).rows:
            if not any(row.model == other.model for other in new.rows) or not row.command:
                new.add(row.model, parameters=row.parameters, train=row.train, dev=row.dev)
        if not asked.check:  # the next page may begin with these rows
            new.save(RECORDED, command=COMMAND)
    print(new)
    wrong = differences(LossTable.load(RECORDED, CORPUS), new, asked.tolerance) if asked.check else []
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
