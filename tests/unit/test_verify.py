"""`autograde verify` on copies of the second bundle: which case and which check is wrong."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.bundle import Bundle
from autograder.checks.collect import with_checks
from autograder.corpus import Case, Shape
from autograder.verify.reuse import names_asked_for, unchanged_checks

from .conftest import TINY, autograde

HIDDEN = Path("tests", "hidden", "test_statistics.py")
CASES = Path("tests", "submissions")
CHECKS = [
    node.name.removeprefix("test_")
    for node in ast.parse((TINY / HIDDEN).read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef)
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The second bundle without the cases that wait for deadlines."""
    bundle = Path(shutil.copytree(TINY, tmp_path / "bundle"))
    shutil.rmtree(bundle / CASES / "hostile")
    return bundle


def edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def always_passing(name: str) -> Callable[[str], str]:
    """Replaces a test's body by its docstring."""

    def change(text: str) -> str:
        tree = ast.parse(text)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name == f"test_{name}":
                node.body = node.body[:1]
        return ast.unparse(tree)

    return change


def test_tables_and_exit_code_of_a_sound_bundle(copy: Path) -> None:
    done = autograde("verify", cwd=copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "wrong:" not in done.stdout
    assert done.stdout.splitlines()[-1].endswith("6 hidden checks, 0 wrong")
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["accepted", "2", "0"] in rows
    assert ["order_of_a_standardised_sample", "2", "order-reversed,", "template"] in rows


@pytest.mark.parametrize("check", CHECKS)
def test_a_weakened_hidden_check_is_named_with_a_case(copy: Path, check: str) -> None:
    edit(copy / HIDDEN, always_passing(check))
    done = autograde("verify", cwd=copy)
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if line.startswith("wrong: ")]
    named = [line for line in lines if line.endswith(f": {check} must fail and passes")]
    assert any(line.startswith("wrong: wrong/") and "template" not in line for line in named)


def test_what_else_an_author_can_get_wrong(copy: Path) -> None:
    (copy / CASES / "wrong" / "order-reversed.yaml").unlink()
    (copy / CASES / "wrong" / "right-after-all.yaml").write_text("about: nothing is wrong here")
    (copy / "assignment").mkdir()
    (copy / "assignment" / "page.md").write_text(
        "# Page\n\n## S.1 One\n\n## O.1 Two\n\n## O.2 Three"
    )
    edit(copy / HIDDEN, lambda text: text.replace('sibling="own_sample_is_numbers",', ""))
    public = copy / "tests" / "public" / "test_statistics.py"
    edit(
        public,
        lambda text: text[
            : text.index(
                '@pytest.mark.check(\n    task="outliers", section="O.2", function="SAMPLE"'
            )
        ],
    )
    done = autograde("verify", cwd=copy)
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if line.startswith("wrong: ")] == [
        "wrong: wrong/right-after-all: no hidden check catches it",
        "wrong: order_of_a_standardised_sample: no case of the corpus names it in must_fail",
        "wrong: standardised_samples: the handout has no section 'S.2'",
        "wrong: order_of_a_standardised_sample: the handout has no section 'S.2'",
        "wrong: own_sample: no public check looks at SAMPLE; write one and name it as sibling=",
    ]


def test_a_malformed_case_is_a_configuration_error(copy: Path) -> None:
    (copy / CASES / "wrong" / "odd.yaml").write_text("about: what\nmust_fial: [x]")
    done = autograde("verify", cwd=copy)
    assert done.returncode == 2
    assert "odd.yaml" in done.stderr
    assert "must_fial" in done.stderr
    assert "Traceback" not in done.stderr


def run_again(**changes: object) -> set[str]:
    """Graded checks of the second bundle that are run on a case; never because it names them."""
    bundle = Bundle.open(TINY)
    case = Case(name="accepted/x", about="x", **changes)  # type: ignore[arg-type]
    graded: set[str] = set()
    with_checks(bundle, lambda collected: graded.update(collected.graded_ids()))
    return graded - unchanged_checks(bundle, [case]).get(case.name, set())


SPREAD = {"range_of_three_values", "range_of_other_samples", "no_values_are_refused"} | {
    *("standardised_samples", "order_of_a_standardised_sample")
}


def test_only_checks_that_meet_changed_files_run_again() -> None:
    other = "def is_outlier(limits, values):\n    return abs(values) > limits.high"
    assert run_again(replace={"is_outlier": other}) == {"fitted_limits"}
    assert run_again(files={"sample.json": "[1, 2]"}) == {"own_sample"}
    assert run_again(files={"README.md": "Read me."}) == set()
    comment = "def value_range(values):\n    return values.ptp()  # short"
    assert run_again(replace={"value_range": comment}) == SPREAD
    assert run_again(replace={"value_range": comment}, must_fail=["own_sample"]) == SPREAD | {
        "own_sample"
    }


def test_the_reference_runs_everything_and_another_shape_what_is_not_stochastic() -> None:
    assert run_again() == SPREAD | {"fitted_limits", "own_sample"}
    assert run_again(shape=Shape.ZIP) == SPREAD | {"own_sample"}
    assert run_again(shape=Shape.NOTEBOOK) == SPREAD | {"own_sample"}


def test_a_stochastic_check_runs_again_where_a_statement_differs_that_it_reaches() -> None:
    commented = {"is_outlier": {"    values =": "    # an array\n    values ="}}
    assert run_again(edit=commented) == set()
    assert run_again(edit={"is_outlier": {"limits.low": "limits.high"}}) == {"fitted_limits"}
    elsewhere = {
        "value_range": "class _Limits:\n    low = 1\n\n\ndef value_range(v):\n    return 1"
    }
    assert run_again(replace=elsewhere) == SPREAD
    above = "_Limits = dict\n\n\ndef is_outlier(limits, values):\n    return values > 1"
    assert run_again(replace={"is_outlier": above}) == {"fitted_limits"}


def test_checks_that_share_values_ask_for_the_same() -> None:
    asked = {}
    with_checks(
        bundle := Bundle.open(TINY), lambda found: asked.update(names_asked_for(found, bundle))
    )
    assert asked["order_of_a_standardised_sample"] == asked["standardised_samples"]
    assert asked["standardised_samples"] == {"standardise"}
    assert asked["fitted_limits"] == {"fit_limits", "is_outlier"}
