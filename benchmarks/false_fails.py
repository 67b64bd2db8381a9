"""How often chance fails right work, and how often it passes wrong work.

    .venv/bin/python benchmarks/false_fails.py [--gradings 120] [--wrong-gradings 30] [--jobs 2]

Grades every accepted case of the corpus so many times, each time with another salt, which
changes every seed and everything else that checks draw. Only stochastic checks are run;
the others decide alike every time. A grading in which any of them does not pass is a
false fail. The same for wrong cases that nothing but stochastic checks catches; there, a
grading in which all of them pass is a false pass.

How many gradings there are is fixed before the first: 120 of each accepted case are more
than the 4,750 that can show a rate of at most 0.1% with one failure among them. Every
grading is appended to build/false_fails.jsonl as soon as it is finished, and what stands
there already is not done again; results/false_fails.json says what came of all.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from measure import ROOT, save
from scipy.stats import binomtest

from autograder.bundle import Bundle
from autograder.corpus import Case, load_cases
from autograder.grade.entry import Cost
from autograder.grade.grader import Spared
from autograder.report.write import Results
from autograder.verify.corpus_run import entry_name, grade_cases
from autograder.verify.findings import Graded, failed_checks

LOG = ROOT / "build" / "false_fails.jsonl"
GOAL = 0.001
"""The rate of false fails that the upper bound must not exceed."""

Record = dict[str, Any]
"""One grading: bundle, case, number, failed checks, CPU-seconds of the student's processes."""


def only_stochastic_catch(case: Case, stochastic: Collection[str]) -> bool:
    """Whether a wrong case fails stochastic checks, and only those, within its time."""
    named = set() if case.must_fail == "all" else set(case.must_fail)
    return case.kind == "wrong" and bool(named) and named <= set(stochastic) and not case.slow


def finished(bundle: Bundle) -> dict[tuple[str, int], Record]:
    """The gradings by this bundle that stand in the log; a line cut short is none."""
    lines = LOG.read_text(encoding="utf-8").splitlines() if LOG.exists() else []
    records = [json.loads(line) for line in lines if line.endswith("}")]
    return {(r["case"], r["grading"]): r for r in records if r["bundle"] == bundle.sha256}


def grade_once(bundle: Bundle, cases: list[Case], number: int, right: set[str], jobs: int) -> None:
    """Grade cases with one salt, and log each as it is finished."""
    names = {entry_name(case): case.name for case in cases}
    with tempfile.TemporaryDirectory() as place, LOG.open("a", encoding="utf-8") as log:

        def note(cost: Cost) -> None:
            report = Results(Path(place, "results")).read_report(cost.id)
            if report is None or report["status"] != "graded":
                raise SystemExit(f"{cost.id} was not graded; the same command goes on from here")
            record = {
                "bundle": bundle.sha256,
                "case": names[cost.id],
                "grading": number,
                "failed": sorted(failed_checks(report)),
                "cpu_seconds": round(cost.cpu_seconds, 2),
            }
            log.write("\n" + json.dumps(record))  # after a line cut short, too
            log.flush()

        known = dict.fromkeys((case.name for case in cases), Spared(right, True))
        salt = f"false fails {number}"
        grade_cases(bundle, cases, Path(place), jobs, known, salt=salt, progress=note)


def upper_bound(events: int, trials: int) -> float:
    """The one-sided 95% Clopper-Pearson bound of a rate."""
    test = binomtest(events, trials, alternative="less")
    return float(test.proportion_ci(0.95, method="exact").high)


def summary(records: list[Record], happened: Callable[[Record], bool]) -> dict[str, Any]:
    """How often it happened, in all and by case, and the upper bound of the pooled rate."""
    events = [record for record in records if happened(record)]
    by_case = Counter(record["case"] for record in events)
    return {
        "cases": len({record["case"] for record in records}),
        "gradings": len(records),
        "events": len(events),
        "rate": round(len(events) / len(records), 6),
        "upper_bound_95": round(upper_bound(len(events), len(records)), 6),
        "by_case": dict(by_case.most_common()),
        "by_check": dict(Counter(c for r in events for c in r["failed"]).most_common()),
        "cpu_seconds": round(sum(record["cpu_seconds"] for record in records)),
    }


def study(bundle: Bundle, plan: dict[str, int], right: set[str], jobs: int) -> list[Record]:
    """Do what is left of the plan, salt by salt.

    Args:
        plan: case -> how many gradings.
        right: checks that are not run.

    Returns:
        The gradings that the plan asks for.
    """
    cases = load_cases(bundle)
    LOG.parent.mkdir(exist_ok=True)
    started = time.monotonic()
    total = sum(plan.values())
    for number in range(max(plan.values())):
        known = finished(bundle)
        left = [n for n, count in plan.items() if number < count and (n, number) not in known]
        if left:
            grade_once(bundle, [cases[name] for name in left], number, right, jobs)
            minutes = (time.monotonic() - started) / 60
            print(f"{len(known) + len(left)} of {total}, {minutes:.1f} minutes", flush=True)
    known = finished(bundle)
    return [known[name, number] for name, count in plan.items() for number in range(count)]


def main() -> int:
    """Run the study; 1 if the bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--gradings", type=int, default=120, help="of each accepted case")
    parser.add_argument("--wrong-gradings", type=int, default=30, help="of each wrong case")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    bundle = Bundle.open(ROOT)
    checks = Graded.of(bundle).checks
    stochastic = {check.id for check in checks if check.stochastic}
    cases = load_cases(bundle).values()
    accepted = {case.name: options.gradings for case in cases if case.kind == "accepted"}
    wrong = {
        case.name: options.wrong_gradings
        for case in cases
        if only_stochastic_catch(case, stochastic)
    }
    plan = {name: count for name, count in {**accepted, **wrong}.items() if count}
    records = study(bundle, plan, {check.id for check in checks} - stochastic, options.jobs)
    of_right = [record for record in records if record["case"] in accepted]
    of_wrong = [record for record in records if record["case"] in wrong]
    result = {
        "bundle": bundle.sha256,
        "checks": sorted(stochastic),
        "gradings": {
            "of_each_accepted_case": options.gradings,
            "of_each_wrong_case": options.wrong_gradings,
        },
        "false_fails": summary(of_right, lambda record: bool(record["failed"])),
        "false_passes": summary(of_wrong, lambda record: not record["failed"])
        if of_wrong
        else None,
    }
    save("false_fails", result)
    print(json.dumps(result, indent=1))
    return int(result["false_fails"]["upper_bound_95"] > GOAL)


if __name__ == "__main__":
    sys.exit(main())
