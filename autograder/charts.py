"""Two small charts as inline SVG: no script, no style of their own, colours from the page's style sheet."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from autograder.item_analysis import WEAK, Item

WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM, TOP = 360, 190, 30, 348, 34, 14
BINS = 10

Place = tuple[float, float]


def counts(scores: Sequence[float], maximum: float) -> list[int]:
    """How many scores lie in each tenth of the points; full marks belong to the last.

    >>> counts([0, 9.9, 10, 100], 100)
    [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    """
    found = [0] * BINS
    for score in scores:
        found[min(BINS - 1, max(0, int(BINS * score / maximum)))] += 1
    return found


def histogram(scores: Sequence[float], maximum: float, median: float) -> Markup:
    """Bars for the tenths of the points, and a line at the median."""
    found = counts(scores, maximum)
    most = max([*found, 1])
    step = (RIGHT - LEFT) / BINS
    parts = [_line(LEFT, HEIGHT - BOTTOM, RIGHT, HEIGHT - BOTTOM)]
    for place, number in enumerate(found):
        high = (HEIGHT - BOTTOM - TOP - 12) * number / most
        x, y = LEFT + place * step, HEIGHT - BOTTOM - high
        parts.append(f'<rect class="bar" x="{x + 2:.1f}" y="{y:.1f}" width="{step - 4:.1f}" height="{high:.1f}"/>')
        parts.append(_text(x + step / 2, y - 4, str(number)) if number else "")
    for place in range(0, BINS + 1, 2):
        x = LEFT + place * step
        parts.append(_text(x, HEIGHT - BOTTOM + 15, f"{maximum * place / BINS:.0f}"))
    x = LEFT + (RIGHT - LEFT) * median / maximum
    parts.append(_line(x, TOP - 4, x, HEIGHT - BOTTOM, "median"))
    parts.append(_text(LEFT + (RIGHT - LEFT) / 2, HEIGHT - 4, "points"))
    said = f"Histogram of the points of {len(scores)} submissions; the median is {median:g} of {maximum:g}."
    return _svg(parts, said)


def difficulty_chart(items: Sequence[Item]) -> Markup:
    """Each exercise by its number: easy ones to the right, those that tell students apart at the top."""
    shown = [item for item in items if item.discrimination is not None and item.number]
    bottom = HEIGHT - BOTTOM
    low = min([0.0, *(item.discrimination or 0.0 for item in shown)])

    def height(value: float) -> float:
        return TOP + (bottom - TOP) * (1 - value) / (1 - low)

    parts = [_line(LEFT, bottom, RIGHT, bottom), _line(LEFT, TOP, LEFT, bottom)]
    parts.append(_line(LEFT, height(WEAK), RIGHT, height(WEAK), "limit"))
    for value in (0.0, 0.5, 1.0):
        parts.append(_text(LEFT - 14, height(value) + 4, f"{value:g}"))
        parts.append(_text(LEFT + 8 + (RIGHT - LEFT - 16) * value, bottom + 15, f"{value:.0%}"))
    taken: list[Place] = []
    for item in shown:
        x = LEFT + 8 + (RIGHT - LEFT - 16) * item.share
        y = height(item.discrimination or 0.0)
        parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
        parts.append(_label(x, y, item.number, taken))
    parts.append(_text(LEFT + (RIGHT - LEFT) / 2, HEIGHT - 4, "mean share of the points"))
    return _svg(parts, "Discrimination of each exercise over its difficulty; the table below holds the same numbers.")


def _label(x: float, y: float, text: str, taken: list[Place]) -> str:
    """A text above, below, right or left of a point, where there is room; nothing where there is none."""
    for right, down in ((0, -6), (0, 14), (16, 4), (-16, 4)):
        place = (x + right, y + down)
        if all(abs(place[0] - other[0]) > 22 or abs(place[1] - other[1]) > 10 for other in taken):
            taken.append(place)
            return _text(*place, text)
    return ""


def _svg(parts: list[str], said: str) -> Markup:
    head = f'<svg class="chart" role="img" aria-label="{escape(said)}" viewBox="0 0 {WIDTH} {HEIGHT}">'
    return Markup(head + "".join(parts) + "</svg>")


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, name: str = "axis") -> str:
    return f'<line class="{name}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
