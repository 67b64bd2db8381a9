"""Removing students from graded results and reviews, and saying where more of them may be.

Everything is looked for by id, whatever of it is still there, so that a run that was stopped is
finished by the same command. What leads to the rest goes last: reports, then the table of names.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .bundle import Bundle
from .contract import Report
from .export.journal import JOURNALS, strike_out
from .export.made import FOLDER
from .export.people import read_names
from .grade.again import graded_reports
from .model import SUBMISSION_ID
from .pages.figures import Album
from .pages.write import CLASS_PAGE, write_pages
from .report.tables import summary
from .report.write import OutputError, Results, report_document
from .review.files import ReviewError, read_reviews
from .review.released import FILE, read_released

LAWFUL = re.compile(rf"(?!\.+$){SUBMISSION_ID}")
"""What a submission's id looks like: no other word is ever made a path."""
SHORTEST_NAME = 3
"""A shorter name stands in many a word, and is not looked for."""
BEYOND_REACH = (
    "not reached: the submissions and the roster (grading them again brings everything back), "
    "copies of these results and other folders of results, and what the course system was sent"
)


def forget(
    ids: Collection[str], results: Results, reviews: Path, bundle: Bundle, users: Collection[str]
) -> list[str]:
    """Remove students; the work of a group stays for its other members.

    Args:
        ids: of students, or of submissions with everybody for whom they stand.
        reviews: the folder of the review files.
        users: what the course system calls them, where that is not their id.

    Returns:
        What was removed, and where something of them still stands.

    Raises:
        OutputError: a file cannot be removed or written.
        ReviewError: the folder of reviews cannot be read.
    """
    folder = results.folder
    reports = [Report.model_validate(document) for document in results.read_reports()]
    whole = [report.submission for report in reports if report.submission.id in ids]
    people = {*ids, *(member for submission in whole for member in submission.members)}
    alone = {r.submission.id for r in reports if people.issuperset(r.submission.members)}
    gone = alone | people
    known = read_names(folder)
    names = {known[person] for person in people if len(known.get(person, "")) >= SHORTEST_NAME}
    with results.writing(), _disk(folder):
        said = [*_sent(folder, {*people, *users}), *_reviews(reviews, gone)]
        said += [*_files(folder, gone), *_memberships(results, people)]
        said += [*_entries(results, gone), *_summary(results, bundle, bool(said))]
    return [*said, *(f"still named, in words of others: {p}" for p in _naming(folder, names))]


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """While open, a disk that refuses is an error for people."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot change {error.filename or folder}: {error.strerror}; once this is mended, "
            "the same command does the rest"
        ) from None


def _sent(folder: Path, users: Collection[str]) -> Iterator[str]:
    """What was made for the course system holds many names; it is made again in seconds."""
    if (folder / FOLDER).is_dir():
        shutil.rmtree(folder / FOLDER)
        yield f"removed, since others are named in it as well: {folder / 'export'}"
    for journal in sorted((folder / JOURNALS).glob("*.jsonl")):
        if struck := strike_out(journal, users):
            yield f"lines removed from {journal}: {struck}"


def _reviews(folder: Path, gone: Collection[str]) -> Iterator[str]:
    """What was said of their work; what a review says counts, not what its file is called."""
    paths = {path for path, review in read_reviews(folder).files if review.id in gone}
    paths |= {path for name in _lawful(gone) for path in (folder / name).rglob("*")}
    files = [path for path in sorted(paths) if not path.is_dir() or path.is_symlink()]
    for path in files:
        path.unlink()
    for name in _lawful(gone):
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
    if files:
        yield f"reviews removed from {folder}: {len(files)}"


def _files(folder: Path, gone: Collection[str]) -> Iterator[str]:
    """Everything that is called by the id, the report last."""
    for name in sorted(_lawful(gone)):
        if (folder / "attempts" / name).is_dir():
            shutil.rmtree(folder / "attempts" / name)
            yield f"removed: {folder / 'attempts' / name}"
        for place in (f"pages/{name}.html", f"artifacts/{name}.json", f"reports/{name}.json"):
            if (folder / place).exists():
                (folder / place).unlink()
                yield f"removed: {folder / place}"


def _lawful(ids: Collection[str]) -> set[str]:
    return {each for each in ids if LAWFUL.fullmatch(each)}


def _memberships(results: Results, people: Collection[str]) -> Iterator[str]:
    """Take members out of the reports of groups, those of earlier attempts as well."""
    for document in results.read_attempts():
        if (report := _without_members(Report.model_validate(document), people)) is not None:
            results.write_attempt(report)
    for document in results.read_reports():
        if (report := _without_members(Report.model_validate(document), people)) is not None:
            results.keep_report(report, document)
            yield f"{report.submission.id}: its work stays for the other members"


def _without_members(report: Report, people: Collection[str]) -> Report | None:
    """The report for those who stay; None where nobody of it goes."""
    kept = [member for member in report.submission.members if member not in people]
    if len(kept) == len(report.submission.members):
        return None
    submission = report.submission.model_copy(update={"members": kept})
    return report.model_copy(update={"submission": submission})


def _entries(results: Results, gone: Collection[str]) -> Iterator[str]:
    """Entries and rows in the files about the whole class, the names last."""
    documents = {path.name: results.read_json(path.name) for path in results.folder.glob("*.json")}
    for name, document in sorted(documents.items()):
        kept = _without_entries(document, gone)
        if name == FILE:
            kept = {
                identifier: value for identifier, value in kept.items() if identifier not in gone
            }
        if kept != document:
            results.write_json(name, kept)
            yield f"entries removed from {results.folder / name}"
    for path in sorted(results.folder.glob("*.csv")):
        try:
            rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
        except (ValueError, csv.Error):
            raise OutputError(
                f"{path} is no table in UTF-8, and may hold what has to go: mend or remove it, and "
                "repeat the command"
            ) from None
        header, others = rows[:1], rows[1:]
        left = [row for row in others if not row or row[0].removeprefix("'") not in gone]
        if left != others:
            results.write_table(path.name, [*header, *left])
            yield f"rows removed from {path}: {len(others) - len(left)}"


def _without_entries(value: Any, gone: Collection[str]) -> Any:
    """The document without items that are one of these ids, or have it as their `id`."""
    if isinstance(value, dict):
        return {key: _without_entries(item, gone) for key, item in value.items()}
    if isinstance(value, list):
        named = ((v.get("id") if isinstance(v, dict) else v, v) for v in value)
        return [
            _without_entries(v, gone) for n, v in named if not isinstance(n, str) or n not in gone
        ]
    return value


def _summary(results: Results, bundle: Bundle, changed: bool) -> Iterator[str]:
    """The class in numbers and its page, for those who stay."""
    if not changed:
        return
    known, documents = results.read_json("summary.json"), results.read_reports()
    missing = [identifier for identifier, status in results.read_grades() if status == "missing"]
    if known:
        kept = {"assignment": known["assignment"], **summary(documents, missing)}
        results.write_json("summary.json", kept)
    try:
        documents = [report_document(report) for report in graded_reports(bundle, results)]
    except ReviewError:  # nobody is left, or the assignment is another one by now
        (results.folder / CLASS_PAGE).unlink(missing_ok=True)
        yield f"removed: {results.folder / CLASS_PAGE}; grading writes it anew"
        return
    published = bool(read_released(results.folder))
    album = Album.of(bundle)
    write_pages(bundle, album, results, documents, published=published, missing=missing)


def _naming(folder: Path, names: Collection[str]) -> list[Path]:
    """Files of the results in which one of these names stands, such as a partner's report."""
    if not names:
        return []
    named = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?!\w)")
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in paths if named.search(path.read_text("utf-8", "replace"))]
