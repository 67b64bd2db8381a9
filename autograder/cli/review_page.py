"""`autograde review --page`: the queue in the browser, until Ctrl-C."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from .review_queue import Queue
from .review_server import ReviewServer
from .shared import open_browser


def serve(queue: Queue, *, browser: bool) -> int:
    """Serve the page to this computer until Ctrl-C.

    Returns:
        How many reviews were written.

    Raises:
        ReviewError: the results cannot be reviewed, or there is no such question.
    """
    queue.state()  # what is wrong with the results is said before a page opens
    with ReviewServer(queue) as server, tempfile.TemporaryDirectory() as private:
        click.echo(f"review: {server.address}")
        click.echo("Whoever has this address can mark. Every mark is written at once; Ctrl-C ends.")
        if browser:
            open_browser(_door(Path(private), server.address))
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()
        queue.close()
    return queue.written


def _door(folder: Path, address: str) -> str:
    """A file of this user's own that leads to the page.

    What a browser is started with can be read by every user of this computer.
    """
    door = folder / "review.html"
    door.touch(mode=0o600)
    door.write_text(f'<meta http-equiv="refresh" content="0; url={address}">\n', "utf-8")
    return door.as_uri()
