"""Claims of the first chapter's prose that no cell of the page computes.

`says(...)` makes sure that the page still makes the claim: a claim that is gone takes its test with it.
"""

import math

import numpy as np
import pytest
from chapters import ROOT, Chapter

CHAPTER = Chapter("week1-derivatives")
says, answer_of = CHAPTER.says, CHAPTER.answer_of


def sigmoid_of(score):
    return 1 / (1 + np.exp(-score))


def softmax_of(logits):
    weights = np.exp(np.asarray(logits, float) - np.max(logits))
    return weights / weights.sum()


def test_chain_rule_figure_stretches_by_three_and_then_by_a_half():
    says("by about $g'(1.5) = 3$", r"stretch by $3 \cdot \frac12 = 1.5$")
    h = 1e-6
    assert ((1.5 + h) ** 2 - 1.5**2) / h == pytest.approx(3, rel=1e-5)


def test_the_secant_of_the_sine_is_best_near_1e_minus_8():
    says("the error fell until about $h = 10^{-8}$", "ten times smaller $h$ gave a ten times smaller error")
    hs = 10.0 ** -np.arange(0, 17)
    errors = abs((np.sin(1 + hs) - np.sin(1)) / hs - np.cos(1))
    assert hs[errors.argmin()] in (1e-7, 1e-8, 1e-9)
    assert errors[2] / errors[3] == pytest.approx(10, rel=0.05)


def test_a_corner_has_slopes_of_both_signs_and_a_central_difference_of_0():
    says("the slopes were $1$ and $-1$ for every $h$", "reported 0, with full confidence")
    for h in (1.0, 1e-3, 1e-9):
        assert (abs(h) - 0) / h == 1
        assert (abs(-h) - 0) / -h == -1
        assert (abs(h) - abs(-h)) / (2 * h) == 0


def test_best_steps_are_where_the_sum_of_the_two_errors_is_lowest():
    says(
        r"with the forward difference take $h$ about $10^{-8}$", r"with the central difference take $h$ about $10^{-5}$"
    )
    u = 2.0**-53
    h = np.logspace(-12, -1, 200_001)
    assert h[(h / 2 + 2 * u / h).argmin()] == pytest.approx(2 * math.sqrt(u), rel=1e-3)
    assert h[(h**2 / 6 + u / h).argmin()] == pytest.approx((3 * u) ** (1 / 3), rel=1e-3)
    assert round(math.log10(2 * math.sqrt(u))) == -8
    assert round(math.log10((3 * u) ** (1 / 3))) == -5


def test_the_wrong_derivative_of_the_sigmoid_is_right_at_0_alone():
    says(r"At $x = 0$ both formulas give $\frac14$.")
    x = np.array([0, -2, -0.1, 0.1, 2])
    right = np.exp(-x) / (1 + np.exp(-x)) ** 2
    wrong = 1 / (1 + np.exp(-x)) ** 2
    assert right[0] == wrong[0] == 0.25
    assert (abs(right - wrong)[1:] > 0.01).all()


def test_a_lost_factor_of_2_is_a_relative_error_of_one_third():
    says(r"A relative error of $\frac13$ is what a lost factor 2 looks like")
    assert abs(1 - 2) / (abs(1) + abs(2)) == pytest.approx(1 / 3)


def test_a_score_of_a_perceptron_moves_by_the_length_of_x_squared_plus_1():
    says(r"raises the score of $x$ by $\lVert x \rVert^2 + 1$")
    x, w, b = np.array([2.0, -3.0]), np.array([0.5, 0.25]), -1.0
    assert (w + x) @ x + (b + 1) - (w @ x + b) == pytest.approx(x @ x + 1)


def test_tanh_is_a_sigmoid_stretched_and_moved():
    says(r"$\tanh x = 2\sigma(2x) - 1$")
    x = np.linspace(-5, 5, 21)
    assert np.tanh(x) == pytest.approx(2 * sigmoid_of(2 * x) - 1)


def test_e_to_the_710_is_larger_than_the_largest_float():
    says(r"about $1.8 \cdot 10^{308}$", "$e^{710}$ is larger")
    assert f"{np.finfo(float).max:.1e}" == "1.8e+308"
    assert math.isfinite(math.exp(709))
    with pytest.raises(OverflowError):
        math.exp(710)


def test_one_shift_for_all_rows_divides_0_by_0():
    says(r"would become $\frac00$")
    assert math.exp(-10_000) == 0


def test_sparsemax_of_two_logits_is_a_ramp_that_is_cut_off():
    says("a straight ramp, cut off at 0 and at 1")
    shares = np.linspace(0, 1, 100_001)
    for t in (-2.0, -1.0, -0.4, 0.0, 0.7, 1.0, 3.0):
        nearest = shares[((shares - t) ** 2 + (1 - shares) ** 2).argmin()]
        assert nearest == pytest.approx(min(max((t + 1) / 2, 0), 1), abs=1e-5)


def test_log_sum_exp_lies_between_the_largest_and_that_plus_ln_k():
    says(r"M \le \operatorname{LSE}(z) \le M + \ln K")
    rng = np.random.default_rng(0)
    for k in (1, 2, 7):
        z = rng.normal(size=k) * 3
        lse = np.log(np.exp(z).sum())
        assert z.max() - 1e-12 <= lse <= z.max() + np.log(k) + 1e-12


def test_gradient_of_the_example_is_p_minus_y():
    says("With $p = (0.7, 0.2, 0.1)$ and the second class right, it is $(0.7, -0.8, 0.1)$.")
    z, h = np.log([0.7, 0.2, 0.1]), 1e-6
    losses = [[-np.log(softmax_of(z + sign * h * e)[1]) for sign in (1, -1)] for e in np.eye(3)]
    slopes = [(above - below) / (2 * h) for above, below in losses]
    assert slopes == pytest.approx([0.7, -0.8, 0.1], abs=1e-8)


def test_cross_entropy_is_lowest_where_belief_is_truth():
    says("Believe anything else, and it is larger")
    rng = np.random.default_rng(1)
    q = rng.dirichlet(np.ones(5))
    p = rng.dirichlet(np.ones(5), size=1000)
    assert (-(q * np.log(p)).sum(axis=1) > -(q * np.log(q)).sum()).all()


def test_curvature_with_respect_to_the_scores_is_at_most_a_half():
    says(r"the curvature with respect to the scores is at most $\frac12$")
    rng = np.random.default_rng(2)
    for k in (2, 3, 6):
        for _ in range(50):
            p = softmax_of(rng.normal(size=k) * 3)
            assert -1e-12 < np.linalg.eigvalsh(np.diag(p) - np.outer(p, p)).max() <= 0.5 + 1e-12
    assert np.linalg.eigvalsh(np.diag([0.5, 0.5]) - 0.25).max() == pytest.approx(0.5)


def test_long_valley_has_the_factors_that_the_page_names_and_is_the_widgets_bowl():
    says(
        r"\frac12(x_1^2 + 10\,x_2^2)",
        r"its factor is $\frac{9}{10}$",
        r"$\eta = \frac{2}{11}$, and both are $\frac{9}{11}$",
    )
    steps = np.array([1 / 10, 2 / 11])
    assert abs(1 - steps) == pytest.approx([9 / 10, 9 / 11])
    assert abs(1 - 10 * steps) == pytest.approx([0, 9 / 11])
    says(r"\frac2{11} \approx 0.182")
    assert round(2 / 11, 3) == 0.182
    widget = (ROOT / "lm" / "widgets" / "step_size.js").read_text(encoding="utf-8")
    assert "(x² + 10 y²)/2" in widget
    assert "a parabola, x²/2" in widget


def test_nothing_moves_on_the_hill_between_two_valleys():
    says("exactly on the hill the slope is 0")
    ends = []
    for x in (-1.9, -0.1, 0.0, 0.1, 1.9):
        for _ in range(200):
            x -= 0.5 * x * (x * x - 1)
        ends.append(round(x, 6))
    assert ends[1:4] == [-1, 0, 1]


def test_an_epoch_of_300_words_in_batches_of_32_is_ten_iterations():
    says("an epoch is 10 iterations: nine full mini-batches, and one with the 12 words that are left")
    assert divmod(300, 32) == (9, 12)


def test_quiz_a_tenth_of_h_is_a_hundredth_of_the_central_error():
    assert answer_of(1) == "B"
    says("A central difference has an error of $10^{-6}$ at $h = 10^{-3}$")
    error = 1e-6 * (1e-4 / 1e-3) ** 2
    assert error == pytest.approx(1e-8)
    assert error / 100 > 1e-16 / 1e-4


def test_quiz_softmax_of_1_2_4():
    assert answer_of(3) == "B"
    p = softmax_of([1, 2, 4])
    assert softmax_of([-3, -2, 0]) == pytest.approx(p)
    assert softmax_of([2, 4, 8]) != pytest.approx(p, abs=0.05)
    assert softmax_of([4, 2, 1]) == pytest.approx(p[::-1])


def test_quiz_gradient_of_the_third_class():
    assert answer_of(6) == "A"
    assert np.array([0.6, 0.3, 0.1]) - [0, 0, 1] == pytest.approx([0.6, 0.3, -0.9])
    says("$(0, 0, -10)$")
    assert -np.array([0, 0, 1]) / [0.6, 0.3, 0.1] == pytest.approx([0, 0, -10])


def test_quiz_step_sizes_on_5_x_squared():
    assert answer_of(7) == "B"
    says("The factor is $1 - 1.9 = -0.9$", "The factor is $1 - 3.9 = -2.9$")
    assert [abs(1 - 10 * eta) < 1 for eta in (0.09, 0.19, 0.39)] == [True, True, False]


def test_quiz_five_epochs_of_1000_examples():
    assert answer_of(8) == "C"
    says("Fifteen full mini-batches and one of 40")
    assert divmod(1000, 64) == (15, 40)
    assert (5 * 15, 5 * 16) == (75, 80)
