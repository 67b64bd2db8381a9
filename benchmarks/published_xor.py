"""Rows of the table of published pieces: the browser sketch and the XOR tutorial."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

import measure

Found = dict[str, Any]
Row = tuple[str, str, str, str]
"""What, claimed, their way, ours."""


def solved(epochs: Sequence[int | None]) -> str:
    """How many runs got there, and after how many epochs."""
    there = [n for n in epochs if n is not None]
    after = f", median {median(there):.0f} epochs, most {max(there)}" if there else ""
    return f"{len(there)} of {len(epochs)}{after}"


def browser_sketch() -> list[Row]:
    """Sixteen units that are trained before one's eyes."""
    found = measure.load("xor_pieces")
    theirs, ours = found["sketch"], found["playground"]["sketch"]
    return [
        (
            "XOR by 16 sigmoid units, squared error, Adam at 0.2: every output within 0.1",
            "shown; no number",
            solved(theirs["epochs"]),
            solved(ours["epochs"]),
        ),
        (
            "one epoch a frame, and 400 cells with their numbers: "
            "CPU-milliseconds, drawing left out",
            "shown; no number",
            f"{theirs['milliseconds']:.2g}",
            f"{ours['milliseconds']:.2g}",
        ),
    ]


def tutorial() -> list[Row]:
    """XOR from a playground to a formula, a linear estimator and one with a product."""
    found = measure.load("xor_pieces")
    return [*recorded_networks(found), *estimators(found["linear"])]


def recorded_networks(found: Found) -> list[Row]:
    """What a playground's network is, and what its numbers are in the formula."""
    theirs = {run["hidden"]: run for run in found["tensorflow_playground"]}
    ours = found["playground"]
    four = theirs[4]
    return [
        (
            "a tiny network in a playground (ours: every output within 0.1)",
            "accuracy over 0.95",
            "; ".join(f"{units} units: {passed(theirs[units])}" for units in (2, 3, 4)),
            f"2 units: {solved(ours['luck']['epochs'])}; "
            f"4 units: {solved(ours['tutorial']['epochs'])}",
        ),
        (
            "its recorded numbers, in the formula, are XOR on the four rows",
            "yes",
            f"4 units: {four['xor_as_recorded']} of {four['passed']}, fed 0 and 1",
            f"4 units: {four['xor_changed']} of {four['passed']}, fed −3 and 3, inverted",
        ),
        (
            "the lines of its two units are perpendicular",
            "90°",
            "see above: 2 units do not get there",
            spread(ours["luck"]["angles"]),
        ),
    ]


def passed(run: Found) -> str:
    """How many networks of one size passed, or how near the best of them came."""
    if not run["epochs"]:
        return f"0 of {run['seeds']}, best accuracy {run['best']}"
    return solved(run["epochs"] + [None] * (run["seeds"] - run["passed"]))


def spread(degrees: Sequence[float]) -> str:
    """Angles in words."""
    low, middle, high = min(degrees), median(degrees), max(degrees)
    return f"median {middle:.0f}°, from {low:.0f}° to {high:.0f}°"


def estimators(linear: Found) -> list[Row]:
    """Linear, with a layer more, and with the product."""
    seeds, accuracy = linear["seeds"], linear["accuracy"]
    return [
        (
            "linear estimator, 2000 steps at 0.1",
            "does not reach XOR; no number",
            f"{seeds} seeds: error {linear['mse'][1]:.4f}, "
            f"all answers within {linear['most_from_half']:.0e} of 0.5",
            "in closed form: no plane has an error under 0.25 (C.3)",
        ),
        (
            "its accuracy on 200 random points",
            "asked; no number",
            f"from {accuracy[0]:.2f} to {accuracy[-1]:.2f}: rounding decides",
            "the constant 0.5, and the error",
        ),
        (
            "two layers and a ReLU (`relu_seeds.py`)",
            "asked; no number",
            relu(2, 0.1),
            relu(16, 0.03),
        ),
        (
            "linear, with the product as third input",
            "accuracy 1",
            f"accuracy 1 with {linear['lifted_right']} of {seeds} seeds; "
            f"at most {linear['lifted_most_off']:.0e} off (1, 1, −2, 0)",
            f"in closed form at once, {linear['closed_form_most_off']:.0e} off",
        ),
    ]


def relu(hidden: int, rate: float) -> str:
    """One row of the ReLU counts."""
    found = measure.load("relu_seeds")
    (row,) = [r for r in found["counts"] if (r["hidden"], r["rate"]) == (hidden, rate)]
    return f"{row['solved']} of {found['seeds']} with {hidden} units at {rate}"
