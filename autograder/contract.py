"""The report: the contract with everybody who reads it; its JSON Schema is made from this.

`Evidence` -> `CategoryScore` -> `Report`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from .model import SUBMISSION_ID, CategoryId, Level, Submission, Verdict

SCHEMA_VERSION: Final = "1.0"
EXTENSION: Final = "extension"
"""Where a report keeps what is beside the mark, as a category keeps what is in it."""


Mark = Annotated[Decimal, Field(ge=0), PlainSerializer(float, return_type=float)]
"""Points, exact to the hundredth; a JSON number in the report."""

Change = Annotated[Decimal, PlainSerializer(float, return_type=float)]
"""A difference of points, which may be negative."""


def amount(points: Decimal) -> str:
    """Points as people write them: no zeros at the end, never an exponent."""
    text = f"{points:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


class Record(BaseModel):
    """A part of the report: immutable, nothing beyond the schema."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(StrEnum):
    """What sort of evidence it is."""

    CHECK = "check"
    TESTS = "tests"
    QUESTION = "question"
    QUALITY = "quality"
    REPORT = "report"
    COMPLETENESS = "completeness"


class ReviewNote(Record):
    """What one person said of a piece of evidence, or of a category."""

    reviewer: str
    at: str
    points: Mark | None
    level: Level | None = Field(default=None, description="of a category, where a person set it")
    comment: str
    stale: bool = Field(description="whether the work has changed since")
    decides: bool | None = Field(default=None, description="whether it settles a disagreement")

    @property
    def gives_a_mark(self) -> bool:
        """Whether it is more than a comment."""
        return self.points is not None or self.level is not None


class Adjustment(Record):
    """Why a category's points are not the sum of its evidence's."""

    by: Literal["review", "snap", "released"]
    points: Change


class Evidence(Record):
    """One observation, and what it is worth."""

    id: str
    title: str
    kind: Kind
    task: str | None
    verdict: Verdict
    measured: Mark | None = Field(description="points by machine; null where a person decides")
    points: Mark = Field(description="points after any review")
    possible: Mark
    message: str = ""
    hint: str = ""
    visibility: Literal["student", "instructor"] = "student"
    needs_review: bool = False
    section: str | None = Field(default=None, description="section of the handout")
    hint_2: str | None = None
    counterexample: str | None = None
    excluded: str | None = None
    reviews: list[ReviewNote] | None = None
    for_person: bool | None = Field(
        default=None,
        description="whether the machine left it to a person; where it is not needs_review",
    )


class CategoryScore(Record):
    """One category; its points are the sum of its evidence's and its adjustments'."""

    id: CategoryId
    title: str
    points: Mark
    possible: Mark
    level: Level
    provisional: bool = Field(description="whether a person may still move it")
    evidence: list[Evidence]
    state: Literal["measured", "reviewed", "released"] | None = None
    to_next_level: str | None = None
    reviews: list[ReviewNote] | None = None
    adjustments: list[Adjustment] | None = None


class AssignmentInfo(Record):
    """Which assignment was graded."""

    id: str
    title: str


class SubmissionInfo(Record):
    """Which submission was graded. No name of a person stands here."""

    id: Annotated[str, Field(pattern=f"^{SUBMISSION_ID}$")]
    source: str
    sha256: str | None
    attempt: int | None = None
    submitted_at: str | None = None
    members: list[str]
    files: list[str]

    @classmethod
    def of(cls, submission: Submission) -> SubmissionInfo:
        """What a report says of a submission."""
        return cls(
            id=submission.id,
            source=submission.source,
            sha256=submission.sha256 if submission.files else None,
            attempt=submission.attempt,
            submitted_at=submission.submitted_at,
            members=list(submission.members) or [submission.id],
            files=sorted(submission.files),
        )


class GraderInfo(Record):
    """With what it was graded."""

    version: str
    bundle_sha256: str
    isolation: Literal["full", "kernel", "none"]


class Score(Record):
    """The mark. `possible` is what the rubric's tasks sum to."""

    points: Mark
    possible: Mark


class Extension(Record):
    """Work beyond the assignment; never part of the mark."""

    points: Mark = Decimal(0)
    possible: Mark = Decimal(0)
    evidence: list[Evidence] = []

    @classmethod
    def of(cls, evidence: Iterable[Evidence]) -> Extension:
        """The extension whose points are the sum of its evidence's."""
        found = list(evidence)
        points = sum((e.points for e in found), Decimal(0))
        return cls(
            points=points,
            possible=sum((e.possible for e in found), Decimal(0)),
            evidence=found,
        )


class Diagnosis(Record):
    """A named misconception that explains failed checks."""

    id: str
    task: str | None
    title: str
    hint: str = Field(description="points to the idea")
    explains: list[str] = Field(description="ids of failed checks")
    hint_2: str | None = Field(default=None, description="says what to compare")
    section: str | None = Field(default=None, description="section of the handout")
    counterexample: str | None = Field(default=None, description="the smallest input that fails")


class Movement(Record):
    """How far a person's decisions could still move the mark."""

    down: Mark
    up: Mark


class ReviewState(Record):
    """What waits for a person."""

    pending: list[str]
    could_move: Movement


class Claim(Record):
    """A number the student states, beside what the student's code gives."""

    text: str
    stated: float
    measured: float | None
    verdict: Literal["matches", "could not reproduce", "not testable"]


class Late(Record):
    """Lateness by the course system's times."""

    days: float
    points: Mark


class SinceLast(Record):
    """What changed since the attempt before."""

    attempt: int
    points: Mark
    fixed: list[str]
    broken: list[str]


class Report(Record):
    """Everything that is said of one submission."""

    schema_version: Literal["1.0"] = SCHEMA_VERSION
    assignment: AssignmentInfo
    submission: SubmissionInfo
    grader: GraderInfo
    status: Literal["graded", "not_graded"]
    reason: str | None = Field(default=None, description="why it is not graded, or is empty")
    score: Score | None = Field(description="null where nothing could be graded")
    categories: list[CategoryScore]
    extension: Extension = Extension()
    diagnoses: list[Diagnosis] = []
    review: ReviewState
    claims: list[Claim] | None = None
    late: Late | None = None
    since_last: SinceLast | None = None

    @property
    def evidence(self) -> list[Evidence]:
        """All evidence, category by category; what is beyond the mark stands in `extension`."""
        return [e for category in self.categories for e in category.evidence]


def evidence_of(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every piece of evidence of a report as plain JSON, after its category or `extension`."""
    for category in document["categories"]:
        yield from ((category["id"], each) for each in category["evidence"])
    yield from ((EXTENSION, each) for each in document["extension"]["evidence"])
