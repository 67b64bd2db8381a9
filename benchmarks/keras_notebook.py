"""The published Keras answer, ported to torch: as written, and corrected.

    .venv/bin/python benchmarks/keras_notebook.py [--seeds 5] [--epochs 7] [--original]

One-hot bits, an LSTM with one unit, a label at every step, 100,000 strings of length 50,
Adam at 0.001, batches of 128. As written it applies the softmax twice, tests on the first
10,000 of its training strings, and counts steps. Corrected, it has one softmax with the
cross-entropy, tests on fresh strings, and counts strings that are right at every step.
`--original` times the network on Keras 3 too, in an environment of its own that it makes in
build/. Writes results/keras_notebook.json.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from statistics import median
from typing import Any

import measure  # puts reference/ on the path
import numpy as np
import torch
from parity_every_step import running_parity
from torch import nn

sys.path.insert(0, str(measure.ROOT / "benchmarks" / "throughput"))

from environments import Environment

STRINGS, TESTS, LENGTH, BATCH = 100_000, 10_000, 50, 128
FRESH = 1_000_000
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


def run(row: str, seed: int, epochs: int) -> dict[str, Any]:
    """Train one network and look at it after every epoch."""
    bits = np.random.default_rng(seed).integers(0, 2, size=(STRINGS, LENGTH))
    fresh = np.random.default_rng(FRESH + seed).integers(0, 2, size=(TESTS, LENGTH))
    model, clock = one_unit(seed), measure.Clock()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7)
    inputs, targets = torch.as_tensor(bits), torch.as_tensor(running_parity(bits))
    result: dict[str, Any] = {"row": row, "seed": seed, "cpu_seconds": [], "own": [], "fresh": []}
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


def original(seed: int, epochs: int) -> dict[str, Any]:
    """The notebook's network on Keras 3."""
    KERAS.set_up()
    script = measure.ROOT / "benchmarks" / "keras_original.py"
    done = subprocess.run(
        [KERAS.python, script, str(seed), str(epochs), str(STRINGS)],
        env={**KERAS.variables(), "KERAS_BACKEND": "torch"},
        capture_output=True,
        text=True,
        check=True,
    )
    return {"seed": seed, **json.loads(done.stdout.splitlines()[-1])}


def table(runs: list[dict[str, Any]]) -> str:
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


def main() -> None:
    """Run the rows, and the original if it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--original", action="store_true")
    parser.add_argument("--original-epochs", type=int, default=7, metavar="N")
    options = parser.parse_args()
    runs = [run(row, seed, options.epochs) for row in LOSSES for seed in range(options.seeds)]
    print(table(runs))
    result: dict[str, Any] = {"runs": runs}
    if options.original:
        result["original"] = original(0, options.original_epochs)
        print("Keras 3:", result["original"])
    measure.save("keras_notebook", result)


if __name__ == "__main__":
    main()
