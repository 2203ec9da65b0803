"""Grades as CSV: plain with a column an exercise, and in the layouts that the importers of Canvas and Moodle accept.

Canvas (Gradebook, Import) wants the columns Student, ID, SIS User ID, SIS Login ID, Section, and a first row with the
points possible. Moodle (Grades, Import, CSV file) wants one column that identifies the student and lets the teacher say
which other column goes into which grade item. An empty cell leaves a grade as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.lesson import Lesson
from autograder.roster import Person
from autograder.spreadsheet import as_csv
from autograder.standing import Standing

OF_CANVAS = ("canvas_id", "sis_user_id", "sis_login_id", "section")


@dataclass(frozen=True)
class GradedWeek:
    lesson: Lesson
    standings: dict[str, Standing]
    column: str = ""  # what the LMS calls the week

    @property
    def title(self) -> str:
        return self.column or f"Week {self.lesson.week}: {self.lesson.title}"

    @property
    def possible(self) -> int:
        return self.lesson.max_score + self.lesson.manual_max


def export(
    form: str, weeks: Sequence[GradedWeek], people: dict[str, Person], zero: bool = False, comments: bool = False
) -> str:
    """The CSV text; `zero` counts what was not handed in as 0, `comments` adds graders' comments for Moodle."""
    everybody = [people.get(student) or Person(student) for student in _students(weeks, people)]
    if form == "canvas":
        return _canvas(weeks, everybody, zero)
    if form == "moodle":
        return _moodle(weeks, everybody, zero, comments)
    return _plain(weeks, everybody, zero)


def _students(weeks: Sequence[GradedWeek], people: dict[str, Person]) -> list[str]:
    return sorted({*people, *(student for week in weeks for student in week.standings)})


def _total(week: GradedWeek, person: Person, zero: bool) -> float | None:
    standing = week.standings.get(person.student)
    return standing.total if standing else 0.0 if zero else None


def _canvas(weeks: Sequence[GradedWeek], people: list[Person], zero: bool) -> str:
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(week.title for week in weeks)]
    possible = ["    Points Possible", "", "", "", "", *(week.possible for week in weeks)]
    rows = [
        [
            person.sortable_name or person.student,
            *_canvas_identity(person),
            *(_total(week, person, zero) for week in weeks),
        ]
        for person in people
    ]
    return as_csv(header, [possible, *rows])


def _canvas_identity(person: Person) -> list[str]:
    """Without a roster, a student's id is taken for their login."""
    known = [person.known.get(name, "") for name in OF_CANVAS]
    return known if any(known[:3]) else ["", "", person.student, ""]


def _moodle(weeks: Sequence[GradedWeek], people: list[Person], zero: bool, comments: bool) -> str:
    header = ["Username", "ID number", "Email address", "Full name"]
    for week in weeks:
        header += [week.title, f"{week.title} (feedback)"] if comments else [week.title]
    rows = []
    for person in people:
        row: list[object] = [person.known.get(name, "") for name in ("username", "id_number", "email")]
        row = [*(row if any(row) else [person.student, "", ""]), person.name]
        for week in weeks:
            row += [_total(week, person, zero), _comments(week, person)] if comments else [_total(week, person, zero)]
        rows.append(row)
    return as_csv(header, rows)


def _comments(week: GradedWeek, person: Person) -> str:
    standing = week.standings.get(person.student)
    return "\n".join(standing.comments.values()) if standing else ""


def _plain(weeks: Sequence[GradedWeek], people: list[Person], zero: bool) -> str:
    header = ["student", "name", "email"]
    for week in weeks:
        header += [f"{week.lesson.name} {what}" for what in ("total", "tests", "by hand", "late", *_tasks(week.lesson))]
    rows = []
    for person in people:
        row: list[object] = [person.student, person.name, person.known.get("email", "")]
        for week in weeks:
            row += _cells(week, person, zero)
        rows.append(row)
    return as_csv(header, rows)


def _tasks(lesson: Lesson) -> list[str]:
    return [*lesson.exercises, *lesson.quizzes, *lesson.written]


def _cells(week: GradedWeek, person: Person, zero: bool) -> list[object]:
    """A student's total, points from tests, by hand, penalty, and the points of each task."""
    lesson, standing = week.lesson, week.standings.get(person.student)
    if standing is None:
        return [0.0 if zero else None] * (4 + len(_tasks(lesson)))
    machine = standing.points([*lesson.exercises, *lesson.quizzes])
    by_hand = standing.points(lesson.written)
    return [standing.total, machine, by_hand, standing.penalty, *(standing.scores.get(task) for task in _tasks(lesson))]
