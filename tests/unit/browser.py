"""A headless browser for the tests of interactive pages, and a page opened in it as a file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from .conftest import ROOT

UNPACKED = ROOT / "node_modules" / ".browser"
NAMES = ("chromium", "chromium-browser", "google-chrome")
# A student's browser may have no WebGL; root's has no sandbox.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-webgl", "--disable-webgl2"]
SECONDS = 60
expect.set_options(timeout=1000 * SECONDS)  # what is waited for comes when it comes


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The browser that `make` has unpacked, else the one on the PATH."""
    unpacked = UNPACKED / "chromium"
    there = [str(unpacked)] if unpacked.exists() else filter(None, map(shutil.which, NAMES))
    program = next(iter(there), None)
    assert program, "no Chromium: `make test` unpacks one on Linux (x86-64); else install it"
    # What a small system lacks stands behind what it has.
    libraries = f"{os.environ.get('LD_LIBRARY_PATH', '')}:{UNPACKED / 'al2023' / 'lib'}"
    environment: dict[str, Any] = {**os.environ, "LD_LIBRARY_PATH": libraries.strip(":")}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=ARGUMENTS, env=environment
        )
        yield browser
        browser.close()


@contextmanager
def open_page(browser: Browser, file: Path, **context: Any) -> Iterator[Page]:
    """A page opened as a file without a network; it may complain of nothing and ask for nothing.

    Args:
        context: the window's size, colour scheme and the like, as Playwright names them.
    """
    complaints: list[str] = []
    asked: list[str] = []
    window = browser.new_context(offline=True, **context)
    window.set_default_timeout(1000 * SECONDS)
    window.on("console", lambda message: complaints.append(message.text))
    window.on("weberror", lambda error: complaints.append(str(error.error)))
    window.on("request", lambda request: asked.append(request.url))
    page = window.new_page()
    page.goto(file.as_uri())
    yield page
    window.close()
    assert complaints == []
    elsewhere = [url for url in asked if not url.startswith(("data:", "blob:"))]
    assert set(elsewhere) == {file.as_uri()}
