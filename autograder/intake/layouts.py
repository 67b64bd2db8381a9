"""Bulk downloads of course systems, recognised from the names in them.

Each reader says of every entry that has its system's form whose it is; a layout
is taken when nearly all entries have its form.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from pathlib import Path

from .gradescope import read_metadata

FITTING_PER_MISFIT = 4
"""So many entries must have a layout's form for each piece of work that has not."""


@dataclass(frozen=True)
class Item:
    """An entry of a class folder; `is_work` if it may be a submission by itself."""

    name: str
    is_folder: bool
    is_work: bool


@dataclass(frozen=True)
class Piece:
    """What an entry's name says.

    Attributes:
        key: the course system's number or user name for whoever handed it in.
        person: name, for `identities.csv` alone.
        rest: the entry's name without the person's.
        part: what the student called the file; empty for a folder, None for what
            is no work, such as the system's own note or a replaced file.
        attempt: the same for all that was handed in at one time.
        number: of the attempt, if the system counts.
        submitted_at: ISO-like, as the system gave it.
        late: by the system's own mark.
        members: ids and names, where it stands for several.
    """

    key: str
    person: str
    rest: str
    part: str | None = ""
    attempt: str = ""
    number: int | None = None
    submitted_at: str | None = None
    late: bool | None = None
    members: tuple[tuple[str, str], ...] = ()


Pieces = dict[str, Piece]
Reader = Callable[[Sequence[Item], Path], Pieces]


def recognise(items: Sequence[Item], folder: Path) -> tuple[str, Pieces]:
    """The course system whose download this is, and what its names say; or nothing at all."""
    for title, reader in READERS.items():
        pieces = reader(items, folder)
        misfits = sum(item.is_work and item.name not in pieces for item in items)
        if pieces and len(pieces) >= FITTING_PER_MISFIT * misfits:
            return title, pieces
    return "", {}


MOODLE = re.compile(
    r"(?P<person>.+)_(?P<rest>(?P<id>\d+)_assignsubmission_(?P<type>[a-z]+)(?:_(?P<file>.*))?)"
)


def _moodle(items: Sequence[Item], _folder: Path) -> Pieces:
    pieces = {}
    for item in items:
        match = MOODLE.fullmatch(item.name)
        if match and (item.is_folder or match["file"]):
            blind = match["person"] == "Participant"
            person = f"Participant {match['id']}" if blind else match["person"]
            part = "" if item.is_folder else match["file"]
            pieces[item.name] = Piece(match["id"], person, match["rest"], part)
    return pieces


CANVAS = re.compile(
    r"(?P<person>.+?)_(?P<rest>(?P<late>LATE_)?(?P<id>\d+)_"
    r"(?:(?P<attachment>\d+)_(?P<file>.+)|(?P<typed>text\.html|link\.html)))"
)
CANVAS_ANONYMOUS = re.compile(
    r"(?P<rest>(?P<late>LATE_)?anon_(?P<id>[A-Za-z0-9]+)_"
    r"(?:(?P<attachment>\d+)_(?P<file>.+)|(?P<typed>text\.html|link\.html)))"
)
RESUBMITTED = re.compile(r"(?P<stem>.+)-(?P<count>[1-9]\d?)(?P<ending>(?:\.tar)?\.[A-Za-z0-9]+)")


def _canvas(items: Sequence[Item], _folder: Path) -> Pieces:
    pieces: Pieces = {}
    attachments: dict[str, int] = {}
    for item in items:
        hidden = CANVAS_ANONYMOUS.fullmatch(item.name)
        match = hidden or CANVAS.fullmatch(item.name)
        if match and not item.is_folder:
            person = f"anonymous {match['id']}" if hidden else match["person"]
            late = match["late"] is not None
            part = match["file"] or match["typed"]
            piece = Piece(match["id"], person, match["rest"], part, late=late)
            pieces[item.name] = replace(piece, attempt="late" if late else "")
            attachments[item.name] = int((match["attachment"] or "0")[:30])
    numbers = Counter(number for number in attachments.values() if number)
    people = {(piece.key, piece.person) for piece in pieces.values()}
    if any(count > 1 for count in numbers.values()) or len(dict(people)) < len(people):
        return {}  # numbers of something else: these would be unique
    return _without_resubmission_marks(pieces, attachments)


def _without_resubmission_marks(pieces: Pieces, attachments: Mapping[str, int]) -> Pieces:
    """Canvas' `-1`, `-2` taken off; of files that were handed in again, the newest.

    Several numbered files without one that has no number were numbered by their student.
    """
    same: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for name, piece in pieces.items():
        match = RESUBMITTED.fullmatch(piece.part or "")
        plain = match["stem"] + match["ending"] if match else piece.part or ""
        same[piece.key, piece.attempt, plain].append(name)
    result = dict(pieces)
    for (_, _, plain), names in same.items():
        newest = max(names, key=lambda name: attachments[name])
        if len(names) > 1 and not any(pieces[name].part == plain for name in names):
            continue
        for name in names:
            result[name] = replace(pieces[name], part=plain if name == newest else None)
    return result


BLACKBOARD = re.compile(
    r"(?P<head>.+?)_(?P<rest>[^\W\d_]+_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt))"
)


def _blackboard(items: Sequence[Item], _folder: Path) -> Pieces:
    found = {i.name: m for i in items if not i.is_folder and (m := BLACKBOARD.fullmatch(i.name))}
    heads = {match["head"] for match in found.values()}
    # all begin with the assignment's title; what differs is the user name
    title = _common_beginning(heads).rpartition("_")[0] if len(heads) > 1 else ""
    with_files = {(match["head"], match["time"]) for match in found.values() if match["file"]}
    pieces = {}
    for name, match in found.items():
        head = match["head"]
        user = head[len(title) + 1 :] if title else head.rpartition("_")[2]
        date, clock = match["time"][:10], match["time"][11:].replace("-", ":")
        noted = (head, match["time"]) in with_files
        part = match["file"] or (None if noted else "attempt.txt")
        piece = Piece(user, user, match["rest"], part, match["time"])
        pieces[name] = replace(piece, submitted_at=f"{date}T{clock}")
    return pieces


def _common_beginning(texts: Collection[str]) -> str:
    first, last = min(texts), max(texts)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(one for one, _ in same)


BRIGHTSPACE = re.compile(
    r"(?P<first>\d+)-(?P<second>\d+) - (?P<person>.+) - "
    r"(?P<time>[^\W_][\w., ]* \d{4} \d{3,4}(?: ?[AP]M)?)(?: - (?P<file>.+))?"
)


def _brightspace(items: Sequence[Item], _folder: Path) -> Pieces:
    found = {i.name: m for i in items if (m := BRIGHTSPACE.fullmatch(i.name))}
    first = {(match["first"], match["person"]) for match in found.values()}
    number = "first" if len(dict(first)) == len(first) else "second"
    pieces = {}
    for item in items:
        match = found.get(item.name)
        if match and item.is_folder != bool(match["file"]):
            numbers, time = f"{match['first']}-{match['second']}", match["time"]
            rest = " - ".join(filter(None, (numbers, time, match["file"])))
            moment = brightspace_time(time)
            piece = Piece(match[number], match["person"], rest, match["file"] or "")
            pieces[item.name] = replace(piece, attempt=moment or time, submitted_at=moment)
    return pieces


def brightspace_time(text: str) -> str | None:
    """`Sep 24, 2024 926 PM` as `2024-09-24T21:26`; None where the month is not English."""
    words = text.replace(",", " ").replace(".", " ").split()
    date, clock = words[:3], words[3:]
    month = next((word[:3].title() for word in date if word[0].isalpha()), "")
    day = next((word for word in date if word.isdigit() and len(word) <= 2), "")
    pattern = "%b %d %Y %I%M %p" if clock[1:] else "%b %d %Y %H%M"
    try:
        written = f"{month} {day} {date[2]} {clock[0].zfill(4)} {''.join(clock[1:])}".strip()
        return datetime.strptime(written, pattern).isoformat(timespec="minutes")
    except (ValueError, IndexError):
        return None


GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")


def _gradescope(items: Sequence[Item], folder: Path) -> Pieces:
    found = {i.name: m["id"] for i in items if i.is_folder and (m := GRADESCOPE.fullmatch(i.name))}
    metadata = read_metadata(folder) if found else None
    if metadata is None:
        return {}
    pieces = {}
    for name, number in found.items():
        known = metadata.get(name)
        if known is None:
            pieces[name] = Piece(number, name, name, attempt=number)
            continue
        people = [(sid or f"{number}-{n}", who) for n, (sid, who) in enumerate(known.people, 1)]
        alone = known.people[0][0] or number if len(people) == 1 else number
        person = ", ".join(who for _, who in people) or name
        piece = Piece(alone, person, name, "", number, known.number, known.created_at)
        pieces[name] = replace(piece, members=tuple(people) if len(people) > 1 else ())
    return pieces


READERS: dict[str, Reader] = {
    "Gradescope": _gradescope,
    "Moodle": _moodle,
    "Blackboard": _blackboard,
    "Brightspace": _brightspace,
    "Canvas": _canvas,
}
