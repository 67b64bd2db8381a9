"""The process of one task: it reads the submission, loads it, calls it, answers.

It is the only process that runs student code, and everything it says may have
been said by student code.
"""

from __future__ import annotations

import builtins
import contextlib
import os
import random
import socket
import sys
from pathlib import Path
from typing import Any

import numpy as np

from ..kit.calls import StudentCode
from ..kit.failures import LoadError, NotAttempted, StudentError
from ..kit.loader import Manifest
from ..reading.readers import READERS
from . import wire
from .command import run_command


class Task:
    """Answers requests until the channel closes.

    Args:
        root: the folder with the submission's files.
        manifest: what the bundle declares about the code.
    """

    def __init__(self, channel: socket.socket, root: Path, manifest: Manifest) -> None:
        self._channel = channel
        self._root = root
        self._manifest = manifest
        random.seed(0)
        np.random.seed(0)  # a student who forgot to seed gets the same marks every time
        builtins.input = _no_input
        os.chdir(root)

    def serve(self) -> None:
        """Answer `read` and `run`, or load student code for `load`, `call`, and so on.

        Or, in a process of its own, `tests`: run the student's tests, whose calls are answered
        from without.
        """
        code: StudentCode | None = None
        with contextlib.ExitStack() as stack:
            while (message := wire.receive(self._channel)) is not None:
                if message["op"] == "read":
                    read = READERS[message["what"]]
                    answer = {"read": read(self._root, self._manifest, **message["arguments"])}
                elif message["op"] == "run":
                    answer = {"ran": run_command(message["arguments"], self._channel)}
                elif message["op"] == "tests":
                    from .suite import run_suite  # noqa: PLC0415 (takes pytest with it)

                    answer = run_suite(self._channel, self._root, self._manifest, message)
                else:
                    if code is None:
                        code = StudentCode(self._root, self._manifest)
                        stack.enter_context(code.loader.installed())
                    answer = _answer(code, message)
                packed = wire.pack(answer)
                with contextlib.suppress(Exception):  # it is the student's stream by now
                    sys.stdout.flush()
                self._channel.sendall(packed)


def _answer(code: StudentCode, message: dict[str, Any]) -> dict[str, Any]:
    try:
        match message["op"]:
            case "forget":
                code.forget()
                return {"forgotten": True}
            case "load":
                faults = code.faults(message["names"])
                return {"faults": {n: (_kind(f), str(f)) for n, f in faults.items()}}
            case "call":
                name, args, kwargs = message["name"], message["args"], message["kwargs"]
                return {"value": code.call(name, args, kwargs)}
            case "afterwards":
                return {"value": code.afterwards(message["name"])}
            case _:
                return {"value": code.data(message["name"])}
    except (NotAttempted, LoadError) as error:
        return {_kind(error): str(error)}
    except StudentError as error:
        return {"raised": [error.name, error.text, error.where]}
    except KeyboardInterrupt:  # nobody is at a keyboard here: the student's code raised it
        return {"raised": ["KeyboardInterrupt", "", ""]}


def _kind(error: NotAttempted | LoadError) -> str:
    return "absent" if isinstance(error, NotAttempted) else "unloadable"


def _no_input(_prompt: object = "") -> str:
    raise EOFError("input() was called; nobody is there to answer while grading")
