"""The widgets: their JavaScript against NumPy, their HTML, and themselves in a browser."""

import json
import math
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import traitlets

import lm.widgets
from lm.widgets import Secant, StepSize, Temperature, sources, styles

WIDGETS = [Secant, StepSize, Temperature]
NODE = shutil.which("node")
CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
needs_node = pytest.mark.skipif(NODE is None, reason="runs the widgets' JavaScript with node, which is not installed")
EPSILON = np.finfo(float).eps

# JSON has no infinity and no NaN; Python's float() reads these words
REPLY = "(_, v) => typeof v === 'number' && !Number.isFinite(v) ? String(v).replace('Infinity', 'inf') : v"


def javascript(widget: type[lm.widgets.CourseWidget], expression: str):
    """The value of an expression that may use everything the widget's module defines."""
    module = f"{widget.esm_source()}\nconsole.log(JSON.stringify({expression}, {REPLY}));"
    command = [NODE, "--input-type=module"]
    done = subprocess.run(command, input=module, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def numbers(values) -> np.ndarray:
    return np.array([float(value) for value in values])


# --- arithmetic ------------------------------------------------------------------------------------------------


@needs_node
@pytest.mark.parametrize("temperature", [0.05, 0.7, 1, 3.5, 40])
@pytest.mark.parametrize("shift", [-900, 0, 1e4])
def test_softmax_agrees_with_numpy(temperature, shift):
    logits = [3.0, 2.2, -1.5, 0.4]
    raw = np.array(logits) / temperature
    expected = np.exp(raw - np.logaddexp.reduce(raw))
    got = javascript(Temperature, f"softmax({[z + shift for z in logits]}, {temperature})")
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-300)


@needs_node
def test_ties_share_at_temperature_0_and_all_are_equal_at_infinity():
    zero, infinity, equal = javascript(
        Temperature, "[softmax([1, 4, 4, -2], 0), softmax([1, 4, 4, -2], Infinity), softmax([1e4, 1e4], 1)]"
    )
    assert zero == [0, 0.5, 0.5, 0]
    assert infinity == [0.25] * 4
    assert equal == [0.5, 0.5]


@needs_node
def test_entropy_is_in_nats_and_survives_a_probability_of_0():
    p = [0.5, 0.3, 0.2, 0.0]
    expected = -sum(share * math.log(share) for share in p if share)
    assert javascript(Temperature, f"entropy({p})") == pytest.approx(expected, rel=1e-12)
    assert javascript(Temperature, "entropy([0.25, 0.25, 0.25, 0.25])") == pytest.approx(math.log(4), rel=1e-12)


@needs_node
@pytest.mark.parametrize(
    ("logits", "overflows"),
    [([709.0, 1.0], False), ([710.0, 1.0], True), ([-745.0, -800.0], False), ([-746.0, -800.0], True)],
)
def test_the_naive_formula_fails_where_doubles_end(logits, overflows):
    got = numbers(javascript(Temperature, f"naiveSoftmax({logits}, 1).shares"))
    with np.errstate(over="ignore", invalid="ignore"):
        weights = np.exp(np.array(logits))
        expected = weights / weights.sum()
    assert np.isnan(got).any() == overflows
    np.testing.assert_allclose(got, expected, rtol=1e-9)


@needs_node
def test_places_on_the_temperature_slider_and_temperatures_belong_together():
    pairs = javascript(
        Temperature, "linspace(-50, 50, 101).map((k) => [k, temperatureAt(k), placeOf(temperatureAt(k))])"
    )
    for place, temperature, back in pairs:
        assert float(back) == pytest.approx(place, abs=1e-9)
        assert float(temperature) == {-50: 0, 50: math.inf}.get(place, pytest.approx(2 ** (place / 10)))


FUNCTIONS = {
    "square": (lambda x: x * x, lambda x: 2 * x),
    "cubic": (lambda x: x * x * x - x, lambda x: 3 * x * x - 1),
    "absolute": (abs, lambda x: math.copysign(1, x)),
    "sine": (math.sin, math.cos),
    "exponential": (math.exp, math.exp),
}


@needs_node
@pytest.mark.parametrize("name", FUNCTIONS)
def test_difference_quotients_are_those_of_double_precision(name):
    f, slope = FUNCTIONS[name]
    steps = [sign * 10.0**-k for k in range(17) for sign in (1, -1)]
    states = [{"function": name, "x": -0.7, "h": h, "scheme": s} for h in steps for s in ("forward", "central")]
    for state, got in zip(states, javascript(Secant, f"{json.dumps(states)}.map(measure)"), strict=True):
        x, h = state["x"], state["h"]
        ends, length = {"forward": ((x + h, x), h), "central": ((x + h, x - h), 2 * h)}[state["scheme"]]
        expected = (f(ends[0]) - f(ends[1])) / length
        # sums and products are exact to the bit; sin and exp may differ in the last place between libraries
        last_place = 0 if name in ("square", "cubic", "absolute") else 4 * EPSILON * abs(f(x)) / abs(h) + 4 * EPSILON
        assert got["secant"] == pytest.approx(expected, rel=0, abs=last_place)
        assert got["tangent"] == pytest.approx(slope(x), rel=1e-15)
        assert got["error"] == abs(got["secant"] - got["tangent"])


@needs_node
def test_the_error_falls_with_h_until_rounding_lifts_it_again():
    errors = javascript(
        Secant,
        "['forward', 'central'].map((scheme) => [1e-2, 1e-3, 1e-13]"
        ".map((h) => measure({ function: 'sine', x: 1, h, scheme }).error))",
    )
    (forward, forward_next, forward_tiny), (central, central_next, central_tiny) = errors
    assert forward / forward_next == pytest.approx(10, rel=0.05)
    assert central / central_next == pytest.approx(100, rel=0.05)
    assert forward_tiny > 1e-5 > forward_next**2
    assert central_tiny > central_next


@needs_node
def test_the_corner_of_the_absolute_value_has_three_answers_and_no_tangent():
    states = [
        {"function": "absolute", "x": 0, "h": h, "scheme": scheme}
        for h, scheme in [(1e-9, "forward"), (-1e-9, "forward"), (1e-9, "central")]
    ]
    got = javascript(Secant, f"{json.dumps(states)}.map(measure)")
    assert [answer["secant"] for answer in got] == [1, -1, 0]
    assert all(math.isnan(float(answer["tangent"])) for answer in got)


GRADIENTS = {
    "parabola": lambda p: p,
    "double_well": lambda p: p**3 - p,
    "bowl": lambda p: p * [1, 10],
    "valley": lambda p: np.array([2 * (p[0] - 1) - 20 * p[0] * (p[1] - p[0] ** 2), 10 * (p[1] - p[0] ** 2)]),
}
STARTS = {"parabola": [-2.6], "double_well": [1.9], "bowl": [-2.6, 1.1], "valley": [-1.3, 1.2]}


@needs_node
@pytest.mark.parametrize(
    ("name", "step_size"),
    [("parabola", 1.8), ("parabola", 2.1), ("double_well", 0.5), ("bowl", 0.15), ("valley", 0.03)],
)
def test_a_path_agrees_with_numpy(name, step_size):
    expected = [np.array(STARTS[name])]
    for _ in range(30):
        expected.append(expected[-1] - step_size * GRADIENTS[name](expected[-1]))
    got = javascript(StepSize, f"descend(LANDSCAPES.{name}, {STARTS[name]}, {step_size}, 30)")
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)


@needs_node
@pytest.mark.parametrize("name", STARTS)
def test_a_gradient_is_the_slope_of_its_landscape(name):
    start = np.array(STARTS[name])
    h = 1e-5
    around = [(start + sign * h * axis).tolist() for axis in np.eye(len(start)) for sign in (1, -1)]
    losses = np.array(javascript(StepSize, f"{around}.map(LANDSCAPES.{name}.loss)"))
    gradient = javascript(StepSize, f"LANDSCAPES.{name}.gradient({start.tolist()})")
    np.testing.assert_allclose(gradient, (losses[0::2] - losses[1::2]) / (2 * h), rtol=1e-6)


@needs_node
@pytest.mark.parametrize(
    ("name", "start", "step_size", "end", "overshoots"),
    [
        ("parabola", [-2.6], 0.5, "arrives", "never"),
        ("parabola", [-2.6], 1.0, "arrives", "never"),
        ("parabola", [-2.6], 1.8, "arrives", "always"),
        ("parabola", [-2.6], 2.0, "still", "always"),
        ("parabola", [-2.6], 2.05, "diverges", "always"),
        ("parabola", [-2.6], 0.001, "still", "never"),
        ("bowl", [-2.6, 1.2], 0.08, "arrives", "never"),
        ("bowl", [-2.6, 1.2], 0.19, "arrives", "always"),
        ("bowl", [-2.6, 1.2], 0.201, "diverges", "always"),
        ("double_well", [0.4], 0.1, "arrives", "never"),
        ("double_well", [0.0], 0.1, "arrives", "never"),
    ],
)
def test_what_a_path_does_is_seen_rightly(name, start, step_size, end, overshoots):
    got = javascript(StepSize, f"observe(LANDSCAPES.{name}, {start}, {step_size})")
    assert got["end"] == end
    assert got["overshoots"] == {"never": 0, "always": got["steps"]}[overshoots]


@needs_node
@pytest.mark.parametrize(("step_size", "factor"), [(0.5, 0.5), (1.8, 0.8), (0.1, 0.9)])
def test_steps_until_arrival_are_counted_exactly(step_size, factor):
    # on x²/2 a step multiplies x by 1 - step_size, and the gradient is x
    expected = math.ceil(math.log(1e-4 / 2.6) / math.log(factor))
    assert javascript(StepSize, f"observe(LANDSCAPES.parabola, [-2.6], {step_size})")["steps"] == expected


@needs_node
def test_a_contour_of_the_bowl_lies_on_its_ellipse():
    path = javascript(
        StepSize,
        "contour(LANDSCAPES.bowl.loss, LANDSCAPES.bowl, 1.5, { X: (x) => x.toFixed(6), Y: (y) => y.toFixed(6) })",
    )
    points = np.array([pair.split() for pair in path.replace("M", "L").split("L")[1:]], dtype=float)
    assert len(points) > 100
    np.testing.assert_allclose((points[:, 0] ** 2 + 10 * points[:, 1] ** 2) / 2, 1.5, rtol=0.01)


# --- words -----------------------------------------------------------------------------------------------------


@needs_node
def test_numbers_read_well():
    values = {
        "0": "0", "-0": "0", "0.1": "0.1", "-2.5": "−2.5", "1/3": "0.3333", "1e-9": "1e−9", "1.5e-7": "1.5e−7",
        "123456": "123500", "2.5e7": "2.5e7", "1e10": "1e10", "1e100": "1e100", "Infinity": "∞", "-Infinity": "−∞",
        "NaN": "not a number", "9.9996": "10", "0.00012345": "0.0001234", "1.001e-9": "1.001e−9",
    }  # fmt: skip
    got = javascript(Secant, f"[{', '.join(values)}].map((value) => formatNumber(value))")
    assert dict(zip(values, got, strict=True)) == values


SENTENCES = [
    (Secant(h=0.1), "slope 0.4974, the tangent 0.5403. They differ by 0.043."),
    (Secant(h=0.1, scheme="central"), "Central difference, h = 0.1"),
    (Secant(h=1e-12), "Rounding errors rule here"),
    (Secant(h=1e-16), "x + h is rounded to x"),
    (Secant(function="square", x=0.5, h=0.5, scheme="central"), "agree to the last digit"),
    (Secant(function="absolute", x=0.0, h=-0.5), "To the left every secant has slope −1, to the right 1."),
    (Secant(function="absolute", x=0.0, scheme="central"), "The central difference says 0"),
    (Secant(function="absolute", x=0.5, h=0.25), "agree to the last digit"),
    (Secant(h=1e-3, zoom=True), "a window 0.006 wide"),
    (StepSize(), "After 20 steps the loss is 0.000449. It bounces from side to side, but the bounces shrink"),
    (StepSize(), "between 1/L = 1 and 2/L"),
    (StepSize(step_size=1.0), "below 1e−4 after 1 step. The step size is 1/L."),
    (StepSize(step_size=2.0), "bounces on and on"),
    (StepSize(step_size=2.3), "diverges: the loss passes one million"),
    (StepSize(step_size=0.01), "creeps: after 1000 steps it has still not arrived"),
    (StepSize(step_size=0.05), "creeps, but arrives"),
    (StepSize(landscape="double_well", x=1.9, step_size=0.5), "jumps over the hill"),
    (StepSize(landscape="double_well", x=0.0, step_size=0.5), "nothing moves"),
    (StepSize(landscape="bowl"), "72 steps. The step size is between 1/L = 0.1 and 2/L"),
    (StepSize(landscape="valley"), "converges after overshooting twice"),
    (StepSize(landscape="bowl", step_size=0.09), "without overshooting"),
    (Temperature(), "At T = 1 “mat” gets 56.1 %. The entropy is 1.11 of at most 1.61 nats."),
    (Temperature(temperature=0), "“mat” gets everything"),
    (Temperature(temperature=0, logits=[2, 2, 1, 0, 0]), "the largest logits tie, so “mat” and “sofa” share it all"),
    (Temperature(temperature=math.inf), "all 5 words are equally likely"),
    (Temperature(shift=800), "Adding 800 to every logit changes nothing."),
    (Temperature(shift=800, naive=True), "overflows to ∞, and ∞/∞ is not a number"),
    (Temperature(shift=-800, naive=True), "rounded to 0 for every word, and 0/0 is not a number"),
    (Temperature(naive=True), "The naive formula does well here."),
    (Temperature(temperature=0, naive=True), "divides by T = 0"),
]  # fmt: skip


@needs_node
@pytest.mark.parametrize(("widget", "part"), SENTENCES, ids=[f"{w.name}: {part}" for w, part in SENTENCES])
def test_the_sentence_says_what_is_seen(widget, part):
    whole = "" if widget.name == "secant" else "complete"
    assert part in javascript(type(widget), f"describe({whole}({json.dumps(widget.state())}))")


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
    assert list(sources()) == ["secant", "step_size", "temperature"]
    for name, source in sources().items():
        assert "export default { render };" in source, name
        assert not any(line.startswith("import ") for line in source.splitlines()), name
        assert "http" not in source.replace("http://www.w3.org/2000/svg", ""), name
    assert ".lm-play" in styles()


@needs_node
@pytest.mark.parametrize("widget", WIDGETS)
def test_the_still_picture_is_what_the_widget_draws_first(widget):
    """Writes the picture if it is stale, then fails: look at it and commit it."""
    drawn = javascript(widget, f"still({json.dumps(widget().state())})")
    file = Path(lm.widgets.__file__).parent / f"{widget.name}.svg"
    stale = not file.exists() or file.read_text(encoding="utf-8") != drawn
    if stale:
        file.write_text(drawn, encoding="utf-8")
    assert not stale, f"{file.name} was stale and has been drawn anew"


# --- in a browser ----------------------------------------------------------------------------------------------

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
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium on the path")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def play(browser):
    """Mounts a widget on a blank page; at the end nothing may have been complained about."""
    complaints: list[str] = []
    pages = []

    def mount(widget, width: int = 760, **options):
        page = browser.new_page(viewport={"width": width, "height": 700}, **options)
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
        "[...document.querySelectorAll('.lm-picture, .lm-readings, .lm-value')].map((e) => e.innerHTML).join()"
    )


def settle(page) -> str:
    page.wait_for_timeout(220)  # the sentence waits until a control has come to rest
    return page.inner_text(".lm-sentence")


@pytest.mark.browser
@pytest.mark.parametrize(
    "widget",
    [Secant(), StepSize(landscape="bowl"), Temperature(logits=[3.0, 2.2, 1.6, 0.4, 0.1])],
    ids=["secant", "step_size", "temperature"],
)
def test_every_control_works_from_the_keyboard_and_is_told(play, widget):
    page = play(widget)
    controls = page.locator(".lm-controls :is(input, select, button)")
    assert controls.count() >= 6
    for i in range(controls.count()):
        control = controls.nth(i)
        before, told = seen(page), settle(page)
        control.focus()
        kind = control.get_attribute("type") or control.evaluate("e => e.tagName")
        keys = {"range": ["ArrowLeft"] * 5, "checkbox": ["Space"], "button": ["Enter"], "SELECT": ["ArrowDown"]}
        for key in keys[kind]:
            page.keyboard.press(key)
        if control.inner_text() == "Pause":  # the sentence waits until the steps come to rest
            page.wait_for_timeout(300)
            page.keyboard.press("Enter")
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
        "[...document.querySelectorAll('.lm-play :is(button, select, input[type=range])')]"
        ".filter((e) => e.offsetParent && e.offsetHeight < 24).length"
    )
    assert small == 0


@pytest.mark.browser
@pytest.mark.parametrize("widget", WIDGETS)
def test_every_control_has_a_name_and_every_picture_a_description(play, widget):
    page = play(widget())
    for control in page.locator(".lm-play :is(input, select, button)").all():
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
def test_the_start_of_a_descent_can_be_dragged_with_a_finger(play):
    page = play(StepSize(landscape="bowl"), has_touch=True)
    box = page.locator(".lm-handle").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    for kind, point in [("touchStart", [(x, y)]), ("touchMove", [(x + 50, y + 40)]), ("touchEnd", [])]:
        points = [{"x": a, "y": b} for a, b in point]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert page.evaluate("model.get('x')") > -2.3
    assert page.evaluate("model.get('y')") < 1.0


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
    trait, value = {"secant": ("x", -1), "step_size": ("steps", 3), "temperature": ("temperature", "Infinity")}[
        widget.name
    ]
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
