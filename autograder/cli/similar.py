"""`autograde similar`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..intake.scan import open_class
from ..report.text import printable
from ..report.write import OutputError
from ..sandbox.layers import Tier
from ..sandbox.tiers import find_tier
from ..similar.compare import Pair, Place, pairs
from ..similar.texts import Kind, Texts, read_class
from .shared import assignment_option, jobs_option, leave, open_bundle

KINDS: tuple[Kind, ...] = ("prose", "tests")
MOST_PASSAGES = 5
"""Of a pair, so many are printed, the longest first; the file holds all."""


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write JSON here.")
@click.option(
    "--least",
    type=click.IntRange(1, 100),
    default=25,
    show_default=True,
    metavar="PERCENT",
    help="Of the shorter text, this much must stand in the other.",
)
@assignment_option
@jobs_option
@click.option(
    "--isolation",
    type=click.Choice([tier.value for tier in Tier]),
    help="How documents are confined while they are read. Default: the best that holds here.",
)
def similar(
    submissions: Path,
    output: Path | None,
    least: int,
    assignment: Path | None,
    jobs: int,
    isolation: str | None,
) -> None:
    """Print where reports and students' own tests are alike: places to look at, no verdict.

    What the template or much of the class says is left out. No student code runs,
    no mark depends on it, and no page shows it.
    """
    bundle = open_bundle(assignment)
    with open_class(submissions) as opened:
        tier = find_tier(Tier(isolation) if isolation else None, bundle.secrets)
        with click.progressbar(length=len(opened.entries), label="reading") as bar:
            texts = read_class(opened.entries, bundle, tier, jobs, lambda: bar.update(1))
    found = [pair for kind in KINDS for pair in pairs(texts, kind, least / 100)]
    _print(texts, found)
    if output:
        _write(output, bundle.rubric.id, found)
    leave([text for each in texts for text in each.unread])


def _print(texts: list[Texts], found: list[Pair]) -> None:
    counts = [sum(bool(each.words.get(kind)) for each in texts) for kind in KINDS]
    click.echo(f"{len(texts)} submissions: {counts[0]} with prose, {counts[1]} with own tests")
    for pair in found:
        click.echo(f"\n{pair.kind} {100 * pair.share:.0f}%: {pair.one} and {pair.other}")
        passages = sorted(pair.passages, key=lambda passage: -passage.words)
        for each in passages[:MOST_PASSAGES]:
            where = f"{_lines(each.one)} and {_lines(each.other)}"
            click.echo(printable(f"  {each.words} words: {where}: {each.begins}"))
        if len(passages) > MOST_PASSAGES:
            click.echo(f"  and {len(passages) - MOST_PASSAGES} more")
    click.echo(f"\n{len(found)} pairs to look at" if found else "nothing to look at")


def _lines(place: Place) -> str:
    last = f"-{place.last}" if place.last > place.first else ""
    return f"{place.file}:{place.first}{last}"


def _write(path: Path, assignment: str, found: list[Pair]) -> None:
    document = {"assignment": assignment, "pairs": [pair.model_dump() for pair in found]}
    try:
        path.write_text(json.dumps(printable(document), indent=2, ensure_ascii=False) + "\n")
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from None
