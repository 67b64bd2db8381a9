"""Reading a submission's code as text: which file or notebook defines what.

Nothing is executed here. A module and a notebook become the same thing, a
`Unit`: cells of statements, where a module is a single cell. IPython's own
syntax (`%magic`, `!shell`) is blanked and reported, never run.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from .cells import blank_magics, notebook_cells
from .files import decode, walk
from .needed import names_bound

NOT_RUN = "not run: "
"""Begins the report of an IPython line, which is no mistake."""


@dataclass(frozen=True)
class Problem:
    """Something about a file that its author should know; `line` is 1-based, 0 unknown."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.text}"


class Unit:
    """One module or notebook; parsed when its content is first asked for.

    Attributes:
        name: dotted module name; for a notebook its file name's stem.
        file: path inside the submission; empty for a folder that acts as a package.
        text: the file's text.
    """

    def __init__(self, name: str, file: str, text: str = "") -> None:
        self.name = name
        self.file = file
        self.text = text

    @property
    def is_notebook(self) -> bool:
        """Whether the unit came from a notebook."""
        return self.file.lower().endswith(".ipynb")

    def mentions(self, names: Iterable[str]) -> bool:
        """Whether one of the names stands anywhere in the text; cheap, so ask this first."""
        return any(name in self.text for name in names)

    @property
    def cells(self) -> list[list[ast.stmt]]:
        """The statements, cell by cell; a module is one cell."""
        return self._content.cells

    @property
    def texts(self) -> list[str]:
        """The text of each cell as it was parsed; empty where that failed."""
        return self._content.texts

    @property
    def problems(self) -> list[Problem]:
        """What could not be read, and what will not be run."""
        return self._content.problems

    @property
    def is_broken(self) -> bool:
        """Whether a part of it is no Python."""
        return bool(self._content.unparsed)

    def statements(self) -> Iterator[ast.stmt]:
        """All top-level statements in order."""
        for cell in self.cells:
            yield from cell

    @cached_property
    def bound_names(self) -> dict[str, ast.stmt]:
        """Top-level names and the last statement that binds each."""
        return {name: stmt for stmt in self.statements() for name in names_bound(stmt)}

    def lost_definition(self, name: str) -> Problem | None:
        """The problem of the text in which `name` seems to be defined, if that cannot be parsed."""
        pattern = re.compile(rf"^\s*(async\s+def|def|class)\s+{name}\b|^{name}\s*=", re.M)
        if not self.mentions([name]):
            return None
        return next((p for text, p in self._content.unparsed if pattern.search(text)), None)

    def source_of(self, node: ast.stmt) -> str:
        """The text of a top-level statement of this unit."""
        for statements, text in zip(self.cells, self.texts, strict=True):
            if node in statements:
                return "\n".join(text.split("\n")[node.lineno - 1 : node.end_lineno])
        return ""

    @cached_property
    def _content(self) -> _Content:
        content = _Content()
        try:
            chunks = notebook_cells(self.text) if self.is_notebook else [self.text]
        except ValueError as error:
            content.lose(self.text, Problem(self.file, 0, f"cannot be read: {error}"))
            return content
        for number, chunk in enumerate(chunks, start=1):
            place = f"{self.file} cell {number}" if self.is_notebook else self.file
            content.add_cell(chunk, place, notebook=self.is_notebook)
        return content


@dataclass
class _Content:
    """A unit's text, parsed; `unparsed` holds what is no Python, with the problem it is."""

    cells: list[list[ast.stmt]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unparsed: list[tuple[str, Problem]] = field(default_factory=list)

    def add_cell(self, chunk: str, place: str, *, notebook: bool) -> None:
        """Parse one cell, blanking IPython syntax if plain Python fails."""
        statements, error = _parse(chunk)
        if error is not None and notebook:
            chunk, magics = blank_magics(chunk)
            self.problems += [Problem(place, line, NOT_RUN + text) for line, text in magics]
            statements, error = _parse(chunk)
        if error is not None:
            self.lose(chunk, Problem(place, *error))
            statements, chunk = [], ""  # the cell keeps its number
        self.cells.append(statements)
        self.texts.append(chunk)

    def lose(self, text: str, problem: Problem) -> None:
        """Note text that cannot be parsed."""
        self.problems.append(problem)
        self.unparsed.append((text, problem))


def find_units(root: Path) -> list[Unit]:
    """Every module and notebook below `root`, shallow paths first, notebooks last."""
    units = []
    for path in walk(root):
        if path.suffix.lower() in {".py", ".ipynb"} and path.name != "conftest.py":
            file = path.relative_to(root).as_posix()
            units.append(Unit(_module_name(path, root), file, decode(path.read_bytes())))
    return sorted(units, key=lambda unit: unit.is_notebook)


def is_stub(statement: ast.stmt) -> bool:
    """Whether a function does nothing but raise NotImplementedError after its docstring."""
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    body = statement.body[1:] if ast.get_docstring(statement) is not None else statement.body
    if len(body) != 1 or not isinstance(body[0], ast.Raise) or body[0].exc is None:
        return False
    raised = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def choose(units: list[Unit], modules: tuple[str, ...], name: str) -> Unit | None:
    """The unit whose definition of `name` counts.

    The declared modules come first, then other modules, then notebooks; but
    any filled-in definition is preferred to a stub, so that a student may work
    in the notebook or in the module and leave the other untouched.
    """

    def rank(unit: Unit) -> tuple[bool, bool, bool, bool]:
        bound = unit.bound_names
        statement = bound.get(name)
        declared = unit.name.rpartition(".")[2] in modules
        indirect = isinstance(statement, (ast.Import, ast.ImportFrom))
        stub = statement is not None and is_stub(statement)
        return (stub, indirect and not declared, not declared, unit.is_notebook)

    having = [
        unit
        for unit in units
        if unit.mentions([name])
        and name in unit.bound_names
        and not _is_from(unit.bound_names[name], modules)
    ]
    return min(having, key=rank, default=None)


def _is_from(statement: ast.stmt, modules: tuple[str, ...]) -> bool:
    """Whether a name comes from a declared module, which then is its home."""
    module = getattr(statement, "module", None) or ""
    return isinstance(statement, ast.ImportFrom) and module.rpartition(".")[2] in modules


def filled_in(units: list[Unit], name: str) -> list[Unit]:
    """The units that define `name` themselves, as more than a stub."""
    definitions = [(u, u.bound_names.get(name)) for u in units if u.mentions([name])]
    return [
        unit
        for unit, statement in definitions
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and not is_stub(statement)
    ]


def _parse(text: str) -> tuple[list[ast.stmt], tuple[int, str] | None]:
    try:
        with warnings.catch_warnings():  # an odd backslash is no reason to print anything
            warnings.simplefilter("ignore")
            return ast.parse(text).body, None
    except SyntaxError as error:
        return [], (error.lineno or 0, f"{type(error).__name__}: {error.msg}")
    except (ValueError, RecursionError, MemoryError) as error:
        return [], (0, f"cannot be parsed: {type(error).__name__}")


def _module_name(path: Path, root: Path) -> str:
    """Dotted name from the nearest ancestor that is no package."""
    parts = [path.stem]
    folder = path.parent
    while folder != root and (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    name = ".".join(parts)
    return name.removesuffix(".__init__") if len(parts) > 1 else name
