"""Finding the functions a bundle declares, whatever shape the submission has.

Modules, packages and notebooks form one flat namespace: `Loader.get(name)`.
Modules of the submission that import each other are found here too, and are
executed by definitions first like the rest (see `module`).
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.abc
import importlib.machinery
import json
import re
import sys
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .failures import LoadError, NotAttempted
from .files import decode, find_file
from .module import StudentModule
from .source import NOT_RUN, Problem, Unit, choose, filled_in, find_units, is_stub


@dataclass(frozen=True)
class Manifest:
    """What a bundle declares about the code it expects.

    Attributes:
        modules: module names in which the functions are looked for first.
        functions: the flat namespace of graded functions.
        data: constant name -> JSON file that may hold it instead.
        packages: importable top-level packages beside the standard library.
        opaque: functions whose result is an object that only student code looks into.
    """

    modules: tuple[str, ...]
    functions: tuple[str, ...]
    data: dict[str, str] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    opaque: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Manifest:
        """Build from the plain form."""
        return cls(
            modules=tuple(values["modules"]),
            functions=tuple(values["functions"]),
            data=dict(values["data"]),
            packages=tuple(values["packages"]),
            opaque=tuple(values["opaque"]),
        )

    def to_json(self) -> dict[str, Any]:
        """The plain form that crosses the wire or stands in the template."""
        return {
            "modules": list(self.modules),
            "functions": list(self.functions),
            "data": dict(self.data),
            "packages": list(self.packages),
            "opaque": list(self.opaque),
        }


class Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """The submission's code, loaded on demand. One loader serves one process.

    Args:
        root: the submission's folder.
        manifest: what the bundle declares.
    """

    def __init__(self, root: Path, manifest: Manifest) -> None:
        self.root = root
        self.manifest = manifest
        self.units = find_units(root)
        declared = (*manifest.functions, *manifest.data)
        self.relevant = [unit for unit in self.units if unit.mentions(declared)]
        self.problems: list[Problem] = [p for unit in self.relevant for p in unit.problems]
        self.problems += self._doubles()
        self._importable = _importable(self.units)
        self._modules: dict[str, StudentModule] = {}
        self._homes: dict[str, StudentModule] = {}

    def get(self, name: str) -> object:
        """The object that a declared name stands for.

        Raises:
            NotAttempted: no file defines it, or only as a stub.
            LoadError: the file that should define it could not be loaded.
        """
        home = self._homes.get(name)
        if home is not None and name in home.__dict__:  # found before: every call comes here
            return home.__dict__[name]
        unit = choose(self.units, self.manifest.modules, name)
        lost = self._lost(name, unit)
        if lost is not None:
            raise LoadError(str(lost))
        if unit is not None and is_stub(unit.bound_names[name]):
            raise NotAttempted  # said without importing what the finished work will need
        if unit is not None:
            module = self._module(unit)
            module.complete(name)
            if name in module.__dict__:
                self._homes[name] = module
                return module.__dict__[name]
            faults = [str(p) for p in self.problems if not p.text.startswith(NOT_RUN)]
            raise LoadError("; ".join(faults[-3:]) or f"{name} is not defined after loading")
        if name in self.manifest.data:
            return self._data(self.manifest.data[name])
        searched = (
            ", ".join(u.file for u in self.relevant or self.units)
            or "the submission: it holds no code"
        )
        raise NotAttempted(f"no function {name} was found in {searched}"[:300])

    def defines(self, name: str) -> bool:
        """Whether some file binds the name."""
        return choose(self.units, self.manifest.modules, name) is not None

    def _lost(self, name: str, chosen: Unit | None) -> Problem | None:
        """What keeps a file from being read in which `name` is, or probably is, defined."""
        if chosen is not None and not is_stub(chosen.bound_names[name]):
            return None
        for unit in self.units:
            expected = unit.is_notebook or unit.name in self.manifest.modules
            if problem := unit.lost_definition(name):
                return problem
            anywhere = chosen is None and name not in self.manifest.data
            if anywhere and expected and unit.is_broken:
                return unit.problems[-1]
        return None

    def _doubles(self) -> list[Problem]:
        """Declared functions that are filled in twice, and which one counts."""
        found = []
        for name in self.manifest.functions:
            homes = filled_in(self.units, name)
            chosen = choose(self.units, self.manifest.modules, name)
            if len(homes) > 1 and chosen is not None:
                others = ", ".join(unit.file for unit in homes if unit is not chosen)
                text = f"{name} stands in {others} as well; the one in {chosen.file} counts"
                found.append(Problem(chosen.file, 0, text))
        return found

    def _link_stubs(self, module: StudentModule, unit: Unit) -> None:
        """Where a unit still has a stub that another unit fills in, let it call that one."""
        for name, statement in unit.bound_names.items():
            stub = name in self.manifest.functions and is_stub(statement)
            if stub and choose(self.units, self.manifest.modules, name) is not unit:
                module.__dict__[name] = _Forward(self, name)

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        """While open, `import` finds the submission's own modules."""
        sys.meta_path.insert(0, self)
        try:
            yield
        finally:
            sys.meta_path.remove(self)
            for name in [n for n, m in sys.modules.items() if isinstance(m, StudentModule)]:
                del sys.modules[name]

    def permits(self, package: str) -> str:
        """`own` for the submission's modules, `library` for listed packages, else empty."""
        if package in sys.stdlib_module_names or package in self.manifest.packages:
            return "library"  # a file called numpy.py must not become numpy
        return "own" if package in self._importable else ""

    def find_spec(
        self,
        fullname: str,
        _path: Sequence[str] | None,
        _target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Importlib's question whether the submission has that module."""
        unit = self._importable.get(fullname)
        if unit is None or self.permits(fullname.partition(".")[0]) != "own":
            return None
        is_package = unit.file.endswith("__init__.py") or not unit.file
        return importlib.machinery.ModuleSpec(fullname, self, is_package=is_package)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """A module object; one a file, by whatever name it is imported."""
        return self._prepared(self._importable[spec.name], spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the module's definitions."""
        assert isinstance(module, StudentModule)
        module.define()
        self._link_stubs(module, self._importable[module.__name__])

    def _module(self, unit: Unit) -> StudentModule:
        """The loaded module or notebook; by import where it can be imported."""
        names = [name for name, known in self._importable.items() if known is unit]
        if any(isinstance(s, ast.ImportFrom) and s.level for s in unit.statements()):
            names.sort(key=lambda name: -name.count("."))  # it counts on a package around it
        importable = [name for name in names if self.permits(name.partition(".")[0]) == "own"]
        if importable:
            importlib.import_module(importable[0])
            return self._prepared(unit, importable[0])
        name = f"submitted_{unit.name}"
        module = self._prepared(unit, name)
        sys.modules.setdefault(name, module)
        module.define()
        self._link_stubs(module, unit)
        return module

    def _prepared(self, unit: Unit, name: str) -> StudentModule:
        key = unit.file or name
        if key not in self._modules:
            self._modules[key] = StudentModule(
                name, unit, self.root, self.permits, self.problems, self._wanted(unit)
            )
        return self._modules[key]

    def _wanted(self, unit: Unit) -> set[str]:
        """Names of a unit that somebody may ask for: graded ones, and what other files use."""
        bound = unit.bound_names
        graded = {*self.manifest.functions, *self.manifest.data} & bound.keys()
        stem = unit.name.rpartition(".")[2]
        users = " ".join(o.text for o in self.units if o is not unit and o.mentions([stem]))
        used = set(re.findall(r"\w+", users)) & bound.keys()
        definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        own = {name for name, stmt in bound.items() if isinstance(stmt, definitions)}
        return graded | used if graded else own | used

    def _data(self, file: str) -> object:
        path = find_file(self.root, file)
        if path is None:
            raise NotAttempted(f"{file} was not handed in")
        try:
            return json.loads(decode(path.read_bytes()))
        except (OSError, ValueError, RecursionError) as error:
            raise LoadError(f"{file} is not valid JSON: {error}"[:300]) from None


class _Forward:
    """A stub's place, taken by the function that another file fills in."""

    def __init__(self, loader: Loader, name: str) -> None:
        self._loader = loader
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        function: Any = self._loader.get(self._name)
        return function(*args, **kwargs)


def _importable(units: list[Unit]) -> dict[str, Unit]:
    """Dotted name -> unit: by package name, by path from the root, and the folders between."""
    table: dict[str, Unit] = {}
    for unit in units:
        if unit.is_notebook:
            continue
        path = re.sub(r"(/__init__)?\.py$", "", unit.file, flags=re.I).replace("/", ".")
        for name in (unit.name, path):
            table.setdefault(name, unit)
    for unit in units:  # a file moved into a folder may still import its neighbours plainly
        if not unit.is_notebook:
            table.setdefault(unit.name.rpartition(".")[2], unit)
    for name in list(table):
        parts = name.split(".")
        for length in range(1, len(parts)):
            parent = ".".join(parts[:length])
            table.setdefault(parent, Unit(name=parent, file=""))
    return table
