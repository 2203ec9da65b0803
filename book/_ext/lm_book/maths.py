"""KaTeX runs while the book is built; a formula that it cannot read fails the build.

A line does not end between a formula and the comma behind it, or the bracket before it.

The handlers and KaTeX itself come from sphinxcontrib-katex. Its way of running KaTeX is replaced: the server that
it starts can refuse the first connection on a busy machine, and then outlives the build. Ours reads formulas from
its standard input, and ends with it.
"""

import json
import re
import subprocess
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinxcontrib import katex

from lm.widgets.base import node

logger = logging.getLogger(__name__)

KATEX = Path(katex.__file__).with_name("katex.min.js")
RENDERER = """
const katex = require(process.argv[1]);
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { latex, displayMode } = JSON.parse(line);
  let answer;
  try { answer = { html: katex.renderToString(latex, { displayMode, throwOnError: true }) }; }
  catch (error) { answer = { error: error.message }; }
  console.log(JSON.stringify(answer));
});
"""


@cache
def renderer() -> "subprocess.Popen[str]":
    """The process that renders, started once."""
    program = node()
    if program is None:
        raise ExtensionError("KaTeX runs in node, which is not installed (pip install -e '.[book]')")
    command = [program, "-e", RENDERER, str(KATEX)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")


@cache
def _render(latex: str, display: bool) -> str:
    process = renderer()
    print(json.dumps({"latex": latex, "displayMode": display}), file=process.stdin, flush=True)
    answer = json.loads(process.stdout.readline() or '{"error": "node has stopped"}')
    if "html" in answer:
        return str(answer["html"]).replace('</span><span class="base">', '</span><wbr><span class="base">')
    logger.warning("KaTeX cannot read the formula %r: %s", latex, answer["error"], type="katex")
    return f"<code>{escape(latex)}</code>"


def render(latex: str, options: dict[str, bool] | None = None) -> str:
    """HTML and MathML of a formula."""
    return _render(latex, (options or {}).get("displayMode", False))


OPENING = re.compile(r"[(\[“]*$")
CLOSING = re.compile(r"[,.;:!?)\]’”]*")


def keep_with_punctuation(formula: nodes.math) -> None:
    """Put a formula and what clings to it into one `nobreak`, which breaks only at a `wbr` of the formula."""
    parent, place = formula.parent, formula.parent.index(formula)
    before = parent[place - 1] if place else None
    behind = parent[place + 1] if place + 1 < len(parent) else None
    opening = OPENING.search(before)[0] if isinstance(before, nodes.Text) else ""
    closing = CLOSING.match(behind)[0] if isinstance(behind, nodes.Text) else ""
    if not opening + closing:
        return
    together = nodes.inline("", "", nodes.Text(opening), formula.deepcopy(), nodes.Text(closing), classes=["nobreak"])
    parent[place] = together
    if closing:
        parent[place + 1] = nodes.Text(behind[len(closing) :])
    if opening:
        parent[place - 1] = nodes.Text(before[: -len(opening)])


class KeepPunctuation(SphinxPostTransform):
    """Treat every formula within a line."""

    default_priority = 400
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Go through the formulas of the page."""
        for formula in list(self.document.findall(nodes.math)):
            keep_with_punctuation(formula)


def stop(app: Sphinx, exception: Exception | None) -> None:
    """End the process with the build."""
    if renderer.cache_info().currsize:
        renderer().communicate()
        renderer.cache_clear()
    _render.cache_clear()


def setup(app: Sphinx) -> None:
    """Take the place of the package's renderer."""
    katex.render_latex = render
    app.add_post_transform(KeepPunctuation)
    app.connect("build-finished", stop)
