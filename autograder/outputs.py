"""What a student's cells showed, made harmless: plain text and re-encoded pictures, in nbformat's shape."""

import base64
import io
import re
import struct
from typing import Any

from nbformat.v4 import new_output
from PIL import Image

MAX_OUTPUTS = 200  # of a cell
MAX_PICTURES = 8  # of a cell
MAX_PIXELS = 2000 * 2000
MAX_TEXT = 100_000  # characters of a cell
MAX_LINE = 4_000  # characters of a line of a traceback
CONTROL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")  # colours of a terminal, control characters


def harmless(outputs: Any) -> list[dict[str, Any]]:
    """The outputs that a student's process sent for a cell -> nbformat outputs that are safe to store and show.

    The process was asked to send little; as nobody trusts it, the limits hold here too.
    """
    if not isinstance(outputs, list):
        return []
    made: list[dict[str, Any]] = []
    text_left, pictures_left = MAX_TEXT, MAX_PICTURES
    for output in outputs[:MAX_OUTPUTS]:
        if isinstance(output, dict) and isinstance(output.get("output_type"), str):
            made += _output(output, text_left, pictures_left)
            text_left = max(0, MAX_TEXT - sum(map(_length, made)))
            pictures_left = MAX_PICTURES - sum("image/png" in output.get("data", {}) for output in made)
    return made


def _length(output: dict[str, Any]) -> int:
    texts = [
        output.get("text"),
        output.get("evalue"),
        *output.get("traceback", []),
        output.get("data", {}).get("text/plain"),
    ]
    return sum(len(text) for text in texts if text)


def text_of(value: Any) -> str:
    """Text without terminal colours and control characters; "" for what is no text."""
    if isinstance(value, list):
        value = "".join(piece for piece in value if isinstance(piece, str))
    if not isinstance(value, str):
        return ""
    return CONTROL.sub("", value[:MAX_TEXT]).encode("utf-8", "replace").decode("utf-8")


def _output(output: dict[str, Any], text: int, pictures: int) -> list[dict[str, Any]]:
    """The output with at most so many characters and pictures; nothing if it is of no known kind."""
    kind, data = output["output_type"], output.get("data")
    if kind == "stream":
        name = "stderr" if isinstance(output.get("name"), str) and output["name"] == "stderr" else "stdout"
        return [dict(new_output("stream", name=name, text=text_of(output.get("text"))[:text]))]
    if kind == "error":
        lines = output.get("traceback")
        trace = [text_of(line)[:MAX_LINE] for line in lines[:40]] if isinstance(lines, list) else []
        name, message = (text_of(output.get(key))[:MAX_LINE] for key in ("ename", "evalue"))
        return [dict(new_output("error", ename=name, evalue=message, traceback=trace if text > 0 else []))]
    if kind == "display_data" and isinstance(data, dict):
        shown = {"text/plain": text_of(data.get("text/plain"))[:text]}
        if pictures > 0 and (picture := _png(data.get("image/png"))):
            shown["image/png"] = picture
        return [dict(new_output("display_data", data=shown))]
    return []


def _png(data: Any) -> str:
    """A picture as base64 of a freshly written PNG; "" if it is none or too large."""
    try:
        raw = base64.b64decode(data) if isinstance(data, str) else data
        if not isinstance(raw, bytes) or not _is_small(raw):
            return ""
        picture = Image.open(io.BytesIO(raw), formats=["PNG"])
        fresh = io.BytesIO()
        picture.convert("RGBA").save(fresh, "PNG", optimize=False)
    except Exception:  # a broken picture can raise nearly everything
        return ""
    return base64.b64encode(fresh.getvalue()).decode("ascii")


def _is_small(png: bytes) -> bool:
    """Whether the head of a PNG file claims a size that is worth decoding."""
    width, height = struct.unpack(">II", png[16:24])
    return width * height <= MAX_PIXELS
