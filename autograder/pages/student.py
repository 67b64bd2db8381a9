"""A student's page: the mark, what to mend first, and the rest to unfold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..contract import Evidence, Kind, Report
from ..model import Verdict
from ..rubric.model import Rubric, Task
from .advice import Advice, advise, has_failed
from .code import Code, code_of
from .figures import Album, Picture
from .frame import count, page
from .visible import Visible, visible

TEMPLATE = "student.html.j2"


@dataclass(frozen=True)
class Part:
    """A task, or the work as a whole: what was seen of it.

    Attributes:
        points: of evidence that is shown.
        pictures: those that do not stand further up.
    """

    title: str
    evidence: tuple[Evidence, ...]
    pictures: tuple[Picture, ...] = ()
    code: tuple[Code, ...] = ()

    @property
    def points(self) -> float:
        """Points of what is shown."""
        return float(sum(e.points for e in self.evidence))

    @property
    def possible(self) -> float:
        """Points that were possible."""
        return float(sum(e.possible for e in self.evidence))

    @property
    def is_clean(self) -> bool:
        """Whether its code earns points for quality and breaks no rule."""
        earned = any(e.kind is Kind.QUALITY and e.points > 0 for e in self.evidence)
        return earned and bool(self.code) and not any(code.objections for code in self.code)

    @property
    def open(self) -> int:
        """How many checks failed or were not attempted."""
        return sum(has_failed(e) for e in self.evidence)


def student_page(
    report: Report,
    artifacts: Mapping[str, Any],
    rubric: Rubric,
    album: Album,
    *,
    published: bool,
    made_from: str,
) -> str:
    """The page of one submission.

    Args:
        artifacts: as written beside the report; what is for instructors is not looked at.
        published: whether anything of the class is released; then nothing else is shown.
        made_from: digest of what the page depends on.
    """
    seen = visible(report, published=published)
    advice = advise(seen, rubric, artifacts)
    pictures = album.pictures(artifacts.get("figures", {})) if seen.evidence else []
    first = _first_picture(pictures, advice)
    others = [picture for picture in pictures if picture is not first]
    parts = list(_parts(seen, rubric, artifacts, others))
    return page(
        TEMPLATE,
        report=seen.report,
        held_back=seen.held_back,
        pending=[e for e in seen.evidence if e.id in seen.report.review.pending],
        advice=advice,
        picture=first,
        good=list(_good(seen, rubric, parts)),
        titles={e.id: e.title for e in seen.checked},
        parts=parts,
        own_tests=[e for e in seen.evidence if e.kind is Kind.TESTS],
        made_from=made_from,
    )


def _first_picture(pictures: list[Picture], advice: Advice | None) -> Picture | None:
    """The picture of what is to be mended first, else the last one: what all else leads to."""
    if advice is None:
        return pictures[-1] if pictures else None
    return next((p for p in pictures if p.figure.task == advice.task), None)


def _parts(
    seen: Visible, rubric: Rubric, artifacts: Mapping[str, Any], pictures: list[Picture]
) -> Iterator[Part]:
    for task in rubric.tasks:
        every = seen.report.extension.evidence if task.extension else seen.evidence
        evidence = [e for e in every if e.task == task.id]
        if evidence:
            own = tuple(p for p in pictures if p.figure.task == task.id)
            title = f"{task.title}, beside the mark" if task.extension else task.title
            yield Part(title, _sorted(evidence), own, _code(task, seen, artifacts))
    whole = [e for e in seen.evidence if e.task is None]
    if whole:
        yield Part("The work as a whole", _sorted(whole))


def _sorted(evidence: list[Evidence]) -> tuple[Evidence, ...]:
    """What to look at first: what failed, what is less than whole, what waits, the rest."""

    def place(e: Evidence) -> int:
        return (0 if has_failed(e) else 1) if e.verdict is not Verdict.PASS else 2

    return tuple(sorted(evidence, key=place))


def _code(task: Task, seen: Visible, artifacts: Mapping[str, Any]) -> tuple[Code, ...]:
    judged = any(e.kind is Kind.QUALITY and e.task == task.id for e in seen.evidence)
    functions = artifacts.get("functions", {})
    return tuple(
        code_of(f.name, functions[f.name], with_findings=judged)
        for f in task.functions
        if f.name in functions
    )


def _good(seen: Visible, rubric: Rubric, parts: list[Part]) -> Iterator[str]:
    """What was done well, in sentences."""
    for task in rubric.tasks:
        checks = [e for e in seen.evidence if e.task == task.id and e.kind is Kind.CHECK]
        passed = [e for e in checks if e.verdict is Verdict.PASS]
        if passed and len(passed) == len(checks):
            yield f"{task.title}: all {count(len(passed), 'check')} pass."
        elif passed:
            yield f"{task.title}: {len(passed)} of {count(len(checks), 'check')} pass."
    tests = [e for e in seen.evidence if e.kind is Kind.TESTS]
    sharp = sum(e.verdict is Verdict.PASS for e in tests)
    if sharp:
        where = f"in {sharp} of {count(len(tests), 'task')}"
        yield f"Your own tests notice every mistake they were tried on, {where}."
    clean = [part.title for part in parts if part.is_clean]
    if clean:
        yield f"Code without anything to object to: {'; '.join(clean)}."
    matching = [c for c in seen.report.claims or [] if c.verdict == "matches"]
    if matching:
        yield f"{count(len(matching), 'number')} in your report can be reproduced by your code."
    for category in seen.report.categories:
        if category.points == category.possible and not category.provisional:
            yield f"{category.title}: every point."
