"""The roster: who belongs to the class, in which group, and until when.

A private table of the instructor. Only the column `id` is needed; `section`,
`deadline`, `group` and `members` may be there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from .limits import IntakeError
from .scan import make_ids

COLUMNS = ("id", "section", "deadline", "group", "members")
MOST_BYTES = 16 * 2**20


@dataclass(frozen=True)
class Student:
    """A row of the roster.

    Attributes:
        deadline: the last moment that is on time.
        group: name of the group, or empty.
        members: ids of others who share this student's work.
        line: where it stands.
    """

    id: str
    section: str
    deadline: datetime | None
    group: str
    members: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Group:
    """Students who hand in together; the name is the group's, or of the row that lists them."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Roster:
    """Who belongs to the class.

    Attributes:
        students: by id, in the roster's order.
    """

    students: Mapping[str, Student]
    groups: tuple[Group, ...]


def read_roster(path: Path) -> Roster:
    """Read a roster: UTF-8, commas or semicolons.

    Raises:
        IntakeError: it cannot be read, or contradicts itself; with file and line.
    """
    rows = _rows(path)
    ids = make_ids([row["id"] for _, row in rows])
    known: dict[str, str] = {}
    for (line, row), identifier in zip(rows, ids, strict=True):
        if row["id"].casefold() in known:
            raise IntakeError(f"{path}, line {line}: the id {row['id']!r} is there already")
        known[row["id"].casefold()] = identifier
    students = {}
    for line, row in rows:
        members = []
        for member in filter(None, re.split(r"[\s,;|]+", row["members"])):
            if member.casefold() not in known:
                raise IntakeError(
                    f"{path}, line {line}: the member {member!r} is not in the roster"
                )
            members.append(known[member.casefold()])
        identifier = known[row["id"].casefold()]
        deadline = _deadline(row["deadline"], path, line)
        students[identifier] = Student(
            identifier, row["section"], deadline, row["group"], tuple(members), line
        )
    return Roster(students, _groups(students, path))


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The filled rows with their lines; every column is there, if only empty."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise IntakeError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise IntakeError(f"{path}, line {line}: not UTF-8; save it as CSV UTF-8") from None
    if len(data) > MOST_BYTES:
        raise IntakeError(f"{path} is too large for a roster")
    header = text.partition("\n")[0]
    separator = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        columns = [cell.strip().lower() for cell in next(reader, [])]
        if "id" not in columns:
            raise IntakeError(f"{path}, line 1: there is no column 'id' ({', '.join(columns)})")
        rows = []
        for cells in reader:
            row = dict(zip(columns, map(str.strip, cells), strict=False))
            if any(row.values()):
                rows.append((reader.line_num, {name: row.get(name, "") for name in COLUMNS}))
    except csv.Error as error:
        raise IntakeError(f"{path}, line {reader.line_num}: {error}") from None
    for line, row in rows:
        if not row["id"]:
            raise IntakeError(f"{path}, line {line}: the id is empty")
    return rows


def _deadline(text: str, path: Path, line: int) -> datetime | None:
    """The last moment that is on time: of a day its end, of a minute its end."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise IntakeError(
            f"{path}, line {line}: the deadline {text!r} cannot be read; "
            "write 2026-11-30 23:59, with +01:00 behind it if the time zone matters"
        ) from None
    if len(text) == len("2026-11-30"):
        return datetime.combine(moment, time.max)
    if text.count(":") == 1 or re.fullmatch(r"[^:]*:\d\d[+-]\d\d:\d\d", text):
        return moment + timedelta(seconds=59.999999)
    return moment


def _groups(students: Mapping[str, Student], path: Path) -> tuple[Group, ...]:
    """Groups by name and by members; nobody is in two."""
    named: dict[str, list[str]] = {}
    listed: dict[frozenset[str], str] = {}
    for student in students.values():
        together = [student.id, *student.members]
        if student.group:
            named.setdefault(student.group, []).extend(together)
        elif student.members:
            listed.setdefault(frozenset(together), student.id)
    groups = [Group(name, tuple(dict.fromkeys(members))) for name, members in named.items()]
    for together_set, name in listed.items():
        groups.append(Group(name, tuple(i for i in students if i in together_set)))
    home: dict[str, str] = {}
    for group in groups:
        for member in group.members:
            if member in home:
                line = students[member].line
                raise IntakeError(
                    f"{path}, line {line}: {member!r} is in two groups, "
                    f"{home[member]!r} and {group.name!r}"
                )
            home[member] = group.name
    return tuple(groups)
