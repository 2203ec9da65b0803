"""Pages of the book whose cells run at once, before Sphinx reads them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("myst_nb")
from lm_book import ahead

EXTENSION = Path(ahead.__file__).parents[1]

HEAD = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python}
---
# A page

```{code-cell} python3
"""
WAITS_FOR_THE_OTHER = """from pathlib import Path
from time import monotonic, sleep
Path("%s").touch()
end = monotonic() + 30
while not Path("%s").exists():
    assert monotonic() < end, "the other page does not run meanwhile"
    sleep(0.05)
print("met")
"""


@pytest.fixture
def build(tmp_path):
    """A function that builds a book of these cells, by the names of their pages: what Sphinx said, and its status."""

    def book(**pages: str) -> tuple[str, int]:
        (tmp_path / "index.md").write_text("# Book\n\n```{toctree}\n" + "\n".join(pages) + "\n```\n")
        for name, cell in pages.items():
            (tmp_path / f"{name}.md").write_text(f"{HEAD}{cell}```\n")
        settings = ["extensions=myst_nb,lm_book.ahead", "nb_execution_mode=cache"]
        settings += ["nb_execution_raise_on_error=1", "nb_execution_show_tb=1"]
        options = [part for setting in settings for part in ("-D", setting)]
        command = [sys.executable, "-m", "sphinx", "-C", *options, ".", "_build/html"]
        path = os.pathsep.join([str(EXTENSION), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | {"PYTHONPATH": path}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
        return done.stdout + done.stderr, done.returncode

    return book


@pytest.mark.skipif(ahead.AT_ONCE < 2, reason="one core runs one page at a time")
def test_two_pages_run_at_once_and_once_only(build, tmp_path):
    pages = {"one": WAITS_FOR_THE_OTHER % ("here", "there"), "two": WAITS_FOR_THE_OTHER % ("there", "here")}
    said, status = build(**pages)
    assert status == 0, said
    assert said.count("Executed notebook") == 2
    assert said.count("Using cached notebook") == 2
    assert "met" in (tmp_path / "_build" / "html" / "one.html").read_text()
    assert "Execut" not in build(**pages)[0]


def test_a_page_that_fails_ends_the_build_and_is_named(build):
    said, status = build(good="print(1)\n", bad="1 / 0\n")
    assert status == 2
    assert "bad.md" in said
    assert "ZeroDivisionError" in said
