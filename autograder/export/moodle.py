"""Moodle: its grading worksheet filled in, and calls of its web service.

Moodle skips, cuts or wipes in silence what it does not like: marks over the
maximum, numbers it cannot read, an empty feedback, whatever follows a `<`. All
that is looked for here.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from .filling import Marks, Slot, fill
from .made import Made, as_json, ids
from .moodle_rubric import HTML, Form
from .parcels import ExportError, Parcel, Refusal, mark_out_of, no_row, one_line, repeated
from .sheet import Row, Sheet, number, read_sheet

TITLES = {
    "name": ("Full name", "Vollständiger Name", "Nom complet", "Nombre completo"),
    "grade": ("Grade", "Bewertung", "Note", "Calificación"),
    "maximum": ("Maximum grade", "Bestwertung", "Note maximale", "Calificación máxima"),
    "changeable": (
        *("Grade can be changed", "Bewertung kann geändert werden"),
        *("La note peut être modifiée", "La calificación puede ser cambiada"),
    ),
    "feedback": (
        *("Feedback comments", "Feedback als Kommentar"),
        *("Feedback par commentaires", "Comentarios de retroalimentación"),
    ),
    "scale": ("Scale", "Skala", "Barème", "Escala"),
}
"""Headers in English, German, French and Spanish."""
NO = ("No", "Nein", "Non")
WHO = re.compile(r"(?P<word>\D*)(?P<id>\d+)")
TICK = (
    'on upload, tick "Allow updating records that have been modified more recently in Moodle": '
    "without it Moodle passes over rows whose grade is newer than the worksheet, and in other "
    "languages than English over every row that has a grade"
)
SAVE = "mod_assign_save_grade"


@dataclass(frozen=True)
class Columns:
    """Where things stand in a worksheet; the identifier is always first."""

    grade: int
    maximum: int
    name: int | None
    changeable: int | None
    feedback: int | None


def fill_worksheet(parcels: Sequence[Parcel], path: Path, *, scale: bool) -> Made:
    """The worksheet with grades and feedback, every byte outside of these cells as it was.

    Raises:
        ExportError: the file is damaged, or not to be recognised as a worksheet.
    """
    sheet = read_sheet(path)
    columns = find_columns(sheet)
    rows = _rows_by_participant(sheet)
    marks = Marks(columns.grade, [row.text(columns.maximum) for row in sheet.rows], digits=2)

    def place(parcel: Parcel) -> Slot | Refusal:
        row = rows.get(parcel.user)
        if row is None:
            return Refusal(parcel.id, no_row(parcel.user, rows))
        points = _points_in(parcel, row, columns, scale=scale)
        if isinstance(points, Refusal):
            return points
        feedback = {} if columns.feedback is None else {columns.feedback: escaped(parcel.comment)}
        return Slot(row, points, feedback)

    made = fill(sheet, rows, marks, parcels, place)
    remarks = [TICK] if columns.feedback else [TICK, "no column for feedback: marks alone go in"]
    return replace(made, remarks=[*remarks, *made.remarks])


def _points_in(parcel: Parcel, row: Row, columns: Columns, *, scale: bool) -> Decimal | Refusal:
    """What is written into a row, or why nothing can be."""
    if columns.changeable is not None and row.text(columns.changeable) in NO:
        return Refusal(parcel.id, f"line {row.line}: Moodle says this grade cannot be changed")
    if columns.name is not None and parcel.user == parcel.id:
        here, there = parcel.name, row.text(columns.name)
        if not same_person(here, there):
            return Refusal(
                parcel.id,
                f"line {row.line}: this participant is {there!r} there and {here!r} here; "
                "is it the worksheet of another assignment?",
            )
    maximum = number(row.text(columns.maximum))
    if maximum is None or maximum <= 0:
        cell = row.text(columns.maximum)
        return Refusal(parcel.id, f"line {row.line}: the maximum grade {cell!r} is no number")
    return mark_out_of(parcel, maximum, scale=scale)


def find_columns(sheet: Sheet) -> Columns:
    """Where things stand: by headers that are known, else by the order Moodle keeps.

    Raises:
        ExportError: neither way.
    """
    known = {key: sheet.column(*titles) for key, titles in TITLES.items()}
    if known["scale"] is not None and known["maximum"] is None:
        raise ExportError(f"{sheet.name}: this assignment is marked by a scale, not by points")
    grade, maximum = known["grade"], known["maximum"]
    if grade is not None and maximum is not None:
        return Columns(grade, maximum, known["name"], known["changeable"], known["feedback"])
    places = [n for n in range(2, len(sheet.header) - 2) if _is_maximum(sheet, n)]
    if len(places) != 1:
        raise ExportError(
            f"{sheet.name}, line 1: not recognised as a grading worksheet of Moodle "
            f"({one_line(', '.join(sheet.header))}); set your language in Moodle to English, and "
            "download it anew (Submissions, Download grading worksheet)"
        )
    place = places[0]
    handed_in = sheet.header[place + 2].partition("(")[0]
    dates = [
        n
        for n, title in enumerate(sheet.header)
        if n > place + 2 and "(" in title and title.partition("(")[0] == handed_in
    ]
    after = len(sheet.header) - 1 - dates[-1] if dates else 0
    return Columns(place - 1, place, None, place + 1, dates[-1] + 1 if after == 1 else None)


def _is_maximum(sheet: Sheet, place: int) -> bool:
    """Whether a column has the same number everywhere, grades before it and words behind it."""
    most = {row.text(place) for row in sheet.rows}
    maximum = number(most.pop()) if len(most) == 1 else None
    if maximum is None or maximum <= 0:
        return False
    grades = [row.text(place - 1) for row in sheet.rows]
    words = {row.text(place + 1) for row in sheet.rows}
    fitting = all(not grade or number(grade) is not None for grade in grades)
    return fitting and len(words) <= 2 and all(number(word) is None for word in words)


def _rows_by_participant(sheet: Sheet) -> dict[str, Row]:
    """Participant's number -> row.

    Raises:
        ExportError: a first cell is no participant, or one is there twice.
    """
    found = [WHO.fullmatch(row.text(0)) for row in sheet.rows]
    word = found[0]["word"] if found[0] else None
    for row, who in zip(sheet.rows, found, strict=True):
        if who is None or who["word"] != word:
            first = one_line(row.text(0))
            raise ExportError(
                f"{sheet.name}, line {row.line}: {first!r} is no participant as in the other rows; "
                "download the worksheet anew"
            )
    keys = [who["id"] for who in found if who]
    if twice := repeated(keys):
        lines = [str(r.line) for r, key in zip(sheet.rows, keys, strict=True) if key == twice[0]]
        raise ExportError(
            f"{sheet.name}: participant {twice[0]} is there twice (lines {', '.join(lines)}); "
            "download the worksheet anew"
        )
    return dict(zip(keys, sheet.rows, strict=True))


def same_person(here: str, there: str) -> bool:
    """Whether two names may be of one person.

    Only ASCII letters and digits count: names of bulk downloads may have been in another code
    page, `'` is dropped there, and `_` becomes a space.
    """
    ours, theirs = (re.sub(r"[^a-z0-9]", "", name.casefold()) for name in (here, there))
    return ours == theirs or not ours or not theirs


def escaped(comment: str) -> str:
    """A comment for a field of HTML: one line, no markup."""
    return html.escape(" ".join(comment.split()), quote=False)


def service_calls(parcels: Sequence[Parcel], path: Path, form: Form | None, *, scale: bool) -> Made:
    """Calls of `mod_assign_save_grade`, from the saved answer of `mod_assign_get_user_mappings`.

    Args:
        form: the assignment's rubric or marking guide, where it has one.

    Raises:
        ExportError: the file is no such answer, or is of several assignments; or points are to
            be scaled, whose maximum does not stand there.
    """
    if scale:
        raise ExportError(f"--scale needs the maximum in Moodle, which is not given in {path}")
    try:
        document = json.loads(path.read_text("utf-8-sig"))
        (assignment,) = document["assignments"]
        number_there = int(assignment["assignmentid"])
        users = mapped(assignment["mappings"])
    except OSError as error:
        raise ExportError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise ExportError(
            f"{path} is not what mod_assign_get_user_mappings answers for one assignment"
        ) from None
    calls, sent, refused = [], [], []
    for parcel in parcels:
        filled = form.filled(parcel) if form else None
        if parcel.user not in users:
            refused.append(Refusal(parcel.id, no_row(parcel.user, users)))
        elif isinstance(filled, Refusal):
            refused.append(filled)
        else:
            given = grade_of(parcel, users[parcel.user], number_there, parcel.points, filled)
            calls.append({"wsfunction": SAVE, **given})
            sent.append(parcel)
    return Made({"": as_json(calls)}, ids(sent), refused)


def mapped(mappings: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Participant's number, as in file names and worksheets -> user id of the web service."""
    return {str(int(each["id"])): int(each["userid"]) for each in mappings}


def grade_of(
    parcel: Parcel,
    user: int,
    assignment: int,
    points: Decimal,
    filled: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Parameters of `mod_assign_save_grade`; feedback always goes with the grade.

    Args:
        filled: the assignment's rubric or marking guide, filled in.
    """
    return {
        "assignmentid": assignment,
        "userid": user,
        "grade": float(points),
        "attemptnumber": -1,
        "addattempt": 0,
        "workflowstate": "released" if parcel.released else "readyforrelease",
        "applytoall": 0,
        "plugindata": {
            "assignfeedbackcomments_editor": {
                "text": html.escape(parcel.comment, quote=False).replace("\n", "<br>"),
                "format": HTML,
            }
        },
        **({"advancedgradingdata": filled} if filled else {}),
    }
