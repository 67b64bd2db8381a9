"""`autograde release`."""

from __future__ import annotations

from pathlib import Path

import click

from ..handout import build_handout
from ..release import write_template
from .shared import assignment_option, open_bundle


@click.command()
@assignment_option
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Where to write it. Default: student_template/ in the assignment's folder.",
)
@click.option(
    "--handout",
    type=click.Path(path_type=Path),
    help="Where the handout's pages go. Default: build/handout/ in the assignment's folder.",
)
def release(assignment: Path | None, output: Path | None, handout: Path | None) -> None:
    """Write the student template, and the handout as web pages.

    The template is made from reference, public checks and skeletons, the pages
    from the Markdown in assignment/; pages that the rubric declares go with them.
    """
    bundle = open_bundle(assignment)
    target = output or bundle.root / "student_template"
    count = write_template(bundle, target)
    click.echo(f"{count} files written to {target}; nothing else is meant for students")
    place = handout or bundle.root / "build" / "handout"
    if pages := build_handout(bundle, place):
        click.echo(f"{pages} {'page' if pages == 1 else 'pages'} of the handout in {place}")
