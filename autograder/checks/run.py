"""Running collected checks on one submission, and what is concluded from each.

What a student may read of a result is composed here, from fixed sentences and
from what the check's author declared. Values, inputs and exception texts go
to the instructor's side only, because student code could smuggle a hidden
input through them.
"""

from __future__ import annotations

import sys
import warnings

import numpy as np
from _pytest.runner import runtestprotocol

from ..bundle import Bundle
from ..kit.failures import CheckFailure, ForPerson, LoadError, NotAttempted, StudentError
from ..kit.marker import Check
from ..model import CheckResult, Verdict
from ..sandbox.deadline import Ending, Lost
from ..sandbox.session import Session
from .collect import Collected
from .fixtures import Student

TIMEOUTS_PER_TASK = 2
"""After so many hangs the rest of a task is not run."""
NOTES = {
    "CUDA": " There is no GPU while marking: keep everything on the CPU.",
    "NVIDIA": " There is no GPU while marking: keep everything on the CPU.",
    "handed over": " A result is of a kind, size or device that cannot be handed over.",
}
"""What is added where an exception's text holds the word; the text itself is never shown."""
NOT_ATTEMPTED = "Not attempted yet."


class GraderFault(Exception):
    """Something of ours failed; it is never a mark.

    Attributes:
        detail: for the instructor; the exception's own text is safe to publish.
    """

    def __init__(self, text: str, detail: str) -> None:
        super().__init__(text)
        self.detail = detail


class MustRunAlone(Exception):
    """A check waited too long, which counts only if nothing else kept the machine busy."""


def run_task(
    collected: Collected,
    checks: list[Check],
    bundle: Bundle,
    session: Session,
    foreign: list[str],
    *,
    alone: bool,
) -> list[CheckResult]:
    """Run checks of one task in order; hangs and crashes cost those checks alone.

    Args:
        foreign: imports beyond the list of packages, with their places.
        alone: whether no other submission is graded meanwhile.

    Raises:
        MustRunAlone: the wall limit was broken while others were graded beside it.
        GraderFault: a check itself is broken.
    """
    names = [f.name for t in bundle.rubric.tasks if t.id == checks[0].task for f in t.functions]
    try:
        faults = session.begin_task([*names, *bundle.rubric.data])
    except Lost as lost:
        count_only_if(alone, lost)
        # importing the code already hangs or crashes: no check can say more
        return [_concluded(check, lost) for check in checks]
    results: list[CheckResult] = []
    collected.fixtures.shared_values = {}
    timeouts = 0
    student = Student(bundle, session, faults)
    for check in checks:
        if timeouts >= TIMEOUTS_PER_TASK:
            text = "Not run, because earlier checks of this task ran out of time."
            results.append(CheckResult(check.id, Verdict.NOT_RUN, text))
            continue
        error = _run_item(collected, check, student, session)
        count_only_if(alone, error)
        timeouts += isinstance(error, Lost) and error.out_of_time
        results.append(_concluded(check, error, _package_note(bundle, foreign)))
    session.end_task()
    return results


def count_only_if(alone: bool, error: BaseException | None) -> None:
    """Let a broken wall limit count only if nothing else was graded meanwhile.

    Raises:
        MustRunAlone: something was.
    """
    if isinstance(error, Lost) and error.ending is Ending.WALL and not alone:
        raise MustRunAlone


def _run_item(
    collected: Collected, check: Check, student: Student, session: Session
) -> BaseException | None:
    """Run one pytest item and return what ended it, None for a pass."""
    fixtures = collected.fixtures
    fixtures.current, fixtures.check_id, fixtures.error = student, check.id, None
    try:
        session.begin_check(hidden=check.id not in collected.public)
    except Lost as lost:
        return lost
    # Numbers that explode are judged, not printed to who grades.
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        runtestprotocol(collected.items[check.id], log=False, nextitem=None)
    return fixtures.error


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}."


def _package_note(bundle: Bundle, foreign: list[str]) -> str:
    """What to say when an import fails."""
    used = f" It imports {', '.join(foreign[:5])}." if foreign else ""
    return f"{used} Packages on this assignment's list: {', '.join(bundle.rubric.packages)}."


def _concluded(check: Check, error: BaseException | None, package_note: str = "") -> CheckResult:
    """Verdict, the student's sentence and the instructor's details for what ended a check."""
    match error:
        case None:
            return CheckResult(check.id, Verdict.PASS)
        case CheckFailure():
            message = error.declared or error.reason.value
            return CheckResult(check.id, Verdict.FAIL, message, error.details)
        case ForPerson():
            text = f"A person will look at this: {error}"
            return CheckResult(check.id, Verdict.NOT_RUN, text, for_person=True)
        case NotAttempted():
            return CheckResult(check.id, Verdict.NOT_RUN, _sentence(str(error) or NOT_ATTEMPTED))
        case StudentError(name="NotImplementedError"):
            return CheckResult(check.id, Verdict.NOT_RUN, NOT_ATTEMPTED, error.where)
        case LoadError():
            text = str(error) or "run pytest on your machine to see why"
            if "SyntaxError" in text:  # newer syntax than ours looks like a mistake
                text += f" (read by Python {sys.version_info.major}.{sys.version_info.minor})"
            message = _sentence(f"It cannot be loaded: {text}")
            return CheckResult(check.id, Verdict.ERROR, message)
        case StudentError():
            message = f"Your code raised {error.name}; the check looks at {check.function}."
            message += next((note for word, note in NOTES.items() if word in error.text), "")
            if error.name in {"ImportError", "ModuleNotFoundError"}:
                message += package_note
            return CheckResult(check.id, Verdict.ERROR, message, f"{error} ({error.where})")
        case Lost():
            verdict = Verdict.TIMEOUT if error.out_of_time else Verdict.ERROR
            return CheckResult(check.id, verdict, str(error))
        case AssertionError():
            return CheckResult(check.id, Verdict.FAIL, "The result is not the expected one.")
    # Its text may quote what student code gave, so it goes to the instructor alone.
    raise GraderFault(f"check {check.id}: {type(error).__name__}", str(error)) from error
