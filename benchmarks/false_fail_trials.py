"""What the study of false fails is made of: stochastic checks, and trials of them.

See `false_fails.py`, which runs the trials and counts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil
from pathlib import Path

from autograder.bundle import Bundle
from autograder.checks.collect import Collected, with_checks
from autograder.corpus import Case, load_cases
from autograder.grade.grader import Rehearsal
from autograder.kit.needed import needed
from autograder.model import digest_of
from autograder.verify.reuse import Code, CodeReader, bare_text, names_asked_for

LEAST = 120
"""Fewest trials of a right implementation."""

Known = Mapping[tuple[str, int], bool]
"""Digest of a check between test file and implementation, number of the trial -> did it fail?"""


@dataclass(frozen=True, eq=False)
class Stochastic:
    """The stochastic checks of one test file.

    Attributes:
        checks: their ids, with the statements of the file that each depends on.
        extension: whether they earn points beside the mark.
        asked: declared names that they may ask a submission for.
        others: ids of all other graded checks.
    """

    file: Path
    checks: dict[str, str]
    extension: bool
    asked: frozenset[str]
    others: frozenset[str]

    def digests(self, bundle: Bundle, statements: Collection[str]) -> dict[str, str]:
        """For each check, a digest of all that decides how it ends.

        Args:
            statements: of the submission, what the names asked for depend on.
        """
        submission = "\n".join(sorted(statements)).encode()
        found = {}
        for check, text in self.checks.items():
            mentioned = set(re.findall(r"\breference\.(\w+)", text)) & set(bundle.homes)
            behind = {bundle.reference_dir / f"{bundle.homes[name]}.py" for name in mentioned}
            files = {path.name: path.read_bytes() for path in behind}
            all_of_it = {**files, check: text.encode(), "submission": submission}
            found[check] = digest_of(all_of_it)[:20]
        return found


@dataclass(frozen=True, eq=False)
class Trial:
    """One run of a file's stochastic checks on one implementation.

    Attributes:
        digests: of each check; see `Stochastic.digests`.
        number: which of the trials of this implementation.
    """

    group: Stochastic
    case: Case
    digests: dict[str, str]
    number: int

    def unknown(self, known: Known) -> dict[str, str]:
        """The checks that have not been run yet, with their digests."""
        return {
            c: digest for c, digest in self.digests.items() if (digest, self.number) not in known
        }

    def failed(self, known: Known) -> list[str]:
        """Which checks did not pass."""
        return [check for check, digest in self.digests.items() if known[digest, self.number]]

    def as_case(self) -> Case:
        """A case of its own, so that many trials can be one class."""
        stem = self.group.file.stem.replace("_", "-")
        return self.case.model_copy(update={"name": f"{self.case.name}-{stem}-{self.number}"})

    def rehearsal(self, checks: Mapping[str, str]) -> Rehearsal:
        """Only these checks, with everything drawn anew, even after a change of a check."""
        salt = f"false fails {' '.join(sorted(checks.values()))} {self.number}"
        others = self.group.others | (set(self.group.checks) - set(checks))
        return Rehearsal(others, checks_only=True, salt=salt)


def statements_behind(file: Path, function: str) -> str:
    """The statements of a file that one of its functions depends on, without docstrings."""
    statements = ast.parse(file.read_text(encoding="utf-8")).body
    places = sorted(needed(statements, {function}))
    return "\n".join(bare_text(statements[place]) for place in places)


def stochastic_checks(bundle: Bundle) -> list[Stochastic]:
    """The stochastic checks, file by file."""
    found: list[Stochastic] = []

    def use(collected: Collected) -> None:
        asked = names_asked_for(collected, bundle)
        graded = collected.graded_ids()
        required = {task.id for task in bundle.rubric.required}
        by_file: dict[Path, dict[str, str]] = {}
        for name, item in collected.items.items():
            check = collected.checks[name]
            if check.stochastic and check.id in graded:
                text = statements_behind(item.path, item.name)
                by_file.setdefault(item.path, {})[check.id] = text
        for file, checks in by_file.items():
            together = frozenset[str]().union(*(asked[check] for check in checks))
            extension = not any(collected.checks[check].task in required for check in checks)
            others = frozenset(graded - set(checks))
            found.append(Stochastic(file, checks, extension, together, others))

    with_checks(bundle, use)
    return found


Implementations = list[tuple[Case, dict[str, str]]]
"""A case each, with the digests of its checks."""


def implementations(
    bundle: Bundle, cases: Iterable[Case], group: Stochastic, code: Mapping[str, Code]
) -> Implementations:
    """The first case of each implementation that differs; `code` is by name of the case."""
    found: dict[frozenset[str], Case] = {}
    for case in cases:
        of_case = code[case.name]
        behind = (of_case[name].statements for name in group.asked if name in of_case)
        found.setdefault(frozenset[str]().union(*behind), case)
    return [(case, group.digests(bundle, behind)) for behind, case in found.items()]


def trials_of(group: Stochastic, chosen: Implementations, each: int) -> list[Trial]:
    """So many trials of every implementation, one of each after the other."""
    return [
        Trial(group, case, digests, number) for number in range(each) for case, digests in chosen
    ]


def only_stochastic_catch(case: Case, group: Stochastic) -> bool:
    """Whether a wrong case fails checks of the group, and no others, within its time."""
    named = set() if case.must_fail == "all" else set(case.must_fail)
    return case.kind == "wrong" and bool(named) and named <= set(group.checks) and not case.slow


def plan(
    bundle: Bundle, groups: Sequence[Stochastic], right: int, wrong: int
) -> Iterator[tuple[list[Trial], list[Trial]]]:
    """For each test file, the trials of right and of wrong implementations.

    Args:
        right: how many of right implementations, shared by them; of an extension `LEAST` of each.
        wrong: how many of each wrong one.
    """
    cases, reader = load_cases(bundle).values(), CodeReader(bundle)
    accepted = [case for case in cases if case.kind == "accepted"]
    caught = {group: [c for c in cases if only_stochastic_catch(c, group)] for group in groups}
    code = {case.name: reader.read(case) for case in [*accepted, *chain(*caught.values())]}
    for group in groups:
        rights = implementations(bundle, accepted, group, code)
        wrongs = implementations(bundle, caught[group], group, code)
        each = LEAST if group.extension else max(LEAST, ceil(right / len(rights)))
        yield trials_of(group, rights, each), trials_of(group, wrongs, wrong)
