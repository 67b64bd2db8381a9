"""What the student's own tests are worth."""

from __future__ import annotations

from decimal import Decimal

from ..model import Evidence, Kind, Verdict
from ..rubric.model import OwnTests
from .grading import Grading
from .points import WAITING


def tests_evidence(grading: Grading, declared: OwnTests, work: Decimal) -> Evidence:
    """The student's own tests; they wait for a person where there are any."""
    own = [name for name in grading.survey["tests"] if name not in grading.bundle.template_tests]
    waits = bool(own) and work > 0
    message = WAITING if waits else "No tests of your own were handed in."
    if own and not waits:
        message = "Not counted: there is no working code for them to test yet."
    return Evidence(
        id="own-tests",
        title="Your own tests",
        kind=Kind.TESTS,
        task=None,
        verdict=Verdict.NOT_RUN,
        measured=None if waits else Decimal(0),
        points=Decimal(0),
        possible=declared.points,
        message=message,
        needs_review=waits,
        section=declared.section,
    )
