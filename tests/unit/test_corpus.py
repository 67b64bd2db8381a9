"""Both corpora get what they must, by the functions behind `autograde verify`."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from autograder.bundle import Bundle
from autograder.contract import evidence_of
from autograder.corpus import disagreements, load_cases
from autograder.verify.corpus_run import read_reports
from autograder.verify.findings import Graded as CheckList
from autograder.verify.findings import examine

from .conftest import MAIN_CASES, ROOT, TINY, Graded


def test_the_assignment_marks_right_right_and_wrong_wrong(main_class: Graded) -> None:
    cases = MAIN_CASES.values()
    examined = examine(Bundle.open(ROOT), cases, read_reports(cases, main_class.output))
    assert examined.wrong == []
    assert all(right and not wrong for right, wrong in examined.confusion.values())


@pytest.mark.parametrize("root", [ROOT, TINY], ids=["main", "tiny"])
def test_any_hidden_check_that_passes_everything_is_named_with_a_case(
    root: Path, main_class: Graded, tiny_class: Graded
) -> None:
    bundle = Bundle.open(root)
    cases = MAIN_CASES if root == ROOT else load_cases(bundle)
    output = (main_class if root == ROOT else tiny_class).output
    hidden = CheckList.of(bundle).hidden
    assert len(hidden) > 8
    for check in hidden:
        naming = [case for case in cases.values() if check in case.must_fail]
        reports = read_reports(naming, output)
        for _, evidence in chain.from_iterable(map(evidence_of, reports.values())):
            if evidence["id"] == check:
                evidence["verdict"] = "pass"
        named = {case.name: disagreements(case, reports[case.name]) for case in naming}
        assert f"{check} must fail and passes" in chain.from_iterable(named.values()), check


@pytest.mark.parametrize("name", ["partial-no-report", "partial-no-weights"])
def test_own_tests_that_are_the_references_get_what_those_got(
    main_class: Graded, name: str
) -> None:
    def own_tests(report: dict[str, Any]) -> list[dict[str, Any]]:
        return [each for _, each in evidence_of(report) if each["id"].startswith("own-tests-")]

    tried = own_tests(main_class.report("accepted-reference"))
    assert len(tried) == 4
    assert own_tests(main_class.report(name)) == tried


def test_the_second_bundle_does_through_the_command(tiny_class: Graded) -> None:
    bundle = Bundle.open(TINY)
    cases = load_cases(bundle).values()
    assert examine(bundle, cases, read_reports(cases, tiny_class.output)).wrong == []


def test_a_hidden_input_quoted_by_student_code_reaches_no_student(tiny_class: Graded) -> None:
    report = tiny_class.report("hostile-hidden-input-in-an-error")
    assert "SEEN" not in str(report)
    artifact = (tiny_class.output / "artifacts/hostile-hidden-input-in-an-error.json").read_text()
    assert "SEEN" in artifact.partition('"instructor"')[2]
    assert "SEEN array" not in artifact.partition('"instructor"')[0]


def test_pictures_from_hidden_inputs_are_the_instructors(tiny_class: Graded) -> None:
    text = (tiny_class.output / "artifacts" / "accepted-reference.json").read_text()
    artifact = json.loads(text)
    assert artifact["figures"] == {
        "range": [5.0],
        "two_values": [-1.0, 1.0],
        "before_and_after": [[1.0, 2.0, 3.0], [1.0, 2.0, 6.0], [-0.92582, -0.46291, 1.38873]],
    }
    assert len(artifact["instructor"]["figures"]["standardised"]) == 50
