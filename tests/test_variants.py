"""Misconceptions and alternatives: source that takes the place of the reference's functions."""

import pytest

from autograder.errors import CourseError
from autograder.variants import read_variants

TOP = """import math

from autograder.variants import wrong
from reference import double

TWO = 2

"""


def read(tmp_path, source, mark="wrong"):
    path = tmp_path / "misconceptions.py"
    path.write_text(source)
    return read_variants(path, mark)


def spliced(variant, **reference):
    """The names after the variant's code ran behind the reference's functions."""
    names = dict(reference)
    exec(variant.code, names)
    return names


def test_a_misconception_has_a_name_its_targets_and_the_sentence_that_a_student_reads(tmp_path):
    (variant,) = read(
        tmp_path, TOP + '@wrong("double", "You seem "\n       "to add.")\ndef adds(x):\n    return x + TWO\n'
    )
    assert (variant.name, variant.targets, variant.sentence) == ("adds", ("double",), "You seem to add.")


def test_a_function_finds_the_files_imports_and_constants_itself_and_the_references_version_of_its_target(tmp_path):
    source = (
        '@wrong("double", "Counts down.")\ndef counts(x):\n    """Text\n    in lines."""\n'
        "    return math.floor(double(x)) + TWO if x > 2 else counts(x + 1)\n"
    )
    (variant,) = read(tmp_path, TOP + source)
    assert spliced(variant, double=lambda x: 10 * x)["double"](1) == 32


def test_a_class_takes_the_place_of_a_class_or_serves_as_a_namespace_for_several(tmp_path):
    one, several = read(
        tmp_path,
        'from autograder.variants import alternative\n\n@alternative("Meter")\nclass Other(Meter):\n    unit = "km"\n\n'
        '@alternative("f", "g")\nclass Both:\n    def f(x):\n        return 1\n\n'
        "    def g(x):\n        return f(x) + 1\n",
        "alternative",
    )
    meter = type("Meter", (), {})
    other = spliced(one, Meter=meter)["Meter"]
    assert issubclass(other, meter)
    assert (other.unit, one.sentence) == ("km", "")
    assert spliced(several)["g"](0) == 2


def test_one_sentence_may_be_of_several_targets_separated_by_commas(tmp_path):
    (variant,) = read(tmp_path, TOP + '@wrong("f, g", "No.")\nclass Both:\n    def f(): ...\n    def g(): ...\n')
    assert variant.targets == ("f", "g")


def test_other_decorators_stay(tmp_path):
    (variant,) = read(
        tmp_path,
        'import functools\n\n@functools.lru_cache\n@wrong("double", "Remembers.")\ndef remembers(x):\n    return x\n',
    )
    assert spliced(variant, double=None)["double"].cache_info().hits == 0


FUNCTION = "def f(x):\n    return x\n"
MISTAKES = {
    "no mark": (FUNCTION, 'line 8: f needs one mark @wrong("function", "sentence"); a helper stands inside'),
    "no brackets": ("@wrong\n" + FUNCTION, "line 9: f needs one mark @wrong("),
    "the mark of the other file": ('@alternative("double")\n' + FUNCTION, "line 9: f needs one mark @wrong("),
    "two marks": ('@wrong("a", "B.")\n@wrong("c", "D.")\n' + FUNCTION, "line 10: f needs one mark @wrong("),
    "no sentence": ('@wrong("double")\n' + FUNCTION, "line 9: f needs the mark @wrong("),
    "an empty sentence": ('@wrong("double", " ")\n' + FUNCTION, "line 9: f needs a mark with texts in quotes"),
    "a sentence with a name": ('@wrong("double", TEXT)\n' + FUNCTION, "f needs a mark with texts in quotes"),
    "a sentence that is a number": ('@wrong("double", 3)\n' + FUNCTION, "f needs a mark with texts in quotes"),
    "arguments by name": ('@wrong(target="double", sentence="No.")\n' + FUNCTION, "a mark with texts in quotes"),
    "one name twice": (f'@wrong("double", "No.")\n{FUNCTION}' * 2, "two functions are called f; give one of them"),
    "a loop": ("for i in [1]:\n    pass\n", "line 8: beside marked functions and classes a file holds imports and"),
    "no Python": ("def f(:\n", "is no Python: invalid syntax"),
}


@pytest.mark.parametrize(("source", "remedy"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_in_the_file_is_refused_with_file_line_and_remedy(tmp_path, source, remedy):
    with pytest.raises(CourseError) as caught:
        read(tmp_path, TOP + source)
    assert str(caught.value).startswith(str(tmp_path / "misconceptions.py"))
    assert remedy in str(caught.value)


def test_a_mark_without_a_target_is_refused_with_its_form(tmp_path):
    with pytest.raises(CourseError, match=r'line 2: f needs the mark @alternative\("function"\)'):
        read(tmp_path, "@alternative()\ndef f(x):\n    return x\n", "alternative")
