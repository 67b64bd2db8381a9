"""Settling a graded class anew: what people have said since, without running student code."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .. import __version__
from ..bundle import Bundle
from ..contract import Report
from ..pages.figures import Album
from ..pages.write import write_pages
from ..report.write import Results, report_document
from ..review.files import ReviewError
from ..review.released import FILE, as_json
from ..review.settle import Settlement
from .whole_class import place_of, write_tables


def graded_reports(bundle: Bundle, results: Results) -> list[Report]:
    """The reports of a folder.

    Raises:
        ReviewError: there are none, one is missing, or they are of another version of the
            assignment.
    """
    documents = results.read_reports()
    if not documents:
        raise ReviewError(f"{results.folder} holds no reports; grade the class first")
    current = (__version__, bundle.sha256)
    if any((d["grader"]["version"], d["grader"]["bundle_sha256"]) != current for d in documents):
        raise ReviewError(
            f"reports in {results.folder} are of another version of the assignment or of the "
            "grader; run `autograde SUBMISSIONS` first, and reviews that exist count then"
        )
    members = {member for d in documents for member in d["submission"]["members"]}
    table = (identifier for identifier, status in results.read_grades() if status != "missing")
    if absent := [identifier for identifier in table if identifier not in members]:
        raise ReviewError(
            f"the report of {absent[0]} is not in {results.folder}, or cannot be read; run "
            "`autograde SUBMISSIONS` again"
        )
    return [Report.model_validate(document) for document in documents]


def chosen_reports(reports: Sequence[Report], ids: Collection[str]) -> list[Report]:
    """Those with these ids, or all where none is given.

    Raises:
        ReviewError: there is no such submission.
    """
    unknown = sorted(set(ids) - {report.submission.id for report in reports})
    if unknown:
        raise ReviewError(f"there is no submission {unknown[0]!r} in these results")
    return [report for report in reports if not ids or report.submission.id in ids]


def settle_again(bundle: Bundle, results: Results, settlement: Settlement) -> list[Report]:
    """Write reports, tables, pages and what is released as people see it now.

    Raises:
        ReviewError: see `graded_reports`.
        OutputError: the disk refuses.
    """
    known = graded_reports(bundle, results)
    settled = [settlement.of(report) for report in known]
    missing = [identifier for identifier, status in results.read_grades() if status == "missing"]
    with results.writing():
        for before, now in zip(known, settled, strict=True):
            if now != before:
                results.keep_report(now, None)
        documents, published = [report_document(r) for r in settled], bool(settlement.released)
        write_tables(bundle, documents, results, missing)
        album = Album.of(bundle)
        write_pages(bundle, album, results, documents, published=published, missing=missing)
        results.write_json(
            "run.json", {**results.read_json("run.json"), **place_of(settlement.reviews, results)}
        )
        if settlement.released:
            results.write_json(FILE, as_json(settlement.released))
    return settled
