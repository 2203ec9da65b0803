"""The course's own Markdown, with $formulas$, as HTML for pages without scripts: formulas become MathML."""

from functools import cache

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from mdit_py_plugins.dollarmath import dollarmath_plugin

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}, renderer_cls=RendererHTML)
_markdown.use(dollarmath_plugin, renderer=lambda formula, options: convert(formula, display=_display(options)))


def _display(options: dict[str, object]) -> str:
    return "block" if options.get("display_mode") else "inline"


@cache
def as_html(text: str) -> str:
    """One paragraph of Markdown as inline HTML; raw HTML in it is escaped."""
    return str(_markdown.renderInline(text))
