"""The one table of losses that grows from week to week: which model predicts the next character how well.

    table = LossTable("given names")
    table.add("uniform", parameters=0, train=3.2958, dev=3.2958)
    table                                   # a cell that ends in it shows the table

Losses are means of the negative log-likelihood in nats a character, the end mark included; bits and perplexity are
derived from them. A chapter may keep its rows with the command that made them, and a later chapter shows them again:

    table.save(RECORDED, command="jupyter-book build book")
    table = LossTable.load(RECORDED, "given names")
"""

import json
import math
from dataclasses import asdict, dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any, Final

RECORDED: Final = Path(__file__).parent / "data" / "losses.json"
"""Where the course keeps the rows of earlier weeks."""

HEADINGS: Final = ("Model", "Parameters", "Train (nats)", "Dev (nats)", "Dev (bits)", "Dev perplexity")


@dataclass(frozen=True)
class Row:
    """One model and its mean losses in nats a character; `train` is None where it is not known."""

    model: str
    parameters: int
    train: float | None
    dev: float
    command: str = ""
    """What was run to get the losses, for a row that is kept."""

    def __post_init__(self) -> None:
        if self.parameters < 0:
            raise ValueError(f"{self.model}: a number of parameters is 0 or more, got {self.parameters}")
        for name, loss in (("train", self.train), ("dev", self.dev)):
            if loss is not None and not loss >= 0:  # NaN is refused too
                raise ValueError(f"{self.model}: a mean negative log-likelihood is 0 or more, got {name}={loss}")

    def cells(self) -> tuple[str, ...]:
        """What the table shows, in the order of HEADINGS.

        >>> Row("uniform over 4", 0, None, 1.3862944).cells()
        ('uniform over 4', '0', '–', '1.3863', '2.0000', '4.00')
        """
        bits, perplexity = self.dev / math.log(2), math.exp(min(self.dev, 700.0))
        shown = "∞" if self.dev > 700 else f"{perplexity:,.2f}"
        return self.model, f"{self.parameters:,}", _decimals(self.train), _decimals(self.dev), _decimals(bits), shown


@dataclass
class LossTable:
    """Rows in the order in which they were added, all measured on one corpus."""

    corpus: str
    rows: list[Row] = field(default_factory=list)

    def add(self, model: str, *, parameters: int, train: float | None, dev: float, command: str = "") -> None:
        """Put a row at the end; a row of the same model that is there already gives way in its place."""
        losses = (None if train is None else float(train)), float(dev)  # plain numbers, also from NumPy or torch
        row = Row(model, int(parameters), *losses, command)
        at = next((i for i, other in enumerate(self.rows) if other.model == model), len(self.rows))
        self.rows[at : at + 1] = [row]

    def __getitem__(self, model: str) -> Row:
        for row in self.rows:
            if row.model == model:
                return row
        known = ", ".join(row.model for row in self.rows) or "none"
        raise KeyError(f"no row for the model {model!r}; there are: {known}")

    # --- kept from week to week ----------------------------------------------------------------------------------

    def save(self, path: str | Path, *, command: str) -> None:
        """Write the rows as JSON; `command` stands in those that do not say yet how they were made.

        A file may hold the tables of several corpora; those of others stay as they are.
        """
        file = Path(path)
        tables = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        kept = [replace(row, command=row.command or command) for row in self.rows]
        tables[self.corpus] = [{**asdict(row), "train": _word(row.train), "dev": _word(row.dev)} for row in kept]
        file.write_text(json.dumps(tables, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path, corpus: str) -> "LossTable":
        """The table of this corpus that `save` wrote. Raises ValueError if the file holds none of it."""
        tables = json.loads(Path(path).read_text(encoding="utf-8"))
        if corpus not in tables:
            raise ValueError(f"{path} holds no losses on {corpus!r}, only on: {', '.join(tables) or 'nothing'}")
        return cls(corpus, [_row(values) for values in tables[corpus]])

    # --- shown -----------------------------------------------------------------------------------------------------

    @property
    def caption(self) -> str:
        """One line above the table."""
        return f"Losses a character on {self.corpus}"

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
        body = "\n".join(
            f'<tr><th scope="row">{escape(model)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
            for model, *cells in (row.cells() for row in self.rows)
        )
        return (
            f'<table class="table lm-losses">\n<caption>{escape(self.caption)}</caption>\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
        )

    def _repr_markdown_(self) -> str:
        rule = ["---", *["---:"] * (len(HEADINGS) - 1)]
        rows = [HEADINGS, rule, *(row.cells() for row in self.rows)]
        lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
        return f"{self.caption}\n\n" + "\n".join(lines)

    def __str__(self) -> str:
        rows = [HEADINGS, *(row.cells() for row in self.rows)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
        lines = [
            "  ".join(
                [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
            )
            for row in rows
        ]
        return "\n".join([self.caption, *lines])


def _decimals(value: float | None) -> str:
    return "–" if value is None else "∞" if math.isinf(value) else f"{value:.4f}"


def _word(loss: float | None) -> float | str | None:
    return "inf" if loss == math.inf else loss  # JSON has no infinity


def _row(values: dict[str, Any]) -> Row:
    train = values["train"]
    return Row(**{**values, "train": None if train is None else float(train), "dev": float(values["dev"])})
