"""What need not be run again: checks that meet the reference's code and no other.

A check is an ordinary test, so the functions it asks for stand in its file. What
a function depends on can be read as well, in whatever files of a submission it
stands. Where both are the reference's, the check passes as it does on the
reference, which is graded in the same run.

Most checks cost next to nothing; they are run again when anything differs in the
files that they reach, or in the shape of what is handed in, so that reading and
loading are tried as well. A stochastic check, which trains, is run again when a
statement differs that it reaches. Checks that a case names always run: the case is
about them.
"""

from __future__ import annotations

import ast
import copy
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ..bundle import Bundle
from ..checks.collect import Collected, with_checks
from ..corpus import Case, Shape, build, materialise
from ..intake.limits import Rejected
from ..intake.read import read_submission
from ..kit.files import decode, find_file
from ..kit.marker import Check
from ..kit.needed import Dependencies
from ..kit.source import Unit, choose, find_units


def unchanged_checks(
    bundle: Bundle, cases: Iterable[Case], *, loading: bool = True, trainings: bool = True
) -> dict[str, set[str]]:
    """Case name -> ids of graded checks that pass on it because they pass on the reference.

    Args:
        loading: whether reading and loading are to be tried as well; otherwise every
            check is run again where a statement differs that it reaches, and nowhere else.
        trainings: whether stochastic checks that a case does not name are run on it; otherwise
            they are taken to pass.

    Raises:
        RubricError: checks and rubric disagree.
    """
    asked: dict[str, frozenset[str]] = {}
    checks: list[Check] = []

    def use(collected: Collected) -> None:
        asked.update(names_asked_for(collected, bundle))
        checks.extend(c for c in collected.checks.values() if c.category is not None)

    with_checks(bundle, use)
    reader = CodeReader(bundle)
    right = reader.read(Case(name="", about=""))
    known = frozenset[str]().union(*(behind.statements for behind in right.values()))
    found = {}
    for case in cases:
        if is_reference(case):
            continue
        code = reader.read(case)
        same = {name for name, behind in code.items() if behind == right[name]}
        alike = {name for name, behind in code.items() if _alike(behind, right[name], known)}
        found[case.name] = {
            check.id
            for check in checks
            if not _names(case, check)
            and (
                asked[check.id] <= alike or (check.stochastic and not trainings)
                if check.stochastic or not loading
                else asked[check.id] <= same and case.shape is Shape.FOLDER
            )
        }
    return found


def same_own_tests(bundle: Bundle, cases: Iterable[Case]) -> set[str]:
    """Names of cases whose own tests, and all they could import, are the reference's.

    A blind trial meets no other code of a submission, so it ends as the reference's does.
    """
    right = _code_of_tests(bundle, Case(name="", about=""))
    return {
        case.name
        for case in cases
        if not is_reference(case)
        and case.shape is Shape.FOLDER
        and _code_of_tests(bundle, case) == right
    }


def _code_of_tests(bundle: Bundle, case: Case) -> dict[str, bytes]:
    """What stands in a case's code beside the modules of tasks, by path."""
    return {
        name: data
        for name, data in build(case, bundle).items()
        if name.endswith(".py") and PurePosixPath(name).stem not in bundle.rubric.modules
    }


def _alike(behind: Behind, right: Behind, known: frozenset[str]) -> bool:
    """Whether the reference's statements stand behind a name, wherever they stand.

    In a notebook more may seem to, as all modules share their names there; nothing of
    it may be new.
    """
    return right.statements <= behind.statements <= known


def is_reference(case: Case) -> bool:
    """Whether a case hands in the right submission as it is."""
    plain = Case(name=case.name, about=case.about)
    said = {"tasks", "must_fail", "must_pass", "may_fail", "verdicts", "points", "status", "says"}
    return case.model_dump(exclude=said) == plain.model_dump(exclude=said)


def names_asked_for(collected: Collected, bundle: Bundle) -> dict[str, frozenset[str]]:
    """Check id -> declared functions and constants that the check may ask a submission for.

    Checks of a task that leave values for one another are taken as one.
    """
    declared = {*bundle.function_names, *bundle.rubric.data}
    files = {path: _Module.read(path) for path in {item.path for item in collected.items.values()}}
    found = {
        name: frozenset(declared & files[item.path].words({item.name.partition("[")[0]}))
        for name, item in collected.items.items()
    }
    sharing: dict[str, set[str]] = {}
    for name, item in collected.items.items():
        if "shared" in getattr(item, "fixturenames", ()):
            sharing.setdefault(collected.checks[name].task, set()).add(name)
    for group in sharing.values():
        together = frozenset[str]().union(*(found[name] for name in group))
        found |= dict.fromkeys(group, together)
    return found


def bare_text(statement: ast.stmt) -> str:
    """A statement without comments, layout and docstrings: none of them decides what it does."""
    bare = copy.deepcopy(statement)
    for node in ast.walk(bare):
        if (
            isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            and ast.get_docstring(node, clean=False) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(bare)


class _Module:
    """Statements of a file, and what depends on what among them."""

    def __init__(self, statements: Iterable[ast.stmt]) -> None:
        self.statements = list(statements)
        self._dependencies = Dependencies(self.statements)
        self._texts: dict[ast.stmt, str] = {}

    @classmethod
    def read(cls, path: Path) -> _Module:
        """The module of a file of ours."""
        return cls(ast.parse(path.read_text(encoding="utf-8")).body)

    def behind(self, names: set[str]) -> list[ast.stmt]:
        """The statements that some names depend on."""
        return [self.statements[place] for place in sorted(self._dependencies.of(names))]

    def text(self, statement: ast.stmt) -> str:
        """What a statement does; see `bare_text`."""
        if statement not in self._texts:
            self._texts[statement] = bare_text(statement)
        return self._texts[statement]

    def words(self, names: set[str]) -> set[str]:
        """Attributes and texts in what some names depend on, but for attributes of `reference`."""
        nodes = [node for statement in self.behind(names) for node in ast.walk(statement)]
        texts = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
        attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
        return texts | {
            node.attr
            for node in attributes
            if not (isinstance(node.value, ast.Name) and node.value.id == "reference")
        }


class Behind(NamedTuple):
    """What a declared name depends on.

    Attributes:
        files: names and texts of the files in which that stands.
        statements: the text of every statement.
    """

    files: frozenset[tuple[str, str]]
    statements: frozenset[str]


Code = dict[str, Behind]
"""Declared name -> what it depends on."""


class CodeReader:
    """What stands behind the declared names of one case after the other."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._known: dict[tuple[str, str], tuple[Unit, _Module]] = {}

    def read(self, case: Case) -> Code:
        """Declared name -> what it depends on, as it is found when the case is graded.

        Empty if the case cannot be taken in.
        """
        with tempfile.TemporaryDirectory() as place:
            path = materialise(case, self._bundle, Path(place), "handed-in")
            root = Path(place, "read")
            try:
                files = read_submission(path)
            except Rejected:
                return {}
            for name, data in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(data)
            return self._behind_names(root)

    def _behind_names(self, root: Path) -> Code:
        rubric = self._bundle.rubric
        found = [self._once(unit) for unit in find_units(root)]
        submission = _Submission([unit for unit, _ in found], [module for _, module in found])
        names = [*self._bundle.function_names, *rubric.data]
        behind = {name: submission.behind(name, rubric.modules) for name in names}
        for name, file in rubric.data.items():
            if path := find_file(root, file):
                held = frozenset({(file, decode(path.read_bytes()))})
                behind[name] = behind[name]._replace(files=behind[name].files | held)
        return behind

    def _once(self, unit: Unit) -> tuple[Unit, _Module]:
        """The unit and its content, read once for all the cases that have the same file."""
        key = unit.file, unit.text
        if key not in self._known:
            self._known[key] = unit, _Module(unit.statements())
        return self._known[key]


class _Submission:
    """The files of a submission, and what takes what from which."""

    def __init__(self, units: list[Unit], modules: list[_Module]) -> None:
        self._units = units
        self._modules = dict(zip((unit.file for unit in units), modules, strict=True))

    def behind(self, name: str, declared: Sequence[str]) -> Behind:
        """What a name depends on; nothing if no file has it."""
        home = choose(self._units, tuple(declared), name)
        waiting = [(home, name)] if home else []
        seen: set[tuple[Unit, str]] = set()
        statements: set[str] = set()
        while waiting:
            unit, wanted = place = waiting.pop()
            if place in seen:
                continue
            seen.add(place)
            module = self._modules[unit.file]
            for statement in module.behind({wanted}):
                imported = list(self._imports(statement))
                waiting += imported
                if not imported or _renames(statement):
                    statements.add(module.text(statement))
        files = frozenset((unit.file, unit.text) for unit, _ in seen)
        return Behind(files, frozenset(statements))

    def _imports(self, statement: ast.stmt) -> Iterator[tuple[Unit, str]]:
        """Files of the submission that a statement imports, with the names it takes from them."""
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                for unit in self._called(statement.module or alias.name):
                    whole = alias.name == "*" or statement.module is None
                    names = unit.bound_names if whole else [alias.name]
                    yield from ((unit, name) for name in names)
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                for unit in self._called(alias.name):
                    yield from ((unit, name) for name in unit.bound_names)

    def _called(self, module: str) -> list[Unit]:
        stem = module.rpartition(".")[2]
        return [unit for unit in self._units if unit.name.rpartition(".")[2] == stem]


def _renames(statement: ast.stmt) -> bool:
    """Whether an import gives what it takes another name."""
    names = getattr(statement, "names", [])
    return isinstance(statement, ast.Import) or any(alias.asname for alias in names)


def _names(case: Case, check: Check) -> bool:
    """Whether a case says what must become of a check."""
    if case.must_fail == "all":
        return not case.tasks or check.task in case.tasks
    return check.id in {*case.must_fail, *case.must_pass, *case.may_fail, *case.verdicts}
