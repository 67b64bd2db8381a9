"""What a reviewer sees of a group of alike submissions, and is asked."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ..contract import CategoryScore, Evidence, amount
from ..review.files import Subject
from ..review.marks import TypedMark, read_mark
from ..review.waiting import Item
from ..rubric.model import Rubric
from .review_work import anchors_of, levels_of
from .show import terminal


class Skipped(Exception):
    """The reviewer leaves this group for later."""


class OneByOne(Exception):
    """The reviewer wants to mark each of the group by itself."""


def show(group: Sequence[Item], place: str, rubric: Rubric, *, others: bool) -> None:
    """Print a group: what is asked, what is expected, what was handed in.

    Args:
        place: which of how many groups.
        others: whether to show what others said; what was said of earlier work is shown always.
    """
    console = terminal()
    first = group[0]
    alike = f", {len(group)} alike" if len(group) > 1 else ""
    console.rule(Text(f"{first.subject.id} ({place}{alike})"), align="left")
    console.print(Text(first.subject.title, style="bold"))
    console.print(_expected(first.subject, rubric))
    if isinstance(first.subject, Evidence) and first.subject.message:
        console.print(Text(first.subject.message))
    if first.shown:
        console.print(Panel(Text(first.shown), title="handed in", title_align="left"))
    else:
        names = ", ".join(item.report.submission.id for item in group)
        console.print(Text(f"Not in the results; look into the submission: {names}"))
    for note in first.subject.reviews or []:
        if others or note.stale:
            given = note.points if note.level is None else note.level
            when = ", before the work changed" if note.stale else ""
            console.print(Text(f"{note.reviewer}{when}: {given} {note.comment}".rstrip()))


def ask_mark(group: Sequence[Item]) -> TypedMark:
    """The mark for a group.

    Raises:
        Skipped, OneByOne, click.Abort: the reviewer wants something else.
    """
    subject = group[0].subject
    measured = subject.measured if isinstance(subject, Evidence) else None
    each = ", e one by one" if len(group) > 1 else ""
    keep = "" if measured is None else f", Enter keeps {amount(measured)}"
    most = amount(subject.possible)
    levels = ", a level" if isinstance(subject, CategoryScore) else ""
    prompt = f"none, half, full, points to {most}{levels}{keep}; s skip{each}, q quit"
    while True:
        text = click.prompt(prompt, default="", show_default=False).strip()
        match text.casefold():
            case "s":
                raise Skipped
            case "e" if each:
                raise OneByOne
            case "q":
                raise click.Abort
            case "" if measured is not None:
                return TypedMark(points=measured)
        try:
            return read_mark(text, subject)
        except ValueError as error:
            click.echo(str(error))


def ask_comment(earlier: list[str]) -> str:
    """A comment, new or an earlier one by its number; new ones are added to the earlier ones."""
    for number, text in enumerate(earlier, 1):
        click.echo(f"  {number}: {text}")
    reuse = ", or a number" if earlier else ""
    text = click.prompt(f"comment{reuse}", default="", show_default=False).strip()
    if text.isdecimal() and 0 < int(text) <= len(earlier):
        return earlier[int(text) - 1]
    if text and text not in earlier:
        earlier.append(text)
    return str(text)


def _expected(subject: Subject, rubric: Rubric) -> Table:
    """Anchor answers of a question; of anything else the category's levels."""
    table = Table(box=None, show_header=False)
    rows = anchors_of(subject, rubric) or levels_of(subject, rubric)
    for name, text in rows.items():
        table.add_row(Text(name, style="bold"), Text(" ".join(text.split())))
    return table
