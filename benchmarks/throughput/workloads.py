"""What is graded: the tasks, their checks, right and wrong submissions, whole classes.

A submission is source by module name, one module a task: the same source for
all graders, as files for some and as notebook cells for others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from environments import BUILD, HERE

Sources = Mapping[str, str]
"""Module name -> source."""
Class = Mapping[str, Sources]
"""Student -> submission."""

BUNDLE = HERE / "bundle"
EMPTY_CHECK = '''
def nothing_{number}(student):
    """Nothing is checked."""
'''
EMPTY_TEST = '''
@pytest.mark.check(
    task="task_{number}", section="-", function="function_{number}", hint="-",
    category="implementation",
)
def test_nothing_{number}(student, reference):
    """Nothing is checked."""
    reference.nothing_{number}(student)
'''
EMPTY_SUBMISSION = {
    "torch": "import torch\n\n\ndef function_{number}():\n    return torch.zeros(1)\n",
    "numpy": "import numpy as np\n\n\ndef function_{number}():\n    return np.zeros(1)\n",
}


@dataclass(frozen=True)
class Workload:
    """Something to grade.

    Attributes:
        bundle: for this grader; its reference is the right submission.
        checks: task -> names of the functions in `reference/checks.py`.
        mistakes: task -> (text, replacement) that make its module wrong.
    """

    name: str
    title: str
    bundle: Path
    checks: Mapping[str, tuple[str, ...]]
    mistakes: Mapping[str, tuple[str, str]]

    @property
    def checks_file(self) -> Path:
        """The checks themselves, for every grader."""
        return self.bundle / "reference" / "checks.py"

    @property
    def right(self) -> dict[str, str]:
        """A submission that deserves full marks."""
        return {
            task: (self.bundle / "reference" / f"{task}.py").read_text() for task in self.checks
        }

    def wrong(self, task: str) -> dict[str, str]:
        """A submission that is wrong in one task."""
        text, replacement = self.mistakes[task]
        sources = self.right
        if sources[task].count(text) != 1:
            raise ValueError(f"{self.name}: {text!r} does not stand once in {task}.py")
        return {**sources, task: sources[task].replace(text, replacement)}

    def make_class(self, size: int) -> dict[str, dict[str, str]]:
        """Right submissions that differ by a comment, so that none can stand for another."""
        return {
            f"student-{number:04}": {
                task: f"{source}\n# submission {number}\n" for task, source in self.right.items()
            }
            for number in range(size)
        }

    def sample_class(self) -> dict[str, dict[str, str]]:
        """One right submission, and for each task one that is wrong there: `wrong-TASK`."""
        return {
            "right": self.right,
            **{f"wrong-{task}": self.wrong(task) for task in self.mistakes},
        }


def two_tasks() -> Workload:
    """XOR and the LSTM, five checks each."""
    return Workload(
        name="tasks",
        title="XOR and LSTM, five checks each",
        bundle=BUNDLE,
        checks={
            "xor": (
                "features_of_the_table",
                "features_of_random_columns",
                "linear_formula",
                "network_on_the_table",
                "network_with_random_weights",
            ),
            "lstm": (
                "shapes_of_the_model",
                "seed_of_the_model",
                "forward_pass",
                "rows_do_not_mix",
                "training_steps",
            ),
        },
        mistakes={
            "xor": ("bits[:, 0] * bits[:, 1]", "bits[:, 0] + bits[:, 1]"),
            "lstm": ("states[:, -1]", "states[:, 0]"),
        },
    )


def empty_tasks(library: str, tasks: int) -> Workload:
    """Tasks whose checks do nothing; every module of a submission imports the library."""
    bundle = BUILD / "bundles" / f"empty-{library}-{tasks}"
    numbers = range(1, tasks + 1)
    rubric = yaml.safe_load((BUNDLE / "rubric.yaml").read_text())
    rubric |= {
        "id": bundle.name,
        "packages": [library],
        "preload": ["torch._dynamo"] if library == "torch" else [],
        "modules": [f"task_{number}" for number in numbers],
        "tasks": [_empty_task(number) for number in numbers],
    }
    files = {
        "rubric.yaml": json.dumps(rubric),  # JSON is YAML
        "skeleton/report.md": "# Report\n",
        "tests/public/README.md": "No public checks.\n",
        "tests/hidden/test_nothing.py": "import pytest\n"
        + "".join(EMPTY_TEST.format(number=number) for number in numbers),
        "reference/checks.py": "".join(EMPTY_CHECK.format(number=number) for number in numbers),
    }
    for number in numbers:
        source = EMPTY_SUBMISSION[library].format(number=number)
        files[f"reference/task_{number}.py"] = source
    _write(bundle, files)
    return Workload(
        name=bundle.name,
        title=f"{library} imported, {tasks} checks that do nothing",
        bundle=bundle,
        checks={f"task_{number}": (f"nothing_{number}",) for number in numbers},
        mistakes={},
    )


def _empty_task(number: int) -> dict[str, object]:
    return {
        "id": f"task_{number}",
        "title": f"Task {number}",
        "section": "-",
        "gate": f"nothing_{number}",
        "points": {"implementation": 1, "correctness": 0, "quality": 0},
        "functions": [{"name": f"function_{number}", "section": "-", "todo": "Anything."}],
    }


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
