"""Human review: files of several people, what they come to, and what a student has seen."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from autograder.bundle import Bundle
from autograder.cli.grade import Request, grade_request
from autograder.contract import Extension
from autograder.model import Verdict
from autograder.review.changes import movements
from autograder.review.prose import flowing
from autograder.review.released import together

from .conftest import ROOT, TINY, autograde, once
from .sent import Student, report_of
from .test_command import RIGHT

BASE = TINY / "tests" / "submissions" / "base"
FILES = {**RIGHT, **{path.name: path.read_text() for path in BASE.iterdir() if path.is_file()}}
WRONG = {**FILES, "spread.py": FILES["spread.py"].replace("values.std()", "values.std(ddof=1)")}
CLASS = {"ada": FILES, "ben": WRONG, "cleo": FILES}
SCHEMA = ROOT / "autograder" / "schemas" / "review.schema.json"
START = "2026-11-20T10:00:00+01:00"


class Course:
    """A folder with a class, its results and its reviews, and the command on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bundle = TINY

    def run(self, *arguments: object, code: int = 0) -> str:
        done = autograde(*arguments, "--assignment", self.bundle, cwd=self.folder)
        assert "Traceback" not in done.stderr
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def grade(self, *arguments: object, code: int = 0) -> str:
        return self.run("class", *arguments, code=code)

    def report(self, identifier: str, results: str = "results") -> dict[str, Any]:
        return json.loads((self.folder / results / "reports" / f"{identifier}.json").read_text())

    def category(self, identifier: str, name: str, results: str = "results") -> dict[str, Any]:
        found = self.report(identifier, results)["categories"]
        return next(category for category in found if category["id"] == name)

    def evidence(self, identifier: str, name: str, results: str = "results") -> dict[str, Any]:
        found = [e for c in self.report(identifier, results)["categories"] for e in c["evidence"]]
        return next(evidence for evidence in found if evidence["id"] == name)

    def says(self, identifier: str, reviewer: str, **content: Any) -> Path:
        """Write a review file, as somebody else's program would."""
        review = {
            "version": 1,
            "id": identifier,
            "reviewer": reviewer,
            "at": START,
            "sha256": self.report(identifier)["submission"]["sha256"],
            **content,
        }
        subject = content.get("evidence") or content.get("category")
        path = self.folder / "reviews" / identifier / f"{subject}.{reviewer}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(review))
        return path

    def edit(self, file: str, old: str, new: str) -> None:
        """Change a file of the class or, below `bundle/`, of a copy of the bundle."""
        if file.startswith("bundle/") and self.bundle == TINY:
            self.bundle = self.folder / "bundle"
            shutil.copytree(TINY, self.bundle)
        path = self.folder / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))


def graded_once(factory: pytest.TempPathFactory) -> Path:
    """Three students, graded once for all who ask."""

    def make(folder: Path) -> None:
        for name, files in CLASS.items():
            (folder / "class" / name).mkdir(parents=True)
            for file, text in files.items():
                (folder / "class" / name / file).write_text(text)
        Course(folder).grade()

    return once(factory, "reviewed", make)


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return graded_once(tmp_path_factory)


@pytest.fixture
def course(graded: Path, tmp_path: Path) -> Course:
    """A copy of the graded class."""
    shutil.copytree(graded, tmp_path / "course")
    return Course(tmp_path / "course")


def test_files_of_three_reviewers_are_merged_without_grading_again(course: Course) -> None:
    before = {name: course.report(name)["score"]["points"] for name in ("ada", "ben", "cleo")}
    course.says("ada", "ana", evidence="Q-S1", points=0.5, comment="Outliers only.")
    course.says("ben", "bob", evidence="Q-S1", points=1)
    course.says("cleo", "eve", category="quality", level="Proficient", comment="A joy.")
    course.grade()
    assert json.loads((course.folder / "results" / "run.json").read_text())["kept"] == 3
    marked = course.evidence("ada", "Q-S1")
    assert (marked["measured"], marked["points"], marked["needs_review"]) == (None, 0.5, False)
    assert marked["message"] == "Answered in report.md. Marked by a person."
    (said,) = marked["reviews"]
    assert (said["reviewer"], said["at"], said["comment"]) == ("ana", START, "Outliers only.")
    assert course.evidence("ben", "Q-S1")["points"] == 1
    quality = course.category("cleo", "quality")
    assert (quality["points"], quality["level"], quality["state"]) == (2, "Proficient", "reviewed")
    assert quality["adjustments"] == [{"by": "review", "points": 0.3}]
    assert not {"quality-spread", "quality-outliers"} & set(
        course.report("cleo")["review"]["pending"]
    )
    with (course.folder / "results" / "grades.csv").open() as file:
        moved = {
            row["id"]: round(float(row["points"]) - before[row["id"]], 2)
            for row in csv.DictReader(file)
        }
    assert moved == {"ada": 0.5, "ben": 1, "cleo": 0.3}


def test_a_review_taken_back_leaves_what_was_measured(course: Course) -> None:
    before = course.report("ada")
    course.says("ada", "ana", evidence="quality-spread", points=0.1)
    path = course.says("ada", "bob", category="report", points=0.5)
    course.grade()
    assert course.report("ada") != before
    shutil.rmtree(path.parent)
    course.grade()
    assert course.report("ada") == before


def test_two_who_disagree_keep_the_provisional_mark_until_one_decides(course: Course) -> None:
    course.says("ada", "ana", evidence="Q-S1", points=1, comment="Good.")
    course.says("ada", "bob", evidence="Q-S1", points=0, comment="Says nothing.")
    course.grade()
    marked = course.evidence("ada", "Q-S1")
    assert (marked["points"], marked["needs_review"]) == (0, True)
    assert {note["comment"] for note in marked["reviews"]} == {"Good.", "Says nothing."}
    assert "Q-S1" in course.report("ada")["review"]["pending"]
    said = course.run(
        "review",
        "results",
        "--decide",
        "--set",
        "half",
        "--question",
        "Q-S1",
        "ada",
        "--reviewer",
        "eve",
    )
    assert "reviews: 1\n" in said
    marked = course.evidence("ada", "Q-S1")
    assert (marked["points"], marked["needs_review"]) == (0.5, False)


def test_of_one_reviewer_the_later_review_counts(course: Course) -> None:
    first = course.says("ada", "ana", evidence="Q-S1", points=1, at="2026-11-20T10:00:00Z")
    first.rename(first.with_name("copy of it.json"))
    course.says("ada", "ana", evidence="Q-S1", points=0.5, at="2026-11-20T10:30:00+00:00")
    course.grade()
    marked = course.evidence("ada", "Q-S1")
    assert (marked["points"], len(marked["reviews"])) == (0.5, 1)


MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"id": "nobody", "evidence": "Q-S1", "points": 1}, "there is no submission 'nobody'"),
    ({"evidence": "Q-S9", "points": 1}, "there is no evidence 'Q-S9'"),
    ({"evidence": "Q-S1", "points": 1.5}, "1.5 points, and Q-S1 has 1 at most"),
    ({"category": "quality", "level": "Genius"}, "unknown level 'Genius'"),
    ({"category": "style", "points": 1}, "unknown category 'style'"),
    ({"evidence": "Q-S1", "level": "Beginning"}, "a level belongs to a category"),
    ({"evidence": "Q-S1", "points": -1}, "greater than or equal to 0"),
    ({"evidence": "Q-S1", "points": 0.333}, "2 decimal places"),
    ({"evidence": "Q-S1", "points": "many"}, "points:"),
    ({"evidence": "Q-S1", "points": 1, "at": "yesterday"}, "at:"),
    ({"evidence": "Q-S1", "points": 1, "at": "2026-11-20T10:00:00"}, "timezone"),
    ({"evidence": "Q-S1", "points": 1, "mark": 1}, "unknown key 'mark'"),
    ({"evidence": "Q-S1", "points": 1, "version": 2}, "version"),
    ({"points": 1}, "give either `evidence` or `category`"),
]


def test_reviews_that_fit_nothing_are_left_out_and_named(course: Course) -> None:
    before = course.report("ada")
    paths = []
    for number, (content, _) in enumerate(MISFITS):
        path = course.says("ada", "ana", **content)
        paths.append(path.rename(path.with_name(f"{number}-{path.name}")))
    torn = course.folder / "reviews" / "torn.json"
    torn.write_bytes(b'{"version": 1, "id": \xff')
    course.says("ben", "ana", evidence="Q-S1", points=1)
    lines = course.grade(code=1).splitlines()[-len(MISFITS) - 1 :]
    for path, (_, says) in [*zip(paths, MISFITS, strict=True), (torn, ({}, "not valid JSON"))]:
        (line,) = (line for line in lines if str(path) in line)
        assert says in line
    assert course.report("ada") == before
    assert course.evidence("ben", "Q-S1")["points"] == 1


def test_a_review_of_other_work_is_flagged_and_never_dropped(course: Course) -> None:
    course.says("ada", "ana", evidence="Q-S1", points=0.5)
    course.says("ada", "ana", category="report", points=1)
    course.grade()
    course.edit("class/ada/report.md", "The range", "As I see it now, the range")
    course.grade()
    marked = course.evidence("ada", "Q-S1")
    assert [note["stale"] for note in marked["reviews"]] == [True]
    assert (marked["points"], marked["needs_review"]) == (0.5, True)
    whole = course.category("ada", "report")
    assert (whole["points"], whole["provisional"], whole["reviews"][0]["stale"]) == (1, True, True)
    course.says("ada", "bob", evidence="Q-S1", points=1)
    course.grade()
    marked = course.evidence("ada", "Q-S1")
    assert (marked["points"], marked["needs_review"], len(marked["reviews"])) == (1, False, 2)


def test_a_regrade_says_who_moves_and_why_and_keeps_reviews(course: Course) -> None:
    course.says("cleo", "ana", evidence="Q-S1", points=1)
    course.run("publish", "results", "cleo", "--category", "implementation")
    course.says("ben", "ana", evidence="Q-S1", points=1)
    course.says("cleo", "ana", category="quality", points=2)
    hidden = "bundle/tests/hidden/test_statistics.py"
    course.edit(hidden, "[got.mean(), got.std()], [0.0, 1.0]", "[got.mean()], [0.0]")
    sent = course.folder / "results" / "push" / "canvas-1-2.jsonl"
    sent.parent.mkdir()
    sent.write_text('{"user": "ben", "points": "14", "comment": ""}\n')
    said = course.run("regrade", "class", "--against", "results", "--output", "new")
    assert (course.folder / "new" / "push" / sent.name).read_bytes() == sent.read_bytes()
    changes = json.loads((course.folder / "new" / "changes.json").read_text())
    moved = {each["id"]: each for each in changes["moved"]}
    assert moved.keys() == {"ben", "cleo"}
    ben = {each["what"]: each for each in moved["ben"]["changes"]}
    assert ben["standardised_samples"]["why"] == "check"
    assert ben["standardised_samples"]["how"] == "fail -> pass"
    assert (ben["Q-S1"]["why"], ben["Q-S1"]["how"]) == ("review", "ana")
    assert [each["why"] for each in moved["cleo"]["changes"]] == ["review"]
    for each in moved.values():
        total = sum(change["new"] - change["old"] for change in each["changes"])
        assert round(total, 2) == round(each["new"] - each["old"], 2)
    assert "standardised_samples" in said
    assert "fail -> pass" in said
    assert "2 of 3 move" in said
    survived = course.evidence("cleo", "Q-S1", "new")
    assert (survived["points"], survived["reviews"][0]["stale"]) == (1, False)
    assert course.category("cleo", "implementation", "new")["state"] == "released"


def test_points_of_the_rubric_and_what_follows_from_a_gate_are_told_apart(course: Course) -> None:
    course.edit("bundle/rubric.yaml", "points: 1\n        text", "points: 3\n        text")
    course.edit(
        "bundle/tests/hidden/test_statistics.py",
        "for size in (1, 5, 40):",
        "expect.that(False, 'No.')\n    for size in ():",
    )
    course.run("regrade", "class", "--against", "results")
    changes = json.loads((course.folder / "regraded" / "changes.json").read_text())
    ada = {each["what"]: each for each in changes["moved"][0]["changes"]}
    assert ada["range_of_other_samples"]["why"] == "check"
    assert ada["quality-spread"]["why"] == "follows"
    assert ada["quality-spread"]["how"] == "range_of_other_samples"
    assert ada["report-summary"]["how"] == "range_of_other_samples"


def test_a_changed_extension_is_listed_and_moves_no_mark() -> None:
    report = report_of(Student("11"))
    (earned,) = report.categories[0].evidence
    earned = earned.model_copy(update={"id": "beyond", "verdict": Verdict.PASS})
    lost = earned.model_copy(update={"verdict": Verdict.FAIL, "points": Decimal(0)})
    before, after = (
        report.model_copy(update={"extension": Extension.of([each])}) for each in (earned, lost)
    )
    (moved,) = movements([before], [after])
    (change,) = moved.changes
    assert moved.old == moved.new
    assert (change.category, change.what, change.how) == ("extension", "beyond", "pass -> fail")
    assert (change.old, change.new) == (earned.points, 0)


def test_what_was_released_in_either_folder_is_kept_by_a_second_regrade() -> None:
    old = {"ada": {"quality": Decimal(2), "late": Decimal(1)}, "ben": {"report": Decimal(1)}}
    new = {"ada": {"quality": Decimal(1), "report": Decimal(2), "late": Decimal(0)}}
    both = {"quality": Decimal(2), "report": Decimal(2), "late": Decimal(0)}
    for first, second in ((old, new), (new, old)):
        assert together(first, second) == {"ada": both, "ben": old["ben"]}
    assert old["ada"]["late"] == 1


def test_results_are_not_regraded_over_themselves(course: Course) -> None:
    said = course.run("regrade", "class", "--against", "results", "--output", "results", code=2)
    assert "another folder" in said


def test_what_was_released_does_not_fall_unless_it_is_allowed(course: Course) -> None:
    said = course.run("publish", code=1)
    assert "wait for a person and stay hidden" in said
    assert course.category("ada", "implementation")["state"] == "released"
    assert course.category("ada", "quality")["state"] == "measured"
    course.edit("class/ada/spread.py", "np.max(values) -", "0 *")
    lines = course.grade().splitlines()
    assert lines[-1].startswith("ada: implementation stays at 5, as released; it would be 2")
    fallen = course.category("ada", "implementation")
    assert (fallen["points"], fallen["adjustments"][0]) == (5, {"by": "released", "points": 3})
    assert course.category("ada", "quality")["points"] == 0.85
    assert "falls from 5, as released, to 2" in course.grade("--allow-decrease")
    assert course.category("ada", "implementation")["points"] == 2
    assert course.category("ada", "implementation")["state"] == "released"
    course.grade()
    assert course.category("ada", "implementation")["points"] == 2


def test_provisional_marks_are_released_only_when_asked_for(course: Course) -> None:
    course.run("publish", "results", "ben", "--category", "quality", code=1)
    assert course.category("ben", "quality")["state"] == "measured"
    course.run("publish", "results", "ben", "--category", "quality", "--provisional")
    assert course.category("ben", "quality")["state"] == "released"
    assert course.category("ada", "quality")["state"] == "measured"
    assert "no submission 'nobody'" in course.run("publish", "results", "nobody", code=2)


def test_what_was_released_is_never_forgotten_quietly(course: Course) -> None:
    (course.folder / "results" / "released.json").write_text("{")
    assert "says which marks must not fall" in course.grade(code=2)


def test_what_is_released_while_a_class_is_graded_holds(course: Course) -> None:
    course.run("publish", "results", "ben", "--category", "quality", "--provisional")
    request = Request(
        submissions=course.folder / "class",
        output=course.folder / "results",
        assignment=course.bundle,
        **dict.fromkeys(["reviews", "isolation", "roster"]),
        jobs=1,
        only=(),
        attempts="latest",
        allow_decrease=False,
    )
    places = [course.folder / "results" / name for name in ("released.json", "pages/ada.html")]
    before = [place.read_bytes() for place in places]
    grade_request(request, Bundle.open(course.bundle), {})  # nothing was, when it began
    assert [place.read_bytes() for place in places] == before
    assert course.category("ben", "quality")["state"] == "released"


def test_results_of_another_assignment_are_left_alone(course: Course) -> None:
    course.edit("bundle/rubric.yaml", "id: ", "id: another-")
    said = course.grade(code=2)
    assert "choose another folder with --output" in said


def test_a_report_that_is_gone_is_missed_before_anything_is_written(course: Course) -> None:
    table = (course.folder / "results" / "grades.csv").read_bytes()
    (course.folder / "results" / "reports" / "ben.json").unlink()
    assert "the report of ben is not in results" in course.run("publish", "results", code=2)
    assert (course.folder / "results" / "grades.csv").read_bytes() == table


def test_a_broken_check_is_credited_to_everybody(course: Course) -> None:
    line = "exclude_check: [{id: standardised_samples, reason: It divided wrongly.}]\ntasks:"
    course.edit("bundle/rubric.yaml", "tasks:", line)
    course.run("regrade", "class", "--against", "results", "--output", "new")
    found = course.evidence("ben", "standardised_samples", "new")
    assert (found["verdict"], found["excluded"]) == ("fail", "It divided wrongly.")
    assert found["points"] == found["possible"] > 0
    changes = json.loads((course.folder / "new" / "changes.json").read_text())
    assert [each["id"] for each in changes["moved"]] == ["ben"]
    assert changes["moved"][0]["changes"][0]["why"] == "rubric"


def test_an_excluded_check_costs_nothing_where_it_shows_reproducible_results(
    course: Course,
) -> None:
    course.edit("class/ben/spread.py", "values.std(ddof=1)", "np.random.rand()")
    line = "exclude_check: [{id: the_same_sample_twice, reason: Broken.}]\ntasks:"
    course.edit("bundle/rubric.yaml", "tasks:", line)
    course.grade()
    assert course.evidence("ben", "the_same_sample_twice")["verdict"] == "fail"
    found = course.evidence("ben", "same-twice")
    assert (found["points"], found["message"]) == (found["possible"], "")


def test_behind_an_excluded_gate_the_rest_counts(course: Course) -> None:
    course.edit("class/ben/spread.py", "np.max(values) -", "0 *")
    line = "exclude_check: [{id: range_of_other_samples, reason: Broken.}]\ntasks:"
    course.edit("bundle/rubric.yaml", "tasks:", line)
    course.grade()
    assert course.evidence("ben", "order_of_a_standardised_sample")["points"] > 0


def test_excluding_a_check_that_is_not_there_names_the_line(course: Course) -> None:
    line = "exclude_check:\n  - id: standardised_sample\n    reason: Broken.\ntasks:"
    course.edit("bundle/rubric.yaml", "tasks:", line)
    number = (
        (course.bundle / "rubric.yaml")
        .read_text()
        .splitlines()
        .index("  - id: standardised_sample")
    )
    said = course.grade(code=2)
    assert f"rubric.yaml:{number + 1}: exclude_check" in said
    assert "did you mean 'standardised_samples'?" in said


def test_points_snap_to_the_level(course: Course) -> None:
    course.edit("bundle/rubric.yaml", "categories:\n", "snap: true\ncategories:\n")
    course.grade()
    found = course.category("ada", "implementation")
    assert (found["points"], found["level"]) == (3, "Beginning")
    assert found["adjustments"] == [{"by": "snap", "points": -2}]
    assert found["to_next_level"] == "83.3%: 0.1 points short of Progressing"


LATE = {
    "2024-09-24-10-00-00": None,
    "2024-09-24-10-30-00": None,
    "2024-09-24-10-31-00": {"days": 1, "points": 1.6},
    "2024-09-25-10-00-00": {"days": 1, "points": 1.6},
    "2024-09-25-10-00-01": {"days": 2, "points": 3.2},
    "2024-10-20-10-00-00": {"days": 26, "points": 4},
}


def test_lateness_costs_by_the_day_and_never_more_than_was_earned(tmp_path: Path) -> None:
    course = Course(tmp_path)
    (tmp_path / "class").mkdir()
    for number, time in enumerate([*LATE, "2024-10-20-10-00-00"]):
        for name, text in (RIGHT if number < len(LATE) else {"spread.py": "x = 1"}).items():
            (tmp_path / "class" / f"HW 1_s{number}_attempt_{time}_{name}").write_text(text)
    names = [f"s{number}" for number in range(len(LATE) + 1)]
    deadlines = [f"{name},2024-09-24 10:00:00" for name in names]
    (tmp_path / "roster.csv").write_text("\n".join(["id,deadline", *deadlines]))
    rule = "late: {percent_per_day: 10, grace_minutes: 30, at_most_percent: 25}"
    course.edit("bundle/rubric.yaml", "categories:\n", f"{rule}\ncategories:\n")
    course.grade("--roster", "roster.csv")
    for name, late in zip(names, LATE.values(), strict=False):
        report = course.report(name)
        assert report.get("late") == late
        earned = sum(category["points"] for category in report["categories"])
        assert report["score"]["points"] == round(earned - (late or {"points": 0})["points"], 2)
    assert course.report(names[-1])["score"]["points"] == 0
    (tmp_path / "roster.csv").write_text("id,deadline\ns5,2024-12-24\n")
    course.grade("--roster", "roster.csv")  # a new deadline counts, and nobody is graded again
    assert "late" not in course.report("s5")
    assert json.loads((tmp_path / "results" / "run.json").read_text())["kept"] == len(names)


def test_reports_with_reviews_are_the_same_bytes_whatever_the_jobs(course: Course) -> None:
    for reviewer, points in (("ana", 1), ("bob", 0.5)):
        course.says("ada", reviewer, evidence="Q-S1", points=points)
    course.says("ben", "ana", category="report", level="Beginning")
    for jobs in (1, 2):
        course.grade("--output", f"with-{jobs}", "--jobs", jobs)
    for name in CLASS:
        one, two = (course.folder / f"with-{j}" / "reports" / f"{name}.json" for j in (1, 2))
        assert one.read_bytes() == two.read_bytes()


def test_what_the_command_writes_fits_the_schema(course: Course) -> None:
    course.run(
        "review",
        "results",
        "--question",
        "quality",
        "--set",
        "prog",
        "--reviewer",
        "ana",
        "--comment",
        "Consistent.",
        "ada",
        "ben",
    )
    course.run(
        "review", "results", "--question", "Q-S1", "--set", "half", "--reviewer", "ana", "ada"
    )
    paths = list((course.folder / "reviews").rglob("*.json"))
    assert len(paths) == 3
    for path in paths:
        Draft202012Validator(json.loads(SCHEMA.read_text())).validate(json.loads(path.read_text()))
    assert course.category("ben", "quality")["state"] == "reviewed"


def typed(course: Course, keys: str, *arguments: object) -> str:
    """What the command says to somebody who types this at its prompts."""
    command = [str(Path(sys.executable).with_name("autograde")), "review", "results"]
    command += ["--assignment", str(course.bundle), "--reviewer", "ana", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=course.folder, input=keys, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_one_question_is_marked_across_the_class_and_one_mark_serves_the_alike(
    course: Course,
) -> None:
    said = typed(course, "much\nhalf\nSee the handout.\n\n1\n", "--question", "quality-spread")
    assert "2 alike" in said
    assert "'much' is no mark" in said
    assert "def value_range" in said
    assert "reviews: 3\n" in said
    points = [course.evidence(name, "quality-spread")["points"] for name in CLASS]
    assert points == [0.5, 0.85, 0.5]
    comments = {course.evidence(n, "quality-spread")["reviews"][0]["comment"] for n in CLASS}
    assert comments == {"See the handout."}


def answer(course: Course, **texts: str) -> None:
    """Put other answers to the question in the place of those that were handed in."""
    for name, text in texts.items():
        path = course.folder / "results" / "artifacts" / f"{name}.json"
        document = json.loads(path.read_text())
        document["answers"] = {"Q-S1": {"text": text, "file": "report.md"}}
        path.write_text(json.dumps(document))


def test_leaving_in_the_middle_loses_nothing(course: Course) -> None:
    answer(course, ada="It only grows.", ben="Outliers decide.", cleo="One value is enough.")
    said = typed(course, "s\nfull\n\nq\n", "--question", "Q-S1")
    assert "It can only grow with the sample." in said
    assert "reviews: 1\n" in said
    marked = [course.evidence(name, "Q-S1")["needs_review"] for name in CLASS]
    assert sorted(marked) == [False, True, True]
    assert "2 of 2" in typed(course, "s\ns\n", "--question", "Q-S1")


def test_alike_ones_can_be_marked_one_by_one(course: Course) -> None:
    typed(course, "e\n0.9\n\n1\n\n", "--question", "quality-spread", "ada", "cleo")
    points = {course.evidence(name, "quality-spread")["points"] for name in ("ada", "cleo")}
    assert points == {0.9, 1}


def test_names_are_hidden_where_there_is_something_to_look_at(course: Course) -> None:
    answer(course, ada="It only grows.", ben="Outliers.", cleo="it  only grows.")
    said = typed(course, "full\n\nnone\n\n", "--question", "Q-S1")
    assert "It only grows." in said
    assert not {"ada", "ben", "cleo"} & set(said.split())
    assert [course.evidence(name, "Q-S1")["points"] for name in CLASS] == [1, 0, 1]


def test_what_was_written_is_shown_where_it_is_judged(tmp_path: Path) -> None:
    hostile = "The \u202erange [bold]grew[/bold] \x1b[31m<b>twice</b>."
    report = f"# Report\n\n## Summary\n\n{hostile}\n\n| range | 7 |\n|---|---|\n\n## Rest\n\n"
    many = "words of the rest, " * 2000
    folder = tmp_path / "class" / "ada"
    folder.mkdir(parents=True)
    for file, text in {**FILES, "report.md": report + many}.items():
        (folder / file).write_text(text, encoding="utf-8")
    course = Course(tmp_path)
    course.grade()
    section = typed(course, "full\n\n", "--question", "report-summary")
    assert "The \\u202erange [bold]grew[/bold] \\u001b[31m<b>twice</b>." in section
    assert "words of the rest" not in section
    assert "Names outliers" not in section and "Progressing" in section
    whole = typed(course, "Beginning\n\n", "--question", "report")
    assert "report-summary: " in whole
    assert "words of the rest" in whole
    assert f"({len(report + many) - 30_000} more characters in report.md)" in whole
    assert course.evidence("ada", "report-summary")["needs_review"] is False


WRAPPED = f"{'many words ' * 6}and"
PROSE = f"""## {WRAPPED}
{WRAPPED}
the end of it.
Short lines
are meant.

- {WRAPPED}
  the rest of the item
- the next item
| {WRAPPED} | b |
|---|---|
{WRAPPED}
> quoted

    {WRAPPED}
    code

```
{WRAPPED}
code
```
"""
FLOWING = PROSE.replace("and\nthe end", "and the end").replace("and\n  the rest", "and the rest")


def test_paragraphs_are_as_wide_as_the_window_and_all_else_keeps_its_lines() -> None:
    assert flowing(PROSE) == FLOWING.rstrip("\n")
    assert flowing("") == ""


def test_review_needs_results_of_the_assignment_as_it_is(course: Course) -> None:
    assert "holds no results" in course.run("review", "class", code=2)
    course.edit("bundle/rubric.yaml", "categories:\n", "snap: true\ncategories:\n")
    assert "another version of the assignment" in course.run("review", "results", code=2)


def test_a_folder_of_reviews_is_remembered(course: Course) -> None:
    path = course.says("ada", "ana", evidence="Q-S1", points=1)
    (course.folder / "elsewhere" / "ada").mkdir(parents=True)
    path.rename(course.folder / "elsewhere" / "ada" / path.name)
    course.run("publish", "results", "--reviews", "elsewhere", "--category", "quality", code=1)
    assert course.evidence("ada", "Q-S1")["points"] == 1
    course.grade()
    assert course.evidence("ada", "Q-S1")["points"] == 1
