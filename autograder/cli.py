"""The command `autograde`: what an instructor or author types, and what they read."""

from __future__ import annotations

import difflib
import os
import signal
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from . import __version__
from .bundle import Bundle
from .doctor import examine
from .grade.entry import Cost
from .grade.whole_class import ClassRun, RunStopped, grade_class
from .handout import HandoutError, build_handout
from .intake.attempts import Entry, Policy
from .intake.groups import with_roster
from .intake.limits import IntakeError
from .intake.roster import read_roster
from .intake.scan import Class, open_class
from .model import CategoryId
from .release import ReleaseError, write_template
from .report.write import OutputError, Results
from .rubric.load import RubricError
from .sandbox.layers import Tier
from .sandbox.outer import SandboxUnavailable
from .sandbox.tiers import find_tier

PIPE_WIDTH = 160
USAGE_ERROR = 2
UNMARKED = 1
EXPECTED_ERRORS = (
    IntakeError,
    RubricError,
    OutputError,
    RunStopped,
    SandboxUnavailable,
    ReleaseError,
    HandoutError,
)

assignment_option = click.option(
    "--assignment",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The assignment's folder. Default: the nearest one upward with a rubric.yaml.",
)


class GradeByDefault(click.Group):
    """A group whose first word is a submissions folder unless it is a command's name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `grade` before anything that is not a command or a plea for help."""
        known = {*self.commands, "-h", "--help", "--version"}
        if args and args[0] not in known:
            args = ["grade", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run; whatever was foreseen to go wrong ends as a message and exit code 2."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C
        try:
            return super().invoke(ctx)
        except EXPECTED_ERRORS as error:
            click.echo(f"autograde: {error}", err=True)
            ctx.exit(USAGE_ERROR)
        except KeyboardInterrupt:
            text = "what is finished is kept, and the same command continues with the rest"
            click.echo(f"autograde: stopped; {text}", err=True)
            ctx.exit(UNMARKED)


@click.group(cls=GradeByDefault, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="autograde")
def main() -> None:
    """Grade a class: autograde SUBMISSIONS.

    SUBMISSIONS is a folder (or one archive) of folders, archives, notebooks or
    modules, one a student. `autograde grade --help` lists the options.
    """


@main.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@assignment_option
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("results"),
    show_default=True,
    help="Where reports and tables go.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Processes. Default: one a core.")
@click.option(
    "--isolation",
    type=click.Choice([tier.value for tier in Tier]),
    help="How student code is confined. Default: the best that holds here, `none` excepted.",
)
@click.option("--only", multiple=True, metavar="ID", help="Grade this submission; repeatable.")
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    help="CSV of the class: id, and if you like section, deadline, group, members.",
)
@click.option(
    "--attempts",
    type=click.Choice([policy.value for policy in Policy]),
    default=Policy.LATEST.value,
    show_default=True,
    help="Which of several attempts counts.",
)
def grade(
    submissions: Path,
    assignment: Path | None,
    output: Path,
    jobs: int | None,
    isolation: str | None,
    only: tuple[str, ...],
    roster: Path | None,
    attempts: str,
) -> None:
    """Grade SUBMISSIONS and write a report for each, and tables for the class.

    Exit code: 0 every submission has a mark, 1 something could not be marked,
    2 usage or configuration error.
    """
    bundle = _bundle(assignment)
    students = read_roster(roster) if roster else None
    with open_class(submissions) as opened:
        found = with_roster(opened, students, Policy(attempts))
        chosen = _choose(found.entries, only)
        if submissions.is_dir() and output.resolve().is_relative_to(submissions.resolve()):
            raise IntakeError(
                f"--output {output} lies inside the submissions; choose another place"
            )
        tier = find_tier(Tier(isolation) if isolation else None, _secrets(bundle))
        _warn_of(tier)
        click.echo(_taken(found))
        run = ClassRun(bundle, Results(output), tier)
        with _ClassProgress(len(chosen)) as progress:
            documents = grade_class(
                *(run, found.entries, chosen, jobs or _cores(), progress.advance_by),
                missing=found.missing,
            )
    _print_class(bundle, documents, output)
    _print_remarks(found, documents)
    unmarked = [d for d in documents if d["status"] != "graded"]
    for document in unmarked:
        click.echo(f"not graded: {document['submission']['id']}: {document['reason']}")
    sys.exit(UNMARKED if unmarked else 0)


@main.command()
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
    from the Markdown in assignment/.
    """
    bundle = _bundle(assignment)
    target = output or bundle.root / "student_template"
    count = write_template(bundle, target)
    click.echo(f"{count} files written to {target}; nothing else is meant for students")
    place = handout or bundle.root / "build" / "handout"
    if pages := build_handout(bundle, place):
        click.echo(f"{pages} {'page' if pages == 1 else 'pages'} of the handout in {place}")


@main.command()
def doctor() -> None:
    """Say how well student code can be confined on this machine, and what is missing."""
    for line in examine():
        click.echo(line)


class _ClassProgress:
    """A progress bar on a terminal; silence in a pipe."""

    def __init__(self, total: int) -> None:
        self._bar = Progress(
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=Console(stderr=True),
            auto_refresh=False,  # a refreshing thread would not survive the fork
            disable=not sys.stderr.isatty(),
        )
        self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> _ClassProgress:
        self._bar.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._bar.stop()

    def advance_by(self, cost: Cost) -> None:
        """Count one finished submission."""
        self._bar.update(self._task, advance=1, description=cost.id, refresh=True)


def _bundle(assignment: Path | None) -> Bundle:
    return Bundle.open(assignment) if assignment else Bundle.nearest(Path.cwd())


def _choose(entries: list[Entry], only: tuple[str, ...]) -> list[Entry]:
    """The entries to grade: those asked for by an id, their own or a member's."""
    ids = {identifier for entry in entries for identifier in (entry.id, *entry.members)}
    unknown = sorted(set(only) - ids)
    if unknown:
        close = difflib.get_close_matches(unknown[0], sorted(ids), n=5, cutoff=0.5)
        known = ", ".join(close or [entry.id for entry in entries[:10]])
        what = "close ids" if close else "the first ids"
        raise IntakeError(f"--only: no submission {unknown[0]!r}; {what} are {known}")
    return [e for e in entries if not only or {e.id, *e.members} & set(only)]


def _secrets(bundle: Bundle) -> list[Path]:
    """Files that would give the assignment away: one of the solution, one of the hidden checks."""
    folders = (bundle.reference_dir, bundle.hidden_dir)
    return [path for folder in folders for path in sorted(folder.glob("*.py"))[:1]]


def _warn_of(tier: Tier) -> None:
    if tier is Tier.NONE:
        click.echo(
            "autograde: student code is not confined (--isolation none): for practice with code "
            "you trust; every report says so",
            err=True,
        )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _print_class(bundle: Bundle, documents: list[dict[str, Any]], output: Path) -> None:
    """The class as a table, and where the reports are."""
    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)
    table = Table(title=bundle.rubric.title, title_justify="left", box=None)
    table.add_column("id", overflow="fold")
    table.add_column("points", justify="right", no_wrap=True)
    for category in CategoryId:
        table.add_column(category.value, justify="right")
    for document in documents:
        if document["score"] is not None:
            score = document["score"]
            cells = [f"{c['points']:g}" for c in document["categories"]]
            mark = f"{score['points']:g} / {score['possible']:g}"
            table.add_row(document["submission"]["id"], mark, *cells)
    console.print(table, markup=False)
    graded = sum(d["status"] == "graded" for d in documents)
    waiting = sum(bool(d["review"]["pending"]) for d in documents)
    click.echo(f"{graded} of {len(documents)} graded; {waiting} wait for a person's review")
    click.echo(f"reports: {output / 'reports'}, class table: {output / 'grades.csv'}")


def _taken(found: Class) -> str:
    """Which layout was recognised, and what was found in it."""
    students = len({member for entry in found.entries for member in entry.members})
    attempts = sum(len(entry.attempts) for entry in found.entries)
    where = f"a download from {found.layout}" if found.layout else "a plain folder"
    counts = [_count(students, "student"), _count(attempts, "attempt")]
    if len(found.entries) != students:
        counts.insert(1, _count(len(found.entries), "submission"))
    missing = f"; {len(found.missing)} of the roster missing" if found.missing else ""
    return f"taken as {where}: {', '.join(counts)}{missing}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _print_remarks(found: Class, documents: list[dict[str, Any]]) -> None:
    """What an instructor should know of the class as a whole."""
    graded = {document["submission"]["id"] for document in documents}
    waiting = sum(entry.id not in graded for entry in found.entries)
    if waiting:
        click.echo(f"{waiting} of {len(found.entries)} not graded yet; run without --only")
    for remark in found.remarks:
        click.echo(remark)
    if found.passed_over:
        names = ", ".join(ascii(name)[1:-1] for name in found.passed_over[:10])
        click.echo(f"passed over, as no submissions: {names}")
