"""Nothing that students can read holds an answer: no function of a reference, no behaviour, sentence or reason.

Functions are compared as syntax trees in which names mean nothing, so that a renamed copy is found too.
"""

import ast
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from shown_code import blocks, functions_in, shape
from small_course import ALTERNATIVES, REFERENCE, small_lesson

from autograder.build import build
from autograder.course import lessons
from autograder.lesson import Lesson
from autograder.notebooks import student_path
from autograder.variants import read_variants

ROOT = Path(__file__).parents[1]
PUBLIC = ("exercises", "book", "lm", "_build/html")
# A function of fewer nodes than this is a secret only under its own name: `return 1 - x**2` stands in every book.
SMALL = 30
READABLE = (".ipynb", ".md", ".py", ".html", ".js", ".json", ".txt")
MARKS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "For graders")
PRE = re.compile(r"<pre[^>]*>(.*?)</pre>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def public_files(root: Path) -> Iterator[Path]:
    for folder in PUBLIC:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in READABLE and path.is_file() and ".ipynb_checkpoints" not in path.parts:
                yield path


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def text_of(path: Path) -> str:
    """What a person can read in a file."""
    if path.suffix == ".ipynb":
        return "\n".join("".join(cell["source"]) for cell in cells(path))
    text = path.read_text(encoding="utf-8", errors="replace")
    return html.unescape(TAG.sub("", text)) if path.suffix == ".html" else text


def code_in(path: Path) -> list[str]:
    """The pieces of a file that may be Python."""
    if path.suffix == ".py":
        return [text_of(path)]
    if path.suffix == ".ipynb":
        fenced = [block.code for block in blocks(text_of(path))]
        return ["".join(cell["source"]) for cell in cells(path) if cell["cell_type"] == "code"] + fenced
    if path.suffix == ".md":
        return [block.code for block in blocks(text_of(path))]
    if path.suffix == ".html":
        page = path.read_text(encoding="utf-8", errors="replace")
        return [html.unescape(TAG.sub("", match[1])) for match in PRE.finditer(page)]
    return []


def form(function: ast.FunctionDef) -> str:
    """The shape of a function; of a small one, what it calls and its own name too."""
    tree = shape(function)
    if sum(1 for _ in ast.walk(tree)) >= SMALL:
        return ast.dump(tree)
    return f"{function.name} {ast.dump(shape(function, meaning=True))}"


def secret_forms(reference: Path) -> dict[str, str]:
    """The forms of what students are to write, with their names."""
    source = reference.read_text(encoding="utf-8")
    lines = source.split("\n")
    hidden = [node for node in functions_in(source) if not lines[node.lineno - 1].rstrip().endswith("# given")]
    return {form(node): node.name for node in hidden}


def secret_sentences(lesson: Lesson) -> set[str]:
    """What is shown only after grading, and what the hidden tests look at."""
    found = {probe.behaviour for exercise in lesson.exercises.values() for probe in exercise.probes}
    found |= {choice.reason for quiz in lesson.quizzes.values() for choice in quiz.choices}
    path = lesson.folder / "misconceptions.py"
    found |= {variant.sentence for variant in read_variants(path, "wrong")} if path.is_file() else set()
    return {words(sentence) for sentence in found}


def words(text: str) -> str:
    """Text without line breaks, and without what marks up a block of it."""
    return " ".join(re.sub(r"^\s*(>|#|//|\*)+ ?", " ", text, flags=re.MULTILINE).split())


def leaks(root: Path, weeks: list[Lesson]) -> list[str]:
    """What stands in public files of the course at `root` and should not."""
    secrets = {form: name for lesson in weeks for form, name in secret_forms(lesson.reference.path).items()}
    sentences = {sentence for lesson in weeks for sentence in secret_sentences(lesson)}
    found = []
    for path in public_files(root):
        place = path.relative_to(root)
        for source in code_in(path):
            found += [
                f"{place}: {node.name} is {secrets[form(node)]}"
                for node in functions_in(source)
                if form(node) in secrets
            ]
        text = words(text_of(path))
        found += [f"{place}: {sentence}" for sentence in sorted(sentences) if sentence in text]
        found += [f"{place}: {mark}" for mark in MARKS if path.suffix == ".ipynb" and mark in text_of(path)]
    return found


def test_no_public_file_of_the_course_holds_an_answer():
    assert leaks(ROOT, lessons(ROOT)) == []


@pytest.fixture
def course(tmp_path):
    """A course without a leak."""
    lesson = small_lesson(tmp_path)
    build(tmp_path, lesson)
    for folder in PUBLIC:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    return tmp_path, lesson


RENAMED = """def add_up(numbers: list) -> float:
    \"\"\"Another text.\"\"\"
    so_far = 0.0
    for number in numbers:
        if isinstance(number, str):
            raise TypeError("a text is no number")
        so_far += number
    return so_far
"""
INDENTED = "\n".join("    " + line for line in RENAMED.splitlines())

PLANTED = {
    "on a page": ("book/a.md", f"# A\n\n```{{code-cell}} python3\n:tags: [hide-input]\n\n{RENAMED}```\n"),
    "in the text of a page": ("book/a.md", f"Look:\n\n```python\n{RENAMED}```\n"),
    "in a module": ("lm/tools.py", f"import numpy as np\n\n\n{RENAMED}"),
    "as a method": (
        "lm/tools.py",
        f"class Tools:\n{INDENTED}\n".replace("numbers: list", "self").replace("in numbers", "in self"),
    ),
    "inside a function": ("lm/tools.py", f"def outer():\n{INDENTED}\n    return add_up\n"),
    "in the built book": (
        "_build/html/a.html",
        f"<p>A</p><pre><span>{RENAMED.replace('list', '<b>list</b>')}</span></pre>",
    ),
    "in a cell": ("exercises/b.ipynb", json.dumps({"cells": [{"cell_type": "code", "source": RENAMED}]})),
    "in the text of a cell": (
        "exercises/b.ipynb",
        json.dumps({"cells": [{"cell_type": "markdown", "source": f"```\n{RENAMED}```\n"}]}),
    ),
}


@pytest.mark.parametrize(("file", "text"), PLANTED.values(), ids=PLANTED.keys())
def test_a_renamed_copy_of_a_reference_function_is_found(course, file, text):
    root, lesson = course
    assert leaks(root, [lesson]) == []
    (root / file).write_text(text)
    assert leaks(root, [lesson]) == [f"{file}: add_up is total"]


def test_a_small_function_is_found_under_its_own_name_alone(course):
    root, lesson = course
    (root / "lm" / "tools.py").write_text("def draw(g, k):\n    return g.integers(10, size=k)\n")
    assert leaks(root, [lesson]) == ["lm/tools.py: draw is draw"]
    (root / "lm" / "tools.py").write_text("def digits(g, k):\n    return g.integers(10, size=k)\n")
    assert leaks(root, [lesson]) == []


def test_another_way_of_doing_the_same_is_no_copy(course):
    root, lesson = course
    (root / "lm" / "tools.py").write_text(ALTERNATIVES)
    assert leaks(root, [lesson]) == []


@pytest.mark.parametrize(
    "sentence",
    ["refuses numbers above 1000", "You seem to forget the last number.", "Twice nothing\n> is nothing."],
    ids=["a behaviour", "the sentence of a misconception", "the reason of a quiz"],
)
def test_a_sentence_that_is_shown_after_grading_only_is_found_across_line_breaks(course, sentence):
    root, lesson = course
    (root / "book" / "a.md").write_text(f"# A\n\n> Know that\n> {sentence}\n")
    assert leaks(root, [lesson]) == [f"book/a.md: {words(sentence)}"]


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_of_the_solved_notebook_is_found(course, mark):
    root, lesson = course
    path = student_path(root, lesson)
    notebook = json.loads(path.read_text())
    notebook["cells"][0]["source"] = [f"### {mark}\n"]
    path.write_text(json.dumps(notebook))
    assert leaks(root, [lesson]) == [f"exercises/week1-doubling/doubling.ipynb: {mark}"]


def test_the_reference_itself_is_found_whole_but_for_what_is_given(course):
    root, lesson = course
    (root / "lm" / "tools.py").write_text(REFERENCE)
    found = leaks(root, [lesson])
    assert found == [f"lm/tools.py: {name} is {name}" for name in ("double", "_flat", "total", "draw", "add")]
