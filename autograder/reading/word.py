"""Word as Markdown: headings by style, tables row by row."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Set

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from ..kit.written import plain_heading
from .found import Found, Unreadable

MOST_UNPACKED = 40 * 2**20
"""Bytes that all parts may unpack to. `zipfile` never gives more of a part than is declared."""
DECLARED_LEVEL = 2
_HEADING_STYLE = re.compile(r"heading ([1-6])|title", re.I)


def read_word(data: bytes, titles: Set[str]) -> Found:
    """Read a Word document.

    Args:
        titles: plain headings; a paragraph that says nothing else is a heading.

    Raises:
        Unreadable: not a Word document, encrypted, or too large when unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise Unreadable(f"it unpacks to more than {MOST_UNPACKED >> 20} MB")
        document = docx.Document(io.BytesIO(data))
        pieces = [
            _table(piece) if isinstance(piece, Table) else _paragraph(piece, titles)
            for piece in document.iter_inner_content()
        ]
        figures = sum(1 for _ in document.element.body.iter(qn("w:drawing"), qn("w:pict")))
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # whatever a damaged file makes of the libraries
        encrypted = data.startswith(b"\xd0\xcf\x11\xe0")  # then it is no zip but an OLE container
        reason = "it is encrypted, or of the old .doc kind" if encrypted else "it is not a .docx"
        raise Unreadable(reason) from error
    return Found("\n\n".join(pieces), figures, len(document.tables))


def _paragraph(paragraph: Paragraph, titles: Set[str]) -> str:
    style = paragraph.style.name if paragraph.style is not None else None
    heading = _HEADING_STYLE.fullmatch(style or "")
    level = int(heading.group(1) or 1) if heading else DECLARED_LEVEL
    if heading or plain_heading(paragraph.text) in titles:
        return f"{'#' * level} {paragraph.text}" if paragraph.text.strip() else ""
    return paragraph.text


def _table(table: Table) -> str:
    rows = [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*lines[:1], *(["|---|"] if lines else []), *lines[1:]])
