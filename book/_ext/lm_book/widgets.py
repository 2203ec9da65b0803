"""The sources of the things to play with, for the pages that have some.

A page that is opened from a folder may not load ES modules, so their text travels in a classic script, and
`assets/widget-host.js` imports it from memory.
"""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

import lm.widgets

SCRIPT, STYLES = "widget-sources.js", "widgets.css"


def write_sources(app: Sphinx) -> None:
    """Put the modules of all widgets into one script, and their style sheet beside it."""
    folder = Path(app.doctreedir) / "static"
    folder.mkdir(parents=True, exist_ok=True)
    script = f"window.lmWidgetSources = {json.dumps(lm.widgets.sources(), ensure_ascii=False)};\n"
    (folder / SCRIPT).write_text(script, encoding="utf-8")
    (folder / STYLES).write_text(lm.widgets.styles(), encoding="utf-8")
    app.config.html_static_path.append(str(folder))


def load_on_this_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add the scripts to a page that shows a widget."""
    # Jupyter's own record of the widgets, which repeats their source, is of no use without its manager.
    app.env.nb_metadata.get(pagename, {}).get("js_files", {}).pop("ipywidgets_state", None)
    if 'class="lm-widget"' in context.get("body", ""):
        app.add_css_file(STYLES)
        app.add_js_file(SCRIPT, loading_method="defer")
        app.add_js_file("widget-host.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Connect to the start of a build and to each page, before myst-nb adds its scripts."""
    app.connect("builder-inited", write_sources)
    app.connect("html-page-context", load_on_this_page, priority=400)
