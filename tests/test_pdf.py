"""The book as one PDF."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book"))

import make_pdf  # noqa: E402  on the path by now

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
    try:
        make_pdf.chromium()
    except SystemExit as error:
        pytest.skip(str(error))
    file = tmp_path / "book.pdf"
    command = [sys.executable, ROOT / "book" / "make_pdf.py", site, file]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    data = file.read_bytes()
    assert data.startswith(b"%PDF")
    assert b"/StructTreeRoot" in data  # tagged, for screen readers
    assert b"/Outlines" in data
