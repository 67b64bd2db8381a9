"""What is said of a class: while it is graded, and when it is."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ..bundle import Bundle
from ..contract import Report
from ..grade.entry import Cost
from ..intake.scan import Class
from ..model import CategoryId
from ..review.released import risen
from ..review.settle import Released

PIPE_WIDTH = 160
MOST_IDS = 10


def terminal() -> Console:
    """Where tables are printed: a terminal as it is, a pipe with room for a line each."""
    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)


class ClassProgress:
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

    def __enter__(self) -> ClassProgress:
        self._bar.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._bar.stop()

    def advance_by(self, cost: Cost) -> None:
        """Count one finished submission."""
        self._bar.update(self._task, advance=1, description=cost.id, refresh=True)


def print_class(bundle: Bundle, documents: list[dict[str, Any]], output: Path) -> None:
    """The class as a table, and where the reports are."""
    console = terminal()
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
    click.echo(f"pages: {output / 'index.html'}, students: {output / 'pages'}")


def print_released(reports: Iterable[Report], released: Released) -> None:
    """Where a mark that students have seen is not what it would be now, or not what it was."""
    more = []
    for report in reports:
        identifier = report.submission.id
        for category in report.categories:
            now, seen = float(category.points), released.get(identifier, {}).get(category.id)
            kept = [float(a.points) for a in category.adjustments or [] if a.by == "released"]
            if kept:
                without = f"as released; it would be {now - kept[0]:g} (--allow-decrease)"
                click.echo(f"{identifier}: {category.id} stays at {now:g}, {without}")
            elif seen is not None and category.points < seen:
                fall = f"falls from {float(seen):g}, as released, to {now:g}"
                click.echo(f"{identifier}: {category.id} {fall}")
        if risen(report, released):
            more.append(identifier)
    if more:
        named = ", ".join(more[:MOST_IDS]) + (" …" if more[MOST_IDS:] else "")
        click.echo(f"more points than were released: {named} (`autograde publish` releases them)")


def taken(found: Class) -> str:
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


def print_remarks(found: Class, documents: list[dict[str, Any]]) -> None:
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
