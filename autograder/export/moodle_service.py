"""Moodle's web service.

Success and most failures of saving a grade both answer 200 with `null`, and others answer 200 with
an exception, so nothing of an answer is believed but what is read back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from .moodle import SAVE, grade_of, mapped
from .moodle_rubric import Form
from .parcels import ExportError, Parcel, Refusal, mark_out_of
from .push import Letter, Standing
from .server import NoHeader, Server
from .trouble import Declined, Denied, Unsure, understood

TOKEN = "AUTOGRADE_MOODLE_TOKEN"
KEYRING = "autograde-moodle"
ENTRY = "webservice/rest/server.php"
OF_TOKEN = ("invalidtoken", "accessexception", "webservicenotavailable", "servicenotavailable")


class MoodleAssignment:
    """One assignment; students are known by their participant's number.

    Args:
        seconds: the longest a request may take.
        form: its rubric or marking guide, where it has one.
    """

    comments_add_up = False
    when_ignored = "is there a rubric or a marking guide? --rubric fills it in"

    def __init__(
        self,
        url: str,
        token: str,
        assignment: int,
        *,
        seconds: float,
        form: Form | None = None,
    ) -> None:
        self._form = form
        self._server = Server(url, NoHeader(), secret=token, seconds=seconds)
        self._token = token
        self._assignment = assignment
        self._users: dict[str, int] = {}
        self._maximum = Decimal(0)

    def open(self) -> None:
        """Learn the maximum.

        Raises:
            ExportError: there is no such assignment, or it is marked by a scale.
        """
        answer = self._call("mod_assign_get_assignments")
        with understood("the list of assignments"):
            known = {a["id"]: a for c in answer.get("courses", []) for a in c["assignments"]}
            self._maximum = Decimal(str(known.get(self._assignment, {}).get("grade", 0)))
        if self._assignment not in known:
            raise ExportError(
                f"Moodle shows this token no assignment {self._assignment} (its id, not the "
                "number in the address of its page)"
            )
        if self._maximum <= 0:
            raise ExportError("this assignment is marked by a scale, or not at all")

    def letter(self, parcel: Parcel, *, scale: bool) -> Letter | Refusal:
        """A parcel ready to go, or why it does not fit."""
        points = mark_out_of(parcel, self._maximum, scale=scale)
        if isinstance(points, Refusal):
            return points
        if self._form is None:
            return Letter(parcel, points)
        filled = self._form.filled(parcel)
        if isinstance(filled, Refusal):
            return filled
        if points != parcel.points:
            return Refusal(parcel.id, "a rubric holds the categories' points alone: no --scale")
        return Letter(parcel, points, rubric=filled)

    def read(self) -> Mapping[str, Standing]:
        """Everybody's grade, of the last attempt.

        Raises:
            Denied, Declined, Busy, Unsure: it cannot be read.
        """
        chosen = {"assignmentids": [self._assignment]}
        who = self._call("mod_assign_get_user_mappings", chosen)
        marks = self._call("mod_assign_get_grades", chosen)
        with understood("the list of participants or grades"):
            for each in who.get("assignments", []):
                self._users = mapped(each["mappings"])
            grades = [g for each in marks.get("assignments", []) for g in each["grades"]]
            grades.sort(key=lambda grade: int(grade.get("attemptnumber", 0)))
            found = {int(grade["userid"]): _points(grade.get("grade")) for grade in grades}
        if not self._users:
            said = self._server.shown(str(who.get("warnings", "")))
            raise Denied(
                "Moodle does not say who is which participant; the token needs the right "
                f"mod/assign:revealidentities: {said}"
            )
        return {key: Standing(found.get(user)) for key, user in self._users.items()}

    def send(self, letter: Letter) -> None:
        """Save one grade with its feedback, which replaces the one that is there.

        Raises:
            Denied, Declined, Busy, Unsure: it was not, or may not have been, saved.
        """
        user = self._users[letter.parcel.user]
        number, filled = self._assignment, letter.rubric
        self._call(SAVE, grade_of(letter.parcel, user, number, letter.points, filled))

    def _call(self, function: str, parameters: Mapping[str, Any] | None = None) -> Any:
        form = dict(_flat("", parameters or {}))
        form |= {"wstoken": self._token, "wsfunction": function, "moodlewsrestformat": "json"}
        answer, _ = self._server.ask("POST", ENTRY, form=form)
        if function == SAVE and answer is None:
            return {}
        if not isinstance(answer, dict):
            raise Unsure("the answer is not one of Moodle's web service")
        if "exception" in answer or "errorcode" in answer:
            code, said = answer.get("errorcode", ""), str(answer.get("message", ""))
            text = self._server.shown(f"({code}): {said}")
            if code in OF_TOKEN:
                raise Denied(f"Moodle refuses this token, or {function} {text}")
            raise Declined(f"Moodle says no {text}")
        return answer


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    """Nested parameters as PHP reads them: `a[b][0]`."""
    if isinstance(value, Mapping | list):
        for key, item in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _flat(f"{prefix}[{key}]" if prefix else str(key), item)
    else:
        yield prefix, str(value)


def _points(grade: object) -> Decimal | None:
    """A grade; Moodle writes -1 or nothing where there is none."""
    try:
        points = Decimal(str(grade))
    except InvalidOperation:
        return None
    return points if points.is_finite() and points >= 0 else None
