"""Everything that is learned of one submission, in an order in which nothing spoils the next.

What was written is read before any student code runs, the checks run before the
claims and commands, and what may show values to a student happens in processes that
have never met a hidden input.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

from ..checks.run import GraderFault, count_only_if, run_task
from ..contract import Claim
from ..diagnosis.find import Findings, diagnose, limits_for
from ..model import CheckResult, Submission, Verdict
from ..sandbox.deadline import Lost
from ..sandbox.session import Session
from ..score.grading import Finding, Grading
from ..writing.answers import find_answers
from ..writing.documents import Writing
from .grader import Grader, Rehearsal
from .written import check_claims, read_writing, run_commands

NOTHING = "Nothing was submitted."
UNREADABLE = "The files could not be read: reading them as text already hung or crashed."
EMPTY_SURVEY: Mapping[str, Any] = {
    "functions": {},
    "constants": [],
    "foreign": [],
    "problems": [],
    "tests": [],
}


@dataclass
class Gathered:
    """What is known of a submission once nothing of it runs any more.

    Attributes:
        grading: what its mark comes from.
        claims: numbers it states beside those its code gives.
        findings: diagnoses and counterexamples.
        printed: what student code printed, capped.
        cpu_seconds: of the student's processes.
        memory: most bytes that they were seen to hold together.
    """

    grading: Grading
    claims: list[Claim] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    printed: str = ""
    cpu_seconds: float = 0.0
    memory: int = 0


def gather(submission: Submission, grader: Grader, rehearsal: Rehearsal) -> Gathered:
    """Learn everything; an empty submission has nothing to tell.

    Args:
        rehearsal: what is otherwise than with work that was handed in.

    Raises:
        MustRunAlone: student code waited too long while others were graded beside it.
        GraderFault: a check itself is broken.
        SandboxUnavailable: the box has stopped working.
    """
    bundle, collected = grader.bundle, grader.collected
    collected.fixtures.kept, collected.fixtures.kept_hidden = {}, {}
    collected.fixtures.salt = rehearsal.salt
    known = Grading(
        bundle=bundle,
        checks=[check for task in bundle.rubric.tasks for check in collected.graded(task.id)],
        survey=EMPTY_SURVEY,
        writing=Writing((), bundle.template_sections),
        submitted=bool(submission.files),
    )
    known.results = _all(known, NOTHING)
    found = Gathered(known)
    if not submission.files:
        return found
    spent = grader.trials.cpu_seconds
    with closing(Session(grader.box, submission.files, bundle.manifest, bundle.rubric.limits)) as s:
        _look(found, s, grader, rehearsal)
    limits = limits_for(bundle.rubric.limits)
    with closing(Session(grader.box, submission.files, bundle.manifest, limits)) as again:
        found.findings = diagnose(grader.diagnoses, collected, known.results, again).without(
            {each.id for each in bundle.rubric.exclude_check}
        )
    if _something_works(known) and not rehearsal.checks_only:
        tests = known.survey["tests"]
        files = submission.files if rehearsal.same_tests is None else rehearsal.same_tests
        known.trials = grader.trials.conduct(files, tests, alone=grader.alone)
    found.printed, found.memory = s.printed, s.memory
    found.cpu_seconds = s.cpu_seconds + again.cpu_seconds + grader.trials.cpu_seconds - spent
    return found


def _look(found: Gathered, session: Session, grader: Grader, rehearsal: Rehearsal) -> None:
    """Read the submission, run its checks, and then what its writing says of it."""
    bundle, alone, known = grader.bundle, grader.alone, found.grading
    known.writing = read_writing(session, bundle, alone=alone)
    questions = [question for task in bundle.rubric.tasks for question in task.questions]
    known.answers = find_answers(known.writing, questions)
    try:
        known.survey = session.read("survey")
        known.quality = _read_quality(grader, session)
        known.results = _run_tasks(grader, session, known.survey, rehearsal.known)
    except Lost as lost:
        known.results = _all(known, f"{UNREADABLE} {lost}")
    if _something_works(known) and not rehearsal.checks_only:
        found.claims = check_claims(known.writing, bundle, session, alone=alone)
        known.commands = run_commands(known.writing, bundle, session, alone=alone)
        _keep_figures(known, grader, session)


def _something_works(known: Grading) -> bool:
    return any(known.gate_passed(task) for task in known.bundle.rubric.tasks)


def _read_quality(grader: Grader, session: Session) -> dict[str, list[Finding]] | None:
    """Findings for each function that is filled in; None where reading hung or crashed."""
    try:
        found = session.read("quality", shipped=grader.bundle.shipped)["findings"]
    except Lost as lost:
        count_only_if(grader.alone, lost)
        return None
    return {name: [Finding(*row) for row in rows] for name, rows in found.items()}


def _run_tasks(
    grader: Grader, session: Session, survey: Mapping[str, Any], right_checks: Collection[str]
) -> dict[str, CheckResult]:
    bundle, collected = grader.bundle, grader.collected
    foreign = [f"{package} ({file}, line {line})" for file, line, package in survey["foreign"]]
    results = {name: CheckResult(name, Verdict.PASS) for name in right_checks}
    for task in bundle.rubric.tasks:
        checks = [check for check in collected.graded(task.id) if check.id not in right_checks]
        if checks:
            ran = run_task(collected, checks, bundle, session, foreign, alone=grader.alone)
            results |= {result.check: result for result in ran}
    return results


def _keep_figures(known: Grading, grader: Grader, session: Session) -> None:
    """Run the public checks that keep numbers for pictures and earn nothing.

    They run in processes that have met no hidden input, since a student sees the pictures.
    """
    bundle, collected = grader.bundle, grader.collected
    graded = collected.graded_ids()
    for task in bundle.rubric.tasks:
        names = {f.check for f in bundle.rubric.figures if f.task == task.id} - graded
        ran = [known.results[check.id].verdict for check in collected.graded(task.id)]
        if names and Verdict.TIMEOUT not in ran:
            checks = [collected.checks[name] for name in sorted(names)]
            with suppress(GraderFault):  # a picture less is no reason for no mark
                run_task(collected, checks, bundle, session, [], alone=grader.alone)


def _all(known: Grading, message: str) -> dict[str, CheckResult]:
    return {c.id: CheckResult(c.id, Verdict.NOT_RUN, message) for c in known.checks}
