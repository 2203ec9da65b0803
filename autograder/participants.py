"""Whose a file of a download is, by its path.

Moodle:  Ada Lovelace_12345_assignsubmission_file_/derivatives.ipynb   (or, without folders, ..._file_derivatives.ipynb)
Canvas:  lovelaceada_LATE_12345_67890_derivatives-2.ipynb              (name, user's number, file's number, attempt)
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from autograder.download import Entry
from autograder.roster import Person

MOODLE = re.compile(r"(?P<name>[^/_]+)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)_?(?P<rest>.*)")
CANVAS = re.compile(r"(?P<name>[^/_]+)_(?P<late>LATE_)?(?P<number>\d+)_(?P<file>\d+)_(?P<rest>.+)", re.IGNORECASE)
ATTEMPT = re.compile(r"-(\d+)(?=\.ipynb$)")


@dataclass(frozen=True)
class Piece:
    """A notebook in a download, and whose it is by its name."""

    entry: Entry
    name: str  # as the LMS writes it: "Ada Lovelace", "lovelaceada"
    number: str  # the participant's in Moodle, the user's in Canvas
    file: str  # the notebook's own name
    folder: str = ""  # Moodle's, by which it takes feedback back
    late: bool = False
    attempt: int = 0

    def newness(self, topic: str) -> tuple[bool, int, datetime, str]:
        """What makes one notebook of a student the one to take: the right name, the attempt, the time."""
        named = ATTEMPT.sub("", self.file) == f"{topic}.ipynb"
        return named, self.attempt, self.entry.time or datetime.min.replace(tzinfo=UTC), str(self.entry.path)


def read_name(entry: Entry) -> Piece | None:
    """Whose file it is by its path; None if it is in neither layout."""
    parts = entry.path.parts
    for place, part in enumerate(parts):
        if match := MOODLE.fullmatch(part):
            inner = [match["rest"], *parts[place + 1 :]]
            folder = f"{match['name']}_{match['number']}_assignsubmission_file_"
            return Piece(entry, match["name"].strip(), match["number"], inner[-1] or inner[0], folder)
    if match := CANVAS.fullmatch(parts[-1]):
        attempt = ATTEMPT.search(match["rest"])
        number = int(attempt[1]) if attempt and len(attempt[1]) < 6 else 0
        return Piece(entry, match["name"], match["number"], match["rest"], late=bool(match["late"]), attempt=number)
    return None


def owners(piece: Piece, people: dict[str, Person]) -> list[str]:
    """Who of the roster it can be: by the LMS's number if the roster has it, else by the name in any order."""
    by_number = [id_ for id_, person in people.items() if piece.number in _numbers(piece, person)]
    if by_number:
        return by_number
    letters = _letters(piece.name)
    return [
        id_
        for id_, person in people.items()
        if letters and letters in (_letters(person.name), _letters(person.sortable_name), _letters(id_))
    ]


def _numbers(piece: Piece, person: Person) -> list[str]:
    """The numbers by which the LMS may mean a person. Moodle gives everybody another one for each assignment."""
    if piece.folder:
        return re.findall(r"\d+", person.known.get("participant", ""))
    return [person.known.get("canvas_id", "")]


def _letters(name: str) -> str:
    """A name without spaces, accents and capitals, as Canvas writes it."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in plain.casefold() if sign.isalnum())


def as_id(name: str) -> str:
    """An id that can be a folder's name: "Ada Lovelace" -> "ada-lovelace"."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "-".join(
        "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign)).split()
    )
