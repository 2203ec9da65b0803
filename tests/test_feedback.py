"""Feedback pages: what they say, and that nothing which a student wrote can run in the reader's browser."""

import base64
import hashlib
import io
import re
import struct
import zlib
from html.parser import HTMLParser
from typing import Any

import pytest
from grading_course import SOLVED, Class
from PIL import Image

from autograder.feedback import feedback_page

SCRIPTS = [
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "<svg onload='window.hacked = 1'><animate onbegin='window.hacked = 1' attributeName=x dur=1s /></svg>",
    "</pre></figure></section></main><iframe srcdoc='<script>top.hacked = 1</script>'></iframe>",
    "\"'><link rel=stylesheet href='http://127.0.0.1:9/x.css'><style>@import 'http://127.0.0.1:9/y.css'</style>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'><base href='http://127.0.0.1:9/'>",
    "<a href='javascript:window.hacked = 1'>click</a> [click](javascript:window.hacked=1)",
    "{{ 7 * 7 }} {% for x in y %} ${7*7} $\\href{javascript:window.hacked=1}{x}$",
    "\x1b[31mred\x1b[0m \x00 \x08 \u202e backwards \ud800",
]
HOSTILE = " ".join(SCRIPTS)


def png(width: int = 3, height: int = 2, comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(file, "PNG")
    text = b"tEXt" + b"Comment\0" + comment
    chunk = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    return file.getvalue()[:33] + chunk + file.getvalue()[33:]


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """A class of hostile students, graded, with their pages written."""
    group = Class(tmp_path_factory.mktemp("class"))
    source = f"SCRIPTS = {SCRIPTS!r}\nHOSTILE = ' '.join(SCRIPTS)\n"
    shown = (
        "from IPython.display import HTML, SVG, Image, Javascript, Latex, Markdown, display\n"
        "display(HTML(HOSTILE), Javascript('window.hacked = 1'), Markdown(HOSTILE), Latex(HOSTILE))\n"
        "display({'text/html': HOSTILE, 'image/svg+xml': SCRIPTS[2], 'text/plain': HOSTILE}, raw=True)\n"
        "display({'image/png': SCRIPTS[0], 'text/plain': 'x'}, raw=True)\n"
        "display({'image/png': 'iVBORw0KGgo=', 'text/plain': 'x'}, raw=True)\n"
        f"PICTURE = {base64.b64encode(png(comment=b'<script>')).decode()!r}\n"
        "display({'image/png': PICTURE, 'text/plain': ''}, raw=True)\n"
    )
    group.hands_in("shows", {"average": source + shown + SOLVED["average"]})
    group.hands_in("raises", {"average": source + "raise type(SCRIPTS[0], (Exception,), {})(HOSTILE)"})
    group.hands_in("answers", {"average": source + "def average(values):\n    return HOSTILE"})
    group.hands_in("names", {"average": source + "def average(values):\n    return type(SCRIPTS[0], (), {})()"})
    long = "x" * 5000
    group.hands_in(
        "long", {"average": f"def average(values):\n    return ['{long}'] * 100", "softmax": f"1 / 0  # {long}"}
    )
    group.hands_in(
        "wide", {"softmax": "import matplotlib.pyplot as plt\nplt.figure(figsize=(19, 2))\nplt.plot([1, 2])"}
    )
    group.hands_in(HOSTILE.replace("/", "∕").replace("\x00", "").encode("utf-8", "replace").decode()[:60])
    path = group.hands_in("file")
    path.rename(path.with_name("<script>window.hacked = 1<script>.ipynb"))
    group.hands_in("rejected").write_text(HOSTILE.encode("utf-8", "replace").decode(), encoding="utf-8")
    group.hands_in("good")
    group.hands_in(
        "half", {"average": "def average(values):\n    return sum(values) / (len(values) - 0.5)", "shift": ""}
    )
    group.grade()
    assert group.autograder("feedback", "--book", "https://book.example/").exit_code == 0
    return group


class Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "nav", "footer", "section"),
    *("h1", "h2", "h3", "p", "div", "span", "strong", "em", "code", "pre", "ol", "ul", "li", "dl", "dt", "dd", "a"),
    *("figure", "figcaption", "img", "svg", "rect"),
    *("math", "mrow", "mi", "mn", "mo", "msup", "msub", "mtext", "mfrac", "munder", "mover"),
}


def test_no_page_holds_an_element_that_runs_or_loads_anything(group: Class) -> None:
    pages = sorted((group.grades / "feedback").glob("*/*.html"))
    assert len(pages) == 11
    for path in pages:
        for tag, attributes in Elements(path.read_text(encoding="utf-8")).found:
            assert tag in ALLOWED, (path, tag)
            assert not any(name.startswith("on") for name in attributes), path
            assert str(attributes.get("src", "data:image/png;base64,")).startswith("data:image/png;base64,")
            assert str(attributes.get("href", "#")).startswith(("#", "https://book.example/"))


def test_the_policy_comes_first_and_allows_the_pages_own_style_alone(group: Class) -> None:
    page = group.page("good")
    (style,) = re.findall("<style>(.*?)</style>", page, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    metas = [attributes for tag, attributes in Elements(page).found if tag == "meta"]
    assert metas[0] == {"charset": "utf-8"}
    assert metas[1] == {
        "http-equiv": "Content-Security-Policy",
        "content": f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'",
    }
    assert page.index("Content-Security-Policy") < page.index("<title>")


def test_what_a_student_wrote_is_text(group: Class) -> None:
    page = group.page("raises")
    assert "&lt;script&gt;window.hacked = 1&lt;/script&gt;" in page
    assert "{{ 7 * 7 }}" in page
    assert "49" not in page
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", page)


def test_a_picture_is_written_anew_without_what_else_its_file_held(group: Class) -> None:
    pictures = re.findall(r'src="data:image/png;base64,([^"]*)"', group.page("shows"))
    (picture,) = [base64.b64decode(text) for text in pictures]
    assert b"<script>" not in picture
    assert Image.open(io.BytesIO(picture)).size == (3, 2)


def test_points_behaviours_and_formulas_are_shown(group: Class) -> None:
    page = group.page("good")
    assert "<strong>13</strong> of 13 points" in page
    assert "averages some numbers" in page
    assert re.search("stays finite for logits around <span[^>]*><math.*?<msup><mn>10</mn><mn>4</mn></msup>", page)
    assert 'The factor <span class="math inline"><math' in page


def test_a_failed_behaviour_comes_with_an_example_and_the_section_to_read(group: Class) -> None:
    page = group.page("half")
    assert "for example</dt><dd><code>average([-0.295891, " in page
    assert "expected</dt><dd><code>0.0374646" in page
    assert 'href="https://book.example/week1-sums.html#the-average"' in page


def test_without_an_address_of_the_book_the_section_is_named(group: Class) -> None:
    page = feedback_page(group.stored("half"), "Week 1")
    assert "the section “the average” of the chapter" in page
    assert 'href="http' not in page


def test_a_rejected_file_is_told_why_and_what_to_do(group: Class) -> None:
    page = group.page("rejected")
    assert "could not be graded: the file is no Jupyter notebook" in page
    assert "Hand it in again" in page


def test_a_quiz_without_an_answer_says_not_attempted(group: Class) -> None:
    assert re.search('id="shift".*?Not attempted', group.page("half"), re.S)


def test_written_answers_are_counted_once_they_are_read(group: Class) -> None:
    stored = group.stored("good")
    assert "still to be read (up to 3 points)" in feedback_page(stored, "Week 1")
    stored |= {"manual_score": 2.5, "manual_pending": False}
    assert "Written answers: 2.5 of 3 points" in feedback_page(stored, "Week 1")


def test_a_week_without_machine_graded_points_has_a_page(group: Class) -> None:
    stored = group.stored("good") | {"score": 0.0, "max_score": 0, "exercises": [], "cells": []}
    assert "Feedback for good" in feedback_page(stored, "Week 1")


def test_every_text_of_a_result_is_escaped(group: Class) -> None:
    """Also those that no student is known to reach."""
    fixed = {"status", "output_type", "image/png", "section"}
    markdown = {"title", "sentence"}  # the course's own words

    def poisoned(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: poisoned(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [poisoned(item, key) for item in value]
        return HOSTILE.replace("\ud800", "") if isinstance(value, str) and key not in fixed | markdown else value

    for student in ("raises", "half", "shows"):
        page = feedback_page(poisoned(group.stored(student)), HOSTILE.replace("\ud800", ""))
        assert {tag for tag, _ in Elements(page).found} <= ALLOWED


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_in_a_browser_nothing_runs_nothing_is_requested_and_nothing_is_cut_off(
    group: Class, chromium: Any, width: int
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800})
    for path in sorted((group.grades / "feedback").glob("*/*.html")):
        page = context.new_page()
        requests: list[str] = []
        dialogs: list[Any] = []
        page.on("request", lambda request, seen=requests: seen.append(request.url))
        page.on("dialog", lambda dialog, seen=dialogs: (seen.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri())
        page.wait_for_timeout(50)
        assert [url for url in requests if not url.startswith("data:image/png")] == [path.as_uri()]
        assert dialogs == []
        assert page.evaluate("window.hacked") is None
        assert page.evaluate("getComputedStyle(document.body).margin") == "0px", "the style applies"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("img").evaluate_all("images => images.every(image => image.naturalWidth > 0)")
        page.close()
    context.close()
