"""One run of a suite: every call goes from the tests' box through here to the other.

Nothing that the tests' process says is believed beyond its form. The other one
runs code of the bundle's, and what it answers is stripped of what would tell
one implementation from another: names of types and places in files.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..kit.failures import NotAttempted, StudentError
from ..kit.own_tests import STATES
from ..kit.values import Handle
from ..model import digest_of
from ..sandbox.deadline import Ending, Lost
from ..sandbox.session import Session

MOST_CALLS = 20_000
"""Of a run; more would keep this side busy for longer than theirs."""


class Unfit(Exception):
    """An implementation of the bundle's does not work; the text says which and why."""


@dataclass(frozen=True)
class Suite:
    """A student's own tests.

    Attributes:
        files: what the tests' process gets, by path.
        names: of the test functions that count.
        ignored: names of those that the template ships as examples.
    """

    files: dict[str, bytes]
    names: frozenset[str]
    ignored: frozenset[str]

    @cached_property
    def sha256(self) -> str:
        """Digest over paths and contents."""
        return digest_of(self.files)


@dataclass(frozen=True)
class Record:
    """What the tests' process said of one run, as far as its form could be true.

    Attributes:
        states: test function -> what became of it.
        unloadable: test files that could not be collected.
        called: test function -> declared functions that it called; `""` for calls outside tests.
    """

    states: dict[str, str]
    unloadable: frozenset[str]
    called: dict[str, frozenset[str]]


def together(records: Sequence[Record]) -> Record:
    """One record of runs of different tests."""
    return Record(
        {test: state for record in records for test, state in record.states.items()},
        frozenset(file for record in records for file in record.unloadable),
        {test: called for record in records for test, called in record.called.items()},
    )


def run_tests(
    tests: Session,
    implementation: Session,
    functions: Sequence[str],
    suite: Suite,
    only: Collection[str] | None,
    called: dict[str, frozenset[str]],
) -> Record:
    """Run tests in one box with an implementation in another behind them.

    Args:
        tests: without a task's process as yet.
        implementation: the same; its functions can be had.
        functions: the only ones that may be called.
        only: names of the tests to run, up to the first that fails; None for all.
        called: filled in as `Record.called`, so that it is known of runs that are lost as well.

    Raises:
        Lost: one of the two did not survive it, and neither is of use any more.
        Unfit: the implementation lacks a function.
    """
    chosen = None if only is None else sorted(only)
    request = {"op": "tests", "only": chosen, "ignored": sorted(suite.ignored)}
    reply = tests.exchange(request)
    running = ""
    for _ in range(MOST_CALLS):
        match reply:
            case {"record": dict(states), "unloadable": list(unloadable)}:
                return Record(
                    {n: s for n, s in states.items() if n in suite.names and _is_state(s)},
                    frozenset(f for f in unloadable if isinstance(f, str) and f in suite.files),
                    called,
                )
            case {"call": [str(test), str(name), list(args), dict(kwargs)]} if name in functions:
                if test != running:  # handles live for one test, and so does the deadline
                    implementation.begin_check(hidden=False)
                    running = test
                called[test] = called.get(test, frozenset()) | {name}
                reply = tests.exchange(_answer(implementation, name, args, kwargs))
            case _:
                raise Lost(Ending.PROTOCOL)
    raise Lost(Ending.CALLS, f"({MOST_CALLS})")


def _answer(
    implementation: Session, name: str, args: list[object], kwargs: dict[str, object]
) -> dict[str, Any]:
    try:
        return {"value": _anonymous(implementation.call(name, tuple(args), kwargs))}
    except StudentError as error:
        return {"raised": [error.name, error.text]}
    except NotAttempted:
        raise Unfit(f"it has no function {name}") from None


def _anonymous(value: Any) -> Any:
    """A result whose handles do not say what they stand for."""
    if isinstance(value, Handle):
        return Handle(value.number, "object")
    if isinstance(value, (list, tuple)):
        return type(value)(_anonymous(item) for item in value)
    if isinstance(value, dict):
        return {key: _anonymous(item) for key, item in value.items()}
    return value


def _is_state(value: object) -> bool:
    return isinstance(value, str) and value in STATES
