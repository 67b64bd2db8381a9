"""What is known of one submission when scoring starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..bundle import Bundle
from ..kit.marker import Check
from ..model import CheckResult, Verdict
from ..rubric.model import Task


@dataclass(frozen=True)
class Grading:
    """All that is known of one submission when scoring starts.

    Attributes:
        checks: the graded checks.
        results: check id -> conclusion.
        survey: what the submission says before it runs (see `kit.survey`).
    """

    bundle: Bundle
    checks: Sequence[Check]
    results: dict[str, CheckResult]
    survey: dict[str, Any]

    def gate_passed(self, task: Task) -> bool:
        """Whether the task counts at all."""
        return self.earned(task.gate)

    def earned(self, check: str) -> bool:
        """Whether a check is passed, or counts as passed for everybody."""
        return bool(self.excluded(check)) or self.results[check].verdict is Verdict.PASS

    def excluded(self, check: str) -> str | None:
        """Why everybody has this check's points, or None where they must be earned."""
        declared = self.bundle.rubric.exclude_check
        return next((each.reason for each in declared if each.id == check), None)
