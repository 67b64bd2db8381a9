"""A class: every entry graded or kept, reports first, tables last."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from .. import __version__
from ..bundle import Bundle
from ..checks.collect import Collected, with_checks
from ..intake.read import Rejected
from ..intake.scan import Entry
from ..model import Submission
from ..report.write import OutputError, Results, grade_rows, summary
from .jobs import run_jobs
from .one import grade, grader_info, not_graded, take_in


@dataclass(frozen=True)
class Cost:
    """What grading one submission took; `kept` if a finished report was still true."""

    id: str
    kept: bool
    wall_seconds: float
    cpu_seconds: float
    memory_mb: float


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
) -> list[dict[str, Any]]:
    """Grade the chosen entries and write everything.

    Args:
        entries: the whole class, for the tables.
        chosen: which of them to grade now.
        progress: told of each finished submission.
        right_tasks: id -> tasks known to be right, which are not run again.
        salt: changes everything that checks draw at random; see `with_checks`.

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
    _write_tables(bundle, entries, documents, results)
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
    try:
        submission = take_in(entry)
    except Rejected as rejection:
        empty = Submission(entry.id, entry.path.name, {})
        outcome = not_graded(empty, bundle, f"rejected: {rejection}")
    else:
        if _still_true(results, submission, bundle):
            return Cost(entry.id, True, 0.0, 0.0, 0.0)
        outcome = grade(submission, bundle, collected, right_tasks)
    results.write_report(outcome.report, outcome.artifacts)
    return Cost(entry.id, False, outcome.wall_seconds, outcome.cpu_seconds, outcome.memory_mb)


def _still_true(results: Results, submission: Submission, bundle: Bundle) -> bool:
    """Whether what is on disk is of this submission, this bundle and this grader."""
    report = results.read_report(submission.id)
    if report is None or report["status"] != "graded" or not results.has_artifacts(submission.id):
        return False
    info = report["submission"]
    same_work = info["sha256"] == (submission.sha256 if submission.files else None)
    same_grader = report["grader"] == grader_info(bundle).model_dump()
    return bool(same_work and same_grader and info["source"] == submission.source)


def _give_up(entry: Entry, bundle: Bundle, results: Results, error: Exception) -> Cost:
    """The report of a submission on which the grader itself failed."""
    empty = Submission(entry.id, entry.path.name, {})
    reason = f"the grader failed: {error}"
    outcome = not_graded(empty, bundle, reason)
    results.write_report(outcome.report, outcome.artifacts)
    return Cost(entry.id, False, 0.0, 0.0, 0.0)


def _write_tables(
    bundle: Bundle, entries: Sequence[Entry], documents: list[dict[str, Any]], results: Results
) -> None:
    results.write_table("grades.csv", grade_rows(documents))
    results.write_table("identities.csv", [["id", "name"], *([e.id, e.name] for e in entries)])
    info = {"assignment": {"id": bundle.rubric.id, "title": bundle.rubric.title}}
    results.write_json("summary.json", {**info, **summary(documents)})


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
