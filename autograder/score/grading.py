"""What is known of one submission when scoring starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..bundle import Bundle
from ..kit.marker import Check
from ..model import CheckResult, Trial, Verdict
from ..rubric.model import Task


@dataclass(frozen=True)
class Grading:
    """All that is known of one submission when scoring starts.

    Attributes:
        checks: the graded checks.
        results: check id -> conclusion.
        survey: what the submission says before it runs (see `kit.survey`).
        trials: task -> what came of trying the student's own tests.
    """

    bundle: Bundle
    checks: Sequence[Check]
    results: dict[str, CheckResult]
    survey: dict[str, Any]
    trials: Mapping[str, Trial] = field(default_factory=dict)

    def gate_passed(self, task: Task) -> bool:
        """Whether the task counts at all."""
        return self.results[task.gate].verdict is Verdict.PASS
