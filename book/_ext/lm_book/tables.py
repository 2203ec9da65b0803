"""A head of a table without text is no head but an empty cell: a screen reader could not announce it."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

EMPTY_HEAD = re.compile(r'<th class="head[^"]*">(?:<p></p>)?</th>')


def without_empty_heads(body: str) -> str:
    """The page's HTML with a cell in the place of each empty head."""
    return EMPTY_HEAD.sub("<td></td>", body)


def empty_heads(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Change the page's body."""
    if "body" in context:
        context["body"] = without_empty_heads(context["body"])


def setup(app: Sphinx) -> None:
    """Connect to each page."""
    app.connect("html-page-context", empty_heads)
