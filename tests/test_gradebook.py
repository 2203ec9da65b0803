"""Scores in a real nbgrader gradebook, and nbgrader's own commands on a course graded by us."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from grading_course import TOPIC, WEEK, Class
from nbgrader.api import Gradebook, MissingEntry, SubmittedNotebook
from sqlalchemy import event

from autograder.errors import CourseError
from autograder.gradebook import Book, gradebook_url
from autograder.lesson import read_lesson
from autograder.notebooks import WRITE_HERE, is_answered

ROOT = Path(__file__).parents[1]
HALF = {"average": "def average(values):\n    return sum(values) / len(values)"}
PLAIN_CONFIG = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = "_build/nbgrader/source"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "submissions"
c.CourseDirectory.autograded_directory = "grades/autograded"
c.CourseDirectory.feedback_directory = "grades/nbgrader-feedback"
c.CourseDirectory.db_url = {url!r}
"""


@pytest.fixture
def group(tmp_path: Path) -> Class:
    group = Class(tmp_path)
    shutil.copy(ROOT / "autograder" / "nbgrader_config.py", tmp_path / "autograder")
    return group


def nbgrader(group: Class, *arguments: str, config: str = "autograder") -> str:
    """Runs an nbgrader command in the course with the nbgrader_config.py of a folder; returns what it printed."""
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": scripts + os.pathsep + os.environ["PATH"], "JUPYTER_CONFIG_PATH": config}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    run = subprocess.run(command, cwd=group.root, env=environment, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


def notebook_of(book: Gradebook, student: str) -> SubmittedNotebook:
    return book.find_submission_notebook(TOPIC, WEEK, student)


def scores(group: Class, student: str) -> dict[str, Any]:
    """Cell -> (score of the machine, score by hand, whether somebody must look), read anew from the file."""
    with Gradebook(gradebook_url(group.grades)) as book:
        return {
            grade.cell.name: (grade.auto_score, grade.manual_score, bool(grade.needs_manual_grade))
            for grade in notebook_of(book, student).grades
        }


def give_by_hand(group: Class, student: str, points: float, comment: str, cell: str = "proof") -> None:
    """What a grader does in formgrader."""
    with Gradebook(gradebook_url(group.grades)) as book:
        grade = book.find_grade(cell, TOPIC, WEEK, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.find_comment("proof", TOPIC, WEEK, student).manual_comment = comment
        book.db.commit()


def test_scores_stand_in_the_gradebook_by_cell(group: Class) -> None:
    group.hands_in("ada", HALF)
    result = group.grade()["ada"]
    assert scores(group, "ada") == {
        "test-average": (2.0, None, False),
        "test-softmax": (6.0, None, False),
        "test-draw": (2.0, None, False),
        "test-shift": (1.0, None, False),
        "proof": (None, None, True),
    }
    assert (result.manual_score, result.manual_pending, result.manual_max) == (None, True, 3)
    with group.book() as book:
        submission = book.gradebook.find_submission(WEEK, "ada")
        assert (submission.score, submission.max_score, submission.needs_manual_grade) == (11.0, 16.0, True)


def test_points_given_by_hand_and_comments_survive_a_rerun(group: Class) -> None:
    group.hands_in("ada")
    group.grade()
    give_by_hand(group, "ada", 2.5, "Say why the function grows.")
    group.hands_in("ada", HALF)
    result = group.grade()["ada"]
    assert scores(group, "ada")["proof"] == (None, 2.5, False)
    assert scores(group, "ada")["test-average"] == (2.0, None, False)
    assert (result.manual_score, result.manual_pending) == (2.5, False)
    with group.book() as book:
        assert book.gradebook.find_comment("proof", TOPIC, WEEK, "ada").comment == "Say why the function grows."
        assert book.gradebook.find_submission(WEEK, "ada").score == 13.5


def test_a_score_that_a_grader_changed_by_hand_is_kept_too(group: Class) -> None:
    group.hands_in("ada", {"draw": "1 / 0"})
    group.grade()
    give_by_hand(group, "ada", 1.5, "", cell="test-draw")
    group.grade(again=True)
    assert scores(group, "ada")["test-draw"] == (0.0, 1.5, False)


def test_what_is_given_by_hand_is_in_results_and_feedback_without_a_rerun(group: Class) -> None:
    group.hands_in("ada")
    group.autograder("grade")
    group.autograder("feedback")
    assert "still to be read (up to 3 points)" in group.page("ada")
    give_by_hand(group, "ada", 2.5, "")
    group.autograder("feedback")
    assert "2.5 of 3 points" in group.page("ada")


@pytest.mark.parametrize("text", ["", "  \n", WRITE_HERE, f"\n{WRITE_HERE}  "])
def test_a_blank_written_answer_has_no_points_and_nobody_needs_to_read_it(group: Class, text: str) -> None:
    assert not is_answered(text)
    group.hands_in("ada", {"proof": text})
    result = group.grade()["ada"]
    assert scores(group, "ada")["proof"] == (0.0, None, False)
    assert (result.manual_score, result.manual_pending) == (None, False)
    with group.book() as book:
        assert book.gradebook.find_comment("proof", TOPIC, WEEK, "ada").comment == "No response."


def test_a_written_answer_handed_in_later_is_to_be_read_then(group: Class) -> None:
    group.hands_in("ada", {"proof": ""})
    group.grade()
    group.hands_in("ada")
    assert group.grade()["ada"].manual_pending
    with group.book() as book:
        assert not book.gradebook.find_comment("proof", TOPIC, WEEK, "ada").comment


def test_opening_a_gradebook_leaves_the_environment_as_it_was(group: Class) -> None:
    before = dict(os.environ)
    with group.book():
        pass
    assert dict(os.environ) == before


def test_a_rejected_submission_stands_in_the_gradebook_with_nothing(group: Class) -> None:
    group.hands_in("ada").write_text("x", encoding="utf-8")
    group.grade()
    assert {score for score, _, _ in scores(group, "ada").values()} == {0.0}


def test_a_submission_is_written_in_one_transaction(group: Class) -> None:
    group.hands_in("ada")
    group.hands_in("ben")
    commits: list[str] = []
    with group.book() as book:
        book.register(group.lesson)
        event.listen(book.session, "after_commit", lambda session: commits.append("commit"))
        record, counts = type(book).record, []

        def counted(self: Any, *arguments: Any) -> None:
            before = len(commits)
            record(self, *arguments)
            counts.append(len(commits) - before)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(book), "record", counted)
            group.grade_with(book)
    assert counts == [1, 1]


def test_a_submission_that_cannot_be_written_leaves_no_trace_of_itself(
    group: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault, in the middle of the writing, is made up."""
    group.hands_in("ada")
    monkeypatch.setattr(Book, "_by_hand", lambda *rest: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        group.grade()
    monkeypatch.undo()
    with Gradebook(gradebook_url(group.grades)) as book, pytest.raises(MissingEntry):
        book.find_submission(WEEK, "ada")
    assert not (group.grades / "results" / WEEK / "ada.json").exists()
    assert group.grade()["ada"].score == 13.0


def test_the_time_stamp_and_the_due_date_say_how_late_it_was(group: Class) -> None:
    group.hands_in("ada", timestamp="2026-11-20 20:00:00 CET")
    group.hands_in("ben")
    group.grade()
    with group.book() as book:
        book.gradebook.find_assignment(WEEK).duedate = datetime(2026, 11, 20, 18, 30)
        book.session.commit()
        ada, ben = (book.gradebook.find_submission(WEEK, student) for student in ("ada", "ben"))
        assert ada.timestamp == datetime(2026, 11, 20, 19, 0)
        assert (ada.total_seconds_late, ben.timestamp, ben.total_seconds_late) == (1800, None, 0)
    copies = group.grades / "autograded"
    assert (copies / "ada" / WEEK / "timestamp.txt").read_text(encoding="utf-8") == "2026-11-20 20:00:00 CET"
    assert not (copies / "ben" / WEEK / "timestamp.txt").exists()


def test_a_due_date_survives_a_rerun(group: Class) -> None:
    group.hands_in("ada", timestamp="2026-11-20 20:00:00 UTC")
    group.grade()
    with group.book() as book:
        book.gradebook.find_assignment(WEEK).duedate = datetime(2026, 11, 20, 18, 30)
        book.session.commit()
    group.grade(again=True)
    with group.book() as book:
        assert book.gradebook.find_assignment(WEEK).duedate == datetime(2026, 11, 20, 18, 30)


def test_an_exercise_that_goes_away_after_grading_is_refused_in_a_sentence(group: Class) -> None:
    group.hands_in("ada")
    group.grade()
    path = group.lesson.folder / "lesson.md"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("## Exercise 1.3"), text.index('+++ {"quiz"')
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    group.lesson = read_lesson(group.lesson.folder)
    with pytest.raises(CourseError, match="added, removed or renamed after submissions were graded"):
        group.grade()


def test_nbgrader_autograde_gives_our_scores_and_keeps_no_metadata_of_a_stranger(group: Class) -> None:
    """The same sandbox under nbgrader's command and behind formgrader's button."""
    with_strange_metadata(group.hands_in("ada"))
    group.hands_in("ben", HALF, added={"average": "import sys\nprint('to stderr', file=sys.stderr)"})
    group.hands_in("carl", {"average": "import os\nos._exit(0)", "shift": 'answer_shift = "A"', "proof": ""})
    group.grade(seed=1)
    (group.grades / "seeds.json").write_text(f'{{"{WEEK}": 1}}', encoding="utf-8")
    ours = {student: scores(group, student) for student in ("ada", "ben", "carl")}
    with group.book() as book:
        for student in ours:
            book.gradebook.remove_submission(WEEK, student)
    shutil.rmtree(group.grades / "autograded")
    nbgrader(group, "autograde", WEEK)
    assert {student: scores(group, student) for student in ours} == ours
    copies = {student: group.grades / "autograded" / student / WEEK / f"{TOPIC}.ipynb" for student in ours}
    assert "FAILS  refuses an empty list with a ValueError" in copies["ben"].read_text(encoding="utf-8")
    copy = nbformat.read(copies["ada"], as_version=4)
    assert set(copy.metadata) <= {"kernelspec", "language_info"}
    assert not any("tags" in cell.metadata for cell in copy.cells)


def with_strange_metadata(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["title"] = "<script>alert(1)</script>"
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"x": "</script>"}}}
    for cell in notebook.cells:
        cell.metadata["tags"] = ["skip-execution", "raises-exception"]
    nbformat.write(notebook, path)


def test_nbgrader_without_our_configuration_gives_no_points_and_says_what_to_do(group: Class) -> None:
    group.hands_in("ada")
    group.grade()
    with group.book() as book:
        book.gradebook.remove_submission(WEEK, "ada")
    shutil.rmtree(group.grades / "autograded")
    config = group.root / "plain" / "nbgrader_config.py"
    config.parent.mkdir()
    config.write_text(PLAIN_CONFIG.format(root=str(group.root), url=gradebook_url(group.grades)), encoding="utf-8")
    nbgrader(group, "autograde", WEEK, config="plain")
    machine = {name: score for name, (score, _, _) in scores(group, "ada").items() if name.startswith("test-")}
    assert machine == dict.fromkeys(["test-average", "test-softmax", "test-draw", "test-shift"], 0.0)
    copy = (group.grades / "autograded" / "ada" / WEEK / f"{TOPIC}.ipynb").read_text(encoding="utf-8")
    assert "hidden tests run in the course's own grader. Use `autograder grade`" in copy


def test_nbgrader_makes_feedback_without_hidden_tests_and_exports_the_scores(group: Class) -> None:
    group.hands_in("ada")
    group.hands_in("ben", HALF)
    group.autograder("grade")
    give_by_hand(group, "ben", 2.0, "A sentence is missing.")
    nbgrader(group, "generate_feedback", WEEK)
    page = (group.grades / "nbgrader-feedback" / "ben" / WEEK / f"{TOPIC}.html").read_text(encoding="utf-8")
    assert "A sentence is missing." in page
    assert "refuses an empty list with a ValueError" in page
    for secret in ("far_from_zero", "rng.permutation", "bell_curve", "For graders", "2 points: the idea"):
        assert secret not in page
    nbgrader(group, "export", "--to", "grades.csv")
    lines = (group.root / "grades.csv").read_text(encoding="utf-8").splitlines()
    head = lines[0].split(",")
    rows = [dict(zip(head, line.split(","), strict=True)) for line in lines[1:]]
    assert {row["student_id"]: float(row["score"]) for row in rows} == {"ada": 13.0, "ben": 13.0}


def test_nbgrader_generates_the_student_notebook_that_we_build(group: Class) -> None:
    assert group.autograder("build").exit_code == 0
    built = group.root / "exercises" / WEEK / f"{TOPIC}.ipynb"
    ours = built.read_text(encoding="utf-8")
    built.unlink()
    nbgrader(group, "generate_assignment", WEEK, "--force")
    assert built.read_text(encoding="utf-8").rstrip() == ours.rstrip()
