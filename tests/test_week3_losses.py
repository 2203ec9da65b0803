"""The losses on names.txt that the course quotes, computed by its own reference where the file is at hand."""

import hashlib
import os
import random
from pathlib import Path
from typing import Any

import pytest

from autograder.reference import read_reference

ROOT = Path(__file__).parents[1]
SHA256 = "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d"


@pytest.fixture(scope="module")
def course() -> dict[str, Any]:
    """The names that week 3's reference defines."""
    return read_reference(ROOT / "solutions" / "week3-trigram" / "reference.py").namespace


@pytest.fixture(scope="module")
def split() -> tuple[list[str], list[str], set[str]]:
    """Training words, development words and the characters of all words."""
    if "COURSE_NAMES_TXT" not in os.environ:
        pytest.skip("the environment variable COURSE_NAMES_TXT does not give the path of names.txt")
    data = Path(os.environ["COURSE_NAMES_TXT"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == SHA256, "this is not the file of 32,033 names that the losses belong to"
    words = data.decode().split()
    random.Random(42).shuffle(words)
    first, second = int(0.8 * len(words)), int(0.9 * len(words))
    return words[:first], words[first:second], set("".join(words))


@pytest.mark.parametrize(("n", "k", "loss"), [(2, 0.3, 2.4530), (3, 0.2, 2.2223), (4, 0.1, 2.1018)])
def test_the_development_loss_on_names_is_the_one_that_the_course_quotes(
    course: dict[str, Any], split: tuple[list[str], list[str], set[str]], n: int, k: float, loss: float
) -> None:
    train, dev, characters = split
    assert set("".join(train)) == characters  # so the vocabulary of train and dev is that of all words
    best_k, losses = course["tune_smoothing"](train, dev, [k], n)
    assert best_k == k
    assert round(losses[k], 4) == loss


def test_a_model_that_knows_nothing_but_the_alphabet_loses_the_logarithm_of_its_size(
    course: dict[str, Any], split: tuple[list[str], list[str], set[str]]
) -> None:
    train, dev, _ = split
    stoi, _ = course["build_vocab"](train)
    nothing = course["smooth_probs"](course["ngram_counts"](*course["ngram_examples"]([], stoi, 2), len(stoi)), 0)
    assert round(course["mean_nll"](nothing, *course["ngram_examples"](dev, stoi, 2)), 4) == 3.2958
