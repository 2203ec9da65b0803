"""The filter of system calls: what no exercise needs and an attacker would want answers "not permitted"."""

import errno
import socket
from typing import Any

try:  # at import, because the library is looked for with programs that the room does not hold
    import pyseccomp
except (ImportError, RuntimeError):
    pyseccomp = None

FORBIDDEN = """
    acct add_key bpf clock_adjtime clock_settime delete_module fanotify_init finit_module fsconfig fsmount fsopen fspick
    init_module io_uring_enter io_uring_register io_uring_setup ioperm iopl kcmp kexec_file_load kexec_load keyctl
    lookup_dcookie mbind memfd_secret migrate_pages mount mount_setattr move_mount move_pages name_to_handle_at
    nfsservctl open_by_handle_at open_tree perf_event_open personality pidfd_getfd pidfd_open pidfd_send_signal
    pivot_root process_madvise process_mrelease process_vm_readv process_vm_writev ptrace quotactl quotactl_fd reboot
    request_key setdomainname sethostname setns settimeofday swapoff swapon syslog umount umount2 unshare uselib
    userfaultfd ustat vhangup vmsplice
"""
# Where a process is not alone in namespaces of its own: what reaches others, leaves its process group, or changes
# files in ways that Landlock does not see.
SHARED = """
    chmod chown fchmod fchmodat fchmodat2 fchown fchownat fremovexattr fsetxattr futimesat kill lchown lremovexattr
    lsetxattr mknod mknodat removexattr rt_sigqueueinfo rt_tgsigqueueinfo setpgid setpriority setsid setxattr
    sched_setaffinity tkill truncate utime utimensat utimes prlimit64
"""
NAMESPACES = 0x7E020080  # every CLONE_NEW... flag


def restrict(alone: bool) -> None:
    """Installs the filter for this process and all it starts; `alone` says that no other process can be reached anyway.

    Raises OSError where libseccomp is missing. no_new_privs must be set.
    """
    seccomp: Any = pyseccomp
    if seccomp is None:
        raise OSError("the package pyseccomp or the library libseccomp2 is not installed")
    refuse = seccomp.ERRNO(errno.EPERM)
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    for name in (FORBIDDEN if alone else FORBIDDEN + SHARED).split():
        _add(rules, refuse, name)
    for bit in range(32):
        if flag := NAMESPACES & (1 << bit):
            _add(rules, refuse, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, flag, flag))
    _add(rules, seccomp.ERRNO(errno.ENOSYS), "clone3")  # its flags are behind a pointer; libraries fall back to clone
    _add(rules, refuse, "socket", seccomp.Arg(0, seccomp.NE, socket.AF_UNIX))
    rules.load()


def _add(rules: object, action: int, name: str, *arguments: object) -> None:
    """One rule; a call that this architecture or libseccomp does not know cannot be made either."""
    try:
        rules.add_rule(action, name, *arguments)  # type: ignore[attr-defined]
    except (OSError, ValueError, RuntimeError):
        return
