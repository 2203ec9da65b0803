"""The widgets of week 5: the mask, and the small GPT's forward pass against torch; their words; themselves."""

import json
import re

import numpy as np
import pytest
import torch
import traitlets
from browser import settle
from widget_javascript import javascript, needs_node, sentence_of

from lm.gpt import SmallGPT, attention_weights, evaluating, export_weights
from lm.widgets import AttentionExplorer, Mask, NextToken
from lm.widgets.small_gpt import recorded
from lm.widgets.weights import unpack

pytestmark = needs_node

# --- the mask ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("padding", [0, 1, 3])
def test_masked_weights_are_those_of_torch(causal, padding):
    scores = np.random.default_rng(padding).normal(size=(5, 5)).round(2)
    state = Mask("abcde", scores, causal=causal, padding=padding).state()
    mask = torch.ones(5, 5, dtype=torch.bool)
    if causal:
        mask = mask.tril()
    mask[:, 5 - padding :] = False
    expected = torch.from_numpy(scores).masked_fill(~mask, -torch.inf).softmax(-1)
    may, weights = javascript(Mask, f"((state) => [allowed(state), weights(state)])({json.dumps(state)})")
    assert may == mask.tolist()
    np.testing.assert_allclose(weights, expected.numpy(), rtol=1e-12)


def test_scores_and_tokens_must_fit():
    with pytest.raises(ValueError, match="one row and one column for each of 3 tokens"):
        Mask("abc")
    with pytest.raises(ValueError, match="smaller than the number of tokens, 2"):
        Mask("ab", np.zeros((2, 2)))
    with pytest.raises(traitlets.TraitError):
        Mask(padding=4)


# --- the forward pass --------------------------------------------------------------------------------------------

LETTERS = "\n abcdefghij"


def a_model(seed: int = 0, n_head: int = 3) -> SmallGPT:
    """An untrained model whose numbers are large enough to show each mistake."""
    torch.manual_seed(seed)
    model = SmallGPT(len(LETTERS), 17, n_layer=2, n_head=n_head, n_embd=24)
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(torch.randn_like(weights) * (0.25 if weights.dim() > 1 else 0.1))
    return model


def with_weights(model: SmallGPT, arrays: dict[str, np.ndarray]) -> SmallGPT:
    """The model with these weights, which have the names and shapes of `export_weights`."""
    parts = {"out": "self_attn.out_proj", "up": "linear1", "down": "linear2"}
    values = {"token.weight": arrays["token"], "position.weight": arrays["position"]}
    values |= {"blocks.norm.weight": arrays["norm"][0], "blocks.norm.bias": arrays["norm"][1]}
    for layer in range(len(arrays["qkv"])):
        block = f"blocks.layers.{layer}."
        values[f"{block}self_attn.in_proj_weight"] = arrays["qkv"][layer]
        values[f"{block}self_attn.in_proj_bias"] = arrays["qkv_bias"][layer]
        for norm in ("norm1", "norm2"):
            values[f"{block}{norm}.weight"], values[f"{block}{norm}.bias"] = arrays[norm][layer]
        for name, part in parts.items():
            values[f"{block}{part}.weight"] = arrays[name][layer]
            values[f"{block}{part}.bias"] = arrays[f"{name}_bias"][layer]
    model.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in values.items()})
    return model


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("text", ["a", "\nbad cab", "high jedi chafed b"[:17]])
def test_logits_and_attention_are_those_of_torch(bits, text):
    model = a_model()
    state = AttentionExplorer(export_weights(model), LETTERS, text, bits=bits).state()
    got = javascript(
        AttentionExplorer, f"((m) => forward(m, idsOf(m, {json.dumps(text)})))(languageModel({json.dumps(state)}))"
    )
    rounded = with_weights(model, unpack(state["weights"]))
    ids = torch.tensor([LETTERS.index(letter) for letter in text])
    with evaluating(rounded):
        expected = rounded(ids[None])[0, -1].numpy()
    assert np.abs(expected).max() > 1
    np.testing.assert_allclose(got["logits"], expected, rtol=1e-5, atol=3e-5)
    np.testing.assert_allclose(got["attention"], attention_weights(rounded, ids), rtol=1e-5, atol=1e-5)


def test_eight_bits_are_close_to_the_model_itself():
    model, text = a_model(), "bad cab"
    state = NextToken(export_weights(model), LETTERS, text).state()
    got = javascript(
        NextToken, f"((m) => softmax(forward(m, idsOf(m, '{text}')).logits))(languageModel({json.dumps(state)}))"
    )
    with evaluating(model):
        expected = model(torch.tensor([[LETTERS.index(letter) for letter in text]]))[0, -1].softmax(-1).numpy()
    np.testing.assert_allclose(got, expected, atol=0.02)


def test_the_model_sees_the_last_characters_of_a_long_text():
    text = "abcdefghij" * 3
    state = NextToken(export_weights(a_model()), LETTERS, text).state()
    long, short, other = javascript(
        NextToken,
        f"{[text, text[-17:], text[-16:]]}.map((text) => complete({{ ...{json.dumps(state)}, text }}).found.before)",
    )
    assert long == short != other


def test_the_recorded_model_has_learned_its_corpus():
    known = recorded()
    shapes = dict(known["weights"]["shapes"])
    assert shapes["token"] == [len(known["characters"]), 32]
    state = NextToken(text="My lor", top_p=1.0).state()
    likely = "(({ found, model }) => [model.characters[found.order[0]], found.before[found.order[0]]])"
    got = javascript(NextToken, f"{likely}(complete({json.dumps(state)}))")
    assert got[0] == "d"
    assert got[1] > 0.8


def test_what_does_not_fit_the_model_is_refused():
    weights = export_weights(a_model())
    with pytest.raises(ValueError, match="one character for each of 12 ids: got 3"):
        NextToken(weights, "abc", "a")
    with pytest.raises(ValueError, match=r"does not know: \['z'\]"):
        NextToken(weights, LETTERS, "az")
    with pytest.raises(ValueError, match="at least one character"):
        NextToken(weights, LETTERS, "")
    with pytest.raises(ValueError, match="at most 17 characters: got 20"):
        AttentionExplorer(weights, LETTERS, "a" * 20)
    with pytest.raises(ValueError, match="the model has 2 layers and 3 heads"):
        AttentionExplorer(weights, LETTERS, "abc", head=4)


def test_the_mean_distance_weighs_places_by_attention():
    assert javascript(AttentionExplorer, "distance([[1, 0, 0], [1, 0, 0], [0.5, 0, 0.5]])") == pytest.approx(
        (0 + 1 + 1) / 3
    )


def test_continuations_can_be_repeated_and_follow_the_distribution():
    state = json.dumps(NextToken(export_weights(a_model()), LETTERS, "ab", top_k=2, seed=4).state())
    write = (
        f"(() => {{ let s = {state}; for (let i = 0; i < 20; i += 1) s = {{ ...s, written: oneMore(complete(s)) }};"
        " return s.written; })()"
    )
    first, second = javascript(NextToken, f"[{write}, {write}]")
    assert first == second
    assert len(first) == 20
    best_two = javascript(
        NextToken,
        f"{json.dumps(list(first))}.map((_, i, all) => complete({{ ...{state}, written: all.slice(0, i).join('') }}))"
        ".map(({ found, model }) => found.order.slice(0, 2).map((id) => model.characters[id]))",
    )
    assert all(letter in two for letter, two in zip(first, best_two, strict=True))


def test_characters_are_taken_in_the_other_case_if_only_that_is_known():
    assert javascript(AttentionExplorer, "knownText({ characters: ['a', 'B', 'c', 'C'] })('AbcC?a')") == "aBcCa"


def test_the_map_has_a_row_for_each_that_looks_and_a_column_for_each_that_is_looked_at():
    drawn = javascript(AttentionExplorer, "cells([[1, 0], [0.25, 0.75]])")
    levels = dict(re.findall(r'd="([^"]+)" fill="[^"]+" fill-opacity="([\d.]+)"', drawn))
    assert levels == {"M0 0h1v1h-1z": "1.00", "M0 1h1v1h-1z": "0.50", "M1 1h1v1h-1z": "0.88"}


def test_another_text_another_head_and_another_layer_are_looked_at_anew():
    model = a_model()
    state = AttentionExplorer(export_weights(model), LETTERS, "bad cab").state()
    changes = [{}, {"text": "a cab"}, {"layer": 2}, {"head": 3}, {}]
    got = javascript(
        AttentionExplorer, f"{json.dumps(changes)}.map((c) => complete({{ ...{json.dumps(state)}, ...c }}).table)"
    )
    rounded = with_weights(model, unpack(state["weights"]))
    for change, table in zip(changes, got, strict=True):
        ids = torch.tensor([LETTERS.index(letter) for letter in change.get("text", "bad cab")])
        expected = attention_weights(rounded, ids)[change.get("layer", 1) - 1, change.get("head", 1) - 1]
        np.testing.assert_allclose(table, expected, rtol=1e-5, atol=1e-5)


def test_each_character_is_drawn_with_a_random_number_of_its_own():
    state = json.dumps(NextToken(export_weights(a_model()), LETTERS, "ab", seed=4).state())
    equal = f"{{ ...complete({state}), found: {{ after: {[1 / 12] * 12} }} }}"
    drawn = javascript(NextToken, f"['', 'x', 'xy', 'xyz'].map((written) => oneMore({{ ...{equal}, written }}))")
    expected = javascript(NextToken, "[0, 1, 2, 3].map((i) => Math.floor(12 * uniformNumber(4, i)))")
    assert [text[-1] for text in drawn] == [LETTERS[i] for i in expected]
    assert len(set(expected)) > 1


# --- words -------------------------------------------------------------------------------------------------------

SENTENCES = [
    (Mask(), "Row 3, “sat”: with the causal mask it sees “the”, “cat” and itself. The 3 other scores become −∞"),
    (Mask(), "It has to predict “on”, which stays hidden."),
    (Mask(row=0), "with the causal mask it sees itself alone. The 5 other scores"),
    (Mask(row=4), "The other score becomes −∞"),
    (Mask("ab", [[0, 1], [0, 0]], row=0), "without the mask they would hold 73.1 %."),
    (Mask(row=5), "the causal mask hides nothing from it: it sees all 6 tokens. The token that it has to predict"),
    (Mask(causal=False), "without a mask it sees all 6 tokens. It has to predict “on”, which it can see"),
    (Mask(causal=False, padding=2), "with the padding mask it sees “the”, “cat”, itself and “on”. The 2 other scores"),
    (Mask(padding=2, row=5), "Row 6, “[pad]”: this row is padding."),
    (Mask(padding=2, row=3), "The token that it has to predict comes after the text."),
    (AttentionExplorer(), "Layer 1, head 1: “?”, character 27, looks most at itself ("),
    (AttentionExplorer(row=0), "“W”, character 1, looks most at itself (100 %). On average"),
    (NextToken(), "After “…hat say you, my␣”: “l” is the most probable"),
    (NextToken(temperature=0.0), "Greedy: “l” is the most probable"),
    (NextToken(text="O\n", top_p=1.0), "After “O↵”: "),
    (NextToken(text="Ay, " * 20), "The model sees the last 48 characters."),
]  # fmt: skip


@pytest.mark.parametrize(("widget", "part"), SENTENCES, ids=[f"{w.name}: {part}" for w, part in SENTENCES])
def test_the_sentence_says_what_is_seen(widget, part):
    assert part in sentence_of(widget)


# --- in a browser ------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_arrow_keys_and_a_click_choose_a_row_of_the_mask(play):
    page = play(Mask())
    grid = page.get_by_role("application")
    grid.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("model.get('row')") == 3
    for _ in range(9):
        page.keyboard.press("ArrowDown")
    assert page.evaluate("model.get('row')") == 5
    box = grid.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2)
    assert page.evaluate("model.get('row')") == 0


@pytest.mark.browser
def test_pointer_and_arrow_keys_lead_through_rows_and_heads(play):
    page = play(AttentionExplorer(text="What say you?"))
    map_ = page.get_by_role("application")
    map_.focus()
    page.keyboard.press("ArrowUp")
    assert page.evaluate("model.get('row')") == 11
    page.keyboard.press("ArrowLeft")
    assert [page.evaluate(f"model.get('{name}')") for name in ("layer", "head")] == [2, 4]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert [page.evaluate(f"model.get('{name}')") for name in ("layer", "head")] == [1, 2]
    box = map_.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.1)
    assert page.evaluate("model.get('row')") == 0
    strip = page.locator(".lm-picture").nth(1).bounding_box()
    page.mouse.click(strip["x"] + 20 * strip["width"] / 360, strip["y"] + strip["height"] * 0.96)
    assert [page.evaluate(f"model.get('{name}')") for name in ("layer", "head")] == [2, 1]


@pytest.mark.browser
def test_a_text_of_ones_own_may_be_emptied_and_written_anew(play):
    for widget in (AttentionExplorer(), NextToken()):
        page = play(widget)
        field = page.get_by_role("textbox")
        field.fill("")
        assert settle(page) == "Write a text of characters that the model knows."
        field.press_sequentially("My 5 lord")
        assert field.input_value() == "My  lord"
        assert "“d”" in settle(page) or "lord" in settle(page)


@pytest.mark.browser
def test_the_text_is_continued_until_pause_and_at_once_without_motion(play):
    page = play(NextToken())
    page.get_by_role("button", name="Continue").click()
    page.wait_for_function("model.get('written').length >= 3")
    page.get_by_role("button", name="Pause").click()
    written = page.evaluate("model.get('written')")
    assert 3 <= len(written) < 80
    page.get_by_role("button", name="One character").click()
    assert page.evaluate("model.get('written')")[:-1] == written
    page = play(NextToken(), reduced_motion="reduce")
    page.get_by_role("button", name="Continue").click()
    assert page.evaluate("model.get('written').length") == 80
    assert page.locator(".lm-written mark").inner_text() != "…"
