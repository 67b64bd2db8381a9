"""What a submission says before anything of it runs.

The survey is made from text alone, in the box but outside any process that
student code has touched: which file defines each graded function, whether it
is still a stub, what is imported beyond the list, and the sections of its
documents.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from .files import NOT_STUDENTS_WORK, decode, find_file, walk
from .loader import Loader, Manifest
from .module import ImportStatement, imported_packages
from .source import Unit, choose, is_stub

PROSE = {".md", ".txt", ".rst", ".pdf", ".docx", ".doc", ".odt", ".rtf", ".tex", ".html"}
LONGEST_FUNCTION = 60
MAX_SOURCE = 20_000
MAX_DOCUMENT = 100_000
_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_TEST = re.compile(r"^ *(?:async )?def (test_\w+)", re.M)
_FENCE = re.compile(r"^ {0,3}(```|~~~)")


def survey(root: Path, manifest: Manifest, documents: list[str]) -> dict[str, Any]:
    """Describe the submission below `root` as plain values.

    Returns:
        `functions` (name -> file, line, source, stub, findings), `constants`
        (declared data names that code assigns), `foreign`
        (file, line, package not on the list), `problems` (texts), `documents`
        (name -> file, sections as heading-text pairs; or None), `tests` (names of
        test functions) and `writings` (further files that may hold prose).
    """
    loader = Loader(root, manifest)
    return {
        "functions": _functions(loader.units, manifest),
        "constants": [
            name
            for name in manifest.data
            if any(_says_something(unit.bound_names.get(name)) for unit in loader.relevant)
        ],
        "foreign": [
            [unit.file, node.lineno, package]
            for unit in loader.relevant
            for statement in unit.statements()
            for node in ast.walk(statement)
            if isinstance(node, ImportStatement)
            for package in imported_packages(node)
            if not loader.permits(package)
        ],
        "problems": [str(problem) for problem in loader.problems],
        "tests": own_tests(root),
        "writings": _writings(root, documents),
        "documents": {name: _document(root, name) for name in documents},
    }


def own_tests(root: Path) -> list[str]:
    """Names of the test functions below `root` that are not the shipped public checks."""
    return [
        name for path in files_of_tests(root) for name in _TEST.findall(decode(path.read_bytes()))
    ]


def files_of_tests(root: Path) -> list[Path]:
    """The files below `root` that hold tests of the student's own."""
    return [
        path
        for path in walk(root, NOT_STUDENTS_WORK)
        if path.suffix == ".py" and "test" in path.stem and path.parent.name != "public"
    ]


def sections(text: str) -> list[tuple[str, str]]:
    """The sections of a Markdown text as (heading, body).

    A section reaches to the next heading of its own level or above, so the
    sections below it belong to its body.
    """
    lines = text.splitlines()
    headings: list[tuple[int, int, str]] = []
    fenced = False
    for number, line in enumerate(lines):
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        if heading:
            headings.append((number, len(heading.group(1)), heading.group(2)))
    found = []
    for index, (number, level, title) in enumerate(headings):
        later = (line for line, other, _ in headings[index + 1 :] if other <= level)
        end = next(later, len(lines))
        found.append((title, "\n".join(lines[number + 1 : end]).strip()))
    return found


def _says_something(statement: ast.stmt | None) -> bool:
    """Whether a constant is assigned more than None, a number or a word."""
    value = getattr(statement, "value", None)
    return value is not None and not isinstance(value, ast.Constant)


def _functions(units: list[Unit], manifest: Manifest) -> dict[str, Any]:
    described = {}
    for name in manifest.functions:
        unit = choose(units, manifest.modules, name)
        statement = unit.bound_names.get(name) if unit else None
        if unit is None or statement is None:
            continue
        source = unit.source_of(statement)
        described[name] = {
            "file": unit.file,
            "line": statement.lineno,
            "source": source[:MAX_SOURCE],
            "stub": is_stub(statement),
            "findings": _findings(statement, source),
        }
    return described


def _findings(statement: ast.stmt, source: str) -> list[list[Any]]:
    """First, simple readings of quality: rule, line, and what would be better."""
    found: list[list[Any]] = []
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        if not ast.get_docstring(statement):
            found.append(["docstring", statement.lineno, "say what it takes and returns"])
        length = (statement.end_lineno or statement.lineno) - statement.lineno + 1
        if length > LONGEST_FUNCTION:
            found.append(["length", statement.lineno, f"{length} lines; split it by what it does"])
    for node in ast.walk(statement):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            found.append(["bare-except", node.lineno, "name the exception you expect"])
    for offset, line in enumerate(source.splitlines()):
        if re.search(r"#.*\bTODO\b", line):
            found.append(["todo-left", statement.lineno + offset, "remove TODOs that are done"])
    return found


def _writings(root: Path, documents: list[str]) -> list[str]:
    found = {path for name in documents if (path := find_file(root, name)) is not None}
    return [
        path.relative_to(root).as_posix()
        for path in walk(root)
        if path.suffix.lower() in PROSE and path not in found and path.name != "requirements.txt"
    ]


def _document(root: Path, name: str) -> dict[str, Any] | None:
    path = find_file(root, name)
    if path is None:
        return None
    text = decode(path.read_bytes())[:MAX_DOCUMENT]
    return {"file": path.relative_to(root).as_posix(), "sections": sections(text), "text": text}
