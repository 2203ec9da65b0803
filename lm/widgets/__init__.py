"""Things to play with: `from lm.widgets import Secant`, and a cell that ends in `Secant()` shows it."""

from lm.widgets.base import CourseWidget, Secant, StepSize, Temperature, sources, styles

__all__ = ["CourseWidget", "Secant", "StepSize", "Temperature", "sources", "styles"]
