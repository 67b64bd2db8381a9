"""A class and its roster together: groups, deadlines, who is missing, who is unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from .attempts import Attempt, Entry, Policy, in_order, is_on_time, numbered, which_count
from .roster import Group, Roster
from .scan import Class, make_ids

SHOWN = 10


def with_roster(found: Class, roster: Roster | None, policy: Policy) -> Class:
    """The class as the roster has it.

    Work of a group becomes one submission that stands for each member; several
    hand-ins of its members are attempts of the group. Who handed in nothing is missing.
    """
    entries, remarks = list(found.entries), list(found.remarks)
    deadlines: dict[str, datetime] = {}
    missing: tuple[str, ...] = ()
    if roster is not None:
        spelled = {identifier.casefold(): identifier for identifier in roster.students}
        entries = [_spelled(entry, spelled) for entry in entries]
        for group in roster.groups:
            entries, said = _grouped(entries, group, roster)
            remarks += said
        deadlines = _deadlines(entries, roster)
        remarks += _unknown(entries, roster)
        present = {member for entry in entries for member in entry.members}
        missing = tuple(identifier for identifier in roster.students if identifier not in present)
    entries = [
        replace(entry, graded=which_count(entry.attempts, policy, deadline), deadline=deadline)
        for entry in entries
        for deadline in [deadlines.get(entry.id)]
    ]
    if policy is Policy.LATEST_ON_TIME:
        remarks += _late(entries, deadlines)
    return replace(found, entries=entries, missing=missing, remarks=tuple(remarks))


def _spelled(entry: Entry, spelled: Mapping[str, str]) -> Entry:
    """The entry, with ids in the roster's spelling."""

    def spell(identifier: str) -> str:
        return spelled.get(identifier.casefold(), identifier)

    names = tuple((spell(identifier), name) for identifier, name in entry.names)
    members = tuple(map(spell, entry.members))
    return replace(entry, id=spell(entry.id), members=members, names=names)


def _grouped(entries: list[Entry], group: Group, roster: Roster) -> tuple[list[Entry], list[str]]:
    """The entries, with all that a group's members handed in as one; and what to say of it."""
    own = [e for e in entries if e.id == group.name or set(e.members) & set(group.members)]
    if not own:
        return entries, []
    name = f"group-{group.name}"
    taken = {entry.id.casefold() for entry in entries} | {i.casefold() for i in roster.students}
    identifier = make_ids([name])[0]
    while identifier.casefold() in taken:
        name += "'"  # lawful in a name and not in an id: it gets a suffix
        identifier = make_ids([name])[0]
    attempts = in_order(attempt for entry in own for attempt in entry.attempts)
    remarks = []
    if len(own) > 1 and any(attempt.submitted_at is None for attempt in attempts):
        who = ", ".join(entry.id for entry in own)
        remarks.append(
            f"{identifier}: {who} each handed in, and the download does not say when; "
            f"the last of these counts as the latest"
        )
    merged = Entry(
        id=identifier,
        attempts=_renumbered(attempts) if len(own) > 1 else tuple(attempts),
        graded=(),
        members=group.members,
        names=tuple(dict.fromkeys(pair for entry in own for pair in entry.names)),
    )
    place = entries.index(own[0])
    return [merged if at == place else e for at, e in enumerate(entries) if e not in own[1:]], (
        remarks
    )


def _renumbered(attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
    return numbered([replace(attempt, number=None) for attempt in attempts])


def _deadlines(entries: Sequence[Entry], roster: Roster) -> dict[str, datetime]:
    """The deadline of each entry: of a group, the latest of its members'."""
    deadlines = {}
    for entry in entries:
        students = [roster.students[m] for m in entry.members if m in roster.students]
        own = [student.deadline for student in students if student.deadline is not None]
        if own:
            deadlines[entry.id] = max(own, key=lambda moment: moment.replace(tzinfo=None))
    return deadlines


def _unknown(entries: Sequence[Entry], roster: Roster) -> list[str]:
    unknown = [m for entry in entries for m in entry.members if m not in roster.students]
    if not unknown:
        return []
    shown = ", ".join(unknown[:SHOWN]) + (", …" if len(unknown) > SHOWN else "")
    return [f"not in the roster, graded all the same: {shown}"]


def _late(entries: Sequence[Entry], deadlines: Mapping[str, datetime]) -> list[str]:
    late = [
        entry.id
        for entry in entries
        if not any(is_on_time(attempt, deadlines.get(entry.id)) for attempt in entry.attempts)
    ]
    if not late:
        return []
    shown = ", ".join(late[:SHOWN]) + (", …" if len(late) > SHOWN else "")
    return [f"no attempt is on time, so the latest counts: {shown}"]
