"""LTI Advantage, Assignment and Grade Services 2.0: Score objects.

Only `FullyGraded` keeps a mark in the course system; anything less wipes the one that is there,
so a mark that is not final is not sent at all, whatever was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ..contract import amount
from .made import Made, as_json, ids
from .parcels import Parcel, Refusal

MEDIA_TYPE = "application/vnd.ims.lis.v1.score+json"


def ags_scores(parcels: Sequence[Parcel], now: datetime) -> Made:
    """All Score objects as a list; each is the body of one POST to the line item's scores."""
    refused = [r for parcel in parcels if (r := _not_final(parcel)) is not None]
    held = {refusal.row for refusal in refused}
    final = [parcel for parcel in parcels if parcel.id not in held]
    scores = [ags_score(parcel, now) for parcel in final]
    remark = f"send each by itself, as {MEDIA_TYPE}; a score older than the last one is refused"
    return Made({"": as_json(scores)}, ids(final), refused, [remark])


def ags_score(parcel: Parcel, now: datetime) -> dict[str, Any]:
    """One Score object (AGS 2.0, section 3.4.9); times have fractions of a second, in UTC."""
    return {
        "userId": parcel.user,
        "scoreGiven": float(parcel.points),
        "scoreMaximum": float(parcel.possible),
        "comment": parcel.comment,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": now.astimezone(UTC).isoformat(timespec="microseconds"),
    }


def _not_final(parcel: Parcel) -> Refusal | None:
    review = parcel.report.review
    if not parcel.possible:
        return Refusal(parcel.id, "counts out of 0 points, and a score needs a maximum")
    if parcel.released or not review.pending:
        return None
    move = amount(parcel.could_move)
    reason = f"a person may still move it by {move} points; only final marks are kept there"
    return Refusal(parcel.id, f"{reason} (`autograde review` or `autograde publish`)")
