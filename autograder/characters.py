"""Characters that no name and no line of text should hold unseen."""

from __future__ import annotations

import unicodedata

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control and direction-changing characters, halves of pairs, and ends of lines and paragraphs."""


def is_hidden(character: str) -> bool:
    """Whether it changes how text is shown without being seen itself."""
    return unicodedata.category(character) in HIDDEN
