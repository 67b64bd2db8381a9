"""PDF as Markdown. The library bounds what a stream may unpack to, the box the rest."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Set
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from ..kit.written import plain_heading
from .found import Found, Unreadable

MOST_PAGES = 40
"""A report has a few; reading a page takes some hundredths of a second."""
DECLARED_LEVEL = 2
"""Level of a heading that is known by its words alone."""
logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # a student's PDF is not our user's problem


def read_pdf(data: bytes, titles: Set[str]) -> Found:
    """Read the first pages of a PDF.

    Args:
        titles: plain headings; a line that says nothing else is a heading, and so is one
            that says what an entry of the outline says.

    Raises:
        Unreadable: encrypted, not a PDF, or without text.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("it is encrypted")
        count = len(reader.pages)
        pages = [reader.pages[number] for number in range(min(count, MOST_PAGES))]
        levels = dict.fromkeys(titles, DECLARED_LEVEL) | dict(_outline(reader.outline, 1))
        text = "\n\n".join(_marked(page.extract_text(), levels) for page in pages)
        figures = sum(_pictures(page) for page in pages)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # whatever a damaged file makes of the library
        reason = "it is encrypted" if "crypt" in str(error) else "it is not a PDF, or damaged"
        raise Unreadable(reason) from None
    if not text.strip():
        raise Unreadable("it holds no text, only pictures of it")
    problem = f"only the first {MOST_PAGES} of its {count} pages were read"
    return Found(text, figures, None, problem if count > MOST_PAGES else "")


def _outline(entries: list[Any], level: int) -> Iterator[tuple[str, int]]:
    """Plain headings of the outline with their levels; a list holds what lies below."""
    for entry in entries:
        if isinstance(entry, list):
            yield from _outline(entry, min(level + 1, 6))
        else:
            yield plain_heading(str(entry.title)), level


def _marked(text: str, levels: dict[str, int]) -> str:
    """The text of a page with its headings marked as such."""
    lines = []
    for line in text.splitlines():
        level = levels.get(plain_heading(line)) if line.strip() else None
        lines.append(f"\n{'#' * level} {line.strip()}\n" if level else line)
    return "\n".join(lines)


def _pictures(page: Any) -> int:
    """How many images a page refers to; they are not unpacked."""
    nothing = DictionaryObject()
    resources = page.get("/Resources", nothing).get_object()
    objects = resources.get("/XObject", nothing).get_object()
    kinds = (entry.get_object().get("/Subtype") for entry in objects.values())
    return sum(kind == "/Image" for kind in kinds)
