"""Claims of the fourth chapter's prose that no cell of the page computes.

`says(...)` makes sure that the page still makes the claim: a claim that is gone takes its test with it.
"""

import json
import math
import os
import re

import numpy as np
import pytest
import torch
from chapters import Chapter
from modules import module_at

from lm.losses import RECORDED, LossTable

CHAPTER = Chapter("week4-mlp")
PAGE, says, answer_of = CHAPTER.text, CHAPTER.says, CHAPTER.answer_of


# --- claims -----------------------------------------------------------------------------------------------------


def test_number_of_knobs_and_what_one_more_character_costs():
    says("11,897 knobs", "10 rows of $W_1$, which is 2,000 knobs")
    assert 27 * 10 + 30 * 200 + 200 + 200 * 27 + 27 == 11_897
    assert 10 * 200 == 2_000


def test_random_logits_lose_at_most_half_their_variance_more_than_nothing():
    says(r"&\le \ln \bigl( V e^{s^2/2} \bigr) \\", "For small $s$ this is nearly exact.")
    rng = np.random.default_rng(0)
    for spread in (0.2, 0.5, 1.0, 2.0, 4.0):
        z = spread * rng.normal(size=(20_000, 27))
        loss = (np.log(np.exp(z).sum(axis=1)) - z[:, 0]).mean()
        bound = math.log(27) + spread**2 / 2
        assert loss < bound + 4 * spread / math.sqrt(20_000)
        if spread <= 0.5:
            assert loss == pytest.approx(bound, abs=0.02)


def test_a_sum_of_thirty_products_has_a_spread_of_five_and_a_half_where_tanh_is_flat():
    says(r"standard deviation of $\sqrt{30}$, about 5.5", "Tanh of 5.5 is 1, to four digits")
    assert math.sqrt(30) == pytest.approx(5.5, abs=0.03)
    assert round(math.tanh(5.5), 4) == 1.0
    says("There the slope of tanh, $1 - h^2$, is below 0.06")
    assert 0.05 < 1 - 0.97**2 < 0.06


def test_relu_keeps_half_of_the_mean_square():
    says(r"so the gain is $\sqrt 2$")
    a = np.random.default_rng(1).normal(size=1_000_000)
    assert (np.maximum(a, 0) ** 2).mean() == pytest.approx(0.5, rel=0.01)


def test_of_equal_zeros_only_the_last_constants_receive_a_gradient():
    says("Only $b_2$ learns")
    C = torch.randn(5, 3, requires_grad=True)
    W1, W2 = torch.zeros(6, 4, requires_grad=True), torch.zeros(4, 5, requires_grad=True)
    b1, b2 = torch.zeros(4, requires_grad=True), torch.zeros(5, requires_grad=True)
    h = torch.tanh(C[torch.tensor([[0, 1], [2, 3]])].flatten(1) @ W1 + b1)
    torch.nn.functional.cross_entropy(h @ W2 + b2, torch.tensor([1, 4])).backward()
    assert all((p.grad == 0).all() for p in (C, W1, b1, W2))
    assert (b2.grad != 0).any()


def test_layernorm_never_blows_up_by_more_than_one_over_the_root_of_epsilon():
    says(r"the factor is never more than $\frac{1}{\sqrt\varepsilon}$")
    rng = np.random.default_rng(2)
    for scale in (0, 1e-9, 1e-3, 1.0):
        x = torch.tensor(0.5 + scale * rng.normal(size=6))
        jacobian = torch.autograd.functional.jacobian(lambda v: torch.nn.functional.layer_norm(v, (6,)), x)
        assert torch.linalg.matrix_norm(jacobian, 2) <= 1 / math.sqrt(1e-5) * (1 + 1e-9)


def test_the_jacobian_of_a_normalisation():
    says(r"\frac1s \Bigl( [i = j] - \frac1m - \frac{\hat a_i\, \hat a_j}{m} \Bigr)")
    a = torch.tensor(np.random.default_rng(3).normal(size=5))
    s = (a.var(correction=0) + 1e-5).sqrt()
    hat = (a - a.mean()) / s
    jacobian = torch.autograd.functional.jacobian(lambda v: torch.nn.functional.layer_norm(v, (5,)), a)
    assert torch.allclose(jacobian, (torch.eye(5) - 1 / 5 - torch.outer(hat, hat) / 5) / s, atol=1e-12)


def test_a_penalty_without_a_half_shrinks_by_twice_the_decay():
    says(r"the factor $1 - 2\eta\lambda$")
    theta = torch.tensor([3.0, -2.0], dtype=torch.float64, requires_grad=True)
    eta, lam = 0.1, 0.3
    (lam * (theta**2).sum()).backward()
    assert torch.allclose(theta - eta * theta.grad, (1 - 2 * eta * lam) * theta)


def test_momentum_with_the_rate_inside_is_the_same_walk_while_the_rate_stays():
    says("as long as the rate stays the same it is the same walk")
    gradients, eta, mu = np.random.default_rng(4).normal(size=10), 0.1, 0.9
    one = other = v = w = 0.0
    for g in gradients:
        v = mu * v + g
        one -= eta * v
        w = mu * w - eta * g
        other += w
    assert one == pytest.approx(other)


def test_a_uniform_draw_of_the_rate_would_put_nine_of_ten_above_one():
    says("a uniform draw would put nine of ten runs above 1")
    above, range_ = 10 - 1, 10 - 0.001
    assert above / range_ == pytest.approx(0.9, abs=0.001)


def test_the_gap_of_the_better_design_is_the_one_in_the_text():
    measured = json.loads((RECORDED.parent / "mlp_on_names.json").read_text(encoding="utf-8"))
    runs = measured["designs"]["better"]["runs"]
    says("has 0.14 nats less on training than on development names")
    assert np.mean([one["final_dev"] - one["final_train"] for one in runs]) == pytest.approx(0.14, abs=0.005)
    says("the test names agree with them")
    assert all(abs(one["final_dev"] - one["final_test"]) < 0.01 for one in runs)
    assert all(one["final_dev"] <= 2.05 for one in runs)
    assert all(one["final_dev"] <= 2.12 for one in measured["designs"]["reference"]["runs"])
    assert measured["wall_seconds"] < 600
    assert measured["command"].endswith("benchmarks/mlp.py --record")


def test_the_reference_network_reaches_its_limit_on_the_larger_list():
    if "COURSE_NAMES_TXT" not in os.environ:
        pytest.skip("the environment variable COURSE_NAMES_TXT does not give the path of names.txt")
    benchmark = module_at("benchmarks/mlp.py")
    found = benchmark.run("reference", 0, os.environ["COURSE_NAMES_TXT"])
    assert found["final_dev"] <= benchmark.DESIGNS["reference"].limit


# --- the table of losses -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorder():
    return module_at("benchmarks/losses.py")


def test_the_recorded_losses_of_counting_are_those_that_the_third_page_computes(recorder):
    recorded = LossTable.load(RECORDED, recorder.CORPUS)
    computed = recorder.table_of("week3-trigram")
    assert len(computed.rows) >= 5
    for row in computed.rows:
        kept = recorded[row.model]
        assert (kept.parameters, kept.train, kept.dev) == (
            row.parameters,
            pytest.approx(row.train, abs=1e-6),
            pytest.approx(row.dev, abs=1e-6),
        )
        assert kept.command == recorder.COMMAND


def test_the_rows_of_the_networks_are_recorded_and_the_page_makes_sure_that_they_are_its_own(recorder):
    recorded = LossTable.load(RECORDED, recorder.CORPUS)
    names = re.findall(r'table\.add\("(MLP[^"]+)"', PAGE)
    assert len(names) == 2
    assert all(recorded[name].command == recorder.COMMAND for name in names)
    assert recorded["MLP, 3 characters"].parameters == 11_897
    assert "assert abs(row.dev - kept[row.model].dev) < 0.01" in PAGE


def test_only_cells_that_the_table_needs_are_run(recorder):
    wanted = recorder.needed("week4-mlp", lambda cell: "table.add(" in cell)
    assert 5 < len(wanted) < 20
    assert any("def fit(" in cell for cell in wanted)
    assert not any("def look(" in cell for cell in wanted)


def test_what_a_cell_defines_and_what_it_needs(recorder):
    cell = "a = b + 1\nfor i in c:\n    d = i + a\ne += 1\ndef f(x):\n    y = x + h\n    return y\nimport p.q as r\n"
    assert recorder.names(cell) == ({"a", "i", "d", "e", "f", "r"}, {"b", "c", "e", "h"})


def test_a_row_that_is_not_what_the_page_computes_is_named(recorder):
    old, new = LossTable("x"), LossTable("x")
    old.add("gone", parameters=1, train=1.0, dev=1.0)
    old.add("moved", parameters=1, train=1.0, dev=1.0)
    new.add("moved", parameters=1, train=1.0, dev=1.2)
    new.add("fresh", parameters=1, train=1.0, dev=1.0)
    wrong = recorder.differences(old, new, tolerance=0.1)
    assert [sentence.split(":")[0] for sentence in wrong] == ["fresh", "gone", "moved"]
    assert recorder.differences(old, old, tolerance=0) == []


# --- the quiz ------------------------------------------------------------------------------------------------------


def test_quiz_knobs_of_a_hidden_layer():
    assert answer_of(1) == "B"
    says("B. 6,100", "A. 1,300", "C. 13,600", "whose 324 numbers")
    assert 5 * 27 * 100 + 100 == 13_600
    assert 5 * 12 * 100 + 100 == 6_100
    assert 12 * 100 + 100 == 1_300
    assert 27 * 12 == 324


def test_quiz_a_forgotten_flatten():
    assert answer_of(2) == "B"
    with pytest.raises(RuntimeError, match="128x16 and 64x50"):
        torch.zeros(32, 4, 16) @ torch.zeros(64, 50)


def test_quiz_loss_of_knowing_nothing():
    assert answer_of(3) == "C"
    says(r"$\ln 64 \approx 4.16$")
    assert math.log(64) == pytest.approx(4.16, abs=0.005)


def test_quiz_fan_in():
    assert answer_of(4) == "B"
    assert math.sqrt(8 * 10) / math.sqrt(4 * 10) == pytest.approx(math.sqrt(2))


def test_quiz_evaluation_does_not_depend_on_the_batch():
    assert answer_of(5) == "A"
    norm = torch.nn.BatchNorm1d(3)
    x = torch.randn(20, 3)
    norm(x)
    norm.eval()
    assert torch.allclose(norm(x), torch.cat([norm(part) for part in x.split(4)]))


def test_quiz_a_gradient_that_is_the_same_for_all_examples_vanishes():
    assert answer_of(6) == "A"
    x = torch.randn(7, 1, dtype=torch.float64, requires_grad=True)
    torch.nn.functional.batch_norm(x, None, None, training=True).sum().backward()
    assert x.grad.abs().max() < 1e-12


def test_quiz_top_p():
    assert answer_of(7) == "B"
    p = np.array([0.5, 0.3, 0.15, 0.05])
    kept = p[: int(np.searchsorted(p.cumsum(), 0.9)) + 1]
    assert kept / kept.sum() == pytest.approx(np.array([10, 6, 3]) / 19)
    assert p[: int(np.searchsorted(p.cumsum(), 0.6)) + 1].sum() == pytest.approx(0.8)  # two of them, another rule


def test_quiz_temperature_of_one_half_squares_ratios():
    assert answer_of(8) == "A"
    z = np.log([2.0, 1.0])
    assert np.exp(z / 0.5)[0] / np.exp(z / 0.5)[1] == pytest.approx(4)
    assert np.exp(z / 2)[0] / np.exp(z / 2)[1] == pytest.approx(math.sqrt(2))
