"""A student's own tests: a task module is the proxy, with any implementation behind it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .conftest import ROOT
from .test_laptop import finish, run_pytest

CATCHES = {
    "buggy_1": """
        from linear_estimator import mean_squared_error

        def test_two_samples():
            assert mean_squared_error([1.0, 2.0], [0.0, 4.0]) == 2.5
    """,
    "buggy_2": """
        import feature_engineering

        def test_signs():
            assert list(feature_engineering.parity_feature([[1, 0], [0, 0]])) == [-1.0, 1.0]
    """,
    "buggy_3": """
        def test_padding():
            from parity_data import parity_labels
            assert list(parity_labels([[1, 1], [1, 1]], [1, 2])) == [1, 0]
    """,
}


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(ROOT / "student_template", tmp_path / "homework"))
    finish(folder)
    return folder


def write_test(folder: Path, text: str) -> None:
    lines = [line.removeprefix(" " * 8) for line in text.split("\n")]
    (folder / "tests" / "test_own.py").write_text("\n".join(lines))


@pytest.mark.parametrize("bug", CATCHES)
def test_a_shipped_bug_is_caught_and_right_work_is_not(bug: str, finished: Path) -> None:
    write_test(finished, CATCHES[bug])
    right = run_pytest(finished, "tests/test_own.py")
    assert "Your own tests: 1 of 1 pass" in right.stdout
    assert right.returncode == 0
    wrong = run_pytest(finished, "--implementation", bug)
    assert "Caught: 1 of your 1 tests fail" in wrong.stdout
    assert "checks pass" not in wrong.stdout


def test_a_bug_that_no_test_looks_for_is_not_caught(finished: Path) -> None:
    write_test(finished, CATCHES["buggy_1"])
    assert (
        "Not caught: none of your 1 tests"
        in run_pytest(finished, "--implementation", "buggy_3").stdout
    )


def test_the_shipped_example_catches_nothing(finished: Path) -> None:
    for bug in CATCHES:
        assert "Not caught" in run_pytest(finished, "--implementation", bug).stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from xor_formula import sigmoid\n", "sigmoid is not among the functions you write"),
        (
            "from parity_lstm import build_model\n\n\ndef test_x():\n"
            "    assert build_model(3, 0).training\n",
            "only plain numbers, text, lists and arrays can be looked into",
        ),
        (
            "import pytest\nfrom xor_formula import read_parameters\n\n\ndef test_x():\n"
            "    with pytest.raises(ValueError):\n        read_parameters('{')\n",
            "Your own tests: 1 of 1 pass",
        ),
    ],
)
def test_what_an_own_test_meets(text: str, said: str, finished: Path) -> None:
    (finished / "tests" / "test_own.py").write_text(text)
    assert said in run_pytest(finished, "tests/test_own.py").stdout


def test_a_test_of_a_stub_says_what_is_to_be_written(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "student_template", tmp_path / "homework"))
    done = run_pytest(folder, "tests/test_own.py")
    assert "Traceback" not in done.stdout
    write_test(folder, CATCHES["buggy_1"])
    done = run_pytest(folder, "tests/test_own.py")
    assert "mean_squared_error is still to be written" in done.stdout
    assert "Traceback" not in done.stdout


def test_an_unknown_implementation_is_named_with_the_known_ones(finished: Path) -> None:
    done = run_pytest(finished, "--implementation", "buggy_9")
    assert "no implementation 'buggy_9'; there are: buggy_1, buggy_2, buggy_3" in done.stderr
