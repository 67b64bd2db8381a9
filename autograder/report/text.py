"""Text of strangers, made fit for files, spreadsheets and terminals."""

from __future__ import annotations

from typing import Any

from ..characters import is_hidden

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def printable(value: Any) -> Any:
    """The same document with control and direction-changing characters made visible."""
    if isinstance(value, str):
        if "".join(value.split("\n")).isprintable():  # nearly all text is, and most of it is long
            return value
        return "".join(c if c in "\n\t" or not is_hidden(c) else f"\\u{ord(c):04x}" for c in value)
    if isinstance(value, list):
        return [printable(item) for item in value]
    if isinstance(value, dict):
        return {printable(key): printable(item) for key, item in value.items()}
    return value


def safe_cell(cell: str) -> str:
    """The cell, marked as text where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
