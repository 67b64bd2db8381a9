"""`autograde regrade`."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from ..contract import Report
from ..export.journal import JOURNALS, take_along
from ..report.write import Results
from ..review.changes import Movement, movements
from ..review.files import ReviewError
from ..review.released import read_released, together
from .grade import Request, grade_request, grading_options
from .shared import leave, open_bundle, open_results, reviews_of
from .show import terminal

CHANGES = "changes.json"


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    required=True,
    help="The results to compare with; their reviews and what was released still hold.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("regraded"),
    show_default=True,
    help="Where new reports and tables go.",
)
@grading_options
def regrade(against: Path, **options: Any) -> None:
    """Grade SUBMISSIONS again, and list who moves and what did it.

    The list is also written to changes.json in the output folder. What was released and what was
    sent from --against is known there as well.
    """
    old = open_results(against)
    known = reviews_of(old, None)
    options["reviews"] = options["reviews"] or (known if known.is_dir() else None)
    request = Request(**options)
    if request.output.resolve() == against.resolve():
        raise ReviewError("--output must be another folder than --against")
    bundle = open_bundle(request.assignment)
    released = together(read_released(against), read_released(request.output))
    before = [Report.model_validate(document) for document in old.read_reports()]
    problems = grade_request(request, bundle, released)
    results = Results(request.output)
    after = [Report.model_validate(document) for document in results.read_reports()]
    moved = movements(before, after)
    _print_moved(moved, len(after))
    with results.writing():
        results.write_json(CHANGES, _document(before, after, moved))
    take_along(against / JOURNALS, request.output / JOURNALS)
    click.echo(f"the same as JSON: {request.output / CHANGES}")
    leave(problems)


def _document(before: list[Report], after: list[Report], moved: list[Movement]) -> dict[str, Any]:
    old, new = ({report.submission.id for report in reports} for reports in (before, after))
    return {
        "moved": [movement.model_dump(mode="json") for movement in moved],
        "unmoved": len(old & new) - len(moved),
        "only_old": sorted(old - new),
        "only_new": sorted(new - old),
    }


def _print_moved(moved: list[Movement], total: int) -> None:
    """A row for each change, under the submission that it moves."""
    console = terminal()
    table = Table(box=None)
    for name in ("id", "mark", "what", "points", "why"):
        table.add_column(name, overflow="fold")
    for each in moved:
        first = [each.id, _step(each.old, each.new)]
        for change in each.changes:
            points = _step(change.old, change.new)
            what = f"{change.category} {change.what}".strip()
            table.add_row(*first, what, points, f"{change.why}: {change.how}".rstrip(": "))
            first = ["", ""]
        if not each.changes:
            table.add_row(*first, "", "", "graded in one of the two only")
    count = sum(each.old != each.new for each in moved)
    others = f"; {len(moved) - count} keep the mark by other points" if moved[count:] else ""
    console.print(f"{count} of {total} move{others}", markup=False)
    if moved:
        console.print(table, markup=False)


def _step(old: Decimal | None, new: Decimal | None) -> str:
    was, now = ("-" if value is None else f"{float(value):g}" for value in (old, new))
    return f"{was} -> {now}"
