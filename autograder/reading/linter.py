"""What ruff says of some texts. Runs inside; ruff is a program of its own there."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ruff import find_ruff_bin

from .rules import MAX_COMPLEXITY, RULE_OF_CODE

CLEAN, FOUND = 0, 1
"""How ruff ends when it could do its work."""


class LinterFailed(Exception):
    """Ruff did not do its work; the text is what it said."""


def lint(texts: Sequence[str]) -> Iterator[tuple[int, str, int, str]]:
    """Look at Python texts by the rules that have codes.

    Neither a setting of the student's nor a `noqa` comment changes anything.

    Yields:
        Number of the text, ruff's code, line, and what ruff says.

    Raises:
        LinterFailed: ruff crashed.
    """
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            Path(folder, f"{number}.py").write_text(text, encoding="utf-8", newline="")
        done = subprocess.run(
            [*_command(), folder],
            capture_output=True,
            text=True,
            check=False,
            # one thread: the process limit of a task is the author's to choose
            env={**os.environ, "RAYON_NUM_THREADS": "1"},
        )
    if done.returncode not in {CLEAN, FOUND}:
        raise LinterFailed(done.stderr[-1000:])
    for found in json.loads(done.stdout):
        if found["code"] in RULE_OF_CODE:  # a syntax that ruff does not know has another one
            number = int(Path(found["filename"]).stem)
            yield number, found["code"], found["location"]["row"], found["message"]


def _command() -> list[str]:
    return [
        *(find_ruff_bin(), "check", "--isolated", "--ignore-noqa", "--no-cache"),
        *(f"--select={','.join(RULE_OF_CODE)}", "--output-format=json"),
        f"--config=lint.mccabe.max-complexity={MAX_COMPLEXITY}",
    ]
