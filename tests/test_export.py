"""Grades out of the gradebook: plain, as Canvas and as Moodle import them, with what lateness costs."""

import csv
import datetime
import io
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from graded_class import FORMULA, grade_class, graded_class, mark_by_hand, write_class
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import PyFileConfigLoader

from autograder.cli import main
from autograder.errors import CourseError
from autograder.export import GradedWeek, export
from autograder.gradebook import Book, gradebook_url
from autograder.lesson import Lesson
from autograder.roster import enter_roster, people_of, read_roster
from autograder.standing import standings

Graded = tuple[Path, Lesson]

OWN = (
    "student,first_name,last_name,email,canvas_id,section\n"
    "ada,Ada,Lovelace,ada@x.org,77,A\nzoe,Zoe,@SUM(1),z@x.org,78,B\n"
)
OF_CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Old (9)\n    Points Possible,,,,,10\n"
    '"Lovelace, Ada",77,s-1,ada,A,3\n'
)
OF_MOODLE = "First name,Last name,ID number,Email address\nAda,Lovelace,ada,ada@x.org\n"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    course = tmp_path_factory.mktemp("course")
    lesson = graded_class(course, "The steps?")
    return course, lesson


def exported(graded: Graded, roster: str, folder: Path, form: str, **options: bool) -> list[dict[str, str]]:
    course, lesson = graded
    (folder / "roster.csv").write_text(roster, encoding="utf-8")
    with Book(gradebook_url(course / "grades")) as book:
        week = GradedWeek(lesson, standings(book, lesson))
        text = export(form, [week], read_roster(folder / "roster.csv"), **options)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_plain_has_a_column_an_exercise_and_the_total_of_machine_and_hand(graded: Graded, tmp_path: Path) -> None:
    rows = {row["student"]: row for row in exported(graded, OWN, tmp_path, "plain")}
    ada = rows["ada"]
    assert (ada["name"], ada["week1-sums total"], ada["week1-sums tests"]) == ("Ada Lovelace", "15.5", "13.0")
    assert (ada["week1-sums softmax"], ada["week1-sums proof"], ada["week1-sums late"]) == ("6.0", "2.5", "0.0")
    assert rows["zoe"]["week1-sums total"] == "", "what was not handed in is empty"
    assert f"'{FORMULA}" in rows


@pytest.mark.parametrize("roster", [OWN, OF_CANVAS])
def test_canvas_gets_its_columns_and_the_points_possible(graded: Graded, tmp_path: Path, roster: str) -> None:
    rows = exported(graded, roster, tmp_path, "canvas")
    assert list(rows[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Week 1: Sums"]
    assert (rows[0]["Student"], rows[0]["Week 1: Sums"]) == ("    Points Possible", "16")
    ada = next(row for row in rows if "Ada" in row["Student"])
    assert (ada["Student"], ada["ID"], ada["Section"], ada["Week 1: Sums"]) == ("Lovelace, Ada", "77", "A", "15.5")


def test_moodle_gets_an_identity_and_comments_if_asked(graded: Graded, tmp_path: Path) -> None:
    rows = exported(graded, OF_MOODLE, tmp_path, "moodle", comments=True, zero=True)
    ada = next(row for row in rows if row["ID number"] == "ada")
    assert ada["Email address"] == "ada@x.org"
    assert (ada["Week 1: Sums"], ada["Week 1: Sums (feedback)"]) == ("15.5", "The steps?")


def test_a_name_that_is_a_formula_stays_a_text(graded: Graded, tmp_path: Path) -> None:
    rows = exported(graded, OWN, tmp_path, "canvas", zero=True)
    zoe = next(row for row in rows if row["ID"] == "78")
    assert zoe["Student"].startswith("'@SUM")
    assert zoe["Week 1: Sums"] == "0.0"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("points,grade\n1,2\n", "expected a header with one of the columns student"),
        ("student\n../x\n", "line 2: '../x' cannot be the name of a folder"),
        ("student\nada\nada\n", "line 3: ada stands there twice"),
        ("", "an empty file"),
        ('student,comment\nada,"two\nlines"\nada,\n', "line 4: ada stands there twice"),
    ],
)
def test_a_roster_that_cannot_be_used_is_refused_with_its_place(tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "r.csv").write_text(text)
    with pytest.raises(CourseError, match=part.replace("(", r"\(")):
        read_roster(tmp_path / "r.csv")


def test_a_cell_of_a_roster_may_go_over_several_lines(tmp_path: Path) -> None:
    text = 'student,comment,email\nada,"well\r\ndone",ada@school\nben,so\u2028so,ben@school\n'
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    people = read_roster(tmp_path / "r.csv")
    assert {name: person.known["email"] for name, person in people.items()} == {
        "ada": "ada@school",
        "ben": "ben@school",
    }


def test_the_roster_gives_the_gradebook_names(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(OF_CANVAS, encoding="utf-8")
    with Book(gradebook_url(tmp_path)) as book:
        enter_roster(book, read_roster(tmp_path / "r.csv"))
        ada = people_of(book)["ada"]
        assert (ada.name, ada.known["canvas_id"]) == ("Ada Lovelace", "77")


def test_export_is_a_verb(graded: Graded, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(graded[0])
    for number, week in enumerate(("week1-sums", "1")):
        arguments = ["--column", f"{week}=First ({number})", "--to", str(tmp_path / "c.csv")]
        done = CliRunner().invoke(main, ["export", "--format", "canvas", *arguments])
        assert done.exit_code == 0, done.output
        assert f"First ({number})" in (tmp_path / "c.csv").read_text()
    assert "points possible: week1-sums 16" in done.output, "what the LMS has to allow"
    assert "4 written answers are not read yet" in done.output
    assert CliRunner().invoke(main, ["export", "--column", "week9=x"]).exit_code == 2


POLICY = """from nbgrader.plugins import LateSubmissionPlugin


class TenPercentADay(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 0.1 * score * (1 + total_seconds_late // 86400)


c = get_config()
c.AssignLatePenalties.plugin_class = TenPercentADay
"""


def test_lateness_costs_what_nbgraders_own_plugin_says_and_hand_grading_counts(tmp_path: Path) -> None:
    """The class handed in at 18:00; the deadline was 12:00, so one day of 10% begins. nbgrader's own step agrees."""
    course = tmp_path / "course"
    lesson = write_class(course)
    grade_class(course, lesson)
    (tmp_path / "config.py").write_text(POLICY)
    url = gradebook_url(course / "grades")
    with Book(url) as book:
        deadline = datetime.datetime(2026, 11, 20, 12)
        book.gradebook.update_or_create_assignment(lesson.name, duedate=deadline)
        book.renew_penalties(lesson)
        assert standings(book, lesson)["ada"].total == 13.0, "as the configuration stands, lateness costs nothing"
    with Book(url, nbgrader_config=tmp_path / "config.py") as book:
        book.renew_penalties(lesson)
        ada = standings(book, lesson)["ada"]
        assert (ada.penalty, ada.total) == (1.3, 11.7)
    mark_by_hand(course, lesson, "ada", 2.0)
    by_nbgrader(lesson, url, tmp_path / "config.py")
    with Book(url, nbgrader_config=tmp_path / "config.py") as book:
        theirs = standings(book, lesson)["ada"].total
        book.renew_penalties(lesson)
        assert standings(book, lesson)["ada"].total == theirs == pytest.approx(0.9 * 15)


def by_nbgrader(lesson: Lesson, url: str, config: Path) -> None:
    """What `nbgrader autograde` does about lateness."""
    step = AssignLatePenalties(config=PyFileConfigLoader(config.name, path=str(config.parent)).load_config())
    notebook = nbformat.v4.new_notebook()
    names = {"notebook": lesson.topic, "assignment": lesson.name, "student": "ada", "db_url": url}
    step.preprocess(notebook, {"nbgrader": names})
