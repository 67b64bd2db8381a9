"""Relations between what came and what is right, as symptoms look for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .compare import Raised, parts_of, same
from .declare import Given, Seen
from .symptoms import CLOSE, Tells, close, flat_pair, related

SMALL = 0.03
"""Relative differences below it are small ones."""


def raises(got: Any, right: Any) -> bool:
    """An error in the place of a result."""
    return isinstance(got, Raised) and not isinstance(right, Raised)


def accepts(got: Any, right: Any) -> bool:
    """A result in the place of an error."""
    return isinstance(right, Raised) and not isinstance(got, Raised)


def other_error(got: Any, right: Any) -> bool:
    """An error in the place of another one."""
    return isinstance(right, Raised) and isinstance(got, Raised)


def other_number_of_parts(got: Any, right: Any) -> bool:
    """More or fewer results than are due."""
    ours = parts_of(right) if isinstance(right, tuple) else None
    theirs = parts_of(got)
    return (
        ours is not None
        and not isinstance(got, Raised)
        and (theirs is None or len(theirs) != len(ours))
    )


def parts_turned_round(got: Any, right: Any) -> bool:
    """The right results from the last to the first."""
    theirs = parts_of(got)
    return isinstance(right, tuple) and theirs is not None and same(theirs[::-1], right, CLOSE)


def other_shape_alone(got: Any, right: Any) -> bool:
    """The right numbers in another shape."""
    shapes = np.shape(got), np.shape(right)
    return shapes[0] != shapes[1] and same(got, right, CLOSE, loose=True)


def other_kind_alone(got: Any, right: Any) -> bool:
    """The right values of another kind."""
    return same(got, right, CLOSE, loose=True)


def other_order(got: np.ndarray, right: np.ndarray) -> bool:
    """The right numbers in another order."""
    return close(np.sort(got), np.sort(right))


def fewer(got: Any, right: Any) -> bool:
    """Fewer numbers than are due, but some."""
    return 0 < np.size(got) < np.size(right)


def more(got: Any, right: Any) -> bool:
    """More numbers than are due."""
    return np.size(got) > np.size(right)


def in_proportion(got: np.ndarray, right: np.ndarray) -> bool:
    """The right numbers times one factor."""
    largest = np.argmax(np.abs(right))
    return bool(right[largest]) and close(got, right * (got[largest] / right[largest]))


def apart_by_one_number(got: np.ndarray, right: np.ndarray) -> bool:
    """The right numbers plus one number."""
    return close(got - right, np.full(len(got), got[0] - right[0]))


def nearly(got: np.ndarray, right: np.ndarray) -> bool:
    """The right numbers but for a few percent."""
    return bool(
        np.all(np.abs(got - right) <= SMALL * np.maximum(np.abs(right), np.abs(got)) + 1e-3)
    )


def constant(relation: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Tells:
    """A number that follows from each result and is the same for all."""

    def tells(seen: Sequence[Seen]) -> bool:
        pairs = [flat_pair(one) for one in seen]
        if len(pairs) < 2 or any(pair is None for pair in pairs):
            return False
        values = np.concatenate([relation(*pair) for pair in pairs if pair is not None])
        values = values[np.isfinite(values)]
        return len(values) > 1 and close(values, np.full(len(values), values[0]))

    return tells


def factors(got: np.ndarray, right: np.ndarray) -> np.ndarray:
    """By how much numbers are too large; NaN where both are zero."""
    with np.errstate(all="ignore"):
        return np.where((right == 0.0) & (np.abs(got) < CLOSE), np.nan, got / right)


def of_several(tells: Tells) -> Tells:
    """A symptom that says something only of results with more than one number."""

    def of_them(seen: Sequence[Seen]) -> bool:
        pairs = [flat_pair(one) for one in seen]
        several = [
            one
            for one, pair in zip(seen, pairs, strict=True)
            if not one.wrong or pair is None or len(pair[0]) > 1
        ]
        return any(one.wrong for one in several) and tells(several)

    return of_them


def never_changes(seen: Sequence[Seen]) -> bool:
    """The same comes on every trial, where different things are due."""
    distinct = {repr(one.right) for one in seen}
    return len(distinct) > 2 and all(same(one.got, seen[0].got, CLOSE) for one in seen)


def place_wrong(place: Callable[[int], int]) -> Tells:
    """In each wrong result, which has two numbers or more, just one place is wrong."""

    def relation(got: np.ndarray, right: np.ndarray) -> bool:
        differs = np.flatnonzero(np.abs(got - right) > CLOSE * (1 + np.abs(right)))
        return len(right) > 1 and differs.tolist() == [place(len(right))]

    return related(relation)


def lengths(one: Given) -> list[int]:
    """How many rows the arrays of an input have."""
    return [len(v) for v in one.values() if isinstance(v, (list, np.ndarray)) and np.ndim(v)]
