"""Blind trial: which known mistakes the student's own tests notice, and whether they are fair.

Every run is a fresh process of the tests with a fresh process of one
implementation behind them, in another box. First comes the reference, twice;
then, for each task that the tests touch, its other right implementations, and
then its wrong ones, each once more where it was noticed. Tests that fail right
work, or answer differently to the same, earn nothing for that task.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePosixPath

from ..bundle import Bundle
from ..checks.run import MustRunAlone
from ..kit.files import NOT_STUDENTS_WORK
from ..kit.own_tests import FAILED, MISUSED, PASSED, SKIPPED
from ..model import Trial, Verdict
from ..sandbox.box import Box
from ..sandbox.deadline import Ending, Lost
from ..sandbox.layers import Tier
from ..sandbox.session import Session
from .implementations import Implementation, TaskImplementations, implementations, reference
from .relay import Record, Suite, Unfit, run_tests

SUITE = "autograder.sandbox.suite"
"""Imported by the tests' box before any submission arrives."""
UNFAIR = "Look at what the docstrings promise, and test no more than that."
UNSTEADY = (
    "Your tests answered differently when they were asked twice about the same work, so nothing of "
    "this part counts. Draw random numbers from a generator with a seed."
)
HANDLE = "Left out, since they look into an object that can only be passed back:"
LOST = "With some of the mistakes in place your tests came to no end, which does not count."
NO_END = "Tried on right work, your tests came to no end, so nothing of this part counts."
UNTOUCHED = "None of your tests calls a function of this part."
UNFIT = "Your tests could not be tried, which is no fault of yours. A person will look at them."
LARGEST_FILE = 2**20
"""Bytes; what tests read is smaller."""
MOST_NAMED = 5
"""Tests that a message names."""
MOST_LOST = 2
"""After so many wrong implementations with which the tests came to no end, no more are tried."""


class Trials:
    """Tries one suite after the other; what a suite got once it gets again.

    Args:
        bundle: declares the implementations.
        box: where these run. The tests get a box of their own: a box serves one submission at a
            time, and two have nothing in common, in any tier, in which one side could see, signal
            or slow down the other unnoticed.
        tier: how that one is confined.

    Attributes:
        cpu_seconds: spent in both so far.
    """

    def __init__(self, bundle: Bundle, box: Box, tier: Tier) -> None:
        rubric = bundle.rubric
        self._bundle = bundle
        self._box = box
        preload = [*rubric.packages, *rubric.preload, SUITE]
        self._tests_box = Box(rubric.limits, tier.layers, preload)
        self._tasks = implementations(bundle)
        self._reference = reference(bundle)
        self._known: dict[str, dict[str, Trial]] = {}
        self.cpu_seconds = 0.0

    def __enter__(self) -> Trials:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._tests_box.close()

    def conduct(
        self, files: Mapping[str, bytes], names: list[str], *, alone: bool
    ) -> dict[str, Trial]:
        """Try the tests of a submission.

        Args:
            files: path -> content of the submission.
            names: of the test functions in it.
            alone: whether nothing else is graded meanwhile, so that a wall limit counts.

        Returns:
            Task -> what came of it; nothing where there is no test that counts.

        Raises:
            MustRunAlone: the tests waited too long while others were graded beside them.
        """
        template = self._bundle.template_tests
        own = frozenset(names) - template
        suite = Suite(_for_tests(files, self._bundle.rubric.modules), own, frozenset(template))
        if not suite.names:
            return {}
        key = _digest(suite)
        if key not in self._known:
            self._known[key] = self._conduct(suite, alone)
        return self._known[key]

    def _conduct(self, suite: Suite, alone: bool) -> dict[str, Trial]:
        bundle = self._bundle
        tests = Session(self._tests_box, suite.files, bundle.manifest, bundle.rubric.limits)
        sitting = _Sitting(bundle, self._box, tests, suite, alone)
        try:
            return sitting.conduct(self._reference, self._tasks)
        finally:
            tests.close()
            self.cpu_seconds += tests.cpu_seconds + sitting.cpu_seconds


class _Sitting:
    """One suite on trial.

    Attributes:
        cpu_seconds: that the implementations took.
    """

    def __init__(self, bundle: Bundle, box: Box, tests: Session, suite: Suite, alone: bool) -> None:
        self._bundle = bundle
        self._box = box
        self._tests = tests
        self._suite = suite
        self._alone = alone
        self.cpu_seconds = 0.0

    def conduct(
        self, right: Implementation, tasks: Mapping[str, TaskImplementations]
    ) -> dict[str, Trial]:
        """Task -> what came of it."""
        try:
            with self._behind(right, self._bundle.function_names) as run:
                first, again = run(None), run(None)
        except (Lost, Unfit) as error:
            return dict.fromkeys(tasks, _void(error))
        return {name: self._try_task(task, first, again) for name, task in tasks.items()}

    def _try_task(self, task: TaskImplementations, first: Record, again: Record) -> Trial:
        tests = _of_task(first, task)
        if any(first.states[test] != again.states.get(test) for test in tests):
            return Trial(verdict=Verdict.FAIL, message=UNSTEADY)
        records = [first]
        try:
            for right in task.right if tests else ():
                with self._behind(right, task.functions) as run:
                    records.append(run(tests))
        except (Lost, Unfit) as error:
            return _void(error)
        states = {test: {record.states.get(test) for record in records} for test in tests}
        misused = {test for test in tests if MISUSED in states[test]}
        unfair = {test for test in tests if states[test] & {FAILED, None}}
        note = " ".join(_notes(first, misused))
        if unfair:
            text = f"Right work does not pass {_listed(unfair)}, so nothing of this part counts."
            return Trial(verdict=Verdict.FAIL, message=f"{text} {UNFAIR} {note}".strip())
        if not tests - misused:
            return Trial(verdict=Verdict.NOT_RUN, message=note or UNTOUCHED)
        return self._count(task, tests - misused, note)

    def _count(self, task: TaskImplementations, tests: set[str], note: str) -> Trial:
        """Which of the wrong implementations are noticed."""
        noticed: dict[str, bool] = {}
        lost = 0
        for wrong in task.wrong:
            noticed[wrong.misconception] = False
            if lost == MOST_LOST:
                continue
            try:
                with self._behind(wrong, task.functions) as run:
                    states = run(tests, stop=True).states
                    if all(states.get(test) in (PASSED, SKIPPED) for test in tests):
                        continue
                    if run(tests, stop=True).states != states:
                        return Trial(verdict=Verdict.FAIL, message=UNSTEADY)
                noticed[wrong.misconception] = True
            except Lost:
                lost += 1
        return Trial(
            caught=tuple(text for text, caught in noticed.items() if caught),
            missed=tuple(text for text, caught in noticed.items() if not caught),
            message=f"{LOST if lost else ''} {note}".strip(),
        )

    @contextmanager
    def _behind(
        self, implementation: Implementation, functions: Collection[str]
    ) -> Iterator[Callable[..., Record]]:
        """Gives what runs tests (all, for None) with this implementation behind them."""
        bundle = self._bundle
        session = Session(self._box, implementation.files, bundle.manifest, bundle.rubric.limits)

        def run(only: Collection[str] | None, *, stop: bool = False) -> Record:
            if faults := session.begin_task(sorted(functions)):
                raise Unfit(f"{implementation.name}: {faults}")
            chosen = None if only is None else sorted(only)
            names = bundle.function_names
            record = run_tests(self._tests, session, names, self._suite, chosen, stop=stop)
            session.end_task()
            return record

        try:
            yield run
        except Lost as lost:
            self._tests.close()  # it still waits for an answer
            if lost.ending is Ending.WALL and not self._alone:
                raise MustRunAlone from None
            raise
        finally:
            session.close()
            self.cpu_seconds += session.cpu_seconds


def _void(error: Lost | Unfit) -> Trial:
    """Why nothing counts where tests could not be tried on right work."""
    if isinstance(error, Unfit):
        return Trial(verdict=Verdict.GRADER_ERROR, message=UNFIT)
    verdict = Verdict.TIMEOUT if error.out_of_time else Verdict.ERROR
    return Trial(verdict=verdict, message=f"{NO_END} {error}")


def _of_task(record: Record, task: TaskImplementations) -> set[str]:
    """The tests that call a function of the task, and, if any does, those that call none at all."""
    touching = {test for test, called in record.called.items() if called & task.functions}
    mute = {test for test in record.states if test not in record.called}
    return (touching & record.states.keys()) | mute if touching else set()


def _notes(record: Record, misused: Collection[str]) -> Iterator[str]:
    """What else the student should know."""
    if record.unloadable:
        yield f"{_listed(record.unloadable)} cannot be loaded; pytest says why."
    if misused:
        yield f"{HANDLE} {_listed(misused)}."


def _listed(names: Collection[str]) -> str:
    """A few of them."""
    shown = ", ".join(sorted(names)[:MOST_NAMED])
    return f"{shown} and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else shown


def _for_tests(files: Mapping[str, bytes], modules: Collection[str]) -> dict[str, bytes]:
    """What the tests' process gets: not the task modules, which are proxies to it."""
    return {
        name: data
        for name, data in files.items()
        if not NOT_STUDENTS_WORK & {*PurePosixPath(name).parts}
        and PurePosixPath(name).stem not in modules
        and not name.endswith(".ipynb")
        and len(data) <= LARGEST_FILE
        and not (name.endswith("conftest.py") and b"autograde_kit" in data)
    }


def _digest(suite: Suite) -> str:
    digest = hashlib.sha256()
    for name in sorted(suite.files):
        for part in (name.encode(), suite.files[name]):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
