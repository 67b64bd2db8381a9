"""Canvas' REST interface, one submission at a time.

Its call for a whole class fails after marking a part of it, and says comments again when it is
repeated; a call for each submission can be read back and continued.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..contract import CategoryScore
from .canvas import Assignment, body_for
from .journal import digest
from .parcels import ExportError, Parcel, Refusal
from .push import Letter, Page, Standing
from .server import Bearer, Server
from .trouble import Busy, Declined, Unsure, understood

TOKEN = "AUTOGRADE_CANVAS_TOKEN"
KEYRING = "autograde-canvas"
PAGE = 100
MOST_PAGES = 1000
NAMES = ("display_name", "filename")
SAID_BEFORE = "The page that belongs to this mark."


class CanvasAssignment:
    """One assignment; students are known by Canvas' id, or as `sis_user_id:…`.

    Args:
        seconds: the longest a request may take.
        pages: folder with the students' pages, which go with the comments.
    """

    comments_add_up = True
    when_ignored = "is the grading period closed, or the assignment moderated?"

    def __init__(
        self,
        url: str,
        token: str,
        course: str,
        assignment: str,
        *,
        seconds: float,
        pages: Path | None = None,
    ) -> None:
        self._pages = pages
        self._server = Server(url, Bearer(token), secret=token, seconds=seconds)
        self._path = f"api/v1/courses/{course}/assignments/{assignment}"
        self._assignment = Assignment()

    def open(self, categories: Sequence[CategoryScore]) -> None:
        """Learn the maximum and the rubric.

        Raises:
            ExportError: there is no such assignment, or its rubric is another one.
        """
        try:
            answer, _ = self._server.ask("GET", self._path)
        except Declined as error:
            raise ExportError(f"Canvas shows this token no such assignment: {error}") from None
        if not isinstance(answer, dict) or answer.get("grading_type") == "not_graded":
            raise ExportError("Canvas takes no marks for this assignment")
        with understood("the assignment"):
            self._assignment = Assignment.of(answer, categories)

    def letter(self, parcel: Parcel, *, scale: bool) -> Letter | Refusal:
        """A parcel ready to go, or why it does not fit."""
        body = body_for(parcel, self._assignment, scale=scale)
        if isinstance(body, Refusal):
            return body
        page = page_of(parcel, self._pages) if self._pages else None
        if isinstance(page, Refusal):
            return page
        rubric = body.get("rubric_assessment")
        return Letter(parcel, Decimal(body["posted_grade"]), page=page, rubric=rubric)

    def read(self) -> Mapping[str, Standing]:
        """Everybody's mark before Canvas takes lateness off, and their comments.

        Raises:
            Denied, Declined, Busy, Unsure: it cannot be read.
        """
        found: dict[str, Standing] = {}
        path: str | None = f"{self._path}/submissions"
        params: dict[str, Any] | None = {
            "include[]": ["submission_comments", "user"],
            "per_page": PAGE,
        }
        for _ in range(MOST_PAGES):
            if path is None:
                return found
            answer, path = self._server.ask("GET", path, params=params)
            params = None
            if not isinstance(answer, list):
                raise Unsure("the answer is no list of submissions")
            with understood("the list of submissions"):
                for each in answer:
                    found |= dict.fromkeys(_keys(each), _standing(each))
        raise Unsure("the list of submissions is endless")

    def send(self, letter: Letter) -> None:
        """Give one mark, with its comment unless it is there already.

        Raises:
            Denied, Declined, Busy, Unsure: it was not, or may not have been, taken.
        """
        path = f"{self._path}/submissions/{letter.parcel.user}"
        body: dict[str, Any] = {"submission": {"posted_grade": f"{letter.points:f}"}}
        if letter.commented or letter.page:
            text = letter.parcel.comment if letter.commented else SAID_BEFORE
            body["comment"] = {"text_comment": text}
        if letter.page:
            body["comment"]["file_ids"] = [self._uploaded(path, letter.page)]
        if letter.rubric:
            body["rubric_assessment"] = letter.rubric
        answer, _ = self._server.ask("PUT", path, body=body)
        if isinstance(answer, dict) and "errors" in answer:
            raise Declined("Canvas says no, in an answer that looks like a yes")

    def _uploaded(self, path: str, page: Page) -> int:
        """The number of a file that nobody sees before a comment names it, so trouble is early."""
        about = {"name": page.name, "size": len(page.content), "content_type": "text/html"}
        try:
            place, _ = self._server.ask("POST", f"{path}/comments/files", body=about)
            done = self._server.upload(
                place["upload_url"], place.get("upload_params", {}), page.name, page.content
            )
            return int(done["id"])
        except Unsure as error:
            raise Busy(f"the page was not taken: {error}") from None
        except (KeyError, TypeError, ValueError):
            raise Declined("Canvas did not say where to put the page") from None


def page_of(parcel: Parcel, pages: Path) -> Page | Refusal:
    """A student's page, or why there is none."""
    path = pages / f"{parcel.report.submission.id}.html"
    try:
        content = path.read_bytes()
    except OSError as error:
        return Refusal(parcel.id, f"its page {path} cannot be read: {error.strerror}")
    return Page(f"feedback-{hashlib.sha256(content).hexdigest()[:8]}.html", content)


def _keys(submission: Mapping[str, Any]) -> list[str]:
    user = submission.get("user") or {}
    names = {"sis_user_id": user.get("sis_user_id"), "sis_login_id": user.get("login_id")}
    known = [f"{name}:{value}" for name, value in names.items() if value]
    return [str(submission.get("user_id")), *known]


def _standing(submission: Mapping[str, Any]) -> Standing:
    points = submission.get("entered_score", submission.get("score"))
    comments = submission.get("submission_comments") or []
    said = frozenset(digest(str(comment.get("comment", ""))) for comment in comments)
    files = frozenset(
        str(file.get(key)) for c in comments for file in c.get("attachments") or [] for key in NAMES
    )
    return Standing(None if points is None else Decimal(str(points)), said, files)
