"""The warm worker: a process that has imported everything once; a copy of it does each submission.

It speaks with the coordinator over stdin and stdout in frames of plain data. It reads no submission and no test: the
copy does, and forks the children in which the student's code runs. From a child it reads nothing but length-prefixed
bytes, which it passes on unread. When a child crashes or hangs, the step at work is lost: a new child repeats the cells
before it and goes on behind it.
"""

import contextlib
import gc
import importlib
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

from autograder import child, sandbox
from autograder.frames import (
    CRASHED,
    CRASHED_TOO_OFTEN,
    LENGTH,
    NO_TIME_LEFT,
    OUT_OF_TIME,
    TOO_MUCH_DATA,
    pack,
    read_frame,
    unpack,
    write_frame,
)
from autograder.shell import Shell, make_shell
from autograder.wire import MAX_ANSWER, decode, encode

Step = dict[str, Any]
# Shows whether a child can live at the chosen level.
TRIAL = [{"kind": "cell", "request": encode({"kind": "cell", "source": "1 + 1", "binds": []})}]


def main() -> None:
    """Frames in: how to set up, once, then {"steps", "limits"} a submission. Frames out: one reply a step."""
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever a library prints must not get between the frames
    setup = read_frame(source)
    if setup is None:
        return
    order = unpack(setup)
    level = order["level"]
    _forget_the_course()
    try:
        shell = make_shell()
        for name in order["packages"]:  # before the walls go up: some look for a temporary folder
            importlib.import_module(name)
        sandbox.prepare(level, order["place"], tuple(order["folders"]))
        trial = list(Run(shell, TRIAL, sandbox.Limits(), level).replies())
        problem = _problem(unpack(trial[0]))
    except Exception as error:  # a system without some of this can fail in any way; the next level is tried then
        problem = f"{type(error).__name__}: {error}"
    gc.collect()
    gc.freeze()  # what is there now is shared with every child and never looked at again by its collector
    write_frame(sink, pack({"problem": problem}))
    sink.flush()
    while not problem and _do_in_a_copy(source, sink, shell, level):
        pass


def _do_in_a_copy(source: BinaryIO, sink: BinaryIO, shell: Shell, level: str) -> bool:
    """Reads and does one submission in a copy of this process; False if there was none, or the copy died.

    So no child is ever forked from memory in which the code of another student has been.
    """
    select.select([source], [], [])
    copy = os.fork()
    if copy:
        return os.waitpid(copy, 0)[1] == 0
    status = 1
    try:
        if (job := read_frame(source)) is not None:
            order = unpack(job)
            for reply in Run(shell, order["steps"], sandbox.Limits(**order["limits"]), level).replies():
                write_frame(sink, reply)
            write_frame(sink, pack({"done": True}))
            sink.flush()
            status = 0
    finally:
        os._exit(status)


def _problem(trial: Step) -> str:
    """What kept the first child from answering; "" if it answered."""
    reply = decode(trial["reply"]) if trial["reply"] else {}
    return str(trial["fate"] or reply.get("broken", ""))


def _forget_the_course() -> None:
    """The repository, on the import path through an editable install, is out of reach of students' imports."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [place for place in sys.path if os.path.abspath(place) != here]
    sys.meta_path[:] = [
        finder for finder in sys.meta_path if "editable" not in str(getattr(finder, "__module__", finder))
    ]


class Run:
    """The steps of one submission, in as many children as it takes."""

    def __init__(self, shell: Shell, steps: list[Step], limits: sandbox.Limits, level: str) -> None:
        self.shell, self.steps, self.limits, self.level = shell, steps, limits, level
        self.lost: set[int] = set()  # steps in which a child died: never repeated
        self.slow: set[str] = set()  # exercises in which a probe ran out of time: their other probes are not asked
        self.pid = 0
        self.starts = 0
        self.deadline = time.monotonic() + limits.total_seconds

    def replies(self) -> Iterator[bytes]:
        """One frame for each step, in order: the child's own bytes, or the fate that kept it from answering."""
        scratch = "" if self.level == sandbox.FULL else tempfile.mkdtemp(prefix="sandbox-")
        try:
            for index, step in enumerate(self.steps):
                started = time.monotonic()
                fate, reply = self._answer(index, step, scratch)
                yield pack({"fate": fate, "reply": reply, "seconds": time.monotonic() - started})
            self._finish()
        finally:
            self._stop()
            if scratch:
                shutil.rmtree(scratch, ignore_errors=True)

    def _answer(self, index: int, step: Step, scratch: str) -> tuple[str, bytes]:
        if step["kind"] == "probe" and step["exercise"] in self.slow:
            return OUT_OF_TIME, b""
        if time.monotonic() >= self.deadline:
            return NO_TIME_LEFT, b""
        if not self.pid and (fate := self._start(index, scratch)):
            return fate, b""
        fate, reply = self._do(step)
        if fate:
            self.lost.add(index)
        if fate == OUT_OF_TIME and step["kind"] == "probe":
            self.slow.add(step["exercise"])
        return fate, reply

    def _start(self, index: int, scratch: str) -> str:
        """A new child in which the cells before `index` have run again; a fate if none can be had."""
        while self.starts < self.limits.restarts:
            self.starts += 1
            self._fork(scratch)
            if self._repeat(index):
                return ""
            if time.monotonic() >= self.deadline:
                return NO_TIME_LEFT
        return CRASHED_TOO_OFTEN

    def _fork(self, scratch: str) -> None:
        requests, self.to_child = os.pipe()
        self.from_child, replies = os.pipe()
        self.pid = sandbox.fork(self.level)
        if not self.pid:
            self._become_child(requests, replies, scratch)
        os.close(requests)
        os.close(replies)
        os.set_blocking(self.to_child, False)

    def _repeat(self, index: int) -> bool:
        """Runs the cells before `index` again. One that fails only now is lost too, and no later step for it."""
        for earlier, step in enumerate(self.steps[:index]):
            if step["kind"] == "cell" and earlier not in self.lost:
                fate, _ = self._do(step)
                if fate:
                    self.lost.add(earlier)
                    return False
        return True

    def _become_child(self, requests: int, replies: int, scratch: str) -> None:
        """In the child: close what belongs to the worker, put up the walls, serve, and never come back."""
        try:
            nowhere = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nowhere, descriptor)
            low, high = sorted((requests, replies))
            os.closerange(3, low)
            os.closerange(low + 1, high)
            os.closerange(high + 1, 4096)
            sandbox.enter(self.level, self.limits, scratch)
            child.serve(self.shell, requests, replies, self.limits.text, self.limits.pictures)
        except Exception as error:  # only the walls can fail like this: what students' code raises is caught inside
            child.send(replies, encode({"broken": f"{type(error).__name__}: {error}"}))
        finally:
            os._exit(0)

    def _do(self, step: Step) -> tuple[str, bytes]:
        """The child's reply to a step, or the fate of the child, which is then gone."""
        limit = min(time.monotonic() + self.limits.step_seconds, self.deadline)
        try:
            self._write(LENGTH.pack(len(step["request"])) + step["request"], limit)
            size = LENGTH.unpack(self._read(LENGTH.size, limit))[0]
            if size <= MAX_ANSWER:
                return "", self._read(size, limit)
            fate = TOO_MUCH_DATA
        except TimeoutError:
            fate = OUT_OF_TIME
        except (EOFError, BrokenPipeError):
            fate = CRASHED
        self._stop()
        return fate, b""

    def _write(self, data: bytes, limit: float) -> None:
        while data:
            if not select.select([], [self.to_child], [], max(0.0, limit - time.monotonic()))[1]:
                raise TimeoutError
            data = data[os.write(self.to_child, data[:65536]) :]

    def _read(self, size: int, limit: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            if not select.select([self.from_child], [], [], max(0.0, limit - time.monotonic()))[0]:
                raise TimeoutError
            piece = os.read(self.from_child, min(size - len(data), 2**20))
            if not piece:
                raise EOFError
            data += piece
        return bytes(data)

    def _finish(self) -> None:
        """Lets a child whose work is done end by itself, so that the kernel accounts for its time."""
        if not self.pid:
            return
        os.close(self.to_child)
        self.to_child = -1
        for _ in range(50):
            if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                return
            time.sleep(0.001)

    def _stop(self) -> None:
        """Ends the child and everything it has started."""
        if not self.pid:
            return
        for kill in (os.killpg, os.kill):  # the group does not exist before setsid
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        if self.to_child >= 0:
            os.close(self.to_child)
        os.close(self.from_child)
        self.pid = 0


if __name__ == "__main__":
    main()
