"""Sending marks to a server: looked at before, sent, read back, and never twice.

The server is asked what is there; whatever is there already is not sent. After every round it is
asked again, and only a mark that is read back counts as sent. A request whose answer was lost may
have been carried out, so where a comment would be doubled it is left for a later run, which begins
by looking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Protocol

from ..contract import amount
from .journal import Journal, digest
from .parcels import Parcel, Refusal, no_row
from .trouble import TROUBLE, Busy, Declined, Denied, Unsure

ROUNDS = 3
LOST_IN_A_ROW = 3


@dataclass(frozen=True)
class Standing:
    """What the course system has for one student.

    Attributes:
        comments: digests of comments; empty where it does not tell.
        files: names of files that are attached to them.
    """

    points: Decimal | None
    comments: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Page:
    """A student's page as a file; its name tells its content."""

    name: str
    content: bytes


class Course(Protocol):
    """An assignment on a server."""

    comments_add_up: bool
    """Whether a comment that is sent again stands there twice."""
    when_ignored: str
    """Where to look when a mark was not objected to, and is not there."""

    def letter(self, parcel: Parcel, *, scale: bool) -> Letter | Refusal:
        """A parcel ready to go, or why it does not fit."""

    def read(self) -> Mapping[str, Standing]:
        """Everybody of the assignment, by the id that parcels have in `user`."""

    def send(self, letter: Letter) -> None:
        """Send one mark."""


@dataclass(frozen=True)
class Letter:
    """One mark on its way.

    Attributes:
        points: as the course system counts.
        new: whether another mark is there before, or none.
        commented: whether the comment goes with it.
        page: is attached to the comment.
        rubric: the course system's rubric filled in, where it has one.
    """

    parcel: Parcel
    points: Decimal
    new: bool = True
    commented: bool = True
    page: Page | None = None
    rubric: Mapping[str, Any] | None = None

    def is_there(self, standing: Standing, journal: Journal) -> bool:
        """Whether the course system has this mark and, as far as can be known, its comment."""
        attached = self.page is None or self.page.name in standing.files
        return standing.points == self.points and attached and not self.unsaid(standing, journal)

    def unsaid(self, standing: Standing, journal: Journal) -> bool:
        """Whether the comment has still to be sent."""
        own, known = digest(self.parcel.comment), journal.of(self.parcel.user)
        return own not in standing.comments and (known is None or known.comment != own)


@dataclass(frozen=True)
class Plan:
    """What a run would do.

    Attributes:
        before: points that are there now and would be replaced, by id.
        same: how many are there already.
    """

    letters: tuple[Letter, ...]
    refused: tuple[Refusal, ...]
    same: int
    before: Mapping[str, Decimal] = field(default_factory=dict)


def plan(
    letters: Sequence[Letter],
    there: Mapping[str, Standing],
    journal: Journal,
    *,
    overwrite: bool,
) -> Plan:
    """Compare what is to be sent with what is there; marks of somebody else are not replaced."""
    todo, refused, before, same = [], [], {}, 0
    for letter in letters:
        parcel, standing = letter.parcel, there.get(letter.parcel.user)
        if standing is None:
            refused.append(Refusal(parcel.id, no_row(parcel.user, there)))
            continue
        if letter.is_there(standing, journal):
            same += 1
            continue
        known, points = journal.of(parcel.user), standing.points
        if points is not None and points != letter.points:
            if not overwrite and (known is None or known.points != points):
                reason = f"has {amount(points)} there, which is not from here (--overwrite)"
                refused.append(Refusal(parcel.id, reason))
                continue
            before[parcel.id] = points
        new, commented = points != letter.points, letter.unsaid(standing, journal)
        there_already = letter.page is None or letter.page.name in standing.files
        page = None if there_already else letter.page
        todo.append(replace(letter, new=new, commented=commented, page=page))
    return Plan(tuple(todo), tuple(refused), same, before)


def deliver_letters(
    letters: Sequence[Letter], course: Course, journal: Journal, wait: Callable[[], None]
) -> list[Refusal]:
    """Send letters until each was read back, or is known not to have arrived.

    Args:
        wait: what passes between two rounds.

    Returns:
        Everybody whose mark was not read back, and why.
    """
    todo = {letter.parcel.user: letter for letter in letters}
    unsent: dict[str, str] = {}
    for round_number in range(ROUNDS):
        if round_number:
            wait()
        again, reasons = _round(todo, course)
        try:
            there = course.read()
        except TROUBLE as error:
            unread = f"may have arrived, but reading back failed: {error}"
            unsent |= {user: reasons.get(user, unread) for user in todo}
            break
        for user, letter in todo.items():
            known = there.get(user, Standing(None))
            if _has_arrived(letter, known, course, journal, answered=user not in reasons):
                journal.arrived(user, letter.points, letter.parcel.comment)
                unsent.pop(user, None)
                again.discard(user)
            else:
                ignored = f"not objected to, and not there: {course.when_ignored}"
                unsent[user] = reasons.get(user, ignored)
        todo = {user: letter for user, letter in todo.items() if user in again}
        if not todo:
            break
    return [
        Refusal(letter.parcel.id, unsent[letter.parcel.user])
        for letter in letters
        if letter.parcel.user in unsent
    ]


def _has_arrived(
    letter: Letter, standing: Standing, course: Course, journal: Journal, *, answered: bool
) -> bool:
    if letter.is_there(standing, journal):
        return True
    # where comments cannot be read, they are saved in one go with the mark
    with_its_comment = not course.comments_add_up and (letter.new or answered)
    return with_its_comment and standing.points == letter.points


def _round(todo: Mapping[str, Letter], course: Course) -> tuple[set[str], dict[str, str]]:
    """Send each once, until the server no longer answers.

    Returns:
        Whom to try again, and why somebody's mark was not taken, or may not have been.
    """
    again: set[str] = set()
    reasons: dict[str, str] = {}
    lost = 0
    for user, letter in todo.items():
        if lost >= LOST_IN_A_ROW:
            reasons[user] = "not tried: the server stopped answering"
            again.add(user)
            continue
        try:
            course.send(letter)
            lost = 0
        except Declined as error:
            reasons[user] = str(error)
            lost = 0
        except (Busy, Denied) as error:
            reasons[user] = str(error)
            again.add(user)
            lost += 1
        except Unsure as error:
            reasons[user] = f"may have arrived: {error}"
            if not course.comments_add_up:
                again.add(user)
            lost += 1
    return again, reasons
