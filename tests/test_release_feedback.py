"""The final feedback: machine and hand, graders' comments, and the zips to hand it out."""

import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from graded_class import FORMULA, graded_class, mark_by_hand

from autograder.cli import main
from autograder.final_feedback import keep_moodle_folders, release_week
from autograder.gradebook import Book, gradebook_url
from autograder.lesson import Lesson, read_lesson
from autograder.store import Store

COMMENT = "Fine, but <b>why</b>\n<script>alert(1)</script>"
MOODLE = "Ada Lovelace_4711_assignsubmission_file_"


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = tmp_path_factory.mktemp("course")
    graded_class(course, COMMENT)
    return course


@pytest.fixture
def course(marked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of its own for each test."""
    shutil.copytree(marked, tmp_path / "course")
    monkeypatch.chdir(tmp_path / "course")
    return tmp_path / "course"


def the_lesson(course: Path) -> Lesson:
    return read_lesson(course / "solutions" / "week1-sums")


def released(course: Path, student: str) -> str:
    return (course / "grades" / "released" / student / "week1-sums.html").read_text(encoding="utf-8")


def test_feedback_is_provisional_until_it_is_released(course: Path) -> None:
    assert CliRunner().invoke(main, ["feedback"]).exit_code == 0
    before = (course / "grades" / "feedback" / "ada" / "week1-sums.html").read_text(encoding="utf-8")
    assert "Provisional" in before
    CliRunner().invoke(main, ["release"])
    assert "Provisional" not in released(course, "ada")
    assert "In total <strong>15.5</strong> of 16 points" in released(course, "ada")


def test_a_graders_comment_is_shown_as_text(course: Path) -> None:
    CliRunner().invoke(main, ["release"])
    page = released(course, "ada")
    assert "2.5 of 3 points" in page
    assert "Fine, but &lt;b&gt;why&lt;/b&gt;\n&lt;script&gt;" in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("comment", "shown"),
    [("Why $e^a$?", "<msup><mi>e</mi><mi>a</mi></msup>"), ("$\\frac{$ & more", "$\\frac{$ &amp; more")],
)
def test_formulas_of_graders_are_readable_and_broken_ones_stop_nothing(course: Path, comment: str, shown: str) -> None:
    mark_by_hand(course, the_lesson(course), "ada", 2.5, comment)
    CliRunner().invoke(main, ["release"])
    assert shown in released(course, "ada")


def test_who_waits_for_a_reader_is_left_out_and_named(course: Path) -> None:
    stale = course / "grades" / "released" / "ben" / "week1-sums.html"
    stale.parent.mkdir(parents=True)
    stale.write_text("an earlier release")
    done = CliRunner().invoke(main, ["release"])
    assert done.exit_code == 1
    assert f"not read yet: {FORMULA}, ben, dee, eve" in done.output
    assert not stale.exists()
    pages = zipfile.ZipFile(course / "grades" / "released" / "week1-sums.zip").namelist()
    assert pages == [f"{student}/week1-sums.html" for student in ("ada", "cy", "flo")]


def test_a_zip_of_an_earlier_release_does_not_stay_when_everybody_waits(course: Path) -> None:
    CliRunner().invoke(main, ["release"])
    grades = course / "grades"
    assert (grades / "released" / "week1-sums.zip").exists()
    done = release_week(the_lesson(course), Store(grades).results("week1-sums"), {}, grades, grades / "released")
    assert (done.students, done.zips) == ([], [])
    assert list((grades / "released").glob("*.zip")) == []


def test_unread_answers_can_be_released_as_provisional(course: Path) -> None:
    assert CliRunner().invoke(main, ["release", "--unread-too"]).exit_code == 0
    assert "Provisional" in released(course, "ben")
    assert "Still to be read, up to 3 points" in released(course, "ben")


def test_points_that_a_grader_changed_by_hand_count_and_are_said(course: Path) -> None:
    lesson = the_lesson(course)
    mark_by_hand(course, lesson, "ben", 1.0)
    with Book(gradebook_url(course / "grades")) as book:
        (notebook,) = book.gradebook.find_submission(lesson.name, "ben").notebooks
        grade = next(grade for grade in notebook.grades if grade.cell.name == "test-average")
        grade.manual_score = 1.5
        next(remark for remark in notebook.comments if remark.cell.name == "average").manual_comment = "Half an idea."
        book.session.commit()
    CliRunner().invoke(main, ["release"])
    page = released(course, "ben")
    assert "Your grader set these points by hand." in page
    assert "Half an idea." in page
    assert "In total <strong>10.5</strong> of 16 points" in page  # 8 + 1.5 + 1


def test_the_zip_for_moodle_has_the_folders_of_its_download(course: Path) -> None:
    keep_moodle_folders(course / "grades", "week1-sums", {"ada": MOODLE, "gone": "Gone_1_assignsubmission_file_"})
    done = CliRunner().invoke(main, ["release", "--dest", str(course / "out")])
    assert "week1-sums-moodle.zip" in done.output
    assert "not in week1-sums-moodle.zip, as `collect` saw no folder of theirs: cy, flo" in done.output
    assert zipfile.ZipFile(course / "out" / "week1-sums-moodle.zip").namelist() == [f"{MOODLE}/week1-sums.html"]
