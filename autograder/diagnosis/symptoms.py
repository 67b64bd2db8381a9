"""Parts of symptoms: what all wrong results of a function have in common.

Each gives a function that says of a function's trials whether they look so. A bundle gives
them to `symptom`; `general` makes those of them that fit every function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from .compare import numbers_of, parts_of, same
from .declare import Given, Seen

Tells: TypeAlias = Callable[[Sequence[Seen]], bool]
Pair: TypeAlias = tuple[np.ndarray, np.ndarray]
"""What came and what is right, of one shape."""
CLOSE = 1e-4
"""Largest difference, absolute and relative, that is none."""
FEWEST = 2
"""Wrong trials that must agree before a relation between numbers is believed."""


def only_where(condition: Callable[[Given], object], *, mostly: float = 0.5) -> Tells:
    """Results are wrong on some inputs only: those that fulfil a condition, and most of these.

    Args:
        mostly: smallest share of such inputs whose results are wrong.
    """

    def tells(seen: Sequence[Seen]) -> bool:
        inside = [one for one in seen if condition(one.given)]
        wrong = [one for one in seen if one.wrong]
        inside_wrong = sum(one.wrong for one in inside)
        return (
            len(inside) < len(seen)
            and inside_wrong == len(wrong)
            and inside_wrong >= max(1, mostly * len(inside))
        )

    return tells


def always(relation: Callable[[Any, Any], object]) -> Tells:
    """A relation between what came and what is right holds of every wrong result."""

    def tells(seen: Sequence[Seen]) -> bool:
        wrong = [one for one in seen if one.wrong]
        return bool(wrong) and all(relation(one.got, one.right) for one in wrong)

    return tells


def changed_by(change: Callable[[np.ndarray], Any]) -> Tells:
    """What came is what is right after a change that is made to each array of the result."""

    def tells(seen: Sequence[Seen]) -> bool:
        results = [paired(one.got, one.right) for one in seen]
        return (
            len(results) >= FEWEST
            and all(results)
            and all(close(got, change(right)) for pairs in results for got, right in pairs)
        )

    return tells


def part_wrong(*wrong_parts: int | str) -> Tells:
    """Of a result in several parts, just these are wrong, and each of them sometimes."""

    def tells(seen: Sequence[Seen]) -> bool:
        found: set[int | str] = set()
        for one in (one for one in seen if one.wrong):
            keys = keys_of(one.right)
            if not keys or not set(keys) <= set(keys_of(one.got)):
                return False
            found |= {key for key in keys if not same(one.got[key], one.right[key], CLOSE)}
        return found == set(wrong_parts)

    return tells


def part(key: int | str, tells: Tells) -> Tells:
    """What another symptom says, of one part of the result alone."""

    def of_the_part(seen: Sequence[Seen]) -> bool:
        picked = ((one.given, one.got[key], one.right[key]) for one in seen)
        return tells([Seen(*each, wrong=not same(*each[1:], CLOSE)) for each in picked])

    return of_the_part


def both(*several: Tells) -> Tells:
    """All of some symptoms hold."""
    return lambda seen: all(tells(seen) for tells in several)


def related(relation: Callable[[np.ndarray, np.ndarray], object]) -> Tells:
    """A relation between numbers that came and those that are right holds of all wrong results."""

    def tells(seen: Sequence[Seen]) -> bool:
        wrong = [flat_pair(one) for one in seen if one.wrong]
        return len(wrong) >= FEWEST and all(pair is not None and relation(*pair) for pair in wrong)

    return tells


def flat_pair(one: Seen) -> Pair | None:
    """All numbers of a result beside the right ones; None where they cannot be paired."""
    pairs = paired(one.got, one.right)
    if not pairs:
        return None
    return (
        np.concatenate([got.ravel() for got, _ in pairs]),
        np.concatenate([right.ravel() for _, right in pairs]),
    )


def close(got: Any, wanted: Any) -> bool:
    """Whether two arrays of numbers are the same but for noise."""
    got, wanted = np.asarray(got, dtype=float), np.asarray(wanted, dtype=float)
    if got.shape != wanted.shape:
        return False
    with np.errstate(all="ignore"):
        return bool(np.allclose(got, wanted, CLOSE, CLOSE, equal_nan=True))


def paired(got: Any, right: Any) -> list[Pair]:
    """The arrays of a result beside the right ones; none where their forms differ."""
    theirs, ours = numbers_of(got), numbers_of(right)
    if ours is not None and theirs is not None:
        return [(theirs.astype(float), ours.astype(float))] if ours.shape == theirs.shape else []
    keys = [key for key in keys_of(right) if not isinstance(right[key], str)]
    if not set(keys) <= set(keys_of(got)):
        return []
    inside = [paired(got[key], right[key]) for key in keys]
    return [pair for pairs in inside for pair in pairs] if all(inside) else []


def numbers_in(value: Any) -> list[float]:
    """All numbers of an input, however deep."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [number for part in value for number in numbers_in(part)]
    array = numbers_of(value)
    return [] if array is None else [float(number) for number in array.ravel()]


def keys_of(value: Any) -> list[Any]:
    """How the parts of a result are reached."""
    if isinstance(value, dict):
        return sorted(value)
    return list(range(len(parts_of(value) or [])))
