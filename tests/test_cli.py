"""The author's verbs: `autograder build` and `autograder verify`, with what they say and how they exit."""

import pytest
from click.testing import CliRunner
from small_course import FILES, WEEK, write_course

from autograder.cli import main

NOTEBOOK = f"exercises/{WEEK}/doubling.ipynb"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a verb in the folder of a small course; returns its exit status and what it printed."""
    write_course(tmp_path)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        result = CliRunner().invoke(main, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return run


def test_build_says_what_it_wrote_and_then_that_nothing_changed(run, tmp_path):
    assert run("build") == (0, f"wrote {NOTEBOOK}\nwrote _build/nbgrader/source/{WEEK}/doubling.ipynb\n")
    assert run("build", "1") == (0, f"{WEEK}: nothing changed\n")
    assert (tmp_path / NOTEBOOK).is_file()


def test_build_check_changes_nothing_and_fails_with_the_command_to_run(run, tmp_path):
    assert run("build", "--check") == (1, f"{NOTEBOOK} is stale; run `autograder build {WEEK}`\n")
    assert not (tmp_path / NOTEBOOK).exists()
    run("build")
    assert run("build", "--check") == (0, "")


def test_an_error_in_the_course_is_one_sentence_and_exit_status_1(run, tmp_path):
    write_course(tmp_path, ":points: 4\n", "")
    status, said = run("build")
    assert status == 1
    assert said.startswith(f"autograder: solutions/{WEEK}/lesson.md, line ")
    assert said.count("\n") == 1


def test_a_week_that_is_not_there_is_an_error_that_names_those_that_are(run):
    assert run("build", "7") == (1, f"autograder: there is no week '7'; there are {WEEK}\n")


def test_wrong_use_is_exit_status_2(run):
    status, said = run("build", "--chekc")
    assert status == 2
    assert "No such option" in said


def test_outside_of_a_course_the_remedy_is_to_change_into_one(run, tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    status, said = run("verify")
    assert (status, said) == (
        1,
        "autograder: no course found in / or above it; change into the folder that holds solutions/\n",
    )


def test_verify_passes_a_week_whose_tests_tell_right_from_wrong(run):
    status, said = run("verify")
    assert status == 0, said
    assert "all as it should be" in said
    assert "1.1 double" in said


WEAK = {
    "an alternative that loses points": (
        "return x + x",
        "return x + x + 1",
        "alternatives.py",
        "double: the alternative adds_itself loses points: doubles whole numbers",
    ),
    "a misconception that gets all points": (
        "return double(x) - x + TWO",
        "return double(x)",
        "misconceptions.py",
        "double: the misconception adds_two gets all points",
    ),
    "a misconception of nothing": (
        '@wrong("total"',
        '@wrong("sum"',
        "misconceptions.py",
        "forgets_last names sum, which no exercise asks for",
    ),
    "a visible check that the reference fails": (
        "assert double(2) == 4",
        "assert double(2) == 5",
        "lesson.md",
        "with the reference, the cell check-double fails: twice 2 is 4",
    ),
    "hidden tests that the empty notebook passes": (
        "    return double(int(rng.integers(1, 9)))",
        "    return [str(attempt(double, 1))[:0], 7]",
        "lesson.md",
        "the untouched notebook gets points in double",
    ),
    "a name that the notebook does not have": (
        "    if x > 1000:",
        "    if x > LIMIT:",
        "reference.py",
        "the reference loses points in double: doubles whole numbers",
    ),
}


@pytest.mark.parametrize(("old", "new", "file", "problem"), WEAK.values(), ids=WEAK.keys())
def test_verify_fails_a_week_and_says_what_is_wrong_with_it(run, tmp_path, old, new, file, problem):
    if file == "reference.py":  # the constant stands in the reference, but in no cell
        old, new = FILES[file], "LIMIT = 1000\n" + FILES[file].replace(old, new)
    write_course(tmp_path, old, new, file)
    status, said = run("verify")
    assert status == 1
    assert problem in " ".join(said.split())
