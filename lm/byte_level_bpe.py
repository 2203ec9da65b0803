"""Byte-level byte-pair encoding by a library (Hugging Face `tokenizers`), with the ids that the course uses.

    tokenizer = ByteLevelBPE.train(text, vocab_size=1000)
    tokenizer.encode("a few words")         # list of ids
    tokenizer.vocab[256]                    # the bytes of the first merge

Ids 0 to 255 are the bytes, then come the merges in the order of learning. Text is cut by GPT-2's pattern before
anything is merged. The library is part of the extra `book`.
"""

import json
from collections.abc import Iterable, Sequence

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

PRINTABLE = [*range(33, 127), *range(161, 173), *range(174, 256)]
"""The bytes that GPT-2's vocabulary file shows as the character of their number; the others begin at 256."""
SHOWN = {b: chr(b) for b in PRINTABLE} | {
    b: chr(256 + i) for i, b in enumerate(b for b in range(256) if b not in PRINTABLE)
}
MEANT = {shown: byte for byte, shown in SHOWN.items()}


def show(token: bytes) -> str:
    """The token as vocabulary files of this kind write it: one visible character a byte.

    >>> show(b" the"), show("é".encode())
    ('Ġthe', 'Ã©')
    """
    return "".join(SHOWN[byte] for byte in token)


class ByteLevelBPE:
    """Encodes by the merges that are handed in; `vocab` maps ids to bytes, `merges` is in the order of learning."""

    def __init__(self, merges: Sequence[tuple[bytes, bytes]]) -> None:
        self.merges = list(merges)
        self.vocab = dict(enumerate([*(bytes([b]) for b in range(256)), *(a + b for a, b in self.merges)]))
        ranks = {show(token): i for i, token in self.vocab.items()}
        if len(ranks) < len(self.vocab):
            raise ValueError("two merges make the same token, so its bytes do not tell its id")
        self.tokenizer = _empty(models.BPE(ranks, [(show(a), show(b)) for a, b in self.merges]))

    @classmethod
    def train(cls, text: str, vocab_size: int) -> "ByteLevelBPE":
        """Learns merges until there are `vocab_size` tokens or no pair is left. Ties go by the rule of the library."""
        learner = _empty(models.BPE())
        trainer = trainers.BpeTrainer(vocab_size=vocab_size, initial_alphabet=list(MEANT), show_progress=False)
        learner.train_from_iterator([text], trainer)
        pairs = json.loads(learner.to_str())["model"]["merges"]
        return cls([(_bytes(a), _bytes(b)) for a, b in pairs])

    def first(self, count: int) -> "ByteLevelBPE":
        """The tokenizer that knows the first `count` merges alone: what a shorter training would have learnt."""
        return ByteLevelBPE(self.merges[:count])

    def encode(self, text: str) -> list[int]:
        return self.tokenizer.encode(text).ids

    def decode(self, ids: Iterable[int]) -> str:
        return self.tokenizer.decode(list(ids), skip_special_tokens=False)

    def cut(self, text: str) -> list[str]:
        """The pieces inside which merges happen; together they are the text."""
        return [text[start:end] for _, (start, end) in self.tokenizer.pre_tokenizer.pre_tokenize_str(text)]


def _empty(model: models.Model) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _bytes(shown: str) -> bytes:
    return bytes(MEANT[character] for character in shown)
