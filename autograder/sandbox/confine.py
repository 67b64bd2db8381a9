"""What a task's process gives up before it looks at student code. Runs inside.

Every layer can be left out, so that a test can show what each of them does.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import tempfile
from pathlib import Path

import pyseccomp
from py_landlock import AccessFs, Landlock, LandlockError, get_abi_version

from . import system
from .layers import Confinement, Layer

CPU_BACKSTOP_SECONDS = 3600
"""The deadlines that count are far shorter, and kept outside."""
OPEN_FILES = 128
"""Also what bounds the memory that sockets and pipes may hold unseen."""
SIGNAL_SCOPE_ABI = 6
"""From this version on, Landlock keeps signals inside."""
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
MAP_SHARED_ANONYMOUS = 0x21
REFUSED = (
    # ways out: the network, other views of the machine, other processes
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("unshare", "setns", "chroot", "pivot_root", "mount", "umount2", "move_mount", "open_tree"),
    *("fsopen", "fsmount", "fsconfig", "fspick", "mount_setattr", "open_by_handle_at"),
    *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd"),
    # memory that no process is seen to hold
    *("memfd_create", "memfd_secret", "shmget", "msgget", "semget", "mq_open"),
    # parts of the kernel that student code has no business with
    *("bpf", "perf_event_open", "userfaultfd", "fanotify_init", "add_key", "keyctl"),
    *("request_key", "init_module", "finit_module", "delete_module", "kexec_load"),
    *("kexec_file_load", "reboot", "swapon", "swapoff", "acct", "quotactl", "syslog"),
    *("settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "personality"),
)
SIGNALS = ("kill", "tkill", "tgkill", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
NO_LANDLOCK = (
    "this kernel has no Landlock, and where there are no namespaces either, nothing keeps "
    "student code from the files of this machine"
)
ATTRIBUTES = (
    *("chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat"),
    *("setxattr", "lsetxattr", "fsetxattr", "setxattrat", "removexattr", "lremovexattr"),
    *("fremovexattr", "removexattrat", "utime", "utimes", "utimensat", "futimesat"),
)
"""What can be done to a file that cannot be opened, and Landlock does not know."""
NEW_NAMESPACES = (
    *(system.CLONE_NEWNS, system.CLONE_NEWCGROUP, system.CLONE_NEWUTS, system.CLONE_NEWIPC),
    *(system.CLONE_NEWUSER, system.CLONE_NEWPID, system.CLONE_NEWNET),
)
EPERM, ENOSYS = 1, 38
AF_UNIX = 1


class Confiner:
    """Takes a process's rights away. Made once in the parent, since preparing it takes longer.

    Args:
        confinement: what is left.
    """

    def __init__(self, confinement: Confinement) -> None:
        self._confinement = confinement
        self._landlock_version = _landlock_version() if Layer.LANDLOCK in confinement else 0
        self._files = self._permissions() if self._landlock_version else None
        alone = Layer.LANDLOCK in confinement and Layer.NAMESPACES not in confinement
        if alone and self._landlock_version == 0:
            sys.exit(NO_LANDLOCK)
        self._calls = _compiled(self._refusals()) if Layer.SECCOMP in confinement else None

    def confine(self, inherited_memory: int) -> None:
        """Give up every right that student code must not have.

        Args:
            inherited_memory: address space of the parent, bytes; only growth beyond it counts.
        """
        if Layer.NAMESPACES in self._confinement:
            system.drop_capabilities()
        if Layer.LIMITS in self._confinement:
            _limit(self._confinement, inherited_memory)
        if self._files is not None:
            self._restrict_files(self._files)
        if self._calls is not None:
            system.filter_system_calls(self._calls)

    def _permissions(self) -> Landlock:
        """Read the libraries, use the harmless devices; the folders of a submission come later."""
        rules = Landlock(strict=False)
        for name in filter(os.path.exists, self._confinement.readable):
            folder = AccessFs.READ_DIR | AccessFs.EXECUTE if Path(name).is_dir() else AccessFs(0)
            rules.add_path_rule(name, access=AccessFs.READ_FILE | folder)
        for device in ("/dev/null", "/dev/random", "/dev/urandom"):
            if Path(device).exists():
                rules.add_path_rule(device, access=AccessFs.READ_FILE | AccessFs.WRITE_FILE)
        return rules

    def _restrict_files(self, rules: Landlock) -> None:
        private = [self._confinement.scratch, self._confinement.submission]
        if Layer.NAMESPACES in self._confinement:
            private.append("/dev/shm")
        more = AccessFs.REFER | AccessFs.MAKE_SOCK | AccessFs.MAKE_FIFO
        for name in private:
            rules.allow_read_write(name).add_path_rule(name, access=more)
        rules.apply()

    def _refusals(self) -> pyseccomp.SyscallFilter:
        """What no assignment needs and what other layers cannot see."""
        rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
        refusal = pyseccomp.ERRNO(EPERM)
        namespaces = Layer.NAMESPACES in self._confinement
        apart = namespaces or self._landlock_version >= SIGNAL_SCOPE_ABI
        for name in (*REFUSED, *(() if apart else SIGNALS), *(() if namespaces else ATTRIBUTES)):
            with contextlib.suppress(OSError):  # a call that this machine does not have
                rules.add_rule(refusal, name)
        # local sockets reach nobody from a network namespace; worker processes speak by them
        local = (pyseccomp.Arg(0, pyseccomp.NE, AF_UNIX),) if namespaces else ()
        rules.add_rule(refusal, "socket", *local)
        for flag in NEW_NAMESPACES:
            rules.add_rule(refusal, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
        # its flags are behind a pointer; the C library falls back to clone
        rules.add_rule(pyseccomp.ERRNO(ENOSYS), "clone3")
        rules.add_rule(refusal, "prlimit64", pyseccomp.Arg(0, pyseccomp.NE, 0))
        # shared memory stays where it is while no process is seen to hold it
        shared = pyseccomp.Arg(3, pyseccomp.MASKED_EQ, MAP_SHARED_ANONYMOUS, MAP_SHARED_ANONYMOUS)
        rules.add_rule(refusal, "mmap", shared)
        for request in (TIOCSTI, TIOCLINUX):
            only = pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 2**32 - 1, request)
            rules.add_rule(refusal, "ioctl", only)
        return rules


def _compiled(rules: pyseccomp.SyscallFilter) -> bytes:
    """The filter as the kernel takes it; compiling it takes longer than a fork."""
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _landlock_version() -> int:
    try:
        return int(get_abi_version())
    except LandlockError:
        return 0


def _limit(confinement: Confinement, inherited_memory: int) -> None:
    """Limits of the process; those of the group are watched from outside."""
    # in a user namespace of our own we are counted alone, elsewhere with all our user runs
    others = 0 if Layer.NAMESPACES in confinement else _threads_of_this_user()
    for limit, value in (
        (resource.RLIMIT_AS, inherited_memory + confinement.memory),
        (resource.RLIMIT_NPROC, confinement.processes + others),
        (resource.RLIMIT_FSIZE, confinement.disk),
        (resource.RLIMIT_CPU, CPU_BACKSTOP_SECONDS),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _threads_of_this_user() -> int:
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == os.getuid():
                count += sum(1 for _ in (folder / "task").iterdir())
    return count
