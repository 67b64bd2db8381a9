"""`autograde push`."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ..contract import amount
from ..export.journal import JOURNALS, Journal, journal_at
from ..export.parcels import ExportError, Outbox, Refusal, remarks_on
from ..export.push import Course, Letter, Plan, deliver_letters, plan
from ..export.trouble import TROUBLE
from .sending import PAGES, form_of, mark_options, nothing_sent, pack, sending_options, tell
from .shared import leave

UNTOLD = re.compile(r"[^A-Za-z0-9.-]+")


@click.command()
@click.argument("system", type=click.Choice(["moodle", "canvas"]))
@click.option("--url", required=True, help="The server, such as https://moodle.example.edu.")
@click.option("--course", default="", metavar="ID", help="Canvas: the course's number.")
@click.option("--to", "target", required=True, metavar="ID", help="The assignment's number.")
@click.option("--pages", is_flag=True, help="Canvas: attach every student's page to the comment.")
@click.option("--send", is_flag=True, help="Send. Without it nothing is changed, only looked at.")
@click.option("--overwrite", is_flag=True, help="Replace marks that were not sent from here.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.01),
    default=60.0,
    show_default=True,
    help="The longest that one request may take.",
)
@click.option(
    "--pause",
    type=click.FloatRange(min=0),
    default=5.0,
    show_default=True,
    help="Seconds until what failed is tried again.",
)
@mark_options
@sending_options
def push(system: str, overwrite: bool, send: bool, **options: Any) -> None:
    """Send the marks of RESULTS to Moodle or Canvas, and read every one back.

    Without --send it only says what would change. What is there already is not sent again, so the
    same command continues after whatever went wrong. The token comes from the environment
    (AUTOGRADE_MOODLE_TOKEN, AUTOGRADE_CANVAS_TOKEN) or from the keyring.
    """
    outbox = pack(options)
    try:
        course, host = _open(system, outbox, options)
        letters, unfit = _letters(course, outbox, scale=options["scale"])
        with journal_at(_journal_path(options, system, host)) as journal:
            planned = plan(letters, course.read(), journal, overwrite=overwrite)
            refused = [*outbox.refused, *unfit, *planned.refused]
            _say(planned, outbox, sending=send)
            if refused and not options["partial"]:
                nothing_sent(refused, "sent")
            pause = options["pause"]
            unsent = _send(planned, course, journal, pause=pause) if send else []
    except TROUBLE as error:
        raise ExportError(f"{error}; nothing was sent") from None
    problems = [f"refused: {refusal}" for refusal in refused]
    problems += [f"not sent: {refusal}" for refusal in unsent]
    if unsent:
        problems.append("the same command looks up what has arrived, and sends the rest")
    leave(problems)


def _open(system: str, outbox: Outbox, options: dict[str, Any]) -> tuple[Course, str]:
    """The assignment on its server, and the server's name."""
    # requests and keyring take a fifth of a second, and no other command needs them
    from ..export import canvas_service, moodle_service, server  # noqa: PLC0415

    url, target, seconds = options["url"], options["target"], options["seconds"]
    numbers = (target, options["course"]) if system == "canvas" else (target,)
    if not all(number.isascii() and number.isdigit() for number in numbers):
        raise ExportError("--to and, for Canvas, --course are numbers, as in the page's address")
    host = server.host_of(url)
    if system == "canvas" and options["rubric"]:
        raise ExportError("Canvas tells its rubric itself; leave --rubric away")
    if system == "moodle" and options["pages"]:
        raise ExportError("Moodle takes pages as one zip: `autograde feedback --for moodle`")
    if system == "moodle":
        token = server.read_token(moodle_service.TOKEN, moodle_service.KEYRING, host)
        form = form_of(outbox, options["rubric"])
        moodle = moodle_service.MoodleAssignment(
            url, token, int(target), seconds=seconds, form=form
        )
        moodle.open()
        return moodle, host
    token = server.read_token(canvas_service.TOKEN, canvas_service.KEYRING, host)
    pages = options["results"] / PAGES if options["pages"] else None
    canvas = canvas_service.CanvasAssignment(
        url, token, options["course"], target, seconds=seconds, pages=pages
    )
    canvas.open(outbox.parcels[0].report.categories if outbox.parcels else [])
    return canvas, host


def _letters(
    course: Course, outbox: Outbox, *, scale: bool
) -> tuple[Sequence[Letter], list[Refusal]]:
    made = [course.letter(parcel, scale=scale) for parcel in outbox.parcels]
    refused = [each for each in made if isinstance(each, Refusal)]
    return [each for each in made if isinstance(each, Letter)], refused


def _journal_path(options: dict[str, Any], system: str, host: str) -> Path:
    place = "-".join(filter(None, (system, host, options["course"], options["target"])))
    results: Path = options["results"]
    return results / JOURNALS / f"{UNTOLD.sub('-', place)}.jsonl"


def _say(planned: Plan, outbox: Outbox, *, sending: bool) -> None:
    tell(
        [
            f"replaces {amount(points)}: {letter.parcel.id}: {amount(letter.points)}"
            for letter in planned.letters
            for points in [planned.before.get(letter.parcel.id)]
            if points is not None
        ]
    )
    tell(remarks_on(outbox))
    verb = "to send" if sending else "would be sent; --send does it"
    click.echo(f"{planned.same} there already, {len(planned.letters)} {verb}")


def _send(planned: Plan, course: Course, journal: Journal, *, pause: float) -> list[Refusal]:
    unsent = deliver_letters(planned.letters, course, journal, lambda: time.sleep(pause))
    click.echo(f"{len(planned.letters) - len(unsent)} sent and read back")
    return unsent
