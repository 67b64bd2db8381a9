"""What is known of one submission when scoring starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..bundle import Bundle
from ..kit.marker import Check
from ..model import CheckResult, Trial, Verdict
from ..rubric.model import Task
from ..writing.answers import Answer
from ..writing.commands import Ran
from ..writing.documents import Writing


class Finding(NamedTuple):
    """A place where a function breaks a rule of `reading.rules`.

    Attributes:
        file: of a notebook, with the cell.
        text: what is there.
    """

    rule: str
    file: str
    line: int
    text: str


@dataclass
class Grading:
    """All that a submission's mark comes from; filled in while it is looked at.

    Attributes:
        checks: the graded checks.
        results: check id -> conclusion.
        survey: what the submission says before it runs (see `kit.survey`).
        quality: function that is filled in -> findings; None where its reading was lost.
        writing: its documents.
        answers: question id -> what is answered.
        commands: what came of the commands that its README names.
        trials: task -> what came of trying the student's own tests.
        submitted: whether there is anything at all.
    """

    bundle: Bundle
    checks: Sequence[Check]
    survey: Mapping[str, Any]
    writing: Writing
    results: dict[str, CheckResult] = field(default_factory=dict)
    quality: Mapping[str, Sequence[Finding]] | None = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    commands: Sequence[Ran] = ()
    trials: Mapping[str, Trial] = field(default_factory=dict)
    submitted: bool = True

    def gate_passed(self, task: Task) -> bool:
        """Whether the task counts at all."""
        return self.earned(task.gate)

    def passes_any(self, task: Task) -> bool:
        """Whether anything of the task works."""
        mine = (check.id for check in self.checks if check.task == task.id)
        return any(self.results[name].verdict is Verdict.PASS for name in mine)

    def earned(self, check: str) -> bool:
        """Whether a check is passed, or counts as passed for everybody."""
        return bool(self.excluded(check)) or self.results[check].verdict is Verdict.PASS

    def excluded(self, check: str) -> str | None:
        """Why everybody who submits has this check's points, or None where they must be earned."""
        declared = self.bundle.rubric.exclude_check if self.submitted else []
        return next((each.reason for each in declared if each.id == check), None)
