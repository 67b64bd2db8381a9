"""The figures and tables of the parity study, from what its benchmarks have left in results/.

    .venv/bin/python benchmarks/study_figures.py [NAME ...] [--png FOLDER]

Writes assignment/figures/*.svg, the same bytes every time, as handout_figures.py does.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib.pyplot as plt
import measure
import numpy as np
from handout_figures import BLUE, FIGURES, GREEN, GREY, PALE, RED, draw, main
from matplotlib.figure import Figure

Run = dict[str, Any]
STUDY = measure.RESULTS / "parity_study.json"
LEFT = 0.6  # a smoothed loss below it has left the plateau
KINDS = {  # labels and whether all strings are of one length: name, colour, line
    ("final", True): ("one length, one label", RED, "--"),
    ("final", False): ("random lengths, one label", BLUE, "-"),
    ("every step", True): ("one length, a label at every step", GREEN, ":"),
}


def pieces(path: Path) -> dict[str, list[Run]]:
    """The study's trainings by their piece, in the order of the plan."""
    found: dict[str, list[Run]] = {}
    for run in json.loads(path.read_text(encoding="utf-8"))["runs"].values():
        found.setdefault(run["piece"], []).append(run)
    return found


def kinds(runs: list[Run]) -> dict[tuple[str, bool], list[Run]]:
    """The trainings of each approach."""
    found: dict[tuple[str, bool], list[Run]] = {kind: [] for kind in KINDS}
    for run in runs:
        found[run["labels"], run["shortest"] == run["longest"]].append(run)
    return {kind: members for kind, members in found.items() if members}


def by(runs: list[Run], name: str) -> dict[int, list[Run]]:
    """Trainings by one of their settings, the small values first."""
    values = sorted({run[name] for run in runs})
    return {value: [run for run in runs if run[name] == value] for value in values}


def updates_until_solved(run: Run) -> int | None:
    """The first look from which on all watched strings were right, in updates."""
    wrong = [k for k, accuracy in enumerate(run["curve"]) if accuracy < 1.0]
    first = wrong[-1] + 1 if wrong else 0
    return first * run["every"] if first < len(run["curve"]) else None


def share(runs: list[Run]) -> str:
    """How many of the trainings ended without an error, with its interval."""
    solved = sum(run["wrong"] == 0 for run in runs)
    low, high = measure.share_interval(solved, len(runs))
    return f"{solved} of {len(runs)} ({low:.2f} to {high:.2f})"


def tables(path: Path) -> str:
    """The study's results as Markdown."""
    found = pieces(path)
    lines = ["| training | exact at the end (95% interval) | mean accuracy | CPU-seconds |",
             "|---|---|---|---|"]  # fmt: skip
    for kind, runs in kinds(found.get("approaches", [])).items():
        accuracy = np.mean([run["accuracy"] for run in runs])
        seconds = median(run["cpu_seconds"] for run in runs)
        lines.append(f"| {KINDS[kind][0]} | {share(runs)} | {accuracy:.4f} | {seconds:.1f} |")
    rest = ("shortest", "shortest", "shortest string"), ("size", "hidden", "units")
    return "\n\n".join(["\n".join(lines), *(solved_by(found, *each) for each in rest)])


def solved_by(found: dict[str, list[Run]], piece: str, name: str, title: str) -> str:
    """How often one piece was solved, by what it varies."""
    lines = [f"| {title} | seeds solved | updates until then, median |", "|---|---|---|"]
    for value, runs in by(found.get(piece, []), name).items():
        updates = [n for run in runs if (n := updates_until_solved(run)) is not None]
        middle = f"{median(updates):.0f}" if updates else "none"
        lines.append(f"| {value} | {len(updates)} of {len(runs)} | {middle} |")
    return "\n".join(lines)


def sizes(path: Path) -> str:
    """How often the study was solved, by the number of units."""
    return solved_by(pieces(path), "size", "hidden", "units")


def approaches(path: Path, labels: tuple[str, ...]) -> Figure:
    """Only the strings and labels differ: accuracy while training."""
    found = kinds([run for run in pieces(path)["approaches"] if run["labels"] in labels])
    figure, axes = plt.subplots(figsize=(6.0, 3.6))
    for kind, runs in found.items():
        name, colour, style = KINDS[kind]
        for k, run in enumerate(runs):
            updates = np.arange(len(run["curve"])) * run["every"]
            label = f"{name}, {len(runs)} seeds" if k == 0 else None
            axes.plot(updates, run["curve"], style, color=colour, linewidth=1.3, label=label)
    run = found["final", False][0]
    axes.set(xlabel="updates", ylim=(0.4, 1.03))
    axes.set(ylabel=f"accuracy, fresh strings of length {run['longest']}")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17))
    axes.set_title(
        f"LSTM with {run['hidden']} units, Adam {run['rate']}, "
        f"batches of {run['batch']} from {run['strings']:,} strings"
    )
    return figure


def plateau(path: Path) -> Figure:
    """Long nothing, then parity: loss and accuracy of one ordinary run."""
    (run,) = pieces(path)["plateau"]
    epoch_updates, losses, window = run["strings"] / run["batch"], np.array(run["losses"]), 25
    figure, (above, below) = plt.subplots(2, sharex=True, figsize=(6.4, 5.0))
    smooth = np.convolve(losses, np.ones(window) / window, mode="valid")
    above.plot(losses, color="#BFD8EA", linewidth=0.6)
    above.plot(np.arange(len(smooth)) + window // 2, smooth, color=BLUE, linewidth=1.6)
    above.axhline(np.log(2), color=GREY, linestyle=":", linewidth=1)
    above.text(len(losses) - 15, np.log(2), "ln 2: guessing", color=GREY, ha="right", va="bottom")
    end = int(np.argmax(smooth < LEFT))
    span = {"arrowstyle": "<->", "color": RED, "linewidth": 1.4}
    above.annotate("", (0, 0.5), (end, 0.5), arrowprops=span)
    note = f"plateau: {end / epoch_updates:.1f} epochs in which the loss hardly moves"
    above.text(end / 2, 0.46, note, color=RED, ha="center", va="top")
    above.set(ylabel="loss", ylim=(0, 0.8))
    updates = np.arange(len(run["curve"])) * run["every"]
    below.plot(updates, run["curve_short"], color=GREEN, label="length 1 to 10")
    below.plot(updates, run["curve"], color=BLUE, label=f"length {run['longest']}")
    below.axhline(0.5, color=GREY, linestyle=":", linewidth=1)
    below.set(ylabel="accuracy, fresh strings", ylim=(0.4, 1.03), xlabel="updates")
    below.legend(loc="upper left")
    for epoch in range(1, round(len(losses) / epoch_updates) + 1):
        above.text(epoch * epoch_updates, 0.81, f"epoch {epoch}", color=GREY, ha="center", size=9)
        for axes in (above, below):
            axes.axvline(epoch * epoch_updates, color="#CCCCCC", linewidth=1, zorder=0)
    title = f"LSTM with {run['hidden']} units, Adam {run['rate']}, batches of {run['batch']}"
    above.set_title(f"{title}, final label alone", pad=18)
    return figure


def lengths(path: Path) -> Figure:
    """What was learnt on at most fifty bits, on two hundred times as many."""
    found = kinds(pieces(path)["approaches"])
    figure, axes = plt.subplots(figsize=(6.0, 3.4))
    for kind, runs in found.items():
        name, colour, style = KINDS[kind]
        tested = [int(n) for n in runs[0]["by_length"]]
        accuracies = np.array([list(run["by_length"].values()) for run in runs])
        axes.plot(tested, accuracies.T, style, color=colour, linewidth=0.7, alpha=0.5)
        axes.plot(tested, accuracies.mean(axis=0), style, color=colour, linewidth=2, label=name)
    axes.axvline(runs[0]["longest"], color=GREY, linewidth=1, linestyle=":")
    axes.text(runs[0]["longest"] * 1.06, 0.42, "longest in training", color=GREY)
    axes.set(xscale="log", ylim=(0.4, 1.03), xlabel="length of the strings", ylabel="accuracy")
    axes.set_xticks(tested, [f"{n:,}" for n in tested], rotation=45)
    axes.minorticks_off()
    axes.legend(loc="center right", bbox_to_anchor=(1.0, 0.45))
    axes.set_title("Accuracy by length: means, and each seed")
    return figure


def until_solved(path: Path, piece: str, setting: str, title: str, label: str) -> Figure:
    """How long each training took, by one of its settings; crosses never got there."""
    found = by(pieces(path)[piece], setting)
    figure, axes = plt.subplots(figsize=(5.6, 3.4))
    most = max(run["updates"] for runs in found.values() for run in runs)
    for place, runs in enumerate(found.values()):
        spread = np.linspace(-0.18, 0.18, len(runs)) if len(runs) > 1 else [0.0]
        for shift, run in zip(spread, runs, strict=True):
            updates = updates_until_solved(run)
            look = {"color": RED, "marker": "x"} if updates is None else {"color": BLUE}
            axes.scatter(place + shift, most if updates is None else updates, s=30, **look)
        solved = sum(updates_until_solved(run) is not None for run in runs)
        axes.text(place, 1.12 * most, f"{solved} of {len(runs)}", ha="center", color=GREY)
    axes.set_xticks(range(len(found)), [str(value) for value in found])
    axes.set(xlabel=label, ylabel="updates until solved", ylim=(0, 1.24 * most))
    axes.set_xlim(-0.5, len(found) - 0.5)
    axes.set_title(title + f"\n(crosses: not within {most:,} updates)")
    return figure


def flip(path: Path) -> Figure:
    """What the fewest units that learnt it do at every bit of a fresh string."""
    solved = [run for run in pieces(path)["size"] if run["accuracy"] > 0.99]
    run = min(solved, key=lambda run: (run["hidden"], run["wrong"], run["seed"]))
    bits = run["trace"]["bits"]
    figure, axes = plt.subplots(figsize=(7.2, 2.9))
    steps = np.arange(1, len(bits) + 1)
    for k, one in enumerate(bits):
        if one:
            axes.axvspan(k + 0.5, k + 1.5, color=PALE, linewidth=0)
    for unit, values in enumerate(np.array(run["trace"]["hidden"]).T):
        look = {"color": (BLUE, RED, GREEN)[unit % 3], "marker": "o", "markersize": 3.5}
        axes.plot(steps, values, **look, linewidth=1.2, label=f"unit {unit + 1}")
    axes.set_xticks(steps, [str(bit) for bit in bits], fontsize=8)
    axes.set(xlabel="bits read, the ones shaded", ylabel="hidden value $h$", ylim=(-1.05, 1.05))
    axes.tick_params(axis="x", length=0)
    if run["hidden"] > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    units = "one unit" if run["hidden"] == 1 else f"{run['hidden']} units"
    axes.set_title(f"An LSTM with {units}: the state flips at every 1 and stays at every 0")
    return figure


def of_study(path: Path) -> dict[str, Callable[[], Figure]]:
    """The figures of the study's pieces, as far as they have been trained."""
    there = pieces(path) if path.is_file() else {}
    shortest = "Leaving out the shortest strings"
    size = "How many units it takes"
    drawings = {
        "plateau": ("plateau", partial(plateau, path)),
        "two-approaches": ("approaches", partial(approaches, path, ("final",))),
        "study-approaches": ("approaches", partial(approaches, path, ("final", "every step"))),
        "study-lengths": ("approaches", partial(lengths, path)),
        "study-shortest": (
            "shortest",
            partial(until_solved, path, "shortest", "shortest", shortest, "shortest string"),
        ),
        "study-sizes": (
            "size",
            partial(until_solved, path, "size", "hidden", size, "hidden units"),
        ),
        "study-flip": ("size", partial(flip, path)),
    }
    return {name: drawing for name, (piece, drawing) in drawings.items() if piece in there}


def draw_study(path: Path) -> None:
    """Draw the study's figures: the handout's where the results are those of the handout."""
    draw(of_study(path), FIGURES if path == STUDY else path.parent / "figures")


if __name__ == "__main__":
    main(__doc__, of_study(STUDY))
