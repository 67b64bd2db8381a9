"""`autograde check` and `autograde pack`: for students, before they hand in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from ..export.made import Made, write
from ..handing_in import AS_SHIPPED, Checked, check_work, pack_work
from ..report.text import printable
from ..sandbox.layers import Tier
from .exit_codes import UNMARKED

folder_argument = click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path()
)


@click.command()
@folder_argument
@click.pass_context
def check(context: click.Context, folder: Path) -> None:
    """Look at your work before you hand it in: public checks, and what is missing.

    FOLDER is the one that your course gave you, with your work in it (default: this one).
    Exit code: 0 every public check passes and nothing is missing, 1 something is to do.
    """
    context.exit(UNMARKED if _say(check_work(folder)) else 0)


@click.command()
@folder_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The zip. Default: beside FOLDER, with its name.",
)
def pack(folder: Path, output: Path | None) -> None:
    """Check your work, and pack it into a zip to hand in.

    Unfinished work is packed as well; a manifest in the zip names what is missing.
    """
    folder = folder.resolve()
    target = output or folder.parent / f"{folder.name}.zip"
    checked = check_work(folder, besides=target)
    packed = pack_work(checked)
    write(Made({"": packed.content}, []), target)
    _say(checked)
    click.echo(f"{target}: {packed.files} files, {len(packed.content) / 1024:.0f} KiB")
    for reason, count in Counter(packed.left_out.values()).items():
        if reason == AS_SHIPPED:
            click.echo(f"left out, {reason}: {count} files")
    for path, reason in packed.left_out.items():
        if reason != AS_SHIPPED:
            click.echo(printable(f"left out: {path}: {reason}"))


def _say(checked: Checked) -> bool:
    """Print what was found; whether anything is to do."""
    if checked.tier is Tier.NONE:
        click.echo(f"run as with plain pytest, not in a box: {checked.note}")
    tally = checked.tally
    for title, passed, count in tally.tasks:
        if passed < count:
            click.echo(f"{title}: {passed} of {count}; type `pytest` to see why")
    for text in tally.missing:
        click.echo(f"missing: {printable(text)}")
    later = checked.released.decided_later
    how = ", ".join(f"{points:g} {by}" for by, points in later.items() if points)
    click.echo(
        f"public {tally.passed} of {tally.count}; "
        f"{sum(later.values()):g} points are decided later: {how}"
    )
    return tally.passed < tally.count or bool(tally.missing)
