"""The structure of `rubric.yaml`. The JSON Schema that editors use is made from these models."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ..model import CategoryId, Level, Limits

Points = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=2)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Module = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$")]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
Text = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """A part of the rubric: immutable, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Category(Part):
    """One of the five categories: its title and a descriptor for each level."""

    title: Text
    levels: dict[Level, Text] = Field(description="what work at each level shows")

    @model_validator(mode="after")
    def _every_level(self) -> Category:
        missing = [level.value for level in Level if level not in self.levels]
        if missing:
            raise ValueError(f"no descriptor for {', '.join(missing)}")
        return self


class Function(Part):
    """A function that students write."""

    name: Name
    section: Text = Field(description="section of the handout that explains it")
    todo: Text = Field(description="guidance that stands in the stub")
    opaque: bool = Field(
        default=False,
        description="its result is an object of the student's making, whatever it is made of",
    )


class Anchors(Part):
    """What an answer looks like that earns nothing, half, or all of a question's points."""

    none: Text
    half: Text
    full: Text


class Question(Part):
    """A checkpoint question; a person decides its points, under correctness."""

    id: Identifier
    section: Text
    points: Points
    text: Text
    anchors: Anchors


class TaskPoints(Part):
    """Points of a task that a machine measures, by category."""

    implementation: Points
    correctness: Points
    quality: Points


class Task(Part):
    """One part of the assignment."""

    id: Identifier
    title: Text
    section: Text
    gate: Name = Field(description="the check without which nothing of the task counts")
    points: TaskPoints
    functions: list[Function] = Field(min_length=1)
    questions: list[Question] = []


class Artefact(Part):
    """Something written that must be there, and be more than the template.

    The file as a whole, or one section of it, counts when it holds at least
    `min_words` words that are not the template's.
    """

    id: Identifier
    title: Text
    file: Text
    section: str | None = Field(default=None, description="heading of the section that counts")
    min_words: int = Field(default=1, ge=1)
    constant: Name | None = Field(
        default=None, description="a constant in the code that may stand for the file"
    )


class OwnTests(Part):
    """The tests that students write for their own work."""

    points: Points
    section: Text = Field(description="section of the handout that explains them")


class Written(Part):
    """A category that is measured on what was written and handed in."""

    points: Points
    artefacts: list[Artefact] = Field(min_length=1)


class Rubric(Part):
    """A bundle's whole declaration."""

    version: Literal[1]
    id: Identifier
    title: Text
    template: Text = Field(description="folder with the template's hand-written files")
    modules: list[Name] = Field(min_length=1)
    packages: list[Name] = Field(description="packages that student code may import")
    preload: list[Module] = Field(
        default=[],
        description="further modules that grading imports once, so that no submission has to",
    )
    data: dict[Name, Text] = Field(
        default={}, description="constant -> JSON file that may hold it instead"
    )
    pages: dict[Identifier, Text] = Field(
        default={}, description="name -> HTML file in assignment/ that needs nothing beside itself"
    )
    limits: Limits = Limits()
    levels: dict[Level, Annotated[int, Field(ge=0, le=100)]] = Field(
        description="percentage from which a level is reached"
    )
    categories: dict[CategoryId, Category]
    tasks: list[Task] = Field(min_length=1)
    own_tests: OwnTests | None = None
    report: Written
    completeness: Written

    @model_validator(mode="after")
    def _whole(self) -> Rubric:
        missing = [c.value for c in CategoryId if c not in self.categories]
        if missing:
            raise ValueError(f"categories: no {', '.join(missing)}")
        if [level for level in Level if level not in self.levels]:
            raise ValueError("levels: all four need a percentage")
        thresholds = [self.levels[level] for level in Level]
        if thresholds != sorted(thresholds) or thresholds[0] != 0:
            raise ValueError("levels: percentages must start at 0 and rise")
        names = [f.name for task in self.tasks for f in task.functions]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"tasks: function {repeated[0]} is declared twice")
        ids = [task.id for task in self.tasks]
        if len(set(ids)) != len(ids):
            raise ValueError("tasks: two tasks have the same id")
        return self
