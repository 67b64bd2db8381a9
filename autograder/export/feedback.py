"""Every student's page, back in one archive that is named like the course system's own download."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..intake.layouts import CANVAS, CANVAS_ANONYMOUS, MOODLE
from .made import Made, ids
from .parcels import ExportError, Parcel, Refusal

PAGE = "feedback.html"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
LOST_IN_NAMES = str.maketrans({"_": " ", **dict.fromkeys("'/\\:*?\"<>|")})
"""What Moodle itself takes out of names in its downloads."""
LONGEST_NAME = 100


def moodle_feedback(parcels: Sequence[Parcel], pages: Path, into: Path | None) -> Made:
    """For "Upload multiple feedback files in a zip".

    Args:
        into: Moodle's own download, whose names are used again.

    Raises:
        ExportError: that is none.
    """
    known = _names_in(into, _moodle_place) if into else None

    def place(parcel: Parcel) -> str | None:
        if known is not None:
            return known.get(parcel.user)
        named = parcel.name.translate(LOST_IN_NAMES)[:LONGEST_NAME].strip()
        blind = not named or named == f"Participant {parcel.user}"
        return f"{'Participant' if blind else named}_{parcel.user}_assignsubmission_file/{PAGE}"

    return _archive(parcels, pages, place)


def canvas_feedback(parcels: Sequence[Parcel], pages: Path, into: Path | None) -> Made:
    """For "Re-upload student submissions": each page becomes an attachment of a comment.

    Args:
        into: Canvas' own download; only there are the numbers of attachments by which it
            finds the student.

    Raises:
        ExportError: it was not given, or is none.
    """
    if into is None:
        raise ExportError(
            "Canvas finds students by the names in its own download: "
            "give it with --into submissions.zip (Assignment, Download Submissions)"
        )
    known = _names_in(into, _canvas_place)
    made = _archive(parcels, pages, lambda parcel: known.get(parcel.user))
    remark = (
        "Canvas shows such a page under the name of the file that was handed in; "
        "`autograde push canvas --pages` attaches it under its own"
    )
    return replace(made, remarks=[remark])


@dataclass(frozen=True)
class Place:
    """Where a student's page goes.

    Attributes:
        number: of the file beside which it stands; of several files the newest counts.
    """

    user: str
    name: str
    number: int = 0


def _moodle_place(name: str) -> Place | None:
    folder, _, inside = name.partition("/")
    match = MOODLE.fullmatch(folder)
    if match is None:
        return None
    kind = f"{match['person']}_{match['id']}_assignsubmission_{match['type']}"
    in_folder = inside or not match["file"]
    return Place(match["id"], f"{folder}/{PAGE}" if in_folder else f"{kind}_{PAGE}")


def _canvas_place(name: str) -> Place | None:
    base = name.rpartition("/")[2]
    match = CANVAS_ANONYMOUS.fullmatch(base) or CANVAS.fullmatch(base)
    if match is None or not match["file"]:
        return None
    page = f"{base[: match.start('file')]}{PAGE}"
    return Place(match["id"], page, int(match["attachment"][:30]))


def _names_in(archive: Path, place: Callable[[str], Place | None]) -> dict[str, str]:
    """Student -> the name of the page, by what stands in a download."""
    try:
        with zipfile.ZipFile(archive) as opened:
            found = list(filter(None, map(place, opened.namelist())))
    except OSError as error:
        raise ExportError(f"{archive} cannot be read: {error.strerror}") from None
    except (zipfile.BadZipFile, ValueError) as error:
        raise ExportError(f"{archive} is no zip that can be read: {error}") from None
    if not found:
        raise ExportError(f"{archive} has no entry named as in a download of submissions")
    found.sort(key=lambda each: -each.number)
    return {each.user: each.name for each in reversed(found)}


def _archive(parcels: Sequence[Parcel], pages: Path, place: Callable[[Parcel], str | None]) -> Made:
    if not any(pages.glob("*.html")):
        raise ExportError(
            f"there are no student pages in {pages}; "
            "run `autograde SUBMISSIONS` again, which writes them and grades nothing twice"
        )
    content = io.BytesIO()
    sent, refused = [], []
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for parcel in parcels:
            name, page = place(parcel), pages / f"{parcel.report.submission.id}.html"
            if name is None:
                refused.append(Refusal(parcel.id, f"{parcel.user} has no file in that download"))
            elif not page.is_file():
                refused.append(
                    Refusal(parcel.id, f"there is no page {page}; grade the class again")
                )
            else:
                info = zipfile.ZipInfo(name, FIRST_DAY)
                info.external_attr = 0o644 << 16
                archive.writestr(info, page.read_bytes(), zipfile.ZIP_DEFLATED)
                sent.append(parcel)
    return Made({"": content.getvalue()}, ids(sent), refused)
