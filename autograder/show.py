"""Plain data as short text for people."""

from typing import Any

import numpy as np

from autograder.compare import with_article
from autograder.wire import Opaque, Raised

WIDTH = 240  # characters of one value


def show(value: Any) -> str:
    """A value as a student would write it, shortened: floats to six digits, long arrays to their edges."""
    text = _show(value, 0)
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def _show(value: Any, depth: int) -> str:
    if isinstance(value, np.ndarray) and value.shape == ():
        return _show(value.item(), depth)
    if isinstance(value, np.ndarray):
        body = np.array2string(value, precision=4, threshold=24, edgeitems=2, max_line_width=80, separator=", ")
        return body if value.size else f"{body} of shape {value.shape}"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, int) and value.bit_length() > WIDTH * 4:  # Python refuses to print what is much longer
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, Raised):
        return with_article(value.name)
    if isinstance(value, Opaque):
        return f"an object of class {value.type_name}"
    if isinstance(value, (list, tuple, frozenset)):
        brackets = "[]" if isinstance(value, list) else "()" if isinstance(value, tuple) else "{}"
        return brackets[0] + _several([_show(item, depth + 1) for item in list(value)[:7]], len(value)) + brackets[1]
    if isinstance(value, dict):
        items = [f"{_show(key, depth + 1)}: {_show(item, depth + 1)}" for key, item in list(value.items())[:7]]
        return "{" + _several(items, len(value)) + "}"
    if isinstance(value, np.generic):
        return _show(value.item(), depth)
    if callable(value):
        return getattr(value, "__name__", "a function").replace("<lambda>", "f")
    return repr(value)


def _several(items: list[str], length: int) -> str:
    return ", ".join(items[:6]) + (f", … {length} in all" if length > 6 else "")


def show_call(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """A call as text: softmax([[1, 2]], axis=0)."""
    parts = [show(argument) for argument in args] + [f"{key}={show(item)}" for key, item in kwargs.items()]
    return f"{name}({', '.join(parts)})"
