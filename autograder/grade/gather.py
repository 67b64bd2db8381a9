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

from ..bundle import Bundle
from ..checks.collect import Collected
from ..checks.run import GraderFault, count_only_if, run_task
from ..diagnosis.find import Findings, diagnose, limits_for
from ..model import CheckResult, Claim, Submission, Trial, Verdict
from ..sandbox.deadline import Lost
from ..sandbox.session import Session
from ..score.grading import Finding, Grading
from ..writing.answers import find_answers
from ..writing.commands import Ran
from ..writing.documents import Writing
from .grader import Grader, Spared
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
        survey: what it says before it runs; see `kit.survey`.
        results: check id -> conclusion.
        quality: function that is filled in -> findings; None where their reading was lost.
        writing: its documents.
        claims: numbers it states beside those its code gives.
        commands: what came of the commands that its README names.
        trials: task -> what came of trying the student's own tests.
        findings: diagnoses and counterexamples.
        printed: what student code printed, capped.
        cpu_seconds: of the student's processes.
        memory: most bytes that they were seen to hold together.
    """

    survey: Mapping[str, Any]
    results: dict[str, CheckResult]
    writing: Writing
    quality: dict[str, list[Finding]] | None = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    commands: list[Ran] = field(default_factory=list)
    trials: dict[str, Trial] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    printed: str = ""
    cpu_seconds: float = 0.0
    memory: int = 0

    def for_scoring(self, grader: Grader) -> Grading:
        """What scoring needs of it."""
        bundle = grader.bundle
        questions = [question for task in bundle.rubric.tasks for question in task.questions]
        return Grading(
            bundle=bundle,
            checks=[c for task in bundle.rubric.tasks for c in grader.collected.graded(task.id)],
            results=self.results,
            survey=self.survey,
            quality=self.quality,
            writing=self.writing,
            answers=find_answers(self.writing, questions),
            commands=self.commands,
            trials=self.trials,
        )


def gather(submission: Submission, grader: Grader, spared: Spared) -> Gathered:
    """Learn everything; an empty submission has nothing to tell.

    Args:
        spared: what is not run.

    Raises:
        MustRunAlone: student code waited too long while others were graded beside it.
        GraderFault: a check itself is broken.
        SandboxUnavailable: the box has stopped working.
    """
    bundle, collected = grader.bundle, grader.collected
    collected.fixtures.kept, collected.fixtures.kept_hidden = {}, {}
    nothing = Writing((), bundle.template_sections)
    found = Gathered(EMPTY_SURVEY, _all(collected, bundle, NOTHING), nothing)
    if not submission.files:
        return found
    spent = grader.trials.cpu_seconds
    with closing(Session(grader.box, submission.files, bundle.manifest, bundle.rubric.limits)) as s:
        _look(found, s, grader, spared)
    limits = limits_for(bundle.rubric.limits)
    with closing(Session(grader.box, submission.files, bundle.manifest, limits)) as again:
        found.findings = diagnose(grader.diagnoses, collected, found.results, again)
    if _something_works(found, bundle) and not spared.all_but_checks:
        tests = found.survey["tests"]
        found.trials = grader.trials.conduct(submission.files, tests, alone=grader.alone)
    found.printed, found.memory = s.printed, s.memory
    found.cpu_seconds = s.cpu_seconds + again.cpu_seconds + grader.trials.cpu_seconds - spent
    return found


def _look(found: Gathered, session: Session, grader: Grader, spared: Spared) -> None:
    """Read the submission, run its checks, and then what its writing says of it."""
    bundle, alone = grader.bundle, grader.alone
    found.writing = read_writing(session, bundle, alone=alone)
    try:
        found.survey = session.read("survey")
        found.quality = _read_quality(grader, session)
        found.results = _run_tasks(grader, session, found.survey, spared.checks)
    except Lost as lost:
        found.results = _all(grader.collected, bundle, f"{UNREADABLE} {lost}")
    if _something_works(found, bundle) and not spared.all_but_checks:
        found.claims = check_claims(found.writing, bundle, session, alone=alone)
        found.commands = run_commands(found.writing, bundle, session, alone=alone)
        _keep_figures(found, grader, session)


def _something_works(found: Gathered, bundle: Bundle) -> bool:
    gates = (found.results[task.gate] for task in bundle.rubric.tasks)
    return any(result.verdict is Verdict.PASS for result in gates)


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


def _keep_figures(found: Gathered, grader: Grader, session: Session) -> None:
    """Run the public checks that keep numbers for pictures and earn nothing.

    They run in processes that have met no hidden input, since a student sees the pictures.
    """
    collected, graded = grader.collected, grader.collected.graded_ids()
    for task in grader.bundle.rubric.tasks:
        names = {f.check for f in grader.bundle.rubric.figures if f.task == task.id} - graded
        ran = [found.results[check.id].verdict for check in collected.graded(task.id)]
        if names and Verdict.TIMEOUT not in ran:
            checks = [collected.checks[name] for name in sorted(names)]
            with suppress(GraderFault):  # a picture less is no reason for no mark
                run_task(collected, checks, grader.bundle, session, [], alone=grader.alone)


def _all(collected: Collected, bundle: Bundle, message: str) -> dict[str, CheckResult]:
    checks = [c for t in bundle.rubric.tasks for c in collected.graded(t.id)]
    return {c.id: CheckResult(c.id, Verdict.NOT_RUN, message) for c in checks}
