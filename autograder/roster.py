"""Who is in the class: a CSV file of our own, of nbgrader's, or as Canvas and Moodle export it."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import CourseError
from autograder.gradebook import Book

# What a column may be called, in small letters. In a gradebook of Canvas, "ID" and "Student" mean other things.
COLUMNS = {
    "student": ("student", "student_id", "id"),
    "name": ("name", "full name"),
    "first_name": ("first_name", "first name"),
    "last_name": ("last_name", "last name", "surname"),
    "email": ("email", "email address"),
    "id_number": ("id_number", "id number"),
    "username": ("username",),
    "canvas_id": ("canvas_id", "lms_user_id"),
    "participant": ("participant", "identifier"),  # of Moodle's grading worksheet: "Participant 7009"
    "sis_user_id": ("sis_user_id", "sis user id"),
    "sis_login_id": ("sis_login_id", "sis login id"),
    "section": ("section",),
}
OF_CANVAS = {"student": (), "name": ("student",), "canvas_id": ("id",)}
IDENTITIES = ("student", "sis_login_id", "username", "id_number", "sis_user_id", "email", "canvas_id")


@dataclass
class Person:
    """A student: the id that names the folder in submissions/, and what the roster says about them."""

    student: str
    known: dict[str, str] = field(default_factory=dict)  # by the names in COLUMNS

    @property
    def name(self) -> str:
        """First and last name."""
        first, last = self.known.get("first_name", ""), self.known.get("last_name", "")
        if first or last:
            return f"{first} {last}".strip()
        name = self.known.get("name", "")
        return " ".join(reversed([part.strip() for part in name.split(",", 1)]))  # Canvas writes "Last, First"

    @property
    def sortable_name(self) -> str:
        """Last name, first name, as Canvas writes it."""
        first, last = self.known.get("first_name", ""), self.known.get("last_name", "")
        return f"{last}, {first}" if first and last else self.known.get("name", "") or self.name


def read_roster(path: Path) -> dict[str, Person]:
    """The people in a CSV file with a header, by id; raises CourseError with the line of what is wrong."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # a cell in quotes may go over several lines
            reader = csv.reader(file)
            header, lines = next(reader, []), [(reader.line_num, line) for line in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"{path} cannot be read as a CSV file in UTF-8 ({error})") from error
    columns = _columns([title.strip().lower() for title in header])
    if not set(columns) & set(IDENTITIES):
        raise CourseError(
            f"{path}: expected a header with one of the columns student, username, ID number, SIS Login ID or email; "
            f"got {', '.join(header) or 'an empty file'}"
        )
    people: dict[str, Person] = {}
    for number, line in lines:
        known = {name: line[place].strip() for name, place in columns.items() if place < len(line)}
        student = next((known[name] for name in IDENTITIES if known.get(name)), "")
        if not student:  # the row of points in a gradebook of Canvas, or an empty line
            continue
        if "/" in student or "\\" in student or student.startswith("."):
            raise CourseError(f"{path}, line {number}: {student!r} cannot be the name of a folder; give another id")
        if student in people:
            raise CourseError(
                f"{path}, line {number}: {student} stands there twice; each student needs an id of their own"
            )
        people[student] = Person(student, known)
    return people


def _columns(header: list[str]) -> dict[str, int]:
    """What is in which column."""
    names = COLUMNS | (OF_CANVAS if "sis login id" in header else {})
    return {
        name: header.index(title)
        for name, titles in names.items()
        for title in [next((title for title in titles if title in header), None)]
        if title is not None
    }


def people_of(book: Book) -> dict[str, Person]:
    """The students in the gradebook, with what it knows about them."""
    return {
        student.id: Person(
            student.id,
            {
                key: value
                for key, value in {
                    "first_name": student.first_name,
                    "last_name": student.last_name,
                    "email": student.email,
                    "canvas_id": student.lms_user_id,
                }.items()
                if value
            },
        )
        for student in book.gradebook.students
    }


def enter_roster(book: Book, people: dict[str, Person]) -> None:
    """Writes the people into the gradebook, which formgrader shows by name; nobody is taken out."""
    for person in people.values():
        first, _, last = person.name.rpartition(" ")
        book.gradebook.update_or_create_student(
            person.student,
            first_name=person.known.get("first_name") or first or None,
            last_name=person.known.get("last_name") or last or None,
            email=person.known.get("email") or None,
            lms_user_id=person.known.get("canvas_id") or None,
        )
