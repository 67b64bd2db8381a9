"""A run that is cut short loses nothing, and the same command finishes it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import interrupted_runs as storm
import pytest

from autograder.grade.one import SubmissionVanished, take_in
from autograder.intake.read import Part, read_parts
from autograder.intake.scan import open_class
from autograder.sandbox.outer import find_bwrap

from .conftest import COMMAND, TINY, autograde

GRADE = [COMMAND, "class", "--assignment", str(TINY)]


def test_a_killed_run_is_finished_by_the_same_command() -> None:
    assert storm.main(kills=2, submissions=6, own_tests=False) == 0


def write_class_with_a_slow_end(folder: Path) -> None:
    """Ten submissions, of which the last two compute until a deadline ends them."""
    storm.write_class(folder, 8, own_tests=False)
    for number in range(2):
        path = folder / f"zz-{number}" / "spread.py"
        path.parent.mkdir()
        path.write_text("def value_range(values):\n    while True: pass\n", encoding="utf-8")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_in_order_and_says_how_to_go_on(
    sign: signal.Signals, tmp_path: Path
) -> None:
    write_class_with_a_slow_end(tmp_path / "class")
    with subprocess.Popen(
        GRADE,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # a test run in the background was itself started with Ctrl-C ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
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
    assert 0 < len(storm.reports(tmp_path / "results")) < 10
    assert autograde("class", "--assignment", TINY, cwd=tmp_path).returncode == 0
    assert len(storm.reports(tmp_path / "results")) == 10


def test_two_runs_into_one_folder_leave_what_one_leaves(tmp_path: Path) -> None:
    storm.write_class(tmp_path / "class", 6, own_tests=False)
    for output in ("both", "both", "one"):
        runs = [storm.grade(tmp_path, output) for _ in range(2 if output == "both" else 1)]
        assert [run.wait() for run in runs] == [0] * len(runs)
    assert len(storm.reports(tmp_path / "one")) == 6
    for path in (tmp_path / "one").glob("**/*.*"):
        if path.name != "run.json":
            there = tmp_path / "both" / path.relative_to(tmp_path / "one")
            assert there.read_bytes() == path.read_bytes()
    assert not list((tmp_path / "both").glob(".*"))


def test_a_full_disk_ends_the_run_and_keeps_what_is_finished(tmp_path: Path) -> None:
    storm.write_class(tmp_path / "class", 10, own_tests=False)
    (tmp_path / "small").mkdir()
    commands = [
        f"{' '.join(GRADE)} --output small",
        "echo exit code $?",
        "cp -r small kept",
    ]
    disk = ["--size", str(2**17), "--tmpfs", str(tmp_path / "small")]
    box = [find_bwrap(), "--dev-bind", "/", "/", *disk, "--chdir", str(tmp_path)]
    done = subprocess.run(
        [*box, "sh", "-c", "; ".join(commands)], capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("exit code 2\n")
    assert "No space left on device" in done.stderr
    assert "the same command continues" in done.stderr
    assert "Traceback" not in done.stderr
    finished = storm.reports(tmp_path / "kept")
    storm.grade(tmp_path, "whole").wait()
    whole = storm.reports(tmp_path / "whole")
    assert 0 < len(finished) < len(whole) == 10
    assert finished.items() <= whole.items()


def test_where_submissions_vanish_the_run_ends_and_finished_reports_stay(tmp_path: Path) -> None:
    write_class_with_a_slow_end(tmp_path / "class")
    with subprocess.Popen(GRADE, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as running:
        while running.poll() is None and not storm.reports(tmp_path / "results"):
            os.sched_yield()
        (tmp_path / "class").rename(tmp_path / "elsewhere")
        _, said = running.communicate()
    assert running.returncode == 2
    assert "was there when the run began, and is gone" in said
    assert all(
        b'"not_graded"' not in report for report in storm.reports(tmp_path / "results").values()
    )


def test_what_vanishes_while_it_is_read_is_neither_rejected_nor_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm.write_class(tmp_path / "class", 1)
    with open_class(tmp_path / "class") as found:
        [entry] = found.entries

    def read_parts_of_a_moving_folder(parts: Sequence[Part]) -> dict[str, bytes]:
        (tmp_path / "class").rename(tmp_path / "elsewhere")
        return read_parts(parts)

    monkeypatch.setattr("autograder.grade.one.read_parts", read_parts_of_a_moving_folder)
    with pytest.raises(SubmissionVanished, match=r"student-0000 was there .* and is gone"):
        take_in(entry, entry.graded[0])
