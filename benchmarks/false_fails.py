"""How often chance fails right work, and how often it passes wrong work.

    .venv/bin/python benchmarks/false_fails.py [--trials 3000] [--wrong-trials 10] [--jobs 2]

Every trial runs the stochastic checks of one test file on one implementation, with a salt of
its own that changes every seed and everything else that checks draw; the other checks decide
alike every time. Right implementations are those of the corpus's accepted cases. Cases that
differ in nothing that a test file meets, as a folder and an archive do, are one
implementation to it. A trial in which a check does not pass is a false fail. The same for
the wrong cases that nothing but stochastic checks catches; there, a trial in which all of
them pass is a false pass.

How many trials there are is fixed before the first: of each test file 3,000, shared evenly by
the right implementations, at least 120 each. That is what shows a rate of at most 0.1%, if
none fails. A grading is one trial of each test file. Of an extension, whose points stand beside
the mark, there are 120 of each implementation, counted apart.

Every trial is appended to build/false_fails.jsonl as soon as it is finished, and
results/false_fails.json keeps all of them: for every check and implementation how many there
were, beside a digest of the check, the reference behind it and the student's statements that
it meets. What stands in either is not done again as long as none of these changes. So the same
command goes on where it was stopped, and after a change of one check it runs that check.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from false_fail_trials import Known, Trial, plan, stochastic_checks
from measure import RESULTS, ROOT, load, save_lines
from scipy.stats import binomtest

from autograder.bundle import Bundle
from autograder.grade.entry import Cost
from autograder.report.write import Results
from autograder.verify.corpus_run import entry_name, grade_cases
from autograder.verify.findings import failed_checks

NAME = "false_fails"
LOG = ROOT / "build" / f"{NAME}.jsonl"
GOAL = 0.001
"""The rate of false fails that the upper bound must not exceed."""
BATCH = 400
"""Trials that are graded as one class."""

Planned = Sequence[tuple[list[Trial], list[Trial]]]
"""For each test file, the trials of right and of wrong implementations."""


def finished() -> Known:
    """The trials that stand among the results and in the log; a line cut short is none."""
    known = {}
    if (RESULTS / f"{NAME}.json").exists():
        for row in load(NAME)["trials"]:
            numbers = range(row["trials"])
            known |= {(row["digest"], number): number in row["failed"] for number in numbers}
    lines = LOG.read_text(encoding="utf-8").splitlines() if LOG.exists() else []
    for record in (json.loads(line) for line in lines if line.endswith("}")):
        for check, digest in record["checks"].items():
            known[digest, record["number"]] = check in record["failed"]
    return known


def run(bundle: Bundle, trials: Sequence[Trial], known: Known, jobs: int) -> None:
    """Run what is not known of trials as one class, and log each as it is finished."""
    by_entry = {entry_name(trial.as_case()): trial for trial in trials}
    with tempfile.TemporaryDirectory() as place, LOG.open("a", encoding="utf-8") as log:

        def note(cost: Cost) -> None:
            report = Results(Path(place, "results")).read_report(cost.id)
            if report is None or report["status"] != "graded":
                raise SystemExit(f"{cost.id} was not graded; the same command goes on from here")
            trial = by_entry[cost.id]
            checks = trial.unknown(known)
            record = {
                "case": trial.case.name,
                "number": trial.number,
                "checks": checks,
                "failed": sorted(failed_checks(report)),
                "salt": trial.rehearsal(checks).salt,
                "cpu_seconds": round(cost.cpu_seconds, 2),
            }
            log.write("\n" + json.dumps(record))  # after a line cut short, too
            log.flush()

        rehearsals = {t.as_case().name: t.rehearsal(t.unknown(known)) for t in trials}
        cases = [trial.as_case() for trial in trials]
        grade_cases(bundle, cases, Path(place), jobs, rehearsals, note)


def run_all(bundle: Bundle, trials: Sequence[Trial], jobs: int) -> None:
    """Run the trials of which anything is not known yet."""
    LOG.parent.mkdir(exist_ok=True)
    started, known = time.monotonic(), finished()
    left = [trial for trial in trials if trial.unknown(known)]
    for start in range(0, len(left), BATCH):
        run(bundle, left[start : start + BATCH], known, jobs)
        done = len(trials) - len(left) + min(start + BATCH, len(left))
        minutes = (time.monotonic() - started) / 60
        print(f"{done} of {len(trials)}, {minutes:.1f} minutes", flush=True)


def upper_bound(events: int, trials: int) -> float:
    """The one-sided 95% Clopper-Pearson bound of a rate."""
    test = binomtest(events, trials, alternative="less")
    return round(float(test.proportion_ci(0.95, method="exact").high), 6)


def counted(events: int, trials: int) -> dict[str, Any]:
    """How often of how many times, and the bound of the rate."""
    rate = round(events / trials, 6)
    return {
        "trials": trials,
        "events": events,
        "rate": rate,
        "upper_bound_95": upper_bound(events, trials),
    }


def of_right(planned: Planned, known: Known) -> dict[str, Any]:
    """False fails by test file, and of gradings that are one trial of each file."""
    files = {}
    for trials, _ in planned:
        failed = {trial: checks for trial in trials if (checks := trial.failed(known))}
        files[trials[0].group.file.name] = {
            "implementations": len({trial.case.name for trial in trials}),
            **counted(len(failed), len(trials)),
            "by_case": dict(Counter(trial.case.name for trial in failed).most_common()),
            "by_check": dict(
                Counter(c for checks in failed.values() for c in checks).most_common()
            ),
        }
    marks = [trials for trials, _ in planned if not trials[0].group.extension]
    gradings = list(zip(*marks, strict=False))  # as many as the file with the fewest has
    failed_gradings = sum(any(trial.failed(known) for trial in grading) for grading in gradings)
    return {"by_file": files, "gradings": counted(failed_gradings, len(gradings))}


def of_wrong(planned: Planned, known: Known) -> dict[str, Any]:
    """False passes, and of which cases."""
    trials = [trial for _, wrongs in planned for trial in wrongs]
    passed = [trial for trial in trials if not trial.failed(known)]
    return {
        "cases": len({trial.case.name for trial in trials}),
        **counted(len(passed), len(trials)),
        "by_case": dict(Counter(trial.case.name for trial in passed).most_common()),
    }


def rows(planned: Planned, known: Known) -> list[dict[str, Any]]:
    """Every check on every implementation: how many trials, and the numbers of those failed."""
    found: dict[str, dict[str, Any]] = {}
    for trial in (trial for both in planned for trials in both for trial in trials):
        for check, digest in trial.digests.items():
            new = {"case": trial.case.name, "check": check, "digest": digest}
            row = found.setdefault(digest, {**new, "trials": 0, "failed": []})
            row["trials"] += 1
            row["failed"] += [trial.number] if known[digest, trial.number] else []
    return list(found.values())


def main() -> int:
    """Run the study; 1 if the bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--trials", type=int, default=3000, help="of each test file")
    parser.add_argument("--wrong-trials", type=int, default=10, help="of each wrong case")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    bundle = Bundle.open(ROOT)
    planned = list(plan(bundle, stochastic_checks(bundle), options.trials, options.wrong_trials))
    for both in planned:
        for trials in both:
            run_all(bundle, trials, options.jobs)
    known = finished()
    rights, wrongs = of_right(planned, known), of_wrong(planned, known)
    result = {"false_fails": rights, "false_passes": wrongs}
    print(json.dumps(result, indent=1))
    save_lines(NAME, {**result, "trials": rows(planned, known)}, "case")
    return int(rights["gradings"]["upper_bound_95"] > GOAL)


if __name__ == "__main__":
    sys.exit(main())
