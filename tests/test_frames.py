"""Frames between coordinator and worker: what is written is read, and what cannot be read is said to be so."""

import io

import msgpack
import pytest

from autograder.frames import pack, read_frame, unpack, write_frame
from autograder.wire import WireError


def test_frames_are_read_as_they_were_written_and_then_there_are_none():
    pipe = io.BytesIO()
    for order in ({"steps": [{"request": b"\x00\xff"}]}, {}):
        write_frame(pipe, pack(order))
    pipe.seek(0)
    assert unpack(read_frame(pipe)) == {"steps": [{"request": b"\x00\xff"}]}
    assert unpack(read_frame(pipe)) == {}
    assert read_frame(pipe) is None


@pytest.mark.parametrize("data", [b"", b"\xc1", msgpack.packb({"a": 1})[:-1], msgpack.packb({}) * 2])
def test_a_frame_that_cannot_be_read_is_an_error_in_words(data):
    with pytest.raises(WireError, match="cannot be read"):
        unpack(data)


def test_a_frame_that_is_no_order_is_an_error():
    with pytest.raises(WireError, match="no order"):
        unpack(msgpack.packb([1, 2]))
