"""A list of references that a screen reader can count.

Docutils marks the list as `list` and its entries as `doc-biblioentry`, but a list may hold only list items.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


def visit_citation(writer: Any, node: nodes.citation) -> None:
    """Open an entry, and the list before its first."""
    if not isinstance(node.previous_sibling(), nodes.citation):
        writer.body.append('<div role="list" class="references">\n')
    writer.body.append(writer.starttag(node, "div", role="listitem", CLASS="reference-entry"))


def depart_citation(writer: Any, node: nodes.citation) -> None:
    """Close an entry, and the list after its last."""
    writer.body.append("</div>\n")
    if not isinstance(node.next_node(descend=False, siblings=True), nodes.citation):
        writer.body.append("</div>\n")


def setup(app: Sphinx) -> None:
    """Take the place of Docutils' handlers."""
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
