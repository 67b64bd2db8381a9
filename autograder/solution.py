"""Functions of a bundle's own modules, loaded when they are asked for."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def homes_of(paths: Iterable[Path]) -> dict[str, str]:
    """Function -> the module that defines it."""
    return {
        node.name: path.stem
        for path in paths
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }


class Reference:
    """Functions of a folder's modules by name; a module is imported when first asked for one.

    So the trusted side loads what its checks use and nothing else: a module that
    needs a heavy library costs nothing as long as no check asks for it.
    """

    def __init__(self, folder: Path, homes: dict[str, str]) -> None:
        self._folder = folder
        self._homes = homes

    def __getattr__(self, name: str) -> Any:
        if name not in self._homes:
            raise AttributeError(f"{self._folder} defines no function {name}()")
        with importable(self._folder):
            module = importlib.import_module(self._homes[name])
        for function, home in self._homes.items():
            if home == module.__name__:
                setattr(self, function, getattr(module, function))
        return getattr(module, name)


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """While open, the folder's modules import each other; afterwards nobody else sees them."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name, module in list(sys.modules.items()):
            if Path(getattr(module, "__file__", None) or "/").parent == folder:
                del sys.modules[name]
