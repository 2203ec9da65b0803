"""What cells showed, made harmless: text stays text, a picture stays a picture, and everything else goes."""

import base64
import io
import struct
import zlib

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image

from autograder.outputs import MAX_LINE, MAX_PICTURES, MAX_TEXT, harmless


def png(width=2, height=3, **more):
    file = io.BytesIO()
    Image.new("RGB", (width, height), (255, 0, 0)).save(file, "PNG", **more)
    return file.getvalue()


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def display(**data):
    return {"output_type": "display_data", "data": {key.replace("_", "/"): value for key, value in data.items()}}


def picture_in(output):
    return Image.open(io.BytesIO(base64.b64decode(output["data"]["image/png"])))


def test_printed_text_errors_and_values_stay():
    error = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["line 1", "line 2"]}
    assert harmless([stream(["a", "b\n"]), stream("c", "stderr"), error, display(text_plain="3")]) == [
        {"output_type": "stream", "name": "stdout", "text": "ab\n"},
        {"output_type": "stream", "name": "stderr", "text": "c"},
        error,
        {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "3"}},
    ]


def test_html_svg_and_scripts_are_left_out_and_the_text_beside_them_stays():
    shown = display(text_plain="<b>", text_html="<script>", image_svgxml="<svg/>", application_javascript="alert(1)")
    assert harmless([shown])[0]["data"] == {"text/plain": "<b>"}


def test_terminal_colours_and_control_characters_are_taken_out_of_text():
    assert harmless([stream("\x1b[31mred\x1b[0m\x00\x07\tend\r\n\ud800")])[0]["text"] == "red\tend\n?"


@pytest.mark.parametrize("data", [png(), base64.b64encode(png()).decode()], ids=["bytes", "base64"])
def test_a_picture_is_written_afresh_without_anything_hidden_in_it(data):
    (output,) = harmless([display(image_png=data)])
    assert picture_in(output).size == (2, 3)
    info = display(image_png=png() + b"<script>appended</script>")
    again = base64.b64decode(harmless([info])[0]["data"]["image/png"])
    assert b"script" not in again


def bomb(width, height):
    """A small file that claims to be a large picture."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


NO_PICTURES = {
    "a number, which bytes() would turn into that many zeros": 10**15,
    "a list": [1, 2],
    "text that is no base64": "<svg>",
    "a JPEG": b"\xff\xd8\xff\xe0",
    "half a picture": png()[:40],
    "a picture of a million by a million": bomb(10**6, 10**6),
    "a picture of more than four million points": png(2001, 2000),
    "nothing": b"",
}


@pytest.mark.parametrize("data", NO_PICTURES.values(), ids=NO_PICTURES.keys())
def test_what_is_no_picture_of_reasonable_size_is_left_out(data):
    assert harmless([display(text_plain="plot", image_png=data)])[0]["data"] == {"text/plain": "plot"}


def test_a_cell_shows_no_more_pictures_and_text_than_is_allowed():
    shown = harmless([display(image_png=png())] * (MAX_PICTURES + 3))
    assert sum("image/png" in output["data"] for output in shown) == MAX_PICTURES
    error = {"output_type": "error", "ename": "E" * 10**6, "evalue": "e" * 10**6, "traceback": ["t" * 10**6] * 100}
    shown = harmless([error, *[stream("x" * MAX_TEXT)] * 20])
    assert len(shown[0]["evalue"]) == len(shown[0]["traceback"][0]) == MAX_LINE
    assert sum(len(output.get("text", "")) for output in shown) <= MAX_TEXT


anything = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["text", "name", "data", "ename", "traceback", "image/png", "text/plain"]), inner
        )
    ),
)


kinds = st.sampled_from(["stream", "error", "display_data", "execute_result"])
parts = st.dictionaries(st.sampled_from(["text", "name", "data", "traceback"]), anything)
output = st.builds(lambda kind, more: {"output_type": kind, **more}, kinds, parts)


@settings(max_examples=150, deadline=None, database=None)
@given(st.lists(output | anything, max_size=4) | anything)
def test_whatever_a_process_sends_becomes_outputs_of_a_valid_notebook(outputs):
    cell = new_code_cell("", outputs=[nbformat.from_dict(output) for output in harmless(outputs)], id="a")
    nbformat.validate(new_notebook(cells=[cell]))
