"""A small class, graded into a real gradebook: what the tests of the instructor's outputs begin with."""

from pathlib import Path

from grading_course import SOLVED, WEEK, make_course, write_submission

from autograder.batch import Batch, handins, workers_for
from autograder.gradebook import Book, gradebook_url
from autograder.grading import Grader
from autograder.lesson import Lesson, read_lesson
from autograder.seeds import course_seed
from autograder.store import Store

SEED = 20_261_121
TOO_FEW = (
    "def average(values):\n    if not values:\n        raise ValueError\n    return sum(values) / (len(values) - 0.5)"
)
SCRIPT = "<script>document.title='owned'</script>"
FORMULA = "=HYPERLINK(1)"

CLASS: dict[str, dict[str, str]] = {
    "ada": SOLVED,
    "ben": SOLVED | {"average": TOO_FEW, "shift": 'answer_shift = "A"'},
    "cy": {},
    "dee": {name: SOLVED[name] for name in ("average", "draw", "proof")},
    "eve": SOLVED | {"softmax": f"raise ValueError({SCRIPT!r})", "average": TOO_FEW},
    FORMULA: SOLVED | {"draw": ""},
}


def write_class(course: Path) -> Lesson:
    """The course, and course/submissions: six notebooks, and the file of flo, which is none."""
    make_course(course)
    lesson = read_lesson(course / "solutions" / WEEK)
    for student, answers in CLASS.items():
        write_submission(course / "submissions", student, lesson, answers, timestamp="2026-11-20 18:00:00 UTC")
    broken = course / "submissions" / "flo" / WEEK / f"{lesson.topic}.ipynb"
    broken.parent.mkdir(parents=True)
    broken.write_text("no notebook", encoding="utf-8")
    return lesson


def grade_class(course: Path, lesson: Lesson) -> None:
    """What `autograder grade` does."""
    grades = course / "grades"
    with Book(gradebook_url(grades)) as book:
        grader = Grader(lesson, course_seed(grades, lesson.name, SEED))
        found = handins(course / "submissions", lesson.name)
        with workers_for(lesson.packages, 2, None, False) as workers:
            for _ in Batch(grader, Store(grades), book).run(found, workers):
                pass


def mark_by_hand(course: Path, lesson: Lesson, student: str, score: float, comment: str = "") -> None:
    """What a grader does in formgrader with the written answer."""
    with Book(gradebook_url(course / "grades")) as book:
        submitted = book.gradebook.find_submission(lesson.name, student)
        (notebook,) = submitted.notebooks
        grade = next(grade for grade in notebook.grades if grade.cell.name == "proof")
        grade.manual_score, grade.needs_manual_grade = score, False
        next(remark for remark in notebook.comments if remark.cell.name == "proof").manual_comment = comment
        book.session.commit()


def graded_class(course: Path, comment: str) -> Lesson:
    """The class, graded by machine, with the written answer of ada marked by hand."""
    lesson = write_class(course)
    grade_class(course, lesson)
    mark_by_hand(course, lesson, "ada", 2.5, comment)
    return lesson


def rows_of(course: Path, lesson: Lesson) -> list[dict[str, object]]:
    return [{key: row[key] for key in row if key != "cells"} for row in Store(course / "grades").results(lesson.name)]
