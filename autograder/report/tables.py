"""The class as a table and in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..contract import evidence_of
from ..model import CategoryId


def grade_rows(documents: Iterable[dict[str, Any]], missing: Sequence[str] = ()) -> list[list[str]]:
    """`grades.csv`: a header, then a row for each member of each submission, then the missing."""
    categories = [category.value for category in CategoryId]
    rows = [["id", "status", "points", "possible", *categories]]
    for document in documents:
        score = document["score"] or {"points": "", "possible": ""}
        points = {category["id"]: category["points"] for category in document["categories"]}
        marks = [score["points"], score["possible"], *(points.get(c, "") for c in categories)]
        for member in document["submission"]["members"]:
            rows.append([member, document["status"], *map(_number, marks)])
    rows += [[identifier, "missing", *[""] * (len(rows[0]) - 2)] for identifier in missing]
    return rows


def summary(documents: Sequence[dict[str, Any]], missing: Sequence[str] = ()) -> dict[str, Any]:
    """`summary.json`: the class in numbers, and how each check fared."""
    graded = [d for d in documents if d["status"] == "graded"]
    verdicts: dict[str, dict[str, int]] = {}
    for document in graded:
        for _, evidence in evidence_of(document):
            counts = verdicts.setdefault(evidence["id"], {})
            counts[evidence["verdict"]] = counts.get(evidence["verdict"], 0) + 1
    return {
        "submissions": len(documents),
        "graded": len(graded),
        "not_graded": [
            {"id": d["submission"]["id"], "reason": d.get("reason", "")}
            for d in documents
            if d["status"] != "graded"
        ],
        "missing": [{"id": identifier} for identifier in missing],
        "waiting_for_review": sum(bool(d["review"]["pending"]) for d in graded),
        "points": [
            {"id": d["submission"]["id"], **d["score"]} for d in graded if d["score"] is not None
        ],
        "evidence": {name: dict(sorted(counts.items())) for name, counts in verdicts.items()},
    }


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
