"""Submissions, their attempts, and which attempt counts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from .read import Part

SHOWN_PARTS = 3


class Policy(StrEnum):
    """Which of several attempts counts."""

    LATEST = "latest"
    LATEST_ON_TIME = "latest_on_time"
    BEST = "best"


@dataclass(frozen=True)
class Attempt:
    """What was handed in at one time, not yet read.

    Attributes:
        source: what it was read from, without a person's name.
        number: from 1, where the course system tells attempts apart.
        submitted_at: as the course system gave it.
        late: by the course system's own mark.
    """

    parts: tuple[Part, ...]
    source: str
    number: int | None = None
    submitted_at: str | None = None
    late: bool | None = None

    @property
    def vanished(self) -> bool:
        """Whether what was found is not there any more."""
        return not all(part.fault or os.path.lexists(part.path) for part in self.parts)


@dataclass(frozen=True)
class Entry:
    """One submission.

    Attributes:
        id: unique in the class whatever the case.
        attempts: oldest first.
        graded: places of the attempts to grade; of several, the best counts.
        members: ids of those for whom it stands.
        names: id and name of everybody in it, for `identities.csv` alone.
        deadline: the last moment that is on time, where the roster says it.
    """

    id: str
    attempts: tuple[Attempt, ...]
    graded: tuple[int, ...]
    members: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    deadline: datetime | None = None


def moment(text: str) -> datetime:
    """An ISO-like text as a time, with a time zone only if it has one.

    Raises:
        ValueError: it is none.
    """
    return datetime.fromisoformat(text)


def in_order(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Oldest first: by time, else by the course system's mark for lateness."""

    def key(attempt: Attempt) -> tuple[float, bool]:
        if attempt.submitted_at is None:
            return 0.0, bool(attempt.late)
        time = moment(attempt.submitted_at)
        # without a zone: as if the course lay at Greenwich, which keeps the order
        seconds = time.timestamp() if time.tzinfo else _wall_clock(time)
        return seconds, bool(attempt.late)

    return sorted(attempts, key=key)


def numbered(attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
    """The attempts with numbers, where the download tells attempts apart or has several."""
    given = [attempt.number for attempt in attempts]
    if None not in given and len(set(given)) == len(given):
        return tuple(attempts)
    if len(attempts) == 1 and attempts[0].submitted_at is None:
        return tuple(attempts)
    return tuple(replace(attempt, number=n) for n, attempt in enumerate(attempts, 1))


def is_on_time(attempt: Attempt, deadline: datetime | None) -> bool:
    """Whether an attempt is not known to be late; times without a zone are compared as written."""
    late_by = lateness(attempt, deadline)
    return not attempt.late if late_by is None else late_by <= timedelta(0)


def lateness(attempt: Attempt, deadline: datetime | None) -> timedelta | None:
    """How long after its deadline an attempt came; None where that is not known."""
    if deadline is None or attempt.submitted_at is None:
        return None
    time = moment(attempt.submitted_at)
    if time.tzinfo and deadline.tzinfo:
        return time - deadline
    return time.replace(tzinfo=None) - deadline.replace(tzinfo=None)


def which_count(
    attempts: Sequence[Attempt], policy: Policy, deadline: datetime | None
) -> tuple[int, ...]:
    """Places of the attempts to grade: one, or all where the best counts."""
    places = range(len(attempts))
    if policy is Policy.BEST:
        return tuple(places)
    if policy is Policy.LATEST_ON_TIME:
        on_time = [place for place in places if is_on_time(attempts[place], deadline)]
        return ((on_time or places)[-1],)
    return (places[-1],)


def source_of(names: Sequence[str]) -> str:
    """One text for the names of what was handed in together."""
    more = f" + {len(names) - SHOWN_PARTS} more" if len(names) > SHOWN_PARTS else ""
    return " + ".join(sorted(names)[:SHOWN_PARTS]) + more


def _wall_clock(time: datetime) -> float:
    return (time - datetime(1970, 1, 1)).total_seconds()
