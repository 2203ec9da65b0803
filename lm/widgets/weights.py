"""The weights of a model as text, small enough for a page; `weights.js` reads it."""

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np


def pack(arrays: Mapping[str, Any], bits: int = 16) -> dict[str, Any]:
    """Arrays by name as JSON: `{"bits", "shapes": [[name, shape], ...], "data": base64}`.

    With 16 bits each number is kept in half precision, three digits of it. With 8 bits, which halves the size, each
    number of an array of at least 16 rows (last axis) is a whole number from -127 to 127 times a half-precision scale
    of its row; arrays of fewer rows stay in half precision.
    """
    if bits not in (8, 16):
        raise ValueError(f"bits must be 8 or 16: got {bits}")
    data, shapes = b"", []
    for name, given in arrays.items():
        array = np.asarray(given, dtype=np.float64)
        if array.ndim == 0 or not np.isfinite(array).all() or np.abs(array).max(initial=0) > 65_000:
            raise ValueError(f"{name} must be an array of finite numbers below 65,000")
        shapes.append([name, list(array.shape)])
        rows = array.reshape(-1, array.shape[-1])
        if not _in_bytes(bits, len(rows)):
            data += array.astype("<f2").tobytes()
            continue
        scales = np.nextafter((np.abs(rows).max(1, keepdims=True) / 127).astype("<f2"), np.float16(np.inf))
        data += scales.tobytes() + np.rint(rows / scales.astype(np.float64)).astype(np.int8).tobytes()
    return {"bits": bits, "shapes": shapes, "data": base64.b64encode(data).decode()}


def _in_bytes(bits: int, rows: int) -> bool:
    return bits == 8 and rows >= 16


def unpack(packed: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """The numbers that the page computes with: the arrays of `pack`, rounded as it rounds them."""
    data, at, arrays = base64.b64decode(packed["data"]), 0, {}
    for name, shape in packed["shapes"]:
        count = int(np.prod(shape))
        rows = count // shape[-1]
        if not _in_bytes(packed["bits"], rows):
            values = np.frombuffer(data, "<f2", count, at).astype(np.float64)
            at += 2 * count
        else:
            scales = np.frombuffer(data, "<f2", rows, at).astype(np.float64)
            whole = np.frombuffer(data, np.int8, count, at + 2 * rows).reshape(rows, -1)
            values = scales[:, None] * whole
            at += 2 * rows + count
        arrays[name] = values.reshape(shape)
    return arrays
