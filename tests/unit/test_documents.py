"""Every kind of document becomes Markdown, and what cannot be read says why."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.kit.loader import Manifest
from autograder.kit.written import documents, figures, sections, shortfall, tables
from autograder.reading.documents import document, writings

from .documents import pdf, word

MANIFEST = Manifest(modules=(), functions=())
TITLES = ["Goals and approach", "Numbers and tables"]
REPORT = """# Report

## Goals and approach

What was to be shown.

## Numbers and tables

Two of them.

| loss | 0.25 |
|---|---|
| bias | 0.5 |
"""


def read(folder: Path, file: str, data: bytes) -> dict[str, Any]:
    (folder / file).write_bytes(data)
    return document(folder, MANIFEST, file, TITLES)


def test_a_word_document_keeps_headings_tables_and_pictures(tmp_path: Path) -> None:
    found = read(tmp_path, "report.docx", word(REPORT))
    bodies = dict(sections(found["text"]))
    assert bodies["Goals and approach"] == "What was to be shown."
    assert "| bias | 0.5 |" in bodies["Numbers and tables"]
    assert (found["kind"], found["tables"], found["problem"]) == ("word", 1, "")


def test_a_word_document_without_styles_has_the_declared_headings(tmp_path: Path) -> None:
    found = read(tmp_path, "report.docx", word(REPORT.replace("## ", "## 2. "), styled=False))
    assert [title for title, _ in sections(found["text"])] == [f"2. {title}" for title in TITLES]


def test_a_pdf_has_the_headings_of_its_outline_and_the_declared_ones(tmp_path: Path) -> None:
    data = pdf("Mine\nis short\nGoals and approach\nto be shown", "Own part\n1", outline=("Mine",))
    text = read(tmp_path, "report.pdf", data)["text"]
    assert [title for title, _ in sections(text)] == ["Mine", "Goals and approach"]
    assert dict(sections(text))["Goals and approach"].startswith("to be shown")


def test_a_long_pdf_is_read_up_to_a_limit_and_says_so(tmp_path: Path) -> None:
    found = read(tmp_path, "report.pdf", pdf(*(f"page {number}" for number in range(600))))
    assert found["problem"] == "only the first 40 of its 600 pages were read"
    assert "page 39" in found["text"]
    assert "page 40" not in found["text"]


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(f"word/{name}.xml", data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("file", "data", "problem"),
    [
        ("report.pdf", pdf("secret", password="x"), "it is encrypted"),
        ("report.pdf", b"\x89PNG\r\n\x1a\n" + bytes(100), "it is not a PDF, or damaged"),
        ("report.pdf", pdf("text")[:200], "it is not a PDF, or damaged"),
        ("report.pdf", pdf(""), "it holds no text, only pictures of it"),
        ("report.md", b"\x89PNG\r\n\x1a\n" + bytes(100), "it is not text"),
        ("report.docx", b"PK\x03\x04 and no more", "it is not a .docx"),
        ("report.docx", b"\xd0\xcf\x11\xe0" + bytes(600), "it is encrypted, or of the old .doc"),
        ("report.docx", zipped(document=bytes(50 * 2**20)), "it unpacks to more than 40 MB"),
        ("report.docx", zipped(document=b"<!DOCTYPE x>"), "it is not a .docx"),
        ("report.odt", b"", "only Markdown, plain text, notebooks, PDF and Word are read"),
        ("work.ipynb", b"{", "it is not a Jupyter notebook"),
    ],
)
def test_what_cannot_be_read_says_why(file: str, data: bytes, problem: str, tmp_path: Path) -> None:
    found = read(tmp_path, file, data)
    assert found["problem"].startswith(problem)
    assert (found["text"], found["words"]) == ("", 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_text_in_any_usual_encoding(encoding: str, tmp_path: Path) -> None:
    data = "# Größe\r\n\r\nÜber Äpfel: 3 §\r\n".encode(encoding)
    found = read(tmp_path, "README.md", data)
    assert sections(found["text"]) == [("Größe", "Über Äpfel: 3 §")]


def test_an_empty_file_is_read_and_empty(tmp_path: Path) -> None:
    found = read(tmp_path, "report.md", b"")
    assert (found["words"], found["problem"]) == (0, "")


def test_a_pdf_by_another_name_is_still_one(tmp_path: Path) -> None:
    assert "hello" in read(tmp_path, "report.md", pdf("hello"))["text"]


def test_text_without_end_is_cut_and_says_so(tmp_path: Path) -> None:
    found = read(tmp_path, "report.md", b"word " * 30_000)
    assert len(found["text"]) == 100_000
    assert found["problem"] == "only its first 100,000 characters were read"


def test_prose_of_a_notebook_is_its_markdown(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# A\n", "b"]},
        {"cell_type": "code", "source": "x"},
    ]
    found = read(tmp_path, "work.ipynb", json.dumps({"cells": cells}).encode())
    assert (found["kind"], found["text"]) == ("notebook", "# A\nb")


def test_writings_are_the_declared_files_and_all_prose(tmp_path: Path) -> None:
    names = ("notes/essay.txt", "README.md", "sample.json", "other.json", "tests/x.md", "a.pdf")
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    found = writings(tmp_path, MANIFEST, ["sample.json", "report.md"])
    assert found == {"files": ["sample.json", "README.md", "a.pdf", "notes/essay.txt"]}


@given(st.text(alphabet="# -|:`\t\nab!["))
def test_sections_hold_every_line_once_or_below_a_heading(text: str) -> None:
    lines = {line.strip() for line in text.splitlines()}
    for _, body in sections(text):
        assert {line.strip() for line in body.splitlines()} <= lines
    assert tables(text) <= len(text.splitlines())
    assert figures(text) <= text.count("![")


def test_headings_in_code_are_code() -> None:
    assert sections("# A\n```\n# no\n```\n## B ##\nc") == [
        ("A", "```\n# no\n```\n## B ##\nc"),
        ("B", "c"),
    ]


def test_on_a_laptop_a_pdf_is_left_for_the_marking(tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text("# Report\n\nas shipped")
    (tmp_path / "report.pdf").write_bytes(b"%PDF-")
    found = documents(tmp_path, ["report.md"])["report.md"]
    artefact = {"title": "Report", "file": "report.md", "section": None, "constant": None}
    assert shortfall(artefact, [], found, {"": "# Report\n\nas shipped"}) == (
        "report.pdf is not read here, but will be when your work is marked."
    )
