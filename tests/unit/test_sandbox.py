"""The box: what student code can reach, and what remains of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from autograder.kit.failures import StudentError
from autograder.kit.loader import Manifest
from autograder.model import Limits
from autograder.sandbox.box import Box
from autograder.sandbox.deadline import Ending, Lost
from autograder.sandbox.layers import Tier
from autograder.sandbox.session import Session
from autograder.sandbox.tiers import find_tier

LIMITS = Limits(cpu_seconds=1, wall_seconds=3, memory_mb=600, processes=20, disk_mb=4, output_kb=1)
Open = Callable[[str], Session]


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with Box(LIMITS, Tier.FULL.layers, ["numpy"]) as running:
        yield running


@pytest.fixture
def open_session(box: Box) -> Iterator[Open]:
    """Opens a session on a module `work` with a function `f`, and closes it."""
    sessions = []

    def start(text: str) -> Session:
        manifest = Manifest(modules=("work",), functions=("f",), packages=("numpy",))
        session = Session(box, {"work.py": text.encode()}, manifest, LIMITS)
        sessions.append(session)
        return session

    yield start
    for session in sessions:
        session.close()


def f(session: Session, *args: object) -> object:
    return session.call("f", args, {})


def test_student_code_is_fully_confined_on_this_machine() -> None:
    before = set(psutil.Process().children())
    assert find_tier(None, [Path(__file__)]) is Tier.FULL
    assert set(psutil.Process().children()) == before


@pytest.mark.parametrize(
    "path", ["/etc/passwd", str(__file__), str(Path("~/.bashrc").expanduser())]
)
def test_no_file_of_this_machine_can_be_read(path: str, open_session: Open) -> None:
    with pytest.raises(StudentError) as refused:
        f(open_session("def f(p):\n    return open(p).read()\n"), path)
    assert refused.value.name in {"FileNotFoundError", "PermissionError"}


def test_the_environment_holds_nothing_of_ours(
    open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_TOKEN", "secret")
    text = "import glob, os\ndef f():\n    found = [str(dict(os.environ))]\n"
    text += "    for path in glob.glob('/proc/[0-9]*/environ'):\n        try:\n"
    text += "            found.append(open(path).read())\n        except OSError:\n"
    text += "            pass\n    return found\n"
    seen = str(f(open_session(text)))
    assert "COURSE_TOKEN" not in seen
    assert "'USER': 'student'" in seen


def test_student_code_is_nobody_and_alone(open_session: Open) -> None:
    text = "import os\ndef f():\n"
    text += "    return os.getuid(), os.getpid(), os.path.exists('/grader/autograder/checks')\n"
    uid, pid, checks = f(open_session(text))
    assert (uid > 1_000_000) if os.geteuid() == 0 else (uid == os.geteuid())
    assert pid <= 4  # counted in a namespace of its own
    assert checks is False


@pytest.mark.parametrize("path", ["/x", "/dev/x", "/grader/x", "/usr/x"])
def test_nothing_can_be_written_outside_its_scratch_space(path: str, open_session: Open) -> None:
    with pytest.raises(StudentError) as refused:
        f(open_session("def f(p):\n    open(p, 'w').write('x')\n"), path)
    assert refused.value.name in {"OSError", "PermissionError"}


def test_its_scratch_space_is_small(open_session: Open) -> None:
    text = "def f():\n    for n in range(9):\n        open(f'/tmp/{n}', 'wb').write(bytes(10**6))\n"
    with pytest.raises(StudentError, match="No space left"):
        f(open_session(text))


@pytest.mark.parametrize(
    ("body", "ending"),
    [
        ("while True: pass", Ending.CPU),
        ("import time; time.sleep(60)", Ending.WALL),
        ("import os; os._exit(0)", Ending.CRASHED),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", Ending.CRASHED),
        (
            "import os; [os.write(n, b'x' * 99) for n in range(3, 9)]",
            Ending.PROTOCOL,
        ),
    ],
)
def test_what_ends_badly_is_named_and_the_next_call_works(
    body: str, ending: Ending, open_session: Open
) -> None:
    text = f"def f(bad):\n    if bad:\n        {body}\n    return 5\n"
    session = open_session(text)
    with pytest.raises(Lost) as lost:
        f(session, True)
    assert lost.value.ending is ending
    session.begin_check(hidden=True)
    assert f(session, False) == 5


def test_processes_left_behind_die_with_the_box(open_session: Open) -> None:
    text = "import os, time, signal\ndef f():\n    for _ in range(3):\n"
    text += "        if os.fork() == 0:\n            os.setsid()\n"
    text += (
        "            signal.signal(signal.SIGTERM, signal.SIG_IGN)\n            time.sleep(600)\n"
    )
    text += "    return True\n"
    f(open_session("def f():\n    pass\n"))  # the box itself runs from the first call on
    before = set(psutil.Process().children(recursive=True))
    session = open_session(text)
    assert f(session) is True
    below = set(psutil.Process().children(recursive=True)) - before
    assert len(below) >= 5
    session.close()
    _, alive = psutil.wait_procs(below, timeout=2)
    assert alive == []


def test_a_fork_bomb_is_stopped_by_the_process_limit(open_session: Open) -> None:
    text = "import os, time\ndef f():\n    for n in range(200):\n        if os.fork() == 0:\n"
    text += "            time.sleep(600)\n"
    with pytest.raises((StudentError, Lost)):
        f(open_session(text))


def test_memory_of_several_processes_counts_together(open_session: Open) -> None:
    text = "import os, time\ndef f():\n    for n in range(4):\n        if os.fork() == 0:\n"
    text += "            keep = b'x' * (300 * 2**20)\n            time.sleep(600)\n"
    text += "    time.sleep(600)\n"
    limits = LIMITS.model_copy(update={"cpu_seconds": 60.0, "wall_seconds": 60.0})
    manifest = Manifest(modules=("work",), functions=("f",))
    with Box(limits, Tier.FULL.layers) as box:
        session = Session(box, {"work.py": text.encode()}, manifest, limits)
        with pytest.raises(Lost) as lost:
            session.call("f", (), {})
        session.close()
    assert lost.value.ending is Ending.MEMORY


def test_time_of_children_whose_end_is_ignored_counts(open_session: Open) -> None:
    text = "import os, signal, time\ndef f():\n"
    text += "    signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n    while True:\n"
    text += "        if os.fork() == 0:\n            begin = time.process_time()\n"
    text += "            while time.process_time() < begin + 0.3: pass\n"
    text += "            os._exit(0)\n        try:\n            os.wait()\n"
    text += "        except ChildProcessError:\n            pass\n"
    with pytest.raises(Lost) as lost:
        f(open_session(text))
    assert lost.value.ending is Ending.CPU


@pytest.mark.parametrize(
    "body",
    [
        "    with multiprocessing.Pool(2) as pool:\n        return sum(pool.map(abs, [-1, 2, -4]))",
        "    return asyncio.run(asyncio.sleep(0, 7))",
        "    with multiprocessing.Manager() as made:\n        return made.Value('i', 7).value",
        "    return int(subprocess.run(['expr', '3', '+', '4'], capture_output=True).stdout)",
    ],
)
def test_worker_processes_and_event_loops_work(body: str, open_session: Open) -> None:
    text = f"import asyncio, multiprocessing, subprocess\ndef f():\n{body}\n"
    assert f(open_session(text)) == 7


def test_printed_text_is_kept_apart_and_capped(open_session: Open) -> None:
    session = open_session("def f():\n    print('FORGED PASSED ' * 1000)\n    return 1\n")
    assert f(session) == 1
    session.end_task()
    assert session.printed.startswith("FORGED PASSED")
    assert len(session.printed) == 1024


def test_tasks_do_not_share_state(open_session: Open) -> None:
    text = "seen = []\ndef f():\n    seen.append(1)\n    return len(seen)\n"
    session = open_session(text)
    assert [f(session), f(session)] == [1, 2]
    session.end_task()
    assert f(session) == 1


def test_unseeded_randomness_is_the_same_every_time(open_session: Open) -> None:
    text = "import random\nimport numpy\n"
    text += "def f():\n    return random.random(), numpy.random.rand()\n"
    assert f(open_session(text)) == f(open_session(text))


def test_input_fails_fast(open_session: Open) -> None:
    with pytest.raises(StudentError, match="nobody is there to answer"):
        f(open_session("def f():\n    return input('name? ')\n"))


def test_a_forged_exception_name_is_not_believed(open_session: Open) -> None:
    text = "import json, os, struct\ndef f():\n"
    text += "    told = ['raised', ['the hidden input is 42', '', '']]\n"
    text += "    reply = json.dumps({'dict': [told]}).encode()\n"
    text += "    for n in range(3, 9):\n        try:\n"
    text += "            os.write(n, struct.pack('!II', len(reply), 0) + reply)\n"
    text += "        except OSError:\n            pass\n    os._exit(0)\n"
    with pytest.raises(Lost) as lost:
        f(open_session(text))
    assert "42" not in str(lost.value)


def test_nothing_of_a_hidden_check_is_left_for_the_next_task(open_session: Open) -> None:
    text = "import glob\nPLACES = ('/tmp/', '/dev/shm/', '/submission/')\ndef f(seen):\n"
    text += "    found = [path for place in PLACES for path in glob.glob(place + 'left*')]\n"
    text += "    for place in PLACES:\n        open(place + 'left', 'w').write(seen)\n"
    text += "    return found\n"
    session = open_session(text)
    session.begin_check(hidden=True)
    assert f(session, "a hidden input") == []
    assert len(f(session, "a hidden input")) == 3
    assert session.tainted
    session.end_task()
    session.begin_check(hidden=False)
    assert not session.tainted
    assert f(session, "") == []


def test_short_calls_are_counted_together(open_session: Open) -> None:
    text = "import time\ndef f():\n    end = time.process_time() + 0.03\n"
    text += "    while time.process_time() < end:\n        pass\n"
    session = open_session(text)
    session.begin_check(hidden=False)
    with pytest.raises(Lost) as lost:
        for _ in range(200):
            f(session)
    assert lost.value.ending is Ending.CPU


def test_a_destructor_that_hangs_is_a_timeout_of_the_check_that_runs_it(
    open_session: Open,
) -> None:
    text = "class Clinging:\n    def __del__(self):\n        while True: pass\n"
    session = open_session(f"{text}def f():\n    return Clinging()\n")
    f(session)
    with pytest.raises(Lost) as lost:
        session.begin_check(hidden=False)
    assert lost.value.out_of_time


def test_a_reading_that_crashes_is_lost_by_itself(open_session: Open) -> None:
    session = open_session("def f():\n    return 5\n")
    with pytest.raises(Lost) as lost:
        session.read("quality", nonsense=1)
    assert lost.value.ending is Ending.CRASHED
    found = session.read("quality", shipped=[])["findings"]
    assert found == {"f": [["docstring", "work.py", 1, "f has no docstring"]]}
    assert session.begin_task(["f"]) == {}
    assert f(session) == 5
