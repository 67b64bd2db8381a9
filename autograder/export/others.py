"""Brightspace and Blackboard: their exported tables of marks filled in.

In both the maximum stands in the column's header, and a header that is not word for word the
system's own makes a new column there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .filling import Marks, Slot, Students, fill
from .made import Made
from .parcels import ExportError, Parcel, Refusal, one_line
from .sheet import Sheet, number, read_sheet


@dataclass(frozen=True)
class Form:
    """What a system's table looks like.

    Attributes:
        header: of a column of marks; the group `most` is the maximum.
        keys: columns by which students are known.
        nothing: what stands where there is no mark.
        last: what ends every row, where something does.
    """

    title: str
    header: re.Pattern[str]
    keys: tuple[str, ...]
    nothing: tuple[str, ...] = ("",)
    last: str = ""


BRIGHTSPACE = Form(
    title="Brightspace",
    header=re.compile(r".+ Points Grade <Numeric MaxPoints:(?P<most>[\d.,]+).*>"),
    keys=("OrgDefinedId", "Username"),
    last="#",
)
BLACKBOARD = Form(
    title="Blackboard",
    header=re.compile(r".+ \[Total Pts: (?P<most>[\d.,]+)[^\]]*\] ?\|\d+"),
    keys=("Username",),
    nothing=("", "Needs Grading", "In Progress"),
)


def fill_table(
    form: Form, parcels: Sequence[Parcel], path: Path, column: str, *, scale: bool
) -> Made:
    """The table with marks in one column, every byte outside of these cells as it was.

    Raises:
        ExportError: the file is damaged, or has no such column.
    """
    sheet = read_sheet(path)
    of_marks = _column(form, sheet, column)
    match = form.header.fullmatch(sheet.header[of_marks].strip())
    maximum = number(match["most"]) if match else None
    for row in sheet.rows:
        if form.last and row.text(len(sheet.header) - 1) != form.last:
            raise ExportError(f"{sheet.name}, line {row.line}: the row does not end in {form.last}")
    keys = [at for key in form.keys if (at := sheet.column(key)) is not None]
    students = Students(sheet, sheet.rows, keys)

    def place(parcel: Parcel) -> Slot | Refusal:
        return students.slot(parcel, maximum, scale=scale)

    named = {one_line(row.text(keys[0]).lstrip("#")): row for row in sheet.rows}
    likes = [row.text(of_marks) for row in sheet.rows]
    made = fill(sheet, named, Marks(of_marks, likes, nothing=form.nothing), parcels, place)
    return replace(made, remarks=[f"comments do not go into {form.title}'s table", *made.remarks])


def _column(form: Form, sheet: Sheet, wanted: str) -> int:
    """The column of marks.

    Raises:
        ExportError: there is none, or more than one that may be meant.
    """
    titles = [title.strip() for title in sheet.header]
    found = [n for n, title in enumerate(titles) if form.header.fullmatch(title)]
    if not found or not set(form.keys) & set(titles):
        raise ExportError(
            f"{sheet.name}, line 1: no table of marks from {form.title} "
            f"({one_line(', '.join(titles))})"
        )
    fitting = [n for n in found if titles[n].startswith(wanted)]
    if len(fitting) != 1:
        names = ", ".join(one_line(titles[n]) for n in found)
        raise ExportError(f"{sheet.name}: say with --column how this one begins: {names}")
    return fitting[0]
