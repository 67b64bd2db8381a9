"""Break every limit in every way, and count who is alive afterwards.

    python tests/fuzz/after_deadline.py [ROUNDS]

Prints, for each way, how many processes were killed, how many of them were alive when the grader
went on, and the longest time from the broken deadline to that moment.
"""

from __future__ import annotations

import sys
import time

import psutil

from autograder.kit.loader import Manifest
from autograder.model import Limits
from autograder.sandbox.box import Box
from autograder.sandbox.deadline import Lost
from autograder.sandbox.session import Session
from autograder.sandbox.tiers import find_tier
from autograder.sandbox.usage import processes_below

LIMITS = Limits(cpu_seconds=0.5, wall_seconds=1, memory_mb=512, processes=40)
DEAF = """
    import os, signal, time
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
"""
WAYS = {
    "a loop": "    while True: pass",
    "a loop inside C": "    return sum(range(10**14))",
    "a sleeper deaf to every signal": DEAF + "    time.sleep(600)",
    "daemons": DEAF
    + "    for _ in range(9):\n"
    + "        if os.fork() == 0:\n            os.setsid()\n"
    + "            if os.fork() == 0:\n                time.sleep(600)\n"
    + "            os._exit(0)\n"
    + "    time.sleep(600)",
    "a crowd that computes": DEAF
    + "    for _ in range(30):\n        if os.fork() == 0:\n            break\n"
    + "    while True: pass",
    "memory over several processes": DEAF
    + "    for _ in range(4):\n        if os.fork() == 0:\n"
    + "            kept = b'x' * 200_000_000\n            time.sleep(600)\n"
    + "    time.sleep(600)",
    "a crash beside a daemon": DEAF
    + "    if os.fork() == 0:\n        time.sleep(600)\n    os._exit(1)",
}


class WatchedBox(Box):
    """A box that remembers whom it last killed, and how long that took."""

    killed: set[int]
    seconds: float

    def end(self) -> None:
        """Kill the submission's processes."""
        self.killed = set(processes_below(self.pid)) - self.idle.pids
        started = time.monotonic()
        super().end()
        self.seconds = time.monotonic() - started


def main(rounds: int = 20) -> int:
    """Try every way; how many processes were alive when the grader went on."""
    faults = 0
    with WatchedBox(LIMITS, find_tier(None, ()).layers) as box:
        for name, body in WAYS.items():
            killed, alive, slowest = 0, 0, 0.0
            for _ in range(rounds):
                end_badly(box, body)
                killed += len(box.killed)
                alive += sum(map(psutil.pid_exists, box.killed))
                slowest = max(slowest, box.seconds)
            print(f"{name}: {killed} killed, {alive} alive; {slowest * 1000:.0f} ms at most")
            faults += alive
    return faults


def end_badly(box: Box, body: str) -> None:
    """Run a function until the grader ends it."""
    manifest = Manifest(modules=("work",), functions=("f",))
    session = Session(box, {"work.py": f"def f():\n{body}\n".encode()}, manifest, LIMITS)
    try:
        session.call("f", (), {})
    except Lost:
        return
    raise AssertionError("it did not end badly")


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])) > 0)
