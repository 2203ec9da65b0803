"""Widgets on a page without a kernel: which scripts it loads, and that it starts from a folder with them."""

import importlib
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

import lm.widgets
from lm.widgets import AttentionExplorer, Bigrams, NextToken, Secant

ROOT = Path(__file__).parents[1]
pytest.importorskip("sphinx")
on_page = importlib.import_module("lm_book.widgets")


def test_a_page_loads_the_parts_of_its_own_widgets_once():
    body = Secant().static_html() + Bigrams().static_html() + Secant(x=0.0).static_html()
    assert on_page.scripts_of_page(body) == [f"widgets/{part}.js" for part in ("shared", "secant", "random", "bigrams")]
    assert on_page.scripts_of_page("<p>no widget</p>") == []


def test_two_widgets_of_one_model_load_its_weights_once(tmp_path):
    body = AttentionExplorer().static_html() + NextToken().static_html()
    moved, scripts = on_page.move_long_data(body, tmp_path)
    assert len(scripts) == 1
    name = scripts[0].removeprefix("widgets/data-").removesuffix(".js")
    assert moved.count(f"{{&quot;$data&quot;: &quot;{name}&quot;}}") == 2
    weights = NextToken().state()["weights"]["data"]
    assert weights not in moved
    assert (tmp_path / scripts[0]).read_text() == f'(window.lmWidgetData ??= {{}})["{name}"] = "{weights}";\n'
    assert on_page.move_long_data("<p>short &quot;abc&quot;</p>", tmp_path) == ("<p>short &quot;abc&quot;</p>", [])


@pytest.mark.browser
def test_every_widget_starts_on_a_page_in_a_folder(chromium, tmp_path):
    app = SimpleNamespace(doctreedir=tmp_path, config=SimpleNamespace(html_static_path=[]))
    on_page.write_sources(app)
    folder = tmp_path / "static"
    assert app.config.html_static_path == [str(folder)]
    shutil.copy(ROOT / "book" / "assets" / "widget-host.js", folder)
    body = "".join(widget().static_html() for widget in lm.widgets.widgets())
    scripts = on_page.scripts_of_page(body)
    body, data = on_page.move_long_data(body, folder)
    tags = "".join(f'<script defer src="{script}"></script>' for script in [*scripts, *data, "widget-host.js"])
    page_file = folder / "page.html"
    page_file.write_text(f'<!doctype html><meta charset="utf-8"><title>t</title>{tags}<body>{body}', encoding="utf-8")
    page = chromium.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(page_file.as_uri())
    page.wait_for_function("document.querySelectorAll('.lm-widget:not([data-started])').length === 0", timeout=20_000)
    sentences = page.locator(".lm-sentence")
    page.wait_for_function("[...document.querySelectorAll('.lm-sentence')].every((one) => one.textContent)")
    assert sentences.count() == len(lm.widgets.widgets())
    assert complaints == []
    page.close()
