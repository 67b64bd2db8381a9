"""The page of a class: ids, never a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..contract import Report
from ..model import CategoryId
from ..rubric.model import Rubric
from .advice import has_failed
from .classroom import (
    MOST,
    concerns,
    failed_alike,
    hardest_checks,
    misconceptions,
    out_of_time,
    spreads,
)
from .frame import page

TEMPLATE = "class.html.j2"
SCRIPT = "class.js"


@dataclass(frozen=True)
class Row:
    """One submission in the table.

    Attributes:
        categories: points of each, in order; empty where there is no mark.
        waiting: parts that wait for a person.
        first: the diagnosis that explains most.
    """

    id: str
    members: str
    status: str
    points: float | None
    categories: tuple[float, ...]
    failed: int
    waiting: int
    first: str


def class_page(reports: Sequence[Report], rubric: Rubric, missing: Sequence[str]) -> str:
    """The page of a class.

    Args:
        missing: ids of those who handed in nothing.
    """
    graded = [report for report in reports if report.status == "graded"]
    by_category, by_task = spreads(graded, rubric)
    to_see = concerns(reports, rubric)
    rows = [_row(report) for report in reports]
    rows += [Row(name, "", "missing", None, (), 0, 0, "") for name in missing]
    return page(
        TEMPLATE,
        SCRIPT,
        title=rubric.title,
        graded=len(graded),
        not_graded=[report for report in reports if report.status != "graded"],
        missing=missing,
        waiting=sum(bool(report.review.pending) for report in graded),
        by_category=by_category,
        by_task=by_task,
        to_see=to_see[:MOST],
        more_to_see=len(to_see) - MOST,
        hardest=hardest_checks(graded),
        misconceptions=misconceptions(graded),
        alike=failed_alike(graded),
        out_of_time=out_of_time(graded),
        categories=[identifier.value.capitalize() for identifier in CategoryId],
        rows=rows,
    )


def _row(report: Report) -> Row:
    members = [m for m in report.submission.members if m != report.submission.id]
    points = {c.id: float(c.points) for c in report.categories}
    return Row(
        id=report.submission.id,
        members=", ".join(members),
        status=report.status.replace("_", " "),
        points=float(report.score.points) if report.score else None,
        categories=tuple(points[identifier] for identifier in CategoryId if points),
        failed=sum(has_failed(e) for e in report.evidence),
        waiting=len(report.review.pending),
        first=report.diagnoses[0].title if report.diagnoses else "",
    )
