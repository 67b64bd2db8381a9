"""What a graded corpus says of a bundle: which checks catch what, and what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..bundle import Bundle
from ..checks.collect import Collected, with_checks
from ..contract import evidence_of
from ..corpus import Case, disagreements
from ..handout import SECTION
from ..kit.marker import Check
from ..model import Verdict
from .corpus_run import Reports

WRONG = "wrong"
"""The kind of case in which hidden checks must catch something."""


@dataclass(frozen=True)
class Graded:
    """The checks of a bundle as verification looks at them.

    Attributes:
        checks: those that carry points.
        hidden: ids of those among them that students never see.
        shown: functions at which a public check looks.
    """

    checks: list[Check]
    hidden: frozenset[str]
    shown: frozenset[str]

    @classmethod
    def of(cls, bundle: Bundle) -> Graded:
        """Collect them.

        Raises:
            RubricError: checks and rubric disagree.
        """
        found: list[Graded] = []

        def use(collected: Collected) -> None:
            graded = [c for c in collected.checks.values() if c.category is not None]
            hidden = frozenset(c.id for c in graded) - collected.public
            shown = frozenset(collected.checks[name].function for name in collected.public)
            found.append(cls(graded, hidden, shown))

        with_checks(bundle, use)
        return found[0]


@dataclass(frozen=True)
class Examined:
    """A graded corpus, looked at.

    Attributes:
        confusion: kind of case -> how many got what they must, and how many did not.
        caught_by: hidden check -> cases that it catches, those that few others catch first.
        wrong: what is not as it must be, a line each.
    """

    confusion: dict[str, tuple[int, int]]
    caught_by: dict[str, list[str]]
    wrong: list[str]


def examine(bundle: Bundle, cases: Collection[Case], reports: Reports) -> Examined:
    """Hold reports of the whole corpus against what its cases name.

    Raises:
        RubricError: checks and rubric disagree.
    """
    graded = Graded.of(bundle)
    found = {case.name: disagreements(case, reports[case.name]) for case in cases}
    lines = [f"{name}: {text}" for name, texts in found.items() for text in texts]
    lines += _uncaught(cases, reports, graded)
    lines += _unnamed(cases, graded)
    lines += _unexplained(bundle, graded)
    return Examined(_confusion(cases, found), _caught_by(cases, reports, graded), lines)


def failed_checks(report: Mapping[str, Any]) -> set[str]:
    """Ids of the checks that a report says did not pass."""
    evidence = (each for _, each in evidence_of(report))
    return {e["id"] for e in evidence if e["kind"] == "check" and e["verdict"] != Verdict.PASS}


def _confusion(cases: Iterable[Case], found: Mapping[str, list[str]]) -> dict[str, tuple[int, int]]:
    kinds: dict[str, tuple[int, int]] = {}
    for case in cases:
        right, wrong = kinds.get(case.kind, (0, 0))
        bad = bool(found[case.name])
        kinds[case.kind] = right + (not bad), wrong + bad
    return kinds


def _caught_by(cases: Iterable[Case], reports: Reports, graded: Graded) -> dict[str, list[str]]:
    failed = {case.name: failed_checks(reports[case.name]) for case in cases if case.kind == WRONG}
    return {
        check.id: sorted(
            (name for name, checks in failed.items() if check.id in checks),
            key=lambda name: (len(failed[name]), name),
        )
        for check in graded.checks
        if check.id in graded.hidden
    }


def _uncaught(cases: Iterable[Case], reports: Reports, graded: Graded) -> Iterator[str]:
    for case in cases:
        if case.kind == WRONG and not failed_checks(reports[case.name]) & graded.hidden:
            yield f"{case.name}: no hidden check catches it"


def _unnamed(cases: Collection[Case], graded: Graded) -> Iterator[str]:
    """Graded checks of which no case says that they fail; `all` names nothing in particular."""
    named = {check for case in cases if case.must_fail != "all" for check in case.must_fail}
    for check in graded.checks:
        if check.id not in named:
            yield f"{check.id}: no case of the corpus names it in must_fail"


def _unexplained(bundle: Bundle, graded: Graded) -> Iterator[str]:
    """Hidden checks that a student could not learn from: no section, nothing public like them."""
    sections = handout_sections(bundle)
    for check in graded.checks:
        if check.id not in graded.hidden:
            continue
        if not check.section or (sections and check.section not in sections):
            yield f"{check.id}: the handout has no section {check.section!r}"
        if check.sibling is None and check.function not in graded.shown:
            text = f"no public check looks at {check.function}"
            yield f"{check.id}: {text}; write one and name it as sibling="


def handout_sections(bundle: Bundle) -> set[str]:
    """Sections of the handout's pages, as checks cite them; empty where there is no handout."""
    pages = sorted(bundle.handout_dir.glob("*.md"))
    lines = [line for page in pages for line in page.read_text(encoding="utf-8").splitlines()]
    headings = [line.lstrip("# ") for line in lines if line.startswith("##")]
    return {match[1] for heading in headings if (match := SECTION.match(heading))}
