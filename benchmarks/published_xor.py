"""Rows of the table of published pieces: the browser sketch and the XOR tutorial."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Any

import measure

Found = dict[str, Any]
NOT_MEASURED = "not measured"


def cell(name: str, write: Callable[[Found], str]) -> str:
    """A cell written from results/NAME.json, if that is there."""
    try:
        found = measure.load(name)
    except FileNotFoundError:
        return NOT_MEASURED
    return write(found)


def solved(epochs: Sequence[int | None], unit: str = "epochs") -> str:
    """How many runs got there, and after how many epochs."""
    there = [n for n in epochs if n is not None]
    after = f", median {median(there):.0f} {unit}, most {max(there)}" if there else ""
    return f"{len(there)} of {len(epochs)}{after}"


def browser_sketch() -> Iterator[tuple[str, ...]]:
    """Sixteen units that are trained before one's eyes."""

    def both(write: Callable[[Found], str]) -> tuple[str, str]:
        return (
            cell("xor_pieces", lambda found: write(found["sketch"])),
            cell("xor_pieces", lambda found: write(found["playground"]["sketch"])),
        )

    yield (
        "XOR by 16 sigmoid units, squared error, Adam at 0.2: every output within 0.1",
        "shown; no number",
        *both(lambda runs: solved(runs["epochs"])),
    )
    yield (
        "one epoch a frame, and 400 cells with their numbers: CPU-milliseconds, drawing left out",
        "shown; no number",
        *both(lambda runs: f"{runs['milliseconds']:.2g}"),
    )


def tutorial() -> Iterator[tuple[str, ...]]:
    """XOR from a playground to a formula, a linear estimator and one with a product."""

    def theirs(units: int, write: Callable[[Found], str]) -> str:
        def of_playground(found: Found) -> str:
            runs = {run["hidden"]: run for run in found["tensorflow_playground"]}
            return f"{units} units: {write(runs[units])}"

        return cell("xor_pieces", of_playground)

    def passed(run: Found) -> str:
        if not run["epochs"]:
            return f"0 of {run['seeds']}, best accuracy {run['best']}"
        return solved(run["epochs"] + [None] * (run["seeds"] - run["passed"]))

    def spread(degrees: list[float]) -> str:
        low, middle, high = min(degrees), median(degrees), max(degrees)
        return f"median {middle:.0f}°, from {low:.0f}° to {high:.0f}°"

    yield (
        "a tiny network in a playground (ours: every output within 0.1)",
        "accuracy over 0.95",
        "; ".join(theirs(units, passed) for units in (2, 3, 4)),
        cell(
            "xor_pieces",
            lambda found: "; ".join(
                f"{units} units: {solved(found['playground'][preset]['epochs'])}"
                for units, preset in ((2, "luck"), (4, "tutorial"))
            ),
        ),
    )
    yield (
        "its recorded numbers, in the formula, are XOR on the four rows",
        "yes",
        theirs(4, lambda run: f"{run['xor_as_recorded']} of {run['passed']}, fed 0 and 1"),
        theirs(4, lambda run: f"{run['xor_changed']} of {run['passed']}, fed −3 and 3, inverted"),
    )
    yield (
        "the lines of its two units are perpendicular",
        "90°",
        "see above: 2 units do not get there",
        cell("xor_pieces", lambda found: spread(found["playground"]["luck"]["angles"])),
    )
    yield (
        "linear estimator, 2000 steps at 0.1",
        "does not reach XOR; no number",
        cell(
            "xor_pieces",
            lambda found: (
                f"{found['linear']['seeds']} seeds: error {found['linear']['mse'][1]:.4f}, "
                f"all answers within {found['linear']['most_from_half']:.0e} of 0.5"
            ),
        ),
        "in closed form: no plane has an error under 0.25 (C.3)",
    )
    yield (
        "its accuracy on 200 random points",
        "asked; no number",
        cell(
            "xor_pieces",
            lambda found: (
                f"from {found['linear']['accuracy'][0]:.2f} to "
                f"{found['linear']['accuracy'][-1]:.2f}: rounding decides"
            ),
        ),
        "the constant 0.5, and the error",
    )
    yield (
        "two layers and a ReLU (`relu_seeds.py`)",
        "asked; no number",
        cell("relu_seeds", lambda found: relu(found, 2, 0.1)),
        cell("relu_seeds", lambda found: relu(found, 16, 0.03)),
    )
    yield (
        "linear, with the product as third input",
        "accuracy 1",
        cell(
            "xor_pieces",
            lambda found: (
                f"accuracy 1 with {found['linear']['lifted_right']} of "
                f"{found['linear']['seeds']} seeds; at most "
                f"{found['linear']['lifted_most_off']:.0e} off (1, 1, −2, 0)"
            ),
        ),
        cell(
            "xor_pieces",
            lambda found: (
                f"in closed form at once, {found['linear']['closed_form_most_off']:.0e} off"
            ),
        ),
    )


def relu(found: Found, hidden: int, rate: float) -> str:
    """One row of the ReLU counts."""
    (row,) = [r for r in found["counts"] if (r["hidden"], r["rate"]) == (hidden, rate)]
    return f"{row['solved']} of {found['seeds']} with {hidden} units at {rate}"
