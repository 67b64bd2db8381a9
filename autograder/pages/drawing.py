"""From numbers to the geometry of a picture; the templates make SVG of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

WIDTH, HEIGHT = 340, 220
LEFT, RIGHT, TOP, BOTTOM = 46, 18, 26, 40
SHADES = 25
"""So many steps from light to dark can be told apart."""
NEAR = 0.02
"""A tick may stand so far beyond an axis, in steps between ticks: nobody sees it."""
LARGEST = 1e9
"""Beyond it, a picture says nothing any more."""
MOST_DOTS = 16
"""A line of so many points shows each of them."""


@dataclass(frozen=True)
class Tick:
    """A label at an axis; `at` is its place along it."""

    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """One line of a curve, as the points of a polyline; few points are dots as well."""

    points: str
    dots: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Shade:
    """All squares of a surface that are as dark; `share` from 0 to 1."""

    share: float
    path: str


@dataclass(frozen=True)
class Drawing:
    """One panel: lines or a surface, with its axes.

    Attributes:
        says: the picture in words.
        aloud: the same for those who cannot see it; every value, where its place has a label.
    """

    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    says: str
    aloud: str
    lines: tuple[Line, ...] = ()
    shades: tuple[Shade, ...] = ()


class Undrawable(Exception):
    """Numbers that are no picture of the declared kind."""


def draw(
    kind: Literal["curve", "surface"],
    own: Any,
    expected: Any,
    *,
    lines: Sequence[str] = (),
    ticks: Sequence[str] = (),
) -> tuple[Drawing, Drawing]:
    """Two panels on the same scales.

    Args:
        own: of a curve n numbers, or a row x and a row y for each line, shape (1 + lines, n);
            of a surface (n, n) shares from 0 to 1, the first row lowest.
        lines: what each line of a curve is called, where there are several.
        ticks: what stands at the places 1, 2, ... of x, one for each of the n.

    Raises:
        Undrawable: an array has another shape.
    """
    arrays = [_array(kind, values, max(1, len(lines))) for values in (own, expected)]
    if kind == "surface":
        first, second = (_surface(values) for values in arrays)
        return first, second
    if ticks and any(len(ticks) != values.shape[1] for values in arrays):
        raise Undrawable
    low, high = _limits(np.hstack(arrays))
    first, second = (_curve(values, low, high, lines, ticks) for values in arrays)
    return first, second


def _array(kind: str, values: Any, lines: int) -> np.ndarray:
    """Numbers as an array of two axes."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise Undrawable from None
    if kind == "curve" and array.ndim == 1:
        array = np.vstack([np.arange(1, len(array) + 1), array])
    if array.ndim != 2 or array.size == 0 or not np.all(np.abs(array) <= LARGEST):  # NaN is not
        raise Undrawable
    if len(array) != (array.shape[1] if kind == "surface" else 1 + lines):
        raise Undrawable
    return array + 0.0  # no -0


def _limits(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest x and y; zero is in sight unless it is far away."""
    low, high = (np.array([end(points[0]), end(points[1:])]) for end in (np.min, np.max))
    if 0 < low[1] < 0.5 * high[1]:
        low[1] = 0.0
    if low[1] == high[1]:
        low[1], high[1] = min(low[1], 0.0), max(high[1], 0.0)
    flat = high - low == 0
    return low - 0.5 * flat, high + 0.5 * flat


def _curve(
    points: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    names: Sequence[str],
    labels: Sequence[str],
) -> Drawing:
    def x_at(value: float) -> float:
        return round(
            float(LEFT + (value - low[0]) / (high[0] - low[0]) * (WIDTH - LEFT - RIGHT)), 1
        )

    def y_at(value: float) -> float:
        share = float((value - low[1]) / (high[1] - low[1]))
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)

    x, *rows = points
    at = [(v, f"{v:g}") for v in ticks(low[0], high[0])]
    at = [(float(place), label) for place, label in enumerate(labels, 1)] or at
    places = [[(x_at(a), y_at(b)) for a, b in zip(x, ys, strict=True)] for ys in rows]
    return Drawing(
        x_ticks=tuple(Tick(x_at(place), label) for place, label in at),
        y_ticks=tuple(Tick(y_at(v), f"{v:g}") for v in ticks(low[1], high[1])),
        says=_in_words(rows, names),
        aloud=_aloud(rows, names, labels) if labels else _in_words(rows, names),
        lines=tuple(_line(line) for line in places),
    )


def _line(places: list[tuple[float, float]]) -> Line:
    dots = tuple(places) if len(places) <= MOST_DOTS else ()
    return Line(" ".join(f"{x:g},{y:g}" for x, y in places), dots)


def _in_words(rows: list[np.ndarray], names: Sequence[str]) -> str:
    """From where to where each line goes; of a single one, how low and how high as well."""
    ways = [f"from {ys[0]:.3g} to {ys[-1]:.3g}" for ys in rows]
    if names:
        return ", ".join(f"{name} {way}" for name, way in zip(names, ways, strict=True))
    return f"{ways[0]}; lowest {rows[0].min():.3g}, highest {rows[0].max():.3g}"


def _aloud(rows: list[np.ndarray], names: Sequence[str], labels: Sequence[str]) -> str:
    """Every value after the label of its place, line by line."""
    values = [
        ", ".join(f"{label}: {value:.2g}" for label, value in zip(labels, ys, strict=True))
        for ys in rows
    ]
    if not names:
        return values[0]
    return "; ".join(f"{name} {row}" for name, row in zip(names, values, strict=True))


def _surface(values: np.ndarray) -> Drawing:
    side = HEIGHT - BOTTOM - TOP
    xs = [f"{step:.1f}" for step in np.linspace(0, side, len(values) + 1) + LEFT]
    ys = [f"{step:.1f}" for step in np.linspace(side, 0, len(values) + 1) + TOP]
    levels = (np.clip(values, 0, 1) * SHADES).round().astype(int)
    paths: dict[int, str] = {}
    for (row, column), level in np.ndenumerate(levels):
        square = f"M{xs[column]} {ys[row]}H{xs[column + 1]}V{ys[row + 1]}H{xs[column]}z"
        paths[int(level)] = paths.get(int(level), "") + square
    corners = [values[0, 0], values[0, -1], values[-1, 0], values[-1, -1]]
    says = "at (0, 0) {:.2f}, at (1, 0) {:.2f}, at (0, 1) {:.2f}, at (1, 1) {:.2f}".format(*corners)
    return Drawing(
        x_ticks=tuple(Tick(LEFT + share * side, f"{share:g}") for share in (0, 0.5, 1)),
        y_ticks=tuple(Tick(TOP + side - share * side, f"{share:g}") for share in (0, 0.5, 1)),
        says=says,
        aloud=says,
        shades=tuple(Shade(level / SHADES, paths[level]) for level in sorted(paths) if level),
    )


def ticks(low: float, high: float) -> list[float]:
    """Round numbers between two others, about five of them."""
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((power * factor for factor in (1, 2, 5) if power * factor >= rough), 10 * power)
    first = math.ceil(low / step - NEAR)
    return [round(n * step, 10) for n in range(first, math.floor(high / step + NEAR) + 1)]
