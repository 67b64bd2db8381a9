"""The kernel's CPU clock of this thread and of everything started from it, ended or not.

The usual account of ended children (`RUSAGE_CHILDREN`) misses a box: when a PID
namespace is killed, the kernel reaps what was in it without adding its time to
anybody's. A perf event on the task clock that children inherit misses nothing:
a process's count goes to the event when it exits, however it ends. Ordinary
users may open it where `kernel.perf_event_paranoid` is at most 2.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct

PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}
PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK = 1, 1
INHERIT, EXCLUDE_KERNEL, EXCLUDE_HYPERVISOR = 1 << 1, 1 << 5, 1 << 6
"""The exclusions make it an event for ordinary users; a clock counts all time whatever they say."""
ATTRIBUTE_BYTES = 128
CLOEXEC = 1 << 3


class ClockUnavailable(Exception):
    """The kernel does not give this clock; the text says what to allow."""


class TaskClock:
    """CPU-seconds of this thread, its later threads, and all processes started by any of them."""

    def __init__(self) -> None:
        """Start counting.

        Raises:
            ClockUnavailable: it is not allowed, or the machine is of an unknown kind.
        """
        number = PERF_EVENT_OPEN.get(platform.machine())
        if number is None:
            raise ClockUnavailable(f"perf_event_open has no known number on {platform.machine()}")
        attribute = bytearray(ATTRIBUTE_BYTES)
        fields = (PERF_TYPE_SOFTWARE, ATTRIBUTE_BYTES, PERF_COUNT_SW_TASK_CLOCK, 0, 0, 0)
        flags = INHERIT | EXCLUDE_KERNEL | EXCLUDE_HYPERVISOR
        struct.pack_into("=IIQQQQQ", attribute, 0, *fields, flags)
        libc = ctypes.CDLL(None, use_errno=True)
        libc.syscall.restype = ctypes.c_long
        pointer = (ctypes.c_char * ATTRIBUTE_BYTES).from_buffer(attribute)
        this_thread, any_cpu, no_group = ctypes.c_long(0), ctypes.c_long(-1), ctypes.c_long(-1)
        self._event = libc.syscall(
            ctypes.c_long(number), pointer, this_thread, any_cpu, no_group, ctypes.c_long(CLOEXEC)
        )
        if self._event < 0:
            reason = os.strerror(ctypes.get_errno())
            raise ClockUnavailable(
                f"perf_event_open: {reason}; it needs kernel.perf_event_paranoid of at most 2, "
                "and a container that lets the call pass"
            )

    def seconds(self) -> float:
        """CPU-seconds so far."""
        return int.from_bytes(os.read(self._event, 8), "little") / 1e9

    def close(self) -> None:
        """Stop counting."""
        os.close(self._event)
