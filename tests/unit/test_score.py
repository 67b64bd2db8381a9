"""Points are shared out exactly, and levels are the thresholds reached."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.model import Level
from autograder.score.points import level_of, split

from .conftest import Graded

THRESHOLDS = dict(zip(Level, (0, 50, 85, 100), strict=True))
CENTS = st.integers(0, 10_000).map(lambda cents: Decimal(cents) / 100)


@given(CENTS, st.lists(st.integers(1, 9), min_size=1, max_size=20))
def test_shares_sum_to_the_whole_and_follow_the_weights(
    points: Decimal, weights: list[int]
) -> None:
    shares = split(points, weights)
    assert sum(shares) == points
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - points * weight / sum(weights)) < Decimal("0.01")


@pytest.mark.parametrize(
    ("points", "level"),
    [
        ("0", Level.PRE_EMERGING),
        ("4.99", Level.PRE_EMERGING),
        ("5", Level.BEGINNING),
        ("8.49", Level.BEGINNING),
        ("8.5", Level.PROGRESSING),
        ("9.99", Level.PROGRESSING),
        ("10", Level.PROFICIENT),
    ],
)
def test_the_level_is_the_highest_threshold_reached(points: str, level: Level) -> None:
    assert level_of(Decimal(points), Decimal(10), THRESHOLDS) is level


def test_behind_a_failed_gate_nothing_of_the_task_counts(tiny_class: Graded) -> None:
    report = tiny_class.report("wrong-visible-range")
    evidence = {e["id"]: e for c in report["categories"] for e in c["evidence"]}
    assert evidence["range_of_other_samples"]["verdict"] == "fail"
    assert evidence["range_of_three_values"]["verdict"] == "pass"
    assert evidence["range_of_three_values"]["points"] == 0
    assert "must pass" in evidence["range_of_three_values"]["message"]
    assert evidence["standardised_samples"]["points"] == 0
    assert evidence["quality-spread"]["points"] == 0
    assert evidence["Q-S1"]["needs_review"] is False
    assert evidence["fitted_limits"]["points"] == evidence["fitted_limits"]["possible"]


def test_writing_counts_by_the_share_of_the_work(tiny_class: Graded) -> None:
    report = tiny_class.report("wrong-visible-range")
    points = {c["id"]: c["points"] for c in report["categories"]}
    # outliers is 2 of the 5 implementation points, and all that works
    assert points["report"] == 0.8
    # of four parts, "same sample, same results" is shown by a check of the other task
    assert points["completeness"] == 0.6


def test_a_failed_check_points_to_its_public_sibling(tiny_class: Graded) -> None:
    report = tiny_class.report("wrong-sample-deviation")
    failed = [e for c in report["categories"] for e in c["evidence"] if e["verdict"] == "fail"]
    evidence = next(e for e in failed if e["id"] == "standardised_samples")
    assert evidence["message"].endswith(
        "The public check 'two_values_standardised' shows the same on a small example."
    )
    assert evidence["hint"]
    assert evidence["section"] == "S.2"


def test_who_leaves_the_extension_out_loses_nothing(tiny_class: Graded) -> None:
    whole = tiny_class.report("accepted-reference")
    without = tiny_class.report("partial-without-the-extension")
    assert without["categories"] == whole["categories"]
    assert without["score"] == whole["score"]
    assert without["review"] == whole["review"]
    assert {e["verdict"] for e in without["extension"]["evidence"]} == {"not_run"}
    points = [(r["extension"]["points"], r["extension"]["possible"]) for r in (whole, without)]
    assert points == [(3, 3), (0, 3)]


def test_an_extension_that_waits_moves_no_mark(tiny_class: Graded) -> None:
    whole, waiting = (tiny_class.report(n) for n in ("accepted-reference", "partial-lean-in-words"))
    assert set(waiting["review"]["pending"]) - set(whole["review"]["pending"]) == {
        "lean_of_other_samples"
    }
    assert waiting["review"]["could_move"] == whole["review"]["could_move"]
    assert waiting["score"] == whole["score"]
