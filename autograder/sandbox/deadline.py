"""How student code can be lost, and the deadlines that are kept from outside."""

from __future__ import annotations

import time
from enum import StrEnum

from ..model import Limits
from .box import Box
from .usage import Process, proportional, snapshot

LOOK_CLOSER_SECONDS = 0.25
"""Proportional memory is exact and slow to read; it is read this often at most."""


class Ending(StrEnum):
    """How student code was lost; the value is the sentence for reports."""

    CPU = "It used more computing time than the limit."
    WALL = "It waited longer than the limit."
    MEMORY = "It used more memory than the limit."
    CRASHED = "Its process ended in the middle of a call."
    PROTOCOL = "It sent something that is not a result."
    CALLS = "It called functions more often than the limit."


class Lost(Exception):
    """The student's process is gone, and with it the running check."""

    def __init__(self, ending: Ending, detail: str = "") -> None:
        super().__init__(f"{ending.value} {detail}".strip())
        self.ending = ending

    @property
    def out_of_time(self) -> bool:
        """Whether a deadline ended it."""
        return self.ending in {Ending.CPU, Ending.WALL}


class Deadline:
    """CPU and wall time of one check, and the memory of its submission, seen from outside.

    Attributes:
        memory: most bytes beyond the parent's that were seen.
    """

    def __init__(self, limits: Limits, box: Box) -> None:
        self._limits = limits
        self._box = box
        self._start = self._looked_closer = time.monotonic()
        self._first: dict[tuple[int, int], Process] | None = None
        self._own: dict[tuple[int, int], float] = {}
        self.memory = 0

    def check(self) -> None:
        """Look at what is used now.

        Raises:
            Lost: a limit is exceeded.
        """
        limits, now = self._limits, time.monotonic()
        processes = snapshot(self._box.pid)
        used = self._cpu_seconds({(p.pid, p.started): p for p in processes})
        self._look_at_memory(processes)
        if used > limits.cpu_seconds:
            raise Lost(Ending.CPU, f"({limits.cpu_seconds:g} CPU-seconds)")
        if self.memory > limits.memory_mb * 2**20:
            raise Lost(Ending.MEMORY, f"({limits.memory_mb} MB)")
        if now - self._start > limits.wall_seconds:
            raise Lost(Ending.WALL, f"({limits.wall_seconds:g} seconds)")

    def _cpu_seconds(self, processes: dict[tuple[int, int], Process]) -> float:
        """CPU-seconds since the first look, by two counts of which neither misses the same.

        The kernel's own forgets a child whose parent ignored its end; ours, of what each process
        was last seen to have used, forgets those that came and went between two looks.
        """
        if self._first is None:  # at the first look; most checks are over before it
            self._first = processes
        total = sum(process.cpu_seconds for process in processes.values())
        by_kernel = total - sum(process.cpu_seconds for process in self._first.values())
        self._own |= {key: process.own_cpu_seconds for key, process in processes.items()}
        before = {key: process.own_cpu_seconds for key, process in self._first.items()}
        seen = sum(own - before.get(key, 0.0) for key, own in self._own.items())
        return max(by_kernel, seen)

    def _look_at_memory(self, processes: list[Process]) -> None:
        """Growth over the parent is quick to know; only where more may hide, look closely."""
        idle, now = self._box.idle, time.monotonic()
        new = [process for process in processes if process.pid not in idle.pids]
        grown = sum(max(0, process.anonymous - idle.anonymous) for process in new)
        at_most = sum(process.resident for process in new)
        more_may_hide = at_most > self._limits.memory_mb * 2**20
        if more_may_hide and now - self._looked_closer > LOOK_CLOSER_SECONDS:
            held = sum(proportional(process.pid) for process in processes)
            grown = max(grown, held - idle.held)
            self._looked_closer = time.monotonic()
        self.memory = max(self.memory, grown)
