"""What a command costs: CPU-seconds, wall seconds and memory of its whole process tree.

CPU-seconds come from the kernel's task clock (see `task_clock`), and nothing of
them is sampled. This process makes itself the one that inherits orphans, and
waits for all of them before it reads the clock, so that no box is still dying.

A thread looks at the tree twice a second and
keeps the highest sum of proportional set sizes (pages that several processes
share count once among them), and of resident sizes beside it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
from task_clock import TaskClock

PR_SET_CHILD_SUBREAPER = 36
LOOK_SECONDS = 0.5
ORPHAN_SECONDS = 30.0


@dataclass
class Cost:
    """What the body of `measured` has cost; filled in when it ends.

    Attributes:
        cpu_seconds: of the whole tree, by the task clock.
        reaped_cpu_seconds: what RUSAGE_CHILDREN says of it, for comparison.
        pss_mb, rss_mb: highest seen of the whole tree.
    """

    cpu_seconds: float = 0.0
    reaped_cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    pss_mb: float = 0.0
    rss_mb: float = 0.0


@contextmanager
def measured(*, memory: bool = True) -> Iterator[Cost]:
    """Measure all processes that the body starts; it must have waited for its own children.

    Args:
        memory: whether to look at memory, which costs this process a little time.
    """
    _inherit_orphans()
    cost = Cost()
    stop = threading.Event()
    clock = TaskClock()  # before the thread starts: this process's own time is taken off again
    watcher = threading.Thread(target=_watch, args=(cost, stop), daemon=True)
    reaped, own, started = _children_cpu(), time.process_time(), time.perf_counter()
    if memory:
        watcher.start()
    try:
        yield cost
        cost.wall_seconds = time.perf_counter() - started
        _wait_for_orphans()
    finally:
        stop.set()
        if memory:
            watcher.join()
        cost.cpu_seconds = clock.seconds() - (time.process_time() - own)
        cost.reaped_cpu_seconds = _children_cpu() - reaped
        clock.close()


def _inherit_orphans() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def _wait_for_orphans() -> None:
    deadline = time.monotonic() + ORPHAN_SECONDS
    with contextlib.suppress(ChildProcessError):  # none are left
        while True:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                if time.monotonic() > deadline:
                    left = [child.cmdline() for child in psutil.Process().children()]
                    raise TimeoutError(f"processes outlive the command: {left}")
                time.sleep(0.01)


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _watch(cost: Cost, stop: threading.Event) -> None:
    while not stop.wait(LOOK_SECONDS):
        pss, rss = _memory_of_tree()
        cost.pss_mb, cost.rss_mb = max(cost.pss_mb, pss), max(cost.rss_mb, rss)


def _memory_of_tree() -> tuple[float, float]:
    pss = rss = 0
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            held = process.memory_full_info()
            pss, rss = pss + held.pss, rss + held.rss
    return pss / 2**20, rss / 2**20
