"""The look of the figures."""

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import nbclient
import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure

from lm import plots

PAPER, NIGHT = "#ffffff", "#121212"


@pytest.fixture(autouse=True)
def course_style():
    with mpl.rc_context():
        plots.use_course_style()
        yield


def figure(height: float = 1.0) -> Figure:
    drawing = Figure()
    axes = drawing.subplots()
    axes.loglog([1e-3, 1], [1e-3, height], label=r"error $\epsilon(h)$")
    axes.axhline(0.1, color=plots.MUTED)
    axes.set(xlabel="step h", title="A line")
    axes.legend()
    return drawing


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""

    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", plots.PALETTE)
@pytest.mark.parametrize("background", [PAPER, NIGHT])
def test_a_palette_colour_stands_out_in_light_and_in_dark(name, background):
    assert contrast(plots.PALETTE[name], background) >= 3


def test_ink_is_the_only_colour_besides_the_palette():
    colours = set(re.findall(r"#[0-9a-f]{6}\b", re.sub(r'(href="|url\()#[\w-]+', "", plots.to_svg(figure()))))
    assert colours <= {plots.INK, *(colour.lower() for colour in plots.PALETTE.values())}
    assert plots.INK in colours


def test_the_same_figure_gives_the_same_bytes():
    assert plots.to_svg(figure()) == plots.to_svg(figure())


def test_a_figure_is_one_svg_element():
    assert ElementTree.fromstring(plots.to_svg(figure())).tag == "{http://www.w3.org/2000/svg}svg"


def test_text_stays_text_in_a_font_that_readers_have():
    svg = plots.to_svg(figure())
    assert "step h" in svg
    assert svg.count("font-family") == 1


def test_a_figure_nearly_fills_the_measure_of_a_page_and_can_be_read_on_a_telephone():
    width = re.search(r'width="([\d.]+)pt"', plots.to_svg(figure()))
    assert width is not None
    pixels = float(width[1]) * 96 / 72
    sheet = (Path(__file__).parents[1] / "book" / "assets" / "site.css").read_text()
    zoom = float(re.search(r"figure \.picture \{ zoom: ([\d.]+)", sheet)[1])
    assert 600 <= zoom * pixels <= 688
    assert 355 / pixels >= 0.6


def test_a_notebook_shows_svg_and_no_png():
    code = (
        "from lm import plots\nplots.use_course_style()\n"
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2], label='a')\nax.legend();"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbclient.NotebookClient(notebook, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert set(output.data) == {"image/svg+xml", "text/plain"}
    assert output.data["image/svg+xml"].startswith("<svg ")
    assert output.metadata == {"needs_background": "light"}


def test_coordinates_are_short_and_stay_in_place():
    figure = Figure()
    figure.subplots().plot(np.linspace(0, 1, 50), np.linspace(0, 1, 50) ** 2)
    svg = plots.to_svg(figure)
    assert not re.search(r' d="[^"]*\.\d{3}', svg)
    figure.savefig(exact := io.StringIO(), format="svg", bbox_inches="tight", metadata={"Date": None})
    lines = [re.findall(r'<path d="(M [^"]*)"[^>]*style="fill: none', text) for text in (svg, exact.getvalue())]
    ours, theirs = (
        np.array([float(number) for path in paths for number in re.findall(r"-?[\d.]+", path)]) for paths in lines
    )
    assert len(ours) > 50
    assert np.abs(ours - theirs).max() <= 0.0051
