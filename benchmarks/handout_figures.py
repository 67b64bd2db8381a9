"""The figures of the handout, drawn by the reference solution.

    .venv/bin/python benchmarks/handout_figures.py [NAME ...] [--png FOLDER]

Writes assignment/figures/*.svg, the same bytes every time; with names, those alone. The
figures about seeds and training show what the benchmarks have left in results/.
`--png` writes pictures to look at beside them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")

import matplotlib.pyplot as plt
import measure
import numpy as np
from feature_engineering import add_interaction, closed_form
from linear_estimator import fit_linear, predict_linear, xor_data
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from xor_formula import probability, sign_approximation

FIGURES = measure.ROOT / "assignment" / "figures"
# Colours that differ for every eye (Okabe and Ito), and in lightness too.
BLUE, RED, GREEN, GREY, PALE = "#0072B2", "#D55E00", "#009E73", "#666666", "#F3E6C4"
STYLE = {
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "savefig.facecolor": "white",
    "savefig.bbox": "tight",
    "svg.hashsalt": "handout",
}
# Two tanh units whose lines are not parallel; between them lie the bits that differ.
TILTED = {
    "version": 1,
    "source": "made by hand",
    "zero": 0.0,
    "one": 1.0,
    "hidden_activation": "tanh",
    "output_activation": "sigmoid",
    "positive_means": "different",
    "hidden_weights": np.array([[4.0, 5.0], [-5.0, -4.0]]),
    "hidden_biases": np.array([-2.2, 6.6]),
    "output_weights": np.array([4.0, 4.0]),
    "output_bias": -4.0,
}
# The example of the handout, sections A.3 and A.4.
PARALLEL = TILTED | {
    "hidden_weights": np.array([[6.0, 6.0], [6.0, 6.0]]),
    "hidden_biases": np.array([-3.0, -9.0]),
    "output_weights": np.array([5.0, -5.0]),
    "output_bias": -5.0,
}


def mark_corners(axes: Axes) -> None:
    """The four pairs of bits: a filled disc where XOR is 1, an open one where it is 0."""
    corners, xor = xor_data()
    for label, colour in ((0, "white"), (1, BLUE)):
        chosen = corners[xor == label]
        axes.scatter(
            *chosen.T,
            s=90,
            facecolor=colour,
            edgecolor="black" if label == 0 else "white",
            linewidth=1.5,
            zorder=5,
            label=f"XOR is {label}",
        )


def plane_axes(axes: Axes, low: float, high: float) -> None:
    """Both bits on axes of equal scale."""
    axes.set(xlim=(low, high), ylim=(low, high), aspect="equal", xlabel="$A_1$", ylabel="$A_2$")
    axes.set(xticks=[0, 1], yticks=[0, 1])


def half_planes() -> Figure:
    """The lines of two tanh units, and the band between them."""
    low, high = -0.4, 1.4
    figure, axes = plt.subplots(figsize=(4.8, 4.4))
    ticks = np.linspace(low, high, 361)
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1)
    inside = sign_approximation(TILTED, grid.reshape(-1, 2)).reshape(grid.shape[:2])
    axes.contourf(ticks, ticks, inside, levels=[0.5, 1.5], colors=[PALE])
    for unit, (colour, at) in enumerate(((RED, -0.16), (GREEN, 1.16))):
        (w1, w2), b = TILTED["hidden_weights"][unit], TILTED["hidden_biases"][unit]
        axes.plot(ticks, -(w1 * ticks + b) / w2, color=colour, linewidth=2)
        for a1 in (at, 0.5):
            start = np.array([a1, -(w1 * a1 + b) / w2])
            arrow = {"arrowstyle": "-|>", "color": colour, "linewidth": 1.6}
            tip = start + 0.2 * np.array([w1, w2]) / np.hypot(w1, w2)
            axes.annotate("", tip, start, arrowprops=arrow)
    mark_corners(axes)
    plane_axes(axes, low, high)
    axes.text(-0.35, -0.3, "$4A_1 + 5A_2 - 2.2 = 0$", color=RED)
    axes.text(1.36, 1.26, "$-5A_1 - 4A_2 + 6.6 = 0$", color=GREEN, ha="right")
    axes.text(0.5, 0.5, "both units positive", ha="center", va="center", rotation=-45.0)
    axes.set_title("Two hidden units cut out a band; arrows point to their positive sides")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), handletextpad=0.2)
    return figure


def square_of_outputs() -> Figure:
    """A network's probability of XOR, from corner to corner."""
    figure, axes = plt.subplots(figsize=(5.2, 4.4))
    ticks = np.linspace(0.0, 1.0, 20)
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1)
    chances = probability(PARALLEL, grid.reshape(-1, 2)).reshape(grid.shape[:2])
    shades = axes.pcolormesh(ticks, ticks, chances, cmap="cividis", vmin=0, vmax=1)
    corners, _ = xor_data()
    for (a1, a2), chance in zip(corners, probability(PARALLEL, corners), strict=True):
        axes.annotate(
            f"{chance:.3f}",
            (a1, a2),
            (22 if a1 == 0 else -22, 18 if a2 == 0 else -18),
            textcoords="offset points",
            ha="center",
            va="center",
            bbox={"boxstyle": "round", "facecolor": "white", "edgecolor": "none"},
        )
    mark_corners(axes)
    plane_axes(axes, -0.08, 1.08)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    figure.colorbar(shades, label="probability that XOR is 1", shrink=0.86)
    axes.set_title("The network's answer on 20 × 20 points")
    return figure


def linear_loss() -> Figure:
    """Every start ends at the same loss, and it is not zero."""
    figure, axes = plt.subplots(figsize=(5.6, 3.4))
    X, y = xor_data()
    for seed in range(8):
        *_, losses = fit_linear(X, y, seed=seed)
        axes.plot(np.arange(1, len(losses) + 1), losses, color=BLUE, alpha=0.6, linewidth=1.2)
    axes.axhline(0.25, color=RED, linestyle="--", linewidth=1.4)
    axes.text(1.1, 0.21, "0.25: no plane does better", color=RED, va="top")
    axes.set(xscale="log", yscale="log", xlim=(1, 2000), ylim=(0.14, None))
    axes.set(xlabel="step", ylabel="mean squared error")
    axes.set_yticks([0.2, 0.5, 1, 2, 5], ["0.2", "0.5", "1", "2", "5"])
    axes.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    axes.minorticks_off()
    axes.set_title("A linear model on XOR: eight seeds, rate 0.1")
    return figure


def solid_axes(figure: Figure, height: str, lowest: float) -> Any:
    """A cube to draw in, with the two bits on its floor."""
    axes = figure.add_subplot(projection="3d", computed_zorder=False)
    axes.set(xticks=[0, 1], yticks=[0, 1], zticks=[0, 0.5, 1])
    axes.set(xlabel="$A_1$", ylabel="$A_2$", xlim=(0, 1), ylim=(0, 1), zlim=(lowest, 1.05))
    axes.set_zlabel(height)
    axes.view_init(elev=16, azim=-62)
    axes.set_box_aspect((1, 1, 0.85), zoom=0.9)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.pane.set_facecolor("white")
        axis.pane.set_edgecolor("#BBBBBB")
    axes.grid(False)
    return axes


def plane_and_corners(axes: Any, plane: np.ndarray, heights: np.ndarray) -> None:
    """A plane over the four corners, a point above or below it at each, and sticks between."""
    corners, xor = xor_data()

    def stick(k: int, order: int) -> None:
        (a1, a2), ends = corners[k], [plane[k], heights[k]]
        axes.plot([a1, a1], [a2, a2], ends, color=RED, linewidth=2.2, zorder=order)

    for k in np.flatnonzero(heights < plane):
        stick(k, 1)
    a1, a2, z = (column.reshape(2, 2) for column in (*corners.T, plane))
    axes.plot_surface(a1, a2, z, color=PALE, edgecolor=GREY, alpha=0.7, shade=False, zorder=2)
    for k in np.flatnonzero(heights > plane):
        stick(k, 3)
    for label, colour, edge in ((0, "white", "black"), (1, BLUE, "white")):
        look = {"s": 80, "facecolor": colour, "edgecolor": edge, "linewidth": 1.5}
        for side, order in ((heights < plane, 1), (heights > plane, 5)):
            points = np.column_stack([corners, heights])[(xor == label) & side]
            axes.scatter(*points.T, **look, depthshade=False, zorder=order)
        axes.scatter([], [], [], **look, label=f"XOR is {label}")


def title_and_legend(axes: Any, title: str, sticks: str) -> None:
    """Close to the cube, which leaves much empty space around itself."""
    axes.set_title(title, y=0.93)
    axes.plot([], [], color=RED, linewidth=2.2, label=sticks)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0.04), ncols=3, handletextpad=0.3)


def linear_plane() -> Figure:
    """The plane of least error over the square: level, and one half away from every corner."""
    figure = plt.figure(figsize=(5.2, 4.4))
    axes = solid_axes(figure, "XOR, and $Z$", lowest=-0.05)
    corners, xor = xor_data()
    weights, bias, _ = fit_linear(corners, xor)
    plane_and_corners(axes, predict_linear(corners, weights, bias), xor)
    axes.text(0.5, 0.5, 0.5, "$Z = 0.5$", ha="center", va="center", zorder=6)
    title_and_legend(axes, "The best plane over XOR misses every corner by 0.5", "residual")
    return figure


def interaction() -> Figure:
    """The product lifts one corner, and a plane passes between the labels."""
    figure = plt.figure(figsize=(5.2, 4.4))
    axes = solid_axes(figure, "$A_1 A_2$", lowest=-0.3)
    corners, xor = xor_data()
    lifted = add_interaction(corners)
    weights, bias = closed_form(lifted, xor)
    # Where the estimate is one half, solved for the third coordinate.
    plane = (0.5 - bias - corners @ weights[:2]) / weights[2]
    plane_and_corners(axes, plane, lifted[:, 2])
    title = (
        "With the product as a third coordinate,\nthe plane $A_1 + A_2 - 2A_1A_2 = 0.5$ separates"
    )
    title_and_legend(axes, title, "to the plane")
    return figure


def relu_seeds() -> Figure:
    """More hidden units, fewer stuck runs, unless the steps are too long for them."""
    found = measure.load("relu_seeds")
    figure, axes = plt.subplots(figsize=(5.6, 3.6))
    sizes = sorted({row["hidden"] for row in found["counts"]})
    for rate, colour, marker, shift in ((0.1, RED, "s", -0.08), (0.03, BLUE, "o", 0.08)):
        rows = [row for row in found["counts"] if row["rate"] == rate]
        places = [sizes.index(row["hidden"]) + shift for row in rows]
        shares = np.array([row["solved"] / found["seeds"] for row in rows])
        errors = [
            shares - [row["low"] for row in rows],
            [row["high"] for row in rows] - shares,
        ]
        look = {"fmt": f"-{marker}", "color": colour, "capsize": 4, "linewidth": 1.2}
        axes.errorbar(places, shares, errors, **look, label=f"rate {rate}")
    axes.set_xticks(range(len(sizes)), [str(size) for size in sizes])
    axes.set(xlim=(-0.4, 4.4), ylim=(0, 1.05), xlabel="hidden units", ylabel="runs that learn XOR")
    axes.yaxis.set_major_formatter(mpl.ticker.PercentFormatter(1.0))
    axes.legend(loc="lower right")
    axes.set_title(
        f"ReLU networks after {found['steps']} steps, {found['seeds']} seeds each\n"
        "(bars: 95% intervals)"
    )
    return figure


DRAWINGS: dict[str, Callable[[], Figure]] = {
    "half-planes": half_planes,
    "square-of-outputs": square_of_outputs,
    "linear-loss": linear_loss,
    "linear-plane": linear_plane,
    "relu-seeds": relu_seeds,
    "interaction": interaction,
}


def draw(
    drawings: Mapping[str, Callable[[], Figure]], folder: Path, png: Path | None = None
) -> None:
    """Write each drawing into a folder as NAME.svg, and as a picture to look at beside it."""
    mpl.rcParams.update(STYLE)
    folder.mkdir(parents=True, exist_ok=True)
    for name, drawing in drawings.items():
        figure = drawing()
        figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
        if png:
            figure.savefig(png / f"{name}.png", dpi=110)
        plt.close(figure)
        print(folder / f"{name}.svg")


def main(description: str | None, drawings: Mapping[str, Callable[[], Figure]]) -> None:
    """Draw the figures that are asked for."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(drawings))
    parser.add_argument("--png", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    draw({name: drawings[name] for name in options.names or drawings}, FIGURES, options.png)


if __name__ == "__main__":
    main(__doc__, DRAWINGS)
