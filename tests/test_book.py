"""The built book, read as files: links, pictures, headings, and what a page would load."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

bs4 = pytest.importorskip("bs4")
ROOT = Path(__file__).parents[1]
LOADS = {"script": "src", "link": "href", "object": "data"} | dict.fromkeys(("img", "source", "iframe", "video"), "src")


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, "bs4.BeautifulSoup"]:
    """The parsed pages, by file name."""
    return {page.name: bs4.BeautifulSoup(page.read_bytes(), "html.parser") for page in site.glob("*.html")}


def test_every_page_of_the_contents_is_built(pages):
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text())
    chapters = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    assert {f"{name}.html" for name in ["index", "search", *chapters]} <= set(pages)


def test_no_page_loads_anything_from_another_host(pages, site):
    urls = [(name, tag.get(LOADS[tag.name], "")) for name, page in pages.items() for tag in page.find_all(list(LOADS))]
    for sheet in site.rglob("*.css"):
        found = re.findall(r"url\(\s*['\"]?([^)'\"]+)|@import\s+['\"]([^'\"]+)", sheet.read_text())
        urls += [(sheet.name, a or b) for a, b in found]
    elsewhere = [(where, url) for where, url in urls if re.match(r"(?:[a-z]+:)?//", url)]
    assert not elsewhere


def test_links_lead_to_a_page_and_a_place_that_exist(pages, site):
    missing = []
    for name, page in pages.items():
        for link in page.find_all("a", href=True):
            if re.match(r"[a-z]+:", link["href"]):
                continue
            target, _, place = link["href"].partition("#")
            target = target or name
            has_place = not place or target not in pages or pages[target].find(id=place)
            if not (site / target).exists() or not has_place:
                missing.append((name, link["href"]))
    assert not missing


def test_files_that_a_page_loads_exist(pages, site):
    for name, page in pages.items():
        for tag in page.find_all(list(LOADS)):
            url = re.split("[?#]", tag.get(LOADS[tag.name], ""))[0]
            assert not url or url.startswith("data:") or (site / url).exists(), f"{name}: {url}"


def test_every_picture_says_what_it_shows(pages):
    for name, page in pages.items():
        for image in page.find_all("img"):
            assert image.get("alt") is not None, f"{name}: {image}"
        for picture in [svg for svg in page.find_all("svg") if not svg.find_parent("svg")]:
            hidden = picture.find_parent(attrs={"aria-hidden": "true"}) or picture.get("aria-hidden") == "true"
            labelled = picture.get("role") == "img" and (picture.get("aria-label") or picture.get("aria-labelledby"))
            assert hidden or labelled, f"{name}: {str(picture)[:200]}"


def test_ids_are_unique_on_a_page(pages):
    for name, page in pages.items():
        ids = [tag["id"] for tag in page.find_all(id=True)]
        assert sorted(set(ids)) == sorted(ids), name


def test_headings_go_down_one_level_at_a_time(pages):
    for name, page in pages.items():
        levels = [int(heading.name[1]) for heading in page.find_all(re.compile("^h[1-6]$"))]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels)), name


def test_every_page_describes_itself_to_search_engines(pages):
    for name, page in pages.items():
        if name != "search.html":
            description = page.find("meta", attrs={"name": "description"})
            assert description, f"{name} wants myst: html_meta: description: in its front matter"
            assert 40 < len(description["content"]) < 200, name


def test_formulas_are_rendered_when_the_book_is_built(pages):
    for name, page in pages.items():
        for formula in page.select("span.math, div.math"):
            assert formula.select_one(".katex math"), f"{name}: {formula}"


def test_style_and_fonts_are_those_of_the_katex_that_renders():
    katex = pytest.importorskip("sphinxcontrib.katex")
    css = (ROOT / "book/assets/katex/katex.min.css").read_text()
    assert f'"{katex.katex_version}"' in css
    fonts = re.findall(r"url\(([^)]+)\)", css)
    assert len(fonts) == 20
    assert all((ROOT / "book/assets/katex" / font).exists() for font in fonts)
