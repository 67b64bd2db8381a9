"""What a grader is to the benchmark, and what several of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from environments import HERE, Environment
from workloads import Class, Workload

Marks = dict[str, dict[str, tuple[float, float]]]
"""Student -> task -> (points, possible)."""
REQUIREMENTS = HERE / "requirements"


@dataclass(frozen=True)
class Job:
    """A class to grade.

    Attributes:
        prepared: folder of the assignment, filled by `prepare`.
        folder: of the class, filled by `place`.
        jobs: submissions at a time, where the grader can.
    """

    workload: Workload
    prepared: Path
    folder: Path
    jobs: int


class Grader(Protocol):
    """A grader, driven by its own commands.

    Attributes:
        name: for the command line and the tables.
        environment: where it is installed.
        isolation: what stands between student code and grader, in a few words.
        serial: whether it has no way to grade several submissions at a time.
    """

    name: str
    environment: Environment
    isolation: str
    serial: bool

    def prepare(self, job: Job) -> None:
        """What an instructor does once for an assignment. Not measured."""

    def place(self, job: Job, submissions: Class) -> None:
        """Lay out a class, as it reaches this grader. Not measured."""

    def grade(self, job: Job) -> None:
        """Grade the class. This is what is measured."""

    def marks(self, job: Job) -> Marks:
        """The marks that were given."""


def write_files(files: Mapping[str, str], folder: Path) -> None:
    """Write texts by file name into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)


def for_each(work: Callable[[Path], None], folders: Iterable[Path], jobs: int) -> None:
    """Work through a class, `jobs` submissions at a time; the first error ends it."""
    with ThreadPoolExecutor(jobs) as pool:
        for _ in pool.map(work, folders):
            pass


def tally(rows: Iterable[tuple[str, float, float]]) -> dict[str, tuple[float, float]]:
    """Task -> (points, possible), from rows of task, points and possible."""
    totals: dict[str, tuple[float, float]] = {}
    for task, points, possible in rows:
        earned, most = totals.get(task, (0.0, 0.0))
        totals[task] = (earned + points, most + possible)
    return totals
