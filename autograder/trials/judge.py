"""From what the tests said of each implementation to what that is worth, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..kit.own_tests import FAILED, MISUSED, PASSED, SKIPPED
from ..model import Trial, Verdict
from ..sandbox.deadline import Lost
from .relay import Unfit

MOST_NAMED = 5
"""Tests that a message names."""
UNTOUCHED = "None of your tests calls a function of this part."
UNFAIR = (
    "Right work does not pass {}, so nothing of this part counts. Look at what the docstrings "
    "promise, and test no more than that."
)
UNSTEADY = (
    "Your tests answered differently when they were asked twice about the same work, so nothing "
    "of this part counts. Draw random numbers from a generator with a seed."
)
NO_END = "Tried on right work, your tests came to no end, so nothing of this part counts."
UNFIT = "Your tests could not be tried, which is no fault of yours. A person will look at them."
NO_END_WITH_MISTAKE = "With a mistake in place they came to no end, which does not count."
MISUSE = "Left out, because they look inside an object that tests may only pass back: {}."
UNLOADABLE = "{} cannot be loaded; pytest says why."

States = Mapping[str, str]
"""Test function -> what became of it."""


@dataclass(frozen=True)
class Tried:
    """An implementation, and what the tests said of it each time.

    Attributes:
        misconception: what is wrong with it; empty if nothing is.
        runs: None for one in which the tests came to no end.
    """

    misconception: str
    runs: Sequence[States | None]

    @property
    def steady(self) -> bool:
        """Whether they said the same each time that they came to an end."""
        said = [run for run in self.runs if run is not None]
        return all(run == said[0] for run in said)

    def noticed_by(self, tests: Collection[str]) -> bool:
        """Whether some of these tests did not pass, each time."""
        return all(
            run is not None and any(run.get(test) not in (PASSED, SKIPPED) for test in tests)
            for run in self.runs
        )


def judge(tests: Collection[str], tried: Sequence[Tried], unloadable: Collection[str]) -> Trial:
    """What came of trying the tests of one task.

    Args:
        tests: the functions that belong to it.
        tried: right and wrong implementations, each as often as it was tried.
        unloadable: test files that could not be collected.
    """
    on_right = [run for one in tried if not one.misconception for run in one.runs if run]
    misused = {test for run in on_right for test in tests if run.get(test) == MISUSED}
    unfair = {test for run in on_right for test in _failed(run, tests)}
    counting = set(tests) - misused
    note = " ".join(_notes(tried, misused, unloadable))
    if not all(one.steady for one in tried):
        return Trial(verdict=Verdict.FAIL, message=UNSTEADY)
    if unfair:
        text = f"{UNFAIR.format(_listed(unfair))} {note}"
        return Trial(verdict=Verdict.FAIL, message=text.strip())
    if not counting:
        return Trial(verdict=Verdict.NOT_RUN, message=note or UNTOUCHED)
    noticed = {one.misconception: one.noticed_by(counting) for one in tried if one.misconception}
    return Trial(
        caught=tuple(text for text, caught in noticed.items() if caught),
        missed=tuple(text for text, caught in noticed.items() if not caught),
        message=note,
    )


def void(error: Lost | Unfit) -> Trial:
    """Why nothing counts where tests could not be tried on right work."""
    if isinstance(error, Unfit):
        return Trial(verdict=Verdict.GRADER_ERROR, message=UNFIT)
    verdict = Verdict.TIMEOUT if error.out_of_time else Verdict.ERROR
    return Trial(verdict=verdict, message=f"{NO_END} {error}")


def _failed(run: States, tests: Collection[str]) -> set[str]:
    """Those that failed; a run ends with the first, so what is missing says nothing then."""
    failed = {test for test in tests if run.get(test) == FAILED}
    return failed or {test for test in tests if test not in run}


def _notes(
    tried: Sequence[Tried], misused: Collection[str], unloadable: Collection[str]
) -> Iterator[str]:
    """What else the student should know."""
    if any(run is None for one in tried for run in one.runs):
        yield NO_END_WITH_MISTAKE
    if misused:
        yield MISUSE.format(_listed(misused))
    if unloadable:
        yield UNLOADABLE.format(_listed(unloadable))


def _listed(names: Collection[str]) -> str:
    """A few of them."""
    shown = ", ".join(sorted(names)[:MOST_NAMED])
    return f"{shown} and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else shown
