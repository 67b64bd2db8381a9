"""What the benchmarks share: reference/ on the path, options, a clock, intervals, JSON."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when numpy and torch are loaded

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
sys.path.insert(0, str(ROOT / "reference"))

import numpy as np  # noqa: E402
import torch  # noqa: E402
from parity_data import parity_labels  # noqa: E402
from parity_lstm import predict  # noqa: E402
from scipy.stats import binomtest  # noqa: E402

torch.set_num_threads(1)


MOST_SEEDS = 1000


def within(low: int, high: int) -> Callable[[str], int]:
    """An option's value: a whole number between two bounds."""

    def parse(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {low} to {high}")
        return int(text)

    return parse


def number_within(low: float, high: float) -> Callable[[str], float]:
    """An option's value: any number between two bounds."""

    def parse(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not low <= number <= high:  # neither does NaN
            raise argparse.ArgumentTypeError(f"{text!r} is no number from {low:g} to {high:g}")
        return number

    return parse


class Clock:
    """CPU-seconds of this process, steadier than wall time where others work too."""

    seconds = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Add what the body of `with clock.running():` takes."""
        start = time.process_time()
        try:
            yield
        finally:
            self.seconds += time.process_time() - start


def share_interval(successes: int, trials: int) -> tuple[float, float]:
    """The exact (Clopper-Pearson) 95% interval of a share."""
    interval = binomtest(successes, trials).proportion_ci(method="exact")
    return float(interval.low), float(interval.high)


def mean_interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95% bootstrap interval of a mean: it cannot leave the range of the values."""
    rng = np.random.default_rng(0)
    means = rng.choice(np.asarray(values), size=(10_000, len(values))).mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def wrong_answers(model: torch.nn.Module, bits: np.ndarray, lengths: np.ndarray) -> int:
    """How many of the strings the model answers wrongly."""
    return int(np.sum(predict(model, bits, lengths) != parity_labels(bits, lengths)))


class Enough(Exception):
    """Ends a training that is watched: there is nothing more to see."""


def watch_accuracy(
    model: torch.nn.Module,
    bits: np.ndarray,
    lengths: np.ndarray,
    every: int,
    perfect_looks: int | None = None,
) -> list[float]:
    """Look at the model while it is trained.

    Args:
        model: from `build_model`.
        bits, lengths: strings to look at.
        every: updates from look to look.
        perfect_looks: so many perfect looks in a row end the training with `Enough`.

    Returns:
        A list that fills up during training: the accuracy on these strings after
        0, `every`, 2 * `every`, ... updates. Neither the training nor its random
        numbers notice.
    """
    accuracies: list[float] = []
    updates = count()

    def look(*_: Any) -> None:
        # Only an update needs gradients; the predictions made here do not.
        if torch.is_grad_enabled() and next(updates) % every == 0:
            accuracies.append(round(1.0 - wrong_answers(model, bits, lengths) / len(bits), 4))
            if perfect_looks and accuracies[-perfect_looks:] == [1.0] * perfect_looks:
                raise Enough

    model["head"].register_forward_pre_hook(look)
    return accuracies


def save(name: str, result: dict[str, Any]) -> None:
    """Write benchmarks/results/NAME.json."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(result, indent=1, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def save_lines(name: str, result: dict[str, Any], first: str = "seed") -> None:
    """As `save`, for long lists that are written again and again and must never be lost.

    Args:
        first: key that begins an item; each stands on a line of its own.
    """
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(result, separators=(",", ":"), ensure_ascii=False)
    fresh = RESULTS / f"{name}.new"
    fresh.write_text(text.replace(f'{{"{first}"', f'\n{{"{first}"') + "\n", encoding="utf-8")
    fresh.replace(RESULTS / f"{name}.json")


def load(name: str) -> dict[str, Any]:
    """Read benchmarks/results/NAME.json."""
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
