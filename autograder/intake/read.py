"""Reading one attempt completely, within limits, whatever shape it has.

Nothing is unpacked to disk, no link is followed, and an archive's own figures
are not believed.
"""

from __future__ import annotations

import io
import os
import stat
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .archives import Member, Source, open_archive
from .folders import FolderSource, open_file, read_file
from .limits import (
    Rejected,
    check_name,
    check_size,
    is_archive,
    is_code,
    is_unread_archive,
    left_out,
)


@dataclass(frozen=True)
class Part:
    """One file or folder of what was handed in at one time.

    Attributes:
        name: as the student called the file; of a folder it does not matter.
        fault: why it cannot be taken in, if that is known already.
    """

    path: Path
    name: str
    fault: str = ""


def read_submission(path: Path) -> dict[str, bytes]:
    """Every file of a submission that is one folder or file, by relative POSIX path.

    Raises:
        Rejected: as `read_parts`.
    """
    return read_parts([Part(path, path.name)])


def read_parts(parts: Sequence[Part]) -> dict[str, bytes]:
    """Every file of what was handed in at one time, by relative POSIX path.

    A single archive is what it holds; archives among other files are opened, one
    deep, where there is no code beside them. A single folder around everything is
    taken off. Caches, environments and version control are left out before limits
    count.

    Raises:
        Rejected: it is unreadable, too large, or has links or hostile names.
    """
    files = _Files()
    for part in parts:
        if part.fault:
            raise Rejected(part.fault)
        for name, data in _files_of(part, alone=len(parts) == 1):
            files.add(name, data)
    opened = files.contents
    if not any(map(is_code, opened)):
        opened = _with_inner_archives_opened(opened)
        unread = next(filter(is_unread_archive, opened), None)
        if unread and not any(map(is_code, opened)):
            raise Rejected("{} is of a kind that cannot be read; a zip or tar can", unread)
    return _without_single_folder(opened)


class _Files:
    """Files gathered so far: within limits, no two the same on any system."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self._size = 0
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def add(self, name: str, data: bytes) -> None:
        """Take one more.

        Raises:
            Rejected: it is one too many, or has a name that another has on some system.
        """
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
        above = {str(parent) for parent in PurePosixPath(key).parents}
        if key in self._files or key in self._folders or above & self._files:
            raise Rejected("two files are called {}", name)
        self._files.add(key)
        self._folders |= above
        self.contents[name] = data
        self._size += len(data)
        check_size(len(self.contents), self._size, len(self._folders))


def _files_of(part: Part, alone: bool) -> Iterator[tuple[str, bytes]]:
    """The files of one part; an archive that is all there is counts as a folder."""
    try:
        mode = os.lstat(part.path).st_mode
    except OSError as error:
        raise Rejected(f"{{}} cannot be read: {error.strerror}", part.name) from None
    if stat.S_ISDIR(mode):
        yield from _files_in(FolderSource(part.path))
    elif alone and is_archive(part.name):
        with open_file(part.path, name=part.name) as stream, open_archive(stream) as source:
            yield from _files_in(source)
    else:
        yield check_name(part.name), read_file(part.path, name=part.name)


def _files_in(source: Source) -> Iterator[tuple[str, bytes]]:
    for member in own_members(source):
        name = check_name(member.name)
        if not member.is_folder:
            yield name, member.read()


def own_members(source: Source) -> Iterator[Member]:
    """The members that are the student's own: no caches, no environment.

    Raises:
        Rejected: the source cannot be read.
    """
    is_left_out: Callable[[str], bool] = left_out([member.name for member in source])
    for member in source:
        if not is_left_out(member.name):
            yield member


def _with_inner_archives_opened(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same files with archives among them replaced by what they hold."""
    opened = _Files()
    for name, data in files.items():
        if not is_archive(name):
            opened.add(name, data)
            continue
        folder = (
            name.removesuffix(PurePosixPath(name).name) + PurePosixPath(name).name.partition(".")[0]
        )
        try:
            with open_archive(io.BytesIO(data)) as source:
                for part, content in _files_in(source):
                    opened.add(check_name(f"{folder}/{part}"), content)
        except Rejected as rejection:
            raise Rejected(f"{{}}: {rejection}", name) from None
    return opened.contents


def _without_single_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    tops = {PurePosixPath(name).parts[0] for name in files}
    if len(tops) != 1 or any("/" not in name for name in files):
        return files
    return {name.partition("/")[2]: data for name, data in files.items()}
