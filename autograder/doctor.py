"""What this machine can do to confine student code, and what to install where it cannot."""

from __future__ import annotations

import importlib
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .sandbox.layers import Tier
from .sandbox.outer import SandboxUnavailable, find_bwrap
from .sandbox.tiers import prove

MEANING = {
    Tier.FULL: "nothing of this machine is in sight of student code",
    Tier.KERNEL: "the kernel refuses; this machine's files are in sight, but closed",
}
SETTINGS = (
    ("user/max_user_namespaces", "0", "user.max_user_namespaces=15000"),
    ("kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "kernel.apparmor_restrict_unprivileged_userns=0",
    ),
)
"""Switches under /proc/sys that forbid user namespaces: name, when it does, what allows them."""
ELSEWHERE = (
    "Student code can be confined on Linux only. On macOS and Windows, run the grader in a "
    "container: docs/container.md says how."
)


def examine() -> Iterator[str]:
    """Lines for a person: the machine, each tier with the proof, and advice."""
    yield f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    if sys.platform != "linux":
        yield ELSEWHERE
        return
    yield f"  bubblewrap     {_bubblewrap()}"
    yield f"  Landlock       {_landlock()}"
    yield f"  seccomp        {_seccomp()}"
    yield f"  started by     {'root' if os.geteuid() == 0 else 'an ordinary user'}"
    best: Tier | None = None
    for tier, meaning in MEANING.items():
        try:
            prove(tier)
            yield f"{tier:7} holds: {meaning}"
            best = best or tier
        except SandboxUnavailable as error:
            yield f"{tier:7} does not hold: {error}"
    yield from _advice(best)


def _advice(best: Tier | None) -> Iterator[str]:
    if best is Tier.FULL:
        yield "This machine is ready: `autograde` grades in the full tier."
        return
    for name, forbidding, allowing in SETTINGS:
        path = Path("/proc/sys", name)
        if path.is_file() and path.read_text(encoding="ascii").strip() == forbidding:
            yield f"User namespaces are switched off; as root: sysctl -w {allowing}"
    if best is None:
        yield (
            "Nothing is graded here unless you say --isolation none. Another machine, or the "
            "container in docs/container.md, would do."
        )
    else:
        yield "`autograde` grades in the kernel tier here; each report says so."


def _bubblewrap() -> str:
    try:
        path = find_bwrap()
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
        return f"{said.stdout.strip() or said.stderr.strip()} ({path})"
    except (SandboxUnavailable, OSError) as error:
        return str(error)


def _landlock() -> str:
    try:
        return f"version {importlib.import_module('py_landlock').get_abi_version()}"
    except Exception as error:  # whatever is wrong with it, say so and go on
        return f"not available ({error}); Linux 5.13 or newer, with lsm=landlock, has it"


def _seccomp() -> str:
    try:
        importlib.import_module("pyseccomp")
        return "available"
    except Exception as error:
        return f"not available ({error}); install your distribution's libseccomp (libseccomp2)"
