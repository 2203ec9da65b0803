"""The network of week 4's solution: what PyTorch says to the same numbers, and what decoding promises of any row."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from modules import module_at
from torch.nn import functional as F

logits = st.lists(st.sampled_from([-math.inf, -3.0, 0.0, 0.5, 0.5001, 2.0, 40.0]), min_size=1, max_size=9).filter(
    lambda row: max(row) > -math.inf
)


@pytest.fixture(scope="module")
def reference():
    return module_at("solutions/week4-mlp/reference.py")


def test_the_backward_pass_gives_pytorchs_gradients_and_the_loss_is_pytorchs(reference):
    rng = np.random.default_rng(4)
    p = reference.init_mlp(7, 3, 4, 5, rng)
    p = {name: array + 0.3 * rng.normal(size=array.shape) for name, array in p.items()}
    X, Y = rng.integers(0, 5, size=(11, 3)), rng.integers(0, 7, size=11)
    q = {name: torch.tensor(array, requires_grad=True) for name, array in p.items()}
    h = torch.tanh(q["C"][torch.tensor(X)].flatten(1) @ q["W1"] + q["b1"])
    loss = F.cross_entropy(h @ q["W2"] + q["b2"], torch.tensor(Y))
    loss.backward()
    gradients = reference.mlp_backward(p, reference.mlp_forward(p, X)[1], Y)
    for name in p:
        np.testing.assert_allclose(gradients[name], q[name].grad.numpy(), rtol=1e-10, atol=1e-13)
    assert reference.evaluate_loss(p, X, Y, 4) == pytest.approx(loss.item(), rel=1e-12)


def test_batch_normalisation_is_pytorchs_forward_backward_in_use_and_folded(reference):
    rng = np.random.default_rng(5)
    ours, theirs = reference.BatchNorm1d(3, 1e-3, 0.3), torch.nn.BatchNorm1d(3, 1e-3, 0.3, dtype=torch.float64)
    ours.gamma, ours.beta = rng.normal(size=(2, 3))
    with torch.no_grad():
        theirs.weight.copy_(torch.tensor(ours.gamma))
        theirs.bias.copy_(torch.tensor(ours.beta))
    for n in (4, 7):
        x, dout = torch.tensor(rng.normal(size=(n, 3)) * 5, requires_grad=True), rng.normal(size=(n, 3))
        theirs.zero_grad()
        out = theirs(x)
        out.backward(torch.tensor(dout))
        np.testing.assert_allclose(ours(x.detach().numpy(), True), out.detach().numpy(), rtol=1e-12)
        wanted = [x.grad.numpy(), theirs.weight.grad.numpy(), theirs.bias.grad.numpy()]
        for got, grad in zip(reference.batchnorm_backward(dout, ours.cache), wanted, strict=True):
            np.testing.assert_allclose(got, grad, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.running_mean, theirs.running_mean.numpy(), rtol=1e-12)
    np.testing.assert_allclose(ours.running_var, theirs.running_var.numpy(), rtol=1e-12)
    W, b, x = rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=(6, 5))
    in_use = theirs.eval()(torch.tensor(x @ W + b)).detach().numpy()
    np.testing.assert_allclose(ours(x @ W + b, False), in_use, rtol=1e-12, atol=1e-12)
    statistics = ours.gamma, ours.beta, ours.running_mean, ours.running_var
    W2, b2 = reference.fold_batchnorm(W, b, *statistics, ours.eps)
    np.testing.assert_allclose(x @ W2 + b2, in_use, rtol=1e-12, atol=1e-12)


@settings(max_examples=200)
@given(row=logits, k=st.integers(1, 12))
def test_top_k_keeps_the_k_best_at_their_places_and_earlier_ones_among_equals(reference, row, k):
    best = sorted(range(len(row)), key=lambda i: (-row[i], i))[:k]
    wanted = [value if i in best else -math.inf for i, value in enumerate(row)]
    assert reference.top_k_filter(np.array(row), k).tolist() == wanted


@settings(max_examples=200)
@given(row=logits, p=st.floats(0, 1), min_keep=st.integers(1, 4))
def test_top_p_keeps_the_smallest_set_that_is_enough(reference, row, p, min_keep):
    z = np.array(row)
    kept = np.flatnonzero(reference.top_p_filter(z, p, min_keep) > -math.inf)
    probs = reference.apply_temperature(z, 1)
    order = [i for i in sorted(range(len(row)), key=lambda i: (-row[i], i)) if row[i] > -math.inf]
    assert kept.tolist() == sorted(order[: len(kept)])
    assert len(kept) >= min(min_keep, len(order))
    assert probs[kept].sum() >= p - 1e-12
    if p < 1 and len(kept) > min_keep:
        assert probs[order[: len(kept) - 1]].sum() < p + 1e-12


@settings(max_examples=100)
@given(row=logits, t=st.sampled_from([0, 0.001, 0.7, 1.0, 50.0, math.inf]))
def test_probabilities_sum_to_1_and_a_forbidden_one_is_never_drawn(reference, row, t):
    probs = reference.apply_temperature(np.array(row), t)
    assert probs.sum() == pytest.approx(1)
    assert all(probs[i] == 0 for i, value in enumerate(row) if value == -math.inf)
    assert row[reference.sample(probs, np.random.default_rng(7))] > -math.inf
