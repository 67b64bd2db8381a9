"""Kill a run at random moments, finish it by the same command, and compare what is there.

    python tests/fuzz/interrupted_runs.py [KILLS] [SUBMISSIONS] [SEED]

Half of the kills end the command alone, whose workers then finish what they hold; the other half
end every process at once. A kill comes after a random number of finished submissions, since
moments by the clock would mean something else on each machine.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from autograder.bundle import Bundle
from autograder.corpus import Case, load_cases, materialise

TINY = Path(__file__).resolve().parents[1] / "bundles" / "statistics"
WORKERS = 2
QUICK = ("accepted", "partial", "wrong", "broken")
"""Kinds of cases that no deadline ends, so that a run is short."""


def main(kills: int = 50, submissions: int = 100, seed: int = 0, *, own_tests: bool = True) -> int:
    """Run the storm; how many runs did not end as the undisturbed one did."""
    dice = random.Random(seed)
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_class(folder / "class", submissions, own_tests=own_tests)
        grade(folder, "undisturbed").wait()
        whole = reports(folder / "undisturbed")
        assert len(whole) == submissions
        for number in range(kills):
            finished = kill_somewhere(folder, dice, everyone=bool(number % 2), most=submissions)
            grade(folder, "disturbed").wait()
            faults = differences(whole, folder / "disturbed", finished)
            failed += bool(faults)
            print(f"kill {number + 1} after {finished} of {submissions}: {faults or 'the same'}")
            shutil.rmtree(folder / "disturbed")
    return failed


def write_class(folder: Path, submissions: int, *, own_tests: bool = True) -> None:
    """A class of the tiny bundle's quick cases, each as often as it takes.

    Args:
        own_tests: whether students wrote tests, whose trial takes longest.
    """
    bundle = Bundle.open(TINY)
    cases = [case for case in load_cases(bundle).values() if case.kind in QUICK]
    for number in range(submissions):
        case: Case = cases[number % len(cases)]
        path = materialise(case, bundle, folder, f"student-{number:04d}")
        if not own_tests:
            shutil.rmtree(path / "tests", ignore_errors=True)


def grade(folder: Path, output: str) -> subprocess.Popen[bytes]:
    """Start the command, in a session of its own."""
    command = [str(Path(sys.executable).with_name("autograde")), "class", "--jobs", str(WORKERS)]
    command += ["--assignment", str(TINY), "--output", output]
    return subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill_somewhere(folder: Path, dice: random.Random, *, everyone: bool, most: int) -> int:
    """Start a run, kill it, wait until nothing of it is left; how many reports there are then."""
    running = grade(folder, "disturbed")
    wanted, pause = dice.randrange(most), dice.uniform(0, 0.1)
    while running.poll() is None and len(reports(folder / "disturbed")) < wanted:
        time.sleep(0.01)
    time.sleep(pause)
    below = []
    if running.poll() is None:
        below = psutil.Process(running.pid).children(recursive=True)
    running.kill()
    for process in below if everyone else []:
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
    running.wait()
    psutil.wait_procs(below, timeout=60)
    return len(reports(folder / "disturbed"))


def reports(output: Path) -> dict[str, bytes]:
    """Finished reports and artifacts, by name; of a report without artifacts, nothing."""
    found = {}
    for path in (output / "reports").glob("*.json") if output.is_dir() else []:
        artifacts = output / "artifacts" / path.name
        found[path.name] = path.read_bytes() + artifacts.read_bytes()
    return found


def differences(whole: dict[str, bytes], output: Path, finished: int) -> list[str]:
    """How a continued run differs from the undisturbed one."""
    found = []
    now = reports(output)
    if now != whole:
        wrong = sorted(n for n in whole.keys() | now.keys() if whole.get(n) != now.get(n))
        found.append(f"{len(wrong)} reports differ, such as {wrong[0]}")
    kept = json.loads((output / "run.json").read_text(encoding="utf-8"))["kept"]
    if kept != finished:
        found.append(f"{finished} were finished, {kept} were kept")
    strays = [p.name for part in ("reports", "artifacts") for p in (output / part).glob(".*")]
    if strays:
        found.append(f"left behind: {strays}")
    return found


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    sys.exit(main(*map(int, sys.argv[1:])) > 0)
