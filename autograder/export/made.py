"""What an export comes to: files, rows that are held back, and what to tell of the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..atomic import replace_file
from .parcels import ExportError, Parcel, Refusal

FOLDER = "export"
"""Where files for a course system are written: below the results, unless another place is named."""


@dataclass(frozen=True)
class Made:
    """Files that are ready to be written, and nothing of them is yet.

    Attributes:
        files: path -> content; below the output folder, or "" for the output itself.
        sent: ids whose marks are in them.
        refused: rows that are not, although there is something to send.
        remarks: what else to know, such as rows that stay as they are.
    """

    files: Mapping[str, bytes]
    sent: Sequence[str]
    refused: Sequence[Refusal] = ()
    remarks: Sequence[str] = field(default=())


def as_json(document: Any) -> bytes:
    """A JSON file's bytes."""
    return (json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def ids(parcels: Sequence[Parcel]) -> list[str]:
    """Whose parcels these are."""
    return [parcel.id for parcel in parcels]


def write(made: Made, output: Path) -> None:
    """Write all files; each one is replaced at once.

    Raises:
        ExportError: the disk refuses.
    """
    for name, content in made.files.items():
        target = output / name if name else output
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            replace_file(target, content)
        except OSError as error:
            raise ExportError(f"cannot write {target}: {error.strerror}") from None
