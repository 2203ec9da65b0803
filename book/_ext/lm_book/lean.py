"""A page loads what it uses and nothing else.

The theme gives us directives and helpers; its look (Bootstrap, an icon script of 1.5 MB) is replaced by
`assets/site.css`, `assets/site.js` and the templates of this book.
"""

import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

ONLY_WHERE = {
    "katex.min.css": 'class="katex',
    "katex-math.css": 'class="katex',
    "sphinx-design.min.css": 'class="sd-',
    "design-tabs.js": "sd-tab-set",
    "pygments.css": 'class="highlight',
}
"""Files that a page needs only if its text contains the string."""

NEVER = ("_static/scripts/", "_static/styles/", "_static/mystnb.")
FOR_SEARCH = ("_static/documentation_options.js", "_static/doctools.js", "_static/sphinx_highlight.js")
UNUSED_FOLDERS = ("scripts", "styles", "vendor", "images", "locales", "webpack-macros.html", "sbt-webpack-macros.html")


def is_used(filename: str | None, pagename: str, body: str) -> bool:
    """Whether a page needs a file of its list of scripts and style sheets."""
    if filename is None:  # a script within the page: the theme tells its own scripts the page's name
        return False
    if filename.startswith(FOR_SEARCH):
        return pagename == "search"
    mark = ONLY_WHERE.get(filename.rpartition("/")[2])
    return not filename.startswith(NEVER) and (mark is None or mark in body)


def choose_files(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Leave in the page's lists of scripts and style sheets what the page uses."""
    if "body" in context:  # a label that hides "Show the code" from a screen reader
        context["body"] = context["body"].replace('<summary aria-label="Toggle hidden content">', "<summary>")
    for kind in ("script_files", "css_files"):
        files = context[kind]
        files[:] = [file for file in files if is_used(file.filename, pagename, context.get("body", ""))]


def remove_unused(app: Sphinx, exception: Exception | None) -> None:
    """Take the theme's own scripts, styles and fonts out of the built site."""
    for name in UNUSED_FOLDERS if app.builder.format == "html" else ():
        path = Path(app.outdir) / "_static" / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Connect after everybody who adds files to a page."""
    app.add_config_value("comments_config", {}, "")  # of an extension that we leave out; Jupyter Book sets it
    app.connect("html-page-context", choose_files, priority=900)
    app.connect("build-finished", remove_unused, priority=900)
