"""`autograde export` and `autograde feedback`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ..export.ags import ags_scores
from ..export.canvas import fill_gradebook, grade_data
from ..export.feedback import canvas_feedback, moodle_feedback
from ..export.gradescope import gradescope_files
from ..export.made import FOLDER, Made
from ..export.moodle import fill_worksheet, service_calls
from ..export.others import BLACKBOARD, BRIGHTSPACE, fill_table
from ..export.parcels import ExportError, Outbox
from ..export.tables import csv_table, json_table
from .sending import PAGES, deliver, form_of, mark_options, pack, sending_options

JSON = ".json"
into_option = click.option(
    "--into",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The file that the course system exported, to be filled in.",
)
output_option = click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Where the result goes. Default: in RESULTS/export/.",
)


@click.command()
@click.argument(
    "form",
    type=click.Choice(
        ["gradescope", "canvas", "moodle", "brightspace", "blackboard", "lti-ags", "csv", "json"]
    ),
)
@into_option
@output_option
@click.option(
    "--column",
    default="",
    help="The assignment's column, or how it begins; in Canvas also its number.",
)
@mark_options
@sending_options
def export(
    form: str,
    into: Path | None,
    output: Path | None,
    column: str,
    scale: bool,
    rubric: Path | None,
    **options: Any,
) -> None:
    """Write the marks of RESULTS as a course system takes them.

    Moodle: --into worksheet.csv (Download grading worksheet) fills it in; --into mappings.json (the
    answer of mod_assign_get_user_mappings) writes calls of the web service, with --rubric (the
    answer of core_grading_get_definitions) its rubric or marking guide filled in. Canvas: --into
    gradebook.csv fills it in; otherwise the body of its call update_grades is written, with the
    rubric if --into assignment.json (its answer for the assignment) names it. Brightspace and
    Blackboard: --into the table of marks they exported.

    Everything is looked at first: if a mark would be lost, wiped or capped, its row is named and
    nothing is written.
    """
    outbox = pack(options)
    made, name = _make(form, outbox, into, column, rubric, scale=scale)
    where = output or options["results"] / FOLDER / name
    deliver(made, outbox, where, partial=options["partial"], into=into)


def _make(
    form: str,
    outbox: Outbox,
    into: Path | None,
    column: str,
    rubric: Path | None,
    *,
    scale: bool,
) -> tuple[Made, str]:
    """The files of one form, and what they are called by default."""
    parcels = outbox.parcels
    filling = into if into and into.suffix.lower() != JSON else None
    if rubric and (form != "moodle" or into is None or filling):
        raise ExportError("--rubric belongs to calls of Moodle's web service: --into mappings.json")
    match form:
        case "moodle" if filling:
            return fill_worksheet(parcels, filling, scale=scale), "moodle.csv"
        case "moodle" if into:
            return service_calls(parcels, into, form_of(outbox, rubric), scale=scale), "moodle.json"
        case "moodle":
            raise ExportError(
                "Moodle's identifiers stand only in its own files: give its grading worksheet "
                "with --into worksheet.csv (Submissions, Download grading worksheet)"
            )
        case "canvas" if filling:
            return fill_gradebook(parcels, filling, column, scale=scale), "canvas.csv"
        case "canvas":
            return grade_data(parcels, into, scale=scale), "canvas.json"
        case "brightspace" | "blackboard":
            if into is None:
                raise ExportError(f"give the table that {form.title()} exported with --into")
            table = BRIGHTSPACE if form == "brightspace" else BLACKBOARD
            return fill_table(table, parcels, into, column, scale=scale), f"{form}.csv"
    if into or scale or column:
        raise ExportError(f"{form} fills no file in: leave --into, --column and --scale away")
    match form:
        case "gradescope":
            return gradescope_files(parcels), "gradescope"
        case "lti-ags":
            return ags_scores(parcels, datetime.now(UTC)), "lti-ags.json"
        case "csv":
            return csv_table(parcels), "marks.csv"
    return json_table(parcels), "marks.json"


@click.command()
@click.option("--for", "system", type=click.Choice(["moodle", "canvas"]), required=True)
@into_option
@output_option
@sending_options
def feedback(system: str, into: Path | None, output: Path | None, **options: Any) -> None:
    """Put every student's page into one zip that the course system hands out.

    Moodle: "Upload multiple feedback files in a zip"; with --into its own download its names are
    used again. Canvas: "Re-upload student submissions" makes each page an attachment of a comment,
    and needs --into its own download.

    A page shows the categories that are released, and whoever has none of them gets no page. Where
    nothing of the class is released, pages show every mark, and those that wait for a person stay
    here; --provisional takes all.
    """
    outbox = pack(options, partly=True)  # pages leave out by themselves what is not released
    pages = options["results"] / PAGES
    make = moodle_feedback if system == "moodle" else canvas_feedback
    made = make(outbox.parcels, pages, into)
    where = output or options["results"] / FOLDER / f"feedback-{system}.zip"
    deliver(made, outbox, where, partial=options["partial"], into=into)
