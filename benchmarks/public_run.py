"""How long a finished student's `pytest` takes, from start to end.

    .venv/bin/python benchmarks/public_run.py [--runs 5]

Puts the reference modules and a recorded network into a copy of student_template/ and
times `python -m pytest` there as a process of its own, by the wall clock and in
CPU-seconds, once to fill the caches and then for the count. Writes
results/public_run.json.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import measure
import yaml

# Two tanh units and a sigmoid that answer XOR with a probability of 0.97 or more.
WEIGHTS = {
    "version": 1,
    "source": "made by hand",
    "inputs": {"zero": 0.0, "one": 1.0},
    "hidden_activation": "tanh",
    "output_activation": "sigmoid",
    "positive_means": "different",
    "hidden_weights": [[4.0, 5.0], [-5.0, -4.0]],
    "hidden_biases": [-2.2, 6.6],
    "output_weights": [4.0, 4.0],
    "output_bias": -4.0,
}


def finished_folder(folder: Path) -> None:
    """A student's folder with everything in it but the words."""
    shutil.copytree(measure.ROOT / "student_template", folder)
    rubric = yaml.safe_load((measure.ROOT / "rubric.yaml").read_text(encoding="utf-8"))
    for module in rubric["modules"]:
        shutil.copy(measure.ROOT / "reference" / f"{module}.py", folder)
    weights = json.dumps(WEIGHTS, indent=1)
    (folder / "playground_weights.json").write_text(weights, encoding="utf-8")


def timed_run(folder: Path) -> tuple[float, float, str]:
    """Wall seconds, CPU-seconds and output of one `pytest`."""
    environment = {key: value for key, value in os.environ.items() if key != "OMP_NUM_THREADS"}
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    wall, after = time.perf_counter() - start, os.times()
    used = after.children_user + after.children_system
    return wall, used - before.children_user - before.children_system, done.stdout + done.stderr


def main() -> None:
    """Time the runs, and show what the last one printed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "student"
        finished_folder(folder)
        timed_run(folder)
        timed = [timed_run(folder) for _ in range(runs)]
    walls, used = ([round(run[k], 2) for run in timed] for k in (0, 1))
    print(timed[-1][2])
    print(f"wall seconds: median {median(walls):.1f}, most {max(walls):.1f}")
    print(f"CPU-seconds: median {median(used):.1f}, most {max(used):.1f}")
    measure.save("public_run", {"wall_seconds": walls, "cpu_seconds": used})


if __name__ == "__main__":
    main()
