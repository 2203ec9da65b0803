"""Claims of the fifth chapter's prose that no cell of the page computes.

`says(...)` makes sure that the page still makes the claim: a claim that is gone takes its test with it.
"""

import math

import numpy as np
import pytest
import torch
from chapters import Chapter
from torch import nn
from torch.nn import functional as F

from lm.corpora import pastiche, python_reference

CHAPTER = Chapter("week5-transformers")
says, answer_of = CHAPTER.says, CHAPTER.answer_of


def test_a_table_of_four_characters_would_have_more_than_a_hundred_million_entries():
    says("more than a hundred million entries", "about a thousandth of that")
    V = len(set(python_reference() + pastiche()))
    assert 1e8 < V**4 < 1.3e8
    assert 100_000 < V * 64 + 64 * 64 + 2 * 12 * 64**2 < 0.0015 * V**4


def test_hands_of_the_clock_turn_as_the_text_says():
    says("round after about six steps", "takes about 60,000 steps")
    assert 6 < 2 * math.pi < 6.5
    assert 2 * math.pi * 10_000 == pytest.approx(62_832, abs=1)  # the limit for the last of many hands


def test_a_turn_by_k_steps_is_one_linear_map_for_all_places():
    says(r"$e^{i\omega(t+k)} = e^{i\omega k} \cdot e^{i\omega t}$")
    w, k = 0.37, 3
    turn = np.array([[math.cos(w * k), math.sin(w * k)], [-math.sin(w * k), math.cos(w * k)]])
    for t in range(10):
        here, there = ([math.sin(w * s), math.cos(w * s)] for s in (t, t + k))
        assert turn @ here == pytest.approx(there)


def test_the_hidden_score_is_in_the_denominator_if_one_masks_too_late():
    says("the hidden scores have been in the denominator already")
    a, b = (torch.softmax(torch.tensor([1.0, 2.0, hidden]), 0)[:2] for hidden in (0.0, 5.0))
    assert not torch.allclose(a, b)
    assert torch.allclose(a / a.sum(), b / b.sum())  # quiz 2: the division takes it out again


def test_attention_has_four_matrices_and_the_feed_forward_network_twice_as_many_weights():
    says("$8C^2$ weights, against $4C^2$ for attention", r"about $12\,L\,C^2$")
    C = 32
    block = nn.TransformerEncoderLayer(C, 4, 4 * C)
    matrices = {name: p.numel() for name, p in block.named_parameters() if p.dim() > 1}
    assert sum(n for name, n in matrices.items() if "attn" in name) == 4 * C * C
    assert sum(n for name, n in matrices.items() if "linear" in name) == 8 * C * C


def test_a_full_and_a_lazy_layer_cost_what_the_table_says():
    says(r"A full layer has $12C^2 + 2TC$", r"\left(1 - \frac1m\right) \frac{2C + T}{12C + 2T}")
    C, T, m = 48, 100, 3
    full, saved = 12 * C**2 + 2 * T * C, 2 * C**2 + T * C
    assert (m - 1) * saved / (m * full) == pytest.approx((1 - 1 / m) * (2 * C + T) / (12 * C + 2 * T))
    says(r"about $\frac16$ of what the lazy layers would cost as full ones, for very long ones half of it")
    assert saved / full == pytest.approx(1 / 6, abs=0.15)
    assert pytest.approx(1 / 2, abs=1e-3) == (2 * C + 1e7) / (12 * C + 2e7)
    assert pytest.approx(1 / 6) == (2 * C) / (12 * C)


def test_the_reward_loss_is_logistic_regression_on_a_difference():
    says("That is the logistic regression of week 1, on a difference.")
    r = torch.tensor([1.3, 0.4])
    loss = -torch.log(torch.sigmoid(r[0] - r[1]))
    assert torch.isclose(loss, F.binary_cross_entropy_with_logits(r[0] - r[1], torch.tensor(1.0)))
    assert torch.isclose(loss, F.cross_entropy(r[None], torch.tensor([0])))  # of the two scores


def test_decay_of_adamw_is_apart_from_the_division():
    says(r"\theta &\leftarrow \theta - \eta \lambda\, \theta - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon} .")
    w = torch.tensor([2.0, -1.0], requires_grad=True)
    optimiser = torch.optim.AdamW([w], lr=0.1, betas=(0.9, 0.99), eps=1e-3, weight_decay=0.5)
    theta, m, v = np.array([2.0, -1.0]), np.zeros(2), np.zeros(2)
    for t, g in enumerate([np.array([3.0, 0.1]), np.array([-1.0, 0.2])], start=1):
        w.grad = torch.tensor(g, dtype=torch.float32)
        optimiser.step()
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g**2
        theta = theta - 0.1 * 0.5 * theta - 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-3)
    assert w.detach().numpy() == pytest.approx(theta, rel=1e-5)


def test_a_gradient_that_is_clipped_keeps_its_direction():
    says("It keeps its direction.")
    w = [nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(3))]
    w[0].grad, w[1].grad = torch.tensor([3.0, 0.0]), torch.tensor([0.0, 4.0, 0.0])
    assert nn.utils.clip_grad_norm_(w, 1.0) == pytest.approx(5.0)
    assert w[0].grad.tolist() == pytest.approx([0.6, 0.0])
    assert w[1].grad.tolist() == pytest.approx([0.0, 0.8, 0.0])


def test_quiz_equal_scores_give_the_mean():
    assert answer_of(1) == "B"
    values = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    out = F.scaled_dot_product_attention(torch.zeros(1, 4), torch.ones(5, 4), values)
    assert torch.allclose(out[0], values.mean(dim=0), atol=1e-6)


def test_quiz_renormalising_fails_when_the_seen_weights_underflow():
    assert answer_of(2) == "C"
    seen = torch.softmax(torch.tensor([1.0, 2.0, 200.0]), 0)[:2]
    assert torch.isnan(seen / seen.sum()).all()


def test_quiz_without_mask_and_positions_the_mean_does_not_notice_a_shuffle():
    assert answer_of(3) == "A"
    torch.manual_seed(0)
    layer, x = nn.MultiheadAttention(8, 2, batch_first=True), torch.randn(1, 6, 8)
    shuffled = x[:, [3, 1, 0, 5, 4, 2]]
    assert torch.allclose(layer(x, x, x)[0].mean(1), layer(shuffled, shuffled, shuffled)[0].mean(1), atol=1e-6)


def test_quiz_more_heads_change_the_scale_alone():
    assert answer_of(4) == "B"
    four, eight = (sum(p.numel() for p in nn.MultiheadAttention(64, H).parameters()) for H in (4, 8))
    assert four == eight
    assert (64 / 4, 64 / 8) == (16, 8)


def test_quiz_weights_of_cross_attention():
    assert answer_of(5) == "A"
    layer = nn.MultiheadAttention(8, 2, batch_first=True)
    summary, source = torch.randn(1, 4, 8), torch.randn(1, 9, 8)
    assert layer(summary, source, source)[1].shape == (1, 4, 9)


def test_quiz_parts_that_are_not_divided_are_a_larger_step():
    assert answer_of(6) == "C"
    x = torch.arange(8.0)
    w = torch.tensor(0.5, requires_grad=True)
    (whole,) = torch.autograd.grad(((w * x - 1) ** 2).mean(), w)
    for part in x.split(2):
        ((w * part - 1) ** 2).mean().backward()
    assert w.grad == pytest.approx(4 * whole.item())


def test_quiz_the_rest():
    assert answer_of(7) == "B"
    assert 6 * 2 * 2 == 4 * 6
    assert answer_of(8) == "C"
    assert len([layer for layer in range(6) if layer % 3 == 0]) == 2
