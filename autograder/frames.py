"""How coordinator, worker and child speak: frames of bytes, each behind its length; and the fates of a step."""

import struct
from typing import Any, BinaryIO

import msgpack

from autograder.wire import WireError

LENGTH = struct.Struct(">I")

# What can become of a step that gets no answer.
OUT_OF_TIME = "ran out of time"
CRASHED = "crashed"
TOO_MUCH_DATA = "answered with too much data"
NO_TIME_LEFT = "the notebook's time was used up"
CRASHED_TOO_OFTEN = "the notebook crashed too often"


def pack(order: dict[str, Any]) -> bytes:
    """What coordinator and worker tell each other. What students' code answers is in there as bytes, unread."""
    return bytes(msgpack.packb(order))


def unpack(data: bytes) -> dict[str, Any]:
    try:
        order = msgpack.unpackb(data)
    except (ValueError, msgpack.UnpackException) as error:
        raise WireError(f"a frame that cannot be read: {error}") from error
    if not isinstance(order, dict):
        raise WireError("a frame that is no order")
    return order


def read_frame(source: BinaryIO) -> bytes | None:
    head = source.read(LENGTH.size)
    return source.read(LENGTH.unpack(head)[0]) if head else None


def write_frame(sink: BinaryIO, data: bytes) -> None:
    """Into the buffer of `sink`; `sink.flush()` sends it."""
    sink.write(LENGTH.pack(len(data)) + data)
