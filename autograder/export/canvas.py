"""Canvas: its gradebook filled in, and the body of its call that marks a class."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..contract import CategoryScore, amount
from ..model import CategoryId
from .criteria import criteria_of
from .filling import Marks, Slot, Students, fill
from .made import Made, as_json
from .parcels import ExportError, Parcel, Refusal, mark_out_of, one_line, repeated
from .sheet import Sheet, number, read_sheet

ASSIGNMENT = re.compile(r".*\((?P<id>\d+)\)\s*")
COMPUTED = re.compile(r"Final (Score|Points|Grade)|Current |Unposted |Override ", re.I)
BLANKS = (
    "Canvas takes a blank for a change: if somebody was marked there since, export the gradebook "
    "anew before you fill it in"
)
KEYS = ("ID", "SIS User ID", "SIS Login ID")


def fill_gradebook(parcels: Sequence[Parcel], path: Path, column: str, *, scale: bool) -> Made:
    """The gradebook with one assignment's marks, every byte outside of these cells as it was.

    Args:
        column: the assignment's header or its number; may be empty where there is but one.

    Raises:
        ExportError: the file is damaged, is no gradebook, or has no such column.
    """
    sheet = read_sheet(path)
    of_marks = _assignment_column(sheet, column)
    of_ids = sheet.column(KEYS[0]) or 1
    rows = [row for row in sheet.rows if row.text(of_ids)]
    # the line of points possible has another name in every language, and no id
    above = [number(row.text(of_marks)) for row in sheet.rows if not row.text(of_ids)]
    maximum = next(filter(None, above), None)
    students = Students(sheet, rows, filter(None, (sheet.column(key) for key in KEYS)))

    def place(parcel: Parcel) -> Slot | Refusal:
        return students.slot(parcel, maximum, scale=scale)

    named = {one_line(row.text(of_ids)): row for row in rows}
    marks = Marks(of_marks, [row.text(of_marks) for row in sheet.rows])
    made = fill(sheet, named, marks, parcels, place)
    unknown = "no line of points possible: whether marks are over a maximum is not known"
    remarks = [BLANKS] if maximum else [BLANKS, unknown]
    return replace(made, remarks=[*remarks, *made.remarks])


def _assignment_column(sheet: Sheet, wanted: str) -> int:
    """The column to fill in.

    Raises:
        ExportError: there is none, or more than one, that Canvas would take for the assignment.
    """
    if sheet.column("Student") != 0 or sheet.column("ID") is None:
        raise ExportError(
            f"{sheet.name}, line 1: no gradebook of Canvas, which begins with Student and ID; "
            "take Grades, Export"
        )
    if repeated(title.strip() for title in sheet.header if title.strip()):
        raise ExportError(f"{sheet.name}, line 1: a column is there twice; export it anew")
    found = {
        n: match["id"]
        for n, title in enumerate(sheet.header)
        if (match := ASSIGNMENT.fullmatch(title)) and not COMPUTED.search(title)
    }
    fitting = [n for n, id_ in found.items() if wanted in ("", id_, sheet.header[n].strip())]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(one_line(sheet.header[n]) for n in found) or "none"
    if wanted and not fitting:
        raise ExportError(
            f"{sheet.name}: no column {wanted!r} of an assignment with its number in brackets, "
            f"and without it Canvas would make a new assignment (there are: {names})"
        )
    raise ExportError(f"{sheet.name}: say with --column which assignment this is: {names}")


@dataclass(frozen=True)
class Assignment:
    """What Canvas says of an assignment (`GET /api/v1/courses/:c/assignments/:a`).

    Attributes:
        maximum: points possible; None where it does not say.
        criteria: category -> the rubric's criterion for it; empty without a rubric.
    """

    maximum: Decimal | None = None
    criteria: Mapping[CategoryId, Mapping[str, Any]] | None = None

    @classmethod
    def of(cls, document: Mapping[str, Any], categories: Sequence[CategoryScore]) -> Assignment:
        """Read the answer; criteria are told by a category's title or id.

        Raises:
            ExportError: it is no such answer, or its rubric is another one.
        """
        possible = document.get("points_possible")
        rubric = document.get("rubric") or []
        if possible is None and not rubric:
            raise ExportError("this is not what Canvas answers for an assignment")
        decides = bool(rubric) and document.get("use_rubric_for_grading") is not False
        named = [(str(c["description"]), c) for c in rubric]
        found = criteria_of(named, categories, "Canvas", decides=decides)
        return cls(None if possible is None else Decimal(str(possible)), found)

    def assessment(self, parcel: Parcel) -> dict[str, Any] | Refusal:
        """The rubric filled in for one student."""
        filled = {}
        for category in parcel.report.categories:
            criterion = (self.criteria or {}).get(category.id)
            if criterion is None:
                continue
            most = Decimal(str(criterion.get("points", 0)))
            if category.points > most:
                over = f"{amount(category.points)} points of {category.id} are over {amount(most)}"
                return Refusal(parcel.id, f"{over}, the criterion's most in Canvas")
            entry = {"points": float(category.points), "comments": f"{category.level}"}
            rating = _rating(criterion, category)
            filled[str(criterion["id"])] = {**entry, **({"rating_id": rating} if rating else {})}
        return filled


def _rating(criterion: Mapping[str, Any], category: CategoryScore) -> str | None:
    """The rating of the same name as the level, else the highest one that is reached."""
    ratings = criterion.get("ratings") or []
    named = [r for r in ratings if str(r.get("description", "")).strip() == category.level.value]
    reached = [r for r in ratings if Decimal(str(r.get("points", 0))) <= category.points]
    best = named or sorted(reached, key=lambda rating: float(rating["points"]))[-1:]
    return str(best[0]["id"]) if best else None


def grade_data(parcels: Sequence[Parcel], path: Path | None, *, scale: bool) -> Made:
    """The body of `POST …/submissions/update_grades`.

    Args:
        path: the saved answer of Canvas for the assignment; without it no rubric is filled in.

    Raises:
        ExportError: the file is no such answer.
    """
    assignment = read_assignment(path, parcels) if path else Assignment()
    data: dict[str, Any] = {}
    refused: list[Refusal] = []
    for parcel in parcels:
        body = body_for(parcel, assignment, scale=scale)
        if isinstance(body, Refusal):
            refused.append(body)
        else:
            data[parcel.user] = body
    sent = [parcel.id for parcel in parcels if parcel.user in data]
    remarks = ["sending this twice says every comment twice; `autograde push canvas` does not"]
    if path is None:
        remarks.append("no rubric: --into with Canvas' answer for the assignment fills it in")
    return Made({"": as_json({"grade_data": data})}, sent, refused, remarks)


def read_assignment(path: Path, parcels: Sequence[Parcel]) -> Assignment:
    """The saved answer of Canvas for an assignment.

    Raises:
        ExportError: it is none.
    """
    try:
        document = json.loads(path.read_text("utf-8-sig"))
        categories = parcels[0].report.categories if parcels else []
        return Assignment.of(document, categories)
    except OSError as error:
        raise ExportError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ExportError(f"{path} is not what Canvas answers for an assignment") from None


def body_for(parcel: Parcel, assignment: Assignment, *, scale: bool) -> dict[str, Any] | Refusal:
    """Mark, comment and rubric of one student; points go as text, as Canvas has them."""
    points = mark_out_of(parcel, assignment.maximum, scale=scale)
    if isinstance(points, Refusal):
        return points
    body: dict[str, Any] = {"posted_grade": amount(points), "text_comment": parcel.comment}
    if not assignment.criteria:
        return body
    if points != sum((c.points for c in parcel.report.categories), Decimal(0)):
        return Refusal(parcel.id, "a rubric holds the categories' points alone: no --late, --scale")
    assessment = assignment.assessment(parcel)
    if isinstance(assessment, Refusal):
        return assessment
    return {**body, "rubric_assessment": assessment}
