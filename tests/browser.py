"""What tests in a real browser share: the browser, the pages of the built book and a server, a widget by itself."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import make_pdf
import pytest

ROOT = Path(__file__).parents[1]
PAGES = [*make_pdf.names(), "search"]
CHAPTERS = [name for name in PAGES if name.startswith("week")]
WIDTHS = {"narrow": 390, "wide": 1280}
# The least that a host must give: a model that notifies, and an element.
HOST = """async ([source, state, css]) => {
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  const heard = {};
  window.model = {
    get: (name) => state[name],
    set(name, value) { state[name] = value; for (const f of heard["change:" + name] ?? []) f(); },
    on(event, f) { (heard[event] ??= []).push(f); },
    off(event, f) { heard[event] = (heard[event] ?? []).filter((other) => other !== f); },
    save_changes() {},
  };
  window.listeners = () => Object.values(heard).flat().length;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const module = await import(url);
  const el = document.body.appendChild(document.createElement("div"));
  window.leave = module.default.render({ model, el });
}"""


def chromium_or_skip() -> str:
    """The Chromium of this machine; a machine without one skips the test."""
    try:
        return make_pdf.chromium()
    except SystemExit as problem:
        pytest.skip(str(problem))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser of Playwright's."""
    sync_api = pytest.importorskip("playwright.sync_api")
    program = chromium_or_skip()
    with sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=make_pdf.FLAGS)
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


@pytest.fixture
def play(chromium):
    """Mounts a widget on a blank page; at the end nothing may have been complained about."""
    from lm.widgets import styles

    complaints: list[str] = []
    pages = []

    def mount(widget, width: int = 760, **options):
        page = chromium.new_page(viewport={"width": width, "height": 700}, **options)
        pages.append(page)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if request.url.startswith("http") else None)
        page.set_content('<!doctype html><html lang="en"><title>widget</title><body>')
        page.evaluate(HOST, [widget.esm_source(), widget.state(), styles()])
        page.wait_for_function("document.querySelector('.lm-sentence').textContent !== ''")
        return page

    yield mount
    for page in pages:
        page.close()
    assert complaints == []


def seen(page) -> str:
    """Everything that is shown, without the sentence."""
    return page.evaluate(
        "[...document.querySelectorAll('.lm-picture, .lm-readings, .lm-value, .lm-words')]"
        ".map((e) => e.innerHTML).join()"
    )


def settle(page) -> str:
    page.wait_for_timeout(220)  # the sentence waits until a control has come to rest
    return page.inner_text(".lm-sentence")


def lay_out_everything(page) -> None:
    """Do what a reader does, press a key or move: after that the whole page gets its layout."""
    page.keyboard.press("Shift")
    page.wait_for_function("!document.documentElement.classList.contains('first-look')")
