"""The sources of the things to play with, for the pages that have some.

A page that is opened from a folder may not load ES modules, so their text travels in classic scripts, one for each
part that widgets share and one for each widget, and `assets/widget-host.js` imports it from memory. A page loads the
parts of its own widgets and no others. Long data of a widget, such as the weights of a model, goes into a script
named by its content, so that two widgets of one model load it once.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

import lm.widgets
from lm.widgets.base import source

STYLES = "widgets.css"
WIDGET = re.compile(r'class="lm-widget" data-widget="(\w+)"')
LONG_DATA = re.compile(r"&quot;([A-Za-z0-9+/]{4000,}={0,2})&quot;")
"""A text of base64 in the state of a widget, which stands in an attribute."""


def script_of(part: str) -> str:
    """The file, below `_static`, that brings this part."""
    return f"widgets/{part}.js"


def write_sources(app: Sphinx) -> None:
    """Put each part of the widgets into a script of its own, and their style sheet beside them."""
    folder = Path(app.doctreedir) / "static"
    (folder / "widgets").mkdir(parents=True, exist_ok=True)
    for widget in lm.widgets.widgets():
        for part, needs in [*((part, ()) for part in widget.parts), (widget.name, widget.parts)]:
            content = json.dumps({"needs": needs, "source": source(part)}, ensure_ascii=False)
            script = f'(window.lmWidgetParts ??= {{}})["{part}"] = {content};\n'
            (folder / script_of(part)).write_text(script, encoding="utf-8")
    (folder / STYLES).write_text(lm.widgets.styles(), encoding="utf-8")
    app.config.html_static_path.append(str(folder))


def scripts_of_page(body: str) -> list[str]:
    """The scripts that the widgets of a page need, each once; none for a page without widgets."""
    shown = set(WIDGET.findall(body))
    used = [widget for widget in lm.widgets.widgets() if widget.name in shown]
    return [script_of(part) for part in dict.fromkeys(part for widget in used for part in (*widget.parts, widget.name))]


def move_long_data(body: str, folder: Path) -> tuple[str, list[str]]:
    """The page with long data replaced by `{"$data": name}`, and the scripts, written below `folder`, that bring it."""
    scripts: dict[str, None] = {}

    def move(match: re.Match[str]) -> str:
        name = hashlib.sha256(match[1].encode()).hexdigest()[:12]
        script = f"widgets/data-{name}.js"
        if script not in scripts:
            (folder / "widgets").mkdir(parents=True, exist_ok=True)
            content = f'(window.lmWidgetData ??= {{}})["{name}"] = "{match[1]}";\n'
            (folder / script).write_text(content, encoding="utf-8")
            scripts[script] = None
        return f"{{&quot;$data&quot;: &quot;{name}&quot;}}"

    return LONG_DATA.sub(move, body), list(scripts)


def load_on_this_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add the scripts to a page that shows a widget."""
    # Jupyter's own record of the widgets, which repeats their source, is of no use without its manager.
    app.env.nb_metadata.get(pagename, {}).get("js_files", {}).pop("ipywidgets_state", None)
    scripts = scripts_of_page(context.get("body", ""))
    if scripts:
        context["body"], data = move_long_data(context["body"], Path(app.outdir) / "_static")
        app.add_css_file(STYLES)
        for script in [*scripts, *data, "widget-host.js"]:
            app.add_js_file(script, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Connect to the start of a build and to each page, before myst-nb adds its scripts."""
    app.connect("builder-inited", write_sources)
    app.connect("html-page-context", load_on_this_page, priority=400)
