"""`autograder verify` for one exercise, with several workers, and its word about misconceptions that prove nothing."""

import re

import pytest
from click.testing import CliRunner
from grading_course import small_lesson
from small_course import WEEK, write_course

from autograder.cli import main
from autograder.lesson import read_lesson
from autograder.process import WorkerProcess
from autograder.sandbox import Limits
from autograder.verify import verify as verify_week

RIGHT, WRONG = "return double(x) - x + TWO", "return double(x)"  # of the misconception adds_two


@pytest.fixture
def verify(tmp_path, monkeypatch):
    """Verifies a small course in which `old` is `new`; returns the exit status and what was printed, on one line."""
    monkeypatch.chdir(tmp_path)

    def verify(*options, old="", new="", file="misconceptions.py"):
        write_course(tmp_path, old, new, file)
        result = CliRunner().invoke(main, ["verify", *options])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, " ".join(result.output.split())

    return verify


def test_one_exercise_has_a_table_of_its_own(verify):
    status, said = verify("--exercise", "total")
    assert status == 0, said
    assert re.findall(r"│ (\d\.\d \w+)", said) == ["1.2 total"]
    assert "all, and" not in said
    assert "all as it should be" in said


def test_what_is_wrong_elsewhere_does_not_bother_one_exercise(verify):
    assert verify("--exercise", "double", old=RIGHT, new=WRONG)[0] == 1
    assert verify("--exercise", "total", old=RIGHT, new=WRONG)[0] == 0


@pytest.mark.parametrize(
    ("old", "new", "file", "problem"),
    [
        ("return x + x", "return x + x + 1", "alternatives.py", "the alternative adds_itself loses points"),
        (
            "    return double(int(rng.integers(1, 9)))",
            "    return [str(attempt(double, 1))[:0], 7]",
            "lesson.md",
            "the untouched notebook gets points in double",
        ),
    ],
    ids=["an alternative", "the empty notebook"],
)
def test_one_exercise_is_looked_at_from_all_sides(verify, old, new, file, problem):
    status, said = verify("--exercise", "double", old=old, new=new, file=file)
    assert status == 1
    assert problem in said


def test_an_exercise_that_is_not_there_is_answered_with_those_that_are(verify):
    status, said = verify("--exercise", "dubble")
    assert status == 2
    assert "there is no dubble; the exercises are double, total, draw" in said


def test_several_workers_find_what_one_finds(verify):
    for old, new in (("", ""), (RIGHT, WRONG)):
        one = verify("--jobs", "1", "--seeds", "2", old=old, new=new)
        assert verify("--jobs", "3", "--seeds", "2", old=old, new=new) == one


BROKEN = {
    "a name that is not there": ("return double(x) - x + TWOO", "NameError"),
    "a module that is not there": ("import no_such_module\n    return no_such_module.two + x", "ModuleNotFoundError"),
    "a name that a module lacks": ("from math import twice\n    return twice(x)", "ImportError"),
}


@pytest.mark.parametrize(("code", "error"), BROKEN.values(), ids=BROKEN.keys())
def test_a_misconception_whose_code_is_broken_proves_nothing(verify, code, error):
    status, said = verify(old=RIGHT, new=code)
    assert status == 1
    assert (
        f"double: the misconception adds_two proves nothing: where it fails, its own code is broken ({error})" in said
    )


HONEST = {
    "a variable that a branch leaves without a value": "if x < 0:\n        y = 2 * x\n    return y",
    "an error of its arithmetic": "return 2 * x / 0",
    "a wrong value beside a broken branch": "return TWOO if x > 1000 else x + TWO",
}


@pytest.mark.parametrize("code", HONEST.values(), ids=HONEST.keys())
def test_an_error_that_a_student_can_make_proves_something(verify, code):
    status, said = verify(old=RIGHT, new=code)
    assert status == 0, said


def test_the_limits_that_are_given_hold_for_the_reference_too(tmp_path):
    write_course(
        tmp_path, "    return 2 * x\n", "    import time\n    time.sleep(2)\n    return 2 * x\n", "reference.py"
    )
    lesson = read_lesson(tmp_path / "solutions" / WEEK)
    with WorkerProcess(lesson.packages, allow_unsafe=True) as process:
        report = verify_week(lesson, 1, [process], Limits(step_seconds=1.0), only="double")
    assert any(problem.startswith("the reference loses points in double") for problem in report.problems)


def test_a_misconception_that_is_taken_for_another_is_a_problem_and_not_named(tmp_path):
    lesson = small_lesson(tmp_path)
    with (lesson.folder / "misconceptions.py").open("a", encoding="utf-8") as file:
        file.write(
            '\n\n@wrong("draw", "Your bell is too wide.")\ndef wide(rng, n):\n    return rng.normal(size=n) * 9\n'
        )
    with WorkerProcess(lesson.packages, allow_unsafe=True) as process:
        report = verify_week(lesson, 1, [process], only="draw")
    (row,) = report.rows
    assert (row.misconceptions, row.killed, row.named) == (2, 2, 1)
    assert report.problems == ["draw: wide is taken for bell_curve"]
