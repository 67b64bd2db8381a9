"""The box with its preloaded parent, from launch to certain death.

Theory of operation. A fresh Python that imports a large library takes seconds,
a fork of one that has it takes hundredths. So each grading process keeps one
*parent* that has imported the assignment's packages, has seen no submission
and holds no secret; student code only ever runs in its descendants:

    grading process (trusted) -- control channel --> parent
                              -- channel of a submission --> supervisor
                              -- channel of a task --> task: student code

In the `full` tier, `bwrap` starts the parent in namespaces of its own: no
network, no other process, and a file system that holds the system's libraries,
this Python with its packages and the few modules that run inside, all
read-only. The bundle, the reference, the checks, the results and other
submissions are not mounted, so there is nothing to protect them from. Started
by root, the parent becomes a user of its own, drawn at random, before it reads
its first byte. Each supervisor gets namespaces and RAM disks of its own within;
each task gives up its capabilities, gets limits, and is held by Landlock and
seccomp besides. A dead supervisor takes its PID namespace with it: whatever was
ignored, detached or daemonised in there is dead as well. A dead `bwrap` takes
everything.

In the `kernel` tier there are no namespaces: the same parent runs beside us,
Landlock hides this machine's files, seccomp refuses sockets and signals, and
the parent hunts down what is left of a submission.

Deadlines, memory and the meaning of every answer are decided on the trusted
side (`session`, `deadline`); nothing that a process in the box says of itself
is believed.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..model import Limits
from . import wire
from .layers import FACTS, Confinement, Layer
from .outer import (
    CODE,
    SandboxUnavailable,
    bwrap_arguments,
    covered,
    environment,
    libraries,
    parent_command,
)
from .usage import Idle, processes_below

FIRST_UNPRIVILEGED_UID = 1_000_000
UIDS = 4_000_000_000
"""As root, every box becomes a user of its own: process limits and the kernel's key rings belong
to a user, and no two boxes may share them."""
SUBMISSION_BYTES = 96 * 2**20
"""Room for the largest submission that intake lets pass, in blocks of the RAM disk."""
START_SECONDS = 120.0
"""A parent that says nothing for so long at its start does not work here."""
ANSWER_SECONDS = 30.0


class Box:
    """A preloaded parent that is started when it is first needed, and again should it break.

    Args:
        layers: what confines student code.
        preload: modules that the parent imports before any submission arrives.
    """

    def __init__(
        self, limits: Limits, layers: frozenset[Layer], preload: Sequence[str] = ()
    ) -> None:
        self._limits = limits
        self._layers = layers
        self._preload = tuple(preload)
        self._running: _Parent | None = None

    def __enter__(self) -> Box:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process below which everything happens, once a submission has begun."""
        assert self._running is not None
        return self._running.process.pid

    @property
    def idle(self) -> Idle:
        """The box as it was before its first submission."""
        assert self._running is not None
        return self._running.idle

    def begin(self) -> tuple[socket.socket, int]:
        """Fork a supervisor for the next submission; the one before ends.

        Returns:
            The trusted end of its channel, and the read end of what its processes print.

        Raises:
            SandboxUnavailable: the box cannot be started here, or has stopped working.
        """
        if self._running is None:
            self._running = _Parent(self._limits, self._layers, self._preload)
        channel, inside = socket.socketpair()
        output, inside_output = os.pipe()
        os.set_blocking(output, False)
        try:
            self._ask("begin", inside.fileno(), inside_output)
        except SandboxUnavailable:
            channel.close()
            os.close(output)
            raise
        finally:
            inside.close()
            os.close(inside_output)
        return channel, output

    def end(self) -> None:
        """Kill the submission's processes, all of them.

        Raises:
            SandboxUnavailable: the box has stopped working.
        """
        self._ask("end")

    def close(self) -> None:
        """Kill everything inside and wait until it is gone."""
        if self._running is not None:
            self._running.close()
            self._running = None

    def _ask(self, operation: str, *descriptors: int) -> None:
        assert self._running is not None
        try:
            self._running.ask(operation, *descriptors)
        except SandboxUnavailable:
            self.close()  # the next submission gets a new one
            raise


class _Parent:
    """The running process, its channel, and its folders where it has no disks of its own."""

    def __init__(self, limits: Limits, layers: frozenset[Layer], preload: tuple[str, ...]) -> None:
        self._folder = None if Layer.NAMESPACES in layers else tempfile.mkdtemp(prefix="autograde-")
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the process)
        confinement = self._confinement(limits, layers, preload)
        self._control, inside = socket.socketpair()
        with inside:
            self.process = self._start(confinement, inside.fileno())
        try:
            _must_be_fit(self._answer(START_SECONDS))
        except BaseException:
            self.close()
            raise
        self.idle = Idle.of(self.process.pid)

    def ask(self, operation: str, *descriptors: int) -> None:
        """Have something done.

        Raises:
            SandboxUnavailable: there is no answer.
        """
        request = wire.pack({"op": operation})
        with contextlib.suppress(OSError):  # then there is no answer either
            socket.send_fds(self._control, [request], descriptors)
        self._answer(ANSWER_SECONDS)

    def close(self) -> None:
        """Kill it and everything below it."""
        if self._folder is not None and self.process.poll() is None:
            with contextlib.suppress(SandboxUnavailable):
                self.ask("end")  # without a PID namespace, only the parent finds what detached
        below = processes_below(self.process.pid)
        self.process.kill()
        self.process.wait()
        for pid in below:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self._control.close()
        self._said.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _confinement(
        self, limits: Limits, layers: frozenset[Layer], preload: tuple[str, ...]
    ) -> Confinement:
        root = os.geteuid() == 0 and Layer.USER in layers
        uid = FIRST_UNPRIVILEGED_UID + secrets.randbelow(UIDS) if root else 0
        folder = Path(self._folder or "/")
        places = (folder / "tmp", folder / "submission")
        if self._folder is not None:
            for place in places:
                place.mkdir()
            for place in (folder, *places) if uid else ():
                os.chown(place, uid, uid)
        disk = limits.disk_mb * 2**20
        return Confinement(
            layers=layers,
            uid=uid,
            memory=limits.memory_mb * 2**20,
            processes=limits.processes,
            disk=disk,
            submission_room=SUBMISSION_BYTES + disk,
            scratch=str(places[0]),
            submission=str(places[1]),
            covered=covered(str(places[0])) if self._folder is None else {},
            readable=(*map(str, [*libraries(), CODE]), *FACTS),
            preload=preload,
        )

    def _start(self, confinement: Confinement, descriptor: int) -> subprocess.Popen[bytes]:
        if Layer.NAMESPACES in confinement:
            code, outer = CODE, bwrap_arguments(confinement)
        else:
            code, outer = Path(__file__).resolve().parents[2], []
        return subprocess.Popen(
            [*outer, *parent_command(code, descriptor, confinement.to_json())],
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=self._said,
            env=environment(confinement.scratch),
            cwd="/",
            pass_fds=(descriptor,),
            start_new_session=True,
        )

    def _answer(self, seconds: float) -> dict[str, Any]:
        """The parent's next message."""
        self._control.settimeout(seconds)
        try:
            message = wire.receive(self._control)
        except (OSError, wire.ProtocolError):
            message = None
        if message is None:
            self._said.seek(0)
            said = self._said.read(2000).decode("utf-8", "replace").strip()
            raise SandboxUnavailable(f"the box did not answer: {said or 'it said nothing'}")
        return message


def _must_be_fit(answer: dict[str, Any]) -> None:
    """Refuse a parent whose forks would not work."""
    if answer["missing"]:
        missing = "; ".join(answer["missing"])
        raise SandboxUnavailable(f"a package of this assignment cannot be imported here: {missing}")
    if answer["threads"] != 1:
        raise SandboxUnavailable(
            "importing the assignment's packages started a thread, and a process with threads "
            "cannot be forked safely; shorten `preload` in rubric.yaml"
        )
