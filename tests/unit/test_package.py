"""The archive for Gradescope: unpacked into an empty folder and run as its specification says."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.bundle import Bundle
from autograder.corpus import build, load_case, materialise
from autograder.package import requirements

from .conftest import ROOT, TINY, autograde

BUNDLE = Bundle.open(TINY)
WITHOUT = [sys.executable, str(ROOT / "tests" / "lesser_kernel.py")]
ORDINARY = [sys.executable, str(ROOT / "tests" / "unprivileged.py")]
LARGEST = 768 * 2**20
"""What Gradescope gives a submission by default, all processes together."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "gradescope.zip"
    done = autograde("package", "gradescope", "--output", path, "--assignment", TINY, cwd=ROOT)
    assert "never for students" in done.stdout, done.stderr
    return path


@pytest.fixture
def image(archive: Path) -> Iterator[Path]:
    """The folder that is `/autograder` there, with the environment that `setup.sh` makes."""
    with tempfile.TemporaryDirectory(prefix="autograder-") as name:
        folder = Path(name)
        for part in ("source", "submission", "results"):
            (folder / part).mkdir()
        folder.chmod(0o755)  # unlike pytest's own, an ordinary user goes there as well
        (folder / "results").chmod(0o777)
        with zipfile.ZipFile(archive) as content:
            content.extractall(folder / "source")
        (folder / "venv").symlink_to(sys.prefix)
        users = [{"id": 9, "name": "Ada Lovelace", "email": "ada@e.example"}]
        metadata = json.dumps({"id": 4711, "users": users})
        (folder / "submission_metadata.json").write_text(metadata)
        yield folder


def hand_in(image: Path, case: str) -> None:
    for name, data in build(load_case(BUNDLE, case), BUNDLE).items():
        (image / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
        (image / "submission" / name).write_bytes(data)


def run(image: Path, *before: str, preexec: Callable[[], None] | None = None) -> dict[str, Any]:
    """What `run_autograder` writes."""
    command = [*before, "bash", str(image / "source" / "run_autograder")]
    environment = {"PATH": os.environ["PATH"], "AUTOGRADER_BASE": str(image)}
    environment["PYTHONPATH"] = str(ROOT)  # for what stands before it
    done = subprocess.run(command, env=environment, preexec_fn=preexec, check=False)
    assert done.returncode == 0
    return json.loads((image / "results" / "results.json").read_text())


def scores(node: Any) -> list[Any]:
    """Everything in a result that could count as a mark."""
    if isinstance(node, dict):
        found = [value for key, value in node.items() if key in ("score", "max_score")]
        return found + [each for value in node.values() for each in scores(value)]
    return [each for value in node for each in scores(value)] if isinstance(node, list) else []


def cap_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST, LARGEST))


def test_with_namespaces_off_and_memory_capped_the_marks_are_those_of_autograde(
    image: Path, tmp_path: Path
) -> None:
    hand_in(image, "wrong/order-reversed")
    materialise(load_case(BUNDLE, "wrong/order-reversed"), BUNDLE, tmp_path / "class", "ada")
    done = autograde("class", "--assignment", TINY, "--only", "ada", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "results" / "reports" / "ada.json").read_text())
    result = run(image, *ORDINARY, *WITHOUT, "userns", preexec=cap_memory)
    assert result["score"] == report["score"]["points"] > 0
    seen = [
        (e["title"], e["points"], e["possible"])
        for category in report["categories"]
        for e in category["evidence"]
        if e["visibility"] == "student"
    ]
    assert [(t["name"], t["score"], t["max_score"]) for t in result["tests"]] == seen
    assert result["extra_data"]["id"] == "4711"
    assert "Ada" not in json.dumps(result)


def test_where_nothing_confines_student_code_there_is_no_mark_and_no_zero(image: Path) -> None:
    hand_in(image, "accepted/reference")
    result = run(image, *ORDINARY, *WITHOUT, "userns,landlock")
    assert "Not graded." in result["output"]
    assert "cannot be confined" in result["output"]
    assert scores(result) == []
    assert [test["name"] for test in result["tests"]] == ["Not graded"]


@pytest.mark.parametrize("lost", ["venv", "source/bundle/rubric.yaml", "submission"])
def test_whatever_is_missing_there_is_a_result_without_a_score(image: Path, lost: str) -> None:
    (image / lost).rename(image / "elsewhere")
    result = run(image)
    assert "Not graded." in result["output"]
    assert scores(result) == []


def test_nothing_handed_in_is_a_mark_and_a_bomb_is_none(image: Path) -> None:
    assert run(image)["score"] == 0
    (image / "submission" / "link.py").symlink_to("/etc/passwd")
    assert scores(run(image)) == []


def test_no_review_and_no_name_is_in_the_archive(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(TINY, bundle)
    for name in (
        "reviews/ada/Q-S1.ana.json",
        "results/identities.csv",
        "submissions/ada/spread.py",
    ):
        (bundle / name).parent.mkdir(parents=True, exist_ok=True)
        (bundle / name).write_text("Ada Lovelace")
    archives = []
    for assignment in (bundle, TINY):
        archives.append(tmp_path / f"{len(archives)}.zip")
        made = "--output", archives[-1], "--assignment", assignment
        assert autograde("package", "gradescope", *made, cwd=tmp_path).returncode == 0
    assert archives[0].read_bytes() == archives[1].read_bytes()


def test_requirements_are_pins_that_no_host_stands_in(archive: Path) -> None:
    with zipfile.ZipFile(archive) as content:
        lines = content.read("requirements.txt").decode().splitlines()
        assert content.getinfo("run_autograder").external_attr >> 16 & 0o111
    assert all(re.match(r"[\w-]+==[\d.]+(;.*)?$", line) for line in lines), lines
    assert not [line for line in lines if line.startswith("torch")], "this assignment has none"
    torch = f"torch=={importlib.metadata.version('torch').partition('+')[0]}"
    assert torch in requirements(Bundle.open(ROOT)).splitlines()
