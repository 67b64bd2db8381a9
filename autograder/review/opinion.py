"""What several reviews of one thing come to.

Of each reviewer the latest review counts. Reviews of the work as it is now come
before reviews of work that has changed since. Different people must agree, or
one who decides settles it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..contract import ReviewNote
from .files import Review


@dataclass(frozen=True)
class Opinion:
    """What people say of one thing.

    Attributes:
        notes: what each said last, oldest first.
        mark: the review whose points and level hold; None where nobody gave any, or they differ.
        settled: whether no further person is needed.
    """

    notes: tuple[ReviewNote, ...] = ()
    mark: Review | None = None
    settled: bool = False

    @property
    def unsettled(self) -> bool:
        """Whether marks were given that do not settle it."""
        return any(note.gives_a_mark for note in self.notes) and not self.settled


def opinion(reviews: Sequence[Review], sha256: str | None, wanted: int = 1) -> Opinion:
    """What reviews of one thing come to.

    Args:
        reviews: oldest first.
        sha256: of the work as it is now.
        wanted: how many people must have marked it.
    """
    latest = {review.reviewer: review for review in reviews}
    current = sorted(latest.values(), key=lambda r: (r.at, r.reviewer))
    marks = [review for review in current if review.gives_a_mark]
    fresh = [review for review in marks if review.sha256 == sha256]
    counting = fresh or marks
    counting = [review for review in counting if review.decides] or counting
    agreed = len({(review.points, review.level) for review in counting}) == 1
    mark = counting[-1] if agreed else None
    enough = mark is not None and (mark.decides or len(fresh) >= wanted)
    notes = tuple(_note(review, sha256) for review in current)
    return Opinion(notes, mark, bool(fresh) and enough)


def _note(review: Review, sha256: str | None) -> ReviewNote:
    return ReviewNote(
        reviewer=review.reviewer,
        at=review.at.isoformat(),
        points=review.points,
        level=review.level,
        comment=review.comment,
        stale=review.sha256 != sha256,
        decides=review.decides or None,
    )
