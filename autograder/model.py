"""The nouns of grading, in the order in which data flows through it.

`Submission` -> `CheckResult` -> `Evidence` -> `CategoryScore` -> `Report`.
The last three are the report contract; its JSON Schema is made from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

SCHEMA_VERSION: Final = "1.0"
LONGEST_ID: Final = 80
SUBMISSION_ID: Final = rf"[A-Za-z0-9._-]{{1,{LONGEST_ID}}}"
"""What a submission is called, as a regular expression."""
EXTENSION: Final = "extension"
"""Where a report keeps what is beside the mark, as a category keeps what is in it."""


class CategoryId(StrEnum):
    """The five categories of the rubric."""

    IMPLEMENTATION = "implementation"
    CORRECTNESS = "correctness"
    QUALITY = "quality"
    REPORT = "report"
    COMPLETENESS = "completeness"


class Level(StrEnum):
    """Levels of achievement, lowest first."""

    PRE_EMERGING = "Pre-Emerging"
    BEGINNING = "Beginning"
    PROGRESSING = "Progressing"
    PROFICIENT = "Proficient"


class Verdict(StrEnum):
    """What was concluded of one piece of evidence."""

    PASS = "pass"
    PARTIAL = "partial"
    FAIL = "fail"
    ERROR = "error"
    TIMEOUT = "timeout"
    NOT_RUN = "not_run"
    GRADER_ERROR = "grader_error"


class Limits(BaseModel):
    """Limits for the student's processes; deadlines are per check."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cpu_seconds: float = Field(default=10.0, gt=0, description="CPU-seconds of a check")
    wall_seconds: float = Field(
        default=90.0, gt=0, description="wall-clock seconds of a check, for code that only waits"
    )
    memory_mb: int = Field(default=2048, ge=128, description="memory of all processes together")
    processes: int = Field(default=64, ge=4, description="most processes and threads")
    disk_mb: int = Field(default=64, ge=1, description="private scratch space")
    output_kb: int = Field(default=64, ge=1, description="printed text that is kept")


@dataclass(frozen=True)
class Submission:
    """What one student handed in, read completely and no longer tied to a disk.

    Attributes:
        id: `[A-Za-z0-9._-]{1,80}`, unique in the class whatever the case.
        source: base name of what it was read from.
        files: relative POSIX path -> content.
        members: ids of those for whom it stands.
        attempt: from 1, where the course system tells attempts apart.
        submitted_at: as the course system gave it.
    """

    id: str
    source: str
    files: Mapping[str, bytes]
    members: tuple[str, ...] = ()
    attempt: int | None = None
    submitted_at: str | None = None

    @property
    def sha256(self) -> str:
        """Digest over paths and contents."""
        return digest_of(self.files)


def digest_of(files: Mapping[str, bytes]) -> str:
    """Digest over paths and contents, in hexadecimal digits."""
    digest = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


@dataclass(frozen=True)
class CheckResult:
    """The conclusion of one check.

    Attributes:
        message: what the student may read; made of declared text only.
        detail: what the instructor may read besides: inputs, values, errors.
        for_person: whether this is beyond a machine, so that a person decides.
    """

    check: str
    verdict: Verdict
    message: str = ""
    detail: str = ""
    for_person: bool = False


@dataclass(frozen=True)
class Trial:
    """What came of trying the student's own tests of one task on known implementations.

    Attributes:
        caught: misconceptions that the tests notice, by their declared titles.
        missed: those that they do not notice.
        verdict: why nothing of this counts; None where it does.
        message: the same in words, and what else the student may know.
    """

    caught: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    verdict: Verdict | None = None
    message: str = ""


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
