"""What the processes below a box have used so far, as the kernel counts it.

Read from `/proc` directly, since it is read many times a second: a search
through all processes of the machine would cost more than what it measures.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGESIZE")


@dataclass(frozen=True)
class Process:
    """One process now.

    Attributes:
        started: when, by the kernel's clock; with `pid` it names one process for good.
        own_cpu_seconds: of itself.
        cpu_seconds: of itself and of children that it has waited for.
        resident: bytes in memory.
        anonymous: bytes of these that come from no file; a fork begins with its parent's.
    """

    pid: int
    started: int
    own_cpu_seconds: float
    cpu_seconds: float
    resident: int
    anonymous: int


@dataclass(frozen=True)
class Idle:
    """A box before its first submission: its own processes, and memory that forks share.

    Attributes:
        pids: what belongs to the box itself.
        anonymous: bytes of the largest of them, the preloaded parent.
        held: bytes of all of them.
    """

    pids: frozenset[int]
    anonymous: int
    held: int

    @classmethod
    def of(cls, pid: int) -> Idle:
        """The box below a process, as it is now."""
        processes = snapshot(pid)
        return cls(
            frozenset(process.pid for process in processes),
            max((process.anonymous for process in processes), default=0),
            sum(proportional(process.pid) for process in processes),
        )


def snapshot(pid: int) -> list[Process]:
    """A process and everything below it."""
    found = []
    for below in [pid, *processes_below(pid)]:
        with contextlib.suppress(OSError, IndexError, ValueError):
            text = Path(f"/proc/{below}/stat").read_text(encoding="utf-8", errors="replace")
            fields = text.rpartition(")")[2].split()  # the name before it may hold anything
            own, of_children = (sum(map(int, fields[at : at + 2])) / TICKS for at in (11, 13))
            memory = Path(f"/proc/{below}/statm").read_text(encoding="ascii").split()
            resident, of_files = int(memory[1]) * PAGE, int(memory[2]) * PAGE
            times = int(fields[19]), own, own + of_children
            found.append(Process(below, *times, resident, resident - of_files))
    return found


def processes_below(pid: int) -> list[int]:
    """Process ids of all descendants."""
    found: list[int] = []
    with contextlib.suppress(OSError, ValueError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            text = (thread / "children").read_text(encoding="ascii")
            for child in map(int, text.split()):
                found += [child, *processes_below(child)]
    return found


def cpu_seconds(pid: int) -> float:
    """CPU-seconds of a process and everything below it, ended children included."""
    return sum(process.cpu_seconds for process in snapshot(pid))


def proportional(pid: int) -> int:
    """Memory of a process in which what it shares with others counts by its part, bytes."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
