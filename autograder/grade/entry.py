"""An entry of the class, with one attempt or several: what is graded anew, what counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ..bundle import Bundle
from ..contract import Late, Report, SubmissionInfo
from ..intake.attempts import Entry, lateness
from ..model import Submission
from ..report.write import Results
from ..review.settle import days_late
from ..sandbox.layers import Tier
from .grader import Grader, Rehearsal, grader_info
from .jobs import Failed
from .one import NO_REHEARSAL, Outcome, grade, not_graded, take_in, with_files
from .since import with_changes


@dataclass(frozen=True)
class Cost:
    """What grading one submission took; `kept` if a finished report was still true."""

    id: str
    kept: bool
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_mb: float = 0.0


def grade_entry(
    entry: Entry, grader: Grader, results: Results, rehearsal: Rehearsal = NO_REHEARSAL
) -> Cost:
    """Grade an entry and write its report, unless the one on disk is still true.

    Args:
        rehearsal: what is otherwise than with work that was handed in.

    Raises:
        MustRunAlone: student code waited too long while others were graded beside it.
        SubmissionVanished: what was handed in is not there any more.
        OutputError: the report cannot be written.
    """
    if len(entry.graded) > 1:
        return _grade_best(entry, grader, results)
    submission, rejected = take_in(entry, entry.graded[0])
    before = results.read_report(entry.id)
    document = before if results.has_artifacts(entry.id) else None
    place = entry.graded[0]
    if not rejected and _is_still_true(document, submission, grader):
        kept = _as_of_now(Report.model_validate(document), submission, entry, place, grader)
        results.keep_report(kept, document)
        return Cost(entry.id, True)
    outcome = _grade_attempt(submission, rejected, grader, rehearsal)
    report = _as_of_now(outcome.report, submission, entry, place, grader)
    report = with_changes(report, Report.model_validate(before) if before else None)
    results.write_report(report, outcome.artifacts)
    return Cost(entry.id, False, outcome.wall_seconds, outcome.cpu_seconds, outcome.memory_mb)


def give_up(entry: Entry, bundle: Bundle, tier: Tier, results: Results, failed: Failed) -> Cost:
    """Write the report of a submission on which the grader itself failed."""
    empty = with_files(entry, entry.graded[-1], {})
    reason = f"the grader failed: {failed.reason}"
    outcome = not_graded(empty, bundle, tier, reason, detail=failed.detail)
    results.write_report(outcome.report, outcome.artifacts)
    return Cost(entry.id, False)


def _grade_attempt(
    submission: Submission, rejected: str, grader: Grader, rehearsal: Rehearsal = NO_REHEARSAL
) -> Outcome:
    """Grade what was taken in, or say why it was not."""
    if rejected:
        return not_graded(submission, grader.bundle, grader.tier, rejected)
    return grade(submission, grader, rehearsal)


def _as_of_now(
    report: Report, submission: Submission, entry: Entry, place: int, grader: Grader
) -> Report:
    """The report with what is known now: members, times, and what people say of the work."""
    report = report.model_copy(update={"submission": SubmissionInfo.of(submission)})
    if report.status != "graded":
        return report
    late_by = lateness(entry.attempts[place], entry.deadline)
    days = days_late(late_by, grader.bundle.rubric.late)
    late = Late(days=days, points=Decimal(0)) if days else None
    return grader.settlement.of(report.model_copy(update={"late": late}))


def _is_still_true(document: dict[str, Any] | None, submission: Submission, grader: Grader) -> bool:
    """Whether a report is of these very files, this bundle and this grader."""
    if document is None or document["status"] != "graded":
        return False
    same_work = document["submission"]["sha256"] == SubmissionInfo.of(submission).sha256
    current = grader_info(grader.bundle, grader.tier).model_dump()
    return bool(same_work and document["grader"] == current)


def _grade_best(entry: Entry, grader: Grader, results: Results) -> Cost:
    """Grade every attempt; the best one's report counts, the others stand beside it.

    Of equally good ones the later counts.
    """
    reports: dict[int, Report] = {}
    outcomes: dict[int, Outcome] = {}
    read: dict[int, tuple[Submission, str]] = {}
    for place in entry.graded:
        submission, rejected = read[place] = take_in(entry, place)
        known = None if rejected else _known(submission, grader, results)
        if known is None:
            outcomes[place] = _grade_attempt(submission, rejected, grader)
        measured = Report.model_validate(known) if known else outcomes[place].report
        before = reports[max(reports)] if reports else None
        now = _as_of_now(measured, submission, entry, place, grader)
        reports[place] = with_changes(now, before)
        results.write_attempt(reports[place])
    earned = replace(grader.settlement, allow_decrease=True)  # what was released favours none
    best = max(reports, key=lambda place: (_points(earned.of(reports[place])), place))
    submission, rejected = read[best]
    current = results.read_report(entry.id)
    if best not in outcomes and results.has_artifacts(entry.id) and _is(current, submission):
        results.keep_report(reports[best], current)
    else:
        if best not in outcomes:  # it counts again, and only its report was kept
            outcomes[best] = _grade_attempt(submission, rejected, grader)
        results.write_report(reports[best], outcomes[best].artifacts)
    results.keep_attempts(entry.id, [s for at, (s, _) in read.items() if at != best])
    spent = list(outcomes.values())
    return Cost(
        entry.id,
        not spent,
        sum(outcome.wall_seconds for outcome in spent),
        sum(outcome.cpu_seconds for outcome in spent),
        max((outcome.memory_mb for outcome in spent), default=0.0),
    )


def _known(submission: Submission, grader: Grader, results: Results) -> dict[str, Any] | None:
    """A finished report of this attempt that is still true."""
    found = [results.read_report(submission.id), results.read_attempt(submission)]
    true = (d for d in found if _is(d, submission) and _is_still_true(d, submission, grader))
    return next(true, None)


def _is(document: dict[str, Any] | None, submission: Submission) -> bool:
    return document is not None and bool(
        document["submission"]["attempt"] == submission.attempt
        and document["submission"]["sha256"] == SubmissionInfo.of(submission).sha256
    )


def _points(report: Report) -> Decimal:
    return report.score.points if report.score else Decimal(-1)
