"""Run a command as an ordinary user: `python tests/unprivileged.py COMMAND...`.

What confines student code differs between root and everybody else, so that
root's test run has to see both. Started by an ordinary user, this program
simply runs the command. Started by root, it becomes somebody else in a view of
the file system in which this Python and this repository can be read even if
they lie in root's home.
"""

from __future__ import annotations

import os
import stat
import sys
import sysconfig
from pathlib import Path

from autograder.sandbox.outer import find_bwrap

UID = 54_321
BECOME = "--become"


def main() -> None:
    """Replace this process by the command."""
    command = sys.argv[1:]
    if command[0] == BECOME:
        os.setgroups([])
        os.setresgid(UID, UID, UID)
        os.setresuid(UID, UID, UID)
        command = command[1:]
    elif os.geteuid() == 0:
        command = [*_view(), sys.executable, __file__, BECOME, *command]
    os.execvp(command[0], command)


def _view() -> list[str]:
    """The file system as it is, with closed folders opened as far as the command needs them."""
    needed = {Path(sys.prefix), Path(sys.base_prefix), Path(sysconfig.get_path("purelib"))}
    needed |= {Path(__file__).resolve().parents[1]}
    closed = {top for path in needed if (top := _closed_above(path)) is not None}
    arguments = [find_bwrap(), "--dev-bind", "/", "/", "--cap-drop", "ALL"]
    arguments += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    for folder in sorted(closed):
        arguments += ["--perms", "0755", "--tmpfs", str(folder)]
    for path in sorted(path for path in needed if _closed_above(path) is not None):
        for parent in reversed(path.parents[:-1]):
            if any(parent.is_relative_to(folder) and parent != folder for folder in closed):
                arguments += ["--perms", "0755", "--dir", str(parent)]
        arguments += ["--ro-bind", str(path), str(path)]
    return [*arguments, "--setenv", "HOME", "/tmp", "--setenv", "USER", f"user-{UID}", "--"]


def _closed_above(path: Path) -> Path | None:
    """The outermost folder above a path into which others cannot go."""
    folders = (parent for parent in reversed(path.parents))
    return next((f for f in folders if not f.stat().st_mode & stat.S_IXOTH), None)


if __name__ == "__main__":
    main()
