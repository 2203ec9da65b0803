"""The gradebook in PostgreSQL: a real server on a local socket, where one is installed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from grading_course import WEEK, Class

from autograder.gradebook import Book

pytest.importorskip("psycopg", reason="the extra `postgresql` is not installed")

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
if not PROGRAMS and not shutil.which("initdb"):
    pytest.skip("no PostgreSQL server is installed here", allow_module_level=True)
BIN = PROGRAMS[-1] if PROGRAMS else Path(str(shutil.which("initdb"))).parent


def run(*command: object) -> None:
    """As an ordinary user: the server refuses to run as root."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *words]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, timeout=60, cwd="/", env={"LC_ALL": "C.UTF-8"})


@pytest.fixture(scope="module")
def server():
    """The URL of an empty database. Its folder is short: the name of a socket is limited to about 100 characters."""
    folder = Path("/tmp") / f"pg-{os.getpid()}"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    run(BIN / "initdb", "-D", folder / "data", "-U", "teacher", "--auth=trust")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
    run(BIN / "pg_ctl", "-D", folder / "data", "-o", options, "-l", folder / "log", "-w", "start")
    try:
        yield f"postgresql+psycopg://teacher@/postgres?host={folder}"
    finally:
        run(BIN / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def test_scores_and_hand_given_points_are_kept_in_postgresql(server, tmp_path):
    course = Class(tmp_path)
    course.hands_in("ada")
    course.hands_in("ben", {"average": "def average(values):\n    return 0.0"})
    run = course.autograder("grade", "--gradebook", server, "--jobs", "1")
    assert run.exit_code == 0, run.output
    with Book(server) as book:
        scores = {
            student: book.gradebook.find_submission(WEEK, student).notebooks[0].score for student in ("ada", "ben")
        }
        assert scores["ada"] > scores["ben"] > 0
        (written,) = [
            grade
            for grade in book.gradebook.find_submission(WEEK, "ada").notebooks[0].grades
            if grade.auto_score is None
        ]
        written.manual_score, written.needs_manual_grade = 1.5, False
        book.session.commit()
    again = course.autograder("grade", "--gradebook", server, "--jobs", "1", "--again")
    assert again.exit_code == 0, again.output
    with Book(server) as book:
        row = book.with_manual({"student": "ada"}, course.lesson)
    assert (row["manual_score"], row["manual_pending"]) == (1.5, False)
