"""The trusted end of one submission's box: survey it, call it, outlive it.

A session answers with plain values or raises. Student code that hangs, dies,
floods or lies costs the running check (`Lost`) and a fresh box for whatever
comes next; it cannot cost more.
"""

from __future__ import annotations

import builtins
import contextlib
import os
import selectors
import socket
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..kit.calls import MAX_ERROR_TEXT
from ..kit.failures import CheckFailure, LoadError, NotAttempted, StudentError
from ..kit.loader import Manifest
from ..model import Limits
from . import wire
from .box import Box, SandboxUnavailable
from .deadline import Deadline, Ending, Lost
from .usage import Usage, usage_of

TICK_SECONDS = 0.05
"""How often usage is looked at while student code runs."""
START_SECONDS = 60.0
"""A box that says nothing for so long at its start does not work here."""

EXCEPTIONS = frozenset(
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
)
"""The only names of exceptions that are believed; a forged one could carry anything."""


class Session:
    """One submission's student code, one task at a time.

    Args:
        files: path -> content of the submission.
        manifest: what the bundle declares about the code.
        limits: what it may use.
    """

    def __init__(self, files: Mapping[str, bytes], manifest: Manifest, limits: Limits) -> None:
        self._files = {name: np.frombuffer(data, np.uint8) for name, data in files.items()}
        self._manifest = manifest
        self._limits = limits
        self._box: Box | None = None
        self._task: socket.socket | None = None
        self._printed = bytearray()
        self._spent = Usage(0.0, 0)
        self._hidden = self._tainted = False
        self._clock = Deadline(limits)

    @property
    def printed(self) -> str:
        """What student code printed, capped."""
        return self._printed.decode("utf-8", "replace")

    @property
    def spent(self) -> Usage:
        """CPU-seconds of all boxes so far, and the highest memory seen."""
        return self._spent

    @property
    def tainted(self) -> bool:
        """Whether this box has seen a hidden input, so that its texts and arrays may carry one."""
        return self._tainted

    def survey(self, documents: list[str]) -> dict[str, Any]:
        """Read the submission as text; see `kit.survey`. Student code has not run yet."""
        box = self._ready_box()
        message = {"op": "survey", "manifest": self._manifest.to_json(), "documents": documents}
        return dict(self._request(box.control, message)["survey"])

    def begin_task(self, names: list[str]) -> dict[str, Exception]:
        """Start a task's process and load its functions before any input is in sight.

        Returns:
            Why a name cannot be had, for those that cannot: `NotAttempted` or
            `LoadError`. Their texts are safe to show: a box that has seen a
            hidden input gives none.

        Raises:
            Lost: loading hung or crashed.
        """
        self._clock = Deadline(self._limits)
        self._ready_task()
        assert self._task is not None
        reply = self._request(self._task, {"op": "load", "names": names})
        try:
            return {
                str(name): self._fault(kind, str(text)[:MAX_ERROR_TEXT])
                for name, (kind, text) in dict(reply["faults"]).items()
            }
        except (KeyError, ValueError, TypeError, AttributeError, CheckFailure):
            self.close()
            raise Lost(Ending.PROTOCOL) from None

    def _fault(self, kind: str, text: str) -> Exception:
        """Why a name cannot be had; a student reads nothing from a box that saw a hidden input."""
        said = "" if self._tainted else text
        kinds = {"absent": NotAttempted(said), "unloadable": LoadError(said, text)}
        return kinds[kind]

    def begin_check(self, *, hidden: bool) -> None:
        """Start a new deadline and drop the objects of the check before."""
        self._clock = Deadline(self._limits)
        if self._task is not None:
            with contextlib.suppress(Lost):  # it died after its last answer
                self._request(self._task, {"op": "forget"})
        self._ready_task()
        self._hidden = hidden

    def end_task(self) -> None:
        """End the task's process, so that the next task starts from nothing."""
        if self._box is None or self._task is None:
            return
        self._task.close()
        self._task = None
        try:
            self._await(self._box.control, Deadline(self._limits))
        except Lost:
            self.close()

    def call(self, name: str, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        """Call a declared function of the student.

        Raises:
            StudentError: it raised, or could not be loaded.
            NotAttempted: no file defines it.
            Lost: its process did not survive the call.
        """
        return self._ask({"op": "call", "name": name, "args": list(args), "kwargs": kwargs})

    def data(self, name: str) -> object:
        """A declared constant of the student, or the content of its file. Raises as `call`."""
        return self._ask({"op": "data", "name": name})

    def close(self) -> None:
        """Kill the box, if there is one."""
        if self._task is not None:
            self._task.close()
            self._task = None
        if self._box is not None:
            self._note_usage(usage_of(self._box.pid, memory=False), ended=True)
            self._box.close()
            self._box = None
            self._tainted = False

    def _ask(self, message: dict[str, object]) -> object:
        self._ready_task()
        self._tainted |= self._hidden
        assert self._task is not None
        reply = self._request(self._task, message)
        match reply:
            case {"value": value}:
                return value
            case {"raised": [str(name), str(text), str(where)]} if name in EXCEPTIONS:
                raise StudentError(name, text, where)
            case {"absent": str()}:
                raise NotAttempted  # without its text: a student reads this one
            case {"unloadable": str(text)}:
                raise StudentError("ImportError", text)
        self.close()
        raise Lost(Ending.PROTOCOL)

    def _ready_box(self) -> Box:
        if self._box is None:
            self._box = Box(self._limits)
            try:
                self._await(self._box.control, Deadline(self._limits, START_SECONDS))
            except Lost as error:
                raise SandboxUnavailable(
                    f"the box did not start: {self.printed.strip() or error}"
                ) from None
            self._request(self._box.control, {"op": "open", "files": self._files})
        return self._box

    def _ready_task(self) -> None:
        if self._task is not None:
            return
        box = self._ready_box()
        self._request(box.control, {"op": "task", "manifest": self._manifest.to_json()})
        self._task, inside = socket.socketpair()
        with inside:
            socket.send_fds(box.control, [b"."], [inside.fileno()])

    def _request(self, channel: socket.socket, message: dict[str, Any]) -> dict[str, Any]:
        """Send a message and wait for its reply; on any failure the box is gone."""
        channel.settimeout(self._limits.wall_seconds)
        try:
            channel.sendall(wire.pack(message))
        except TimeoutError:
            self.close()
            raise Lost(Ending.WALL) from None
        except OSError:
            self.close()
            raise Lost(Ending.CRASHED) from None
        return self._await(channel, self._clock)

    def _await(self, channel: socket.socket, deadline: Deadline) -> dict[str, Any]:
        try:
            return self._read_reply(channel, deadline)
        except wire.ProtocolError:
            self.close()
            raise Lost(Ending.PROTOCOL) from None
        except Lost:
            self.close()
            raise

    def _read_reply(self, channel: socket.socket, deadline: Deadline) -> dict[str, Any]:
        """The next message on a channel, while output is drained and usage watched."""
        assert self._box is not None
        box, reader = self._box, wire.FrameReader()
        channel.setblocking(False)
        next_look = time.monotonic() + TICK_SECONDS
        with selectors.DefaultSelector() as selector:
            selector.register(channel, selectors.EVENT_READ)
            selector.register(box.output, selectors.EVENT_READ)
            if channel is not box.control:
                selector.register(box.control, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select(TICK_SECONDS)}
                if box.output in ready and not self._drain(box.output):
                    selector.unregister(box.output)
                if channel in ready:
                    message = _read_some(channel, reader)
                    if message is not None:
                        return message
                elif box.control in ready:  # the task's process has ended without a reply
                    raise Lost(Ending.CRASHED)
                if time.monotonic() >= next_look:
                    self._note_usage(deadline.check(box.pid))
                    next_look = time.monotonic() + TICK_SECONDS

    def _drain(self, output: int) -> bool:
        """Take in printed text, keep it up to the cap; False at end of file."""
        try:
            data = os.read(output, wire.READ_SIZE)
        except BlockingIOError:
            return True
        room = self._limits.output_kb * 1024 - len(self._printed)
        self._printed += data[: max(0, room)]
        return bool(data)

    def _note_usage(self, seen: Usage, ended: bool = False) -> None:
        memory = max(self._spent.memory_bytes, seen.memory_bytes)
        cpu = self._spent.cpu_seconds + (seen.cpu_seconds if ended else 0.0)
        self._spent = Usage(cpu, memory)


def _read_some(channel: socket.socket, reader: wire.FrameReader) -> dict[str, Any] | None:
    try:
        data = channel.recv(wire.READ_SIZE)
    except BlockingIOError:
        return None
    except OSError:
        data = b""
    if not data:
        raise Lost(Ending.CRASHED)
    return reader.feed(data)
