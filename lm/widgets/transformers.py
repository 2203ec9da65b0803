"""The widgets of week 5: the causal mask, attention weights, and the next character of a small GPT."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import traitlets as t

from lm.widgets import small_gpt
from lm.widgets.base import CourseWidget
from lm.widgets.networks import Decoding
from lm.widgets.weights import pack

SCORES = [
    [1.0, 2.0, 0.5, 0.0, 0.5, 1.5],
    [1.5, 1.0, 2.0, 0.0, 0.0, 0.5],
    [0.5, 2.0, 1.0, 1.5, 0.0, 1.0],
    [0.0, 0.5, 1.5, 1.0, 1.0, 2.0],
    [0.5, 0.0, 0.5, 1.0, 1.0, 2.5],
    [0.5, 1.0, 1.5, 1.0, 1.5, 1.0],
]


class Mask(CourseWidget):
    """A grid of attention weights, rows look at columns, with and without the causal mask and padding.

    tokens   2 to 8 short texts
    scores   scores[i][j]: the scaled score of query i with key j, T rows of T small numbers; without them the course's
             own for "the cat sat on the mat"
    row      which row is chosen at the start, from 0
    causal   whether later tokens are hidden
    padding  how many tokens at the end are padding, which nobody may look at: 0 to 3
    """

    name = "mask"
    parts = ("shared", "decoding")
    invitation = (
        "With scripts switched on, you can choose a row, switch the causal mask off and on, turn tokens into padding, "
        "and see scores become weights."
    )
    tokens = t.List(t.Unicode(), ["the", "cat", "sat", "on", "the", "mat"], minlen=2, maxlen=8).tag(sync=True)
    scores = t.List(t.List(t.Float())).tag(sync=True)
    row = t.Int(2, min=0, max=7).tag(sync=True)
    causal = t.Bool(True).tag(sync=True)
    padding = t.Int(0, min=0, max=3).tag(sync=True)

    def __init__(self, tokens: Any = None, scores: Any = None, **traits: Any) -> None:
        given = {} if tokens is None else {"tokens": list(tokens)}
        super().__init__(
            scores=SCORES if scores is None else np.asarray(scores, dtype=float).tolist(), **given, **traits
        )
        size = len(self.tokens)
        if [len(row) for row in self.scores] != [size] * size:
            raise ValueError(f"scores must have one row and one column for each of {size} tokens")
        if self.row >= size or self.padding >= size:
            raise ValueError(f"row and padding must be smaller than the number of tokens, {size}")


class SmallGPTWidget(CourseWidget):
    """What the two widgets of a trained `lm.gpt.SmallGPT` share: its weights, its characters, a text.

    weights     what `lm.gpt.export_weights(model)` gives; the page computes with them in 8 bits a number (`bits=16`:
                in half precision, twice as heavy). Two widgets with the same weights load them once. Without weights:
                a smaller model, trained on the course's pastiche (lm/widgets/small_gpt.json says how)
    characters  the characters in the order of their ids, a string or a list
    text        what it reads; only characters that it knows
    """

    weights = t.Dict().tag(sync=True)
    heads = t.Int(min=1).tag(sync=True)
    characters = t.List(t.Unicode(), minlen=2).tag(sync=True)
    text = t.Unicode().tag(sync=True)

    def __init__(
        self, weights: Mapping[str, Any] | None = None, characters: Any = None, text: str | None = None,
        *, bits: int = 8, **traits: Any,
    ) -> None:  # fmt: skip
        if weights is None:
            known = small_gpt.recorded()
            packed, heads, characters = known["weights"], known["heads"], known["characters"]
        else:
            heads = int(np.asarray(weights["heads"]))
            packed = pack({name: array for name, array in weights.items() if name != "heads"}, bits)
        given = {} if text is None else {"text": text}
        super().__init__(weights=packed, heads=heads, characters=list(characters or []), **given, **traits)
        shapes = dict(packed["shapes"])
        if len(self.characters) != shapes["token"][0]:
            raise ValueError(f"one character for each of {shapes['token'][0]} ids: got {len(self.characters)}")
        if unknown := set(self.text) - set(self.characters):
            raise ValueError(f"the text holds characters that the model does not know: {sorted(unknown)}")
        if not self.text:
            raise ValueError("the text must have at least one character")
        self._check_length(shapes["position"][0])

    def _check_length(self, block_size: int) -> None:
        """Raise ValueError if the text is too long to be shown."""


class AttentionExplorer(SmallGPTWidget):
    """Where each character of a text looks, in each layer and head of a trained `lm.gpt.SmallGPT`.

    Constructor: AttentionExplorer(weights, characters, text, bits=8), see SmallGPTWidget. The text has at most
    block_size characters and at most 40.

    layer, head  which is shown first, from 1
    row          the place of the character that is chosen at the start, from 0; None: the last
    """

    name = "attention_explorer"
    parts = ("shared", "weights", "decoding", "gpt")
    invitation = (
        "With scripts switched on, you can write a text of your own, choose layer and head, and follow each character "
        "to those that it looks at."
    )
    text = t.Unicode("What say you, my good lord?").tag(sync=True)
    layer = t.Int(1, min=1).tag(sync=True)
    head = t.Int(1, min=1).tag(sync=True)
    row = t.Int(None, min=0, allow_none=True).tag(sync=True)

    def _check_length(self, block_size: int) -> None:
        most = min(block_size, 40)
        if len(self.text) > most:
            raise ValueError(f"the text must have at most {most} characters: got {len(self.text)}")
        layers = dict(self.weights["shapes"])["qkv"][0]
        if self.layer > layers or self.head > self.heads:
            raise ValueError(f"the model has {layers} layers and {self.heads} heads")


class NextToken(SmallGPTWidget, Decoding):
    """The next character of a trained `lm.gpt.SmallGPT` under temperature, top-k and top-p, and texts continued so.

    Constructor: NextToken(weights, characters, text, bits=8), see SmallGPTWidget; the model sees the last block_size
    characters of the text. temperature, top_k, top_p, seed: see Decoding.

    written  what has been drawn after the text
    """

    name = "next_token"
    parts = ("shared", "random", "weights", "decoding", "gpt")
    invitation = (
        "With scripts switched on, you can write a text of your own, change temperature, top-k and top-p, see the "
        "probabilities of the next character, and let the model continue the text."
    )
    text = t.Unicode("What say you, my ").tag(sync=True)
    written = t.Unicode("").tag(sync=True)
