"""Mutants that no check catches, and the ledger that says why each may live.

`tests/submissions/survivors.yaml` lists them by function, line and change, each with a
reason: equivalent to the reference, within a documented tolerance, or not asked for. A
survivor that is not in the ledger shows a gap in the checks; a line of the ledger whose
mutant is caught, or no longer exists, is stale.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ..bundle import Bundle
from ..corpus import Case, CorpusError
from ..grade.grader import Rehearsal
from .corpus_run import Progress, grade_cases
from .findings import Graded, failed_checks
from .mutants import Mutant
from .reuse import unchanged_checks

LEDGER = "survivors.yaml"


class Survivor(BaseModel):
    """A line of the ledger: which mutant, and why it may live."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    function: str
    line: str
    change: str
    reason: str = Field(min_length=1)

    @property
    def key(self) -> tuple[str, str, str]:
        """As `Mutant.key`."""
        return self.function, self.line, self.change


def read_ledger(bundle: Bundle) -> list[Survivor]:
    """The bundle's ledger; empty if it has none.

    Raises:
        CorpusError: it is malformed.
    """
    path = bundle.cases_dir / LEDGER
    if not path.is_file():
        return []
    try:
        lines = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        return TypeAdapter(list[Survivor]).validate_python(lines)
    except (ValidationError, yaml.YAMLError) as error:
        raise CorpusError(f"{path}: {error}") from None


def survivors(
    bundle: Bundle, mutants: Sequence[Mutant], folder: Path, jobs: int, progress: Progress
) -> list[Mutant]:
    """The mutants that every graded check passes.

    Checks whose code a mutant leaves alone are not run; stochastic ones, which are the
    costly ones, only on mutants that no other check has caught.

    Raises:
        RubricError: checks and rubric disagree.
    """
    checks = Graded.of(bundle).checks
    stochastic = {check.id for check in checks if check.stochastic}
    others = {check.id for check in checks} - stochastic
    by_case = {(case := mutant.case(n)).name: (case, mutant) for n, mutant in enumerate(mutants)}
    cases = [case for case, _ in by_case.values()]
    unmet = unchanged_checks(bundle, cases, loading=False)
    waiting = list(by_case)
    for step, later in (("quick", stochastic), ("stochastic", others)):
        known = {name: Rehearsal(unmet[name] | later, checks_only=True) for name in waiting}
        looked_at = [name for name in waiting if set(known[name].known) < stochastic | others]
        cases = [by_case[name][0] for name in looked_at]
        caught = _caught(bundle, cases, folder / step, jobs, known, progress)
        waiting = [name for name in waiting if name not in caught]
    return [by_case[name][1] for name in waiting]


def _caught(
    bundle: Bundle,
    cases: list[Case],
    folder: Path,
    jobs: int,
    known: dict[str, Rehearsal],
    progress: Progress,
) -> set[str]:
    if not cases:
        return set()
    reports = grade_cases(bundle, cases, folder, jobs, known, progress)
    return {name for name, report in reports.items() if failed_checks(report)}


def unexplained(
    ledger: Collection[Survivor],
    every: Collection[Mutant],
    looked_at: Collection[Mutant],
    living: Collection[Mutant],
) -> list[str]:
    """Survivors without a reason and reasons without a survivor, a line each.

    Args:
        every: all mutants that there are.
        looked_at: those of them that were graded.
        living: those of them that no check caught.
    """
    explained = {line.key for line in ledger}
    alive = {mutant.key for mutant in living}
    dead = {mutant.key for mutant in looked_at} - alive
    gone = explained - {mutant.key for mutant in every}
    return [
        *(
            _line(m.key, f"survives, and {LEDGER} gives no reason")
            for m in living
            if m.key not in explained
        ),
        *(
            _line(s.key, f"is caught; its line in {LEDGER} is stale")
            for s in ledger
            if s.key in dead
        ),
        *(
            _line(s.key, f"does not exist; its line in {LEDGER} is stale")
            for s in ledger
            if s.key in gone
        ),
    ]


def _line(key: tuple[str, str, str], text: str) -> str:
    function, line, change = key
    return f"mutant of {function}, `{line}`, {change}: {text}"
