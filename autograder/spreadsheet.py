"""CSV files that a spreadsheet or an LMS opens without running anything in them."""

import csv
import io
from collections.abc import Iterable, Sequence

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes what begins so for a formula (OWASP, CSV Injection)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The text of a CSV file. Numbers stay numbers, None is an empty cell, texts are made inert.

    >>> as_csv(["student", "score"], [["=1+1", -2.5]])
    "student,score\\r\\n'=1+1,-2.5\\r\\n"
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue()


def _inert(cell: object) -> object:
    """Text that could be a formula gets an apostrophe in front; spreadsheets show it as text."""
    if isinstance(cell, float):
        return round(cell, 4)
    if not isinstance(cell, str):
        return "" if cell is None else cell
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
