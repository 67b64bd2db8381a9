"""One submission, from what was handed in to its report."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from .. import __version__
from ..bundle import Bundle
from ..checks.collect import Collected
from ..checks.run import GraderFault, MustRunAlone, count_only_if, run_task
from ..diagnosis.find import annotated, diagnose, limits_for
from ..diagnosis.load import Diagnoses
from ..intake.attempts import Entry
from ..intake.limits import Rejected
from ..intake.read import read_parts
from ..model import (
    SCHEMA_VERSION,
    AssignmentInfo,
    CategoryScore,
    CheckResult,
    Claim,
    GraderInfo,
    Movement,
    Report,
    ReviewState,
    Score,
    Submission,
    SubmissionInfo,
    Trial,
    Verdict,
)
from ..review.settle import Settlement
from ..sandbox.box import Box
from ..sandbox.deadline import Lost
from ..sandbox.layers import Tier
from ..sandbox.outer import SandboxUnavailable
from ..sandbox.session import Session
from ..score.categories import review_state, score
from ..score.grading import Finding, Grading
from ..trials.trial import Trials
from ..writing.answers import Answer, find_answers
from ..writing.commands import Ran
from ..writing.documents import Writing
from .written import check_claims, read_writing, run_commands

TRIES = 2
NOTHING = "Nothing was submitted."
UNREADABLE = "The files could not be read: reading them as text already hung or crashed."
EMPTY_SURVEY: dict[str, Any] = {
    "functions": {},
    "constants": [],
    "foreign": [],
    "problems": [],
    "tests": [],
}


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
    """
    try:
        return with_files(entry, place, read_parts(entry.attempts[place].parts)), ""
    except Rejected as rejection:
        return with_files(entry, place, {}), f"rejected: {rejection}"


def with_files(entry: Entry, place: int, files: dict[str, bytes]) -> Submission:
    """One attempt of an entry as a submission of these files."""
    attempt = entry.attempts[place]
    return Submission(
        entry.id, attempt.source, files, entry.members, attempt.number, attempt.submitted_at
    )


@dataclass(frozen=True)
class Grader:
    """What a process needs to grade one submission after the other.

    Attributes:
        trials: where the student's own tests are tried.
        tier: how well `box` confines student code.
        alone: whether nothing else is graded meanwhile, so that a wall limit counts.
        settlement: what turns measures into marks.
    """

    bundle: Bundle
    collected: Collected
    diagnoses: Diagnoses
    box: Box
    trials: Trials
    tier: Tier
    alone: bool
    settlement: Settlement


def grade(submission: Submission, grader: Grader, right_checks: Collection[str] = ()) -> Outcome:
    """Grade one submission; a fault of the grader gets one more try.

    Args:
        right_checks: ids of checks that are known to pass and are not run again.

    Raises:
        MustRunAlone: student code waited too long while others were graded beside it.
    """
    started = time.monotonic()
    reason = detail = ""
    for _ in range(TRIES):
        try:
            return _grade(submission, grader, started, right_checks)
        except MustRunAlone:
            raise
        except (GraderFault, SandboxUnavailable) as fault:
            reason = f"the grader failed: {fault}"
            detail = getattr(fault, "detail", "")
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
    report = _report(submission, bundle, tier, "not_graded", reason, [], nothing)
    return Outcome(report, _artifacts(submission, EMPTY_SURVEY, {}, {"fault": detail}, {}), wall)


def _grade(
    submission: Submission, grader: Grader, started: float, right_checks: Collection[str]
) -> Outcome:
    bundle, collected = grader.bundle, grader.collected
    collected.fixtures.kept, collected.fixtures.kept_hidden = {}, {}
    survey, results, reason = EMPTY_SURVEY, _all(collected, bundle, NOTHING), NOTHING
    quality: dict[str, list[Finding]] | None = {}
    writing, claims, commands = Writing((), bundle.template_sections), list[Claim](), list[Ran]()
    session = Session(grader.box, submission.files, bundle.manifest, bundle.rubric.limits)
    try:
        if submission.files:
            reason = ""
            writing = read_writing(session, bundle, alone=grader.alone)
            try:
                survey = session.read("survey")
                quality = _read_quality(grader, session)
                results = _run_tasks(grader, session, survey, right_checks)
            except Lost as lost:
                results = _all(collected, bundle, f"{UNREADABLE} {lost}")
            if any(results[task.gate].verdict is Verdict.PASS for task in bundle.rubric.tasks):
                claims = check_claims(writing, bundle, session, alone=grader.alone)
                commands = run_commands(writing, bundle, session, alone=grader.alone)
    finally:
        session.close()
    # what may show values to a student has a session of its own, without hidden inputs
    limits = limits_for(bundle.rubric.limits)
    again = Session(grader.box, submission.files, bundle.manifest, limits)
    try:
        findings = diagnose(grader.diagnoses, collected, results, again)
    finally:
        again.close()
    before = grader.trials.cpu_seconds
    trials = _try_tests(submission, grader, survey, results)
    graded = [c for t in bundle.rubric.tasks for c in collected.graded(t.id)]
    questions = [question for task in bundle.rubric.tasks for question in task.questions]
    answers = find_answers(writing, questions)
    known = Grading(bundle, graded, results, survey, quality, writing, answers, commands, trials)
    categories = annotated(score(known), findings, collected)
    waiting = review_state(categories)
    report = _report(submission, bundle, grader.tier, "graded", reason or None, categories, waiting)
    extra = {"claims": claims or None, "diagnoses": findings.diagnoses}
    report = report.model_copy(update=extra)
    instructor = {
        "details": {r.check: r.detail for r in results.values() if r.detail},
        "problems": survey["problems"],
        "printed": session.printed,
        "figures": collected.fixtures.kept_hidden,
    }
    return Outcome(
        report=report,
        artifacts=_artifacts(submission, survey, collected.fixtures.kept, instructor, answers),
        wall_seconds=time.monotonic() - started,
        cpu_seconds=session.cpu_seconds + again.cpu_seconds + grader.trials.cpu_seconds - before,
        memory_mb=session.memory / 2**20,
    )


def _read_quality(grader: Grader, session: Session) -> dict[str, list[Finding]] | None:
    """Findings for each function that is filled in; None where reading hung or crashed."""
    try:
        found = session.read("quality", shipped=grader.bundle.shipped)["findings"]
    except Lost as lost:
        count_only_if(grader.alone, lost)
        return None
    return {name: [Finding(*row) for row in rows] for name, rows in found.items()}


def _run_tasks(
    grader: Grader, session: Session, survey: dict[str, Any], right_checks: Collection[str]
) -> dict[str, CheckResult]:
    bundle, collected = grader.bundle, grader.collected
    foreign = [f"{package} ({file}, line {line})" for file, line, package in survey["foreign"]]
    results = {name: CheckResult(name, Verdict.PASS) for name in right_checks}
    for task in bundle.rubric.tasks:
        checks = [check for check in collected.graded(task.id) if check.id not in right_checks]
        if checks:
            found = run_task(collected, checks, bundle, session, foreign, alone=grader.alone)
            results |= {result.check: result for result in found}
    return results


def _try_tests(
    submission: Submission,
    grader: Grader,
    survey: dict[str, Any],
    results: dict[str, CheckResult],
) -> dict[str, Trial]:
    """Try the student's own tests, if there is a task for which they count."""
    gates = [results[task.gate] for task in grader.bundle.rubric.tasks]
    if all(result.verdict is not Verdict.PASS for result in gates):
        return {}
    return grader.trials.conduct(submission.files, survey["tests"], alone=grader.alone)


def _all(collected: Collected, bundle: Bundle, message: str) -> dict[str, CheckResult]:
    checks = [c for t in bundle.rubric.tasks for c in collected.graded(t.id)]
    return {c.id: CheckResult(c.id, Verdict.NOT_RUN, message) for c in checks}


def _report(
    submission: Submission,
    bundle: Bundle,
    tier: Tier,
    status: Any,
    reason: str | None,
    categories: list[CategoryScore],
    review: ReviewState,
) -> Report:
    points = sum((c.points for c in categories), Decimal(0))
    possible = sum((c.possible for c in categories), Decimal(0))
    return Report(
        schema_version=SCHEMA_VERSION,
        assignment=AssignmentInfo(id=bundle.rubric.id, title=bundle.rubric.title),
        submission=SubmissionInfo.of(submission),
        grader=grader_info(bundle, tier),
        status=status,
        reason=reason,
        score=Score(points=points, possible=possible) if status == "graded" else None,
        categories=categories,
        review=review,
    )


def grader_info(bundle: Bundle, tier: Tier) -> GraderInfo:
    """What the marks were made with."""
    return GraderInfo(version=__version__, bundle_sha256=bundle.sha256, isolation=tier.value)


def _artifacts(
    submission: Submission,
    survey: dict[str, Any],
    figures: dict[str, Any],
    instructor: dict[str, Any],
    answers: Mapping[str, Answer],
) -> dict[str, Any]:
    """What goes beside the report; everything under `instructor` is for instructors alone."""
    functions = {
        name: {key: about[key] for key in ("file", "line", "source")}
        for name, about in survey["functions"].items()
    }
    return {
        "schema_version": SCHEMA_VERSION,
        "id": submission.id,
        "functions": functions,
        "figures": figures,
        "answers": {name: asdict(answer) for name, answer in answers.items()},
        "instructor": instructor,
    }
