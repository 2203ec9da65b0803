"""Probes: what they are, what an author may not write, and what of them reaches the student's process."""

import numpy as np
import pytest
from small_course import refusal, small_lesson

from autograder.errors import LessonError
from autograder.expected import expected_answers
from autograder.probes import generator, input_seed, read_probes, student_side
from autograder.wire import Raised


def reference(x):
    """The function that the exercise of these tests asks for."""
    return np.asarray(x) * 2


reference.__module__ = "reference"
SCOPE = {"f": reference, "other": reference, "LIMIT": 3}


def read(source, **given):
    return read_probes(source, SCOPE, {"f"}, "lesson.md, line 7 (probes of f)", **given)


def probe(body, decorator=""):
    return f'{decorator}\ndef observed(rng):\n    """does it"""\n    {body}\n'


def test_a_probe_carries_its_behaviour_tolerance_share_accepted_errors_and_judge():
    plain, marked = read(
        'def plain(rng):\n    """is plain"""\n    return f(1)\n\n'
        '@weight(2)\n@tolerance(rtol=1e-3, atol=0)\n@accepts("KeyError")\n'
        'def marked(rng):\n    """is marked"""\n    return f(1)\n\n'
        "@judge(marked)\ndef _(answer, expected, rng):\n    return 'no'\n"
    )
    assert (plain.name, plain.behaviour, plain.weight, plain.judge) == ("plain", "is plain", 1, None)
    assert (plain.tolerance.rtol, plain.tolerance.atol, plain.tolerance.accepts) == (1e-7, 1e-9, ())
    assert (marked.weight, marked.tolerance.rtol, marked.tolerance.atol) == (2, 1e-3, 0)
    assert marked.tolerance.accepts == ("KeyError",)
    assert marked.judge(1, 1, None) == "no"


VERDICTS = {
    "a comparison": "return f(1) == 2",
    "a check of the library": "return np.allclose(f(1), 2)",
    "a check as a float": "return float(np.allclose(f(1), 2))",
    "a negation": "return not f(1)",
    "through a variable": "ok = f(1) == 2\n    return ok",
    "through a variable of the answer": "y = f(1)\n    good = (y > 0) & (y < 3)\n    return good",
    "in a tuple": "return f(1), f(1) < 3",
    "in a dict": 'return {"ok": f(1) == 2}',
    "in a list comprehension": "return [value == 2 for value in f([1, 1])]",
    "collected in a loop": "found = []\n    for x in f([1, 1]):\n        found.append(x == 2)\n    return found",
    "counted": "return np.sum(f([1, 1]) == 2)",
    "an average of hits": "return (f([1, 1]) == 2).mean()",
    "one of two words": 'return "right" if f(1) == 2 else "wrong"',
    "one of two numbers": "return 1 - (1 if np.allclose(f(1), 2) else 0)",
    "a constant in a branch": "if f(1) == 2:\n        return True\n    return False",
    "of a function inside": "def same(a, b):\n        return a == b\n    return same(f(1), 2)",
    "inverted": "return ~(f(1) == 2)",
    "a word beside an answer": "return [f(1), True]",
    "an assignment expression": "return (ok := f(1) == 2)",
}


@pytest.mark.parametrize("body", VERDICTS.values(), ids=VERDICTS.keys())
def test_a_probe_that_returns_a_verdict_is_refused_with_cell_name_and_remedy(body):
    with pytest.raises(LessonError) as caught:
        read(probe(body))
    message = str(caught.value)
    assert message.startswith("lesson.md, line 7 (probes of f): the probe observed ")
    assert "return what you observed (the array, the value): it is compared outside" in message


def test_a_probe_that_asks_a_helper_for_a_verdict_is_refused():
    with pytest.raises(LessonError, match="the probe observed returns a verdict"):
        read("def _same(a, b):\n    return np.allclose(a, b)\n" + probe("return _same(f(1), 2)"))


@pytest.mark.parametrize("body", ["f(1)", "f(1)\n    return", "f(1)\n    return None", "x = f(1)"])
def test_a_probe_that_forgets_to_return_is_refused_because_everybody_would_pass(body):
    with pytest.raises(LessonError, match="the probe observed does not return what it observed"):
        read(probe(body))


def test_a_helper_that_compares_inputs_is_no_verdict_and_one_that_compares_answers_is():
    helper = "def above(x):\n    return x > 0.5\n"
    read(helper + probe("mask = above(rng.random(3))\n    return [f(mask), mask]"))
    with pytest.raises(LessonError, match="the probe observed returns a verdict"):
        read(helper + probe("return above(f(rng.random(3)))"))
    with pytest.raises(LessonError, match="the probe observed returns a verdict"):
        read("def right(x):\n    return f(x) == 2\n" + probe("return right(1)"))


def test_a_probe_that_asserts_is_refused():
    with pytest.raises(LessonError, match="the probe observed asserts; return what you observed"):
        read(probe("assert f(1) == 2\n    return f(1)"))


OBSERVATIONS = {
    "a mask among the inputs": "x = rng.random(3)\n    mask = x > 0.5\n    return [f(mask), mask]",
    "a list of masks": "masks = [x > 0.5 for x in rng.random(3)]\n    return [f(masks), masks]",
    "answers from a loop": "found = []\n    for x in rng.random(3):\n        found.append(f(x))\n    return found",
    "one answer or another": "return f(2) if f(1) > 2 else f(3)",
    "the sign turned": "return -f(1)",
    "a function that compares with an answer as input": (
        "y = f(1)\n    def above(t):\n        return t > y\n    return attempt(f, above)"
    ),
    "a helper's work": "def twice(y):\n        return [y, y]\n    return twice(f(1))",
    "a comparison that chooses inputs": "x = np.where(rng.random(3) > 0.5, 1, 2)\n    return f(x)",
    "a function of comparisons as input": "def step(t):\n        return t > 0\n    return attempt(f, step)",
    "a branch on the inputs": "x = 1 if rng.random() < 0.5 else 2\n    return f(x)",
    "an attribute and an item": "y = f(rng.normal(size=3))\n    return [y.shape, y[0], y.T]",
    "arithmetic on an answer": "return 1e300 * f(rng.normal(size=3))",
    "a local variable with a name of the reference's": "other = rng.normal()\n    return f(other)",
    "own functions and imports": "import itertools as tools\n    return [f(x) for x in tools.repeat(1, 3)]",
    "an error caught": (
        "try:\n        y = f(None)\n    except TypeError as error:\n        y = str(error)\n    return y"
    ),
}


@pytest.mark.parametrize("body", OBSERVATIONS.values(), ids=OBSERVATIONS.keys())
def test_a_probe_that_returns_what_it_observed_is_accepted(body):
    assert [found.name for found in read(probe(body))] == ["observed"]


SLIPS = {
    "no docstring": ("def p(rng):\n    return f(1)", "the probe p needs a docstring of one line"),
    "two lines of docstring": (
        'def p(rng):\n    """a\n    b"""\n    return f(1)',
        "the probe p needs a docstring of one line",
    ),
    "one name twice": (
        probe("return f(1)") * 2,
        "observed is defined twice; every probe and helper needs its own name",
    ),
    "no call of the exercise": (probe("return rng.normal()"), "the probe observed calls no function of its exercise"),
    "a function of another exercise": (probe("return f(other(1))"), "the probe observed uses other, which it will not"),
    "a constant of the reference": (probe("return f(LIMIT)"), "uses LIMIT, which it will not find"),
    "a helper with a foreign name": (
        "def _x():\n    return other(1)\n" + probe("return f(_x())"),
        "the helper _x uses other, which it will not find",
    ),
    "a package that the lesson lacks": (probe("return f(torch.ones(3))"), "uses torch, which it will not find"),
    "a helper that is no probe after all": (
        'def large():\n    """is large"""\n    return f(1)\n' + probe("return f(1)"),
        "the helper large is used by no probe; a probe has the single parameter `rng`",
    ),
    "a mark on a helper": (
        probe("return f(1)").replace("(rng)", "(rng, n=3)").replace("\ndef", "@weight(2)\ndef"),
        "the helper observed has a mark @weight but is no probe",
    ),
    "a mark without brackets": (probe("return f(1)", "@weight"), "write @weight(...), with what belongs between"),
    "a judge without brackets": (
        probe("return f(1)") + "@judge\ndef _(answer, expected, rng):\n    return None\n",
        "the judge _: write @judge(...)",
    ),
    "an unknown mark": (probe("return f(1)", "@tolerence(1e-3)"), "does not run: NameError: name 'tolerence'"),
    "a negative tolerance": (probe("return f(1)", "@tolerance(-1)"), "@tolerance takes numbers from 0 on"),
    "a weight of zero": (probe("return f(1)", "@weight(0)"), "@weight takes a number above 0, such as @weight(2)"),
    "a tolerance that is no number": (probe("return f(1)", "@tolerance(float('nan'))"), "@tolerance takes numbers"),
    "a weight in quotes": (probe("return f(1)", '@weight("2")'), "@weight takes a number above 0, such as @weight(2)"),
    "a class in the place of its name": (
        probe("return f(1)", "@accepts(ValueError)"),
        '@accepts takes names in quotes, such as @accepts("ValueError")',
    ),
    "a judge above its probe": (
        "@judge(observed)\ndef _(answer, expected, rng):\n    return None\n" + probe("return f(1)"),
        "does not run: NameError: name 'observed' is not defined",
    ),
    "a judge of two arguments": (
        probe("return f(1)") + "@judge(observed)\ndef _(answer, expected):\n    return None\n",
        "the judge of observed: write one function (answer, expected, rng) for a probe, and no second",
    ),
    "two judges": (
        probe("return f(1)") + "@judge(observed)\ndef _(answer, expected, rng):\n    return None\n" * 2,
        "the judge of observed: write one function (answer, expected, rng) for a probe, and no second",
    ),
    "a helper named like what is tested": (
        "def f(x):\n    return x\n" + probe("return f(1)"),
        "the helper f takes the name f from what is tested; call it differently",
    ),
    "a tool overwritten": (
        "np = 3\n" + probe("return f(np)"),
        "line 1 of the cell takes the name np from what is tested",
    ),
    "tabs among spaces": ("def p(rng):\n    '''x'''\n\treturn f(1)", "line 3 of the cell is no Python"),
}


@pytest.mark.parametrize(("source", "remedy"), SLIPS.values(), ids=SLIPS.keys())
def test_a_slip_in_a_probe_cell_is_refused_with_cell_name_and_remedy(source, remedy):
    with pytest.raises(LessonError) as caught:
        read(source)
    assert str(caught.value).startswith("lesson.md, line 7 (probes of f): ")
    assert remedy in str(caught.value)


def test_functions_that_the_solution_cell_uses_and_packages_of_the_lesson_may_be_called():
    (found,) = read(probe("return other(numpy.ones(2))"), uses=["other"], modules=["numpy"])
    assert found.function(None).tolist() == [2, 2]


def test_the_student_process_gets_no_judge_nothing_of_a_judge_no_mark_and_no_docstring_of_a_probe():
    source = (
        'import os\nimport sys\nLIMIT = 3\nANSWERS = [LIMIT, 42]\nNOTES = {}\nNOTES["n"] = 1\n'
        'def _rows(rng, n):\n    """n rows"""\n    return rng.normal(size=n), sys.maxsize\n\n'
        "def _opinion(answer):\n    return Mistake('late') if os.sep in ANSWERS else None\n\n"
        '@weight(2)\ndef large(rng):\n    """stays finite"""\n    return f(_rows(rng, LIMIT)[0])\n\n'
        "@judge(large)\ndef _(answer, expected, rng):\n    return _opinion(answer)\n"
    )
    assert [found.judge([]) for found in read(source.replace("answer, expected, rng", "answer, b=0, c=0"))] == [None]
    question = student_side(source, {"f", "g"})["large"]
    kept = question.source
    for gone in ("judge", "_opinion", "ANSWERS", "42", "os", "Mistake", "weight", "stays finite"):
        assert gone not in kept
    scope = {"f": lambda x: list(x), "np": np}
    exec(kept, scope)
    assert scope["NOTES"] == {"n": 1}
    assert scope["large"](generator(1)) == list(generator(1).normal(size=3))
    assert question.names == ["f"]


def test_a_probe_goes_without_the_others_so_that_it_needs_only_its_own_names():
    questions = student_side(
        "def _n():\n    return 3\n\n"
        "def a(rng):\n    'one'\n    return f(_n())\n\n"
        "def b(rng):\n    'two'\n    return g(2)\n",
        {"f", "g"},
    )
    assert (questions["a"].names, questions["b"].names) == (["f"], ["g"])
    assert "_n" in questions["a"].source
    assert "f(" not in questions["b"].source


def test_inputs_differ_by_probe_exercise_week_and_seed_and_never_show_the_seed():
    seeds = {
        input_seed(*case)
        for case in [(1, "w", "e", "p"), (2, "w", "e", "p"), (1, "v", "e", "p"), (1, "w", "d", "p"), (1, "w", "e", "q")]
    }
    assert len(seeds) == 5
    assert all(seed.bit_length() > 64 for seed in seeds)
    assert input_seed(1, "w", "e", "p") == input_seed(1, "w", "e", "p")


def test_the_reference_answers_in_plain_data_with_its_calls_as_text(tmp_path):
    lesson = small_lesson(tmp_path)
    answers = expected_answers(lesson, lesson.exercises["double"], seed=5)
    assert answers["too_large"].answer == [Raised(("ValueError", "Exception", "BaseException")), 4]
    assert answers["too_large"].calls == ("double(1001)", "double(2)")
    assert answers == expected_answers(lesson, lesson.exercises["double"], seed=5)


def test_of_a_probe_with_very_many_calls_the_first_hundred_are_written_down(tmp_path):
    body = "return [double(n) for n in range(500)]"
    lesson = small_lesson(tmp_path, "return double(int(rng.integers(1, 9)))", body)
    calls = expected_answers(lesson, lesson.exercises["double"], seed=5)["whole_numbers"].calls
    assert calls == tuple(f"double({number})" for number in range(100))


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("return attempt(double, 1001)", "only expects an error; let it return the value of a valid call too"),
        ('return {"error": attempt(double, 1001)}', "only expects an error"),
        ("return [double]", "returns something that is no plain data; return arrays, numbers or texts"),
        ("return {1: double}", "returns something that is no plain data"),
        ("return double(2000)", "fails on the reference itself: ValueError: too large"),
        ("return [None, double.__defaults__]", "returns nothing that could be wrong; return what the exercise's"),
        ("return [] * double(1)", "returns nothing that could be wrong"),
    ],
)
def test_a_probe_that_is_of_no_use_on_the_reference_is_refused_by_name(tmp_path, body, complaint):
    lesson = small_lesson(tmp_path, "return double(int(rng.integers(1, 9)))", body)
    with pytest.raises(LessonError) as caught:
        expected_answers(lesson, lesson.exercises["double"], seed=5)
    assert str(caught.value).startswith("week1-doubling: the probe whole_numbers of double ")
    assert complaint in str(caught.value)


def test_a_probe_sees_the_signature_and_the_docstring_of_the_reference(tmp_path):
    body = "import inspect\n    return [str(inspect.signature(double)), double.__doc__, double.__name__]"
    lesson = small_lesson(tmp_path, "return double(int(rng.integers(1, 9)))", body)
    answer = expected_answers(lesson, lesson.exercises["double"], seed=5)["whole_numbers"].answer
    assert answer == ["(x: float) -> float", "Twice x; a ValueError above 1000.", "double"]


def test_the_error_of_a_probe_names_the_file_of_the_lesson(tmp_path):
    message = refusal(tmp_path, "return total(row)", "return total(row) == 3")
    assert message.startswith("solutions/week1-doubling/lesson.md, line ")
    assert "(probes of total): the probe sums returns a verdict" in message
