"""The nouns of grading, in the order in which data flows through it.

`Submission` -> `CheckResult`, and from there into the report (see `contract`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

LONGEST_ID: Final = 80
SUBMISSION_ID: Final = rf"[A-Za-z0-9._-]{{1,{LONGEST_ID}}}"
"""What a submission is called, as a regular expression."""


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
