"""What intake accepts, in one place: sizes, names, and what is left out unread."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import PurePosixPath

from ..characters import is_hidden
from ..errors import ExpectedError

MAX_FILES = 2_000
MAX_FOLDERS = 2_000
MAX_BYTES = 64 * 2**20
"""Of one submission, without what is left out."""
MAX_NAME = 200
MAX_ENTRY_NAME = 255
"""Bytes of one part of a path; in a class there are names and titles in it besides."""
MAX_PATH = 1_000
MAX_DEPTH = 50
"""Bytes of a whole path, and its parts."""
MAX_LISTED = 200_000
"""Names that a folder or archive may list, those that are left out included."""
MAX_UNPACKED = 4 * 2**30
"""To which a tar may unpack: what is left out, such as a whole environment, has to be unpacked to
be passed over."""
MAX_DIRECTORY = 16 * 2**20
"""Bytes of an archive's own list of members, or of one member's header."""
MAX_CLASS_BYTES = 8 * 2**30
MAX_CLASS_LISTED = 1_000_000
READ_SIZE = 1 << 16

ARCHIVE_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
CODE_SUFFIXES = (".py", ".ipynb")
UNREAD_ARCHIVES = (".rar", ".7z", ".gz", ".bz2", ".xz", ".zst", ".zipx")
"""Surely somebody's work, in a form that is not read."""
IGNORED_FOLDERS = frozenset(
    {"__MACOSX", "__pycache__", "node_modules", ".venv", ".ipynb_checkpoints", ".virtual_documents"}
    | {".git", ".hg", ".svn", ".idea", ".vscode", ".tox", ".nox", ".eggs", ".cache", ".hypothesis"}
    | {".pytest_cache", ".mypy_cache", ".ruff_cache"}
)
IGNORED_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
RESOURCE_FORK = "._"
"""Begins the names of the shadows that a Mac puts beside files."""
ENVIRONMENT_MARK = "pyvenv.cfg"
"""A folder with this file is a virtual environment, whatever its name."""
ENVIRONMENT_PARTS = frozenset(
    {ENVIRONMENT_MARK, "bin", "Scripts", "lib", "Lib", "lib64", "include", "Include", "share"}
)


class Rejected(Exception):
    """A submission cannot be taken in; the text says why, for the instructor.

    Args:
        text: with `{}` where the name goes.
        name: of the file or folder at fault, if it is one.
    """

    def __init__(self, text: str, name: str | None = None) -> None:
        super().__init__(text if name is None else text.replace("{}", shown(name), 1))
        self.text, self.name = text, name


class IntakeError(ExpectedError):
    """The submissions cannot be found at all; the text says what to do."""


def is_archive(name: str) -> bool:
    """Whether a file's name says that it is an archive we read."""
    return name.lower().endswith(ARCHIVE_SUFFIXES)


def is_code(name: str) -> bool:
    """Whether a file's name says that it is a module or a notebook."""
    return name.lower().endswith(CODE_SUFFIXES)


def is_unread_archive(name: str) -> bool:
    """Whether a file's name says that it is an archive of a kind we do not read."""
    return not is_archive(name) and name.lower().endswith(UNREAD_ARCHIVES)


def is_ignored(name: str) -> bool:
    """Whether one part of a path is a cache, version control or a system's own file."""
    return name in IGNORED_FOLDERS or name in IGNORED_FILES or name.startswith(RESOURCE_FORK)


def left_out(names: Collection[str]) -> Callable[[str], bool]:
    """Which of a submission's paths are not its student's work.

    Caches and environments are left out whole. A folder in which an environment
    was made, with code right beside `pyvenv.cfg`, loses the environment's parts only.
    """
    marked = {n.rpartition("/")[0] for n in names if n.rpartition("/")[2] == ENVIRONMENT_MARK}
    shared = {n.rpartition("/")[0] for n in names if is_code(n)} & marked

    def is_left_out(name: str) -> bool:
        parts = name.split("/")
        if ".." in parts:
            return False
        if any(map(is_ignored, parts)):
            return True
        folders = ["/".join(parts[:depth]) for depth in range(len(parts))] if marked else []
        return any(
            folder in marked and (folder not in shared or parts[depth] in ENVIRONMENT_PARTS)
            for depth, folder in enumerate(folders)
        )

    return is_left_out


def check_place(name: str, longest: int = MAX_NAME) -> None:
    """Refuse a path that leaves the folder it is relative to, or that is no path.

    Raises:
        Rejected: it is absolute, goes upward, is empty, too long or too deep.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name:
        raise Rejected("the name {} is not allowed", name)
    lengths = [len(part.encode("utf-8", "surrogateescape")) for part in path.parts]
    if not lengths or max(lengths) > longest or sum(lengths) > MAX_PATH:
        raise Rejected("the name {} is empty or too long", name)
    if len(lengths) > MAX_DEPTH:
        raise Rejected(f"the name {{}} is more than {MAX_DEPTH} folders deep", name)


def check_name(name: str) -> str:
    """A relative, printable path of sane length.

    Raises:
        Rejected: it is anything else.
    """
    check_place(name)
    drive = len(name) > 1 and name[1] == ":"
    if "\\" in name or drive or any(map(is_hidden, name)):
        raise Rejected("the name {} is not allowed", name)
    return PurePosixPath(name).as_posix()


def check_size(files: int, size: int, folders: int = 0) -> None:
    """Refuse more than one submission may hold.

    Raises:
        Rejected: there are too many files, folders or bytes.
    """
    if files > MAX_FILES or folders > MAX_FOLDERS or size > MAX_BYTES:
        most = f"{MAX_FILES} files, {MAX_FOLDERS} folders or {MAX_BYTES >> 20} MiB"
        raise Rejected(f"more than {most}")


def shown(name: str) -> str:
    """A name as it may be printed."""
    return ascii(name if len(name) <= 80 else name[:80] + "…")
