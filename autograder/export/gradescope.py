"""Gradescope: `results.json`, one a submission."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ..contract import CategoryScore, Evidence, Report, amount
from ..model import Verdict
from .made import Made, as_json, ids
from .parcels import Parcel

FILE = "results.json"


def gradescope_files(parcels: Sequence[Parcel]) -> Made:
    """A `results.json` for each student, in a folder of the student's id."""
    files = {f"{parcel.id}/{FILE}": as_json(gradescope_result(parcel)) for parcel in parcels}
    return Made(files, ids(parcels))


def gradescope_result(parcel: Parcel) -> dict[str, Any]:
    """The document that Gradescope reads.

    One test that is hidden would hide the total, so every test is visible, and evidence that is
    for instructors alone goes into one line of its category, without its title or message.
    No `leaderboard` is written: students are not compared.
    """
    report = parcel.report
    tests = [test for number, c in enumerate(report.categories, 1) for test in _tests(number, c)]
    return {
        "score": float(parcel.points),
        "output": parcel.comment,
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": _extra(report),
    }


def _tests(number: int, category: CategoryScore) -> list[dict[str, Any]]:
    seen = [e for e in category.evidence if e.visibility == "student"]
    unseen = [e for e in category.evidence if e.visibility != "student"]
    tests = [_test(f"{number}.{place}", category, e) for place, e in enumerate(seen, 1)]
    if unseen:
        last = f"{number}.{len(seen) + 1}"
        points = sum((e.points for e in unseen), Decimal(0))
        possible = sum((e.possible for e in unseen), Decimal(0))
        tests.append(_line(last, category, f"{category.title}: the rest", points, possible))
    for place, change in enumerate(category.adjustments or [], len(tests) + 1):
        title = f"{category.title}: {change.by}"
        tests.append(_line(f"{number}.{place}", category, title, change.points, Decimal(0)))
    return tests


def _test(number: str, category: CategoryScore, evidence: Evidence) -> dict[str, Any]:
    test = _line(number, category, evidence.title, evidence.points, evidence.possible)
    test["output"] = _output(evidence)
    if evidence.needs_review:
        test["extra_data"]["needs_review"] = True
    elif evidence.verdict is not Verdict.PARTIAL:  # by its score, Gradescope shows it as such
        test["status"] = "passed" if evidence.verdict is Verdict.PASS else "failed"
    if evidence.task:
        test["tags"].append(evidence.task)
    return test


def _line(
    number: str, category: CategoryScore, name: str, points: Decimal, possible: Decimal
) -> dict[str, Any]:
    return {
        "score": float(points),
        "max_score": float(possible),
        "name": name,
        "name_format": "text",
        "number": number,
        "output": "",
        "output_format": "text",
        "tags": [category.id.value],
        "visibility": "visible",
        "extra_data": {"category": category.id.value},
    }


def _output(evidence: Evidence) -> str:
    if evidence.needs_review:
        more = evidence.possible - evidence.points
        who = f"A person decides: up to {amount(more)} more." if more else "A person confirms this."
        return "\n".join(filter(None, (evidence.message, who)))
    counterexample = evidence.counterexample or ""
    return "\n".join(filter(None, (evidence.message, counterexample, evidence.hint)))


def _extra(report: Report) -> dict[str, Any]:
    return {
        "id": report.submission.id,
        "possible": float(sum((c.possible for c in report.categories), Decimal(0))),
        "levels": {c.id.value: c.level.value for c in report.categories},
        "pending": list(report.review.pending),
        "could_move": report.review.could_move.model_dump(mode="json"),
        "late": report.late.model_dump(mode="json") if report.late else None,
    }
