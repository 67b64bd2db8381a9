"""Who moves between two gradings of a class, and what did it.

The points of every change of a submission sum to the change of its mark; changes of the extension
stand beside them, as it stands beside the mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum

from ..contract import EXTENSION, Change, Evidence, Kind, Mark, Record, Report


class Why(StrEnum):
    """What moved points: a check's verdict, a line of the rubric, a review, a check that
    something else follows from, other files handed in, what was released, or lateness.
    """

    CHECK = "check"
    RUBRIC = "rubric"
    REVIEW = "review"
    FOLLOWS = "follows"
    WORK = "work"
    RELEASED = "released"
    LATE = "late"


Known = Mapping[tuple[str, str], Evidence]
"""Category and id -> evidence."""
HOW_ADJUSTED = {
    "review": (Why.REVIEW, "of the category as a whole"),
    "snap": (Why.RUBRIC, "to where the level begins"),
    "released": (Why.RELEASED, "points that were released do not fall"),
}


class Moved(Record):
    """One piece of evidence whose points changed, or one adjustment of a category."""

    what: str
    category: str
    old: Change
    new: Change
    why: Why
    how: str


class Movement(Record):
    """One submission whose points changed anywhere."""

    id: str
    old: Mark | None
    new: Mark | None
    changes: list[Moved]


def movements(old: Iterable[Report], new: Iterable[Report]) -> list[Movement]:
    """Who moves, in the order of the new reports; who is new or gone is not among them."""
    before = {report.submission.id: report for report in old}
    pairs = [(before[r.submission.id], r) for r in new if r.submission.id in before]
    found = [_movement(earlier, later) for earlier, later in pairs]
    return [each for each in found if each.changes or each.old != each.new]


def _movement(old: Report, new: Report) -> Movement:
    same_work = old.submission.sha256 == new.submission.sha256
    return Movement(
        id=new.submission.id,
        old=old.score.points if old.score else None,
        new=new.score.points if new.score else None,
        changes=[
            *_of_evidence(_evidence(old), _evidence(new), same_work=same_work),
            *_of_adjustments(old, new),
            *_of_lateness(old, new),
            *_of_evidence(_extension(old), _extension(new), same_work=same_work),
        ],
    )


def _of_evidence(before: Known, after: Known, *, same_work: bool) -> list[Moved]:
    turned = [e for key, e in after.items() if _turned(before.get(key), e)]
    changes = []
    for key in dict.fromkeys([*after, *before]):
        earlier, later = before.get(key), after.get(key)
        was = earlier.points if earlier else Decimal(0)
        now = later.points if later else Decimal(0)
        if was != now:
            why, how = _why(earlier, later, turned) if same_work else (Why.WORK, "other files")
            changes.append(Moved(what=key[1], category=key[0], old=was, new=now, why=why, how=how))
    return changes


def _why(old: Evidence | None, new: Evidence | None, turned: Iterable[Evidence]) -> tuple[Why, str]:
    """What moved the points of one piece of evidence, the nearest cause first.

    Args:
        turned: the checks that came to another verdict.
    """
    if old is None or new is None:
        present = new or old
        is_check = present is not None and present.kind is Kind.CHECK
        return Why.CHECK if is_check else Why.RUBRIC, "new" if new else "gone"
    if old.excluded != new.excluded:
        return Why.RUBRIC, f"excluded: {new.excluded}" if new.excluded else "no longer excluded"
    if _turned(old, new):
        return Why.CHECK, f"{old.verdict} -> {new.verdict}"
    if old.possible != new.possible:
        return Why.RUBRIC, f"worth {old.possible} -> {new.possible}"
    if old.measured == new.measured:
        was, now = old.reviews or [], new.reviews or []
        said = [note for note in [*was, *now] if note not in was or note not in now]
        return Why.REVIEW, ", ".join(sorted({note.reviewer for note in said}))
    causes = [e.id for e in turned if new.task in {None, e.task}]
    return Why.FOLLOWS, ", ".join(causes) or "the gate, or the share of the work that runs"


def _turned(old: Evidence | None, new: Evidence) -> bool:
    """Whether a check came to another verdict; other verdicts only say what follows from these."""
    checked = new.kind in {Kind.CHECK, Kind.TESTS}
    return old is not None and checked and old.verdict is not new.verdict


def _of_adjustments(old: Report, new: Report) -> list[Moved]:
    before, after = _adjustments(old), _adjustments(new)
    changes = []
    for category, by in dict.fromkeys([*after, *before]):
        was = before.get((category, by), Decimal(0))
        now = after.get((category, by), Decimal(0))
        if was != now:
            why, how = HOW_ADJUSTED[by]
            changes.append(Moved(what=by, category=category, old=was, new=now, why=why, how=how))
    return changes


def _of_lateness(old: Report, new: Report) -> list[Moved]:
    was, now = (-r.late.points if r.late else Decimal(0) for r in (old, new))
    if was == now:
        return []
    return [Moved(what="late", category="", old=was, new=now, why=Why.LATE, how="")]


def _evidence(report: Report) -> Known:
    return {(c.id.value, e.id): e for c in report.categories for e in c.evidence}


def _extension(report: Report) -> Known:
    return {(EXTENSION, e.id): e for e in report.extension.evidence}


def _adjustments(report: Report) -> dict[tuple[str, str], Decimal]:
    return {(c.id.value, a.by): a.points for c in report.categories for a in c.adjustments or []}
