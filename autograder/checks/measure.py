"""Having the student's own code give the numbers that the student claims."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..bundle import Bundle
from ..rubric.model import Claim
from ..sandbox.deadline import Lost
from ..sandbox.session import Session
from .fixtures import Student
from .run import TIMEOUTS_PER_TASK, count_only_if


def measure(
    claims: Sequence[Claim], bundle: Bundle, session: Session, *, alone: bool
) -> dict[str, float | None]:
    """The numbers by claim id; None where the code gives no finite number.

    The code runs in a process of its own that has seen no hidden input, since
    what it gives is shown to the student.

    Args:
        alone: whether no other submission is graded meanwhile.

    Raises:
        MustRunAlone: the wall limit was broken while others were graded beside it.
    """
    testable = [claim for claim in claims if claim.measured is not None]
    measured: dict[str, float | None] = {claim.id: None for claim in testable}
    if not testable:
        return measured
    session.end_task()
    try:
        faults = session.begin_task([*bundle.function_names, *bundle.rubric.data])
    except Lost as lost:
        count_only_if(alone, lost)
        return measured
    student, functions, timeouts = Student(bundle, session, faults), bundle.measures(), 0
    for claim in testable:
        if timeouts < TIMEOUTS_PER_TASK:
            try:
                session.begin_check(hidden=False)
                value = float(getattr(functions, str(claim.measured))(student))
            except Lost as lost:
                count_only_if(alone, lost)
                timeouts += lost.out_of_time
            except Exception:  # whatever the code did instead, it gave no number
                continue
            else:
                measured[claim.id] = value if math.isfinite(value) else None
    session.end_task()
    return measured
