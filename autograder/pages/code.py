"""A student's code for reading, with what was found at its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..reading.rules import RULES

MOST_LINES = 300
LONGEST_LINE = 400
"""What is longer is cut: a page is for reading, and the student has the file."""


@dataclass(frozen=True)
class Line:
    """A line of code, and what to object to in it."""

    number: int
    text: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Code:
    """One function.

    Attributes:
        elsewhere: what was found in helpers of its own, with the places.
        left_out: how many lines are not shown.
    """

    name: str
    file: str
    lines: tuple[Line, ...]
    elsewhere: tuple[str, ...]
    left_out: int

    @property
    def objections(self) -> int:
        """How many things were found."""
        return len(self.elsewhere) + sum(len(line.notes) for line in self.lines)


def code_of(name: str, about: Mapping[str, Any], *, with_findings: bool) -> Code:
    """One function of the artifacts.

    Args:
        about: its file, first line, source and findings.
    """
    texts = str(about["source"]).split("\n")
    first, shown = int(about["line"]), texts[:MOST_LINES]
    found = about.get("findings", []) if with_findings else []
    here = range(first, first + len(shown))
    inside = [f for f in found if f["file"] == about["file"] and f["line"] in here]
    outside = [f for f in found if f not in inside]
    return Code(
        name=name,
        file=str(about["file"]),
        lines=tuple(
            Line(
                number,
                text if len(text) <= LONGEST_LINE else text[:LONGEST_LINE] + " …",
                tuple(_note(f) for f in inside if f["line"] == number),
            )
            for number, text in zip(here, shown, strict=True)
        ),
        elsewhere=tuple(f"{f['file']}, line {f['line']}: {_note(f)}" for f in outside),
        left_out=len(texts) - len(shown),
    )


def _note(finding: Mapping[str, Any]) -> str:
    rule = RULES.get(finding["rule"])
    return f"{rule.title}: {finding['text']}" if rule else str(finding["text"])
