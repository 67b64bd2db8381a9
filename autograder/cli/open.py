"""`autograde open`: an interactive page of the assignment, in the browser."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from ..errors import ExpectedError
from .shared import LOOPBACK, assignment_option, open_browser, open_bundle


class PageError(ExpectedError):
    """A page cannot be opened; the text says why."""


class _Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing about it."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@click.command("open")
@click.argument("name")
@assignment_option
@click.option("--no-browser", is_flag=True, help="Only print the address; open no browser.")
def open_page(name: str, assignment: Path | None, no_browser: bool) -> None:
    """Open the page NAME of the assignment, until Ctrl-C.

    The page is served to this computer alone, at an address that is free.
    """
    pages = open_bundle(assignment).pages
    if name not in pages:
        declared = f"it has {', '.join(pages)}" if pages else "it declares none"
        raise PageError(f"the assignment has no page {name!r}; {declared}")
    try:
        _serve(pages[name], name, not no_browser)
    except KeyboardInterrupt:
        click.echo("ended")


def _serve(page: Path, name: str, browser: bool) -> None:
    handler = partial(_Quiet, directory=str(page.parent))
    with ThreadingHTTPServer((LOOPBACK, 0), handler) as server:
        address = f"http://{LOOPBACK}:{server.server_port}/{quote(page.name)}"
        click.echo(f"{name}: {address} (Ctrl-C ends)")
        if browser:
            open_browser(address)
        server.serve_forever()
