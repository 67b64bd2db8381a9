"""`autograde doctor`."""

from __future__ import annotations

import click

from ..doctor import examine


@click.command()
def doctor() -> None:
    """Say how well student code can be confined on this machine, and what is missing."""
    for line in examine():
        click.echo(line)
