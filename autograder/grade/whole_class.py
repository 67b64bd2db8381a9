"""A class: every entry graded or kept, reports first, tables last."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from .. import __version__
from ..bundle import Bundle
from ..checks.collect import Collected, with_checks
from ..checks.run import MustRunAlone
from ..intake.read import Rejected
from ..intake.scan import Entry
from ..model import Submission
from ..report.write import OutputError, Results, grade_rows, summary
from ..sandbox.box import Box
from ..sandbox.layers import Tier
from .jobs import WorkError, run_jobs
from .one import Grader, Outcome, grade, grader_info, not_graded, take_in


@dataclass(frozen=True)
class Cost:
    """What grading one submission took; `kept` if a finished report was still true."""

    id: str
    kept: bool
    wall_seconds: float
    cpu_seconds: float
    memory_mb: float


Progress = Callable[[Cost], None]


@dataclass(frozen=True)
class ClassRun:
    """How a class is graded, and where what is found goes.

    Attributes:
        tier: how student code is confined.
        right_tasks: id -> tasks known to be right, which are not run again.
        salt: changes everything that checks draw at random; see `with_checks`.
    """

    bundle: Bundle
    results: Results
    tier: Tier
    right_tasks: Mapping[str, Collection[str]] = field(default_factory=dict)
    salt: str = ""

    def grade(self, chosen: Sequence[Entry], jobs: int, progress: Progress) -> list[Cost]:
        """Grade entries, each in a report of its own as soon as it is finished.

        Args:
            progress: told of each finished submission.

        Raises:
            RubricError: checks and rubric disagree.
            OutputError: results cannot be written.
        """
        costs: list[Cost] = []

        def note(cost: Cost) -> None:
            costs.append(cost)
            progress(cost)

        def use(collected: Collected) -> None:
            left = self._grade_side_by_side(chosen, jobs, collected, note)
            self._grade_side_by_side(left, 1, collected, note)

        with_checks(self.bundle, use, self.salt)
        return costs

    def _grade_side_by_side(
        self, entries: Sequence[Entry], jobs: int, collected: Collected, note: Progress
    ) -> list[Entry]:
        """Grade in several processes; entries that have to run alone come back."""
        returned = []
        workshop = partial(self._workshop, collected, jobs == 1)
        for entry, answer in run_jobs(entries, workshop, jobs):
            if answer is None:
                returned.append(entry)
            elif isinstance(answer, str):
                raise OutputError(answer)
            elif isinstance(answer, WorkError):
                note(self._give_up(entry, answer))
            else:
                note(answer)
        return returned

    @contextmanager
    def _workshop(
        self, collected: Collected, alone: bool
    ) -> Iterator[Callable[[Entry], Cost | str | None]]:
        """The box of one process, and the work on one entry after the other in it."""
        rubric = self.bundle.rubric
        with Box(rubric.limits, self.tier.layers, [*rubric.packages, *rubric.preload]) as box:
            grader = Grader(self.bundle, collected, box, self.tier, alone)
            yield partial(self._grade_entry, grader)

    def _grade_entry(self, grader: Grader, entry: Entry) -> Cost | str | None:
        """Grade one entry and write its report, unless the one on disk is still true.

        Returns:
            What it took; why it could not be written; None if it has to run alone.
        """
        try:
            submission = take_in(entry)
            if self._still_true(submission):
                return Cost(entry.id, True, 0.0, 0.0, 0.0)
            outcome = grade(submission, grader, self.right_tasks.get(entry.id, ()))
            return self._write(outcome)
        except Rejected as rejection:
            return self._write(self._not_graded(entry, f"rejected: {rejection}"))
        except MustRunAlone:
            return None
        except OutputError as error:
            return str(error)

    def _write(self, outcome: Outcome) -> Cost:
        self.results.write_report(outcome.report, outcome.artifacts)
        identifier = outcome.report.submission.id
        return Cost(identifier, False, outcome.wall_seconds, outcome.cpu_seconds, outcome.memory_mb)

    def _still_true(self, submission: Submission) -> bool:
        """Whether what is on disk is of this submission, this bundle and this grader."""
        report = self.results.read_report(submission.id)
        if report is None or report["status"] != "graded":
            return False
        info = report["submission"]
        same_work = info["sha256"] == (submission.sha256 if submission.files else None)
        same_grader = report["grader"] == grader_info(self.bundle, self.tier).model_dump()
        same_place = info["source"] == submission.source
        return same_work and same_grader and same_place and self.results.has_artifacts(info["id"])

    def _give_up(self, entry: Entry, error: Exception) -> Cost:
        """The report of a submission on which the grader itself failed."""
        return self._write(self._not_graded(entry, f"the grader failed: {error}"))

    def _not_graded(self, entry: Entry, reason: str) -> Outcome:
        empty = Submission(entry.id, entry.path.name, {})
        return not_graded(empty, self.bundle, self.tier, reason)


def grade_class(
    run: ClassRun, entries: Sequence[Entry], chosen: Sequence[Entry], jobs: int, progress: Progress
) -> list[dict[str, Any]]:
    """Grade the chosen entries and write everything.

    Args:
        entries: the whole class, for the tables.
        chosen: which of them to grade now.

    Returns:
        The reports of the class that exist now, as plain JSON.

    Raises:
        RubricError: checks and rubric disagree.
        OutputError: results cannot be written.
    """
    started = time.monotonic()
    costs = run.grade(chosen, jobs, progress)
    results = run.results
    current = grader_info(run.bundle, run.tier).model_dump()
    found = [d for entry in entries if (d := results.read_report(entry.id)) is not None]
    documents = [d for d in found if d["grader"] == current]  # never two versions in one table
    _write_tables(run.bundle, entries, documents, results)
    results.write_json("run.json", _run_document(costs, jobs, time.monotonic() - started))
    return documents


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
