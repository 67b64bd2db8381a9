"""Moodle's rubric or marking guide, filled in from a report's categories.

Where an assignment has one, Moodle makes the grade of it and ignores a plain one. A criterion of a
rubric takes the points of its levels alone, one of a marking guide any number. So the points there
have to be the categories', or Moodle would make another mark.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from ..contract import CategoryScore, amount
from ..model import CategoryId
from .criteria import criteria_of
from .parcels import ExportError, Parcel, Refusal

HTML = 1
WANTED = "what core_grading_get_definitions answers for one assignment"
TAG = re.compile(r"<[^>]*>")


class Level(BaseModel):
    """One level of a criterion of a rubric."""

    id: int
    score: Decimal


class Criterion(BaseModel):
    """One criterion; `levels` of a rubric, `shortname` and `maxscore` of a marking guide."""

    id: int
    description: str = ""
    shortname: str = ""
    levels: list[Level] = []
    maxscore: Decimal = Decimal(0)

    @property
    def name(self) -> str:
        """What it is called, as plain text."""
        return html.unescape(TAG.sub("", self.shortname or self.description)).strip()

    @property
    def most(self) -> Decimal:
        """The most points that it takes."""
        return max((level.score for level in self.levels), default=self.maxscore)

    def filling(self, category: CategoryScore) -> dict[str, Any] | str:
        """A category's points here, or why they do not fit."""
        points = f"{amount(category.points)} points of {category.id}"
        filling = {"criterionid": self.id, "remark": category.level.value, "remarkformat": HTML}
        if self.most != category.possible:
            most = f"{amount(self.most)} there and {amount(category.possible)} here"
            return f"{points} do not fit: the criterion's most is {most}"
        if min((level.score for level in self.levels), default=0):
            return f"the lowest level for {category.id} is not 0, and Moodle may count from there"
        if not self.levels:
            return {**filling, "score": float(category.points)}
        chosen = [level.id for level in self.levels if level.score == category.points]
        if chosen:
            return {**filling, "levelid": chosen[0]}
        known = ", ".join(amount(level.score) for level in self.levels)
        return (
            f"{points} are no level of the rubric ({known}): a marking guide takes any points, "
            "and `snap: true` in rubric.yaml brings them to levels"
        )


class _Rubric(BaseModel):
    rubric_criteria: list[Criterion]


class _Guide(BaseModel):
    guide_criteria: list[Criterion]


class _Definition(BaseModel):
    method: str
    rubric: _Rubric | None = None
    guide: _Guide | None = None

    @property
    def criteria(self) -> list[Criterion]:
        if self.method == "rubric" and self.rubric:
            return self.rubric.rubric_criteria
        return self.guide.guide_criteria if self.method == "guide" and self.guide else []


class _Area(BaseModel):
    activemethod: str | None = None
    definitions: list[_Definition]


class _Answer(BaseModel):
    areas: list[_Area]


class Form(BaseModel):
    """How an assignment is marked in Moodle.

    Attributes:
        method: `rubric` or `guide`.
    """

    method: str
    criteria: dict[CategoryId, Criterion]

    def filled(self, parcel: Parcel) -> dict[str, Any] | Refusal:
        """`advancedgradingdata` of one student, or why the form cannot hold the mark."""
        if parcel.points != sum((c.points for c in parcel.report.categories), Decimal(0)):
            return Refusal(parcel.id, "a rubric holds the categories' points alone: no --late")
        found = []
        for category in parcel.report.categories:
            filling = self.criteria[category.id].filling(category)
            if isinstance(filling, str):
                return Refusal(parcel.id, filling)
            found.append({"criterionid": filling["criterionid"], "fillings": [filling]})
        return {self.method: {"criteria": found}}


def read_form(path: Path, categories: Sequence[CategoryScore]) -> Form:
    """A saved answer of `core_grading_get_definitions` for one assignment.

    Raises:
        ExportError: it is none, or its criteria are not the categories.
    """
    try:
        (area,) = _Answer.model_validate_json(path.read_text("utf-8-sig")).areas
    except OSError as error:
        raise ExportError(f"{path} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ExportError(f"{path} is not {WANTED}: {where} {first['msg']}") from None
    except ValueError:  # not in UTF-8, or not of one assignment
        raise ExportError(f"{path} is not {WANTED}") from None
    active = [d for d in area.definitions if d.method == (area.activemethod or d.method)]
    if len(active) != 1 or not active[0].criteria:
        raise ExportError(f"{path} holds no rubric or marking guide that is in use, or several")
    found = criteria_of([(c.name, c) for c in active[0].criteria], categories, "Moodle")
    return Form(method=active[0].method, criteria=found)
