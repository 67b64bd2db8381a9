"""`autograde grade`, or `autograde` alone."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ..bundle import Bundle
from ..contract import Report
from ..grade.again import settle_again
from ..grade.whole_class import ClassRun, grade_class
from ..intake.attempts import Entry, Policy
from ..intake.groups import with_roster
from ..intake.limits import IntakeError
from ..intake.roster import read_roster
from ..intake.scan import open_class
from ..report.write import OutputError, Results, report_document
from ..review.files import read_reviews
from ..review.released import FILE, as_json, read_released, release, together
from ..review.settle import Released, Settlement
from ..sandbox.layers import Tier
from ..sandbox.tiers import find_tier
from .shared import (
    assignment_option,
    jobs_option,
    leave,
    left_out,
    open_bundle,
    reviews_for,
    reviews_option,
    with_options,
)
from .show import ClassProgress, print_class, print_released, print_remarks, taken

GRADING_OPTIONS = (
    assignment_option,
    reviews_option,
    jobs_option,
    click.option(
        "--isolation",
        type=click.Choice([tier.value for tier in Tier]),
        help="How student code is confined. Default: the best that holds here, `none` excepted.",
    ),
    click.option("--only", multiple=True, metavar="ID", help="Grade this submission; repeatable."),
    click.option(
        "--roster",
        type=click.Path(path_type=Path),
        help="CSV of the class: id, and if you like section, deadline, group, members.",
    ),
    click.option(
        "--attempts",
        type=click.Choice([policy.value for policy in Policy]),
        default=Policy.LATEST.value,
        show_default=True,
        help="Which of several attempts counts.",
    ),
    click.option("--allow-decrease", is_flag=True, help="Let marks fall that were released."),
)


def grading_options(command: Callable[..., None]) -> Callable[..., None]:
    """Everything that grading a class can be told, except where results go."""
    return with_options(command, GRADING_OPTIONS)


@dataclass(frozen=True)
class Request:
    """What was asked for; the fields are the options."""

    submissions: Path
    output: Path
    assignment: Path | None
    reviews: Path | None
    jobs: int
    isolation: str | None
    only: tuple[str, ...]
    roster: Path | None
    attempts: str
    allow_decrease: bool


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("results"),
    show_default=True,
    help="Where reports and tables go.",
)
@grading_options
def grade(**options: Any) -> None:
    """Grade SUBMISSIONS and write a report for each, and tables for the class.

    Exit code: 0 every submission has a mark, 1 something could not be marked,
    2 usage or configuration error.
    """
    request = Request(**options)
    bundle = open_bundle(request.assignment)
    released = read_released(request.output)
    leave(grade_request(request, bundle, released))


def grade_request(request: Request, bundle: Bundle, released: Released) -> list[str]:
    """Grade a class and say what there is to say of it.

    Returns:
        What could not be marked, and reviews that were left out.
    """
    folder = reviews_for(request.submissions, request.output, request.reviews)
    students = read_roster(request.roster) if request.roster else None
    with open_class(request.submissions) as opened:
        found = with_roster(opened, students, Policy(request.attempts))
        chosen = _choose(found.entries, request.only)
        _refuse_inside(request)
        tier = find_tier(Tier(request.isolation) if request.isolation else None, bundle.secrets)
        _warn_of(tier)
        click.echo(taken(found))
        reviews, results = read_reviews(folder), Results(request.output)
        _refuse_another_assignment(results, bundle)
        settle = Settlement(bundle.rubric, reviews, released, request.allow_decrease)
        run = ClassRun(bundle, results, tier, settlement=settle)
        with ClassProgress(len(chosen)) as progress:
            documents = grade_class(
                *(run, found.entries, chosen, request.jobs, progress.advance_by),
                missing=found.missing,
            )
    since = together(released, read_released(request.output))
    if since != released:  # by `autograde publish`, while this was grading
        released, settle = since, Settlement(bundle.rubric, reviews, since, request.allow_decrease)
        documents = [report_document(report) for report in settle_again(bundle, results, settle)]
    print_class(bundle, documents, request.output)
    print_remarks(found, documents)
    reports = [Report.model_validate(document) for document in documents]
    print_released(reports, released)
    if released:
        _note_released(results, release(released, reports) if request.allow_decrease else released)
    problems = reviews.misfits(reports, {entry.id for entry in found.entries})
    return [*left_out(problems), *_unmarked(reports)]


def _refuse_another_assignment(results: Results, bundle: Bundle) -> None:
    """Keep what was released of one assignment from being taken for another's.

    Raises:
        OutputError: the folder holds results of another assignment.
    """
    known = results.read_json("summary.json").get("assignment")
    if isinstance(known, dict) and known.get("id") != bundle.rubric.id:
        raise OutputError(
            f"{results.folder} holds results of the assignment {known.get('id')!r}, and this one "
            f"is {bundle.rubric.id!r}: choose another folder with --output"
        )


def _note_released(results: Results, released: Released) -> None:
    with results.writing():
        results.write_json(FILE, as_json(released))


def _unmarked(reports: Iterable[Report]) -> list[str]:
    return [
        f"not graded: {report.submission.id}: {report.reason}"
        for report in reports
        if report.status != "graded"
    ]


def _refuse_inside(request: Request) -> None:
    """Results among the submissions would be taken for one of them."""
    inside = request.output.resolve().is_relative_to(request.submissions.resolve())
    if request.submissions.is_dir() and inside:
        raise IntakeError(
            f"--output {request.output} lies inside the submissions; choose another place"
        )


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


def _warn_of(tier: Tier) -> None:
    if tier is Tier.NONE:
        click.echo(
            "autograde: student code is not confined (--isolation none): for practice with code "
            "you trust; every report says so",
            err=True,
        )
