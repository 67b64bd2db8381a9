"""Checkpoint questions, which a person marks by anchor answers."""

from __future__ import annotations

from decimal import Decimal

from ..contract import Evidence, Kind
from ..model import Verdict
from ..rubric.model import Question, Task
from .grading import Grading
from .points import WAITING


def question_evidence(grading: Grading, question: Question, task: Task, share: Decimal) -> Evidence:
    """An answer that a person will mark, or its absence.

    Of a task that does nothing it earns nothing. Where a document could not be read, an answer
    may stand in it, so a person looks as well.
    """
    answer, unread = grading.answers.get(question.id), grading.writing.unread
    waits = share > 0 and (answer is not None or bool(unread))
    if answer is not None:
        message = f"Answered in {answer.file}. {WAITING}"
    else:
        message = f"No answer to {question.id} was found. {unread} {WAITING if waits else ''}"
    if share == 0:
        message = "Not counted: the task itself does not work yet."
    return Evidence(
        id=question.id,
        title=question.text,
        kind=Kind.QUESTION,
        task=task.id,
        verdict=Verdict.NOT_RUN,
        measured=None if waits else Decimal(0),
        points=Decimal(0),
        possible=question.points,
        message=" ".join(message.split()),
        needs_review=waits,
        section=question.section,
    )
