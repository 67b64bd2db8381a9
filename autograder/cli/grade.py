"""`autograde grade`, or `autograde` alone."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import click

from ..bundle import Bundle
from ..grade.whole_class import ClassRun, grade_class
from ..intake.attempts import Entry, Policy
from ..intake.groups import with_roster
from ..intake.limits import IntakeError
from ..intake.roster import read_roster
from ..intake.scan import open_class
from ..report.write import Results
from ..sandbox.layers import Tier
from ..sandbox.tiers import find_tier
from .shared import UNMARKED, assignment_option, cores, open_bundle
from .show import ClassProgress, print_class, print_remarks, taken


@click.command()
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
    bundle = open_bundle(assignment)
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
        click.echo(taken(found))
        run = ClassRun(bundle, Results(output), tier)
        with ClassProgress(len(chosen)) as progress:
            documents = grade_class(
                *(run, found.entries, chosen, jobs or cores(), progress.advance_by),
                missing=found.missing,
            )
    print_class(bundle, documents, output)
    print_remarks(found, documents)
    unmarked = [d for d in documents if d["status"] != "graded"]
    for document in unmarked:
        click.echo(f"not graded: {document['submission']['id']}: {document['reason']}")
    sys.exit(UNMARKED if unmarked else 0)


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
