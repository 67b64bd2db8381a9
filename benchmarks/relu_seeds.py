"""How often a two-layer ReLU network learns XOR, by its number of hidden units.

    .venv/bin/python benchmarks/relu_seeds.py [--seeds 200]

Trains `fit_relu_network` of Part B, as it is given there (rate 0.1, 2000 steps), from
the same seeds for each size. Writes results/relu_seeds.json.
"""

from __future__ import annotations

import argparse

import measure  # puts reference/ on the path
import numpy as np
from linear_estimator import xor_data
from relu_network import fit_relu_network

SIZES = (2, 3, 4, 8, 16)
SOLVED = 0.01  # a loss below this is a solved run


def main() -> None:
    """Train every size from every seed, and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=200)
    seeds = parser.parse_args().seeds
    X, y = xor_data()
    sizes = []
    for hidden in SIZES:
        losses = [fit_relu_network(X, y, hidden, seed=seed)[1][-1] for seed in range(seeds)]
        solved = int(np.sum(np.array(losses) < SOLVED))
        low, high = measure.share_interval(solved, seeds)
        stuck = sorted({round(float(loss), 2) for loss in losses if loss >= SOLVED})
        print(f"H = {hidden}: {solved} of {seeds} ({low:.3f} to {high:.3f}), the others at {stuck}")
        sizes.append({"hidden": hidden, "solved": solved, "low": low, "high": high})
    measure.save("relu_seeds", {"seeds": seeds, "solved_below": SOLVED, "sizes": sizes})


if __name__ == "__main__":
    main()
