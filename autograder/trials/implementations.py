"""Implementations on which tests are tried: the reference, and cases of the corpus."""

from __future__ import annotations

from dataclasses import dataclass

from ..bundle import Bundle
from ..corpus import Case, CorpusError, build, load_case
from ..rubric.load import RubricError


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


@dataclass(frozen=True)
class Catalogue:
    """Everything that a bundle declares for trying tests.

    Attributes:
        reference: right in every task.
        tasks: task -> what its tests are tried on besides.
    """

    reference: Implementation
    tasks: dict[str, TaskImplementations]

    @classmethod
    def of(cls, bundle: Bundle) -> Catalogue:
        """Read and build the cases that are declared.

        Raises:
            RubricError: one of them is malformed.
        """
        declared = bundle.rubric.own_tests.implementations if bundle.rubric.own_tests else {}
        try:
            return cls(
                _implementation(bundle, Case(name="reference", about="the reference")),
                {
                    task.id: TaskImplementations(
                        functions=frozenset(f.name for f in task.functions),
                        right=tuple(_named(bundle, name) for name in declared[task.id].right),
                        wrong=tuple(
                            _named(bundle, name, misconception)
                            for name, misconception in declared[task.id].wrong.items()
                        ),
                    )
                    for task in bundle.rubric.tasks
                    if task.id in declared
                },
            )
        except CorpusError as error:
            raise RubricError(f"own_tests: {error}") from None


def _named(bundle: Bundle, name: str, misconception: str = "") -> Implementation:
    return _implementation(bundle, load_case(bundle, name), misconception)


def _implementation(bundle: Bundle, case: Case, misconception: str = "") -> Implementation:
    """A case without what is no code of the assignment."""
    files = {name: data for name, data in build(case, bundle).items() if name.endswith(".py")}
    own = {name: data for name, data in files.items() if not name.startswith("tests/")}
    return Implementation(case.name, own, misconception)
