"""nbgrader's formgrader in a real Jupyter server: what graders see of submissions that our own command graded."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from grading_course import WEEK, Class

ROOT = Path(__file__).parents[1]
TOKEN = "only-for-this-test"


class Server:
    """A Jupyter server in the folder of a course."""

    def __init__(self, group: Class, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = os.environ | {
            "JUPYTER_CONFIG_PATH": str(group.root / "autograder"),
            **{f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "RUNTIME", "DATA")},
            "IPYTHONDIR": str(home / "ipython"),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        }
        options = {
            "ip": "127.0.0.1",
            "port": self.port,
            "port_retries": 0,
            "open_browser": False,
            "allow_root": True,
            "root_dir": group.root,
            "jpserver_extensions": '{"nbgrader.server_extensions.formgrader": True}',
        }
        arguments = [f"--ServerApp.{name}={value}" for name, value in options.items()]
        command = [sys.executable, "-m", "jupyter_server", *arguments, f"--IdentityProvider.token={TOKEN}"]
        self.log = (home / "log").open("w+")
        self.process = subprocess.Popen(
            command, cwd=group.root, env=environment, stdout=self.log, stderr=subprocess.STDOUT
        )

    def get(self, path: str) -> str:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Authorization": f"token {TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode("utf-8")

    def wait(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                self.get("/api/status")
                return
            except (urllib.error.URLError, OSError):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.log.seek(0)
                    pytest.fail(f"the server did not start:\n{self.log.read()[-4000:]}")
                time.sleep(0.2)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Class:
    group = Class(tmp_path_factory.mktemp("class"))
    shutil.copy(ROOT / "autograder" / "nbgrader_config.py", group.root / "autograder")
    hostile = "<script>window.hacked = 1</script>"
    group.hands_in("ada", timestamp="2026-11-20 18:00:00 UTC")
    half = f"print({hostile!r})\ndef average(values):\n    return sum(values) / len(values)"
    written = f"Since $a<b$ {hostile} <img src=x onerror=alert(1)> [x](javascript:alert(1))"
    group.hands_in("ben", {"average": half, "proof": written})
    group.grade()
    assert group.autograder("build").exit_code == 0, "formgrader lists the weeks of which it finds the source"
    return group


@pytest.fixture(scope="module")
def server(group: Class, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(group, tmp_path_factory.mktemp("home"))
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def submissions(server: Server) -> dict[str, dict[str, Any]]:
    listed = json.loads(server.get(f"/formgrader/api/submissions/{WEEK}"))
    return {submission["student"]: submission for submission in listed}


def page_of(server: Server, submissions: dict[str, dict[str, Any]], student: str) -> str:
    notebooks = json.loads(server.get(f"/formgrader/api/submitted_notebooks/{WEEK}/sums"))
    (notebook,) = [one for one in notebooks if one["student"] == student]
    assert notebook["id"]
    return server.get(f"/formgrader/submissions/{notebook['id']}/")


def test_the_weeks_and_what_was_handed_in_are_listed(server: Server) -> None:
    (week,) = json.loads(server.get("/formgrader/api/assignments"))
    assert (week["name"], week["num_submissions"]) == (WEEK, 2)
    assert "nbgrader" in server.get("/formgrader/manage_submissions/" + WEEK)


def test_scores_and_what_is_left_to_grade_are_listed(submissions: dict[str, dict[str, Any]]) -> None:
    ada, ben = submissions["ada"], submissions["ben"]
    assert (ada["autograded"], ada["score"], ada["max_score"], ada["needs_manual_grade"]) == (True, 13.0, 16.0, True)
    assert ben["score"] == 11.0
    assert ada["display_timestamp"].startswith("2026-11-20 18:00:00")


def test_a_grader_reads_behaviours_score_and_rubric(server: Server, submissions: dict[str, dict[str, Any]]) -> None:
    page = page_of(server, submissions, "ben")
    assert "FAILS  refuses an empty list with a ValueError" in page
    assert "holds  averages some numbers" in page
    assert "For graders" in page
    assert "2 points: the idea" in page


def test_nothing_that_a_student_wrote_runs_on_the_page_of_a_grader(
    server: Server, submissions: dict[str, dict[str, Any]]
) -> None:
    page = page_of(server, submissions, "ben")
    assert "window.hacked" in page
    assert "<script>window.hacked" not in page
    assert "<img src=x" not in page
    assert "javascript:alert(1)" not in page.replace("] (javascript:alert(1))", "")


def test_the_formula_of_a_written_answer_reaches_mathjax_as_it_was_written(
    server: Server, submissions: dict[str, dict[str, Any]]
) -> None:
    assert "$a&lt; b$" in page_of(server, submissions, "ben")
