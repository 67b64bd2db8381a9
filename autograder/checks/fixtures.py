"""What a check may ask for: the student's code by proxy, and the tools to judge it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ..bundle import Bundle
from ..kit.expect import Expect
from ..kit.failures import CheckFailure, ForPerson, LoadError, NotAttempted, StudentError
from ..kit.marker import seeded_rng
from ..sandbox.session import Session
from ..solution import Reference

LARGEST_PICTURE = 4096
"""Most numbers that a check may keep for a picture."""
NOT_READY = (CheckFailure, ForPerson, LoadError, NotAttempted, StudentError)
NO_NUMBERS = (TypeError, ValueError, OverflowError)
"""Two reasons for a picture less; what they are worth is for the check to say."""


class Student:
    """The student's code as a check sees it: every declared name, by proxy."""

    def __init__(self, bundle: Bundle, session: Session, faults: dict[str, Exception]) -> None:
        self._bundle = bundle
        self._session = session
        self._faults = faults

    @property
    def tainted(self) -> bool:
        """Whether the code behind it may have seen a hidden input."""
        return self._session.tainted

    def __getattr__(self, name: str) -> Any:
        if name in self._bundle.rubric.data:
            if name in self._faults:
                raise self._faults[name]
            return self._session.data(name)
        if name not in self._bundle.function_names:
            raise AttributeError(f"rubric.yaml declares no function {name!r}")

        def call(*args: object, **kwargs: object) -> object:
            if name in self._faults:
                raise self._faults[name]
            return self._session.call(name, args, kwargs)

        return call

    def afterwards(self, name: str) -> object:
        """The arguments and the result of a function's last call, as they are by now.

        So a check sees what was changed in place: a list of the positional arguments, those
        by name and the result, all three of whatever kind the student's process says.
        """
        return self._session.afterwards(name)


class Fixtures:
    """The fixtures that checks may ask for; a pytest plugin with the current state.

    Attributes:
        salt: changes everything that checks draw at random; empty when marks are given.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self.salt = ""
        self._reference = bundle.reference()
        self.current: Student | None = None
        self.check_id = ""
        self.error: BaseException | None = None
        self.shared_values: dict[str, Any] = {}
        self.kept: dict[str, list[Any]] = {}
        self.kept_hidden: dict[str, list[Any]] = {}

    @pytest.fixture
    def student(self) -> Student:
        """The submission's functions."""
        assert self.current is not None
        return self.current

    @pytest.fixture
    def expect(self) -> Expect:
        """Demands on results."""
        return Expect()

    @pytest.fixture
    def rng(self) -> np.random.Generator:
        """Random numbers that depend on the assignment and the check alone."""
        salt = (self.salt,) if self.salt else ()
        return seeded_rng(self._bundle.rubric.id, *salt, self.check_id)

    @pytest.fixture
    def reference(self) -> Reference:
        """The reference solution, for hidden checks."""
        return self._reference

    @pytest.fixture
    def shared(self) -> dict[str, Any]:
        """Plain values that checks of one task leave for one another, such as a trained network."""
        return self.shared_values

    @pytest.fixture
    def bundle_file(self) -> Callable[[str], str]:
        """Text of a file of the bundle, by its path."""
        return lambda name: (self._bundle.root / name).read_text(encoding="utf-8")

    @pytest.fixture
    def keep(self) -> Callable[[str, Any], None]:
        """Keep an array, or what a function gives, for the pictures of this submission.

        The function is called here alone, never on a laptop; where the student's
        code is not ready for it there is no picture, and the check goes on.
        What comes from a box that has seen a hidden input is kept for the
        instructor alone: student code could have woven the input into it.
        """

        def store(name: str, values: Any) -> None:
            try:
                with np.errstate(all="ignore"):
                    numbers = values() if callable(values) else values
                    array = np.round(np.asarray(numbers, dtype=float), 6)
            except (*NOT_READY, *NO_NUMBERS):
                return
            if array.size <= LARGEST_PICTURE and np.all(np.isfinite(array)):
                assert self.current is not None
                kept = self.kept_hidden if self.current.tainted else self.kept
                kept[name] = array.tolist()

        return store

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Remember what ended the running check, and spare pytest its costly traceback."""
        if call.excinfo is not None and self.error is None:
            self.error = call.excinfo.value
        outcome: Any = "failed" if call.excinfo else "passed"
        when: Any = call.when
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, when)
