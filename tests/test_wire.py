"""Plain data through a pipe: what arrives is what was sent, and no byte of a stranger's builds anything else."""

import enum
import io
import struct
from collections import Counter, OrderedDict, deque, namedtuple
from itertools import islice, product

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.wire import MAX_ANSWER, MAX_DEPTH, MAX_FRAME, Opaque, Raised, WireError, decode, encode, leaves, plain

ARRAY, TUPLE, DICT, SET, BIG_INT, RAISED, OPAQUE = range(7)
SCALARS = (type(None), bool, int, float, str, bytes, Raised, Opaque)
quickly = settings(max_examples=150, deadline=None, database=None)

names = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=20)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**64) - 1, 2**64 + 1),
    st.floats(),
    st.text(st.characters(), max_size=20),  # lone surrogates too
    st.binary(max_size=20),
    names.map(Opaque),
    st.lists(names, min_size=1, max_size=4).map(lambda found: Raised(tuple(found))),
)
kinds = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(),
    hnp.unsigned_integer_dtypes(),
    hnp.floating_dtypes(),
    hnp.complex_number_dtypes(),
)
arrays = hnp.arrays(kinds, hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=4))
keys = st.one_of(st.integers(), st.text(max_size=5), st.booleans(), st.tuples(st.integers(), st.text(max_size=3)))
values = st.recursive(
    scalars | arrays,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
        st.frozensets(keys, max_size=4),
    ),
    max_leaves=12,
)


def same(a, b):
    """Equal in every type and every bit."""
    if isinstance(a, np.ndarray):
        return type(b) is np.ndarray and (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b


def is_plain(value, depth=0):
    if depth > MAX_DEPTH:
        return False
    if isinstance(value, (list, tuple, frozenset)):
        return all(is_plain(item, depth + 1) for item in value)
    if isinstance(value, dict):
        return all(is_plain(item, depth + 1) for pair in value.items() for item in pair)
    return type(value) in SCALARS or (type(value) is np.ndarray and value.dtype.kind in "biufc")


@quickly
@given(values)
def test_plain_data_arrives_as_it_was_sent_in_every_type_and_bit(value):
    assert same(decode(encode(value)), value)


@quickly
@given(values)
def test_plain_data_is_plain_already(value):
    assert same(plain(value), value)


def arrives_plain_or_not_at_all(data):
    try:
        value = decode(data)
    except WireError:
        return
    assert is_plain(value)
    encode(value)  # and could be sent on


@settings(quickly, max_examples=300)
@given(st.binary(max_size=200))
def test_random_bytes_raise_wire_error_or_are_plain_data(data):
    arrives_plain_or_not_at_all(data)


@settings(quickly, max_examples=300)
@given(values, st.data())
def test_damaged_frames_raise_wire_error_or_are_plain_data(value, data):
    frame = bytearray(encode(value))
    for place, byte in data.draw(st.lists(st.tuples(st.integers(0, len(frame) - 1), st.integers(0, 255)), max_size=4)):
        frame[place] = byte
    arrives_plain_or_not_at_all(bytes(frame[: data.draw(st.integers(0, len(frame)))]))


packed = st.recursive(
    scalars.filter(lambda value: type(value) in (type(None), bool, float, str, bytes))
    | st.integers(-(2**63), 2**64 - 1)
    | st.sampled_from(["O", "V8", "U4", "<f8", "i4,i4", "S3", "M8[s]", "?"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.tuples(st.integers(0, 8), inner).map(
            lambda pair: msgpack.ExtType(pair[0], msgpack.packb(pair[1], unicode_errors="surrogatepass"))
        ),
    ),
    max_leaves=8,
)


@settings(quickly, max_examples=300)
@given(packed)
def test_well_formed_but_hostile_frames_raise_wire_error_or_are_plain_data(value):
    arrives_plain_or_not_at_all(msgpack.packb(value, unicode_errors="surrogatepass"))


def extension(code, content):
    return msgpack.packb(msgpack.ExtType(code, msgpack.packb(content, unicode_errors="surrogatepass")))


HOSTILE = {
    "an object array": extension(ARRAY, ["O", [1], bytes(8)]),
    "an array of texts": extension(ARRAY, ["<U1", [1], bytes(4)]),
    "an array of arrays": extension(ARRAY, ["(2,)f8", [1], bytes(16)]),
    "a structured array": extension(ARRAY, ["i4,i4", [1], bytes(8)]),
    "a type that is no text": extension(ARRAY, [None, [1], bytes(8)]),
    "a negative size": extension(ARRAY, ["<f8", [-1], bytes(8)]),
    "fewer bytes than the shape says": extension(ARRAY, ["<f8", [2**40], bytes(8)]),
    "a dict key that cannot be one": extension(DICT, [[[1], 2]]),
    "a pair of three": extension(DICT, [[1, 2, 3]]),
    "a set of lists": extension(SET, [[1]]),
    "an unknown extension": extension(99, 1),
    "a time stamp": msgpack.packb(msgpack.Timestamp(1, 1)),
    "an exception without a class": extension(RAISED, []),
    "a class name with a line break": extension(OPAQUE, "a\n<script>"),
    "a class name that no file can hold": extension(RAISED, ["\ud800"]),
    "a class name that is a number": extension(OPAQUE, 7),
    "a thousand lists in each other": b"\x91" * 1000 + b"\xc0",
    "a million empty dicts": b"\xdd" + struct.pack(">I", 2**20) + b"\x80" * 2**20,
    "a type of a million fields": extension(ARRAY, ["f8," * 10**6, [1], bytes(8)]),
    "a length beyond the end": b"\xdd\xff\xff\xff\xff",
    "two frames": b"\xc0\xc0",
    "nothing": b"",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_frame_is_refused(data):
    with pytest.raises(WireError):
        decode(data)


def colliding(count):
    """That many tuples of one hash, as -1 and -2 have one; a dict of them takes time that grows with the square."""
    return list(islice(product([-1, -2], repeat=20), count))


def test_a_dict_of_keys_that_share_one_hash_is_refused_before_it_is_built():
    small = dict.fromkeys(colliding(100), 1)
    assert decode(encode(small)) == small
    assert len({hash(key) for key in small}) == 1
    pairs = [[msgpack.ExtType(TUPLE, msgpack.packb(key)), 1] for key in colliding(50_000)]
    for frame in (extension(DICT, pairs), extension(SET, [key for key, _ in pairs])):
        with pytest.raises(WireError, match="more than 10000 keys that are tuples of numbers or large integers"):
            decode(frame)
    counts = {("a", str(number)): number for number in range(50_000)}
    assert decode(encode(counts)) == counts  # texts may be as many as fit


def test_tuples_nested_to_the_limit_arrive_and_one_more_is_refused_on_both_sides():
    value = np.zeros(2)
    for _ in range(MAX_DEPTH):
        value = (value,)
    assert decode(encode(value))[0][0][0]
    with pytest.raises(WireError, match="nested more than 40 deep"):
        encode((value,))
    data = b"\xc0"
    for _ in range(MAX_DEPTH + 5):
        data = msgpack.packb(msgpack.ExtType(TUPLE, b"\x91" + data))
    with pytest.raises(WireError, match="nested more than 40 deep"):
        decode(data)


def test_a_list_that_holds_itself_is_refused():
    value = []
    value.append(value)
    with pytest.raises(WireError, match="nested more than 40 deep"):
        encode(value)


def test_an_answer_over_the_limit_is_refused_with_both_sizes():
    with pytest.raises(WireError, match=f"{MAX_ANSWER + 5} bytes, more than the {MAX_ANSWER} that are allowed"):
        encode(bytes(MAX_ANSWER), MAX_ANSWER)


class Colour(enum.IntEnum):
    RED = 1


class Name(str, enum.Enum):  # noqa: UP042 - a StrEnum would print as its text
    RED = "red"


class Box:
    pass


Pair = namedtuple("Pair", "x y")

BECOMES = {
    "a NumPy float": (np.float64(0.5), 0.5),
    "a half": (np.float16(0.5), np.array(0.5, dtype=np.float32)),
    "a single": (np.float32(0.1), np.array(0.1, dtype=np.float32)),
    "singles as keys": ({np.float32(0.5): {np.float32(2)}}, {0.5: frozenset({2.0})}),
    "a long double": (np.longdouble(0.5), 0.5),
    "a NumPy integer": (np.uint8(7), 7),
    "a NumPy truth value": (np.bool_(True), True),
    "an array of shape ()": (np.array(3), 3),
    "a NumPy text": (np.str_("a"), "a"),
    "an enumerated number": (Colour.RED, 1),
    "an enumerated text": (Name.RED, "red"),
    "a named tuple": (Pair(1, [2]), (1, [2])),
    "a counter": (Counter("aab"), {"a": 2, "b": 1}),
    "an ordered dict": (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
    "a set": ({1}, frozenset([1])),
    "a complex number": (1j, np.array(1j)),
    "a Fortran array": (np.asfortranarray(np.arange(6).reshape(2, 3)), np.arange(6).reshape(2, 3)),
    "every second item": (np.arange(6)[::2], np.array([0, 2, 4])),
    "a masked array": (np.ma.masked_array([1, 2], [0, 1]), np.array([1, 2])),
    "an array of objects": (np.array([Box(), None]), Opaque("array of object")),
    "an array of texts": (np.array(["ab"]), Opaque("array of <U2")),
    "an object of one's own": (Box(), Opaque("Box")),
    "a function": (len, Opaque("builtin_function_or_method")),
    "a generator": ((x for x in [1]), Opaque("generator")),
    "a file": (io.TextIOWrapper(io.BytesIO()), Opaque("TextIOWrapper")),
    "a queue": (deque([1]), Opaque("deque")),
}


@pytest.mark.parametrize(("value", "expected"), BECOMES.values(), ids=BECOMES.keys())
def test_what_python_and_numpy_hold_becomes_plain_data(value, expected):
    assert same(plain(value), expected)
    assert same(decode(encode(plain(value))), expected)


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float32", "float64", "float8_e5m2"])
def test_tensors_of_every_float_type_arrive_as_arrays_of_floats(name):
    torch = pytest.importorskip("torch")
    arrived = decode(encode(torch.tensor([1.0, 0.5], dtype=torch.float32).to(getattr(torch, name))))
    assert arrived.dtype == (np.float64 if name == "float64" else np.float32)
    assert arrived.tolist() == [1, 0.5]


@pytest.mark.parametrize("name", ["bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "complex64"])
def test_tensors_of_other_types_arrive_as_arrays_of_that_type(name):
    torch = pytest.importorskip("torch")
    arrived = decode(encode(torch.ones(2, 1, dtype=getattr(torch, name))))
    assert same(arrived, np.ones((2, 1), dtype=name))


def test_tensors_that_are_more_than_numbers_arrive_as_their_numbers():
    torch = pytest.importorskip("torch")
    weight = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    assert decode(encode(weight)).tolist() == [1, 2]
    assert decode(encode((weight * 2).sum())) == 6.0
    assert decode(encode(torch.tensor([1 + 2j]).conj().imag)).tolist() == [-2]
    assert decode(encode(torch.eye(2).to_sparse())).tolist() == [[1, 0], [0, 1]]
    assert decode(encode([weight.shape, weight.dtype])) == [(2,), Opaque("dtype")]
    with pytest.warns(UserWarning, match="experimental"):
        half_complex = torch.zeros(2, dtype=torch.complex32)
    assert decode(encode(half_complex)) == Opaque("tensor of torch.complex32")


def test_a_frame_over_the_limit_is_refused_unread():
    with pytest.raises(WireError, match=f"{MAX_FRAME + 1} bytes, more than the {MAX_FRAME} that are allowed"):
        decode(bytes(MAX_FRAME + 1))


def test_an_exception_carries_the_names_of_its_bases():
    assert Raised.of(KeyError("secret")) == Raised(("KeyError", "LookupError", "Exception", "BaseException"))


def test_names_of_classes_are_cut_as_no_page_could_show_them_whole():
    assert decode(encode(Raised(("x" * 100,) * 30))) == Raised(("x" * 80,) * 20)
    assert decode(encode(Opaque("x" * 100))) == Opaque("x" * 80)


def test_leaves_are_found_in_lists_tuples_sets_and_the_values_of_dicts():
    assert sorted(leaves([1, (2, {"x": 3, "y": [4]}), frozenset([5])])) == [1, 2, 3, 4, 5]
