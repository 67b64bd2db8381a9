"""Strings of one length against strings of random length: the question of Part D.

    .venv/bin/python benchmarks/two_approaches.py [--seeds 10] [--updates 1500]

For each seed, two models start from the same weights and are trained alike, with
nothing but the final label, as `compare_approaches` does it: 100,000 random strings
of length 50 in one approach, of random length 1 to 50 in the other. Prints a table in
Markdown and writes results/two_approaches.json.
"""

from __future__ import annotations

import argparse
from typing import Any

import measure  # puts reference/ on the path
import numpy as np
from parity_data import fixed_length_strings, parity_labels, random_length_strings
from parity_lstm import build_model, predict, train_model

STRINGS, LONGEST, TESTS = 100_000, 50, 10_000
HIDDEN, RATE, BATCH = 32, 0.01, 128
APPROACHES = {"fixed": fixed_length_strings, "random": random_length_strings}
CURVES, EVERY, CURVE_TESTS = 3, 50, 2000  # seeds that are watched, how often, on how many strings
FRESH = 1_000_000  # test seeds start here, far from those of training


def run(approach: str, seed: int, updates: int, watched: bool) -> dict[str, Any]:
    """Train one model and test it on fresh strings."""
    bits, lengths = APPROACHES[approach](STRINGS, LONGEST, seed)
    model = build_model(HIDDEN, seed)
    curve = []
    if watched:
        test = fixed_length_strings(CURVE_TESTS, LONGEST, 2 * FRESH + seed)
        curve = measure.watch_accuracy(model, *test, EVERY)
    clock = measure.Clock()
    with clock.running():
        labels = parity_labels(bits, lengths)
        train_model(model, bits, lengths, labels, updates, RATE, BATCH, seed)
    test = fixed_length_strings(TESTS, LONGEST, FRESH + seed)
    wrong = measure.wrong_answers(model, *test)
    return {
        "seed": seed,
        "wrong": wrong,
        "accuracy": round(1.0 - wrong / TESTS, 4),
        "by_length": accuracy_by_length(model, FRESH + seed),
        "cpu_seconds": None if watched else round(clock.seconds, 2),  # watching takes time too
        "curve": curve,
    }


def accuracy_by_length(model: Any, seed: int) -> list[float]:
    """The accuracy on fresh strings of each length from 1 to 50, about 200 each."""
    bits, lengths = random_length_strings(TESTS, LONGEST, seed)
    right = predict(model, bits, lengths) == parity_labels(bits, lengths)
    return [round(float(right[lengths == n].mean()), 4) for n in range(1, LONGEST + 1)]


def table(runs: dict[str, list[dict[str, Any]]]) -> str:
    """The results as Markdown."""
    lines = [
        "| training strings | seeds solved (95% interval) | mean accuracy (95% interval) "
        "| worst and best seed | lengths 1–5 | lengths 46–50 |",
        "|---|---|---|---|---|---|",
    ]
    names = {"fixed": "all of length 50", "random": "random length 1 to 50"}
    for approach, results in runs.items():
        solved = sum(run["wrong"] == 0 for run in results)
        low, high = measure.share_interval(solved, len(results))
        accuracies = [run["accuracy"] for run in results]
        mean_low, mean_high = measure.mean_interval(accuracies)
        by_length = np.mean([run["by_length"] for run in results], axis=0)
        lines.append(
            f"| {names[approach]} | {solved} of {len(results)} ({low:.2f} to {high:.2f}) "
            f"| {np.mean(accuracies):.4f} ({mean_low:.4f} to {mean_high:.4f}) "
            f"| {min(accuracies):.4f}, {max(accuracies):.4f} "
            f"| {by_length[:5].mean():.3f} | {by_length[-5:].mean():.3f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Run every seed of both approaches."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--updates", type=int, default=1500)
    options = parser.parse_args()
    runs: dict[str, list[dict[str, Any]]] = {approach: [] for approach in APPROACHES}
    for seed in range(options.seeds):
        for approach, results in runs.items():
            results.append(run(approach, seed, options.updates, watched=seed < CURVES))
    print(table(runs))
    settings = {
        "strings": STRINGS,
        "longest": LONGEST,
        "test_strings": TESTS,
        "hidden": HIDDEN,
        "learning_rate": RATE,
        "batch": BATCH,
        "updates": options.updates,
        "curve_every": EVERY,
        "curve_test_strings": CURVE_TESTS,
    }
    measure.save("two_approaches", {"settings": settings, "runs": runs})


if __name__ == "__main__":
    main()
