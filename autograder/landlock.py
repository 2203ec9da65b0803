"""Landlock: from here on this process may read what it could read, and write only beneath one folder."""

import ctypes
import os
import struct

from autograder import kernel

# Rights of landlock.h, by the ABI version that brought them.
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
OTHER_WRITES = sum(1 << bit for bit in range(4, 13))  # remove, make: folders, files, sockets, fifos, devices, links
REFER, TRUNCATE, IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
READS = EXECUTE | READ_FILE | READ_DIR
PATH_BENEATH = 1


def version() -> int:
    """The kernel's Landlock ABI; raises OSError where there is none."""
    return kernel.syscall(kernel.LANDLOCK_CREATE_RULESET, None, 0, 1)


def restrict(readable: list[str], writable: list[str]) -> None:
    """Allows reading beneath `readable`, everything beneath `writable`, and nothing else. no_new_privs must be set."""
    abi = version()
    handled = READS | WRITE_FILE | OTHER_WRITES
    handled |= (REFER if abi >= 2 else 0) | (TRUNCATE if abi >= 3 else 0) | (IOCTL_DEVICE if abi >= 5 else 0)
    attributes = struct.pack("QQQ", handled, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)  # no TCP; no signals outside
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    rules = kernel.syscall(kernel.LANDLOCK_CREATE_RULESET, ctypes.c_char_p(attributes), size, 0)
    for paths, rights in ((readable, READS), (writable, handled)):
        for path in paths:
            _allow(rules, path, rights & handled)
    kernel.syscall(kernel.LANDLOCK_RESTRICT_SELF, rules, 0)
    os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not os.path.isdir(path):
        rights &= EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
    rule = struct.pack("=Qi", rights, folder)
    kernel.syscall(kernel.LANDLOCK_ADD_RULE, rules, PATH_BENEATH, ctypes.c_char_p(rule), 0)
    os.close(folder)
