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
from .parts import Part, Work
from .rules import RULE_OF_CODE, RULES

MOST_PLACES = 8
"""Places that are told of one rule in one function."""
MAX_TEXT = 200
COMMENTED_CODE = "ERA001"
FEWEST_COMMENTED_LINES = 3
"""One line or two may be a formula that explains something."""
UNUSED_ARGUMENT = "ARG001"


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
    return list(RULES).index(rule), part.source.place(1)[0], line, text


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
    found = list(lint([source.text for source in sources]))
    commented = {(number, line) for number, code, line, _ in found if code == COMMENTED_CODE}
    for number, code, line, text in found:
        here = (p for p in work.parts if p.source is sources[number] and p.holds(line))
        part = next(here, None)
        spared = (code == COMMENTED_CODE and not _in_a_run(commented, number, line)) or (
            code == UNUSED_ARGUMENT and part is not None and _is_given(part, line)
        )
        if part is not None and not spared:
            yield part, RULE_OF_CODE[code], line, text


def _in_a_run(lines: set[tuple[int, int]], number: int, line: int) -> bool:
    """Whether enough lines of a text follow one another around this one."""
    first = last = line
    while (number, first - 1) in lines:
        first -= 1
    while (number, last + 1) in lines:
        last += 1
    return last - first + 1 >= FEWEST_COMMENTED_LINES


def _is_given(part: Part, line: int) -> bool:
    """Whether an argument of a declared function stands there; those are the assignment's."""
    signature = getattr(part.statement, "args", None)
    if part.is_helper or not isinstance(signature, ast.arguments):
        return False
    return any(isinstance(n, ast.arg) and n.lineno == line for n in ast.walk(signature))
