"""What several subcommands have in common."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..bundle import Bundle

UNMARKED = 1
"""Exit code: something is not as it should be, and the last lines say what."""
USAGE_ERROR = 2

assignment_option = click.option(
    "--assignment",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The assignment's folder. Default: the nearest one upward with a rubric.yaml.",
)


def open_bundle(assignment: Path | None) -> Bundle:
    """The bundle that was named, else the nearest one upward from here."""
    return Bundle.open(assignment) if assignment else Bundle.nearest(Path.cwd())


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
