"""From numbers to the geometry of a picture; the templates make SVG of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

WIDTH, HEIGHT = 340, 220
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 26, 40
SHADES = 25
"""So many steps from light to dark can be told apart."""
LARGEST = 1e9
"""Beyond it, a picture says nothing any more."""
MOST_DOTS = 12
"""A curve of so many points shows each of them."""


@dataclass(frozen=True)
class Tick:
    """A number at an axis; `at` is its place along it."""

    at: float
    label: str


@dataclass(frozen=True)
class Shade:
    """All squares of a surface that are as dark; `share` from 0 to 1."""

    share: float
    path: str


@dataclass(frozen=True)
class Drawing:
    """One panel: a line or a surface, with its axes.

    Attributes:
        line: points of a polyline.
        says: the picture in words.
    """

    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    says: str
    line: str = ""
    dots: tuple[tuple[float, float], ...] = ()
    shades: tuple[Shade, ...] = ()


class Undrawable(Exception):
    """Numbers that are no picture of the declared kind."""


def draw(kind: Literal["curve", "surface"], own: Any, expected: Any) -> tuple[Drawing, Drawing]:
    """Two panels on the same scales.

    Args:
        own: of a curve n numbers, or x and y in rows, shape (2, n); of a surface (n, n)
            shares from 0 to 1, the first row lowest.

    Raises:
        Undrawable: an array has another shape.
    """
    arrays = [_array(kind, values) for values in (own, expected)]
    if kind == "surface":
        first, second = (_surface(values) for values in arrays)
    else:
        low, high = _limits(np.hstack(arrays))
        first, second = (_curve(values, low, high) for values in arrays)
    return first, second


def _array(kind: str, values: Any) -> np.ndarray:
    """Numbers as an array of two axes."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise Undrawable from None
    if kind == "curve" and array.ndim == 1:
        array = np.vstack([np.arange(1, len(array) + 1), array])
    if array.ndim != 2 or array.size == 0 or not np.all(np.abs(array) <= LARGEST):  # NaN is not
        raise Undrawable
    if len(array) != (array.shape[1] if kind == "surface" else 2):
        raise Undrawable
    return array


def _limits(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest x and y; zero is in sight unless it is far away."""
    low, high = points.min(axis=1), points.max(axis=1)
    if 0 < low[1] < 0.5 * high[1]:
        low[1] = 0.0
    flat = high - low == 0
    return low - 0.5 * flat, high + 0.5 * flat


def _curve(points: np.ndarray, low: np.ndarray, high: np.ndarray) -> Drawing:
    def x_at(value: float) -> float:
        return round(
            float(LEFT + (value - low[0]) / (high[0] - low[0]) * (WIDTH - LEFT - RIGHT)), 1
        )

    def y_at(value: float) -> float:
        share = float((value - low[1]) / (high[1] - low[1]))
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)

    places = [(x_at(x), y_at(y)) for x, y in points.T.tolist()]
    ys = points[1]
    return Drawing(
        x_ticks=tuple(Tick(x_at(v), f"{v:g}") for v in ticks(low[0], high[0])),
        y_ticks=tuple(Tick(y_at(v), f"{v:g}") for v in ticks(low[1], high[1])),
        says=f"from {ys[0]:.3g} to {ys[-1]:.3g}; lowest {ys.min():.3g}, highest {ys.max():.3g}",
        line=" ".join(f"{x:g},{y:g}" for x, y in places),
        dots=tuple(places) if len(places) <= MOST_DOTS else (),
    )


def _surface(values: np.ndarray) -> Drawing:
    size = (HEIGHT - BOTTOM - TOP) / len(values)
    side = size * len(values)
    levels = (np.clip(values, 0, 1) * SHADES).round().astype(int)
    paths: dict[int, str] = {}
    for (row, column), level in np.ndenumerate(levels):
        place = f"M{LEFT + column * size:.1f} {TOP + side - (row + 1) * size:.1f}"
        square = f"{place}h{size:.1f}v{size:.1f}h{-size:.1f}z"
        paths[int(level)] = paths.get(int(level), "") + square
    corners = [values[0, 0], values[0, -1], values[-1, 0], values[-1, -1]]
    return Drawing(
        x_ticks=tuple(Tick(LEFT + share * side, f"{share:g}") for share in (0, 0.5, 1)),
        y_ticks=tuple(Tick(TOP + side - share * side, f"{share:g}") for share in (0, 0.5, 1)),
        says="at (0, 0) {:.2f}, at (1, 0) {:.2f}, at (0, 1) {:.2f}, at (1, 1) {:.2f}".format(
            *corners
        ),
        shades=tuple(Shade(level / SHADES, paths[level]) for level in sorted(paths) if level),
    )


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers between two others, `most` at the most."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((power * factor for factor in (1, 2, 5) if power * factor >= rough), 10 * power)
    first = math.ceil(low / step - 1e-9)
    return [round(n * step, 10) for n in range(first, math.floor(high / step + 1e-9) + 1)]
