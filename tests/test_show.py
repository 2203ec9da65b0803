"""Plain data as text that a student reads: short, in the student's own notation, and never a reason to stop."""

import numpy as np
import pytest
from hypothesis import given
from test_wire import quickly, values

from autograder.show import WIDTH, show, show_call
from autograder.wire import Opaque, Raised

SHOWN = {
    "None": (None, "None"),
    "a float of many digits": (1 / 3, "0.333333"),
    "a tiny float": (1e-300, "1e-300"),
    "a text": ("a\nb\ud800", r"'a\nb\ud800'"),
    "a list": ([1, 2.5, "a"], "[1, 2.5, 'a']"),
    "a long list": (list(range(9)), "[0, 1, 2, 3, 4, 5, … 9 in all]"),
    "a dict": ({"a": (1 / 3, 2)}, "{'a': (0.333333, 2)}"),
    "a set": (frozenset([1]), "{1}"),
    "an array": (np.array([[1.0, 2.0], [3.0, 4.5]]), "[[1. , 2. ],\n [3. , 4.5]]"),
    "a large array": (np.arange(100), "[ 0,  1, ..., 98, 99]"),
    "an empty array": (np.zeros((0, 3)), "[] of shape (0, 3)"),
    "an exception": (Raised(("ValueError", "Exception")), "a ValueError"),
    "an object": (Opaque("Box"), "an object of class Box"),
    "an integer that Python will not print": (10**5000, "an integer of 16610 bits"),
    "a truth value": (True, "True"),
}


@pytest.mark.parametrize(("value", "text"), SHOWN.values(), ids=SHOWN.keys())
def test_a_value_is_shown_as_one_would_write_it(value, text):
    assert show(value) == text


@quickly
@given(values)
def test_any_answer_can_be_shown_in_a_short_text(value):
    assert len(show(value)) <= WIDTH


def test_a_call_is_shown_with_its_arguments():
    text = show_call("f", (np.array([1.0]), lambda x: x, np.sin, 10**400), {"axis": np.int64(0)})
    assert text == "f([1.], f, sin, an integer of 1329 bits, axis=0)"
