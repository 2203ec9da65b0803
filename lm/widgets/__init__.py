"""Things to play with: `from lm.widgets import Secant`, and a cell that ends in `Secant()` shows it."""

from typing import Any

import traitlets as t

from lm.widgets.base import CourseWidget, styles
from lm.widgets.graph import Graph
from lm.widgets.merging import Merges
from lm.widgets.networks import EmbeddingMap, InitialGain, Sampling
from lm.widgets.ngrams import Bigrams, NgramChoice
from lm.widgets.transformers import AttentionExplorer, Mask, NextToken

__all__ = [
    "AttentionExplorer",
    "Bigrams",
    "CourseWidget",
    "EmbeddingMap",
    "Graph",
    "InitialGain",
    "Mask",
    "Merges",
    "NextToken",
    "NgramChoice",
    "Sampling",
    "Secant",
    "StepSize",
    "Temperature",
    "sources",
    "styles",
    "widgets",
]


def widgets() -> list[type[CourseWidget]]:
    """All of them, in the order of the weeks."""
    weeks1_to_3 = [Secant, StepSize, Temperature, Graph, Bigrams, NgramChoice]
    return [*weeks1_to_3, InitialGain, EmbeddingMap, Sampling, Mask, AttentionExplorer, NextToken, Merges]


def sources() -> dict[str, str]:
    """The JavaScript module of each widget by its name, for a page that runs widgets without a kernel.

    Each exports `default { render({model, el}) }`, as anywidget asks; `render` returns a function that cleans up.
    """
    return {widget.name: widget.esm_source() for widget in widgets()}


class Secant(CourseWidget):
    """The secant that becomes a tangent as h shrinks, until rounding errors take over."""

    name = "secant"
    invitation = (
        "With scripts switched on, you can move the point x, shrink the step h from 2 down to 1e-16, look to the "
        "left, compare forward and central differences, and watch the error of the slope."
    )
    function = t.Enum(["sine", "square", "cubic", "exponential", "absolute"], "sine").tag(sync=True)
    x = t.Float(1.0, min=-4.0, max=4.0).tag(sync=True)
    h = t.Float(1.0, min=-2.0, max=2.0).tag(sync=True)
    scheme = t.Enum(["forward", "central"], "forward").tag(sync=True)
    zoom = t.Bool(False).tag(sync=True)

    @t.validate("h")
    def _not_zero(self, proposal: t.Bunch) -> float:
        if proposal["value"] == 0:
            raise t.TraitError("h must not be 0: a secant needs two points")
        return proposal["value"]


class StepSize(CourseWidget):
    """Gradient descent on a curve or a surface: too small, right and too large steps.

    `step_size`, `x` and `y` that are None become what suits the landscape.
    """

    name = "step_size"
    invitation = (
        "With scripts switched on, you can change the step size and the start, choose a parabola, two valleys, a "
        "long bowl or a bent valley, and watch whether the steps creep, arrive, bounce or run away."
    )
    landscape = t.Enum(["parabola", "double_well", "bowl", "valley"], "parabola").tag(sync=True)
    step_size = t.Float(None, min=0.0, max=10.0, allow_none=True).tag(sync=True)
    x = t.Float(None, min=-3.0, max=3.0, allow_none=True).tag(sync=True)
    y = t.Float(None, min=-2.0, max=2.0, allow_none=True).tag(sync=True)
    steps = t.Int(20, min=0, max=60).tag(sync=True)


def _temperature_to_json(value: float, _widget: Any) -> float | str:
    return "Infinity" if value == float("inf") else value  # JSON has no word for it, JavaScript's Number() has


def _temperature_from_json(value: float | str | None, _widget: Any) -> float:
    return float("inf") if value is None or value == "Infinity" else float(value)


class Temperature(CourseWidget):
    """Softmax over a few next words, its temperature and its entropy."""

    name = "temperature"
    parts = ("shared", "decoding")
    invitation = (
        "With scripts switched on, you can change each logit, turn the temperature from 0 (argmax) to infinity "
        "(uniform), add a number to all logits, and see where the naive formula overflows."
    )
    prompt = t.Unicode("The cat sat on the").tag(sync=True)
    words = t.List(t.Unicode(), ["mat", "sofa", "floor", "roof", "moon"], minlen=2, maxlen=8).tag(sync=True)
    logits = t.List(t.Float(), [3.0, 2.2, 1.6, 0.4, -1.5], minlen=2, maxlen=8).tag(sync=True)
    temperature = t.Float(1.0, min=0.0).tag(sync=True, to_json=_temperature_to_json, from_json=_temperature_from_json)
    shift = t.Float(0.0, min=-1000.0, max=1000.0).tag(sync=True)
    naive = t.Bool(False).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        if len(self.words) != len(self.logits):
            raise ValueError(f"one logit for each word: got {len(self.words)} words and {len(self.logits)} logits")
