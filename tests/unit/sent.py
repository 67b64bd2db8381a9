"""Small graded classes for tests of what is sent: written by the report models, nothing is run."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from autograder.cli.main import main
from autograder.contract import (
    AssignmentInfo,
    CategoryScore,
    Diagnosis,
    Evidence,
    GraderInfo,
    Kind,
    Late,
    Movement,
    Report,
    ReviewNote,
    ReviewState,
    Score,
    SubmissionInfo,
)
from autograder.model import CategoryId, Level, Verdict
from autograder.report.tables import grade_rows
from autograder.report.write import Results

from .conftest import ROOT, TINY

SAMPLES = ROOT / "tests" / "samples"


@dataclass(frozen=True)
class Student:
    """A student as the tests want one; a fifth of `possible` belongs to each category."""

    id: str
    points: str = "80"
    name: str = "Somebody"
    possible: str = "100"
    pending: str = "0"
    late: str = "0"
    state: str | None = None
    comment: str = ""
    graded: bool = True
    hidden: bool = False
    members: tuple[str, ...] = ()


def report_of(student: Student) -> Report:
    """A report whose categories share its points evenly."""
    share, most = Decimal(student.points) / 5, Decimal(student.possible) / 5
    late = Late(days=1, points=Decimal(student.late)) if Decimal(student.late) else None
    waits = Decimal(student.pending)
    return Report(
        assignment=AssignmentInfo(id="tiny", title="Tiny"),
        submission=SubmissionInfo(
            id=student.id,
            source="work",
            sha256=None,
            members=list(student.members) or [student.id],
            files=[],
        ),
        grader=GraderInfo(version="1", bundle_sha256="0", isolation="full"),
        status="graded" if student.graded else "not_graded",
        reason=None if student.graded else "a damaged archive",
        score=Score(
            points=Decimal(student.points) - Decimal(student.late),
            possible=Decimal(student.possible),
        )
        if student.graded
        else None,
        categories=[category(student, each, share, most) for each in CategoryId if student.graded],
        diagnoses=[
            Diagnosis(
                id="d",
                task=None,
                title="The sign is lost.",
                hint="Try -1 < 0.",
                explains=["signs_of_a_sample"],
            )
        ],
        review=ReviewState(
            pending=["Q-1"] if waits else [], could_move=Movement(down=Decimal(0), up=waits)
        ),
        late=late,
    )


def category(student: Student, which: CategoryId, points: Decimal, most: Decimal) -> CategoryScore:
    note = ReviewNote(
        reviewer="ana", at="2026-11-20T12:00:00Z", points=None, comment=student.comment, stale=False
    )
    hidden = student.hidden and which is CategoryId.CORRECTNESS
    evidence = Evidence(
        id=f"check-{which}",
        title="Secret input 4711" if hidden else f"Check of {which}",
        kind=Kind.CHECK,
        task="one",
        verdict=Verdict.PASS if points == most else Verdict.FAIL,
        measured=points,
        points=points,
        possible=most,
        message="Secret value 4711" if hidden else "A message.",
        visibility="instructor" if hidden else "student",
    )
    first = which is CategoryId.IMPLEMENTATION
    return CategoryScore(
        id=which,
        title=which.value.title(),
        points=points,
        possible=most,
        level=Level.PROFICIENT if points == most else Level.PROGRESSING,
        provisional=False,
        evidence=[evidence],
        state=student.state,
        reviews=[note] if first and student.comment else None,
    )


def graded_class(folder: Path, *students: Student, missing: Iterable[str] = ()) -> Path:
    """A folder of results."""
    folder = folder / "results"
    shutil.rmtree(folder, ignore_errors=True)
    results = Results(folder)
    with results.writing():
        for student in students:
            results.write_report(report_of(student), {})
        documents = [json.loads(p.read_text("utf-8")) for p in (folder / "reports").glob("*.json")]
        documents.sort(key=lambda document: document["submission"]["id"])
        results.write_table("grades.csv", grade_rows(documents, list(missing)))
        names = [[member, s.name] for s in students for member in s.members or (s.id,)]
        results.write_table("identities.csv", [["id", "name"], *names])
    return folder


def moodle_form(method: str) -> dict[str, Any]:
    """What Moodle answers of a rubric or a marking guide with our categories, 20 points each."""
    levels = [{"id": n, "score": float(s)} for n, s in ((1, 0), (2, 10), (3, 17), (4, 20))]
    criteria = {
        "rubric": [
            {
                "id": 30 + n,
                "description": f"<p>{which.value.title()}</p>",
                "levels": [{**level, "id": 100 * n + level["id"]} for level in levels],
            }
            for n, which in enumerate(CategoryId, 1)
        ],
        "guide": [
            {"id": 30 + n, "shortname": which.value.title(), "description": "", "maxscore": 20.0}
            for n, which in enumerate(CategoryId, 1)
        ],
    }
    definition = {"method": method, method: {f"{method}_criteria": criteria[method]}}
    return {"areas": [{"cmid": 7, "activemethod": method, "definitions": [definition]}]}


def sent(*arguments: object, code: int = 0, assignment: Path = TINY) -> str:
    """Run a sending command in this process, which is quick; everything it printed."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        done = CliRunner().invoke(
            main, [str(each) for each in (*arguments, "--assignment", assignment)]
        )
    finally:
        signal.signal(signal.SIGTERM, before)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert done.exit_code == code, done.output
    return str(done.output)
