"""What a submission says before anything of it runs.

The survey is made from text alone, in the box but outside any process that
student code has touched: which file defines each graded function, whether it
is still a stub, and what is imported beyond the list.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from .files import NOT_STUDENTS_WORK, decode, walk
from .loader import Loader, Manifest
from .module import ImportStatement, imported_packages
from .source import Unit, choose, is_stub

MAX_SOURCE = 20_000
_TEST = re.compile(r"^ *(?:async )?def (test_\w+)", re.M)


def survey(root: Path, manifest: Manifest) -> dict[str, Any]:
    """Describe the submission below `root` as plain values.

    Returns:
        `functions` (name -> file, line, source, stub), `constants`
        (declared data names that code assigns), `foreign`
        (file, line, package not on the list), `problems` (texts) and `tests` (names of
        test functions).
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
        }
    return described
