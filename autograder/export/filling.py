"""Filling in a course system's table: the same for all of them, once rows and columns are known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .made import Made
from .parcels import ExportError, Parcel, Refusal, mark_out_of, no_row, one_line, repeated
from .sheet import Cell, Row, Sheet, decimal_mark, number, written


@dataclass(frozen=True)
class Slot:
    """Where a mark goes, and what else is written into its row.

    Attributes:
        texts: column -> text.
    """

    row: Row
    points: Decimal
    texts: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Marks:
    """The column of marks.

    Attributes:
        like: cells that show how this file writes decimals.
        digits: how many decimals; None for as few as are needed.
        nothing: what stands where there is no mark.
    """

    column: int
    like: Collection[str]
    digits: int | None = None
    nothing: Collection[str] = ("",)


def fill(
    sheet: Sheet,
    rows: Mapping[str, Row],
    marks: Marks,
    parcels: Sequence[Parcel],
    place: Callable[[Parcel], Slot | Refusal],
) -> Made:
    """The file with marks in it, every byte outside of the filled cells as it was.

    Args:
        rows: what a student is called there -> row; to tell which rows are left.
        place: where a mark goes, or why it does not.
    """
    comma = decimal_mark(marks.like)
    changes: dict[Cell, str] = {}
    sent: dict[int, str] = {}
    refused: list[Refusal] = []
    replaced: list[str] = []
    for parcel in parcels:
        slot = place(parcel)
        if isinstance(slot, Slot):
            slot = _readable(parcel, slot, marks)
        if isinstance(slot, Refusal):
            refused.append(slot)
            continue
        new, before = written(slot.points, comma, marks.digits), slot.row.text(marks.column)
        changes |= {slot.row.cells[column]: text for column, text in slot.texts.items()}
        changes[slot.row.cells[marks.column]] = new
        sent[slot.row.line] = parcel.id
        if before not in (*marks.nothing, new):
            line = f"line {slot.row.line}, {parcel.user}: {before} -> {new}"
            replaced.append(f"replaces a mark that is there: {line}")
    rest = [f"{key} (line {row.line})" for key, row in rows.items() if row.line not in sent]
    left = [f"rows without a mark here, left as they are: {', '.join(rest)}"] if rest else []
    return Made({"": sheet.filled(changes)}, list(sent.values()), refused, [*left, *replaced])


def _readable(parcel: Parcel, slot: Slot, marks: Marks) -> Slot | Refusal:
    """The slot, unless what stands in it is neither a mark nor nothing."""
    before = slot.row.text(marks.column)
    if before in marks.nothing or number(before) is not None:
        return slot
    return Refusal(parcel.id, f"line {slot.row.line}: the mark {before!r} is no number")


class Students:
    """Rows of students by one or several keys, each of which is one person's alone.

    Raises:
        ExportError: a key is there twice.
    """

    def __init__(self, sheet: Sheet, rows: Sequence[Row], keys: Iterable[int]) -> None:
        self._by: list[dict[str, Row]] = []
        for place in keys:
            values = [row.text(place).lstrip("#") for row in rows]
            if twice := repeated(filter(None, values)):
                raise ExportError(
                    f"{sheet.name}: {one_line(twice[0])!r} is there twice under "
                    f"{one_line(sheet.header[place])!r}; download it anew"
                )
            self._by.append({v: row for v, row in zip(values, rows, strict=True) if v})

    def slot(self, parcel: Parcel, maximum: Decimal | None, *, scale: bool) -> Slot | Refusal:
        """Where a student's mark goes, out of the maximum there, or why it does not."""
        row = self._of(parcel)
        if isinstance(row, Refusal):
            return row
        points = mark_out_of(parcel, maximum, scale=scale)
        return points if isinstance(points, Refusal) else Slot(row, points)

    def _of(self, parcel: Parcel) -> Row | Refusal:
        found = {by[parcel.user].line: by[parcel.user] for by in self._by if parcel.user in by}
        if len(found) > 1:
            lines = " and ".join(str(line) for line in found)
            says = f"{parcel.user} stands in lines {lines} under different headers"
            return Refusal(parcel.id, f"{says}; --users says which is meant")
        if not found:
            return Refusal(parcel.id, no_row(parcel.user, [key for by in self._by for key in by]))
        return next(iter(found.values()))
