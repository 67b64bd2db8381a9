"""The class in numbers: what its page shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from ..contract import Evidence, Kind, Report
from ..model import CategoryId, Verdict
from ..rubric.model import Rubric
from .advice import has_failed
from .frame import count

BINS = 10
MOST = 10
"""Rows of a list; the table of the class holds everybody."""
MOST_IDS = 12


@dataclass(frozen=True)
class Spread:
    """How one sort of points is distributed.

    Attributes:
        counts: submissions in each tenth of what is possible, from the lowest.
        middle: the median, in percent.
    """

    title: str
    counts: tuple[int, ...]
    middle: float

    @classmethod
    def of(cls, title: str, shares: Sequence[float]) -> Spread:
        """Of shares from 0 to 1, at least one."""
        places = Counter(min(int(share * BINS + 1e-9), BINS - 1) for share in shares)
        counts = tuple(places[place] for place in range(BINS))
        return cls(title, counts, 100 * median(shares))

    @property
    def says(self) -> str:
        """The picture in words."""
        tenths = (f"{10 * n} to {10 * n + 10}%: {c}" for n, c in enumerate(self.counts) if c)
        return f"{self.title}, submissions by share of the points: {', '.join(tenths)}"


@dataclass(frozen=True)
class Group:
    """Submissions that have something in common."""

    title: str
    ids: tuple[str, ...]
    of: int = 0

    @property
    def named(self) -> tuple[str, ...]:
        """The first ids."""
        return self.ids[:MOST_IDS]


@dataclass(frozen=True)
class Concern:
    """Why a person should look at a submission; the more urgent, the lower `rank`."""

    id: str
    rank: int
    reasons: tuple[str, ...]


def spreads(reports: Sequence[Report], rubric: Rubric) -> tuple[list[Spread], list[Spread]]:
    """How points are distributed: the mark and each category, and each task."""
    marks = [float(r.score.points / r.score.possible) for r in reports if r.score]
    by_category = [Spread.of("Whole mark", marks)] if marks else []
    for identifier in CategoryId:
        found = [c for r in reports for c in r.categories if c.id is identifier]
        shares = [float(c.points / c.possible) for c in found if c.possible]
        if shares:
            by_category.append(Spread.of(rubric.categories[identifier].title, shares))
    by_task = []
    for task in rubric.tasks:
        seen = [[e for e in r.evidence if e.task == task.id] for r in reports]
        shares = [
            float(sum(e.points for e in each) / sum(e.possible for e in each))
            for each in seen
            if sum(e.possible for e in each)
        ]
        if shares:
            by_task.append(Spread.of(task.title, shares))
    return by_category, by_task


def hardest_checks(reports: Iterable[Report]) -> list[Group]:
    """The checks that most submissions fail, of those that come to an end."""
    failed: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for report in reports:
        for each in report.evidence:
            titles[each.id] = each.title
            seen[each.id] += each.verdict is not Verdict.NOT_RUN
            if has_failed(each) and each.verdict is not Verdict.NOT_RUN:
                failed.setdefault(each.id, []).append(report.submission.id)
    groups = [Group(titles[name], tuple(ids), seen[name]) for name, ids in failed.items()]
    return sorted(groups, key=lambda group: (-len(group.ids), group.title))[:MOST]


def misconceptions(reports: Iterable[Report]) -> list[Group]:
    """What is diagnosed most often; what has one title in several functions stands once."""
    found: dict[str, dict[str, None]] = {}
    for report in reports:
        for diagnosis in report.diagnoses:
            found.setdefault(diagnosis.title, {})[report.submission.id] = None
    groups = [Group(title, tuple(ids)) for title, ids in found.items()]
    return sorted(groups, key=lambda group: (-len(group.ids), group.title))[:MOST]


def failed_alike(reports: Iterable[Report]) -> list[Group]:
    """Two and more that fail exactly the same checks, titled by the first of these."""
    found: dict[tuple[str, ...], list[str]] = {}
    titles: dict[str, str] = {}
    for report in reports:
        failed = [e for e in report.evidence if has_failed(e)]
        titles |= {e.id: e.title for e in failed}
        if failed:
            found.setdefault(tuple(e.id for e in failed), []).append(report.submission.id)
    groups = []
    for names, ids in found.items():
        more = f" and {len(names) - 1} more" if names[1:] else ""
        if ids[1:]:
            groups.append(Group(f"{titles[names[0]].rstrip('.')}{more}", tuple(ids)))
    return sorted(groups, key=lambda group: (-len(group.ids), group.title))[:MOST]


def concerns(reports: Iterable[Report], rubric: Rubric) -> list[Concern]:
    """Whom a person should see: the most urgent first."""
    found = [concern for report in reports if (concern := _concern(report, rubric))]
    return sorted(found, key=lambda concern: concern.rank)


def _concern(report: Report, rubric: Rubric) -> Concern | None:
    if report.status != "graded":
        return Concern(report.submission.id, -1000, (f"not graded: {report.reason}",))
    evidence = report.evidence
    verdicts = {e.id: e for e in evidence}
    shut = [task.title for task in rubric.required if has_failed(verdicts[task.gate])]
    disputed = [e.title for e in evidence if e.needs_review and _reviewers(e) > 1]
    late = [e.title for e in evidence if e.verdict is Verdict.TIMEOUT]
    unread = [
        e.title for e in evidence if e.for_person or (e.needs_review and e.kind is Kind.CHECK)
    ]
    where = "every task" if len(shut) == len(rubric.required) else "; ".join(shut)
    reasons = [
        *(["reviewers disagree on " + "; ".join(disputed)] if disputed else []),
        *([f"stuck at the gate of {where}"] if shut else []),
        *([f"{count(len(unread), 'check')} left to a person"] if unread else []),
        *([f"{count(len(late), 'check')} ran out of time"] if late else []),
    ]
    if not reasons:
        return None
    rank = -100 * len(disputed) - 10 * len(shut) - len(unread) - len(late)
    return Concern(report.submission.id, rank, tuple(reasons))


def _reviewers(evidence: Evidence) -> int:
    notes = evidence.reviews or []
    return len({n.reviewer for n in notes if not n.stale and n.points is not None})


def out_of_time(reports: Iterable[Report]) -> list[Group]:
    """Submissions that ran out of time, by check."""
    found: dict[str, list[str]] = {}
    for report in reports:
        for each in report.evidence:
            if each.verdict is Verdict.TIMEOUT:
                found.setdefault(each.title, []).append(report.submission.id)
    groups = [Group(title, tuple(ids)) for title, ids in found.items()]
    return sorted(groups, key=lambda group: -len(group.ids))[:MOST]
