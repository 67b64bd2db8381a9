"""`autograde similar`: places to look at in reports and students' own tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import TINY, autograde
from .documents import word
from .test_command import RIGHT

SHIPPED = (TINY / "skeleton" / "report.md").read_text()
PUBLIC = (TINY / "tests" / "public" / "test_statistics.py").read_text()
COPIED = """A range is decided by the two values that lie farthest out, so that one broken
sensor is enough to make the whole sample look as if it were spread over miles."""
OTHERS = {
    "ada": "I tried samples of ten and of a thousand; the larger one always had the larger range.",
    "ben": "Think of a class in which one pupil is very tall: the range is about that pupil.",
    "cleo": "Deviations use all values, ranges use two of them, hence most information is ignored.",
    "dan": "My sample came from a thermometer at home, read each morning during one week in May.",
    "eve": "Whoever adds a value can make the spread wider but never narrower, whatever it may be.",
}
COURSE = "We measured the sample with the instruments of the laboratory course as the sheet says."
OWN_TEST = """def test_spread_of_one_value_is_nothing():
    found = standardise(np.array([4.0, 4.0, 6.0]))
    assert value_range([3.5]) == 0, "one value spreads nowhere"
    assert np.isclose(found.mean(), 0) and np.isclose(found.std(), 1)
    assert value_range([-1.0, 2.0, 7.5]) == 8.5
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Five students: two share a paragraph, one of them in Word; two others share a test."""
    folder = tmp_path_factory.mktemp("similar")
    for name, text in OTHERS.items():
        files: dict[str, str | bytes] = {**RIGHT, "tests/public/test_statistics.py": PUBLIC}
        own = f"{text}\n\n{COURSE}"
        files["report.md"] = f"{SHIPPED}\n\n{own}\n"
        if name == "ben":
            files["report.md"] = f"{SHIPPED}\n\n{COPIED}\n\n{own}\n"
        if name == "cleo":
            del files["report.md"]
            files["report.docx"] = word(f"{own}\n\n{COPIED.replace(chr(10), ' ')}")
        if name in {"ada", "dan"}:
            files["tests/test_own.py"] = f"# tests of {name}\n{OWN_TEST}"
        for file, content in files.items():
            path = folder / "class" / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = autograde("similar", "class", "--assignment", TINY, "--output", "found.json", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return {"said": done.stdout, **json.loads((folder / "found.json").read_text())}


def pair(found: dict[str, Any], kind: str) -> dict[str, Any]:
    (only,) = [each for each in found["pairs"] if each["kind"] == kind]
    return dict(only)


def test_a_paragraph_is_found_whatever_it_was_written_with(found: dict[str, Any]) -> None:
    prose = pair(found, "prose")
    assert (prose["one"], prose["other"]) == ("ben", "cleo")
    assert 0.4 < prose["share"] < 0.8
    (passage,) = prose["passages"]
    assert passage["words"] == len(COPIED.split())
    assert passage["begins"].startswith("a range is decided by the two values")
    lines = f"{SHIPPED}\n\n{COPIED}".splitlines()
    assert passage["one"] == {"file": "report.md", "first": len(lines) - 1, "last": len(lines)}
    assert passage["other"]["file"] == "report.docx"
    assert "prose" in found["said"] and "ben and cleo" in found["said"]


def test_own_tests_are_compared_and_code_and_public_checks_are_not(found: dict[str, Any]) -> None:
    tests = pair(found, "tests")
    assert (tests["one"], tests["other"]) == ("ada", "dan")
    assert 0.9 < tests["share"] < 1  # they differ in a comment
    (passage,) = tests["passages"]
    assert passage["one"] == {"file": "tests/test_own.py", "first": 2, "last": 6}


def test_what_everybody_writes_and_what_the_template_says_is_left_out(
    found: dict[str, Any],
) -> None:
    assert "laboratory course" not in json.dumps(found["pairs"])
    assert {each["kind"] for each in found["pairs"]} == {"prose", "tests"}
    assert len(found["pairs"]) == 2


def test_what_cannot_be_read_is_named(tiny_submission: Any, tmp_path: Path) -> None:
    tiny_submission(ada={**RIGHT, "report.md": COPIED}, ben={**RIGHT, "report.md": COPIED})
    (tmp_path / "class" / "ben" / "report.pdf").write_bytes(b"%PDF-1.7 torn")
    (tmp_path / "class" / "cleo.zip").write_bytes(b"no archive")
    done = autograde("similar", "class", "--assignment", TINY, cwd=tmp_path)
    assert done.returncode == 1
    assert "ada and ben" in done.stdout
    assert "ben: report.pdf could not be read" in done.stdout
    assert "cleo: rejected" in done.stdout
    assert not (tmp_path / "results").exists()


def test_where_nothing_is_alike_nothing_is_said(tiny_submission: Any, tmp_path: Path) -> None:
    tiny_submission(**{name: {"report.md": text} for name, text in OTHERS.items()})
    done = autograde("similar", "class", "--assignment", TINY, cwd=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "nothing to look at")
