"""Which code a declared function consists of: itself, and the student's helpers that it reaches.

A helper belongs to the first declared function that reaches it without passing
through another one, so that nothing counts twice.
"""

from __future__ import annotations

import ast
import bisect
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from ..kit.files import NOT_STUDENTS_WORK, decode, walk
from ..kit.loader import Loader
from ..kit.needed import names_bound
from ..kit.source import Unit, choose, is_stub

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
MENTIONS = {".py", ".ipynb", ".md", ".txt", ".rst", ".toml", ".cfg", ".ini", ".sh", ".yaml", ".yml"}
"""Kinds of files in which a helper may be called, or said to be there for others."""


class Source:
    """A module or notebook as one text; parsed when its content is first asked for.

    Attributes:
        file: path inside the submission.
    """

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.file = unit.file

    @cached_property
    def text(self) -> str:
        """What can be parsed of it; the cells of a notebook stand below one another."""
        return "\n".join(self._unit.texts)

    @cached_property
    def lines(self) -> list[str]:
        """The text, line by line."""
        return self.text.split("\n")

    @cached_property
    def definitions(self) -> dict[str, ast.stmt]:
        """Top-level names and the last statement that binds each, with lines of `text`."""
        if not self._unit.is_notebook:
            return self._unit.bound_names
        statements = ast.parse(self.text).body
        return {name: stmt for stmt in statements for name in names_bound(stmt)}

    def place(self, line: int) -> tuple[str, int]:
        """Where a line of `text` stands for its author: the file, with the cell, and the line."""
        if not self._unit.is_notebook:
            return self._unit.file, line
        lengths = [text.count("\n") + 1 for text in self._unit.texts]
        before = [0, *accumulate(lengths)]
        cell = bisect.bisect_left(before, line)
        return f"{self._unit.file} cell {cell}", line - before[cell - 1]


@dataclass(frozen=True)
class Part:
    """A top-level statement that counts with a declared function.

    Attributes:
        function: the declared function.
        name: what the statement defines: that function, or a helper.
    """

    function: str
    name: str
    source: Source
    statement: ast.stmt

    @property
    def is_helper(self) -> bool:
        """Whether the student thought of it."""
        return self.name != self.function

    def holds(self, line: int) -> bool:
        """Whether a line of the source lies in it, decorators included."""
        return first_line(self.statement) <= line <= last_line(self.statement)


class Work:
    """All that the student wrote for the declared functions.

    Args:
        loader: on the submission.
        shipped: undeclared functions that the template brings; they are not the student's.

    Attributes:
        parts: in the order of the declaration, helpers after the function they count with.
    """

    def __init__(self, loader: Loader, shipped: Collection[str]) -> None:
        self._loader = loader
        self._not_helpers = {*loader.manifest.functions, *shipped}
        self._sources = {unit.file: Source(unit) for unit in loader.units}
        # of two modules of the same name, the one higher up
        modules = [unit for unit in reversed(loader.units) if not unit.is_notebook]
        self._modules = {u.name.rpartition(".")[2]: self._sources[u.file] for u in modules}
        self._reached: set[tuple[Source, str]] = set()
        self.parts: list[Part] = []
        for function in loader.manifest.functions:
            unit = choose(loader.units, loader.manifest.modules, function)
            if unit is not None:
                self._add(function, self._sources[unit.file])

    @property
    def sources(self) -> list[Source]:
        """The texts that hold a part, each once."""
        return list(dict.fromkeys(part.source for part in self.parts))

    def uncalled(self) -> Iterator[tuple[Part, str, int]]:
        """Helpers whose name nothing handed in mentions.

        Yields:
            The closest declared function of the same file, the helper, and its line.
        """
        for source in self.sources:
            declared = [p for p in self.parts if p.source is source and not p.is_helper]
            for name, statement in source.definitions.items():
                mine = isinstance(statement, Function) and not statement.decorator_list
                spared = name in self._not_helpers or (source, name) in self._reached
                if mine and declared and not spared and not self._mentioned(name, source):
                    line = statement.lineno
                    near = min(declared, key=lambda p: abs(p.statement.lineno - line))
                    yield near, name, line

    def _add(self, function: str, source: Source) -> None:
        """Add a declared function, unless it is a stub, and what it reaches."""
        home, _, statement = self._resolved(source, function)
        if statement is None or is_stub(statement):
            return
        self.parts.append(Part(function, function, home, statement))
        waiting = [*self._used(home, statement)]
        while waiting:
            home, name, statement = self._resolved(*waiting.pop(0))
            if statement is None or name in self._not_helpers or (home, name) in self._reached:
                continue
            self._reached.add((home, name))
            waiting += self._used(home, statement)
            if isinstance(statement, Definition):
                self.parts.append(Part(function, name, home, statement))

    def _resolved(self, source: Source, name: str) -> tuple[Source, str, ast.stmt | None]:
        """The home of a name, through imports from the submission's own modules."""
        seen = set()
        while (source, name) not in seen:
            seen.add((source, name))
            statement = source.definitions.get(name)
            if not isinstance(statement, ast.ImportFrom):
                break
            home = self._modules.get((statement.module or "").rpartition(".")[2])
            if home is None:
                break
            names = {alias.asname or alias.name: alias.name for alias in statement.names}
            source, name = home, names[name]
        return source, name, source.definitions.get(name)

    def _used(self, source: Source, statement: ast.stmt) -> Iterator[tuple[Source, str]]:
        """Names that a statement reads, also as `module.name` of an own module."""
        for node in ast.walk(statement):
            if isinstance(node, ast.Name):
                yield source, node.id
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                bound = source.definitions.get(node.value.id)
                if isinstance(bound, ast.Import | ast.ImportFrom):
                    names = {alias.asname or alias.name: alias.name for alias in bound.names}
                    module = names.get(node.value.id, "").rpartition(".")[2]
                    if module in self._modules:
                        yield self._modules[module], node.attr

    def _mentioned(self, name: str, source: Source) -> bool:
        """Whether a name stands anywhere but in its own definition."""
        word = re.compile(rf"\b{re.escape(name)}\b")
        own = source.definitions[name]
        inside = "\n".join(source.lines[first_line(own) - 1 : last_line(own)])
        return sum(len(word.findall(t)) for t in self._texts) > len(word.findall(inside))

    @cached_property
    def _texts(self) -> list[str]:
        paths = walk(self._loader.root, NOT_STUDENTS_WORK)
        texts = [decode(p.read_bytes()) for p in paths if p.suffix.lower() in MENTIONS]
        return [text.replace("\\n", "\n") for text in texts]  # as a notebook's file has line ends


def first_line(statement: ast.stmt) -> int:
    """Where a statement begins, decorators included."""
    decorators = statement.decorator_list if isinstance(statement, Definition) else []
    return min([statement.lineno, *(node.lineno for node in decorators)])


def last_line(statement: ast.stmt) -> int:
    """Where a statement ends."""
    return statement.end_lineno or statement.lineno
