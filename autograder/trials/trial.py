"""Blind trial: which known mistakes the student's own tests notice, and whether they are fair.

Every run is a fresh process of the tests with a fresh process of one
implementation behind them, in another box. The first, with the reference, tells
which tests call functions of which task. Then, for each task that they touch,
its right and wrong implementations are tried twice each, in a secret order, and
nothing in sight of the tests differs from one run to the other but what the
functions answer. Tests that fail right work, or answer differently to the same,
earn nothing for that task.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath

from ..bundle import Bundle
from ..checks.run import MustRunAlone
from ..kit.files import NOT_STUDENTS_WORK
from ..model import Trial
from ..sandbox.box import Box
from ..sandbox.deadline import Ending, Lost
from ..sandbox.layers import Tier
from ..sandbox.session import Session
from .implementations import Implementation, TaskImplementations, implementations, reference
from .judge import States, Tried, judge, void
from .relay import Record, Suite, Unfit, run_tests

SUITE = "autograder.sandbox.suite"
"""Imported by the tests' box before any submission arrives."""
LARGEST_FILE = 2**20
"""Bytes; what tests read is smaller."""
MOST_LOST = 2
"""After so many runs with a wrong implementation that came to no end, no more are tried."""


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
        if suite.sha256 not in self._known:
            self._known[suite.sha256] = self._conduct(suite, alone)
        return self._known[suite.sha256]

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
        self, reference: Implementation, tasks: Mapping[str, TaskImplementations]
    ) -> dict[str, Trial]:
        """Task -> what came of it."""
        try:
            first = self._run(reference, None)
        except (Lost, Unfit) as error:
            return dict.fromkeys(tasks, void(error))
        found = {}
        for name, task in tasks.items():
            tests = _of_task(first, task)
            try:
                tried = self._try(tests, [reference, *task.right, *task.wrong]) if tests else []
                found[name] = judge(tests, [Tried("", [first.states]), *tried], first.unloadable)
            except (Lost, Unfit) as error:
                found[name] = void(error)
        return found

    def _try(self, tests: set[str], implementations: Sequence[Implementation]) -> list[Tried]:
        """Run tests on each implementation twice, in an order that nobody can guess.

        Raises:
            Lost: they came to no end with a right one.
            Unfit: one of them does not work.
        """
        runs: dict[str, list[States | None]] = {one.name: [] for one in implementations}
        lost = 0
        for one in self._shuffled([*implementations, *implementations]):
            if one.misconception and lost == MOST_LOST:
                runs[one.name].append(None)
                continue
            try:
                runs[one.name].append(self._run(one, tests).states)
            except Lost:
                if not one.misconception:
                    raise
                lost += 1
                runs[one.name].append(None)
        return [Tried(one.misconception, runs[one.name]) for one in implementations]

    def _shuffled(self, implementations: Sequence[Implementation]) -> list[Implementation]:
        """The same order for the same tests; it depends on what no student has."""
        secret = f"{self._bundle.sha256} {self._suite.sha256}"
        keys = [f"{secret} {place} {one.name}" for place, one in enumerate(implementations)]
        places = sorted(range(len(keys)), key=lambda i: hashlib.sha256(keys[i].encode()).digest())
        return [implementations[place] for place in places]

    def _run(self, implementation: Implementation, only: Collection[str] | None) -> Record:
        """Run tests (all, for None) with an implementation behind them, each in a fresh process.

        Raises:
            Lost: they came to no end.
            Unfit: the implementation does not work.
            MustRunAlone: they waited too long while something else was graded.
        """
        bundle = self._bundle
        session = Session(self._box, implementation.files, bundle.manifest, bundle.rubric.limits)
        try:
            if faults := session.begin_task([*bundle.function_names]):
                raise Unfit(f"{implementation.name}: {faults}")
            return run_tests(self._tests, session, bundle.function_names, self._suite, only)
        except Lost as lost:
            if lost.ending is Ending.WALL and not self._alone:
                raise MustRunAlone from None
            raise
        finally:
            self._tests.close()
            session.close()
            self.cpu_seconds += session.cpu_seconds


def _of_task(record: Record, task: TaskImplementations) -> set[str]:
    """The tests that call a function of the task, and, if any does, those that call none at all."""
    touching = {test for test, called in record.called.items() if called & task.functions}
    mute = {test for test in record.states if test not in record.called}
    return (touching & record.states.keys()) | mute if touching else set()


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
