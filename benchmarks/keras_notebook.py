"""The published Keras answer, ported to torch: as written, and corrected; and ours beside it.

    .venv/bin/python benchmarks/keras_notebook.py [--seeds 5] [--epochs 7] [--original]

One-hot bits, an LSTM with one unit, a label at every step, 100,000 strings of length 50,
Adam at 0.001, batches of 128. As written it applies the softmax twice, tests on the first
10,000 of its training strings, and counts steps. Corrected, it has one softmax with the
cross-entropy, tests on fresh strings, and counts strings that are right at every step.
Its second experiment feeds strings of random length one at a time, five times each.
`--original` trains the network on Keras 3 too, in an environment of its own that it makes
in build/. Beside these, in the same run: the reference's training from the same strings,
and its training from the final label alone. What is compared is the CPU-seconds until 99%
of all steps are right. Writes results/keras_notebook.json after every seed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent / "throughput"))  # for environments

import measure  # puts reference/ on the path
import numpy as np
import torch
from environments import Environment, SetUpError
from parity_every_step import running_logits, running_parity, train_every_step
from parity_lstm import build_model
from parity_training import run as train_from_final_label
from torch import nn

STRINGS, TESTS, LENGTH, BATCH = 100_000, 10_000, 50, 128
FRESH = 1_000_000
GOOD = 0.99  # of all steps: what the ways are timed to
ONE_BY_ONE, TIMES, LOOK = 4000, 5, 250  # strings, how often each is fed, strings between looks
HIDDEN, RATE, MOST_UPDATES, EVERY, WATCHED = 32, 0.01, 3000, 25, 1000  # ours, every step
Run = dict[str, Any]
KERAS = Environment("keras", measure.ROOT / "benchmarks" / "requirements" / "keras.txt")


def one_unit(seed: int) -> nn.ModuleDict:
    """20 numbers that are trained, drawn as the notebook has it (Glorot, normal)."""
    torch.manual_seed(seed)
    model = nn.ModuleDict({"lstm": nn.LSTM(2, 1, batch_first=True), "head": nn.Linear(1, 2)})
    lstm = model["lstm"]
    for weight in (lstm.weight_ih_l0, model["head"].weight):
        nn.init.xavier_normal_(weight)
    nn.init.orthogonal_(lstm.weight_hh_l0)
    for bias in (lstm.bias_ih_l0, lstm.bias_hh_l0, model["head"].bias):
        nn.init.zeros_(bias)
    with torch.no_grad():
        lstm.bias_ih_l0[1] = 1.0  # of the forget gate, as Keras has it
    lstm.bias_hh_l0.requires_grad_(False)  # Keras has one bias where torch has two
    return model


def outputs(model: nn.ModuleDict, bits: torch.Tensor) -> torch.Tensor:
    """The two numbers before the softmax, at every step: shape (n, T, 2)."""
    states, _ = model["lstm"](nn.functional.one_hot(bits, 2).float())
    return model["head"](states)


def loss_as_written(answers: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Two softmaxes, then the binary cross-entropy of each output."""
    chances = answers.softmax(dim=-1).softmax(dim=-1)
    return nn.functional.binary_cross_entropy(chances, nn.functional.one_hot(targets, 2).float())


def loss_corrected(answers: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """One softmax, within the cross-entropy."""
    return nn.functional.cross_entropy(answers.flatten(0, 1), targets.flatten())


LOSSES = {"as written": loss_as_written, "corrected": loss_corrected}


def right_answers(model: nn.ModuleDict, bits: np.ndarray) -> dict[str, float]:
    """Shares that are right: of all steps, of last steps, and of strings at every step."""
    with torch.no_grad():
        answers = outputs(model, torch.as_tensor(bits)).argmax(dim=-1).numpy()
    right = answers == running_parity(bits)
    shares = {"steps": right, "last": right[:, -1], "strings": right.all(axis=1)}
    return {name: round(float(share.mean()), 5) for name, share in shares.items()}


def run(row: str, seed: int, epochs: int) -> Run:
    """Train one network and look at it after every epoch."""
    bits = np.random.default_rng(seed).integers(0, 2, size=(STRINGS, LENGTH))
    fresh = np.random.default_rng(FRESH + seed).integers(0, 2, size=(TESTS, LENGTH))
    model, clock = one_unit(seed), measure.Clock()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7)
    inputs, targets = torch.as_tensor(bits), torch.as_tensor(running_parity(bits))
    result: Run = {"row": row, "seed": seed, "cpu_seconds": [], "own": [], "fresh": []}
    for _ in range(epochs):
        before = clock.seconds
        with clock.running():
            for batch in torch.randperm(STRINGS).split(BATCH):
                loss = LOSSES[row](outputs(model, inputs[batch]), targets[batch])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
        result["cpu_seconds"].append(round(clock.seconds - before, 2))
        result["own"].append(right_answers(model, bits[:TESTS]))
        result["fresh"].append(right_answers(model, fresh))
    return {**result, "last_loss": round(loss.item(), 4)}


def one_by_one(seed: int) -> Run:
    """The second experiment: a string at a time, lengths from 1 to 50, until all steps are right.

    Tested as published, on the strings of length 50 that the first experiment trains on.
    """
    rng = np.random.default_rng(seed)
    model, clock = one_unit(seed), measure.Clock()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7)
    test = np.random.default_rng(seed).integers(0, 2, size=(TESTS, LENGTH))
    looks = []
    for fed in range(1, ONE_BY_ONE + 1):
        bits = rng.integers(0, 2, size=(1, rng.integers(1, LENGTH + 1)))
        inputs, targets = torch.as_tensor(bits), torch.as_tensor(running_parity(bits))
        with clock.running():
            for _ in range(TIMES):
                loss = loss_as_written(outputs(model, inputs), targets)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
        if fed % LOOK == 0:
            looks.append(right_answers(model, test)["steps"])
            if looks[-1] == 1.0:
                break
    return {"seed": seed, "cpu_seconds": round(clock.seconds, 2), "every": LOOK, "steps": looks}


def original(seed: int, epochs: int) -> Run:
    """The notebook's network on Keras 3.

    Raises:
        SetUpError: it cannot be installed, or does not run.
    """
    KERAS.set_up()
    script = measure.ROOT / "benchmarks" / "keras_original.py"
    done = subprocess.run(
        [KERAS.python, script, str(seed), str(epochs), str(STRINGS)],
        env={**KERAS.variables(), "KERAS_BACKEND": "torch"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SetUpError(f"{script.name}: {' | '.join(done.stderr.strip().splitlines()[-3:])}")
    return {"seed": seed, **json.loads(done.stdout.splitlines()[-1])}


def ours(seed: int) -> Run:
    """The reference with a label at every step, on the same strings.

    One training is watched and tells how many updates it takes until 1,000 fresh strings
    are right. A second, which is the same, is timed.
    """
    bits = np.random.default_rng(seed).integers(0, 2, size=(STRINGS, LENGTH))
    fresh = np.random.default_rng(FRESH + seed).integers(0, 2, size=(TESTS, LENGTH))
    watched = build_model(HIDDEN, seed)
    lengths = np.full(WATCHED, LENGTH)
    looks = measure.watch_accuracy(watched, fresh[:WATCHED], lengths, EVERY, perfect_looks=1)
    with suppress(measure.Enough):
        train_every_step(watched, bits, MOST_UPDATES, RATE, BATCH, seed)
    updates = (len(looks) - 1) * EVERY
    model, clock = build_model(HIDDEN, seed), measure.Clock()
    with clock.running():
        train_every_step(model, bits, updates, RATE, BATCH, seed)
    right = (running_logits(model, fresh) > 0) == running_parity(fresh)
    shares = {"steps": right, "last": right[:, -1], "strings": right.all(axis=1)}
    return {
        "seed": seed,
        "updates": updates,
        "cpu_seconds": round(clock.seconds, 2),
        "fresh": {name: round(float(share.mean()), 5) for name, share in shares.items()},
    }


def seconds_until_good(seconds: list[float], steps: list[float]) -> float | None:
    """The CPU-seconds of all epochs up to the first that ends with 99% of all steps right."""
    good = next((n for n, share in enumerate(steps, 1) if share >= GOOD), None)
    return None if good is None else sum(seconds[:good])


def until_good(result: Run) -> dict[str, list[float | None]]:
    """For each way, the CPU-seconds until 99% of all steps are right, seed by seed."""
    found: dict[str, list[float | None]] = {}
    for one in result["runs"]:
        steps = [look["steps"] for look in one["fresh"]]
        name = f"{one['row']}, in torch"
        found.setdefault(name, []).append(seconds_until_good(one["cpu_seconds"], steps))
    found["as written, on Keras 3"] = [
        seconds_until_good(one["cpu_seconds"], one["accuracy"]) for one in result["original"]
    ]
    found["ours, a label at every step"] = [one["cpu_seconds"] for one in result["ours"]]
    found["ours, the final label alone"] = [one["cpu_seconds"] for one in result["final_label"]]
    return {name: seconds for name, seconds in found.items() if seconds}


def table(runs: list[Run]) -> str:
    """The port's rows as Markdown."""
    lines = [
        "| set-up | seeds | steps right, own test | steps right, fresh | strings right at "
        "every step, fresh | seeds with no error | CPU-seconds an epoch |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in LOSSES:
        of_row = [one for one in runs if one["row"] == row]
        own, fresh = ([one[name][-1] for one in of_row] for name in ("own", "fresh"))
        steps = [f"{np.mean([one['steps'] for one in tests]):.5f}" for tests in (own, fresh)]
        strings = np.mean([one["strings"] for one in fresh])
        solved = sum(one["strings"] == 1.0 for one in fresh)
        seconds = median(second for one in of_row for second in one["cpu_seconds"])
        lines.append(
            f"| {row} | {len(of_row)} | {steps[0]} | {steps[1]} | {strings:.4f} | {solved} "
            f"| {seconds:.1f} |"
        )
    return "\n".join(lines)


def every_way(seed: int, epochs: int, with_keras: bool) -> dict[str, list[Run]]:
    """All ways once, one after the other."""
    return {
        "original": [original(seed, epochs)] if with_keras else [],
        "runs": [run(row, seed, epochs) for row in LOSSES],
        "ours": [ours(seed)],
        "final_label": [train_from_final_label(seed)],
        "one_by_one": [one_by_one(seed)],
    }


def main() -> None:
    """Run every way for every seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=measure.within(1, measure.MOST_SEEDS), default=5)
    parser.add_argument("--epochs", type=measure.within(1, 100), default=7)
    parser.add_argument("--original", action="store_true", help="Keras 3 as well")
    options = parser.parse_args()
    train_from_final_label(FRESH)  # the first training in a process is slower
    result: dict[str, list[Run]] = {}
    for seed in range(options.seeds):
        try:
            found = every_way(seed, options.epochs, options.original)
        except SetUpError as problem:
            sys.exit(f"Keras 3 cannot be run, and without --original all else can: {problem}")
        for name, runs in found.items():
            result.setdefault(name, []).extend(runs)
        measure.save("keras_notebook", result)
        print(f"seed {seed}:", {name: seconds[-1] for name, seconds in until_good(result).items()})
    print(table(result["runs"]))


if __name__ == "__main__":
    main()
