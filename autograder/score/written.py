"""What was written and handed in: the design report, and completeness."""

from __future__ import annotations

from decimal import Decimal

from ..kit.written import shortfall
from ..model import Evidence, Kind, Verdict
from .grading import Grading
from .points import cents, scaled_note, split, verdict_of


def written_evidence(grading: Grading, kind: Kind, work: Decimal) -> list[Evidence]:
    """What was written and handed in, each part scaled by the work that is done."""
    declared = grading.bundle.rubric.report
    if kind is Kind.COMPLETENESS:
        declared = grading.bundle.rubric.completeness
    worth = split(declared.points, [1] * len(declared.artefacts))
    template = grading.bundle.template_sections
    found = []
    for artefact, possible in zip(declared.artefacts, worth, strict=True):
        missing = shortfall(artefact.model_dump(), grading.survey, template)
        measured = Decimal(0) if missing else cents(possible * work)
        found.append(
            Evidence(
                id=artefact.id,
                title=artefact.title,
                kind=kind,
                task=None,
                verdict=Verdict.NOT_RUN if missing else verdict_of(measured, possible),
                measured=measured,
                points=measured,
                possible=possible,
                message=missing or scaled_note(work),
                needs_review=measured > 0 or (work > 0 and _may_stand_elsewhere(grading)),
            )
        )
    return found


def _may_stand_elsewhere(grading: Grading) -> bool:
    """Whether something was written that the measure does not read, so a person should look."""
    return bool(grading.survey["writings"])
