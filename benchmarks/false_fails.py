"""How often chance fails right work, and how often it passes wrong work.

    .venv/bin/python benchmarks/false_fails.py [--gradings 120] [--wrong-gradings 30] [--jobs 2]

Grades every accepted case of the corpus so many times, each time with another salt, which
changes every seed and everything else that checks draw. Only stochastic checks are run;
the others decide alike every time. A grading in which any of them does not pass is a
false fail. The same for wrong cases that nothing but stochastic checks catches; there, a
grading in which all of them pass is a false pass.

How many gradings there are is fixed before the first: 120 of each accepted case are more
than the 4,750 that can show a rate of at most 0.1% with one failure among them. The checks
of one test file are run in a part of their own, and every part is appended to
build/false_fails.jsonl as soon as it is finished, beside a digest of the test file, the
reference behind it and the student's statements that it meets. A part that stands there
already is not done again as long as none of these changes;
results/false_fails.json says what came of all.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measure import ROOT, save
from scipy.stats import binomtest

from autograder.bundle import Bundle
from autograder.checks.collect import Collected, with_checks
from autograder.corpus import Case, load_cases
from autograder.grade.entry import Cost
from autograder.grade.grader import Spared
from autograder.model import digest_of
from autograder.report.write import Results
from autograder.verify.corpus_run import entry_name, grade_cases
from autograder.verify.findings import failed_checks
from autograder.verify.reuse import CodeReader, names_asked_for

LOG = ROOT / "build" / "false_fails.jsonl"
GOAL = 0.001
"""The rate of false fails that the upper bound must not exceed."""

Record = dict[str, Any]
"""One part of a grading: case, number, digest, failed checks, CPU-seconds of the student's."""
Part = tuple[str, int, str]
"""Case, number of the grading, digest."""


@dataclass(frozen=True)
class Stochastic:
    """The stochastic checks of one test file.

    Attributes:
        checks: their ids.
        asked: declared names that they may ask a submission for.
        others: ids of all other graded checks.
    """

    file: Path
    checks: frozenset[str]
    asked: frozenset[str]
    others: frozenset[str]

    def digest(self, bundle: Bundle, statements: Collection[str]) -> str:
        """Of all of the assignment that decides how these checks end."""
        text = self.file.read_text(encoding="utf-8")
        mentioned = set(re.findall(r"\breference\.(\w+)", text)) & set(bundle.homes)
        behind = {bundle.reference_dir / f"{bundle.homes[name]}.py" for name in mentioned}
        files = {path.name: path.read_bytes() for path in (self.file, *behind)}
        return digest_of({**files, "submission": "\n".join(sorted(statements)).encode()})


def stochastic_checks(bundle: Bundle) -> list[Stochastic]:
    """The stochastic checks, file by file."""
    found: list[Stochastic] = []

    def use(collected: Collected) -> None:
        asked = names_asked_for(collected, bundle)
        graded = collected.graded_ids()
        by_file: dict[Path, set[str]] = {}
        for name, item in collected.items.items():
            check = collected.checks[name]
            if check.stochastic and check.id in graded:
                by_file.setdefault(item.path, set()).add(check.id)
        for file, checks in by_file.items():
            together = frozenset[str]().union(*(asked[check] for check in checks))
            found.append(Stochastic(file, frozenset(checks), together, frozenset(graded - checks)))

    with_checks(bundle, use)
    return found


def digests_of(
    bundle: Bundle, cases: Iterable[Case], groups: Iterable[Stochastic]
) -> dict[tuple[str, Path], str]:
    """Case and test file -> digest of what decides between them."""
    reader, found = CodeReader(bundle), {}
    for case in cases:
        code = reader.read(case)
        for group in groups:
            behind = [code[name].statements for name in group.asked if name in code]
            statements = frozenset[str]().union(*behind)
            found[case.name, group.file] = group.digest(bundle, statements)
    return found


def only_stochastic_catch(case: Case, stochastic: Collection[str]) -> bool:
    """Whether a wrong case fails stochastic checks, and only those, within its time."""
    named = set() if case.must_fail == "all" else set(case.must_fail)
    return case.kind == "wrong" and bool(named) and named <= set(stochastic) and not case.slow


def finished() -> dict[Part, Record]:
    """The parts that stand in the log; a line cut short is none."""
    lines = LOG.read_text(encoding="utf-8").splitlines() if LOG.exists() else []
    records = [json.loads(line) for line in lines if line.endswith("}")]
    return {(r["case"], r["grading"], r["digest"]): r for r in records}


def grade_once(
    bundle: Bundle,
    cases: Collection[Case],
    digests: dict[str, str],
    number: int,
    others: Collection[str],
    jobs: int,
) -> None:
    """Grade cases with one salt, and log each as it is finished.

    Args:
        digests: case -> what goes into the log.
        others: checks that are not run.
    """
    names = {entry_name(case): case.name for case in cases}
    with tempfile.TemporaryDirectory() as place, LOG.open("a", encoding="utf-8") as log:

        def note(cost: Cost) -> None:
            report = Results(Path(place, "results")).read_report(cost.id)
            if report is None or report["status"] != "graded":
                raise SystemExit(f"{cost.id} was not graded; the same command goes on from here")
            name = names[cost.id]
            record = {
                "case": name,
                "grading": number,
                "digest": digests[name],
                "failed": sorted(failed_checks(report)),
                "cpu_seconds": round(cost.cpu_seconds, 2),
            }
            log.write("\n" + json.dumps(record))  # after a line cut short, too
            log.flush()

        known = dict.fromkeys((case.name for case in cases), Spared(others, True))
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


def study(
    bundle: Bundle, plan: dict[str, int], groups: list[Stochastic], jobs: int
) -> list[Record]:
    """Do what is left of the plan, salt by salt.

    Args:
        plan: case -> how many gradings.

    Returns:
        The gradings that the plan asks for, each with all of its parts.
    """
    every = load_cases(bundle)
    cases = {name: every[name] for name in plan}
    known_by = digests_of(bundle, cases.values(), groups)
    LOG.parent.mkdir(exist_ok=True)
    started, known = time.monotonic(), finished()
    for number in range(max(plan.values())):
        for group in groups:
            left = {
                name: digest
                for name in cases
                if number < plan[name]
                and (name, number, digest := known_by[name, group.file]) not in known
            }
            if left:
                chosen = [cases[name] for name in left]
                grade_once(bundle, chosen, left, number, group.others, jobs)
        minutes = (time.monotonic() - started) / 60
        print(f"{number + 1} of {max(plan.values())}, {minutes:.1f} minutes", flush=True)
    known = finished()
    return [
        _whole([known[name, number, known_by[name, group.file]] for group in groups])
        for name, count in plan.items()
        for number in range(count)
    ]


def _whole(parts: list[Record]) -> Record:
    """One grading from its parts."""
    failed = sorted(check for part in parts for check in part["failed"])
    spent = sum(part["cpu_seconds"] for part in parts)
    return {**parts[0], "failed": failed, "cpu_seconds": spent}


def main() -> int:
    """Run the study; 1 if the bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--gradings", type=int, default=120, help="of each accepted case")
    parser.add_argument("--wrong-gradings", type=int, default=30, help="of each wrong case")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    bundle = Bundle.open(ROOT)
    groups = stochastic_checks(bundle)
    stochastic = frozenset[str]().union(*(group.checks for group in groups))
    cases = load_cases(bundle).values()
    accepted = {case.name: options.gradings for case in cases if case.kind == "accepted"}
    wrong = {
        case.name: options.wrong_gradings
        for case in cases
        if only_stochastic_catch(case, stochastic)
    }
    plan = {name: count for name, count in {**accepted, **wrong}.items() if count}
    records = study(bundle, plan, groups, options.jobs)
    of_right = [record for record in records if record["case"] in accepted]
    of_wrong = [record for record in records if record["case"] in wrong]
    result = {
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
