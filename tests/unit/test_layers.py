"""Each layer refuses by itself what it is there for; take it away and a test fails.

A probe is student code that tries one thing. It runs in a box with no layer at all, where
it must succeed, and in boxes with one layer each, where it must be refused. Of root's, two
layers go together: without rights that the outer box drops, namespaces cannot be entered by
root, only by the user whom the user layer makes of it; and that user cannot read a Python
that lies in root's home, unless namespaces bind it in. Limits of processes do not bind root
either, and are tried as that user.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.bundle import Bundle
from autograder.corpus import Case, disagreements, materialise
from autograder.kit.failures import StudentError
from autograder.kit.loader import Manifest
from autograder.model import Limits
from autograder.sandbox.box import Box
from autograder.sandbox.deadline import Deadline, Ending, Lost
from autograder.sandbox.enclosure import FILES_ON_DISK
from autograder.sandbox.layers import Layer, Tier
from autograder.sandbox.session import Session
from autograder.sandbox.tiers import OTHERS

from .conftest import COMMAND, ROOT, TINY
from .test_attacks import FULL_MARKS, load_attacks

LIMITS = Limits(cpu_seconds=20, wall_seconds=60, memory_mb=400, processes=24, disk_mb=4)
MANIFEST = Manifest(modules=("work",), functions=("f",))
Layers = frozenset[Layer]
ROOT_RUNS = os.geteuid() == 0
NOTHING: Layers = frozenset()
NAMESPACES = frozenset({Layer.NAMESPACES, *([Layer.USER] if ROOT_RUNS else [])})
LANDLOCK, SECCOMP, WATCHED = map(frozenset, ({Layer.LANDLOCK}, {Layer.SECCOMP}, {Layer.LIMITS}))
UNLIMITED = NAMESPACES if ROOT_RUNS else NOTHING
"""Where limits of processes are tried without the limits; see above."""


@dataclass(frozen=True)
class Outside:
    """What there is on this machine that student code must not reach.

    Attributes:
        secret: a file that everybody may read and write.
        names: of a named and an abstract socket that listen.
        port: on which TCP and UDP listen.
        pid: of a process of ours.
    """

    secret: str
    names: tuple[str, str]
    port: int
    pid: int


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    with (
        tempfile.TemporaryDirectory() as name,
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as named,
        socket.socket(socket.AF_UNIX) as abstract,
        subprocess.Popen(["sleep", "1000"]) as process,
    ):
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "secret").write_text("secret")
        (folder / "secret").chmod(0o666)
        names = (str(folder / "socket"), f"\0{folder}")
        port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", port))
        for server, address in zip((named, abstract), names, strict=True):
            server.bind(address)
            server.listen()
        yield Outside(str(folder / "secret"), names, port, process.pid)
        process.kill()


@pytest.fixture(scope="module")
def boxes() -> Iterator[Callable[[Layers], Box]]:
    """One box for each set of layers."""
    running: dict[Layers, Box] = {}

    def start(layers: Layers) -> Box:
        if layers not in running:
            running[layers] = Box(LIMITS, layers)
        return running[layers]

    yield start
    for box in running.values():
        box.close()


def attempt(box: Box, body: str, *arguments: object, limits: Limits = LIMITS) -> object:
    """Run `body` as student code, with its arguments as `given`."""
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    text = f"import ctypes, errno, os, signal, socket, time\nimport mmap\n{HELP}"
    text += f"def f(*given):\n{lines}"
    session = Session(box, {"work.py": text.encode()}, MANIFEST, limits)
    try:
        return session.call("f", arguments, {})
    finally:
        session.close()


HELP = """
def call(number, *arguments):
    '''A system call; what the kernel says of its arguments is an answer, EPERM is none.'''
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, *arguments) < 0 and ctypes.get_errno() == errno.EPERM:
        raise PermissionError('refused')
    return True
def family(kind):
    '''A socket of a family; a kernel without it has not refused it.'''
    try:
        socket.socket(kind, socket.SOCK_STREAM)
    except PermissionError:
        raise
    except OSError:
        pass
    return True
def crowd(count):
    '''So many children at once; they end with their parent's death.'''
    children = []
    try:
        for _ in range(count):
            pid = os.fork()
            if pid == 0:
                signal.pause()
            children.append(pid)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return True
"""


@dataclass(frozen=True)
class Probe:
    """Something to try.

    Attributes:
        body: student code that raises OSError or MemoryError where it is refused.
        needs: attributes of `Outside` that it is given.
        layers: each refuses it.
        without: where nothing refuses it.
    """

    body: str
    layers: tuple[Layers, ...]
    needs: tuple[str, ...] = ()
    without: Layers = NOTHING


PROBES = {
    "read a file": Probe(
        "return open(given[0]).read() == 'secret'", (NAMESPACES, LANDLOCK), ("secret",)
    ),
    "write a file": Probe(
        "return open(given[0] + '2', 'w').write('x') == 1", (NAMESPACES, LANDLOCK), ("secret",)
    ),
    "change a file's permissions": Probe(
        "os.chmod(given[0], 0o666); return True", (NAMESPACES, SECCOMP), ("secret",)
    ),
    "leave a mark on a file": Probe(
        "os.utime(given[0], (1, 1)); return True", (NAMESPACES, SECCOMP), ("secret",)
    ),
    "connect by TCP": Probe(
        "socket.create_connection(('127.0.0.1', given[0]), 5); return True",
        (NAMESPACES, LANDLOCK, SECCOMP),
        ("port",),
    ),
    "send by UDP": Probe(
        "socket.socket(2, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', given[0])); return True",
        (NAMESPACES, SECCOMP),
        ("port",),
    ),
    "connect to a named socket": Probe(
        "socket.socket(socket.AF_UNIX).connect(given[0][0]); return True",
        (NAMESPACES, SECCOMP),
        ("names",),
    ),
    "connect to an abstract socket": Probe(
        "socket.socket(socket.AF_UNIX).connect(given[0][1]); return True",
        (NAMESPACES, LANDLOCK, SECCOMP),
        ("names",),
    ),
    "open a virtual machine's socket": Probe("return family(40)", (SECCOMP,)),
    "set up io_uring": Probe("return call(425, 0, None)", (SECCOMP,)),
    "enter a user namespace": Probe("return call(UNSHARE, 0x10000000)", (SECCOMP,)),
    "clone into a user namespace": Probe("return call(CLONE, 0x10000200, 0)", (SECCOMP,)),
    "mount": Probe("return call(MOUNT, None, b'/nowhere', None, 0, None)", (SECCOMP,)),
    "be traced": Probe("return call(PTRACE, 0, 0, 0, 0)", (SECCOMP,)),
    "signal a process of ours": Probe(
        "os.kill(given[0], 0); return True", (NAMESPACES, LANDLOCK), ("pid",)
    ),
    "make a file that is only memory": Probe("return os.memfd_create('x') > 0", (SECCOMP,)),
    "share memory that nobody is seen to hold": Probe(
        "return len(mmap.mmap(-1, 4096)) == 4096", (SECCOMP,)
    ),
    "type into a terminal": Probe("return call(IOCTL, 0, 0x5412, b'x')", (SECCOMP,)),
    "use more address space": Probe(
        f"return len(mmap.mmap(-1, {LIMITS.memory_mb + 64} << 20, mmap.MAP_PRIVATE)) > 0",
        (WATCHED,),
    ),
    "write a large file": Probe(
        f"return open('large', 'wb').write(bytes({LIMITS.disk_mb + 1} << 20)) > 0", (WATCHED,)
    ),
    "open many files": Probe(
        "return len([os.open('/dev/null', 0) for _ in range(300)]) == 300", (WATCHED,)
    ),
    "write many bytes": Probe(
        f"return all(open(f'/tmp/{{n}}' if os.path.exists('/grader') else f'../tmp/{{n}}', 'wb')"
        f".write(bytes(1 << 20)) for n in range({LIMITS.disk_mb + 1}))",
        (NAMESPACES,),
    ),
    "write many files": Probe(
        f"[os.mknod(f'{{n}}') for n in range({FILES_ON_DISK + 1})]; return True", (NAMESPACES,)
    ),
    "start many processes": Probe(
        # an ordinary user's other processes count as well, and some may end meanwhile
        f"return crowd({LIMITS.processes + 8 + (0 if ROOT_RUNS else OTHERS)})",
        (UNLIMITED | WATCHED,),
        without=UNLIMITED,
    ),
    "mount with the rights of a namespace": Probe(
        "return call(MOUNT, b'none', b'/tmp', b'tmpfs', 0, None)", (NAMESPACES,)
    ),
}
NUMBERS = {
    "x86_64": {"UNSHARE": 272, "CLONE": 56, "MOUNT": 165, "PTRACE": 101, "IOCTL": 16},
    "aarch64": {"UNSHARE": 97, "CLONE": 220, "MOUNT": 40, "PTRACE": 117, "IOCTL": 29},
}[os.uname().machine]
ONLY_REFUSED = {"mount with the rights of a namespace"}
"""Where it would succeed, it would do so on this machine."""


def run(probe: Probe, box: Box, outside: Outside) -> object:
    body = probe.body
    for word, number in NUMBERS.items():
        body = body.replace(word, str(number))
    return attempt(box, body, *(getattr(outside, name) for name in probe.needs))


@pytest.mark.parametrize("name", [name for name in PROBES if name not in ONLY_REFUSED])
def test_without_its_layers_a_probe_succeeds(
    name: str, boxes: Callable[[Layers], Box], outside: Outside
) -> None:
    assert run(PROBES[name], boxes(PROBES[name].without), outside) is True


@pytest.mark.parametrize(
    ("name", "layers"),
    [
        pytest.param(name, layers, id=f"{name}: {' '.join(sorted(layers))}")
        for name, probe in PROBES.items()
        for layers in probe.layers
    ],
)
def test_a_single_layer_refuses_it(
    name: str, layers: Layers, boxes: Callable[[Layers], Box], outside: Outside
) -> None:
    with pytest.raises(StudentError) as refused:
        run(PROBES[name], boxes(layers), outside)
    kinds = {"FileNotFoundError", "PermissionError", "OSError", "ProcessLookupError"}
    kinds |= {"MemoryError", "BlockingIOError", "ConnectionRefusedError"}
    assert refused.value.name in kinds


@pytest.mark.parametrize(
    ("layers", "who"),
    [(NOTHING, lambda uid: uid == 0), (NAMESPACES, lambda uid: uid > 1_000_000)]
    if ROOT_RUNS
    else [(NOTHING, lambda uid: uid == os.geteuid())],
)
def test_only_the_user_layer_makes_root_somebody_else(
    layers: Layers, who: Callable[[Any], bool], boxes: Callable[[Layers], Box]
) -> None:
    assert who(attempt(boxes(layers), "return os.getuid()"))


HEAVY = """
for _ in range(3):
    if os.fork() == 0:
        keep = b'x' * (200 << 20)
        signal.pause()
for _ in range(40):
    time.sleep(0.05)
return True
"""
BUSY = "end = time.process_time() + 1\nwhile time.process_time() < end: pass\nreturn True"
BRIEF = LIMITS.model_copy(update={"cpu_seconds": 0.2})


@pytest.mark.parametrize(
    ("body", "limits", "ending"), [(HEAVY, LIMITS, Ending.MEMORY), (BUSY, BRIEF, Ending.CPU)]
)
def test_only_the_watch_from_outside_sees_what_a_group_uses(
    body: str,
    limits: Limits,
    ending: Ending,
    boxes: Callable[[Layers], Box],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everything = frozenset(Layer)
    with pytest.raises(Lost) as lost:
        attempt(boxes(everything), body, limits=limits)
    assert lost.value.ending is ending
    monkeypatch.setattr(Deadline, "check", lambda _self: None)
    assert attempt(boxes(everything), body, limits=limits) is True


@pytest.mark.parametrize("left_out", [None, Layer.LANDLOCK])
@pytest.mark.parametrize("target", ["0", "1", "-1", "os.getppid()"])
def test_signals_reach_nobody_but_the_sender(
    target: str, left_out: Layer | None, boxes: Callable[[Layers], Box]
) -> None:
    box = boxes(frozenset(Layer) - {left_out})
    assert attempt(box, "return 1") == 1
    parent = box.pid
    for number in ("signal.SIGINT", "signal.SIGKILL"):
        body = f"try:\n    os.kill({target}, {number})\nexcept OSError:\n    pass\nreturn 1"
        try:
            attempt(box, body)
        except (Lost, StudentError) as ended:  # it may well have hit itself
            assert getattr(ended, "ending", Ending.CRASHED) is Ending.CRASHED
        assert attempt(box, "return 2") == 2
    assert box.pid == parent


def test_folders_that_are_no_disks_carry_nothing_to_the_next_submission(
    boxes: Callable[[Layers], Box],
) -> None:
    leave = "home = os.environ['HOME']\nopen(home + '/left', 'w')\nos.makedirs(home + '/a/b')\n"
    leave += "os.utime(home, (1, 1))\nos.chmod(home + '/a', 0)\nos.chmod(home, 0o511)"
    find = "home = os.environ['HOME']\nabout = os.stat(home)\n"
    find += "return [about.st_mtime > 1, about.st_mode & 0o777, os.listdir(home)]"
    attempt(boxes(LANDLOCK), leave)
    assert attempt(boxes(LANDLOCK), find) == [True, 0o700, []]


def command(*arguments: object, without: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run `autograde` as an ordinary user of a lesser kernel."""
    program = [sys.executable, str(ROOT / "tests" / "unprivileged.py"), sys.executable]
    program += [str(ROOT / "tests" / "lesser_kernel.py"), without]
    program += [COMMAND, *map(str, arguments)]
    return subprocess.run(
        program, cwd=cwd, capture_output=True, text=True, timeout=600, check=False
    )


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the ordinary user whom root becomes may write; those of pytest are closed."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o777)
        materialise(RIGHT, Bundle.open(TINY), folder / "class", "right")
        yield folder


RIGHT = Case(name="right", about="the reference", points=FULL_MARKS)
KERNEL_TOO = (
    *("reads-the-reference-from-disk", "other-submissions", "network", "gains-rights"),
    *("a-daemon-reports-later", "signals-to-everybody", "through-the-next-task", "exits"),
)
"""Attacks that the kernel tier must stand as well; its disks have no bounds of their own."""


def report(folder: Path, name: str) -> dict[str, Any]:
    text = (folder / "results" / "reports" / f"{name}.json").read_text(encoding="utf-8")
    document = json.loads(text)
    assert isinstance(document, dict)
    return document


def test_where_user_namespaces_are_forbidden_the_kernel_tier_holds(open_folder: Path) -> None:
    bundle, place = Bundle.open(TINY), str(open_folder / "class")
    known = load_attacks(MARK="kernel-tier", BUNDLE=str(TINY), CLASS=place)
    for name in KERNEL_TOO:
        materialise(known[name].hostile(), bundle, open_folder / "class", name)
    arguments = ("class", "--assignment", TINY, "--output", "results", "--jobs", 1)
    done = command(*arguments, without="userns", cwd=open_folder)
    assert done.returncode == 0, done.stderr
    right = report(open_folder, "right")
    assert right["grader"]["isolation"] == "kernel"
    assert disagreements(RIGHT, right) == []
    for name in KERNEL_TOO:
        case = known[name].hostile().model_copy(update={"says": []})
        assert disagreements(case, report(open_folder, name)) == [], name


def test_the_full_tier_needs_no_landlock(open_folder: Path) -> None:
    arguments = ("class", "--assignment", TINY, "--output", "results", "--jobs", 1)
    done = command(*arguments, without="landlock", cwd=open_folder)
    assert done.returncode == 0, done.stderr
    assert report(open_folder, "right")["grader"]["isolation"] == Tier.FULL
    assert disagreements(RIGHT, report(open_folder, "right")) == []


def test_where_nothing_holds_nothing_is_graded_unless_that_is_asked_for(open_folder: Path) -> None:
    arguments = ("class", "--assignment", TINY, "--output", "results", "--jobs", 1)
    refused = command(*arguments, without="userns,landlock", cwd=open_folder)
    assert refused.returncode == 2
    assert "student code cannot be confined on this machine" in refused.stderr
    assert "this kernel has no Landlock" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (open_folder / "results" / "reports").exists()
    asked = command(*arguments, "--isolation", "none", without="userns,landlock", cwd=open_folder)
    assert asked.returncode == 0, asked.stderr
    assert "not confined (--isolation none)" in asked.stderr
    assert report(open_folder, "right")["grader"]["isolation"] == "none"
    assert disagreements(RIGHT, report(open_folder, "right")) == []
