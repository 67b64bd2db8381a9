"""CPU-seconds of the hidden checks of Part D beyond the student's own training.

    python benchmarks/hidden_checks.py [--repeats 5]

The reference is graded with the other parts taken as right. Its `train_model`
prints the CPU time it takes, which the box hands to the instructor's side. What
remains is what the checks themselves cost, on both sides of the box together;
torch is imported once a class, not once a submission.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from pathlib import Path

from measure import save

from autograder.bundle import Bundle
from autograder.checks.collect import Collected, with_checks
from autograder.corpus import Case, build
from autograder.diagnosis.load import load_diagnoses
from autograder.grade.grader import Grader, Rehearsal
from autograder.grade.one import grade
from autograder.model import Submission
from autograder.review.settle import Settlement
from autograder.sandbox.box import Box
from autograder.sandbox.layers import COMMANDS, READING
from autograder.sandbox.tiers import find_tier
from autograder.trials.implementations import Catalogue
from autograder.trials.trial import Trials

TIMED = '''

import time as _time

_train_model = train_model


def train_model(*arguments, **options):
    """The same, and what it took."""
    started = _time.process_time()
    losses = _train_model(*arguments, **options)
    print("train_model", _time.process_time() - started)
    return losses
'''


def measured(grader: Grader) -> dict[str, float]:
    """One grading of Part D, in CPU-seconds."""
    files = build(Case(name="", about=""), grader.bundle)
    files["parity_lstm.py"] += TIMED.encode()
    started = time.process_time()
    others = {check.id for check in grader.collected.checks.values() if check.task != "parity"}
    rehearsal = Rehearsal(others, checks_only=True)
    outcome = grade(Submission("reference", "reference", files), grader, rehearsal)
    trusted = time.process_time() - started
    printed = outcome.artifacts["instructor"]["printed"]
    training = [float(text) for text in re.findall(r"train_model (\S+)", printed)]
    everything = trusted + outcome.cpu_seconds
    return {
        "everything": everything,
        "trusted_side": trusted,
        "train_model": sum(training),
        "beyond_training": everything - sum(training),
    }


def main() -> None:
    """Print and write medians."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    bundle = Bundle.open(Path(__file__).resolve().parents[1])
    runs: list[dict[str, float]] = []
    rubric, tier = bundle.rubric, find_tier(None, ())

    def use(collected: Collected) -> None:
        preload = [*rubric.packages, *rubric.preload, *READING, COMMANDS]
        with (
            Box(rubric.limits, tier.layers, preload) as box,
            Trials(bundle, Catalogue.of(bundle), box, tier) as trials,
        ):
            tools = collected, load_diagnoses(bundle, collected), box, trials, tier
            grader = Grader(bundle, *tools, alone=True, settlement=Settlement(rubric))
            runs.extend(measured(grader) for _ in range(repeats))

    with_checks(bundle, use)
    medians = {name: round(statistics.median(run[name] for run in runs), 2) for name in runs[0]}
    save("hidden_checks", {"repeats": repeats, "cpu_seconds_median": medians})
    print(json.dumps(medians, indent=2))


if __name__ == "__main__":
    main()
