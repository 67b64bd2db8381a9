"""Run a command as on a lesser kernel: `python tests/lesser_kernel.py userns,landlock COMMAND...`.

Many machines forbid user namespaces to ordinary users, some have no Landlock.
A filter of system calls makes this one answer as those do.
"""

from __future__ import annotations

import os
import sys

import pyseccomp

CLONE_NEWUSER = 0x1000_0000
EPERM, ENOSYS = 1, 38


def main() -> None:
    """Replace this process by the command."""
    missing, command = sys.argv[1].split(","), sys.argv[2:]
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    if "userns" in missing:
        flag = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER)
        for name in ("clone", "unshare"):
            rules.add_rule(pyseccomp.ERRNO(EPERM), name, flag)
        rules.add_rule(pyseccomp.ERRNO(ENOSYS), "clone3")
    if "landlock" in missing:
        rules.add_rule(pyseccomp.ERRNO(ENOSYS), "landlock_create_ruleset")
    rules.load()
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
