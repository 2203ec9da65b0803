"""Cells that a reader can run in the page: which these are, and that they need no more than they are given."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from lm_book import running  # noqa: E402  on the path by now
from lm_book.pure_cells import runnable  # noqa: E402

CHAPTERS = sorted(path.stem for path in (ROOT / "book").glob("week*.md"))


def test_a_cell_needs_what_it_uses_and_what_has_changed_that():
    cells = [
        "import math\nimport numpy as np",
        "counts = {}",
        "unrelated = 1",
        "counts['a'] = math.pi",
        "counts.update(b=2)",
        "print(counts)",
    ]
    found = runnable(cells)
    assert list(found) == [1, 2, 3, 4, 5]
    assert found[2] == ""
    assert found[5].split("\n") == ["import math", *cells[1:2], *cells[3:5]]


@pytest.mark.parametrize(
    "cell",
    [
        "import numpy",
        "from numpy.random import default_rng",
        "print(x)",
        "np.zeros(3)",
        "%matplotlib inline",
        "from . import x",
    ],
)
def test_a_cell_that_needs_more_than_the_standard_library_cannot_run(cell):
    assert runnable(["import numpy as np\nx = np.ones(3)", cell]) == {}


def test_a_name_that_only_the_page_knows_is_not_taken_from_before():
    cells = ["x = 1", "import numpy\nx = numpy.ones(3)", "print(x)", "x = 2", "print(x)"]
    assert runnable(cells) == {0: "", 3: "x = 1", 4: "x = 1\nx = 2"}


def test_other_modules_count_where_they_are_there():
    assert runnable(["from lm.corpora import given_names"]) == {}
    assert runnable(["from lm.corpora import given_names"], frozenset({"lm.corpora"})) == {0: ""}


RUN = """
import contextlib, io, json, sys
sys.path.insert(0, sys.argv[1])
for source, before in json.load(sys.stdin):
    names = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(before, names)
        exec(source, names)
"""


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_cells_run_with_python_alone(tmp_path, chapter):
    for path, text in running.course_files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    cells = running.cells_of(ROOT / "book" / f"{chapter}.md")
    found = runnable(cells, running.COURSE_MODULES)
    if chapter.startswith(("week2", "week3", "week6")):
        assert len(found) >= 5
    pairs = [(cells[number], before) for number, before in found.items()]
    command = [sys.executable, "-I", "-S", "-c", RUN, tmp_path]
    done = subprocess.run(command, input=json.dumps(pairs), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_without_npm_the_book_does_without(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert running.fetch(tmp_path) is None


def test_what_npm_brings_must_be_the_tested_file(tmp_path, monkeypatch):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho other > package.tgz; echo package.tgz\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert running.fetch(tmp_path / "kept") is None
    assert not list((tmp_path / "kept").rglob("*.tgz"))
