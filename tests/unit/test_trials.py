"""The student's own tests on blind trial: what fair ones earn, and that no cheat earns anything."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.bundle import Bundle
from autograder.corpus import build, load_cases
from autograder.model import Verdict
from autograder.rubric.load import RubricError
from autograder.trials.judge import Tried, judge

from .conftest import TINY, autograde, once

GOOD = """
    from outliers import fit_limits, is_outlier

    def test_both_sides():
        limits = fit_limits([-1.0, 1.0, -1.0, 1.0])
        assert list(is_outlier(limits, [-9.0, 0.0, 9.0])) == [True, False, True]
"""
CHEATS = {
    "random": (
        """
        import os, pytest
        from outliers import fit_limits

        @pytest.mark.parametrize("n", range(40))
        def test_coin(n):
            fit_limits([1.0, 2.0])
            assert os.urandom(1)[0] < 128
        """,
        "so nothing of this part counts",
    ),
    "counts-runs": (
        """
        import os, pathlib
        from outliers import fit_limits

        PLACES = map(pathlib.Path, ("/tmp/n", "/dev/shm/n", "n", "tests/n", "/submission/n"))

        def test_from_the_third_run_on():
            fit_limits([1.0, 2.0])
            for place in PLACES:
                try:
                    with place.open("a") as file:
                        file.write("x")
                    assert place.stat().st_size < 3
                except OSError:
                    pass
        """,
        "Not noticed (2)",
    ),
    "reads-source": (
        """
        import glob, hashlib, inspect, os
        import outliers

        def test_source():
            outliers.fit_limits([1.0, 2.0])
            found = [p for p in glob.glob("/**/outliers.py", recursive=True)]
            for thing in (outliers, outliers.fit_limits):
                try:
                    found.append(inspect.getsource(thing))
                except (OSError, TypeError):
                    pass
            assert not [text for text in found if "values" in text or text.startswith("/")]
        """,
        "Not noticed (2)",
    ),
    "asks-what-it-got": (
        """
        from outliers import fit_limits

        def test_kind_and_place():
            limits = fit_limits([1.0, 2.0])
            seen = repr(limits)
            try:
                fit_limits("no numbers")
            except Exception as error:
                seen += str(getattr(error, "__traceback__", "")) + "".join(error.args)
            assert "_Limits" not in seen and "line" not in seen
        """,
        "Not noticed (2)",
    ),
    "times-calls": (
        """
        import time
        from outliers import fit_limits

        def test_speed():
            begin = time.perf_counter()
            fit_limits([1.0, 2.0])
            assert time.perf_counter() - begin < 1e-9
        """,
        "Right work does not pass test_speed",
    ),
    "demands-a-quirk": (
        """
        from outliers import fit_limits, is_outlier

        def test_type():
            assert is_outlier(fit_limits([1.0, 2.0]), [9.0]).dtype == bool
        """,
        "Right work does not pass test_type",
    ),
    "forges-its-record": (
        """
        import json, os, struct
        from outliers import fit_limits

        def test_forged():
            fit_limits([1.0, 2.0])
            record = ["record", {"dict": [["test_forged", "failed"]]}]
            text = json.dumps({"dict": [record, ["unloadable", []]]}).encode()
            for descriptor in range(3, 20):
                try:
                    os.write(descriptor, struct.pack("!II", len(text), 0) + text)
                except OSError:
                    pass
        """,
        "nothing of this part counts",
    ),
    "hangs": (
        """
        from outliers import fit_limits

        def test_for_ever():
            while True:
                fit_limits([1.0, 2.0])
        """,
        "came to no end",
    ),
    "leaves": (
        """
        import os
        from outliers import fit_limits

        def test_exit():
            fit_limits([1.0, 2.0])
            os._exit(0)
        """,
        "came to no end",
    ),
    "tests-nothing": (
        """
        def test_arithmetic():
            assert 1 + 1 == 2
        """,
        "None of your tests calls a function of this part.",
    ),
    "broken": ("def test_x(:\n", "tests/test_own.py cannot be loaded"),
    "beyond-the-functions": (
        "from outliers import _Limits\n\ndef test_x():\n    assert _Limits\n",
        "tests/test_own.py cannot be loaded",
    ),
    "no-test": ("LIMIT = 3\n", "No tests of your own were handed in."),
}
"""Name -> a suite that earns nothing, and what its report says."""
HONEST = {
    "good": (GOOD, 0.5, ""),
    "with-helper": ("    from tools import WIDE\n" + GOOD.replace("-9.0", "-WIDE"), 0.5, ""),
    "weak": (
        GOOD.replace("[-9.0, 0.0, 9.0]", "[0.0, 9.0]").replace("[True, False, True]", "[0, 1]"),
        0.25,
        "Noticed (1): values inside of the limits stand out. "
        "Not noticed (1): only values above the limits stand out.",
    ),
    "prints": (GOOD + "        print('x' * 10**6)\n", 0.5, ""),
    "deletes": (
        GOOD + "\n    def test_z():\n        import shutil\n        shutil.rmtree('.', True)\n",
        0.5,
        "",
    ),
    "hangs-in-another-part": (
        GOOD
        + "\n    def test_a():\n        from spread import value_range\n"
        + "        while True:\n            value_range([1.0])\n",
        0.5,
        "",
    ),
    "looks-into-a-handle": (
        GOOD + "\n    def test_low():\n        assert fit_limits([0.0, 2.0]).low == -1.0\n",
        0.5,
        "tests may only pass back: test_low.",
    ),
    "unittest": (
        """
        import unittest
        from outliers import fit_limits, is_outlier

        class Sides(unittest.TestCase):
            def setUp(self):
                self.limits = fit_limits([-1.0, 1.0, -1.0, 1.0])

            def test_both(self):
                self.assertEqual([bool(x) for x in is_outlier(self.limits, [-9, 0, 9])], [1, 0, 1])
        """,
        0.5,
        "",
    ),
}
"""Name -> a fair suite, its points of the half that the task is worth, and what is said."""


def dedented(text: str) -> str:
    lines = text.split("\n")
    width = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[width:] for line in lines)


def hand_in(folder: Path, suites: dict[str, str]) -> None:
    bundle = Bundle.open(TINY)
    files = build(load_cases(bundle)["accepted/reference"], bundle)
    for name, text in suites.items():
        own = {"tests/test_own.py": dedented(text).encode(), "tools.py": b"WIDE = 9.0\n"}
        for file, data in {**files, **own}.items():
            path = folder / "class" / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Reports of a class in which only the tests differ, by name."""

    def make(folder: Path) -> None:
        suites = {name: text for name, (text, *_) in {**CHEATS, **HONEST}.items()}
        hand_in(folder, suites)
        example = (TINY / "skeleton/tests/test_own.py").read_text()
        wrong_work = folder / "class" / "gate-fails" / "outliers.py"
        hand_in(folder, {"example": example, "gate-fails": GOOD})
        wrong_work.write_text(wrong_work.read_text().replace("2 * spread", "99 * spread"))
        done = autograde("class", "--assignment", TINY, "--output", "results", cwd=folder)
        assert done.returncode == 0, done.stderr

    folder = once(tmp_path_factory, "trials", make) / "results" / "reports"
    return {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}


def evidence(report: dict[str, Any], task: str = "outliers") -> dict[str, Any]:
    every = [e for category in report["categories"] for e in category["evidence"]]
    (found,) = [e for e in every if e["id"] == f"own-tests-{task}"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", CHEATS)
def test_what_earns_nothing_and_why(name: str, reports: dict[str, Any]) -> None:
    found = evidence(reports[name])
    assert found["points"] == 0
    assert CHEATS[name][1] in found["message"]
    assert not found["needs_review"]


@pytest.mark.parametrize("name", HONEST)
def test_what_fair_tests_earn(name: str, reports: dict[str, Any]) -> None:
    _, points, said = HONEST[name]
    found = evidence(reports[name])
    assert (found["points"], found["possible"]) == (points, 0.5)
    assert said in found["message"]
    assert found["verdict"] == ("pass" if points == 0.5 else "partial")


def test_tests_of_one_task_say_nothing_of_another(reports: dict[str, Any]) -> None:
    found = evidence(reports["good"], "spread")
    assert (found["points"], found["verdict"]) == (0, "not_run")
    assert "None of your tests" in found["message"]


def test_the_example_of_the_template_does_not_count(reports: dict[str, Any]) -> None:
    found = evidence(reports["example"], "spread")
    assert found["points"] == 0
    assert "The example of the template does not count" in found["message"]


def test_behind_a_failed_gate_tests_are_tried_and_not_counted(reports: dict[str, Any]) -> None:
    found = evidence(reports["gate-fails"])
    assert found["points"] == 0
    assert "first the check 'fitted_limits'" in found["message"]
    assert "Noticed (2)" in found["message"]


def test_no_message_tells_a_value(reports: dict[str, Any]) -> None:
    """A test's own texts could carry what the implementations answered."""
    assert "WIDE" not in json.dumps(reports["with-helper"])
    assert "-9" not in json.dumps([evidence(report) for report in reports.values()])


def test_without_isolation_the_same_comes_out(tmp_path: Path) -> None:
    hand_in(tmp_path, {"good": GOOD})
    autograde(
        *("class", "--assignment", TINY, "--output", "out", "--isolation", "none"), cwd=tmp_path
    )
    assert evidence(json.loads((tmp_path / "out/reports/good.json").read_text()))["points"] == 0.5


PASSES, FAILS = {"test_a": "passed", "test_b": "passed"}, {"test_a": "passed", "test_b": "failed"}


@pytest.mark.parametrize(
    ("right", "wrong", "verdict", "caught"),
    [
        ([PASSES, PASSES], [FAILS, FAILS], None, 1),
        ([PASSES, PASSES], [PASSES, PASSES], None, 0),
        ([PASSES, PASSES], [FAILS, PASSES], Verdict.FAIL, 0),  # says two things of the same
        ([PASSES, FAILS], [FAILS, FAILS], Verdict.FAIL, 0),
        ([FAILS, FAILS], [FAILS, FAILS], Verdict.FAIL, 0),  # notices everything, right work too
        ([PASSES, PASSES], [None, None], None, 0),  # no end is no notice
        ([PASSES, PASSES], [FAILS, None], None, 0),
        ([PASSES, PASSES], [{"test_a": "passed"}, {"test_a": "passed"}], None, 1),
        ([{"test_a": "passed"}], [FAILS, FAILS], Verdict.FAIL, 0),
    ],
)
def test_what_is_concluded(
    right: list[Any], wrong: list[Any], verdict: Verdict | None, caught: int
) -> None:
    tried = [Tried("", right), Tried("a mistake", wrong)]
    trial = judge({"test_a", "test_b"}, tried, ())
    assert (trial.verdict, len(trial.caught)) == (verdict, caught)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("wrong/only-above:", "wrong/only-below:", "no case tests/submissions/wrong/only-below"),
        ("    outliers:\n      right", "    sizes:\n      right", "there is no task sizes"),
        ("[accepted/handles, ", "[", "right"),
    ],
)
def test_a_mistake_in_the_declaration_is_named(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "bundle"))
    text = (folder / "rubric.yaml").read_text()
    assert old in text
    (folder / "rubric.yaml").write_text(text.replace(old, new))
    with pytest.raises(RubricError, match=said):
        Bundle.open(folder)


def test_a_changed_implementation_is_another_bundle(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "bundle"))
    case = folder / "tests/submissions/wrong/only-above.yaml"
    case.write_text(case.read_text().replace("values > limits.high", "values >= limits.high"))
    assert Bundle.open(folder).sha256 != Bundle.open(TINY).sha256


def test_a_test_without_end_costs_the_part_that_it_calls(reports: dict[str, Any]) -> None:
    found = evidence(reports["hangs-in-another-part"], "spread")
    assert (found["points"], found["verdict"]) == (0, "timeout")
    assert "came to no end" in found["message"]
