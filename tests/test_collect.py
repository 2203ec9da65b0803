"""Downloads of Moodle and Canvas into submissions/: whose a file is, which attempt counts, and what is refused."""

import stat
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from grading_course import WEEK, small_lesson

from autograder import download
from autograder.cli import main
from autograder.collect import Collected, collect
from autograder.errors import CourseError
from autograder.final_feedback import moodle_folders
from autograder.gradebook import Book, gradebook_url
from autograder.lesson import Lesson
from autograder.participants import as_id
from autograder.roster import Person, read_roster

EARLY, LATE = (2026, 11, 20, 10, 0, 0), (2026, 11, 21, 10, 0, 0)
ADA = "Ada Lovelace_4711_assignsubmission_file_"
PEOPLE = {
    "al1": Person("al1", {"first_name": "Ada", "last_name": "Lovelace", "canvas_id": "77"}),
    "zo2": Person("zo2", {"name": "Zoë Ortiz"}),
}


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    return small_lesson(tmp_path / "course")


def zipped(tmp_path: Path, files: dict[str, str], date: tuple[int, ...] = EARLY) -> Path:
    path = tmp_path / f"download-{len(list(tmp_path.iterdir()))}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, date), text, zipfile.ZIP_DEFLATED)  # type: ignore[arg-type]
    return path


def there(tmp_path: Path) -> dict[str, str]:
    """What was written, by student."""
    files = (tmp_path / "submissions").rglob("*.ipynb")
    return {path.parent.parent.name: path.read_text() for path in files}


def taken(tmp_path: Path, lesson: Lesson, source: Path, people: dict[str, Person] | None = None) -> Collected:
    return collect(source, lesson, tmp_path / "submissions", people or {})


def test_moodles_folders_become_submissions_with_the_downloads_time(tmp_path: Path, lesson: Lesson) -> None:
    source = zipped(tmp_path, {f"{ADA}/sums.ipynb": "ada's", "Zoë Ortiz_12_assignsubmission_file_/x.ipynb": "zoë's"})
    done = taken(tmp_path, lesson, source)
    assert there(tmp_path) == {"ada-lovelace": "ada's", "zoe-ortiz": "zoë's"}
    stamp = (tmp_path / "submissions" / "ada-lovelace" / WEEK / "timestamp.txt").read_text()
    assert stamp == f"{datetime(*EARLY).astimezone(download.UTC):%Y-%m-%d %H:%M:%S} UTC"
    assert done.moodle_folders()["ada-lovelace"] == ADA
    assert done.problems == []


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace_4711_assignsubmission_file_sums.ipynb",
        "Ada Lovelace_4711_assignsubmission_file/sums.ipynb",
        "week 1/Lovelace Ada_4711_assignsubmission_file_/deep/sums.ipynb",
        "lovelaceada_77_900_sums.ipynb",
        "somebodyelse_LATE_77_900_sums-3.ipynb",
        "lovelaceada_late_5_900_my notebook.ipynb",
    ],
)
def test_the_roster_says_whose_it_is(tmp_path: Path, lesson: Lesson, name: str) -> None:
    done = taken(tmp_path, lesson, zipped(tmp_path, {name: "ada's"}), PEOPLE)
    assert done.problems == []
    assert there(tmp_path) == {"al1": "ada's"}
    assert (done.notes == ["al1: Canvas says it came late"]) == ("late" in name.lower())


def test_who_is_not_in_the_roster_is_reported(tmp_path: Path, lesson: Lesson) -> None:
    done = taken(tmp_path, lesson, zipped(tmp_path, {"Eve_1_assignsubmission_file_/sums.ipynb": "?"}), PEOPLE)
    assert there(tmp_path) == {}
    assert "Eve (1) is not in the roster" in done.problems[0]


def test_two_people_of_one_name_are_not_mixed_up(tmp_path: Path, lesson: Lesson) -> None:
    both = {f"Ada_{number}_assignsubmission_file_/sums.ipynb": str(number) for number in (1, 2)}
    done = taken(tmp_path, lesson, zipped(tmp_path, both))
    assert there(tmp_path) == {}
    assert len(done.problems) == 2
    assert all("two people are called ada; tell them apart with a roster" in problem for problem in done.problems)


def test_people_of_one_name_are_told_apart_by_the_numbers_of_moodles_worksheet(tmp_path: Path, lesson: Lesson) -> None:
    roster, ids = tmp_path / "Grades.csv", {"1": "a1", "2": "a2", "3": "a2"}
    folders = {f"Ada Lovelace_{number}_assignsubmission_file_/sums.ipynb": number for number in ("1", "2")}
    roster.write_text("Identifier,Full name,Username\n,Ada Lovelace,a1\n,Ada Lovelace,a2\n")
    done = taken(tmp_path, lesson, zipped(tmp_path, folders), read_roster(roster))
    assert "could be a1 or a2; give the right one the number 1 in the roster's column participant" in done.problems[0]
    roster.write_text("Identifier,Full name,Username\nParticipant 1,Ada Lovelace,a1\nParticipant 2 3,Ada Lovelace,a2\n")
    done = taken(tmp_path, lesson, zipped(tmp_path, folders), read_roster(roster))
    assert done.problems == []
    assert there(tmp_path) == {ids[number]: number for number in ("1", "2")}
    later = zipped(tmp_path, {"Ada Lovelace_3_assignsubmission_file_/sums.ipynb": "3"}, LATE)
    assert list(taken(tmp_path, lesson, later, read_roster(roster)).taken) == ["a2"]


def test_folders_of_nobody_in_the_roster_are_named(tmp_path: Path, lesson: Lesson) -> None:
    source = zipped(tmp_path, {f"{ADA}/sums.ipynb": "ada's"})
    assert taken(tmp_path, lesson, source).notes == [], "without a roster anybody may hand in"
    (note,) = taken(tmp_path, lesson, source, PEOPLE).notes
    assert note.startswith("ada-lovelace: not in the roster")
    assert set(there(tmp_path)) == {"ada-lovelace", "al1"}, "nothing is removed"


def test_the_newest_attempt_counts_and_the_others_are_named(tmp_path: Path, lesson: Lesson) -> None:
    files = {f"lovelaceada_77_{90 + place}_sums{end}.ipynb": end for place, end in enumerate(["-2", "-10", ""])}
    done = taken(tmp_path, lesson, zipped(tmp_path, files), PEOPLE)
    assert there(tmp_path) == {"al1": "-10"}
    assert len(done.notes) == 2
    assert "lovelaceada_77_90_sums-2.ipynb was left for the newer lovelaceada_77_91_sums-10.ipynb" in done.notes[1]


def test_a_newer_submission_is_never_replaced_silently(tmp_path: Path, lesson: Lesson) -> None:
    taken(tmp_path, lesson, zipped(tmp_path, {f"{ADA}/sums.ipynb": "new"}, LATE))
    done = taken(tmp_path, lesson, zipped(tmp_path, {f"{ADA}/sums.ipynb": "old"}, EARLY))
    assert "is there and not known to be older" in done.problems[0]
    assert there(tmp_path) == {"ada-lovelace": "new"}
    again = taken(tmp_path, lesson, zipped(tmp_path, {f"{ADA}/sums.ipynb": "new"}, LATE))
    assert list(again.unchanged) == ["ada-lovelace"]


def test_an_older_submission_is_replaced_and_that_is_said(tmp_path: Path, lesson: Lesson) -> None:
    taken(tmp_path, lesson, zipped(tmp_path, {f"{ADA}/sums.ipynb": "old"}, EARLY))
    done = taken(tmp_path, lesson, zipped(tmp_path, {f"{ADA}/sums.ipynb": "new"}, LATE))
    assert done.notes == ["ada-lovelace: an older sums.ipynb was replaced"]
    assert there(tmp_path) == {"ada-lovelace": "new"}


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (f"../{ADA}/sums.ipynb", "leads out"),
        (f"/{ADA}/sums.ipynb", "leads out"),
        (f"{ADA}/..\\..\\sums.ipynb", "leads out"),
        (f"{ADA}/work.zip", "no notebook"),
        ("sums.ipynb", "whose it is cannot be said"),
    ],
)
def test_what_cannot_be_taken_is_reported(tmp_path: Path, lesson: Lesson, name: str, problem: str) -> None:
    done = taken(tmp_path, lesson, zipped(tmp_path, {name: "x"}))
    assert problem in done.problems[0]
    assert there(tmp_path) == {}


def test_links_are_not_followed_in_a_zip_or_a_folder(tmp_path: Path, lesson: Lesson) -> None:
    path = tmp_path / "links.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo(f"{ADA}/sums.ipynb", EARLY)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    folder = tmp_path / "unpacked" / ADA
    folder.mkdir(parents=True)
    (folder / "sums.ipynb").symlink_to("/etc/passwd")
    for source in (path, tmp_path / "unpacked"):
        assert "it is a link" in taken(tmp_path, lesson, source).problems[0]
    assert there(tmp_path) == {}


def test_bombs_are_not_unpacked(tmp_path: Path, lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MAX_FILE", 1_000_000)
    large = zipped(tmp_path, {f"{ADA}/sums.ipynb": "0" * 5_000_000})
    assert large.stat().st_size < 10_000
    assert "it has more than" in taken(tmp_path, lesson, large).problems[0]
    lying = bytearray(large.read_bytes())
    for place in range(len(lying) - 4):  # both heads of the entry now claim ten bytes
        if lying[place : place + 4] == (5_000_000).to_bytes(4, "little"):
            lying[place : place + 4] = (10).to_bytes(4, "little")
    large.write_bytes(lying)
    assert "cannot be unpacked" in taken(tmp_path, lesson, large).problems[0]
    assert there(tmp_path) == {}
    monkeypatch.setattr(download, "MAX_ENTRIES", 1)
    with pytest.raises(CourseError, match="more than 1"):
        taken(tmp_path, lesson, zipped(tmp_path, {"a": "", "b": ""}))


def test_a_broken_entry_costs_only_itself(tmp_path: Path, lesson: Lesson) -> None:
    path = zipped(tmp_path, {f"{ADA}/sums.ipynb": "abcdefgh" * 20, "Zoe_2_assignsubmission_file_/sums.ipynb": "fine"})
    data = bytearray(path.read_bytes())
    start = data.index(b"sums.ipynb") + len("sums.ipynb")
    data[start : start + 8] = b"\xff" * 8
    path.write_bytes(data)
    done = taken(tmp_path, lesson, path)
    assert "cannot be unpacked" in done.problems[0]
    assert there(tmp_path) == {"zoe": "fine"}


def test_a_folder_works_like_the_zip(tmp_path: Path, lesson: Lesson) -> None:
    file = tmp_path / "unpacked" / ADA / "sums.ipynb"
    file.parent.mkdir(parents=True)
    file.write_text("ada's")
    assert list(taken(tmp_path, lesson, tmp_path / "unpacked").taken) == ["ada-lovelace"]


def test_a_download_of_something_else_is_refused(tmp_path: Path, lesson: Lesson) -> None:
    (tmp_path / "no.zip").write_text("no zip")
    with pytest.raises(CourseError, match="no zip file"):
        taken(tmp_path, lesson, tmp_path / "no.zip")
    with pytest.raises(CourseError, match="no notebook in the layout"):
        taken(tmp_path, lesson, zipped(tmp_path, {}))


def test_ids_are_made_from_names() -> None:
    assert as_id("Jean-Luc Ó Néill (x) / ..") == "jean-luc-o-neill-x"


def test_collect_is_a_verb_that_keeps_the_roster_and_moodles_folders(
    tmp_path: Path, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = tmp_path / "course"
    monkeypatch.chdir(course)
    (tmp_path / "r.csv").write_text("student,first_name,last_name\nal1,Ada,Lovelace\n")
    source = zipped(tmp_path, {f"{ADA}/sums.ipynb": "ada's", "Eve_1_assignsubmission_file_/sums.ipynb": "?"})
    done = CliRunner().invoke(main, ["collect", str(source), "--week", "1", "--roster", str(tmp_path / "r.csv")])
    assert done.exit_code == 1, "Eve is unknown"
    assert "1 taken, 0 were there already, 1 not taken" in done.output
    assert (course / "submissions" / "al1" / WEEK / "sums.ipynb").read_text() == "ada's"
    assert moodle_folders(course / "grades", WEEK) == {"al1": ADA}
    with Book(gradebook_url(course / "grades")) as book:
        assert book.gradebook.find_student("al1").last_name == "Lovelace"
    again = CliRunner().invoke(main, ["collect", str(source), "--week", "1"])
    assert "0 taken, 1 were there already, 1 not taken" in again.output, "the roster is known by now"
