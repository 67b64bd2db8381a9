"""This grader: one command for the class, by the code of this checkout."""

from __future__ import annotations

import json

from environments import ROOT, Environment
from workloads import Class

from graders.grader import Job, Marks, tally, write_files


class Ours:
    """`autograde SUBMISSIONS --assignment BUNDLE --output OUT --jobs N`."""

    name = "autograde"
    environment = Environment("autograder", None)
    isolation = "namespaces, one box a submission, one process a task"
    serial = False

    def prepare(self, job: Job) -> None:
        """Nothing: the bundle is there."""

    def place(self, job: Job, submissions: Class) -> None:
        """A folder of modules for each student."""
        for student, sources in submissions.items():
            files = {f"{module}.py": source for module, source in sources.items()}
            write_files(files, job.folder / "submissions" / student)

    def grade(self, job: Job) -> None:
        """Run the command."""
        places = [job.folder / "submissions", "--assignment", job.workload.bundle]
        options = ["--output", job.folder / "results", "--jobs", str(job.jobs)]
        command = [self.environment.python, "-m", "autograder", *places, *options]
        self.environment.run(command, ROOT)

    def marks(self, job: Job) -> Marks:
        """Points of the checks, from the reports."""
        found = {}
        for path in sorted((job.folder / "results" / "reports").glob("*.json")):
            categories = json.loads(path.read_text())["categories"]
            evidence = [e for category in categories for e in category["evidence"]]
            checks = [e for e in evidence if e["kind"] == "check"]
            found[path.stem] = tally((e["task"], e["points"], e["possible"]) for e in checks)
        return found
