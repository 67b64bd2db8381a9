"""Reading a bundle's declared misconceptions, and finding what is wrong with them."""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from ..bundle import Bundle
from ..checks.collect import Collected
from ..corpus import load_case
from ..rubric.load import RubricError
from ..solution import importable
from .declare import Misconception, Trials
from .general import of_form, of_numbers


@dataclass(frozen=True)
class Diagnoses:
    """What a bundle declares of its students' misconceptions.

    Attributes:
        trials: function -> its trials.
        right: function -> the right implementation, for functions that have trials.
        misconceptions: in the order in which they are declared.
        namespaces: of the modules that declare them and of the reference's behind them.
    """

    bundle: Bundle
    trials: dict[str, Trials]
    right: dict[str, Callable[..., object]]
    misconceptions: tuple[Misconception, ...]
    namespaces: tuple[dict[str, Any], ...]
    _caused: dict[str, set[str]] = field(default_factory=dict)

    def of(self, function: str) -> list[Misconception]:
        """The misconceptions that show in a function."""
        return [m for m in self.misconceptions if m.function == function]

    def failing_with(self, misconception: Misconception) -> set[str]:
        """Checks that fail, or may fail, where the corpus holds this misconception."""
        if misconception.case is None:
            return {*misconception.fails, *misconception.out_of_time}
        if misconception.id not in self._caused:
            case = load_case(self.bundle, misconception.case)
            named = set() if case.must_fail == "all" else set(case.must_fail)
            self._caused[misconception.id] = named | set(case.may_fail)
        return self._caused[misconception.id]

    @contextmanager
    def standing_in(self, instead: dict[str, Callable[..., object]]) -> Iterator[None]:
        """While open, our implementations call these in the place of the right ones.

        So one can ask what a function gives whose own code is right and which calls another
        that is wrong.
        """
        with ExitStack() as restore:
            for name, function in instead.items():
                for namespace in self.namespaces:
                    for key in [k for k, v in namespace.items() if v is self.right[name]]:
                        restore.callback(namespace.__setitem__, key, namespace[key])
                        namespace[key] = function
            yield


def load_diagnoses(bundle: Bundle, collected: Collected) -> Diagnoses:
    """Every misconception that the bundle declares; none where it has no such folder.

    Raises:
        RubricError: a module cannot be imported, or names what does not exist.
    """
    paths = sorted(bundle.diagnoses_dir.glob("*.py"))
    with importable(bundle.reference_dir), importable(bundle.diagnoses_dir):
        modules = [_imported(path) for path in paths]
        declared = _declared(modules)
        trials = {t.function: t for t in declared if isinstance(t, Trials)}
        right = {name: t.right or _reference(bundle, name) for name, t in trials.items()}
        modules += [
            module
            for module in list(sys.modules.values())
            if Path(getattr(module, "__file__", None) or "/").parent == bundle.reference_dir
        ]
    found = Diagnoses(
        bundle,
        trials,
        {name: function for name, function in right.items() if function is not None},
        (
            *(m for function in trials for m in of_form(function)),
            *(m for m in declared if isinstance(m, Misconception)),
            *(m for function in trials for m in of_numbers(function)),
        ),
        tuple(vars(module) for module in modules),
    )
    mistakes = [f"{bundle.diagnoses_dir}: {text}" for text in _mistakes(found, collected)]
    if mistakes:
        raise RubricError("\n".join(mistakes))
    return found


def _declared(modules: Iterable[ModuleType]) -> list[object]:
    """What stands in the modules, each once: they may import each other's."""
    values = [value for module in modules for value in vars(module).values()]
    several = (part for value in values if isinstance(value, list) for part in value)
    return list({id(value): value for value in (*values, *several)}.values())


def _imported(path: Path) -> ModuleType:
    try:
        module = importlib.import_module(path.stem)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        line = next((f.lineno for f in reversed(frames) if f.filename == str(path)), 1)
        text = f"{type(error).__name__}: {error}"
        raise RubricError(f"{path}:{line}: cannot be imported: {text}") from None
    if module.__file__ != str(path):
        raise RubricError(f"{path}: {path.stem!r} is another module's name; rename the file")
    return module


def _reference(bundle: Bundle, function: str) -> Callable[..., object] | None:
    home = bundle.homes.get(function)
    return None if home is None else getattr(importlib.import_module(home), function)


def _mistakes(found: Diagnoses, collected: Collected) -> Iterator[str]:
    """What is declared and cannot be."""
    rubric = found.bundle.rubric
    names = {*found.bundle.function_names, *rubric.data}
    for function in found.trials:
        if function not in found.bundle.function_names:
            yield f"trials: the rubric declares no function {function!r}"
    seen: set[str] = set()
    for each in found.misconceptions:
        if each.id in seen:
            yield f"{each.id}: declared twice"
        seen.add(each.id)
        if each.function not in names:
            yield f"{each.id}: the rubric declares no function {each.function!r}"
        if each.gives is not None and each.function not in found.trials:
            yield f"{each.id}: {each.function} has no trials; declare some with @trials"
        for check in sorted(
            {*each.fails, *each.passes, *each.out_of_time} - collected.graded_ids()
        ):
            yield f"{each.id}: no check that earns points is called {check!r}"
        case = found.bundle.cases_dir / f"{each.case}.yaml"
        if each.case is not None and not case.is_file():
            yield f"{each.id}: the corpus has no case {each.case!r}"
