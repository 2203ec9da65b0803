"""Every page of the book in a real browser: narrow and wide, light and dark, with the widgets moved by keyboard.

Screenshots are left in `_build/screenshots/` for people to look at; run pytest with `-s` to see the weights.
"""

import gzip
import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_page_is_calm(visit, name, size, scheme):
    page = visit(name, viewport={"width": WIDTHS[size], "height": 900}, color_scheme=scheme)
    wait_for_widgets(page)
    pictures = ROOT / "_build" / "screenshots"
    page.screenshot(path=pictures / f"{name}-{size}-{scheme}.png", full_page=True)
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[size]
    assert page.evaluate("document.documentElement.dataset.theme") == scheme


@pytest.mark.parametrize("name", CHAPTERS)
def test_widgets_can_be_moved_by_keyboard(visit, name):
    page = visit(name)
    for number in range(wait_for_widgets(page)):
        widget = page.locator(".lm-widget").nth(number)
        reach_by_tab(page, widget)
        while page.evaluate("document.activeElement.type") not in ("range", "number", "select-one"):
            page.keyboard.press("Tab")
            assert is_inside(page, widget), f"widget {number} has no slider that Tab reaches"
        before = after = widget.inner_text(), shapes(widget)
        for key in ("ArrowLeft", "ArrowRight"):  # a slider at its end moves the other way only
            for _ in range(3 if after == before else 0):
                page.keyboard.press(key)
            after = widget.inner_text(), shapes(widget)
        assert after[0] != before[0], f"widget {number} says the same after its control has moved"
        assert after[1] != before[1], f"widget {number} shows the same after its control has moved"
    assert page.complaints == []


def reach_by_tab(page, widget) -> None:
    """Focus the last thing before the widget, and press Tab until something in the widget has the focus."""
    widget.evaluate(
        """widget => [...document.querySelectorAll("a, button, summary, input, select, [tabindex='0']")]
            .filter(thing => thing.checkVisibility() && !widget.contains(thing)
                && thing.compareDocumentPosition(widget) & Node.DOCUMENT_POSITION_FOLLOWING)
            .at(-1).focus()"""
    )
    for _ in range(5):
        page.keyboard.press("Tab")
        if is_inside(page, widget):
            return
    pytest.fail("Tab does not reach the widget")


def is_inside(page, widget) -> bool:
    return widget.evaluate("element => element.contains(document.activeElement)")


def shapes(widget) -> list[str]:
    return widget.locator("svg").evaluate_all("pictures => pictures.map(picture => picture.innerHTML)")


@pytest.mark.parametrize("name", CHAPTERS)
def test_page_works_from_a_folder(visit, site, name):
    page = visit((site / f"{name}.html").as_uri())
    wait_for_widgets(page)
    assert page.complaints == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_without_scripts_a_picture_stands_for_each_widget(visit, name):
    page = visit(name, java_script_enabled=False)
    for widget in page.locator(".lm-widget").all():
        assert widget.locator("svg").first.is_visible()


def test_a_widget_that_fails_keeps_its_picture_and_says_so_once(visit, site):
    page = visit("index")
    page.set_content('<div class="lm-widget" data-widget="none" data-state="{}"><svg></svg></div>')
    page.add_script_tag(path=site / "_static" / "widget-host.js")
    page.wait_for_timeout(200)
    assert page.locator(".lm-widget > svg").count() == 1
    assert [complaint for complaint in page.complaints if "none" in complaint] == page.complaints
    assert len(page.complaints) == 1


@pytest.mark.parametrize("place", ["server", "folder"])
def test_search_finds_a_word_of_the_course(visit, site, place):
    page = visit("search" if place == "server" else (site / "search.html").as_uri())
    page.locator("main .search-form input").fill("derivative")
    page.keyboard.press("Enter")
    page.locator("#search-results li a").first.wait_for()
    assert "week1-derivatives.html" in page.locator("#search-results").inner_html()
    assert page.complaints == []


def test_the_choice_of_dark_colours_is_kept(visit):
    page = visit("index", color_scheme="light")
    page.get_by_role("button", name="Dark colours").click()
    page.goto(page.url.replace("index", "exercises"))
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_narrow_page_shows_the_contents_on_request(visit):
    page = visit("exercises", viewport={"width": 390, "height": 900})
    link = page.locator("#course-nav").get_by_role("link", name="References")
    assert not link.is_visible()
    page.get_by_role("button", name="Contents").press("Enter")
    link.click()
    assert page.url.endswith("references.html")


def test_the_first_tab_leads_to_the_text(visit):
    page = visit("exercises")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_weight_of_each_page(visit, capsys):
    """At most 350 KB gzipped for a page without its figures, and at most 600 KB of figures."""
    rows = {name: weight(visit(name)) for name in PAGES}
    with capsys.disabled():
        print("\npage                     files   KB gzipped   of figures")
        for name, (files, total, figures) in rows.items():
            print(f"{name:24} {files:5} {total / 1024:12.0f} {figures / 1024:12.0f}")
    for name, (_, total, figures) in rows.items():
        assert total - figures <= 350 * 1024, name
        assert figures <= 600 * 1024, name


def weight(page) -> tuple[int, int, int]:
    """Files that a page loads, their size as a server would send them, and the share of its figures."""
    bodies = {r.url: r.body() for r in page.responses if r.url.startswith("http")}
    sizes = {url: len(body) if url.endswith((".woff2", ".png")) else compressed(body) for url, body in bodies.items()}
    pictures = re.compile(rb'<svg[^>]*class="[^"]*picture".*?</svg>', re.DOTALL)
    inline = compressed(bodies[page.url]) - compressed(pictures.sub(b"", bodies[page.url]))
    files = sum(size for url, size in sizes.items() if url.endswith((".png", ".svg")))
    return len(sizes), sum(sizes.values()), inline + files


def compressed(body: bytes) -> int:
    return len(gzip.compress(body, 9))


def runnable_cells(visit, name: str):
    page = visit(name)
    if not page.locator("#runnable").count():
        pytest.skip("the book was built without Python for the browser (no npm, or no network)")
    return page, page.locator(".cell:has(> .run-tools)")


def end_of_run(cell) -> str:
    """What the cell's status says once its run is over."""
    status = cell.locator(".run-status")
    status.filter(has_text=re.compile("Done|error|Stopped|loaded")).wait_for(timeout=60_000)
    return status.inner_text()


@pytest.mark.parametrize("name", ["week2-backprop", "week3-trigram", "week6-bpe"])
def test_a_reader_edits_and_runs_a_cell(visit, name):
    page, cells = runnable_cells(visit, name)
    cell = next(cell for cell in cells.all() if cell.locator(".cell_output").count())
    assert not any("pyodide" in response.url for response in page.responses)  # not before it is asked for
    cell.get_by_role("button", name="Edit and run").press("Enter")
    editor = cell.get_by_role("textbox")
    editor.press("Control+Enter")
    assert end_of_run(cell) == "Done."
    assert cell.locator(".run-output").inner_text().strip() == cell.locator(".cell_output").inner_text().strip()
    editor.fill("print('a' * 3)\n1 / 0")
    cell.get_by_role("button", name="Run", exact=True).press("Enter")
    assert end_of_run(cell) == "Ended with an error."
    assert cell.locator(".run-output").inner_text().startswith("aaa\nTraceback")
    assert "ZeroDivisionError" in cell.locator(".run-output").inner_text()
    cell.get_by_role("button", name="Back to the page's own").press("Enter")
    assert not editor.is_visible()
    assert cell.locator(".cell_input .highlight").first.is_visible()
    assert page.complaints == []


def test_a_run_that_does_not_end_can_be_stopped(visit):
    page, cells = runnable_cells(visit, "week3-trigram")
    cell = cells.first
    cell.get_by_role("button", name="Edit and run").click()
    cell.get_by_role("textbox").fill("print('on')\nwhile True:\n    pass")
    cell.get_by_role("button", name="Run", exact=True).click()
    cell.locator(".run-output").wait_for(timeout=60_000)
    cell.get_by_role("button", name="Stop").press("Enter")
    assert end_of_run(cell) == "Stopped."
    cell.get_by_role("textbox").fill("1 + 1")
    cell.get_by_role("textbox").press("Control+Enter")
    assert end_of_run(cell) == "Done."
    assert cell.locator(".run-output").inner_text() == "2\n"
    assert page.complaints == []


@pytest.mark.parametrize(
    ("scheme", "width", "rules"),
    [("light", 390, {}), ("light", 1280, {}), ("dark", 1280, {"runOnly": ["color-contrast"]})],
    ids=["narrow", "wide", "dark"],
)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_keeps_anybody_from_using_a_page(visit, name, scheme, width, rules):
    """The rules of axe: names for controls, contrast, structure."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(name, viewport={"width": width, "height": 900}, color_scheme=scheme)
    wait_for_widgets(page)
    found = axe.run(page, options=rules).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["target"], len(rule["nodes"])) for rule in found] == []
