"""Code quality: deductions from working code, by rules that are named.

A task's points for quality are shared equally among the functions that are
filled in. Each function starts at Progressing and loses a tenth of its share
for every rule that is broken in it or in a helper of its own, however often,
and three tenths at most. So no more than 30% of a task can be lost, and what
lies above Progressing is a person's to award.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from ..contract import Evidence, Kind
from ..model import Verdict
from ..reading.rules import RULES
from ..rubric.model import Task
from .grading import Finding, Grading
from .points import cents, scaled_note, verdict_of

START = Decimal("0.85")
"""Working code starts at Progressing."""
DEDUCTION = Decimal("0.10")
"""Share of a function lost for each rule that is broken in it."""
MOST = Decimal("0.30")
"""Share of a function that can be lost."""
NOTHING_FOUND = "Nothing to object to; what lies above Progressing is a person's to award."
NOT_READ = "A person will look at this: the code could not be read by rules."


def quality_evidence(grading: Grading, task: Task, share: Decimal) -> Evidence:
    """Code quality of one task; a person may move it.

    Args:
        share: of the task's implementation points that was earned.
    """
    found = _counted(grading, task) if share else {}
    lost = sum(map(_lost, found.values()), Decimal(0)) / max(1, len(found))
    whole = task.points.quality * share if found else Decimal(0)
    measured = cents(whole * (START - lost))
    # what works and cannot be read is for a person; behind a gate taken back there may be nothing
    waits = share > 0 and not found and grading.passes_any(task)
    notes = [_message(found, whole * lost), scaled_note(share)]
    message = "\n".join(filter(None, notes)) or NOTHING_FOUND
    return Evidence(
        id=f"quality-{task.id}",
        title=f"Code quality: {task.title}",
        kind=Kind.QUALITY,
        task=task.id,
        verdict=Verdict.NOT_RUN if waits else verdict_of(measured, task.points.quality),
        measured=None if waits else measured,
        points=measured,
        possible=task.points.quality,
        message=NOT_READ if waits else message,
        needs_review=waits or measured > 0,
    )


def _counted(grading: Grading, task: Task) -> dict[str, list[Finding]]:
    """Function that is filled in -> what counts against it."""
    findings = grading.quality or {}
    ignored = grading.bundle.rubric.quality.ignore
    return {
        function.name: [one for one in findings[function.name] if one.rule not in ignored]
        for function in task.functions
        if function.name in findings
    }


def _lost(findings: list[Finding]) -> Decimal:
    """The share of one function that is lost."""
    return min(MOST, DEDUCTION * len({one.rule for one in findings}))


def _message(found: Mapping[str, list[Finding]], lost: Decimal) -> str:
    """Every rule that is broken, where, and what would be better, in lines; empty without one."""
    if not lost:
        return ""
    lines = [f"{cents(lost)} points are lost. A rule counts once in a function, three at most."]
    for rule in RULES.values():
        places = list(_places(found, rule.id))
        if places:
            lines += [f"{rule.title} [{rule.id}]. {rule.why} {rule.better}", *places]
    return "\n".join(lines)


def _places(found: Mapping[str, list[Finding]], rule: str) -> Iterator[str]:
    """A line for each function that breaks a rule."""
    for function, findings in found.items():
        broken = [one for one in findings if one.rule == rule]
        for first in broken[:1]:
            also = f" (and {len(broken) - 1} more)" if broken[1:] else ""
            yield f"  {first.file}, line {first.line}, for {function}: {first.text}{also}"
