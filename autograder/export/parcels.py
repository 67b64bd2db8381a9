"""What is to be sent, one parcel a student, and what must not be sent at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from ..contract import CategoryScore, Movement, Report, amount
from ..errors import ExpectedError
from ..report.text import printable
from ..report.write import Results
from ..review.released import risen
from ..review.settle import Released

CENT = Decimal("0.01")


class ExportError(ExpectedError):
    """Nothing can be sent; the text says why and what to do."""


@dataclass(frozen=True)
class Refusal:
    """Why one row is not sent.

    Attributes:
        row: the student's id, or the line of the file that is filled in.
    """

    row: str
    reason: str

    def __str__(self) -> str:
        return f"{one_line(self.row)}: {one_line(self.reason)}"


@dataclass(frozen=True)
class Parcel:
    """What is sent for one student.

    Attributes:
        id: in the results.
        user: what the course system calls this student.
        name: from `identities.csv`; may be empty, and is nobody's key.
        late: whether the penalty for lateness is taken off here.
    """

    id: str
    user: str
    name: str
    report: Report
    late: bool = False

    @property
    def points(self) -> Decimal:
        """The mark: as earned, or after the penalty for lateness."""
        if self.late and self.report.score:
            return self.report.score.points
        return sum((c.points for c in self.report.categories), Decimal(0))

    @property
    def possible(self) -> Decimal:
        """Out of how many points."""
        return sum((c.possible for c in self.report.categories), Decimal(0))

    @property
    def could_move(self) -> Decimal:
        """How far people may still move the mark, up or down."""
        return max(self.movement.up, self.movement.down)

    @property
    def movement(self) -> Movement:
        """How far people may still move the mark in each direction."""
        return self.report.review.could_move

    @property
    def released(self) -> bool:
        """Whether all of it has been released to students."""
        return all(c.state == "released" for c in self.report.categories)

    @cached_property
    def comment(self) -> str:
        """What the student reads beside the mark: lines that stand alone, never empty."""
        report = self.report
        lines = [f"Mark: {amount(self.points)} of {amount(self.possible)} points."]
        if self.late and report.late and report.late.points:
            lines.append(f"{amount(report.late.points)} points are taken off for lateness.")
        lines += [
            f"{c.title}: {amount(c.points)} of {amount(c.possible)} ({c.level})."
            for c in report.categories
        ]
        if report.review.pending:
            up, down = (amount(move) for move in (self.movement.up, self.movement.down))
            lines.append(
                "A person has still to look at parts of it: "
                f"the mark may rise by {up} points or fall by {down}."
            )
        for first in report.diagnoses[:1]:
            lines.append(f"Look at this first: {first.title.rstrip('.')}. {first.hint}".rstrip())
        for category in report.categories:
            lines += remarks_in(category)
        return "\n".join(one_line(line) for line in lines)


def remarks_in(category: CategoryScore) -> list[str]:
    """What reviewers wrote of a category and of what students see of it."""
    said = [(category.title, category.reviews)]
    said += [(e.title, e.reviews) for e in category.evidence if e.visibility == "student"]
    return [
        f"{title}: {note.comment}"
        for title, notes in said
        for note in notes or []
        if note.comment and not note.stale
    ]


@dataclass(frozen=True)
class Sending:
    """How an instructor wants marks sent.

    Attributes:
        only: ids to send; all where there are none.
        users: id in the results -> what the course system calls this student.
        provisional: send marks that wait for a person, or are not released.
        partly: send somebody of whose categories only some are released.
        allowance: by so many points what waits may move a mark that is sent all the same.
        late: take the penalty for lateness off here.
    """

    only: Collection[str] = ()
    users: Mapping[str, str] = field(default_factory=dict)
    provisional: bool = False
    partly: bool = False
    allowance: Decimal = Decimal(0)
    late: bool = False


@dataclass(frozen=True)
class Outbox:
    """A class before it is sent.

    Attributes:
        refused: rows that would be lost or wrong, and why.
        missing: ids of those who handed in nothing; nothing is sent for them.
    """

    parcels: tuple[Parcel, ...]
    refused: tuple[Refusal, ...]
    missing: tuple[str, ...] = ()


def remarks_on(outbox: Outbox) -> list[str]:
    """What an instructor should know of a class that is sent."""
    found = []
    if outbox.missing:
        found.append(f"handed in nothing, nothing is sent: {', '.join(outbox.missing)}")
    late = [p.id for p in outbox.parcels if p.report.late and p.report.late.points and not p.late]
    if late:
        found.append(f"late, and nothing is taken off here (--late does): {', '.join(late)}")
    for name in repeated(parcel.name for parcel in outbox.parcels if parcel.name):
        alike = ", ".join(parcel.id for parcel in outbox.parcels if parcel.name == name)
        found.append(f"students of one name, told apart by their ids: {alike}")
    zeros = [parcel.user for parcel in outbox.parcels if parcel.user.startswith("0")]
    if zeros:
        found.append(f"zeros at the beginning, which spreadsheets drop: {', '.join(zeros)}")
    return found


def gather(results: Results, names: Mapping[str, str], how: Sending, released: Released) -> Outbox:
    """What there is to send of a graded class.

    Args:
        names: id -> name.
        released: what students were shown by `autograde publish`; nothing where it is not used.

    Raises:
        ExportError: nothing was graded here, or an id was asked for that is not there.
    """
    rows = results.read_grades()
    if not rows:
        raise ExportError(f"{results.folder} holds no class table; grade the class first")
    if unknown := sorted(set(how.only) - {identifier for identifier, _ in rows}):
        raise ExportError(f"there is no {unknown[0]!r} in {results.folder}")
    rows = [row for row in rows if not how.only or row[0] in how.only]
    reports = {
        member: report
        for document in results.read_reports()
        for report in [Report.model_validate(document)]
        for member in report.submission.members
    }
    found: list[Parcel] = []
    refused: list[Refusal] = []
    for identifier in dict.fromkeys(i for i, status in rows if status != "missing"):
        report = reports.get(identifier)
        if report is None:
            refused.append(Refusal(identifier, "its report is not there or cannot be read"))
        elif report.status != "graded" or report.score is None:
            reason = report.reason or "no reason is known"
            refused.append(Refusal(identifier, f"not graded, and a blank is no mark: {reason}"))
        else:
            user, name = how.users.get(identifier, identifier), names.get(identifier, "")
            found.append(Parcel(identifier, user, name, report, how.late))
    twice = repeated(identifier for identifier, _ in rows)
    refused += [Refusal(identifier, "is in the class table twice") for identifier in twice]
    refused += _unfit(found, how, released)
    held = {refusal.row for refusal in refused}
    kept = tuple(parcel for parcel in found if parcel.id not in held)
    return Outbox(kept, tuple(refused), tuple(i for i, s in rows if s == "missing"))


def _unfit(parcels: Sequence[Parcel], how: Sending, released: Released) -> Iterator[Refusal]:
    users, shared = how.users, repeated(parcel.user for parcel in parcels)
    for parcel in parcels:
        if parcel.user in shared:
            reason = f"is {parcel.user} in the course system, and so is somebody else"
            yield Refusal(parcel.id, reason)
        if users and parcel.id not in users:
            yield Refusal(parcel.id, "is not in the table of --users")
        if parcel.points > parcel.possible:
            over = f"{amount(parcel.points)} points are over {amount(parcel.possible)}"
            yield Refusal(parcel.id, f"{over}, the maximum")
        if (early := _too_early(parcel, how, released)) and not how.provisional:
            yield Refusal(parcel.id, f"{early}, or --provisional)")


def _too_early(parcel: Parcel, how: Sending, released: Released) -> str:
    """Why a mark is not final enough to go out; empty if it is."""
    if released:
        categories = parcel.report.categories
        hidden = [c.id for c in categories if c.state != "released"]
        if how.partly and len(hidden) < len(categories):
            hidden = []
        more = risen(parcel.report, released)
        found = {"not released": hidden, "risen since it was released": more}
        said = "; ".join(f"{what}: {', '.join(ids)}" for what, ids in found.items() if ids)
        return f"{said} (`autograde publish`" if said else ""
    if parcel.could_move <= how.allowance:
        return ""
    allowed, move = amount(how.allowance), amount(parcel.could_move)
    return f"people may still move it by {move} points (allowed: {allowed}; `autograde review`"


def repeated(keys: Iterable[str]) -> list[str]:
    """Those that are there more than once."""
    return [key for key, count in Counter(keys).items() if count > 1]


def mark_out_of(parcel: Parcel, maximum: Decimal | None, *, scale: bool) -> Decimal | Refusal:
    """A parcel's points where the course system counts out of `maximum`; or why they do not fit.

    Args:
        maximum: None where it is not known; then points go as they are.

    Raises:
        ExportError: they are to be scaled to a maximum that is not known.
    """
    points = parcel.points
    if maximum is None:
        if scale:
            raise ExportError("--scale needs the maximum there, which is not given here")
        return points
    if scale and parcel.possible:
        points = (points * maximum / parcel.possible).quantize(CENT)
    if points > maximum:
        reason = f"{amount(points)} points are over the maximum of {amount(maximum)} there"
        return Refusal(parcel.id, f"{reason}, where they would be lost")
    if parcel.possible != maximum and not scale:
        here, there = amount(parcel.possible), amount(maximum)
        reason = f"counts out of {here} here and out of {there} there (--scale converts)"
        return Refusal(parcel.id, reason)
    return points


def no_row(user: str, keys: Iterable[str]) -> str:
    """Why nobody of this id is among the course system's."""
    bare = [key for key in keys if user.isdigit() and key.isdigit() and int(key) == int(user)]
    if bare:
        return f"has no row; {bare[0]} has one, so zeros at the beginning were lost on one side"
    return f"a submission without a row: nobody is {user} there"


def one_line(text: str) -> str:
    """The text without line ends or other runs of white space, fit for a terminal."""
    return str(printable(" ".join(text.split())))
