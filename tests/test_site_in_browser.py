"""Every page of the book in a real browser: narrow and wide, light and dark, with the widgets moved by keyboard.

Screenshots are left in `_build/screenshots/` for people to look at; run pytest with `-s` to see the weights.
"""

import gzip
import re

import pytest
from browser import CHAPTERS, PAGES, ROOT, WIDTHS, lay_out_everything, wait_for_widgets

pytestmark = pytest.mark.browser


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


@pytest.mark.parametrize("name", PAGES)
def test_a_telephone_shows_figures_and_formulas_whole_and_large_enough(visit, name):
    page = visit(name, viewport={"width": WIDTHS["narrow"], "height": 900})
    lay_out_everything(page)
    page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true; })")
    assert too_wide(page, ".picture-frame") == []
    assert too_wide(page, ".katex-display") == []
    shrunk = "figures => figures.map(figure => figure.getBoundingClientRect().width / figure.getAttribute('width'))"
    assert all(scale >= 0.6 for scale in page.locator("figure .picture").evaluate_all(shrunk))  # 8.4 of 14 pixels


def too_wide(page, boxes: str) -> list[str]:
    """What of these boxes must be scrolled sideways: their place on the page and how they begin."""
    return page.locator(boxes).evaluate_all(
        """boxes => boxes.filter(box => box.scrollWidth > box.clientWidth)
            .map(box => box.closest("[id]").id + ": " + box.textContent.trim().slice(0, 60))"""
    )


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_link_to_a_section_leads_there_past_widgets_that_grow(visit, name, size):
    section = visit(name).locator("article > section > section").nth(-4).get_attribute("id")
    page = visit("index", viewport={"width": WIDTHS[size], "height": 900})
    page.goto(page.url.replace("index.html", f"{name}.html#{section}"), wait_until="networkidle")
    wait_for_widgets(page)
    page.wait_for_timeout(500)
    assert 50 < page.locator(f"[id='{section}']").evaluate("place => place.getBoundingClientRect().top") < 100


def test_a_long_page_is_laid_out_at_the_first_sign_of_the_reader(visit):
    page = visit("week1-derivatives")
    before = "document.documentElement.classList.contains('first-look')"
    assert page.evaluate(before)
    lay_out_everything(page)
    page.reload()
    assert not page.evaluate(before)  # the reader comes back to a place


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
