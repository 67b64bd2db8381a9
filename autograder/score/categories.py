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
from ..model import CategoryId, CategoryScore, Evidence, Kind, Movement, ReviewState
from .checks import check_evidence, earned_share, work_share
from .grading import Grading
from .own_tests import tests_evidence
from .points import level_of
from .quality import quality_evidence
from .questions import question_evidence
from .written import written_evidence


def score(grading: Grading) -> list[CategoryScore]:
    """The five categories with their evidence."""
    rubric = grading.bundle.rubric
    evidence: dict[CategoryId, list[Evidence]] = {category: [] for category in CategoryId}
    for task in rubric.tasks:
        for category in (CategoryId.IMPLEMENTATION, CategoryId.CORRECTNESS):
            evidence[category] += check_evidence(grading, task, category)
    shares = {
        task.id: earned_share(evidence[CategoryId.IMPLEMENTATION], task) for task in rubric.tasks
    }
    for task in rubric.tasks:
        evidence[CategoryId.CORRECTNESS] += [
            question_evidence(grading, question, task, shares[task.id])
            for question in task.questions
        ]
        if task.points.quality:
            evidence[CategoryId.QUALITY].append(quality_evidence(grading, task, shares[task.id]))
    work = work_share(rubric.tasks, shares)
    if rubric.own_tests is not None:
        evidence[CategoryId.IMPLEMENTATION] += tests_evidence(grading, rubric.own_tests, shares)
    evidence[CategoryId.REPORT] = written_evidence(grading, Kind.REPORT, work)
    evidence[CategoryId.COMPLETENESS] = written_evidence(grading, Kind.COMPLETENESS, work)
    return [_category(grading.bundle, category, evidence[category]) for category in CategoryId]


def review_state(categories: Iterable[CategoryScore]) -> ReviewState:
    """What waits for a person, and how far that could move the mark.

    A category that is provisional without any evidence that waits is itself what
    waits: reviews of the category as a whole are stale, or disagree.
    """
    waiting: list[Evidence | CategoryScore] = []
    for category in categories:
        evidence = [e for e in category.evidence if e.needs_review]
        waiting += evidence or ([category] if category.provisional else [])
    return ReviewState(
        pending=[each.id for each in waiting],
        could_move=Movement(
            down=sum((each.points for each in waiting), Decimal(0)),
            up=sum((each.possible - each.points for each in waiting), Decimal(0)),
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
