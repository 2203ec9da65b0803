"""No submission gains a point by tampering, changes anything outside, or costs another one anything."""

import http.server
import os
import threading
from functools import cache
from pathlib import Path

import pytest
from grading_course import SOLVED, small_lesson, submission
from hostile import CASES, CLASSES, HONEST, WRONG

from autograder import process as processes
from autograder.feedback import feedback_page
from autograder.grading import Grader
from autograder.process import WorkerProcess
from autograder.result import Result
from autograder.sandbox import FULL, MIB, PARTIAL, Limits

SHORT = Limits(step_seconds=1.0, total_seconds=12.0, memory=1536 * MIB, restarts=6)
# What the partial level does not promise: its own process numbers, and a limit on processes.
ONLY_FULL = {"forks without end", "threads without end", "fills the disk", "fills the disk with small files"}


def test_the_corpus_is_as_large_as_it_says():
    assert len(CASES) >= 60
    assert len(CLASSES) == 8  # notebook metadata is in test_intake.py, script injection in test_feedback.py
    assert len(HONEST) >= 15


@pytest.fixture(scope="module")
def grader(tmp_path_factory) -> Grader:
    return Grader(small_lesson(tmp_path_factory.mktemp("course")), seed=1, limits=SHORT)


@pytest.fixture(scope="module", params=[FULL, PARTIAL])
def worker(request):
    """A warm worker at one level; skipped with the reason where this machine does not offer it."""
    process = WorkerProcess(("numpy",))
    levels, processes.LEVELS = processes.LEVELS, (request.param,)
    try:
        problem = process._try(request.param)
        if problem:
            pytest.skip(f"this machine does not offer the level {request.param}: {problem}")
        process.level = request.param
        yield process
    finally:
        processes.LEVELS = levels
        process.close()


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    """A file that must stay as it is, and a server that must hear nothing: (path, port, requests heard)."""
    folder = tmp_path_factory.mktemp("outside")
    for place in (folder, *folder.parents[:-2]):
        os.chmod(place, 0o777)  # if it could be seen, it could be written
    canary = folder / "canary.txt"
    canary.write_text("as it was")
    canary.chmod(0o666)
    heard: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def handle(self) -> None:
            heard.append("a connection")

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield canary, server.server_port, heard
    server.shutdown()
    server.server_close()


def graded(grader: Grader, worker: WorkerProcess, answers: dict[str, str], tampering: str = "") -> Result:
    added = {"given-1": tampering} if tampering else None
    return grader.grade("somebody", submission(grader.lesson, answers, added), worker)


def scores(result: Result) -> dict[str, float]:
    return {exercise.name: exercise.score for exercise in result.exercises}


@cache
def alone(grader: Grader, worker: WorkerProcess) -> dict[str, float]:
    """The scores of the wrong answers without tampering."""
    return scores(graded(grader, worker, WRONG))


@pytest.mark.parametrize(("kind", "name", "code"), CASES, ids=[name for _, name, _ in CASES])
def test_tampering_gains_nothing_and_harms_nobody(grader, worker, outside, kind, name, code):
    if worker.level == PARTIAL and name in ONLY_FULL:
        pytest.skip("the partial level does not promise it")
    canary, port, heard = outside
    state = canary.read_text(), canary.stat().st_mtime_ns, canary.stat().st_mode
    base = alone(grader, worker)
    result = graded(grader, worker, WRONG, code.format(canary=str(canary), port=port))
    gained = {task: (base[task], score) for task, score in scores(result).items() if score > base[task]}
    assert not gained, f"without and with tampering: {gained}"
    assert (canary.read_text(), canary.stat().st_mtime_ns, canary.stat().st_mode) == state
    assert not heard
    row = result.as_json() | {"cells": result.cells}
    assert "Feedback for somebody" in feedback_page(row, "Week 1")
    honest = graded(grader, worker, SOLVED)
    assert honest.score == honest.max_score, "the next submission must be graded as if this one had not been there"


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_notebook_gets_exactly_what_it_deserves(grader, worker, name):
    result = graded(grader, worker, SOLVED, HONEST[name])
    assert result.status == "graded", result.notes
    assert scores(result) == {exercise.name: exercise.max_score for exercise in result.exercises}


def test_a_crash_costs_only_its_own_exercise(grader, worker):
    crash = {"softmax": "import os\nos._exit(1)"}
    result = graded(grader, worker, SOLVED | crash)
    lost = {exercise.name: exercise.max_score - exercise.score for exercise in result.exercises}
    assert {name for name, points in lost.items() if points} == {"softmax"}


def test_scratch_files_do_not_reach_the_next_submission(grader, worker):
    graded(grader, worker, WRONG, "import os\nopen('left', 'w').write('here')\nopen('/tmp/left', 'w').write('here')")
    spy = "import os\nprint('SEEN', os.listdir('.'), os.path.exists('/tmp/left'))"
    result = graded(grader, worker, WRONG, spy)
    printed = "".join(str(cell["outputs"]) for cell in result.cells if cell["label"] == "added")
    assert "SEEN [] False" in printed.replace("\\n", "")
    assert not Path("/tmp/left").exists()
