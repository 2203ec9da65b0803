"""The class report: its numbers, and that nothing in it runs."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from graded_class import FORMULA, SCRIPT, graded_class, rows_of

from autograder.charts import counts, difficulty_chart, histogram
from autograder.cli import main
from autograder.gradebook import Book, gradebook_url
from autograder.item_analysis import discrimination, items, mistakes
from autograder.lesson import Lesson
from autograder.report import csv_files, report_page, week_report, write_report
from autograder.spreadsheet import as_csv
from autograder.standing import standings

Graded = tuple[Path, Lesson, dict[str, Any]]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    course = tmp_path_factory.mktemp("course")
    lesson = graded_class(course, "The steps?")
    with Book(gradebook_url(course / "grades")) as book:
        return course, lesson, week_report(lesson, rows_of(course, lesson), standings(book, lesson))


def table(week: dict[str, Any], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_files(week)[name])))


def test_difficulty_is_the_mean_share_and_discrimination_leaves_the_item_out() -> None:
    """Four exercises of one point: the item goes with the rest in all but one student."""

    def row(student: str, first: int, others: int) -> dict[str, Any]:
        def exercise(name: str, score: int, maximum: int) -> dict[str, Any]:
            behaviours = [{"name": "works", "passed": score == maximum}]
            state = "passed" if score == maximum else "failed"
            known = {"name": name, "number": "1.1", "title": name, "score": score, "max_score": maximum}
            return known | {"status": state, "misconception": None, "sentence": "", "behaviours": behaviours}

        parts = [exercise("first", first, 1), exercise("others", others, 3)]
        return {"student": student, "status": "graded", "score": first + others, "exercises": parts}

    rows = [row("a", 1, 3), row("b", 1, 2), row("c", 0, 1), row("d", 0, 0), row("e", 1, 0)]
    first = items([*rows, row("lost", 0, 0) | {"status": "rejected"}])[0]
    assert (first.students, first.share, first.solved) == (5, pytest.approx(0.6), 3)
    # by hand: deviations (.4 .4 -.6 -.6 .4) and (1.8 .8 -.2 -1.2 -1.2): 1.4 / sqrt(1.2 * 6.8)
    assert first.discrimination == pytest.approx(1.4 / (1.2 * 6.8) ** 0.5, abs=1e-3)
    assert first.behaviours[0].discrimination == first.discrimination


def test_no_discrimination_is_claimed_for_few_students_or_where_all_are_alike() -> None:
    assert discrimination([0, 1, 0, 1], [1, 2, 3, 4]) is None
    assert discrimination([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]) is None


def test_misconceptions_are_ranked_with_the_sentence_that_students_read(graded: Graded) -> None:
    course, lesson, _ = graded
    found = mistakes(rows_of(course, lesson))
    assert (found[0].name, found[0].students) == ("one_too_few", ["ben", "eve"])
    assert found[0].sentence == "You seem to divide by one number too few."
    assert {mistake.name for mistake in found} == {"one_too_few", "shift_A"}


def test_the_tables_hold_the_scores_of_the_gradebook(graded: Graded) -> None:
    students = {row["student"]: row for row in table(graded[2], "students")}
    assert (students["ada"]["total"], students["ada"]["tests"], students["ada"]["by hand"]) == ("15.5", "13.0", "2.5")
    assert (students["ada"]["proof"], students["ada"]["still to read"]) == ("2.5", "")
    assert (students["ben"]["total"], students["ben"]["still to read"]) == ("8.0", "proof")
    assert (students["flo"]["status"], students["flo"]["total"]) == ("rejected", "0.0")
    average = next(row for row in table(graded[2], "exercises") if row["name"] == "average")
    assert (average["students"], average["solved"], average["not attempted"]) == ("6", "3", "1")


def test_names_that_are_formulas_stay_texts_in_spreadsheets(graded: Graded) -> None:
    assert f"'{FORMULA}" in [row["student"] for row in table(graded[2], "students")]
    assert as_csv(["a"], [["@x"], [-1.0], [None], ["x-1"]]).split() == ["a", "'@x", "-1.0", '""', "x-1"]


def test_the_page_names_what_needs_eyes_and_what_waits_for_a_reader(graded: Graded) -> None:
    course, _, week = graded
    page = report_page([week], course / "grades")
    assert [row["student"] for row in week["eyes"]] == ["flo"]
    assert "the file is no Jupyter notebook" in page
    assert {student["name"] for student in week["pending"]} == {"ben", "dee", "eve", FORMULA}
    assert "Sandbox" in page
    assert "point-biserial" in page


@pytest.mark.browser
def test_the_page_is_inert_and_fits_a_phone(graded: Graded, chromium: Any, tmp_path: Path) -> None:
    week = graded[2]
    evil = dict(week["students"][0], name=SCRIPT, notes=[SCRIPT])
    row = dict(week["eyes"][0], student=SCRIPT, notes=[f"<img src=x onerror={SCRIPT}>"])
    path = write_report([week | {"students": [evil, *week["students"]], "eyes": [row]}], tmp_path)
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(path.as_uri())
    assert page.title() == "Report on the class"
    assert page.evaluate("document.scripts.length + document.images.length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_role("table").count() == 2
    assert page.evaluate("getComputedStyle(document.querySelector('.matrix td.full')).backgroundColor") != (
        "rgba(0, 0, 0, 0)"
    ), "the style sheet does not match its hash"
    assert messages == []
    page.close()


def test_charts_count_and_escape() -> None:
    assert counts([0, 9.9, 10, 100], 100) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert 'aria-label="Histogram of the points of 2 submissions; the median is 3 of 4."' in histogram([2, 4], 4, 3)
    assert "<circle" not in difficulty_chart([])


def test_report_is_a_verb_and_says_what_to_do_without_results(
    graded: Graded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = graded[0]
    monkeypatch.chdir(course)
    done = CliRunner().invoke(main, ["report"])
    assert done.exit_code == 0, done.output
    assert (course / "grades" / "report" / "index.html").is_file()
    assert (course / "grades" / "report" / "week1-sums-behaviours.csv").is_file()
    empty = CliRunner().invoke(main, ["report", "--grades", str(tmp_path)])
    assert empty.exit_code == 1
    assert "run `autograder grade` first" in empty.output


def test_a_gradebook_that_knows_nothing_of_the_week_is_said(
    graded: Graded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(graded[0])
    refused = CliRunner().invoke(main, ["report", "--gradebook", f"sqlite:///{tmp_path / 'other.db'}"])
    assert refused.exit_code == 1
    assert "holds nothing of week1-sums" in refused.output
