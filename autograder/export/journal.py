"""What was sent and read back: a line each on disk, so that no mark is sent twice."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ..atomic import replace_file
from .parcels import ExportError

JOURNALS = "push"
"""Folder of the journals, below the results."""


@dataclass(frozen=True)
class Entry:
    """A mark that was read back from the course system after we had sent it.

    Attributes:
        comment: digest of the comment that went with it.
    """

    points: Decimal
    comment: str


class Journal:
    """The marks that are known to have arrived at one assignment, by the course system's ids."""

    def __init__(self, file: int, known: dict[str, Entry]) -> None:
        self._file = file
        self._known = known

    def of(self, user: str) -> Entry | None:
        """What arrived last for somebody."""
        return self._known.get(user)

    def arrived(self, user: str, points: Decimal, comment: str) -> None:
        """Write down, and onto the disk, that a mark was read back."""
        entry = Entry(points, digest(comment))
        if self._known.get(user) != entry:
            self._known[user] = entry
            line = {"user": user, "points": str(points), "comment": entry.comment}
            os.write(self._file, (json.dumps(line) + "\n").encode())
            os.fsync(self._file)


def digest(comment: str) -> str:
    """A comment's digest, whatever its white space."""
    return hashlib.sha256(" ".join(comment.split()).encode()).hexdigest()


@contextmanager
def journal_at(path: Path) -> Iterator[Journal]:
    """Open a journal for this process alone; a line that a killed run left half is passed over.

    Raises:
        ExportError: another run has it, or the disk refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ExportError(f"cannot write {path}: {error.strerror}") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        content = path.read_bytes()
        if content and not content.endswith(b"\n"):
            os.write(file, b"\n")
        yield Journal(file, dict(_entries(content)))
    except BlockingIOError:
        raise ExportError(f"another run is sending to this assignment ({path})") from None
    except OSError as error:
        raise ExportError(f"cannot write {path}: {error.strerror}") from None
    finally:
        os.close(file)


def take_along(old: Path, new: Path) -> None:
    """Copy journals into another folder, where there is none yet: what was sent is known there too.

    Raises:
        ExportError: the disk refuses.
    """
    for path in sorted(old.glob("*.jsonl")):
        target = new / path.name
        try:
            new.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                replace_file(target, path.read_bytes(), mode=0o600)
        except OSError as error:
            raise ExportError(f"cannot write {target}: {error.strerror}") from None


def strike_out(path: Path, users: Collection[str]) -> int:
    """Remove the lines about somebody from a journal that nobody has open; how many there were.

    Raises:
        ExportError: another run has it, or the disk refuses.
    """
    with journal_at(path):
        lines = path.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if not any(u in users for u, _ in _entries(line))]
        if kept != lines:
            replace_file(path, b"".join(kept), mode=0o600)
    return len(lines) - len(kept)


def _entries(content: bytes) -> Iterator[tuple[str, Entry]]:
    for line in content.splitlines():
        try:
            found = json.loads(line)
            yield found["user"], Entry(Decimal(found["points"]), found["comment"])
        except (ValueError, KeyError, TypeError, InvalidOperation):
            continue
