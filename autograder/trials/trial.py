"""Blind trial: which known mistakes the student's own tests notice, and whether they are fair.

Every run is a fresh process of the tests with a fresh process of one
implementation behind them, in another box. The first, with the reference, tells
which tests call functions of which task. Then, for each task that they touch,
its right implementations are tried and, twice, its wrong ones, in a secret order;
nothing that the tests are told differs from one run to the other but what the
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
from ..model import Trial, digest_of
from ..sandbox.box import Box
from ..sandbox.deadline import Ending, Lost
from ..sandbox.layers import SUITE, Tier
from ..sandbox.session import Session
from .implementations import Catalogue, Implementation, TaskImplementations
from .judge import States, Tried, judge, void
from .relay import Record, Suite, Unfit, run_tests, together

BROUGHT = {"numpy"}
"""Packages that the kit imports anyway."""
LARGEST_FILE = 2**20
"""Bytes; what tests read is smaller."""
MOST_LOST = 2
"""After so many wrong implementations with which the tests came to no end, no more are tried."""


class Trials:
    """Tries one suite after the other; what a suite got once it gets again.

    Args:
        catalogue: the implementations that the bundle declares.
        box: where these run. Tests get a box of their own: a box serves one submission at a time,
            and two have nothing in common, in any tier, by which one side could see or signal the
            other, or use up its time.
        tier: how that one is confined.

    Attributes:
        cpu_seconds: spent in both so far.
    """

    def __init__(self, bundle: Bundle, catalogue: Catalogue, box: Box, tier: Tier) -> None:
        rubric = bundle.rubric
        self._bundle = bundle
        self._box = box
        everything = [*rubric.packages, *rubric.preload, SUITE]
        self._small = Box(rubric.limits, tier.layers, [SUITE])
        self._large = Box(rubric.limits, tier.layers, everything)
        self._catalogue = catalogue
        self._known: dict[str, dict[str, Trial]] = {}
        self.cpu_seconds = 0.0

    def __enter__(self) -> Trials:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._small.close()
        self._large.close()

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
        manifest, limits = self._bundle.manifest, self._bundle.rubric.limits
        tests = Session(self._box_for(suite), suite.files, manifest, limits)
        answering = Session(self._box, self._catalogue.reference.files, manifest, limits)
        try:
            sitting = _Sitting(self._bundle, suite, tests, answering, alone)
            return sitting.conduct(self._catalogue)
        finally:
            for session in (tests, answering):
                session.close()
                self.cpu_seconds += session.cpu_seconds

    def _box_for(self, suite: Suite) -> Box:
        """Most tests need no library but one: they get a box that is small, and quick to fork."""
        further = [name.encode() for name in self._bundle.rubric.packages if name not in BROUGHT]
        code = b"".join(data for name, data in suite.files.items() if name.endswith(".py"))
        needed = any(name in code for name in further)
        return self._large if needed else self._small


class _Sitting:
    """One suite on trial.

    Args:
        tests: where the suite's processes are.
        answering: where those of the implementations are.
    """

    def __init__(
        self, bundle: Bundle, suite: Suite, tests: Session, answering: Session, alone: bool
    ) -> None:
        self._bundle = bundle
        self._suite = suite
        self._tests = tests
        self._answering = answering
        self._alone = alone
        self._called: dict[str, frozenset[str]] = {}

    def conduct(self, catalogue: Catalogue) -> dict[str, Trial]:
        """Task -> what came of it."""
        reference, tasks = catalogue.reference, catalogue.tasks
        try:
            first, lost = self._first(reference)
        except (Lost, Unfit) as error:
            return dict.fromkeys(tasks, void(error))
        found = {}
        for name, task in tasks.items():
            ended = [error for functions, error in lost if functions & task.functions]
            if ended:
                found[name] = void(ended[0])
                continue
            tests = _of_task(first, task)
            try:
                tried = self._try(task, [reference, *task.right], tests) if tests else []
                found[name] = judge(tests, [Tried("", [first.states]), *tried], first.unloadable)
            except (Lost, Unfit) as error:
                found[name] = void(error)
        return found

    def _first(self, reference: Implementation) -> tuple[Record, list[tuple[frozenset[str], Lost]]]:
        """All tests on the reference; each by itself if they come to no end together.

        Returns:
            What they said, and of each that came to no end the functions that it had called.

        Raises:
            Lost: too many come to no end.
            Unfit: the reference does not work.
        """
        functions = self._bundle.function_names
        try:
            return self._run(reference, functions, None), []
        except Lost as error:
            whole = error
        records: list[Record] = []
        lost: list[tuple[frozenset[str], Lost]] = []
        for test in sorted(self._suite.names):
            try:
                records.append(self._run(reference, functions, {test}))
            except Lost as error:
                lost.append((frozenset().union(*self._called.values()), error))
                if len(lost) > MOST_LOST:
                    raise whole from None
        return together(records), lost

    def _try(
        self, task: TaskImplementations, right: Sequence[Implementation], tests: set[str]
    ) -> list[Tried]:
        """Run tests on right implementations and, twice, on wrong ones, in a secret order.

        Raises:
            Lost: they came to no end with a right one.
            Unfit: one of them does not work.
        """
        runs: dict[str, list[States | None]] = {one.name: [] for one in (*right, *task.wrong)}
        lost: set[str] = set()
        for one in self._shuffled([*right, *task.wrong, *task.wrong]):
            states = None
            if not one.misconception or not (one.name in lost or len(lost) == MOST_LOST):
                try:
                    states = self._run(one, task.functions, tests).states
                except Lost:
                    if not one.misconception:
                        raise
                    lost.add(one.name)
            runs[one.name].append(states)
        return [Tried(one.misconception, runs[one.name]) for one in (*right, *task.wrong)]

    def _shuffled(self, implementations: Sequence[Implementation]) -> list[Implementation]:
        """The same order for the same tests; it depends on code that no student has."""
        own = self._suite.sha256
        keys = [f"{own} {at} {digest_of(one.files)}" for at, one in enumerate(implementations)]
        places = sorted(range(len(keys)), key=lambda i: hashlib.sha256(keys[i].encode()).digest())
        return [implementations[place] for place in places]

    def _run(
        self,
        implementation: Implementation,
        functions: Collection[str],
        only: Collection[str] | None,
    ) -> Record:
        """Run tests (all, for None) with an implementation behind them, each in a fresh process.

        Args:
            functions: that the implementation must have.

        Raises:
            Lost: they came to no end.
            Unfit: the implementation does not work.
            MustRunAlone: they waited too long while something else was graded.
        """
        declared = self._bundle.function_names
        try:
            self._answering.open(implementation.files)
            if faults := self._answering.begin_task(sorted(functions)):
                raise Unfit(f"{implementation.name}: {faults}")
            self._called = {}
            record = run_tests(
                self._tests, self._answering, declared, self._suite, only, self._called
            )
            self._tests.end_task()
        except Lost as lost:
            self._tests.close()  # it still waits for an answer
            if lost.ending is Ending.WALL and not self._alone:
                raise MustRunAlone from None
            raise
        return record


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
