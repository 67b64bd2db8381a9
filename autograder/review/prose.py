"""What students wrote, as a reviewer reads it: without the line breaks of an editor."""

from __future__ import annotations

import re

WRAPPED = 60
"""A line of so many characters was broken by an editor, a shorter one by its writer."""
_BEGINS = re.compile(r"([-*+>#]|\d+[.)])(\s|#|$)|\||[-=_*\s]*$")
"""An item, a quotation, a heading, a row of a table, a rule, or nothing at all."""
_ENDS = re.compile(r"[#|]|[-=_*\s]*$")
"""What no line goes on from: a heading, a row, a rule, or nothing."""


def flowing(text: str) -> str:
    """The text with every paragraph on one line, for a window to break as it is wide.

    Tables, items of lists, headings, code and breaks that are meant keep their lines.
    """
    lines: list[str] = []
    goes_on = fenced = False
    for line in text.splitlines():
        bare = line.strip()
        fence = bare.startswith(("```", "~~~"))
        code = fence or fenced or (not goes_on and line.startswith(("    ", "\t")))
        fenced ^= fence
        if goes_on and not code and not _BEGINS.match(bare):
            lines[-1] += f" {bare}"
        else:
            lines.append(line)
        wrapped = len(line) >= WRAPPED and not line.endswith(("  ", "\\"))
        goes_on = wrapped and not code and not _ENDS.match(bare)
    return "\n".join(lines)
