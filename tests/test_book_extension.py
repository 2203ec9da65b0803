"""The book's own part of the build (`book/_ext`)."""

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("sphinx")
from docutils import nodes
from lm_book import freshness, glossary, lean, maths, notebooks, svg, tables
from sphinx.errors import ConfigError

from lm import plots

ROOT = Path(__file__).parents[1]

PICTURE = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="72pt" viewBox="0 0 9 9">
 <metadata>made by</metadata><style>* { stroke: red }</style>
 <defs><clipPath id="clip"><path id="unused" d="M0 0"/></clipPath></defs>
 <g clip-path="url(#clip)"><use xlink:href="#clip" style="fill: #ABCDEF; stroke: #abcdef80"/>
 <path d="M0 0" style="stroke: #0072b2; fill: #123456"/></g>
</svg>"""


def inlined(**options: str) -> str:
    chosen = {"label": "A box", "prefix": "p1-", "ink": "#abcdef", "palette": {"blue": "#0072B2", "curve": "#0072B2"}}
    return svg.inline(PICTURE, **chosen | options)


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


def test_colours_of_the_palette_are_those_of_the_page_and_others_stay():
    picture = inlined()
    assert "stroke: var(--drawn-blue)" in picture
    assert "fill: #123456" in picture


def test_the_style_sheet_has_each_colour_of_the_palette_by_day_and_one_that_stands_out_by_night():
    sheet = (ROOT / "book" / "assets" / "site.css").read_text()
    variables = dict(re.findall(r"--drawn-(\w+): light-dark\((#\w+), #\w+\)", sheet))
    assert {variables[name] for name in variables} == {colour.lower() for colour in plots.PALETTE.values()}
    assert all(variables[name] == plots.PALETTE[name].lower() for name in variables)


def line_of(*parts: str) -> nodes.paragraph:
    """A paragraph of text and, where a part begins with a dollar sign, formulas."""
    return nodes.paragraph("", "", *(nodes.math("", p[1:]) if p[0] == "$" else nodes.Text(p) for p in parts))


def kept_together(*parts: str) -> list[str]:
    """What of the paragraph may not be parted at the end of a line."""
    line = line_of(*parts)
    for formula in list(line.findall(nodes.math)):
        maths.keep_with_punctuation(formula)
    assert line.astext() == line_of(*parts).astext()
    return [piece.astext() for piece in line.findall(nodes.inline) if "nobreak" in piece["classes"]]


def test_a_formula_keeps_its_comma_and_its_brackets():
    assert kept_together("With ", "$x > 0", ", it (", "$y = 1", ") is.") == ["x > 0,", "(y = 1)"]
    assert kept_together("$x", ")? Then ", "$y") == ["x)?"]


def test_a_formula_among_words_stays_as_it_is():
    assert kept_together("The ", "$n", "th of ", "$n", " words") == []


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

token
  A piece of a text. Week 1.

token embedding
  A row of numbers for a token. Week 1.

learning rate
  The length of a step. Week 1.
```
"""
CHAPTER = """# Entropy

| token |
|---|
| a token |

Here [a token](https://example.org), [a token](#entropy), {doc}`a token <index>` and $token$; a sub-token, token-wise.

{.cell_output}
a token

(entropy)=
## Entropy

A *cross-entropy*, not an `entropy`. Then entropies and Entropy, twice: entropy. BPEs, bpe.

Of a token embedding and a learning
rate, before a token itself.
"""


def text_of(page: Path) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page.read_text()).split())


def sphinx(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sphinx", "-qW", *options, folder, folder / "out"]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture
def glossary_book(tmp_path) -> Path:
    """A book of a page, a chapter and a glossary, built."""
    extension = ROOT / "book" / "_ext"
    files = {
        "conf.py": f"import sys; sys.path.insert(0, {str(extension)!r})\n"
        "extensions = ['myst_parser', 'lm_book.glossary']\n"
        "myst_enable_extensions = ['attrs_block', 'dollarmath']\n",
        "index.md": "# Index\n\nOn this page entropy is not linked.\n\n```{toctree}\nweek1-test\nglossary\n```\n",
        "glossary.md": GLOSSARY,
        "week1-test.md": CHAPTER,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = sphinx(tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path


USES = r'href="glossary.html#term-([\w-]+)"><span class="term">([^<]+)<'


def test_the_first_use_of_a_term_leads_to_the_glossary_and_the_week_leads_back(glossary_book):
    out = glossary_book / "out"
    page = (out / "week1-test.html").read_text()
    assert re.findall(USES, page) == [
        ("cross-entropy", "cross-entropy"),
        ("entropy", "Entropy"),
        ("BPE", "BPEs"),
        ("token-embedding", "token embedding"),
        ("learning-rate", "learning\nrate"),
        ("token", "token"),
    ]
    assert "Of a token embedding and a learning rate, before a token itself." in text_of(out / "week1-test.html")
    assert "glossary.html#term" not in (out / "index.html").read_text()
    entries = (out / "glossary.html").read_text()
    assert re.findall(r'href="week1-test.html">(Week \d)</a>', entries)[-5:] == ["Week 1"] * 5
    assert "A way to cut a text. Week 6." in text_of(out / "glossary.html")
    assert "A loss. Week 1 and Week 2." in text_of(out / "glossary.html")


def test_a_new_entry_of_the_glossary_is_linked_and_one_without_its_week_stops_the_build(glossary_book):
    file = glossary_book / "glossary.md"
    file.write_text(GLOSSARY.replace("BPE\n", "itself\n  Nothing else. Week 1.\n\nBPE\n"))
    done = sphinx(glossary_book)
    assert done.returncode == 0, done.stderr
    assert ("itself", "itself") in re.findall(USES, (glossary_book / "out" / "week1-test.html").read_text())
    file.write_text(GLOSSARY.replace(" Week 6.", ""))
    done = sphinx(glossary_book)
    assert done.returncode
    assert "A way to cut a text.' does not end in the week" in done.stderr


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
    assert notebooks.launchers("a/b", "c", "d e#.ipynb")["Binder"].endswith("/exercises/c/d%20e%23.ipynb")


OWN = ["git@github.com:me/answers.git", "https://github.com/me/answers"]


@pytest.mark.parametrize("own", OWN)
@pytest.mark.parametrize("address", ["https://github.com/school/course", "course", "school/course/tree", "me/answers"])
def test_an_address_that_would_give_answers_away_or_is_none_stops_the_build(tmp_path, monkeypatch, address, own):
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    (tmp_path / "solutions").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text(f'[remote "origin"]\n\turl = {own}\n')
    with pytest.raises(ConfigError, match="autograder bundle"):
        notebooks.check_repository(None, SimpleNamespace(bundle_repository=address))
    for other in ("me/answers-bundle", "me/answer", "e/answers", ""):
        notebooks.check_repository(None, SimpleNamespace(bundle_repository=other))


def test_a_bundle_may_name_itself_for_it_holds_no_answers(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text(f'[remote "origin"]\n\turl = {OWN[0]}\n')
    notebooks.check_repository(None, SimpleNamespace(bundle_repository="me/answers"))


def test_the_page_of_a_chapter_knows_its_notebook_and_the_site_holds_it(tmp_path):
    files = {
        "conf.py": f"import sys; sys.path.insert(0, {str(ROOT / 'book' / '_ext')!r})\n"
        "extensions = ['myst_parser', 'lm_book.notebooks']\ntemplates_path = ['.']\n",
        "layout.html": "{% if notebook %}{{ notebook.path }} {{ notebook.launchers | list }}{% endif %}",
        "index.md": "# Index\n\n```{toctree}\nweek1-derivatives\n```\n",
        "week1-derivatives.md": "# Derivatives\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = sphinx(tmp_path, "-D", "bundle_repository=school/course")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    said = "notebooks/derivatives.ipynb ['Binder', 'Colab']"
    assert (out / "week1-derivatives.html").read_text() == said
    notebook = ROOT / "exercises" / "week1-derivatives" / "derivatives.ipynb"
    assert (out / "notebooks" / "derivatives.ipynb").read_bytes() == notebook.read_bytes()
    assert "derivatives" not in (out / "index.html").read_text()
    assert "write OWNER/NAME of a repository" in sphinx(tmp_path, "-D", "bundle_repository=course").stderr


def test_a_head_without_text_is_a_cell():
    assert tables.without_empty_heads('<tr><th class="head"><p></p></th>') == "<tr><td></td>"
    assert tables.without_empty_heads('<th class="head"><p>name</p></th>') == '<th class="head"><p>name</p></th>'
    context = {"body": '<tr><th class="head stub"></th><th class="head"><p>a</p></th><th class="head"></th></tr>'}
    tables.empty_heads(None, "page", "page.html", context, None)
    assert context["body"] == '<tr><td></td><th class="head"><p>a</p></th><td></td></tr>'
