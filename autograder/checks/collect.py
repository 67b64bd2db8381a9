"""Collecting a bundle's checks, once, through pytest.

`with_checks` opens a pytest session over the bundle's public and hidden tests
and hands the collected checks over while the session is open; their items can
then be run again and again (see `run`).
"""

from __future__ import annotations

import ast
import difflib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ..bundle import RUBRIC_FILE, Bundle
from ..kit.marker import MARKER, Check, read_marker
from ..model import CategoryId
from ..rubric.load import RubricError, line_of
from .fixtures import Fixtures

MACHINE_CATEGORIES = {CategoryId.IMPLEMENTATION.value, CategoryId.CORRECTNESS.value}


@dataclass(frozen=True)
class Collected:
    """A bundle's checks with the pytest items behind them, in file order."""

    items: dict[str, pytest.Item]
    checks: dict[str, Check]
    public: frozenset[str]
    fixtures: Fixtures

    def graded(self, task: str) -> list[Check]:
        """The checks of a task that carry points."""
        return [c for c in self.checks.values() if c.task == task and c.category is not None]

    def graded_ids(self) -> set[str]:
        """Ids of all checks that carry points."""
        return {c.id for c in self.checks.values() if c.category is not None}


def with_checks(bundle: Bundle, use: Callable[[Collected], None]) -> None:
    """Collect the bundle's checks and call `use` while pytest's session is open.

    Raises:
        RubricError: a test file cannot be imported, or checks and rubric disagree.
    """
    plugin = _Plugin(bundle, use)
    arguments = [str(bundle.public_dir), str(bundle.hidden_dir), "--import-mode=importlib"]
    arguments += [f"--rootdir={bundle.root}", f"--confcutdir={bundle.hidden_dir}"]
    arguments += ["-c", os.devnull, "--assert=plain", "--capture=no", "--strict-markers"]
    for unwanted in ("terminal", "cacheprovider", "faulthandler", "doctest", "junitxml"):
        arguments += ["-p", f"no:{unwanted}"]
    with _environment_without("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        pytest.main([*arguments, "--disable-plugin-autoload"], plugins=[plugin, plugin.fixtures])
    if plugin.fault is not None:
        raise plugin.fault
    if not plugin.has_run:
        raise RubricError(f"checks cannot be collected: {plugin.error or 'pytest stopped'}")


class _Plugin:
    """Takes over pytest's loop once collection is done."""

    def __init__(self, bundle: Bundle, use: Callable[[Collected], None]) -> None:
        self.bundle = bundle
        self.use = use
        self.fixtures = Fixtures(bundle)
        self.fault: BaseException | None = None
        self.broken: list[str] = []
        self.has_run = False
        self.error = ""

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", MARKER)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken.append(f"{report.nodeid}: {report.longreprtext.strip()[-1500:]}")

    def pytest_internalerror(self, excrepr: object) -> bool:
        self.error = str(excrepr).strip().rpartition("\n")[2]
        return True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.has_run = True
        try:
            if self.broken:
                raise RubricError("checks cannot be collected: " + "\n".join(self.broken))
            self.use(_agree(self.bundle, session.items, self.fixtures))
        except BaseException as fault:  # pytest would turn it into a printed traceback
            self.fault = fault
        return True


def _agree(bundle: Bundle, items: list[pytest.Item], fixtures: Fixtures) -> Collected:
    """Hold the checks against the rubric; every disagreement is named."""
    checks: dict[str, Check] = {}
    by_id: dict[str, pytest.Item] = {}
    mistakes: list[str] = []
    for item in items:
        place = f"{item.path}:{(item.location[1] or 0) + 1}"
        try:
            check = read_marker(item)
        except ValueError as error:
            mistakes.append(f"{place}: {error}")
            continue
        mistakes += [f"{place}: {text}" for text in _faults(check, bundle, checks)]
        checks[check.id], by_id[check.id] = check, item
    public = {name for name, item in by_id.items() if _inside(item, bundle.public_dir)}
    mistakes += [*_shadowed(items), *_gaps(bundle, checks, public)]
    if mistakes:
        raise RubricError("\n".join(mistakes))
    return Collected(by_id, checks, frozenset(public), fixtures)


def _faults(check: Check, bundle: Bundle, others: dict[str, Check]) -> Iterator[str]:
    if check.id in others:
        yield f"two checks are called {check.id}"
    if check.task not in {task.id for task in bundle.rubric.tasks}:
        yield f"the rubric has no task {check.task!r}"
    if not isinstance(check.weight, int) or check.weight < 1:
        yield f"weight must be a whole number from 1, not {check.weight!r}"
    if check.function not in {*bundle.function_names, *bundle.rubric.data}:
        yield f"the rubric declares no function {check.function!r}"
    if check.category is not None and check.category not in MACHINE_CATEGORIES:
        yield f"category must be one of {sorted(MACHINE_CATEGORIES)}, not {check.category!r}"


def _shadowed(items: list[pytest.Item]) -> Iterator[str]:
    """Tests that Python silently replaced by a later one of the same name, and skipped ones."""
    for path in sorted({item.path for item in items}):
        seen: set[str] = set()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name in seen:
                yield f"{path}:{node.lineno}: {node.name} stands twice in this file"
            seen |= {node.name} if isinstance(node, ast.FunctionDef) else set()
    for item in items:
        if any(item.get_closest_marker(name) for name in ("skip", "skipif", "xfail")):
            yield f"{item.path}: {item.name} is marked to be skipped or to fail"


def _gaps(bundle: Bundle, checks: dict[str, Check], public: set[str]) -> Iterator[str]:
    """What the rubric asks for and no check provides."""
    rubric = bundle.root / RUBRIC_FILE
    for check in checks.values():
        if check.sibling is not None and check.sibling not in public:
            yield f"{rubric}: check {check.id}: no public check is called {check.sibling!r}"
    for figure in bundle.rubric.figures:
        if figure.check not in public:
            yield f"{rubric}: figures: {figure.id}: no public check is called {figure.check!r}"
    for index, excluded in enumerate(bundle.rubric.exclude_check):
        if excluded.id not in checks:
            near = difflib.get_close_matches(excluded.id, checks, n=1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            line = line_of(rubric, ("exclude_check", index, "id"))
            yield f"{rubric}:{line}: exclude_check: no check is called {excluded.id!r}{meant}"
    yield from _not_repeated(bundle, checks)
    for task in bundle.rubric.tasks:
        graded = [c for c in checks.values() if c.task == task.id and c.category]
        if task.gate not in {check.id for check in graded}:
            yield f"{rubric}: task {task.id}: the gate {task.gate!r} is not one of its checks"
        for category in sorted(MACHINE_CATEGORIES):
            points = getattr(task.points, category)
            if points and not any(check.category == category for check in graded):
                yield f"{rubric}: task {task.id}: no check measures {category} ({points} points)"


def _not_repeated(bundle: Bundle, checks: dict[str, Check]) -> Iterator[str]:
    """Checks that completeness asks for, and that are none of the work that it is about."""
    repeats = bundle.rubric.completeness.repeats
    required = {task.id for task in bundle.rubric.required}
    graded = {c.id for c in checks.values() if c.category and c.task in required}
    for index, name in enumerate(repeats.checks if repeats else []):
        if name not in graded:
            rubric = bundle.root / RUBRIC_FILE
            line = line_of(rubric, ("completeness", "repeats", "checks", index))
            yield f"{rubric}:{line}: repeats: {name!r} is no graded check of a task in the mark"


def _inside(item: pytest.Item, folder: Path) -> bool:
    return item.path.is_relative_to(folder)


@contextmanager
def _environment_without(*names: str) -> Iterator[None]:
    saved = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(saved)
