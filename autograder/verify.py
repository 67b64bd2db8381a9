"""Grading the corpus, to see whether every case gets what it must.

The whole corpus is graded as a class. Where a case differs from the reference in
one task, the other tasks are taken to be right without running them again, as
long as the reference itself passes everything in the same run.
`python -m autograder.verify` runs everything, and accepted cases several times.
"""

from __future__ import annotations

import ast
import json
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from .bundle import Bundle
from .corpus import Base, Case, Shape, build, disagreements, load_cases, materialise
from .grade.whole_class import ClassRun, grade_class
from .intake.scan import open_class
from .report.write import Results
from .sandbox.tiers import find_tier

JOBS = 2


def unchanged_tasks(case: Case, bundle: Bundle, right: Mapping[str, bytes]) -> set[str]:
    """Tasks for which a case has the reference's code, word for word.

    Any file that is neither a declared module nor prose might matter to every
    task, and so might an unusual shape.

    Args:
        right: the files of the right submission.
    """
    if case.base is not Base.REFERENCE or case.shape is not Shape.FOLDER:
        return set()
    files = build(case, bundle)
    differing = {name for name in files.keys() | right.keys() if files.get(name) != right.get(name)}
    modules = {f"{module}.py": module for module in bundle.rubric.modules}
    if any(name not in modules and not name.endswith(".md") for name in differing):
        return set()
    changed = {modules[name] for name in differing if name in modules}
    return {
        task.id
        for task in bundle.rubric.tasks
        if not changed & _with_imports({bundle.homes[f.name] for f in task.functions}, bundle)
    }


def _with_imports(modules: set[str], bundle: Bundle) -> set[str]:
    """The modules, and the declared modules that they import."""
    found, queue = set(modules), list(modules)
    while queue:
        text = (bundle.reference_dir / f"{queue.pop()}.py").read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            name = node.module if isinstance(node, ast.ImportFrom) else None
            if name in bundle.rubric.modules and name not in found:
                found.add(name)
                queue.append(name)
    return found


def entry_name(case: Case) -> str:
    """The name under which a case is handed in."""
    return case.name.replace("/", "-")


def grade_corpus(
    bundle: Bundle,
    cases: Iterable[Case],
    folder: Path,
    jobs: int,
    *,
    whole: bool = False,
    salt: str = "",
) -> Path:
    """Grade cases as a class.

    Args:
        cases: the reference must be among them, unless `whole`.
        folder: where the class (`class/`) and the results (`results/`) are written.
        whole: run every task of every case.
        salt: changes everything that checks draw at random.

    Returns:
        The folder with the results, a report a case under its `entry_name`.
    """
    known = {}
    right = build(Case(name="", about=""), bundle)
    for case in cases:
        materialise(case, bundle, folder / "class", entry_name(case))
        if not whole and (case.replace or case.edit):
            known[entry_name(case)] = unchanged_tasks(case, bundle, right)
    with open_class(folder / "class") as found:
        results = Results(folder / "results")
        run = ClassRun(bundle, results, find_tier(None, ()), known, salt)
        grade_class(run, found.entries, found.entries, jobs, lambda _cost: None)
    return folder / "results"


def main(repeats: int = 3) -> int:
    """Grade the whole corpus, and the accepted cases again with other random numbers.

    Returns:
        How many cases did not get what they must.
    """
    bundle = Bundle.nearest(Path.cwd())
    every = list(load_cases(bundle).values())
    wrong = 0
    for repeat in range(repeats):
        cases = [case for case in every if repeat == 0 or case.kind == "accepted"]
        salt = f"repeat {repeat}" if repeat else ""
        with tempfile.TemporaryDirectory() as folder:
            results = grade_corpus(bundle, cases, Path(folder), JOBS, whole=True, salt=salt)
            for case in cases:
                path = results / "reports" / f"{entry_name(case)}.json"
                found = disagreements(case, json.loads(path.read_text(encoding="utf-8")))
                wrong += bool(found)
                for text in found:
                    print(f"{case.name}: {text}")
        print(f"run {repeat + 1} of {repeats}: {len(cases)} cases, {wrong} wrong so far")
    return wrong


if __name__ == "__main__":
    sys.exit(main() > 0)
