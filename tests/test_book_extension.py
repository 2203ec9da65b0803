"""The book's own part of the build (`book/_ext`)."""

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("sphinx")
from sphinx.errors import ConfigError

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from lm_book import freshness, glossary, lean, notebooks, svg, tables  # noqa: E402  on the path by now

PICTURE = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="72pt" viewBox="0 0 9 9">
 <metadata>made by</metadata><style>* { stroke: red }</style>
 <defs><clipPath id="clip"><path id="unused" d="M0 0"/></clipPath></defs>
 <g clip-path="url(#clip)"><use xlink:href="#clip" style="fill: #ABCDEF; stroke: #abcdef80"/></g>
</svg>"""


def inlined(**options: str) -> str:
    return svg.inline(PICTURE, **{"label": "A box", "prefix": "p1-", "ink": "#abcdef"} | options)


def test_a_picture_in_the_page_is_named_by_its_label():
    assert 'role="img" aria-label="A box"' in inlined()


def test_a_picture_without_label_is_decoration():
    assert 'aria-hidden="true"' in inlined(label="")


def test_ids_get_a_prefix_and_unused_ones_go():
    picture = inlined()
    assert 'id="p1-clip"' in picture
    assert 'clip-path="url(#p1-clip)"' in picture
    assert 'href="#p1-clip"' in picture
    assert "unused" not in picture


def test_a_style_sheet_of_a_picture_does_not_reach_the_page():
    assert "red" not in inlined()
    assert "made by" not in inlined()


def test_ink_becomes_the_colour_of_the_text_around_it():
    picture = inlined()
    assert "fill: currentColor" in picture
    assert "stroke: color-mix(in srgb, currentColor 50%, transparent)" in picture


def test_points_become_pixels():
    assert 'width="96"' in inlined()


def test_a_folder_made_with_the_same_is_kept_and_any_other_emptied(tmp_path):
    folder = tmp_path / "cache"
    assert freshness.empty_if_stale(folder, "a")
    (folder / "result").touch()
    assert not freshness.empty_if_stale(folder, "a")
    assert (folder / "result").exists()
    assert freshness.empty_if_stale(folder, "b")
    assert not (folder / "result").exists()


def test_a_changed_file_or_version_changes_the_fingerprint(tmp_path):
    (tmp_path / "plots.py").write_text("INK = 1")
    before = freshness.fingerprint([tmp_path], ["numpy 2.0"])
    assert freshness.fingerprint([tmp_path], ["numpy 2.0"]) == before
    assert freshness.fingerprint([tmp_path], ["numpy 2.1"]) != before
    (tmp_path / "plots.py").write_text("INK = 2")
    assert freshness.fingerprint([tmp_path], ["numpy 2.0"]) != before


@pytest.mark.parametrize(
    ("file", "body", "used"),
    [
        ("_static/site.css", "", True),
        ("_static/katex/katex.min.css", "", False),
        ("_static/katex/katex.min.css", '<span class="katex">', True),
        ("_static/scripts/sphinx-book-theme.js", "", False),
        ("_static/doctools.js", "", False),
    ],
)
def test_a_page_loads_what_it_uses(file, body, used):
    assert lean.is_used(file, "index", body) == used


MISTAKES = {
    "```{code-cell} python3\nimport warnings; warnings.warn('mind this')\n```": "stderr was found",
    r"$\frac{1$": "KaTeX cannot read the formula",
    "```{image} p.svg\n```": "without alternative text",
    "[there](nowhere.md)": "nowhere.md",
}


@pytest.fixture
def build(tmp_path):
    """A function that builds a book of one page and returns the exit status and what was said."""
    pytest.importorskip("jupyter_book")
    book = tmp_path / "book"
    book.mkdir()
    for name in ("assets", "_templates"):
        (book / name).symlink_to(ROOT / "book" / name)
    (book / "references.bib").touch()
    (book / "p.svg").write_text(PICTURE)
    (book / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    kernel = "---\nfile_format: mystnb\nkernelspec: {name: python3, display_name: Python 3}\n---\n"
    options = ["--config", ROOT / "_config.yml", "--path-output", tmp_path, "-W", "-n", "--keep-going"]

    def run(text: str) -> tuple[int, str]:
        (book / "index.md").write_text(f"{kernel}# A page\n\n{text}\n")
        command = [Path(sys.executable).with_name("jupyter-book"), "build", book, *options]
        process = subprocess.run(command, capture_output=True, text=True)
        return process.returncode, process.stdout + process.stderr

    return run


def test_a_sound_page_builds(build):
    status, said = build("```{code-cell} python3\n1 / 2\n```\n\n```{image} p.svg\n:alt: A box\n```\n\n$1/2$")
    assert status == 0, said[-2000:]


def test_a_failing_cell_fails_the_build_and_the_next_one_too(build):
    for _ in range(2):
        status, said = build("```{code-cell} python3\n1 / 0\n```")
        assert status
        assert "ZeroDivisionError" in said


def test_a_mistake_fails_the_build_and_the_next_one_too(build):
    for _ in range(2):
        status, said = build("\n\n".join(MISTAKES))
        assert status
        assert [message for message in MISTAKES.values() if message not in said] == []


GLOSSARY = """# Glossary

```{glossary}
entropy
  What a model does not know. Week 1.

cross-entropy
cross entropy
  A loss. Weeks 1 and 2.

BPE
  A way to cut a text. Week 6.
```
"""
CHAPTER = """# Entropy

(entropy)=
## Entropy

A *cross-entropy*, not an `entropy`. Then entropies and Entropy, twice: entropy. BPEs, bpe.

| entropy |
|---|
| BPE |
"""


def test_the_first_use_of_a_term_leads_to_the_glossary_and_the_week_leads_back(tmp_path):
    extension = ROOT / "book" / "_ext"
    files = {
        "conf.py": f"import sys; sys.path.insert(0, {str(extension)!r})\n"
        "extensions = ['myst_parser', 'lm_book.glossary']\n",
        "index.md": "# Index\n\nOn this page entropy is not linked.\n\n```{toctree}\nweek1-test\nglossary\n```\n",
        "glossary.md": GLOSSARY,
        "week1-test.md": CHAPTER,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    subprocess.run([sys.executable, "-m", "sphinx", "-qW", tmp_path, tmp_path / "out"], check=True)
    page = (tmp_path / "out" / "week1-test.html").read_text()
    used = re.findall(r'href="glossary.html#term-([\w-]+)"><span class="term">([^<]+)<', page)
    assert used == [("cross-entropy", "cross-entropy"), ("entropy", "Entropy"), ("BPE", "BPEs")]
    assert "glossary.html#term" not in (tmp_path / "out" / "index.html").read_text()
    entries = (tmp_path / "out" / "glossary.html").read_text()
    assert re.findall(r'href="week1-test.html">(Week \d)</a>', entries)[-2:] == ["Week 1", "Week 1"]
    assert "Week 6." in entries
    assert " and Week 2." in entries


def test_an_entry_of_the_glossary_names_its_week():
    assert glossary.WEEK.search("A loss. Week 3.")
    assert not glossary.WEEK.search("A loss.")


def test_a_chapter_offers_its_notebook_elsewhere_only_where_a_bundle_is_published():
    assert notebooks.notebook_of("week1-derivatives").name == "derivatives.ipynb"
    assert notebooks.notebook_of("glossary") is None
    assert notebooks.launchers("", "week1-derivatives", "derivatives.ipynb") == {}
    places = notebooks.launchers("school/course", "week1-derivatives", "derivatives.ipynb")
    assert places["Binder"].endswith(
        "gh/school/course/HEAD?urlpath=lab/tree/exercises/week1-derivatives/derivatives.ipynb"
    )
    assert places["Colab"].endswith("github/school/course/blob/HEAD/exercises/week1-derivatives/derivatives.ipynb")


@pytest.mark.parametrize("address", ["https://github.com/school/course", "course", "me/answers"])
def test_an_address_that_would_give_answers_away_or_is_none_stops_the_build(tmp_path, monkeypatch, address):
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    (tmp_path / "solutions").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text('[remote "origin"]\n\turl = git@github.com:me/answers.git\n')
    with pytest.raises(ConfigError, match="autograder bundle"):
        notebooks.check_repository(None, SimpleNamespace(bundle_repository=address))
    notebooks.check_repository(None, SimpleNamespace(bundle_repository="me/answers-bundle"))


def test_a_head_without_text_is_a_cell():
    assert tables.without_empty_heads('<tr><th class="head"><p></p></th>') == "<tr><td></td>"
    assert tables.without_empty_heads('<th class="head"><p>name</p></th>') == '<th class="head"><p>name</p></th>'
