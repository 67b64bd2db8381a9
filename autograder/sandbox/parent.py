"""The preloaded parent: the first process in the outer box, forked for each submission.

It imports the packages of the assignment once, so that no submission has to,
and from then on only forks. It sees no submission, holds no secret, runs one
thread and no student code; what its children do to their copy of its memory
stays with them.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import socket
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from ..kit.loader import Manifest
from . import system, wire
from .confine import Confiner
from .enclosure import kill_descendants
from .layers import SUITE, Confinement, Layer
from .supervisor import Supervisor
from .task import Task


def main() -> None:
    """Serve the trusted side's requests until it closes the channel."""
    del sys.path[0]  # it was there to find this module
    control = socket.socket(fileno=int(sys.argv[1]))
    confinement = Confinement.from_json(sys.argv[2])
    if confinement.uid:
        _become(confinement.uid)
        if not os.access(os.__file__, os.R_OK):
            sys.exit(
                "this Python lies where other users cannot read it, and student code must not run "
                "as root; install it elsewhere, or grade as an ordinary user"
            )
    namespace = None
    if Layer.NAMESPACES in confinement:
        _go_where_rights_are_ours(control)
        namespace = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    missing = _preload(confinement.preload)
    parent = Parent(control, confinement, namespace)
    _rehearse(Path(confinement.scratch), tests=SUITE in confinement.preload)
    gc.collect()
    gc.freeze()  # the collector of a child need not touch, and so copy, our pages
    control.sendall(wire.pack({"missing": missing, "threads": _threads()}))
    parent.serve()


def _become(uid: int) -> None:
    """Stop being root: no group, no way back."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    system.process_control(system.PR_SET_DUMPABLE, 1)  # or /proc/self would still be root's


def _go_where_rights_are_ours(control: socket.socket) -> None:
    """Go on as a child in a user namespace whose rights allow a PID namespace a submission.

    Outside this namespace the rights are worth nothing.
    """
    system.enter_user_namespace(system.CLONE_NEWPID | system.CLONE_NEWNS)
    pid = os.fork()
    if pid:
        control.close()
        os.waitpid(pid, 0)
        os._exit(0)


def _preload(names: tuple[str, ...]) -> list[str]:
    """Import modules; those that cannot be had are named."""
    missing = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            try:
                importlib.import_module(name)
            except Exception as error:
                missing.append(f"{name} ({type(error).__name__}: {error})"[:300])
    return missing


def _rehearse(folder: Path, *, tests: bool) -> None:
    """Go once through what every task needs, so that no fork has to load or compile it.

    Args:
        tests: whether the tasks will run tests.
    """
    (folder / "rehearsal.py").write_text("import math\nX = {1: 2}\ndef f(x):\n    return x\n")
    near, far = socket.socketpair()
    manifest = Manifest(modules=("rehearsal",), functions=("f",))
    requests: list[dict[str, Any]] = [
        {"op": "read", "what": "survey", "arguments": {}},
        {"op": "read", "what": "quality", "arguments": {"shipped": []}},
        {"op": "load", "names": ["f"]},
        {"op": "call", "name": "f", "args": [np.zeros(3)], "kwargs": {}},
        {"op": "forget"},
    ]
    if tests:
        test = "import rehearsal\ndef test_f():\n    rehearsal.f(1)\n"
        (folder / "test_rehearsal.py").write_text(test)
        requests = [{"op": "tests", "only": None, "ignored": []}, {"value": 1}]
    with near, far:
        near.sendall(b"".join(map(wire.pack, requests)))
        near.shutdown(socket.SHUT_WR)
        Task(far, folder, manifest).serve()
    os.chdir("/")
    sys.modules.pop("test_rehearsal", None)


def _threads() -> int:
    return sum(1 for _ in Path("/proc/self/task").iterdir())


class Parent:
    """Forks a supervisor for each submission, one at a time, and ends it."""

    def __init__(
        self, control: socket.socket, confinement: Confinement, namespace: int | None
    ) -> None:
        self._control = control
        self._confinement = confinement
        self._confiner = Confiner(confinement)
        self._namespace = namespace
        self._supervisor: int | None = None
        if namespace is None:
            system.process_control(system.PR_SET_CHILD_SUBREAPER, 1)

    def serve(self) -> None:
        """Answer `begin` (with two descriptors: channel and output) and `end`."""
        while (request := wire.receive_with_descriptors(self._control)) is not None:
            message, descriptors = request
            self._end()
            if message["op"] == "begin":
                self._begin(*descriptors)
            self._control.sendall(wire.pack({"done": True}))
        self._end()

    def _begin(self, channel: int, output: int) -> None:
        if self._namespace is not None:
            # the next child, and only that, becomes the first process of a new namespace
            system.join_namespace(self._namespace, system.CLONE_NEWPID)
            system.unshare(system.CLONE_NEWPID)
        pid = os.fork()
        if pid == 0:
            self._control.close()
            if self._namespace is not None:
                os.close(self._namespace)
            self._become_supervisor(channel, output)
        self._supervisor = pid
        os.close(channel)
        os.close(output)

    def _end(self) -> None:
        """Kill the supervisor; its PID namespace, and everything in it, goes with it."""
        if self._supervisor is None:
            return
        os.kill(self._supervisor, signal.SIGKILL)
        os.waitpid(self._supervisor, 0)
        self._supervisor = None
        if self._namespace is None:
            kill_descendants()

    def _become_supervisor(self, channel: int, output: int) -> None:
        """Turn this fork into a supervisor that prints to `output`; never returns."""
        code = 70
        try:
            os.setsid()  # a signal to its group, sent from within, shall not reach us
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # which a first process is spared
            nothing = os.open(os.devnull, os.O_RDONLY)
            for descriptor, target in ((nothing, 0), (output, 1), (output, 2)):
                os.dup2(descriptor, target)
            os.close(nothing)
            os.close(output)
            connection = socket.socket(fileno=channel)
            Supervisor(connection, self._confinement, self._confiner).serve()
            code = 0
        except Exception:
            traceback.print_exc()  # before the connection closes, so that it can be reported
        finally:
            os._exit(code)
