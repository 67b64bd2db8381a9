"""What a student may read of a report."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from ..contract import (
    CategoryScore,
    Diagnosis,
    Evidence,
    Extension,
    Movement,
    Report,
    ReviewState,
    Score,
    SinceLast,
)
from ..model import Verdict


@dataclass(frozen=True)
class Visible:
    """A report without what is not for the student, or not yet.

    Attributes:
        report: without evidence for instructors and categories that are not released; its
            score is what these categories have.
        held_back: titles of categories that are not released.
    """

    report: Report
    held_back: tuple[str, ...]

    @property
    def evidence(self) -> list[Evidence]:
        """All evidence of the mark that is shown."""
        return self.report.evidence

    @property
    def checked(self) -> list[Evidence]:
        """The same, and what was begun beyond the mark."""
        return [*self.evidence, *self.report.extension.evidence]


def visible(report: Report, *, published: bool) -> Visible:
    """What the student may read.

    Args:
        published: whether anything of this class is released; then nothing else is shown.
    """
    shown = [c for c in report.categories if not published or c.state == "released"]
    held_back = tuple(c.title for c in report.categories if c not in shown)
    categories = [_for_student(category) for category in shown]
    ids = {e.id for category in categories for e in category.evidence}
    extension = Extension() if held_back else _extension(report)
    updates = {
        "categories": categories,
        "diagnoses": _known_of(report.diagnoses, ids | {e.id for e in extension.evidence}),
        "review": _review(report, ids, whole=not held_back),
        "extension": extension,
        "claims": report.claims if categories else None,
        "since_last": _since_last(report, ids, whole=not held_back),
    }
    if held_back:  # lateness is counted on the whole mark
        updates |= {"score": _score(categories), "late": None}
    return Visible(report.model_copy(update=updates), held_back)


def _for_student(category: CategoryScore) -> CategoryScore:
    evidence = [e for e in category.evidence if e.visibility == "student"]
    return category.model_copy(update={"evidence": evidence})


def _extension(report: Report) -> Extension:
    """What was begun beyond the mark."""
    tried = {e.task for e in report.extension.evidence if e.verdict is not Verdict.NOT_RUN}
    shown = (e for e in report.extension.evidence if e.visibility == "student")
    return Extension.of(e for e in shown if e.task in tried)


def _known_of(diagnoses: list[Diagnosis], ids: Collection[str]) -> list[Diagnosis]:
    """Diagnoses of evidence that is shown, each with what it explains of that."""
    explained = [(d, [name for name in d.explains if name in ids]) for d in diagnoses]
    return [d.model_copy(update={"explains": names}) for d, names in explained if names]


def _review(report: Report, ids: Collection[str], *, whole: bool) -> ReviewState:
    pending = [name for name in report.review.pending if name in ids]
    nothing = Movement(down=Decimal(0), up=Decimal(0))
    return ReviewState(pending=pending, could_move=report.review.could_move if whole else nothing)


def _since_last(report: Report, ids: Collection[str], *, whole: bool) -> SinceLast | None:
    since = report.since_last
    if since is None or not whole:
        return None
    fixed, broken = ([n for n in names if n in ids] for names in (since.fixed, since.broken))
    return since.model_copy(update={"fixed": fixed, "broken": broken})


def _score(categories: list[CategoryScore]) -> Score | None:
    if not categories:
        return None
    points, possible = (
        sum((getattr(c, name) for c in categories), Decimal(0)) for name in ("points", "possible")
    )
    return Score(points=points, possible=possible)
