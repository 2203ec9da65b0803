"""Comparing answers: every right one is accepted, every wrong one rejected with a phrase that shows no value."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from test_wire import arrays, names, quickly

from autograder.compare import Tolerance, difference, kind_of
from autograder.wire import Opaque, Raised, decode, encode

NAN, INF = float("nan"), float("inf")
VALUE_ERROR = Raised(("ValueError", "Exception", "BaseException"))
JSON_ERROR = Raised(("JSONDecodeError", "ValueError", "Exception", "BaseException"))
KEY_ERROR = Raised(("KeyError", "LookupError", "Exception", "BaseException"))


def compared(expected, got, **given):
    """The difference of two values as they come out of the pipe."""
    return difference(decode(encode(expected)), decode(encode(got)), Tolerance(**given))


AGREE = {
    "a NumPy float for a float": (0.5, np.float64(0.5)),
    "an array of shape () for a float": (0.5, np.array(0.5)),
    "an int for a float": (2.0, 2),
    "a tuple for a list": ([1, (2, 3)], (1, [2, 3])),
    "ints in a list for floats": ([1.0, 2.0], [1, 2]),
    "one step of rounding": (0.3, 0.1 + 0.2),
    "a tiny number for zero": (0.0, 1e-10),
    "minus zero for zero": (0.0, -0.0),
    "NaN for NaN": (NAN, NAN),
    "NaN in the same place": (np.array([1, NAN]), np.array([1, NAN])),
    "infinity for infinity": (-INF, -INF),
    "infinities in an array": (np.array([INF, -INF]), np.array([INF, -INF])),
    "an integer beyond 64 bits": (10**30, 10**30),
    "other widths of integers": (np.array([1, 2], dtype=np.int64), np.array([1, 2], dtype=np.uint8)),
    "other widths of exact floats": (np.array([0.5, 2]), np.array([0.5, 2], dtype=np.float16)),
    "the other byte order": (np.array([1.0, 2.0]), np.array([1.0, 2.0], dtype=">f8")),
    "another memory layout": (np.eye(2, 3), np.asfortranarray(np.eye(2, 3))),
    "an empty array of the same shape": (np.zeros((0, 3)), np.zeros((0, 3))),
    "another order of keys": ({"a": 1.0, "b": [2]}, {"b": [2], "a": 1.0}),
    "another order of a set": ({3, 1, 2}, {2, 3, 1}),
    "complex numbers within rounding": (1 + 1j, 1 + 1j + 1e-12),
    "the largest floats": (1.7e308, 1.7e308),
    "an exception of the same class": (VALUE_ERROR, VALUE_ERROR),
    "a subclass of the exception": (VALUE_ERROR, JSON_ERROR),
}


@pytest.mark.parametrize(("expected", "got"), AGREE.values(), ids=AGREE.keys())
def test_a_right_answer_is_accepted(expected, got):
    assert compared(expected, got) is None


DIFFER = {
    "another number": (0.5, 0.6, "the value differs"),
    "a little beyond the tolerance": (1.0, 1.0 + 2e-7, "the value differs"),
    "another integer, however close": (10**17, 10**17 + 1, "the value differs"),
    "a float for an integer": (2, 2.0, "expected an integer, got a float"),
    "a truth value for an integer": (1, True, "expected an integer, got a truth value"),
    "an integer for a truth value": (True, 1, "expected a truth value, got an integer"),
    "a text for a number": (1.0, "1.0", "expected a float, got a text"),
    "bytes for a text": ("a", b"a", "expected a text, got bytes"),
    "another text": ("a", "b", "the value differs"),
    "nothing for a number": (0.0, None, "expected a float, got None"),
    "a number for nothing": (None, 0, "expected None, got an integer"),
    "NaN for a number": (0.0, NAN, "the value differs"),
    "a number for NaN": (NAN, 0.0, "the value differs"),
    "infinity for a number": (1e308, INF, "the value differs"),
    "a number for infinity": (INF, 1e308, "the value differs"),
    "the other infinity": (INF, -INF, "the value differs"),
    "an integer too large for a float": (1.0, 10**400, "the value differs"),
    "an integer too large, for infinity": (INF, 10**400, "the value differs"),
    "an array of one for a scalar": (0.5, np.array([0.5]), "expected a float, got an array of floats of shape (1,)"),
    "a scalar for an array of one": (np.array([0.5]), 0.5, "expected an array of floats of shape (1,), got a float"),
    "a list for an array": (
        np.zeros(2),
        [0.0, 0.0],
        "expected an array of floats of shape (2,), got a list of 2 items",
    ),
    "a row for a column": (np.zeros((3, 1)), np.zeros((1, 3)), "expected shape (3, 1), got (1, 3)"),
    "what would broadcast": (np.zeros((2, 3)), np.zeros(3), "expected shape (2, 3), got (3,)"),
    "an empty array for a full one": (np.zeros(3), np.zeros(0), "expected shape (3,), got (0,)"),
    "an empty array of another shape": (np.zeros((0, 3)), np.zeros((0, 2)), "expected shape (0, 3), got (0, 2)"),
    "an empty array of another kind": (np.zeros(0), np.zeros(0, dtype=int), "expected floats, got integers"),
    "integers for floats": (np.ones(2), np.ones(2, dtype=int), "expected floats, got integers"),
    "truth values for integers": (np.ones(2, dtype=int), np.ones(2, dtype=bool), "expected integers, got booleans"),
    "complex numbers for floats": (np.ones(2), np.ones(2) + 0j, "expected floats, got complex numbers"),
    "a wrapped-around integer": (np.array([-1]), np.array([2**64 - 1], dtype=np.uint64), "1 of 1 values differ"),
    "one of three numbers": (np.arange(3.0), np.array([0, 1, 2.1]), "1 of 3 values differ"),
    "values that are not finite": (np.ones(2), np.array([1, INF]), "some values are not finite"),
    "a number where NaN is right": (np.array([NAN, 1]), np.array([0.0, 1]), "1 of 2 values differ"),
    "a difference that overflows": (np.array([65504], "f2"), np.array([-65504], "f2"), "1 of 1 values differ"),
    "the other truth value": (np.array([True, False]), np.array([True, True]), "1 of 2 values differ"),
    "a list too short": ([1, 2], [1], "expected 2 items, got 1"),
    "a list for a dict": ({"a": 1}, ["a"], "expected a dict of 1 items, got a list of 1 items"),
    "a list for a set": ({1}, [1], "expected a set of 1 items, got a list of 1 items"),
    "another item": ([1, [2, 3]], [1, [2, 4]], "item 1: item 1: the value differs"),
    "a key too many": ({"a": 1}, {"a": 1, "b": 2}, "1 keys differ"),
    "another value under a key": ({"a": 1}, {"a": 2}, "one of the values: the value differs"),
    "an object": (1.0, object(), "expected a float, got an object of class object"),
    "an error for a value": (1.0, KEY_ERROR, "KeyError was raised"),
    "a value for an error": (VALUE_ERROR, 1.0, "expected a ValueError, but no error was raised"),
    "another error": (VALUE_ERROR, KEY_ERROR, "expected a ValueError, got a KeyError"),
    "a base class of the error": (JSON_ERROR, VALUE_ERROR, "expected a JSONDecodeError, got a ValueError"),
}


@pytest.mark.parametrize(("expected", "got", "phrase"), DIFFER.values(), ids=DIFFER.keys())
def test_a_wrong_answer_is_rejected_with_a_phrase(expected, got, phrase):
    assert compared(expected, got) == phrase


def test_exceptions_that_a_probe_accepts_take_the_place_of_the_one_that_the_reference_raises():
    accepts = ("ValueError", "KeyError")
    assert compared(VALUE_ERROR, KEY_ERROR, accepts=accepts) is None
    assert compared(VALUE_ERROR, JSON_ERROR, accepts=accepts) is None
    wrong = Raised(("IndexError", "LookupError", "Exception", "BaseException"))
    assert compared(VALUE_ERROR, wrong, accepts=accepts) == "expected a ValueError or KeyError, got an IndexError"
    assert compared(VALUE_ERROR, 3, accepts=accepts) == "expected a ValueError or KeyError, but no error was raised"


def test_the_stub_is_no_right_answer_where_an_error_is_expected():
    stub = Raised(("NotImplementedError", "RuntimeError", "Exception", "BaseException"))
    assert compared(VALUE_ERROR, stub) == "expected a ValueError, got a NotImplementedError"


def test_without_absolute_tolerance_a_small_number_must_be_relatively_right():
    assert compared(1e-300, 1.1e-300) is None
    assert compared(1e-300, 1.1e-300, atol=0) == "the value differs"
    assert compared(np.array([1e-300]), np.array([0.0]), atol=0) == "1 of 1 values differ"
    assert compared(100.0, 100.09, rtol=1e-3, atol=0) is None


everything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.binary(max_size=5), arrays)
    | st.lists(names, min_size=1, max_size=3).map(lambda found: Raised(tuple(found))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@quickly
@given(everything)
def test_what_the_reference_answers_is_right_whatever_it_is(value):
    assert compared(value, value) is None


@quickly
@given(everything, everything)
def test_any_two_answers_can_be_compared_and_a_difference_is_words_without_their_text(expected, got):
    phrase = compared(expected, got)
    assert phrase is None or phrase.isprintable()


@quickly
@given(arrays, st.data())
def test_one_changed_number_in_an_array_is_noticed(array, data):
    assume(array.size and array.dtype.kind in "biu")
    wrong = array.copy()
    place = data.draw(st.integers(0, array.size - 1))
    wrong.flat[place] = wrong.flat[place] ^ True
    assert compared(array, wrong) == f"1 of {array.size} values differ"


def test_kinds_of_values_are_named_in_words():
    assert kind_of(Opaque("Box")) == "an object of class Box"
    assert kind_of(decode(encode({1, 2}))) == "a set of 2 items"
    assert kind_of(JSON_ERROR) == "a JSONDecodeError"


def test_a_single_is_compared_with_the_digits_that_it_has():
    third = np.array(1 / 3, dtype=np.float32)
    assert difference(third, 1 / 3 + 1e-6, Tolerance()) is None
    assert difference([third], [np.array(1 / 3 + 1e-6, dtype=np.float32)], Tolerance()) is None
    assert difference(np.repeat(third, 3), np.repeat(third, 3) + np.float32(1e-6), Tolerance()) is None
    assert difference(third, 1 / 3 + 1e-5, Tolerance()) == "the value differs"
    assert difference(1 / 3, np.array(third + 1e-6, dtype=np.float32), Tolerance()) == "the value differs"
    assert difference(third, 1 / 3 + 1e-5, Tolerance(rtol=1e-4)) is None
    nothing = np.zeros(2, dtype=np.float32)
    assert difference(nothing, nothing + np.float32(5e-7), Tolerance(atol=0)) is None
    assert difference(nothing, nothing + np.float32(5e-6), Tolerance(atol=0)) == "2 of 2 values differ"
    assert difference(nothing, nothing + np.float32(5e-6), Tolerance(atol=1e-5)) is None
    assert difference(third, True, Tolerance()) == "expected a float, got a truth value"
