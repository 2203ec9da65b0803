"""The widget of week 2: a computational graph that is walked forward and backward."""

from typing import Any, Final

import traitlets as t

from lm.widgets.base import CourseWidget

INPUTS: Final[dict[str, str]] = {
    "product": "a b c",
    "twice": "a b c",
    "square": "a",
    "neuron": "x₁ w₁ x₂ w₂ b",
    "sigmoid": "z",
    "cross_entropy": "a b",
}
"""The expressions by name, and the inputs of each in their order."""


class Graph(CourseWidget):
    """A graph of scalars on which one steps forward (values appear) and backward (gradients appear on the edges).

    expression  which graph is shown first (the reader may choose another):
                "product" (a + b) · c; "twice" (a + b) · c + a, where a is used twice; "square" a · a + a;
                "neuron" tanh(w₁x₁ + w₂x₂ + b); "sigmoid" 1 / (1 + e^−z), step by step;
                "cross_entropy" ln(e^a + e^b) − a, whose gradient is softmax minus one-hot
    values      the values of the inputs in the order of INPUTS[expression], each from -4 to 4; None: what suits it
    step        how many steps are done at the start: each computes a node, then one sends 1 to the end, then each
                sends a gradient along one edge; None: all of them. 0, the default, shows the inputs alone.
    """

    name = "graph"
    invitation = (
        "With scripts switched on, you can choose an expression and its inputs, step forward until every node has "
        "its value, then backward, and watch each edge carry local slope times upstream gradient."
    )
    expression = t.Enum(list(INPUTS), "twice").tag(sync=True)
    values = t.List(t.Float(min=-4.0, max=4.0), None, allow_none=True).tag(sync=True)
    step = t.Int(0, min=0, max=99, allow_none=True).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        names = INPUTS[self.expression].split()
        if self.values is not None and len(self.values) != len(names):
            raise ValueError(
                f"{self.expression} has {len(names)} inputs ({', '.join(names)}), got {len(self.values)} values"
            )
