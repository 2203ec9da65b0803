"""The widgets of week 4: initial weights, embeddings and sampling from an MLP."""

from typing import Any

import numpy as np
import traitlets as t

from lm.widgets.base import CourseWidget
from lm.widgets.ngrams import Bigrams
from lm.widgets.weights import pack


class InitialGain(CourseWidget):
    """Histograms of activations and gradients of five layers of 100 units at the first step, by initial gain.

    Fifty inputs of normal numbers pass the layers; a gradient of normal numbers arrives at the top. All numbers come
    from a seeded generator and stay the same while the gain changes.

    gain        the weights are normal numbers times gain / sqrt(100), from 0.1 to 10
    activation  "tanh" or "relu"
    scaled      False: the weights are normal numbers times the gain, without 1 / sqrt(100)
    """

    name = "initial_gain"
    parts = ("shared", "random")
    invitation = (
        "With scripts switched on, you can change the gain from 0.1 to 10, choose tanh or ReLU, leave out the division "
        "by the square root of the fan-in, and watch activations and gradients of all layers."
    )
    gain = t.Float(1.0, min=0.1, max=10.0).tag(sync=True)
    activation = t.Enum(["tanh", "relu"], "tanh").tag(sync=True)
    scaled = t.Bool(True).tag(sync=True)


class Decoding(CourseWidget):
    """What the widgets that draw the next character share: temperature first, then top-k, then top-p.

    temperature  from 0 (greedy) to 3
    top_k        only so many of the most probable may be drawn; None: all
    top_p        only the most probable ones that together reach this probability, from 0.05 to 1
    seed         of the random numbers, from 0 to 999
    """

    temperature = t.Float(1.0, min=0.0, max=3.0).tag(sync=True)
    top_k = t.Int(None, min=1, allow_none=True).tag(sync=True)
    top_p = t.Float(0.9, min=0.05, max=1.0).tag(sync=True)
    seed = t.Int(1, min=0, max=999).tag(sync=True)


class EmbeddingMap(CourseWidget):
    """Vectors in the plane of their two main axes; the reader chooses one and sees its nearest neighbours by cosine.

    The plane is that of the principal component analysis of all vectors, computed in the widget, with one scale for
    both axes. Cosines are those of the vectors as they are given, in all their dimensions.

    vectors     V vectors of D numbers, nested lists or an array; they are rounded to four significant digits.
                Without vectors: each letter of the course's names by what follows it (27 vectors, each the square
                roots of the shares of the 27 next letters), which needs no training
    labels      V different texts; short ones stand in their mark, long ones beside a dot
    chosen      the label that is chosen at the start; None: the first
    neighbours  how many are shown, 1 to 8
    marked      labels that are drawn in a second colour, and `marked_as`: what they have in common ("vowels")
    """

    name = "embedding_map"
    invitation = (
        "With scripts switched on, you can choose any of them, by a click or the arrow keys, and see its nearest "
        "neighbours with their cosines."
    )
    vectors = t.List(t.List(t.Float(), minlen=2), minlen=3).tag(sync=True)
    labels = t.List(t.Unicode()).tag(sync=True)
    chosen = t.Unicode().tag(sync=True)
    neighbours = t.Int(4, min=1, max=8).tag(sync=True)
    marked = t.List(t.Unicode()).tag(sync=True)
    marked_as = t.Unicode("").tag(sync=True)

    def __init__(self, vectors: Any = None, labels: Any = None, *, chosen: str | None = None, **traits: Any) -> None:
        if vectors is None:
            vectors, labels = _letters_by_what_follows()
            traits = {"marked": list("aeiou"), "marked_as": "vowels", **traits}
            chosen = chosen or "a"
        labels = list(labels) if labels is not None else []
        super().__init__(vectors=_rounded(vectors), labels=labels, chosen=chosen or (labels or [""])[0], **traits)
        if len(labels) != len(self.vectors) or len(set(labels)) != len(labels):
            raise ValueError(f"one label, each another, for each of {len(self.vectors)} vectors: got {len(labels)}")
        if len({len(vector) for vector in self.vectors}) > 1:
            raise ValueError("all vectors need the same length")
        if self.chosen not in labels:
            raise ValueError(f"chosen must be one of the labels: got {self.chosen!r}")


class Sampling(Decoding):
    """An MLP's probabilities of the next character under temperature, top-k and top-p, and ten names drawn so.

    weights  "C" (V, D), "W1" (B D, H), "b1" (H,), "W2" (H, V), "b2" (V,): logits = tanh(flatten(C[window]) W1 + b1)
             W2 + b2, where the window holds the last B characters, oldest first; the page computes with them in half
             precision. Without weights: the bigram model of the course's names in this form, which has B = 1
    labels   the V characters in the order of their ids; the first is the mark for start, end and padding
    context  how the names begin
    temperature, top_k, top_p, seed: see Decoding
    """

    name = "sampling"
    parts = ("shared", "random", "weights", "decoding")
    invitation = (
        "With scripts switched on, you can write the beginning of a name, change temperature, top-k and top-p, see the "
        "probabilities before and after, and draw names."
    )
    weights = t.Dict().tag(sync=True)
    labels = t.List(t.Unicode(), minlen=2).tag(sync=True)
    context = t.Unicode("").tag(sync=True)

    def __init__(self, weights: Any = None, labels: Any = None, **traits: Any) -> None:
        if weights is None:
            weights, labels = _bigrams_as_mlp()
        arrays = {name: np.asarray(weights[name], dtype=float) for name in ("C", "W1", "b1", "W2", "b2")}
        labels = list(labels) if labels is not None else []
        super().__init__(weights=pack(arrays), labels=labels, **traits)
        size, width, hidden = *arrays["C"].shape, len(arrays["b1"])
        shapes = {name: array.shape for name, array in arrays.items()}
        window = arrays["W1"].shape[0] // width
        if shapes != {
            "C": (size, width),
            "W1": (window * width, hidden),
            "b1": (hidden,),
            "W2": (hidden, size),
            "b2": (size,),
        }:
            raise ValueError(f"the shapes of the weights do not fit together: {shapes}")
        if len(labels) != size:
            raise ValueError(f"one label for each of {size} ids: got {len(labels)}")
        if unknown := set(self.context) - set(labels[1:]):
            raise ValueError(f"the context holds characters that are not among the labels: {sorted(unknown)}")


def _bigrams_as_mlp() -> tuple[dict[str, np.ndarray], list[str]]:
    """One hidden unit for each letter, 1 after this letter and 0 after others; its weights are log-probabilities."""
    pairs = Bigrams()
    counts = np.array(pairs.counts, dtype=float) + 0.1
    size = len(counts)
    one_hot, none = np.eye(size), np.zeros(size)
    weights = {
        "C": one_hot,
        "W1": 9 * one_hot,
        "b1": none,
        "W2": np.log(counts / counts.sum(1, keepdims=True)),
        "b2": none,
    }
    return weights, list(pairs.letters)


def _rounded(array: Any, digits: int = 4) -> Any:
    """Nested lists of the array's numbers with so many significant digits, which keeps the page small."""
    return np.vectorize(lambda value: float(f"{value:.{digits}g}"))(np.asarray(array, dtype=float)).tolist()


def _letters_by_what_follows() -> tuple[np.ndarray, list[str]]:
    pairs = Bigrams()
    counts = np.array(pairs.counts, dtype=float)
    return np.sqrt(counts / counts.sum(1, keepdims=True)), list(pairs.letters)
