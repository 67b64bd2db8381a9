"""`autograde publish`."""

from __future__ import annotations

from pathlib import Path

import click

from ..grade.again import chosen_reports, graded_reports, settle_again
from ..model import CategoryId
from ..review.files import read_reviews
from ..review.released import read_released, release
from ..review.settle import Settlement
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


@click.command()
@results_argument
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option(
    "--category",
    "names",
    multiple=True,
    type=click.Choice([category.value for category in CategoryId]),
    help="Release this category; repeatable. Default: all.",
)
@click.option("--provisional", is_flag=True, help="Release also what waits for a person.")
@assignment_option
@reviews_option
def publish(
    results: Path,
    ids: tuple[str, ...],
    names: tuple[str, ...],
    provisional: bool,
    assignment: Path | None,
    reviews: Path | None,
) -> None:
    """Release categories of graded submissions: students see released ones only.

    RESULTS is the folder of a graded class (default: results); without an ID
    all of its submissions. What waits for a person is left out. From then on
    these points do not fall, unless grading is told --allow-decrease.
    """
    bundle, folder = open_bundle(assignment), open_results(results)
    known = read_released(results)
    people = read_reviews(reviews_of(folder, reviews))
    settlement = Settlement(bundle.rubric, people, known)
    every = [settlement.of(report) for report in graded_reports(bundle, folder)]
    chosen = chosen_reports(every, ids)
    wanted = [CategoryId(name) for name in names] or list(CategoryId)
    held = 0
    now = known
    for report in chosen:
        ready = [
            c.id for c in report.categories if c.id in wanted and (provisional or not c.provisional)
        ]
        held += sum(c.id in wanted for c in report.categories) - len(ready)
        now = release(now, [report], ready)
    settled = settle_again(bundle, folder, Settlement(bundle.rubric, people, now))
    problems = left_out(people.misfits(settled, {report.submission.id for report in settled}))
    count = sum(c.state == "released" for report in settled for c in report.categories)
    click.echo(f"{count} categories of {len(now)} submissions are released")
    if held:
        waiting = f"categories that wait for a person and stay hidden: {held}"
        problems.append(f"{waiting} (`autograde review`)")
    leave(problems)
