"""`autograde forget`."""

from __future__ import annotations

from pathlib import Path

import click

from ..export.people import read_users
from ..forget import BEYOND_REACH
from ..forget import forget as forget_students
from .shared import assignment_option, open_bundle, open_results, reviews_of, reviews_option


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    default=Path("results"),
    show_default=True,
    help="The folder of a graded class.",
)
@click.option(
    "--users",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The table id,user that marks were pushed with, where one was used.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@assignment_option
@reviews_option
def forget(
    ids: tuple[str, ...],
    results: Path,
    users: Path | None,
    yes: bool,
    assignment: Path | None,
    reviews: Path | None,
) -> None:
    """Remove students for good: reports, pages, artifacts, reviews, names, rows of the tables.

    The work of a group stays for its other members. What was removed is listed, and so is what
    this command cannot reach.
    """
    bundle, known = open_bundle(assignment), open_results(results)
    place = reviews_of(known, reviews)
    if not yes:
        question = f"Remove {', '.join(map(ascii, ids))} from {results} and {place} for good?"
        click.confirm(question, abort=True)
    called = read_users(users) if users else {}
    said = forget_students(ids, known, place, bundle, [called[i] for i in ids if i in called])
    for line in said or ["nothing here is theirs"]:
        click.echo(line)
    click.echo(BEYOND_REACH)
