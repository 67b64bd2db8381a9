"""What was written and handed in: the design report, and completeness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..contract import Evidence, Kind
from ..kit.written import shortfall
from ..model import Verdict
from ..rubric.model import Artefact, Commands, Completeness, Repeats, Written
from .grading import Grading
from .points import WAITING, cents, scaled_note, split, verdict_of


@dataclass(frozen=True)
class _Part:
    """One part of a category, before the share of the work is known.

    Attributes:
        share: of its points, from 0 to 1; None where a person decides.
        waits: whether a person looks at it, whatever is measured.
    """

    declared: Artefact | Commands | Repeats
    share: Decimal | None
    message: str
    waits: bool


def written_evidence(grading: Grading, kind: Kind, work: Decimal) -> list[Evidence]:
    """What was written and handed in, each part scaled by the work that is done."""
    rubric = grading.bundle.rubric
    declared = rubric.completeness if kind is Kind.COMPLETENESS else rubric.report
    parts = list(_parts(grading, declared))
    worth = split(declared.points, [part.declared.weight for part in parts])
    return [
        _evidence(part, possible, kind, work) for part, possible in zip(parts, worth, strict=True)
    ]


def _evidence(part: _Part, possible: Decimal, kind: Kind, work: Decimal) -> Evidence:
    share = Decimal(0) if work == 0 else part.share  # of what does nothing, nothing waits
    measured = None if share is None else cents(possible * work * share)
    points = measured or Decimal(0)
    return Evidence(
        id=part.declared.id,
        title=part.declared.title,
        kind=kind,
        task=None,
        verdict=verdict_of(points, possible) if points else Verdict.NOT_RUN,
        measured=measured,
        points=points,
        possible=possible,
        message=part.message or scaled_note(work),
        needs_review=points > 0 or (work > 0 and part.waits),
    )


def _parts(grading: Grading, declared: Written) -> Iterator[_Part]:
    """Each part of a category with what it earns."""
    for artefact in declared.artefacts:
        yield _artefact(grading, artefact)
    if isinstance(declared, Completeness):
        if declared.commands is not None:
            yield _commands(grading, declared.commands)
        if declared.repeats is not None:
            yield _repeats(grading, declared.repeats)


def _artefact(grading: Grading, artefact: Artefact) -> _Part:
    writing, constants = grading.writing, grading.survey["constants"]
    document = writing.standing_for(artefact.file)
    values = document.values() if document is not None else None
    template = grading.bundle.template_sections[artefact.file]
    missing = shortfall(artefact.model_dump(), constants, values, template)
    if not missing:
        return _Part(artefact, Decimal(1), "", waits=True)
    if writing.unread:
        nothing_read = document is not None and document.problem and not document.text
        said = writing.unread if nothing_read else f"{missing} {writing.unread}"
        return _Part(artefact, None, f"{said} {WAITING}", waits=True)
    if writing.elsewhere() or writing.has_renamed(artefact.file, artefact.section):
        return _Part(artefact, None, f"{missing} {WAITING}", waits=True)
    return _Part(artefact, Decimal(0), missing, waits=False)


def _commands(grading: Grading, declared: Commands) -> _Part:
    """The commands of the README: a share of those that a machine can run."""
    notes = " ".join(ran.note for ran in grading.commands if ran.note)
    judged = [ran.succeeded for ran in grading.commands if ran.succeeded is not None]
    if judged:
        return _Part(declared, Decimal(sum(judged)) / len(judged), notes, waits=bool(notes))
    written = grading.writing.own_text(declared.file, declared.section).strip()
    renamed = grading.writing.has_renamed(declared.file, declared.section)
    if grading.commands or written or renamed:
        text = notes or f"No command was found in {declared.file}."
        return _Part(declared, None, f"{text} {WAITING}", waits=True)
    return _Part(declared, Decimal(0), f"{declared.file} names no command.", waits=False)


def _repeats(grading: Grading, declared: Repeats) -> _Part:
    """The checks that show the same seed to give the same results, of tasks that count."""
    gates = {task.id: grading.gate_passed(task) for task in grading.bundle.rubric.tasks}
    tasks = {check.id: check.task for check in grading.checks}
    passed = [name for name in declared.checks if gates[tasks[name]] and grading.earned(name)]
    failed = [name for name in declared.checks if name not in passed]
    message = f"Not shown by: {', '.join(failed)}." if failed else ""
    return _Part(declared, Decimal(len(passed)) / len(declared.checks), message, waits=False)
