"""A sample of the mutated archives; `tests/fuzz/archives.py` takes thousands."""

from __future__ import annotations

import subprocess
import sys

from .conftest import ROOT


def test_mutated_archives_are_taken_in_or_refused() -> None:
    command = [sys.executable, str(ROOT / "tests" / "fuzz" / "archives.py"), "150"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "150 archives, 0 faults" in done.stdout
