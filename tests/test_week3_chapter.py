"""Claims of the third chapter's prose that no cell of the page computes.

`says(...)` makes sure that the page still makes the claim: a claim that is gone takes its test with it.
"""

import math
import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from chapters import ROOT, Chapter

from lm.corpora import course_split, given_names
from lm.widgets import Bigrams, NgramChoice

CHAPTER = Chapter("week3-trigram")
says, answer_of = CHAPTER.says, CHAPTER.answer_of


@pytest.fixture(scope="module")
def grid() -> NgramChoice:
    return NgramChoice()


def at(grid: NgramChoice, kind: str, n: int, k: float):
    """What the widget shows for n and k."""
    return getattr(grid, kind)[grid.orders.index(n)][grid.ks.index(k)]


def test_size_of_the_table_of_trigrams():
    says("$27^3$ = 19,683 entries")
    assert 27**3 == 19_683


def test_probabilities_of_all_words_of_one_letter_add_up_to_1():
    says("`a` with probability 0.6, the end with 0.4")
    assert sum(0.6**length * 0.4 for length in range(200)) == pytest.approx(1)


def test_a_character_of_one_eighth_costs_three_bits():
    says(r"A character of probability $\frac18$ costs 3 bits")
    assert -math.log2(1 / 8) == 3


def test_perplexity_of_m_equal_characters_is_m():
    says(r"every guess costs $\ln m$, and $e^{\ln m} = m$")
    for m in (2, 5, 27):
        assert math.exp(np.mean([-math.log(1 / m)] * 7)) == pytest.approx(m)


def test_the_loss_is_a_weighted_sum_of_cross_entropies_lowest_at_the_relative_frequencies():
    says(r"&= \sum_b \frac{N_b}{N}\, H(q_b, p_b) .")
    rng = np.random.default_rng(0)
    counts = rng.integers(1, 9, size=(4, 5))
    q = counts / counts.sum(axis=1, keepdims=True)
    weight = counts.sum(axis=1) / counts.sum()
    for _ in range(100):
        p = rng.dirichlet(np.ones(5), size=4)
        loss = -(counts * np.log(p)).sum() / counts.sum()
        assert loss == pytest.approx(-(weight[:, None] * q * np.log(p)).sum())
        assert loss > -(counts * np.log(q)).sum() / counts.sum()


def test_smoothing_mixes_the_counts_with_the_uniform_distribution():
    says(r"p_b(c) = \lambda_b\, q_b(c) + (1 - \lambda_b)\, \frac1V .")
    counts, k = np.array([7, 0, 2, 1]), 0.3
    share = counts.sum() / (counts.sum() + 4 * k)
    mixed = share * counts / counts.sum() + (1 - share) / 4
    assert (counts + k) / (counts.sum() + 4 * k) == pytest.approx(mixed)


def test_a_mixture_loses_at_most_the_logarithm_of_its_weight_and_has_one_valley():
    says(r"at most that of the long model plus $\ln\frac1\lambda$", "The curves have one valley, always")
    rng = np.random.default_rng(1)
    a, b = rng.random((2, 50))
    weights = np.linspace(0.01, 0.99, 99)
    losses = np.array([-np.log(w * a + (1 - w) * b).mean() for w in weights])
    assert (losses <= -np.log(a).mean() + np.log(1 / weights)).all()
    assert (np.diff(losses, 2) > 0).all()


def test_one_round_of_credit_does_not_raise_the_loss():
    says("No round raises the loss")
    rng = np.random.default_rng(2)
    p, weights, losses = rng.random((3, 40)), np.array([0.2, 0.5, 0.3]), []
    for _ in range(30):
        losses.append(-np.log(weights @ p).mean())
        credit = weights[:, None] * p
        weights = (credit / credit.sum(axis=0)).mean(axis=1)
    assert (np.diff(losses) <= 1e-12).all()


def test_curvature_of_the_network_is_at_most_half_the_largest_share():
    says(r"$L = \frac12 \max_b \frac{N_b}{N}$")
    rng = np.random.default_rng(3)
    share = np.array([0.5, 0.3, 0.2])
    for _ in range(50):
        p = rng.dirichlet(np.ones(4), size=3)
        curvatures = [
            np.linalg.eigvalsh(s * (np.diag(row) - np.outer(row, row))).max() for s, row in zip(share, p, strict=True)
        ]
        assert max(curvatures) <= share.max() / 2 + 1e-12


def test_the_table_of_pairs_is_as_the_text_after_it_says():
    says("The most frequent pair was `a.`", "it rests on 173 observations", "The row of `a` has no zero.")
    widget = Bigrams()
    counts, letters = np.array(widget.counts), widget.letters
    i, j = np.unravel_index(counts.argmax(), counts.shape)
    assert letters[i] + letters[j] == "a."
    row = counts[letters.index("q")]
    assert row.sum() == 173
    says("more than half of its entries are 0")
    assert (row == 0).sum() > 27 / 2
    assert counts[letters.index("a")].min() > 0
    says("That `q` was never followed by `z`")
    assert row[letters.index("z")] == 0


def test_the_grid_of_orders_is_as_the_text_after_it_says(grid):
    says("at $k = 0.1$ it was lowest for $n = 3$ and $n = 4$, nearly equal, and clearly higher for $n = 5$")
    dev = {n: at(grid, "dev", n, 0.1) for n in range(1, 6)}
    train = [at(grid, "train", n, 0.1) for n in range(1, 6)]
    assert train == sorted(train, reverse=True)
    assert abs(dev[3] - dev[4]) < 0.02
    assert max(dev[3], dev[4]) + 0.05 < min(dev[1], dev[2], dev[5])
    says("above 3 nats, which is hardly better than knowing nothing", "At $k = 0$ the development loss was infinite.")
    assert 3 < at(grid, "dev", 5, 0.001) < grid.uniform
    assert at(grid, "train", 5, 0.001) < at(grid, "train", 5, 0.1)
    assert at(grid, "dev", 5, 0.0) is None
    says("hardly anything changed between 0.001 and 1")
    values = [at(grid, "dev", 2, k) for k in grid.ks if 0.001 <= k <= 1]
    assert max(values) - min(values) < 0.01


def test_many_samples_of_a_long_memory_are_training_names(grid):
    says('many of its "inventions" stand in the training list')
    train = set(course_split(given_names()).train)
    known = [sample in train for sample in at(grid, "samples", 5, 0.001)]
    assert sum(known) >= len(known) / 2


def test_sizes_of_the_lists_in_the_prose():
    says("1,702 other names", "about twice as many as ours")
    split = course_split(given_names())
    assert len(split.test) == 1702
    assert 1.8 < 32_033 / len(given_names()) < 2.2


def test_losses_on_the_other_list_are_those_that_a_test_reproduces():
    says("COURSE_NAMES_TXT=path/to/names.txt python -m pytest tests/test_week3_losses.py")
    source = (ROOT / "tests" / "test_week3_losses.py").read_text(encoding="utf-8")
    cases = re.findall(r"\((\d), ([\d.]+), ([\d.]+)\)", source)
    assert len(cases) == 3
    for n, k, loss in cases:
        name = {"2": "bigram", "3": "trigram", "4": "4-gram"}[n]
        says(f'recorded.add("{name}, k = {k}", parameters=27**{n}, train=None, dev={loss})')
    says('recorded.add("uniform", parameters=0, train=None, dev=np.log(27))')
    assert "3.2958" in source
    assert round(math.log(27), 4) == 3.2958


def test_scores_of_two_tables_of_pairs_are_a_sum_of_weights():
    says(r"Each pair of neighbours contributes $\ln \frac{p_\text{name}(c \mid b)}{p_\text{word}(c \mid b)}$")
    rng = np.random.default_rng(4)
    one, other = rng.dirichlet(np.ones(3), size=(2, 3))
    path = [0, 2, 1, 1, 0]
    pairs = list(pairwise(path))
    odds = math.log(math.prod(one[p] for p in pairs) / math.prod(other[p] for p in pairs))
    counts = Counter(pairs)
    assert odds == pytest.approx(sum(times * math.log(one[p] / other[p]) for p, times in counts.items()))


def test_quiz_one_dot_too_few():
    assert answer_of(1) == "B"
    marked = "." + "mina" + "."
    targets = [marked[i + 2] for i in range(len(marked) - 2)]
    assert targets == ["i", "n", "a", "."]


def test_quiz_perplexity_of_three_characters():
    assert answer_of(2) == "A"
    p = np.array([1 / 2, 1 / 16, 1 / 2])
    assert np.exp(-np.log(p).mean()) == pytest.approx(4)
    says(r"$\frac{2 + 16 + 2}{3} \approx 6.7$", "C. $64$")
    assert (1 / p).mean() == pytest.approx(6.7, abs=0.05)
    assert 1 / p.prod() == 64


def test_quiz_division_by_the_wrong_sums():
    assert answer_of(3) == "B"
    counts = np.array([[1.0, 5, 2], [3, 1, 1], [2, 2, 9]])
    wrong = counts / counts.sum(axis=1)
    assert wrong[0, 1] == counts[0, 1] / counts[1].sum()
    assert abs(wrong.sum(axis=1) - 1).min() > 0.01
    assert abs(wrong.sum(axis=0) - 1).min() > 0.01


def test_quiz_share_of_the_uniform_distribution():
    assert answer_of(5) == "C"
    says(r"C. $\frac{27}{37}$")
    seen, k, V = 10, 1, 27
    assert 1 - seen / (seen + k * V) == pytest.approx(27 / 37)


def test_quiz_a_shift_of_a_row_changes_the_penalty_alone():
    assert answer_of(8) == "B"
    row = np.array([0.5, -1.0, 0.2])
    p, shifted = (np.exp(z) / np.exp(z).sum() for z in (row, row + 5))
    assert shifted == pytest.approx(p)
    assert ((row + 5) ** 2).mean() > (row**2).mean()
