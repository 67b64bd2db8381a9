"""A class: every entry graded or kept, reports first, tables last."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from .. import __version__
from ..bundle import Bundle
from ..checks.collect import Collected, with_checks
from ..checks.run import MustRunAlone
from ..diagnosis.load import Diagnoses, load_diagnoses
from ..errors import ExpectedError
from ..intake.attempts import Entry
from ..pages.figures import Album
from ..pages.write import write_pages
from ..report.tables import grade_rows, summary
from ..report.write import OutputError, Results
from ..review.files import Reviews
from ..review.settle import Settlement
from ..sandbox.box import Box
from ..sandbox.layers import COMMANDS, READING, Tier
from ..trials.implementations import Catalogue
from ..trials.trial import Trials
from .entry import Cost, give_up, grade_entry
from .grader import Grader, Rehearsal, grader_info
from .jobs import Failed, run_jobs
from .one import NO_REHEARSAL, SubmissionVanished

Progress = Callable[[Cost], None]


class RunStopped(ExpectedError):
    """The run cannot go on; the text says why, and how to continue."""


@dataclass(frozen=True)
class ClassRun:
    """How a class is graded, and where what is found goes.

    Attributes:
        tier: how student code is confined.
        rehearsals: id -> how it is graded, if it is not work that was handed in.
        settlement: what turns measures into marks; default: no reviews, nothing released.
    """

    bundle: Bundle
    results: Results
    tier: Tier
    rehearsals: Mapping[str, Rehearsal] = field(default_factory=dict)
    settlement: Settlement | None = None

    def grade(self, chosen: Sequence[Entry], jobs: int, progress: Progress) -> list[Cost]:
        """Grade entries, each in a report of its own as soon as it is finished.

        Args:
            progress: told of each finished submission.

        Raises:
            RubricError: checks and rubric disagree.
            RunStopped: a report cannot be written, or submissions have gone.
        """
        costs: list[Cost] = []

        def note(cost: Cost) -> None:
            costs.append(cost)
            progress(cost)

        catalogue = Catalogue.of(self.bundle)  # once, before processes are forked

        def use(collected: Collected) -> None:
            diagnoses = load_diagnoses(self.bundle, collected)
            tools = collected, catalogue, diagnoses
            left = self._grade_side_by_side(chosen, jobs, *tools, note)
            self._grade_side_by_side(left, 1, *tools, note)

        with_checks(self.bundle, use)
        return costs

    def _grade_side_by_side(
        self,
        entries: Sequence[Entry],
        jobs: int,
        collected: Collected,
        catalogue: Catalogue,
        diagnoses: Diagnoses,
        note: Progress,
    ) -> list[Entry]:
        """Grade in several processes; entries that have to run alone come back."""
        returned = []
        workshop = partial(self._workshop, collected, catalogue, diagnoses, jobs == 1)
        for entry, answer in run_jobs(entries, workshop, jobs):
            if answer is None:
                returned.append(entry)
            elif isinstance(answer, str):
                raise RunStopped(answer)
            elif isinstance(answer, Failed):
                note(give_up(entry, self.bundle, self.tier, self.results, answer))
            else:
                note(answer)
        return returned

    @contextmanager
    def _workshop(
        self, collected: Collected, catalogue: Catalogue, diagnoses: Diagnoses, alone: bool
    ) -> Iterator[Callable[[Entry], Cost | str | None]]:
        """The box of one process, and the work on one entry after the other in it."""
        rubric = self.bundle.rubric
        preload = [*rubric.packages, *rubric.preload, *READING, COMMANDS]
        with (
            Box(rubric.limits, self.tier.layers, preload) as box,
            Trials(self.bundle, catalogue, box, self.tier) as trials,
        ):
            settlement = self.settlement or Settlement(rubric)
            tools = collected, diagnoses, box, trials
            grader = Grader(self.bundle, *tools, self.tier, alone, settlement)
            yield partial(self._grade_entry, grader)

    def _grade_entry(self, grader: Grader, entry: Entry) -> Cost | str | None:
        """What grading an entry took; why the run cannot go on; None if it must run alone."""
        try:
            rehearsal = self.rehearsals.get(entry.id, NO_REHEARSAL)
            return grade_entry(entry, grader, self.results, rehearsal)
        except MustRunAlone:
            return None
        except SubmissionVanished as gone:
            return (
                f"{gone}. What is finished is kept; once it is back, the same command continues "
                "with the rest"
            )
        except OutputError as error:
            return str(error)


def grade_class(
    run: ClassRun,
    entries: Sequence[Entry],
    chosen: Sequence[Entry],
    jobs: int,
    progress: Progress,
    missing: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Grade the chosen entries and write everything.

    Args:
        entries: the whole class, for the tables.
        chosen: which of them to grade now.
        missing: ids of those who handed in nothing.

    Returns:
        The reports of the class that exist now, as plain JSON.

    Raises:
        RubricError: checks and rubric disagree, or a figure cannot be drawn.
        RunStopped: a report cannot be written, or submissions have gone.
        OutputError: tables or pages cannot be written.
    """
    started = time.monotonic()
    results, album = run.results, Album.of(run.bundle)
    with results.writing():
        costs = run.grade(chosen, jobs, progress)
        current = grader_info(run.bundle, run.tier).model_dump()
        found = [d for entry in entries if (d := results.read_report(entry.id)) is not None]
        documents = [d for d in found if d["grader"] == current]  # never two versions in one table
        names = [[identifier, name] for entry in entries for identifier, name in entry.names]
        results.write_table("identities.csv", [["id", "name"], *names])
        write_tables(run.bundle, documents, results, missing)
        results.remove_replaced(documents)
        published = run.settlement is not None and bool(run.settlement.released)
        write_pages(run.bundle, album, results, documents, published=published, missing=missing)
        cost = _run_document(costs, jobs, time.monotonic() - started)
        reviews = run.settlement.reviews if run.settlement is not None else None
        results.write_json("run.json", {**cost, **(place_of(reviews, results) if reviews else {})})
    return documents


def write_tables(
    bundle: Bundle, documents: Sequence[dict[str, Any]], results: Results, missing: Sequence[str]
) -> None:
    """Write the class table and the class in numbers.

    Args:
        missing: ids of those who handed in nothing.
    """
    results.write_table("grades.csv", grade_rows(documents, missing))
    info = {"assignment": {"id": bundle.rubric.id, "title": bundle.rubric.title}}
    results.write_json("summary.json", {**info, **summary(documents, missing)})


def place_of(reviews: Reviews, results: Results) -> dict[str, str]:
    """Where reviews were looked for, as seen from the results: there the next command looks."""
    return {"reviews": os.path.relpath(reviews.folder.resolve(), results.folder.resolve())}


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
