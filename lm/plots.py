"""The look of every figure of the course: `plots.use_course_style()` once at the top of a page or notebook.

Figures are SVG on a transparent background. Text, axes and ticks are drawn in the one colour `INK`, the grid
and secondary lines in the same colour with transparency. The site turns `INK` into `currentColor`, so that a
figure follows light and dark mode; JupyterLab, which shows an SVG as an image, puts a light background behind
it.
"""

import io
import re
from typing import Final

import matplotlib as mpl
from cycler import cycler
from IPython.core.getipython import get_ipython
from matplotlib.figure import Figure

INK: Final = "#0a0b0c"
"""Colour of text, axes and ticks, and of nothing else: the site replaces it by `currentColor`."""
MUTED: Final = INK + "99"
"""For reference lines and side remarks: ink at 60 %."""
GRID: Final = INK + "26"
"""For grid lines: ink at 15 %."""

PALETTE: Final[dict[str, str]] = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "purple": "#C4709F",
    "sky": "#2E95D3",
    "orange": "#B97D00",
    # roles, so that one thing has one colour throughout
    "curve": "#0072B2",
    "estimate": "#D55E00",
    "truth": "#009E73",
}
"""Okabe and Ito's colours, told apart by colour-blind readers; purple, sky and orange are a little darker
than theirs, so that each stands out by 3 : 1 on white and on #121212. Yellow cannot, so it is left out."""

WIDTH: Final = 5.6
"""Inches of a figure as wide as the text, for `figsize=(plots.WIDTH, ...)`. Wide enough for a page of 688 pixels,
and so narrow that its letters can be read when a telephone shows the whole figure on 355."""

# Matplotlib brings DejaVu Sans along, so text is measured alike on every machine; Verdana has nearly its
# widths and is there on the systems that lack DejaVu.
FONT_FAMILY: Final = "'DejaVu Sans', Verdana, sans-serif"

STYLE: Final[dict[str, object]] = {
    "figure.figsize": (WIDTH, 4.0),
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "none",
    "savefig.transparent": True,
    "svg.fonttype": "none",
    "svg.hashsalt": "course",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "mathtext.fontset": "dejavusans",
    "font.size": 10.5,
    "axes.titlesize": 11.5,
    "axes.titlelocation": "left",
    "axes.facecolor": "none",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(
        color=[PALETTE[name] for name in ("blue", "vermillion", "green", "purple", "sky", "orange")]
    ),
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 3.0,
    "ytick.major.size": 3.0,
    "lines.linewidth": 2.0,
    "lines.markersize": 5.0,
    "legend.frameon": False,
}


def use_course_style() -> None:
    """Set Matplotlib's defaults, and in IPython show figures as SVG."""
    mpl.rcParams.update(STYLE)
    shell = get_ipython()
    if shell is None:
        return
    from matplotlib_inline.backend_inline import set_matplotlib_formats  # wants a running IPython

    set_matplotlib_formats("svg")
    shell.display_formatter.formatters["image/svg+xml"].for_type(Figure, to_svg)


COORDINATES: Final = re.compile(r' (?:d|x|y|points)="[^"]*"')
LONG_NUMBER: Final = re.compile(r"-?\d+\.\d{3,}")


def _shorter(number: re.Match[str]) -> str:
    """A coordinate to a hundredth of a point, a third of its digits: nobody sees the difference."""
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def to_svg(figure: Figure) -> str:
    """The figure as an `<svg>` element; the same figure gives the same text, without a date or random ids."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'(; )?font-family: [^";]*', "", svg)  # one family for all, so say it once
    svg = COORDINATES.sub(lambda found: LONG_NUMBER.sub(_shorter, found[0]), svg)
    return svg.replace("<svg ", f'<svg font-family="{FONT_FAMILY}" stroke-linejoin="round" ', 1)
