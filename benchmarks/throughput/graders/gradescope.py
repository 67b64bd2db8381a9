"""gradescope-utils: unittest with weights, and a fresh Python for every submission.

Gradescope starts `run_autograder` in a container for each submission; its
sample copies the submission beside the tests and runs `run_tests.py`. The
container is left out here, which is in this grader's favour.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from environments import Environment
from workloads import Class

from graders.grader import REQUIREMENTS, Job, Marks, for_each, tally, write_files

RUN_TESTS = '''"""Run all tests and write results.json."""

import unittest

from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.discover("tests")
    with open("results.json", "w") as stream:
        JSONTestRunner(visibility="visible", stream=stream).run(suite)
'''
HEAD = """import types
import unittest

import checks
{imports}
from gradescope_utils.autograder_utils.decorators import number, weight

student = types.SimpleNamespace(**{{
    name: value for module in ({modules},) for name, value in vars(module).items()
}})


class TestSubmission(unittest.TestCase):
"""
TEST = '''
    @weight(1)
    @number("{task}")
    def test_{check}(self):
        """{check}"""
        checks.{check}(student)
'''


class Gradescope:
    """A process for each submission: `python run_tests.py`."""

    name = "gradescope-utils"
    environment = Environment("gradescope-utils", REQUIREMENTS / "gradescope.txt")
    isolation = "none here (a container on the service)"
    serial = False

    def prepare(self, job: Job) -> None:
        """Write the harness: tests, checks, and the program that runs them."""
        modules = list(job.workload.checks)
        imports = "\n".join(f"import {module}" for module in modules)
        tests = HEAD.format(imports=imports, modules=", ".join(modules))
        for task, checks in job.workload.checks.items():
            tests += "".join(TEST.format(task=task, check=check) for check in checks)
        write_files({"run_tests.py": RUN_TESTS}, job.prepared)
        write_files({"test_submission.py": tests}, job.prepared / "tests")
        shutil.copy(job.workload.checks_file, job.prepared / "checks.py")

    def place(self, job: Job, submissions: Class) -> None:
        """The harness with the submission beside it, as `run_autograder` copies it."""
        for student, sources in submissions.items():
            shutil.copytree(job.prepared, job.folder / student)
            files = {f"{module}.py": source for module, source in sources.items()}
            write_files(files, job.folder / student)

    def grade(self, job: Job) -> None:
        """One fresh Python after the other, or `jobs` at a time."""

        def work(submission: Path) -> None:
            self.environment.run([self.environment.python, "run_tests.py"], submission)

        for_each(work, sorted(job.folder.iterdir()), job.jobs)

    def marks(self, job: Job) -> Marks:
        """Points by the tests' numbers, which are the tasks."""
        found = {}
        for path in sorted(job.folder.glob("*/results.json")):
            tests = json.loads(path.read_text())["tests"]
            found[path.parent.name] = tally(
                (t["number"], t["score"], t["max_score"]) for t in tests
            )
        return found
