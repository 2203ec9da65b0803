"""A warm worker as the coordinator sees it: a subprocess that is given steps and gives back what became of each."""

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from autograder.errors import CourseError
from autograder.frames import CRASHED, pack, read_frame, unpack, write_frame
from autograder.sandbox import FULL, LEVELS, PARTIAL, Limits
from autograder.wire import WireError, decode

LM = str(Path(__file__).resolve().parent.parent / "lm")  # what the course gives to everybody
ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)


@dataclass(frozen=True)
class Reply:
    """What became of one step: the child's data, or `fate`, the reason why there is none."""

    fate: str
    data: dict[str, Any]
    seconds: float


class Runner(Protocol):
    """Whatever can run steps: a worker of this machine, or one of a cluster."""

    level: str

    def run(self, steps: list[dict[str, Any]], limits: Limits) -> list[Reply]: ...

    def close(self) -> None: ...


class WorkerProcess:
    """Starts on first use, starts again if it dies, and must be closed."""

    def __init__(self, packages: tuple[str, ...], allow_unsafe: bool = False) -> None:
        self.packages, self.allow_unsafe = packages, allow_unsafe
        self.level = ""  # of the sandbox, known once it has started
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def run(self, steps: list[dict[str, Any]], limits: Limits) -> list[Reply]:
        """One reply for each step. If the worker itself dies, the rest of the steps "crashed"."""
        replies: list[Reply] = []
        try:
            process = self._process or self._start()
            sent = [
                {"kind": step["kind"], "exercise": step.get("exercise", ""), "request": step["request"]}
                for step in steps
            ]
            _send(process, {"steps": sent, "limits": limits.as_dict()})
            while not (frame := unpack(self._frame(process))).get("done"):
                replies.append(_reply(frame))
        except (EOFError, BrokenPipeError, WireError):
            self._end()
        return replies + [Reply(CRASHED, {}, 0.0)] * (len(steps) - len(replies))

    def close(self) -> None:
        """For good: a run that another thread still has at work gets no new worker."""
        self._closed = True
        self._end()

    def _end(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)  # the worker, and its copy if that is at work
            self._process.communicate()
            self._process = None

    def __enter__(self) -> "WorkerProcess":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _start(self) -> "subprocess.Popen[bytes]":
        """Starts a worker at the best level that works here; `level` then says which."""
        if self._closed:
            raise EOFError("the worker was closed")
        problems = []
        for level in LEVELS if self.allow_unsafe else (FULL, PARTIAL):
            problem = self._try(level)
            if not problem and self._process is not None:
                self.level = level
                return self._process
            problems.append(f"{level}: {problem}")
        raise CourseError(
            f"this machine offers no sandbox for student code ({'; '.join(problems)}). With --unsafe-no-sandbox it "
            "runs with limits on time and memory alone: it could read and change your files and use your network. "
            "Better: grade on Linux, or in the container that the instructor's guide describes"
        )

    def _try(self, level: str) -> str:
        """Starts a worker at `level`; returns what is missing for it, or nothing."""
        caches = _own_folder()
        folders = {"MPLCONFIGDIR": str(caches / "fonts"), "IPYTHONDIR": str(caches / "ipython")}
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-P", "-m", "autograder.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=ONE_THREAD | folders | {"PYTHONHASHSEED": "0", "LANG": "C.UTF-8"},
            start_new_session=True,  # Ctrl-C is the coordinator's to handle
        )
        setup = {
            "level": level,
            "place": str(caches / "room"),
            "packages": list(self.packages),
            "folders": [LM] if os.path.isdir(LM) else [],
        }
        try:
            _send(self._process, setup)
            problem = str(unpack(self._frame(self._process))["problem"])
        except (EOFError, BrokenPipeError, WireError):
            problem = "the worker ended while it was set up"
        if problem:
            self._end()
        return problem

    def _frame(self, process: "subprocess.Popen[bytes]") -> bytes:
        frame = read_frame(process.stdout)  # type: ignore[arg-type]
        if frame is None:
            raise EOFError("the worker is gone")
        return frame


def _send(process: "subprocess.Popen[bytes]", order: dict[str, Any]) -> None:
    write_frame(process.stdin, pack(order))  # type: ignore[arg-type]
    process.stdin.flush()  # type: ignore[union-attr]


def _own_folder() -> Path:
    """Where workers keep the list of fonts, which takes seconds to make, and an empty folder for the room."""
    folder = Path(tempfile.gettempdir()) / f"course-worker-{os.getuid()}"
    (folder / "room").mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise CourseError(f"{folder} belongs to somebody else; remove it, or set TMPDIR to a folder of your own")
    return folder


def _reply(frame: dict[str, Any]) -> Reply:
    """The worker's word about a step; the student's bytes inside are decoded here, with no trust in them."""
    if frame["fate"]:
        return Reply(frame["fate"], {}, frame["seconds"])
    try:
        data = decode(frame["reply"])
    except WireError:
        data = None
    if not isinstance(data, dict):
        return Reply("answered with bytes that are no data", {}, frame["seconds"])
    return Reply("", data, frame["seconds"])
