"""A reviewer's desk: a graded class, what waits in it, and where marks are put down."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from ..bundle import Bundle
from ..contract import CategoryScore, Report
from ..grade.again import chosen_reports, graded_reports, settle_again
from ..model import CategoryId
from ..report.write import Results
from ..review.files import Review, ReviewError, Reviews, Written, read_reviews, write_review
from ..review.marks import TypedMark
from ..review.released import read_released
from ..review.settle import Settlement
from ..review.waiting import (
    Item,
    Left,
    Work,
    alike,
    is_disputed,
    items_of,
    left_over,
    subjects,
    waits_for,
)

Stamp = frozenset[tuple[str, int, int]]
"""Name, time and size of each file below a folder: another one, once anybody has written there."""


@dataclass(frozen=True)
class Earlier:
    """A class at an earlier look: settling a thousand reports anew takes a second.

    Attributes:
        measured: the reports as they were read.
        settled: the same with what people had said.
    """

    measured: list[Report]
    reviews: Reviews
    settled: list[Report]


@dataclass(frozen=True)
class Desk:
    """One reviewer's work on one graded class.

    Attributes:
        folder: where review files are.
        decides: whether marks settle what others disagree about.
        earlier: the class at an earlier look, where its reports are still the same files.
        stamps: of the files of reports and of reviews, where somebody looked at them.
    """

    bundle: Bundle
    results: Results
    folder: Path
    reviewer: str
    decides: bool = False
    earlier: Earlier | None = None
    stamps: tuple[Stamp, Stamp] | None = None

    @cached_property
    def reports(self) -> list[Report]:
        """The class as it was when work began, with every review there was.

        Raises:
            ReviewError: the results do not belong to the assignment as it is.
        """
        now, earlier = self._before, self.earlier
        if earlier is None:
            return [now.of(report) for report in self._measured]
        pairs = zip(self._measured, earlier.settled, strict=True)
        return [
            settled if now.reviews.about(name) == earlier.reviews.about(name) else now.of(report)
            for report, settled in pairs
            for name in [report.submission.id]
        ]

    @cached_property
    def _measured(self) -> list[Report]:
        return self.earlier.measured if self.earlier else graded_reports(self.bundle, self.results)

    def fresh(self) -> Desk:
        """The same desk, as the files are now; itself, where none has changed."""
        stamps = (_stamp(self.results.folder / "reports"), _stamp(self.folder))
        if stamps == self.stamps:
            return self
        earlier = None
        if self.stamps and self.stamps[0] == stamps[0]:
            earlier = Earlier(self._measured, self._before.reviews, self.reports)
        return replace(self, earlier=earlier, stamps=stamps)

    @property
    def questions(self) -> list[str]:
        """Everything that can be reviewed: categories, and evidence after its category."""
        return subjects(self.reports)

    def items(self, question: str, ids: Collection[str] = ()) -> list[Item]:
        """One question across submissions: all, or those with these ids.

        Raises:
            ReviewError: there is no such question or submission.
        """
        if question not in self.questions:
            raise ReviewError(f"there is no evidence or category {question!r} in these results")
        chosen = chosen_reports(self.reports, ids)
        return items_of(question, chosen, self._works, self.bundle.rubric)

    def groups(self, items: Sequence[Item], *, named: bool) -> list[list[Item]]:
        """What is marked together: alike items, or a single one where others disagree.

        Args:
            named: whether the question was asked for by name, so that what needs no mark may get
                one.
        """
        waiting = self.waiting(items)
        if self.decides:
            return [[item] for item in waiting]
        return alike(waiting or (items if named else []))

    def waiting(self, items: Sequence[Item]) -> list[Item]:
        """Those this reviewer is still to mark, or those on which others disagree."""
        reviews = self._before.reviews
        if self.decides:
            return [item for item in items if is_disputed(item, reviews)]
        return [item for item in items if waits_for(item, self.reviewer, reviews)]

    def comments(self, question: str) -> list[str]:
        """What this reviewer has written about a question before, each text once."""
        mine = [r for _, r in self._before.reviews.files if r.reviewer == self.reviewer]
        return list(dict.fromkeys(r.comment for r in mine if r.subject == question and r.comment))

    @property
    def left(self) -> dict[str, Left]:
        """How much waits with each question; what does not wait is not there."""
        return left_over(self.reports, self.reviewer, self._before.reviews)

    def put_down(self, item: Item, mark: TypedMark, comment: str) -> Written:
        """Write a review at once.

        Raises:
            ReviewError: the disk refuses.
        """
        whole = isinstance(item.subject, CategoryScore)
        return write_review(
            self.folder,
            Review(
                id=item.report.submission.id,
                sha256=item.report.submission.sha256,
                evidence=None if whole else item.subject.id,
                category=CategoryId(item.subject.id) if whole else None,
                reviewer=self.reviewer,
                at=datetime.now(UTC).replace(microsecond=0),
                points=mark.points,
                level=mark.level,
                comment=comment,
                decides=self.decides,
            ),
        )

    def close(self) -> tuple[list[Report], list[str]]:
        """Settle the class anew.

        Returns:
            Its reports, and what is wrong with reviews that are left out.
        """
        settlement = self._now()
        reports = settle_again(self.bundle, self.results, settlement)
        ids = {report.submission.id for report in reports}
        return reports, settlement.reviews.misfits(reports, ids)

    @cached_property
    def _before(self) -> Settlement:
        """What people had said when work began; reading it again for each question takes long."""
        return self._now()

    def _now(self) -> Settlement:
        released = read_released(self.results.folder)
        return Settlement(self.bundle.rubric, read_reviews(self.folder), released)

    @cached_property
    def _works(self) -> dict[str, Work]:
        return {r.submission.id: self._work(r.submission.id) for r in self.reports}

    def _work(self, identifier: str) -> Work:
        artifacts = self.results.read_json(f"artifacts/{identifier}.json")
        answers, functions = artifacts.get("answers"), artifacts.get("functions", {})
        return Work(
            answers=None if answers is None else {q: found["text"] for q, found in answers.items()},
            functions={name: found["source"] for name, found in functions.items()},
            writing={file: _text(found) for file, found in artifacts.get("writing", {}).items()},
        )


def _text(found: dict[str, Any]) -> str:
    """What is kept of a document, and how much is not."""
    more = f"\n\n({found['left_out']} more characters in {found['file']})"
    return f"{found['text']}{more if found['left_out'] else ''}"


def _stamp(folder: Path) -> Stamp:
    found = [(str(path), path.stat()) for path in folder.rglob("*.json")]
    return frozenset((name, status.st_mtime_ns, status.st_size) for name, status in found)
