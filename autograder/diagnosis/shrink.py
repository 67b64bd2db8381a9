"""The smallest input on which a function is wrong, and how it is shown.

Smaller is: fewer numbers and characters, then fewer numbers other than 0 and 1, then fewer
digits. The smallest wrong trial is where shrinking starts; then sequences are cut off, rows left
out and numbers replaced by 0, 1 or whole ones, for as long as the result stays wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .compare import Raised
from .declare import Given, Trials

MOST_TRIES = 60
"""Calls of the student's function that shrinking may take."""
NOISE = 1e-12
"""What is closer to zero stands as zero."""
LONGEST_LINE = 600
MOST_SHOWN = 64
"""Numbers of one array that are shown."""


def size(given: Given) -> tuple[int, int, int]:
    """How large an input is, by the order of this module."""
    numbers = [n for value in given.values() for n in _leaves(value)]
    simple = sum(n in (0, 1) for n in numbers)
    return len(numbers), len(numbers) - simple, sum(len(plain_text(n)) for n in numbers)


def shrink(given: Given, trials: Trials, is_wrong: Callable[[Given], bool]) -> Given:
    """The smallest input that is found from a wrong one on.

    Args:
        is_wrong: whether the student's result differs from the right one.
    """
    tries = 0
    found = True
    while found:
        found = False
        for candidate in _smaller(given, trials):
            if tries == MOST_TRIES:
                return given
            tries += 1
            if is_wrong(candidate):
                given, found = candidate, True
                break
    return given


def _smaller(given: Given, trials: Trials) -> Iterator[Given]:
    """Inputs that are smaller by one step, the largest steps first."""
    steps = {name: given[name] for name in trials.steps if name in given}
    last = min((np.shape(value)[1] for value in steps.values()), default=0)
    for end in dict.fromkeys((last // 2, last - 1)) if last > 1 else ():
        yield given | {name: value[:, :end] for name, value in steps.items()}
    rows = {name: given[name] for name in trials.rows if name in given}
    length = min((len(value) for value in rows.values()), default=0)
    for row in range(length if length > 1 else 0):
        yield given | {name: _without(value, row) for name, value in rows.items()}
    for name in trials.numbers:
        values = np.asarray(given[name], dtype=float)
        for index in np.ndindex(values.shape):
            for simpler in (0.0, 1.0, float(np.rint(values[index]))):
                changed = values.copy()
                changed[index] = simpler
                candidate = given | {name: changed if values.ndim else float(simpler)}
                if size(candidate) < size(given):
                    yield candidate


def _without(value: Any, row: int) -> Any:
    if isinstance(value, np.ndarray):
        return np.delete(value, row, axis=0)
    return value[:row] + value[row + 1 :]


def shown(trials: Trials, given: Given, got: object, right: object) -> str:
    """A counterexample as lines that a student can try: the call, what came, what is right."""
    arguments = ", ".join(
        f"{name}={plain_text(value)}"
        for name, value in given.items()
        if trials.shown is None or name in trials.shown
    )
    call = f"{trials.function}({arguments})"
    if not trials.plain:
        call = f"{trials.function}, where {arguments}"
    lines = (call, f"gives     {_result(got)}", f"expected  {_result(right)}")
    return "\n".join(
        line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + " …" for line in lines
    )


def _result(value: object) -> str:
    return f"raises {value.name}" if isinstance(value, Raised) else plain_text(value)


def plain_text(value: Any) -> str:
    """A value as Python text, floats to six significant digits, in bounded length."""
    match value:
        case bool() | np.bool_():
            return str(bool(value))
        case int() | np.integer():
            return str(int(value))
        case float() | np.floating():
            return _float_text(float(value))
        case str():
            return repr(value[:LONGEST_LINE])
        case np.ndarray() if value.size > MOST_SHOWN:
            return f"<array of shape {value.shape}>"
        case np.ndarray():
            return f"np.array({plain_text(value.tolist())})"
        case list() | tuple():
            inside = ", ".join(plain_text(item) for item in value[:MOST_SHOWN])
            more = ", …" if len(value) > MOST_SHOWN else ""
            comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
            left, right = "[]" if isinstance(value, list) else "()"
            return f"{left}{inside}{comma}{more}{right}"
        case dict():
            pairs = list(value.items())[:MOST_SHOWN]
            return "{" + ", ".join(f"{key!r}: {plain_text(item)}" for key, item in pairs) + "}"
        case None:
            return "None"
    return "<an object of your code>"


def _float_text(value: float) -> str:
    if not np.isfinite(value):
        return f"float('{value}')"
    return repr(float(f"{value:.6g}")) if abs(value) > NOISE else "0.0"


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, (list, tuple, np.ndarray)) and np.ndim(value):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, str):
        yield from value
    else:
        yield value
