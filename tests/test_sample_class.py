"""The made-up class: each of its students does what the description says, seen with the eyes of the grader."""

from pathlib import Path
from typing import Any

import pytest
from grading_course import Class

from autograder.result import NOT_ATTEMPTED
from autograder.sample_class import STUDENTS, write_sample_class


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Class:
    group = Class(tmp_path_factory.mktemp("class"))
    assert group.autograder("sample-class", "submissions").exit_code == 0
    return group


@pytest.fixture(scope="module")
def results(group: Class) -> dict[str, Any]:
    return group.grade()


def scores(result: Any) -> list[float]:
    return [exercise.score for exercise in result.exercises]


def test_every_student_is_graded_or_rejected_with_a_reason(results: dict[str, Any]) -> None:
    assert set(results) == set(STUDENTS)
    assert {name for name, result in results.items() if result.status == "rejected"} == {"kim"}
    assert not any("the grader itself" in note for result in results.values() for note in result.notes)


@pytest.mark.parametrize("student", ["ada", "ben", "ines"])
def test_those_who_are_right_have_all_points(results: dict[str, Any], student: str) -> None:
    assert (results[student].score, results[student].status, results[student].notes) == (13.0, "graded", [])


def test_the_first_half_earns_its_points(results: dict[str, Any]) -> None:
    assert scores(results["chen"]) == [4.0, 0.0, 0.0, 0.0]


def test_nothing_filled_in_is_not_attempted(results: dict[str, Any]) -> None:
    assert {exercise.status for exercise in results["dora"].exercises} == {NOT_ATTEMPTED}


def test_known_mistakes_are_recognised(results: dict[str, Any]) -> None:
    named = [exercise.misconception for exercise in results["emil"].exercises if exercise.number]
    assert named == ["one_too_few", "no_sum", "bell_curve"]


def test_the_endless_loop_costs_the_first_exercise(results: dict[str, Any]) -> None:
    assert scores(results["gil"]) == [0.0, 6.0, 2.0, 1.0]


def test_the_crash_and_the_syntax_error_cost_their_exercises(results: dict[str, Any]) -> None:
    assert scores(results["hana"]) == [0.0, 6.0, 0.0, 1.0]
    assert results["hana"].status == "partly graded"


def test_a_plot_in_an_own_cell_is_kept(results: dict[str, Any], group: Class) -> None:
    outputs = [output for cell in group.stored("ines")["cells"] for output in cell["outputs"]]
    assert any("image/png" in output.get("data", {}) for output in outputs)


def test_lost_marks_are_found_again_and_deleted_cells_are_reported(results: dict[str, Any]) -> None:
    assert scores(results["jon"]) == [4.0, 0.0, 2.0, 1.0]
    assert any("lost its mark" in note or "had lost" in note for note in results["jon"].notes)
    assert any("missing: softmax" in note for note in results["jon"].notes)


def test_submissions_that_are_there_are_not_written_over(tmp_path: Path) -> None:
    """Ada could be the name of a real student."""
    group = Class(tmp_path)
    mine = group.hands_in("ada", {"average": "mine = 1"})
    run = group.autograder("sample-class", "submissions")
    assert run.exit_code == 1
    assert "holds other files" in run.stderr
    assert "mine = 1" in mine.read_text(encoding="utf-8")


def test_the_same_class_is_written_every_time(group: Class, tmp_path: Path) -> None:
    for _ in range(2):  # into the folder of an older one too
        write_sample_class(tmp_path, group.lesson)
    for path in sorted(tmp_path.rglob("*.ipynb")):
        assert path.read_bytes() == (group.submissions / path.relative_to(tmp_path)).read_bytes()
