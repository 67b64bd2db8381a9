"""What the student's own tests are worth."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ..contract import Evidence, Kind
from ..model import Trial, Verdict
from ..rubric.model import OwnTests, Task
from .grading import Grading
from .points import cents, scaled_note, split, verdict_of

NO_TESTS = Trial(verdict=Verdict.NOT_RUN, message="No tests of your own were handed in.")
EXAMPLE = Trial(
    verdict=Verdict.NOT_RUN, message="The example of the template does not count; write your own."
)


def tests_evidence(
    grading: Grading, declared: OwnTests, shares: Mapping[str, Decimal]
) -> list[Evidence]:
    """The student's own tests of each task: a share for every mistake that they notice.

    Args:
        shares: task -> share of its implementation that was earned.
    """
    tasks = [t for t in grading.bundle.rubric.tasks if t.id in declared.implementations]
    worth = split(declared.points, [1] * len(tasks))
    own = set(grading.survey["tests"])
    none = NO_TESTS if not own else EXAMPLE if own <= grading.bundle.template_tests else Trial()
    return [
        _evidence(task, declared, possible, grading.trials.get(task.id, none), shares[task.id])
        for task, possible in zip(tasks, worth, strict=True)
    ]


def _evidence(
    task: Task, declared: OwnTests, possible: Decimal, trial: Trial, share: Decimal
) -> Evidence:
    waits = trial.verdict is Verdict.GRADER_ERROR and share > 0
    tried = len(trial.caught) + len(trial.missed)
    caught = Decimal(len(trial.caught)) / tried if tried else Decimal(0)
    measured = cents(possible * caught * share)
    messages = [_told(trial), trial.message]
    if share == 0 and trial.verdict is not Verdict.NOT_RUN:
        messages.insert(0, f"Not counted: first the check {task.gate!r} of this task must pass.")
    elif caught:
        messages.append(scaled_note(share))
    return Evidence(
        id=f"own-tests-{task.id}",
        title=f"Your own tests: {task.title}",
        kind=Kind.TESTS,
        task=task.id,
        verdict=trial.verdict or (verdict_of(caught, Decimal(1)) if tried else Verdict.NOT_RUN),
        measured=None if waits else measured,
        points=measured,
        possible=possible,
        message=" ".join(filter(None, messages)),
        needs_review=waits,
        section=declared.section,
    )


def _told(trial: Trial) -> str:
    """Which mistakes were noticed and which were not."""
    lists = (("Noticed", trial.caught), ("Not noticed", trial.missed))
    return " ".join(
        f"{word} ({len(titles)}): {'; '.join(titles)}." for word, titles in lists if titles
    )
