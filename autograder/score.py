"""From results to points: evidence, gates, categories, levels.

Every point of the rubric belongs to one piece of evidence, so the sums are
exact. A task's gate decides whether the rest of the task counts at all, and
the share of its implementation points that was earned scales what is given
for its quality and for what was written about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from .bundle import Bundle
from .kit.marker import Check
from .kit.written import shortfall
from .model import (
    CategoryId,
    CategoryScore,
    CheckResult,
    Evidence,
    Kind,
    Level,
    Movement,
    ReviewState,
    Verdict,
)
from .rubric.model import OwnTests, Question, Task

CENT = Decimal("0.01")
QUALITY_START = Decimal("0.85")
"""Working code starts at Progressing; the rest is a person's to award."""
QUALITY_DEDUCTION = Decimal("0.05")
"""Share of a task's quality points lost for each rule that is broken somewhere."""
QUALITY_MOST = Decimal("0.30")
QUALITY_NOTE = "Nothing to object to; what lies above Progressing is a person's to award."
HINTED = {Verdict.FAIL, Verdict.NOT_RUN}
"""A hint speaks of values; who crashed or ran out of time has another problem."""
WAITING = "Waits for a person."


@dataclass(frozen=True)
class Grading:
    """All that is known of one submission when scoring starts.

    Attributes:
        checks: the graded checks.
        results: check id -> conclusion.
        survey: what the submission says before it runs (see `kit.survey`).
    """

    bundle: Bundle
    checks: Sequence[Check]
    results: dict[str, CheckResult]
    survey: dict[str, Any]

    def gate_passed(self, task: Task) -> bool:
        """Whether the task counts at all."""
        return self.results[task.gate].verdict is Verdict.PASS


def score(grading: Grading) -> list[CategoryScore]:
    """The five categories with their evidence."""
    rubric = grading.bundle.rubric
    evidence: dict[CategoryId, list[Evidence]] = {category: [] for category in CategoryId}
    for task in rubric.tasks:
        for category in (CategoryId.IMPLEMENTATION, CategoryId.CORRECTNESS):
            evidence[category] += _check_evidence(grading, task, category)
    shares = {
        task.id: _earned_share(evidence[CategoryId.IMPLEMENTATION], task) for task in rubric.tasks
    }
    for task in rubric.tasks:
        evidence[CategoryId.CORRECTNESS] += [
            _question_evidence(question, task, shares[task.id]) for question in task.questions
        ]
        if task.points.quality:
            evidence[CategoryId.QUALITY].append(_quality_evidence(grading, task, shares[task.id]))
    work = _work_share(rubric.tasks, shares)
    if rubric.own_tests is not None:
        evidence[CategoryId.IMPLEMENTATION].append(_tests_evidence(grading, rubric.own_tests, work))
    evidence[CategoryId.REPORT] = _written(grading, Kind.REPORT, work)
    evidence[CategoryId.COMPLETENESS] = _written(grading, Kind.COMPLETENESS, work)
    return [_category(grading.bundle, category, evidence[category]) for category in CategoryId]


def review_state(categories: Iterable[CategoryScore]) -> ReviewState:
    """What waits for a person, and how far that could move the mark."""
    waiting = [e for category in categories for e in category.evidence if e.needs_review]
    return ReviewState(
        pending=[e.id for e in waiting],
        could_move=Movement(
            down=sum((e.points for e in waiting), Decimal(0)),
            up=sum((e.possible - e.points for e in waiting), Decimal(0)),
        ),
    )


def split(points: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """Share points out by weight, to the hundredth, so that they sum to the whole."""
    total = sum(weights)
    exact = [points * weight / total for weight in weights]
    shares = [value.quantize(CENT, ROUND_FLOOR) for value in exact]
    missing = int((points - sum(shares)) / CENT)
    by_remainder = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for index in by_remainder[:missing]:
        shares[index] += CENT
    return shares


def level_of(points: Decimal, possible: Decimal, thresholds: dict[Level, int]) -> Level:
    """The highest level whose percentage is reached."""
    percent = 100 * points / possible if possible else Decimal(0)
    return [level for level in Level if percent >= thresholds[level]][-1]


def _check_evidence(grading: Grading, task: Task, category: CategoryId) -> list[Evidence]:
    checks = [c for c in grading.checks if c.task == task.id and c.category == category.value]
    worth = split(getattr(task.points, category.value), [c.weight for c in checks])
    counts = grading.gate_passed(task)
    found = []
    for check, possible in zip(checks, worth, strict=True):
        result = grading.results[check.id]
        passed = result.verdict is Verdict.PASS
        points = possible if passed and counts else Decimal(0)
        waits = result.for_person and (counts or check.id == task.gate)
        message = result.message
        if passed and not counts:
            message = f"Not counted: first the check {task.gate!r} of this task must pass."
        elif not passed and not waits and check.sibling:
            message += f" The public check {check.sibling!r} shows the same on a small example."
        found.append(
            Evidence(
                id=check.id,
                title=check.title,
                kind=Kind.CHECK,
                task=task.id,
                verdict=result.verdict,
                measured=None if waits else points,
                points=points,
                possible=possible,
                message=message,
                needs_review=waits,
                hint=check.hint if not waits and result.verdict in HINTED else "",
                section=check.section,
            )
        )
    return found


def _earned_share(evidence: list[Evidence], task: Task) -> Decimal:
    points = sum((e.points for e in evidence if e.task == task.id), Decimal(0))
    possible = task.points.implementation
    return points / possible if possible else Decimal(0)


def _work_share(tasks: Sequence[Task], shares: dict[str, Decimal]) -> Decimal:
    """How much of the whole work is done, tasks weighted by their implementation points."""
    possible = sum((task.points.implementation for task in tasks), Decimal(0))
    earned = sum((shares[t.id] * t.points.implementation for t in tasks), Decimal(0))
    return earned / possible if possible else Decimal(0)


def _question_evidence(question: Question, task: Task, share: Decimal) -> Evidence:
    """An answer that a person will mark; of a task that does nothing it earns nothing."""
    waits = share > 0
    return Evidence(
        id=question.id,
        title=question.text,
        kind=Kind.QUESTION,
        task=task.id,
        verdict=Verdict.NOT_RUN,
        measured=None if waits else Decimal(0),
        points=Decimal(0),
        possible=question.points,
        message=WAITING if waits else "Not counted: the task itself does not work yet.",
        needs_review=waits,
        section=question.section,
    )


def _tests_evidence(grading: Grading, declared: OwnTests, work: Decimal) -> Evidence:
    """The student's own tests; they wait for a person where there are any."""
    own = [name for name in grading.survey["tests"] if name not in grading.bundle.template_tests]
    waits = bool(own) and work > 0
    message = WAITING if waits else "No tests of your own were handed in."
    if own and not waits:
        message = "Not counted: there is no working code for them to test yet."
    return Evidence(
        id="own-tests",
        title="Your own tests",
        kind=Kind.TESTS,
        task=None,
        verdict=Verdict.NOT_RUN,
        measured=None if waits else Decimal(0),
        points=Decimal(0),
        possible=declared.points,
        message=message,
        needs_review=waits,
        section=declared.section,
    )


def _quality_evidence(grading: Grading, task: Task, share: Decimal) -> Evidence:
    """Code quality of one task, from the findings of the survey; a person may move it."""
    functions = grading.survey["functions"]
    names = [f.name for f in task.functions]
    written = {n: functions[n] for n in names if n in functions and not functions[n]["stub"]}
    notes = [
        (rule, f"{about['file']}, line {line}, {name}: {better}")
        for name, about in written.items()
        for rule, line, better in about["findings"]
    ]
    broken = {rule for rule, _ in notes}
    lost = min(QUALITY_MOST, QUALITY_DEDUCTION * len(broken))
    measured = _cents(task.points.quality * share * (QUALITY_START - lost))
    return Evidence(
        id=f"quality-{task.id}",
        title=f"Code quality: {task.title}",
        kind=Kind.QUALITY,
        task=task.id,
        verdict=_verdict(measured, task.points.quality),
        measured=measured,
        points=measured,
        possible=task.points.quality,
        message="; ".join(note for _, note in notes)[:1000] or _scaled_note(share) or QUALITY_NOTE,
        needs_review=measured > 0,
    )


def _written(grading: Grading, kind: Kind, work: Decimal) -> list[Evidence]:
    """What was written and handed in, each part scaled by the work that is done."""
    declared = grading.bundle.rubric.report
    if kind is Kind.COMPLETENESS:
        declared = grading.bundle.rubric.completeness
    worth = split(declared.points, [1] * len(declared.artefacts))
    template = grading.bundle.template_sections
    found = []
    for artefact, possible in zip(declared.artefacts, worth, strict=True):
        missing = shortfall(artefact.model_dump(), grading.survey, template)
        measured = Decimal(0) if missing else _cents(possible * work)
        found.append(
            Evidence(
                id=artefact.id,
                title=artefact.title,
                kind=kind,
                task=None,
                verdict=Verdict.NOT_RUN if missing else _verdict(measured, possible),
                measured=measured,
                points=measured,
                possible=possible,
                message=missing or _scaled_note(work),
                needs_review=measured > 0 or (work > 0 and _may_stand_elsewhere(grading)),
            )
        )
    return found


def _may_stand_elsewhere(grading: Grading) -> bool:
    """Whether something was written that the measure does not read, so a person should look."""
    return bool(grading.survey["writings"])


def _category(bundle: Bundle, category: CategoryId, evidence: list[Evidence]) -> CategoryScore:
    points = sum((e.points for e in evidence), Decimal(0))
    possible = sum((e.possible for e in evidence), Decimal(0))
    return CategoryScore(
        id=category,
        title=bundle.rubric.categories[category].title,
        points=points,
        possible=possible,
        level=level_of(points, possible, bundle.rubric.levels),
        provisional=any(e.needs_review for e in evidence),
        evidence=evidence,
    )


def _verdict(measured: Decimal, possible: Decimal) -> Verdict:
    if measured == 0:
        return Verdict.FAIL
    return Verdict.PASS if measured == possible else Verdict.PARTIAL


def _scaled_note(share: Decimal) -> str:
    if share == 1:
        return ""
    return f"Counts by the share of the work that runs: {int(100 * share)}%."


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
