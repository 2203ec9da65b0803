"""The small GPT that the course gives: what it computes, how it is trained, what one asks it."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from lm.gpt import (
    SmallGPT,
    _groups,
    attention_weights,
    continue_ids,
    evaluating,
    export_weights,
    nats_per_token,
    rate,
    train,
)

V, T = 11, 8


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def small(**kwargs) -> SmallGPT:
    torch.manual_seed(1)
    return SmallGPT(V, T, n_layer=2, n_head=2, n_embd=16, **kwargs)


def lively(**kwargs) -> SmallGPT:
    """Weights so large that every part of the model matters."""
    model = small(**kwargs)
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(torch.randn(weights.shape, generator=generator(3)) * 0.4)
    return model


def ids(count: int, seed: int = 0) -> torch.Tensor:
    return torch.randint(V, (count,), generator=generator(seed))


def test_a_logit_depends_on_the_tokens_up_to_its_own_and_on_no_later_one():
    model, x = lively().eval(), ids(T)[None]
    other = x.clone()
    other[0, 5] = (other[0, 5] + 1) % V
    before, after = model(x), model(other)
    assert torch.allclose(before[:, :5], after[:, :5], atol=1e-6)
    assert ((before - after).abs().amax(dim=2)[0, 5:] > 1e-3).all()


def test_without_the_mask_the_first_logit_sees_the_last_token():
    model, x = small(causal=False), ids(T)[None]
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(0.3 * torch.randn(weights.shape, generator=generator(3)))
    other = x.clone()
    other[0, -1] = (other[0, -1] + 1) % V
    assert (model(x)[0, 0] - model(other)[0, 0]).abs().max() > 1e-3


def test_examples_of_a_batch_do_not_touch_each_other():
    model, x = lively(), ids(3 * T).view(3, T)
    assert torch.allclose(model(x)[1:2], model(x[1:2]), atol=1e-5)


def test_evaluation_and_training_mode_agree_without_dropout():
    model, x = lively(), ids(3 * T).view(3, T)
    with evaluating(model):
        fast = model(x)
    assert torch.allclose(model(x), fast, atol=1e-5)


def test_the_loss_of_an_untrained_model_is_that_of_guessing():
    assert nats_per_token(small(), ids(500)) == pytest.approx(math.log(V), abs=0.05)


def test_weights_begin_small_and_smaller_where_a_branch_ends():
    torch.manual_seed(0)
    model = SmallGPT(65, 64, n_layer=3, n_head=4, n_embd=64)
    for name, weights in model.named_parameters():
        if weights.dim() > 1:
            std = 0.02 / math.sqrt(6) if name.endswith(("out_proj.weight", "linear2.weight")) else 0.02
            assert weights.std().item() == pytest.approx(std, rel=0.1), name
        else:
            assert (weights == (1 if "norm" in name and name.endswith("weight") else 0)).all(), name


def test_dropout_reaches_the_embedding_in_training_alone():
    model, x = lively(dropout=0.5), ids(T)[None]
    assert 0.3 < (model.embed(x) == 0).float().mean() < 0.7
    assert (model.eval().embed(x) != 0).all()


def test_too_long_a_text_is_refused():
    with pytest.raises(ValueError, match="at most 8 tokens at once, got 9"):
        small()(ids(9)[None])


def test_training_learns_a_text_and_is_repeatable():
    text = torch.arange(300) % V
    runs = []
    for _ in range(2):
        model = small()
        history = train(
            model, text, steps=60, batch_size=8, learning_rate=1e-2, generator=generator(), validation=text, every=25
        )
        runs.append(history)
    assert history.steps == [0, 25, 50, 60]
    assert history.train[0] == pytest.approx(math.log(V), abs=0.05)
    assert history.train[-1] < 0.2
    assert len(history.validation) == 4
    assert runs[0] == runs[1]
    assert continue_ids(model, text[:3], 5, generator(), temperature=0) == [3, 4, 5, 6, 7]


def test_what_is_measured_last_are_the_losses_of_both_texts_at_the_end():
    model, text, other = small(), ids(900), torch.arange(400) % V
    history = train(
        model, text, steps=3, batch_size=4, learning_rate=1e-2, generator=generator(), validation=other, every=2
    )
    assert history.steps == [0, 2, 3]
    assert history.train[-1] == nats_per_token(model, text, at_most=100)
    assert history.validation[-1] == nats_per_token(model, other, at_most=100)


def test_every_step_is_reported_with_the_loss_of_its_batch():
    seen = []
    train(
        small(),
        ids(100),
        steps=4,
        batch_size=2,
        learning_rate=1e-3,
        generator=generator(),
        on_step=lambda step, loss: seen.append((step, loss)),
    )
    assert [step for step, _ in seen] == [1, 2, 3, 4]
    assert all(1 < loss < 4 for _, loss in seen)


def test_every_window_of_the_text_can_be_drawn_the_last_one_too():
    model, seen = small(), set()
    model.register_forward_pre_hook(lambda _, inputs: seen.update(tuple(row) for row in inputs[0].tolist()))
    train(model, torch.arange(V), steps=12, batch_size=2, learning_rate=1e-3, generator=generator())
    assert {row for row in seen if len(row) == T} == {tuple(range(start, start + T)) for start in range(V - T)}


def test_only_matrices_are_pulled_towards_zero():
    model = small()
    pulled, free = _groups(model, 0.3)
    assert (pulled["weight_decay"], free["weight_decay"]) == (0.3, 0)
    assert {weights.dim() for weights in pulled["params"]} == {2}
    assert {weights.dim() for weights in free["params"]} == {1}
    assert len(pulled["params"]) + len(free["params"]) == len(list(model.parameters()))


def test_the_warmup_is_a_tenth_of_all_steps_unless_one_is_given():
    histories = []
    for options in ({}, {"warmup": 2}, {"warmup": 10}):
        history = train(small(), ids(100), steps=20, batch_size=2, learning_rate=1e-2, generator=generator(), **options)
        histories.append(history.train)
    assert histories[0] == histories[1] != histories[2]


def test_training_draws_from_the_generator_alone_and_leaves_the_model_in_training_mode():
    model = small().eval()
    state = torch.get_rng_state()
    train(model, ids(100), steps=2, batch_size=2, learning_rate=1e-3, generator=generator())
    assert torch.equal(torch.get_rng_state(), state)
    assert model.training


def test_a_text_too_short_for_a_window_is_refused():
    with pytest.raises(ValueError, match="a window needs 9 tokens, the text has 8"):
        train(small(), ids(8), steps=1, batch_size=1, learning_rate=1e-3, generator=generator())


def test_the_learning_rate_warms_up_and_falls_to_a_tenth():
    factors = [rate(step, warmup=10, steps=100) for step in range(101)]
    assert factors[0] == pytest.approx(1 / 11)
    assert factors[10] == 1
    assert max(factors) == 1
    assert factors[55] == pytest.approx(0.55)
    assert factors[100] == pytest.approx(0.1)
    assert all(a > b for a, b in pairwise(factors[10:]))


@pytest.mark.parametrize("length", [2, 8, 9, 10, 17, 700])
def test_every_token_but_the_first_is_predicted_once(length):
    model, text = lively(), ids(length)
    total = 0.0
    with torch.no_grad():
        for start in range(0, length - 1, T):
            piece = text[start : start + T + 1]
            total += F.cross_entropy(model(piece[None, :-1])[0], piece[1:], reduction="sum").item()
    assert nats_per_token(model, text) == pytest.approx(total / (length - 1), rel=1e-5)


def test_a_quick_estimate_is_near_the_loss_of_the_whole_text():
    model, text = lively(), torch.cat([ids(2000), torch.zeros(2000, dtype=torch.long)])  # its halves differ
    assert nats_per_token(model, text[:2000]) > 1.5 * nats_per_token(model, text[2000:])
    assert nats_per_token(model, text, at_most=100) == pytest.approx(nats_per_token(model, text), rel=0.1)


def test_a_text_of_one_token_has_no_loss():
    with pytest.raises(ValueError, match="at least two tokens, got 1"):
        nats_per_token(small(), ids(1))


@pytest.mark.parametrize("mode", [True, False])
def test_what_asks_a_model_leaves_its_mode_alone(mode):
    model = small(dropout=0.5).train(mode)
    nats_per_token(model, ids(30))
    continue_ids(model, [1], 3, generator())
    attention_weights(model, ids(4))
    assert model.training is mode
    assert all(weights.grad is None for weights in model.parameters())


def test_a_continuation_is_drawn_from_the_model_at_the_temperature():
    model, text = lively(), [1, 2, 3]
    with evaluating(model):
        logits = model(torch.tensor([text]))[0, -1]
    for temperature in (0.7, 2.0):
        rng = generator()
        drawn = [continue_ids(model, text, 1, rng, temperature)[0] for _ in range(2000)]
        shares = np.bincount(drawn, minlength=V) / 2000
        assert shares == pytest.approx(torch.softmax(logits / temperature, dim=0).numpy(), abs=0.05)


def test_a_long_continuation_goes_beyond_the_context_and_can_be_repeated():
    runs = [continue_ids(lively(), ids(20), 30, generator(seed)) for seed in (0, 0, 1)]
    assert len(runs[0]) == 30
    assert runs[0] == runs[1] != runs[2]


def test_a_model_goes_on_from_the_end_of_a_long_text():
    model, text = lively(), ids(30)
    with evaluating(model):
        best = [int(model(text[None, end - T : end])[0, -1].argmax()) for end in range(T, 31)]
    assert [continue_ids(model, text[:end], 1, generator(), temperature=0)[0] for end in range(T, 31)] == best
    assert len(set(best)) > 2


@pytest.mark.parametrize(
    ("text", "temperature", "message"), [([], 1.0, "at least one token"), ([1], -0.1, "0 or more, got -0.1")]
)
def test_a_continuation_of_nothing_or_at_a_negative_temperature_is_refused(text, temperature, message):
    with pytest.raises(ValueError, match=message):
        continue_ids(small(), text, 1, generator(), temperature)


def test_attention_weights_are_rows_of_probabilities_that_see_no_later_token():
    weights = attention_weights(lively(), ids(6))
    assert weights.shape == (2, 2, 6, 6)
    assert weights.sum(axis=3) == pytest.approx(np.ones((2, 2, 6)), abs=1e-5)
    assert (np.triu(weights, k=1) == 0).all()
    assert weights.std() > 0.05


def forward(weights: dict[str, np.ndarray], text: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """The model once more, in NumPy and out of the exported weights alone: logits, and the attention of all heads."""

    def norm(x, factor_and_shift):
        factor, shift = factor_and_shift
        return factor * (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5) + shift

    length, heads, attention = len(text), int(weights["heads"]), []
    x = weights["token"][text] + weights["position"][:length]
    for i in range(len(weights["qkv"])):
        h = norm(x, weights["norm1"][i])
        qkv = h @ weights["qkv"][i].T + weights["qkv_bias"][i]
        outs = []
        for q, k, v in zip(*(np.split(part, heads, axis=1) for part in np.split(qkv, 3, axis=1)), strict=True):
            scores = np.where(np.tri(length, dtype=bool), q @ k.T / math.sqrt(q.shape[1]), -np.inf)
            p = np.exp(scores - scores.max(1, keepdims=True))
            attention.append(p / p.sum(1, keepdims=True))
            outs.append(attention[-1] @ v)
        x = x + np.concatenate(outs, axis=1) @ weights["out"][i].T + weights["out_bias"][i]
        u = norm(x, weights["norm2"][i]) @ weights["up"][i].T + weights["up_bias"][i]
        u = u / 2 * (1 + np.vectorize(math.erf)(u / math.sqrt(2)))
        x = x + u @ weights["down"][i].T + weights["down_bias"][i]
    logits = norm(x, weights["norm"]) @ weights["token"].T
    return logits, np.reshape(attention, (-1, heads, length, length))


def test_the_exported_weights_are_all_that_a_forward_pass_needs():
    model, text = lively(), ids(7)
    weights = export_weights(model)
    with evaluating(model):
        logits = model(text[None])[0].numpy()
    assert all(array.dtype == np.float32 for array in weights.values())
    assert sum(array.size for array in weights.values()) - 1 == sum(p.numel() for p in model.parameters())
    theirs, attention = forward(weights, text.tolist())
    assert theirs == pytest.approx(logits, abs=1e-3)
    assert attention_weights(model, text) == pytest.approx(attention, abs=1e-4)
