"""What the tests of the grader share: the bundle, and its corpus graded once by the command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from autograder.bundle import Bundle
from autograder.corpus import load_cases, materialise
from autograder.verify.corpus_run import entry_name, grade_corpus
from autograder.verify.sample import most_telling

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "bundles" / "statistics"
COMMAND = str(Path(sys.executable).with_name("autograde"))
QUICK = most_telling([case for case in load_cases(Bundle.open(ROOT)).values() if not case.slow])
MAIN_CASES = {case.name: case for case in QUICK}
"""What `autograde verify --quick` grades; the rest belongs to `make verify-full`."""


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # so a shell starts what runs in the background, and what that starts inherits it
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True)
class Graded:
    """A graded class: its output folder."""

    output: Path

    def report(self, identifier: str) -> dict[str, Any]:
        path = self.output / "reports" / f"{identifier}.json"
        return json.loads(path.read_text(encoding="utf-8"))


def autograde(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, in a process of its own."""
    command = [COMMAND, *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=600, check=False
    )


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first process of the test run to ask for it makes, for all of them."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with FileLock(f"{folder}.lock"):
        if not Path(folder, "finished").exists():
            folder.mkdir()
            make(folder)
            Path(folder, "finished").touch()
    return folder


@pytest.fixture(scope="session")
def main_class(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The main bundle's corpus, graded as by `autograde verify --quick`."""

    def make(folder: Path) -> None:
        grade_corpus(Bundle.open(ROOT), MAIN_CASES.values(), folder, jobs=2, trainings=False)

    return Graded(once(tmp_path_factory, "main", make) / "results")


@pytest.fixture(scope="session")
def tiny_class(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The second bundle's corpus, graded by the command."""

    def make(folder: Path) -> None:
        bundle = Bundle.open(TINY)
        for case in load_cases(bundle).values():
            materialise(case, bundle, folder / "class", entry_name(case))
        autograde("class", "--assignment", TINY, "--output", "results", cwd=folder)

    return Graded(once(tmp_path_factory, "tiny", make) / "results")


@pytest.fixture
def tiny_submission(tmp_path: Path) -> Callable[..., Path]:
    """Writes a class of one or more submissions to the tiny bundle: name -> {file: text}."""

    def write(**submissions: dict[str, str]) -> Path:
        for name, files in submissions.items():
            for file, text in files.items():
                path = tmp_path / "class" / name / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        return tmp_path / "class"

    return write
