"""A mistake in rubric.yaml is an error with file, line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.bundle import Bundle
from autograder.rubric.load import RubricError, load_rubric

from .conftest import ROOT, TINY, autograde

TEXT = (TINY / "rubric.yaml").read_text(encoding="utf-8")


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def complaint(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RubricError) as raised:
        load_rubric(path)
    return str(raised.value)


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("    gate: fitted_limits", "    gaet: fitted_limits", "unknown key 'gaet'; did you mean"),
        ("    gate: fitted_limits\n", "", "tasks.1.gate is missing"),
        ("cpu_seconds: 1,", "cpu_seconds: -1,", "limits.cpu_seconds: input should be greater"),
        ("Progressing: 85,", "Progress: 85,", "levels.Progress: input should be 'Pre-Emerging'"),
        ("points: {implementation: 2,", "points: {implementation: two,", "points.implementation"),
        ("id: outliers", "id: spread", "tasks: two tasks have the same id"),
        ("name: is_outlier", "name: fit_limits", "function fit_limits is declared twice"),
        ("Beginning: 50", "Beginning: 90", "percentages must start at 0 and rise"),
        ("version: 1", "version: 2", "version: input should be 1"),
        ("quality: 0}", "quality: 1}", "lean is an extension, which earns by its checks alone"),
        (
            "    outliers:\n      right",
            "    lean:\n      right",
            "lean is an extension, which needs",
        ),
        (
            "kind: curve\n    x: value\n    y: number",
            "kind: surface\n    x: value\n    y: number",
            "before_and_after is a surface, which has neither `lines` nor `ticks`",
        ),
    ],
)
def test_a_mistake_names_its_line(right: str, wrong: str, message: str, tmp_path: Path) -> None:
    text = complaint(tmp_path / "rubric.yaml", TEXT.replace(right, wrong, 1))
    assert message in text
    assert text.startswith(f"{tmp_path / 'rubric.yaml'}:")


def test_the_line_is_the_one_with_the_mistake(tmp_path: Path) -> None:
    wrong = TEXT.replace("    gate: fitted_limits", "    gaet: fitted_limits")
    text = complaint(tmp_path / "rubric.yaml", wrong)
    place = f"rubric.yaml:{line_of(wrong, '    gaet')}: unknown key 'gaet'"
    assert place in text


def test_a_key_that_stands_twice(tmp_path: Path) -> None:
    text = complaint(tmp_path / "rubric.yaml", TEXT + "modules: [spread]\n")
    assert f":{TEXT.count(chr(10)) + 1}: the key 'modules' stands twice" in text


@pytest.mark.parametrize("text", ["a: [1\nb: 2\n", "\ta: 1\n", "a: b: c\n"])
def test_what_is_not_yaml(text: str, tmp_path: Path) -> None:
    assert "not valid YAML" in complaint(tmp_path / "rubric.yaml", text)


@pytest.mark.parametrize("text", ["", "just words\n", "- a\n"])
def test_what_is_no_mapping(text: str, tmp_path: Path) -> None:
    assert "rubric.yaml:1:" in complaint(tmp_path / "rubric.yaml", text)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "rubric.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RubricError, match="not UTF-8"):
        load_rubric(tmp_path / "rubric.yaml")


def test_the_command_shows_the_place_and_no_traceback(tmp_path: Path) -> None:
    for folder in ("class/ada", "reference", "tests/public", "tests/hidden"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "rubric.yaml").write_text(TEXT.replace("packages:", "pakages:"))
    done = autograde("class", cwd=tmp_path)
    assert done.returncode == 2
    assert "unknown key 'pakages'; did you mean 'packages'?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bundle_without_checks_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "rubric.yaml").write_text(TEXT)
    with pytest.raises(RubricError, match="no folder reference/"):
        Bundle.open(tmp_path)


def test_the_rubric_holds_the_points_of_its_parts() -> None:
    rubric = load_rubric(ROOT / "rubric.yaml")
    formula = rubric.tasks[0].points
    assert (formula.implementation, formula.correctness, formula.quality) == (4, 3, 3)
    assert sum(question.points for question in rubric.tasks[0].questions) == 2
    assert (rubric.report.points, rubric.completeness.points) == (10, 10)
    assert list(rubric.levels.values()) == [0, 50, 85, 100]
