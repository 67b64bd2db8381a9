"""Proof, before anything is graded, of how well student code is confined on this machine.

The platform's name says nothing. A canary submission tries to read a planted
secret and the bundle itself, to connect, to write outside, to fork past its
limit and to outlive its end; a tier holds if it succeeds at nothing.
"""

from __future__ import annotations

import builtins
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..kit.failures import StudentError
from ..kit.loader import Manifest
from ..model import Limits
from .box import Box
from .deadline import Lost
from .layers import Layer, Tier
from .outer import SandboxUnavailable
from .session import Session
from .usage import processes_below

LIMITS = Limits(cpu_seconds=5, wall_seconds=20, memory_mb=512, processes=24, disk_mb=1)
OTHERS = 300
"""So many processes of the same user may end while the canary forks, where they count with its."""
CANARY = """
import os, signal, socket, time

def read(path):
    return open(path).read()

def connect(port):
    socket.create_connection(("127.0.0.1", port), timeout=2)

def write(path):
    open(path, "w").write("x")

def crowd(count):
    for _ in range(count):
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)

def user():
    return os.getuid()

def outlive():
    for sign in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(sign, signal.SIG_IGN)
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(60)
        os._exit(0)
    return True
"""
MANIFEST = Manifest(
    modules=("canary",),
    functions=("read", "connect", "write", "crowd", "user", "outlive"),
)


def find_tier(wanted: Tier | None, secrets: Sequence[Path]) -> Tier:
    """The tier to grade with: the one asked for, or the best that holds.

    Args:
        secrets: files that student code must not be able to read.

    Raises:
        SandboxUnavailable: it does not hold, and why.
    """
    if wanted is Tier.NONE:
        return wanted
    faults = []
    for tier in (wanted,) if wanted else (Tier.FULL, Tier.KERNEL):
        try:
            prove(tier, secrets)
            return tier
        except SandboxUnavailable as error:
            faults.append(f"{tier}: {error}")
    raise SandboxUnavailable(
        "student code cannot be confined on this machine, so nothing is graded. "
        "`autograde doctor` says what is missing; `--isolation none` grades without protection.\n"
        + "\n".join(faults)
    )


def prove(tier: Tier, secrets: Sequence[Path] = ()) -> None:
    """Run the canary.

    Raises:
        SandboxUnavailable: the tier cannot be started here, or does not hold.
    """
    files = {"canary.py": CANARY.encode()}
    with (
        _outside() as (secret, port),
        Box(LIMITS, tier.layers) as box,
        _closing(Session(box, files, MANIFEST, LIMITS)) as session,
    ):
        try:
            if session.call("user", (), {}) == 0:
                raise SandboxUnavailable("it does not hold: student code runs as root")
            for path in (secret, *secrets):
                _must_be_refused(session, "read", str(path))
            _must_be_refused(session, "connect", port)
            for path in (secret, secret.with_name("planted"), Path("/usr/planted")):
                _must_be_refused(session, "write", str(path))
            others = 0 if Layer.NAMESPACES in tier.layers else OTHERS
            _must_be_refused(session, "crowd", LIMITS.processes + 8 + others)
            session.end_task()  # the crowd with it
            session.call("outlive", (), {})
            alive = set(processes_below(box.pid)) - box.idle.pids
            session.close()
            if any(Path(f"/proc/{pid}").exists() for pid in alive):
                raise SandboxUnavailable("it does not hold: a process outlived its end")
        except (Lost, StudentError) as error:
            raise SandboxUnavailable(f"it does not work here: {error}") from None


@contextmanager
def _outside() -> Iterator[tuple[Path, int]]:
    """A file that anybody may read and write, and a port that answers."""
    with (
        tempfile.TemporaryDirectory(prefix="autograde-") as name,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        folder = Path(name)
        folder.chmod(0o777)
        secret = folder / "secret"
        secret.write_text("canary", encoding="utf-8")
        secret.chmod(0o666)
        yield secret, server.getsockname()[1]


@contextmanager
def _closing(session: Session) -> Iterator[Session]:
    try:
        yield session
    finally:
        session.close()


def _must_be_refused(session: Session, name: str, argument: str | int) -> None:
    try:
        session.call(name, (argument,), {})
    except StudentError as error:
        if issubclass(getattr(builtins, error.name), OSError):
            return
        raise SandboxUnavailable(f"it cannot be trusted: {name} gave {error}") from None
    raise SandboxUnavailable(f"it does not hold: a canary could {name} ({argument})")
