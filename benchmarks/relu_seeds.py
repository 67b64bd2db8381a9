"""How often a two-layer ReLU network learns XOR, by its number of hidden units.

    .venv/bin/python benchmarks/relu_seeds.py [--seeds 200]

Trains `fit_relu_network` of Part B for 2000 steps from the same seeds for each size, at
its own rate of 0.1 and at 0.03. A run is solved if its last loss is below 0.01; it
overshot if its loss ever rose above its first; a unit is silent if its sum is positive
on no row at the end. Writes results/relu_seeds.json.
"""

from __future__ import annotations

import argparse
from typing import Any

import measure  # puts reference/ on the path
import numpy as np
from linear_estimator import xor_data
from relu_network import fit_relu_network

SIZES = (2, 3, 4, 8, 16)
RATES = (0.1, 0.03)
STEPS = 2000
SOLVED = 0.01


def count_runs(hidden: int, rate: float, seeds: int) -> dict[str, Any]:
    """Train one size from every seed, and count what became of it."""
    X, y = xor_data()
    runs = [fit_relu_network(X, y, hidden, rate, STEPS, seed) for seed in range(seeds)]
    losses = np.array([run_losses for _, run_losses in runs])
    sums = np.array([X @ parameters["W1"] + parameters["b1"] for parameters, _ in runs])
    silent = np.all(sums <= 0.0, axis=1).sum(axis=1)
    is_solved = losses[:, -1] < SOLVED
    solved = int(is_solved.sum())
    low, high = measure.share_interval(solved, seeds)
    return {
        "hidden": hidden,
        "rate": rate,
        "solved": solved,
        "low": round(low, 4),
        "high": round(high, 4),
        "overshot": int(np.sum(losses.max(axis=1) > losses[:, 0])),
        "silent_if_solved": round(float(silent[is_solved].mean()), 1),
        "silent_if_stuck": round(float(silent[~is_solved].mean()), 1),
    }


def table(counts: list[dict[str, Any]], seeds: int) -> str:
    """The counts as Markdown."""
    lines = [
        "| rate | hidden units | solved (95% interval) | overshot | silent, in solved runs "
        "| in stuck runs |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['rate']} | {row['hidden']} | {row['solved']} of {seeds} "
        f"({row['low']:.2f} to {row['high']:.2f}) | {row['overshot']} "
        f"| {row['silent_if_solved']} | {row['silent_if_stuck']} |"
        for row in counts
    ]
    return "\n".join(lines)


def main() -> None:
    """Count for every rate and size, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=measure.within(1, measure.MOST_SEEDS), default=200)
    seeds = parser.parse_args().seeds
    counts = [count_runs(hidden, rate, seeds) for rate in RATES for hidden in SIZES]
    print(table(counts, seeds))
    result = {"seeds": seeds, "steps": STEPS, "solved_below": SOLVED, "counts": counts}
    measure.save("relu_seeds", result)


if __name__ == "__main__":
    main()
