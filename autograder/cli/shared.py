"""What several subcommands have in common."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import reduce
from pathlib import Path
from threading import Thread
from typing import NoReturn

import click

from ..bundle import Bundle
from ..report.write import Results
from ..review.files import ReviewError
from .exit_codes import UNMARKED

LOOPBACK = "127.0.0.1"
"""Where pages are served: to this computer alone."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


assignment_option = click.option(
    "--assignment",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The assignment's folder. Default: the nearest one upward with a rubric.yaml.",
)
reviews_option = click.option(
    "--reviews",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the review files. Default: the one of last time, else reviews/ beside the "
    "submissions.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=cores,
    show_default="one a core",
    help="Processes.",
)
results_argument = click.argument(
    "results", type=click.Path(path_type=Path), default=Path("results")
)


def with_options(
    command: Callable[..., None], options: Sequence[Callable[..., Callable[..., None]]]
) -> Callable[..., None]:
    """A command that takes these options, which stand in its help in this order."""
    return reduce(lambda made, option: option(made), reversed(options), command)


def open_browser(address: str) -> None:
    """Open a page, beside what serves it: a browser in the terminal returns when it is closed."""
    Thread(target=webbrowser.open, args=[address], daemon=True).start()


def open_bundle(assignment: Path | None) -> Bundle:
    """The bundle that was named, else the nearest one upward from here."""
    return Bundle.open(assignment) if assignment else Bundle.nearest(Path.cwd())


def open_results(folder: Path) -> Results:
    """A folder that a class was graded into.

    Raises:
        ReviewError: it is none.
    """
    if not (folder / "reports").is_dir():
        raise ReviewError(f"{folder} holds no results; name the folder of a graded class")
    return Results(folder)


def reviews_for(submissions: Path, output: Path, named: Path | None) -> Path:
    """Where the reviews of a class are: where they were last time, or beside the submissions.

    Args:
        output: where the class's results are, or will be.

    Raises:
        ReviewError: a folder was named that is not there.
    """
    if named is not None:
        if not named.is_dir():
            raise ReviewError(f"--reviews: there is no folder {named}")
        return named
    with suppress(OSError):
        if (output / "run.json").is_file():  # or it is no folder of results yet
            last_time = reviews_of(Results(output), None)
            if last_time.is_dir():
                return last_time
    return submissions.absolute().parent / "reviews"


def reviews_of(results: Results, named: Path | None) -> Path:
    """Where the reviews of a graded class are: where grading looked for them."""
    known = results.read_json("run.json").get("reviews", "../reviews")
    return named or (results.folder / known).resolve()


def left_out(misfits: Sequence[str]) -> list[str]:
    """What to say of reviews that do not fit."""
    return [f"review left out: {misfit}" for misfit in misfits]


def leave(problems: Sequence[str]) -> NoReturn:
    """Say last what is not as it should be, and end with the exit code for it."""
    for problem in problems:
        click.echo(problem)
    sys.exit(UNMARKED if problems else 0)
