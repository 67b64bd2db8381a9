"""Tiny recurrent networks that remember: success, seconds, and what each neuron follows.

    .venv/bin/python benchmarks/rnn_memory.py [--seeds 10] [--only NAME]...

For each row, networks are trained by the reference's own back-propagation from fresh
seeds and judged on sequences that they have not met. Counting and the grammar are exact
if the likeliest token is right wherever only one is, in 500 fresh sequences of 60 tokens.
Games are exact if in 500 fresh sequences every legal move is held for likelier than every
illegal one. Prints a table in Markdown and writes results/rnn_memory.json.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from typing import Any

import measure  # puts reference/ on the path
import numpy as np
from counting import counting_next, counting_sequences
from grammar import grammar_next, grammar_sequences
from grid_games import CELLS, FILL, THREE_IN_A_ROW, grid_next, grid_sequences
from neuron_labels import (
    Variables,
    counting_variables,
    grammar_variables,
    grid_variables,
    label_neurons,
)
from rnn import Parameters, legal_first, rnn_forward
from rnn_training import start_rnn, train_rnn

TESTS, BATCH = 500, 32
FRESH = 1_000_000  # test seeds start here, far from those of training
LONGEST = 10  # of the grammar
GAMES = {"fill": FILL, "three in a row": THREE_IN_A_ROW}


@dataclass(frozen=True)
class Row:
    """One task with the settings of its training."""

    task: str
    hidden: int
    updates: int
    learning_rate: float
    tokens: int
    keep: float = 0.0
    sequences: int = 1000


ROWS = {
    "counting-2": Row("counting", 2, 1000, 0.05, 30),
    "counting-1": Row("counting", 1, 1500, 0.1, 30),
    "reverse-2": Row("counting in reverse", 2, 3000, 0.08, 35),
    "fill-10": Row("fill", 10, 600, 0.05, 22, 1.0),
    "fill-9": Row("fill", 9, 1500, 0.05, 22, 1.0),
    "fill-5": Row("fill", 5, 1500, 0.05, 22, 1.0),
    "three-30": Row("three in a row", 30, 4000, 0.02, 20, 1.0, 8000),
    "grammar-4": Row("grammar", 4, 2500, 0.03, 45, 0.0, 8000),
    "grammar-3": Row("grammar", 3, 2500, 0.03, 45, 0.0, 8000),
}


def sequences(row: Row, n: int, tokens: int, seed: int) -> np.ndarray:
    """Fresh sequences of a task."""
    if row.task in GAMES:
        return grid_sequences(n, tokens, seed, GAMES[row.task], CELLS)
    if row.task == "grammar":
        return grammar_sequences(n, tokens, seed, LONGEST)
    return counting_sequences(n, tokens, seed, reverse=row.task != "counting")


def chances(row: Row, tokens: np.ndarray) -> np.ndarray:
    """The oracle of a task."""
    if row.task in GAMES:
        return grid_next(tokens, GAMES[row.task], CELLS)
    if row.task == "grammar":
        return grammar_next(tokens, LONGEST)
    return counting_next(tokens, reverse=row.task != "counting")


def variables(row: Row, tokens: np.ndarray) -> Variables:
    """What a person would keep in mind."""
    if row.task in GAMES:
        return grid_variables(tokens, GAMES[row.task], CELLS)
    if row.task == "grammar":
        return grammar_variables(tokens)
    return counting_variables(tokens, reverse=row.task != "counting")


def certain_and_wrong(parameters: Parameters, tokens: np.ndarray, targets: np.ndarray) -> int:
    """Positions after which one token only can come, and another is held for likelier."""
    certain = targets.max(axis=-1) == 1.0
    _, probabilities = rnn_forward(parameters, tokens)
    return int(np.sum(certain & (probabilities.argmax(axis=-1) != targets.argmax(axis=-1))))


def run(row: Row, seed: int) -> dict[str, Any]:
    """Train one network and judge it."""
    clock = measure.Clock()
    with clock.running():
        tokens = sequences(row, row.sequences, row.tokens, seed)
        targets = chances(row, tokens)
        start = start_rnn(targets.shape[-1], row.hidden, seed, row.keep)
        trained, _ = train_rnn(start, tokens, targets, row.updates, row.learning_rate, BATCH, seed)
    test = sequences(row, TESTS, 60, FRESH + seed)
    targets = chances(row, test)
    hidden, probabilities = rnn_forward(trained, test)
    illegal = int(np.sum(~legal_first(probabilities, targets)))
    wrong = certain_and_wrong(trained, test, targets)
    return {
        "seed": seed,
        "positions": test.size,
        "illegal_before_legal": illegal,
        "certain_and_wrong": wrong,
        "exact": (illegal if row.task in GAMES else wrong) == 0,
        "cpu_seconds": round(clock.seconds, 2),
        "neurons": [
            [name, round(share, 3)] for name, share in label_neurons(hidden, variables(row, test))
        ],
    }


def table(results: dict[str, list[dict[str, Any]]]) -> str:
    """The results as Markdown."""
    lines = [
        "| task | neurons | exact (95% interval) | every legal token first "
        "| CPU-s, median | followed most, by R² |",
        "|---|---|---|---|---|---|",
    ]
    for name, runs in results.items():
        exact = sum(run["exact"] for run in runs)
        low, high = measure.share_interval(exact, len(runs))
        legal = sum(run["illegal_before_legal"] == 0 for run in runs)
        best = sorted(runs[0]["neurons"], key=lambda neuron: -neuron[1])[:3]
        lines.append(
            f"| {ROWS[name].task} | {ROWS[name].hidden} "
            f"| {exact} of {len(runs)} ({low:.2f} to {high:.2f}) | {legal} of {len(runs)} "
            f"| {np.median([run['cpu_seconds'] for run in runs]):.2f} "
            f"| {', '.join(f'{variable} {share:.2f}' for variable, share in best)} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Run every seed of every row."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--only", action="append", choices=ROWS, default=[])
    options = parser.parse_args()
    chosen = options.only or list(ROWS)
    results = {name: [run(ROWS[name], seed) for seed in range(options.seeds)] for name in chosen}
    print(table(results))
    if not options.only:
        settings = {name: asdict(row) for name, row in ROWS.items()}
        measure.save("rnn_memory", {"settings": settings, "runs": results})


if __name__ == "__main__":
    main()
