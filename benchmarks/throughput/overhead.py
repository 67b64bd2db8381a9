"""What isolation costs: this grader alone, on checks that do nothing.

    .venv/bin/python benchmarks/throughput/overhead.py

The cost of a submission in the steady state is the difference between a large
and a small class, divided by the difference of their sizes, so that starting
the grader does not count. The cost of a further task is the slope over bundles
of one to four tasks.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from statistics import linear_regression, median
from typing import Any

from environments import ROOT
from graders.ours import Ours
from trial import Trial
from workloads import empty_tasks

RESULT = ROOT / "benchmarks" / "results" / "isolation_overhead.json"


def main() -> None:
    """Measure, write, print."""
    options = _options()
    runs = _measured(options)
    result = {
        "measured": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "versions": Ours.environment.versions(),
        "sizes": options.sizes,
        "jobs": options.jobs,
        "repeats": options.repeats,
        "summary": [_summary(library, runs) for library in options.libraries],
        "runs": runs,
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1) + "\n")
    print(_markdown(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs=2, default=[20, 100], metavar=("SMALL", "LARGE"))
    parser.add_argument("--tasks", type=int, nargs="+", default=[1, 2, 3, 4])
    parser.add_argument("--libraries", nargs="+", default=["torch", "numpy"])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULT)
    return parser.parse_args()


def _measured(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Every bundle in turn, then all again, so that other work on the machine hits all."""
    trials = {
        (library, tasks): Trial(Ours(), empty_tasks(library, tasks), options.jobs)
        for library in options.libraries
        for tasks in options.tasks
    }
    runs = []
    for repeat in range(options.repeats):
        for (library, tasks), trial in trials.items():
            run = {"library": library, "tasks": tasks, "repeat": repeat}
            runs.append(run | _steady(trial, *options.sizes))
            print(runs[-1], file=sys.stderr, flush=True)
    return runs


def _steady(trial: Trial, small: int, large: int) -> dict[str, float]:
    """Costs of both classes, and of one submission more."""
    few, many = (trial.measure(size, memory=False) for size in (small, large))
    more = large - small
    return {
        "cpu_small": round(few.cpu_seconds, 3),
        "cpu_large": round(many.cpu_seconds, 3),
        "cpu_each": round((many.cpu_seconds - few.cpu_seconds) / more, 4),
        "wall_each": round((many.wall_seconds - few.wall_seconds) / more, 4),
    }


def _summary(library: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Medians over the repeats by number of tasks, and their slope: the cost of a further task."""
    mine = [run for run in runs if run["library"] == library]
    by_tasks = {tasks: [r for r in mine if r["tasks"] == tasks] for tasks in _tasks(mine)}
    summary: dict[str, Any] = {"library": library}
    for key in ("cpu_each", "wall_each"):
        medians = {tasks: median(r[key] for r in same) for tasks, same in by_tasks.items()}
        summary[key] = {str(tasks): round(value, 4) for tasks, value in medians.items()}
        if len(medians) > 1:
            slope = linear_regression(list(medians), list(medians.values())).slope
            summary[f"{key}_further_task"] = round(slope, 4)
    cpu = {tasks: [r["cpu_each"] for r in same] for tasks, same in by_tasks.items()}
    summary["cpu_range"] = {str(tasks): [min(values), max(values)] for tasks, values in cpu.items()}
    return summary


def _tasks(runs: list[dict[str, Any]]) -> list[int]:
    return sorted({run["tasks"] for run in runs})


def _markdown(result: dict[str, Any]) -> str:
    small, large = result["sizes"]
    tasks = [str(number) for number in _tasks(result["runs"])]
    lines = [
        f"{result['measured']}, {result['machine']}, --jobs {result['jobs']}; a submission in the "
        f"steady state, from classes of {small} and {large}, median of {result['repeats']}.",
        "",
        f"| imported | | {' | '.join(f'{t} task(s)' for t in tasks)} | a further task |",
        "|---" * (len(tasks) + 3) + "|",
    ]
    for row in result["summary"]:
        for key, unit in (("cpu_each", "CPU-s"), ("wall_each", "wall s")):
            cells = [f"{row[key][t]:.3f}" for t in tasks]
            slope = row.get(f"{key}_further_task")
            cells.append("" if slope is None else f"{slope:.3f}")
            lines.append(f"| {row['library']} | {unit} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
