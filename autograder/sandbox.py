"""The walls around a student's process, in three levels. Which one a machine offers is found by trying all of it.

full      own user, process, mount, network and IPC namespaces; a file system with Python and an empty scratch folder
          and nothing else; Landlock; seccomp; no capability; limits
partial   Landlock, seccomp and limits, where namespaces are not to be had (most containers)
unsafe    limits alone (macOS, Windows, old kernels): student code could read your files and use your network
"""

import contextlib
import os
import resource
import signal
import sys
from dataclasses import asdict, dataclass
from typing import Any

from autograder import kernel, landlock, room, seccomp

FULL, PARTIAL, UNSAFE = "full", "partial", "unsafe"
LEVELS = (FULL, PARTIAL, UNSAFE)
MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """What one submission may use. When a limit is reached, the exercise at work loses, not the others."""

    step_seconds: float = 10.0  # one cell or one probe, wall clock; then the process is killed
    total_seconds: float = 120.0  # the whole notebook; what is left then gets no answer
    cpu_seconds: int = 120  # of one process; the kernel kills it
    memory: int = 3 * 1024 * MIB  # address space of one process; an allocation beyond it raises MemoryError
    processes: int = 64  # threads count; one more raises BlockingIOError
    file_size: int = 32 * MIB  # of each file written; writing beyond it raises OSError
    scratch: int = 64 * MIB  # of all files together (full level)
    open_files: int = 128
    text: int = 100_000  # characters of printed text kept of a cell
    pictures: int = 8  # plots kept of a cell
    restarts: int = 40  # how often a submission that crashes is continued

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def prepare(level: str, place: str, packages: tuple[str, ...]) -> None:
    """Called once in a warm worker, before any child: the part of the walls that all of them share."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # if memory runs out, the kernel ends a child first
    if level == FULL:
        room.enter(place, packages)
    elif level == PARTIAL:
        landlock.version()


def fork(level: str) -> int:
    """Like os.fork. At the full level the child is alone with itself: process numbers, mounts and IPC are its own."""
    return kernel.fork_into(kernel.NEWPID | kernel.NEWNS | kernel.NEWIPC) if level == FULL else os.fork()


def _wait_as_init() -> None:
    """The first process of a namespace ignores its own signals: it stays and waits, and the student's is the second.

    Returns in the second. When it ends, the first one ends, and with it the kernel ends all others.
    """
    student = os.fork()
    if not student:
        return
    while True:
        with contextlib.suppress(InterruptedError):
            ended, _ = os.wait()
            if ended == student:
                os._exit(0)


def enter(level: str, limits: Limits, scratch: str) -> None:
    """Called once in the child, before any of the student's code: the walls that cannot be taken down again."""
    if level != UNSAFE:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if level == FULL:
        scratch = room.SCRATCH
        room.enter_own_corner(limits.scratch)
        _wait_as_init()
    os.setsid()
    os.chdir(scratch)
    os.environ.clear()
    os.environ.update({"HOME": scratch, "TMPDIR": scratch, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})
    os.umask(0o077)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _set_limits(level, limits)
    if level == UNSAFE:
        return
    kernel.drop_capabilities()
    landlock_needed = level == PARTIAL
    try:
        readable = ["/"] if level == FULL else [*room.SYSTEM, "/etc", "/dev", sys.prefix, sys.base_prefix]
        writable = [scratch, "/dev/shm", "/tmp"] if level == FULL else [scratch]
        landlock.restrict(readable, [*writable, "/dev/null"])
    except OSError:
        if landlock_needed:
            raise
    seccomp.restrict(alone=level == FULL)


def _set_limits(level: str, limits: Limits) -> None:
    values = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.file_size,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
    }
    if level == FULL:  # elsewhere it would count the user's processes on the whole machine
        values[resource.RLIMIT_NPROC] = limits.processes
    for kind, value in values.items():
        with contextlib.suppress(*((ValueError, OSError) if level == UNSAFE else ())):  # macOS refuses some
            resource.setrlimit(kind, (value, value))
