"""How well the student's functions are written, as far as rules can say. Runs inside."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..kit.loader import Loader, Manifest
from .linter import lint
from .own import read_alone, read_together
from .parts import Function, Part, Work
from .rules import RULE_OF_CODE, RULES

MOST_PLACES = 8
"""Places that are told of one rule in one function."""
MAX_TEXT = 200
COMMENTED_CODE, UNUSED_ARGUMENT = "ERA001", "ARG001"
"""Ruff's codes that do not always count."""


def quality(root: Path, manifest: Manifest, shipped: Sequence[str]) -> dict[str, Any]:
    """Read the functions that are filled in, with the helpers they reach.

    Args:
        shipped: undeclared functions that the template brings.

    Returns:
        `findings`: declared function -> rows of rule, file (of a notebook, with the cell),
        line and text. A function that is missing or a stub is not among them.

    Raises:
        LinterFailed: ruff crashed.
    """
    work = Work(Loader(root, manifest), shipped)
    findings: dict[str, list[list[Any]]] = {part.function: [] for part in work.parts}
    for part, rule, line, text in sorted(set(_found(work)), key=_in_order):
        known = Counter(row[0] for row in findings[part.function])
        if known[rule] < MOST_PLACES:
            findings[part.function].append([rule, *part.source.place(line), text[:MAX_TEXT]])
    return {"findings": findings}


def _in_order(found: tuple[Part, str, int, str]) -> tuple[int, str, int, str]:
    """By rule, then by place."""
    part, rule, line, text = found
    return list(RULES).index(rule), part.source.file, line, text


def _found(work: Work) -> Iterator[tuple[Part, str, int, str]]:
    for part in work.parts:
        for rule, line, text in read_alone(part):
            yield part, rule, line, text
    yield from read_together(work.parts)
    for part, name, line in work.uncalled():
        yield part, "dead-code", line, f"nothing calls {name}"
    yield from _linted(work)


def _linted(work: Work) -> Iterator[tuple[Part, str, int, str]]:
    """What ruff finds, where it counts."""
    sources = work.sources
    for number, code, line, text in lint([source.text for source in sources]):
        here = (p for p in work.parts if p.source is sources[number] and p.holds(line))
        part = next(here, None)
        if part is not None and not _is_spared(part, code, line):
            yield part, RULE_OF_CODE[code], line, text


def _is_spared(part: Part, code: str, line: int) -> bool:
    if code == COMMENTED_CODE:
        return _may_explain(part.source.lines[line - 1])
    return code == UNUSED_ARGUMENT and _is_given(part, line)


def _may_explain(comment: str) -> bool:
    """Whether a comment may be a formula or words, even if Python could read it."""
    try:
        (statement,) = ast.parse(comment.strip().lstrip("# ")).body
    except (SyntaxError, ValueError):
        return True
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        called = statement.value.func
        return isinstance(called, ast.Name) and called.id != "print"
    if isinstance(statement, ast.Return):
        return isinstance(statement.value, ast.Name | None)  # "return early"
    return not isinstance(statement, ast.Import | ast.ImportFrom)


def _is_given(part: Part, line: int) -> bool:
    """Whether an argument of a declared function stands there; those are the assignment's."""
    if part.is_helper or not isinstance(part.statement, Function):
        return False
    signature = ast.walk(part.statement.args)
    return any(isinstance(node, ast.arg) and node.lineno == line for node in signature)
