"""Heads of tables that a screen reader can announce.

A head without text is no head but an empty cell, and a formula alone is announced by its source.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

HEAD = re.compile(r'<th class="head([^"]*)">(?:<p>)?(.*?)(?:</p>)?</th>', re.DOTALL)
SOURCE = re.compile(r'<annotation encoding="application/x-tex">(.*?)</annotation>', re.DOTALL)
FORMULA = re.compile(r'<span class="math.*?</math></span>.*', re.DOTALL)


def announced(body: str) -> str:
    """The page's HTML with such heads."""
    return HEAD.sub(_announced, body)


def _announced(head: re.Match[str]) -> str:
    content = head[2].strip()
    if not content:
        return "<td></td>"
    source = SOURCE.search(content)
    if source and FORMULA.fullmatch(content):
        return head[0].replace("<th ", f'<th aria-label="{source[1].replace(chr(34), "&quot;")}" ', 1)
    return head[0]


def announce_heads(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Change the page's body."""
    if "body" in context:
        context["body"] = announced(context["body"])


def setup(app: Sphinx) -> None:
    """Connect to each page."""
    app.connect("html-page-context", announce_heads)
