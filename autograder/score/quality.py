"""Code quality: deductions from working code, by rules that are named."""

from __future__ import annotations

from decimal import Decimal

from ..model import Evidence, Kind
from ..rubric.model import Task
from .grading import Grading
from .points import cents, scaled_note, verdict_of

QUALITY_START = Decimal("0.85")
"""Working code starts at Progressing; the rest is a person's to award."""
QUALITY_DEDUCTION = Decimal("0.05")
"""Share of a task's quality points lost for each rule that is broken somewhere."""
QUALITY_MOST = Decimal("0.30")
QUALITY_NOTE = "Nothing to object to; what lies above Progressing is a person's to award."


def quality_evidence(grading: Grading, task: Task, share: Decimal) -> Evidence:
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
    measured = cents(task.points.quality * share * (QUALITY_START - lost))
    return Evidence(
        id=f"quality-{task.id}",
        title=f"Code quality: {task.title}",
        kind=Kind.QUALITY,
        task=task.id,
        verdict=verdict_of(measured, task.points.quality),
        measured=measured,
        points=measured,
        possible=task.points.quality,
        message="; ".join(note for _, note in notes)[:1000] or scaled_note(share) or QUALITY_NOTE,
        needs_review=measured > 0,
    )
