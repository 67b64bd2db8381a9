"""System calls for which Python 3.11 has no function. Linux only.

Each raises OSError as the `os` functions do. Numbers are those of the kernel's
headers, the same on every architecture.
"""

from __future__ import annotations

import ctypes
import os

CLONE_NEWNS = 0x0002_0000
CLONE_NEWCGROUP = 0x0200_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC = 1, 2, 4, 32, 4096, 16384
MNT_DETACH = 2
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 4, 36, 38
CAPABILITY_VERSION_3 = 0x2008_0522

_CapabilityHeader = ctypes.c_uint32 * 2
_CapabilitySets = ctypes.c_uint32 * 6
_libc = ctypes.CDLL(None, use_errno=True)


def unshare(namespaces: int) -> None:
    """Move this process (for process ids: its next children) into new namespaces."""
    _check(_libc.unshare(namespaces))


def join_namespace(descriptor: int, kind: int) -> None:
    """Enter the namespace behind a descriptor of `/proc/*/ns/*`."""
    _check(_libc.setns(descriptor, kind))


def enter_user_namespace(others: int = 0) -> None:
    """Enter a new user namespace under the same ids, with every right inside it.

    Args:
        others: further namespaces to enter at once.
    """
    uid, gid = os.getuid(), os.getgid()
    unshare(CLONE_NEWUSER | others)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def mount_ram_disk(path: str, size: int, files: int, mode: int) -> None:
    """Lay an empty RAM disk over a folder.

    Args:
        size: bytes it can hold.
        files: files and folders it can hold.
        mode: permissions of its top folder.
    """
    options = f"size={size},nr_inodes={files},mode={mode:o}".encode()
    kind = b"tmpfs"
    _check(_libc.mount(kind, path.encode(), kind, MS_NOSUID | MS_NODEV, options))


def bind(source: str, path: str) -> None:
    """Let a folder stand in a second place, as read-only as in the first."""
    _check(_libc.mount(source.encode(), path.encode(), None, MS_BIND | MS_REC, None))


def make_read_only(path: str) -> None:
    """Allow no more changes to what is mounted there."""
    flags = MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV
    _check(_libc.mount(None, path.encode(), None, flags, None))


def unmount(path: str) -> None:
    """Take away what is mounted there, even while somebody still uses it."""
    _check(_libc.umount2(path.encode(), MNT_DETACH))


def process_control(option: int, value: int) -> None:
    """`prctl` with one argument."""
    _check(_libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0))


def drop_capabilities() -> None:
    """Give up every capability, for good."""
    _check(_libc.capset(_CapabilityHeader(CAPABILITY_VERSION_3, 0), _CapabilitySets()))


def filter_system_calls(program: bytes) -> None:
    """Put this process, and all that it starts, behind a seccomp filter.

    Args:
        program: instructions of 8 bytes, as `seccomp_export_bpf` writes them.
    """
    instructions = ctypes.create_string_buffer(program, len(program))
    filter_ = _Filter(len(program) // 8, ctypes.cast(instructions, ctypes.c_void_p))
    process_control(PR_SET_NO_NEW_PRIVS, 1)
    _check(_libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filter_), 0, 0))


class _Filter(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def _check(result: int) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
