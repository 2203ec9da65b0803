"""Cells that the reader edits and runs, in a real browser."""

import re

import pytest

pytestmark = pytest.mark.browser


def runnable_cells(visit, name: str):
    page = visit(name)
    if not page.locator("#runnable").count():
        pytest.skip("the book was built without Python for the browser (no npm, or no network)")
    return page, page.locator(".cell:has(> .run-tools)")


def end_of_run(cell) -> str:
    """What the cell's status says once its run is over."""
    status = cell.locator(".run-status")
    status.filter(has_text=re.compile("Done|error|Stopped|loaded")).wait_for(timeout=60_000)
    return status.inner_text()


@pytest.mark.parametrize("name", ["week2-backprop", "week3-trigram", "week6-bpe"])
def test_a_reader_edits_and_runs_a_cell(visit, name):
    page, cells = runnable_cells(visit, name)
    cell = next(cell for cell in cells.all() if cell.locator(".cell_output").count())
    assert not any("pyodide" in response.url for response in page.responses)  # not before it is asked for
    cell.get_by_role("button", name="Edit and run").press("Enter")
    editor = cell.get_by_role("textbox")
    editor.press("Control+Enter")
    assert end_of_run(cell) == "Done."
    assert cell.locator(".run-output").inner_text().strip() == cell.locator(".cell_output").inner_text().strip()
    editor.fill("print('a' * 3)\n1 / 0")
    cell.get_by_role("button", name="Run", exact=True).press("Enter")
    assert end_of_run(cell) == "Ended with an error."
    assert cell.locator(".run-output").inner_text().startswith("aaa\nTraceback")
    assert "ZeroDivisionError" in cell.locator(".run-output").inner_text()
    cell.get_by_role("button", name="Back to the page's own").press("Enter")
    assert not editor.is_visible()
    assert cell.locator(".cell_input .highlight").first.is_visible()
    assert page.complaints == []


def test_a_run_that_does_not_end_can_be_stopped(visit):
    page, cells = runnable_cells(visit, "week3-trigram")
    cell = cells.first
    cell.get_by_role("button", name="Edit and run").click()
    cell.get_by_role("textbox").fill("print('on')\nwhile True:\n    pass")
    cell.get_by_role("button", name="Run", exact=True).click()
    cell.locator(".run-output").wait_for(timeout=60_000)
    cell.get_by_role("button", name="Stop").press("Enter")
    assert end_of_run(cell) == "Stopped."
    cell.get_by_role("textbox").fill("1 + 1")
    cell.get_by_role("textbox").press("Control+Enter")
    assert end_of_run(cell) == "Done."
    assert cell.locator(".run-output").inner_text() == "2\n"
    assert page.complaints == []
