"""Which known mistake a wrong answer is taken for: the one with the same answers, if there is no doubt about it."""

from collections.abc import Iterator

import pytest
from grading_course import SOLVED, small_lesson, submission

from autograder.grading import Grader
from autograder.process import Runner, WorkerProcess
from autograder.result import ExerciseResult
from autograder.sandbox import Limits

MISTAKES = """

@wrong("average", "You seem to double.")
def doubles(values):
    if not values:
        raise ValueError("none")
    return 2 * sum(values) / len(values)


@wrong("average", "You seem to double.")
def adds_it_to_itself(values):
    if not values:
        raise ValueError("none")
    return sum(values) / len(values) + sum(values) / len(values)


@wrong("average", "You seem to take the largest.")
def largest_of_all(values):
    if not values:
        raise ValueError("none")
    return max(values)


@wrong("average", "You seem to take the last of a sorted list.")
def last_of_all(values):
    if not values:
        raise ValueError("none")
    return sorted(values)[-1]


@wrong("average", "You seem to triple.")
def triples(values):
    return 3 * sum(values) / len(values) if len(values) > 1 else values[0] if values else 0.0


@wrong("average", "You seem to look behind the end.")
def looks_behind(values):
    return values[len(values)]


@wrong("softmax", "You seem to give up on large logits.")
def gives_up(z):
    if z.max() > 100:
        raise IndexError("behind the end")
    return np.exp(z) / np.exp(z).sum()


@wrong("largest", "You seem to leave the program.")
def leaves_the_program(z):
    import os
    os._exit(1)
"""


@pytest.fixture(scope="module")
def process() -> Iterator[WorkerProcess]:
    with WorkerProcess(("numpy",), allow_unsafe=True) as warm:
        yield warm


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    lesson = small_lesson(tmp_path_factory.mktemp("course"))
    with (lesson.folder / "misconceptions.py").open("a", encoding="utf-8") as file:
        file.write(MISTAKES)
    return lesson


@pytest.fixture(scope="module")
def grade(lesson, process):
    """A function that grades one exercise, answered with these lines behind `def average(values):` or the like."""
    grader = Grader(lesson, 7, Limits(step_seconds=2.0))

    def graded(exercise: str, source: str) -> ExerciseResult:
        result = grader.grade("ada", submission(lesson, SOLVED | {exercise: source}), process, only=exercise)
        return result.exercises[0]

    return graded


def average(value: str) -> str:
    return f"def average(values):\n    if not values:\n        raise ValueError('none')\n    return {value}"


def test_two_ways_to_write_one_mistake_share_its_sentence(grade):
    found = grade("average", average("sum(values) / (len(values) / 2)"))
    assert (found.misconception, found.sentence) == ("doubles", "You seem to double.")


def test_rounding_hides_no_mistake(grade):
    assert grade("average", average("2 * sum(value / len(values) for value in values)")).misconception == "doubles"


def test_a_mistake_that_fails_in_fewer_places_is_another_one(grade):
    source = average("3 * sum(values) / len(values) if len(values) > 1 else values[0]")
    assert grade("average", source).misconception is None
    assert grade("average", source.replace("raise ValueError('none')", "return 0.0")).misconception == "triples"


def test_a_crash_is_named_after_no_mistake_not_even_one_that_crashes(grade):
    crashes = SOLVED["softmax"] + "\ndef largest(z):\n    import os\n    os._exit(1)"
    assert grade("softmax", crashes).misconception is None


def test_a_mistake_that_may_be_one_of_two_is_not_named(grade):
    assert grade("average", average("max(values)")).misconception is None


def test_wrong_values_near_those_of_a_known_mistake_are_another_mistake(grade):
    assert grade("average", average("2 * sum(values) / len(values) + 1e-5")).misconception is None


def test_errors_name_a_mistake_only_where_the_function_works_elsewhere(grade):
    assert grade("average", "def average(values):\n    return [][1]").misconception is None
    found = grade(
        "softmax",
        SOLVED["softmax"] + "\nright = softmax\ndef softmax(z):\n    return right(z) if z.max() < 100 else [][1]",
    )
    assert found.sentence == "You seem to give up on large logits."


class Asked:
    """Counts what a runner is asked to run."""

    def __init__(self, runner: Runner) -> None:
        self.runner, self.times = runner, 0

    def run(self, steps, limits):
        self.times += 1
        return self.runner.run(steps, limits)


def test_answers_are_kept_for_the_next_run_and_asked_for_again_where_they_are_damaged(lesson, process, tmp_path):
    def answers(seed: int) -> tuple[object, int]:
        asked = Asked(process)
        grader = Grader(lesson, seed, Limits(step_seconds=2.0), cache=tmp_path)
        return grader.fingerprints.answers(lesson.exercises["average"], asked), asked.times

    first, times = answers(7)
    assert len(first) == 7
    assert times > 0
    assert answers(7) == (first, 0)
    (file,) = tmp_path.glob("*/average")
    file.write_bytes(file.read_bytes()[:-1])
    assert answers(7) == (first, times)
    assert answers(8)[1] == times  # other inputs, other answers
