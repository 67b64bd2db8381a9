"""The review page's server: this computer alone, one reviewer, nothing for anybody else.

Every program and every page in a browser of this computer can reach a loopback address. So
all but the empty page needs the token, which stands in the address's fragment and
comes back in a header: browsers send fragments to no server, and let no other page set that
header here. The name by which the server is asked must be the address itself, since a
stranger's name may be made to lead here, and whatever changes anything must come from the page.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ..pages.frame import page
from ..report.write import OutputError
from ..review.files import ReviewError
from .review_queue import Queue, Stale
from .shared import LOOPBACK

MOST_BYTES = 1_000_000
"""Of a request: a mark for thousands of alike answers is far smaller."""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",  # the page's own policy stands in it
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Refused(Exception):
    """A request that is not answered: a status, and why."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


class ReviewServer(ThreadingHTTPServer):
    """Serves one queue at an address that is free."""

    daemon_threads = True

    def __init__(self, queue: Queue) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self.queue = queue
        self.token = secrets.token_urlsafe(32)
        self.origin = f"http://{LOOPBACK}:{self.server_port}"
        title = queue.desk.bundle.rubric.title
        text = page("review.html.j2", "review.js", "review.css", asks=True, title=title)
        self.page = text.encode("utf-8")

    @property
    def address(self) -> str:
        """What opens the page; whoever knows it can mark."""
        return f"{self.origin}/#{self.token}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A window that was closed in the middle is no error."""


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: ReviewServer
    server_version, sys_version = "autograde", ""
    timeout = 30  # seconds that a silent connection may keep its thread

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        """The page, and what it shows."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """A mark, or one taken back."""
        self._answer(self._post)

    def _get(self) -> bytes:
        address = urlsplit(self.path)
        if address.path == "/":
            return self.server.page
        self._check_token()
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        match address.path, asked:
            case "/state", {**rest}:
                return _json(self.server.queue.state(rest.get("question")))
            case "/work", {"question": question, "id": identifier}:
                return _json(self.server.queue.work(question, identifier))
        raise Refused(HTTPStatus.NOT_FOUND, "there is nothing here")

    def _post(self) -> bytes:
        self._check_token()
        if self.headers["Origin"] != self.server.origin:
            raise Refused(HTTPStatus.FORBIDDEN, "marks are taken from the page alone")
        match urlsplit(self.path).path, self._document():
            case "/mark", {
                "question": str(question),
                "seen": dict(seen),
                "mark": str(mark),
                "comment": str(comment),
            } if seen and all(isinstance(each, str) for each in seen.values()):
                return _json(self.server.queue.mark(question, seen, mark, comment.strip()))
            case "/undo", {"number": int(number)}:
                return _json(self.server.queue.undo(number))
        raise Refused(HTTPStatus.BAD_REQUEST, "that is no request of the page")

    def _check_token(self) -> None:
        scheme, _, token = (self.headers["Authorization"] or "").partition(" ")
        given = token.encode("utf-8", "replace")
        if scheme != "Bearer" or not hmac.compare_digest(given, self.server.token.encode()):
            raise Refused(
                HTTPStatus.FORBIDDEN, "open the address that `autograde review --page` printed"
            )
        if self.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise Refused(HTTPStatus.FORBIDDEN, "another page asks for this")

    def _document(self) -> Any:
        """What was sent, as JSON."""
        if self.headers.get_content_type() != "application/json":
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send JSON")
        length = self.headers["Content-Length"] or ""
        if not length.isdecimal() or int(length) > MOST_BYTES:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too much, or of unknown length")
        try:
            return json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            raise Refused(HTTPStatus.BAD_REQUEST, "that is no JSON") from None

    def _answer(self, work: Callable[[], bytes]) -> None:
        """Do it, and say what came of it: the page shows every error."""
        try:
            if self.headers["Host"] != self.server.origin.removeprefix("http://"):
                raise Refused(HTTPStatus.FORBIDDEN, "this address has another name")
            content = work()
        except Refused as refused:
            self._refuse(refused.status, str(refused))
        except Stale as stale:
            self._refuse(HTTPStatus.CONFLICT, str(stale))
        except ValueError as error:
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))
        except (ReviewError, OutputError, OSError) as error:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))
        except Exception as fault:  # whatever it is, it is ours, and the reviewer must know
            text = f"the grader failed: {type(fault).__name__}: {fault}"
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, text)
        else:
            is_page = content is self.server.page
            self._send(HTTPStatus.OK, content, "text/html" if is_page else "application/json")

    def _refuse(self, status: HTTPStatus, text: str) -> None:
        self._send(status, _json({"error": text}), "application/json")

    def _send(self, status: HTTPStatus, content: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8")
