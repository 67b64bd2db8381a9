"""From measures and reviews to the mark: exact, whatever people say, and as often as one likes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.bundle import Bundle
from autograder.contract import Late, Report
from autograder.model import CategoryId, Level
from autograder.review.agreement import agreement
from autograder.review.files import Review, Reviews
from autograder.review.released import release
from autograder.review.settle import Settlement
from autograder.review.waiting import Work, alike, items_of
from autograder.rubric.model import LatePenalty, Rubric

from .conftest import ROOT, TINY, Graded

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
RUBRIC = Bundle.open(TINY).rubric
TWO = {"ana": Decimal(1), "bob": Decimal(2)}
"""Two reviewers who disagree."""
CENTS = st.integers(0, 100).map(lambda cents: Decimal(cents) / 100)


@pytest.fixture(scope="module")
def measured(tiny_class: Graded) -> Report:
    """A right submission, as measured."""
    return Report.model_validate(tiny_class.report("accepted-reference"))


def said(report: Report, subject: str, reviewer: str = "ana", **content: Any) -> Review:
    key = "category" if subject in set(CategoryId) else "evidence"
    about = {"id": report.submission.id, "sha256": report.submission.sha256}
    return Review(**{key: subject, "reviewer": reviewer, "at": NOON, **about, **content})


def settled(report: Report, *reviews: Review, rubric: Rubric = RUBRIC, **known: Any) -> Report:
    files = tuple((Path(f"{n}.json"), review) for n, review in enumerate(reviews))
    return Settlement(rubric, Reviews(files=files), **known).of(report)


def with_review(category: str, **how: Any) -> Rubric:
    """The rubric with another rule of review for one category."""
    changed = RUBRIC.categories[CategoryId(category)].model_copy(update=how)
    categories = {**RUBRIC.categories, CategoryId(category): changed}
    return RUBRIC.model_copy(update={"categories": categories})


def category_of(report: Report, name: str) -> Any:
    return next(category for category in report.categories if category.id == name)


@st.composite
def some_reviews(draw: st.DrawFn) -> list[dict[str, Any]]:
    subjects = ["Q-S1", "quality-spread", "readme", "fitted_limits", *CategoryId]
    reviews = []
    for _ in range(draw(st.integers(0, 8))):
        subject = draw(st.sampled_from(subjects))
        review: dict[str, Any] = {
            "subject": subject,
            "reviewer": draw(st.sampled_from(["ana", "bob", "eve"])),
            "at": NOON + timedelta(minutes=draw(st.integers(0, 9))),
            "points": draw(st.none() | CENTS),
            "decides": draw(st.booleans()),
        }
        if subject in set(CategoryId):
            review["level"] = draw(st.none() | st.sampled_from(list(Level)))
        if draw(st.booleans()):
            review["sha256"] = "0" * 64
        reviews.append(review)
    return reviews


@given(
    some_reviews(),
    st.booleans(),
    st.none() | st.integers(1, 9),
    st.dictionaries(st.sampled_from([c.value for c in CategoryId]), CENTS),
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sums_are_exact_and_settling_again_changes_nothing(
    measured: Report,
    reviews: list[dict[str, Any]],
    snap: bool,
    days: int | None,
    released: dict[str, Decimal],
) -> None:
    penalty = LatePenalty(percent_per_day=Decimal("7.5"), at_most_percent=Decimal(60))
    rubric = RUBRIC.model_copy(update={"snap": snap, "late": penalty})
    late = Late(days=days, points=Decimal(0)) if days else None
    report = measured.model_copy(update={"late": late})
    people = [said(report, **review) for review in sorted(reviews, key=lambda r: r["at"])]
    known = {"rubric": rubric, "released": {report.submission.id: released}}
    result = settled(report, *people, **known)
    for category in result.categories:
        adjusted = sum((a.points for a in category.adjustments or []), Decimal(0))
        assert category.points == sum(e.points for e in category.evidence) + adjusted
        assert released.get(category.id, 0) <= category.points <= category.possible
    cost = result.late.points if result.late else Decimal(0)
    assert result.score is not None
    assert result.score.points == sum(c.points for c in result.categories) - cost >= 0
    assert settled(result, *people, **known) == result
    plain = {"rubric": rubric}
    assert settled(result, **plain) == settled(report, **plain)  # nothing measured is lost


def test_a_level_moves_points_only_out_of_another_levels_band(measured: Report) -> None:
    inside = category_of(
        settled(measured, said(measured, "quality", level="Progressing")), "quality"
    )
    assert (inside.points, inside.adjustments) == (Decimal("1.7"), None)
    below = category_of(settled(measured, said(measured, "quality", level="Beginning")), "quality")
    assert (below.points, below.level) == (Decimal(1), Level.BEGINNING)
    both = said(measured, "quality", level="Beginning", points=Decimal("0.9"))
    assert category_of(settled(measured, both), "quality").points == Decimal("0.9")


def test_who_is_reviewed_is_the_rubrics_to_say(measured: Report) -> None:
    def waits(report: Report, subject: str, category: str, **how: Any) -> bool:
        return subject in settled(report, rubric=with_review(category, **how)).review.pending

    assert not waits(measured, "quality-spread", "quality", review="none")
    # what no machine measures waits all the same, or nobody would ever mark it
    assert waits(measured, "Q-S1", "correctness", review="none")
    assert waits(measured, "quality-spread", "quality", review="sample", sample=1.0)
    info = measured.submission
    others = [
        measured.model_copy(update={"submission": info.model_copy(update={"id": f"s{number}"})})
        for number in range(200)
    ]
    half: dict[str, Any] = {"review": "sample", "sample": 0.5}
    drawn = [waits(other, "quality-spread", "quality", **half) for other in others]
    assert 70 < sum(drawn) < 130
    assert drawn == [waits(other, "quality-spread", "quality", **half) for other in others]


def test_a_review_of_the_extension_moves_the_extension_alone(measured: Report) -> None:
    reviewed = settled(measured, said(measured, "lean_of_other_samples", points=Decimal(1)))
    assert (measured.extension.points, reviewed.extension.points) == (Decimal(3), Decimal(2))
    assert reviewed.score == settled(measured).score
    assert settled(reviewed) == settled(measured)


def test_what_is_double_marked_waits_for_a_second_person(measured: Report) -> None:
    rubric = with_review("correctness", double_marked=1.0)
    ana = said(measured, "Q-S1", points=Decimal(1))
    once = settled(measured, ana, rubric=rubric)
    assert "Q-S1" in once.review.pending
    assert category_of(once, "correctness").points == 4
    twice = settled(measured, ana, said(measured, "Q-S1", "bob", points=Decimal(1)), rubric=rubric)
    assert "Q-S1" not in twice.review.pending


def test_agreement_is_told_by_category(measured: Report) -> None:
    reports = []
    for first, second in ((1, 1), (1, Decimal("0.5")), (0, 0), (Decimal("0.5"), Decimal("0.5"))):
        marks = (
            said(measured, "Q-S1", "ana", points=Decimal(first)),
            said(measured, "Q-S1", "bob", points=Decimal(second)),
        )
        reports.append(settled(measured, *marks))
    (found,) = agreement(reports)
    assert (found.category, found.pairs, found.equal) == ("correctness", 4, 0.75)
    assert found.difference == 12.5
    # apart by 1/4 of a step on average; by chance, from how often each gives what, by 7/8
    assert found.kappa == pytest.approx(1 - 0.25 / 0.875)
    assert agreement([measured]) == []


def test_like_answers_are_one_group_and_near_ones_are_neighbours(measured: Report) -> None:
    answers = {
        "a": "It grows with the sample, so it says little.",
        "b": "Median and quartiles resist outliers.",
        "c": "It  grows with the sample,\nso it says little.",
        "d": "It can only grow with the sample.",
        "e": "Quartiles and the median resist far values.",
    }
    info = measured.submission
    reports = [
        measured.model_copy(update={"submission": info.model_copy(update={"id": name})})
        for name in answers
    ]
    works = {name: Work({"Q-S1": text}, {}, {}) for name, text in answers.items()}
    groups = [
        "".join(item.report.submission.id for item in group)
        for group in alike(items_of("Q-S1", reports, works, RUBRIC))
    ]
    assert sorted(groups) == ["ac", "b", "d", "e"]
    assert abs(groups.index("b") - groups.index("e")) == 1
    assert abs(groups.index("ac") - groups.index("d")) == 1


def test_every_level_of_every_category_is_that_of_some_work(main_class: Graded) -> None:
    """Most by machine; what only a person can award, by a person's marks."""
    paths = sorted((main_class.output / "reports").glob("*.json"))
    reports = [Report.model_validate_json(path.read_bytes()) for path in paths]
    right = next(r for r in reports if r.submission.id == "accepted-reference")
    waiting = [e for c in right.categories for e in c.evidence if e.needs_review]
    full = [said(right, e.id, points=e.possible) for e in waiting]
    nearly = [said(right, waiting[0].id, points=waiting[0].possible / 2), *full[1:]]
    rubric = Bundle.open(ROOT).rubric
    reports += [settled(right, *reviews, rubric=rubric) for reviews in (full, nearly)]
    found = {
        c.id: {s.level for r in reports for s in r.categories if s.id == c.id}
        for c in right.categories
    }
    assert found == {category: set(Level) for category in CategoryId}


def test_lateness_is_noted_once_the_whole_mark_is_released(measured: Report) -> None:
    penalty = LatePenalty(percent_per_day=Decimal(10), at_most_percent=Decimal(100))
    rubric = RUBRIC.model_copy(update={"late": penalty})
    report = measured.model_copy(update={"late": Late(days=1, points=Decimal(0))})
    late = settled(report, rubric=rubric)
    some = release({}, [late], [CategoryId.QUALITY])[late.submission.id]
    assert set(some) == {"quality"}  # who has seen one category has seen no penalty yet
    whole = release({}, [late], list(CategoryId))[late.submission.id]
    assert late.late is not None
    assert whole["late"] == late.late.points > 0


def test_a_penalty_that_took_everything_is_no_promise(measured: Report) -> None:
    penalty = LatePenalty(percent_per_day=Decimal(10), at_most_percent=Decimal(100))
    rubric = RUBRIC.model_copy(update={"late": penalty})
    report = measured.model_copy(update={"late": Late(days=12, points=Decimal(0))})
    nothing = settled(report, rubric=rubric)
    released = release({}, [nothing], list(CategoryId))
    better = said(measured, "quality", points=Decimal(2))
    again = settled(report, better, rubric=rubric, released=released)
    assert nothing.score is not None
    assert again.score is not None
    assert nothing.score.points == again.score.points == 0


def test_what_a_member_has_seen_holds_for_the_group(measured: Report) -> None:
    seen = release({}, [measured], [CategoryId.REPORT])
    info = measured.submission.model_copy(update={"id": "group-1", "members": ["x", "y"]})
    seen = {"x": seen[measured.submission.id]}
    nothing = said(measured, "report", points=Decimal(0)).model_copy(update={"id": "group-1"})
    group = measured.model_copy(update={"submission": info})
    found = category_of(settled(group, nothing, released=seen), "report")
    assert found.points == category_of(measured, "report").points > 0
    assert set(release({}, [group], [CategoryId.REPORT])) == {"group-1", "x", "y"}


def test_a_category_in_dispute_waits_beside_its_evidence(measured: Report) -> None:
    marks = [said(measured, "correctness", who, points=points) for who, points in TWO.items()]
    result = settled(measured, *marks)
    assert {"correctness", "Q-S1"} <= set(result.review.pending)
    whole = category_of(result, "correctness")
    others = [e for c in result.categories for e in c.evidence if e.needs_review]
    others = [e for e in others if e not in whole.evidence]
    down = whole.points + sum((e.points for e in others), Decimal(0))
    assert result.review.could_move.down == down
