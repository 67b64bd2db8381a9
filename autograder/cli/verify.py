"""`autograde verify`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

import click
from rich.table import Table

from ..bundle import Bundle
from ..corpus import Case, disagreements, load_cases
from ..verify.corpus_run import Reports, grade_corpus
from ..verify.findings import Examined, examine
from ..verify.mutants import mutants_of
from ..verify.sample import most_telling
from ..verify.survivors import read_ledger, survivors, unexplained
from .exit_codes import UNMARKED
from .shared import assignment_option, jobs_option, open_bundle
from .show import ClassProgress, terminal

QUICK = "Of the wrong cases, only the most telling a check; trainings where a case names them."
FEW = 3
"""How many of the cases that a check catches are named."""


@click.command()
@assignment_option
@click.option("--whole", is_flag=True, help="Run every check of every case; reuse nothing.")
@click.option("--quick", is_flag=True, help=QUICK)
@click.option(
    "--repeats",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Grade accepted cases so many times, each with other random numbers.",
)
@click.option("--mutants", is_flag=True, help="Grade small mistakes in the reference instead.")
@click.option("--sample", type=click.IntRange(min=1), help="Only so many mutants, drawn at random.")
@click.option("--seed", type=int, default=0, show_default=True, help="Which mutants are drawn.")
@jobs_option
def verify(
    assignment: Path | None,
    whole: bool,
    quick: bool,
    repeats: int,
    mutants: bool,
    sample: int | None,
    seed: int,
    jobs: int,
) -> None:
    """Show that the assignment marks right work right and wrong work wrong.

    Grades the corpus in tests/submissions/ and holds every case against what it
    must get. Where a case has the reference's code, the reference's results are
    reused, unless --whole. With --mutants, grades the reference with one small
    mistake at a time; one that no check catches must stand, with a reason, in
    tests/submissions/survivors.yaml.

    Exit code: 0 everything is as it must be, 1 something is not, 2 usage or
    configuration error.
    """
    if (whole or quick or repeats > 1) and mutants:
        raise click.UsageError("--whole, --quick and --repeats are about the corpus, not --mutants")
    if whole and quick:
        raise click.UsageError("--whole grades every case, --quick a part of them")
    if sample and not mutants:
        raise click.UsageError("--sample is about --mutants")
    bundle = open_bundle(assignment)
    if mutants:
        sys.exit(UNMARKED if _grade_mutants(bundle, sample, seed, jobs) else 0)
    every = load_cases(bundle).values()
    cases = [case for case in every if whole or not case.slow]
    cases = most_telling(cases) if quick else cases
    examined = examine(bundle, cases, _grade(bundle, cases, jobs, whole=whole, trainings=not quick))
    accepted = [case for case in cases if case.kind == "accepted"]
    wrong = [*examined.wrong]
    for repeat in range(1, repeats):
        wrong += _grade_again(bundle, accepted, jobs, repeat)
    _show(bundle, examined)
    _list(wrong)
    if left := len(every) - len(cases):
        click.echo(f"left out: {left}, which wait for deadlines or tell less; --whole grades all")
    click.echo(f"{len(cases)} cases, {len(examined.caught_by)} hidden checks, {len(wrong)} wrong")
    sys.exit(UNMARKED if wrong else 0)


def _grade(bundle: Bundle, cases: list[Case], jobs: int, **how: Any) -> Reports:
    with tempfile.TemporaryDirectory() as folder, ClassProgress(len(cases)) as bar:
        return grade_corpus(bundle, cases, Path(folder), jobs, **how, progress=bar.advance_by)


def _grade_again(bundle: Bundle, cases: list[Case], jobs: int, repeat: int) -> list[str]:
    """What is wrong with cases when everything that is drawn at random is drawn anew."""
    salt = f"repeat {repeat}"
    reports = _grade(bundle, cases, jobs, whole=True, salt=salt)
    found = ((case.name, disagreements(case, reports[case.name])) for case in cases)
    return [f"{name}: {text} ({salt})" for name, texts in found for text in texts]


def _grade_mutants(bundle: Bundle, sample: int | None, seed: int, jobs: int) -> list[str]:
    """Grade mutants and say what is wrong with them or with the ledger of survivors."""
    ledger, every = read_ledger(bundle), mutants_of(bundle)
    chosen = Random(seed).sample(every, sample) if sample and sample < len(every) else every
    with tempfile.TemporaryDirectory() as folder, ClassProgress(len(chosen)) as bar:
        living = survivors(bundle, chosen, Path(folder), jobs, bar.advance_by)
    wrong = unexplained(ledger, every, chosen, living)
    _list(wrong)
    caught = len(chosen) - len(living)
    click.echo(f"{len(chosen)} of {len(every)} mutants: {caught} caught, {len(wrong)} wrong")
    return wrong


def _list(wrong: list[str]) -> None:
    for line in wrong:
        click.echo(f"wrong: {line}")


def _show(bundle: Bundle, examined: Examined) -> None:
    console = terminal()
    table = Table(title=f"{bundle.rubric.title}: cases", title_justify="left", box=None)
    table.add_column("kind")
    table.add_column("as it must be", justify="right")
    table.add_column("not", justify="right")
    for kind, (right, wrong) in examined.confusion.items():
        table.add_row(kind, str(right), str(wrong))
    console.print(table, markup=False)
    table = Table(title="Hidden checks, and wrong cases", title_justify="left", box=None)
    table.add_column("check", no_wrap=True)
    table.add_column("catches", justify="right")
    table.add_column("for example", overflow="fold")
    for check, cases in examined.caught_by.items():
        names = ", ".join(name.partition("/")[2] for name in cases[:FEW])
        table.add_row(check, str(len(cases)), names)
    console.print(table, markup=False)
