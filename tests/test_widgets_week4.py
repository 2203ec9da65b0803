"""The widgets of week 4: their arithmetic against torch and NumPy on the same numbers; their words; themselves."""

import json
import math

import numpy as np
import pytest
import torch
import traitlets
from browser import settle
from widget_javascript import javascript, needs_node, sentence_of

from lm.widgets import EmbeddingMap, InitialGain, Sampling
from lm.widgets.weights import pack, unpack

pytestmark = needs_node

# --- random numbers --------------------------------------------------------------------------------------------


def uniform(seed: int, index: np.ndarray) -> np.ndarray:
    """The generator of random.js: mulberry32, in 32 bits without sign."""
    with np.errstate(over="ignore"):
        t = np.uint32(seed + 1) * np.uint32(0x9E3779B9) + (index + 1).astype(np.uint32) * np.uint32(0x6D2B79F5)
        t = (t ^ (t >> np.uint32(15))) * (t | np.uint32(1))
        t ^= t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))
        return (t ^ (t >> np.uint32(14))) / 2.0**32


def normal(seed: int, count: int) -> np.ndarray:
    index = 2 * np.arange(count)
    return np.sqrt(-2 * np.log(1 - uniform(seed, index))) * np.cos(2 * np.pi * uniform(seed, index + 1))


def test_python_draws_the_same_numbers():
    got = javascript(InitialGain, "linspace(0, 999, 1000).map((i) => uniformNumber(7, i))")
    np.testing.assert_array_equal(got, uniform(7, np.arange(1000)))
    got = javascript(InitialGain, "linspace(0, 999, 1000).map((i) => normalNumber(7, i))")
    np.testing.assert_allclose(got, normal(7, 1000), rtol=1e-9, atol=1e-12)


def test_normal_numbers_are_standard_and_seeds_differ():
    many = normal(3, 40_000)
    assert abs(many.mean()) < 0.02
    assert abs(many.std() - 1) < 0.02
    assert abs((many**4).mean() - 3) < 0.15
    assert abs(np.corrcoef(many, normal(4, 40_000))[0, 1]) < 0.02


def test_a_number_picks_the_place_where_the_running_sum_passes_it():
    cases = [([0.0, 1.0], 0.0), ([0.5, 0.5], 0.5), ([0.5, 0.25, 0.25], 0.74), ([0.25, 0.5, 0.0], 0.99)]
    got = javascript(Sampling, f"{json.dumps(cases)}.map(([p, u]) => pick(p, u))")
    assert got == [1, 1, 1, 1]  # the last sum ends below 1, as rounding may have it: nobody gets what was cut off


# --- initial gain ----------------------------------------------------------------------------------------------


def five_layers(gain: float, activation: str, scaled: bool) -> tuple[list[np.ndarray], list[np.ndarray]]:
    f = {"tanh": torch.tanh, "relu": torch.relu}[activation]
    h = torch.from_numpy(normal(1, 5000)).reshape(50, 100)
    activations, inputs = [], []
    for layer in range(5):
        weight = torch.from_numpy(normal(10 + layer, 10_000)).reshape(100, 100)
        a = (h @ weight * (gain / 10 if scaled else gain)).requires_grad_()
        a.retain_grad()
        h = f(a)
        inputs.append(a)
        activations.append(h)
    h.backward(torch.from_numpy(normal(2, 5000)).reshape(50, 100))
    return [h.detach().numpy() for h in activations], [a.grad.numpy() for a in inputs]


SETTINGS = [(1.0, "tanh", True), (0.3, "tanh", False), (3.0, "tanh", True), (1.0, "relu", True), (2.0, "relu", False)]


@pytest.mark.parametrize(("gain", "activation", "scaled"), SETTINGS)
def test_activations_and_gradients_are_those_of_torch(gain, activation, scaled):
    activations, gradients = five_layers(gain, activation, scaled)
    state = json.dumps({"gain": gain, "activation": activation, "scaled": scaled})
    got = javascript(
        InitialGain,
        f"[((run) => [run.activations, run.gradients].map((all) => all.map((a) => [...a.slice(0, 300)])))"
        f"(experiment({state})), measure({state}).layers.map(({{ std, idle, gradient }}) => [std, idle, gradient])]",
    )
    (some_activations, some_gradients), layers = got
    for layer in range(5):
        scale = activations[layer].std(), gradients[layer].std()
        np.testing.assert_allclose(
            some_activations[layer], activations[layer].ravel()[:300], rtol=1e-7, atol=1e-9 * scale[0]
        )
        np.testing.assert_allclose(
            some_gradients[layer], gradients[layer].ravel()[:300], rtol=1e-6, atol=1e-9 * scale[1]
        )
        idle = np.abs(activations[layer]) > 0.97 if activation == "tanh" else activations[layer] == 0
        np.testing.assert_allclose(layers[layer], [scale[0], idle.mean(), scale[1]], rtol=1e-8)


def test_every_value_within_the_range_is_counted():
    values = [-1, -0.999, 0, 0.5, 1, 1.5]
    counts = javascript(InitialGain, f"histogram({values}, [-1, 1])")
    assert counts == np.histogram(values, 50, (-1, 1))[0].tolist()
    assert sum(counts) == 5


def test_axes_end_at_round_numbers():
    sizes = [0.63, 1, 1.01, 3.3e-5, 7, 480]
    assert javascript(InitialGain, f"{sizes}.map(roundUp)") == pytest.approx([1, 1, 2, 5e-5, 10, 500])


# --- the map of embeddings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "width"), [(5, 2), (27, 10), (12, 40)])
def test_the_plane_is_that_of_the_singular_value_decomposition(count, width):
    vectors = np.random.default_rng(count).normal(size=(count, width)) * np.linspace(3, 0.5, width)
    centred = vectors - vectors.mean(0)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    got = javascript(EmbeddingMap, f"mainPlane({vectors.tolist()})")
    points = np.array(got["points"])
    np.testing.assert_allclose(np.abs(points), np.abs(u[:, :2] * s[:2]), rtol=1e-5, atol=1e-6)
    assert got["share"] == pytest.approx((s[:2] ** 2).sum() / (s**2).sum(), rel=1e-9)


def test_axes_point_to_where_their_largest_part_is_positive_and_the_second_goes_up():
    assert javascript(EmbeddingMap, "longestAxis([[1, -2], [-2, 4]])") == pytest.approx([-(0.2**0.5), 0.8**0.5])
    (left, low), (right, high) = javascript(EmbeddingMap, "placesOf([[0, 0], [3, 1]])")
    assert right - left == pytest.approx(3 * (low - high), abs=0.3)
    assert right > left
    assert high < low  # from the top of the picture


def test_neighbours_are_ordered_by_cosine_and_ties_by_place():
    vectors = [[2.0, 0.0], [1.0, 1.0], [0.0, 0.0], [-3.0, 0.0], [5.0, 5.0], [0.1, 0.0]]
    got = javascript(EmbeddingMap, f"ranking({vectors}, 0)")
    assert [one["j"] for one in got] == [5, 1, 4, 2, 3]
    assert [one["similarity"] for one in got] == pytest.approx([1, math.sqrt(0.5), math.sqrt(0.5), 0, -1])


def test_vowels_lie_together_without_any_training():
    state = EmbeddingMap().state()
    near = javascript(EmbeddingMap, f"ranking({state['vectors']}, 1).slice(0, 4).map(({{ j }}) => j)")
    assert {state["labels"][j] for j in near} == set("eiou")
    assert np.shape(state["vectors"]) == (27, 27)


def test_all_vectors_alike_leave_a_point():
    got = javascript(EmbeddingMap, "mainPlane([[1, 2], [1, 2], [1, 2]])")
    assert got == {"points": [[0, 0]] * 3, "share": 1}


def test_labels_and_vectors_must_belong_together():
    vectors = np.eye(3)
    with pytest.raises(ValueError, match="one label, each another, for each of 3 vectors: got 2"):
        EmbeddingMap(vectors, ["a", "b"])
    with pytest.raises(ValueError, match="one label, each another"):
        EmbeddingMap(vectors, ["a", "b", "a"])
    with pytest.raises(ValueError, match="chosen must be one of the labels: got 'x'"):
        EmbeddingMap(vectors, "abc", chosen="x")
    assert EmbeddingMap(vectors, "abc", chosen="b").state()["chosen"] == "b"


# --- weights as text -------------------------------------------------------------------------------------------


def test_all_half_precision_numbers_are_read_rightly():
    expected = np.arange(65536, dtype=np.uint16).view(np.float16).astype(float)
    got = javascript(Sampling, "Array.from({ length: 65536 }, (_, bits) => halfToNumber(bits))")
    np.testing.assert_array_equal([float(value) for value in got], expected)


@pytest.mark.parametrize(("bits", "error"), [(16, 2**-11), (8, 0.5 / 127 + 1e-3)])
def test_weights_arrive_as_python_rounds_them(bits, error):
    rng = np.random.default_rng(bits)
    arrays = {"a": rng.normal(size=(3, 6, 5)), "b": 1e-3 * rng.normal(size=7), "zero": np.zeros((2, 2, 2))}
    packed = pack(arrays, bits)
    got = javascript(
        Sampling,
        f"(({{ a, b, zero }}) => [a, b, zero].map((x) => [x.shape, [...x.values]]))(unpack({json.dumps(packed)}))",
    )
    for (name, array), (shape, values) in zip(arrays.items(), got, strict=True):
        assert tuple(shape) == array.shape
        np.testing.assert_array_equal(values, unpack(packed)[name].ravel())
        np.testing.assert_allclose(unpack(packed)[name], array, rtol=0, atol=error * np.abs(array).max() + 1e-7)


def test_weights_that_no_page_could_hold_are_refused():
    with pytest.raises(ValueError, match="bits must be 8 or 16"):
        pack({"a": np.ones(3)}, 32)
    for bad in (np.array([np.nan]), np.array([1e6]), np.float64(3)):
        with pytest.raises(ValueError, match="a must be an array of finite numbers"):
            pack({"a": bad})


# --- sampling --------------------------------------------------------------------------------------------------


def small_mlp(seed: int = 0) -> tuple[dict[str, np.ndarray], list[str]]:
    rng = np.random.default_rng(seed)
    shapes = {"C": (5, 3), "W1": (6, 7), "b1": (7,), "W2": (7, 5), "b2": (5,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}, list(".abcd")


def test_logits_are_those_of_torch():
    weights, labels = small_mlp()
    state = Sampling(weights, labels, context="adb").state()
    rounded = {name: torch.from_numpy(array) for name, array in unpack(state["weights"]).items()}
    flat = rounded["C"][torch.tensor([4, 2])].flatten()
    expected = torch.tanh(flat @ rounded["W1"] + rounded["b1"]) @ rounded["W2"] + rounded["b2"]
    got = javascript(Sampling, f"((state) => predict(state, state.context))(complete({json.dumps(state)}))")
    np.testing.assert_allclose(got, expected.numpy(), rtol=1e-9)
    first = javascript(Sampling, f"windowOf('', {json.dumps(labels)}, 2)")
    assert first == [0, 0]


def cut(logits: np.ndarray, temperature: float, k: int | None, p: float) -> np.ndarray:
    """The distribution after temperature, top-k and top-p, with a mask where the widget sorts."""
    weights = np.exp((logits - logits.max()) / temperature)
    if k is not None:
        weights[np.argsort(-weights, kind="stable")[k:]] = 0
    weights /= weights.sum()
    for i in np.argsort(-weights, kind="stable")[::-1]:
        above = weights[(weights > weights[i]) | ((weights == weights[i]) & (np.arange(len(weights)) < i))].sum()
        if above >= p:
            weights[i] = -0.0
    return weights / weights.sum()


@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("k", [None, 1, 4, 99])
@pytest.mark.parametrize("p", [1.0, 0.85, 0.33])
def test_the_distribution_is_cut_by_temperature_then_k_then_p(temperature, k, p):
    logits = np.random.default_rng(5).normal(size=9) * 2
    state = json.dumps({"temperature": temperature, "topK": k, "topP": p})
    got = javascript(Sampling, f"distribution({logits.tolist()}, {state})")
    expected = cut(logits, temperature, k, 2 if p == 1 else p)
    np.testing.assert_allclose(got["after"], expected, rtol=1e-9, atol=1e-15)
    assert got["kept"] == (expected > 0).sum()


def test_greedy_takes_the_most_probable_and_equal_ones_keep_the_earlier():
    greedy, tied, small = javascript(
        Sampling,
        "[distribution([1, 3, 2], { temperature: 0, topK: null, topP: 1 }),"
        " distribution([2, 2, 2, 1], { temperature: 1, topK: 2, topP: 1 }),"
        " distribution([2, 2, 1], { temperature: 1, topK: null, topP: 0.05 })].map(({ after }) => after)",
    )
    assert greedy == [0, 1, 0]
    assert tied == [0.5, 0.5, 0, 0]
    assert small == [1, 0, 0]


def test_what_is_kept_is_no_more_than_is_needed():
    cases = [([3, 1, 2], 0, 1), ([2, 1, 2], 0, 1), ([1, 1, 1, 1], 1, 0.5), ([1, 1, 1, 1], 1, 0.51)]
    got = javascript(
        Sampling,
        f"{json.dumps(cases)}.map(([z, T, p]) => distribution(z, {{ temperature: T, topK: null, topP: p }}).kept)",
    )
    assert got == [1, 2, 2, 3]


def test_greedy_does_not_give_everything_to_one_of_two_that_tie():
    greedy = "{ temperature: 0, topK: null, topP: 1 }"
    one, two = javascript(
        Sampling,
        "[[3, 1, 2], [2, 1, 2]]"
        f".map((z) => describeDistribution(distribution(z, {greedy}), {greedy}, ['a', 'b', 'c']))",
    )
    assert one.startswith("Greedy: “a” is the most probable (66.5 %) and gets everything.")
    assert two.startswith("“a” is the most probable, with 42.2 %; now it gets 50.0 %.")


def test_a_name_that_does_not_end_is_broken_off():
    weights, labels = small_mlp()
    weights["b2"] = np.array([-1e4, 0, 0, 0, 0])
    state = Sampling(weights, labels, context="abc").state()
    names = javascript(Sampling, f"drawNames(complete({json.dumps(state)}))")
    assert {(len(name), name[:3], name[-1]) for name in names} == {(25, "abc", "…")}
    assert len(set(names)) == 10


def test_the_bars_that_find_no_room_share_the_rest():
    labels = [chr(97 + i) for i in range(26)] + ["A", "B", "C"]
    logits = [0.0] * 28 + [-2.0]
    rest = (1 + math.exp(-2)) / (28 + math.exp(-2))
    found = f"distribution({logits}, {{ temperature: 1, topK: null, topP: 1 }})"
    drawn = javascript(Sampling, f"drawDistribution({found}, {json.dumps(labels)}, '')")
    assert f"2 more share {100 * rest:.1f} %" in drawn


@pytest.mark.parametrize("settings", [{"temperature": 0.0}, {"top_k": 3}, {"temperature": 2.0, "top_p": 0.7}])
def test_names_follow_the_distribution_that_is_shown(settings):
    weights, labels = small_mlp(3)
    state = Sampling(weights, labels, context="b", seed=5, **settings).state()
    names = javascript(Sampling, f"drawNames(complete({json.dumps(state)}))")
    rounded = unpack(state["weights"])

    def name(number: int) -> str:
        text = "b"
        while len(text) < 24:
            window = [0, 0, *(labels.index(letter) for letter in text)][-2:]
            logits = (
                np.tanh(rounded["C"][window].ravel() @ rounded["W1"] + rounded["b1"]) @ rounded["W2"] + rounded["b2"]
            )
            p = cut(logits, state["temperature"] or 1e-9, state["top_k"], state["top_p"])
            u = uniform(16 * 5 + number, np.array([len(text) - 1]))[0]
            letter = int(np.searchsorted(np.cumsum(p), u, side="right"))
            if letter == 0:
                return text
            text += labels[letter]
        return f"{text}…"

    assert names == [name(number) for number in range(10)]


def test_without_weights_it_is_the_bigram_model_of_the_names():
    state = Sampling().state()
    counts = np.array(__import__("lm.widgets").widgets.Bigrams().counts) + 0.1
    got = javascript(Sampling, f"((s) => softmax(predict(s, 'xq')))(complete({json.dumps(state)}))")
    np.testing.assert_allclose(got, counts[17] / counts[17].sum(), rtol=0.02)


def test_weights_that_do_not_fit_are_refused():
    weights, labels = small_mlp()
    with pytest.raises(ValueError, match="shapes of the weights do not fit"):
        Sampling({**weights, "W2": np.ones((7, 4))}, labels)
    with pytest.raises(ValueError, match="one label for each of 5 ids: got 4"):
        Sampling(weights, labels[:4])
    with pytest.raises(ValueError, match=r"not among the labels: \['x'\]"):
        Sampling(weights, labels, context="xa")
    with pytest.raises(traitlets.TraitError):
        Sampling(weights, labels, top_p=0.0)


# --- words -----------------------------------------------------------------------------------------------------

SENTENCES = [
    (InitialGain(), "tanh, gain 1 over √100: the standard deviation of the activations falls, 0.63 in layer 1"),
    (InitialGain(), "Each tanh squeezes what it gets"),
    (InitialGain(gain=5 / 3), "The layers treat the signal alike"),
    (InitialGain(gain=5 / 3), "the gradient keeps its size"),
    (InitialGain(gain=0.2), "Hardly anything of the input arrives at the top."),
    (InitialGain(scaled=False), "weights of size 1, not divided by √100"),
    (InitialGain(gain=10.0), "82 % of layer 5 is saturated (|h| > 0.97)"),
    (InitialGain(gain=10.0), "grows 32 times, through the few others, whose weights are large"),
    (InitialGain(activation="relu"), "ReLU sets half of everything to 0; a gain of √2"),
    (InitialGain(activation="relu", gain=3.0), "Nothing bounds a ReLU"),
    (InitialGain(activation="relu", gain=math.sqrt(2)), "The gain makes up for the half"),
    (EmbeddingMap(), "Nearest to “a” by cosine in all 27 dimensions: “o” (0.99)"),
    (EmbeddingMap(np.eye(3), "abc", neighbours=1), "least similar: “c” (0.00)."),
    (EmbeddingMap([[1, 0, 0], [1, 0.1, 9], [0, 1, 0.2]], ["x", "y", "z"]), "two axes do not show everything"),
    (Sampling(top_p=1.0), "At the start (“.”): “s” is the most probable, with 9.7 %. The entropy is 3.09 nats."),
    (Sampling(temperature=0.0), "Greedy: “s” is the most probable (9.7 %) and gets everything."),
    (Sampling(context="ma", top_k=3, top_p=1.0), "Top-k keeps 3 of 27, which hold "),
    (Sampling(context="ma", top_k=1, top_p=1.0), "Top-k keeps 1 of 27, which holds "),
    (Sampling(context="ma", top_k=9, top_p=0.5), "Top-k and top-p keep "),
    (Sampling(context="ma"), "The model sees only the last character."),
]  # fmt: skip


@pytest.mark.parametrize(("widget", "part"), SENTENCES, ids=[f"{w.name}: {part}" for w, part in SENTENCES])
def test_the_sentence_says_what_is_seen(widget, part):
    assert part in sentence_of(widget)


# --- in a browser ------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_usual_gain_is_one_press_away(play):
    page = play(InitialGain(gain=0.5, scaled=False))
    page.get_by_role("button", name="Usual for tanh: 5/3").press("Enter")
    assert page.evaluate("model.get('gain')") == pytest.approx(5 / 3)
    assert page.evaluate("model.get('scaled')") is True


@pytest.mark.browser
def test_a_click_and_the_arrow_keys_choose_an_embedding(play):
    corners = [[1.0, 1.0, 0.1], [-1.0, 1.0, 0.2], [-1.0, -0.9, 0.3], [1.0, -0.9, 0.4], [0.0, 0.0, 0.5]]
    page = play(EmbeddingMap(corners, ["one", "two", "three", "four", "five"], chosen="five"))
    map_ = page.get_by_role("application")
    before = settle(page)
    map_.focus()
    page.keyboard.press("ArrowRight")
    chosen = page.evaluate("model.get('chosen')")
    assert chosen != "five"
    assert settle(page) != before
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("model.get('chosen')") != chosen
    box = map_.bounding_box()
    texts = {}
    for x, y in [(0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5)]:
        page.mouse.click(box["x"] + x * box["width"] * 0.99 + 1, box["y"] + y * box["height"] * 0.99 + 1)
        texts[x, y] = page.evaluate("model.get('chosen')")
    assert set(texts.values()) == {"one", "two", "three", "four", "five"}
    assert texts[0.5, 0.5] == "five"


@pytest.mark.browser
def test_only_characters_that_the_model_knows_can_be_written(play):
    page = play(Sampling())
    field = page.get_by_role("textbox")
    field.press_sequentially("Z3ö.e")
    assert field.input_value() == "ze"
    assert page.evaluate("model.get('context')") == "ze"
    assert page.locator(".lm-words li").first.inner_text().startswith("ze")


@pytest.mark.browser
def test_the_same_seed_draws_the_same_names_and_greedy_ten_times_one(play):
    page = play(Sampling())
    names = page.locator(".lm-words li").all_inner_texts()
    page.get_by_role("button", name="Draw ten others").click()
    settle(page)
    assert page.locator(".lm-words li").all_inner_texts() != names
    page.get_by_role("button", name="Reset").click()
    settle(page)
    assert page.locator(".lm-words li").all_inner_texts() == names
    page.get_by_role("slider", name="Temperature").press("Home")
    settle(page)
    assert len(set(page.locator(".lm-words li").all_inner_texts())) == 1
