"""The widgets: anywidgets in JupyterLab, and HTML for a page without a kernel."""

import html
import json
from typing import Any

import anywidget


class CourseWidget(anywidget.AnyWidget):
    """A widget whose arithmetic is in its JavaScript."""

    name = ""
    _esm = "export default { render() {} }"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        state = html.escape(json.dumps({}))
        page = f'<div class="lm-widget" data-widget="{self.name}" data-state="{state}"></div>'
        return {**data, "text/html": page}, metadata


class Secant(CourseWidget):
    """The secant that becomes a tangent."""

    name = "secant"


class StepSize(CourseWidget):
    """Gradient descent and its step size."""

    name = "step_size"


class Temperature(CourseWidget):
    """Softmax and its temperature."""

    name = "temperature"


def sources() -> dict[str, str]:
    """The JavaScript module of each widget, by the widget's name."""
    return {widget.name: str(widget._esm) for widget in (Secant, StepSize, Temperature)}


def styles() -> str:
    """The style sheet that all widgets share."""
    return ""
