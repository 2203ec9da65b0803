"""The verbs for instructors and students: their help, exit status, and errors without a traceback."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from grading_course import WEEK, Class

from autograder.cli import main


@pytest.fixture
def group(tmp_path: Path) -> Class:
    return Class(tmp_path)


@pytest.mark.parametrize("verb", sorted(main.commands))
def test_every_verb_has_a_page_of_help(group: Class, verb: str) -> None:
    run = group.autograder(verb, "--help")
    assert (run.exit_code, run.stderr) == (0, "")
    assert f"Usage: autograder {verb}" in run.output
    assert len(run.output.splitlines()) > 5
    assert group.autograder(verb, "-h").output == run.output


def test_the_program_lists_its_verbs_in_the_order_of_the_work(group: Class) -> None:
    run = group.autograder("--help")
    order = [
        run.output.index(f"\n  {verb} ") for verb in ("build", "verify", "check", "sample-class", "grade", "feedback")
    ]
    assert order == sorted(order)


WRONG_USE = [
    ("grade", "--jobs", "0"),
    ("grade", "--jobs", "many"),
    ("grade", "--seed", "0"),
    ("grade", "--seed", "1", "--new-seed"),
    ("grade", "--no-such-option"),
    ("verify", "--jobs", "0"),
    ("verify", "--exercise", "no_such_exercise"),
    ("check",),
    ("sample-class",),
    ("no-such-verb",),
]


@pytest.mark.parametrize("arguments", WRONG_USE, ids=" ".join)
def test_wrong_use_exits_with_2(group: Class, arguments: tuple[str, ...]) -> None:
    run = group.autograder(*arguments)
    assert run.exit_code == 2
    assert "Usage: autograder" in run.stderr


WRONG_COURSE = {
    "a week that is not there": ("grade", "week9-nothing"),
    "no submissions": ("grade", "--submissions", "nowhere"),
    "submissions that are a file": ("grade", "--submissions", "solutions/week1-sums/lesson.md"),
    "grades that are a file": ("grade", "--grades", "solutions/week1-sums/lesson.md"),
    "results that are a folder": ("grade", "--results", "solutions"),
    "no results yet": ("feedback",),
    "a notebook that is not there": ("check", "nowhere.ipynb"),
    "a folder that is a file": ("sample-class", "solutions/week1-sums/lesson.md"),
}


@pytest.mark.parametrize("arguments", WRONG_COURSE.values(), ids=WRONG_COURSE)
def test_what_is_wrong_with_files_is_one_sentence_and_exits_with_1(group: Class, arguments: tuple[str, ...]) -> None:
    if "--results" in arguments:
        group.hands_in("ada")
    run = group.autograder(*arguments)
    assert run.exit_code == 1
    assert isinstance(run.exception, SystemExit), run.exception
    assert run.stderr.startswith("autograder: ")
    assert run.stderr.count("\n") == 1


def test_a_lesson_that_is_broken_is_named_with_its_line(group: Class) -> None:
    path = group.lesson.folder / "lesson.md"
    path.write_text(path.read_text(encoding="utf-8").replace(":points: 4", ":points: many"), encoding="utf-8")
    group.hands_in("ada")
    run = group.autograder("grade")
    assert run.exit_code == 1
    assert f"{WEEK}/lesson.md, line " in run.stderr
    assert run.stderr.count("\n") == 1


def test_seeds_that_cannot_be_read_are_one_sentence(group: Class) -> None:
    """They are worth a rescue: with new ones every submission would be asked something else."""
    group.hands_in("ada")
    (group.grades / "seeds.json").write_text("{", encoding="utf-8")
    run = group.autograder("grade")
    assert run.exit_code == 1
    assert "seeds.json" in run.stderr
    assert (group.grades / "seeds.json").read_text(encoding="utf-8") == "{"


def test_grading_exits_with_0_and_with_1_if_something_was_rejected(group: Class) -> None:
    group.hands_in("ada")
    assert group.autograder("grade", "1").exit_code == 0
    group.hands_in("ben").write_text("x", encoding="utf-8")
    run = group.autograder("grade")
    assert run.exit_code == 1
    assert "ben: rejected, 0 of 13: the file is no Jupyter notebook" in run.output


def test_an_empty_folder_of_submissions_is_nothing_wrong(group: Class) -> None:
    run = group.autograder("grade")
    assert (run.exit_code, run.output) == (0, f"{WEEK}: nobody handed anything in\n")


def test_a_notebook_in_a_folder_that_is_no_weeks_is_said_not_to_be_graded(group: Class) -> None:
    shutil.copytree(group.hands_in("ada").parent, group.submissions / "ben" / "week1")
    (group.submissions / "ada" / "drafts").mkdir()
    run = group.autograder("grade")
    assert run.exit_code == 0
    folder = group.submissions / "ben" / "week1"
    assert run.stderr == f"{folder}: not graded, as no week is called week1; there are {WEEK}\n"


def test_an_interrupted_run_says_how_to_go_on(group: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    group.hands_in("ada")
    monkeypatch.setattr("autograder.batch.Batch.run", interrupted)
    run = group.autograder("grade")
    assert run.exit_code == 1
    assert "What was graded is kept; run the same command again to go on." in run.stderr


def test_verify_proves_the_week(group: Class) -> None:
    run = group.autograder("verify", "--seeds", "2")
    assert run.exit_code == 0
    assert run.output.count("all as it should be") == 2


def test_the_console_script_runs_from_below_the_course(group: Class) -> None:
    """In a process of its own, as people call it."""
    group.hands_in("ada")
    below = group.root / "solutions" / WEEK
    script = Path(sys.executable).with_name("autograder")
    run = subprocess.run([script, "grade"], cwd=below, capture_output=True, text=True, timeout=120)
    assert (run.returncode, run.stderr) == (0, "")
    assert "1 graded now" in run.stdout
    assert group.stored("ada")["score"] == 13.0
