"""otter-grader: `otter run` for every submission, its way without containers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from environments import Environment
from workloads import Class

from graders.grader import REQUIREMENTS, Job, Marks, for_each, tally, write_files
from graders.notebooks import code_cell, notebook

HEAD = """OK_FORMAT = False

import types

import checks
from otter.test_files import test_case

name = "{task}"
"""
TEST = """

@test_case(points=1)
def test_{check}(env):
    checks.{check}(types.SimpleNamespace(**env))
"""


class Otter:
    """`otter run -a autograder.zip submission.ipynb`; a test file a task."""

    name = "otter-grader"
    environment = Environment("otter-grader", REQUIREMENTS / "otter.txt")
    isolation = "none (`otter grade` uses Docker)"
    serial = False

    def prepare(self, job: Job) -> None:
        """Write the test files and have `otter generate` make autograder.zip of them."""
        tests = {
            f"{task}.py": HEAD.format(task=task) + "".join(TEST.format(check=c) for c in checks)
            for task, checks in job.workload.checks.items()
        }
        write_files(tests, job.prepared / "tests")
        shutil.copy(job.workload.checks_file, job.prepared / "checks.py")
        options = ["--no-config", "--no-requirements", "--no-environment"]
        self._otter(
            ["generate", "-t", "tests", "-o", "autograder.zip", *options, "checks.py"], job.prepared
        )

    def place(self, job: Job, submissions: Class) -> None:
        """A notebook for each student, one cell a module."""
        for student, sources in submissions.items():
            cells = [code_cell(module, source) for module, source in sources.items()]
            write_files({"submission.ipynb": notebook(cells)}, job.folder / student)

    def grade(self, job: Job) -> None:
        """One command after the other, or `jobs` at a time."""

        def work(submission: Path) -> None:
            options = ["-a", job.prepared / "autograder.zip", "-o", "."]
            self._otter(["run", *options, "submission.ipynb"], submission)

        for_each(work, sorted(job.folder.iterdir()), job.jobs)

    def marks(self, job: Job) -> Marks:
        """Points by the test files' names, which are the tasks."""
        found = {}
        for path in sorted(job.folder.glob("*/results.json")):
            tests = json.loads(path.read_text())["tests"]
            rows = [(t["name"], t.get("score", 0.0), t.get("max_score", 0.0)) for t in tests]
            found[path.parent.name] = tally(row for row in rows if row[0] in job.workload.checks)
        return found

    def _otter(self, arguments: list[str | Path], folder: Path) -> None:
        self.environment.run([self.environment.python, "-m", "otter", *arguments], folder)
