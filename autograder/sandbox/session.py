"""The trusted end of one submission: read it, call it, outlive it.

A session answers with plain values or raises. Student code that hangs, dies,
floods or lies costs the running check (`Lost`) and its processes; what comes
next gets fresh ones. It cannot cost more.
"""

from __future__ import annotations

import builtins
import contextlib
import socket
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..kit.calls import MAX_ERROR_TEXT
from ..kit.failures import CheckFailure, LoadError, NotAttempted, StudentError
from ..kit.loader import Manifest
from ..model import Limits
from . import wire
from .box import Box
from .deadline import Deadline, Ending, Lost
from .exchange import TICK_SECONDS, Output, SupervisorEnded, exchange
from .outer import SandboxUnavailable
from .usage import cpu_seconds

EXCEPTIONS = frozenset(
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
)
"""The only names of exceptions that are believed; a forged one could carry anything."""
FAULTS: dict[str, type[NotAttempted | LoadError]] = {
    "absent": NotAttempted,
    "unloadable": LoadError,
}
"""Why a name cannot be had, by the word on the wire."""


class Session:
    """One submission's student code, one task at a time.

    Args:
        box: where its processes are forked; it serves one session at a time.
        files: path -> content of the submission.
        manifest: what the bundle declares about the code.
        limits: what it may use.
    """

    def __init__(
        self, box: Box, files: Mapping[str, bytes], manifest: Manifest, limits: Limits
    ) -> None:
        self._box = box
        self._files = _on_the_wire(files)
        self._manifest = manifest
        self._limits = limits
        self._supervisor: socket.socket | None = None
        self._task: socket.socket | None = None
        self._output = Output(limits.output_kb * 1024)
        self._cpu_seconds = self._first_cpu = 0.0
        self._memory = 0
        self._hidden = self._tainted = False
        self._clock = Deadline(limits, box)
        self._next_look = 0.0  # short calls, one after the other, are looked at as well

    @property
    def printed(self) -> str:
        """What student code printed, capped."""
        return self._output.text

    @property
    def cpu_seconds(self) -> float:
        """CPU-seconds of its processes that have ended."""
        return self._cpu_seconds

    @property
    def memory(self) -> int:
        """Most bytes that its processes were seen to hold beyond what they started with."""
        return self._memory

    @property
    def tainted(self) -> bool:
        """Whether the task's processes have seen a hidden input, which their texts may carry."""
        return self._tainted

    def read(self, what: str, **arguments: object) -> dict[str, Any]:
        """Have the submission read, before any task has begun.

        Args:
            what: one of `reading.readers`.
            arguments: for that reader.

        Raises:
            Lost: reading it hung or crashed.
        """
        self._clock = Deadline(self._limits, self._box)
        message = {"op": "read", "what": what, "arguments": arguments}
        match self._request(self._ready_task(), message):
            case {"read": dict(values)}:
                return values
        raise self._nonsense()

    def run(self, arguments: Sequence[str]) -> tuple[int, str]:
        """Run Python with these arguments on the submission's files, in a task of its own.

        Returns:
            The exit code, and the end of what was said on the error stream.

        Raises:
            Lost: it hung, or took its task with it.
        """
        self.end_task()
        self._clock = Deadline(self._limits, self._box)
        reply = self._request(self._ready_task(), {"op": "run", "arguments": list(arguments)})
        self.end_task()
        match reply:
            case {"ran": {"code": int(code), "said": str(said)}}:
                return code, said
        raise self._nonsense()

    def begin_task(self, names: list[str]) -> dict[str, Exception]:
        """Start a task's process and load its functions before any input is in sight.

        Returns:
            Why a name cannot be had, for those that cannot: `NotAttempted` or
            `LoadError`. Their texts are safe to show: this process, like the
            disks it sees, is new.

        Raises:
            Lost: loading hung or crashed.
        """
        self._clock = Deadline(self._limits, self._box)
        reply = self._request(self._ready_task(), {"op": "load", "names": names})
        try:
            return {
                str(name): FAULTS[kind](str(text)[:MAX_ERROR_TEXT])
                for name, (kind, text) in dict(reply["faults"]).items()
            }
        except (KeyError, ValueError, TypeError, AttributeError, CheckFailure):
            raise self._nonsense() from None

    def begin_check(self, *, hidden: bool) -> None:
        """Start a new deadline and drop the objects of the check before.

        Raises:
            Lost: their destructors hung.
        """
        self._clock = Deadline(self._limits, self._box)
        if self._task is not None:
            try:
                self._request(self._task, {"op": "forget"})
            except Lost as lost:  # it died after its last answer; to hang is another matter
                if lost.out_of_time:
                    raise
        self._ready_task()
        self._hidden = hidden

    def end_task(self) -> None:
        """End the task's processes, so that the next task starts from nothing."""
        if self._supervisor is None or self._task is None:
            return
        self._task.close()
        self._task = None
        self._clock = Deadline(self._limits, self._box)
        with contextlib.suppress(Lost):
            self._request(self._supervisor, {"op": "end"})

    def call(self, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        """Call a declared function of the student.

        Raises:
            StudentError: it raised, or could not be loaded.
            NotAttempted: no file defines it.
            Lost: its process did not survive the call.
        """
        return self._ask({"op": "call", "name": name, "args": list(args), "kwargs": kwargs})

    def afterwards(self, name: str) -> object:
        """What a function's last call was given and gave, as it is by now. Raises as `call`."""
        return self._ask({"op": "afterwards", "name": name})

    def data(self, name: str) -> object:
        """A declared constant of the student, or the content of its file. Raises as `call`."""
        return self._ask({"op": "data", "name": name})

    def open(self, files: Mapping[str, bytes]) -> None:
        """End the task's processes; what comes next sees other files.

        Raises:
            Lost: they could not be ended.
        """
        self.end_task()
        self._files = _on_the_wire(files)
        if self._supervisor is not None:
            self._request(self._supervisor, {"op": "open", "files": self._files})

    def exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        """Say something to the task's process and get what it says back, whatever that is.

        Raises:
            Lost: its process did not survive that.
        """
        return self._request(self._ready_task(), message)

    def close(self) -> None:
        """Kill the submission's processes, if there are any.

        Raises:
            SandboxUnavailable: the box itself has stopped working.
        """
        if self._supervisor is None:
            return
        channels = [c for c in (self._task, self._supervisor) if c is not None]
        self._task = self._supervisor = None
        try:
            # now: of a process killed with its namespace, nobody inherits the times
            self._cpu_seconds += cpu_seconds(self._box.pid) - self._first_cpu
            self._box.end()
        finally:
            self._output.close()
            for channel in channels:
                channel.close()

    def _ask(self, message: dict[str, object]) -> object:
        task = self._ready_task()
        self._tainted |= self._hidden
        reply = self._request(task, message)
        match reply:
            case {"value": value}:
                return value
            case {"raised": [str(name), str(text), str(where)]} if name in EXCEPTIONS:
                raise StudentError(name, text[:MAX_ERROR_TEXT], where[:MAX_ERROR_TEXT])
            case {"absent": str()}:
                raise NotAttempted  # without its text: a student reads this one
            case {"unloadable": str(text)}:
                raise StudentError("ImportError", text[:MAX_ERROR_TEXT])
        raise self._nonsense()

    def _ready_supervisor(self) -> socket.socket:
        if self._supervisor is None:
            self._supervisor, self._output.descriptor = self._box.begin()
            self._first_cpu = cpu_seconds(self._box.pid)
            self._clock = Deadline(self._limits, self._box)  # a box may take long to start
            self._request(self._supervisor, {"op": "open", "files": self._files})
        return self._supervisor

    def _ready_task(self) -> socket.socket:
        if self._task is None:
            supervisor = self._ready_supervisor()
            self._task, inside = socket.socketpair()
            self._tainted = False  # nothing of an earlier task is left
            with inside:
                request = wire.pack({"op": "task", "manifest": self._manifest.to_json()})
                try:
                    socket.send_fds(supervisor, [request], [inside.fileno()])
                except OSError:
                    raise self._supervisor_gone() from None
        return self._task

    def _request(self, channel: socket.socket, message: dict[str, Any]) -> dict[str, Any]:
        """Send a message and wait for its reply; on any failure the processes are gone."""
        supervisor = self._supervisor
        assert supervisor is not None
        try:
            unsent = memoryview(wire.pack(message))
            return exchange(channel, supervisor, self._output, unsent, self._look)
        except SupervisorEnded:
            raise self._supervisor_gone() from None
        except wire.ProtocolError:
            raise self._nonsense() from None
        except Lost as lost:
            if channel is self._supervisor and lost.ending is Ending.CRASHED:
                raise self._supervisor_gone() from None
            self.close()
            raise
        finally:
            self._memory = max(self._memory, self._clock.memory)

    def _look(self) -> None:
        """Look at usage, unless that was done a moment ago.

        Raises:
            Lost: a limit is exceeded.
        """
        if time.monotonic() >= self._next_look:
            self._clock.check()
            self._next_look = time.monotonic() + TICK_SECONDS

    def _nonsense(self) -> Lost:
        """A reply that is none: its sender is gone by now."""
        self.close()
        return Lost(Ending.PROTOCOL)

    def _supervisor_gone(self) -> SandboxUnavailable:
        self.close()
        return SandboxUnavailable("a process of the box ended by itself", self.printed[-500:])


def _on_the_wire(files: Mapping[str, bytes]) -> dict[str, np.ndarray]:
    return {name: np.frombuffer(data, np.uint8) for name, data in files.items()}
