"""The figures about random search and proofs, from what random_search.py has left in results/.

    .venv/bin/python benchmarks/search_figures.py [NAME ...] [--png FOLDER]

Writes assignment/figures/search-*.svg, the same bytes every time, as handout_figures.py does.
"""

from __future__ import annotations

from statistics import median

import matplotlib.pyplot as plt
import measure
import numpy as np
from handout_figures import BLUE, GREEN, GREY, RED, main
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from parity_certificate import certify


def rates() -> Figure:
    """How common solutions are among random networks."""
    rows = measure.load("random_search")["rates"]
    figure, axes = plt.subplots(figsize=(5.6, 3.4))
    for name, label, colour, marker in (
        ("separating", "separate 2,000 strings of length 50", BLUE, "o"),
        ("proved", "proved for every (even) length", GREEN, "s"),
    ):
        counts = [
            row[name] if name in row else row["proved_ones"] + row["proved_zeros"] for row in rows
        ]
        found = [(r["sigma"], 1000 * n / r["draws"]) for r, n in zip(rows, counts, strict=True)]
        axes.plot(*zip(*found, strict=True), marker=marker, color=colour, label=label)
    ticks = [row["sigma"] for row in rows]
    axes.set_xscale("log")
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set(xlabel="$\\sigma$ of the twelve weights and biases", ylabel="of 1,000 random networks")
    axes.set_ylim(0, None)
    axes.legend(loc="upper left")
    axes.set_title("Random one-unit LSTMs that compute parity")
    return figure


def line() -> Figure:
    """A plain without a slope, and a hole with vertical walls."""
    found = measure.load("random_search")["lines"]
    figure, (above, below) = plt.subplots(2, sharex=True, figsize=(6.2, 4.6))
    for k, one in enumerate(found["lines"]):
        colour = (BLUE, RED, GREEN)[k % 3]
        losses = np.maximum(one["loss"], 1e-4)
        above.plot(found["places"], losses, color=colour, linewidth=1, alpha=0.8)
        below.plot(found["places"], one["accuracy"], color=colour, linewidth=1, alpha=0.8)
    above.axhline(np.log(2), color=GREY, linestyle=":", linewidth=1)
    above.text(0.005, np.log(2) * 0.8, "ln 2: guessing", color=GREY, va="top")
    above.set(yscale="log", ylabel="loss", ylim=(8e-5, 60))
    below.set(ylabel="accuracy", ylim=(0.4, 1.03))
    below.set_xlabel("on the line from a random start (0) through a solution (1)")
    above.set_title("Loss and accuracy on 2,000 strings of length 50, along six lines")
    return figure


def gradient() -> Figure:
    """The part of the gradient that depends on the labels, by length."""
    found = measure.load("random_search")["gradients"]
    figure, axes = plt.subplots(figsize=(5.8, 3.6))
    points = found["points"]
    tested = sorted({point["length"] for point in points})
    for name, label, colour, marker in (
        ("signal", "signal: what the labels contribute", BLUE, "o"),
        ("noise", f"noise of a batch of {found['batch']}", RED, "s"),
    ):
        values = [[p[name] for p in points if p["length"] == n] for n in tested]
        middle = [median(group) for group in values]
        axes.plot(tested, middle, marker=marker, markersize=4, color=colour, label=label)
    noise = median(p["noise"] for p in points)
    axes.axhline(noise / np.sqrt(100_000 / found["batch"]), color=RED, linestyle=":", linewidth=1)
    axes.text(
        tested[-1], noise / 60, "noise of all 100,000 strings", color=RED, ha="right", va="top"
    )
    axes.set(yscale="log", xlabel="length of the strings", ylabel="norm of the gradient")
    axes.set_xticks(tested)
    axes.legend(loc="lower left")
    axes.set_title(f"Untrained LSTM with {found['units']} units: signal and noise")
    return figure


def proof() -> Figure:
    """The boxes of one certificate, and the states that a long random string visits."""
    runs = measure.load("random_search")["proved"]
    run = min(runs, key=lambda run: run["seed"])
    network, (head, bias) = np.array(run["network"]), run["head"]
    weights = {
        "architecture": "lstm-1",
        "zero": np.array([0.0]),
        "one": np.array([1.0]),
        "weight_ih": network[:, :1],
        "weight_hh": network[:, 1:2],
        "bias_ih": network[:, 2],
        "bias_hh": np.zeros(4),
        "head_weight": np.array([head]),
        "head_bias": bias,
    }
    certificate = certify(weights)
    assert certificate is not None
    figure, axes = plt.subplots(figsize=(6.0, 4.0))
    for boxes, colour, label in (
        (certificate.even, BLUE, "after an even number of ones"),
        (certificate.odd, RED, "after an odd number"),
    ):
        for low_h, high_h, low_c, high_c in boxes:
            size = high_c - low_c, high_h - low_h
            axes.add_patch(Rectangle((low_c, low_h), *size, color=colour, alpha=0.25))
        axes.plot([], [], "s", color=colour, alpha=0.5, label=f"{label}: {len(boxes)} boxes")
    states = visited(network, np.random.default_rng(0).integers(0, 2, 5000))
    axes.plot(*states[:, ::-1].T, ".", color="black", markersize=2, label="states of 5,000 bits")
    axes.axhline(-bias / head, color=GREY, linestyle="--", linewidth=1.2)
    axes.set(xlabel="cell $c$", ylabel="hidden value $h$", ylim=(-1.05, 1.05))
    axes.set_xscale("symlog", linthresh=1.0)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, columnspacing=1)
    axes.set_title("A proof: the boxes lead into each other, and no box meets the threshold")
    return figure


def visited(network: np.ndarray, bits: np.ndarray) -> np.ndarray:
    """The states after every bit, shape (T, 2): hidden value and cell."""
    h = c = 0.0
    states = []
    for bit in bits:
        i, f, g, o = network @ np.array([bit, h, 1.0])
        i, f, o = 0.5 + 0.5 * np.tanh(0.5 * np.array([i, f, o]))
        c = f * c + i * np.tanh(g)
        h = o * np.tanh(c)
        states.append((h, c))
    return np.array(states)


DRAWINGS = {
    "search-rates": rates,
    "search-line": line,
    "search-gradient": gradient,
    "search-proof": proof,
}


if __name__ == "__main__":
    main(__doc__, DRAWINGS)
