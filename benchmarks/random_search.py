"""Strings of length 50 and their final label, by guessing: how fast, how often, how surely.

    .venv/bin/python benchmarks/random_search.py [--seeds 40] [--sigma 24]

Draws one-unit LSTMs until one separates 2,000 training strings of length 50, once for each
seed, and again until one is also proved right for every length. Then it asks why a gradient
finds none of them: how the rate of solutions depends on sigma, what the loss does on the
straight line from a random start into a solution, and how much of the gradient the labels
account for, by the length of the strings. Writes results/random_search.json.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from itertools import product
from statistics import median
from typing import Any

import measure  # puts reference/ on the path
import numpy as np
import torch
from lstm_by_hand import lstm_logits
from parity_certificate import certify
from parity_data import fixed_length_strings, parity_labels
from parity_lstm import build_model
from parity_search import draw_networks, final_hidden, search_network, separating, with_head

STRINGS, LENGTH = 2000, 50
TESTS = {50: 10_000, 51: 10_000, 1000: 500, 10_000: 64}  # length: how many strings
MOST_DRAWS = 200_000
FIRST_SEED = 5000  # sigma and stages were chosen with seeds below 100
SIGMAS = (1.5, 3.0, 6.0, 12.0, 24.0, 48.0, 96.0)
DRAWS = 4000  # for the rate of solutions, at each sigma
FRESH = 1_000_000  # test seeds start here
LEAK_BITS = 100_000  # how long the run is in which a memory may leak
LINES, STEPS = 6, 281
GRADIENT_LENGTHS, GRADIENT_SEEDS, UNITS = range(1, 13), 3, 32
BATCH, BATCHES = 128, 40
PIECES = ("first", "failures", "proved", "lines", "rates", "gradients")
NEED_FIRST = ("failures", "lines")  # these look at the networks that `first` has found


def labelled(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Training strings of one seed, and their final labels."""
    bits, lengths = fixed_length_strings(STRINGS, LENGTH, seed)
    return bits, parity_labels(bits, lengths)


def search(seed: int, sigma: float, proved: bool) -> dict[str, Any]:
    """Search once, by the clock, and count the errors on every test."""
    clock = measure.Clock()
    with clock.running():
        bits, labels = labelled(seed)
        accept = certify if proved else bool
        weights, draws = search_network(bits, labels, sigma, seed, MOST_DRAWS, accept)
    result = {"seed": seed, "cpu_seconds": round(clock.seconds, 4), "draws": draws}
    if weights is None:
        return {**result, "wrong": None, "proof": None, "network": None}
    wrong = {}
    for length, n in TESTS.items():
        tests = fixed_length_strings(n, length, FRESH + seed)
        wrong[str(length)] = int(
            np.sum((lstm_logits(weights, *tests) > 0) != parity_labels(*tests))
        )
    of_ones, of_zeros = certify(weights), certify(weights, counted=0)
    return {
        **result,
        "wrong": wrong,
        "proof": "ones" if of_ones else "zeros" if of_zeros else None,
        "network": network_of(weights).tolist(),
        "head": [float(weights["head_weight"][0]), weights["head_bias"]],
    }


def network_of(weights: dict[str, Any]) -> np.ndarray:
    """The twelve numbers, shape (4, 3)."""
    return np.column_stack([weights["weight_ih"], weights["weight_hh"], weights["bias_ih"]])


def first_failures(runs: list[dict[str, Any]]) -> list[int | None]:
    """After how many bits each network first fails on a run: ones, zeros, or both in turn.

    It may answer by the parity of ones or of zeros, whichever it gave after 50 bits, and
    the first ten bits do not count.
    """
    networks = np.array([run["network"] for run in runs])[:, :, :, np.newaxis]
    weight, bias = np.array([run["head"] for run in runs]).T[..., np.newaxis]
    flips_at = np.array([1 if run["wrong"]["51"] < TESTS[51] / 2 else 0 for run in runs])[:, None]
    begins, turns = np.array(list(product((0, 1), (0, 1, 2)))).T  # first bit; then 0, 1, or both
    h = c = np.zeros((len(runs), len(begins)))
    parity, first = np.zeros(h.shape, dtype=int), np.full(h.shape, LEAK_BITS + 1)
    for step in range(LEAK_BITS):
        bits = begins if step == 0 else np.where(turns == 2, step % 2, turns)
        sums = networks[:, :, 0] * bits + networks[:, :, 1] * h[:, None] + networks[:, :, 2]
        i, f, o = (0.5 + 0.5 * np.tanh(0.5 * sums[:, gate]) for gate in (0, 1, 3))
        c = f * c + i * np.tanh(sums[:, 2])
        h = o * np.tanh(c)
        parity ^= bits == flips_at
        if step >= 10:
            failed = (weight * h + bias > 0) != parity
            first = np.where(failed, np.minimum(first, step + 1), first)
    return [int(n) if n <= LEAK_BITS else None for n in first.min(axis=1)]


def rate_of_solutions(sigma: float) -> dict[str, Any]:
    """How many of many draws separate the training strings, and how many are proved."""
    bits, labels = labelled(0)
    networks = draw_networks(DRAWS, sigma, np.random.default_rng(1))
    found = [
        with_head(network, bits, labels)
        for part in np.array_split(networks, DRAWS // 500)
        for network in separating(part, bits, labels)
    ]
    return {
        "sigma": sigma,
        "draws": DRAWS,
        "separating": len(found),
        "proved_ones": sum(certify(weights) is not None for weights in found),
        "proved_zeros": sum(certify(weights, counted=0) is not None for weights in found),
    }


def loss_along_lines(runs: list[dict[str, Any]], sigma: float) -> dict[str, Any]:
    """Loss and accuracy from a random start, at 0, into a solution, at 1, and beyond."""
    bits, labels = labelled(FRESH)
    places = np.round(np.linspace(0.0, 1.4, STEPS), 4)
    lines = []
    for run in [run for run in runs if run["network"]][:LINES]:
        rng = np.random.default_rng(FRESH + run["seed"])
        start, end = draw_networks(1, sigma, rng)[0], np.array(run["network"])
        head_start, head_end = rng.normal(0.0, sigma, 2), np.array(run["head"])
        networks = start + places[:, None, None] * (end - start)
        heads = head_start + places[:, None] * (head_end - head_start)
        logits = heads[:, :1] * final_hidden(networks, bits) + heads[:, 1:]
        losses = np.logaddexp(0.0, np.where(labels == 1, -logits, logits)).mean(axis=1)
        accuracy = ((logits > 0) == labels).mean(axis=1)
        lines.append({"loss": np.round(losses, 4).tolist(), "accuracy": accuracy.tolist()})
    return {"places": places.tolist(), "lines": lines}


def gradient_by_length(length: int, seed: int) -> dict[str, float]:
    """What the labels contribute to the gradient at the start, and what chance does.

    At the start all logits are near 0, where the loss falls by (y - 1/2) z. Over all
    strings of a length the part with y is the signal. A batch has the noise of its draw,
    which is what is left when labels mean nothing.
    """
    model = build_model(UNITS, seed).double()

    def norm(bits: np.ndarray, labels: np.ndarray) -> float:
        tensors = torch.as_tensor(bits), torch.full((len(bits),), length)
        model.zero_grad()
        states, _ = model["lstm"](tensors[0].unsqueeze(-1).double())
        answers = model["head"](states[:, -1]).squeeze(-1)
        (answers * torch.as_tensor(labels - 0.5)).mean().backward()
        return float(torch.cat([p.grad.flatten() for p in model.parameters()]).norm())

    every = np.array(list(product((0, 1), repeat=length)))
    rng = np.random.default_rng(seed)
    noise = [
        norm(rng.integers(0, 2, (BATCH, length)), rng.integers(0, 2, BATCH)) for _ in range(BATCHES)
    ]
    signal = norm(every, every.sum(axis=1) % 2)
    return {"signal": signal, "noise": float(np.sqrt(np.mean(np.square(noise))))}


def summary(name: str, runs: list[dict[str, Any]]) -> str:
    """One search in a few lines."""
    found = [run for run in runs if run["network"]]
    seconds, draws = ([run[key] for run in runs] for key in ("cpu_seconds", "draws"))
    exact = {n: sum(run["wrong"][str(n)] == 0 for run in found) for n in TESTS}
    inverted = sum(run["wrong"]["51"] == TESTS[51] for run in found)
    return (
        f"{name}: {len(found)} of {len(runs)} found; CPU-seconds median {median(seconds):.3f}, "
        f"most {max(seconds):.3f}; draws median {median(draws):.0f}, most {max(draws)}\n"
        f"  exact at {', '.join(f'{n}: {count}' for n, count in exact.items())}; "
        f"wrong on every string of length 51: {inverted}\n"
        f"  proved for ones {sum(run['proof'] == 'ones' for run in found)}, "
        f"for zeros {sum(run['proof'] == 'zeros' for run in found)}"
    )


def searches(options: argparse.Namespace, proved: bool) -> list[dict[str, Any]]:
    """A search for every seed, and its summary."""
    search(FRESH, options.sigma, proved=False)  # the first in a process is slower
    runs = [search(FIRST_SEED + k, options.sigma, proved) for k in range(options.seeds)]
    print(summary("first that is proved" if proved else "first that separates", runs))
    return runs


def gradients() -> dict[str, Any]:
    """Signal and noise at every length."""
    points = [
        {"length": n, **gradient_by_length(n, seed)}
        for n in GRADIENT_LENGTHS
        for seed in range(GRADIENT_SEEDS)
    ]
    return {"units": UNITS, "batch": BATCH, "points": points}


def failures(runs: list[dict[str, Any]]) -> list[int | None]:
    """First failures on long runs, and how many there are."""
    with_network = [run for run in runs if run["network"]]
    found = first_failures(with_network) if with_network else []
    failed = sum(first is not None for first in found)
    print(f"{failed} of {len(found)} fail on a run of at most {LEAK_BITS} bits")
    return found


def main() -> None:
    """Search for every seed, and then ask why; each piece is kept as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=measure.within(1, measure.MOST_SEEDS), default=40)
    parser.add_argument("--sigma", type=measure.number_within(0.1, 1000), default=24.0)
    parser.add_argument("--pieces", nargs="+", choices=PIECES, default=PIECES)
    options = parser.parse_args()
    result = earlier_result(options.sigma, options.pieces, parser)
    work: dict[str, Callable[[], Any]] = {
        "first": lambda: searches(options, proved=False),
        "failures": lambda: failures(result["first"]),
        "proved": lambda: searches(options, proved=True),
        "lines": lambda: loss_along_lines(result["first"], options.sigma),
        "rates": lambda: [rate_of_solutions(sigma) for sigma in SIGMAS],
        "gradients": gradients,
    }
    for piece in options.pieces:
        result |= {"sigma": options.sigma, piece: work[piece]()}
        measure.save("random_search", result)


def earlier_result(
    sigma: float, asked: Sequence[str], parser: argparse.ArgumentParser
) -> dict[str, Any]:
    """What is there already; ends the program where the pieces asked for do not go with it."""
    path = measure.RESULTS / "random_search.json"
    result = measure.load("random_search") if path.is_file() else {}
    if result and result["sigma"] != sigma:
        if set(asked) == set(PIECES):
            return {}
        parser.error(
            f"{path.name} holds pieces with sigma {result['sigma']:g}, and one with {sigma:g} "
            "would not belong to them: leave out --pieces, or give that --sigma"
        )
    for number, piece in enumerate(asked):
        if piece in NEED_FIRST and "first" not in (*result, *asked[:number]):
            parser.error(f"--pieces {piece} needs what `first` finds: --pieces first {piece}")
    return result


if __name__ == "__main__":
    main()
