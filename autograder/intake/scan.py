"""Finding the submissions in what was downloaded, and naming each.

An id is the course system's own number, else it is made from the entry's name,
so that the same download always gives the same ids.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ..model import LONGEST_ID
from . import limits
from .attempts import Attempt, Entry, Policy, in_order, numbered, source_of, which_count
from .layouts import Item, Piece, Pieces, recognise
from .limits import IntakeError, Rejected, is_archive, is_code, is_ignored, is_unread_archive
from .read import Part
from .unpack import Unpacked, unpack_class

HASH_LENGTHS = (6, 12, 24)
"""Digits of the suffix of an id that had to change: more only where ids would meet."""


@dataclass(frozen=True)
class Class:
    """What was found in a download.

    Attributes:
        entries: the submissions.
        passed_over: what is no submission, such as a list of grades.
        layout: the course system whose download it is; empty for a plain folder.
        missing: ids of the roster that handed in nothing.
        remarks: what an instructor should know besides.
    """

    entries: list[Entry]
    passed_over: list[str]
    layout: str = ""
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@contextmanager
def open_class(path: Path) -> Iterator[Class]:
    """The submissions in a folder, or in an archive that holds a class.

    Raises:
        IntakeError: the path does not exist, is no class, or holds nothing.
    """
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:
        raise IntakeError(f"{path} cannot be read: {error.strerror}") from None
    if not exists:
        raise IntakeError(f"{path} does not exist")
    if not is_folder and not (path.is_file() and is_archive(path.name)):
        raise IntakeError(f"{path} is neither a folder nor an archive of submissions")
    with tempfile.TemporaryDirectory(prefix="autograde-") as temporary:
        folder = Path(temporary)
        if is_folder:
            found = _find(Unpacked(path), path)
            yield _download_inside(found, folder) or found
        else:
            yield _find(unpack_class(path, folder), path)


def make_ids(names: list[str]) -> list[str]:
    """Ids for different names: allowed characters only, unique whatever the case.

    A name that had to change, or that differs from another only by case, gets
    a suffix made from the name itself, so that the same class has the same ids.
    """
    folded = Counter(name.casefold() for name in names)
    ids = []
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "submission"
        lawful = plain == name and len(plain) <= LONGEST_ID
        unchanged = lawful and folded[name.casefold()] == 1
        ids.append(plain if unchanged else _with_suffix(plain, name, HASH_LENGTHS[0]))
    for length in HASH_LENGTHS[1:]:
        counts = Counter(identifier.casefold() for identifier in ids)
        ids = [
            _with_suffix(identifier, name, length)
            if counts[identifier.casefold()] > 1
            else identifier
            for identifier, name in zip(ids, names, strict=True)
        ]
    return ids


def _with_suffix(plain: str, name: str, length: int) -> str:
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{plain[: LONGEST_ID - length - 1]}-{digest[:length]}"


def _find(unpacked: Unpacked, given: Path) -> Class:
    try:
        folder = _class_folder(unpacked.folder, given)
        inside = _listed(folder)
        items = [_item(path) for path in inside]
    except OSError as error:
        raise IntakeError(f"{given} cannot be read: {error.strerror}") from None
    layout, pieces = recognise(items, folder)
    work = [item for item in items if item.is_work and item.name not in pieces]
    if not work and not pieces:
        kinds = "folders, archives, notebooks or modules"
        reasons = "".join(f"; {stray}" for stray in unpacked.strays[:3])
        raise IntakeError(f"{given} holds no submissions ({kinds}, one a student){reasons}")
    _refuse_repeated(work, pieces, given)
    pieces |= {item.name: _plain(item.name, item.is_folder) for item in work}
    entries = _entries(pieces, folder, unpacked)
    over = [path.name for path in inside if path.name not in pieces]
    return Class(entries, over + unpacked.strays, layout)


def _download_inside(found: Class, folder: Path) -> Class | None:
    """The class in the only archive of a folder, if that is a course system's download."""
    parts = [part for entry in found.entries for part in entry.attempts[0].parts]
    if found.layout or len(parts) != 1 or not is_archive(parts[0].path.name):
        return None
    try:
        inner = _find(unpack_class(parts[0].path, folder), parts[0].path)
    except IntakeError:
        return None  # no class, so somebody's work, which is refused where it is read
    over = found.passed_over + inner.passed_over
    return replace(inner, passed_over=over) if inner.layout else None


def _listed(folder: Path) -> list[Path]:
    """What stands in a class folder, sorted, without a system's own files."""
    found: list[Path] = []
    for path in folder.iterdir():
        if len(found) > limits.MAX_CLASS_LISTED:
            raise IntakeError(f"{folder} lists more than {limits.MAX_CLASS_LISTED} names")
        if path.name not in limits.IGNORED_FILES:
            found.append(path)
    return sorted(found)


def _item(path: Path) -> Item:
    """An entry of a class; what cannot be read may be work, and is refused."""
    if path.name.startswith(".") or is_ignored(path.name):
        return Item(path.name, False, False)
    ordinary = path.is_file() and not path.is_symlink()
    known = is_archive(path.name) or is_code(path.name) or is_unread_archive(path.name)
    # a link may stand for a folder as well as for a file: its name tells
    folder = (path.is_dir() and not path.is_symlink()) or (not ordinary and "." not in path.name)
    return Item(path.name, folder, not ordinary or known)


def _plain(name: str, is_folder: bool) -> Piece:
    """An entry of a plain folder: its name is its student's."""
    stem = name
    if not is_folder:
        endings = sorted((*limits.ARCHIVE_SUFFIXES, *limits.CODE_SUFFIXES), key=len, reverse=True)
        ending = next((e for e in endings if name.lower().endswith(e)), "")
        stem = name[: len(name) - len(ending)] or name
    return Piece(stem, stem, name, "" if is_folder else name)


def _refuse_repeated(work: list[Item], pieces: Pieces, given: Path) -> None:
    """Refuse two entries of one student: two attempts, or a half-finished unpacking."""
    homes: dict[str, list[str]] = defaultdict(list)
    for item in work:
        key = unicodedata.normalize("NFC", _plain(item.name, item.is_folder).key)
        homes[key].append(f"{item.name}/" if item.is_folder else item.name)
    for key in {piece.key for piece in pieces.values()} & homes.keys():
        homes[key] += sorted(name for name, piece in pieces.items() if piece.key == key)
    repeated = [f"{key!r} twice: {' and '.join(n)}" for key, n in homes.items() if len(n) > 1]
    if repeated:
        raise IntakeError(f"{given} holds {'; '.join(repeated[:10])}; keep one of them")


def _entries(pieces: Pieces, folder: Path, unpacked: Unpacked) -> list[Entry]:
    """The submissions: what has one key is one student's."""
    mine: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, piece in sorted(pieces.items()):
        mine[piece.key][piece.attempt].append(name)
    entries = []
    for identifier, (key, handed_in) in zip(make_ids(list(mine)), mine.items(), strict=True):
        attempts = [_attempt(names, pieces, folder, unpacked) for names in handed_in.values()]
        ordered = numbered(in_order(attempts))
        own = next(p for p in pieces.values() if p.key == key)
        people = own.members or ((key, own.person),)
        ids = make_ids([k for k, _ in people]) if own.members else [identifier]
        known = tuple((i, person) for i, (_, person) in zip(ids, people, strict=True))
        graded = which_count(ordered, Policy.LATEST, None)
        entries.append(Entry(identifier, ordered, graded, tuple(ids), known))
    return entries


def _attempt(names: list[str], pieces: Pieces, folder: Path, unpacked: Unpacked) -> Attempt:
    parts = []
    for name in names:
        if (part := pieces[name].part) is not None:
            fault = unpacked.fault_in(folder / name) if unpacked.faults else None
            shown = part or pieces[name].rest
            parts.append(Part(folder / name, shown, _nameless(fault, name, shown)))
    first = pieces[names[0]]
    source = source_of([pieces[name].rest for name in names if pieces[name].part is not None])
    return Attempt(tuple(parts), source, first.number, first.submitted_at, first.late)


def _nameless(fault: Rejected | None, entry: str, shown: str) -> str:
    """A fault's text, in which the entry is called as everywhere: without a person's name."""
    if fault is None:
        return ""
    if fault.name is None:
        return str(fault)
    _, _, below = fault.name.partition(entry)
    return str(Rejected(fault.text, f"{shown}{below}"))


def _class_folder(folder: Path, given: Path) -> Path:
    """Where the submissions stand: often inside one folder that holds nothing but them."""
    entries = [path for path in _listed(folder) if _item(path).is_work]
    if len(entries) != 1 or not entries[0].is_dir() or entries[0].is_symlink():
        return folder
    if recognise([_item(path) for path in _listed(folder)], folder)[0]:
        return folder  # a class of one
    inside = [path for path in _listed(entries[0]) if not is_ignored(path.name)]
    items = [_item(path) for path in inside]
    if recognise(items, entries[0])[0]:
        return entries[0]
    apart = [path for path in inside if path.is_dir() or is_archive(path.name)]
    a_class = len(inside) > 1 and bool(apart) and all(item.is_work for item in items)
    same = entries[0].name == _plain(given.name, False).key
    return entries[0] if a_class or same else folder
