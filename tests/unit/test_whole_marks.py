"""What whole pieces of work are worth: the sums that the rubric promises."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from autograder.bundle import Bundle
from autograder.corpus import Case, build
from autograder.release import template_files

from .conftest import ROOT, autograde, once

GATES = ("hidden_activations", "mse_gradients", "add_interaction", "parity_labels")
WAITS_FOR_A_PERSON = 10  # reasoning


class Ugly(ast.NodeTransformer):
    """Takes docstrings away and adds a bare except and an old TODO; the code still works."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        guarded = "try:\n    pass\nexcept:\n    pass"
        node.body = ast.parse(guarded).body + node.body
        return node


def ugly(text: str) -> str:
    code = ast.unparse(Ugly().visit(ast.parse(text)))
    return code.replace("    try:\n", "    # TODO tidy this up\n    try:\n")


def with_function(text: str, name: str, solution: str) -> str:
    """A module's text with one function taken from another text."""

    def lines(source: str) -> tuple[int, int]:
        nodes = [n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
        node = next(n for n in nodes if n.name == name)
        assert node.end_lineno is not None
        return node.lineno - 1, node.end_lineno

    (start, end), (first, last) = lines(text), lines(solution)
    merged = text.split("\n")
    merged[start:end] = solution.split("\n")[first:last]
    return "\n".join(merged)


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Four pieces of work, all with the finished report and README, graded by the command."""
    paths = (once(tmp_path_factory, "whole", grade_whole) / "results" / "reports").glob("*.json")
    return {path.stem: json.loads(path.read_text()) for path in paths}


def grade_whole(folder: Path) -> None:
    bundle = Bundle.open(ROOT)
    right = {name: data.decode() for name, data in build(Case(name="", about=""), bundle).items()}
    stubs = template_files(bundle)
    modules = [f"{module}.py" for module in bundle.rubric.modules]
    gates = {name: stubs[name] for name in modules}
    for name in modules:
        for function in GATES:
            if f"def {function}(" in right[name]:
                gates[name] = with_function(gates[name], function, right[name])
    empty = "\n\n".join(
        f'def {name}(*arguments, **options):\n    """Tidy, and empty."""\n    return None'
        for name in bundle.function_names
    )
    work = {
        "ugly": {**right, **{name: ugly(right[name]) for name in modules}},
        "three-parts": {n: t for n, t in right.items() if not n.startswith("parity_")},
        "gates": {**right, **gates},
        "empty": {**{n: t for n, t in right.items() if n not in modules}, "homework.py": empty},
    }
    for name, files in work.items():
        for file, text in files.items():
            path = folder / "class" / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    done = autograde("class", "--assignment", ROOT, "--output", "results", cwd=folder)
    assert done.returncode == 0, done.stderr


def test_the_points_sum_to_a_hundred(reports: dict[str, Any]) -> None:
    for report in reports.values():
        assert report["score"]["possible"] == 100
    possible = {c["id"]: c["possible"] for c in reports["ugly"]["categories"]}
    assert possible == {
        "implementation": 30, "correctness": 30, "quality": 20, "report": 10, "completeness": 10,
    }  # fmt: skip


def test_ugly_work_that_is_right_keeps_nearly_everything(reports: dict[str, Any]) -> None:
    points = {c["id"]: c["points"] for c in reports["ugly"]["categories"]}
    assert (points["implementation"], points["correctness"]) == (30, 20)
    assert points["quality"] < 0.85 * 20
    measurable = 100 - WAITS_FOR_A_PERSON
    assert reports["ugly"]["score"]["points"] >= 0.88 * measurable


def test_three_parts_of_four_are_worth_at_most_sixty(reports: dict[str, Any]) -> None:
    report = reports["three-parts"]
    evidence = [e for category in report["categories"] for e in category["evidence"]]
    for_a_person = sum(e["possible"] for e in evidence if e["measured"] is None)
    assert for_a_person == 7  # reasoning of three parts
    assert 30 < report["score"]["points"] <= 60 - for_a_person


def test_one_function_a_part_is_worth_at_most_ten(reports: dict[str, Any]) -> None:
    assert 0 < reports["gates"]["score"]["points"] <= 10


def test_tidy_emptiness_is_worth_next_to_nothing(reports: dict[str, Any]) -> None:
    assert reports["empty"]["score"]["points"] <= 5
