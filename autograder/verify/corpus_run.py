"""Grading cases as a class, and reading what they got."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from ..bundle import Bundle
from ..corpus import Case, build, materialise
from ..grade.entry import Cost
from ..grade.grader import Rehearsal
from ..grade.whole_class import ClassRun, grade_class
from ..intake.scan import open_class
from ..report.write import Results
from ..sandbox.tiers import find_tier
from .reuse import is_reference, same_own_tests, unchanged_checks

Reports = dict[str, dict[str, Any]]
"""Case name -> its report."""
Progress = Callable[[Cost], None]


def entry_name(case: Case) -> str:
    """The name under which a case is handed in."""
    return case.name.replace("/", "-")


def grade_corpus(
    bundle: Bundle,
    cases: Collection[Case],
    folder: Path,
    jobs: int,
    *,
    whole: bool = False,
    trainings: bool = True,
    salt: str = "",
    progress: Progress = lambda _cost: None,
) -> Reports:
    """Grade cases, reusing what is the reference's if that is among them.

    Where a case says nothing of points, it is about its checks, and nothing else is run.

    Args:
        folder, jobs, progress: as in `grade_cases`.
        whole: run every check of every case.
        trainings: as in `unchanged_checks`.
        salt: changes everything that checks draw at random.
    """
    reuse = not whole and any(map(is_reference, cases))
    same = unchanged_checks(bundle, cases, trainings=trainings) if reuse else {}
    tested = same_own_tests(bundle, cases) if reuse else set()
    right = build(Case(name="", about=""), bundle)
    rehearsals = {
        case.name: Rehearsal(
            same.get(case.name, ()),
            checks_only=case.name in same and not case.points,
            same_tests=right if case.name in tested else None,
            salt=salt,
        )
        for case in cases
    }
    return grade_cases(bundle, cases, folder, jobs, rehearsals, progress)


def grade_cases(
    bundle: Bundle,
    cases: Iterable[Case],
    folder: Path,
    jobs: int,
    rehearsals: Mapping[str, Rehearsal],
    progress: Progress = lambda _cost: None,
) -> Reports:
    """Grade cases as a class.

    Args:
        folder: where the class (`class/`) and the results (`results/`) are written.
        jobs: processes.
        rehearsals: case name -> what is known of it, and what is drawn.
        progress: told of each finished case.
    """
    cases = list(cases)
    for case in cases:
        materialise(case, bundle, folder / "class", entry_name(case))
    by_id = {entry_name(case): rehearsals[case.name] for case in cases}
    results = folder / "results"
    with open_class(folder / "class") as found:
        run = ClassRun(bundle, Results(results), find_tier(None, ()), by_id)
        grade_class(run, found.entries, found.entries, jobs, progress)
    return read_reports(cases, results)


def read_reports(cases: Iterable[Case], results: Path) -> Reports:
    """What cases got, from a folder of results."""
    paths = {case.name: results / "reports" / f"{entry_name(case)}.json" for case in cases}
    return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in paths.items()}
