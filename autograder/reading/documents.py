"""What was written, whatever it was written with: every kind of document becomes Markdown.

So sections, tables, answers and numbers are looked for in one form only. No
script runs and no link is followed.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from pathlib import Path
from typing import Any

from ..kit.cells import notebook_cells
from ..kit.files import decode, find_file, walk
from ..kit.loader import Manifest
from ..kit.survey import files_of_tests
from ..kit.written import MAX_TEXT, figures, plain_heading, tables
from .found import Found, Unreadable

TEXT, NOTEBOOK, PDF, WORD, OTHER = "text", "notebook", "pdf", "word", "other"
KINDS = {
    **dict.fromkeys((".md", ".txt", ".rst"), TEXT),
    **dict.fromkeys((".doc", ".odt", ".rtf", ".tex", ".html"), OTHER),
    ".ipynb": NOTEBOOK,
    ".pdf": PDF,
    ".docx": WORD,
}
"""Kinds of files that may hold prose."""
MOST_FILES = 20
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def writings(root: Path, _manifest: Manifest, declared: list[str]) -> dict[str, Any]:
    """The files that may hold prose.

    Args:
        declared: names of files that count as well, whatever their kind.

    Returns:
        `files`: paths, the declared ones first.
    """
    found = [path for name in declared if (path := find_file(root, name)) is not None]
    found += [
        path
        for path in walk(root)
        if path.suffix.lower() in KINDS and path.name != "requirements.txt"
    ]
    names = dict.fromkeys(path.relative_to(root).as_posix() for path in found)
    return {"files": list(names)[:MOST_FILES]}


def document(root: Path, _manifest: Manifest, file: str, titles: list[str]) -> dict[str, Any]:
    """Read one document.

    Args:
        file: its path below `root`.
        titles: lines that are headings where a document does not say which lines are.

    Returns:
        `file`, `kind`, `text` (Markdown), `words`, `figures`, `tables` (None where they
        cannot be told from text) and `problem` (why not all of it was read, or empty).
    """
    data = (root / file).read_bytes()
    kind = _kind(data, Path(file).suffix.lower())
    try:
        found = READ[kind](data, {plain_heading(title) for title in titles})
    except Unreadable as error:
        found = Found("", 0, None, str(error))
    except MemoryError:
        found = Found("", 0, None, "it takes more memory than reading may use")
    text, problem = found.text[:MAX_TEXT], found.problem
    if len(found.text) > MAX_TEXT:
        problem = problem or f"only its first {MAX_TEXT:,} characters were read"
    return {
        "file": file,
        "kind": kind,
        "text": text,
        "words": len(text.split()),
        "figures": found.figures,
        "tables": found.tables,
        "problem": problem,
    }


def tests(root: Path, _manifest: Manifest) -> dict[str, Any]:
    """The student's own tests as text.

    Returns:
        `files`: path -> text.
    """
    paths = files_of_tests(root)[:MOST_FILES]
    texts = {p.relative_to(root).as_posix(): decode(p.read_bytes())[:MAX_TEXT] for p in paths}
    return {"files": texts}


def _kind(data: bytes, suffix: str) -> str:
    """By content where that is plain, else by name."""
    if data.startswith(b"%PDF-"):
        return PDF
    return KINDS.get(suffix, TEXT)


def _read_text(data: bytes, _titles: Set[str]) -> Found:
    if b"\0" in data and not data.startswith(UTF_16_MARKS):
        raise Unreadable("it is not text")
    text = decode(data)
    return Found(text, figures(text), tables(text))


def _read_notebook(data: bytes, _titles: Set[str]) -> Found:
    try:
        cells = notebook_cells(decode(data), "markdown")
    except ValueError as error:
        raise Unreadable(f"it is {error}") from None
    text = "\n\n".join(cells)
    return Found(text, figures(text), tables(text))


def _read_other(_data: bytes, _titles: Set[str]) -> Found:
    raise Unreadable("only Markdown, plain text, notebooks, PDF and Word are read by machine")


def _read_pdf(data: bytes, titles: Set[str]) -> Found:
    from .pdf import read_pdf  # noqa: PLC0415 (only a box that was made for reading has it)

    return read_pdf(data, titles)


def _read_word(data: bytes, titles: Set[str]) -> Found:
    from .word import read_word  # noqa: PLC0415 (the same)

    return read_word(data, titles)


READ: dict[str, Callable[[bytes, Set[str]], Found]] = {
    TEXT: _read_text,
    NOTEBOOK: _read_notebook,
    PDF: _read_pdf,
    WORD: _read_word,
    OTHER: _read_other,
}
