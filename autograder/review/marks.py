"""What a reviewer types as a mark."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ..contract import CategoryScore, amount
from ..model import Level
from ..score.points import cents
from .files import Subject

SHARES = {"none": Decimal(0), "half": Decimal("0.5"), "full": Decimal(1)}


@dataclass(frozen=True)
class TypedMark:
    """Points, or the level of a category."""

    points: Decimal | None = None
    level: Level | None = None


def read_mark(text: str, subject: Subject) -> TypedMark:
    """`none`, `half`, `full` or points; of a category also a level's name or its beginning.

    Raises:
        ValueError: it is none of these; the text says what is possible.
    """
    word = text.strip().casefold()
    if word in SHARES:
        return TypedMark(points=cents(subject.possible * SHARES[word]))
    is_category = isinstance(subject, CategoryScore)
    levels = [level for level in Level if word and level.value.casefold().startswith(word)]
    if is_category and len(levels) == 1:
        return TypedMark(level=levels[0])
    try:
        points = Decimal(word)
    except InvalidOperation:
        names = [*SHARES, *(list(Level) if is_category else [])]
        known = ", ".join(names)
        raise ValueError(f"{text!r} is no mark; type points or one of {known}") from None
    if not points.is_finite() or not 0 <= points <= subject.possible:
        raise ValueError(f"{subject.id} has from 0 to {amount(subject.possible)} points")
    if points != cents(points):
        raise ValueError("points have at most two decimals")
    return TypedMark(points=points)
