"""The figures of Part E, from what rnn_memory.py has left in results/.

    .venv/bin/python benchmarks/rnn_figures.py [NAME ...] [--png FOLDER]

Writes assignment/figures/*.svg, the same bytes every time, as handout_figures.py does. Each
network is the best of its row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from handout_figures import BLUE, GREEN, GREY, PALE, RED, main
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from measure import share_interval
from rnn import rnn_forward
from rnn_memory import LARGE_GRIDS, ROWS, SMALL_GRIDS, Run, best_run, chances, read_done, with_ten

COLOURS, STYLES = (BLUE, RED, GREEN, GREY), ("-", "--", "-.", ":")
KINDS = {  # how a variable's name begins: what it is, colour
    "cell": ("a cell", GREEN),
    "line": ("a row, column or diagonal", RED),
    "progress": ("a count", BLUE),
    "characters": ("a count", BLUE),
    "letters": ("a count", BLUE),
}
FLAG = ("a flag", GREY)
FOLLOWS = 0.8  # R² from which on a cell is said to have a neuron


def best(name: str) -> Run:
    """The best run of a row; the others have no weights."""
    run = best_run(read_done()[name])
    if run is None:
        raise SystemExit(f"No run of {name} yet: benchmarks/rnn_memory.py --only {name}")
    return run


def answers(name: str, tokens: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """What the best network of a row remembers and expects after every token."""
    network = {key: np.array(values) for key, values in best(name)["network"].items()}
    hidden, probabilities = rnn_forward(network, np.array([tokens]))
    return hidden[0], probabilities[0]


def over_tokens(axes: Axes, name: str, tokens: list[int], letters: str) -> None:
    """One line a neuron, with what it follows most; the tokens below, their ends in a pale band."""
    hidden, _ = answers(name, tokens)
    labels = best(name)["neurons"]
    steps = np.arange(len(tokens))
    for neuron, (values, (variable, share)) in enumerate(zip(hidden.T, labels, strict=True)):
        axes.plot(
            *(steps, values, STYLES[neuron]),
            color=COLOURS[neuron],
            marker="o",
            markersize=3.2,
            linewidth=1.3,
            label=f"neuron {neuron + 1} ({variable}, $R^2$ {share:.2f})",
        )
    for step in np.flatnonzero(np.array(tokens) == 0):
        axes.axvspan(step - 0.5, step + 0.5, color=PALE, linewidth=0)
    axes.set_xticks(steps, [letters[token] for token in tokens], fontsize=9)
    axes.tick_params(axis="x", length=0)
    axes.set(xlim=(-0.5, len(tokens) - 0.5), ylim=(-1.08, 1.08), ylabel="memory $h$")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=2)


def counting() -> Figure:
    """Printing with two neurons and with one."""
    figure, (above, below) = plt.subplots(2, figsize=(7.0, 5.2), gridspec_kw={"hspace": 0.55})
    tokens = [0]
    for digit in (3, 9, 1, 5):
        tokens += [digit, *[10] * digit, 0]
    for axes, name, title in (
        (above, "counting-2", "Two neurons print as many c as the digit says"),
        (below, "counting-1", "One neuron does it, too"),
    ):
        over_tokens(axes, name, tokens, "↵123456789c")
        axes.set_title(title)
    return figure


def reverse() -> Figure:
    """Counting up: the digit comes last."""
    figure, axes = plt.subplots(figsize=(7.0, 2.3))
    tokens = [0]
    for digit in (3, 9, 1, 5):
        tokens += [*[10] * digit, digit, 0]
    over_tokens(axes, "reverse-2", tokens, "↵123456789c")
    axes.set_title("In reverse: two neurons count up, and name the digit")
    return figure


def grammar() -> Figure:
    """Strings of the grammar with four neurons."""
    figure, axes = plt.subplots(figsize=(7.0, 2.8))
    tokens = [0]
    for n in (2, 6, 0, 4):
        tokens += [*[1] * n, 2, 1, *[2] * n, 0]
    over_tokens(axes, "grammar-4", tokens, "↵ab")
    axes.set_title("Four neurons write $a^n\\,ba\\,b^n$, here for n = 2, 6, 0 and 4")
    return figure


def heat() -> Figure:
    """Chances of the next move while the cells are filled in order."""
    figure, panels = plt.subplots(1, 3, figsize=(8.2, 3.5), sharey=True)
    board = list(range(10))
    optimum = chances(ROWS["fill-10"], np.array([board]))[0]
    _, five = answers("fill-5", board)
    _, ten = answers("fill-10", board)
    for axes, values, title in zip(
        panels, (five, ten, optimum), ("5 neurons", "10 neurons", "the optimum"), strict=True
    ):
        moves = np.roll(values, -1, axis=1)  # cells first, clearing last
        shades = axes.imshow(moves, cmap="cividis", norm=PowerNorm(0.5, 0, 1), aspect="auto")
        stairs = np.repeat(np.arange(10), 2)[1:] - 0.5  # left of it: cells that are filled
        axes.plot(stairs, np.repeat(np.arange(10), 2)[:-1] + 0.5, color="white", linewidth=1.6)
        illegal = values[optimum == 0].sum() / len(values)
        axes.set_title(f"{title}\nillegal: {100 * illegal:.1f}%")
        axes.set_xticks(range(10), [*map(str, range(1, 10)), "0"])
        axes.set_xlabel("next move; 0 clears")
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    panels[0].set_yticks(range(10), [str(filled) for filled in board])
    panels[0].set_ylabel("cells filled, 1, 2, 3 and so on")
    figure.colorbar(shades, ax=panels, label="chance", shrink=0.9, ticks=[0, 0.05, 0.2, 0.5, 1])
    return figure


def kind(variable: str) -> tuple[str, Any]:
    """What a variable is, and its colour."""
    return next((KINDS[start] for start in KINDS if variable.startswith(start)), FLAG)


def labels() -> Figure:
    """For every neuron, the variable that it follows most."""
    names = ("counting-2", "grammar-4", "fill-10", "fill-5", "three-20")
    figure, panels = plt.subplot_mosaic(
        [[*names[:1], "three-20"], *([name, "three-20"] for name in names[1:4])],
        figsize=(8.2, 6.2),
        height_ratios=[2, 4, 10, 5],
    )
    for name, axes in panels.items():
        neurons = sorted(best(name)["neurons"], key=lambda neuron: neuron[1])
        variables, shares = zip(*neurons, strict=True)
        axes.barh(range(len(neurons)), shares, color=[kind(v)[1] for v in variables], height=0.75)
        axes.set_yticks(range(len(neurons)), variables, fontsize=8.5)
        axes.set(xlim=(0, 1), xticks=[0, 0.5, 1], ylim=(-0.6, len(neurons) - 0.4))
        axes.tick_params(axis="y", length=0)
        axes.set_title(f"{ROWS[name].task}, {ROWS[name].hidden} neurons", loc="left")
    for name in ("fill-5", "three-20"):
        panels[name].set_xlabel("share of the neuron that it explains, $R^2$")
    entries = dict([*KINDS.values(), FLAG])
    figure.legend(
        handles=[Patch(color=colour, label=name) for name, colour in entries.items()],
        loc="outside upper center",
        ncols=len(entries),
    )
    figure.set_layout_engine("constrained")
    return figure


def cells_with_a_neuron(run: Run, cells: int) -> float:
    """The share of the cells that some neuron follows."""
    followed = {v for v, share in run["neurons"] if v.startswith("cell") and share >= FOLLOWS}
    return len(followed) / cells


def grids() -> Figure:
    """Fill on grids of other sizes: success, and how many cells have a neuron of their own."""
    done = read_done()
    every = SMALL_GRIDS + LARGE_GRIDS
    series = (
        ("ten neurons", [with_ten(n) for n in every], every, RED, "s"),
        ("one more than cells", [f"fill-{n + 1}-of-{n}" for n in LARGE_GRIDS], LARGE_GRIDS,
         BLUE, "o"),
    )  # fmt: skip
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.2, 3.2))
    for label, names, sizes, colour, marker in series:
        runs = [done[name] for name in names]
        exact = [sum(run["illegal_before_legal"] == 0 for run in each) for each in runs]
        shares = np.array([n / len(each) for n, each in zip(exact, runs, strict=True)])
        bounds = np.array([share_interval(n, len(r)) for n, r in zip(exact, runs, strict=True)]).T
        look = {"color": colour, "marker": marker, "linewidth": 1.2, "label": label}
        apart = np.array(sizes) + (0.1 if colour == BLUE else -0.1)
        left.errorbar(apart, shares, abs(bounds - shares), capsize=3, **look)
        found = [
            [cells_with_a_neuron(run, n) for run in r] for n, r in zip(sizes, runs, strict=True)
        ]
        right.plot(sizes, [np.mean(each) for each in found], **look)
    left.set(ylabel="networks without an illegal move")
    right.set(ylabel="cells with a neuron of their own")
    for axes in (left, right):
        axes.set(xlabel="cells of the grid", xticks=every, ylim=(-0.04, 1.04))
        axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    right.legend(loc="lower left")
    seeds = {len(done[name]) for _, names, *_ in series for name in names}
    left.set_title(f"Fill, {min(seeds)} seeds each (bars: 95% intervals)")
    right.set_title(f"$R^2$ of {FOLLOWS} or more, mean of all seeds")
    figure.tight_layout()
    return figure


DRAWINGS: dict[str, Callable[[], Figure]] = {
    "memory-counting": counting,
    "memory-reverse": reverse,
    "memory-grammar": grammar,
    "memory-heat": heat,
    "memory-labels": labels,
    "memory-grids": grids,
}


if __name__ == "__main__":
    main(__doc__, DRAWINGS)
