"""SVG pictures stand in the page itself, so that they follow light and dark mode."""

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from lm.plots import INK, PALETTE
from lm_book import svg

logger = logging.getLogger(__name__)


class InlinePictures(SphinxPostTransform):
    """Replace an image of an SVG file by the picture itself; ask every image for its alternative text."""

    default_priority = 300  # after myst-nb has chosen between the formats of an output
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Go through the images of the page, and through what its widgets show where scripts are off."""
        for number, image in enumerate(list(self.document.findall(nodes.image))):
            if image.get("alt") is None:
                logger.warning("an image without alternative text (`alt`): %s", image["uri"], location=image)
            if image["uri"].endswith(".svg"):
                picture = Path(self.env.srcdir, image["uri"]).read_text(encoding="utf-8")
                element = svg.inline(
                    picture, label=image.get("alt", ""), prefix=f"p{number}-", ink=INK, palette=PALETTE
                )
                html = f'<span class="picture-frame">{element}</span>'
                image.replace_self(nodes.raw("", html, format="html"))
            else:
                image["loading"] = "lazy"
        for raw in self.document.findall(nodes.raw):
            if 'class="lm-widget"' in raw.astext():
                raw.children = [nodes.Text(svg.follow_text_colour(raw.astext(), INK))]


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(InlinePictures)
