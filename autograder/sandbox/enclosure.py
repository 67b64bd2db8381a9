"""Where a submission lives: namespaces and disks of its own. Runs inside, never student code.

In the `full` tier a submission's processes see no other process, no network
and empty RAM disks of a fixed size. Without namespaces they get folders of
their own, and their processes are found as descendants of the supervisor.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
from pathlib import Path

from . import system
from .layers import FACTS, Confinement, Layer
from .usage import processes_below

FILES_ON_DISK = 6_000
"""Files and folders that fit on a RAM disk; intake lets fewer pass."""
FACTS_BYTES = 2**20
APART = (
    system.CLONE_NEWNS
    | system.CLONE_NEWIPC
    | system.CLONE_NEWNET
    | system.CLONE_NEWUTS
    | system.CLONE_NEWCGROUP
)


class Enclosure:
    """The surroundings of one submission; made by its supervisor, for itself and its children."""

    def __init__(self, confinement: Confinement) -> None:
        self._namespaces = Layer.NAMESPACES in confinement
        self._folders = (confinement.scratch, confinement.submission)
        self._disks = {
            confinement.scratch: confinement.disk,
            confinement.submission: confinement.submission_room,
            "/dev/shm": confinement.disk,
        }
        self._covered = confinement.covered
        self._mounted = False
        if self._namespaces:
            system.enter_user_namespace(APART)
            _hide_processes()
        else:
            system.process_control(system.PR_SET_CHILD_SUBREAPER, 1)

    def renew(self) -> None:
        """Empty disks, whatever was left on them."""
        os.chdir("/")
        if not self._namespaces:
            for folder in self._folders:
                make_anew(folder)
            return
        for path, size in self._disks.items():
            if self._mounted:
                system.unmount(path)
            system.mount_ram_disk(path, size, FILES_ON_DISK, 0o1777)
        for place, path in self._covered.items():
            Path(path).mkdir(parents=True)
            system.bind(place, path)
        self._mounted = True

    def kill_all(self) -> None:
        """End every process but this one, whatever it ignored or detached."""
        if self._namespaces:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)  # as first process of the namespace: all others
        else:
            kill_descendants()
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)


def _hide_processes() -> None:
    """Lay over `/proc` a copy of the facts about the machine that libraries ask for, no more."""
    facts = {}
    for path in map(Path, FACTS):
        with contextlib.suppress(OSError):
            facts[path] = path.read_bytes()
    system.mount_ram_disk("/proc", FACTS_BYTES, len(facts) + 1, 0o755)
    for path, content in facts.items():
        path.write_bytes(content)
    system.make_read_only("/proc")


def kill_descendants() -> None:
    """Kill what descends from this process until nothing is left."""
    while below := processes_below(os.getpid()):
        for pid in below:
            with contextlib.suppress(OSError):
                resource.prlimit(pid, resource.RLIMIT_NPROC, (0, 0))  # it shall not outrun us
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def make_anew(folder: str) -> None:
    """Remove a folder, however deep, even where permissions were taken away, and make it again.

    Its own times, permissions and attributes would carry a message as well as a file.
    """
    subprocess.run(["chmod", "-R", "u+rwX", folder], check=False, stderr=subprocess.DEVNULL)
    subprocess.run(["find", folder, "-delete"], check=False)
    Path(folder).mkdir(0o700)
