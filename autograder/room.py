"""The room in which a warm worker and its children live: a file system that holds Python, fonts and an empty scratch.

The worker moves in before it imports anything heavy. Everything it can see is read-only; the repository, the
submissions, the gradebook and all homes are not there; there is no network and no /proc. Each student's process gets,
on top of it, its own process numbers, its own scratch folder and its own shared memory.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from autograder import kernel
from autograder.kernel import MS_BIND, MS_NODEV, MS_NOSUID, MS_PRIVATE, MS_RDONLY, MS_REC, MS_REMOUNT

SCRATCH = "/scratch"
NOBODY = 65534
DEVICES = ("null", "zero", "full", "random", "urandom")
SYSTEM = ("/usr", "/bin", "/lib", "/lib32", "/lib64", "/libx32", "/opt/homebrew")
FILES = ("/etc/ld.so.cache", "/etc/localtime")
# statvfs flag -> mount flag: a read-only remount in a user namespace must repeat what the mount has
KEPT = {
    2: kernel.MS_NOSUID,
    4: kernel.MS_NODEV,
    8: kernel.MS_NOEXEC,
    1024: kernel.MS_NOATIME,
    2048: kernel.MS_NODIRATIME,
}


def enter(place: str, course_packages: tuple[str, ...] = ()) -> None:
    """Moves this process (of one thread) into a new room; `course_packages` are folders shown under /course.

    `place` is an empty folder over which the room is built; outside, it stays empty.

    A plain user does it in a user namespace. Root does it with its own rights and then becomes nobody.
    """
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    as_root = os.geteuid() == 0
    user, group = (NOBODY, NOBODY) if as_root else (os.geteuid(), os.getegid())
    kernel.unshare(kernel.NEWNS | kernel.NEWNET | kernel.NEWIPC | kernel.NEWUTS | (0 if as_root else kernel.NEWUSER))
    if not as_root:
        _map_ids(proc, user, group)
    kernel.mount("none", "/", None, MS_REC | MS_PRIVATE)
    _furnish(place, course_packages)
    if as_root:
        os.setgroups([])
        os.setresgid(group, group, group)
        os.setresuid(user, user, user)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 1)
        kernel.unshare(kernel.NEWUSER | kernel.NEWNS | kernel.NEWIPC)
        _map_ids(proc, user, group)
    os.close(proc)
    sys.path.append("/course")
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)


def _map_ids(proc: int, user: int, group: int) -> None:
    for name, text in {"setgroups": "deny", "uid_map": f"{user} {user} 1", "gid_map": f"{group} {group} 1"}.items():
        file = os.open(f"self/{name}", os.O_WRONLY, dir_fd=proc)
        os.write(file, text.encode())
        os.close(file)


def _furnish(place: str, course_packages: tuple[str, ...]) -> None:
    """Builds the new file system over `place` and makes it the root."""
    kernel.mount("room", place, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755")
    for folder in (*SYSTEM, *_python_folders()):
        _show(folder, place + folder)
    for file in (*FILES, *(f"/dev/{name}" for name in DEVICES)):
        _show(file, place + file)
    for folder in course_packages:
        _show(folder, f"{place}/course/{os.path.basename(folder)}")
    for folder in (SCRATCH, "/dev/shm", "/tmp", "/old"):
        os.makedirs(place + folder, exist_ok=True)
    Path(place + "/etc").mkdir(exist_ok=True)
    Path(place + "/etc/passwd").write_text(f"student:x:{NOBODY}:{NOBODY}::{SCRATCH}:/bin/false\n")
    os.chdir(place)
    kernel.pivot_root(place, place + "/old")
    os.chdir("/")
    kernel.unmount("/old")
    os.rmdir("/old")
    kernel.mount("none", "/", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def _python_folders() -> Iterator[str]:
    """The environment and the Python beneath it, if they are not part of the system's folders."""
    for prefix in dict.fromkeys((sys.prefix, sys.base_prefix, os.path.dirname(os.path.realpath(sys.executable)))):
        folder = os.path.realpath(prefix)
        if not any(folder == known or folder.startswith(known + "/") for known in SYSTEM):
            yield folder


def _show(source: str, target: str) -> None:
    """Makes a file or folder visible at `target`, read-only; what does not exist is left out."""
    if os.path.islink(source):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.symlink(os.readlink(source), target)
        return
    if not os.path.exists(source) or (os.path.exists(target) and not os.path.isdir(target)):
        return
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        Path(target).touch()
    kernel.mount(source, target, None, MS_BIND | MS_REC)
    has = os.statvfs(target).f_flag
    kept = sum(flag for bit, flag in KEPT.items() if has & bit)
    devices = 0 if source.startswith("/dev/") else MS_NODEV
    kernel.mount("none", target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | devices | kept)


def enter_own_corner(scratch_size: int) -> None:
    """In a child in new mount, process and IPC namespaces: an empty scratch folder and shared memory of its own."""
    limits = f"size={scratch_size},nr_inodes=4096,mode=700"
    python_in_tmp = any(folder.startswith("/tmp/") for folder in _python_folders())  # then /tmp stays read-only
    for place in (SCRATCH, "/dev/shm") if python_in_tmp else (SCRATCH, "/dev/shm", "/tmp"):
        kernel.mount("scratch", place, "tmpfs", MS_NOSUID | MS_NODEV, limits)
