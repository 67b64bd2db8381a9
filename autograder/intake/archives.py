"""Members of zips and tars, counted while they are read.

An archive's own figures are not believed, nothing is written anywhere, and what
is wrong with one member is said when that member is read.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import IO, Any, Protocol, cast

from . import limits
from .limits import Rejected

ENCRYPTED = 0x1
UTF8 = 0x800
LOCAL_HEADER = 30
TAR_MAGIC = slice(257, 262)
DAMAGE = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError, MemoryError),
    *(struct.error, LookupError),
)
"""What the libraries raise where bytes are not what they should be."""


@dataclass(frozen=True)
class Member:
    """A file or folder inside something, not yet read.

    Attributes:
        name: its relative path, as given.
        read: its bytes; raises `Rejected`, naming it, where it is no ordinary,
            readable file of bearable size.
    """

    name: str
    is_folder: bool
    read: Callable[[], bytes]


class Source(Protocol):
    """Members in order; each may be read while it is the current one."""

    def __iter__(self) -> Iterator[Member]:
        """The members, from the first, as often as asked.

        Raises:
            Rejected: the whole cannot be read (further).
        """


def read_bounded(stream: IO[bytes], name: str) -> bytes:
    """Read to the end, but never more than a submission may hold.

    Raises:
        Rejected: there is more.
    """
    data = bytearray()
    while chunk := stream.read(limits.READ_SIZE):
        data += chunk
        if len(data) > limits.MAX_BYTES:
            raise Rejected(f"{{}} is larger than {limits.MAX_BYTES >> 20} MiB", name)
    return bytes(data)


@contextmanager
def open_archive(
    stream: IO[bytes],
    unpacked: int | None = None,
    directory: int | None = None,
    listed: int | None = None,
) -> Iterator[Source]:
    """The members of an archive, told by its content, whatever its name says.

    Args:
        unpacked: bytes to which a tar may unpack; a submission's limit if not given.
        directory: bytes of a zip's list of members, likewise.
        listed: members, likewise.

    Raises:
        Rejected: it is no zip and no tar, or is damaged.
    """
    listed = listed or limits.MAX_LISTED
    if not _is_zip(stream):
        yield _Tar(stream, unpacked or limits.MAX_UNPACKED, listed)
        return
    guarded = cast(IO[bytes], _Guarded(stream, directory or limits.MAX_DIRECTORY))
    try:
        archive = zipfile.ZipFile(guarded)
    except DAMAGE:
        raise Rejected("is a damaged zip archive") from None
    with archive:
        yield _Zip(archive, listed)


def _is_zip(stream: IO[bytes]) -> bool:
    """Whether it is a zip, and not a tar whose last member is one."""
    stream.seek(0)
    beginning = stream.read(512)
    if beginning[TAR_MAGIC] == b"ustar" or _opener(beginning):
        return False
    return zipfile.is_zipfile(stream)


class _Guarded:
    """A file that is never read in one piece larger than is bearable."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self._stream = stream
        self._most = most
        self.seek, self.tell, self.close = stream.seek, stream.tell, stream.close

    def read(self, size: int = -1) -> bytes:
        if size > self._most:
            raise Rejected("lists more members than can be read")
        return self._stream.read(size if size >= 0 else self._most)

    def seekable(self) -> bool:
        return True


class _Zip:
    def __init__(self, archive: zipfile.ZipFile, listed: int) -> None:
        self._archive = archive
        if len(archive.infolist()) > listed:
            raise Rejected(f"lists more than {listed} members")
        self._overlapping = _overlapping(archive)

    def __iter__(self) -> Iterator[Member]:
        for number, info in enumerate(self._archive.infolist()):
            name = _zip_name(info)
            if name not in ("", "."):
                yield Member(name, info.filename.endswith("/"), self._reader(info, number))

    def _reader(self, info: zipfile.ZipInfo, number: int) -> Callable[[], bytes]:
        def read() -> bytes:
            name = _zip_name(info)
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in (0, stat.S_IFREG):
                raise Rejected("{} is a link or a device, not a file", name)
            if info.flag_bits & ENCRYPTED:
                raise Rejected("{} is encrypted", name)
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Rejected("{} is packed by an unusual method; zip it plainly", name)
            if number in self._overlapping:
                raise Rejected("{} shares its bytes with another member", name)
            try:
                with self._archive.open(info) as stream:
                    return read_bounded(stream, name)
            except DAMAGE:
                raise Rejected("{} is damaged", name) from None

        return read


def _overlapping(archive: zipfile.ZipFile) -> set[int]:
    """Numbers of members whose bytes reach into another member's."""
    spans = sorted(
        (info.header_offset, number, info.compress_size)
        for number, info in enumerate(archive.infolist())
    )
    return {
        number
        for (offset, number, size), (following, *_) in pairwise(spans)
        if offset + LOCAL_HEADER + size > following
    }


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name; old zips do not say how it is written, and many wrote UTF-8."""
    name = info.filename
    if not info.flag_bits & UTF8 and not name.isascii():
        with suppress(UnicodeError):  # else an old code page, and which one is not known
            name = name.encode("cp437").decode("utf-8")
    return name.rstrip("/")


class _Tar:
    def __init__(self, stream: IO[bytes], unpacked: int, listed: int) -> None:
        self._stream, self._unpacked, self._listed = stream, unpacked, listed

    def __iter__(self) -> Iterator[Member]:
        try:
            yield from self._members()
        except DAMAGE:
            raise Rejected("is not a readable zip or tar archive") from None

    def _members(self) -> Iterator[Member]:
        stream: Any = _Forward(_decompressed(self._stream), self._unpacked)
        count = 0
        with tarfile.open(fileobj=stream, mode="r:") as archive:
            while (info := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined]  # or it keeps them all
                count += 1
                if count > self._listed:
                    raise Rejected(f"lists more than {self._listed} members")
                if name := _tar_name(info):
                    yield Member(name, info.isdir(), _tar_reader(archive, info, name))
        if not stream.latest or stream.latest.strip(b"\0"):
            raise Rejected("is damaged, or ends before its end")  # tarfile stops without a word


def _tar_name(info: tarfile.TarInfo) -> str:
    name = info.name
    while name.startswith("./"):
        name = name[2:]
    return "" if name == "." else name.rstrip("/") or "/"


def _tar_reader(archive: tarfile.TarFile, info: tarfile.TarInfo, name: str) -> Callable[[], bytes]:
    def read() -> bytes:
        if not info.isreg():
            raise Rejected("{} is a link or a device, not a file", name)
        try:
            content = archive.extractfile(info)
            assert content is not None  # it is an ordinary file
            return read_bounded(content, name)
        except DAMAGE:
            raise Rejected("{} is damaged", name) from None

    return read


def _opener(beginning: bytes) -> Callable[[Any], Any] | None:
    """What opens a file that begins like this, if it is a compressed one."""
    kinds: tuple[tuple[bytes, Callable[[Any], Any]], ...] = (
        (b"\x1f\x8b", gzip.open),
        (b"BZh", bz2.open),
        (b"\xfd7zXZ\x00", lzma.open),
    )
    return next((opener for mark, opener in kinds if beginning.startswith(mark)), None)


def _decompressed(stream: IO[bytes]) -> Any:
    stream.seek(0)
    opener = _opener(stream.read(6))
    stream.seek(0)
    return opener(stream) if opener else stream


class _Forward:
    """A stream that gives only so much, in bearable pieces, and is read once, forward."""

    def __init__(self, stream: Any, most: int) -> None:
        self._stream = stream
        self._most = most
        self._position = 0
        self.latest = b""

    def read(self, size: int) -> bytes:
        """The next bytes.

        Raises:
            Rejected: there are more than may be read, or too many are asked for at once.
        """
        if not 0 <= size <= limits.MAX_DIRECTORY:
            raise Rejected("has a header that is too long")
        data: bytes = self._stream.read(size)
        self._position += len(data)
        self.latest = data
        if self._position > self._most:
            raise Rejected(f"unpacks to more than {self._most >> 20} MiB")
        return data

    def tell(self) -> int:
        return self._position

    def seek(self, position: int) -> None:
        """Go forward.

        Raises:
            ValueError: the place lies behind, as only in a forged archive.
        """
        if position < self._position:
            raise ValueError("backward")
        while self._position < position:
            if not self.read(min(limits.READ_SIZE, position - self._position)):
                return

    def close(self) -> None:
        """Nothing to do: the stream belongs to somebody else."""
