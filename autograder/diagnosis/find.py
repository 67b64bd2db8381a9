"""From the failed checks of one submission to its diagnoses.

Only functions whose checks fail are tried again, on small public inputs, in processes of
their own: those in which the checks ran have met hidden inputs, which a student's results
might carry. Right submissions cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..checks.collect import Collected
from ..checks.fixtures import Student
from ..contract import Diagnosis, Evidence
from ..kit.failures import LoadError, NotAttempted
from ..kit.marker import Check, seeded_rng
from ..model import CheckResult, Limits, Verdict
from ..rubric.model import Task
from ..sandbox.deadline import Lost
from ..sandbox.session import Session
from .compare import outcome, outcome_of_student
from .declare import Given, Misconception, Seen, Trials
from .load import Diagnoses
from .match import Tried, as_far_as_it_goes, is_wrong, looked_at, recognise, try_out
from .shrink import shown, shrink, size

CPU_SECONDS = 4.0
"""Most computing time for all that is tried of one function; most take a hundredth."""
MOST_LOST = 2
"""After so many hangs and crashes nothing more is tried."""
TRIED = {Verdict.FAIL, Verdict.PARTIAL, Verdict.ERROR}
"""Verdicts after which a function is worth another call; one that hung would hang again."""


@dataclass
class Findings:
    """What was found out about one submission.

    Attributes:
        diagnoses: the one that explains most first.
        counterexamples: function -> the smallest input on which it is wrong, as text.
    """

    diagnoses: list[Diagnosis] = field(default_factory=list)
    counterexamples: dict[str, str] = field(default_factory=dict)

    def without(self, checks: Collection[str]) -> Findings:
        """The same where some checks were taken back, which need no explanation."""
        left = [
            d.model_copy(update={"explains": [c for c in d.explains if c not in checks]})
            for d in self.diagnoses
        ]
        return Findings([d for d in left if d.explains], self.counterexamples)


def limits_for(limits: Limits) -> Limits:
    """What student code may use while it is tried for a diagnosis."""
    return limits.model_copy(update={"cpu_seconds": min(CPU_SECONDS, limits.cpu_seconds)})


def diagnose(
    diagnoses: Diagnoses,
    collected: Collected,
    results: Mapping[str, CheckResult],
    session: Session,
) -> Findings:
    """Diagnose one submission.

    Args:
        results: check id -> what was concluded.
        session: a new one of this submission; nothing runs in it if no check has failed.
    """
    return _Search(diagnoses, collected, results, session).found()


def annotated(
    evidence: Iterable[Evidence], findings: Findings, collected: Collected
) -> list[Evidence]:
    """The evidence with second hints and counterexamples beside the checks that failed."""
    hints = {c: d.hint_2 for d in reversed(findings.diagnoses) for c in d.explains}
    examples = {
        check.id: findings.counterexamples[check.function]
        for check in collected.checks.values()
        if check.function in findings.counterexamples
    }
    return [
        e
        if e.verdict is Verdict.PASS
        else e.model_copy(
            update={
                "hint_2": hints.get(e.id, e.hint_2),
                "counterexample": examples.get(e.id, e.counterexample),
            }
        )
        for e in evidence
    ]


class _Search:
    """The state of one search: what is named so far, and which functions are wrong."""

    def __init__(
        self,
        diagnoses: Diagnoses,
        collected: Collected,
        results: Mapping[str, CheckResult],
        session: Session,
    ) -> None:
        self._all = diagnoses
        self._session = session
        self._rubric = diagnoses.bundle.rubric
        failing = {c.task for c in collected.checks.values() if _has_failed(results.get(c.id))}
        # what waits for a person may have the same cause, where something has failed as well
        self._failed = [
            check
            for check in collected.checks.values()
            if check.task in failing and _is_open(results.get(check.id))
        ]
        self._waiting = {check for check, result in results.items() if result.for_person}
        self._verdicts = {check: result.verdict for check, result in results.items()}
        self._lost = 0
        self._instead: dict[str, Callable[..., object]] = {}
        self._examples: dict[str, str] = {}
        self._named: list[tuple[Misconception, str]] = []

    def found(self) -> Findings:
        """Try what has failed, task by task."""
        for task in self._rubric.tasks:
            failed = [check for check in self._failed if check.task == task.id]
            functions = dict.fromkeys(f.name for f in task.functions) | dict.fromkeys(
                self._rubric.data
            )
            suspects = {
                name: checks
                for name in functions
                if (checks := [check for check in failed if check.function == name])
            }
            self._try(task, {n: c for n, c in suspects.items() if self._worth_trying(n, c)})
            for name in suspects:
                self._look_for_patterns(task, name)
        self._named.sort(key=lambda named: named[0].vagueness)
        diagnoses = [self._diagnosis(m, task) for m, task in self._named]
        diagnoses.sort(key=lambda diagnosis: -len(diagnosis.explains))
        return Findings(diagnoses, self._examples)

    def _worth_trying(self, name: str, checks: list[Check]) -> bool:
        verdicts = {self._verdicts[check.id] for check in checks}
        declared = name in self._all.trials or any(m.shows for m in self._all.of(name))
        answered = verdicts & TRIED or self._waiting & {check.id for check in checks}
        return declared and Verdict.TIMEOUT not in verdicts and bool(answered)

    def _try(self, task: Task, functions: Iterable[str]) -> None:
        names = [*(f.name for f in task.functions), *self._rubric.data]
        faults: dict[str, Exception] | None = None
        for function in functions:
            if self._lost == MOST_LOST:
                return
            try:
                if faults is None:
                    faults = self._session.begin_task(names)
                self._session.begin_check(hidden=False)
                self._try_one(task, function, Student(self._all.bundle, self._session, faults))
            except Lost:
                self._lost += 1
            except (NotAttempted, LoadError):
                continue  # there is nothing to try
        self._session.end_task()

    def _try_one(self, task: Task, function: str, student: Any) -> None:
        trials = self._all.trials.get(function)
        unexplained = self._unexplained(function)
        named: list[Misconception] = []
        seen: list[Seen] = []
        if trials is not None and (trials.plain or unexplained):
            named, seen = self._compare(trials, student)
        if not named and unexplained:
            candidates = sorted(self._all.of(function), key=lambda m: m.vagueness)
            held = (m for m in candidates if self._agrees(m) or _holds(m, student, seen))
            named = [m for m in [next(held, None)] if m is not None]
        self._named += [(m, task.id) for m in named]

    def _compare(self, trials: Trials, student: Any) -> tuple[list[Misconception], list[Seen]]:
        """What the results of a function say, and how they look beside; its counterexample, too."""
        right = self._all.right[trials.function]
        tried = try_out(trials, student, seeded_rng(self._rubric.id, "trials", trials.function))
        wrong = [one for one in tried if is_wrong(trials, right, one)]
        if not wrong:
            return [], []
        named = recognise(self._all, trials, tried, self._instead)
        seen = [] if named else looked_at(self._all, trials, tried, self._instead)
        if trials.shown != ():
            self._examples[trials.function] = self._smallest(trials, wrong, student)
        if trials.plain:  # what calls it is judged beside the student's own wrong one
            self._instead[trials.function] = getattr(student, trials.function)
        return named, seen

    def _unexplained(self, function: str) -> bool:
        """Whether a check of this function fails for no reason that is named yet."""
        caused = {check for m, _ in self._named for check in self._all.failing_with(m)}
        return any(c.function == function and c.id not in caused for c in self._failed)

    def _smallest(self, trials: Trials, wrong: list[Tried], student: Any) -> str:
        """The counterexample of a function that is wrong on these trials."""
        right = self._all.right[trials.function]
        smallest = min(wrong, key=lambda one: size(one.given))

        def tried(given: Given) -> Tried:
            call = partial(getattr(student, trials.function), *given.values())
            return Tried(given, outcome_of_student(call))

        if trials.plain:
            given = shrink(smallest.given, trials, lambda g: is_wrong(trials, right, tried(g)))
            smallest = tried(given)
        return shown(trials, smallest.given, smallest.got, outcome(right, smallest.given))

    def _look_for_patterns(self, task: Task, function: str) -> None:
        if any(m.function == function for m, _ in self._named) or not self._unexplained(function):
            return
        for m in self._all.of(function):
            if self._agrees(m):
                self._named.append((m, task.id))
                return

    def _agrees(self, m: Misconception) -> bool:
        """Whether it is a pattern, and checks end as it says."""
        verdicts = self._verdicts
        return (
            m.is_pattern
            and all(verdicts[check] is not Verdict.PASS for check in m.fails)
            and all(verdicts[check] is Verdict.PASS for check in m.passes)
            and all(verdicts[check] is Verdict.TIMEOUT for check in m.out_of_time)
        )

    def _diagnosis(self, misconception: Misconception, task: str) -> Diagnosis:
        section = misconception.section or next(
            c.section for c in self._failed if c.function == misconception.function
        )
        caused = self._all.failing_with(misconception)
        return Diagnosis(
            id=misconception.id,
            task=task,
            title=misconception.title,
            hint=misconception.hint,
            explains=[
                c.id for c in self._failed if c.id in caused or c.function == misconception.function
            ],
            hint_2=f"Handout {section}: {misconception.hint_2}",
            section=section,
            counterexample=self._examples.get(misconception.function),
        )


def _is_open(result: CheckResult | None) -> bool:
    """Whether a check did not pass."""
    return result is not None and result.verdict is not Verdict.PASS


def _has_failed(result: CheckResult | None) -> bool:
    """Whether a check found something wrong; what waits for a person has not."""
    return result is not None and _is_open(result) and not result.for_person


def _holds(misconception: Misconception, student: Any, seen: Sequence[Seen]) -> bool:
    """Whether the student's functions behave, or their results look, as it says."""
    holds = False
    with as_far_as_it_goes():
        if misconception.shows is not None:
            holds = bool(misconception.shows(student))
        elif misconception.tells is not None and any(one.wrong for one in seen):
            holds = bool(misconception.tells(seen))
    return holds
