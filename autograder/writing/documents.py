"""The documents of a submission, and which of them stands for a declared file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from ..kit.written import by_heading, own_text, own_words, plain_heading

NOTEBOOK = "notebook"
MOST_OF_A_DOCUMENT = 30_000
"""Characters of a document that are kept for a person to read; two pages have some 6,000."""


@dataclass(frozen=True)
class Document:
    """One document, as it was read in the box.

    Attributes:
        text: as Markdown.
        tables: None where they cannot be told from text.
        problem: why not all of it was read; empty if it was.
    """

    file: str
    kind: str
    text: str
    words: int
    figures: int
    tables: int | None
    problem: str

    @cached_property
    def sections(self) -> dict[str, str]:
        """Plain heading -> text."""
        return by_heading(self.text)

    def values(self) -> dict[str, Any]:
        """What `kit.written.shortfall` looks at."""
        return {"file": self.file, "text": self.text, "exhibits": self.exhibits}

    @property
    def exhibits(self) -> int | None:
        """Figures and tables together, None where they cannot be counted."""
        return None if self.tables is None else self.figures + self.tables


@dataclass(frozen=True)
class Writing:
    """All documents of a submission.

    Attributes:
        documents: in the order in which they are looked at.
        template: declared file -> heading -> text as the template ships it; `""` is the whole.
    """

    documents: Sequence[Document]
    template: Mapping[str, Mapping[str, str]]

    @property
    def unread(self) -> str:
        """Which documents were not read, or not whole, and why; empty if all were."""
        problems = (
            f"{d.file} could not be read: {d.problem}." for d in self.documents if d.problem
        )
        return " ".join(problems)

    def standing_for(self, file: str) -> Document | None:
        """The document that holds what the declared file is meant to hold.

        That is the one of this name, in any kind of document, in which most is the
        student's own; else the only other one with a section of the file.
        """
        named = [d for d in self.documents if _stem(d.file) == _stem(file)]
        best = max(named, key=lambda d: self._own_words(d, file), default=None)
        if best is not None and self._own_words(best, file):
            return best
        titles = {plain_heading(title) for title in self.template[file] if title}
        others = [d for d in self.documents if _stem(d.file) not in self._stems]
        others = [d for d in others if titles & d.sections.keys()]
        return others[0] if len(others) == 1 else best

    def own_text(self, file: str, section: str | None) -> str:
        """What stands in a declared file, or one section of it, beyond the template's lines."""
        document = self.standing_for(file)
        if document is None:
            return ""
        text = document.text if section is None else document.sections.get(plain_heading(section))
        return own_text(text or "", self.template[file][section or ""])

    def kept(self) -> dict[str, dict[str, Any]]:
        """What stands for each declared file, for a person to read.

        Returns:
            Declared file -> `file`, its `text`, and `left_out`, so many characters of it.
        """
        found = {name: self.standing_for(name) for name in self.template}
        return {
            name: {
                "file": document.file,
                "text": document.text[:MOST_OF_A_DOCUMENT],
                "left_out": max(0, len(document.text) - MOST_OF_A_DOCUMENT),
            }
            for name, document in found.items()
            if document is not None
        }

    def elsewhere(self) -> bool:
        """Whether something was written that stands for no declared file."""
        used = {d.file for name in self.template if (d := self.standing_for(name)) is not None}
        used |= {d.file for d in self.documents if _stem(d.file) in self._stems}
        return any(d.words for d in self.documents if d.file not in used and d.kind != NOTEBOOK)

    def has_renamed(self, file: str, section: str | None) -> bool:
        """Whether a section is missing where there are others that the template does not have.

        It may be one of them, under a heading in another language, say.
        """
        document = self.standing_for(file)
        if document is None or section is None or plain_heading(section) in document.sections:
            return False
        titles = {plain_heading(title) for title in self.template[file]}
        return any(
            body and title not in titles and not titles & by_heading(body).keys()
            for title, body in document.sections.items()
        )

    @property
    def _stems(self) -> set[str]:
        return {_stem(name) for name in self.template}

    def _own_words(self, document: Document, file: str) -> int:
        return own_words(document.text, self.template[file][""])


def _stem(file: str) -> str:
    return PurePosixPath(file).stem.casefold()
