"""The JavaScript of a widget, run by node without a page."""

import json
import subprocess

import pytest

from lm.widgets.base import CourseWidget, node

needs_node = pytest.mark.skipif(node() is None, reason="runs the widgets' JavaScript with node, which is not installed")

# JSON has no infinity and no NaN; Python's float() reads these words
REPLY = "(_, v) => typeof v === 'number' && !Number.isFinite(v) ? String(v).replace('Infinity', 'inf') : v"


def javascript(widget: type[CourseWidget], expression: str):
    """The value of an expression that may use everything the widget's module defines."""
    module = f"{widget.esm_source()}\nconsole.log(JSON.stringify({expression}, {REPLY}));"
    command = [node(), "--input-type=module"]
    done = subprocess.run(command, input=module, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def sentence_of(widget: CourseWidget) -> str:
    """What the widget says about what is seen."""
    whole = "typeof complete === 'function' ? complete(state) : state"
    return javascript(type(widget), f"((state) => describe({whole}))({json.dumps(widget.state())})")
