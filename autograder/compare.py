"""Comparing a student's answer with the reference's, both plain data: None if they agree, else where they differ.

Shape and dtype kind come before values (an empty array is close to everything). Where a float is expected an int
will do, if it is a scalar, but not the other way round; a list may be a tuple; NaN equals nothing but a NaN of the
reference. A float32 of the reference has six digits, so its comparison is no sharper than that.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.wire import Opaque, Raised

KIND_NAMES = {"b": "booleans", "i": "integers", "u": "integers", "f": "floats", "c": "complex numbers"}


@dataclass(frozen=True)
class Tolerance:
    """Floats agree if abs(got - expected) <= atol + rtol * abs(expected).

    `accepts` are names of exceptions that are right where an exception is expected; if it is empty, the class that the
    reference raises, or a subclass of it, is.
    """

    rtol: float = 1e-7
    atol: float = 1e-9
    accepts: tuple[str, ...] = ()

    def for_single_precision(self) -> "Tolerance":
        """At least what two right ways to add float32 numbers up may differ by."""
        return replace(self, rtol=max(self.rtol, 1e-5), atol=max(self.atol, 1e-6))


def difference(expected: Any, got: Any, tolerance: Tolerance) -> str | None:
    """None if `got` agrees with `expected`, else a phrase that says in what they differ, without any value."""
    if isinstance(expected, Raised) or isinstance(got, Raised):
        return _different_exception(expected, got, tolerance)
    if isinstance(expected, np.ndarray) and expected.dtype.itemsize <= 4 and expected.dtype.kind == "f":
        tolerance = tolerance.for_single_precision()
    expected, got = _scalar(expected), _scalar(got)
    if isinstance(expected, np.ndarray) or isinstance(got, np.ndarray):
        return _different_array(expected, got, tolerance)
    if isinstance(expected, (list, tuple)) and isinstance(got, (list, tuple)):
        return _different_sequence(expected, got, tolerance)
    if isinstance(expected, dict) and isinstance(got, dict):
        return _different_dict(expected, got, tolerance)
    if isinstance(expected, float) and _is_number(got):  # where an integer is asked for, a float is another answer
        return None if _close(expected, got, tolerance) else "the value differs"
    if type(expected) is not type(got):
        return f"expected {kind_of(expected)}, got {kind_of(got)}"
    return None if expected == got else "the value differs"


def _scalar(value: Any) -> Any:
    """A float32 number, which travels as an array of shape (), as a float; anything else as it is."""
    return value.item() if isinstance(value, np.ndarray) and value.shape == () and value.dtype.kind == "f" else value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _close(expected: float, got: float, tolerance: Tolerance) -> bool:
    try:
        return bool(_close_arrays(np.asarray(expected), np.asarray(float(got)), tolerance))
    except OverflowError:  # an integer too large for a float
        return False


def _close_arrays(expected: np.ndarray, got: np.ndarray, tolerance: Tolerance) -> np.ndarray:
    with np.errstate(all="ignore"):
        near = np.abs(got - expected) <= tolerance.atol + tolerance.rtol * np.abs(expected)
        finite = np.isfinite(expected) & np.isfinite(got)
        return (near & finite) | (expected == got) | (np.isnan(expected) & np.isnan(got))


def _different_exception(expected: Any, got: Any, tolerance: Tolerance) -> str | None:
    if not isinstance(got, Raised):
        wanted = " or ".join(tolerance.accepts) or expected.name
        return f"expected {with_article(wanted)}, but no error was raised"
    if not isinstance(expected, Raised):
        return f"{got.name} was raised"
    wanted_names = tolerance.accepts or (expected.name,)
    if set(wanted_names) & set(got.classes):
        return None
    return f"expected {with_article(' or '.join(wanted_names))}, got {with_article(got.name)}"


def _different_array(expected: Any, got: Any, tolerance: Tolerance) -> str | None:
    if not isinstance(expected, np.ndarray) or not isinstance(got, np.ndarray):
        return f"expected {kind_of(expected)}, got {kind_of(got)}"
    if expected.shape != got.shape:
        return f"expected shape {expected.shape}, got {got.shape}"
    if KIND_NAMES[expected.dtype.kind] != KIND_NAMES[got.dtype.kind]:
        return f"expected {KIND_NAMES[expected.dtype.kind]}, got {KIND_NAMES[got.dtype.kind]}"
    same = _close_arrays(expected, got, tolerance) if expected.dtype.kind in "fc" else expected == got
    if np.all(same):
        return None
    if expected.dtype.kind == "f" and np.any(np.isfinite(expected) & ~np.isfinite(got)):
        return "some values are not finite"
    return f"{int(np.sum(~same))} of {same.size} values differ"


def _different_sequence(expected: Any, got: Any, tolerance: Tolerance) -> str | None:
    if len(expected) != len(got):
        return f"expected {len(expected)} items, got {len(got)}"
    for index, (wanted, item) in enumerate(zip(expected, got, strict=True)):
        if phrase := difference(wanted, item, tolerance):
            return f"item {index}: {phrase}"
    return None


def _different_dict(expected: Any, got: Any, tolerance: Tolerance) -> str | None:
    if set(expected) != set(got):
        return f"{len(set(expected) ^ set(got))} keys differ"
    for key, wanted in expected.items():
        if phrase := difference(wanted, got[key], tolerance):
            return f"one of the values: {phrase}"
    return None


def kind_of(value: Any) -> str:
    """What sort of plain data a value is, in words: "an array of floats of shape (4, 7)"."""
    if isinstance(value, np.ndarray):
        return f"an array of {KIND_NAMES[value.dtype.kind]} of shape {value.shape}"
    if value is None:
        return "None"
    if isinstance(value, Raised):
        return with_article(value.name)
    if isinstance(value, Opaque):
        return f"an object of class {value.type_name}"
    names: dict[Any, str] = {bool: "a truth value", int: "an integer", float: "a float", str: "a text", bytes: "bytes"}
    sequences: dict[Any, str] = {list: "a list", tuple: "a tuple", dict: "a dict", frozenset: "a set"}
    return names.get(type(value)) or f"{sequences[type(value)]} of {len(value)} items"


def with_article(word: str) -> str:
    return f"{'an' if word[:1] in 'AEIOUaeiou' else 'a'} {word}"
