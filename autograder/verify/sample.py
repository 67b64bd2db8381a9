"""A quick look: of the wrong cases, for each check the one that is most about it."""

from __future__ import annotations

from collections.abc import Collection

from ..corpus import Case
from .findings import WRONG


def most_telling(cases: Collection[Case]) -> list[Case]:
    """All cases but most of the wrong ones.

    For each check that wrong cases name, the one stays that names the fewest others: it
    shows best that this check catches something. Among equals the first by name stays, so
    the same corpus gives the same cases.
    """
    wrong = [case for case in cases if case.kind == WRONG and case.must_fail != "all"]
    wrong.sort(key=lambda case: (len(case.must_fail), case.name))
    kept: dict[str, str] = {}
    for case in wrong:
        for check in case.must_fail:
            kept.setdefault(check, case.name)
    telling = set(kept.values())
    return [case for case in cases if case.kind != WRONG or case.name in telling]
