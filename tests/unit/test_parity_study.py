"""The parity study: finished work is never repeated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .conftest import ROOT

STUDY = ROOT / "benchmarks" / "parity_study.py"
SMALL = """
import sys
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, {folder!r})
import parity_study, study_figures
from study_plan import QUICK
plan = replace(QUICK, strings=100, longest=5, updates=3, most_updates=3, starts=(2,), sizes=(1,),
               seeds=1, plateau=(2, 0.01, 3), far=20)
path = Path({path!r})
parity_study.study(plan, path, jobs=1)
assert len(parity_study.read_done(path)) == len(plan.trainings())
(first, *others) = parity_study.read_done(path).items()
parity_study.write_done(path, plan, dict(others))
asked = []
run = parity_study.run
parity_study.run = lambda training, far: asked.append(training.key) or run(training, far)
parity_study.Pool = __import__("multiprocessing.dummy", fromlist=["Pool"]).Pool
parity_study.signal.signal = lambda *_: None
parity_study.study(plan, path, jobs=1)
assert asked == [first[0]]
again = parity_study.read_done(path)[first[0]]
assert again["curve"] == first[1]["curve"] and again["wrong"] == first[1]["wrong"]
print(study_figures.tables(path))
"""


def test_an_interrupted_study_goes_on_with_what_is_missing(tmp_path: Path) -> None:
    program = SMALL.format(folder=str(STUDY.parent), path=str(tmp_path / "study.json"))
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "| one length, a label at every step |" in done.stdout
