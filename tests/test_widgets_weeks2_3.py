"""The widgets of weeks 2 and 3: their arithmetic against torch, NumPy and the course's own reference; their words."""

import json
import math
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
import traitlets
from browser import seen, settle
from widget_javascript import javascript, needs_node, sentence_of

from autograder.reference import read_reference
from lm.corpora import course_split, given_names
from lm.widgets import Bigrams, Graph, NgramChoice
from lm.widgets.graph import INPUTS
from lm.widgets.ngrams import KS

pytestmark = needs_node

ROOT = Path(__file__).parents[1]

# --- the graph: values and gradients are those of torch ---------------------------------------------------------

FORMULAS = {
    "product": lambda a, b, c: (a + b) * c,
    "twice": lambda a, b, c: (a + b) * c + a,
    "square": lambda a: a * a + a,
    "neuron": lambda x1, w1, x2, w2, b: torch.tanh(w1 * x1 + w2 * x2 + b),
    "sigmoid": torch.sigmoid,
    "cross_entropy": lambda a, b: torch.log(torch.exp(a) + torch.exp(b)) - a,
}


@pytest.mark.parametrize("expression", FORMULAS)
@pytest.mark.parametrize("seed", range(3))
def test_values_and_gradients_are_those_of_torch(expression, seed):
    names = INPUTS[expression].split()
    values = np.random.default_rng(seed).uniform(-3, 3, len(names)).round(3).tolist()
    inputs = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in values]
    result = FORMULAS[expression](*inputs)
    result.backward()
    state = json.dumps({"expression": expression, "values": values, "step": None})
    known = javascript(Graph, f"walk(complete({state}))")
    assert list(known["value"].values())[-1] == pytest.approx(result.item(), rel=1e-12)
    assert [known["gradient"][name] for name in names] == pytest.approx([x.grad.item() for x in inputs], rel=1e-11)


def test_a_sum_is_spelled_out_with_digits_that_make_it_come_out():
    sums = [[0.99966465, -1], [1, 3], [1 / 3, 2 / 3], [-2.5, 2.5], [1e-9, 1]]
    assert javascript(Graph, f"{sums}.map(spelledSum)") == [
        "0.999665 + (−1) = −0.000335", "1 + 3 = 4", "0.333 + 0.667 = 1", "−2.5 + 2.5 = 0", "1e−9 + 1 = 1",
    ]  # fmt: skip


def test_python_and_javascript_know_the_same_expressions():
    theirs = javascript(
        Graph,
        "Object.fromEntries(Object.entries(EXPRESSIONS).map(([name, { nodes, values }]) =>"
        " [name, [nodes.filter(isInput).map((one) => one.name).join(' '), values.length]]))",
    )
    assert theirs == {name: [inputs, len(inputs.split())] for name, inputs in INPUTS.items()}


def test_a_node_is_computed_after_its_arguments_and_sends_back_after_all_that_use_it():
    plans = javascript(
        Graph,
        "Object.keys(EXPRESSIONS).map((name) => [EXPRESSIONS[name].nodes, plan(name)])",
    )
    for nodes, steps in plans:
        inputs = {node["name"] for node in nodes if not node["args"]}
        known = set(inputs)
        for step in (step for step in steps if step["kind"] == "node"):
            assert set(step["to"]["args"]) <= known
            known.add(step["to"]["name"])
        edges = [(step["to"]["name"], step["to"]["args"][step["i"]]) for step in steps if step["kind"] == "edge"]
        for place, (to, _) in enumerate(edges):
            assert to not in [used for _, used in edges[place:]], "an edge into a node that has sent already"
        assert len(edges) == sum(len(node["args"]) for node in nodes)


def test_a_wrong_number_of_inputs_is_refused():
    with pytest.raises(ValueError, match=r"neuron has 5 inputs \(x₁, w₁, x₂, w₂, b\), got 2 values"):
        Graph(expression="neuron", values=[1.0, 2.0])
    with pytest.raises(traitlets.TraitError):
        Graph(expression="product", values=[1.0, 2.0, 5.0])


# --- bigrams ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [0, 0.3, 10])
def test_probabilities_are_counts_over_their_row(k):
    counts = np.array(Bigrams().counts, dtype=float)
    got = javascript(Bigrams, f"{json.dumps(Bigrams().counts)}.map((row) => nextLetter(row, {k}))")
    np.testing.assert_allclose(got, (counts + k) / (counts + k).sum(1, keepdims=True), rtol=1e-12)
    assert javascript(Bigrams, "[nextLetter([0, 0, 0, 0], 0), nextLetter([0, 0, 0, 0], 0.01)]") == [[0.25] * 4] * 2


def test_the_default_counts_are_the_pairs_of_the_training_names():
    words = course_split(given_names()).train
    expected = Counter(pair for word in words for pair in pairwise(f".{word}."))
    letters = Bigrams().letters
    assert Bigrams().counts == [[expected[a, b] for b in letters] for a in letters]


def test_draws_follow_the_probabilities_and_can_be_repeated():
    u = np.array(javascript(Bigrams, "linspace(0, 9999, 10000).map((i) => uniformNumber(3, i))"))
    assert 0 <= u.min() < u.max() < 1
    assert abs(u.mean() - 0.5) < 0.015
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 0.04
    p = [0.5, 0.0, 0.3, 0.2]
    picked = javascript(Bigrams, f"linspace(0, 9999, 10000).map((i) => pick({p}, uniformNumber(3, i)))")
    np.testing.assert_allclose(np.bincount(picked, minlength=4) / 10000, p, atol=0.02)
    assert javascript(Bigrams, f"[pick({p}, 0), pick({p}, 0.5), pick({p}, 1), pick([0.2, 0.8, 0], 1)]") == [0, 2, 3, 1]


def test_without_smoothing_only_pairs_that_occurred_are_drawn():
    state = Bigrams(draws=400).state()
    got = javascript(Bigrams, f"drawn({json.dumps(state)})")
    letters, counts = state["letters"], state["counts"]
    assert sum(len(word) + 1 for word in got["words"]) + len(got["word"]) == 400
    for word in got["words"]:
        assert all(counts[letters.index(a)][letters.index(b)] for a, b in pairwise(f".{word}."))


def test_counts_may_come_from_numpy_and_must_be_whole_and_square():
    counts = np.arange(9.0).reshape(3, 3)
    assert Bigrams(letters=".ab", first="a", second="b", counts=counts).counts == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    with pytest.raises(ValueError, match="whole numbers"):
        Bigrams(letters=".ab", first="a", second="b", counts=counts / 2)
    with pytest.raises(ValueError, match=r"each of 27 letters: got the shape \(3, 3\)"):
        Bigrams(counts=counts)
    with pytest.raises(ValueError, match="must be among"):
        Bigrams(first="é")


# --- the choice of n and k --------------------------------------------------------------------------------------

TRAIN = ["anna", "hanna", "nan", "an", "banana", "hannah", "abba"]
DEV = ["ann", "nahab", "bab"]


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_losses_are_those_of_the_reference(n):
    course = read_reference(ROOT / "solutions" / "week3-trigram" / "reference.py").namespace
    ks = [0.0, 0.01, 0.5, 30.0]
    grid = NgramChoice.measure(TRAIN, DEV, orders=(n,), ks=ks)
    stoi, itos = course["build_vocab"](TRAIN + DEV)
    counts = course["ngram_counts"](*course["ngram_examples"](TRAIN, stoi, n), len(itos))
    for name, words in (("train", TRAIN), ("dev", DEV)):
        examples = course["ngram_examples"](words, stoi, n)
        expected = [course["mean_nll"](course["smooth_probs"](counts, k), *examples) for k in ks]
        got = [math.inf if loss is None else loss for loss in grid[name][0]]
        assert got == pytest.approx(expected, abs=6e-5)
    X, Y = course["ngram_examples"](DEV, stoi, n)
    assert grid["unseen"][0] == pytest.approx(np.mean(counts[(*X.T, Y)] == 0), abs=1e-5)
    assert grid["uniform"] == pytest.approx(math.log(len(itos)), abs=1e-4)


def test_samples_without_smoothing_use_only_ngrams_that_occurred():
    (samples,) = NgramChoice.measure(TRAIN, DEV, orders=(3,), ks=[0.0], samples=50)["samples"]
    seen_triples = {triple for word in TRAIN for triple in zip(f"..{word}", f".{word}.", f"{word}..", strict=False)}
    for word in samples[0]:
        marked = f"..{word}" if word.endswith("…") else f"..{word}."
        marked = marked.replace("…", "")
        assert {tuple(marked[i : i + 3]) for i in range(len(marked) - 2)} <= seen_triples
    assert len(set(samples[0])) > 5
    assert NgramChoice.measure(TRAIN, DEV, orders=(3,), ks=[0.0], samples=50)["samples"][0] == samples


def test_heavy_smoothing_draws_letters_alike():
    (samples,) = NgramChoice.measure(TRAIN, DEV, orders=(2,), ks=[1e9], samples=2000)["samples"]
    letters = Counter("".join(samples[0]).replace("…", "").replace("(empty)", ""))
    assert set(letters) == set("abhn")
    assert max(letters.values()) < 1.1 * min(letters.values())


def test_a_grid_of_ones_own_is_shown_and_its_shape_checked():
    grid = NgramChoice.measure(TRAIN, DEV, orders=(1, 2), ks=(0.0, 1.0))
    widget = NgramChoice(**grid, n=2, k=1.0)
    assert widget.state()["dev"] == grid["dev"]
    with pytest.raises(ValueError, match=r"n = 3 must be one of \[1, 2\]"):
        NgramChoice(**grid)
    with pytest.raises(ValueError, match=r"dev needs 2 rows \(orders\) of 2 entries"):
        NgramChoice(**{**grid, "dev": [[1.0, 2.0]]}, n=2, k=1.0)


def test_the_default_grid_shows_under_and_overfitting():
    state = NgramChoice().state()
    assert (state["orders"], tuple(state["ks"])) == ([1, 2, 3, 4, 5], KS)
    lowest = [min(loss for loss in row if loss is not None) for row in state["dev"]]
    assert lowest[0] > lowest[1] > lowest[2] < lowest[4]
    gaps = [dev[5] - train[5] for train, dev in zip(state["train"], state["dev"], strict=True)]
    assert gaps == sorted(gaps)
    i, j = javascript(NgramChoice, f"best({json.dumps(state)})")
    assert state["dev"][i][j] == min(lowest)


# --- words ------------------------------------------------------------------------------------------------------

SMALL = {
    "orders": [1, 2, 3],
    "ks": [0.0, 0.1, 10.0],
    "train": [[2.8, 2.8, 2.8], [2.4, 2.4, 2.6], [1.2, 1.5, 2.7]],
    "dev": [[2.81, 2.81, 2.82], [None, 2.42, 2.62], [None, 2.6, 2.75]],
    "unseen": [0.0, 0.0042, 0.31],
    "samples": [[["ana"]] * 3] * 3,
    "uniform": 3.2958,
}
SENTENCES = [
    (Graph(), "The inputs are known. Step forward"),
    (Graph(step=1), "Forward: d = a + b = 2 + (−3) = −1."),
    (Graph(step=3), "L = e + a = (−3) + 2 = −1. This is the end of the forward pass"),
    (Graph(step=4), "If L grows by a little, L grows by just as much: its gradient is 1."),
    (Graph(step=6), "Backward from L to a: local slope times upstream gradient, 1 · 1 = 1. a is used twice, so"),
    (Graph(step=9), "1 · 3 = 3. a holds 1 already, and gradients add up: 1 + 3 = 4."),
    (Graph(step=None), "Done. a counts in two places, so its gradient is c + 1 = 3 + 1 = 4."),
    (Graph(expression="square", step=None), "the rule for a² + a: 2a + 1 = 2 · 3 + 1 = 7."),
    (Graph(expression="square", step=5), "a is used three times, so this is not all"),
    (Graph(expression="sigmoid", step=None), "agrees with p(1 − p) = 0.269 · 0.731 = 0.197."),
    (Graph(expression="cross_entropy", step=None), "Softmax gives a 0.269 and b 0.731"),
    (Graph(expression="product", step=None), "Done. Every input knows how the end changes with it."),
    (Bigrams(first=".", second="q"), "“q” follows the start "),
    (Bigrams(first="q", second="k"), "“k” follows “q” never"),
    (Bigrams(first="q", second="k"), "impossible for the model, and its loss is infinite."),
    (Bigrams(first="q", second="k", k=1.0), "With 1 added to every count its probability is "),
    (Bigrams(share=True), "Stronger colour: more probable in their row."),
    (NgramChoice(**SMALL, n=2, k=0.1), "No setting of the grid does better on the development names."),
    (NgramChoice(**SMALL, n=1, k=0.1), "Underfitting: the losses are close together and both high, because the model"),
    (NgramChoice(**SMALL, n=3, k=0.1), "Overfitting: The training names are predicted 1.10 nats better than new ones."),
    (NgramChoice(**SMALL, n=2, k=10.0), "So large a constant drowns the counts: both losses climb towards 3.30"),
    (NgramChoice(**SMALL, n=2, k=0.0), "the development loss ∞ nats. 0.42 % of the development pairs never occurred"),
]  # fmt: skip


@pytest.mark.parametrize(("widget", "part"), SENTENCES, ids=[f"{w.name}: {part}" for w, part in SENTENCES])
def test_the_sentence_says_what_is_seen(widget, part):
    assert part in sentence_of(widget)


def test_a_drawn_letter_is_told_with_the_name_so_far():
    state = json.dumps(Bigrams(draws=1).state())
    told = javascript(Bigrams, f"(({{ last }}) => describe({{ ...{state}, ...last }}))(drawn({state}))")
    assert told.startswith("A letter was drawn from the row of the start: ")
    assert "The name so far: " in told


# --- in a browser ------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_play_walks_the_graph_and_pause_stops_it(play):
    page = play(Graph())
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("model.get('step') >= 2")
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate("model.get('step')") < 10
    assert page.get_by_role("button", name="Play").count() == 1


@pytest.mark.browser
def test_step_and_back_undo_each_other_and_step_begins_anew_at_the_end(play):
    page = play(Graph(step=8))
    before = seen(page)
    page.get_by_role("button", name="Step").click()
    settle(page)
    assert seen(page) != before
    page.get_by_role("button", name="Back").click()
    settle(page)
    assert seen(page) == before
    for _ in range(3):
        page.get_by_role("button", name="Step").click()
    assert page.evaluate("model.get('step')") == 0


@pytest.mark.browser
def test_the_ledger_spells_out_gradients_that_add_up(play):
    page = play(Graph(step=None))
    assert page.locator(".lm-ledger tbody tr").first.inner_text().split("\t") == ["a", "2", "1 + 3 = 4"]
    assert page.locator(".lm-ledger th[scope=col]").count() == 3


@pytest.mark.browser
def test_no_motion_where_the_reader_wants_none(play):
    page = play(Graph(), reduced_motion="reduce")
    page.get_by_role("button", name="Play").click()
    assert page.evaluate("model.get('step')") == 10
    page = play(Bigrams(), reduced_motion="reduce")
    page.get_by_role("button", name="Draw a name").click()
    assert page.evaluate("model.get('second')") == "."
    assert page.locator(".lm-words li").count() == 1


@pytest.mark.browser
def test_the_pointer_and_the_arrow_keys_choose_a_cell_of_the_heat_map(play):
    page = play(Bigrams(first="a", second="z"))
    map_ = page.get_by_role("application")
    box = map_.bounding_box()
    cell = box["width"] * 340 / 360 / 27
    edge = box["width"] * 18 / 360
    page.mouse.move(box["x"] + edge + 3.5 * cell, box["y"] + edge + 26.5 * cell)
    assert [page.evaluate(f"model.get('{name}')") for name in ("first", "second")] == ["z", "c"]
    assert "“c” follows “z”" in settle(page)
    map_.focus()
    for key in ("ArrowDown", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    assert [page.evaluate(f"model.get('{name}')") for name in ("first", "second")] == [".", "a"]
    assert map_.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"


@pytest.mark.browser
def test_draw_a_name_ends_with_the_name(play):
    page = play(Bigrams())
    page.get_by_role("button", name="Draw a name").click()
    page.wait_for_function("model.get('draws') > 0 && model.get('second') === '.'", timeout=20_000)
    assert page.get_by_role("button", name="Draw a name").count() == 1
    assert not page.locator(".lm-words li").last.inner_text().endswith("_")


@pytest.mark.browser
def test_the_button_goes_to_the_lowest_development_loss(play):
    page = play(NgramChoice(**SMALL, n=3, k=0.0))
    page.get_by_role("button", name="lowest development loss").click()
    assert [page.evaluate(f"model.get('{name}')") for name in ("n", "k")] == [2, 0.1]
    assert "No setting of the grid does better" in settle(page)
    assert page.locator(".lm-words li").all_inner_texts() == ["ana"]
