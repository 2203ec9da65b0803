"""Grading a folder of submissions, as messy as folders are: `autograder grade` in a process of its own, and Batch."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from grading_course import TOPIC, WEEK, Class, make_course

from autograder import grading, late
from autograder.grading import Grader
from autograder.result import Result


@pytest.fixture
def group(tmp_path: Path) -> Class:
    return Class(tmp_path)


def test_a_class_is_graded_from_the_command_line(group: Class) -> None:
    """The fields of --results are those that the documentation promises."""
    group.hands_in("ada")
    group.hands_in("ben", {"average": "def average(values):\n    return sum(values) / len(values)", "shift": "?"})
    run = group.autograder("grade", "--results", "out/results.json", "--seed", "5")
    assert (run.exit_code, run.stderr) == (0, "")
    ada, ben = json.loads((group.root / "out" / "results.json").read_text(encoding="utf-8"))
    assert {"student", "week", "status", "notes", "score", "max_score", "manual_score", "manual_max"} <= set(ada)
    assert {"manual_pending", "seed", "seconds", "exercises"} <= set(ada)
    assert (ada["student"], ada["week"], ada["status"], ada["notes"]) == ("ada", WEEK, "graded", [])
    assert (ada["score"], ada["max_score"], ada["manual_score"], ada["manual_max"]) == (13.0, 13, None, 3)
    assert (ada["manual_pending"], ada["seed"]) == (True, 5)
    average = ben["exercises"][0]
    assert {"name", "score", "max_score", "misconception", "behaviours"} <= set(average)
    assert (average["name"], average["score"], average["misconception"]) == ("average", 2.0, None)
    assert [(b["name"], b["passed"]) for b in average["behaviours"]] == [
        ("averages some numbers", True),
        ("averages numbers far from zero", True),
        ("refuses an empty list with a ValueError", False),
    ]
    assert all(isinstance(behaviour["message"], str) for behaviour in average["behaviours"])
    assert "cells" not in ada
    assert "ben" in run.stdout


def test_a_broken_submission_is_rejected_and_the_others_are_graded(group: Class) -> None:
    group.hands_in("ada")
    group.hands_in("zoe")
    for student, content in {
        "b-empty": b"",
        "c-text": b"print('hello')",
        "d-list": b"[1, 2]",
        "e-cells": b'{"cells": 7, "nbformat": 4}',
        "f-deep": b"[" * 100_000,
        "g-binary": bytes(range(256)) * 10,
        "h-numbers": b'{"cells": [1, null, {"cell_type": "code", "source": 7}], "nbformat": 4}',
        "i-lists": b'{"cells": [{"cell_type": "code", "id": [1], "source": "average = 1"}], "nbformat": 4}',
        "j-names": b'{"cells": [{"cell_type": "code", "metadata": {"nbgrader": {"grade_id": {}}}, "source": "x"}]}',
    }.items():
        group.hands_in(student).write_bytes(content)
    results = group.grade(jobs=2)
    assert {name: results[name].score for name in ("ada", "zoe")} == {"ada": 13.0, "zoe": 13.0}
    assert len(results) == 11
    for student in ("b-empty", "c-text", "d-list", "e-cells", "f-deep", "g-binary"):
        assert results[student].status == "rejected"
        assert "no Jupyter notebook" in results[student].notes[-1]
    assert not any("grader itself" in note for result in results.values() for note in result.notes)


def test_a_surrogate_in_a_notebook_does_not_stop_the_others(group: Class) -> None:
    """JSON can hold half a character; no file can."""
    for student in ("ada", "ben"):
        group.hands_in(student)
    path = group.submissions / "ada" / WEEK / f"{TOPIC}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["id"] in ("draw", "proof"):
            cell["source"] = "# \ud800 half\n" + "".join(cell["source"])
    path.write_text(json.dumps(notebook), encoding="utf-8")
    results = group.grade()
    assert results["ben"].score == 13.0
    assert results["ada"].score >= 11.0
    run = group.autograder("feedback")
    assert (run.exit_code, run.stderr) == (0, "")


def test_folders_as_messy_as_they_come_are_graded_or_reported(group: Class) -> None:
    group.hands_in("Ada Lovelace")
    group.hands_in("søren ✓")
    group.hands_in("[bold]x")
    group.hands_in("%2e%2e#?&")
    group.hands_in("wrong-name").rename(group.submissions / "wrong-name" / WEEK / "my homework (2).ipynb")
    deep = group.submissions / "deep" / WEEK / "inner"
    deep.mkdir(parents=True)
    shutil.copy(group.submissions / "Ada Lovelace" / WEEK / f"{TOPIC}.ipynb", deep / f"{TOPIC}.ipynb")
    (group.submissions / "empty" / WEEK).mkdir(parents=True)
    (group.submissions / "other-week" / "week2-else").mkdir(parents=True)
    (group.submissions / "nothing").mkdir()
    (group.submissions / "README.txt").write_text("not a student", encoding="utf-8")
    (group.submissions / ".DS_Store").write_bytes(b"\0\1")
    (group.submissions / ".hidden" / WEEK).mkdir(parents=True)
    two = group.hands_in("two-notebooks")
    shutil.copy(two, two.with_name("copy.ipynb"))
    two.rename(two.with_name("other.ipynb"))
    linked = group.hands_in("linked")
    linked.unlink()
    linked.symlink_to(two.with_name("copy.ipynb"))
    read_only = group.hands_in("read-only")
    read_only.chmod(0o400)
    run = group.autograder("grade", "--results", "results.json")
    rows = {row["student"]: row for row in json.loads((group.root / "results.json").read_text(encoding="utf-8"))}
    assert run.exit_code == 1, "something is wrong with some submissions"
    assert all(name in run.output for name in rows)
    assert "Traceback" not in run.stdout + run.stderr
    graded = {"Ada Lovelace", "søren ✓", "[bold]x", "%2e%2e#?&", "wrong-name", "deep", "read-only"}
    rejected = {"empty", "two-notebooks", "linked"}
    assert set(rows) == graded | rejected
    assert {name for name, row in rows.items() if row["score"] == 13.0} == graded
    assert "my homework (2).ipynb" in rows["wrong-name"]["notes"][0]
    assert "no notebook was handed in" in rows["empty"]["notes"][-1]
    assert "several notebooks" in rows["two-notebooks"]["notes"][-1]
    assert any("is a link" in note for note in rows["linked"]["notes"])
    pages = group.autograder("feedback")
    assert (pages.exit_code, pages.stderr) == (0, "")
    assert len(list((group.grades / "feedback").glob("*/*.html"))) == len(rows)


def test_a_folder_whose_name_is_no_text_gets_a_name_that_is(group: Class) -> None:
    group.hands_in("ada")
    try:
        os.makedirs(os.path.join(os.fsencode(group.submissions), b"b\xffd", WEEK.encode()))
    except OSError:
        pytest.skip("this file system takes only names that are text")
    assert group.autograder("grade").exit_code == 1
    assert group.autograder("feedback").exit_code == 0
    assert group.stored("ada")["score"] == 13.0
    assert group.stored("b\N{REPLACEMENT CHARACTER}d")["status"] == "rejected"


def test_control_characters_in_a_file_name_do_not_reach_the_terminal(group: Class) -> None:
    path = group.hands_in("ada")
    path.rename(path.with_name("a\x1b[2J\x07b.ipynb"))
    run = group.autograder("grade")
    assert "\x1b" not in run.stdout + run.stderr


@pytest.mark.parametrize("stamp", ["", "soon", "2026-13-45 99:99:99 UTC", "1 2 3", "9" * 150, "\0", "2026 UTC XYZ ABC"])
def test_a_time_stamp_that_is_none_is_noted_and_costs_nothing(group: Class, stamp: str) -> None:
    group.hands_in("ada", timestamp=stamp)
    assert group.grade()["ada"].score == 13.0


def test_the_reason_of_a_rejection_stays_the_last_note(group: Class) -> None:
    """It is the one that the student reads."""
    group.hands_in("ada", timestamp="soon").write_text("x", encoding="utf-8")
    notes = group.grade()["ada"].notes
    assert "timestamp.txt" in notes[0]
    assert "no Jupyter notebook" in notes[-1]


def test_a_rerun_overwrites_and_does_not_double(group: Class) -> None:
    path = group.hands_in("ada", {"draw": "1 / 0"})
    assert group.grade()["ada"].score == 11.0
    path.unlink()
    group.hands_in("ada")
    assert group.grade()["ada"].score == 13.0
    assert group.stored("ada")["score"] == 13.0
    with group.book() as book:
        (submission,) = book.gradebook.assignment_submissions(WEEK)
        assert submission.score == 13.0
    kept = [*(group.grades / "autograded").rglob("*ada*"), *(group.grades / "results").rglob("*ada*")]
    assert [str(path.relative_to(group.grades)) for path in kept] == ["autograded/ada", f"results/{WEEK}/ada.json"]


def test_only_what_changed_is_graded_again(group: Class) -> None:
    group.hands_in("ada")
    group.hands_in("ben")
    assert set(group.grade()) == {"ada", "ben"}
    assert group.grade() == {}
    group.hands_in("ben", {"draw": "1 / 0"})
    assert set(group.grade()) == {"ben"}
    assert set(group.grade(seed=2)) == {"ada", "ben"}, "another seed asks other questions"
    assert set(group.grade(seed=2, again=True)) == {"ada", "ben"}


def test_a_gradebook_that_was_lost_is_filled_again(group: Class) -> None:
    group.hands_in("ada")
    group.grade()
    (group.grades / "gradebook.db").unlink()
    assert set(group.grade()) == {"ada"}


def test_a_graded_copy_that_nbgrader_made_read_only_is_replaced(group: Class) -> None:
    group.hands_in("ada")
    group.grade()
    copy = group.grades / "autograded" / "ada" / WEEK / f"{TOPIC}.ipynb"
    copy.chmod(0o444)
    group.hands_in("ada", {"draw": "1 / 0"})
    group.grade()
    assert "1 / 0" in copy.read_text(encoding="utf-8")


def test_the_seed_is_drawn_once_kept_and_changed_on_demand(group: Class) -> None:
    group.hands_in("ada")

    def seed(*options: str) -> int:
        assert group.autograder("grade", *options).exit_code == 0
        return group.stored("ada")["seed"]

    first = seed()
    assert first == seed() != 0
    assert seed("--seed", "77") == seed() == 77
    second = seed("--new-seed")
    assert second == seed() not in (77, first)
    assert (group.grades / "seeds.json").stat().st_mode & 0o077 == 0, "for the instructor's eyes alone"


def test_an_interrupted_run_ends_at_once_and_the_next_one_goes_on(group: Class) -> None:
    for number in range(3):
        group.hands_in(f"quick{number}")
    group.hands_in("slow", {"draw": "while True:\n    pass"})
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", "--jobs", "1"]
    run = subprocess.Popen(command, cwd=group.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    stored = group.grades / "results" / WEEK
    deadline = time.monotonic() + 60
    while len(list(stored.glob("*.json"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    started = time.monotonic()
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=60)
    assert run.returncode not in (0, None)
    assert "Traceback" not in errors
    assert time.monotonic() - started < 5
    with group.book() as book:
        assert len(book.gradebook.assignment_submissions(WEEK)) == 3
    group.hands_in("slow")
    again = group.autograder("grade")
    assert "1 graded now, 3 unchanged" in again.stdout


def test_two_weeks_in_one_folder_are_graded_each_for_itself(tmp_path: Path) -> None:
    group = Class(tmp_path)
    other = tmp_path / "more"
    shutil.copytree(
        make_course(other, "week2-more") / "solutions" / "week2-more", tmp_path / "solutions" / "week2-more"
    )
    group.hands_in("ada")
    group.hands_in("ben")
    wrong_week = group.submissions / "ben" / "week2-more" / "more.ipynb"
    wrong_week.parent.mkdir()
    shutil.copy(group.submissions / "ben" / WEEK / f"{TOPIC}.ipynb", wrong_week)
    run = group.autograder("grade", "--results", "all.json")
    rows = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert [(row["student"], row["week"]) for row in rows] == [("ada", WEEK), ("ben", WEEK), ("ben", "week2-more")]
    assert run.exit_code == 0
    only = group.autograder("grade", "--only", "ada", "--results", "ada.json")
    assert (only.exit_code, only.stderr) == (0, "")
    assert "nobody" not in only.stdout, "a week that nobody named and nobody handed in is no news"
    assert len(json.loads((tmp_path / "ada.json").read_text(encoding="utf-8"))) == 1


def test_a_student_who_handed_in_nothing_is_named(group: Class) -> None:
    group.hands_in("ada")
    run = group.autograder("grade", "--only", "eve")
    assert run.exit_code == 1
    assert run.stderr.startswith("autograder: eve handed in nothing")


def test_no_submissions_folder_is_one_sentence_that_says_what_is_expected(group: Class) -> None:
    group.submissions.rmdir()
    run = group.autograder("grade")
    assert run.exit_code == 1
    assert "expected" in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_notebook_of_many_megabytes_is_rejected(group: Class) -> None:
    path = group.hands_in("ada")
    with path.open("wb") as file:
        file.truncate(50 * 2**20)
    assert "MB" in group.grade()["ada"].notes[-1]


def test_a_fault_of_the_grader_costs_one_submission_and_is_not_shown_to_the_student(
    group: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault is made up: the real ones that are known are mended."""
    right = Grader.grade

    def faulty(self: Grader, student: str, submission: Any, *rest: Any) -> Result:
        if student == "ben" and not submission.rejected:
            raise ZeroDivisionError("a secret place")
        return right(self, student, submission, *rest)

    monkeypatch.setattr(Grader, "grade", faulty)
    for student in ("ada", "ben", "carl"):
        group.hands_in(student)
    results = group.grade()
    assert [results[name].score for name in ("ada", "carl")] == [13.0, 13.0]
    assert results["ben"].status == "rejected"
    assert any("a secret place" in note for note in results["ben"].notes)
    group.autograder("feedback")
    page = (group.grades / "feedback" / "ben" / f"{WEEK}.html").read_text(encoding="utf-8")
    assert "could not be graded" in page
    assert "a secret place" not in page
    monkeypatch.undo()
    assert group.grade()["ben"].score == 13.0, "the next run tries again"


def test_another_penalty_for_lateness_makes_no_one_graded_again(group: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Path(late.__file__).parent
    copied = group.root / "grader"
    shutil.copytree(here, copied, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(grading, "__file__", str(copied / "grading.py"))
    monkeypatch.setattr(grading, "CONFIG", copied / late.CONFIG.name)

    def key() -> str:
        return Grader(group.lesson, 1).key

    before = key()
    (copied / late.CONFIG.name).write_text("c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    assert key() == before
    (copied / "verdict.py").write_text("changed")
    assert key() != before
