"""Whatever a student's function answers, a check passes or fails; none of ours may break.

    .venv/bin/python tests/fuzz/rubbish_answers.py [ASSIGNMENT] [--seconds 30]

Every check that does not train runs on the reference, in this process, with the answers of one
function at a time replaced: by rubbish of every kind, and by right answers that are spoiled in
one place. A check that ends in another way than those it may end in would leave the whole
submission without a mark; such ends are printed by place, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from _pytest.runner import runtestprotocol

from autograder.bundle import Bundle
from autograder.checks.collect import Collected, with_checks
from autograder.corpus import Case, build
from autograder.kit.failures import CheckFailure, ForPerson, LoadError, NotAttempted, StudentError
from autograder.kit.values import Handle
from autograder.verify.reuse import names_asked_for

ROOT = Path(__file__).resolve().parents[2]
LAWFUL = (CheckFailure, ForPerson, LoadError, NotAttempted, StudentError)
AFTERWARDS = "afterwards"
PARTS = (None, "text", Handle(3, "Net"), [], np.zeros((2, 3)), [None], {})
RUBBISH = (
    *PARTS,
    *(3, -1, 2.5, True, float("inf"), 10**30, (1, 2, 3), {"x": None}, [[]], [[1], [1, 2]]),
    *(["a", "b"], (None, None), (None,) * 3, ({}, []), ([], [])),
    *(np.zeros(0), np.full((2, 2), np.nan), np.zeros((2, 3, 2))),
)
DEEPEST = 2
"""How far inside an answer something is spoiled."""
LONGEST = 4
"""A longer list is spoiled as a whole."""


def spoiled(answer: Any, depth: int = 0) -> Iterator[Any]:
    """A right answer with one thing wrong, again and again."""
    if isinstance(answer, dict):
        yield {**answer, "extra": None}
        for key, value in answer.items():
            yield {k: v for k, v in answer.items() if k != key}
            for other in _in_place_of(value, depth):
                yield {**answer, key: other}
    elif isinstance(answer, (tuple, list)) and len(answer) <= LONGEST:
        kind = type(answer)
        yield kind([*answer, 1])
        yield kind(answer[:-1])
        for place, value in enumerate(answer):
            for other in _in_place_of(value, depth):
                yield kind([*answer[:place], other, *answer[place + 1 :]])
    elif isinstance(answer, (int, float, list, np.generic, np.ndarray)):
        yield from _spoiled_numbers(np.asarray(answer))


def _in_place_of(value: Any, depth: int) -> Iterator[Any]:
    yield from PARTS
    if depth < DEEPEST:
        yield from spoiled(value, depth + 1)


def _spoiled_numbers(numbers: np.ndarray) -> Iterator[Any]:
    if numbers.dtype.kind not in "biuf":
        return
    floats = numbers.astype(float)
    yield from (floats * factor for factor in (np.nan, np.inf, 1e300, 0.0))
    yield from (-1 - floats, floats + 0.5, floats + 1000, numbers > 0, numbers.tolist())
    yield from (numbers.ravel(), numbers[..., None], numbers[None], numbers.T)
    if numbers.ndim:
        yield from (numbers[:0], numbers[:-1], np.concatenate([numbers, numbers]))


class Spoiler:
    """The reference as a check sees a student, with one function's answers replaced.

    Args:
        name: whose answers; a declared constant may be meant as well, or `afterwards`.
        number: which replacement: first `RUBBISH`, then what `spoiled` makes of the right answer.

    Attributes:
        asked: whether the function was called.
        spent: whether there is no such replacement.
    """

    tainted = False

    def __init__(self, bundle: Bundle, data: dict[str, Any], name: str, number: int) -> None:
        self._bundle, self._data, self._name, self._number = bundle, data, name, number
        self._right = bundle.reference()
        self._last: dict[str, tuple[object, ...]] = {}
        self.asked = self.spent = False

    def __getattr__(self, name: str) -> Any:
        if name in self._data:
            return self._replaced(name, self._data[name])

        def call(*args: object, **kwargs: object) -> object:
            try:
                answer = getattr(self._right, name)(*args, **kwargs)
            except CheckFailure:  # a handle was looked into
                raise
            except Exception as error:  # as the box says it
                raise StudentError(type(error).__name__, str(error)) from error
            self._last[name] = [*args], kwargs, answer
            return self._replaced(name, answer)

        return call

    def afterwards(self, name: str) -> Any:
        """Arguments and result of the last call, which nothing has changed."""
        return self._replaced(AFTERWARDS, [*self._last[name]])

    def _replaced(self, name: str, right: Any) -> Any:
        if name != self._name:
            return right
        self.asked = True
        every = itertools.chain(RUBBISH, spoiled(right))
        found = next(itertools.islice(every, self._number, None), self)
        self.spent = found is self
        return right if self.spent else found


def broken(bundle: Bundle, collected: Collected, seconds: float) -> Iterator[str]:
    """Where checks break, each place once.

    Args:
        seconds: the longest that is spent on one check.
    """
    files = build(Case(name="reference", about=""), bundle)
    data = {name: json.loads(files[file]) for name, file in bundle.rubric.data.items()}
    places: set[str] = set()
    for check, names in names_asked_for(collected, bundle).items():
        if collected.checks[check].stochastic:
            continue
        end = time.monotonic() + seconds
        for name in (*sorted(names), AFTERWARDS):
            for number in itertools.count():
                student = Spoiler(bundle, data, name, number)
                error = _run(collected, check, student)
                if error is not None and not isinstance(error, (*LAWFUL, AssertionError)):
                    frames = traceback.extract_tb(error.__traceback__)
                    ours = [f for f in frames if "/tests/" in f.filename] or list(frames)
                    place = f"{ours[-1].filename}:{ours[-1].lineno}"
                    if place not in places:
                        yield f"{place}: {check}, {name}: {type(error).__name__}: {error}"
                    places.add(place)
                if student.spent or not student.asked or time.monotonic() > end:
                    break


def _run(collected: Collected, check: str, student: Any) -> BaseException | None:
    fixtures = collected.fixtures
    fixtures.shared_values = {}
    fixtures.current, fixtures.check_id, fixtures.error = student, check, None
    with np.errstate(all="ignore"):
        runtestprotocol(collected.items[check], log=False, nextitem=None)
    return fixtures.error


def main() -> int:
    """Try every check; 1 if one breaks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("assignment", type=Path, nargs="?", default=ROOT)
    parser.add_argument("--seconds", type=float, default=30.0)
    options = parser.parse_args()
    bundle, found = Bundle.open(options.assignment), list[str]()
    with_checks(bundle, lambda c: found.extend(broken(bundle, c, options.seconds)))
    print("\n".join(found) or "no check breaks, whatever a function answers")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
