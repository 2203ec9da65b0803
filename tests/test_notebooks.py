"""From a lesson to notebooks: what students get, what nbgrader gets, and that both are always the same bytes."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from small_course import WEEK, small_lesson, write_course

from autograder.build import build, stale
from autograder.course import find_course, lessons, week_names
from autograder.errors import CourseError
from autograder.lesson import read_lesson
from autograder.notebooks import as_text, solved_notebook, source_path, student_notebook, student_path
from autograder.release import clear_answers

ROOT = Path(__file__).parents[1]


@pytest.fixture
def solved(tmp_path):
    return solved_notebook(small_lesson(tmp_path))


@pytest.fixture
def released(solved):
    """The cells of the student's notebook by id."""
    return {cell.id: cell for cell in student_notebook(solved).cells}


def test_every_cell_of_a_lesson_has_its_place_under_an_id_made_of_its_name(solved):
    assert [cell.id for cell in solved.cells] == [
        "text-week-1-doubling", "given-1",
        "text-exercise-1-1-twice", "double", "check-double", "test-double",
        "text-exercise-1-2-a-running-total", "total", "check-total", "test-total",
        "text-one-thing-to-look-at-what-is-total",
        "text-exercise-1-3-draws", "draw", "check-draw", "test-draw",
        "question-neutral", "neutral", "test-neutral",
        "question-even", "even", "text-for-graders",
    ]  # fmt: skip
    nbformat.validate(solved)


def test_students_get_stubs_and_no_line_of_a_solution(released):
    assert released["double"].source == (
        "def double(x: float) -> float:\n"
        '    """Twice x; a ValueError above 1000."""\n'
        '    raise NotImplementedError("Exercise 1.1: double")'
    )
    total = released["total"].source
    assert "self.sum = 0.0" in total  # a given method
    assert 'raise NotImplementedError("Exercise 1.2: Meter.add")' in total
    assert "_flat" not in total
    assert "zero is the sum" not in total


def test_students_see_neither_ticks_reasons_model_answers_nor_rubrics(released):
    assert released["neutral"].source == 'answer_neutral = None  # one of "A", "B", "C"'
    assert released["even"].source == "*Write your answer here.*"
    text = "\n".join(cell.source for cell in released.values())
    for secret in (
        "[x]",
        "Twice nothing",
        "2 divides it",
        "the divisor",
        "For graders",
        "too_large",
        "refuses numbers",
    ):
        assert secret not in text
    assert list(released) == [name for name in released if name != "text-for-graders"]


def test_the_line_under_a_heading_tells_difficulty_minutes_and_points(released):
    assert released["text-exercise-1-1-twice"].source.splitlines()[:3] == [
        "## Exercise 1.1: Twice", "", "*★☆☆ · about 5 minutes · 3 points*",
    ]  # fmt: skip
    assert "*★★★ · about 5 minutes · 2 points · for those who want more*" in released["text-exercise-1-3-draws"].source


def test_only_answers_can_be_edited_and_no_output_is_left(released):
    editable = {name for name, cell in released.items() if cell.metadata.get("editable", True)}
    locked = {name for name in released if name.startswith(("given-", "check-", "test-", "question-"))}
    assert {"double", "total", "draw", "neutral", "even"} <= editable
    assert not editable & locked
    assert all(not cell.outputs and cell.execution_count is None for cell in released.values() if "outputs" in cell)


def test_nbgrader_finds_points_where_the_lesson_has_them(solved):
    points = {
        cell.id: cell.metadata.nbgrader.points for cell in solved.cells if "points" in cell.metadata.get("nbgrader", {})
    }
    assert points == {"test-double": 3, "test-total": 4, "test-draw": 2, "test-neutral": 1, "even": 3}  # fmt: skip


def test_hidden_tests_that_run_anywhere_else_give_no_points_and_say_which_grader_to_use(solved, capsys):
    source = next(cell.source for cell in solved.cells if cell.id == "test-double")
    exec(source, {"double": lambda x: 2 * x})
    assert "hidden tests run in the course's own grader. Use `autograder grade`" in capsys.readouterr().out
    value = ast.parse(source).body[-1].value.value
    assert (type(value), value) == (float, 0.0)  # nbgrader takes what is no number for full marks


def test_a_student_notebook_is_what_nbgrader_itself_releases(tmp_path):
    """The real nbgrader, with the course's own configuration, in a copy of the course."""
    pytest.importorskip(
        "nbgrader", reason="the instructor's packages are not installed (pip install -e '.[instructor]')"
    )
    course = tmp_path / "course"
    lesson = read_lesson(write_course(course))
    shutil.copytree(ROOT / "autograder", course / "autograder", dirs_exist_ok=True)
    build(course, lesson)
    ours = student_path(course, lesson).read_bytes()
    shutil.rmtree(course / "exercises")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # nbgrader looks there for alembic
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", WEEK],
        cwd=course,
        env=os.environ | {"JUPYTER_CONFIG_PATH": "autograder", "HOME": str(tmp_path), "PATH": path},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert student_path(course, lesson).read_bytes() == ours


def test_rebuilding_in_another_process_gives_identical_bytes(tmp_path):
    lesson = read_lesson(write_course(tmp_path))
    build(tmp_path, lesson)
    files = [student_path(tmp_path, lesson), source_path(tmp_path, lesson)]
    before = [path.read_bytes() for path in files]
    for path in files:
        path.unlink()
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "build"]
    subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONHASHSEED": "77"}, check=True, capture_output=True)
    assert [path.read_bytes() for path in files] == before


def test_a_build_writes_what_changed_and_nothing_else(tmp_path):
    folder = write_course(tmp_path)
    assert len(build(tmp_path, read_lesson(folder))) == 2
    assert build(tmp_path, read_lesson(folder)) == []
    lesson = read_lesson(write_course(tmp_path, "> Twice one is two.", "> It becomes two."))
    assert build(tmp_path, lesson) == []  # a reason is for the feedback alone
    lesson = read_lesson(write_course(tmp_path, "- 2 points: the divisor", "- 2 points: the reason"))
    assert build(tmp_path, lesson) == [source_path(tmp_path, lesson)]


def test_a_notebook_edited_by_hand_or_missing_is_stale(tmp_path):
    lesson = read_lesson(write_course(tmp_path))
    path = student_path(tmp_path, lesson)
    assert stale(tmp_path, lesson) == [path]
    build(tmp_path, lesson)
    assert stale(tmp_path, lesson) == []
    for old, new in ((b"Twice", b"Double"), (b"\n", b"\r\n")):
        build(tmp_path, lesson)
        path.write_bytes(path.read_bytes().replace(old, new))
        assert stale(tmp_path, lesson) == [path]


@pytest.mark.parametrize("week", week_names(ROOT))
def test_the_committed_notebook_of_each_week_is_the_one_that_would_be_built(week):
    """If it is not, this test writes the right one and fails: look at the difference and commit it."""
    lesson = read_lesson(ROOT / "solutions" / week)
    if stale(ROOT, lesson):
        build(ROOT, lesson)
        pytest.fail(f"{student_path(ROOT, lesson).relative_to(ROOT)} was stale; it is written now: commit it")


def test_exercises_holds_no_notebook_without_a_lesson():
    built = {student_path(ROOT, lesson) for lesson in lessons(ROOT)}
    found = {path for path in (ROOT / "exercises").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts}
    assert found == built


def test_equal_notebooks_give_equal_text_with_one_line_end(solved):
    assert as_text(solved) == as_text(nbformat.from_dict(solved))
    assert as_text(solved).endswith("}\n")


def test_a_region_without_a_stub_leaves_no_line_and_one_without_an_end_is_refused():
    assert clear_answers("a\n    ### BEGIN SOLUTION b\n    c\n    ### END SOLUTION\nd") == "a\n    b\nd"
    assert clear_answers("### BEGIN SOLUTION\nc\n### END SOLUTION\n\nd") == "d"
    with pytest.raises(ValueError, match="BEGIN SOLUTION without its ### END SOLUTION in: 'a"):
        clear_answers("a\n### BEGIN SOLUTION\nb")


def test_a_course_is_found_from_any_folder_in_it(tmp_path):
    folder = write_course(tmp_path)
    assert find_course(folder) == tmp_path
    with pytest.raises(CourseError, match=r"no course found in .* or above it; change into the folder that holds"):
        find_course(Path("/"))


@pytest.mark.parametrize("name", ["1", "week1", WEEK, f"{WEEK}/"])
def test_a_week_is_found_by_its_number_or_name(tmp_path, name):
    write_course(tmp_path)
    assert [lesson.name for lesson in lessons(tmp_path, (name,))] == [WEEK]


def test_weeks_come_in_the_order_of_their_numbers_and_an_unknown_one_is_refused_with_those_there_are(tmp_path):
    for name in ("week10-b", "week2-a"):
        folder = write_course(tmp_path / name)
        folder.rename(tmp_path / name / "solutions" / name)
    shutil.move(tmp_path / "week2-a" / "solutions" / "week2-a", tmp_path / "week10-b" / "solutions")
    assert week_names(tmp_path / "week10-b") == ["week2-a", "week10-b"]
    with pytest.raises(CourseError, match="there is no week '3'; there are week2-a, week10-b"):
        lessons(tmp_path / "week10-b", ("3",))
