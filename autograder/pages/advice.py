"""What to mend first: the one thing that most of the lost points hang on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from ..contract import Diagnosis, Evidence, Kind
from ..model import Verdict
from ..rubric.model import Rubric
from .visible import Visible

CUT = "…"
MOST_COMMANDS = 3


@dataclass(frozen=True)
class Advice:
    """The first thing to mend.

    Attributes:
        gate: whether nothing else of its task counts until it is mended.
        points: what is lost by it.
        explains: the checks that it makes fail.
        example: lines to read: a call, what it gives, what is expected.
        commands: lines for a shell, in the folder of the template.
        python: lines for Python, in the same folder.
    """

    title: str
    task: str | None
    hint: str
    hint_2: str
    section: str | None
    gate: bool
    points: Decimal
    explains: tuple[Evidence, ...]
    example: str | None
    commands: tuple[str, ...]
    python: tuple[str, ...]


def advise(seen: Visible, rubric: Rubric, artifacts: Mapping[str, Any]) -> Advice | None:
    """The diagnosis or the failed gate that most points hang on; None if nothing failed.

    A gate that fails takes the other points of its task along. Where nothing that was tried
    is wrong, the first gate that was not: tasks build on one another. What is beyond the mark
    comes after all that is part of it.
    """
    evidence = {e.id: e for e in seen.checked}
    beyond = {task.id for task in rubric.tasks if task.extension}
    gates = {task.gate: task.id for task in rubric.tasks}
    diagnosed = {name for d in seen.report.diagnoses for name in d.explains}
    found = [
        _of_diagnosis(d, [evidence[name] for name in d.explains], gates, seen, artifacts)
        for d in seen.report.diagnoses
    ]
    failed = [e for e in seen.checked if has_failed(e) and e.id not in diagnosed]
    tried = [e for e in failed if e.verdict is not Verdict.NOT_RUN]
    shut = [e for name in gates for e in failed if e.id == name]
    found += [_of_check(e, gates, seen, artifacts) for e in shut if e in tried]
    if not found:
        instead = tried or shut[:1] or failed
        found = [_of_check(e, gates, seen, artifacts) for e in instead]
    return max(found, key=lambda each: (each.task not in beyond, each.points), default=None)


def has_failed(evidence: Evidence) -> bool:
    """Whether it is a check that a machine found wrong."""
    is_open = evidence.verdict is not Verdict.PASS and not evidence.needs_review
    return evidence.kind is Kind.CHECK and is_open and not evidence.excluded


def _of_diagnosis(
    diagnosis: Diagnosis,
    explained: list[Evidence],
    gates: Mapping[str, str],
    seen: Visible,
    artifacts: Mapping[str, Any],
) -> Advice:
    return Advice(
        title=diagnosis.title,
        task=diagnosis.task,
        hint=diagnosis.hint,
        hint_2=diagnosis.hint_2 or "",
        section=diagnosis.section,
        gate=any(e.id in gates for e in explained),
        points=_lost(explained, gates, seen),
        explains=tuple(explained),
        example=diagnosis.counterexample,
        commands=_commands(explained, diagnosis.section, artifacts),
        python=_python(diagnosis.counterexample, artifacts),
    )


def _of_check(
    check: Evidence, gates: Mapping[str, str], seen: Visible, artifacts: Mapping[str, Any]
) -> Advice:
    return Advice(
        title=check.title,
        task=check.task,
        hint=check.message,
        hint_2=check.hint,
        section=check.section,
        gate=check.id in gates,
        points=_lost([check], gates, seen),
        explains=(check,),
        example=check.counterexample,
        commands=_commands([check], check.section, artifacts),
        python=_python(check.counterexample, artifacts),
    )


def _lost(explained: list[Evidence], gates: Mapping[str, str], seen: Visible) -> Decimal:
    """Points lost by these checks, and by all checks behind a gate among them."""
    closed = {gates[e.id] for e in explained if e.id in gates}
    names = {e.id for e in explained}
    counted = [
        e for e in seen.checked if e.id in names or (e.kind is Kind.CHECK and e.task in closed)
    ]
    return sum((e.possible - e.points for e in counted if not e.needs_review), Decimal(0))


def _commands(
    explained: list[Evidence], section: str | None, artifacts: Mapping[str, Any]
) -> tuple[str, ...]:
    """How to see it on a laptop: public checks that show the same, of its own section first."""
    checks = artifacts.get("checks", {})
    ordered = sorted(explained, key=lambda e: (e.section != section, e.points - e.possible))
    names = [checks.get(e.id, {}).get("public") for e in ordered]
    lines = [f"pytest -k {name}" for name in dict.fromkeys(filter(None, names))]
    return tuple(lines[:MOST_COMMANDS])


def _python(example: str | None, artifacts: Mapping[str, Any]) -> tuple[str, ...]:
    """The call of a counterexample as lines to type; none where it is no whole call."""
    call = (example or "").partition("\n")[0]
    about = artifacts.get("functions", {}).get(call.partition("(")[0])
    if about is None or not call.endswith(")") or CUT in call:
        return ()
    path = PurePosixPath(about["file"])
    if path.suffix != ".py":  # a notebook's cell: its functions are there already
        return (call,)
    arrays = ("import numpy as np",) if "np." in call else ()
    name = call.partition("(")[0]
    return (*arrays, f"from {path.stem} import {name}", call)
