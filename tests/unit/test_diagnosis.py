"""Diagnoses: the right misconception, the smallest counterexample, and nothing hidden in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.bundle import Bundle
from autograder.checks.collect import Collected, with_checks
from autograder.corpus import load_cases
from autograder.diagnosis.compare import outcome, same
from autograder.diagnosis.declare import Given, Misconception, Trials
from autograder.diagnosis.load import Diagnoses, load_diagnoses
from autograder.diagnosis.match import (
    Tried,
    as_far_as_it_goes,
    is_wrong,
    looked_at,
    recognise,
)
from autograder.diagnosis.shrink import plain_text, shrink, size
from autograder.kit.marker import seeded_rng
from autograder.rubric.load import RubricError

from .conftest import ROOT, TINY, Graded, autograde, once


def loaded(root: Path) -> Diagnoses:
    bundle, found = Bundle.open(root), []

    def use(collected: Collected) -> None:
        found.append(load_diagnoses(bundle, collected))

    with_checks(bundle, use)
    return found[0]


MAIN = loaded(ROOT)
BY_RESULTS = [
    pytest.param(diagnoses, each, id=each.id)
    for diagnoses in (MAIN, loaded(TINY))
    for each in diagnoses.misconceptions
    if each.gives is not None and diagnoses.trials[each.function].plain
]


def inputs(diagnoses: Diagnoses, trials: Trials) -> Iterator[Given]:
    rng = seeded_rng(diagnoses.bundle.rubric.id, "trials", trials.function)
    return (given for given, _ in trials.make(None, rng))


def named(
    diagnoses: Diagnoses, function: str, student: Callable[..., object], **instead: Any
) -> list[str]:
    trials = diagnoses.trials[function]
    tried = [Tried(given, outcome(student, given)) for given in inputs(diagnoses, trials)]
    return [m.id for m in recognise(diagnoses, trials, tried, instead)]


@pytest.mark.parametrize(("diagnoses", "misconception"), BY_RESULTS)
def test_a_wrong_implementation_is_told_from_all_others(
    diagnoses: Diagnoses, misconception: Misconception
) -> None:
    assert misconception.gives is not None
    found = named(diagnoses, misconception.function, misconception.gives)
    assert found == [misconception.id]


def test_what_is_right_is_wrong_on_no_trial() -> None:
    for function, trials in MAIN.trials.items():
        if trials.plain:
            right = MAIN.right[function]
            for given in inputs(MAIN, trials):
                assert not is_wrong(trials, right, Tried(given, outcome(right, given)))


def test_the_corpus_and_the_diagnoses_name_each_other() -> None:
    for diagnoses, root in ((MAIN, ROOT), (loaded(TINY), TINY)):
        cases = load_cases(Bundle.open(root))
        ids = {m.id for m in diagnoses.misconceptions}
        for case in cases.values():
            assert set(case.diagnosis) <= ids, case.name
        for each in diagnoses.misconceptions:
            assert each.case is None or each.id in cases[each.case].diagnosis, each.id


class Reference:
    """The right functions, as behaviours call a student's; those that load torch are left out."""

    def __init__(self) -> None:
        self._last: dict[str, list[object]] = {}

    def __getattr__(self, name: str) -> Any:
        right = MAIN.right.get(name) or getattr(MAIN.bundle.reference(), name)

        def call(*args: object, **kwargs: object) -> object:
            self._last[name] = [[*args], kwargs, right(*args, **kwargs)]
            return self._last[name][-1]

        return call if callable(right) else right

    def afterwards(self, name: str) -> list[object]:
        return self._last[name]


def holds(says: Callable[[Any], object] | None, of: object) -> bool:
    """What an experiment or a symptom says; nothing if it stumbles."""
    found = False
    with as_far_as_it_goes():
        found = bool(says and says(of))
    return found


def test_no_behaviour_holds_of_what_is_right() -> None:
    """Those of Parts A to C and of the data: they need no torch."""
    tasks = [task for task in MAIN.bundle.rubric.tasks if task.id != "parity"]
    functions = [f.name for task in tasks for f in task.functions]
    functions += ["fixed_length_strings", "random_length_strings"]
    suspects = [m for m in MAIN.misconceptions if m.function in functions]
    assert [m.id for m in suspects if holds(m.shows, Reference())] == []


def looks(function: str, student: Callable[..., object]) -> str | None:
    """The first symptom of a function's results."""
    trials = MAIN.trials[function]
    tried = [Tried(given, outcome(student, given)) for given in inputs(MAIN, trials)]
    seen = looked_at(MAIN, trials, tried, {})
    return next((m.id for m in MAIN.of(function) if holds(m.tells, seen)), None)


@pytest.mark.parametrize(
    ("function", "student", "symptom"),
    [
        (
            "mse_gradients",
            lambda X, y, w, b: (2 / len(y) * X.T @ (X @ w + b - y), np.mean(X @ w + b - y) ** 3),
            "gradient-of-the-bias-wrong",
        ),
        (
            "predict_linear",
            lambda X, w, b: X @ w + b**3,
            "plane-bias-wrong",
        ),
        (
            "accuracy",
            lambda p, t: -2.0 if 0.5 in p else np.mean((p >= 0.5) == (t == 1)),
            "accuracy-wrong-at-one-half",
        ),
        ("mean_squared_error", lambda p, t: np.mean((p - t) ** 2) * 7, "results-factor"),
        ("mean_squared_error", lambda p, t: np.mean((p - t) ** 2) + 7, "results-offset"),
        ("parity_feature", lambda bits: None, "results-gives-nothing"),
        ("predict_linear", lambda X, w, b: np.round(X @ w + b, 1), "results-rounded-to-1"),
        ("predict_linear", lambda X, w, b: (X @ w + b)[::-1] * 1, "results-"),
        ("closed_form", lambda X, y: 1 / 0, "results-raises"),
    ],
)
def test_an_unlisted_mistake_is_described_by_what_its_results_have_in_common(
    function: str, student: Callable[..., object], symptom: str
) -> None:
    assert named(MAIN, function, student) == []
    assert symptom in str(looks(function, student))


def test_a_mistake_that_differs_in_a_rare_case_is_recognised_at_a_second_look() -> None:
    """Two beliefs that differ in one trial of many are thought to be one."""

    def rounded(predictions: Any, targets: Any) -> object:
        special = len(predictions) == 1 and predictions[0] == 0.25
        return 0.5 if special else np.mean(np.round(predictions) == targets)

    assert named(MAIN, "accuracy", rounded) == ["accuracy-by-rounding"]

    def often_right(predictions: Any, targets: Any) -> object:
        wrong = np.mean(np.round(predictions) == targets)
        return wrong if len(predictions) == 2 else MAIN.right["accuracy"](predictions, targets)

    assert named(MAIN, "accuracy", often_right) == []


def test_a_mistake_is_recognised_in_another_shape_and_kind() -> None:
    def as_lists(X: Any, y: Any, weights: Any, bias: Any) -> object:
        by_weights = X.T @ (X @ weights + bias - y) / len(y)
        return [by_weights.tolist(), np.array([np.mean(X @ weights + bias - y)])]

    assert named(MAIN, "mse_gradients", as_lists) == ["factor-two-missing"]

    def in_single_precision(predictions: Any, targets: Any) -> object:
        return np.sum((predictions - targets) ** 2, dtype=np.float32)

    assert named(MAIN, "mean_squared_error", in_single_precision) == ["sum-instead-of-mean"]


def test_two_mistakes_in_one_function_are_both_named() -> None:
    def both(parameters: Any, inputs: Any) -> object:
        sums = inputs @ parameters["hidden_weights"].T + parameters["hidden_biases"]
        return np.tanh(sums)

    found = named(MAIN, "hidden_activations", both)
    assert set(found) == {"bits-fed-directly", "only-tanh-units"}


def test_a_function_that_calls_a_wrong_one_is_judged_by_its_own_mistake() -> None:
    def wrong_plane(X: Any, weights: Any, bias: Any) -> object:
        return X @ weights - bias + 1.0  # nothing that is known

    def innocent(X: Any, y: Any, weights: Any, bias: Any) -> object:
        r = wrong_plane(X, weights, bias) - y
        return 2 / len(y) * X.T @ r, 2 / len(y) * r.sum()

    def guilty(X: Any, y: Any, weights: Any, bias: Any) -> object:
        r = wrong_plane(X, weights, bias) - y
        return 1 / len(y) * X.T @ r, 1 / len(y) * r.sum()

    assert named(MAIN, "mse_gradients", innocent, predict_linear=wrong_plane) == []
    found = named(MAIN, "mse_gradients", guilty, predict_linear=wrong_plane)
    assert found == ["factor-two-missing"]


def test_an_unknown_mistake_is_given_no_name() -> None:
    assert named(MAIN, "accuracy", lambda *_: 0.123) == []
    assert named(MAIN, "add_interaction", lambda X: X**3) == []
    for garbage in (None, "text", {}, [[1, 2], [3]], object(), np.zeros((0, 3)), float("nan")):
        for function, trials in MAIN.trials.items():
            if trials.plain:
                named(MAIN, function, lambda *_, garbage=garbage: garbage)  # and nothing raises


def test_the_smallest_counterexample() -> None:
    """Fewest numbers first, then zeros and ones, then few digits."""
    trials = Trials("f", lambda *_: (), rows=("X", "y"), numbers=("X", "y", "bias"))
    given = {"X": np.array([[1.5, 2.25], [7.25, -1.5], [0.5, 3.5]]), "y": np.ones(3), "bias": 2.5}

    def is_wrong_if_large(candidate: Given) -> bool:
        return bool(np.any(candidate["X"] > 5)) and len(candidate["X"]) == len(candidate["y"])

    found = shrink(given, trials, is_wrong_if_large)
    assert size(found) < size(given)
    assert found["X"].tolist() == [[7.0, 0.0]]
    assert (found["y"].tolist(), found["bias"]) == ([1.0], 0.0)
    assert shrink(found, trials, is_wrong_if_large) is found


def test_sequences_of_a_counterexample_are_cut_off_at_their_end() -> None:
    trials = MAIN.trials["grid_next"]
    given = {"tokens": np.array([[0, 1, 2, 0, 3, 4, 0, 2]]), "lines": [[1, 2]], "cells": 4}
    found = shrink(given, trials, lambda candidate: 2 in candidate["tokens"][0])
    assert found == {**given, "tokens": found["tokens"]}
    assert found["tokens"].tolist() == [[0, 1, 2]]


def test_a_counterexample_stays_short() -> None:
    assert plain_text({"a": [1, 2.0, 1 / 3], "b": None}) == "{'a': [1, 2.0, 0.333333], 'b': None}"
    assert plain_text(np.zeros((100, 100))) == "<array of shape (100, 100)>"
    assert plain_text(np.array([[-1e-17, 1.0]])) == "np.array([[0.0, 1.0]])"
    assert len(plain_text("x" * 10**6)) < 1000


@pytest.mark.parametrize(
    ("got", "wanted", "strictly", "loosely"),
    [
        ([1.0, 2.0], np.array([1.0, 2.0]), True, True),
        (np.array([[1.0], [2.0]]), np.array([1.0, 2.0]), False, True),
        (np.array([1.0, 0.0]), np.array([1, 0]), False, True),
        (np.array([1, 0]), np.array([1.0, 0.0]), True, True),
        (np.array([1, 2]), (1.0, 2.0), True, True),
        ("Z =  1", "Z = 1", True, True),
        (None, np.array([1.0]), False, False),
        ({"a": 1, "b": 2}, {"a": 1}, True, True),
    ],
)
def test_results_are_compared_as_public_checks_do(
    got: object, wanted: object, strictly: bool, loosely: bool
) -> None:
    assert same(got, wanted, 1e-5) is strictly
    assert same(got, wanted, 1e-5, loose=True) is loosely


TWO_AT_ONCE = {
    "spread.py": """
import numpy as np
def value_range(values):
    if len(values) == 0:
        raise ValueError
    return float(np.max(values) - np.min(values))
def standardise(values):
    return (values - np.mean(values)) / np.std(values, ddof=1)
""",
    "outliers.py": """
def fit_limits(values):
    return object()
def is_outlier(limits, values):
    return limits
""",
}
UNKNOWN = {
    "spread.py": """
import numpy as np
def value_range(values):
    return 3.0 * float(np.max(values))
def standardise(values):
    return np.tanh(values)
"""
}
HANGS = {
    "spread.py": """
import numpy as np
def value_range(values):
    while len(values) == 2:
        pass
    return -1.0
def standardise(values):
    return (values - np.mean(values)) / np.std(values, ddof=1)
"""
}
RAISES = {
    "spread.py": """
import os
import numpy as np
def value_range(values):
    if len(values) == 2:
        os._exit(0)
    if len(values) == 8:
        raise KeyError("two")
    return {"a": [object()]}
def standardise(values):
    return {1: 2}
"""
}
SMUGGLES = {
    "spread.py": """
import pathlib
import numpy as np
KEPT = []
def value_range(values):
    if len(values) == 40:
        KEPT.append("SECRET" + repr(values[:2]))
        for folder in ("/tmp", ".", "/dev/shm"):
            try:
                pathlib.Path(folder, "kept.txt").write_text(KEPT[0])
            except OSError:
                pass
    for folder in ("/tmp", ".", "/dev/shm"):
        try:
            KEPT.append(pathlib.Path(folder, "kept.txt").read_text())
        except OSError:
            pass
    return " ".join(KEPT) if KEPT else float(np.max(values) - np.min(values)) + (len(values) == 3)
def standardise(values):
    return (values - np.mean(values)) / np.std(values)
"""
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """A class of odd submissions to the second bundle, graded by the command."""
    submissions = {
        "two": TWO_AT_ONCE,
        "unknown": UNKNOWN,
        "hangs": HANGS,
        "raises": RAISES,
        "smuggles": SMUGGLES,
    }

    def make(folder: Path) -> None:
        for name, files in submissions.items():
            (folder / "class" / name).mkdir(parents=True)
            for file, text in files.items():
                (folder / "class" / name / file).write_text(text, encoding="utf-8")
        autograde("class", "--assignment", TINY, "--output", "results", "--jobs", "1", cwd=folder)

    return Graded(once(tmp_path_factory, "diagnosed", make) / "results")


def evidence(report: dict[str, Any], check: str) -> dict[str, Any]:
    every = (e for category in report["categories"] for e in category["evidence"])
    return next(e for e in every if e["id"] == check)


def test_two_at_once_are_both_named(graded: Graded) -> None:
    report = graded.report("two")
    found = [(d["id"], d["task"], d["explains"]) for d in report["diagnoses"]]
    assert found == [
        ("sample-deviation", "spread", ["standardised_samples"]),
        ("limits-handed-back", "outliers", ["fitted_limits"]),
    ]
    first = report["diagnoses"][0]
    assert first["section"] == "S.2"
    assert first["hint_2"].startswith("Handout S.2: ")
    assert evidence(report, "standardised_samples")["hint_2"] == first["hint_2"]


def test_an_unknown_mistake_has_a_counterexample(graded: Graded) -> None:
    report = graded.report("unknown")
    assert report["diagnoses"] == []
    text = evidence(report, "range_of_other_samples")["counterexample"]
    assert text.splitlines() == [
        "value_range(values=np.array([1.0]))",
        "gives     3.0",
        "expected  0.0",
    ]
    assert "counterexample" not in evidence(graded.report("two"), "range_of_other_samples")


def test_code_that_hangs_in_the_diagnosis_costs_itself_alone(graded: Graded) -> None:
    report = graded.report("hangs")
    assert report["status"] == "graded"
    assert evidence(report, "range_of_other_samples")["verdict"] == "fail"
    assert [d["id"] for d in report["diagnoses"]] == ["sample-deviation"]


def test_code_that_dies_or_answers_garbage_is_diagnosed_as_nothing(graded: Graded) -> None:
    report = graded.report("raises")
    assert report["status"] == "graded"
    assert report["diagnoses"] == []
    assert "gives     " in evidence(report, "standardised_samples")["counterexample"]


def test_a_hidden_input_reaches_no_counterexample(graded: Graded) -> None:
    """What a check's process kept in memory or on disk is gone when values may be shown."""
    report = graded.report("smuggles")
    shown = evidence(report, "range_of_other_samples")["counterexample"]
    assert shown.startswith("value_range(values=np.array([0.0, 1.0, 0.0]))\ngives     2.0")
    assert "SECRET" not in str(report)


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('"standardise", rows', '"standardize", rows', "declares no function 'standardize'"),
        ('    "order-reversed",', '    "sample-deviation",', "sample-deviation: declared twice"),
        ('"wrong/order-reversed"', '"wrong/reversed"', "has no case 'wrong/reversed'"),
        ('passes=["range_of_three_values"]', 'passes=["range"]', "points is called 'range'"),
        ("import numpy as np", "import numpie as np", "No module named 'numpie'"),
        ('    hint_2="compare the order', '    hint2="compare the order', "hint2"),
    ],
)
def test_a_wrong_declaration_is_an_error_for_the_author(
    right: str, wrong: str, message: str, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "bundle"))
    path = root / "tests" / "diagnoses" / "statistics_mistakes.py"
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(RubricError) as raised:
        loaded(root)
    assert message in str(raised.value)
    assert str(path.parent) in str(raised.value)
