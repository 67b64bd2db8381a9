"""The structure of `rubric.yaml`. The JSON Schema that editors use is made from these models."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ..model import CategoryId, Level, Limits
from ..reading.rules import RULES

Points = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=2)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Module = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$")]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
CaseName = Annotated[str, Field(pattern=r"^[a-z]+/[A-Za-z0-9._-]+$")]
Text = Annotated[str, Field(min_length=1)]
Weight = Annotated[int, Field(ge=1, description="share of the category's points")]
Share = Annotated[float, Field(ge=0, le=1)]
Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]


def _known_rule(word: str) -> str:
    if word not in RULES:
        raise ValueError(f"no rule is called {word!r}; there are {', '.join(RULES)}")
    return word


RuleId = Annotated[str, AfterValidator(_known_rule), Field(json_schema_extra={"enum": list(RULES)})]


class Part(BaseModel):
    """A part of the rubric: immutable, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Category(Part):
    """One of the five categories: its title and a descriptor for each level."""

    title: Text
    levels: dict[Level, Text] = Field(description="what work at each level shows")
    review: Literal["none", "sample", "all"] = Field(
        default="all",
        description="whose measured marks a person confirms; what has no measure always waits",
    )
    sample: Share = Field(default=0.2, description="share of submissions that `review: sample` is")
    double_marked: Share = Field(
        default=0.0, description="share of what is reviewed that needs two people who agree"
    )

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
    extension: bool = Field(
        default=False, description="work beyond the assignment: reported beside the mark"
    )

    @model_validator(mode="after")
    def _earns_by_checks(self) -> Task:
        if self.extension and (self.points.quality or self.questions):
            raise ValueError(
                f"{self.id} is an extension, which earns by its checks alone: "
                "give it no questions and 0 points of quality"
            )
        return self


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
    min_exhibits: int = Field(
        default=0, ge=0, description="figures and tables that the document must show"
    )
    constant: Name | None = Field(
        default=None, description="a constant in the code that may stand for the file"
    )
    weight: Weight = 1


class Implementations(Part):
    """Implementations of one task on which students' tests are tried, beside the reference."""

    right: list[CaseName] = Field(
        min_length=2, description="cases of the corpus that are right, written in other ways"
    )
    wrong: dict[CaseName, Text] = Field(
        min_length=1,
        description="case of the corpus -> its misconception, in words that a student may read",
    )


class OwnTests(Part):
    """The tests that students write for their own work."""

    points: Points = Field(description="shared equally by the tasks that have implementations")
    section: Text = Field(description="section of the handout that explains them")
    implementations: dict[Identifier, Implementations] = Field(
        min_length=1, description="task -> what its tests are tried on"
    )


class Written(Part):
    """A category that is measured on what was written and handed in."""

    points: Points
    artefacts: list[Artefact] = Field(min_length=1)


class Quality(Part):
    """How code quality is measured in this assignment."""

    ignore: list[RuleId] = Field(default=[], description="rules that cost nothing here")


class Commands(Part):
    """The command lines that a document names: those of Python and pytest must run."""

    id: Identifier
    title: Text
    file: Text
    section: str | None = Field(default=None, description="heading of the section with them")
    weight: Weight = 1


class Repeats(Part):
    """Hidden checks that show that the same seed gives the same results."""

    id: Identifier
    title: Text
    checks: list[Name] = Field(min_length=1)
    weight: Weight = 1


class Completeness(Written):
    """What was handed in, and whether it runs and repeats."""

    commands: Commands | None = None
    repeats: Repeats | None = None


class Find(Part):
    """Where a number is stated: the first one after a label at the beginning of a line or row."""

    file: Text
    section: Text
    label: Text = Field(description="how the line or the row of a table begins")


class Claim(Part):
    """A number that students state, which their own code must give as well."""

    id: Identifier
    task: Identifier
    text: Text = Field(description="what the number is")
    find: Find
    measured: Name | None = Field(
        default=None, description="function of tests/claims.py that has the student's code give it"
    )
    tolerance: float = Field(default=0.0, ge=0, description="largest difference that matches")
    untestable: Text | None = Field(default=None, description="why no run can confirm it")

    @model_validator(mode="after")
    def _one_way(self) -> Claim:
        if (self.measured is None) == (self.untestable is None):
            raise ValueError("a claim needs either `measured` or `untestable`")
        return self


class Figure(Part):
    """A picture of what the student's code does, beside the expected one."""

    id: Name = Field(description="name under which a public check keeps the numbers")
    task: Identifier
    check: Name = Field(description="the public check")
    title: Text
    note: Text = Field(description="what to look for")
    kind: Literal["curve", "surface"] = Field(
        description="a curve: numbers, or a row x and a row y for each line; "
        "a surface: a square of shares"
    )
    x: Text
    y: Text
    lines: list[Text] = Field(
        default=[], max_length=4, description="what each line of a curve with several is called"
    )
    ticks: list[Text] = Field(
        default=[], description="what stands at x = 1, 2, ... of a curve in place of numbers"
    )
    expected: Name = Field(
        description="function of tests/figures.py: from the reference to the expected numbers"
    )

    @model_validator(mode="after")
    def _only_curves_have_lines(self) -> Figure:
        if self.kind == "surface" and (self.lines or self.ticks):
            raise ValueError(f"{self.id} is a surface, which has neither `lines` nor `ticks`")
        return self


class ExcludedCheck(Part):
    """A check that turned out to be broken: everybody has its points."""

    id: Name
    reason: Text = Field(description="students read it")


class LatePenalty(Part):
    """What lateness costs, in percent of the points that are possible."""

    percent_per_day: Percent = Field(gt=0, description="for each day that has begun")
    grace_minutes: int = Field(default=0, ge=0, description="so much lateness costs nothing")
    at_most_percent: Percent = Field(default=Decimal(100))


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
    snap: bool = Field(
        default=False, description="a category earns its level's percentage, nothing between"
    )
    late: LatePenalty | None = None
    export_may_move: Annotated[Decimal, Field(ge=0)] = Field(
        default=Decimal(0),
        description="points by which people may still move a mark that is sent to a course system",
    )
    exclude_check: list[ExcludedCheck] = []
    categories: dict[CategoryId, Category]
    tasks: list[Task] = Field(min_length=1)
    own_tests: OwnTests | None = None
    quality: Quality = Quality()
    report: Written
    completeness: Completeness
    claims: list[Claim] = []
    figures: list[Figure] = []

    @property
    def required(self) -> list[Task]:
        """The tasks that make up the mark: all but extensions."""
        return [task for task in self.tasks if not task.extension]

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
        tested = self.own_tests.implementations if self.own_tests else {}
        if unknown := sorted(tested.keys() - set(ids)):
            raise ValueError(f"own_tests: there is no task {unknown[0]}")
        if beyond := sorted(tested.keys() - {task.id for task in self.required}):
            raise ValueError(f"own_tests: {beyond[0]} is an extension, which needs no tests")
        if not self.required:
            raise ValueError("tasks: every task is an extension, so there is nothing to mark")
        return self
