"""Review files: one a submission, question and reviewer, so that several people can work at once.

Files are written once and read wherever they lie below the folder, so that it
can be shared, copied together, or kept in git. What a file says counts, not
what it is called.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, Field, ValidationError, model_validator

from ..atomic import replace_file
from ..contract import CategoryScore, Evidence, Mark, Record, Report, amount
from ..errors import ExpectedError
from ..model import CategoryId, Level

VERSION: Final = 1
Subject = Evidence | CategoryScore
REVIEWER = r"^[A-Za-z0-9_-]{1,40}$"


class ReviewError(ExpectedError):
    """Reviews cannot be read or written; the text says why."""


class Review(Record):
    """What one person says of one piece of evidence, or of a category as a whole."""

    version: Literal[1] = VERSION
    id: str = Field(description="id of the submission")
    sha256: str | None = Field(description="of the submission's work, from its report")
    evidence: str | None = Field(default=None, description="this, or `category`")
    category: CategoryId | None = None
    reviewer: Annotated[str, Field(pattern=REVIEWER)]
    at: AwareDatetime = Field(description="when; with a time zone")
    points: Annotated[Mark, Field(decimal_places=2)] | None = None
    level: Level | None = Field(default=None, description="of a category")
    comment: str = Field(default="", description="students read it")
    decides: bool = Field(default=False, description="settles a disagreement of others")

    @model_validator(mode="after")
    def _of_one_thing(self) -> Review:
        if (self.evidence is None) == (self.category is None):
            raise ValueError("give either `evidence` or `category`")
        if self.level is not None and self.category is None:
            raise ValueError("a level belongs to a category; give points to evidence")
        return self

    @property
    def subject(self) -> str:
        """Id of what is reviewed."""
        return self.evidence if self.evidence is not None else str(self.category)

    @property
    def gives_a_mark(self) -> bool:
        """Whether it says more than a comment."""
        return self.points is not None or self.level is not None


@dataclass(frozen=True)
class Written:
    """A review file as it was written, and what it took the place of.

    Attributes:
        before: content of the file until then; None where there was none.
    """

    path: Path
    content: bytes
    before: bytes | None

    def is_there(self) -> bool:
        """Whether the file still says what was written."""
        return _content(self.path) == self.content

    def take_back(self) -> None:
        """Put back what was there before.

        Raises:
            ReviewError: the disk refuses.
        """
        try:
            if self.before is None:
                self.path.unlink(missing_ok=True)
            else:
                replace_file(self.path, self.before)
        except OSError as error:
            raise ReviewError(f"cannot take back {self.path}: {error.strerror}") from None


@dataclass(frozen=True)
class Reviews:
    """All that people have said.

    Attributes:
        folder: where they are.
        files: path and review of each file that can be read, oldest first.
        refused: for each other file, what is wrong with it.
    """

    folder: Path = Path("reviews")
    files: tuple[tuple[Path, Review], ...] = ()
    refused: tuple[str, ...] = ()

    def of(self, report: Report) -> list[Review]:
        """The reviews of one submission that fit its report, oldest first."""
        return [r for r in self.about(report.submission.id) if not misfit(r, report)]

    def about(self, identifier: str) -> list[Review]:
        """All that was said of one submission, oldest first."""
        return self._by_id.get(identifier, [])

    @cached_property
    def _by_id(self) -> dict[str, list[Review]]:
        found: dict[str, list[Review]] = {}
        for _, review in self.files:
            found.setdefault(review.id, []).append(review)
        return found

    def misfits(self, reports: Sequence[Report], ids: Collection[str]) -> list[str]:
        """What is left out, and why: a sentence a file.

        Args:
            reports: those that exist.
            ids: of all submissions.
        """
        by_id = {report.submission.id: report for report in reports}
        found = list(self.refused)
        for path, review in self.files:
            if review.id not in ids:
                found.append(f"{path}: there is no submission {review.id!r}")
            elif review.id in by_id and (wrong := misfit(review, by_id[review.id])):
                found.append(f"{path}: {wrong}")
        return found


def read_reviews(folder: Path) -> Reviews:
    """Read every review below a folder; there are none where there is no folder.

    Raises:
        ReviewError: the folder cannot be read.
    """
    files: list[tuple[Path, Review]] = []
    refused = []
    try:
        paths = sorted(folder.rglob("*.json"))
    except OSError as error:
        raise ReviewError(f"{folder} cannot be read: {error.strerror}") from None
    for path in paths:
        try:
            files.append((path, Review.model_validate_json(path.read_bytes())))
        except OSError as error:
            refused.append(f"{path}: cannot be read: {error.strerror}")
        except ValidationError as invalid:
            refused.append(f"{path}: {'; '.join(_explain(invalid))}")
    files.sort(key=lambda item: item[1].at)
    return Reviews(folder, tuple(files), tuple(refused))


def write_review(folder: Path, review: Review) -> Written:
    """Write a review at once, in place of an earlier one by the same reviewer.

    Raises:
        ReviewError: the disk refuses.
    """
    path = folder / review.id / f"{review.subject}.{review.reviewer}.json"
    content = review.model_dump(mode="json")
    document = {k: v for k, v in content.items() if v is not None or k == "sha256"}
    data = (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = Written(path, data, _content(path))
        replace_file(path, data)
    except OSError as error:
        raise ReviewError(f"cannot write {path}: {error.strerror}") from None
    return written


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def subjects_of(report: Report) -> list[Subject]:
    """All that a review may be of: each category with its evidence, then the extension's."""
    found: list[Subject] = []
    for category in report.categories:
        found += [category, *category.evidence]
    return [*found, *report.extension.evidence]


def subject_of(report: Report, name: str) -> Subject | None:
    """The evidence or category of a report with this id."""
    return next((each for each in subjects_of(report) if each.id == name), None)


def misfit(review: Review, report: Report) -> str:
    """Why a review cannot be of this submission; empty where it can."""
    if report.status != "graded":
        return ""  # it waits with the rest until there is something to review
    subject = subject_of(report, review.subject)
    if subject is None or isinstance(subject, CategoryScore) != (review.category is not None):
        return f"there is no evidence {review.subject!r}"
    if review.points is not None and review.points > subject.possible:
        given, most = amount(review.points), amount(subject.possible)
        return f"{given} points, and {review.subject} has {most} at most"
    return ""


def _explain(invalid: ValidationError) -> Iterator[str]:
    """Each mistake as a clause."""
    for error in invalid.errors():
        place = ".".join(str(part) for part in error["loc"])
        message = str(error["msg"]).removeprefix("Value error, ")
        match error["type"]:
            case "json_invalid":
                yield f"not valid JSON: {message.removeprefix('Invalid JSON: ')}"
            case "missing":
                yield f"{place} is missing"
            case "extra_forbidden":
                yield f"unknown key {place!r}"
            case "enum":
                yield f"unknown {place} {error['input']!r}: {message[0].lower()}{message[1:]}"
            case _:
                yield f"{place}: {message}" if place else message
