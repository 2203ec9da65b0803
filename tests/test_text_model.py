"""A small GPT with its tokenizer: what it is charged for a text, what it writes, what its seeds decide."""

import math

import pytest
import torch

from lm.gpt import nats_per_token
from lm.text_model import TextModel

TEXT = "the cat sat on the mat, né? " * 12


class Bytes:
    """Each byte is a token."""

    vocab = range(256)

    def encode(self, text: str) -> tuple[int, ...]:
        return tuple(text.encode())

    def decode(self, ids: list[int]) -> str:
        return bytes(ids).decode("latin-1")


def small(**options) -> TextModel:
    return TextModel(Bytes(), block_size=8, n_embd=8, **options)


def test_the_bits_of_a_text_are_those_of_its_first_token_and_of_all_later_ones():
    model, text = small(), "né né"
    ids = torch.tensor(list(text.encode()))
    assert model.bits("n") == pytest.approx(8)
    assert model.bits(text) == pytest.approx(8 + 6 * nats_per_token(model.gpt, ids) / math.log(2))
    assert model.bits_per_byte(text) == model.bits(text) / 7


def test_a_seed_decides_the_first_weights_and_nothing_outside():
    torch.manual_seed(5)
    state = torch.get_rng_state()
    assert small(seed=1).bits(TEXT) == small(seed=1).bits(TEXT) != small(seed=2).bits(TEXT)
    assert torch.equal(torch.get_rng_state(), state)


def test_parameters_are_all_numbers_of_the_model():
    tables, norms = (256 + 8) * 8, 5 * 2 * 8
    attention, feed_forward = 4 * (8 * 8 + 8), (8 * 32 + 32) + (32 * 8 + 8)
    assert small().parameters == tables + norms + 2 * (attention + feed_forward)


def test_training_measures_both_texts_and_depends_on_its_seed_and_learning_rate():
    model = small()
    history = model.train(TEXT, steps=3, validation="something else " * 4)
    assert history.steps == [0, 1, 2, 3]
    assert history.train[-1] < history.train[0]
    ids = torch.tensor(list(("something else " * 4).encode()))
    assert history.validation[-1] == nats_per_token(model.gpt, ids, at_most=100)
    others = [small().train(TEXT, steps=3, **options) for options in ({}, {"seed": 1}, {"learning_rate": 1e-3})]
    assert others[0].train == history.train
    assert others[1].train != history.train
    assert others[2].train != history.train


def test_a_text_is_its_prompt_and_so_many_tokens_more_drawn_by_the_seed():
    model = small()
    first, again, other = (model.write("the ", 20, seed=seed) for seed in (0, 0, 1))
    assert first.startswith("the ")
    assert len(first) == 24
    assert first == again != other
    assert model.write("the ", 5, temperature=0, seed=0) == model.write("the ", 5, temperature=0, seed=1)
