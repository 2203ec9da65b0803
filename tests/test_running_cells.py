"""Cells that a reader can run in the page: which these are, and that they need no more than they are given."""

import hashlib
import json
import subprocess
import sys
import tarfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document
from lm_book import running
from lm_book.pure_cells import runnable

ROOT = Path(__file__).parents[1]
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
        "import math, numpy",
        "x[0] += 1",
    ],
)
def test_a_cell_that_needs_more_than_the_standard_library_cannot_run(cell):
    assert runnable(["import numpy as np\nx = np.ones(3)", cell]) == {}


def test_a_name_that_only_the_page_knows_is_not_taken_from_before():
    cells = ["x = 1", "import numpy\nx = numpy.ones(3)", "print(x)", "x = 2", "print(x)"]
    assert runnable(cells) == {0: "", 3: "x = 1", 4: "x = 1\nx = 2"}


def test_what_only_the_page_knows_stays_unknown_until_it_is_made_anew():
    cells = ["import numpy", "xs = []", "xs.append(numpy.pi)", "print(xs)", "def f():\n    xs = 1", "print(xs)"]
    assert list(runnable(cells)) == [1, 4]
    assert runnable([*cells, "xs = [2]", "print(xs)"])[7].endswith("\nxs = [2]")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("import math as m", "m.pi"),
        ("import os.path", "os.path.join('a', 'b')"),
        ("d = {1: 2}\ndel d[1]", "print(d)"),
        ("class A:\n    pass", "A()"),
        ("a, (b, *c) = 1, (2, 3)", "a + b + c[0]"),
    ],
)
def test_a_name_is_made_in_many_ways(first, second):
    assert runnable([first, second]) == {0: "", 1: first}


@pytest.mark.parametrize(
    "change", ["d[1]['x'] = 2", "del d[1]", "d[1].update(x=2)", "d[1]['x'] += 1", "d[1]['x'][0]['y'] = 2"]
)
def test_a_change_in_place_comes_before_what_uses_the_object(change):
    assert runnable(["d = {1: {'x': 1}}", change, "print(d)"])[2] == "d = {1: {'x': 1}}\n" + change


def test_names_of_a_functions_own_are_not_sought_on_the_page():
    cells = [
        "def f(x, *more, y=1, **named):\n    return x, more, y, named",
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    print(error)",
        "%timeit 1",
        "sorted([1, 2], key=lambda n: -n)",
    ]
    assert list(runnable(cells)) == [0, 1, 3]


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


def test_what_npm_brings_is_unpacked_once_and_kept(tmp_path, monkeypatch):
    archive = tmp_path / "pyodide.tgz"
    with tarfile.open(archive, "w:gz") as files:
        for name in running.NEEDED:
            (tmp_path / name).write_text(f"the {name}")
            files.add(tmp_path / name, f"package/{name}")
    monkeypatch.setattr(running, "SHA256", hashlib.sha256(archive.read_bytes()).hexdigest())
    npm = tmp_path / "npm"
    npm.write_text(f"#!/bin/sh\ncp {archive} . && echo a notice && echo pyodide.tgz\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    place = running.fetch(tmp_path / "kept")
    assert {path.name: path.read_text() for path in place.iterdir()} == {name: f"the {name}" for name in running.NEEDED}
    monkeypatch.setenv("PATH", "")
    assert running.fetch(tmp_path / "kept") == place
    (place / running.NEEDED[1]).unlink()
    assert running.fetch(tmp_path / "kept") is None


PAGE = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3}
---
# A page

```{code-cell} python3
:tags: [hide-input]
mark = "</script>"
```

```{code-cell} python3
import numpy
```

```{code-cell} python3
print(mark)
```

```{code-cell} python3
mark + mark
```
"""


def marked(tmp_path: Path, *, python: bool) -> nodes.document:
    """The page after its cells were named."""
    file = tmp_path / "page.md"
    file.write_text(PAGE)
    document = new_document("page")
    for source in ['mark = "</script>"', "import numpy", "print(mark)", "mark + mark"]:
        hidden = ["tag_hide-input"] if source.startswith("mark =") else []
        document += nodes.container("", nodes.literal_block(source, source), classes=["cell", *hidden])
    env = SimpleNamespace(python_in_browser=python, doc2path=lambda name: tmp_path / f"{name}.md")
    running.mark_cells(SimpleNamespace(env=env), document, "page")
    return document


def test_cells_that_can_run_are_named_with_what_comes_before_them_and_hidden_ones_are_not(tmp_path):
    document = marked(tmp_path, python=True)
    names = [cell["ids"] for cell in document.findall(nodes.container)]
    assert names == [[], [], ["cell-1"], ["cell-2"]]
    script = next(document.findall(nodes.raw)).astext()
    start, end = '<script type="application/json" id="runnable">', "</script>"
    assert script.startswith(start)
    assert script.index(end) == len(script) - len(end)  # the mark in the code does not end it
    before = json.loads(script.removeprefix(start).removesuffix(end))
    assert before == {"cell-1": 'mark = "</script>"', "cell-2": 'mark = "</script>"'}


def test_without_python_for_the_browser_no_cell_is_named(tmp_path):
    document = marked(tmp_path, python=False)
    assert not any(cell["ids"] for cell in document.findall(nodes.container))
    assert not list(document.findall(nodes.raw))


@pytest.mark.parametrize(("body", "loaded"), [('<script id="runnable">', ["run-cells.css", "run-cells.js"]), ("", [])])
def test_only_a_page_with_such_cells_loads_what_runs_them(body, loaded):
    files = []
    app = SimpleNamespace(add_css_file=files.append, add_js_file=lambda name, **_: files.append(name))
    running.load_on_this_page(app, "page", "page.html", {"body": body}, None)
    assert files == loaded


def test_the_site_holds_python_and_the_courses_files_for_it(tmp_path, monkeypatch):
    kept = tmp_path / "kept"
    kept.mkdir()
    for name in running.NEEDED:
        (kept / name).write_text(f"the {name}")
    monkeypatch.setattr(running, "fetch", lambda folder: kept)
    app = SimpleNamespace(
        env=SimpleNamespace(),
        builder=SimpleNamespace(format="html"),
        outdir=tmp_path / "html",
        doctreedir=tmp_path / "doctrees",
    )
    running.add_python(app)
    folder = tmp_path / "doctrees" / "static" / "python"
    assert app.env.python_in_browser
    assert {name: (folder / name).read_text() for name in running.NEEDED} == {
        name: f"the {name}" for name in running.NEEDED
    }
    assert json.loads((folder / "course-files.json").read_text()) == running.course_files()
    app.builder.format = "latex"
    running.add_python(app)
    assert not app.env.python_in_browser
