"""Cells in plain Python can be edited and run by the reader, in the reader's own browser.

Python for the browser (Pyodide) stands on the site itself and is loaded at the first click. It comes with `npm` once,
is checked, and kept beside the built book. Without `npm` or a network the book is built without this.
"""

import hashlib
import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import jupytext
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from lm.corpora import python_reference
from lm_book.pure_cells import runnable

logger = logging.getLogger(__name__)

PACKAGE = "pyodide@314.0.7"
SHA256 = "66b7949e5a0cba2250b586d7e368bf12fb482800748d182c4618254b685ffaa0"
NEEDED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
FOLDER = "python"  # below `_static`

LM = Path(__file__).parents[3] / "lm"
SHIMS = {
    "lm/__init__.py": "",
    "lm/corpora/__init__.py": "from lm.corpora.reference import python_reference\n"
    "from lm.corpora.words import course_split, given_names",
    "lm/corpora/remote.py": "NAMES = None\ndef content(*_): raise RuntimeError('no files can be fetched here')",
    "lm/corpora/reference.py": "from pathlib import Path\nTEXT = Path(__file__).parents[1] / 'data' / 'reference.txt'\n"
    "def python_reference(): return TEXT.read_text(encoding='utf-8')",
}
"""What is there in the browser in the place of the course's own modules: no files are fetched, and Python's own
reference, which Pyodide leaves out, comes as a text."""


def course_files() -> dict[str, str]:
    """What of the course's own package is there in the browser, by path."""
    own = ("lm/corpora/words.py", "lm/data/given_names.txt")
    texts = {path: (LM.parent / path).read_text(encoding="utf-8") for path in own}
    return SHIMS | texts | {"lm/data/reference.txt": python_reference()}


COURSE_MODULES = frozenset({"lm.corpora"})


def fetch(folder: Path) -> Path | None:
    """The folder with Pyodide's files, fetched if they are not there; None if they cannot be had."""
    place = folder / PACKAGE
    if all((place / name).is_file() for name in NEEDED):
        return place
    npm = shutil.which("npm")
    if npm is None:
        return None
    place.mkdir(parents=True, exist_ok=True)
    try:
        command = [npm, "pack", PACKAGE, "--silent"]
        name = subprocess.run(
            command, cwd=place, check=True, capture_output=True, text=True, timeout=300
        ).stdout.split()
        archive = place / name[-1]
    except (OSError, subprocess.SubprocessError, IndexError):
        return None
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        archive.unlink()
        logger.warning("%s is not the file that was tested with this book (SHA-256 differs); it was removed", PACKAGE)
        return None
    with tarfile.open(archive) as files:
        for wanted in NEEDED:
            (place / wanted).write_bytes(files.extractfile(f"package/{wanted}").read())  # type: ignore[union-attr]
    archive.unlink()
    return place


def add_python(app: Sphinx) -> None:
    """Put Pyodide and the course's files for it among the static files."""
    app.env.python_in_browser = False  # type: ignore[attr-defined]
    if app.builder.format != "html":
        return
    source = fetch(Path(app.outdir).parent / "pyodide")
    if source is None:
        logger.info("Python for the browser cannot be fetched (npm, a network): cells cannot be run in the page")
        return
    folder = Path(app.doctreedir) / "static" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name in NEEDED:
        if not (folder / name).exists():
            shutil.copyfile(source / name, folder / name)
    (folder / "course-files.json").write_text(json.dumps(course_files(), ensure_ascii=False), encoding="utf-8")
    app.env.python_in_browser = True  # type: ignore[attr-defined]


def cells_of(path: Path) -> list[str]:
    """The source of all code cells of a page, hidden ones too; none if it is no notebook."""
    if path.suffix != ".md" or not path.read_text(encoding="utf-8").startswith("---\njupytext"):
        return []
    return [cell.source for cell in jupytext.read(path).cells if cell.cell_type == "code"]


def mark_cells(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Name the cells that can run, and add to the page what must run before each."""
    if not getattr(app.env, "python_in_browser", False):
        return
    sources = cells_of(Path(app.env.doc2path(docname)))
    before = {sources[number].strip(): code for number, code in runnable(sources, COURSE_MODULES).items()}
    preludes: dict[str, str] = {}
    for cell in doctree.findall(nodes.container):
        if "cell" not in cell["classes"] or {"tag_hide-input", "tag_hide-cell"} & set(cell["classes"]):
            continue
        block = next(iter(cell.findall(nodes.literal_block)), None)
        if block is not None and block.astext().strip() in before:
            name = f"cell-{len(preludes) + 1}"
            cell["ids"].append(name)
            preludes[name] = before[block.astext().strip()]
    if preludes:
        text = json.dumps(preludes).replace("</", "<\\/")
        doctree += nodes.raw("", f'<script type="application/json" id="runnable">{text}</script>', format="html")


def load_on_this_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add the script to a page that has such cells."""
    if 'id="runnable"' in context.get("body", ""):
        app.add_css_file("run-cells.css")
        app.add_js_file("run-cells.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Connect to the start of a build and to each page."""
    app.connect("builder-inited", add_python, priority=600)  # after the widgets have named the folder
    app.connect("doctree-resolved", mark_cells)
    app.connect("html-page-context", load_on_this_page, priority=400)
