"""Attempts, the roster, and who is missing: through the command and what it writes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.intake.limits import IntakeError
from autograder.intake.roster import Roster, read_roster

from .conftest import TINY, autograde
from .test_command import RIGHT

HALF = RIGHT["spread.py"].replace("np.max(values) -", "0 *")
Write = Callable[..., Path]


def handed_in(folder: Path, who: str, time: str, spread: str = RIGHT["spread.py"]) -> None:
    """One attempt as Blackboard names it: time is `2024-09-24-10-00-00`."""
    folder.mkdir(exist_ok=True)
    texts = {"spread.py": spread, "outliers.py": RIGHT["outliers.py"]}
    for name, text in texts.items():
        (folder / f"HW 1_{who}_attempt_{time}_{name}").write_text(text, encoding="utf-8")


def report(folder: Path, identifier: str) -> dict[str, Any]:
    return json.loads((folder / "results" / "reports" / f"{identifier}.json").read_text())


def table(folder: Path, name: str) -> list[list[str]]:
    with (folder / "results" / name).open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))[1:]


def run(folder: Path, *arguments: object) -> str:
    done = autograde("class", "--assignment", TINY, *arguments, cwd=folder)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture
def attempts(tmp_path: Path) -> Path:
    """Ada: right, then wrong, then late and wrong; Ben: late only."""
    handed_in(tmp_path / "class", "ada", "2024-09-20-10-00-00")
    handed_in(tmp_path / "class", "ada", "2024-09-21-10-00-00", HALF)
    handed_in(tmp_path / "class", "ada", "2024-09-25-10-00-00", "x = 1\n")
    handed_in(tmp_path / "class", "ben", "2024-09-25-10-00-00")
    (tmp_path / "roster.csv").write_text("id,deadline\nada,2024-09-24\nben,2024-09-24 23:59\n")
    return tmp_path


def test_the_latest_attempt_counts_and_is_told(attempts: Path) -> None:
    said = run(attempts)
    assert "taken as a download from Blackboard: 2 students, 4 attempts" in said
    info = report(attempts, "ada")["submission"]
    assert (info["attempt"], info["submitted_at"]) == (3, "2024-09-25T10:00:00")
    assert "ada" not in info["source"]


def test_the_latest_on_time_counts_by_the_rosters_deadline(attempts: Path) -> None:
    said = run(attempts, "--attempts", "latest_on_time", "--roster", "roster.csv")
    assert report(attempts, "ada")["submission"]["attempt"] == 2
    assert report(attempts, "ben")["submission"]["attempt"] == 1
    assert "no attempt is on time, so the latest counts: ben" in said


def test_the_best_attempt_counts_and_the_others_stand_beside_it(attempts: Path) -> None:
    run(attempts, "--attempts", "best")
    best = report(attempts, "ada")
    assert best["submission"]["attempt"] == 1
    others = sorted((attempts / "results" / "attempts" / "ada").iterdir())
    assert [path.name for path in others] == ["2.json", "3.json"]
    points = [json.loads(path.read_text())["score"]["points"] for path in others]
    assert max(points) < best["score"]["points"]
    before = {p: p.read_bytes() for p in (attempts / "results").rglob("*/*.json")}
    run(attempts, "--attempts", "best")
    assert {p: p.read_bytes() for p in (attempts / "results").rglob("*/*.json")} == before
    costs = json.loads((attempts / "results" / "run.json").read_text())
    assert (costs["graded_now"], costs["kept"]) == (0, 2)


def test_a_new_best_attempt_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    handed_in(folder, "ada", "2024-09-20-10-00-00", "x = 1\n")
    handed_in(folder, "ada", "2024-09-21-10-00-00", HALF)
    run(tmp_path, "--attempts", "best")
    assert report(tmp_path, "ada")["submission"]["attempt"] == 2
    handed_in(folder, "ada", "2024-09-22-10-00-00")
    run(tmp_path, "--attempts", "best")
    run(tmp_path, "--attempts", "best", "--jobs", 1, "--output", "fresh")
    continued, fresh = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*/*.json")}
        for folder in (tmp_path / "results", tmp_path / "fresh")
    )
    assert continued == fresh
    assert report(tmp_path, "ada")["submission"]["attempt"] == 3


def test_a_groups_work_is_graded_once_and_stands_for_each(
    tiny_submission: Write, tmp_path: Path
) -> None:
    tiny_submission(ada=RIGHT, zoe=RIGHT)
    text = "\ufeffid;section;group;deadline\nada;1;=team;\nben;1;=team;\nZoe;2;;\n0007;2;;\n"
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    said = run(tmp_path, "--roster", "roster.csv")
    assert "3 students, 2 submissions, 2 attempts; 1 of the roster missing" in said
    rows = {row[0]: row[1:3] for row in table(tmp_path, "grades.csv")}
    assert list(rows) == ["ada", "ben", "Zoe", "0007"]
    assert rows["ada"] == rows["ben"]
    assert rows["0007"] == ["missing", ""]
    (group,) = [p for p in (tmp_path / "results" / "reports").iterdir() if "team" in p.name]
    assert json.loads(group.read_text())["submission"]["members"] == ["ada", "ben"]
    assert not (tmp_path / "results" / "reports" / "0007.json").exists()
    summary = json.loads((tmp_path / "results" / "summary.json").read_text())
    assert summary["missing"] == [{"id": "0007"}]
    assert summary["submissions"] == 2


def test_a_group_formed_later_leaves_no_marks_of_its_members_alone(tmp_path: Path) -> None:
    handed_in(tmp_path / "class", "ada", "2024-09-22-10-00-00")
    handed_in(tmp_path / "class", "ben", "2024-09-21-10-00-00", HALF)
    run(tmp_path)
    alone = report(tmp_path, "ben")["score"]
    (tmp_path / "roster.csv").write_text("id,group\nada,1\nben,1\n")
    run(tmp_path, "--roster", "roster.csv")
    results = tmp_path / "results"
    assert [path.name for path in (results / "reports").iterdir()] == ["group-1.json"]
    assert [path.name for path in (results / "pages").iterdir()] == ["group-1.html"]
    assert [path.name for path in (results / "artifacts").iterdir()] == ["group-1.json"]
    run(tmp_path)
    assert report(tmp_path, "ben")["score"] == alone
    assert sorted(path.stem for path in (results / "reports").iterdir()) == ["ada", "ben"]


def test_hand_ins_of_several_members_are_attempts_of_the_group(tmp_path: Path) -> None:
    handed_in(tmp_path / "class", "ada", "2024-09-22-10-00-00")
    handed_in(tmp_path / "class", "ben", "2024-09-21-10-00-00", HALF)
    (tmp_path / "roster.csv").write_text("id,members\nada,ben\nben,\n")
    run(tmp_path, "--roster", "roster.csv")
    info = report(tmp_path, "group-ada")["submission"]
    assert (info["attempt"], info["submitted_at"]) == (2, "2024-09-22T10:00:00")
    assert info["members"] == ["ada", "ben"]
    assert [row[0] for row in table(tmp_path, "identities.csv")] == ["ada", "ben"]


def test_group_work_without_times_is_said(tiny_submission: Write, tmp_path: Path) -> None:
    tiny_submission(ada=RIGHT, ben=RIGHT, cyd=RIGHT)
    (tmp_path / "roster.csv").write_text("id,group\nada,1\nben,1\n")
    said = run(tmp_path, "--roster", "roster.csv")
    assert "group-1: ada, ben each handed in, and the download does not say when" in said
    assert "not in the roster, graded all the same: cyd" in said


def test_a_roster_given_later_changes_no_mark_and_grades_nothing_anew(
    tiny_submission: Write, tmp_path: Path
) -> None:
    tiny_submission(ada=RIGHT)
    run(tmp_path)
    before = report(tmp_path, "ada")
    (tmp_path / "roster.csv").write_text("id\nADA\nben\n")
    run(tmp_path, "--roster", "roster.csv")
    assert [row[:2] for row in table(tmp_path, "grades.csv")] == [
        ["ADA", "graded"],
        ["ben", "missing"],
    ]
    assert report(tmp_path, "ADA")["score"] == before["score"]


def test_a_name_that_needs_a_new_id_may_stand_in_the_roster_as_it_is(
    tiny_submission: Write, tmp_path: Path
) -> None:
    tiny_submission(**{"Zoë Li": RIGHT})
    (tmp_path / "roster.csv").write_text("id\nZoë Li\n", encoding="utf-8")
    assert "missing" not in run(tmp_path, "--roster", "roster.csv")


def roster(folder: Path, text: str | bytes) -> Roster:
    path = folder / "roster.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_roster(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,section\nada,1\n", "line 1: there is no column 'id'"),
        ("", "line 1: there is no column 'id'"),
        ("id\nada\nben\nADA\n", "line 4: the id 'ADA' is there already"),
        ("id,section\n,1\n", "line 2: the id is empty"),
        ("id,deadline\nada,tomorrow\n", "line 2: the deadline 'tomorrow' cannot be read"),
        ("id,members\nada,ben\n", "line 2: the member 'ben' is not in the roster"),
        ("id,members\nada,ben\nben,cyd\ncyd,\n", "'ben' is in two groups"),
        ("id,group,members\nada,1,ben\nben,2,\n", "line 3: 'ben' is in two groups, '1' and '2'"),
        (b"id\nJ\xf6rg\n", "line 2: not UTF-8"),
        ('id\n"ada\n', "roster.csv, line 2"),
    ],
)
def test_mistakes_in_a_roster_are_named_with_their_line(
    text: str | bytes, message: str, tmp_path: Path
) -> None:
    with pytest.raises(IntakeError) as caught:
        roster(tmp_path, text)
    assert message in str(caught.value)


def test_a_roster_that_is_not_there(tiny_submission: Write, tmp_path: Path) -> None:
    tiny_submission(ada=RIGHT)
    done = autograde("class", "--assignment", TINY, "--roster", "no.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "no.csv cannot be read" in done.stderr


def test_deadlines_include_the_day_or_minute_they_name(tmp_path: Path) -> None:
    found = roster(
        tmp_path, "id,deadline\na,2026-11-30\nb,2026-11-30 23:59\nc,2026-11-30T10:00:00Z\n"
    )
    ends = [str(student.deadline) for student in found.students.values()]
    assert ends[0] == "2026-11-30 23:59:59.999999"
    assert ends[1].startswith("2026-11-30 23:59:59")
    assert ends[2] == "2026-11-30 10:00:00+00:00"
