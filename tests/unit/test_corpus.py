"""Every case of both corpora gets what it must, through the command."""

from __future__ import annotations

import json

import pytest

from autograder.bundle import Bundle
from autograder.corpus import disagreements, load_cases
from autograder.verify import entry_name

from .conftest import MAIN_CASES, ROOT, TINY, Graded

TINY_CASES = load_cases(Bundle.open(TINY))


@pytest.mark.parametrize("name", MAIN_CASES)
def test_case_of_the_assignment(name: str, main_class: Graded) -> None:
    case = MAIN_CASES[name]
    assert disagreements(case, main_class.report(entry_name(case))) == []


@pytest.mark.parametrize("name", TINY_CASES)
def test_case_of_the_second_bundle(name: str, tiny_class: Graded) -> None:
    case = TINY_CASES[name]
    assert disagreements(case, tiny_class.report(entry_name(case))) == []


def test_every_hidden_check_catches_some_wrong_case() -> None:
    from autograder.checks.collect import with_checks  # noqa: PLC0415

    checks: set[str] = set()
    with_checks(Bundle.open(ROOT), lambda collected: checks.update(collected.graded_ids()))
    cases = load_cases(Bundle.open(ROOT)).values()
    caught = {check for case in cases for check in case.must_fail}
    assert checks - caught == set()


def test_a_hidden_input_quoted_by_student_code_reaches_no_student(tiny_class: Graded) -> None:
    report = tiny_class.report("hostile-hidden-input-in-an-error")
    assert "SEEN" not in str(report)
    artifact = (tiny_class.output / "artifacts/hostile-hidden-input-in-an-error.json").read_text()
    assert "SEEN" in artifact.partition('"instructor"')[2]
    assert "SEEN array" not in artifact.partition('"instructor"')[0]


def test_pictures_from_hidden_inputs_are_the_instructors(tiny_class: Graded) -> None:
    text = (tiny_class.output / "artifacts" / "accepted-reference.json").read_text()
    artifact = json.loads(text)
    assert artifact["figures"] == {"range": [5.0]}
    assert len(artifact["instructor"]["figures"]["standardised"]) == 50
