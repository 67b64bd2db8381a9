"""An attempt or several: what is graded anew, what is kept, and which one counts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ..bundle import Bundle
from ..checks.collect import Collected
from ..intake.attempts import Entry
from ..model import Submission, SubmissionInfo
from ..report.write import Results, report_document
from .one import Outcome, grade, grader_info, not_graded, take_in


@dataclass(frozen=True)
class Cost:
    """What grading one submission took; `kept` if a finished report was still true."""

    id: str
    kept: bool
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_mb: float = 0.0


def grade_attempt(
    submission: Submission,
    rejected: str,
    bundle: Bundle,
    collected: Collected,
    right_tasks: Collection[str] = (),
) -> Outcome:
    """Grade what was taken in, or say why it was not."""
    if rejected:
        return not_graded(submission, bundle, rejected)
    return grade(submission, bundle, collected, right_tasks)


def is_still_true(document: dict[str, Any] | None, submission: Submission, bundle: Bundle) -> bool:
    """Whether a report is of these very files, this bundle and this grader."""
    if document is None or document["status"] != "graded":
        return False
    same_work = document["submission"]["sha256"] == SubmissionInfo.of(submission).sha256
    return bool(same_work and document["grader"] == grader_info(bundle).model_dump())


def grade_best(entry: Entry, bundle: Bundle, collected: Collected, results: Results) -> Cost:
    """Grade every attempt; the best one's report counts, the others stand beside it.

    Of equally good ones the later counts.
    """
    documents: dict[int, dict[str, Any]] = {}
    outcomes: dict[int, Outcome] = {}
    read: dict[int, tuple[Submission, str]] = {}
    for place in entry.graded:
        submission, rejected = read[place] = take_in(entry, place)
        known = None if rejected else _known(submission, bundle, results)
        if known is None:
            outcomes[place] = grade_attempt(submission, rejected, bundle, collected)
            known = report_document(outcomes[place].report)
        documents[place] = known
        results.write_attempt(known, submission)
    best = max(documents, key=lambda place: (_points(documents[place]), place))
    submission, rejected = read[best]
    current = results.read_report(entry.id)
    if best not in outcomes and results.has_artifacts(entry.id) and _is(current, submission):
        results.keep_report(documents[best], submission)
    else:
        if best not in outcomes:  # it counts again, and only its report was kept
            outcomes[best] = grade_attempt(submission, rejected, bundle, collected)
        results.write_report(outcomes[best].report, outcomes[best].artifacts)
    results.keep_attempts(entry.id, [s for at, (s, _) in read.items() if at != best])
    spent = list(outcomes.values())
    return Cost(
        entry.id,
        not spent,
        sum(outcome.wall_seconds for outcome in spent),
        sum(outcome.cpu_seconds for outcome in spent),
        max((outcome.memory_mb for outcome in spent), default=0.0),
    )


def _known(submission: Submission, bundle: Bundle, results: Results) -> dict[str, Any] | None:
    """A finished report of this attempt that is still true."""
    found = [results.read_report(submission.id), results.read_attempt(submission)]
    true = (d for d in found if _is(d, submission) and is_still_true(d, submission, bundle))
    return next(true, None)


def _is(document: dict[str, Any] | None, submission: Submission) -> bool:
    return document is not None and bool(
        document["submission"]["attempt"] == submission.attempt
        and document["submission"]["sha256"] == SubmissionInfo.of(submission).sha256
    )


def _points(document: dict[str, Any]) -> float:
    return float(document["score"]["points"]) if document["score"] else -1.0
