"""A run that is cut short loses nothing, and the same command finishes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT, TINY, autograde

sys.path.insert(0, str(ROOT / "tests" / "fuzz"))
import interrupted_runs as storm

sys.path.pop(0)


def test_a_killed_run_is_finished_by_the_same_command() -> None:
    assert storm.main(kills=2, submissions=8) == 0


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_in_order_and_says_how_to_go_on(
    sign: signal.Signals, tmp_path: Path
) -> None:
    storm.write_class(tmp_path / "class", 20)
    command = [str(Path(sys.executable).with_name("autograde")), "class", "--assignment", str(TINY)]
    with subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        while running.poll() is None and not storm.reports(tmp_path / "results"):
            os.sched_yield()
        os.killpg(running.pid, sign)
        _, said = running.communicate()
    assert running.returncode == 1
    assert said == (
        "autograde: stopped; what is finished is kept, and the same command continues with the "
        "rest\n"
    )
    assert 0 < len(storm.reports(tmp_path / "results")) < 20
    assert autograde("class", "--assignment", TINY, cwd=tmp_path).returncode == 0
    assert len(storm.reports(tmp_path / "results")) == 20
