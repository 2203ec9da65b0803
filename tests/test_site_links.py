"""Every link inside the built site leads to a file that is there, and to a place in it that is there."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest


class Page(HTMLParser):
    """The links and the targets of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.targets: set[str] = set()
        self.repeated: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name == "id" and value:
                self.repeated += [value] if value in self.targets else []
                self.targets.add(value)
            elif name in ("href", "src", "aria-labelledby", "popovertarget") and value:
                self.links += [f"#{value}"] if name in ("aria-labelledby", "popovertarget") else [value]


@pytest.fixture(scope="module")
def pages(site) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(site.rglob("*.html")) if "_static" not in path.parts}


def test_links_lead_somewhere(pages):
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                broken.append(f"{path.name}: {link}")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].targets:
                broken.append(f"{path.name}: {link} has no such place")
    assert broken == []


def test_an_id_stands_once_on_a_page(pages):
    assert {path.name: page.repeated for path, page in pages.items() if page.repeated} == {}


def test_no_table_stands_on_a_page_as_its_source(site):
    for path in sorted(site.glob("*.html")):
        assert "|---" not in re.sub(r"<pre.*?</pre>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL), path.name
