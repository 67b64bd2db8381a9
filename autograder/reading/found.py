"""What reading one document gives."""

from __future__ import annotations

from dataclasses import dataclass


class Unreadable(Exception):
    """A document cannot be read; the text says why, as the rest of a sentence."""


@dataclass(frozen=True)
class Found:
    """A document as Markdown.

    Attributes:
        tables: None where the kind of document does not tell them from text.
        problem: why this is not all of it; empty if it is.
    """

    text: str
    figures: int
    tables: int | None
    problem: str = ""
