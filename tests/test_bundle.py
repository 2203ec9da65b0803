"""What students get works on its own and holds no answer."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.bundle import STUDENT_MODULES, TEMPLATES, write_bundle
from autograder.cli import main
from autograder.errors import CourseError
from autograder.lesson import read_lesson
from autograder.variants import read_variants

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle") / "course"
    write_bundle(ROOT, folder)
    return folder


def secrets():
    """Texts that only the instructor's repository may hold: one line of each body, behaviour, sentence and reason."""
    for folder in sorted((ROOT / "solutions").glob("week*")):
        lesson = read_lesson(folder)
        for exercise in lesson.exercises.values():
            yield from (probe.behaviour for probe in exercise.probes)
        for quiz in lesson.quizzes.values():
            yield from (choice.reason for choice in quiz.choices)
        yield from (variant.sentence for variant in read_variants(folder / "misconceptions.py", "wrong"))


def test_the_visible_checks_run_in_it_with_its_own_code_alone(bundle):
    program = f"import autograder.student as s; assert s.__file__.startswith({str(bundle)!r}), s.__file__; s.main()"
    command = [sys.executable, "-c", program, "check", "exercises/week1-derivatives/derivatives.ipynb"]
    run = subprocess.run(
        command, cwd=bundle, env=os.environ | {"PYTHONPATH": str(bundle)}, capture_output=True, text=True
    )
    assert "0 of" in run.stdout, run.stdout + run.stderr
    assert "Softmax: left to do" in run.stdout
    assert run.returncode == 1


def test_it_holds_no_solution_no_hidden_test_and_no_misconception(bundle):
    texts = {path: path.read_text(encoding="utf-8", errors="ignore") for path in bundle.rglob("*") if path.is_file()}
    for secret in secrets():
        found = [str(path.relative_to(bundle)) for path, text in texts.items() if secret in text]
        assert not found, f"{secret!r} stands in {found}"
    names = {path.name for path in texts if "lm" not in path.relative_to(bundle).parts}  # which has a reference.py
    assert not names & {"lesson.md", "reference.py", "misconceptions.py", "alternatives.py", "probes.py", "verify.py"}


def test_what_is_installed_from_it_is_whole(bundle):
    packages = tomllib.loads((bundle / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    found = {".".join(path.parent.relative_to(bundle).parts) for path in bundle.rglob("__init__.py")}
    assert {name for name in found if name.startswith(("lm", "autograder"))} == set(packages)


def test_it_is_not_written_over_something_else(tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(CourseError, match="is not empty; name a new folder"):
        write_bundle(ROOT, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_that_there_is_no_built_book_is_said(tmp_path, monkeypatch):
    course = tmp_path / "course"
    for name in ("exercises", "lm", "book", "solutions", "autograder"):
        (course / name).mkdir(parents=True)
    for name in ("_config.yml", "LICENSE", *(f"autograder/{module}" for module in STUDENT_MODULES)):
        (course / name).write_text("")
    monkeypatch.chdir(course)
    assert "run `make book`, then this again" in CliRunner().invoke(main, ["bundle", "../without"]).stderr
    (course / "_build" / "html").mkdir(parents=True)
    (course / "_build" / "html" / "index.html").write_text("")
    assert CliRunner().invoke(main, ["bundle", "../with"]).stderr == ""


def test_the_built_site_comes_along_and_nothing_that_programs_leave_behind(tmp_path):
    modules = ("__init__.py", "errors.py", "check.py", "student.py")
    whole = {
        "_config.yml",
        "LICENSE",
        "exercises/week1-sums/sums.ipynb",
        "lm/__init__.py",
        "lm/data/names.txt",
        "book/index.md",
        *(f"autograder/{name}" for name in modules),
    }
    left_out = {
        "exercises/week1-sums/.ipynb_checkpoints/sums.ipynb",
        "lm/__pycache__/old.pyc",
        "book/_build/jupyter_execute/index.ipynb",
        "_build/html/.buildinfo",
        "_build/html/.doctrees/index.doctree",
        "autograder/probes.py",
        "solutions/week1-sums/reference.py",
        "grades/roster.csv",
    }
    for name in whole | left_out | {"_build/html/index.html"}:
        (tmp_path / "course" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "course" / name).write_text(name)
    bundle = tmp_path / "bundle"
    bundle.mkdir()  # an empty folder will do
    files = {path.relative_to(bundle).as_posix() for path in write_bundle(tmp_path / "course", bundle)}
    assert files == whole | {"html/index.html"} | {template.name for template in TEMPLATES.iterdir()}
