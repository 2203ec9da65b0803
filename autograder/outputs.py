"""What a student's cells showed, made harmless: plain text and re-encoded pictures, in nbformat's shape."""

import base64
import binascii
import io
import re
from typing import Any

from nbformat.v4 import new_output
from PIL import Image

MAX_PIXELS = 3000 * 3000
MAX_TEXT = 100_000
CONTROL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")  # colours of a terminal, control characters


def harmless(outputs: Any) -> list[dict[str, Any]]:
    """The outputs that a student's process sent for a cell -> nbformat outputs that are safe to store and show."""
    if not isinstance(outputs, list):
        return []
    made = [_output(output) for output in outputs[:200] if isinstance(output, dict)]
    return [output for output in made if output is not None]


def text_of(value: Any) -> str:
    """Text without terminal colours and control characters; "" for what is no text."""
    if isinstance(value, list):
        value = "".join(piece for piece in value if isinstance(piece, str))
    if not isinstance(value, str):
        return ""
    return CONTROL.sub("", value[:MAX_TEXT]).encode("utf-8", "replace").decode("utf-8")


def _output(output: dict[str, Any]) -> dict[str, Any] | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return dict(new_output("stream", name=name, text=text_of(output.get("text"))))
    if kind == "error":
        lines = output.get("traceback")
        trace = [text_of(line) for line in lines[:40]] if isinstance(lines, list) else []
        error = {"ename": text_of(output.get("ename")), "evalue": text_of(output.get("evalue")), "traceback": trace}
        return dict(new_output("error", **error))
    if kind == "display_data" and isinstance(output.get("data"), dict):
        data = {"text/plain": text_of(output["data"].get("text/plain"))}
        if picture := _png(output["data"].get("image/png")):
            data["image/png"] = picture
        return dict(new_output("display_data", data=data))
    return None


def _png(data: Any) -> str:
    """A picture as base64 of a freshly written PNG; "" if it is none or too large."""
    try:
        raw = base64.b64decode(data) if isinstance(data, str) else bytes(data or b"")
        picture = Image.open(io.BytesIO(raw), formats=["PNG"])
        if picture.width * picture.height > MAX_PIXELS:
            return ""
        fresh = io.BytesIO()
        picture.convert("RGBA").save(fresh, "PNG", optimize=False)
    except (OSError, ValueError, TypeError, SyntaxError, binascii.Error, Image.DecompressionBombError):
        return ""
    return base64.b64encode(fresh.getvalue()).decode("ascii")
