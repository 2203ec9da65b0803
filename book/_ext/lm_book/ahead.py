"""Cells run ahead of Sphinx, several pages at once.

Sphinx reads one page after the other, and myst-nb runs the cells of a page when it is read. Here the pages that are not
in myst-nb's cache run first, one for each core; Sphinx then finds them there. A page that fails is left to
Sphinx, which runs it again and reports it.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jupyter_cache import get_cache
from myst_nb.core.execute import ExecutionError, create_client
from myst_nb.core.read import create_nb_reader
from myst_nb.sphinx_ import SphinxEnvType
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)
AT_ONCE = min(os.cpu_count() or 1, 4)  # a page that trains a model wants a core and half a gigabyte


class PageLog:
    """Says of which page a message is, and leaves warnings to Sphinx's own run."""

    def __init__(self, page: str) -> None:
        self.page = page

    def info(self, message: str, **kwargs: object) -> None:
        """A message of myst-nb."""
        logger.info("%s: %s", self.page, message)

    def warning(self, message: str, **kwargs: object) -> None:
        """Nothing here."""


def run_cells(page: str, env: SphinxEnvType) -> None:
    """Fill the cache with what the cells of a page give; a page without cells is passed over."""
    path = env.doc2path(page)
    content = Path(path).read_text(encoding="utf-8")
    reader = create_nb_reader(path, env.myst_config, env.mystnb_config, content)
    if reader is None:
        return
    try:
        with create_client(reader.read(content), path, env.mystnb_config, PageLog(page), reader.read_fmt):
            pass
    except ExecutionError:
        pass


def run_ahead(app: Sphinx, env: SphinxEnvType, docnames: list[str]) -> None:
    """Run the pages that Sphinx is about to read; the last weeks first, since they take longest."""
    if not docnames:
        return
    get_cache(env.mystnb_config.execution_cache_path).db  # noqa: B018  makes the file before several want to
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda page: run_cells(page, env), sorted(docnames, reverse=True)))


def setup(app: Sphinx) -> None:
    """Connect when it is known which pages will be read."""
    app.connect("env-before-read-docs", run_ahead)
