"""Regrading: what would change is shown first; a changed lesson can be followed; backups come before writing."""

import datetime
import json
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from graded_class import SEED, grade_class, graded_class
from grading_course import SOLVED, WEEK, write_submission

from autograder.backup import _copy_tables, back_up
from autograder.cli import main
from autograder.gradebook import Book, gradebook_url
from autograder.lesson import Lesson, read_lesson
from autograder.regrade import changes
from autograder.seeds import course_seed
from autograder.standing import standings


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = tmp_path_factory.mktemp("course")
    graded_class(course, "Fine.")
    return course


@pytest.fixture
def course(graded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of its own for each test."""
    shutil.copytree(graded, tmp_path / "course")
    monkeypatch.chdir(tmp_path / "course")
    return tmp_path / "course"


def change_lesson(course: Path, old: str, new: str) -> Lesson:
    path = course / "solutions" / WEEK / "lesson.md"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return read_lesson(path.parent)


def regrade(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["regrade", "--jobs", "1", *arguments])


def totals(course: Path, lesson: Lesson) -> dict[str, float]:
    with Book(gradebook_url(course / "grades")) as book:
        return {student: standing.total for student, standing in standings(book, lesson).items()}


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and "cache" not in path.parts}


def test_nothing_is_written_before_it_is_applied(course: Path) -> None:
    """The exercise on draws, worth 2, is worth 5 from now on; ben has it."""
    lesson = change_lesson(course, ":points: 2\n", ":points: 5\n")
    before, old = files_of(course / "grades"), totals(course, lesson)
    shown = regrade()
    assert shown.exit_code == 0, shown.output
    assert "ben  draw: 2 -> 5  (+3)" in shown.output
    assert "who gains: 4, who loses: 0," in shown.output
    assert "cy" not in shown.output
    assert files_of(course / "grades") == before
    applied = regrade("--apply")
    assert applied.exit_code == 0, applied.output
    assert totals(course, lesson)["ben"] == old["ben"] + 3
    assert totals(course, lesson)["ada"] == old["ada"] + 3 == 18.5, "what was given by hand stays"
    (backup,) = (course / "grades" / "backups").iterdir()
    assert {path.name for path in backup.iterdir()} == {"gradebook.db", "seeds.json"}
    assert json.loads((backup / "seeds.json").read_text()) == {WEEK: SEED}
    with sqlite3.connect(backup / "gradebook.db") as book:
        (score,) = book.execute("select sum(auto_score) from grade").fetchone()
    assert score < sum(totals(course, lesson).values()) - 12
    assert "7 up to date" in regrade().output


def test_who_loses_is_said_and_only_one_student_can_be_asked_for(course: Path) -> None:
    change_lesson(course, ":points: 4\n", ":points: 1\n")
    shown = regrade("--only", "ada")
    assert "ada  average: 4 -> 1  (-3)" in shown.output
    assert "who gains: 0, who loses: 1," in shown.output
    mistyped = regrade("--only", "adda")
    assert (mistyped.exit_code, "adda handed in nothing" in mistyped.output) == (1, True)


def test_a_gradebook_follows_an_exercise_that_is_gone_and_one_that_is_new(course: Path) -> None:
    """The written question is replaced by another; the quiz gets another name. Formgrader's total follows."""
    path = course / "solutions" / WEEK / "lesson.md"
    text = path.read_text().replace('"proof"', '"other"').replace('"quiz": "shift"', '"quiz": "shifted"')
    path.write_text(text)
    lesson = read_lesson(path.parent)
    refused = CliRunner().invoke(main, ["grade"])
    assert refused.exit_code == 1
    assert "autograder regrade week1-sums" in refused.output
    shown = regrade()
    assert "new in the lesson: other, shifted" in shown.output
    assert "gone in the lesson: proof, shift" in shown.output
    assert "ada: 2.5 points for proof" in shown.output
    assert totals(course, lesson)["ada"] == 15.5, "nothing was written"
    applied = regrade("--apply")
    assert applied.exit_code == 0, applied.output
    assert totals(course, lesson)["ada"] == 12.0, "13 without the quiz under its new name"
    with Book(gradebook_url(course / "grades")) as book:
        submitted = book.gradebook.find_submission(WEEK, "ada")
        assert (submitted.score, submitted.max_score) == (12.0, 16.0)
        names = {grade.cell.name for grade in submitted.notebooks[0].grades}
        assert {"other", "test-shifted"} <= names
        assert not {"proof", "test-shift"} & names
    assert CliRunner().invoke(main, ["grade"]).exit_code == 1, "flo's file is still none"
    assert len(list((course / "grades" / "backups").iterdir())) >= 1


def test_one_exercise_is_replayed_for_an_appeal_with_the_secret_inputs(course: Path) -> None:
    before = files_of(course / "grades")
    shown = regrade("--only", "ben", "--exercise", "average")
    assert shown.exit_code == 0, shown.output
    assert "ben, week1-sums, average: 0 of 4 points" in shown.output
    assert "FAILS  averages some numbers\n  call      average([" in shown.output
    assert "  expected  " in shown.output
    assert "  got       " in shown.output
    assert regrade("--only", "ben", "--exercise", "draw").output.count("holds") == 1
    assert files_of(course / "grades") == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["--exercise", "average"],
        ["--only", "ben", "--exercise", "nope"],
        ["--only", "ben", "--exercise", "draw", "--apply"],
    ],
)
def test_a_replay_says_what_it_wants(course: Path, arguments: list[str]) -> None:
    refused = regrade(*arguments)
    assert refused.exit_code == 2
    assert "average, softmax, draw" in refused.output


def test_grading_over_results_makes_a_backup_and_a_first_grading_does_not(course: Path) -> None:
    lesson = read_lesson(course / "solutions" / WEEK)
    assert not (course / "grades" / "backups").exists()
    write_submission(course / "submissions", "new", lesson, SOLVED)
    grade_class(course, lesson)
    assert not (course / "grades" / "backups").exists(), "nobody's grade was changed"
    write_submission(course / "submissions", "cy", lesson, SOLVED)
    grade_class(course, lesson)
    assert len(list((course / "grades" / "backups").iterdir())) == 1


def test_a_new_seed_keeps_a_copy_of_the_old_one(tmp_path: Path) -> None:
    course_seed(tmp_path, WEEK, 5)
    assert not (tmp_path / "backups").exists()
    course_seed(tmp_path, WEEK, 6)
    (copy,) = tmp_path.glob("backups/*/seeds.json")
    assert json.loads(copy.read_text()) == {WEEK: 5}
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_gradebook_of_another_database_is_copied_table_by_table(course: Path, tmp_path: Path) -> None:
    """SQLite stands in here for the other database: the rows go through SQLAlchemy."""
    _copy_tables(gradebook_url(course / "grades"), tmp_path / "copy.db")
    with Book(f"sqlite:///{tmp_path / 'copy.db'}") as book:
        assert book.gradebook.find_submission(WEEK, "ada").score == 15.5
    assert back_up(tmp_path / "empty") is None


def test_two_backups_of_one_second_are_two(tmp_path: Path) -> None:
    (tmp_path / "seeds.json").write_text("{}")
    assert len({back_up(tmp_path) for _ in range(3)}) == 3
    assert str(datetime.datetime.now().year) in str(back_up(tmp_path))


def test_an_exercise_that_is_gone_or_new_is_a_change() -> None:
    old = {"student": "a", "exercises": [{"name": "x", "score": 2.0}, {"name": "y", "score": 1.0}]}
    new = {"student": "a", "exercises": [{"name": "y", "score": 1.0}, {"name": "z", "score": 3.0}]}
    assert [(change.exercise, change.old, change.new) for change in changes(old, new)] == [
        ("z", None, 3.0),
        ("x", 2.0, None),
    ]
