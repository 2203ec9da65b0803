"""The book as one PDF."""

import re
import subprocess
import sys

import make_pdf
import pytest
from browser import ROOT, chromium_or_skip

PAGE = """<head><title>T</title></head><article><h1 id="top">A</h1>
<a href="#top">up</a> <a href="two.html#end">there</a> <a href="two.html">two</a> <a href="elsewhere.html">e</a>
<svg aria-labelledby="a b"><clipPath id="clip"/><g clip-path="url(#clip)"/></svg>
<details class="sd-dropdown">proof</details><details class="hide">code</details></article>"""


def test_ids_and_links_of_a_page_get_its_name():
    text = make_pdf.chapter_of("one", PAGE, ["one", "two"])
    for expected in (
        '<article id="one"',
        'id="one--top"',
        'href="#one--top"',
        'href="#two--end"',
        'href="#two"',
        'href="elsewhere.html"',
        'aria-labelledby="one--a one--b"',
        "url(#one--clip)",
        "<details open class=",
        '<details class="hide">',
    ):
        assert expected in text


@pytest.fixture
def small_site(tmp_path):
    """Each page of the book, with almost nothing on it."""
    for name in make_pdf.names():
        styles = "".join(f'<link rel="stylesheet" href="{file}.css" />' for file in ("shared", name))
        page = f'<head><title>Of {name}</title>{styles}</head><nav>menu</nav><article><i id="x">{name}</i></article>'
        (tmp_path / f"{name}.html").write_text(page)
    return tmp_path


def test_every_page_stands_once_in_the_order_of_the_contents(small_site):
    names = make_pdf.names()
    assert names[0] == "index"
    assert sorted(names) == sorted(path.stem for path in (ROOT / "book").glob("*.md"))
    text = make_pdf.whole_book(small_site)
    assert re.findall(r'<i id="([\w-]+)--x">([\w-]+)</i>', text) == [(name, name) for name in names]
    assert re.findall(r'href="([\w-]+)\.css"', text) == ["shared", *names]
    assert "<title>Of index</title>" in text
    assert "menu" not in text


def test_a_page_that_is_missing_or_none_of_the_book_is_named(small_site):
    last = small_site / f"{make_pdf.names()[-1]}.html"
    last.write_text("<p>moved</p>")
    with pytest.raises(SystemExit, match=rf"{last.name} has no <article>"):
        make_pdf.whole_book(small_site)
    last.unlink()
    with pytest.raises(SystemExit, match=rf"holds no {last.name}; build the book"):
        make_pdf.whole_book(small_site)


def test_the_chromium_that_is_named_is_taken_before_one_on_the_path(tmp_path, monkeypatch):
    (tmp_path / "google-chrome").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert make_pdf.chromium() == str(tmp_path / "google-chrome")
    monkeypatch.setenv("CHROMIUM", "/opt/mine")
    assert make_pdf.chromium() == "/opt/mine"


def test_every_link_within_the_whole_book_leads_somewhere(site):
    text = make_pdf.whole_book(site)
    targets = {name for _, names in make_pdf.IDS.findall(text) for name in names.split()}
    links = {fragment for kind, fragment in make_pdf.FRAGMENTS.findall(text) if kind.startswith("href")}
    assert links - targets == set()


def test_a_site_that_is_not_built_is_named(tmp_path):
    with pytest.raises(SystemExit, match=r"index\.html; build the book"):
        make_pdf.print_book(tmp_path, tmp_path / "book.pdf")


def test_chromium_prints_it(site, tmp_path):
    pytest.importorskip("playwright")
    chromium_or_skip()
    file = tmp_path / "book.pdf"
    command = [sys.executable, ROOT / "book" / "make_pdf.py", site, file]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    data = file.read_bytes()
    assert data.startswith(b"%PDF")
    assert b"/StructTreeRoot" in data  # tagged, for screen readers
    assert b"/Outlines" in data
