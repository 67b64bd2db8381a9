"""Running one command of a README, in a process that a task starts and waits for. Runs inside.

The task has loaded nothing of the student's, so its word on how the command
ended is its own. The command runs as the same user and could at worst end the
task, which counts as a failure; to exit with 0 for nothing it need not cheat,
and 0 means no more than that it ran.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import runpy
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

MOST_SAID = 4_000
"""Bytes of what the command said last on its error stream that are looked at."""


def run_command(arguments: list[str], channel: socket.socket) -> dict[str, Any]:
    """Run Python with these arguments in a fork, which has the assignment's packages loaded.

    Args:
        channel: to the trusted side; the fork closes its end.

    Returns:
        `code`, the exit code, negative for a signal; `said`, the end of the error stream.
    """
    with tempfile.TemporaryFile() as errors:
        target = (arguments, channel, errors.fileno())
        process = multiprocessing.get_context("fork").Process(target=_become, args=target)
        process.start()
        process.join()
        size = errors.seek(0, os.SEEK_END)
        errors.seek(max(0, size - MOST_SAID))
        return {"code": process.exitcode, "said": errors.read().decode("utf-8", "replace")}


def _become(arguments: list[str], channel: socket.socket, errors: int) -> None:
    """Be what `python ARGUMENTS` would be, as far as a fork can."""
    channel.close()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nobody reads it, and pytest prints times
    os.dup2(errors, 2)
    random.seed()
    np.random.seed()  # the task has set them, and a fresh Python has not
    match arguments:
        case ["-m", "pytest", *words]:
            import pytest  # noqa: PLC0415 (before a file of the student's could be called so)

            sys.path[:0] = [str(Path.cwd())]
            # whatever plugins this machine has, a report must not depend on them
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
            sys.exit(pytest.main(words))
        case ["-m", module, *_]:
            sys.argv, sys.path[:0] = arguments[1:], [str(Path.cwd())]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        case ["-c", code, *_]:
            sys.argv, sys.path[:0] = ["-c", *arguments[2:]], [str(Path.cwd())]
            exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})
        case [file, *_]:
            sys.argv, sys.path[:0] = arguments, [str(Path(file).resolve().parent)]
            runpy.run_path(file, run_name="__main__")
