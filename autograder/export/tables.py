"""Tables of our own, for whatever reads no other format."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from ..contract import amount
from ..model import CategoryId
from ..report.text import safe_cell
from .made import Made, as_json, ids
from .parcels import Parcel, one_line


def csv_table(parcels: Sequence[Parcel]) -> Made:
    """A row a student; no cell that a spreadsheet takes for a formula, none over two lines."""
    categories = [category.value for category in CategoryId]
    levels = [f"{category} level" for category in categories]
    rows = [["id", "user", "name", "points", "possible", "late_days", "late_points", "pending"]]
    rows[0] += [*categories, *levels, "comment"]
    for parcel in parcels:
        report = parcel.report
        by = {c.id.value: c for c in report.categories}
        late = [str(report.late.days), amount(report.late.points)] if report.late else ["", ""]
        rows.append(
            [
                *(parcel.id, parcel.user, parcel.name),
                *(amount(parcel.points), amount(parcel.possible), *late),
                " ".join(report.review.pending),
                *(amount(by[c].points) if c in by else "" for c in categories),
                *(by[c].level.value if c in by else "" for c in categories),
                parcel.comment,
            ]
        )
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(
        [safe_cell(one_line(cell)) for cell in row] for row in rows
    )
    # with the mark a spreadsheet tells UTF-8 from the computer's own code page
    return Made({"": text.getvalue().encode("utf-8-sig")}, ids(parcels))


def json_table(parcels: Sequence[Parcel]) -> Made:
    """Everything that the other formats are made of."""
    return Made({"": as_json({"marks": [_entry(parcel) for parcel in parcels]})}, ids(parcels))


def _entry(parcel: Parcel) -> dict[str, Any]:
    report = parcel.report
    return {
        "id": parcel.id,
        "user": parcel.user,
        "name": parcel.name,
        "points": float(parcel.points),
        "possible": float(parcel.possible),
        "late": report.late.model_dump(mode="json") if report.late else None,
        "late_taken_off": parcel.late,
        "released": parcel.released,
        "pending": list(report.review.pending),
        "could_move": report.review.could_move.model_dump(mode="json"),
        "comment": parcel.comment,
        "categories": [
            {
                "id": category.id.value,
                "title": category.title,
                "points": float(category.points),
                "possible": float(category.possible),
                "level": category.level.value,
                "state": category.state,
            }
            for category in report.categories
        ],
    }
