"""One submission, from what was handed in to its report."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from ..bundle import Bundle
from ..checks.run import GraderFault, MustRunAlone
from ..contract import (
    SCHEMA_VERSION,
    AssignmentInfo,
    CategoryScore,
    Extension,
    Movement,
    Report,
    ReviewState,
    Score,
    SubmissionInfo,
)
from ..diagnosis.find import annotated
from ..errors import ExpectedError
from ..intake.attempts import Entry
from ..intake.limits import Rejected
from ..intake.read import read_parts
from ..model import Submission
from ..sandbox.layers import Tier
from ..sandbox.outer import SandboxUnavailable
from ..score.categories import beyond, review_state, score
from .gather import NOTHING, Gathered, gather
from .grader import Grader, Rehearsal, grader_info

TRIES = 2
NO_REHEARSAL = Rehearsal()


class SubmissionVanished(ExpectedError):
    """What was found is gone, most likely with its neighbours: nothing to mark anybody for."""

    def __init__(self, identifier: str) -> None:
        super().__init__(f"{identifier} was there when the run began, and is gone")


@dataclass(frozen=True)
class Outcome:
    """A graded submission: its report, what goes beside it, and what it cost.

    Attributes:
        artifacts: arrays for pictures, the student's source, details for instructors.
        cpu_seconds: of the student's processes.
        memory_mb: highest seen of the student's processes together.
    """

    report: Report
    artifacts: dict[str, Any]
    wall_seconds: float
    cpu_seconds: float = 0.0
    memory_mb: float = 0.0


def take_in(entry: Entry, place: int) -> tuple[Submission, str]:
    """Read one attempt of an entry completely.

    Args:
        place: which of the attempts.

    Returns:
        The submission, and why it could not be taken in (then it has no files).

    Raises:
        SubmissionVanished: it is not there any more.
    """
    attempt, files, fault = entry.attempts[place], {}, ""
    try:
        files = read_parts(attempt.parts)
    except Rejected as rejection:
        fault = f"rejected: {rejection}"
    if attempt.vanished:  # asked last: it may have gone while it was read
        raise SubmissionVanished(entry.id)
    return with_files(entry, place, files), fault


def with_files(entry: Entry, place: int, files: dict[str, bytes]) -> Submission:
    """One attempt of an entry as a submission of these files."""
    attempt = entry.attempts[place]
    return Submission(
        entry.id, attempt.source, files, entry.members, attempt.number, attempt.submitted_at
    )


def grade(submission: Submission, grader: Grader, rehearsal: Rehearsal = NO_REHEARSAL) -> Outcome:
    """Grade one submission; a fault of the grader gets one more try.

    Args:
        rehearsal: what is otherwise than with work that was handed in.

    Raises:
        MustRunAlone: student code waited too long while others were graded beside it.
    """
    started = time.monotonic()
    reason = detail = ""
    for _ in range(TRIES):
        try:
            return _outcome(submission, grader, gather(submission, grader, rehearsal), started)
        except MustRunAlone:
            raise
        except (GraderFault, SandboxUnavailable) as fault:
            reason, detail = f"the grader failed: {fault}", fault.detail
        except Exception as fault:  # whatever it is, it is ours, and must not cost the class
            reason, detail = f"the grader failed: {type(fault).__name__}", str(fault)
    return not_graded(submission, grader.bundle, grader.tier, reason, started, detail)


def not_graded(
    submission: Submission,
    bundle: Bundle,
    tier: Tier,
    reason: str,
    started: float | None = None,
    detail: str = "",
) -> Outcome:
    """The report of a submission that gets no mark, and why."""
    wall = time.monotonic() - started if started is not None else 0.0
    nothing = ReviewState(pending=[], could_move=Movement(down=Decimal(0), up=Decimal(0)))
    report = _report(submission, bundle, tier, reason, [], Extension(), nothing)
    artifacts = {"functions": {}, "figures": {}, "answers": {}, "instructor": {"fault": detail}}
    return Outcome(report, _headed(submission, artifacts), wall)


def _outcome(submission: Submission, grader: Grader, found: Gathered, started: float) -> Outcome:
    known = found.grading
    note = partial(annotated, findings=found.findings, collected=grader.collected)
    categories = [
        category.model_copy(update={"evidence": note(category.evidence)})
        for category in score(known)
    ]
    extension = Extension.of(note(beyond(known).evidence))
    reason = None if submission.files else NOTHING
    waiting = review_state(categories, extension)
    report = _report(submission, grader.bundle, grader.tier, reason, categories, extension, waiting)
    extra = {"claims": found.claims or None, "diagnoses": found.findings.diagnoses}
    return Outcome(
        report=report.model_copy(update=extra),
        artifacts=_headed(submission, _artifacts(grader, found)),
        wall_seconds=time.monotonic() - started,
        cpu_seconds=found.cpu_seconds,
        memory_mb=found.memory / 2**20,
    )


def _report(
    submission: Submission,
    bundle: Bundle,
    tier: Tier,
    reason: str | None,
    categories: list[CategoryScore],
    extension: Extension,
    review: ReviewState,
) -> Report:
    """The report; without categories there is no mark."""
    points = sum((c.points for c in categories), Decimal(0))
    possible = sum((c.possible for c in categories), Decimal(0))
    return Report(
        schema_version=SCHEMA_VERSION,
        assignment=AssignmentInfo(id=bundle.rubric.id, title=bundle.rubric.title),
        submission=SubmissionInfo.of(submission),
        grader=grader_info(bundle, tier),
        status="graded" if categories else "not_graded",
        reason=reason,
        score=Score(points=points, possible=possible) if categories else None,
        categories=categories,
        extension=extension,
        review=review,
    )


def _artifacts(grader: Grader, found: Gathered) -> dict[str, Any]:
    """What goes beside the report; everything under `instructor` is for instructors alone."""
    fixtures, known = grader.collected.fixtures, found.grading
    checks = grader.collected.checks.values()
    ignored = grader.bundle.rubric.quality.ignore
    findings = {
        name: [one._asdict() for one in places if one.rule not in ignored]
        for name, places in (known.quality or {}).items()
    }
    public = {c.id: c.id if c.id in grader.collected.public else c.sibling for c in checks}
    return {
        "functions": {
            name: {
                **{key: about[key] for key in ("file", "line", "source")},
                "findings": findings.get(name, []),
            }
            for name, about in known.survey["functions"].items()
        },
        "checks": {c.id: {"function": c.function, "public": public[c.id]} for c in checks},
        "figures": fixtures.kept,
        "answers": {name: asdict(answer) for name, answer in known.answers.items()},
        "writing": known.writing.kept(),
        "instructor": {
            "details": {r.check: r.detail for r in known.results.values() if r.detail},
            "problems": known.survey["problems"],
            "printed": found.printed,
            "figures": fixtures.kept_hidden,
        },
    }


def _headed(submission: Submission, artifacts: dict[str, Any]) -> dict[str, Any]:
    return {"schema_version": SCHEMA_VERSION, "id": submission.id, **artifacts}
