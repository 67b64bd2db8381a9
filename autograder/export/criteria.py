"""Which criterion of a course system's rubric is which category here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from ..contract import CategoryScore
from ..model import CategoryId
from .parcels import ExportError

T = TypeVar("T")


def criteria_of(
    criteria: Sequence[tuple[str, T]],
    categories: Sequence[CategoryScore],
    system: str,
    *,
    decides: bool = True,
) -> dict[CategoryId, T]:
    """Category -> the course system's criterion for it, told by the category's title or id.

    Args:
        criteria: each with its name there.
        decides: whether their sum is the mark there, so that each category needs one.

    Raises:
        ExportError: a criterion is no category's, two are of one, or one is missing.
    """
    names = {name.strip().casefold(): criterion for name, criterion in criteria}
    if len(names) < len(criteria):
        raise ExportError(f"the rubric in {system} has two criteria of one name")
    found = {
        category.id: names.pop(name)
        for category in categories
        for name in (category.title.casefold(), category.id.value)
        if name in names
    }
    if names:
        raise ExportError(
            f"the rubric in {system} has a criterion {next(iter(names))!r} that is no category "
            f"here: with some criteria only, {system} would take the rest for no points"
        )
    if decides and (absent := [c.title for c in categories if c.id not in found]):
        raise ExportError(
            f"the rubric in {system} has no criterion {absent[0]!r}, as a category here is called: "
            "its points would be lost"
        )
    return found
