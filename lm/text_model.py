"""A small GPT together with the tokenizer that it reads by, measured in bits a byte.

    model = TextModel(tokenizer)
    model.train(text, steps=400)
    model.bits_per_byte(other_text)
    model.write("The function", 50)

The tokenizer is any object with `encode`, `decode` and `vocab`, such as the one that the exercises of week 6 build.
"""

import math
from collections.abc import Iterable, Sequence, Sized
from typing import Protocol

import torch

from lm.gpt import History, SmallGPT, continue_ids, nats_per_token, train


class Tokenizer(Protocol):
    """What a model asks of a tokenizer: ids run from 0 to len(vocab) - 1."""

    @property
    def vocab(self) -> Sized: ...

    def encode(self, text: str, /) -> Sequence[int]: ...

    def decode(self, ids: list[int], /) -> str: ...


class TextModel:
    """A GPT of two layers over the tokens of a text. The same seed gives the same model."""

    def __init__(self, tokenizer: Tokenizer, block_size: int = 64, n_embd: int = 64, seed: int = 0) -> None:
        self.tokenizer = tokenizer
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.gpt = SmallGPT(len(tokenizer.vocab), block_size, n_embd=n_embd)

    @property
    def parameters(self) -> int:
        """How many numbers the model has."""
        return sum(weights.numel() for weights in self.gpt.parameters())

    def train(
        self, text: str, *, steps: int, validation: str | None = None, learning_rate: float = 3e-3, seed: int = 0
    ) -> History:
        """Train on random windows of 16 times `block_size` tokens a step; the losses are in nats a token."""
        return train(
            self.gpt,
            self._ids(text),
            steps=steps,
            batch_size=16,
            learning_rate=learning_rate,
            generator=torch.Generator().manual_seed(seed),
            validation=None if validation is None else self._ids(validation),
            every=max(1, steps // 8),
        )

    def bits(self, text: str) -> float:
        """The length of the text in bits, with the best code for this model.

        The first token has nothing before it, so it is charged as one of a vocabulary of equals.
        """
        ids = self._ids(text)
        nats = math.log(len(self.tokenizer.vocab))
        if len(ids) > 1:
            nats += nats_per_token(self.gpt, ids) * (len(ids) - 1)
        return nats / math.log(2)

    def bits_per_byte(self, text: str) -> float:
        """The bits of the text over its bytes in UTF-8, which do not depend on how it is cut into tokens."""
        return self.bits(text) / len(text.encode("utf-8"))

    def write(self, prompt: str, tokens: int, *, temperature: float = 0.8, seed: int = 0) -> str:
        """The prompt and `tokens` more tokens."""
        ids = list(self.tokenizer.encode(prompt))
        more = continue_ids(self.gpt, ids, tokens, torch.Generator().manual_seed(seed), temperature)
        return self.tokenizer.decode(ids + more)

    def _ids(self, text: str) -> torch.Tensor:
        ids: Iterable[int] = self.tokenizer.encode(text)
        return torch.tensor(list(ids))
