"""`check_setup.py`: what a student's computer lacks, in plain words."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "student_template", tmp_path / "homework"))


def said(folder: Path, *prelude: str) -> str:
    """What it prints, in an interpreter prepared by a line of Python."""
    program = "runpy.run_path('check_setup.py', None, '__main__')"
    run = "; ".join(["import sys, runpy", *prelude, program])
    command = [sys.executable, "-c", run]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert done.returncode == (0 if "Everything is here" in done.stdout else 1)
    return done.stdout


def test_a_complete_computer(folder: Path) -> None:
    assert said(folder) == "Everything is here. Type: pytest\n"


def test_a_missing_package(folder: Path) -> None:
    path = folder / "requirements.txt"
    path.write_text(path.read_text() + "surely-not-installed>=1,<2\n")
    assert "surely-not-installed is not installed. Type: python -m pip install" in said(
        folder, "pass"
    )


def test_a_version_out_of_range(folder: Path) -> None:
    path = folder / "requirements.txt"
    path.write_text("numpy>=1.0,<1.5\n")
    assert "does not fit (needed: >=1.0,<1.5)" in said(folder)


def test_a_file_that_hides_a_library(folder: Path) -> None:
    (folder / "numpy.py").write_text("")
    (folder / "random.py").write_text("")
    text = said(folder)
    assert "Rename your file numpy.py" in text
    assert "Rename your file random.py" in text


def test_an_old_python(folder: Path) -> None:
    old = "sys.version_info = (3, 8, 1)"
    assert "This is Python 3.8; Python 3.10 or newer is needed" in said(folder, old)


def test_a_folder_that_is_not_whole(folder: Path) -> None:
    shutil.rmtree(folder / "tests" / "public")
    assert "tests/public is missing here" in said(folder)
