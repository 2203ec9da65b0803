"""The few calls into the Linux kernel that Python 3.11 does not offer, each raising OSError when it fails."""

import contextlib
import ctypes
import os
import signal
from typing import Any

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_NOATIME, MS_NODIRATIME = 1, 2, 4, 8, 32, 1024, 2048
MS_BIND, MS_REC, MS_PRIVATE, MNT_DETACH = 4096, 16384, 1 << 18, 2

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38

# Numbers of system calls without a function in the C library; these three are the same on every architecture.
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
CLONE = {"x86_64": 56, "aarch64": 220}
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
CAPSET = {"x86_64": 126, "aarch64": 91}

_libc = ctypes.CDLL(None, use_errno=True)
_with_gil = ctypes.PyDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result


def _here(numbers: dict[str, int], name: str) -> int:
    machine = os.uname().machine
    if machine not in numbers:
        raise OSError(f"{name} is not known for the architecture {machine}")
    return numbers[machine]


def unshare(flags: int) -> None:
    _checked(_libc.unshare(flags), "unshare")


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    code = _libc.mount(source.encode(), target.encode(), kind.encode() if kind else None, flags, options.encode())
    _checked(code, f"mount {target}")


def unmount(target: str) -> None:
    _checked(_libc.umount2(target.encode(), MNT_DETACH), f"unmount {target}")


def pivot_root(new: str, old: str) -> None:
    _checked(_libc.syscall(_here(PIVOT_ROOT, "pivot_root"), new.encode(), old.encode()), "pivot_root")


def prctl(option: int, value: int) -> None:
    _checked(_libc.prctl(option, value, 0, 0, 0), f"prctl {option}")


def syscall(number: int, *arguments: Any) -> int:
    return _checked(_libc.syscall(number, *arguments), f"system call {number}")


def fork_into(namespaces: int) -> int:
    """Like os.fork, with the child in new namespaces. For processes of one thread."""
    number = _here(CLONE, "clone")
    ctypes.pythonapi.PyOS_BeforeFork()
    pid: int = _with_gil.syscall(number, ctypes.c_long(namespaces | signal.SIGCHLD), None, None, None, None)
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
    else:
        ctypes.pythonapi.PyOS_AfterFork_Parent()
    return _checked(pid, "clone")


def drop_capabilities() -> None:
    """Gives up every capability, for good."""
    for capability in range(64):
        with contextlib.suppress(OSError):  # numbers that this kernel does not know, or no right to drop
            prctl(PR_CAPBSET_DROP, capability)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    syscall(_here(CAPSET, "capset"), ctypes.byref(header), ctypes.byref(nothing))
    prctl(PR_SET_NO_NEW_PRIVS, 1)
