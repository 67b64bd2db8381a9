"""Who is who: names of students, and what the course system calls them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from ..report.text import FORMULA_STARTS
from .parcels import ExportError, repeated


def read_names(folder: Path) -> dict[str, str]:
    """Id -> name, as in `identities.csv`; nothing where that has gone.

    Raises:
        ExportError: it is there and cannot be read.
    """
    path = folder / "identities.csv"
    if not path.exists():
        return {}
    return {row["id"]: row["name"] for row in read_table(path, ("id", "name"))}


def read_users(path: Path) -> dict[str, str]:
    """Id in the results -> the course system's own, from a table `id,user` of the instructor.

    Raises:
        ExportError: it cannot be read, or names somebody twice.
    """
    rows = read_table(path, ("id", "user"))
    for column in ("id", "user"):
        if twice := repeated(row[column] for row in rows):
            raise ExportError(f"{path}: the {column} {twice[0]!r} is there twice")
        if empty := [line for line, row in enumerate(rows, start=2) if not row[column].strip()]:
            raise ExportError(f"{path}, line {empty[0]}: the {column} is empty")
    return {row["id"]: row["user"] for row in rows}


def read_table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Rows of a UTF-8 table with these columns; marks against formulas are taken off.

    Raises:
        ExportError: it cannot be read, or lacks a column.
    """
    try:
        reader = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""), strict=True)
        rows = list(reader)
    except OSError as error:
        raise ExportError(f"{path} cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise ExportError(f"{path} is no table in UTF-8: {error}") from None
    if absent := [name for name in columns if name not in (reader.fieldnames or [])]:
        raise ExportError(f"{path}, line 1: there is no column {absent[0]!r}")
    return [{name: _plain(row[name] or "") for name in columns} for row in rows]


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
