"""nbgrader: a course directory, and one command that grades all students."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from environments import HERE, Environment
from workloads import Class, Sources

from graders.grader import REQUIREMENTS, Job, Marks, tally, write_files
from graders.notebooks import code_cell, notebook

ASSIGNMENT = "assignment"
CHECK = """import types

import checks

checks.{check}(types.SimpleNamespace(**globals()))
"""
SOLUTION = "### BEGIN SOLUTION\n{source}\n### END SOLUTION\n"


class NbGrader:
    """`nbgrader autograde`: a solution cell a module, a grade cell a check."""

    name = "nbgrader"
    environment = Environment("nbgrader", REQUIREMENTS / "nbgrader.txt")
    isolation = "none"
    serial = True

    def prepare(self, job: Job) -> None:
        """Make the course: source, and by `generate_assignment` release and database."""
        source = job.prepared / "source" / ASSIGNMENT
        solved = {
            module: SOLUTION.format(source=text) for module, text in job.workload.right.items()
        }
        write_files({"tasks.ipynb": _notebook(job.workload.checks, solved)}, source)
        shutil.copy(job.workload.checks_file, source / "checks.py")
        write_files({"nbgrader_config.py": "c = get_config()\n"}, job.prepared)
        self._nbgrader("generate_assignment", job.prepared)

    def place(self, job: Job, submissions: Class) -> None:
        """A copy of the course with a database of its own, and what was submitted."""
        shutil.copytree(job.prepared, job.folder, dirs_exist_ok=True)
        for student, sources in submissions.items():
            place = job.folder / "submitted" / student / ASSIGNMENT
            write_files({"tasks.ipynb": _notebook(job.workload.checks, sources)}, place)

    def grade(self, job: Job) -> None:
        """One command for the class; it has no way to work on several at a time."""
        self._nbgrader("autograde", job.folder)

    def marks(self, job: Job) -> Marks:
        """Points of the grade cells, from the database through nbgrader's own interface."""
        program = HERE / "nbgrader_marks.py"
        database = f"sqlite:///{job.folder / 'gradebook.db'}"
        done = subprocess.run(
            [self.environment.python, program, database, ASSIGNMENT],
            env=self.environment.variables(),
            capture_output=True,
            text=True,
            check=True,
        )
        task_of = {check: task for task, checks in job.workload.checks.items() for check in checks}
        return {
            student: tally((task_of[cell], points, most) for cell, points, most in rows)
            for student, rows in json.loads(done.stdout).items()
        }

    def _nbgrader(self, command: str, folder: Path) -> None:
        options = [f"--course-dir={folder}", f"--assignment={ASSIGNMENT}"]
        arguments = [self.environment.python, "-m", "nbgrader", command, *options]
        self.environment.run(arguments, folder)


def _notebook(checks: Mapping[str, tuple[str, ...]], sources: Sources) -> str:
    cells = []
    for task, names in checks.items():
        solution = _metadata(task, solution=True)
        cells.append(code_cell(task, sources[task], {"nbgrader": solution}))
        for check in names:
            graded = {**_metadata(check, solution=False), "points": 1}
            cells.append(code_cell(check, CHECK.format(check=check), {"nbgrader": graded}))
    return notebook(cells)


def _metadata(name: str, *, solution: bool) -> dict[str, object]:
    flags = {"grade": not solution, "locked": not solution, "solution": solution, "task": False}
    return {"grade_id": name, "schema_version": 3, **flags}
