"""Tiny recurrent networks trained as in the published study, several seeds at once.

    .venv/bin/python benchmarks/rnn_published.py [--seeds 5] [--updates 10000]

The way of the short character-level programs of that time: one stream, 25 tokens an update,
the memory carried on from one to the next, the token that did come as the only target,
Adagrad at 0.1, every entry of the gradient clipped at 5, weights from N(0, 0.01²). Judged as
rnn_memory.py judges ours, and by the share of positions whose likeliest token is legal.
Writes results/rnn_published.json after every task.
"""

from __future__ import annotations

import argparse
from typing import Any

import measure  # puts reference/ on the path
import numpy as np
from grid_games import CELLS
from rnn import legal_first, rnn_forward
from rnn_memory import FRESH, LARGE_GRIDS, OPEN, Row, chances, sequences

LENGTH, RATE, CLIP, SPREAD = 25, 0.1, 5.0, 0.01
TESTS, TEST_TOKENS = 500, 60
TASKS = (  # task, neurons, cells of a game
    ("counting", 2, CELLS),
    ("counting", 1, CELLS),
    ("counting in reverse", 2, CELLS),
    ("fill", 10, CELLS),
    ("fill", 9, CELLS),
    ("fill", 5, CELLS),
    ("three in a row", 30, CELLS),
    ("three in a row", 20, CELLS),
    ("grammar", 4, CELLS),
    ("grammar", 3, CELLS),
    ("grammar", 2, CELLS),
    *(("fill", 10, cells) for cells in LARGE_GRIDS),
)
Parameters = dict[str, np.ndarray]


def start(symbols: int, hidden: int, seeds: int) -> Parameters:
    """Weights of as many networks as there are seeds, as `reference/rnn.py` names them."""
    rng = np.random.default_rng(hidden)
    shapes = {"U": (symbols, hidden), "W": (hidden, hidden), "V": (hidden, symbols)}
    weights = {name: rng.normal(0.0, SPREAD, (seeds, *shape)) for name, shape in shapes.items()}
    return weights | {"b": np.zeros((seeds, hidden)), "c": np.zeros((seeds, symbols))}


def gradients(
    at: Parameters, tokens: np.ndarray, memory: np.ndarray
) -> tuple[Parameters, np.ndarray]:
    """The gradients of one update, and the memory that is carried on.

    Args:
        at: the parameters of S networks.
        tokens: shape (S, 26): 25 inputs, each with its successor as the target.
        memory: shape (S, H), from the update before.
    """
    seeds = np.arange(len(tokens))
    hidden = [memory]
    for t in range(LENGTH):
        carried = (hidden[-1][:, None] @ at["W"])[:, 0]
        hidden.append(np.tanh(at["U"][seeds, tokens[:, t]] + carried + at["b"]))
    states = np.stack(hidden, axis=1)  # (S, 26, H), the carried memory first
    scores = states[:, 1:] @ at["V"] + at["c"][:, None]
    of_scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    of_scores /= of_scores.sum(axis=-1, keepdims=True)
    of_scores[seeds[:, None], np.arange(LENGTH), tokens[:, 1:]] -= 1.0
    from_scores = of_scores @ at["V"].transpose(0, 2, 1)
    of_sums = np.empty_like(from_scores)
    later = np.zeros_like(memory)
    for t in reversed(range(LENGTH)):
        of_sums[:, t] = (from_scores[:, t] + later) * (1.0 - states[:, t + 1] ** 2)
        later = (of_sums[:, t][:, None] @ at["W"].transpose(0, 2, 1))[:, 0]
    of_tokens = np.zeros_like(at["U"])
    np.add.at(of_tokens, (seeds[:, None], tokens[:, :-1]), of_sums)
    found = {
        "U": of_tokens,
        "W": states[:, :-1].transpose(0, 2, 1) @ of_sums,
        "b": of_sums.sum(axis=1),
        "V": states[:, 1:].transpose(0, 2, 1) @ of_scores,
        "c": of_scores.sum(axis=1),
    }
    return {name: value.clip(-CLIP, CLIP) for name, value in found.items()}, states[:, -1]


def train(row: Row, seeds: int, updates: int) -> Parameters:
    """Train all seeds of a row by Adagrad, each on a stream of its own."""
    stream = sequences(row, seeds, updates * LENGTH + 1, seed=0)
    symbols = chances(row, stream[:1, :2]).shape[-1]
    at = start(symbols, row.hidden, seeds)
    squares = {name: np.zeros_like(value) for name, value in at.items()}
    memory = np.zeros((seeds, row.hidden))
    for update in range(updates):
        tokens = stream[:, update * LENGTH : (update + 1) * LENGTH + 1]
        slopes, memory = gradients(at, tokens, memory)
        for name, slope in slopes.items():
            squares[name] += slope**2
            at[name] -= RATE * slope / np.sqrt(squares[name] + 1e-8)
    return at


def judge(row: Row, network: Parameters) -> dict[str, Any]:
    """What one network makes of fresh sequences."""
    tokens = sequences(row, TESTS, TEST_TOKENS, FRESH)
    targets = chances(row, tokens)
    _, likely = rnn_forward(network, tokens)
    best = likely.argmax(axis=-1)
    legal = np.take_along_axis(targets, best[..., None], axis=-1)[..., 0] > 0
    certain = targets.max(axis=-1) == 1.0
    exact = legal_first(likely, targets).all() if row.task in OPEN else legal[certain].all()
    return {"right": round(float(legal.mean()), 4), "exact": bool(exact)}


def main() -> None:
    """Train and judge every task."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=measure.within(1, measure.MOST_SEEDS), default=5)
    parser.add_argument("--updates", type=measure.within(1, 1_000_000), default=10_000)
    options = parser.parse_args()
    runs: dict[str, list[dict[str, Any]]] = {}
    for task, hidden, cells in TASKS:
        row = Row(task, hidden, options.updates, RATE, LENGTH, cells=cells)
        name = f"{task}, {hidden}" + f", {cells} cells" * (cells != CELLS)
        clock = measure.Clock()
        with clock.running():
            at = train(row, options.seeds, options.updates)
        found = [
            judge(row, {name: value[k] for name, value in at.items()}) for k in range(options.seeds)
        ]
        runs[name] = found
        seconds = round(clock.seconds / options.seeds, 1)
        print(f"{name}: {seconds} CPU-s a seed, {found}", flush=True)
        measure.save("rnn_published", {"updates": options.updates, "runs": runs})


if __name__ == "__main__":
    main()
