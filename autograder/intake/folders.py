"""Folders and files on disk, read through descriptors so that nothing can be swapped.

The disk may change while it is read: every step opens without following links,
looks at what was opened, and never waits.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from . import limits
from .archives import Member, read_bounded
from .limits import Rejected, check_place, is_ignored, shown

NEVER_WAIT = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
FOLDER = NEVER_WAIT | os.O_DIRECTORY


@contextmanager
def open_file(path: str | Path, folder: int | None = None, name: str = "") -> Iterator[IO[bytes]]:
    """An ordinary file, opened for reading.

    Args:
        folder: descriptor of the folder to which the path is relative.
        name: by which to call it, if not by its own.

    Raises:
        Rejected: it is a link or a device, or cannot be opened.
    """
    name = name or Path(path).name
    try:
        if not stat.S_ISREG(os.stat(path, dir_fd=folder, follow_symlinks=False).st_mode):
            raise Rejected("{} is a link or a device, not a file", name)
        descriptor = os.open(path, NEVER_WAIT, dir_fd=folder)
    except OSError as error:
        raise Rejected(f"{{}} cannot be read: {error.strerror}", name) from None
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # what it is now is what counts
            raise Rejected("{} is a link or a device, not a file", name)
        yield stream


def read_file(path: str | Path, folder: int | None = None, name: str = "") -> bytes:
    """All bytes of an ordinary file that stays as it is meanwhile.

    Raises:
        Rejected: it is a link or a device, too large, cannot be read, or changes.
    """
    name = name or Path(path).name
    with open_file(path, folder, name) as stream:
        try:
            before = os.fstat(stream.fileno())
            data = read_bounded(stream, name)
            after = os.fstat(stream.fileno())
        except OSError as error:
            raise Rejected(f"{{}} cannot be read: {error.strerror}", name) from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or (
        len(data) != after.st_size
    ):
        raise Rejected("{} changed while it was read; grade again when it rests", name)
    return data


class FolderSource:
    """The files of a folder and of those in it, without caches."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._listed = 0

    def __iter__(self) -> Iterator[Member]:
        """Members by name.

        Raises:
            Rejected: a folder cannot be listed, or there is no end to it.
        """
        self._listed = 0
        yield from self._below("")

    def _below(self, folder: str) -> Iterator[Member]:
        for name, is_folder in self._entries(folder):
            path = f"{folder}/{name}" if folder else name
            yield Member(path, is_folder, lambda path=path: self._read(path))  # type: ignore[misc]
            if is_folder:
                check_place(path)
                yield from self._below(path)

    def _entries(self, folder: str) -> list[tuple[str, bool]]:
        """What stands in one folder, sorted; no more than a submission may list."""
        found = []
        with self._opened(folder) as descriptor, os.scandir(descriptor) as entries:
            for entry in entries:
                self._listed += 1
                if self._listed > limits.MAX_LISTED:
                    raise Rejected(f"lists more than {limits.MAX_LISTED} names")
                if not is_ignored(entry.name):
                    found.append((entry.name, entry.is_dir(follow_symlinks=False)))
        return sorted(found)

    def _read(self, path: str) -> bytes:
        folder, _, name = path.rpartition("/")
        with self._opened(folder) as descriptor:
            return read_file(name, descriptor, path)

    @contextmanager
    def _opened(self, folder: str) -> Iterator[int]:
        """A descriptor of a folder, reached step by step without following a link."""
        with ExitStack() as stack:
            descriptor: int | None = None
            try:
                steps: list[str | Path] = [self._root, *filter(None, folder.split("/"))]
                for part in steps:
                    descriptor = os.open(part, FOLDER, dir_fd=descriptor)
                    stack.callback(os.close, descriptor)
            except OSError as error:
                place = shown(folder) if folder else "the folder"
                raise Rejected(f"{place} cannot be read: {error.strerror}") from None
            assert descriptor is not None  # the root was opened
            yield descriptor
