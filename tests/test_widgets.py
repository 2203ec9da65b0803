"""The widgets: what Python makes of them, and themselves in a browser."""

import json
import math
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
import traitlets
from browser import seen, settle

from lm.widgets import (
    AttentionExplorer,
    Bigrams,
    EmbeddingMap,
    Graph,
    InitialGain,
    Mask,
    Merges,
    NextToken,
    NgramChoice,
    Sampling,
    Secant,
    StepSize,
    Temperature,
    sources,
    styles,
    widgets,
)

WIDGETS = widgets()


# --- Python and HTML -------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Attributes of the elements of some HTML, and whether every element is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("widget", WIDGETS)
def test_a_widget_shows_itself_to_jupyter_and_to_a_page_without_kernel(widget):
    data, _ = widget()._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"]
    page = Page(data["text/html"])
    assert page.open == []
    tag, attributes = page.elements[0]
    assert (tag, attributes["class"], attributes["data-widget"]) == ("div", "lm-widget", widget.name)
    assert json.loads(attributes["data-state"]) == widget().state()
    assert "figcaption" in [tag for tag, _ in page.elements]


@pytest.mark.parametrize("widget", WIDGETS)
def test_the_html_is_well_formed(widget):
    ElementTree.fromstring(widget().static_html())


def test_the_state_holds_what_the_author_chose_and_nothing_of_jupyter():
    state = Secant(function="cubic", x=0.5, h=-0.1).state()
    assert state == {"function": "cubic", "x": 0.5, "h": -0.1, "scheme": "forward", "zoom": False}


def test_an_infinite_temperature_survives_json():
    state = json.loads(json.dumps(Temperature(temperature=math.inf).state(), allow_nan=False))
    assert state["temperature"] == "Infinity"
    live = Temperature()
    live.set_state({"temperature": None})  # what JSON.stringify makes of JavaScript's Infinity
    assert live.temperature == math.inf


def test_words_cannot_break_out_of_the_html():
    words = ["</div><script>alert(1)</script>", "\"'&quot;<"]
    page = Page(Temperature(words=words, logits=[1, 2]).static_html())
    assert "script" not in [tag for tag, _ in page.elements]
    assert json.loads(page.elements[0][1]["data-state"])["words"] == words


def test_wrong_use_is_refused():
    with pytest.raises(traitlets.TraitError, match="h must not be 0"):
        Secant(h=0.0)
    with pytest.raises(traitlets.TraitError, match="sinus"):
        Secant(function="sinus")
    with pytest.raises(ValueError, match="got 2 words and 5 logits"):
        Temperature(words=["a", "b"])


def test_each_source_is_one_module_without_imports():
    assert list(sources()) == [widget.name for widget in WIDGETS]
    assert len(sources()) == len(WIDGETS) >= 9
    for name, source in sources().items():
        assert "export default { render };" in source, name
        assert not any(line.startswith("import ") for line in source.splitlines()), name
        assert "http" not in source.replace("http://www.w3.org/2000/svg", ""), name
    assert ".lm-play" in styles()


# --- in a browser ----------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize(
    "widget",
    [
        Secant(),
        StepSize(landscape="bowl"),
        Temperature(logits=[3.0, 2.2, 1.6, 0.4, 0.1]),
        Graph(expression="neuron", step=8),
        Bigrams(k=10.0),
        NgramChoice(n=4, k=0.3),
        InitialGain(),
        EmbeddingMap(),
        Sampling(),
        Merges(),
        Mask(padding=1),
        AttentionExplorer(),
        NextToken(top_p=1.0),
    ],
    ids=lambda widget: widget.name,
)
def test_every_control_works_from_the_keyboard_and_is_told(play, widget):
    page = play(widget)
    controls = page.locator(".lm-controls :is(input, select, button, textarea)")
    few = {"ngram_choice": 3, "initial_gain": 4, "embedding_map": 2, "sampling": 5, "mask": 3, "attention_explorer": 4}
    assert controls.count() >= few.get(widget.name, 6)
    for i in range(controls.count()):
        control = controls.nth(i)
        before, told = seen(page), settle(page)
        control.focus()
        kind = control.get_attribute("type") or control.evaluate("e => e.tagName")
        keys = {"range": ["ArrowLeft"] * 5, "checkbox": ["Space"], "button": ["Enter"], "SELECT": ["ArrowDown"]}
        for key in keys.get(kind, ["End", "e"]):  # into a text
            page.keyboard.press(key)
        pause = page.get_by_role("button", name="Pause")
        if pause.count():  # the sentence waits until the steps come to rest
            page.wait_for_timeout(300)
            pause.press("Enter")
            control.focus()
        sentence = settle(page)
        name = control.evaluate("e => (e.closest('label') ?? e).textContent")
        assert seen(page) != before, name
        assert sentence != told, name
        assert control.evaluate("e => getComputedStyle(e).outlineStyle") == "solid", f"no focus ring: {name}"
        page.get_by_role("button", name="Reset").press("Enter")
        assert settle(page) == page.evaluate("window.first ??= document.querySelector('.lm-sentence').textContent")


@pytest.mark.browser
@pytest.mark.parametrize("widget", WIDGETS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_widget_fits_a_narrow_phone_and_follows_light_and_dark(play, widget, scheme):
    page = play(widget(), width=320, color_scheme=scheme)
    page.evaluate(f"document.documentElement.style.colorScheme = '{scheme}'")
    blue = {"light": "rgb(0, 114, 178)", "dark": "rgb(86, 180, 233)"}[scheme]
    painted = "[...document.querySelectorAll('.lm-picture *')].map((e) => getComputedStyle(e))"
    assert blue in page.evaluate(f"{painted}.flatMap((style) => [style.stroke, style.fill])")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = page.evaluate(
        "[...document.querySelectorAll('.lm-play :is(button, select, textarea, input[type=range], input[type=text])')]"
        ".filter((e) => e.offsetParent && e.offsetHeight < 24).length"
    )
    assert small == 0


@pytest.mark.browser
@pytest.mark.parametrize("widget", WIDGETS)
def test_every_control_has_a_name_and_every_picture_a_description(play, widget):
    page = play(widget())
    for control in page.locator(".lm-play :is(input, select, button, textarea)").all():
        assert control.evaluate(
            "e => (e.closest('label')?.querySelector('.lm-label, .lm-check span') ?? e).textContent"
        )
    for slider in page.locator("input[type=range]").all():
        assert slider.get_attribute("aria-valuetext")
    assert all(picture.get_attribute("aria-label") for picture in page.locator("svg[role=img]").all())
    assert page.locator("[aria-live=polite]").count() == 1


@pytest.mark.browser
def test_the_points_of_the_secant_can_be_dragged(play):
    page = play(Secant())
    for knob, trait in [(0, "x"), (1, "h")]:
        handle = page.locator(".lm-handle").nth(knob)
        box = handle.bounding_box()
        before = page.evaluate(f"model.get('{trait}')")
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 60, y, steps=3)
        page.mouse.up()
        assert page.evaluate(f"model.get('{trait}')") > before + 0.5


@pytest.mark.browser
def test_the_start_of_a_descent_can_be_dragged_with_a_finger_while_the_page_stays(play):
    page = play(StepSize(landscape="bowl"), has_touch=True)
    page.evaluate("document.body.style.paddingBottom = '2000px'")  # a page that a finger could scroll
    box = page.locator(".lm-handle").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 7):
        points = [{"x": x + 10 * step, "y": y - 10 * step}]
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert page.evaluate("model.get('x')") > -1.6
    assert page.evaluate("model.get('y')") > 1.4
    assert page.evaluate("scrollY") == 0


@pytest.mark.browser
def test_run_walks_step_by_step_and_pause_stops_it(play):
    page = play(StepSize(steps=0))
    page.get_by_role("button", name="Run").click()
    page.wait_for_function("model.get('steps') >= 2")
    page.get_by_role("button", name="Pause").click()
    steps = page.evaluate("model.get('steps')")
    page.wait_for_timeout(400)
    assert page.evaluate("model.get('steps')") == steps < 60


@pytest.mark.browser
def test_run_does_not_move_where_the_reader_wants_no_motion(play):
    page = play(StepSize(steps=0), reduced_motion="reduce")
    page.get_by_role("button", name="Run").click()
    assert page.evaluate("model.get('steps')") == 60


@pytest.mark.browser
@pytest.mark.parametrize("widget", WIDGETS)
def test_a_widget_follows_its_model_and_leaves_nothing_behind(play, widget):
    page = play(widget())
    trait, value = {
        "secant": ("x", -1),
        "step_size": ("steps", 3),
        "temperature": ("temperature", "Infinity"),
        "graph": ("step", 7),
        "bigrams": ("first", "q"),
        "ngram_choice": ("n", 5),
        "initial_gain": ("gain", 3),
        "embedding_map": ("chosen", "s"),
        "sampling": ("temperature", 0),
        "merges": ("words", True),
        "mask": ("causal", False),
        "attention_explorer": ("head", 2),
        "next_token": ("text", "My lor"),
    }[widget.name]
    before = seen(page)
    page.evaluate("([trait, value]) => model.set(trait, value)", [trait, value])
    settle(page)
    assert seen(page) != before
    assert page.evaluate("listeners()") > 0
    page.evaluate("leave()")
    assert page.evaluate("listeners()") == 0


@pytest.mark.browser
def test_words_are_shown_as_they_are(play):
    page = play(Temperature(words=["<b>&amp;", "</svg><img src=x>"], logits=[1, 2]))
    assert page.locator(".lm-picture b, .lm-play img").count() == 0
    assert "<b>&amp;" in page.locator(".lm-picture").first.text_content()
