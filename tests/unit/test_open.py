"""`autograde open`: a page of the assignment, served to this computer until Ctrl-C."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from .conftest import COMMAND, TINY, autograde

PAGE = TINY / "assignment" / "dots" / "index.html"


@contextmanager
def opened(*options: str, **environment: str) -> Iterator[str]:
    """The address at which the second bundle's page is served meanwhile."""
    command = [COMMAND, "open", "dots", "--assignment", str(TINY), *options]
    with subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout
        assert running.stderr
        name, _, address = running.stdout.readline().split(" (")[0].partition(": ")
        assert name == "dots"
        yield address
        running.send_signal(signal.SIGINT)
        assert running.stdout.read() == "ended\n"
        assert running.stderr.read() == ""
    assert running.returncode == 0


def test_a_declared_page_is_served_on_this_computer() -> None:
    with opened("--no-browser") as address:
        assert address.startswith("http://127.0.0.1:")
        with urlopen(address) as answer:
            assert answer.read() == PAGE.read_bytes()


def test_nothing_beside_the_page_is_served() -> None:
    with opened("--no-browser") as address:
        for path in ("/../../rubric.yaml", "/%2e%2e/%2e%2e/rubric.yaml", "//rubric.yaml"):
            with pytest.raises(HTTPError, match="404"):
                urlopen(address.removesuffix("/index.html") + path)


def test_a_browser_is_opened_at_the_address(tmp_path: Path) -> None:
    told = tmp_path / "told"
    os.mkfifo(told)
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{told}"\n')
    browser.chmod(0o755)
    with opened(BROWSER=f"{browser} %s") as address:
        assert told.read_text() == f"{address}\n"


def test_a_page_that_is_not_declared_is_named(tmp_path: Path) -> None:
    done = autograde("open", "lines", "--assignment", TINY, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "autograde: the assignment has no page 'lines'; it has dots\n"


@pytest.mark.parametrize("path", ["assignment/none.html", "rubric.yaml", "assignment/../x.html"])
def test_a_page_must_lie_where_students_read(path: str, tmp_path: Path) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "bundle"))
    (root / "x.html").write_text("")
    rubric = (root / "rubric.yaml").read_text().replace("assignment/dots/index.html", path)
    (root / "rubric.yaml").write_text(rubric)
    done = autograde("open", "dots", "--assignment", root, "--no-browser", cwd=tmp_path)
    assert done.returncode == 2
    assert f"pages: dots: there is no file {path} in assignment/" in done.stderr
