"""When two results are the same: as checks see it, and as a mistake is recognised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..kit.failures import CheckFailure, StudentError
from ..kit.values import Handle
from ..sandbox.deadline import Lost
from ..sandbox.outer import SandboxUnavailable


@dataclass(frozen=True)
class Raised:
    """An exception in the place of a result."""

    name: str


def outcome_of_student(call: Callable[[], object]) -> object:
    """What student code gives, an exception included."""
    try:
        return call()
    except StudentError as error:
        return Raised(error.name)


def outcome(function: Callable[..., object], arguments: dict[str, object]) -> object:
    """What an implementation of ours gives, an exception included."""
    try:
        with np.errstate(all="ignore"):
            return function(*arguments.values())
    except (Lost, SandboxUnavailable):  # it may call the student's code
        raise
    except Exception as error:  # a wrong implementation may fail in any way
        kinds = (kind for kind in type(error).__mro__ if kind.__module__ == "builtins")
        return Raised(next(kinds).__name__)


def same(
    got: object,
    wanted: object,
    tolerance: float,
    *,
    exact_types: bool = False,
    loose: bool = False,
) -> bool:
    """Whether two results are the same.

    As public checks see it, lists are as good as arrays, spaces in a text do not matter and
    whole numbers are floats, too; but floats are no whole numbers.

    Args:
        exact_types: whether arrays must have the same dtype.
        loose: pass over the kind of numbers or of exceptions, and over axes of length one.
    """

    def agree(one: object, other: object) -> bool:
        return same(one, other, tolerance, exact_types=exact_types, loose=loose)

    if isinstance(got, (Raised, Handle)) or isinstance(wanted, (Raised, Handle)):
        both = isinstance(got, Raised) and isinstance(wanted, Raised)
        return both and (loose or got == wanted)
    if isinstance(wanted, str) or isinstance(got, str):
        texts = isinstance(got, str) and isinstance(wanted, str)
        return texts and "".join(str(got).split()) == "".join(str(wanted).split())
    if isinstance(wanted, dict) or isinstance(got, dict):
        if not (isinstance(got, dict) and isinstance(wanted, dict)):
            return False
        return all(key in got and agree(got[key], value) for key, value in wanted.items())
    if wanted is None or got is None:
        return wanted is got
    ours, theirs = numbers_of(wanted), numbers_of(got)
    if ours is not None and theirs is not None:
        return _same_numbers(theirs, ours, tolerance, exact_types=exact_types, loose=loose)
    several, others = parts_of(got), parts_of(wanted)
    if several is None or others is None or len(several) != len(others):
        return False
    return all(map(agree, several, others))


def _same_numbers(
    got: np.ndarray, wanted: np.ndarray, tolerance: float, *, exact_types: bool, loose: bool
) -> bool:
    if loose:
        got, wanted = got.squeeze(), wanted.squeeze()
    elif (exact_types and got.dtype != wanted.dtype) or (
        wanted.dtype.kind in "biu" and got.dtype.kind == "f"
    ):
        return False
    if got.shape != wanted.shape:
        return False
    with np.errstate(all="ignore"):
        close = np.allclose(got.astype(float), wanted.astype(float), tolerance, tolerance, True)
    return bool(close)


def numbers_of(value: object) -> np.ndarray | None:
    """Numbers, or equally long lists of them, as an array."""
    try:
        array = np.asarray(value)
    except (ValueError, CheckFailure):  # rows of different lengths; a handle inside
        return None
    return array if array.dtype.kind in "biuf" else None


def parts_of(value: object) -> list[object] | None:
    """The parts of a list, a tuple or an array; None for anything else."""
    if isinstance(value, np.ndarray) and value.ndim:
        return list(value)
    return list(value) if isinstance(value, (list, tuple)) else None
