"""`autograde verify` on copies of the second bundle: which case and which check is wrong."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.bundle import Bundle
from autograder.checks.collect import with_checks
from autograder.corpus import Case, Shape, build
from autograder.kit.expect import Expect
from autograder.verify.mutants import mutants_of
from autograder.verify.reuse import names_asked_for, same_own_tests, unchanged_checks

from .conftest import ROOT, TINY, autograde

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
    assert done.stdout.splitlines()[-1].endswith(f"{len(CHECKS)} hidden checks, 0 wrong")
    rows = [line.split() for line in done.stdout.splitlines()]
    accepted = len(list((copy / CASES / "accepted").glob("*.yaml")))
    assert ["accepted", str(accepted), "0"] in rows
    assert ["order_of_a_standardised_sample", "2", "order-reversed,", "template"] in rows


@pytest.mark.parametrize("check", ["order_of_a_standardised_sample", "own_sample"])
def test_a_weakened_hidden_check_is_named_with_a_case(copy: Path, check: str) -> None:
    edit(copy / HIDDEN, always_passing(check))
    done = autograde("verify", cwd=copy)
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if line.startswith("wrong: ")]
    named = [line for line in lines if line.endswith(f": {check} must fail and passes")]
    assert any(line.startswith("wrong: wrong/") and "template" not in line for line in named)


def test_what_else_an_author_can_get_wrong(copy: Path) -> None:
    (copy / CASES / "wrong" / "sample-remembered.yaml").unlink()
    (copy / CASES / "wrong" / "right-after-all.yaml").write_text("about: nothing is wrong here")
    (copy / "assignment").mkdir(exist_ok=True)
    (copy / "assignment" / "page.md").write_text(
        "# Page\n\n## S.1 One\n\n## O.1 Two\n\n## O.2 Three\n\n## L.1 Four"
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
        "wrong: the_same_sample_twice: no case of the corpus names it in must_fail",
        "wrong: standardised_samples: the handout has no section 'S.2'",
        "wrong: order_of_a_standardised_sample: the handout has no section 'S.2'",
        "wrong: the_same_sample_twice: the handout has no section 'S.2'",
        "wrong: own_sample: no public check looks at SAMPLE; write one and name it as sibling=",
    ]


def test_a_malformed_case_is_a_configuration_error(copy: Path) -> None:
    (copy / CASES / "wrong" / "odd.yaml").write_text("about: what\nmust_fial: [x]")
    done = autograde("verify", cwd=copy)
    assert done.returncode == 2
    assert "odd.yaml" in done.stderr
    assert "must_fial" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_survivor_needs_a_reason_and_a_reason_a_survivor(copy: Path) -> None:
    stale = """
- {function: value_range, line: nowhere, change: 1 -> 2, reason: it was here once}
- function: value_range
  line: return float(np.max(values) - np.min(values))
  change: np.max(values) - np.min(values) -> np.max(values) + np.min(values)
  reason: nobody notices
"""
    ledger = copy / CASES / "survivors.yaml"
    first = ledger.read_text(encoding="utf-8").index("- function")
    second = ledger.read_text(encoding="utf-8").index("- function", first + 1)
    edit(ledger, lambda text: text[:first] + text[second:] + stale)
    done = autograde("verify", "--mutants", cwd=copy)
    assert done.returncode == 1
    *lines, last = done.stdout.splitlines()
    assert last.startswith("36 of 36 mutants: 29 caught")
    assert [line.rpartition(": ")[2] for line in lines] == [
        "survives, and survivors.yaml gives no reason",
        "is caught; its line in survivors.yaml is stale",
        "does not exist; its line in survivors.yaml is stale",
    ]
    assert '`raise ValueError("no values")`' in lines[0]


def test_a_sample_of_mutants_is_drawn_by_its_seed(copy: Path) -> None:
    (copy / CASES / "survivors.yaml").write_text("")
    found = {
        autograde("verify", "--mutants", "--sample", "3", "--seed", "2", cwd=copy).stdout
        for _ in range(2)
    }
    assert len(found) == 1
    assert "3 of 36 mutants" in found.pop()


def test_mutants_differ_from_the_reference_in_one_place_each() -> None:
    every = mutants_of(Bundle.open(ROOT))
    assert len({mutant.key for mutant in every}) == len(every)
    texts = {path.stem: path.read_text() for path in (ROOT / "reference").glob("*.py")}
    for mutant in every:
        original, changed = (
            ast.unparse(node).splitlines()
            for node in (function(texts, mutant.function), ast.parse(mutant.source).body[0])
        )
        assert original != changed, mutant.key
        assert any(mutant.line in text for text in texts.values()), mutant.key


def function(texts: dict[str, str], name: str) -> ast.FunctionDef:
    nodes = (node for text in texts.values() for node in ast.parse(text).body)
    return next(n for n in nodes if isinstance(n, ast.FunctionDef) and n.name == name)


@pytest.mark.parametrize(("good_from", "runs"), [(1, [1]), (2, [1, 2]), (9, [1, 2, 3])])
def test_one_good_run_decides_and_only_as_many_bad_ones_as_seeds(
    good_from: int, runs: list[int]
) -> None:
    made: list[int] = []

    def run(seed: int) -> int:
        made.append(seed)
        return seed

    last = Expect().first_good(run, (1, 2, 3), lambda result: result >= good_from)
    assert (last, made) == (runs[-1], runs)


def run_again(*, trainings: bool = True, **changes: object) -> set[str]:
    """Graded checks of the second bundle that are run on a case; never because it names them."""
    bundle = Bundle.open(TINY)
    case = Case(name="accepted/x", about="x", **changes)  # type: ignore[arg-type]
    graded: set[str] = set()
    with_checks(bundle, lambda collected: graded.update(collected.graded_ids()))
    return graded - unchanged_checks(bundle, [case], trainings=trainings).get(case.name, set())


SPREAD = {"range_of_three_values", "range_of_other_samples", "no_values_are_refused"} | {
    *("standardised_samples", "order_of_a_standardised_sample"),
    "the_same_sample_twice",
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
    others = SPREAD | {"own_sample", "lean_of_other_samples", "equal_values_lean_nowhere"}
    assert run_again() == others | {"fitted_limits"}
    assert run_again(shape=Shape.ZIP) == others
    assert run_again(shape=Shape.NOTEBOOK) == others


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


def test_without_trainings_a_stochastic_check_runs_where_it_is_named() -> None:
    wrong = {"is_outlier": {"limits.low": "limits.high"}}
    assert run_again(edit=wrong, trainings=False) == set()
    named = {"must_fail": ["fitted_limits"]}
    assert run_again(edit=wrong, trainings=False, **named) == {"fitted_limits"}
    assert "fitted_limits" in run_again(trainings=False)


def test_own_tests_are_tried_again_where_their_code_differs() -> None:
    bundle = Bundle.open(TINY)
    [file] = [name for name in build(Case(name="", about=""), bundle) if name.startswith("tests/")]
    cases = [
        Case(name="partial/report", about="x", files={"report.md": "Short."}),
        Case(name="wrong/module", about="x", edit={"is_outlier": {"limits.low": "limits.high"}}),
        Case(name="partial/tests", about="x", files={file: "def test_nothing(): pass"}),
        Case(name="partial/beside", about="x", files={"tests/helper.py": "x = 1"}),
        Case(name="accepted/zip", about="x", shape=Shape.ZIP),
        Case(name="accepted/reference", about="x"),
    ]
    assert same_own_tests(bundle, cases) == {"partial/report", "wrong/module"}


def test_checks_that_share_values_ask_for_the_same() -> None:
    asked = {}
    with_checks(
        bundle := Bundle.open(TINY), lambda found: asked.update(names_asked_for(found, bundle))
    )
    assert asked["order_of_a_standardised_sample"] == asked["standardised_samples"]
    assert asked["standardised_samples"] == {"standardise"}
    assert asked["fitted_limits"] == {"fit_limits", "is_outlier"}
