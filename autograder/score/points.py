"""Arithmetic of points, exact to the hundredth, and what it means in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from ..model import Level, Verdict

CENT = Decimal("0.01")
WAITING = "Waits for a person."


def split(points: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """Share points out by weight, to the hundredth, so that they sum to the whole."""
    total = sum(weights)
    exact = [points * weight / total for weight in weights]
    shares = [value.quantize(CENT, ROUND_FLOOR) for value in exact]
    missing = int((points - sum(shares)) / CENT)
    by_remainder = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for index in by_remainder[:missing]:
        shares[index] += CENT
    return shares


def level_of(points: Decimal, possible: Decimal, thresholds: dict[Level, int]) -> Level:
    """The highest level whose percentage is reached."""
    percent = 100 * points / possible if possible else Decimal(0)
    return [level for level in Level if percent >= thresholds[level]][-1]


def verdict_of(measured: Decimal, possible: Decimal) -> Verdict:
    """Fail for nothing, pass for everything, partial between."""
    if measured == 0:
        return Verdict.FAIL
    return Verdict.PASS if measured == possible else Verdict.PARTIAL


def scaled_note(share: Decimal) -> str:
    """Why evidence earns less than it could; empty where all of the work runs."""
    if share == 1:
        return ""
    return f"Counts by the share of the work that runs: {int(100 * share)}%."


def cents(value: Decimal) -> Decimal:
    """Points to the hundredth, halves upwards."""
    return value.quantize(CENT, ROUND_HALF_UP)
