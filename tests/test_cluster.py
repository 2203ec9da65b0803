"""Student code on a real Dask cluster: a scheduler and two workers on this machine, one of which dies half-way."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import pytest
from grading_course import WEEK, Class

from autograder.batch import Batch, handins
from autograder.errors import CourseError
from autograder.grading import Grader
from autograder.sandbox import Limits
from autograder.steps import cell_step
from autograder.store import Store

distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

from autograder.cluster import PYTHON, Cluster, _here, run_there  # noqa: E402 - needs the package looked for above

PROGRAM = "from distributed.cli.dask_{0} import main; main()"


def start(kind: str, *arguments: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", PROGRAM.format(kind), *arguments, "--no-dashboard"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


@pytest.fixture
def cluster(tmp_path: Path):
    """The address of a scheduler with two workers, and the processes of the workers."""
    file = tmp_path / "scheduler.json"
    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
    workers = []
    try:
        for _ in range(2):
            workers.append(
                start("worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
            )
        for _ in range(300):
            if file.exists() and file.stat().st_size:
                break
            time.sleep(0.1)
        import json

        address = json.loads(file.read_text())["address"]
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, workers
    finally:
        for process in [*workers, scheduler]:
            process.kill()
            process.wait()


@pytest.mark.filterwarnings("default")  # what Dask says about a worker that was killed
def test_nothing_is_lost_when_a_worker_dies_half_way(cluster, tmp_path):
    address, workers = cluster
    course = Class(tmp_path)
    for number in range(8):
        course.hands_in(f"student{number}", {} if number % 2 else {"answer_even": "x"})
    grader = Grader(course.lesson, seed=1)
    with Cluster(address) as there, course.book() as book:
        assert there.threads == 2
        batch = Batch(grader, Store(course.grades), book)
        results = []
        for result in batch.run(handins(course.submissions, WEEK), there.processes(course.lesson.packages, False)):
            results.append(result)
            if len(results) == 2:
                os.kill(workers[0].pid, signal.SIGKILL)
    assert sorted(result.student for result in results) == [f"student{number}" for number in range(8)]
    here = course.grade(again=True)
    assert {r.student: r.score for r in results} == {student: r.score for student, r in here.items()}
    assert {result.status for result in results} == {"graded"}
    assert {result.sandbox for result in results} == {next(iter(here.values())).sandbox}


@pytest.mark.filterwarnings("default")
def test_an_address_where_nobody_answers_is_said_in_a_sentence(monkeypatch):
    import distributed as module

    monkeypatch.setattr(module, "Client", _refuses)
    with pytest.raises(CourseError, match="no Dask scheduler answers at tcp:"):
        Cluster("tcp://127.0.0.1:1")


def _refuses(address: str, **options: object) -> None:
    """What the real client does after its time is over; waiting for that would take twenty seconds."""
    raise OSError(f"Timed out trying to connect to {address}")


def test_a_worker_with_another_python_is_refused_in_words():
    with pytest.raises(CourseError, match=r"the coordinator runs 3\.99; start the workers in an environment"):
        run_there("3.99", ("numpy",), False, [], Limits())


def test_a_machine_keeps_its_worker_while_the_packages_are_the_same():
    steps = [cell_step("a cell", "import os\nprint(os.getppid())", [])]
    replies, level = run_there(PYTHON, ("numpy",), True, steps, Limits())
    assert (len(replies), level) == (1, _here.process.level)
    first = _here.process
    run_there(PYTHON, ("numpy",), True, steps, Limits())
    assert _here.process is first
    run_there(PYTHON, ("math",), True, steps, Limits())
    assert _here.process is not first
    for process in (first, _here.process):
        process.close()


class Machines:
    """A client of three threads on two machines; it tells what it was asked for."""

    threads: ClassVar = {"one": 2, "two": 1}

    def __init__(self, address: str, **options: object) -> None:
        self.asked: list[tuple[object, ...]] = []

    def nthreads(self) -> dict[str, int]:
        return self.threads

    def submit(self, function: object, *arguments: object, **options: object) -> "Machines":
        self.asked.append((function, *arguments))
        return self

    def result(self) -> tuple[list[object], str]:
        return ["a reply"], "full"


def test_every_thread_of_the_cluster_has_its_run_in_the_sandbox_that_was_asked_for(monkeypatch):
    monkeypatch.setattr(distributed, "Client", Machines)
    there = Cluster("tcp://somewhere")
    first, *others = there.processes(("numpy",), False)
    assert len(others) == 2
    assert first.run([], Limits()) == ["a reply"]
    assert there.client.asked == [(run_there, PYTHON, ("numpy",), False, [], Limits())]
    assert (first.level, others[0].level) == ("full", "")
    monkeypatch.setattr(Machines, "threads", {})
    with pytest.raises(CourseError, match="the Dask cluster has no workers; start some with"):
        there.processes(("numpy",), False)


def test_a_machine_without_a_sandbox_is_allowed_only_where_the_coordinator_says_so(monkeypatch):
    asked = []

    class Worker:
        """In the place of the real one, which has a sandbox here."""

        level = "full"

        def __init__(self, packages: tuple[str, ...], allow_unsafe: bool) -> None:
            asked.append((packages, allow_unsafe))

        def run(self, steps: list[dict[str, object]], limits: Limits) -> list[object]:
            return []

    monkeypatch.setattr("autograder.cluster.WorkerProcess", Worker)
    for unsafe in (False, True):
        monkeypatch.setattr("autograder.cluster._here", SimpleNamespace())
        run_there(PYTHON, ("numpy",), unsafe, [], Limits())
    assert asked == [(("numpy",), False), (("numpy",), True)]
