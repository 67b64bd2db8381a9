"""`autograde review`."""

from __future__ import annotations

import getpass
import re
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.table import Table

from ..review.agreement import agreement
from ..review.files import REVIEWER
from ..review.marks import read_mark
from ..review.released import read_released
from ..review.waiting import Item
from .desk import Desk
from .review_page import serve
from .review_queue import Queue
from .review_screen import OneByOne, Skipped, ask_comment, ask_mark, show
from .shared import (
    assignment_option,
    leave,
    left_out,
    open_bundle,
    open_results,
    results_argument,
    reviews_of,
    reviews_option,
)
from .show import print_released, terminal


@click.command()
@results_argument
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--reviewer", help="Short name of who marks. Default: your user name.")
@click.option("--question", metavar="ID", help="Only this evidence, or a category as a whole.")
@click.option("--decide", is_flag=True, help="Settle what others disagree about.")
@click.option("--set", "mark", metavar="MARK", help="Mark the IDs at once, without asking.")
@click.option("--comment", default="", help="With --set: what students read.")
@click.option("--page", is_flag=True, help="Mark on a page in the browser, until Ctrl-C.")
@click.option("--no-browser", is_flag=True, help="With --page: only print the address.")
@click.option("--agreement", "agree", is_flag=True, help="Print how far reviewers agree.")
@assignment_option
@reviews_option
def review(
    results: Path,
    ids: tuple[str, ...],
    reviewer: str | None,
    question: str | None,
    decide: bool,
    mark: str | None,
    comment: str,
    page: bool,
    no_browser: bool,
    agree: bool,
    assignment: Path | None,
    reviews: Path | None,
) -> None:
    """Mark what waits for a person: one question across all submissions, alike ones together.

    RESULTS is the folder of a graded class (default: results). Every mark is
    written at once as a review file; reports and tables follow at the end.
    """
    bundle, folder = open_bundle(assignment), open_results(results)
    desk = Desk(bundle, folder, reviews_of(folder, reviews), _name(reviewer), decide)
    if agree:
        _print_agreement(desk)
        return
    if page and mark is not None:
        raise click.UsageError("--set marks at once, without a page")
    if page:
        written = serve(Queue(desk, ids, question), browser=not no_browser)
    elif mark is None:
        written = _go_through(desk, question, ids)
    elif question and ids:
        written = _mark_all(desk, desk.items(question, ids), mark, comment)
    else:
        raise click.UsageError("--set needs --question ID, and RESULTS ID... behind it")
    reports, problems = desk.close()
    waiting = sum(bool(report.review.pending) for report in reports)
    click.echo(f"reviews written to {desk.folder}: {written}")
    click.echo(f"submissions that wait for a review: {waiting} of {len(reports)}")
    print_released(reports, read_released(results))
    leave(left_out(problems))


def _name(given: str | None) -> str:
    name = given or getpass.getuser()
    if not re.fullmatch(REVIEWER, name):
        raise click.UsageError(f"--reviewer: {name!r}; use a short name of letters and digits")
    return name


def _mark_all(desk: Desk, items: Sequence[Item], text: str, comment: str) -> int:
    """One mark for all of these."""
    try:
        marks = [read_mark(text, item.subject) for item in items]
    except ValueError as error:
        raise click.UsageError(f"--set: {error}") from None
    for item, mark in zip(items, marks, strict=True):
        desk.put_down(item, mark, comment)
    return len(items)


def _go_through(desk: Desk, question: str | None, ids: Sequence[str]) -> int:
    """Ask for one question after the other, until nothing waits or the reviewer leaves."""
    written = 0
    try:
        for each in [question] if question else desk.questions:
            for count in _ask_across(desk, each, desk.items(each, ids), named=bool(question)):
                written += count
    except click.Abort:
        click.echo()
    return written


def _ask_across(desk: Desk, question: str, items: Sequence[Item], *, named: bool) -> Iterator[int]:
    """Ask for one question across submissions; yields how many each mark was put down for.

    Args:
        named: whether the question was asked for by name, so that what needs no mark may get one.
    """
    queue = deque(desk.groups(items, named=named))
    total, comments = len(queue), desk.comments(question)
    while queue:
        group = queue.popleft()
        place = f"{total - len(queue)} of {total}"
        show(group, place, desk.bundle.rubric, others=desk.decides)
        try:
            mark = ask_mark(group)
        except Skipped:
            continue
        except OneByOne:
            queue.extendleft([item] for item in reversed(group))
            total += len(group) - 1
            continue
        comment = ask_comment(comments)
        for item in group:
            desk.put_down(item, mark, comment)
        yield len(group)


def _print_agreement(desk: Desk) -> None:
    table = Table(box=None)
    for name in ("category", "pairs", "equal", "mean difference", "weighted kappa"):
        table.add_column(name, justify="left" if name == "category" else "right")
    for row in agreement(desk.reports):
        kappa = "-" if row.kappa is None else f"{row.kappa:.2f}"
        percent = (f"{100 * row.equal:.0f}%", f"{row.difference:.1f}% of the points")
        table.add_row(row.category.value, str(row.pairs), *percent, kappa)
    if table.row_count:
        terminal().print(table, markup=False)
    else:
        click.echo("nothing has been marked by two people yet")
