"""The benchmarks: settings out of range are named; tables in texts hold no other numbers."""

from __future__ import annotations

import subprocess
import sys

from .conftest import ROOT

RESULTS = ROOT / "benchmarks" / "results"
REFUSED = {
    "parity_study": "one of the arguments --quick --full is required",
    "parity_study --quick --seeds 0": "--seeds: '0' is no whole number from 1 to 100",
    "parity_study --quick --jobs many": "--jobs: 'many' is no whole number from 1 to 64",
    "random_search --seeds 1.5": "--seeds: '1.5' is no whole number from 1 to 1000",
    "random_search --sigma nan": "--sigma: 'nan' is no number from 0.1 to 1000",
    "random_search --sigma 12 --pieces rates": (
        "random_search.json holds pieces with sigma 24, and one with 12 would not belong"
    ),
    "keras_notebook --seeds -3": "--seeds: '-3' is no whole number from 1 to 1000",
    "keras_notebook --epochs 0": "--epochs: '0' is no whole number from 1 to 100",
}
# All in one process, because each of these programs loads torch.
PROGRAM = """
import contextlib, io, sys
sys.path.insert(0, {folder!r})
for command, expected in {refused!r}.items():
    name, *options = command.split()
    sys.argv, said = [f"{{name}}.py", *options], io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            __import__(name).main()
    except SystemExit as end:
        assert end.code == 2 and expected in said.getvalue(), (command, end, said.getvalue())
    else:
        raise AssertionError(command)
"""


def test_settings_out_of_range_are_named() -> None:
    before = {path: path.read_bytes() for path in RESULTS.iterdir()}
    program = PROGRAM.format(folder=str(ROOT / "benchmarks"), refused=REFUSED)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {path: path.read_bytes() for path in RESULTS.iterdir()} == before


def test_tables_in_texts_are_what_the_results_give() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "written_tables.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
