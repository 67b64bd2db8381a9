"""Checkpoint questions, which a person marks by anchor answers."""

from __future__ import annotations

from decimal import Decimal

from ..model import Evidence, Kind, Verdict
from ..rubric.model import Question, Task
from .points import WAITING


def question_evidence(question: Question, task: Task, share: Decimal) -> Evidence:
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
