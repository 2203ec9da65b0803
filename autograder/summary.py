"""What `autograder grade` keeps of the results at its end: one pass over them, one in memory at a time."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from autograder.errors import CourseError


class Summary:
    """Looks at each result that passes, and writes it into the file of `--results`; use it in a `with` statement."""

    def __init__(self, results: Path | None = None) -> None:
        self.rejected = False  # whether any submission was
        self.levels: set[str] = set()  # of the sandbox, in the week at work
        self._path = results
        self._file: TextIO | None = None

    def __enter__(self) -> "Summary":
        if self._path and self._path.is_dir():
            raise CourseError(f"{self._path} is a folder; --results wants the name of a file")
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.with_name(self._path.name + ".new").open("w", encoding="utf-8")
            self._file.write("[")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        """The file takes its place when it is whole; before, what an earlier run wrote stays."""
        if self._file and self._path:
            self._file.write("\n]\n")
            self._file.close()
            if kind is None:
                os.replace(self._file.name, self._path)
            else:
                os.remove(self._file.name)

    def watch(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The rows of a week, on their way to its table."""
        self.levels = set()
        for row in rows:
            self.rejected |= row["status"] == "rejected"
            self.levels |= {row["sandbox"]} - {""}
            if self._file:
                separator = ",\n" if self._file.tell() > 1 else "\n"
                self._file.write(separator + json.dumps(row, indent=1))
            yield row
