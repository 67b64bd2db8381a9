"""Unpacking an archive that holds a class; what is wrong with one member costs one student."""

from __future__ import annotations

import errno
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from .archives import Source, open_archive
from .folders import open_file
from .limits import (
    MAX_CLASS_BYTES,
    MAX_CLASS_LISTED,
    MAX_ENTRY_NAME,
    IntakeError,
    Rejected,
    check_place,
    check_size,
)
from .read import own_members

DIRECTORY_BYTES = 128 * 2**20
CLASHES = (errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EILSEQ, errno.EINVAL)


@dataclass
class Unpacked:
    """A class on disk.

    Attributes:
        faults: relative path of a file or folder -> why it cannot be taken in.
        strays: texts on members that belong to nobody.
    """

    folder: Path
    faults: dict[str, Rejected] = field(default_factory=dict)
    strays: list[str] = field(default_factory=list)

    def fault_in(self, path: Path) -> Rejected | None:
        """The first fault of a path or of anything below it."""
        place = path.relative_to(self.folder).as_posix()
        inside = (f for f in sorted(self.faults) if f == place or f.startswith(f"{place}/"))
        return next((self.faults[fault] for fault in inside), None)


def unpack_class(archive: Path, folder: Path) -> Unpacked:
    """Write an archive's ordinary files below a folder, each student's within limits.

    Raises:
        IntakeError: it is no archive, is damaged as a whole, or holds too much.
    """
    unpacked = Unpacked(folder)
    try:
        with (
            open_file(archive) as stream,
            open_archive(stream, MAX_CLASS_BYTES, DIRECTORY_BYTES, MAX_CLASS_LISTED) as source,
        ):
            _unpack(source, unpacked)
    except Rejected as rejection:
        raise IntakeError(f"{archive}: {rejection}; download it again") from None
    except OSError as error:
        raise IntakeError(f"{archive} cannot be unpacked: {error.strerror}") from None
    return unpacked


def _unpack(source: Source, unpacked: Unpacked) -> None:
    names = [member.name for member in own_members(source)]
    tops = {name.partition("/")[0] for name in names}
    depth = 1 if len(tops) > 1 or not any("/" in name for name in names) else 2
    counts: dict[str, int] = defaultdict(int)
    sizes: dict[str, int] = defaultdict(int)
    refused: set[str] = set()
    whole = 0
    for member in own_members(source):
        owner = "/".join(PurePosixPath(member.name).parts[:depth])
        if owner in refused:
            continue
        try:
            check_place(member.name, MAX_ENTRY_NAME)
            if member.is_folder:
                _write(unpacked.folder / member.name, None)
                continue
            data = member.read()
            counts[owner] += 1
            sizes[owner] += len(data)
            whole += len(data)
            if whole > MAX_CLASS_BYTES:
                raise IntakeError(f"the class holds more than {MAX_CLASS_BYTES >> 30} GiB")
            try:
                check_size(counts[owner], sizes[owner])
            except Rejected as rejection:
                unpacked.faults[owner] = rejection
                refused.add(owner)
                continue
            _write(unpacked.folder / member.name, data)
        except Rejected as rejection:
            _note(unpacked, member.name, Rejected(rejection.text, member.name))
            refused.add(owner)


def _write(target: Path, data: bytes | None) -> None:
    """A new file, or a folder that may be there already.

    Raises:
        Rejected: something else has that name, or the system does not take it.
    """
    try:
        if data is None:
            target.mkdir(parents=True, exist_ok=True)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(data)
    except OSError as error:
        if error.errno in CLASHES:
            raise Rejected("two files are called {}", target.name) from None
        raise


def _note(unpacked: Unpacked, name: str, reason: Rejected) -> None:
    """Keep a member's fault where its student is found, as far down as its path is lawful."""
    lawful: list[str] = []
    for part in PurePosixPath(name).parts:
        try:
            check_place("/".join([*lawful, part]), MAX_ENTRY_NAME)
        except Rejected:
            break
        lawful.append(part)
    if not lawful:
        unpacked.strays.append(str(reason))
        return
    place = unpacked.folder.joinpath(*lawful)
    unpacked.faults["/".join(lawful)] = reason
    with suppress(Rejected):  # if something of that name is there already, it carries the fault
        is_file = place == unpacked.folder / name and "." in place.name
        _write(place, b"" if is_file else None)
