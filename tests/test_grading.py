"""Grading one submission: what earns points, what is said about the rest, and what is never said."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest
from grading_course import SOLVED, WEEK, small_lesson, submission

from autograder import frames
from autograder.autograded import autograded_notebook
from autograder.examples import ONLY_THERE
from autograder.feedback import feedback_page
from autograder.frames import LENGTH
from autograder.grading import Grader
from autograder.intake import Submission
from autograder.lesson import Lesson
from autograder.notebooks import as_text
from autograder.probes import generator, input_seed
from autograder.process import WorkerProcess
from autograder.result import FAILED, NOT_ATTEMPTED, PARTLY, PASSED, ExerciseResult, Result
from autograder.sandbox import Limits

SEED = 20_261_120
SHORT = Limits(step_seconds=1.0)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return small_lesson(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def grader(lesson: Lesson) -> Grader:
    return Grader(lesson, SEED, SHORT)


@pytest.fixture(scope="module")
def process() -> Iterator[WorkerProcess]:
    with WorkerProcess(("numpy",), allow_unsafe=True) as warm:
        yield warm


@pytest.fixture
def grade(grader: Grader, process: WorkerProcess) -> Any:
    """Grades the right notebook with some answers replaced and some cells added."""

    def graded(answers: dict[str, str] | None = None, added: dict[str, str] | None = None) -> Result:
        return grader.grade("ada", submission(grader.lesson, SOLVED | (answers or {}), added), process)

    return graded


def of(result: Result, name: str) -> ExerciseResult:
    return next(exercise for exercise in result.exercises if exercise.name == name)


def scores(result: Result) -> dict[str, float]:
    return {exercise.name: exercise.score for exercise in result.exercises}


ALL = {"average": 4.0, "softmax": 6.0, "draw": 2.0, "shift": 1.0}


# Points


def test_a_right_notebook_earns_everything(grade: Any) -> None:
    result = grade()
    assert (result.status, result.score, result.max_score, result.notes) == ("graded", 13.0, 13, [])
    assert scores(result) == ALL
    assert all(exercise.status == PASSED for exercise in result.exercises)


def test_an_untouched_notebook_is_not_attempted_and_earns_nothing(grader: Grader, process: WorkerProcess) -> None:
    result = grader.grade("ada", submission(grader.lesson, {}), process)
    assert result.score == 0
    assert {exercise.status for exercise in result.exercises} == {NOT_ATTEMPTED}


def test_points_are_shared_over_the_behaviours_by_weight(grade: Any) -> None:
    """`nothing` has weight 2 of 4."""
    average = of(grade({"average": "def average(values):\n    return sum(values) / len(values)"}), "average")
    assert (average.score, average.max_score, average.status) == (2.0, 4, PARTLY)
    assert [behaviour.passed for behaviour in average.behaviours] == [True, True, False]


def test_a_mistake_in_one_function_of_an_exercise_leaves_the_points_of_the_others(grade: Any) -> None:
    softmax = of(grade({"softmax": SOLVED["softmax"].replace("list(z).index(max(z))", "0.5")}), "softmax")
    assert [behaviour.passed for behaviour in softmax.behaviours] == [True, True, False]
    assert softmax.score == 4.0


def test_a_missing_function_costs_only_the_behaviours_that_need_it(grade: Any) -> None:
    softmax = of(grade({"softmax": SOLVED["softmax"].split("\n\n")[0]}), "softmax")
    assert softmax.score == 4.0
    assert softmax.behaviours[2].message == "the name is not defined"


def test_a_renamed_function_is_named_in_a_sentence(grade: Any) -> None:
    average = of(grade({"average": SOLVED["average"].replace("average", "mean")}), "average")
    assert (average.score, average.status) == (0.0, FAILED)
    assert average.note == "Your notebook does not define average."


def test_a_numpy_float_and_a_tuple_count_as_float_and_list(grade: Any) -> None:
    source = SOLVED["average"].replace("sum(values) / len(values)", "np.float64(np.sum(values) / len(values))")
    assert scores(grade({"average": source})) == ALL


@pytest.mark.parametrize("letter", ['"B"', '"b"', '"B."', '"(b) the shift"'])
def test_a_quiz_is_answered_by_its_letter(grade: Any, letter: str) -> None:
    shift = of(grade({"shift": f"answer_shift = {letter}"}), "shift")
    assert (shift.score, shift.misconception) == (1.0, None)
    assert shift.sentence == "You chose B. The factor $e^c$ cancels."


def test_a_wrong_choice_is_told_why_it_is_wrong(grade: Any) -> None:
    shift = of(grade({"shift": 'answer_shift = "A"'}), "shift")
    assert (shift.score, shift.status, shift.misconception) == (0.0, FAILED, "shift_A")
    assert shift.sentence == "You chose A. Doubling sharpens the distribution."


@pytest.mark.parametrize(
    ("answer", "note"),
    [("None", ""), ("7", "one of the letters"), ('"E"', "one of the letters"), ('"banana"', "one of the letters")],
)
def test_what_is_no_letter_is_no_answer_to_a_quiz(grade: Any, answer: str, note: str) -> None:
    shift = of(grade({"shift": f"answer_shift = {answer}"}), "shift")
    assert (shift.score, shift.status) == (0.0, NOT_ATTEMPTED)
    assert note in shift.note


def test_a_quiz_answered_in_a_new_cell_counts(grade: Any) -> None:
    assert of(grade({"shift": "answer_shift = None"}, {"shift": 'answer_shift = "B"'}), "shift").score == 1.0


# Known mistakes


def test_a_known_mistake_is_named(grade: Any) -> None:
    """Written in another way than in misconceptions.py, but with the same answers."""
    source = SOLVED["average"].replace("sum(values) / len(values)", "np.sum(values) * 2 / (2 * len(values) - 1)")
    average = of(grade({"average": source}), "average")
    assert (average.misconception, average.sentence) == ("one_too_few", "You seem to divide by one number too few.")


def test_a_mistake_like_a_known_one_is_not_named(grade: Any) -> None:
    """It differs in what it does with an empty list."""
    average = of(grade({"average": "def average(values):\n    return sum(values) / (len(values) - 0.5)"}), "average")
    assert average.status == FAILED
    assert average.misconception is None


def test_a_known_mistake_that_takes_too_long_is_named(grade: Any) -> None:
    slow = SOLVED["softmax"] + "\ndef largest(z):\n    while len(z):\n        continue"
    softmax = of(grade({"softmax": slow}), "softmax")
    assert (softmax.status, softmax.sentence) == (PARTLY, "Your search does not seem to end.")


def test_a_crash_is_no_sign_of_a_known_mistake(grade: Any) -> None:
    softmax = of(grade({"softmax": SOLVED["softmax"] + "\ndef largest(z):\n    import os\n    os._exit(1)"}), "softmax")
    assert (softmax.status, softmax.misconception) == (PARTLY, None)


def test_a_judge_names_a_known_mistake(grade: Any) -> None:
    draw = of(grade({"draw": "def draw(rng, n):\n    return rng.normal(size=n) * 3"}), "draw")
    assert (draw.misconception, draw.sentence) == ("bell_curve", "You seem to draw from a bell curve.")


def test_a_judge_says_what_is_wrong_about_a_public_draw(grade: Any) -> None:
    draw = of(grade({"draw": "def draw(rng, n):\n    return rng.random(n) * 7"}), "draw")
    public = generator(input_seed(0, WEEK, "draw", "many")).spawn(1)[0].random(200).max() * 7
    assert draw.behaviours[0].message == f"the largest of your numbers is {public:.3g}"


@pytest.mark.parametrize("answer", ["'text'", "[1, [2]]", "None", "np.zeros((200, 1))", "np.array(['a'] * 200)"])
def test_a_judge_that_cannot_read_the_answer_gives_no_points(grade: Any, answer: str) -> None:
    assert of(grade({"draw": f"def draw(rng, n):\n    return {answer}"}), "draw").score == 0.0


# Examples, and what is never shown


def test_an_example_shows_call_expected_and_got_on_public_inputs(grade: Any) -> None:
    average = of(grade({"average": SOLVED["average"].replace("sum(values) /", "max(values) + 0 *")}), "average")
    public = list(generator(input_seed(0, WEEK, "average", "some_numbers")).normal(size=5))
    behaviour = average.behaviours[0]
    assert behaviour.call == f"average([{', '.join(f'{x:.6g}' for x in public)}])"
    assert behaviour.expected == f"{sum(public) / 5:.6g}"
    assert behaviour.got == f"{max(public):.6g}"
    assert behaviour.message == "the value differs"


def test_an_example_that_is_right_says_that_other_inputs_are_not(grade: Any, lesson: Lesson) -> None:
    """Wrong for the graded inputs alone, which the student cannot know; here the test does."""
    hidden = generator(input_seed(SEED, WEEK, "average", "some_numbers")).normal(size=5)[0]
    source = SOLVED["average"] + f" + (abs(values[0] - {hidden}) < 1e-9)"
    behaviour = of(grade({"average": source}), "average").behaviours[0]
    assert (behaviour.passed, behaviour.message) == (False, ONLY_THERE)


LEAKS = {
    "printed by the function": "print(values)",
    "warned by the function": "import warnings\n    warnings.warn(repr(values))",
    "printed by a later cell": "SEEN.append(repr(values))",
    "the name of an exception": "raise type(repr(values)[:80], (ValueError,), {})(repr(values))",
    "the message of an exception": "raise ValueError(values)",
    "the name of a class": "return type(repr(values)[1:80], (), {})()",
    "a shape": "return np.zeros((0, int(abs(values[0]) * 10**8)))",
    "a length": "return [0] * int(abs(values[0]) * 10**4)",
    "a text": "return repr(values)",
    "the values": "return values",
    "a file": "open('seen', 'a').write(repr(values))",
    "an environment variable": "import os\n    os.environ['SEEN'] = repr(values)",
    "a title": "import matplotlib.pyplot as plt\n    plt.title(repr(values))",
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_hidden_inputs_are_in_nothing_that_anybody_reads(grade: Any, grader: Grader, leak: str) -> None:
    answers = {
        "average": f"SEEN = []\ndef average(values):\n    {leak}\n    return 0",
        "softmax": "import os\nprint(SEEN, os.environ.get('SEEN'), os.path.exists('seen') and open('seen').read())\n"
        "import sys\nframe = sys._getframe()\nwhile frame:\n    print(repr(frame.f_locals))\n    frame = frame.f_back\n"
        "raise ValueError(SEEN)",
    }
    result = grade(answers, {"average": "print(SEEN)\nSEEN"})
    copy = autograded_notebook(grader.form, submission(grader.lesson, SOLVED | answers), result)
    everything = json.dumps(result.as_json() | {"cells": result.cells}) + as_text(copy)
    page = feedback_page(result.as_json() | {"cells": result.cells}, "Week 1")
    seed = input_seed(SEED, WEEK, "average", "some_numbers")
    hidden = generator(seed).normal(size=5)
    for digits in [str(seed), *(f"{abs(x):.7f}".split(".")[1] for x in hidden)]:
        assert digits[:6] not in everything
        assert digits[:6] not in page


def test_the_process_that_shows_outputs_knows_no_probe(grade: Any) -> None:
    look = "import gc\nprint(sum(isinstance(o, dict) and o.get('kind') == 'pro' + 'be' for o in gc.get_objects()))"
    (output,) = next(cell for cell in grade(added={"average": look}).cells if cell["label"] == "added")["outputs"]
    assert output["text"] == "0\n"


# Forbidden shortcuts


SHORTCUTS = {
    "itself": "def average(values):\n    return np.mean(values)",
    "by another import": "import numpy\ndef average(values):\n    return numpy.mean(values)",
    "by its own name": "from numpy import mean as middle\ndef average(values):\n    return middle(values)",
    "by a new name": "middle = np.mean\ndef average(values):\n    return middle(values)",
    "beside a magic": "%matplotlib inline\ndef average(values):\n    return np.mean(values)",
    "below a cell magic": "%%capture\ndef average(values):\n    return np.mean(values)",
}


@pytest.mark.parametrize("source", SHORTCUTS.values(), ids=SHORTCUTS)
def test_a_forbidden_shortcut_earns_nothing_and_is_named(grade: Any, source: str) -> None:
    result = grade({"average": source})
    average = of(result, "average")
    assert (average.score, average.note) == (0.0, "This exercise asks you to do without numpy.mean.")
    assert scores(result) == ALL | {"average": 0.0}


def test_a_forbidden_shortcut_in_a_helper_counts_if_the_answer_uses_the_helper(grade: Any) -> None:
    helper = {"given-1": "def middle(values):\n    return np.mean(values)"}
    assert of(grade({"average": "def average(values):\n    return middle(values)"}, helper), "average").note
    assert scores(grade({}, helper)) == ALL


def test_a_comparison_in_an_own_cell_is_no_shortcut(grade: Any) -> None:
    assert scores(grade({}, {"check-average": "print(np.mean([1, 2]) - average([1, 2]))"})) == ALL


# The order of a messy notebook


def test_a_later_cell_that_uses_up_the_names_takes_nothing_away(grade: Any) -> None:
    messy = "softmax = softmax(np.ones(3))\nsum = 0\nnp = None\nlen = 3\naverage = 2.5"
    assert scores(grade(added={"check-draw": messy})) == ALL


def test_a_function_is_asked_before_the_cells_of_the_next_exercise_run(grade: Any) -> None:
    later = {"softmax": "average = None\nsum = None\n" + SOLVED["softmax"]}
    assert scores(grade(later)) == ALL


def test_a_value_in_the_place_of_the_function_right_behind_it_takes_nothing_away(grade: Any) -> None:
    assert scores(grade(added={"average": "average = average([1.0, 2.0])"})) == ALL


def test_a_helper_in_an_added_cell_is_found(grade: Any) -> None:
    helper = {"given-1": "def total(values):\n    return sum(values)"}
    assert scores(grade({"average": SOLVED["average"].replace("sum(", "total(")}, helper)) == ALL


def test_an_answer_in_an_own_cell_below_the_stub_counts(grade: Any, lesson: Lesson) -> None:
    stub = 'def average(values):\n    raise NotImplementedError("Exercise 1.1: average")'
    assert scores(grade({"average": stub}, {"check-average": SOLVED["average"]})) == ALL


def test_a_redefinition_below_the_next_exercise_does_not_count(grade: Any) -> None:
    assert scores(grade(added={"check-draw": "def average(values):\n    return 0"})) == ALL


def test_a_split_cell_runs_piece_by_piece(grade: Any, grader: Grader, process: WorkerProcess) -> None:
    split = submission(grader.lesson, SOLVED)
    split.answers["softmax"] = SOLVED["softmax"].split("\n\n")
    assert scores(grader.grade("ada", split, process)) == ALL


def test_a_piece_that_fails_leaves_what_the_others_define(grader: Grader, process: WorkerProcess) -> None:
    split = submission(grader.lesson, SOLVED)
    split.answers["average"] = [SOLVED["average"], "print(average(", "1 / 0"]
    assert scores(grader.grade("ada", split, process)) == ALL


def test_prints_warnings_and_stderr_cost_nothing(grade: Any) -> None:
    loud = (
        "import sys, warnings, logging\nprint('hello')\nprint('oh', file=sys.stderr)\nwarnings.warn('careful')\n"
        "logging.warning('hm')\nnp.float64(1) / 0\n"
    )
    assert (
        scores(
            grade({"average": loud + SOLVED["average"].replace("    return", "    warnings.warn('x')\n    return")})
        )["average"]
        == 4.0
    )


def test_a_changed_given_cell_is_noted_and_the_original_runs_too(grade: Any) -> None:
    result = grade({"given-1": "import math"})
    assert scores(result) == ALL
    assert result.notes == ["the given cell given-1 was changed; the original ran before the changed one"]


# Accidents


ACCIDENTS = {
    "a crash in the cell": ("import os\nos._exit(1)", "ended the whole Python process"),
    "an endless cell": ("while True:\n    pass", "still running"),
}


@pytest.mark.parametrize(("source", "reason"), ACCIDENTS.values(), ids=ACCIDENTS)
def test_a_lost_cell_costs_its_exercise_and_is_reported(grade: Any, source: str, reason: str) -> None:
    result = grade({"average": source})
    assert scores(result) == ALL | {"average": 0.0}
    assert result.status == "partly graded"
    (note,) = result.notes
    assert note.startswith("the cell of average was lost")
    assert reason in note


def test_an_endless_function_costs_its_exercise_and_says_so(grade: Any) -> None:
    result = grade({"average": "def average(values):\n    while True:\n        pass"})
    assert scores(result) == ALL | {"average": 0.0}
    assert "a loop that does not end" in of(result, "average").behaviours[0].message


def test_a_function_that_crashes_for_some_inputs_keeps_its_other_points(grade: Any) -> None:
    source = SOLVED["average"].replace("raise ValueError('none')", "__import__('os')._exit(1)")
    result = grade({"average": source})
    assert scores(result) == ALL | {"average": 2.0}
    assert "ended the whole Python process" in of(result, "average").behaviours[2].message


def test_a_syntax_error_costs_its_exercise(grade: Any) -> None:
    result = grade({"average": "def average(values:\n    return 1"})
    assert scores(result) == ALL | {"average": 0.0}


def test_a_rejected_submission_has_no_points_and_keeps_the_reason(grader: Grader, process: WorkerProcess) -> None:
    result = grader.grade("ada", Submission(rejected="the file is empty", notes=["a note"]), process)
    assert (result.status, result.score, result.notes) == ("rejected", 0.0, ["a note", "the file is empty"])
    assert [exercise.name for exercise in result.exercises] == list(ALL)
    assert not result.manual_pending


def test_the_worker_killed_by_a_student_costs_nobody_else(grader: Grader, process: WorkerProcess) -> None:
    """Where the sandbox cannot hide other processes; where it can, nothing happens at all."""
    kill = "import os, signal\ntry:\n    os.kill(os.getppid(), signal.SIGKILL)\nexcept OSError:\n    pass\n"
    with WorkerProcess(("numpy",), allow_unsafe=True) as own:
        grader.grade("eve", submission(grader.lesson, SOLVED | {"draw": kill}), own)
        assert scores(grader.grade("ada", submission(grader.lesson, SOLVED), own)) == ALL


# Repetition


def test_the_same_submission_gives_the_same_result(grader: Grader, process: WorkerProcess) -> None:
    answers = SOLVED | {"average": "def average(values):\n    return np.random.rand()", "draw": "1 / 0"}
    first, second = (grader.grade("ada", submission(grader.lesson, answers), process) for _ in range(2))
    first.seconds = second.seconds = 0.0
    assert first == second


def test_another_seed_asks_about_other_inputs(lesson: Lesson, grader: Grader, process: WorkerProcess) -> None:
    other = Grader(lesson, SEED + 1, SHORT)
    assert other.expected["average"]["some_numbers"].answer != grader.expected["average"]["some_numbers"].answer
    assert scores(other.grade("ada", submission(lesson, SOLVED), process)) == ALL


def test_answers_learnt_by_heart_earn_nothing_under_another_seed(
    lesson: Lesson, grader: Grader, process: WorkerProcess
) -> None:
    known = {name: expected.answer for name, expected in grader.expected["average"].items()}
    source = (
        f"def average(values):\n    if not values:\n        raise ValueError\n"
        f"    known = {{5: {known['some_numbers']!r}, 7: {known['far_from_zero']!r}, 1: {known['nothing'][1]!r}}}\n"
        "    return known[len(values)]"
    )
    answers = submission(lesson, SOLVED | {"average": source})
    assert of(grader.grade("eve", answers, process), "average").score == 4.0
    assert of(Grader(lesson, SEED + 1, SHORT).grade("eve", answers, process), "average").score == 0.0


# Forgeries


def array(dtype: str, shape: list[Any], content: bytes) -> msgpack.ExtType:
    return msgpack.ExtType(0, msgpack.packb([dtype, shape, content], use_bin_type=True))


def raised(*names: Any) -> msgpack.ExtType:
    return msgpack.ExtType(5, msgpack.packb(list(names), unicode_errors="surrogatepass"))


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


FORGED_ANSWERS: dict[str, Any] = {
    "a time stamp": {"answer": msgpack.Timestamp(1, 1)},
    "nested lists": {"answer": nested(400)},
    "no keys": {},
    "other keys": {"answer": None, "missing": 7, "outputs": "x"},
    "missing without end": {"missing": ["average"] * 1000 + [None, {}, "hidden_7_7_7"]},
    "missing arrays": {"missing": [array("<f8", [2], bytes(16))]},
    "an exception without a name": {"answer": raised()},
    "an exception with a terrible name": {"answer": raised("\ud800\x1b[2J</script>" * 9)},
    "a scalar array": {"answer": array("<f8", [], bytes(8))},
    "a structured array": {"answer": array("i4,f8", [1], bytes(12))},
    "a long float": {"answer": array("<f16", [1], bytes(16))},
    "a complex number": {"answer": array("<c16", [], bytes(16))},
    "an empty array of many dimensions": {"answer": array("<f8", [0] * 30, b"")},
    "a shape that overflows": {"answer": array("<f8", [0, 2**62, 2**62], b"")},
    "a surrogate": {"answer": b"\xa3\xed\xa0\x80"},
    "infinities": {"answer": [float("nan"), float("inf"), -(2**63)]},
    "a set of sets": {"answer": msgpack.ExtType(3, msgpack.packb([1, 2]))},
}


@pytest.mark.parametrize("frame", FORGED_ANSWERS.values(), ids=FORGED_ANSWERS)
def test_a_forged_answer_gains_nothing_and_breaks_nothing(
    grader: Grader, process: WorkerProcess, frame: Any, tmp_path: Path
) -> None:
    packed = msgpack.packb(frame, unicode_errors="surrogatepass")
    source = (
        "import os, stat\ndef average(values):\n    for number in range(3, 64):\n        try:\n"
        "            if stat.S_ISFIFO(os.fstat(number).st_mode):\n"
        f"                os.write(number, {LENGTH.pack(len(packed)) + packed!r})\n"
        "        except OSError:\n            pass\n    os._exit(0)"
    )
    forged = submission(grader.lesson, SOLVED | {"average": source})
    result = grader.grade("eve", forged, process)
    assert of(result, "average").score == 0.0
    assert scores(grader.grade("ada", submission(grader.lesson, SOLVED), process)) == ALL
    stored = result.as_json() | {"cells": result.cells}
    page = feedback_page(json.loads(json.dumps(stored)), "Week 1")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    copy = as_text(autograded_notebook(grader.form, forged, result))
    (tmp_path / "copy.ipynb").write_text(copy, encoding="utf-8")
    assert "hidden_7_7_7" not in page


FORGED_OUTPUTS: dict[str, Any] = {
    "no list": 7,
    "strange kinds": [{"output_type": array("<f8", [2], bytes(16))}, {"output_type": ["x"]}, 7, None],
    "a strange name": [{"output_type": "stream", "name": array("<f8", [2], bytes(16)), "text": "x"}],
    "a picture that is a number": [{"output_type": "display_data", "data": {"image/png": 20_000_000_000}}],
    "a picture that is an array": [
        {"output_type": "display_data", "data": {"image/png": array("<f8", [2], bytes(16))}}
    ],
    "a picture that is garbage": [{"output_type": "display_data", "data": {"image/png": "\x00 é"}}],
    "an error of arrays": [{"output_type": "error", "ename": array("<f8", [2], bytes(16)), "traceback": [None, 7]}],
    "an error of surrogates": [
        {"output_type": "error", "ename": "x", "evalue": "y", "traceback": [b"\xa3\xed\xa0\x80"]}
    ],
    "more than anybody reads": [{"output_type": "stream", "name": "stdout", "text": "x" * 3000}] * 300,
}


@pytest.mark.parametrize("outputs", FORGED_OUTPUTS.values(), ids=FORGED_OUTPUTS)
def test_forged_outputs_break_nothing(grader: Grader, process: WorkerProcess, outputs: Any, tmp_path: Path) -> None:
    packed = msgpack.packb({"outputs": outputs}, unicode_errors="surrogatepass")
    source = (
        "import os, stat\nfor number in range(3, 64):\n    try:\n"
        "        if stat.S_ISFIFO(os.fstat(number).st_mode):\n"
        f"            os.write(number, {LENGTH.pack(len(packed)) + packed!r}[:60000])\n"
        "    except OSError:\n        pass\nos._exit(0)"
    )
    if len(packed) > 60_000:
        source = source.replace("[:60000]", "")
    forged = submission(grader.lesson, SOLVED | {"average": source})
    result = grader.grade("eve", forged, process)
    assert of(result, "average").score == 0.0
    assert scores(grader.grade("ada", submission(grader.lesson, SOLVED), process)) == ALL
    stored = json.dumps(result.as_json() | {"cells": result.cells})
    (tmp_path / "page.html").write_text(feedback_page(json.loads(stored), "Week 1"), encoding="utf-8")
    copy = as_text(autograded_notebook(grader.form, forged, result))
    (tmp_path / "copy.ipynb").write_text(copy, encoding="utf-8")
    assert len(json.dumps([cell["outputs"] for cell in result.cells])) < 300_000


# The graded copy


def test_the_graded_copy_carries_each_score_as_the_value_of_its_test_cell(grade: Any, grader: Grader) -> None:
    answers = {"average": "def average(values):\n    return sum(values) / len(values)"}
    copy = autograded_notebook(grader.form, submission(grader.lesson, SOLVED | answers), grade(answers))
    (tests,) = [cell for cell in copy.cells if cell.id == "test-average"]
    lines, value = tests.outputs
    assert value.data["text/plain"] == "2.0"
    assert "holds  averages some numbers\n" in lines.text
    assert "FAILS  refuses an empty list with a ValueError" in lines.text


def test_the_graded_copy_holds_no_solution_of_the_course(grade: Any, grader: Grader) -> None:
    empty = submission(grader.lesson, {})
    empty.answers, empty.written = {}, {}
    copy = as_text(autograded_notebook(grader.form, empty, grade()))
    assert "powers / powers.sum()" not in copy
    assert "The exponential function grows." not in copy


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "[click][1]\n\n[1]: JavaScript:alert(1)",
        "![](http://elsewhere.example/pixel.png)",
        "![a][b]\n\n[b]: http://elsewhere.example/pixel.png",
        "$\\href{java\nscript:alert(1)}{x}$",
        "$\\style{position:fixed}{x}$",
        "<javascript:alert(1)>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "``` {=html}\n<script>alert(1)</script>\n```",
    ],
)
def test_a_written_answer_cannot_run_or_load_anything_where_graders_read_it(
    grade: Any, grader: Grader, text: str
) -> None:
    from nbconvert.filters import markdown2html

    copy = autograded_notebook(grader.form, submission(grader.lesson, SOLVED | {"proof": text}), grade())
    (cell,) = [cell for cell in copy.cells if cell.id == "proof"]
    page = markdown2html(cell.source)
    assert "<script" not in page
    assert "<img" not in page
    assert set(re.findall('href="(.*?:)', page)) <= {"http:"}, "a plain address, which does what it says"
    assert "\\href{" not in page
    assert "\\style{" not in page


def test_the_formulas_of_a_written_answer_stay_formulas(grade: Any, grader: Grader) -> None:
    from nbconvert.filters import markdown2html

    text = "If $a<b$ & $0 < e^a$:\n\n$$\\begin{aligned} f(x) &= x \\\\ &< 1 \\end{aligned}$$"
    copy = autograded_notebook(grader.form, submission(grader.lesson, SOLVED | {"proof": text}), grade())
    (cell,) = [cell for cell in copy.cells if cell.id == "proof"]
    page = markdown2html(cell.source)
    assert "&amp;lt;" not in page
    assert "&amp;amp;" not in page
    assert "f(x) &amp;= x" in page


def test_expected_answers_are_finite_plain_data(grader: Grader) -> None:
    assert np.isfinite(grader.expected["softmax"]["large_logits"].answer).all()


ROUGH = """from autograder.variants import wrong


@wrong("average", "It leaves something behind.")
def leaves_a_name(values):
    global left_behind
    left_behind = 1.0
    return left_behind


@wrong("average", "It uses what another one left.")
def needs_that_name(values):
    return left_behind


@wrong("average", "It ends everything.")
def ends_the_process(values):
    import os
    os._exit(1)


@wrong("average", "It is the first element.")
def takes_the_first(values):
    return values[0]
"""


def test_misconceptions_that_are_asked_in_one_run_answer_as_if_each_were_alone(
    tmp_path: Path, process: WorkerProcess
) -> None:
    lesson = small_lesson(tmp_path)
    (lesson.folder / "misconceptions.py").write_text(ROUGH, encoding="utf-8")
    fingerprints = Grader(lesson, SEED, replace(SHORT, restarts=3)).fingerprints
    task = lesson.exercises["average"]
    leaves, needs, ends, first = fingerprints.answers(task, process)
    assert leaves == {"some_numbers": 1.0, "far_from_zero": 1.0, "nothing": (1.0, 1.0)}
    assert {answer.name for answer in ends.values()} == {frames.CRASHED}
    assert needs["some_numbers"].name == "NameError"
    inputs = generator(input_seed(SEED, WEEK, "average", "some_numbers")).normal(size=5)
    assert first["some_numbers"] == inputs[0]
    assert [variant.name for variant, _ in fingerprints.broken(task, process)] == ["needs_that_name"]
