"""The process that runs a student's own tests: pytest, with proxies for the task modules.

A call of a proxy goes to the trusted side, and what comes back was computed in
another box. Which implementation answers is known to nobody in here, so what a
test may claim, and it may claim anything, earns nothing. Runs inside.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Collection, Generator
from pathlib import Path
from typing import Any

import pytest

from ..kit.failures import CheckFailure, Reason, StudentError
from ..kit.loader import Manifest
from ..kit.own_tests import FAILED, MISUSED, PASSED, SKIPPED, STATES, TaskModuleFinder
from ..kit.survey import files_of_tests
from . import wire

UNWANTED = (
    *("cacheprovider", "terminal", "faulthandler", "doctest", "junitxml", "pastebin", "stepwise"),
    *("logging", "unraisableexception", "threadexception"),
)
"""Parts of pytest that say things nobody reads, some of them slowly."""


def run_suite(
    channel: socket.socket, root: Path, manifest: Manifest, request: dict[str, Any]
) -> dict[str, Any]:
    """Run the tests below a folder.

    Args:
        channel: where calls go, and their results come from.
        request: `only` (names of the tests to run, up to the first that fails, or None for all)
            and `ignored` (names of those that do not count).

    Returns:
        `record`: name of a test function -> what became of it, and `unloadable`: files that
        could not be collected.
    """
    relay = _Relay(channel)
    files = files_of_tests(root)
    folders = {root, *(file.parent.parent for file in files if file.parent != root)}
    record = _Record(relay, request["only"], request["ignored"])
    arguments = [*map(str, files), f"--rootdir={root}", f"--confcutdir={root}", "-c", os.devnull]
    arguments += ["--disable-plugin-autoload", "--assert=plain", "--capture=no"]
    arguments += ["--continue-on-collection-errors"]
    for part in UNWANTED:
        arguments += ["-p", f"no:{part}"]
    paths, finders = sys.path[:], sys.meta_path[:]
    sys.path[:0] = sorted(map(str, folders))
    sys.meta_path.insert(0, TaskModuleFinder(manifest, lambda: relay))
    try:
        if files:
            pytest.main(arguments, plugins=[record])
    finally:
        sys.path[:], sys.meta_path[:] = paths, finders
    return {"record": record.states, "unloadable": record.unloadable}


class _Relay:
    """Stands for an implementation that is somewhere else.

    Attributes:
        test: name of the running test.
    """

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self.test = ""

    def call(self, name: str, args: list[object], kwargs: dict[str, object]) -> object:
        """Have a declared function called; raises as `StudentCode.call`."""
        self._channel.sendall(wire.pack({"call": [self.test, name, args, kwargs]}))
        match wire.receive(self._channel):
            case {"value": value}:
                return value
            case {"raised": [str(kind), str(text)]}:
                raise StudentError(kind, text)
        os._exit(1)  # nobody listens any more


class _Record:
    """A pytest plugin that notes what became of each test function."""

    def __init__(self, relay: _Relay, only: list[str] | None, ignored: Collection[str]) -> None:
        self._relay = relay
        self._only = only
        self._ignored = ignored
        self.states: dict[str, str] = {}
        self.unloadable: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.unloadable.append(report.nodeid)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        names = {_name(item) for item in items} - set(self._ignored)
        wanted = names if self._only is None else names & set(self._only)
        items[:] = [item for item in items if _name(item) in wanted]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        self._relay.test = _name(item)
        item.repr_failure = _in_no_words  # type: ignore[method-assign, assignment]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: Any
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.when == "call" or not report.passed:
            # of a test that is run with several parameters, the worst counts
            states = (_state(report, call.excinfo), self.states.get(_name(item), SKIPPED))
            self.states[_name(item)] = max(states, key=STATES.index)
        if self._only is not None and FAILED in self.states.values():
            item.session.shouldfail = "one failure says it all"
        return report


def _in_no_words(*_failure: object) -> str:
    """Nobody reads why a test failed, and to format it takes longer than to run it."""
    return ""


def _name(item: pytest.Item) -> str:
    """Of the function, whatever it was parametrised with."""
    return str(getattr(item, "originalname", None) or item.name)


def _state(report: pytest.TestReport, raised: Any) -> str:
    if not report.failed:
        return PASSED if report.passed else SKIPPED
    error = raised.value if raised else None
    misused = isinstance(error, CheckFailure) and error.reason is Reason.HANDLE
    return MISUSED if misused else FAILED
