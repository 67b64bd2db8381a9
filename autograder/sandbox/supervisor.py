"""The process that looks after one submission: its files, and a fork for each task.

It never runs student code, and reads of it only to write it to the disk.
Tasks cannot signal, trace or see it.
"""

from __future__ import annotations

import os
import select
import socket
from pathlib import Path
from typing import Any

from ..kit.loader import Manifest
from . import wire
from .confine import Confiner
from .enclosure import Enclosure
from .layers import Confinement
from .task import Task


class Supervisor:
    """Serves a submission until the channel closes.

    Args:
        channel: to the trusted side.
        confinement: what its tasks get.
        confiner: takes the rest away from them.
    """

    def __init__(
        self, channel: socket.socket, confinement: Confinement, confiner: Confiner
    ) -> None:
        self._channel = channel
        self._confinement = confinement
        self._confiner = confiner
        self._inherited_memory = _address_space()  # asked before /proc is gone
        self._enclosure = Enclosure(confinement)
        self._files: dict[str, Any] = {}
        self._task: int | None = None  # tells when its process has ended

    def serve(self) -> None:
        """Answer `open` (the files), `task` (with its channel) and `end`."""
        while True:
            waiting = [self._channel.fileno(), *([self._task] if self._task is not None else [])]
            ready = select.select(waiting, [], [])[0]
            if self._task in ready:
                self._end_task()
                continue
            request = wire.receive_with_descriptors(self._channel)
            if request is None:
                break
            message, descriptors = request
            if message["op"] == "open":
                self._files = message["files"]
                self._channel.sendall(wire.pack({"opened": True}))
            elif message["op"] == "task":
                self._begin_task(descriptors[0], Manifest.from_json(message["manifest"]))
            elif self._task is not None:
                self._end_task()
        self._enclosure.kill_all()

    def _begin_task(self, descriptor: int, manifest: Manifest) -> None:
        self._enclosure.renew()
        self._place_files()
        pid = os.fork()
        if pid == 0:
            code = 70  # what is left if we ourselves fail
            try:
                self._channel.close()
                os.setsid()
                with socket.socket(fileno=descriptor) as channel:
                    self._confiner.confine(self._inherited_memory)
                    Task(channel, Path(self._confinement.submission), manifest).serve()
                code = 0
            finally:
                os._exit(code)
        os.close(descriptor)
        self._task = os.pidfd_open(pid)

    def _end_task(self) -> None:
        """End the task's process and whatever it left behind, and say so."""
        assert self._task is not None
        self._enclosure.kill_all()
        os.close(self._task)
        self._task = None
        self._channel.sendall(wire.pack({"ended": True}))

    def _place_files(self) -> None:
        """Write the submission's files, the same for each task."""
        root = Path(self._confinement.submission)
        for name, content in self._files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.tobytes())


def _address_space() -> int:
    """Bytes of address space of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGESIZE")
