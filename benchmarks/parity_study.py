"""Parity by an LSTM, studied: which training strings teach it, and which do not.

    .venv/bin/python benchmarks/parity_study.py --quick | --full [--seeds N] [--jobs N]

Trains with one label a string on strings of one length and on random lengths, and with
a label at every step; leaves out the shortest strings; varies the number of units; and
watches an ordinary run. `--full` is the published task (100,000 strings of length up to
50, tests at up to 10,000) and writes results/parity_study.json. `--quick` is the same in
small, to see it work, and writes build/parity_study.json. Every training is kept as soon
as it is finished, and never repeated: after an interruption, the same command goes on.
At last the figures are drawn, by study_figures.py.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from dataclasses import asdict, replace
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import measure  # puts reference/ on the path
import numpy as np
import study_figures
from parity_data import fixed_length_strings, parity_labels, random_length_strings
from parity_every_step import running_logits, running_parity, train_every_step
from parity_lstm import build_model, export_weights, train_model
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from study_plan import FULL, QUICK, Plan, Training
from torch import nn

WATCHED, TESTS, FAR_TESTS = 1000, 10_000, 50  # strings
LOOKS = 3  # perfect ones in a row end a training that ends when solved
SHORT = 10
FRESH = 1_000_000  # test seeds start here, far from those of training
FAR_LENGTHS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
MOST_SEEDS = 100
TRACE = 40  # bits of the string whose states are kept


def training_strings(training: Training) -> tuple[np.ndarray, np.ndarray]:
    """Strings of every length from the shortest to the longest, padded with random bits."""
    n, shortest, longest, seed = (
        *(training.strings, training.shortest, training.longest, training.seed),
    )
    if shortest == longest:
        return fixed_length_strings(n, longest, seed)
    bits, lengths = random_length_strings(n, longest, seed)
    if shortest > 1:
        lengths = np.random.default_rng(seed).integers(shortest, longest + 1, size=n)
    return bits, lengths


def train(model: nn.Module, training: Training) -> list[float]:
    """Train the model; the losses of all updates, or none where it ended early."""
    bits, lengths = training_strings(training)
    how = (training.updates, training.rate, training.batch, training.seed)
    try:
        if training.labels == "every step":
            return train_every_step(model, bits, *how)
        return train_model(model, bits, lengths, parity_labels(bits, lengths), *how)
    except measure.Enough:
        return []


def run(training: Training, far: int) -> tuple[Training, dict[str, Any]]:
    """Train one model, watched, and test it on fresh strings."""
    model = build_model(training.hidden, training.seed)
    longest, seed = training.longest, training.seed
    looks = LOOKS if training.until_solved else None
    short = random_length_strings(WATCHED, SHORT, FRESH + seed)
    curve_short = measure.watch_accuracy(model, *short, training.every)
    watched = fixed_length_strings(WATCHED, longest, 2 * FRESH + seed)
    curve = measure.watch_accuracy(model, *watched, training.every, looks)
    clock = measure.Clock()
    with clock.running():
        losses = train(model, training)
    bits, lengths = fixed_length_strings(TESTS, longest, FRESH + seed)
    wrong = measure.wrong_answers(model, bits, lengths)
    result = {
        **asdict(training),
        "wrong": wrong,
        "accuracy": round(1.0 - wrong / TESTS, 4),
        "cpu_seconds": round(clock.seconds, 2),
        "curve": curve,
        "curve_short": curve_short,
    }
    if training.piece == "approaches":
        result["by_length"] = accuracy_by_length(model, seed, far)
    if training.piece == "plateau":
        result["losses"] = [round(loss, 4) for loss in losses]
    if training.piece == "size":
        result["trace"] = trace(model, seed)
    return training, result


def accuracy_by_length(model: nn.Module, seed: int, far: int) -> dict[str, float]:
    """The accuracy on the beginnings of fresh strings, by their length.

    The shares of short lengths are means over all lengths from half of it on, for a
    string has few beginnings that are alike in length.
    """
    bits, _ = fixed_length_strings(FAR_TESTS, far, FRESH + seed)
    right = (running_logits(model, bits) > 0) == running_parity(bits)
    return {str(n): round(float(right[:, n // 2 : n].mean()), 4) for n in FAR_LENGTHS if n <= far}


def trace(model: nn.Module, seed: int) -> dict[str, Any]:
    """The hidden values after every bit of a fresh string, all units."""
    bits, _ = fixed_length_strings(1, TRACE, FRESH + seed)
    hidden = model["lstm"](measure.torch.as_tensor(bits).unsqueeze(-1).float())[0][0]
    weights = export_weights(model)
    return {
        "bits": bits[0].tolist(),
        "hidden": np.round(hidden.detach().numpy(), 4).tolist(),
        "head_weight": np.round(weights["head_weight"], 4).tolist(),
        "head_bias": round(weights["head_bias"], 4),
    }


def read_done(path: Path) -> dict[str, dict[str, Any]]:
    """Trainings that are finished, by their settings."""
    if not path.is_file():
        return {}
    return json.loads(path.read_text(encoding="utf-8"))["runs"]


def write_done(path: Path, plan: Plan, done: dict[str, dict[str, Any]]) -> None:
    """Keep what is finished, further seeds included; what no such plan holds is dropped."""
    planned = replace(plan, seeds=MOST_SEEDS).trainings()
    kept = {training.key: done[training.key] for training in planned if training.key in done}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    text = json.dumps({"settings": asdict(plan), "runs": kept}, separators=(",", ":"))
    fresh.write_text(text.replace('},"', '},\n"') + "\n", encoding="utf-8")
    fresh.replace(path)


def study(plan: Plan, path: Path, jobs: int) -> None:
    """Run what is not done yet, with a bar, and keep each result as it comes."""
    done = read_done(path)
    left = [training for training in plan.trainings() if training.key not in done]
    total = len(plan.trainings())
    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn())
    with Pool(jobs, ignore_interrupts) as pool, Progress(*columns, TimeElapsedColumn()) as progress:
        bar = progress.add_task("trainings", total=total, completed=total - len(left))
        for training, result in pool.imap_unordered(partial(run, far=plan.far), left):
            done[training.key] = result
            write_done(path, plan, done)
            progress.update(bar, advance=1, description=training.piece)


def ignore_interrupts() -> None:
    """In a worker: Ctrl-C is for the parent, which ends all of them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def main() -> None:
    """Run the study, print its tables, draw its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    size = parser.add_mutually_exclusive_group(required=True)
    size.add_argument("--quick", action="store_true", help="a minute: short strings, two seeds")
    size.add_argument("--full", action="store_true", help="the published task, ten seeds")
    parser.add_argument("--seeds", type=measure.within(1, MOST_SEEDS), metavar="N")
    parser.add_argument(
        "--jobs", type=measure.within(1, 64), metavar="N", default=os.cpu_count() or 1
    )
    options = parser.parse_args()
    plan = FULL if options.full else QUICK
    if options.seeds:
        plan = replace(plan, seeds=options.seeds)
    path = (measure.RESULTS if options.full else measure.ROOT / "build") / "parity_study.json"
    try:
        study(plan, path, options.jobs)
    except KeyboardInterrupt:
        sys.exit("Stopped. What is finished is kept, and the same command goes on from there.")
    print(study_figures.tables(path))
    study_figures.draw_study(path)


if __name__ == "__main__":
    main()
