"""A run that is killed goes on where it stopped: nothing is lost, nothing is there twice."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from grading_course import TOPIC, WEEK, Class

STUDENTS = [f"student{number:02d}" for number in range(10)]
SLOW = "import time\ntime.sleep(0.4)\ndef average(values):\n    return sum(values) / len(values)"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path, how):
    course = Class(tmp_path)
    for student in STUDENTS:
        course.hands_in(student, {"average": SLOW})
    command = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", "--jobs", "2"]
    results = course.grades / "results" / WEEK
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run:
        deadline = time.monotonic() + 60
        while len(list(results.glob("*.json"))) < 3 and time.monotonic() < deadline and run.poll() is None:
            time.sleep(0.02)
        run.send_signal(how)
        run.communicate(timeout=60)
    before = {path.name: path.stat().st_mtime_ns for path in results.glob("*.json")}
    assert 3 <= len(before) < len(STUDENTS)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(STUDENTS) - len(before)} graded now, {len(before)} unchanged" in done.stdout
    after = {path.name: path.stat().st_mtime_ns for path in results.glob("*.json")}
    assert sorted(after) == [f"{student}.json" for student in STUDENTS]
    assert {name: after[name] for name in before} == before  # what was done was not done again
    with course.book() as book:
        submissions = book.gradebook.assignment_submissions(WEEK)
        assert sorted(submission.student.id for submission in submissions) == STUDENTS
        assert len({submission.score for submission in submissions}) == 1
    for student in STUDENTS:
        assert (course.grades / "autograded" / student / WEEK / f"{TOPIC}.ipynb").is_file()
    assert not list(course.grades.rglob("*.new"))
