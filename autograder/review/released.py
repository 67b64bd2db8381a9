"""`released.json`: which categories students have seen, and their points then."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ..contract import Report
from ..model import CategoryId
from .files import ReviewError
from .settle import LATE, Released, at_best

FILE = "released.json"
_SHAPE = TypeAdapter(dict[str, dict[str, Decimal]])


def read_released(results: Path) -> Released:
    """What was released from a folder of results; nothing where nobody did.

    Raises:
        ReviewError: the file is there and cannot be understood.
    """
    path = results / FILE
    if not path.exists():
        return {}
    try:
        return _SHAPE.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise ReviewError(
            f"{path} cannot be read, and it says which marks must not fall: bring back a copy, "
            "or remove it if nothing was released"
        ) from None


def release(
    released: Released, reports: Iterable[Report], categories: Collection[CategoryId] = ()
) -> Released:
    """What is released with these categories added, at the points that reports have now.

    Of others that were released, points that were allowed to fall are noted, and no rise is.
    """
    now = {identifier: dict(known) for identifier, known in released.items()}
    for report in reports:
        known = now.get(report.submission.id, {})
        points = {c.id.value: c.points for c in report.categories}
        noted = {c: p for c, p in points.items() if c in categories or p < known.get(c, p)}
        if known or noted:
            known = {**known, **noted}
            # students see the mark, and what lateness costs, once all of it is released
            whole = points and points.keys() <= known.keys()
            late = {LATE: _lateness(report)} if whole else {}
            # a member may be on their own tomorrow
            members = dict.fromkeys([report.submission.id, *report.submission.members])
            now |= {member: {**known, **late} for member in members}
    return now


def _lateness(report: Report) -> Decimal:
    """What lateness may cost from now on: as much as now, or anything where nothing is left."""
    if report.late is None or report.score is None:
        return Decimal(0)
    return report.late.points if report.score.points else report.score.possible


def together(first: Released, second: Released) -> Released:
    """What was released in either of two folders: of each category the most points of the two."""
    ids = [*first, *(identifier for identifier in second if identifier not in first)]
    return {i: at_best([first.get(i, {}), second.get(i, {})]) for i in ids}


def risen(report: Report, released: Released) -> list[CategoryId]:
    """Released categories that have more points now: students may still lose what came since."""
    then = released.get(report.submission.id, {})
    return [c.id for c in report.categories if c.points > then.get(c.id.value, c.points)]


def as_json(released: Released) -> dict[str, dict[str, float]]:
    """The content of the file."""
    return {
        identifier: {name: float(points) for name, points in sorted(known.items())}
        for identifier, known in sorted(released.items())
    }
