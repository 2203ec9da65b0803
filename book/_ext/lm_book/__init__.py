"""What the book asks of Sphinx beyond its packages, one small module for each thing.

figures        SVG pictures stand in the page itself, so that they follow light and dark mode
maths          KaTeX runs while the book is built; a formula that it cannot read fails the build
widgets        the sources of the things to play with, for the pages that have some
running        cells in plain Python that the reader can edit and run (`pure_cells` says which these are)
glossary       the first use of a term leads to the glossary
notebooks      each chapter offers its exercise notebook
tables         no head of a table without text
bibliography   a list of references that a screen reader can count
lean           a page loads what it uses and nothing else
freshness      cells run again when `lm/` or an installed version has changed
ahead          cells of several pages run at once, before Sphinx reads them
"""

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from lm_book import ahead, bibliography, figures, freshness, glossary, lean, maths, notebooks, running, tables, widgets


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect every module of the extension."""
    for module in (figures, maths, widgets, running, glossary, notebooks, tables, bibliography, lean, freshness, ahead):
        module.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
