"""What changed since the attempt before, as far as its report is still there."""

from __future__ import annotations

from ..contract import Kind, Report, SinceLast
from ..model import Verdict

CHANGING = {Kind.CHECK, Kind.TESTS}
"""What a machine judges by itself; the rest follows from it, or from a person."""


def with_changes(report: Report, before: Report | None) -> Report:
    """The report with what changed since an earlier one of the same student.

    What that says of the same files stays; a report by another version of the assignment
    cannot be compared.

    Args:
        before: what stood in its place before, or is said of the attempt before.
    """
    if before is None or before.score is None or report.score is None:
        return report
    if before.submission.sha256 == report.submission.sha256:
        return report.model_copy(update={"since_last": before.since_last})
    if before.grader.bundle_sha256 != report.grader.bundle_sha256 or not _follows(report, before):
        return report
    number = before.since_last.attempt + 1 if before.since_last else 1
    was, now = _right(before), _right(report)
    since = SinceLast(
        attempt=before.submission.attempt or number,
        points=before.score.points,
        fixed=[name for name in now if now[name] and was.get(name) is False],
        broken=[name for name in now if not now[name] and was.get(name) is True],
    )
    return report.model_copy(update={"since_last": since})


def _follows(report: Report, before: Report) -> bool:
    """Whether it is the later attempt, as far as the course system tells them apart."""
    number, earlier = report.submission.attempt, before.submission.attempt
    return number is None or earlier is None or earlier < number


def _right(report: Report) -> dict[str, bool]:
    """Evidence that a machine judges -> whether it is as it should be."""
    return {e.id: e.verdict is Verdict.PASS for e in report.evidence if e.kind in CHANGING}
