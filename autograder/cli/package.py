"""`autograde package`."""

from __future__ import annotations

from pathlib import Path

import click

from ..export.made import Made, write
from ..package import gradescope_archive
from .shared import assignment_option, open_bundle


@click.group()
def package() -> None:
    """Make the autograder that a course system runs by itself."""


@package.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The zip. Default: build/gradescope.zip in the assignment's folder.",
)
@assignment_option
def gradescope(output: Path | None, assignment: Path | None) -> None:
    """Write the archive that Gradescope takes as an autograder (Configure Autograder, Zip file).

    It holds the solution and the hidden checks; no reviews, results or names.
    """
    bundle = open_bundle(assignment)
    target = output or bundle.root / "build" / "gradescope.zip"
    content = gradescope_archive(bundle)
    write(Made({"": content}, []), target)
    click.echo(f"{target}: {len(content) / 2**20:.1f} MiB")
    click.echo("It holds the solution and the hidden checks: for instructors, never for students.")
