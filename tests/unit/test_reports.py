"""The contract of the files that course systems read."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from autograder.bundle import Bundle
from autograder.corpus import load_cases, materialise
from autograder.report.schema import report_schema, review_schema, rubric_schema

from .conftest import ROOT, TINY, Graded, autograde

SCHEMAS = ROOT / "autograder" / "schemas"
FEW = ("accepted/reference", "accepted/handles", "wrong/visible-range", "wrong/template")


def validate(schema: Path, *documents: Path) -> subprocess.CompletedProcess[str]:
    """The independent jsonschema command line."""
    tool = Path(sys.executable).with_name("check-jsonschema")
    command = [str(tool), "--schemafile", str(schema), *map(str, documents)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("make", [report_schema, rubric_schema, review_schema])
def test_the_committed_schemas_are_those_of_the_models(make: Callable[[], dict[str, Any]]) -> None:
    name = make.__name__.removesuffix("_schema")
    assert json.loads((SCHEMAS / f"{name}.schema.json").read_text()) == make()


def test_every_report_of_the_assignment_validates(main_class: Graded) -> None:
    reports = sorted((main_class.output / "reports").glob("*.json"))
    checked = validate(SCHEMAS / "report.schema.json", *reports)
    assert checked.returncode == 0, checked.stdout


def test_every_report_of_the_second_bundle_validates(tiny_class: Graded) -> None:
    reports = sorted((tiny_class.output / "reports").glob("*.json"))
    checked = validate(SCHEMAS / "report.schema.json", *reports)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("root", [ROOT, TINY])
def test_rubrics_fit_their_schema(root: Path) -> None:
    checked = validate(SCHEMAS / "rubric.schema.json", root / "rubric.yaml")
    assert checked.returncode == 0, checked.stdout


def changed(report: dict[str, Any], *path: Any, value: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(report))
    place = copy
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return copy


def test_the_schema_refuses_what_the_contract_forbids(tiny_class: Graded, tmp_path: Path) -> None:
    report = tiny_class.report("accepted-reference")
    spoiled = [
        changed(report, "status", value="perhaps"),
        changed(report, "submission", "id", value="a b"),
        changed(report, "categories", 0, "level", value="Great"),
        changed(report, "categories", 0, "evidence", 0, "verdict", value="ok"),
        changed(report, "extra", value=1),
        {key: value for key, value in report.items() if key != "review"},
    ]
    for number, document in enumerate(spoiled):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(document))
        assert validate(SCHEMAS / "report.schema.json", path).returncode == 1, number


def test_points_are_sums_of_points(main_class: Graded) -> None:
    for path in (main_class.output / "reports").glob("*.json"):
        report = json.loads(path.read_text(), parse_float=Decimal)
        if report["status"] != "graded":
            continue
        for category in report["categories"]:
            assert category["points"] == sum(e["points"] for e in category["evidence"])
            assert category["possible"] == sum(e["possible"] for e in category["evidence"])
        assert report["score"]["points"] == sum(c["points"] for c in report["categories"])
        assert report["score"]["possible"] == 100


def test_what_waits_for_a_person_stands_in_the_review(main_class: Graded) -> None:
    report = main_class.report("accepted-reference")
    evidence = [e for c in report["categories"] for e in c["evidence"]]
    waiting = [e for e in evidence if e["needs_review"]]
    assert report["review"]["pending"] == [e["id"] for e in waiting]
    assert {e["measured"] for e in evidence if e["kind"] == "question"} == {None}
    up = sum(e["possible"] - e["points"] for e in waiting)
    assert report["review"]["could_move"]["up"] == pytest.approx(up)
    for category in report["categories"]:
        assert category["provisional"] == any(e["needs_review"] for e in category["evidence"])
    assert not report["categories"][0]["provisional"], "nobody has to look at what was measured"


def test_the_tables_join(main_class: Graded) -> None:
    with (main_class.output / "grades.csv").open(newline="") as file:
        grades = {row["id"]: row for row in csv.DictReader(file)}
    with (main_class.output / "identities.csv").open(newline="") as file:
        identities = {row["id"] for row in csv.DictReader(file)}
    summary = json.loads((main_class.output / "summary.json").read_text())
    assert grades.keys() == identities
    assert len(grades) == summary["submissions"]
    assert float(grades["accepted-reference"]["points"]) == 87
    assert grades["broken-unreadable-archive"]["status"] == "not_graded"
    assert grades["broken-unreadable-archive"]["points"] == ""
    assert [entry["id"] for entry in summary["not_graded"]] == ["broken-unreadable-archive"]


@pytest.fixture
def small_class(tmp_path: Path) -> Path:
    bundle = Bundle.open(TINY)
    cases = load_cases(bundle)
    for name in FEW:
        materialise(cases[name], bundle, tmp_path / "class", name.replace("/", "-"))
    return tmp_path / "class"


def reports_of(output: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (output / "reports").iterdir()}


def pages_of(output: Path) -> dict[str, bytes]:
    pages = [output / "index.html", *(output / "pages").iterdir()]
    return {path.name: path.read_bytes() for path in pages}


def test_the_same_bytes_whatever_the_jobs_or_the_order(small_class: Path, tmp_path: Path) -> None:
    ids = [name.replace("/", "-") for name in FEW]
    one = autograde("class", "--assignment", TINY, "--jobs", 1, "--output", "one", cwd=tmp_path)
    two = autograde("class", "--assignment", TINY, "--jobs", 2, "--output", "two", cwd=tmp_path)
    for identifier in sorted(ids, reverse=True):  # a run at a time, last one first, continued
        autograde(
            *("class", "--assignment", TINY, "--output", "three", "--only", identifier),
            cwd=tmp_path,
        )
    assert one.returncode == two.returncode == 0
    assert reports_of(tmp_path / "one") == reports_of(tmp_path / "two")
    assert reports_of(tmp_path / "one") == reports_of(tmp_path / "three")
    assert pages_of(tmp_path / "one") == pages_of(tmp_path / "two") == pages_of(tmp_path / "three")
    assert len(reports_of(tmp_path / "one")) == len(FEW)


def test_finished_work_is_kept_and_changed_work_graded_anew(
    small_class: Path, tmp_path: Path
) -> None:
    run = ("class", "--assignment", TINY)
    autograde(*run, cwd=tmp_path)
    before = reports_of(tmp_path / "results")
    module = small_class / "accepted-reference" / "spread.py"
    module.write_text(module.read_text().replace("np.max(values) -", "0 *"))
    autograde(*run, cwd=tmp_path)
    after = reports_of(tmp_path / "results")
    costs = json.loads((tmp_path / "results" / "run.json").read_text())["submissions"]
    assert [cost["id"] for cost in costs if not cost["kept"]] == ["accepted-reference"]
    assert {name for name in before if before[name] != after[name]} == {"accepted-reference.json"}
