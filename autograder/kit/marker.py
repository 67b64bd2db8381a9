"""The `check` marker: what a check says of itself, and how it is read.

    @pytest.mark.check(task="spread", section="S.1", function="value_range", hint="...")
    def test_range_of_three_values(student, expect): ...

The first line of the test's docstring is the check's title.
"""

from __future__ import annotations

import hashlib
import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np

MARKER = (
    "check(task, section, function, hint, category, sibling, weight, stochastic): a check of a task"
)


@dataclass(frozen=True)
class Check:
    """What a check says of itself.

    Attributes:
        id: the test function's name without `test_`; unique in the bundle.
        title: first line of its docstring; students read it.
        task: id of the rubric's task.
        section: section of the handout that explains it.
        function: the student's function that is chiefly looked at.
        hint: a first hint for a student whose code fails.
        category: `implementation` or `correctness`, or None where it earns nothing.
        sibling: of a hidden check, the public check that shows the same on other inputs.
        weight: its share of the points of its task and category, against the others'.
        stochastic: whether chance decides besides the code: what is drawn while it runs.
    """

    id: str
    title: str
    task: str
    section: str
    function: str
    hint: str
    category: str | None = None
    sibling: str | None = None
    weight: int = 1
    stochastic: bool = False


def read_marker(item: Any) -> Check:
    """The `Check` of a collected pytest item.

    Raises:
        ValueError: the marker is missing, or lacks or misspells an argument.
    """
    marker = item.get_closest_marker("check")
    if marker is None:
        raise ValueError(f"{item.name} has no @pytest.mark.check(...)")
    title = (inspect.getdoc(item.function) or "").partition("\n")[0]
    if not title:
        raise ValueError(f"{item.name} has no docstring; its first line is the check's title")
    try:
        return Check(id=item.name.removeprefix("test_"), title=title, **marker.kwargs)
    except TypeError as error:
        text = str(error).replace("Check.__init__()", "@pytest.mark.check")
        raise ValueError(f"{item.name}: {text}") from None


def seeded_rng(*names: str) -> np.random.Generator:
    """A generator that depends on these names alone: the same for every submission."""
    digest = hashlib.sha256("/".join(names).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
