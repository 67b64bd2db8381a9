"""A table as its raw bytes: cells are found, and some are replaced in place.

A round trip through a CSV library changes quoting, line ends and byte order
marks, and a course system may then refuse the file, or read it otherwise.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from ..contract import amount
from .parcels import ExportError

MOST_BYTES = 64 * 2**20
PLAIN = re.compile(r"[\w.:@/-]*")
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Cell:
    """One cell: its text, and the bytes it takes up, quotes included."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Row:
    """One record, and the line where it begins."""

    line: int
    cells: tuple[Cell, ...]

    def text(self, column: int) -> str:
        """What a cell says, without white space around it."""
        return self.cells[column].text.strip()


@dataclass(frozen=True)
class Sheet:
    """A file of a course system.

    Attributes:
        name: what to call it in messages.
        rows: all but the header.
    """

    name: str
    raw: bytes
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def filled(self, changes: Mapping[Cell, str]) -> bytes:
        """The file with these cells replaced, and every other byte as it was."""
        parts, done = [], 0
        for cell in sorted(changes, key=lambda cell: cell.start):
            quoted = self.raw[cell.start : cell.start + 1] == b'"'
            text = changes[cell]
            if quoted or not PLAIN.fullmatch(text):
                text = '"' + text.replace('"', '""') + '"'
            parts += [self.raw[done : cell.start], text.encode()]
            done = cell.end
        return b"".join([*parts, self.raw[done:]])

    def column(self, *names: str) -> int | None:
        """Where a header is one of these.

        Raises:
            ExportError: at more than one place.
        """
        found = [n for n, title in enumerate(self.header) if title.strip() in names]
        if len(found) > 1:
            raise ExportError(f"{self.name}, line 1: the column {names[0]!r} is there twice")
        return found[0] if found else None


def read_sheet(path: Path) -> Sheet:
    """Read a table that a course system has written.

    Raises:
        ExportError: it cannot be read, is not UTF-8, was cut short or is there twice.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ExportError(f"{path} cannot be read: {error.strerror}") from None
    if len(raw) > MOST_BYTES:
        raise ExportError(f"{path} is too large for a table of marks")
    _hold_text(path, raw)
    start = len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0
    first = raw[start:].partition(b"\n")[0].decode()
    delimiter = max(",;\t", key=first.count)
    records = _records(path, raw, start, delimiter)
    header, rows = tuple(c.text for c in records[0].cells), records[1:]
    for row in rows:
        texts = tuple(cell.text.removeprefix("\ufeff") for cell in row.cells)
        if texts == header:
            raise ExportError(f"{path}, line {row.line}: the header again; download a fresh copy")
        if len(texts) != len(header):
            raise ExportError(
                f"{path}, line {row.line}: {len(texts)} cells where the header has {len(header)}: "
                "cut short, or changed by another program; download a fresh copy"
            )
    if not rows:
        raise ExportError(f"{path} has no rows below its header; download a fresh copy")
    return Sheet(path.name, raw, delimiter, header, tuple(rows))


def _hold_text(path: Path, raw: bytes) -> None:
    """Refuse what is no whole text in UTF-8."""
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ExportError(
            f"{path}, line {line}: not UTF-8, and names would be cut there; "
            "download a fresh copy and do not save it with another program"
        ) from None
    if b"\0" in raw:
        raise ExportError(f"{path} is no table of text; download a fresh copy")
    if not raw.endswith((b"\n", b"\r")):
        last = raw.count(b"\n") + 1
        raise ExportError(
            f"{path} ends in the middle of line {last}: cut short; download a fresh copy"
        )


def _records(path: Path, raw: bytes, start: int, delimiter: str) -> list[Row]:
    """All records; a quoted cell may hold delimiters, line ends and doubled quotes."""
    mark = re.escape(delimiter).encode()
    cell = re.compile(rb'(?:"((?:[^"]|"")*)"|([^"' + mark + rb"\r\n][^" + mark + rb"\r\n]*)?)")
    end = re.compile(mark + rb"|\r\n|\n|\r")
    records: list[Row] = []
    cells: list[Cell] = []
    place, line = start, 1
    began = line
    while place < len(raw):
        found = cell.match(raw, place)
        after = end.match(raw, found.end()) if found else None
        if found is None or after is None:
            raise ExportError(
                f"{path}, line {line}: a quote that does not fit: cut short, or changed by "
                "another program; download a fresh copy"
            )
        text = (found[1] or b"").replace(b'""', b'"') if found[1] is not None else found[2] or b""
        cells.append(Cell(text.decode(), found.start(), found.end()))
        line += len(re.findall(rb"\r\n|\n|\r", raw[found.start() : after.end()]))
        place = after.end()
        if after[0] != delimiter.encode():
            if len(cells) > 1 or cells[0].text:
                records.append(Row(began, tuple(cells)))
            cells, began = [], line
    if cells or not records:
        raise ExportError(f"{path}, line {line}: cut short; download a fresh copy")
    return records


def number(text: str) -> Decimal | None:
    """A number with a point or a comma for the decimals; None where it is something else."""
    if not NUMBER.fullmatch(text.strip()):
        return None
    return Decimal(text.strip().replace(",", "."))


def decimal_mark(texts: Iterable[str]) -> str:
    """What stands before decimals in these cells: a comma only if nothing else does."""
    marks = Counter(mark for text in texts for mark in ".," if mark in text)
    return "," if marks[","] and not marks["."] else "."


def written(points: Decimal, mark: str, digits: int | None) -> str:
    """A number as the course system writes it, with as many decimals or as few as it needs."""
    text = amount(points) if digits is None else f"{points:.{digits}f}"
    return text.replace(".", mark)
