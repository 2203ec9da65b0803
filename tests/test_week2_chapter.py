"""What the chapter on backpropagation says and no cell of it computes."""

from graphlib import TopologicalSorter
from math import comb, exp, log, tanh

import numpy as np
import pytest


def test_forty_doublings_make_a_million_million_paths_over_eighty_arrows():
    paths = 1
    for _ in range(40):
        paths = paths + paths  # each circle is used twice by the next
    assert paths == 2**40
    assert paths == pytest.approx(1e12, rel=0.1)


def test_the_sorter_of_the_library_needs_no_calls_within_calls():
    chain = {i + 1: [i] for i in range(10_000)}
    assert list(TopologicalSorter(chain).static_order()) == list(range(10_001))


def test_central_differences_are_right_to_about_ten_digits():
    h = 1e-5
    error = abs((tanh(0.8 + h) - tanh(0.8 - h)) / (2 * h) - (1 - tanh(0.8) ** 2))
    assert 1e-13 < error < 1e-9


def test_a_jacobian_of_softmax_over_a_vocabulary_has_billions_of_entries():
    assert 50_000**2 == 2_500_000_000


def test_hidden_weights_of_the_worked_example_move_about_a_hundred_times_less():
    ratios = [0.0302 / change for change in (0.000152, 0.000457)]
    assert 50 < min(ratios) < 100 < max(ratios) < 200
    assert pytest.approx(0.00305, rel=2e-3) == 0.488 * 0.25 * 0.1 * 0.25


def test_one_linear_layer_again_and_again_explodes_with_an_eigenvalue_above_one():
    rng = np.random.default_rng(0)
    V = rng.normal(size=(3, 3))
    W = V @ np.diag([1.2, 0.5, 0.1]) @ np.linalg.inv(V)
    gradient = rng.normal(size=3)
    assert np.linalg.norm(gradient @ np.linalg.matrix_power(W, 200)) > 1e10


def test_sigmoids_with_singular_values_below_four_shrink_every_gradient():
    rng = np.random.default_rng(1)
    W = rng.normal(size=(5, 5))
    W *= 3.9 / np.linalg.norm(W, 2)
    s = 1 / (1 + np.exp(-rng.normal(size=(100, 5))))
    before = rng.normal(size=(100, 5))
    after = (before * s * (1 - s)) @ W.T
    assert (np.linalg.norm(after, axis=1) < 3.9 / 4 * np.linalg.norm(before, axis=1)).all()


@pytest.mark.parametrize("depth", [1, 2, 7, 100, 10_000])
def test_small_blocks_let_at_least_35_percent_arrive_at_any_depth(depth):
    assert 1 - ((1 + 1 / (2 * depth)) ** depth - 1) > 0.35
    assert (1 + 1 / (2 * depth)) ** depth < exp(0.5)


def test_the_paths_through_k_blocks_add_up_as_the_binomial_theorem_says():
    L, c = 9, 0.3
    assert sum(comb(L, k) * c**k for k in range(1, L + 1)) == pytest.approx((1 + c) ** L - 1)


def test_the_bound_on_residual_gradients_holds():
    rng = np.random.default_rng(2)
    L, c = 6, 0.2
    first = gradient = rng.normal(size=4)
    for _ in range(L):
        J = rng.normal(size=(4, 4))
        gradient = gradient + gradient @ (J * c / np.linalg.norm(J, 2))
    assert np.linalg.norm(gradient - first) <= ((1 + c) ** L - 1) * np.linalg.norm(first)


def test_the_answers_of_the_quiz_are_right():
    def y(x):
        return x * x + x

    assert (y(3 + 1e-6) - y(3 - 1e-6)) / 2e-6 == pytest.approx(7)
    assert 0.5**10 == 1 / 1024
    assert pytest.approx(58, abs=0.5) == 1.5**10


def test_what_one_should_have_seen_in_the_graph_is_so():
    def slope(f, x):
        return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6

    def sigmoid(z):
        return 1 / (1 + exp(-z))

    assert slope(lambda a: (a - 1) * 3 + a, 2) == pytest.approx(4)
    assert slope(lambda a: (a - 1) * -1 + a, 2) == pytest.approx(0, abs=1e-9)
    assert slope(lambda a: a * a + a, -0.5) == pytest.approx(0, abs=1e-9)
    assert slope(sigmoid, 0) == pytest.approx(1 / 4)
    assert slope(sigmoid, 4) == pytest.approx(0.018, abs=5e-4)
    assert slope(lambda a: log(exp(a) + exp(1.5)) - a, 1.5) == pytest.approx(-1 / 2)
    assert slope(lambda b: log(exp(1.5) + exp(b)) - 1.5, 1.5) == pytest.approx(1 / 2)
    assert abs(slope(lambda a: log(exp(a) + exp(-4)) - a, 4)) < 1e-3
