"""The walls around a student's process: what it may use, set inside it before any of its code runs."""

import os
import resource
import signal
from dataclasses import asdict, dataclass
from typing import Any

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """What one submission may use. When a limit is reached, the exercise at work loses, not the others."""

    step_seconds: float = 10.0  # one cell or one probe, wall clock; then the process is killed
    total_seconds: float = 120.0  # the whole notebook; what is left then gets no answer
    cpu_seconds: int = 120  # of one process; the kernel kills it
    memory: int = 3 * 1024 * MIB  # address space; an allocation beyond it raises MemoryError
    file_size: int = 32 * MIB  # of each file written; writing beyond it raises OSError
    open_files: int = 128
    text: int = 100_000  # characters of printed text kept of a cell
    pictures: int = 8  # plots kept of a cell
    restarts: int = 40  # how often a submission that crashes is continued

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def enter(limits: Limits, scratch: str) -> None:
    """Own session, empty environment, the scratch folder as home, limits. Called in the forked child, once."""
    os.setsid()
    os.chdir(scratch)
    os.environ.clear()
    os.environ.update({"HOME": scratch, "TMPDIR": scratch, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    for kind, value in {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.file_size,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
    }.items():
        resource.setrlimit(kind, (value, value))
