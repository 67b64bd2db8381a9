"""What the review page shows and does, as plain values: a desk that stays open for hours.

Meanwhile other windows, other people and a new grading may write beside it. So each
look reads what has changed, and a mark names what its reviewer saw: where that is
no longer so, nothing is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from ..contract import Evidence
from ..review.files import ReviewError, Subject, Written, subjects_of
from ..review.marks import TypedMark, read_mark
from ..review.waiting import Item, Left
from .desk import Desk
from .review_work import question_of, work_of

KEEP = "keep"
"""The mark that leaves the machine's points as they are."""


class Stale(Exception):
    """What the reviewer saw is no longer so; the text says what to do."""


@dataclass(frozen=True)
class Done:
    """One mark that was given, perhaps to several submissions."""

    question: str
    first: str
    says: str
    written: list[Written]


@dataclass
class Queue:
    """The page's side of a desk; its methods may be called by several threads.

    Attributes:
        ids: only these submissions; all, where there are none.
        named: a question that was asked for, and is shown even where nothing of it waits.
        done: the marks that can be taken back, the last one last.
        kept: reviews that were written and cannot be taken back any more.
    """

    desk: Desk
    ids: Collection[str] = ()
    named: str | None = None
    done: list[Done] = field(default_factory=list)
    kept: int = 0
    _lock: Lock = field(default_factory=Lock)

    @property
    def written(self) -> int:
        """How many reviews were written and not taken back."""
        return self.kept + sum(len(each.written) for each in self.done)

    def state(self, question: str | None = None) -> dict[str, Any]:
        """The questions with what is left of each, and the groups of one of them.

        Args:
            question: its id; of None, what was asked for, else the first that waits.

        Raises:
            ReviewError: the results cannot be used as they are.
        """
        with self._lock:
            desk = self._fresh()
            left = self._left(desk)
            chosen = question or self.named or next(iter(left), None)
            return {
                "title": desk.bundle.rubric.title,
                "reviewer": desk.reviewer,
                "decides": desk.decides,
                "questions": self._questions(desk, left, chosen),
                "question": None if chosen is None else self._asked(desk, chosen),
                "groups": [] if chosen is None else self._groups(desk, chosen),
                **self._progress(desk),
            }

    def work(self, question: str, identifier: str) -> dict[str, Any]:
        """What one submission shows of a question.

        Raises:
            ReviewError: there is none.
        """
        with self._lock:
            desk = self._fresh()
            item = next(iter(desk.items(question, [identifier])), None)
            if item is None:
                raise ReviewError(f"this submission has no {question!r}")
            artifacts = desk.results.read_json(f"artifacts/{identifier}.json")
            found = work_of(item, artifacts, desk.bundle.rubric, others=desk.decides)
            return {**found, "seen": _seen(item)}

    def mark(self, question: str, seen: dict[str, str], text: str, comment: str) -> dict[str, Any]:
        """Write one mark for all of these.

        Args:
            seen: submission -> what its reviewer saw of it, as `state` gave it.
            text: as it is typed in a terminal, or `KEEP`.

        Returns:
            What is left.

        Raises:
            Stale: the work, or what others say of it, has changed meanwhile.
            ValueError: the text is no mark.
            ReviewError: the disk refuses; what was written until then can be undone.
        """
        with self._lock:
            desk = self._fresh()
            items = self._as_seen(desk, question, seen)
            marks = [_read(text, item.subject) for item in items]
            done = Done(question, items[0].report.submission.id, f"{text} for {question}", [])
            self.done.append(done)
            try:
                for item, mark in zip(items, marks, strict=True):
                    done.written.append(desk.put_down(item, mark, comment))
            finally:
                if not done.written:
                    self.done.remove(done)
            return self._progress(self._fresh())

    def undo(self, number: int) -> dict[str, Any]:
        """Take back a mark: the last one, with the number that `state` gave it.

        Raises:
            Stale: it is not the last one any more, or its files have changed since.
            ReviewError: the disk refuses.
        """
        with self._lock:
            if not self.done or number != len(self.done):
                raise Stale("Another window has gone on meanwhile; nothing was taken back.")
            last = self.done[-1]
            if not all(written.is_there() for written in last.written):
                self.kept += len(self.done.pop().written)
                raise Stale("These reviews were changed elsewhere since; they stay as they are.")
            for written in last.written:
                written.take_back()
            self.done.pop()
            return {"question": last.question, "id": last.first, **self._progress(self._fresh())}

    def close(self) -> None:
        """Wait for a mark that is being written; from now on nothing is."""
        self._lock.acquire()

    def _fresh(self) -> Desk:
        self.desk = self.desk.fresh()
        return self.desk

    def _left(self, desk: Desk) -> dict[str, Left]:
        """What this reviewer can do something about, in the order of the questions."""
        left = desk.left
        there = {name: left[name] for name in desk.questions if name in left}
        return {name: each for name, each in there.items() if _own(each, desk)}

    def _progress(self, desk: Desk) -> dict[str, Any]:
        left = {name: _own(each, desk) for name, each in self._left(desk).items()}
        last = self.done[-1] if self.done else None
        return {
            "left": left,
            "written": self.written,
            "undo": {"number": len(self.done), "says": last.says} if last else None,
        }

    def _questions(
        self, desk: Desk, left: dict[str, Left], chosen: str | None
    ) -> list[dict[str, Any]]:
        """What can be chosen: what waits, and what was chosen."""
        titles = {each.id: each.title for each in _subjects(desk)}
        names = [name for name in desk.questions if name in left or name == chosen]
        return [
            {"id": n, "title": titles[n], "disputed": left.get(n, Left()).disputed} for n in names
        ]

    def _asked(self, desk: Desk, question: str) -> dict[str, Any]:
        subject = next((each for each in _subjects(desk) if each.id == question), None)
        if subject is None:
            raise ReviewError(f"there is no evidence or category {question!r} in these results")
        asked = question_of(subject, desk.bundle.rubric)
        return {**asked, "comments": desk.comments(question)}

    def _groups(self, desk: Desk, question: str) -> list[list[dict[str, str]]]:
        items = desk.items(question, self.ids)
        groups = desk.groups(items, named=question == self.named)
        return [[{"id": i.report.submission.id, "seen": _seen(i)} for i in g] for g in groups]

    def _as_seen(self, desk: Desk, question: str, seen: dict[str, str]) -> list[Item]:
        try:
            items = desk.items(question, seen)
        except ReviewError as error:
            raise Stale(f"The class was graded again meanwhile: {error}.") from None
        if not items or any(_seen(i) != seen[i.report.submission.id] for i in items):
            raise Stale(
                "Nothing was written: this was marked elsewhere or graded again meanwhile. "
                "It is shown again as it is now."
            )
        return items


def _own(left: Left, desk: Desk) -> int:
    return left.disputed if desk.decides else left.waiting


def _subjects(desk: Desk) -> Sequence[Subject]:
    return [each for report in desk.reports for each in subjects_of(report)]


def _read(text: str, subject: Subject) -> TypedMark:
    if text == KEEP and isinstance(subject, Evidence) and subject.measured is not None:
        return TypedMark(points=subject.measured)
    return read_mark(text, subject)


def _seen(item: Item) -> str:
    """What is known of a piece of evidence: another word, once anything of it has changed."""
    report = item.report
    known = [report.submission.sha256, item.subject.model_dump(mode="json"), item.shown]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:32]
