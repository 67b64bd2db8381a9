"""Documents as students hand them in, made by the libraries that read them."""

from __future__ import annotations

import io

import docx
from pypdf import PdfWriter
from pypdf.generic import (
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
)


def pdf(*pages: str, outline: tuple[str, ...] = (), password: str = "") -> bytes:
    """A PDF with a line of text a line; pages that are named in the outline begin with it."""
    writer = PdfWriter()
    for page in pages:
        lines = "".join(f"({line.translate(ESCAPED)}) Tj T*\n" for line in page.splitlines())
        add_page(writer, f"BT /F1 11 Tf 13 TL 40 780 Td\n{lines}ET".encode("latin-1", "ignore"))
    for number, title in enumerate(outline):
        writer.add_outline_item(title=title, page_number=min(number, len(pages) - 1))
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    return written(writer)


ESCAPED = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})


def pdf_bomb() -> bytes:
    """A PDF of some kilobytes whose one page takes minutes to read."""
    writer = PdfWriter()
    add_page(writer, b"BT /F1 11 Tf\n" + b"(a) Tj T*\n" * 2_000_000 + b"ET")
    writer.pages[0].compress_content_streams()
    return written(writer)


def add_page(writer: PdfWriter, content: bytes) -> None:
    """Add a page that carries out the operators and knows one font, F1."""
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(content)
    page[NameObject("/Contents")] = writer._add_object(stream)


def written(writer: PdfWriter) -> bytes:
    """The bytes of what a writer holds."""
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def word(markdown: str, *, styled: bool = True) -> bytes:
    """A Word document of a Markdown text's headings, tables and lines.

    Args:
        styled: whether headings have a heading's style, or only its words.
    """
    document = docx.Document()
    rows: list[list[str]] = []
    for line in [*markdown.splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            table = document.add_table(0, len(rows[0]))
            for row in rows:
                if not row[0].startswith("---"):
                    for cell, text in zip(table.add_row().cells, row, strict=False):
                        cell.text = text
            rows = []
        hashes = len(line) - len(line.lstrip("#"))
        if hashes and styled:
            document.add_heading(line.strip("# "), hashes)
        else:
            document.add_paragraph(line.strip("# "))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
