"""A class: every entry graded or kept, reports first, tables last."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from .. import __version__
from ..bundle import Bundle
from ..checks.collect import Collected, with_checks
from ..intake.attempts import Entry
from ..model import Submission
from ..report.write import OutputError, Results, grade_rows, summary
from .best import Cost, grade_attempt, grade_best, is_still_true
from .jobs import run_jobs
from .one import grader_info, not_graded, take_in

Progress = Callable[[Cost], None]


def grade_class(
    bundle: Bundle,
    entries: Sequence[Entry],
    chosen: Sequence[Entry],
    results: Results,
    jobs: int,
    progress: Progress,
    right_tasks: Mapping[str, Collection[str]] = MappingProxyType({}),
    salt: str = "",
    missing: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Grade the chosen entries and write everything.

    Args:
        entries: the whole class, for the tables.
        chosen: which of them to grade now.
        progress: told of each finished submission.
        right_tasks: id -> tasks known to be right, which are not run again.
        salt: changes everything that checks draw at random; see `with_checks`.
        missing: ids of those who handed in nothing.

    Returns:
        The reports of the class that exist now, as plain JSON.

    Raises:
        RubricError: checks and rubric disagree.
        OutputError: results cannot be written.
    """
    started = time.monotonic()
    costs: list[Cost] = []

    def use(collected: Collected) -> None:
        def work(entry: Entry) -> Cost | str:
            try:
                right = right_tasks.get(entry.id, ())
                return _grade_entry(entry, bundle, collected, results, right)
            except OutputError as error:
                return str(error)

        for entry, answer in run_jobs(chosen, work, jobs):
            if isinstance(answer, str):
                raise OutputError(answer)
            cost = answer if isinstance(answer, Cost) else _give_up(entry, bundle, results, answer)
            costs.append(cost)
            progress(cost)

    with_checks(bundle, use, salt)
    current = grader_info(bundle).model_dump()
    found = [d for entry in entries if (d := results.read_report(entry.id)) is not None]
    documents = [d for d in found if d["grader"] == current]  # never two versions in one table
    _write_tables(bundle, entries, documents, results, missing)
    results.write_json("run.json", _run_document(costs, jobs, time.monotonic() - started))
    return documents


def _grade_entry(
    entry: Entry,
    bundle: Bundle,
    collected: Collected,
    results: Results,
    right_tasks: Collection[str],
) -> Cost:
    """Grade one entry and write its report, unless the one on disk is still true."""
    if len(entry.graded) > 1:
        return grade_best(entry, bundle, collected, results)
    submission, rejected = take_in(entry, entry.graded[0])
    document = results.read_report(entry.id) if results.has_artifacts(entry.id) else None
    if not rejected and is_still_true(document, submission, bundle):
        results.keep_report(document, submission)
        return Cost(entry.id, True)
    outcome = grade_attempt(submission, rejected, bundle, collected, right_tasks)
    results.write_report(outcome.report, outcome.artifacts)
    return Cost(entry.id, False, outcome.wall_seconds, outcome.cpu_seconds, outcome.memory_mb)


def _give_up(entry: Entry, bundle: Bundle, results: Results, error: Exception) -> Cost:
    """The report of a submission on which the grader itself failed."""
    attempt = entry.attempts[entry.graded[-1]]
    empty = Submission(
        entry.id, attempt.source, {}, entry.members, attempt.number, attempt.submitted_at
    )
    outcome = not_graded(empty, bundle, f"the grader failed: {error}")
    results.write_report(outcome.report, outcome.artifacts)
    return Cost(entry.id, False)


def _write_tables(
    bundle: Bundle,
    entries: Sequence[Entry],
    documents: list[dict[str, Any]],
    results: Results,
    missing: Sequence[str],
) -> None:
    results.write_table("grades.csv", grade_rows(documents, missing))
    names = [[identifier, name] for entry in entries for identifier, name in entry.names]
    results.write_table("identities.csv", [["id", "name"], *names])
    info = {"assignment": {"id": bundle.rubric.id, "title": bundle.rubric.title}}
    results.write_json("summary.json", {**info, **summary(documents, missing)})


def _run_document(costs: list[Cost], jobs: int, wall_seconds: float) -> dict[str, Any]:
    """`run.json`: what this run cost and on what machine; the only file that differs by run."""
    fresh = [cost for cost in costs if not cost.kept]
    return {
        "grader": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "jobs": jobs,
        "graded_now": len(fresh),
        "kept": len(costs) - len(fresh),
        "wall_seconds": round(wall_seconds, 3),
        "submissions": [_rounded(asdict(cost)) for cost in sorted(costs, key=lambda c: c.id)],
    }


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {k: round(v, 3) if isinstance(v, float) else v for k, v in values.items()}
