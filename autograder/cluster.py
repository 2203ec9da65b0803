"""Student code on a Dask cluster: the same runs, on other machines, in the same sandbox there.

Only the running goes out. The lesson's answers, the comparison and the gradebook stay with the coordinator; a machine
of the cluster needs this package and nothing of the course.
"""

import sys
import threading
from typing import Any

from autograder.errors import CourseError
from autograder.process import Reply, WorkerProcess
from autograder.sandbox import Limits

_here = threading.local()  # on a machine of the cluster: each thread keeps a warm worker


PYTHON = "{}.{}".format(*sys.version_info)


def run_there(
    python: str, packages: tuple[str, ...], allow_unsafe: bool, steps: list[dict[str, Any]], limits: Limits
) -> Any:
    """Executed on a machine of the cluster: the replies, and the level of its sandbox."""
    if python != PYTHON:  # the probes are sent compiled
        raise CourseError(
            f"a worker of the cluster runs Python {PYTHON}, and the coordinator runs {python}; start the workers in "
            "an environment with the same Python"
        )
    process = getattr(_here, "process", None)
    if process is None or process.packages != packages:
        process = _here.process = WorkerProcess(packages, allow_unsafe)
    replies = process.run(steps, limits)
    return replies, process.level


class Cluster:
    """A connection to a Dask scheduler; use it in a `with` statement."""

    def __init__(self, address: str) -> None:
        from distributed import Client

        try:
            self.client = Client(address, timeout=20, set_as_default=False)
        except (OSError, ValueError) as error:
            raise CourseError(
                f"no Dask scheduler answers at {address} ({error}); start one with `dask scheduler` and give the "
                "address that it prints"
            ) from error

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *error: object) -> None:
        self.client.close()

    @property
    def threads(self) -> int:
        """How many runs the cluster can take at once."""
        total = sum(self.client.nthreads().values())
        if not total:
            raise CourseError("the Dask cluster has no workers; start some with `dask worker ADDRESS`")
        return int(total)

    def processes(self, packages: tuple[str, ...], allow_unsafe: bool) -> list["ThereProcess"]:
        return [ThereProcess(self.client, packages, allow_unsafe) for _ in range(self.threads)]


class ThereProcess:
    """Stands for a WorkerProcess. If the machine at work dies, Dask gives the run to another one."""

    def __init__(self, client: Any, packages: tuple[str, ...], allow_unsafe: bool) -> None:
        self.client, self.packages, self.allow_unsafe = client, packages, allow_unsafe
        self.level = ""

    def run(self, steps: list[dict[str, Any]], limits: Limits) -> list[Reply]:
        order = (PYTHON, self.packages, self.allow_unsafe, steps, limits)
        future = self.client.submit(run_there, *order, pure=False, retries=3)
        replies, self.level = future.result()
        return list(replies)

    def close(self) -> None:
        """Nothing to close: the warm workers belong to the machines of the cluster."""
