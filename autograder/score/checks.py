"""Checks: what each is worth, and how much of a task is earned."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..contract import Evidence, Kind
from ..model import CategoryId, Verdict
from ..rubric.model import Task
from .grading import Grading
from .points import split

HINTED = {Verdict.FAIL, Verdict.NOT_RUN}
"""A hint speaks of values; who crashed or ran out of time has another problem."""


def check_evidence(grading: Grading, task: Task, category: CategoryId) -> list[Evidence]:
    """What each check of one task and category is worth.

    Behind the task's gate nothing counts but what everybody has.
    """
    checks = [c for c in grading.checks if c.task == task.id and c.category == category.value]
    worth = split(getattr(task.points, category.value), [c.weight for c in checks])
    counts = grading.gate_passed(task)
    found = []
    for check, possible in zip(checks, worth, strict=True):
        result = grading.results[check.id]
        excluded = grading.excluded(check.id)
        passed = grading.earned(check.id)
        points = possible if excluded or (passed and counts) else Decimal(0)
        waits = result.for_person and not excluded and (counts or check.id == task.gate)
        message = result.message
        if excluded:
            message = f"This check is taken back, and everybody has its points: {excluded}"
        elif passed and not counts:
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
                hint=check.hint if not waits and not passed and result.verdict in HINTED else "",
                section=check.section,
                excluded=excluded,
            )
        )
    return found


def earned_share(evidence: list[Evidence], task: Task) -> Decimal:
    """Share of a task's implementation points that was earned, from 0 to 1."""
    points = sum((e.points for e in evidence if e.task == task.id), Decimal(0))
    possible = task.points.implementation
    return points / possible if possible else Decimal(0)


def work_share(tasks: Sequence[Task], shares: dict[str, Decimal]) -> Decimal:
    """How much of the whole work is done, tasks weighted by their implementation points."""
    possible = sum((task.points.implementation for task in tasks), Decimal(0))
    earned = sum((shares[t.id] * t.points.implementation for t in tasks), Decimal(0))
    return earned / possible if possible else Decimal(0)
