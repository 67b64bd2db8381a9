"""Which misconceptions a function's results are those of."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import numpy as np

from ..kit.failures import LoadError, NotAttempted
from ..sandbox.deadline import Lost
from ..sandbox.outer import SandboxUnavailable
from .compare import Raised, outcome, outcome_of_student, same
from .declare import Given, Misconception, Seen, Trials
from .load import Diagnoses

MOST_TRIALS = 32
"""Trials of one function that are looked at."""


@dataclass(frozen=True)
class Strictness:
    """How well a misconception must fit the results to be named.

    Attributes:
        given: share of the wrong results that it must give.
        altogether: share of them that all that are named must give together.
        contradicted: share of all trials on which it may be wrong where the student is right.
    """

    given: float
    altogether: float
    contradicted: float


STRICT = Strictness(given=1 / 3, altogether=1 / 2, contradicted=0.0)
TOLERANT = Strictness(given=3 / 4, altogether=3 / 4, contradicted=1 / 10)
"""For a second look, where nothing fits strictly: two beliefs may differ in rare cases alone,
as rounding a half up differs from rounding it to the even number."""


@dataclass(frozen=True)
class Tried:
    """One trial, and what the student's code gave."""

    given: Given
    got: object


def try_out(trials: Trials, student: Any, rng: np.random.Generator) -> list[Tried]:
    """Call the student's function on its trials.

    Raises:
        NotAttempted: it is a stub.
        LoadError: it cannot be loaded.
        Lost: its process did not survive.
    """
    tried: list[Tried] = []
    with as_far_as_it_goes():
        for given, call in islice(trials.make(student, rng), MOST_TRIALS):
            plain = partial(getattr(student, trials.function), *given.values())
            got = outcome_of_student(call or plain)
            if isinstance(got, Raised) and got.name == "NotImplementedError":
                raise NotAttempted
            tried.append(Tried(given, got))
    return tried


@contextmanager
def as_far_as_it_goes() -> Iterator[None]:
    """Let an experiment end early that stumbles over what a student's code gives.

    It only advises: it must not cost the submission its mark, nor print a warning.
    """
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (NotAttempted, LoadError, Lost, SandboxUnavailable):
        raise
    except Exception:  # student code can give anything, and what follows from that can fail anyhow
        return


def is_wrong(trials: Trials, right: Callable[..., object], one: Tried) -> bool:
    """Whether the student's result differs from the right one."""
    return not alike(trials, one.got, outcome(right, one.given))


def alike(trials: Trials, got: object, wanted: object, *, loose: bool = False) -> bool:
    """Whether two results of a function are the same; see `same`."""
    one, other = (_viewed(trials, value) for value in (got, wanted))
    return same(one, other, trials.tolerance, exact_types=trials.exact_types, loose=loose)


def _viewed(trials: Trials, value: object) -> object:
    seen = value
    with as_far_as_it_goes():  # a result of another kind stays as it is, and is like nothing else
        seen = value if isinstance(value, Raised) else trials.view(value)
    return seen


def recognise(
    diagnoses: Diagnoses,
    trials: Trials,
    tried: Sequence[Tried],
    instead: dict[str, Callable[..., object]],
) -> list[Misconception]:
    """The misconceptions that a function's results are those of, the likeliest first.

    Args:
        instead: other functions of the student that are wrong. This one may call them, and
            be right itself.
    """
    beside = _Comparison(diagnoses, trials, tried, instead)
    if instead and not beside.failing:
        return []  # all that is wrong with it comes from the others
    views = [beside, _Comparison(diagnoses, trials, tried, {})] if instead else [beside]
    for strictness in (STRICT, TOLERANT):
        found, _ = max((view.named(strictness) for view in views), key=lambda named: named[1])
        if found:
            return found
    return []


def looked_at(
    diagnoses: Diagnoses,
    trials: Trials,
    tried: Sequence[Tried],
    instead: dict[str, Callable[..., object]],
) -> list[Seen]:
    """The trials as symptoms see them, beside what is right if it calls what stands `instead`."""
    seen = []
    with diagnoses.standing_in(instead):
        for one in tried:
            right = outcome(diagnoses.right[trials.function], one.given)
            views = _viewed(trials, one.got), _viewed(trials, right)
            seen.append(Seen(one.given, *views, wrong=not alike(trials, one.got, right)))
    return seen


class _Comparison:
    """The student's results beside the right ones and those of each misconception.

    Attributes:
        failing: numbers of the trials on which the student is wrong.
    """

    def __init__(
        self,
        diagnoses: Diagnoses,
        trials: Trials,
        tried: Sequence[Tried],
        instead: dict[str, Callable[..., object]],
    ) -> None:
        self._trials = trials
        self._candidates = [m for m in diagnoses.of(trials.function) if m.gives is not None]
        self._got = [one.got for one in tried]
        with diagnoses.standing_in(instead):
            right = diagnoses.right[trials.function]
            self._right = [outcome(right, one.given) for one in tried]
            self._wrong = [
                [outcome(m.gives, one.given) for one in tried]
                for m in self._candidates
                if m.gives is not None
            ]
        self.failing = {n for n, got in enumerate(self._got) if not self._same(got, self._right[n])}

    def named(self, strictness: Strictness) -> tuple[list[Misconception], float]:
        """The misconceptions to name, and the share of the wrong results that they give."""
        most = strictness.contradicted * len(self._got)
        supports = {n: self._support(wrong, most) for n, wrong in enumerate(self._wrong)}
        left, found = set(self.failing), []
        while left:
            best = max(supports, key=lambda n: len(supports[n] & left), default=None)
            if best is None or len(supports[best] & left) < strictness.given * len(self.failing):
                break
            found.append(self._candidates[best])
            left -= supports[best]
        share = 1 - len(left) / len(self.failing) if self.failing else 0.0
        return (found, share) if share >= strictness.altogether else ([], 0.0)

    def _support(self, wrong: list[object], most: float) -> set[int]:
        """Trials on which a misconception gives the student's wrong result; none if refuted.

        It is refuted if it would be wrong on more than `most` trials where the student is right.
        """
        differs = {n for n, value in enumerate(wrong) if not self._same(value, self._right[n])}
        if len(differs - self.failing) > most:
            return set()
        return {n for n in differs if self._recognised(self._got[n], wrong[n], self._right[n])}

    def _recognised(self, got: object, wrong: object, right: object) -> bool:
        """Whether a result is the misconception's; in an odd shape only if values tell it."""
        loose = not self._same(wrong, right, loose=True)
        return self._same(got, wrong, loose=loose)

    def _same(self, got: object, wanted: object, *, loose: bool = False) -> bool:
        return alike(self._trials, got, wanted, loose=loose)
