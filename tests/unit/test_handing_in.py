"""Students before they hand in: what `check` says, and what `pack` makes is what intake takes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.bundle import Bundle
from autograder.corpus import build, load_case
from autograder.handing_in import LARGEST, MANIFEST
from autograder.release import template_files, write_template

from .conftest import ROOT, TINY, autograde

BUNDLE = Bundle.open(TINY)
RIGHT = build(load_case(BUNDLE, "accepted/reference"), BUNDLE)
PUBLIC = "".join(path.read_text() for path in BUNDLE.public_dir.glob("*.py")).count("\ndef test_")


@pytest.fixture
def homework(tmp_path: Path) -> Path:
    """What students get of the tiny bundle, and nothing else."""
    write_template(BUNDLE, tmp_path / "homework")
    return tmp_path / "homework"


def finish(folder: Path) -> None:
    for name, data in RIGHT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_finished_work_is_said_to_be_whole_and_no_mark_is_predicted(homework: Path) -> None:
    finish(homework)
    done = autograde("check", homework, cwd=homework.parent)
    assert done.stdout.startswith(f"public {PUBLIC} of {PUBLIC}; 16 points are decided later: ")
    assert (done.stdout.count("\n"), done.returncode) == (1, 0)


def test_untouched_work_is_told_what_is_missing(homework: Path) -> None:
    done = autograde("check", cwd=homework)
    lines = done.stdout.splitlines()
    assert "missing: README: still as in the template." in lines
    assert "How far values lie apart: 0 of 2; type `pytest` to see why" in lines
    assert not [line for line in lines if "leans" in line], "an extension is not asked for"
    assert done.returncode == 1


def test_without_a_box_the_checks_run_as_plain_pytest_and_it_says_so(homework: Path) -> None:
    finish(homework)
    lesser = [sys.executable, str(ROOT / "tests" / "lesser_kernel.py"), "userns,landlock"]
    command = [*lesser, sys.executable, "-m", "autograder", "check", str(homework)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    first, last = done.stdout.splitlines()
    assert first.startswith("run as with plain pytest, not in a box: ")
    assert last.startswith(f"public {PUBLIC} of {PUBLIC}; ")


def test_what_is_packed_gets_the_marks_of_the_folder(homework: Path, tmp_path: Path) -> None:
    finish(homework)
    assert autograde("pack", homework, "-o", "class/packed.zip", cwd=tmp_path).returncode == 0
    shutil.copytree(homework, tmp_path / "class" / "folder")
    done = autograde("class", "--assignment", TINY, "--isolation", "none", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = (tmp_path / "results" / "grades.csv").read_text().splitlines()[1:]
    folder, packed = (row.split(",")[1:] for row in rows)
    assert packed == folder
    categories = json.loads((tmp_path / "results/reports/packed.json").read_text())["categories"]
    assert categories[0]["points"] == categories[0]["possible"]


def test_the_zip_holds_the_work_alone_and_names_what_is_missing(homework: Path) -> None:
    (homework / "spread.py").write_bytes(RIGHT["spread.py"])
    (homework / ".venv" / "lib").mkdir(parents=True)
    (homework / ".venv" / "lib" / "numpy.py").write_text("x = 1\n")
    (homework / "recording.bin").write_bytes(bytes(LARGEST + 1))
    (homework / "link.py").symlink_to("/etc/passwd")
    done = autograde("pack", cwd=homework)
    content = members(homework.with_name("homework.zip"))
    shipped = set(template_files(BUNDLE))
    assert not [name for name in content if name.startswith(("autograde_kit/", "tests/public/"))]
    assert set(content) - shipped == {MANIFEST}
    manifest = json.loads(content[MANIFEST])
    assert {file["path"] for file in manifest["files"]} == set(content) - {MANIFEST}
    assert manifest["public"] == {"passed": 3, "checks": PUBLIC - 1}
    assert "README: still as in the template." in manifest["missing"]
    assert "left out: recording.bin: 8.0 MiB; work takes 8 MiB a file at most" in done.stdout
    assert "left out: link.py: " in done.stdout


def test_the_same_work_gives_the_same_zip_and_a_changed_tool_goes_with_it(homework: Path) -> None:
    (homework / "conftest.py").write_text("from autograde_kit.laptop import *\n")
    target = homework / "work.zip"
    assert autograde("pack", "-o", target, cwd=homework).returncode == 0
    first = target.read_bytes()
    assert autograde("pack", "-o", target, cwd=homework).returncode == 0
    assert target.read_bytes() == first
    assert "conftest.py" in members(target)
    assert "pytest.ini" not in members(target)


def test_a_folder_that_is_no_homework_is_told_so(tmp_path: Path) -> None:
    done = autograde("check", tmp_path, cwd=tmp_path)
    assert "name the folder that your course gave you" in done.stderr
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


def test_what_is_released_about_points_is_the_whole_mark() -> None:
    for root in (ROOT, TINY):
        bundle = Bundle.open(root)
        released = json.loads(template_files(bundle)["autograde_kit/assignment.json"])
        assert sum(released["decided_later"].values()) in (100, 16)
