"""The `submission_metadata.yml` of a Gradescope export: who handed in, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .folders import read_file
from .limits import IntakeError, Rejected

METADATA = "submission_metadata.yml"
TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)[T ](?P<clock>\d\d:\d\d:\d\d)(?:\.\d+)? ?(?P<zone>[+-]\d\d:?\d\d|Z)?"
)


@dataclass(frozen=True)
class Metadata:
    """What the export says of one submission.

    Attributes:
        people: the students' numbers (empty where there is none) and names.
        number: which attempt it is, where there is a history.
    """

    people: tuple[tuple[str, str], ...]
    created_at: str | None
    number: int | None


def read_metadata(folder: Path) -> dict[str, Metadata] | None:
    """The metadata of each submission folder, by name; None if this is no export.

    Raises:
        IntakeError: the file is there and cannot be read.
    """
    path = folder / METADATA
    if not path.exists():
        return None
    try:
        # every value as it is written: 0005 is not 5
        document: Any = yaml.load(read_file(path), Loader=yaml.BaseLoader)
    except (Rejected, yaml.YAMLError, ValueError, RecursionError) as error:
        raise IntakeError(f"{path} cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(document, dict):
        raise IntakeError(f"{path} cannot be read: it is no list of submissions")
    return {
        str(name): _metadata(str(name), entry)
        for name, entry in document.items()
        if isinstance(entry, Mapping)
    }


def _metadata(name: str, entry: Mapping[Any, Any]) -> Metadata:
    people = []
    for person in _list(entry, "submitters"):
        sid, called = str(_value(person, "sid") or ""), str(_value(person, "name") or "")
        people.append((sid.strip(), called or name))
    created = _time(_value(entry, "created_at"))
    history = [
        _time(_value(old, "created_at"))
        for old in _list(entry, "history")
        if f"submission_{_value(old, 'id')}" != name
    ]
    earlier = [time for time in history if time and created and time[:19] < created[:19]]
    number = len(earlier) + 1 if _value(entry, "history") is not None else None
    return Metadata(tuple(people), created, number)


def _list(entry: Mapping[Any, Any], key: str) -> list[Mapping[Any, Any]]:
    values = _value(entry, key)
    return [v for v in values if isinstance(v, Mapping)] if isinstance(values, list) else []


def _value(entry: Mapping[Any, Any], key: str) -> Any:
    return entry.get(f":{key}", entry.get(key))


def _time(value: object) -> str | None:
    """`2024-09-24 21:26:13.5 -07:00` as `2024-09-24T21:26:13-07:00`."""
    match = TIME.fullmatch(str(value or "").strip())
    return f"{match['date']}T{match['clock']}{match['zone'] or ''}" if match else None
