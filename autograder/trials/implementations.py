"""Implementations on which tests are tried: the reference, and cases of the corpus."""

from __future__ import annotations

from dataclasses import dataclass

from ..bundle import Bundle
from ..corpus import Case, build, load_case


@dataclass(frozen=True)
class Implementation:
    """One way to write the assignment's functions, right or wrong.

    Attributes:
        name: of the corpus's case.
        files: the modules, by path.
        misconception: what is wrong with it, in words that a student may read; empty if nothing is.
    """

    name: str
    files: dict[str, bytes]
    misconception: str = ""


@dataclass(frozen=True)
class TaskImplementations:
    """What the tests of one task are tried on, beside the reference.

    Attributes:
        functions: that the task declares.
    """

    functions: frozenset[str]
    right: tuple[Implementation, ...]
    wrong: tuple[Implementation, ...]


def reference(bundle: Bundle) -> Implementation:
    """The reference itself."""
    return _implementation(bundle, Case(name="reference", about="the reference"))


def implementations(bundle: Bundle) -> dict[str, TaskImplementations]:
    """Task -> what the bundle declares for it.

    Raises:
        CorpusError: a case is malformed.
    """
    declared = bundle.rubric.own_tests.implementations if bundle.rubric.own_tests else {}
    return {
        task.id: TaskImplementations(
            functions=frozenset(f.name for f in task.functions),
            right=tuple(
                _implementation(bundle, load_case(bundle, name)) for name in declared[task.id].right
            ),
            wrong=tuple(
                _implementation(bundle, load_case(bundle, name), misconception)
                for name, misconception in declared[task.id].wrong.items()
            ),
        )
        for task in bundle.rubric.tasks
        if task.id in declared
    }


def _implementation(bundle: Bundle, case: Case, misconception: str = "") -> Implementation:
    """A case without what is no code of the assignment."""
    files = {name: data for name, data in build(case, bundle).items() if name.endswith(".py")}
    own = {name: data for name, data in files.items() if not name.startswith("tests/")}
    return Implementation(case.name, own, misconception)
