"""The real weeks, through the real grader: what is right gets everything, what is known to be wrong does not."""

from pathlib import Path

import pytest

from autograder.course import week_names
from autograder.fingerprints import reference_submission
from autograder.grading import Grader
from autograder.lesson import read_lesson
from autograder.process import WorkerProcess
from autograder.sandbox import Limits
from autograder.steps import cell_step
from autograder.verify import verify

ROOT = Path(__file__).parents[1]
IMPATIENT = Limits(step_seconds=4.0)  # known mistakes that do not end are waited for


@pytest.mark.parametrize("week", week_names(ROOT))
def test_stub_reference_alternatives_and_misconceptions_get_what_they_deserve(week):
    lesson = read_lesson(ROOT / "solutions" / week)
    with WorkerProcess(lesson.packages, allow_unsafe=True) as process:
        report = verify(lesson, 1, [process], limits=IMPATIENT if week == "week6-bpe" else None)
    assert report.problems == []
    assert len(report.rows) == len(lesson.exercises)


@pytest.mark.parametrize("week", week_names(ROOT))
def test_what_a_week_imports_keeps_no_wall_of_the_sandbox_from_going_up(week):
    with WorkerProcess(("numpy",)) as plain, WorkerProcess(read_lesson(ROOT / "solutions" / week).packages) as process:
        step = cell_step("one", "1 + 1", [])
        assert plain.run([step], Limits())
        assert process.run([step], Limits())
        assert process.level == plain.level


@pytest.mark.parametrize("week", week_names(ROOT))
def test_the_reference_gets_full_marks_on_twenty_seeds_with_other_inputs_each(week):
    lesson = read_lesson(ROOT / "solutions" / week)
    calls = set()
    with WorkerProcess(lesson.packages, allow_unsafe=True) as process:
        for seed in range(100, 120):
            grader = Grader(lesson, seed)
            result = grader.grade("reference", reference_submission(grader.solved), process)
            assert (seed, result.score, result.notes) == (seed, lesson.max_score, [])
            calls.add(str([wanted.calls for answers in grader.expected.values() for wanted in answers.values()]))
    assert len(calls) == 20
