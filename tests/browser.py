"""What the tests of the built book in a real browser share: the pages, a browser, a server."""

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

playwright = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).parents[1]
TOC = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text())
PAGES = ["index", *(chapter["file"] for part in TOC["parts"] for chapter in part["chapters"]), "search"]
CHAPTERS = [name for name in PAGES if name.startswith("week")]
WIDTHS = {"narrow": 390, "wide": 1280}
FLAGS = [  # as root in a container, and asking nothing of the outside world
    "no-sandbox",
    "disable-gpu",
    "disable-quic",
    "no-first-run",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
]
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="module")
def chromium() -> Iterator["playwright.Browser"]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    with playwright.sync_playwright() as driver:
        if program is None and not Path(driver.chromium.executable_path).exists():
            pytest.skip(f"no Chromium: neither {', '.join(PROGRAMS)} on the path nor one of Playwright's")
        browser = driver.chromium.launch(executable_path=program, args=[f"--{flag}" for flag in FLAGS])
        yield browser
        browser.close()


class QuietHandler(SimpleHTTPRequestHandler):
    """A file server that does not write a line for each request."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The address of the built book on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=site)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def visit(chromium, address):
    """A function that opens a page and returns it with the list of what went wrong so far and the responses."""
    contexts = []

    def open_page(url: str, **options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        contexts.append(context)
        page = context.new_page()
        page.complaints, page.responses = [], []
        page.on("request", lambda r: is_elsewhere(r.url, address) and page.complaints.append(f"asks {r.url}"))
        page.on("response", lambda r: page.responses.append(r))
        page.on("console", lambda m: m.type == "error" and page.complaints.append(f"console: {m.text}"))
        page.on("pageerror", lambda error: page.complaints.append(f"error: {error}"))
        page.goto(url if "://" in url else f"{address}/{url}.html", wait_until="networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()


def is_elsewhere(url: str, address: str) -> bool:
    return not url.startswith((address, "file:", "data:", "blob:"))


def wait_for_widgets(page) -> int:
    """The number of widgets on the page, once all have started."""
    page.wait_for_function("document.querySelectorAll('.lm-widget:not([data-started])').length === 0", timeout=10_000)
    return page.locator(".lm-widget").count()
