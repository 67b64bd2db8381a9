"""Course systems as small servers on this machine, which misbehave when they are told to.

Trouble is told by the number of the request that saves a mark, from 1: what happens then.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TOKEN = "token-4711"
SAVED_FIRST = ("lost", "late", "failed", "cut", "dripping")
"""Trouble that begins when the mark is saved already."""


class CourseServer(ThreadingHTTPServer):
    """Marks and comments of one assignment, by the system's own user ids.

    Attributes:
        stops_after: after so many saving requests nothing is answered any more.
        go_on: lets those be saved that are saved "afterwards".
        went_on: released by each of these when it is saved.
        moodle_form: level -> its points in Moodle's rubric, empty for a marking guide; None where
            there is neither.
        trouble: number of a saving request -> what goes wrong; 0 stands for every one.
        saves: how many requests to save a mark have come.
    """

    daemon_threads = True
    address_family = socket.AF_INET

    def __init__(self, users: list[str]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.marks: dict[str, float] = {}
        self.comments: dict[str, list[str]] = {user: [] for user in users}
        self.trouble: dict[int, str] = {}
        self.reading: str = ""
        self.assessed: dict[str, Any] = {}
        self.moodle_grade = 100
        self.moodle_form: dict[str, float] | None = None
        self.uploads: list[str] = []
        self.attached: dict[str, list[str]] = {}
        self.upload_url = self.url
        self.trouble_with_files = ""
        self.saves = 0
        self.stops_after = 1_000_000
        self.requests: list[str] = []
        self.assignment: dict[str, Any] = {"points_possible": 100.0, "rubric": []}
        self.done = threading.Event()
        self.go_on = threading.Event()
        self.went_on = threading.Semaphore(0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are what is tested."""


@contextmanager
def running(users: list[str]) -> Iterator[CourseServer]:
    """A server in a thread, which ends with its requests."""
    with CourseServer(users) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.done.set()
            server.shutdown()
            thread.join()


class Handler(BaseHTTPRequestHandler):
    """Moodle's one address and Canvas' many."""

    server: CourseServer

    def handle_one_request(self) -> None:
        """Answer, unless the server has stopped."""
        if self.server.saves >= self.server.stops_after:
            self.close_connection = True
            return
        super().handle_one_request()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the terminal."""

    def do_GET(self) -> None:
        """Canvas: the assignment, or a page of its submissions."""
        self._note("")
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            return self._answer({"errors": [{"message": "Invalid access token."}]}, 401)
        parts = urlsplit(self.path)
        if not parts.path.endswith("/submissions"):
            return self._answer(self.server.assignment)
        if self.server.reading:
            return self._misbehave(self.server.reading, [])
        page = int(dict(parse_qsl(parts.query)).get("page", "1"))
        users = sorted(self.server.comments)
        more = page < len(users)
        link = f'<{self.server.url}{parts.path}?page={page + 1}>; rel="next"' if more else ""
        return self._answer([self._submission(user) for user in users[page - 1 : page]], link=link)

    def _submission(self, user: str) -> dict[str, Any]:
        comments: list[dict[str, Any]] = [{"comment": text} for text in self.server.comments[user]]
        files = [{"display_name": name} for name in self.server.attached.get(user, [])]
        comments.append({"comment": "a file", "attachments": files})
        score = self.server.marks.get(user)
        return {
            "user_id": int(user),
            "entered_score": score,
            "score": None if score is None else score - 1,
            "submission_comments": comments,
            "user": {"sis_user_id": f"s-{user}"},
        }

    def do_PUT(self) -> None:
        """Canvas: one mark."""
        body = json.loads(self._note(""))
        user = re.search(r"/submissions/(\d+)$", self.path)
        assert user

        def save() -> None:
            self.server.marks[user[1]] = float(body["submission"]["posted_grade"])
            self.server.assessed[user[1]] = body.get("rubric_assessment")
            if "comment" in body:
                self.server.comments[user[1]].append(body["comment"]["text_comment"])
                for number in body["comment"].get("file_ids", []):
                    name = self.server.uploads[number]
                    self.server.attached.setdefault(user[1], []).append(name)

        self._save(save, {"errors": "no"}, {"id": 1})

    def do_POST(self) -> None:
        """Moodle: every function. Canvas: a place for a file, and the file."""
        if self.path.endswith("/comments/files"):
            about = json.loads(self._note(""))
            place = {
                "upload_url": f"{self.server.upload_url}/upload",
                "upload_params": {"key": "k"},
            }
            return self._answer({**place, "name": about["name"]})
        if self.path == "/upload":
            return self._take_file(self._note(""))
        form = dict(parse_qsl(self._note(""), keep_blank_values=True))
        if form.get("wstoken") != TOKEN:
            said = {"exception": "moodle_exception", "errorcode": "invalidtoken", "message": "No"}
            return self._answer(said)
        match form["wsfunction"]:
            case "mod_assign_get_assignments":
                return self._answer(
                    {"courses": [{"assignments": [{"id": 5, "grade": self.server.moodle_grade}]}]}
                )
            case "mod_assign_get_user_mappings":
                known = [{"id": int(u) - 900, "userid": int(u)} for u in self.server.comments]
                return self._answer({"assignments": [{"assignmentid": 5, "mappings": known}]})
            case "mod_assign_get_grades":
                if self.server.reading:
                    return self._misbehave(self.server.reading, [])
                grades = [{"userid": int(u), "grade": f"{m}"} for u, m in self.server.marks.items()]
                return self._answer({"assignments": [{"assignmentid": 5, "grades": grades}]})

        def save() -> None:
            text = form["plugindata[assignfeedbackcomments_editor][text]"]
            self.server.comments[form["userid"]] = [text]
            levels = self.server.moodle_form
            if levels is None:
                self.server.marks[form["userid"]] = float(form["grade"])
            elif found := [form[key] for key in form if key.endswith(("[levelid]", "[score]"))]:
                self.server.marks[form["userid"]] = sum(levels.get(x) or float(x) for x in found)

        return self._save(
            save, {"exception": "e", "errorcode": "wrong", "message": f"\x1b[31m{TOKEN}"}, None
        )

    def _take_file(self, sent: str) -> None:
        assert "Authorization" not in self.headers, "the token went to the store of files"
        name = re.search(r'filename="([^"]+)"', sent)
        assert name
        if self.server.trouble_with_files:
            return self._misbehave(self.server.trouble_with_files, None)
        self.server.uploads.append(name[1])
        return self._answer({"id": len(self.server.uploads) - 1}, 201)

    def _note(self, body: str) -> str:
        self.server.requests.append(f"{self.command} {self.path}")
        return self.rfile.read(int(self.headers["Content-Length"] or 0)).decode() or body

    def _save(self, save: Any, refusal: Any, success: Any) -> None:
        self.server.saves += 1
        trouble = self.server.trouble
        kind = trouble.get(self.server.saves, trouble.get(0, ""))
        if not kind or kind in SAVED_FIRST:
            save()
        if kind == "afterwards":
            self.server.go_on.wait()
            save()
            self.close_connection = True
            self.server.went_on.release()
            return None
        if not kind:
            return self._answer(success)
        if kind == "error in a 200":
            return self._answer(refusal)
        if kind == "silence":  # a yes, and nothing was saved
            return self._answer(success)
        return self._misbehave(kind, success)

    def _misbehave(self, kind: str, success: Any) -> None:
        match kind:
            case "busy":
                self._answer({}, 503)
            case "no":
                self._answer({"errors": f"no such user for {TOKEN}"}, 404)
            case "denied":
                self._answer({}, 403)
            case "failed":
                self._answer({}, 500)
            case "page":
                self._answer_bytes(b"<html>Under maintenance</html>", 200)
            case "nonsense":
                lists: list[Any] = [{"user_id": 1, "user": 5}, 7, None]
                self._answer(lists if self.command == "GET" else {"assignments": lists})
            case "cut":
                self._answer_bytes(b'[{"a": ', 200, length=1000)
            case "elsewhere":
                port = self.server.server_address[1]
                self._answer({}, 302, location=f"http://localhost:{port}/login")
            case "dripping":
                self._drip()
            case "late" | "never":
                self.server.done.wait()
            case "lost":
                self.close_connection = True
                self.connection.close()

    def _drip(self) -> None:
        """An answer that goes on and on, a byte at a time."""
        self.send_response(200)
        self.end_headers()
        while not self.server.done.wait(0.01):
            self.wfile.write(b" ")
            self.wfile.flush()

    def _answer(
        self, document: Any, code: int = 200, *, link: str = "", location: str = ""
    ) -> None:
        self._answer_bytes(json.dumps(document).encode(), code, link=link, location=location)

    def _answer_bytes(
        self, content: bytes, code: int, *, length: int = 0, link: str = "", location: str = ""
    ) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(length or len(content)))
        for name, value in (("Link", link), ("Location", location)):
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
