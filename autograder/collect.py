"""A download of Moodle's or Canvas's -> submissions/STUDENT/WEEK/TOPIC.ipynb, with time stamps and a report."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.download import Download, Entry
from autograder.errors import CourseError
from autograder.lesson import Lesson
from autograder.participants import Piece, as_id, owners, read_name
from autograder.roster import Person
from autograder.store import write_whole


@dataclass
class Collected:
    """What came of a download."""

    taken: dict[str, Piece] = field(default_factory=dict)  # by student
    unchanged: dict[str, Piece] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)  # what was left out, and why
    notes: list[str] = field(default_factory=list)  # what was taken and is worth knowing

    def moodle_folders(self) -> dict[str, str]:
        """Student -> the folder of theirs in Moodle's download."""
        return {student: piece.folder for student, piece in (self.taken | self.unchanged).items() if piece.folder}


def collect(
    source: Path, lesson: Lesson, submissions: Path, people: dict[str, Person], overwrite: bool = False
) -> Collected:
    """Writes what is new; `people`, if any, say who may hand in. Nothing newer is replaced without `overwrite`."""
    done = Collected()
    with Download(source) as download:
        pieces = list(_pieces(download.entries(), done))
        if not pieces and not done.problems:
            raise CourseError(
                f"{source} holds no notebook in the layout of Moodle (Name_123_assignsubmission_file_/x.ipynb) "
                "or Canvas (name_123_456_x.ipynb)"
            )
        for student, several in _by_student(pieces, people, done).items():
            *others, chosen = sorted(several, key=lambda piece: piece.newness(lesson.topic))
            done.notes += [
                f"{student}: {other.entry.path} was left for the newer {chosen.entry.path}" for other in others
            ]
            _take(download, chosen, student, submissions / student / lesson.name, lesson.topic, overwrite, done)
    if people:
        _note_strangers(submissions, lesson.name, people, done)
    return done


def _pieces(entries: Iterable[Entry], done: Collected) -> Iterable[Piece]:
    for entry in entries:
        piece = read_name(entry)
        if entry.problem:
            done.problems.append(f"{entry.path}: {entry.problem}")
        elif any(part.startswith((".", "__MACOSX")) for part in entry.path.parts):
            continue
        elif piece is None:
            done.problems.append(f"{entry.path}: neither Moodle nor Canvas names a file so; whose it is cannot be said")
        elif not piece.file.lower().endswith(".ipynb"):
            done.problems.append(f"{entry.path}: it is no notebook; ask for one, or unpack it by hand")
        else:
            yield piece


def _by_student(pieces: list[Piece], people: dict[str, Person], done: Collected) -> dict[str, list[Piece]]:
    """Whose each piece is: by the roster if there is one, else an id is made from the name."""
    found: dict[str, list[Piece]] = {}
    numbers: dict[str, set[str]] = {}
    for piece in pieces:
        able = owners(piece, people) if people else [as_id(piece.name)]
        if len(able) == 1 and able[0]:
            found.setdefault(able[0], []).append(piece)
            numbers.setdefault(able[0], set()).add(piece.number)
        elif able:
            column = "participant" if piece.folder else "canvas_id"
            done.problems.append(
                f"{piece.entry.path}: {piece.name} could be {' or '.join(able) or 'anybody'}; "
                f"give the right one the number {piece.number} in the roster's column {column}"
            )
        else:
            done.problems.append(f"{piece.entry.path}: {piece.name} ({piece.number}) is not in the roster; add a line")
    for student in [student for student, several in numbers.items() if len(several) > 1]:
        for piece in found.pop(student):
            done.problems.append(f"{piece.entry.path}: two people are called {student}; tell them apart with a roster")
    return found


def _note_strangers(submissions: Path, week: str, people: dict[str, Person], done: Collected) -> None:
    """Folders of nobody in the roster, such as those of a collection without one, would be graded as more students."""
    folders = [path.parent for path in sorted(submissions.glob(f"*/{week}")) if path.is_dir()]
    done.notes += [
        f"{folder.name}: not in the roster, but {folder} is there and would be graded; remove it if it is a leftover"
        for folder in folders
        if folder.name not in people and not folder.name.startswith(".")
    ]


def _take(
    download: Download, piece: Piece, student: str, folder: Path, topic: str, overwrite: bool, done: Collected
) -> None:
    target, stamp = folder / f"{topic}.ipynb", folder / "timestamp.txt"
    try:
        content = download.read(piece.entry)
    except ValueError as error:
        done.problems.append(f"{piece.entry.path}: {error}")
        return
    if target.is_symlink() or folder.is_symlink():
        done.problems.append(f"{student}: {target} is a link or in one; remove it")
        return
    there = target.is_file()
    if there and target.read_bytes() == content:
        done.unchanged[student] = piece
        return
    if there and not overwrite and not _is_older(stamp, piece.entry.time):
        done.problems.append(f"{student}: {target} is there and not known to be older; --overwrite replaces it")
        return
    _write(content, target)
    stamp.unlink(missing_ok=True)
    if piece.entry.time:
        write_whole(stamp, f"{piece.entry.time:%Y-%m-%d %H:%M:%S} UTC")
    done.taken[student] = piece
    done.notes += [f"{student}: an older {target.name} was replaced"] if there else []
    done.notes += [f"{student}: Canvas says it came late"] if piece.late else []


def _write(content: bytes, target: Path) -> None:
    """Writes a file whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(target.name + ".new")
    fresh.write_bytes(content)
    fresh.replace(target)


def _is_older(stamp: Path, time: datetime | None) -> bool:
    """Whether what is there is known to be older."""
    try:
        there: datetime = parse_utc(stamp.read_text(encoding="utf-8").strip())
    except (OSError, ValueError, OverflowError):
        return False
    return time is not None and there < time.replace(tzinfo=None)
