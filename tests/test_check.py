"""`autograder check`: what a student sees of a notebook before it is handed in."""

import json
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner, Result
from grading_course import SOLVED, handed_in, small_lesson

from autograder.check import DONE, LEFT, UNCHECKED, WRONG, Task, check_notebook
from autograder.errors import CourseError
from autograder.lesson import Lesson
from autograder.student import main

TITLES = [
    "Exercise 1.1: The average",
    "Exercise 1.2: The softmax function",
    "Exercise 1.3: Draws",
    "Quiz: What does softmax not notice?",
    "Written question: A proof",
]


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return small_lesson(tmp_path_factory.mktemp("course"))


def written(lesson: Lesson, folder: Path, answers: dict[str, str], added: dict[str, str] | None = None) -> Path:
    path = folder / "sums.ipynb"
    nbformat.write(handed_in(lesson, answers, added), path)
    return path


def run(path: Path) -> Result:
    result = CliRunner().invoke(main, ["check", str(path)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def states(tasks: list[Task]) -> dict[str, tuple[str, str]]:
    return {task.title: (task.state, task.message) for task in tasks}


def test_a_finished_notebook_is_done_and_exits_with_0(lesson: Lesson, tmp_path: Path) -> None:
    path = written(lesson, tmp_path, SOLVED)
    before = path.read_bytes()
    result = run(path)
    assert result.exit_code == 0
    assert [line for line in result.output.splitlines() if line.startswith("✓")] == [f"✓ {t}: done" for t in TITLES]
    assert "5 of 5 done. The hidden tests, which give the points, look at more" in result.output
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_untouched_notebook_is_left_to_do_and_exits_with_1(lesson: Lesson, tmp_path: Path) -> None:
    result = run(written(lesson, tmp_path, {}))
    assert result.exit_code == 1
    assert "0 of 5 done" in result.output
    assert result.output.count("left to do") == 5


def test_what_is_wrong_is_told_with_the_message_of_the_check(lesson: Lesson, tmp_path: Path) -> None:
    answers = SOLVED | {
        "average": "def average(values):\n    return 7",
        "softmax": "def softmax(z):\n    return sofmax(z)",
        "draw": "def draw(rng, n):\n    raise NotImplementedError",
    }
    found = states(check_notebook(written(lesson, tmp_path, answers)))
    assert found[TITLES[0]] == (WRONG, "the average of 1 and 3 is 2")
    assert found[TITLES[1]] == (WRONG, "NameError: name 'sofmax' is not defined")
    assert found[TITLES[2]] == (LEFT, "")
    assert found[TITLES[3]] == found[TITLES[4]] == (DONE, "")


def test_a_loop_that_does_not_end_is_told_and_the_rest_is_checked(lesson: Lesson, tmp_path: Path) -> None:
    answers = SOLVED | {"average": "def average(values):\n    while True:\n        pass"}
    found = states(check_notebook(written(lesson, tmp_path, answers), seconds=2))
    state, message = found[TITLES[0]]
    assert state == WRONG
    assert "still running after 2 seconds" in message
    assert found[TITLES[1]] == (DONE, "")


def test_a_loop_that_cannot_be_interrupted_is_told_too(lesson: Lesson, tmp_path: Path) -> None:
    stubborn = (
        "while True:\n        try:\n            sum(range(10**9))\n        except BaseException:\n            pass"
    )
    answers = SOLVED | {"draw": f"def draw(rng, n):\n    {stubborn}"}
    found = states(check_notebook(written(lesson, tmp_path, answers), seconds=2))
    assert found[TITLES[0]] == (DONE, "")
    assert "still running after 2 seconds" in found[TITLES[2]][1]


def test_a_cell_that_ends_the_kernel_is_named_in_a_sentence(lesson: Lesson, tmp_path: Path) -> None:
    answers = SOLVED | {"softmax": "import os\nos._exit(1)"}
    result = run(written(lesson, tmp_path, answers))
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert result.stderr == ""
    assert "Exercise 1.2: The softmax function" in result.output
    assert "ended the whole Python process" in result.output


def test_an_exercise_whose_check_was_deleted_is_not_forgotten(lesson: Lesson, tmp_path: Path) -> None:
    path = written(lesson, tmp_path, SOLVED)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "check-softmax"]
    nbformat.write(notebook, path)
    found = states(check_notebook(path))
    assert list(found) == TITLES
    assert found[TITLES[1]][0] == UNCHECKED


def test_a_notebook_that_lost_its_ids_is_checked_without_a_warning(lesson: Lesson, tmp_path: Path) -> None:
    """As some editors leave it: nbformat 4.2, no cell ids."""
    path = written(lesson, tmp_path, SOLVED)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["nbformat_minor"] = 2
    for cell in notebook["cells"]:
        del cell["id"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert run(path).exit_code == 0
    notebook["nbformat_minor"] = 5
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert run(path).exit_code == 0


def test_a_notebook_finds_the_files_beside_it(lesson: Lesson, tmp_path: Path) -> None:
    (tmp_path / "numbers.txt").write_text("1 3", encoding="utf-8")
    path = written(lesson, tmp_path, SOLVED, {"average": "assert open('numbers.txt').read() == '1 3'"})
    assert run(path).exit_code == 0


@pytest.mark.parametrize("content", ["", "hello", "[]", '{"cells": 1}', '{"nbformat": 4, "cells": [{}]}'])
def test_a_file_that_is_no_notebook_is_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(content, encoding="utf-8")
    result = run(path)
    assert result.exit_code == 1
    assert result.stderr.startswith("autograder: ")
    assert "no Jupyter notebook" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    result = run(tmp_path / "nowhere.ipynb")
    assert result.exit_code == 1
    assert "there is no file" in result.stderr


def test_a_notebook_without_exercises_is_not_done(tmp_path: Path) -> None:
    path = tmp_path / "mine.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), path)
    with pytest.raises(CourseError, match="holds no exercise"):
        check_notebook(path)
