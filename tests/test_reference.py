"""The reference: read, run, and turned into stubs that show nothing of a solution."""

import pytest

from autograder.errors import CourseError
from autograder.reference import read_reference
from autograder.release import clear_answers


def reference(tmp_path, source):
    path = tmp_path / "reference.py"
    path.write_bytes(source.encode())
    return read_reference(path)


def stub(tmp_path, source, name="f"):
    """What students see of `name`."""
    return clear_answers(reference(tmp_path, source).marked(name, "Exercise 1.1"))


def test_a_stub_is_the_signature_the_docstring_and_an_error_that_names_exercise_and_function(tmp_path):
    source = (
        "import functools\n\n\n@functools.cache\ndef f(\n    x: float,  # a number\n    n: int = 2,\n) -> float:\n"
        '    """x to the\n    power of n."""\n\n    # the trick\n    def g():\n        return x**n\n\n    return g()\n'
        "    # and no more\n\n\nSECRET = 3\n"
    )
    assert stub(tmp_path, source) == (
        "@functools.cache\ndef f(\n    x: float,  # a number\n    n: int = 2,\n) -> float:\n"
        '    """x to the\n    power of n."""\n    raise NotImplementedError("Exercise 1.1: f")'
    )


def test_a_class_shows_its_fields_given_methods_and_a_stub_for_each_other_method(tmp_path):
    source = (
        'class f:\n    """Sums."""\n\n    unit: str = "m"\n    nothing = lambda: None\n\n'
        "    def __init__(self):  # given\n        self.sum = 0.0\n\n"
        '    @property\n    def mean(self):\n        """The mean."""\n        return self.sum / 2\n\n'
        "    def add(\n        self, x\n    ):\n        # the trick\n\n        self.sum += (lambda y: y)(x)\n"
    )
    assert stub(tmp_path, source) == (
        'class f:\n    """Sums."""\n\n    unit: str = "m"\n    nothing = lambda: None\n\n'
        "    def __init__(self):  # given\n        self.sum = 0.0\n\n"
        '    @property\n    def mean(self):\n        """The mean."""\n'
        '        raise NotImplementedError("Exercise 1.1: f.mean")\n\n'
        '    def add(\n        self, x\n    ):\n        raise NotImplementedError("Exercise 1.1: f.add")'
    )


def test_a_class_without_methods_is_given_whole(tmp_path):
    source = 'from typing import NamedTuple\n\n\nclass f(NamedTuple):\n    """A pair."""\n\n    x: int\n    y: int = 0'
    assert stub(tmp_path, source) == source[source.index("class") :]


def test_a_function_of_a_docstring_alone_stays_as_it_is(tmp_path):
    assert stub(tmp_path, 'def f(x):\n    """Doc."""\n') == 'def f(x):\n    """Doc."""'


def test_a_name_with_an_underscore_leaves_no_trace(tmp_path):
    assert stub(tmp_path, "def _f(x):\n    return 42\n", "_f") == ""


@pytest.mark.parametrize(
    "source",
    [
        'NOTE = """page\x0cbreak"""\n\n\ndef f(x):\n    """Doc."""\n    secret = 42\n    return secret\n',
        'def f(x):\r\n    """Doc."""\r\n    secret = 42\r\n    return secret\r\n',
        'def f(x):\n\t"""Doc."""\n\tsecret = 42\n\treturn secret\n',
        'def f(x):\n    """Doc."""\n    return """\nsecret = 42\n### END\n"""\n',
    ],
    ids=["a form feed", "Windows line ends", "tabs", "a text at the left margin"],
)
def test_no_line_of_a_solution_is_left_behind_by_unusual_spacing(tmp_path, source):
    text = stub(tmp_path, source)
    assert "secret" not in text
    scope = {}
    exec(text, scope)  # the stub is Python
    with pytest.raises(NotImplementedError, match=r"Exercise 1\.1: f"):
        scope["f"](1)


@pytest.mark.parametrize(
    ("source", "remedy"),
    [
        ('def f(x): "Doc."; return 42\n', "line 1: write the body of f on lines of its own"),
        ('def f(x):\n    """Doc."""; return 42\n', "line 1: write the body of f on lines of its own"),
        ('class f:\n    """D."""\n\n    def g(self): return 42\n', "line 4: write the body of g on lines of its own"),
        (
            'class f:\n    """D."""\n\n    class G:\n        def h(self):\n            return 42\n',
            "line 4: students would see this part of f; write a method or a field",
        ),
        (
            'class f:\n    """D."""\n\n    async def g(self):\n        return 42\n',
            "line 4: students would see this part",
        ),
        ('class f:\n    """D."""\n\n    g = lambda self: self.x + 42\n', "line 4: students would see this part of f"),
    ],
)
def test_a_solution_that_a_stub_would_show_is_refused_with_file_line_and_remedy(tmp_path, source, remedy):
    with pytest.raises(CourseError) as caught:
        stub(tmp_path, source)
    assert str(caught.value).startswith(f"{tmp_path / 'reference.py'}, ")
    assert remedy in str(caught.value)


def test_a_public_function_without_docstring_is_refused_because_it_is_what_students_read(tmp_path):
    with pytest.raises(CourseError, match=r"reference.py, line 2: f needs a docstring: it is what students read"):
        reference(tmp_path, "\ndef f(x):\n    return 1\n")


@pytest.mark.parametrize("source", ["def f(:\n", "import nothing_of_this_name\n", "x = 1 / 0\n", "x = '\0'\n"])
def test_a_reference_that_does_not_run_is_refused_with_file_and_reason(tmp_path, source):
    with pytest.raises(CourseError, match=r"reference.py does not run: \w+Error"):
        reference(tmp_path, source)


def test_a_dataclass_may_mention_itself(tmp_path):
    source = '@dataclass\nclass Node:\n    """A node."""\n\n    parent: "Node" = None\n'
    found = reference(tmp_path, "from dataclasses import dataclass\n\n\n" + source)
    assert found.namespace["Node"]().parent is None


def test_functions_come_in_the_order_of_the_file_so_that_each_finds_what_it_needs(tmp_path):
    found = reference(tmp_path, 'def b():\n    """B."""\n\n\ndef _a():\n    pass\n\n\ndef c():\n    """C."""\n')
    assert found.in_order(("c", "_a", "b")) == ["b", "_a", "c"]
    assert found.source("b") == 'def b():\n    """B."""'
