"""What `export`, `feedback` and `push` have in common: which marks go out, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from ..bundle import Bundle
from ..export.made import Made, write
from ..export.moodle_rubric import Form, read_form
from ..export.parcels import (
    ExportError,
    Outbox,
    Refusal,
    Sending,
    gather,
    one_line,
    remarks_on,
)
from ..export.people import read_names, read_users
from ..review.released import read_released
from ..rubric.load import RubricError
from .shared import assignment_option, leave, open_results, results_argument, with_options

PAGES = "pages"
REMARKS_SHOWN = 10
LONGEST_REMARK = 300

_OPTIONS = (
    results_argument,
    click.option("--only", metavar="ID", multiple=True, help="Send this one only; repeatable."),
    click.option(
        "--users",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        help="A table id,user: what the course system calls the students of these results.",
    ),
    click.option(
        "--provisional",
        is_flag=True,
        help="Send also what waits for a person or is not released.",
    ),
    click.option(
        "--partial",
        is_flag=True,
        help="Send the rest where rows are refused; without it nothing is sent then.",
    ),
    assignment_option,
)
_MARKS = (
    click.option(
        "--late",
        is_flag=True,
        help="Take penalties for lateness off here. Without it the course system does.",
    ),
    click.option(
        "--scale", is_flag=True, help="Convert to the course system's maximum where it differs."
    ),
    click.option(
        "--rubric",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        help="Moodle: its answer of core_grading_get_definitions, to fill in rubric or guide.",
    ),
)


def sending_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which students are sent."""
    return with_options(command, _OPTIONS)


def mark_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how marks are sent."""
    return with_options(command, _MARKS)


def pack(options: dict[str, Any], *, partly: bool = False) -> Outbox:
    """What these options ask to send.

    Args:
        partly: whether somebody is sent of whose categories only some are released.

    Raises:
        ExportError, ReviewError: there is nothing to send, or a file cannot be read.
    """
    results = open_results(options["results"])
    how = Sending(
        only=options["only"],
        users=read_users(options["users"]) if options["users"] else {},
        provisional=options["provisional"],
        partly=partly,
        allowance=_allowance(options["assignment"]),
        late=options.get("late", True),  # of pages nobody takes anything off
    )
    return gather(results, read_names(results.folder), how, read_released(results.folder))


def form_of(outbox: Outbox, path: Path | None) -> Form | None:
    """The rubric or marking guide of Moodle that was given, where there is anybody to send.

    Raises:
        ExportError: it is none, or another one.
    """
    if path is None or not outbox.parcels:
        return None
    return read_form(path, outbox.parcels[0].report.categories)


def _allowance(assignment: Path | None) -> Decimal:
    """By how much the rubric lets what still waits move a mark that is sent."""
    if assignment:
        return Bundle.open(assignment).rubric.export_may_move
    try:
        return Bundle.nearest(Path.cwd()).rubric.export_may_move
    except RubricError:
        return Decimal(0)  # results are often sent from a folder of their own


def deliver(
    made: Made, outbox: Outbox, output: Path, *, partial: bool, into: Path | None = None
) -> None:
    """Write what was made, unless rows are refused; say what became of everybody, and leave.

    Raises:
        ExportError: the output would replace the file that is filled in, or the disk refuses.
    """
    if into and output.resolve() == into.resolve():
        raise ExportError("--output would replace the file of --into; name another one")
    refused = [*outbox.refused, *made.refused]
    if refused and not partial:
        nothing_sent(refused, "written")
    write(made, output)
    tell(made.remarks)
    tell(remarks_on(outbox))
    click.echo(f"{output}: {len(made.sent)} of {len(made.sent) + len(refused)} students")
    leave([f"refused: {refusal}" for refusal in refused])


def nothing_sent(refused: Sequence[Refusal], verb: str) -> None:
    """Name each row that is refused, and end."""
    problems = [f"refused: {refusal}" for refusal in refused]
    leave([*problems, f"nothing was {verb}; --partial sends the rest"])


def tell(remarks: Sequence[str]) -> None:
    """Print remarks, not too many of a kind, each on a line that a terminal can show."""
    for remark in remarks[:REMARKS_SHOWN]:
        line = one_line(remark)
        click.echo(line if len(line) <= LONGEST_REMARK else f"{line[:LONGEST_REMARK]} …")
    if len(remarks) > REMARKS_SHOWN:
        click.echo(f"and {len(remarks) - REMARKS_SHOWN} more of this kind")
