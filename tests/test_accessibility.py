"""Every page of the book by the rules of axe."""

import pytest
from browser import PAGES, lay_out_everything, wait_for_widgets

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("scheme", "width", "rules"),
    [("light", 390, {}), ("light", 1280, {}), ("dark", 1280, {"runOnly": ["color-contrast"]})],
    ids=["narrow", "wide", "dark"],
)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_keeps_anybody_from_using_a_page(visit, name, scheme, width, rules):
    """The rules of axe: names for controls, contrast, structure."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(name, viewport={"width": width, "height": 900}, color_scheme=scheme)
    wait_for_widgets(page)
    lay_out_everything(page)
    found = axe.run(page, options=rules).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["target"], len(rule["nodes"])) for rule in found] == []
