"""Plain data, and its way through a pipe.

What a probe observes leaves the student's process as plain data: None, bool, int, float, str, bytes, list,
tuple, dict, set, NumPy arrays, `Raised` for an exception and `Opaque` for everything else. The encoding is
msgpack with a few extension types: reading it can build nothing but these. The reading side trusts no byte.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np

MAX_ANSWER = 8 * 2**20  # bytes; the answer of one probe, or the outputs of one cell
MAX_FRAME = 64 * 2**20  # bytes; a whole notebook on its way to a worker
MAX_DEPTH = 40
MAX_CONTAINERS = 2**19  # lists, dicts, arrays in one frame: an empty one is 1 byte in a pipe and 60 in memory
MAX_KEYS = 10_000  # of dicts and sets in one frame, where they may all share one hash: looking one up takes so long
ARRAY_KINDS = "biufc"  # bool, int, unsigned, float, complex

ARRAY, TUPLE, DICT, SET, BIG_INT, RAISED, OPAQUE = range(7)


class WireError(Exception):
    """Bytes that are no plain data, or data that is too large or too deep to send."""


@dataclass(frozen=True)
class Raised:
    """An exception as data: the names of its class and of its base classes, nearest first."""

    classes: tuple[str, ...]

    @classmethod
    def of(cls, error: BaseException) -> "Raised":
        return cls(tuple(base.__name__ for base in type(error).__mro__ if base is not object))

    @property
    def name(self) -> str:
        return self.classes[0] if self.classes else "an exception"


@dataclass(frozen=True)
class Opaque:
    """A value that is not plain data: only the name of its class is known."""

    type_name: str


PLAIN = (bool, int, float, str, bytes, np.ndarray, Raised, Opaque)


def plain(value: Any, depth: int = 0) -> Any:
    """Turns what Python, NumPy and torch can hold into plain data.

    Scalars of shape () become Python scalars, except float32, which stays an array of shape (): its precision matters.
    """
    if depth > MAX_DEPTH:
        raise WireError(f"nested more than {MAX_DEPTH} deep")
    if value is None or isinstance(value, (bool, int, float, str, bytes, Raised, Opaque)):
        return _built_in(value)
    if _is_tensor(value):
        return plain(_tensor_as_array(value), depth)
    if isinstance(value, (np.ndarray, np.generic, complex)):
        return _array(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [plain(item, depth + 1) for item in value]
        if isinstance(value, list):
            return items
        return tuple(items) if isinstance(value, tuple) else frozenset(map(_key, items))
    if isinstance(value, dict):
        return {_key(plain(key, depth + 1)): plain(item, depth + 1) for key, item in value.items()}
    return Opaque(type(value).__name__)


def _key(value: Any) -> Any:
    """What can be the key of a dict: a float32 as the float that it is."""
    return value.item() if isinstance(value, np.ndarray) and value.shape == () else value


def _built_in(value: Any) -> Any:
    """The value as exactly its built-in type: np.float64 is a float, an IntEnum an int."""
    if isinstance(value, str):
        return str.__str__(value)  # an Enum of texts has a __str__ of its own
    kinds: tuple[Any, ...] = (bool, int, float, bytes)
    return next((kind(value) for kind in kinds if isinstance(value, kind)), value)


def _is_tensor(value: Any) -> bool:
    return type(value).__module__.startswith("torch") and hasattr(value, "detach")


def _tensor_as_array(tensor: Any) -> Any:
    tensor = tensor.detach().cpu().to_dense().resolve_conj().resolve_neg()
    if tensor.is_floating_point() and tensor.element_size() < 4:  # of these NumPy has only one
        tensor = tensor.float()
    try:
        return tensor.numpy()
    except TypeError:  # quantized, half-precision complex and the like
        return Opaque(f"tensor of {tensor.dtype}")


def _array(value: Any) -> Any:
    array = np.asarray(value)
    if array.dtype.kind not in ARRAY_KINDS:
        return Opaque(f"array of {array.dtype}")
    if array.shape == () and array.dtype.kind == "f":
        return np.array(array, np.float32) if array.dtype.itemsize <= 4 else float(array)
    if array.shape == () and array.dtype.kind != "c":
        return _built_in(array.item())
    return np.array(array, order="C")


def leaves(value: Any) -> Iterator[Any]:
    """What stands at the ends of nested lists, tuples, sets and dicts (their values)."""
    if isinstance(value, (list, tuple, frozenset, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from leaves(item)
    else:
        yield value


def encode(value: Any, limit: int = MAX_FRAME) -> bytes:
    """Plain data as bytes; raises WireError if they are more than `limit`."""
    data: bytes = msgpack.packb(_packable(plain(value)), use_bin_type=True, unicode_errors="surrogatepass")
    if len(data) > limit:
        raise WireError(f"{len(data)} bytes, more than the {limit} that are allowed")
    return data


def _packable(value: Any) -> Any:
    if isinstance(value, list):
        return [_packable(item) for item in value]
    if isinstance(value, tuple):
        return _extension(TUPLE, [_packable(item) for item in value])
    if isinstance(value, frozenset):
        return _extension(SET, [_packable(item) for item in value])
    if isinstance(value, dict):
        return _extension(DICT, [[_packable(key), _packable(item)] for key, item in value.items()])
    if isinstance(value, np.ndarray):
        return _extension(ARRAY, [value.dtype.str, list(value.shape), value.tobytes()])
    if isinstance(value, Raised):
        return _extension(RAISED, list(value.classes))
    if isinstance(value, Opaque):
        return _extension(OPAQUE, value.type_name)
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return _extension(BIG_INT, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))
    return value


def _extension(code: int, content: Any) -> msgpack.ExtType:
    return msgpack.ExtType(code, msgpack.packb(content, use_bin_type=True, unicode_errors="surrogatepass"))


def decode(data: bytes) -> Any:
    """Bytes from a process that nobody trusts -> plain data; raises WireError for anything else."""
    if len(data) > MAX_FRAME:
        raise WireError(f"{len(data)} bytes, more than the {MAX_FRAME} that are allowed")
    try:
        value = _Reader().read(data, 0)
        _refuse_foreign(value)
    except WireError:
        raise
    except Exception as error:  # whatever a hostile frame provokes (msgpack, NumPy, recursion) means the same
        raise WireError(f"not plain data ({type(error).__name__})") from None
    return value


class _Reader:
    """One frame being read, and how much it may still hold."""

    def __init__(self) -> None:
        self.containers_left, self.keys_left = MAX_CONTAINERS, MAX_KEYS

    def read(self, data: bytes, depth: int) -> Any:
        if depth > MAX_DEPTH + 1:  # an array is an extension inside the innermost list
            raise WireError(f"nested more than {MAX_DEPTH} deep")
        return msgpack.unpackb(
            data,
            ext_hook=lambda code, content: self._counted(self._extension(code, self.read(content, depth + 1))),
            list_hook=self._counted,
            object_hook=self._counted,
            unicode_errors="surrogatepass",
        )

    def _counted(self, container: Any) -> Any:
        self.containers_left -= 1
        if self.containers_left < 0:
            raise WireError(f"more than {MAX_CONTAINERS} lists, dicts and arrays")
        return container

    def _keys(self, keys: Iterable[Any]) -> list[Any]:
        keys = list(keys)
        self.keys_left -= sum(map(_may_collide, keys))
        if self.keys_left < 0:
            raise WireError(f"more than {MAX_KEYS} keys that are tuples of numbers or large integers")
        return keys

    def _extension(self, code: int, content: Any) -> Any:
        if code == TUPLE:
            return tuple(content)
        if code == SET:
            return frozenset(self._keys(content))
        if code == DICT:
            return dict(zip(self._keys(key for key, _ in content), (item for _, item in content), strict=True))
        if code == ARRAY:
            return _read_array(*content)
        if code == BIG_INT:
            return int.from_bytes(content, "big", signed=True)
        if code == RAISED and content and all(_is_name(name) for name in content):
            return Raised(tuple(name[:80] for name in content[:20]))
        if code == OPAQUE and _is_name(content):
            return Opaque(content[:80])
        raise WireError(f"unknown extension {code}")


def _may_collide(key: Any) -> bool:
    """Whether many such keys can be made up that share one hash; those of texts are random in each process."""
    if isinstance(key, tuple):
        return not all(isinstance(item, (str, bytes)) for item in key)
    return isinstance(key, frozenset) or (isinstance(key, int) and key.bit_length() > 64)


def _refuse_foreign(value: Any) -> None:
    """msgpack has a time stamp of its own, and lists may nest a thousand deep: neither is plain data."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below += [*item.keys(), *item.values()]
            elif isinstance(item, (list, tuple, frozenset)):
                below += item
            elif item is not None and not isinstance(item, PLAIN):
                raise WireError(f"no plain data: {type(item).__name__}")
        level = below
    if level:
        raise WireError(f"nested more than {MAX_DEPTH} deep")


def _is_name(value: Any) -> bool:
    """Whether a class may be called that: such names are shown to people and stand in files."""
    return isinstance(value, str) and value.isprintable()


def _read_array(dtype: str, shape: list[int], content: bytes) -> np.ndarray:
    kind = np.dtype(str(dtype)[:20])
    if kind.kind not in ARRAY_KINDS:
        raise WireError(f"no array of {dtype}")
    if any(not isinstance(size, int) or size < 0 for size in shape):
        raise WireError("a shape is a list of sizes")
    return np.frombuffer(content, dtype=kind).reshape(shape)
