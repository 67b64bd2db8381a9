"""The same checks by four graders, side by side: CPU-seconds, wall seconds, memory, growth.

    .venv/bin/python benchmarks/throughput/run.py --setup

README.md in this folder says what is compared and what is not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from environments import ROOT, SetUpError
from graders import GRADERS
from report import markdown
from trial import Trial
from workloads import empty_tasks, two_tasks

RESULT = ROOT / "benchmarks" / "results" / "throughput.json"
WORKLOADS = ["tasks", "empty-torch-2", "empty-numpy-2"]
CAPS = {"gradescope-utils": 100, "nbgrader": 30, "otter-grader": 10}
"""Largest class given to graders whose cost a submission is high and does not change."""


def main() -> None:
    """Set up, verify, measure, write, print."""
    options = _options()
    graders, missing = _available(options.graders, set_up=options.setup)
    workloads = {w.name: w for w in (two_tasks(), empty_tasks("torch", 2), empty_tasks("numpy", 2))}
    trials = [
        Trial(GRADERS[name], workload, options.jobs)
        for workload in (workloads[name] for name in options.workloads)
        for name in graders
    ]
    verified = [_verified(trial) for trial in trials]
    result = {
        "measured": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "jobs": options.jobs,
        "repeats": options.repeats,
        "caps": options.caps,
        "graders": {name: _about(name) for name in graders},
        "not_measured": missing,
        "verified": verified,
        "rows": _measured(trials, options),
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1) + "\n")
    print(markdown(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--setup", action="store_true", help="make missing environments first")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100], help="of a class")
    parser.add_argument("--graders", nargs="+", choices=GRADERS, default=list(GRADERS))
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=WORKLOADS)
    parser.add_argument("--jobs", type=int, default=1, help="submissions at a time")
    parser.add_argument("--repeats", type=int, default=1, help="of everything")
    parser.add_argument(
        "--cap",
        dest="caps",
        action="append",
        default=[],
        metavar="GRADER=SIZE",
        help=f"largest class for a grader; without: {CAPS}",
    )
    parser.add_argument("--out", type=Path, default=RESULT)
    options = parser.parse_args()
    given = (cap.partition("=") for cap in options.caps)
    options.caps = {**CAPS, **{name: int(size) for name, _, size in given}}
    return options


def _available(names: list[str], *, set_up: bool) -> tuple[list[str], dict[str, str]]:
    """The graders that can be run, and for the others why not."""
    missing: dict[str, str] = {}
    for name in names:
        environment = GRADERS[name].environment
        try:
            if set_up:
                _say(f"setting up {name}")
                environment.set_up()
            if not environment.ready:
                missing[name] = "no environment; run with --setup"
        except SetUpError as error:
            missing[name] = str(error)
    for name, reason in missing.items():
        _say(f"not measured: {name}: {reason}")
    return [name for name in names if name not in missing], missing


def _about(name: str) -> dict[str, Any]:
    grader = GRADERS[name]
    about = {"isolation": grader.isolation, "serial": grader.serial}
    return {**about, "versions": grader.environment.versions()}


def _verified(trial: Trial) -> dict[str, Any]:
    trial.prepare()
    marks = trial.verify()
    _say(f"marks as they must be: {trial.grader.name}, {trial.workload.name}")
    return {"grader": trial.grader.name, "workload": trial.workload.name, "marks": marks}


def _measured(trials: list[Trial], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Every trial at every size, graders in turn, so that other work on the machine hits all."""
    rows = []
    for repeat in range(options.repeats):
        for trial, size in _turns(trials, options.sizes, options.caps):
            cost = trial.measure(size)
            rows.append(
                {
                    "workload": trial.workload.name,
                    "title": trial.workload.title,
                    "grader": trial.grader.name,
                    "size": size,
                    "repeat": repeat,
                    "cpu_seconds": round(cost.cpu_seconds, 3),
                    "reaped_cpu_seconds": round(cost.reaped_cpu_seconds, 3),
                    "wall_seconds": round(cost.wall_seconds, 3),
                    "peak_pss_mb": round(cost.pss_mb, 1),
                    "peak_rss_mb": round(cost.rss_mb, 1),
                }
            )
            _say(f"{trial.grader.name}, {trial.workload.name}, {size}: {cost}")
    return rows


def _turns(
    trials: list[Trial], sizes: list[int], caps: dict[str, int]
) -> Iterator[tuple[Trial, int]]:
    """By size, then in turn; a grader with a cap gets its cap once in place of what is above."""
    done = set()
    for size in sizes:
        for trial in trials:
            name = trial.grader.name
            given = min(size, caps.get(name, size))
            if (name, trial.workload.name, given) not in done:
                done.add((name, trial.workload.name, given))
                yield trial, given


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
