"""Forbidden shortcuts are found however they are written, and nobody is accused who wrote it themselves."""

import pytest

from autograder.shortcuts import forbidden_calls

FORBIDDEN = ("torch.softmax", "torch.nn.functional.softmax", "numpy.gradient")
GIVEN = "import numpy as np\nimport torch"


def found(answer, *others):
    return forbidden_calls(answer, [GIVEN, *others], FORBIDDEN)


USES = {
    "the name itself": ("def f(z):\n    return torch.softmax(z, 0)", "torch.softmax"),
    "through an alias of the given imports": ("def f(x):\n    return np.gradient(x)", "numpy.gradient"),
    "an import inside": ("def f(x):\n    import torch as t\n    return t.softmax(x)", "torch.softmax"),
    "an imported function": ("from torch import softmax as s\ndef f(x):\n    return s(x)", "torch.softmax"),
    "an imported module": (
        "from torch.nn import functional as F\ndef f(x):\n    return F.softmax(x)",
        "torch.nn.functional.softmax",
    ),
    "an imported module under its own name": (
        "from torch.nn import functional\ndef f(x):\n    return functional.softmax(x)",
        "torch.nn.functional.softmax",
    ),
    "everything imported": (
        "from torch.nn.functional import *\ndef f(x):\n    return softmax(x)",
        "torch.nn.functional.softmax",
    ),
    "handed on as a value": ("def f(x):\n    return list(map(torch.softmax, x))", "torch.softmax"),
    "an alias of an alias": ("t = torch\ng = t.nn.functional\ndef f(x):\n    return g.softmax(x)", FORBIDDEN[1]),
    "beside a magic": ("%timeit 1\ndef f(z):\n    return torch.softmax(z, 0)", "torch.softmax"),
}


@pytest.mark.parametrize(("answer", "name"), USES.values(), ids=USES.keys())
def test_a_forbidden_call_is_found(answer, name):
    assert found(answer) == [name]


@pytest.mark.parametrize("use", ["z.softmax(0)", "(z + 1).softmax(0)", "F.softmax(z)", "z[0].data.softmax(0)"])
def test_a_name_without_a_dot_forbids_every_method_of_that_name(use):
    assert forbidden_calls(f"def f(z):\n    return {use}", [], ("softmax",)) == ["softmax"]


def test_a_name_without_a_dot_forbids_the_built_in_but_not_a_function_of_ones_own():
    assert forbidden_calls("def f(z):\n    return sorted(z)", [], ("sorted",)) == ["sorted"]
    own = "def sorted(z):\n    return z\ndef f(z):\n    return sorted(z)"
    assert forbidden_calls(own, [], ("sorted",)) == []


HELPERS = {
    "a function": "def helper(z):\n    return torch.softmax(z, 0)",
    "a function of a function": "def deeper(z):\n    return torch.softmax(z, 0)\ndef helper(z):\n    return deeper(z)",
    "a class": "class helper:\n    def __call__(self, z):\n        return torch.softmax(z, 0)",
    "a lambda": "helper = lambda z: torch.softmax(z, 0)",
    "another name": "helper = torch.softmax",
}


@pytest.mark.parametrize("cell", HELPERS.values(), ids=HELPERS.keys())
def test_a_forbidden_call_is_found_in_a_helper_of_another_cell(cell):
    assert found("def f(z):\n    return helper(z)", cell) == ["torch.softmax"]
    assert found("def f(z):\n    return z", cell) == []  # what is not used is nobody's business


INNOCENT = {
    "a function of the same name": "def softmax(z):\n    return np.exp(z)\ndef f(z):\n    return softmax(z)",
    "a function of the same name beside everything imported": (
        "from torch.nn.functional import *\ndef softmax(z):\n    return relu(z)\ndef f(z):\n    return softmax(z)"
    ),
    "another function of the library": "def f(z):\n    return torch.exp(z) / np.sum(z)",
    "a name in a text or a comment": 'def f(z):\n    """Like torch.softmax."""\n    return z  # torch.softmax',
    "a variable named like a scratch function": "def f(z):\n    helper = z + 1\n    return helper",
    "a parameter named like a scratch function": "def f(helper):\n    return [helper for helper in helper]",
    "no Python": "def f(z:\n    return torch.softmax(z)",
    "too deep to read": "x = " + "-" * 90_000 + "1",
    "nothing": "",
}


@pytest.mark.parametrize("answer", INNOCENT.values(), ids=INNOCENT.keys())
def test_nobody_is_accused_who_wrote_it_themselves(answer):
    assert found(answer, "def helper(z):\n    return torch.softmax(z, 0)") == []
