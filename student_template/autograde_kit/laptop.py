"""The laptop's side: a pytest plugin that runs public checks on the files beside it.

Plain `pytest` says for each task what is done, what is to do and what to do
next; a failed check shows a small input, what came back, what was expected and
a first hint. A stub is "to do", never a traceback.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from .expect import Expect
from .failures import CheckFailure, ForPerson, LoadError, NotAttempted, StudentError
from .loader import Manifest
from .marker import MARKER, Check, read_marker, seeded_rng
from .own_tests import IMPLEMENTATIONS, Implementation, TaskModuleFinder
from .source import NOT_RUN
from .survey import survey
from .written import documents, shortfall

HERE = Path(__file__).resolve().parent
ASSIGNMENT = json.loads((HERE / "assignment.json").read_text(encoding="utf-8"))
DONE, WRONG, TO_DO, FOR_PERSON = "done", "wrong", "to do", "for a person"
"""What became of a check."""
TALLY = "--tally"
POSSIBLY_A_LOADING_PROBLEM = {"NameError", "ImportError", "ModuleNotFoundError", "AttributeError"}


class LaptopStudent:
    """Your functions, called as the grader will call them: copies in, plain values out."""

    def __init__(self, code: Implementation, declared: set[str], data: set[str]) -> None:
        self._code = code
        self._declared = declared
        self._data = data

    def __getattr__(self, name: str) -> Any:
        if name in self._data:
            return self._code.data(name)
        if name not in self._declared:
            raise AttributeError(f"the assignment has no function {name!r}")
        return lambda *args, **kwargs: self._code.call(name, list(args), kwargs)

    def afterwards(self, name: str) -> Any:
        """Arguments and result of a function's last call, as they are by now."""
        return self._code.afterwards(name)


class LaptopPlugin:
    """Fixtures for the checks, and a summary by task.

    Args:
        root: the student's folder.
        implementation: name of the one to try the student's own tests on, or empty.
    """

    def __init__(self, root: Path, implementation: str = "") -> None:
        self._root = root
        self._implementation = implementation
        self._manifest = Manifest.from_json(ASSIGNMENT["manifest"])
        self._code = Implementation(root, self._manifest, implementation)
        self._finder = TaskModuleFinder(self._manifest, lambda: self._code)
        self._own: list[tuple[str, BaseException | None]] = []
        self._shared: dict[str, dict[str, Any]] = {}
        declared, data = set(self._manifest.functions), set(self._manifest.data)
        self._student = LaptopStudent(self._code, declared, data)
        self._seen: dict[str, list[_Seen]] = {}
        self._told: set[str] = set()

    @pytest.fixture
    def student(self) -> Iterator[LaptopStudent]:
        """Your functions."""
        yield self._student
        self._code.forget()

    @pytest.fixture
    def expect(self) -> Expect:
        """Demands on results."""
        return Expect()

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """Random numbers that are the same at every run of a check."""
        return seeded_rng(ASSIGNMENT["id"], read_marker(request.node).id)

    @pytest.fixture
    def keep(self) -> Callable[[str, object], None]:
        """Pictures are made when you are marked; here nothing is kept."""
        return lambda _name, _values: None

    @pytest.fixture
    def shared(self, request: pytest.FixtureRequest) -> dict[str, Any]:
        """Plain values that checks of one task leave for one another."""
        return self._shared.setdefault(read_marker(request.node).task, {})

    def pytest_sessionstart(self) -> None:
        """From now on, tests that import a task module get its functions by proxy."""
        sys.meta_path.insert(0, self._finder)

    def pytest_unconfigure(self) -> None:
        """Leave Python's imports as they were."""
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """With another implementation behind them, only the student's own tests say anything."""
        if self._implementation:
            checks = [item for item in items if item.get_closest_marker("check")]
            config.hook.pytest_deselected(items=checks)
            items[:] = [item for item in items if item not in checks]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: Any, call: Any) -> Generator[None, Any, Any]:
        """Put what a student needs to read in the place of a traceback."""
        report = yield
        error = call.excinfo.value if call.excinfo else None
        if item.get_closest_marker("check") is None:
            return self._own_report(report, error)
        check = read_marker(item)
        if error is not None and (text := self._explain(check, error)):
            report.longrepr = text
        if call.when == "call" or error is not None:
            seen = _Seen(check, _state(error), error)
            report.check_state = seen.state
            self._seen.setdefault(check.task, []).append(seen)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, Any, Any]:
        """A test file that cannot be read costs its own tests, and a few lines."""
        report = yield
        if report.failed:
            lines = str(report.longrepr).strip().split("\n")
            report.longrepr = "\n".join(line for line in lines if line.startswith("E "))
        return report

    def _own_report(self, report: Any, error: BaseException | None) -> Any:
        """A test of the student: in its own words, but a stub and a handle in ours."""
        if report.when == "teardown":
            self._code.forget()
        if report.when == "call":
            if report.nodeid.rpartition("::")[2] not in ASSIGNMENT["template_tests"]:
                self._own.append((_state(error), error))
            report.check_state = _state(error)
        if isinstance(error, (NotAttempted, LoadError, CheckFailure)):
            report.longrepr = f"{report.nodeid}\n{error}\n"
        return report

    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str] | None:
        """Count stubs, and what a person will judge, apart from failures."""
        state = getattr(report, "check_state", None)
        if state in {TO_DO, FOR_PERSON}:
            return state, "-", state.upper()
        return None

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """What is done, what is to do, and what to do next."""
        if self._implementation:
            terminalreporter.section(self._implementation)
            terminalreporter.write_line(self._caught_line())
            return
        terminalreporter.section(ASSIGNMENT["title"])
        for task in ASSIGNMENT["tasks"]:
            for line in _task_lines(task, self._seen.get(task["id"], [])):
                terminalreporter.write_line(line)
        if self._own or not self._seen:
            passed = sum(state == DONE for state, _ in self._own)
            terminalreporter.write_line(f"Your own tests: {passed} of {len(self._own)} pass")
            for text in dict.fromkeys(str(e) for state, e in self._own if state == TO_DO):
                terminalreporter.write_line(f"  to do: {text}")
        terminalreporter.write_line(self._written_line())
        if terminalreporter.config.getoption(TALLY):
            print(json.dumps(self._tally()), file=sys.stderr, flush=True)
        all_done = all(seen.state == DONE for task in self._seen.values() for seen in task)
        for problem in self._code.own.loader.problems[:10]:
            if not (all_done and problem.text.startswith(NOT_RUN)):
                terminalreporter.write_line(f"  note: {problem}")

    def _caught_line(self) -> str:
        """Whether the student's own tests notice the implementation's mistake."""
        failed = sum(state == WRONG for state, _ in self._own)
        if failed:
            return f"Caught: {failed} of your {len(self._own)} tests fail with it, as they should."
        return f"Not caught: none of your {len(self._own)} tests fails, and one should."

    def _written_line(self) -> str:
        """How much of what is handed in beside the functions is there, and what comes next."""
        count, missing = len(ASSIGNMENT["artefacts"]), self._missing()
        line = f"Beside the functions: {count - len(missing)} of {count} parts"
        return f"{line}; next: {missing[0]}" if missing else f"{line}. Ready to hand in."

    def _missing(self) -> list[str]:
        """Why a part beside the functions does not count yet, for each that does not."""
        artefacts, template = ASSIGNMENT["artefacts"], ASSIGNMENT["template"]
        constants = survey(self._root, self._manifest)["constants"]
        found = documents(self._root, list(template))
        judged = (shortfall(a, constants, found[a["file"]], template[a["file"]]) for a in artefacts)
        return [text for text in judged if text]

    def _tally(self) -> dict[str, Any]:
        """The summary for a program; an extension that was not begun is not in it."""
        tasks = []
        for task in ASSIGNMENT["tasks"]:
            states = [one.state for one in self._seen.get(task["id"], [])]
            if not task["extension"] or any(state != TO_DO for state in states):
                tasks.append([task["title"], states.count(DONE), len(states)])
        return {"tasks": tasks, "missing": self._missing()}

    def _explain(self, check: Check, error: BaseException) -> str:
        """The failure in the student's terms, or empty where pytest's own text is better."""
        if isinstance(error, CheckFailure):
            hint = f"hint      {check.hint} (handout {check.section})"
            body = [error.declared or error.reason.value, error.details, hint]
        elif isinstance(error, StudentError):
            place = f"\nin {error.where}" if error.where else ""
            body = [f"Your code raised {error}{place}"]
            problems = self._code.own.loader.problems
            body.append(f"hint      {check.hint} (handout {check.section})")
            if error.name in POSSIBLY_A_LOADING_PROBLEM:
                body += [f"note: {p}" for p in problems if NOT_RUN not in p.text]
        elif isinstance(error, LoadError):
            told = str(error) in self._told
            self._told.add(str(error))
            body = [f"Your code cannot be loaded{', as above' if told else f'. {error}'}."]
        elif isinstance(error, (NotAttempted, ForPerson)):
            body = [str(error)]
        else:
            return ""
        return "\n".join(part for part in (check.title, *body) if part) + "\n"


@dataclass(frozen=True)
class _Seen:
    """A check that has run, its state, and what ended it."""

    check: Check
    state: str
    error: BaseException | None


def _task_lines(task: dict[str, Any], seen: list[_Seen]) -> Iterator[str]:
    """The summary of one task: what passes, and for the rest where to go first."""
    if not seen:
        return
    if task["extension"] and all(one.state == TO_DO for one in seen):
        yield f"{task['title']}: not begun; an extension, beside the mark"
        return
    done = sum(one.state == DONE for one in seen)
    yield f"{task['title']}: {done} of {len(seen)} checks pass"
    order = [function["name"] for function in task["functions"]]
    for state, word in ((WRONG, "first"), (TO_DO, "next"), (FOR_PERSON, "see")):
        remaining = [one for one in seen if one.state == state]
        if remaining:
            first = min(remaining, key=lambda one: _place(one.check, order))
            place = f"{first.check.function}, handout {first.check.section}"
            yield f"  {state}: {len(remaining)} of {len(seen)}, {word}: {place}"
            if isinstance(first.error, (NotAttempted, ForPerson)) and str(first.error):
                yield f"    {first.error}"


def _place(check: Check, order: list[str]) -> int:
    return order.index(check.function) if check.function in order else len(order)


def _state(error: BaseException | None) -> str:
    if error is None:
        return DONE
    if isinstance(error, ForPerson):
        return FOR_PERSON
    stub = isinstance(error, StudentError) and error.name == "NotImplementedError"
    return TO_DO if stub or isinstance(error, NotAttempted) else WRONG


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option to try one's own tests on another implementation."""
    text = f"try your own tests on an implementation from {IMPLEMENTATIONS}/"
    parser.addoption("--implementation", default="", metavar="NAME", help=text)
    text = "say the summary once more, as JSON on the error stream"
    parser.addoption(TALLY, action="store_true", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and the plugin on the folder that holds the kit."""
    config.addinivalue_line("markers", MARKER)
    name = config.getoption("--implementation", default="")
    folder = HERE.parent / IMPLEMENTATIONS
    known = sorted(path.name for path in folder.glob("*") if path.is_dir())
    if name and name not in known:
        raise pytest.UsageError(f"no implementation {name!r}; there are: {', '.join(known)}")
    config.pluginmanager.register(LaptopPlugin(HERE.parent, name), "autograde-laptop")
