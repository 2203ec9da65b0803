"""The widgets' JavaScript against NumPy on the same numbers: its arithmetic, its words, its still pictures."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from widget_javascript import javascript, needs_node, sentence_of

import lm.widgets
from lm.widgets import Secant, StepSize, Temperature

pytestmark = needs_node
EPSILON = np.finfo(float).eps


def numbers(values) -> np.ndarray:
    return np.array([float(value) for value in values])


# --- arithmetic ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("temperature", [0.05, 0.7, 1, 3.5, 40])
@pytest.mark.parametrize("shift", [-900, 0, 1e4])
def test_softmax_agrees_with_numpy(temperature, shift):
    logits = [3.0, 2.2, -1.5, 0.4]
    raw = np.array(logits) / temperature
    expected = np.exp(raw - np.logaddexp.reduce(raw))
    got = javascript(Temperature, f"softmax({[z + shift for z in logits]}, {temperature})")
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-300)


def test_ties_share_at_temperature_0_and_all_are_equal_at_infinity():
    zero, infinity, equal = javascript(
        Temperature, "[softmax([1, 4, 4, -2], 0), softmax([1, 4, 4, -2], Infinity), softmax([1e4, 1e4], 1)]"
    )
    assert zero == [0, 0.5, 0.5, 0]
    assert infinity == [0.25] * 4
    assert equal == [0.5, 0.5]


def test_entropy_is_in_nats_and_survives_a_probability_of_0():
    p = [0.5, 0.3, 0.2, 0.0]
    expected = -sum(share * math.log(share) for share in p if share)
    assert javascript(Temperature, f"entropy({p})") == pytest.approx(expected, rel=1e-12)
    assert javascript(Temperature, "entropy([0.25, 0.25, 0.25, 0.25])") == pytest.approx(math.log(4), rel=1e-12)


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


@pytest.mark.parametrize("name", STARTS)
def test_a_gradient_is_the_slope_of_its_landscape(name):
    start = np.array(STARTS[name])
    h = 1e-5
    around = [(start + sign * h * axis).tolist() for axis in np.eye(len(start)) for sign in (1, -1)]
    losses = np.array(javascript(StepSize, f"{around}.map(LANDSCAPES.{name}.loss)"))
    gradient = javascript(StepSize, f"LANDSCAPES.{name}.gradient({start.tolist()})")
    np.testing.assert_allclose(gradient, (losses[0::2] - losses[1::2]) / (2 * h), rtol=1e-6)


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


@pytest.mark.parametrize(("step_size", "factor"), [(0.5, 0.5), (1.8, 0.8), (0.1, 0.9)])
def test_steps_until_arrival_are_counted_exactly(step_size, factor):
    # on x²/2 a step multiplies x by 1 - step_size, and the gradient is x
    expected = math.ceil(math.log(1e-4 / 2.6) / math.log(factor))
    assert javascript(StepSize, f"observe(LANDSCAPES.parabola, [-2.6], {step_size})")["steps"] == expected


def test_a_contour_of_the_bowl_lies_on_its_ellipse():
    path = javascript(
        StepSize,
        "contour(LANDSCAPES.bowl.loss, LANDSCAPES.bowl, 1.5, { X: (x) => x.toFixed(6), Y: (y) => y.toFixed(6) })",
    )
    points = np.array([pair.split() for pair in path.replace("M", "L").split("L")[1:]], dtype=float)
    assert len(points) > 100
    np.testing.assert_allclose((points[:, 0] ** 2 + 10 * points[:, 1] ** 2) / 2, 1.5, rtol=0.01)


# --- words -----------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(("widget", "part"), SENTENCES, ids=[f"{w.name}: {part}" for w, part in SENTENCES])
def test_the_sentence_says_what_is_seen(widget, part):
    assert part in sentence_of(widget)


# --- pictures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("widget", lm.widgets.widgets())
def test_the_still_picture_is_what_the_widget_draws_first(widget):
    """Writes the picture if it is stale, then fails: look at it and commit it."""
    drawn = javascript(widget, f"still({json.dumps(widget().state())})")
    file = Path(lm.widgets.__file__).parent / f"{widget.name}.svg"
    stale = not file.exists() or file.read_text(encoding="utf-8") != drawn
    if stale:
        file.write_text(drawn, encoding="utf-8")
    assert not stale, f"{file.name} was stale and has been drawn anew"
