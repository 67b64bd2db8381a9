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

Every trial is appended to build/false_fails.jsonl as soon as it is finished, beside a digest
of the test file, the reference behind it and the student's statements that it meets. A trial
that stands there already is not done again as long as none of these changes, so the same
command goes on where it was stopped; results/false_fails.json says what came of all.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil
from pathlib import Path
from typing import Any

from measure import ROOT, save
from scipy.stats import binomtest

from autograder.bundle import Bundle
from autograder.checks.collect import Collected, with_checks
from autograder.corpus import Case, load_cases
from autograder.grade.entry import Cost
from autograder.grade.grader import Rehearsal
from autograder.model import digest_of
from autograder.report.write import Results
from autograder.verify.corpus_run import entry_name, grade_cases
from autograder.verify.findings import failed_checks
from autograder.verify.reuse import Code, CodeReader, names_asked_for

LOG = ROOT / "build" / "false_fails.jsonl"
GOAL = 0.001
"""The rate of false fails that the upper bound must not exceed."""
LEAST = 120
"""Fewest trials of a right implementation."""
BATCH = 400
"""Trials that are graded as one class."""

Record = dict[str, Any]
"""A finished trial: digest, number, case, failed checks, CPU-seconds of the student's."""


@dataclass(frozen=True)
class Stochastic:
    """The stochastic checks of one test file.

    Attributes:
        checks: their ids.
        extension: whether they earn points beside the mark.
        asked: declared names that they may ask a submission for.
        others: ids of all other graded checks.
    """

    file: Path
    checks: frozenset[str]
    extension: bool
    asked: frozenset[str]
    others: frozenset[str]

    def digest(self, bundle: Bundle, statements: Collection[str]) -> str:
        """Of all of the assignment that decides how these checks end."""
        text = self.file.read_text(encoding="utf-8")
        mentioned = set(re.findall(r"\breference\.(\w+)", text)) & set(bundle.homes)
        behind = {bundle.reference_dir / f"{bundle.homes[name]}.py" for name in mentioned}
        files = {path.name: path.read_bytes() for path in (self.file, *behind)}
        return digest_of({**files, "submission": "\n".join(sorted(statements)).encode()})


@dataclass(frozen=True)
class Trial:
    """One run of a file's stochastic checks on one implementation.

    Attributes:
        digest: what decides between file and implementation; see `Stochastic.digest`.
        number: which of the trials with this digest.
    """

    group: Stochastic
    case: Case
    digest: str
    number: int

    @property
    def key(self) -> tuple[str, int]:
        """What the trial is known by in the log."""
        return self.digest, self.number

    def as_case(self) -> Case:
        """A case of its own, so that many trials can be one class."""
        name = f"{self.case.name}-{self.digest[:12]}-{self.number}"
        return self.case.model_copy(update={"name": name})

    def rehearsal(self) -> Rehearsal:
        """Only these checks, with everything drawn anew."""
        salt = f"false fails {self.digest} {self.number}"
        return Rehearsal(self.group.others, checks_only=True, salt=salt)


def stochastic_checks(bundle: Bundle) -> list[Stochastic]:
    """The stochastic checks, file by file."""
    found: list[Stochastic] = []

    def use(collected: Collected) -> None:
        asked = names_asked_for(collected, bundle)
        graded = collected.graded_ids()
        required = {task.id for task in bundle.rubric.required}
        by_file: dict[Path, set[str]] = {}
        for name, item in collected.items.items():
            check = collected.checks[name]
            if check.stochastic and check.id in graded:
                by_file.setdefault(item.path, set()).add(check.id)
        for file, checks in by_file.items():
            together = frozenset[str]().union(*(asked[check] for check in checks))
            extension = not any(collected.checks[check].task in required for check in checks)
            others = frozenset(graded - checks)
            found.append(Stochastic(file, frozenset(checks), extension, together, others))

    with_checks(bundle, use)
    return found


def implementations(
    bundle: Bundle, cases: Iterable[Case], group: Stochastic, code: dict[str, Code]
) -> dict[str, Case]:
    """Digest -> the first of the cases that has it; `code` is by name of the case."""
    found: dict[str, Case] = {}
    for case in cases:
        of_case = code[case.name]
        behind = (of_case[name].statements for name in group.asked if name in of_case)
        found.setdefault(group.digest(bundle, frozenset[str]().union(*behind)), case)
    return found


def trials_of(group: Stochastic, chosen: dict[str, Case], each: int) -> list[Trial]:
    """So many trials of every implementation, one of each after the other."""
    return [
        Trial(group, case, digest, number)
        for number in range(each)
        for digest, case in chosen.items()
    ]


def only_stochastic_catch(case: Case, group: Stochastic) -> bool:
    """Whether a wrong case fails checks of the group, and no others, within its time."""
    named = set() if case.must_fail == "all" else set(case.must_fail)
    return case.kind == "wrong" and bool(named) and named <= group.checks and not case.slow


def finished() -> dict[tuple[str, int], Record]:
    """The trials that stand in the log; a line cut short is none."""
    lines = LOG.read_text(encoding="utf-8").splitlines() if LOG.exists() else []
    records = [json.loads(line) for line in lines if line.endswith("}")]
    return {(record["digest"], record["number"]): record for record in records}


def run(bundle: Bundle, trials: Sequence[Trial], jobs: int) -> None:
    """Run trials as one class, and log each as it is finished."""
    by_entry = {entry_name(trial.as_case()): trial for trial in trials}
    with tempfile.TemporaryDirectory() as place, LOG.open("a", encoding="utf-8") as log:

        def note(cost: Cost) -> None:
            report = Results(Path(place, "results")).read_report(cost.id)
            if report is None or report["status"] != "graded":
                raise SystemExit(f"{cost.id} was not graded; the same command goes on from here")
            trial = by_entry[cost.id]
            record = {
                "digest": trial.digest,
                "number": trial.number,
                "case": trial.case.name,
                "failed": sorted(failed_checks(report)),
                "cpu_seconds": round(cost.cpu_seconds, 2),
            }
            log.write("\n" + json.dumps(record))  # after a line cut short, too
            log.flush()

        rehearsals = {trial.as_case().name: trial.rehearsal() for trial in trials}
        cases = [trial.as_case() for trial in trials]
        grade_cases(bundle, cases, Path(place), jobs, rehearsals, note)


def run_all(bundle: Bundle, trials: Sequence[Trial], jobs: int) -> None:
    """Run the trials that are not in the log yet."""
    LOG.parent.mkdir(exist_ok=True)
    started, known = time.monotonic(), finished()
    left = [trial for trial in trials if trial.key not in known]
    for start in range(0, len(left), BATCH):
        run(bundle, left[start : start + BATCH], jobs)
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


def of_right(groups: dict[Stochastic, list[Record]]) -> dict[str, Any]:
    """False fails by test file, and of gradings that are one trial of each file.

    Args:
        groups: the checks of a test file -> their trials, in the order of the plan.
    """
    files = {}
    for group, records in groups.items():
        failed = [record for record in records if record["failed"]]
        files[group.file.name] = {
            "implementations": len({record["digest"] for record in records}),
            **counted(len(failed), len(records)),
            "by_case": dict(Counter(record["case"] for record in failed).most_common()),
            "by_check": dict(Counter(c for r in failed for c in r["failed"]).most_common()),
            "cpu_seconds": round(sum(record["cpu_seconds"] for record in records)),
        }
    marks = [records for group, records in groups.items() if not group.extension]
    gradings = list(zip(*marks, strict=False))  # as many as the file with the fewest has
    failed_gradings = sum(any(trial["failed"] for trial in grading) for grading in gradings)
    return {"by_file": files, "gradings": counted(failed_gradings, len(gradings))}


def of_wrong(records: list[Record]) -> dict[str, Any]:
    """False passes, and of which cases."""
    passed = [record for record in records if not record["failed"]]
    return {
        "cases": len({record["case"] for record in records}),
        **counted(len(passed), len(records)),
        "by_case": dict(Counter(record["case"] for record in passed).most_common()),
    }


def plan(
    bundle: Bundle, groups: Sequence[Stochastic], right: int, wrong: int
) -> Iterator[tuple[Stochastic, list[Trial], list[Trial]]]:
    """For each test file, the trials of right and of wrong implementations."""
    cases, reader = load_cases(bundle).values(), CodeReader(bundle)
    accepted = [case for case in cases if case.kind == "accepted"]
    caught = {group: [c for c in cases if only_stochastic_catch(c, group)] for group in groups}
    code = {case.name: reader.read(case) for case in [*accepted, *chain(*caught.values())]}
    for group in groups:
        rights = implementations(bundle, accepted, group, code)
        wrongs = implementations(bundle, caught[group], group, code)
        each = LEAST if group.extension else max(LEAST, ceil(right / len(rights)))
        yield group, trials_of(group, rights, each), trials_of(group, wrongs, wrong)


def conclusion(
    done: Sequence[tuple[Stochastic, list[Trial], list[Trial]]],
    known: dict[tuple[str, int], Record],
) -> dict[str, Any]:
    """What came of the test files that are finished."""
    rights = {group: [known[t.key] for t in trials] for group, trials, _ in done}
    wrongs = [known[trial.key] for _, _, trials in done for trial in trials]
    checks = sorted(check for group, _, _ in done for check in group.checks)
    return {"checks": checks, "false_fails": of_right(rights), "false_passes": of_wrong(wrongs)}


def main() -> int:
    """Run the study; 1 if the bound is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--trials", type=int, default=3000, help="of each test file")
    parser.add_argument("--wrong-trials", type=int, default=10, help="of each wrong case")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    bundle = Bundle.open(ROOT)
    planned = list(plan(bundle, stochastic_checks(bundle), options.trials, options.wrong_trials))
    for number, (_, rights, wrongs) in enumerate(planned, start=1):
        run_all(bundle, [*rights, *wrongs], options.jobs)
        result = conclusion(planned[:number], finished())
        save("false_fails", result)
    print(json.dumps(result, indent=1))
    return int(result["false_fails"]["gradings"]["upper_bound_95"] > GOAL)


if __name__ == "__main__":
    sys.exit(main())
