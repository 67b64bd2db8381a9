"""From what was measured and what people say to the mark.

`Settlement.of` reads only what was measured in a report (`measured`,
`for_person`, `late.days`) and sets everything that follows from it anew, so it
may be applied to a report again and again. The order: reviews of evidence, their
sum, a review of the category, `snap`, what was released, and lateness at the end.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from ..contract import (
    Adjustment,
    CategoryScore,
    Evidence,
    Extension,
    Late,
    Report,
    ReviewNote,
    Score,
    amount,
)
from ..model import CategoryId, Level
from ..rubric.model import LatePenalty, Rubric
from ..score.categories import review_state
from ..score.points import CENT, WAITING, cents, level_of
from .files import Review, Reviews
from .opinion import Opinion, opinion

LATE = "late"
MARKED = "Marked by a person."
Released = Mapping[str, Mapping[str, Decimal]]
"""Submission -> released category -> its points then, and `late` -> the penalty then."""
State = Literal["measured", "reviewed", "released"]


def at_best(released: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Of each category the most points that were released, and the smallest penalty."""
    found: dict[str, Decimal] = {}
    for name, points in (pair for known in released for pair in known.items()):
        better = min if name == LATE else max
        found[name] = better(points, found.get(name, points))
    return found


@dataclass(frozen=True)
class Settlement:
    """All that turns what was measured into marks.

    Attributes:
        allow_decrease: whether released points may fall.
    """

    rubric: Rubric
    reviews: Reviews = field(default_factory=Reviews)
    released: Released = field(default_factory=dict)
    allow_decrease: bool = False

    def of(self, report: Report) -> Report:
        """The report with every review, level, state and penalty as they are now."""
        if report.status != "graded":
            return report
        info = report.submission
        # in a group there may be somebody who has seen a mark before
        seen = (self.released.get(each, {}) for each in {info.id, *info.members})
        released = at_best(seen)
        floor = {} if self.allow_decrease else released
        case = _Case(self.rubric, report, self.reviews.of(report), released.keys(), floor)
        categories = [case.category(category) for category in report.categories]
        extension = case.extension(report.extension)
        points = sum((c.points for c in categories), Decimal(0))
        possible = sum((c.possible for c in categories), Decimal(0))
        late = case.late(points, possible)
        return report.model_copy(
            update={
                "categories": categories,
                "extension": extension,
                "late": late,
                "score": Score(points=points - (late.points if late else 0), possible=possible),
                "review": review_state(categories, extension),
            }
        )


@dataclass(frozen=True)
class _Case:
    """One submission while its mark is settled.

    Attributes:
        released: categories that the student has seen.
        floor: points below which these do not fall.
    """

    rubric: Rubric
    report: Report
    reviews: Sequence[Review]
    released: Iterable[str]
    floor: Mapping[str, Decimal]

    def category(self, measured: CategoryScore) -> CategoryScore:
        """A category from its evidence and from what people say of either."""
        possible = measured.possible
        whole = self._opinion(measured.id, measured.id)
        evidence = [self._evidence(e, measured.id, whole) for e in measured.evidence]
        earned = sum((e.points for e in evidence), Decimal(0))
        reviewed, level = self._reviewed(earned, possible, whole.mark)
        snapped = self._threshold(level, possible) if self.rubric.snap else reviewed
        kept = max(snapped, min(self.floor.get(measured.id, Decimal(0)), possible))
        if kept > snapped:
            level = level_of(kept, possible, self.rubric.levels)
        continuous = kept if kept > snapped else reviewed
        provisional = whole.unsettled or any(e.needs_review for e in evidence)
        notes = [*whole.notes, *(note for e in evidence for note in e.reviews or [])]
        return measured.model_copy(
            update={
                "points": kept,
                "level": level,
                "provisional": provisional,
                "evidence": evidence,
                "state": self._state(measured.id, provisional, notes),
                "to_next_level": self._to_next_level(continuous, possible, level),
                "reviews": list(whole.notes) or None,
                "adjustments": _adjustments(earned, reviewed, snapped, kept) or None,
            }
        )

    def extension(self, measured: Extension) -> Extension:
        """The extension; people look at its checks as they look at those of implementation."""
        return Extension.of(
            self._evidence(each, CategoryId.IMPLEMENTATION, Opinion()) for each in measured.evidence
        )

    def late(self, points: Decimal, possible: Decimal) -> Late | None:
        """What the days of lateness cost; never more than was earned."""
        late, rule = self.report.late, self.rubric.late
        if late is None or rule is None:
            return None
        percent = min(rule.percent_per_day * Decimal(str(late.days)), rule.at_most_percent)
        penalty = min(cents(possible * percent / 100), points)
        return Late(days=late.days, points=min(penalty, self.floor.get(LATE, penalty)))

    def _opinion(self, subject: str, category: CategoryId) -> Opinion:
        mine = [review for review in self.reviews if review.subject == subject]
        double = self._drawn(category, "double", self.rubric.categories[category].double_marked)
        return opinion(mine, self.report.submission.sha256, wanted=2 if double else 1)

    def _evidence(self, measured: Evidence, category: CategoryId, whole: Opinion) -> Evidence:
        found = self._opinion(measured.id, category)
        left = measured.for_person if measured.for_person is not None else measured.needs_review
        waits = left and self._is_looked_at(measured, category)
        if found.settled or found.unsettled:
            waits = found.unsettled
        waits = waits and not whole.settled
        points = found.mark.points if found.mark else measured.measured
        last = WAITING if waits or found.mark is None else MARKED
        message = re.sub(f"(?:{re.escape(WAITING)}|{re.escape(MARKED)})$", last, measured.message)
        return measured.model_copy(
            update={
                "points": points or Decimal(0),
                "message": message,
                "needs_review": waits,
                "for_person": left if left != waits else None,
                "reviews": list(found.notes) or None,
            }
        )

    def _is_looked_at(self, evidence: Evidence, category: CategoryId) -> bool:
        """Whether a person is wanted; always, where a machine has no measure."""
        declared = self.rubric.categories[category]
        if declared.review == "sample" and evidence.measured is not None:
            return self._drawn(category, "sample", declared.sample)
        return declared.review != "none" or evidence.measured is None

    def _drawn(self, category: CategoryId, purpose: str, share: float) -> bool:
        """Whether this submission belongs to a share: the same one whenever it is asked."""
        text = f"{self.rubric.id}/{category}/{purpose}/{self.report.submission.id}"
        number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        return number < share * 2**64

    def _reviewed(
        self, earned: Decimal, possible: Decimal, mark: Review | None
    ) -> tuple[Decimal, Level]:
        """Points and level after a review of the category as a whole.

        A level without points moves the points only if they lie in another level's band.
        """
        level = level_of(earned, possible, self.rubric.levels)
        if mark is None:
            return earned, level
        if mark.points is not None:
            level = level_of(mark.points, possible, self.rubric.levels)
            return mark.points, mark.level or level
        assert mark.level is not None
        return earned if level is mark.level else self._threshold(mark.level, possible), mark.level

    def _threshold(self, level: Level, possible: Decimal) -> Decimal:
        """The fewest points that reach a level."""
        return (possible * self.rubric.levels[level] / 100).quantize(CENT, ROUND_CEILING)

    def _to_next_level(self, points: Decimal, possible: Decimal, level: Level) -> str | None:
        higher = [each for each in Level if list(Level).index(each) > list(Level).index(level)]
        short = self._threshold(higher[0], possible) - points if higher else Decimal(0)
        if short <= 0:
            return None
        percent = (100 * points / possible).quantize(Decimal("0.1"), ROUND_FLOOR)
        return f"{amount(percent)}%: {amount(short)} points short of {higher[0]}"

    def _state(self, category: str, provisional: bool, notes: Sequence[ReviewNote]) -> State:
        if category in self.released:
            return "released"
        reviewed = any(note.points is not None or note.level is not None for note in notes)
        return "reviewed" if reviewed and not provisional else "measured"


def days_late(late_by: timedelta | None, rule: LatePenalty | None) -> int:
    """Days that have begun since the deadline; none within the grace, or where no rule counts."""
    if late_by is None or rule is None or late_by <= timedelta(minutes=rule.grace_minutes):
        return 0
    return -(-late_by // timedelta(days=1))


def _adjustments(
    earned: Decimal, reviewed: Decimal, snapped: Decimal, kept: Decimal
) -> list[Adjustment]:
    """Each step that moved a category's points away from the sum of its evidence's."""
    steps: list[tuple[Literal["review", "snap", "released"], Decimal]] = [
        ("review", reviewed - earned),
        ("snap", snapped - reviewed),
        ("released", kept - snapped),
    ]
    return [Adjustment(by=by, points=change) for by, change in steps if change]
