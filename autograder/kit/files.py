"""Finding and reading a submission's files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

NOT_STUDENTS_WORK = frozenset(
    {"__pycache__", "__MACOSX", "node_modules", "autograde_kit", "implementations"}
)
"""Folders with nothing of the student's in them: caches, this kit, implementations to test. An
environment is known by its `pyvenv.cfg`, whatever its name."""
IGNORED_FOLDERS = NOT_STUDENTS_WORK | {"tests"}
"""Folders in which no graded function is looked for."""


def walk(root: Path, ignored: frozenset[str] = IGNORED_FOLDERS) -> Iterator[Path]:
    """Every file below `root` that may be the student's work, shallow paths first."""
    found: list[Path] = []
    for folder, folders, files in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if name not in ignored
            and not name.startswith(".")
            and not Path(folder, name, "pyvenv.cfg").exists()
        ]
        found += [Path(folder, name) for name in files if not name.startswith(".")]
    yield from sorted(found, key=lambda path: (len(path.parts), str(path)))


def find_file(root: Path, name: str) -> Path | None:
    """The file of that relative path, or the shallowest of that base name, case ignored."""
    if (root / name).is_file():
        return root / name
    base = PurePosixPath(name).name.lower()
    return next((path for path in walk(root) if path.name.lower() == base), None)


def decode(data: bytes) -> str:
    """Text of a file: UTF-8 with or without mark, UTF-16 with one, else Latin-1."""
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    try:
        text = data.decode(marks.get(data[:2], "utf-8-sig"))
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")
