"""The student's own tests: a task module that they import is the proxy.

`from statistics_module import spread` in a test gives a function that copies its
arguments in and its result out, exactly as a check sees it. What a test can rely
on is therefore what the assignment declares, and the same test can be run with
another implementation behind it.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from .calls import StudentCode
from .failures import NotAttempted, StudentError
from .loader import Manifest
from .values import Arguments, Unsendable

IMPLEMENTATIONS = "implementations"
"""Folder with implementations to try one's tests on."""
SKIPPED, PASSED, MISUSED, FAILED = STATES = ("skipped", "passed", "misused", "failed")
"""What became of a test, from good to bad; `misused`: it looked into an object that it may only
pass back."""


class Callee(Protocol):
    """Whatever answers the calls of tests."""

    def call(self, name: str, args: list[object], kwargs: dict[str, object]) -> object:
        """Call a declared function; raises as `StudentCode.call`."""


class Implementation:
    """The student's code, or another implementation of some functions in front of it.

    Args:
        root: the student's folder.
        manifest: what the assignment declares.
        name: a folder below `implementations/`, or empty for the student's code alone.
    """

    def __init__(self, root: Path, manifest: Manifest, name: str = "") -> None:
        self.own = StudentCode(root, manifest)
        self._layers = [self.own]
        if name:
            self._layers.insert(0, StudentCode(root / IMPLEMENTATIONS / name, manifest))
        self._modules = manifest.modules

    def call(self, name: str, args: list[object], kwargs: dict[str, object]) -> object:
        """Call a declared function; raises as `StudentCode.call`."""
        layer = self._layer_of(name)
        with self._inside(layer):
            return layer.call(name, args, kwargs)

    def afterwards(self, name: str) -> object:
        """Arguments and result of the last call; raises as `StudentCode.afterwards`."""
        return self._layer_of(name).afterwards(name)

    def data(self, name: str) -> object:
        """A declared constant of the student; raises as `StudentCode.data`."""
        with self._inside(self.own):
            return self.own.data(name)

    def forget(self) -> None:
        """Drop the objects behind handles; they live for one test."""
        for layer in self._layers:
            layer.forget()

    def _layer_of(self, name: str) -> StudentCode:
        """The first implementation that has a function."""
        return next((x for x in self._layers if x.loader.defines(name)), self.own)

    @contextlib.contextmanager
    def _inside(self, layer: StudentCode) -> Iterator[None]:
        """While student code runs, a task module is the module and not its proxy."""
        outside = {name: sys.modules.pop(name) for name in self._modules if name in sys.modules}
        try:
            with layer.loader.installed():
                yield
        finally:
            sys.modules.update(outside)


class TaskModule(types.ModuleType):
    """What importing a task module yields in a test: the declared functions, by proxy."""

    def __init__(self, name: str, code: Callable[[], Callee], declared: set[str]) -> None:
        super().__init__(name)
        self._code = code
        self._declared = declared

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._declared:
            text = f"{name} is not among the functions you write; tests can use those alone"
            raise ImportError(f"{self.__name__}: {text}", name=self.__name__)

        def proxy(*args: object, **kwargs: object) -> object:
            __tracebackhide__ = True
            try:
                given, options = Arguments().outward([list(args), kwargs])
                return self._code().call(name, given, options)
            except Unsendable as error:
                raise TypeError(f"{name} cannot be called with this: {error}") from None
            except NotAttempted as error:
                raise NotAttempted(str(error) or f"{name} is still to be written") from None
            except StudentError as error:
                raise _as_raised(error) from None

        proxy.__name__ = proxy.__qualname__ = name
        return proxy


class TaskModuleFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers imports of the task modules with proxies.

    Args:
        manifest: its `modules` are the names answered for.
        code: gives the implementation that is behind them when a function is called.
    """

    def __init__(self, manifest: Manifest, code: Callable[[], Callee]) -> None:
        self._manifest = manifest
        self._code = code

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Importlib's question whether this finder has the module."""
        if fullname not in self._manifest.modules:
            return None
        return importlib.machinery.ModuleSpec(fullname, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """A proxy module of that name."""
        return TaskModule(spec.name, self._code, set(self._manifest.functions))

    def exec_module(self, _module: types.ModuleType) -> None:
        """Nothing runs: the functions are found when they are called."""


def _as_raised(error: StudentError) -> Exception:
    """The built-in exception that a test would see if it called the function itself."""
    if error.name == "NotImplementedError":
        return NotAttempted(f"still to be written: {error.text}")
    kind = getattr(builtins, error.name, Exception)
    text = f"{error.text}\n(raised in {error.where})" if error.where else error.text
    with contextlib.suppress(TypeError):  # a few want more than a text
        made = kind(text)
        if isinstance(made, Exception):
            return made
    return Exception(f"{error.name}: {text}")
