"""How far two people who marked the same work agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..contract import Report, ReviewNote
from ..model import CategoryId
from .files import Subject


@dataclass(frozen=True)
class Agreement:
    """Agreement within one category.

    Attributes:
        pairs: how often two people marked the same thing.
        equal: share of pairs with equal points.
        difference: mean absolute difference, in percent of the points possible.
        kappa: Cohen's weighted kappa, linear weights over the points (in percent) that were
            given; None where it is not defined, as when everybody always gives the same.
    """

    category: CategoryId
    pairs: int
    equal: float
    difference: float
    kappa: float | None


def agreement(reports: Iterable[Report]) -> list[Agreement]:
    """Agreement by category, over every pair of people who marked the same evidence.

    Within a pair the one whose name comes first is the first rater.
    """
    pairs: dict[CategoryId, list[tuple[int, int]]] = {}
    for report in reports:
        for category in report.categories:
            found = pairs.setdefault(category.id, [])
            subjects: list[Subject] = [category, *category.evidence]
            for each in subjects:
                found += _pairs(each.reviews or [], float(each.possible))
    return [_of(category, np.array(found)) for category, found in pairs.items() if found]


def _pairs(notes: Iterable[ReviewNote], possible: float) -> list[tuple[int, int]]:
    """Points of each two people, in whole percent of what is possible; deciders are no raters."""
    marks = sorted(
        (note.reviewer, round(100 * float(note.points) / possible))
        for note in notes
        if note.points is not None and not note.stale and not note.decides and possible
    )
    return [(first, second) for (_, first), (_, second) in combinations(marks, 2)]


def _of(category: CategoryId, marks: np.ndarray) -> Agreement:
    # imported here: it takes a second, which no other command should have to wait
    from sklearn.metrics import cohen_kappa_score  # noqa: PLC0415

    first, second = marks[:, 0], marks[:, 1]
    defined = len(np.unique(marks)) > 1
    kappa = float(cohen_kappa_score(first, second, weights="linear")) if defined else None
    return Agreement(
        category=category,
        pairs=len(marks),
        equal=float(np.mean(first == second)),
        difference=float(np.mean(np.abs(first - second))),
        kappa=kappa,
    )
