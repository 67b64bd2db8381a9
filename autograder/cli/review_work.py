"""What a reviewer looks at, as plain values for a page: the question, and one submission's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from ..contract import CategoryScore, Evidence, Kind, Report
from ..model import CategoryId, Level
from ..pages.code import code_of
from ..pages.frame import points
from ..review.files import Subject
from ..review.marks import SHARES
from ..review.waiting import Item
from ..rubric.model import Claim, Question, Rubric


def question_of(subject: Subject, rubric: Rubric) -> dict[str, Any]:
    """What is asked: title, words, and the marks that can be given with what each stands for."""
    question = _question(subject.id, rubric)
    task = subject.task if isinstance(subject, Evidence) else None
    titles = {each.id: each.title for each in rubric.tasks}
    return {
        "id": subject.id,
        "title": subject.title,
        "task": titles.get(task or "", ""),
        "text": _joined(question.text) if question else "",
        "possible": points(subject.possible),
        "choices": _choices(subject, question, rubric),
        "levels": [] if question else _levels(subject, rubric),
    }


def levels_of(subject: Subject, rubric: Rubric) -> dict[Level, str]:
    """What each level of a subject's category means; nothing, where it belongs to none."""
    if isinstance(subject, CategoryScore):
        return dict(rubric.categories[subject.id].levels)
    kind = subject.kind.value
    known = {category.value for category in CategoryId}
    return dict(rubric.categories[CategoryId(kind)].levels) if kind in known else {}


def anchors_of(subject: Subject, rubric: Rubric) -> dict[str, str]:
    """What the answer to a question is held against, by share of the points."""
    question = _question(subject.id, rubric)
    return question.anchors.model_dump() if question else {}


def work_of(
    item: Item, artifacts: Mapping[str, Any], rubric: Rubric, *, others: bool
) -> dict[str, Any]:
    """What one submission shows, and what the machine and people noted of it.

    Args:
        others: whether to show what others said; what was said of earlier work is shown always.
    """
    subject = item.subject
    functions: list[dict[str, Any]] = []
    measured: Decimal | None = subject.points
    if isinstance(subject, Evidence):
        functions = _functions(subject, artifacts, rubric)
        measured = subject.measured
    return {
        "text": "" if functions else item.shown,
        "functions": functions,
        "noted": _noted(item, artifacts, rubric),
        "earlier": _earlier(subject, others=others),
        "measured": None if measured is None else points(measured),
        "keeps": isinstance(subject, Evidence) and measured is not None,
        "elsewhere": "" if item.shown else item.report.submission.id,
    }


def _question(name: str, rubric: Rubric) -> Question | None:
    return next((q for task in rubric.tasks for q in task.questions if q.id == name), None)


def _choices(subject: Subject, question: Question | None, rubric: Rubric) -> list[dict[str, str]]:
    """The marks that have a key of their own: levels of a category, else shares of the points."""
    if isinstance(subject, CategoryScore):
        return [
            {"mark": level["name"], **level, "points": ""} for level in _levels(subject, rubric)
        ]
    says = question.anchors.model_dump() if question else dict.fromkeys(SHARES, "")
    return [
        {
            "mark": name,
            "name": name,
            "text": _joined(says[name]),
            "points": points(subject.possible * share),
        }
        for name, share in SHARES.items()
    ]


def _levels(subject: Subject, rubric: Rubric) -> list[dict[str, str]]:
    found = levels_of(subject, rubric)
    return [{"name": level.value, "text": _joined(text)} for level, text in found.items()]


def _functions(
    subject: Evidence, artifacts: Mapping[str, Any], rubric: Rubric
) -> list[dict[str, Any]]:
    """The task's code with findings at the lines, where the machine looked at code."""
    if subject.kind not in {Kind.QUALITY, Kind.CHECK}:
        return []
    names = [f.name for task in rubric.tasks if task.id == subject.task for f in task.functions]
    known = artifacts.get("functions", {})
    found = subject.kind is Kind.QUALITY
    return [asdict(code_of(n, known[n], with_findings=found)) for n in names if n in known]


def _noted(item: Item, artifacts: Mapping[str, Any], rubric: Rubric) -> list[str]:
    """What the machine has to say: its message, claims that do not hold, why a check failed."""
    subject = item.subject
    claims = _claims(item.report, _stated_there(subject, rubric))
    if isinstance(subject, CategoryScore):
        return claims
    details = artifacts.get("instructor", {}).get("details", {})
    explains = [d.title for d in item.report.diagnoses if subject.id in d.explains]
    said = [subject.message, *explains, str(details.get(subject.id, ""))]
    return [text for text in said if text] + claims


def _stated_there(subject: Subject, rubric: Rubric) -> list[Claim]:
    """Numbers that help to judge it: those of a question's task, of a section, of a report."""
    if isinstance(subject, CategoryScore):
        return rubric.claims if subject.id is CategoryId.REPORT else []
    if subject.kind is Kind.QUESTION:
        return [claim for claim in rubric.claims if claim.task == subject.task]
    places = {(a.file, a.section) for a in rubric.report.artefacts if a.id == subject.id}
    there = (({(c.find.file, c.find.section), (c.find.file, None)}, c) for c in rubric.claims)
    return [claim for found, claim in there if found & places]


def _claims(report: Report, claims: Sequence[Claim]) -> list[str]:
    """What the report states of these numbers, beside what the code gives."""
    about = tuple(claim.text for claim in claims)
    return [
        f"{claim.text}: the report says {claim.stated:.6g}, "
        + (f"the code gives {claim.measured:.6g}" if claim.measured is not None else "not measured")
        + f" ({claim.verdict})"
        for claim in report.claims or []
        if claim.text.startswith(about)
    ]


def _earlier(subject: Subject, *, others: bool) -> list[dict[str, Any]]:
    return [
        {
            "reviewer": note.reviewer,
            "given": note.level or ("" if note.points is None else points(Decimal(note.points))),
            "comment": note.comment,
            "stale": note.stale,
        }
        for note in subject.reviews or []
        if others or note.stale
    ]


def _joined(text: str) -> str:
    return " ".join(text.split())
