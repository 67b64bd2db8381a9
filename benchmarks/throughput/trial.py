"""One grader on one class: laid out, graded, measured, and its marks looked at."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from environments import BUILD
from graders import Grader
from graders.grader import Job, Marks
from meter import Cost, measured
from workloads import Class, Workload


class WrongMarks(Exception):
    """A grader gave marks that the submissions do not deserve, so its time means nothing."""


@dataclass(frozen=True)
class Trial:
    """A grader and something to grade.

    Attributes:
        jobs: how many submissions at a time, where the grader can.
    """

    grader: Grader
    workload: Workload
    jobs: int

    def prepare(self) -> None:
        """Do once what an instructor does once. Not measured."""
        _empty(self._job.prepared)
        self.grader.prepare(self._job)

    def verify(self) -> Marks:
        """Grade the sample: right work gets full marks, wrong work loses in its task alone.

        Raises:
            WrongMarks: it is not so.
        """
        _, marks = self._grade(self.workload.sample_class(), memory=False)
        for student, tasks in marks.items():
            for task, (points, possible) in tasks.items():
                if (points == possible) == (student == f"wrong-{task}"):
                    self._refuse(student, tasks)
        return marks

    def measure(self, size: int, *, memory: bool = True) -> Cost:
        """Grade a class of right submissions.

        Raises:
            WrongMarks: not all of them got full marks.
        """
        cost, marks = self._grade(self.workload.make_class(size), memory=memory)
        for student, tasks in marks.items():
            if any(points != possible for points, possible in tasks.values()):
                self._refuse(student, tasks)
        return cost

    def _grade(self, submissions: Class, *, memory: bool) -> tuple[Cost, Marks]:
        job = self._job
        _empty(job.folder)
        self.grader.place(job, submissions)
        with measured(memory=memory) as cost:
            self.grader.grade(job)
        marks = self.grader.marks(job)
        if set(marks) != set(submissions):
            raise WrongMarks(f"{self._label}: marks for {len(marks)} of {len(submissions)}")
        for student, tasks in marks.items():
            due = {task: len(checks) for task, checks in self.workload.checks.items()}
            if {task: possible for task, (_, possible) in tasks.items()} != due:
                self._refuse(student, tasks)
        shutil.rmtree(job.folder)
        return cost, marks

    def _refuse(self, student: str, tasks: dict[str, tuple[float, float]]) -> None:
        raise WrongMarks(f"{self._label}: {student} got {tasks}")

    @property
    def _label(self) -> str:
        return f"{self.grader.name}-{self.workload.name}"

    @property
    def _job(self) -> Job:
        prepared, folder = (BUILD / part / self._label for part in ("prepared", "classes"))
        return Job(self.workload, prepared, folder, self.jobs)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
