"""Calling a student's functions by name: the one way in, on a laptop and in the box.

Arguments are copied in, results are rebuilt on the way out, and whatever goes
wrong becomes one of four exceptions, none of which carries a student's object.
"""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator
from pathlib import Path

from .failures import LoadError, NotAttempted, StudentError
from .loader import Loader, Manifest
from .values import Crossing, Unsendable

MAX_ERROR_TEXT = 400


class StudentCode:
    """The declared functions and constants of the submission below a folder."""

    def __init__(self, root: Path, manifest: Manifest) -> None:
        self.loader = Loader(root, manifest)
        self._crossing = Crossing()
        self._last: dict[str, tuple[list[object], dict[str, object], object]] = {}

    def call(self, name: str, args: list[object], kwargs: dict[str, object]) -> object:
        """Call a function.

        Raises:
            NotAttempted: no file defines it, or it is still a stub.
            LoadError: its file cannot be loaded.
            StudentError: it raised, or its result cannot cross.
        """
        function = self.loader.get(name)
        with self._errors():
            arguments = [self._crossing.inward(item) for item in args]
            options = {key: self._crossing.inward(item) for key, item in kwargs.items()}
            result = function(*arguments, **options)  # type: ignore[operator]
            self._last[name] = arguments, options, result
            if name in self.loader.manifest.opaque:
                return self._crossing.keep(result)
            return self._crossing.outward(result)

    def afterwards(self, name: str) -> object:
        """The arguments and the result of a function's last call, as they are by now.

        So one sees what was changed in place, by the call itself or by a later one.

        Returns:
            The positional arguments, those by name, and the result.

        Raises:
            StudentError: there was no such call in this check, or they cannot cross.
        """
        if name not in self._last:
            raise StudentError("RuntimeError", f"{name} was not called before")
        with self._errors():
            return [self._crossing.outward(part) for part in self._last[name]]

    def data(self, name: str) -> object:
        """A declared constant, or the content of the file that may hold it. Raises as `call`."""
        try:
            return self._crossing.outward(self.loader.get(name))
        except Unsendable as error:
            raise StudentError("RuntimeError", f"{name} cannot be handed over: {error}") from None

    def faults(self, names: list[str]) -> dict[str, LoadError | NotAttempted]:
        """Load declared names; for those that cannot be had, why."""
        found: dict[str, LoadError | NotAttempted] = {}
        for name in names:
            try:
                self.loader.get(name)
            except (LoadError, NotAttempted) as error:
                found[name] = error
        return found

    def forget(self) -> None:
        """Drop the objects behind handles, and the last calls; they live for one check."""
        self._crossing.forget()
        self._last.clear()

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """Whatever goes wrong on the way through student code, as a `StudentError`."""
        try:
            yield
        except Unsendable as error:
            text = f"the result cannot be handed over: {error}"
            raise StudentError("RuntimeError", text) from None
        except (Exception, SystemExit) as error:
            raise self._described(error) from None

    def _described(self, error: BaseException) -> StudentError:
        """Nearest built-in type's name, capped text, and the place inside the submission."""
        kinds = (kind for kind in type(error).__mro__ if kind.__module__ == "builtins")
        name = next(kinds, Exception).__name__
        text = ""
        with contextlib.suppress(BaseException):
            text = str(error)[:MAX_ERROR_TEXT]
        return StudentError(name, text, self._places(error))

    def _places(self, error: BaseException) -> str:
        """The way through the submission's own functions to where it was raised."""
        root, kit = self.loader.root, Path(__file__).parent
        frames = [
            (Path(frame.filename).relative_to(root).as_posix(), frame.lineno, frame.name)
            for frame in traceback.extract_tb(error.__traceback__)
            if Path(frame.filename).is_relative_to(root)
            and not Path(frame.filename).is_relative_to(kit)
        ]
        return " -> ".join(f"{file}, line {line} ({name})" for file, line, name in frames[-3:])
