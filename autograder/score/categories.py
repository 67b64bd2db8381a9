"""The five categories of one submission.

Every point of the rubric belongs to one piece of evidence, so the sums are
exact. A task's gate decides whether the rest of the task counts at all, and
the share of its implementation points that was earned scales what is given
for its quality and for what was written about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from ..bundle import Bundle
from ..contract import CategoryScore, Evidence, Extension, Kind, Movement, ReviewState
from ..model import CategoryId
from .checks import check_evidence, earned_share, work_share
from .grading import Grading
from .own_tests import tests_evidence
from .points import level_of
from .quality import quality_evidence
from .questions import question_evidence
from .written import written_evidence

MEASURED_BY_CHECKS = (CategoryId.IMPLEMENTATION, CategoryId.CORRECTNESS)


def score(grading: Grading) -> list[CategoryScore]:
    """The five categories with their evidence."""
    rubric = grading.bundle.rubric
    evidence: dict[CategoryId, list[Evidence]] = {category: [] for category in CategoryId}
    for task in rubric.required:
        for category in MEASURED_BY_CHECKS:
            evidence[category] += check_evidence(grading, task, category)
    shares = {
        task.id: earned_share(evidence[CategoryId.IMPLEMENTATION], task)
        if grading.gate_passed(task)
        else Decimal(0)  # points that everybody has are no work
        for task in rubric.required
    }
    for task in rubric.required:
        evidence[CategoryId.CORRECTNESS] += [
            question_evidence(grading, question, task, shares[task.id])
            for question in task.questions
        ]
        if task.points.quality:
            evidence[CategoryId.QUALITY].append(quality_evidence(grading, task, shares[task.id]))
    work = work_share(rubric.required, shares)
    if rubric.own_tests is not None:
        evidence[CategoryId.IMPLEMENTATION] += tests_evidence(grading, rubric.own_tests, shares)
    evidence[CategoryId.REPORT] = written_evidence(grading, Kind.REPORT, work)
    evidence[CategoryId.COMPLETENESS] = written_evidence(grading, Kind.COMPLETENESS, work)
    return [_category(grading.bundle, category, evidence[category]) for category in CategoryId]


def beyond(grading: Grading) -> Extension:
    """What work beyond the assignment earned: the checks of its tasks, behind their gates.

    Nothing else of the report knows these tasks, so who leaves them out loses nothing.
    """
    tasks = (task for task in grading.bundle.rubric.tasks if task.extension)
    return Extension.of(
        each
        for task in tasks
        for category in MEASURED_BY_CHECKS
        for each in check_evidence(grading, task, category)
    )


def review_state(categories: Iterable[CategoryScore], extension: Extension) -> ReviewState:
    """What waits for a person, and how far that could move the mark.

    Where reviews of a category as a whole do not settle it, as they are stale or disagree,
    it waits itself, and whatever is said of it decides. The extension waits as well, and
    moves no mark.
    """
    pending: list[str] = []
    moving: list[Evidence | CategoryScore] = []
    for category in categories:
        evidence = [e for e in category.evidence if e.needs_review]
        marked = any(note.gives_a_mark for note in category.reviews or [])
        whole = [category] if category.provisional and marked else []
        pending += [*(each.id for each in whole), *(each.id for each in evidence)]
        moving += whole or evidence
    return ReviewState(
        pending=[*pending, *(each.id for each in extension.evidence if each.needs_review)],
        could_move=Movement(
            down=sum((each.points for each in moving), Decimal(0)),
            up=sum((each.possible - each.points for each in moving), Decimal(0)),
        ),
    )


def _category(bundle: Bundle, category: CategoryId, evidence: list[Evidence]) -> CategoryScore:
    points = sum((e.points for e in evidence), Decimal(0))
    possible = sum((e.possible for e in evidence), Decimal(0))
    return CategoryScore(
        id=category,
        title=bundle.rubric.categories[category].title,
        points=points,
        possible=possible,
        level=level_of(points, possible, bundle.rubric.levels),
        provisional=any(e.needs_review for e in evidence),
        evidence=evidence,
    )
