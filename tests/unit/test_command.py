"""The command as an instructor types it: exit codes, messages, what is never lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import ROOT, TINY, autograde

RIGHT = {
    name: (TINY / "reference" / name).read_text(encoding="utf-8")
    for name in ("spread.py", "outliers.py")
}
Write = Callable[..., Path]


def test_a_class_with_low_marks_is_a_success(tiny_submission: Write, tmp_path: Path) -> None:
    tiny_submission(ada=RIGHT, empty={".gitkeep": ""})
    done = autograde("class", "--assignment", TINY, cwd=tmp_path)
    assert done.returncode == 0
    assert "2 of 2 graded" in done.stdout
    assert done.stderr == ""  # progress is for terminals


def test_a_rejected_submission_is_named_last_and_costs_nobody(
    tiny_submission: Write, tmp_path: Path
) -> None:
    tiny_submission(ada=RIGHT)
    (tmp_path / "class" / "bob.zip").write_bytes(b"not a zip")
    done = autograde("class", "--assignment", TINY, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("not graded: bob: rejected")
    assert (tmp_path / "results" / "reports" / "ada.json").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere",), "nowhere does not exist"),
        (("empty",), "holds no submissions"),
        (("class", "--only", "zoe"), "no submission 'zoe'; the first ids are ada"),
        (("class", "--only", "adda"), "no submission 'adda'; close ids are ada"),
        (("class", "--attempts", "first"), "'latest', 'latest_on_time', 'best'"),
        (("loop",), "loop does not exist"),
        (("broken.zip",), "broken.zip: is not a readable zip or tar archive"),
        (("class", "--output", "file/below"), "cannot write results to file/below"),
        (("file",), "neither a folder nor an archive"),
    ],
)
def test_usage_errors_say_what_is_wrong(
    arguments: tuple[str, ...], message: str, tiny_submission: Write, tmp_path: Path
) -> None:
    tiny_submission(ada=RIGHT)
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "broken.zip").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    done = autograde(*arguments, "--assignment", TINY, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_rubric_upward_it_says_where_to_go(
    tiny_submission: Write, tmp_path: Path
) -> None:
    tiny_submission(ada=RIGHT)
    done = autograde("class", cwd=tmp_path)
    assert done.returncode == 2
    assert "no rubric.yaml" in done.stderr


def test_an_output_folder_that_cannot_be_written(tiny_submission: Write, tmp_path: Path) -> None:
    tiny_submission(ada=RIGHT)
    (tmp_path / "results" / "reports" / "ada.json").mkdir(parents=True)  # even root cannot
    done = autograde("class", "--assignment", TINY, cwd=tmp_path)
    assert done.returncode == 2
    assert "cannot write results/reports/ada.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_commands_name_wins_over_a_folders(tmp_path: Path) -> None:
    (tmp_path / "release").mkdir()
    done = autograde("release", "--assignment", TINY, "--output", "template", cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "template" / "spread.py").exists()
    graded = autograde("./release", "--assignment", TINY, cwd=tmp_path)
    assert "holds no submissions" in graded.stderr


def test_one_archive_may_hold_the_class(tiny_submission: Write, tmp_path: Path) -> None:
    folder = tiny_submission(ada=RIGHT, bob={})
    (folder / "bob.py").write_text(RIGHT["spread.py"])
    shutil.make_archive(str(tmp_path / "download"), "zip", root_dir=folder)
    done = autograde("download.zip", "--assignment", TINY, cwd=tmp_path)
    assert done.returncode == 0
    names = {path.stem for path in (tmp_path / "results" / "reports").iterdir()}
    assert names == {"ada", "bob"}


def test_a_check_that_cannot_be_collected_is_the_authors_error(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(TINY, bundle)
    hidden = bundle / "tests" / "hidden" / "test_statistics.py"
    hidden.write_text(hidden.read_text().replace('task="spread"', 'task="spraed"', 1))
    (tmp_path / "class" / "ada").mkdir(parents=True)
    done = autograde("class", "--assignment", bundle, cwd=tmp_path)
    assert done.returncode == 2
    assert "the rubric has no task 'spraed'" in done.stderr
    assert "test_statistics.py:" in done.stderr


def test_a_fault_of_a_check_is_never_a_mark(tiny_submission: Write, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(TINY, bundle)
    hidden = bundle / "tests" / "hidden" / "test_statistics.py"
    text = hidden.read_text().replace("for size in (1, 5, 40):", "for size in (1, 5, 1 // 0):")
    hidden.write_text(text)
    tiny_submission(ada=RIGHT)
    done = autograde("class", "--assignment", bundle, cwd=tmp_path)
    assert done.returncode == 1
    assert "not graded: ada: the grader failed: check range_of_other_samples" in done.stdout


def test_where_the_box_cannot_start_nothing_is_graded(
    tiny_submission: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_submission(ada=RIGHT)
    broken = tmp_path / "bin" / "bwrap"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho 'no namespaces here' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{broken.parent}{os.pathsep}{os.environ['PATH']}")
    done = autograde("class", "--assignment", TINY, cwd=tmp_path)
    assert done.returncode == 2
    assert "no namespaces here" in done.stderr
    assert not (tmp_path / "results").exists()


FORGED = """
class Now:
    import os, socket, struct
    for fd in range(3, 30):
        try:
            channel = socket.socket(fileno=os.dup(fd))
            channel.getpeername()
        except OSError:
            continue
        reply = b'{"dict": [["faults", {"handle": [1, "x"]}]]}'
        channel.sendall(struct.pack("!II", len(reply), 0) + reply)
"""


def test_a_forged_reply_costs_its_sender_alone(tiny_submission: Write, tmp_path: Path) -> None:
    tiny_submission(ada=RIGHT, bad={**RIGHT, "spread.py": RIGHT["spread.py"] + FORGED}, zoe=RIGHT)
    done = autograde("class", "--assignment", TINY, cwd=tmp_path)
    assert "3 of 3 graded" in done.stdout
    assert done.stderr == ""


def test_names_that_are_no_text_reach_the_tables(tiny_submission: Write, tmp_path: Path) -> None:
    folder = tiny_submission(ada=RIGHT)
    odd = os.fsencode(folder) + b"/j\xf6rg"
    Path(os.fsdecode(odd)).mkdir()
    Path(os.fsdecode(odd), "spread.py").write_text(RIGHT["spread.py"])
    done = autograde("class", "--assignment", TINY, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "j\\udcf6rg" in (tmp_path / "results" / "identities.csv").read_text(encoding="utf-8")
    assert (tmp_path / "results" / "run.json").exists()


def test_results_never_go_among_the_submissions(tiny_submission: Write, tmp_path: Path) -> None:
    folder = tiny_submission(ada=RIGHT)
    done = autograde(".", "--assignment", TINY, cwd=folder)
    assert done.returncode == 2
    assert "inside the submissions" in done.stderr


def test_one_student_twice_is_asked_about(tiny_submission: Write, tmp_path: Path) -> None:
    folder = tiny_submission(ada=RIGHT)
    shutil.make_archive(str(folder / "ada"), "zip", root_dir=folder / "ada")
    done = autograde("class", "--assignment", TINY, cwd=tmp_path)
    assert done.returncode == 2
    assert "class holds 'ada' twice: ada/ and ada.zip; keep one of them" in done.stderr


def test_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    program = (
        "import os, sys; import autograder.cli.grade; from autograder.cli.main import main\n"
        "if os.getuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        f"main(['/private/class', '--assignment', {str(TINY)!r}])"
    )
    closed = tmp_path / "closed"
    (closed / "class").mkdir(parents=True)
    closed.chmod(0)
    program = program.replace("/private", str(closed))
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    closed.chmod(0o700)
    assert done.returncode == 2, done.stderr
    assert "cannot be read" in done.stderr


def test_a_real_download_of_a_course_system(tmp_path: Path) -> None:
    sample = ROOT / "tests" / "samples" / "moodle-4.5-download-1.zip"
    done = autograde(sample, "--assignment", TINY, cwd=tmp_path)
    assert "taken as a download from Moodle: 7 students, 7 attempts" in done.stdout
    results = tmp_path / "results"
    assert "11,Ada Lovelace" in (results / "identities.csv").read_text(encoding="utf-8")
    for path in results.rglob("*"):
        if path.is_file() and path.name != "identities.csv":
            assert "Lovelace" not in path.read_text(encoding="utf-8"), path.name


def test_what_is_passed_over_and_what_waits_is_said(tiny_submission: Write, tmp_path: Path) -> None:
    folder = tiny_submission(ada=RIGHT, bob=RIGHT)
    (folder / "grades.csv").write_text("")
    done = autograde("class", "--assignment", TINY, "--only", "bob", cwd=tmp_path)
    assert "passed over, as no submissions: grades.csv" in done.stdout
    assert "1 of 2 not graded yet; run without --only" in done.stdout


@pytest.mark.parametrize(
    ("name", "text"),
    [("conftest.py", "raise RuntimeError('boom')\n"), ("test_x.py", "import sys; sys.exit(3)\n")],
)
def test_hidden_tests_that_stop_pytest_are_an_error(
    name: str, text: str, tiny_submission: Write, tmp_path: Path
) -> None:
    tiny_submission(ada=RIGHT)
    bundle = tmp_path / "bundle"
    shutil.copytree(TINY, bundle)
    (bundle / "tests" / "hidden" / name).write_text(text)
    done = autograde("class", "--assignment", bundle, cwd=tmp_path)
    assert done.returncode == 2
    assert "checks cannot be collected" in done.stderr


@pytest.mark.parametrize(
    ("file", "right", "wrong", "message"),
    [
        ("rubric.yaml", "template: skeleton", "template: skeletn", "has no folder skeletn/"),
        ("rubric.yaml", "template: skeleton", "template: ../..", "outside the bundle"),
        ("rubric.yaml", "section: Summary", "section: Sumary", "has no section 'Sumary'"),
        ("rubric.yaml", "id: readme,", "id: Q-S1,", "'Q-S1' is used twice"),
        ("rubric.yaml", "gate: fitted_limits", "gate: fitted", "the gate 'fitted' is not one of"),
        ("tests/hidden/test_statistics.py", "weight=2", "weight=0", "a whole number from 1"),
        ("tests/hidden/test_statistics.py", 'sibling="one_f', 'sibling="own_f', "no public check"),
        (
            "tests/hidden/test_statistics.py",
            "def test_no_values_are_refused",
            "def test_fitted_limits",
            "test_fitted_limits stands twice",
        ),
    ],
)
def test_a_bundle_that_does_not_hold_together_is_refused(
    file: str, right: str, wrong: str, message: str, tiny_submission: Write, tmp_path: Path
) -> None:
    tiny_submission(ada=RIGHT)
    bundle = tmp_path / "bundle"
    shutil.copytree(TINY, bundle)
    path = bundle / file
    assert right in path.read_text()
    path.write_text(path.read_text().replace(right, wrong, 1))
    done = autograde("class", "--assignment", bundle, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_the_assignments_folder_is_found_upward(tmp_path: Path) -> None:
    done = autograde(tmp_path / "nowhere", cwd=ROOT / "tests" / "unit")
    assert "does not exist" in done.stderr
