"""Students are forgotten: nothing of theirs is left, everything of the others is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autograder.bundle import Bundle
from autograder.corpus import Base, Case, materialise

from .conftest import TINY, autograde
from .sent import Student, graded_class, sent

ROSTER = "id,group\nada,one\nbob,one\ncleo,\ndora,\n"
NAMES = "id,name\nada,Ada Lovelace\nbob,Bob Li\ncleo,Cleo Nil\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A group of two, somebody alone, somebody who handed in nothing; reviewed, sent, graded."""
    folder, bundle = tmp_path_factory.mktemp("course"), Bundle.open(TINY)
    for name in ("ada", "cleo"):
        report = {"report.md": f"# Report\n\n## Summary\n\nBy {name.title()} Nil.\n"}
        case = Case(name=f"accepted/{name}", about="", base=Base.TEMPLATE, files=report)
        materialise(case, bundle, folder / "class", name)
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    more = "--assignment", TINY, "--roster", "roster.csv", "--isolation", "none"
    done = autograde("class", *more, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    results = folder / "results"
    (results / "identities.csv").write_text(NAMES, encoding="utf-8")
    (results / "export").mkdir()
    (results / "export" / "marks.csv").write_text("cleo,Cleo Nil,3\n", encoding="utf-8")
    (results / "push").mkdir()
    lines = [json.dumps({"user": u, "points": "1", "comment": ""}) for u in ("cleo", "77", "ada")]
    (results / "push" / "moodle.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in ("group-one", "cleo"):
        options = "--question", "quality", "--set", "1", "--reviewer", "ana", "--assignment", TINY
        assert autograde("review", "results", name, *options, cwd=folder).returncode == 0
    return folder


@pytest.fixture
def copy(course: Path, tmp_path: Path) -> Path:
    shutil.copytree(course, tmp_path / "course")
    return tmp_path / "course"


def forget(course: Path, *arguments: object) -> str:
    return sent("forget", *arguments, "--results", course / "results", "--yes")


def test_a_student_who_is_forgotten_stands_nowhere(copy: Path) -> None:
    assert "By Cleo Nil." in (copy / "results" / "artifacts" / "cleo.json").read_text()
    said = forget(copy, "cleo")
    left = [path for part in ("results", "reviews") for path in (copy / part).rglob("*")]
    assert not [path for path in left if "cleo" in path.name]
    texts = [path.read_text() for path in left if path.is_file()]
    assert not [text for text in texts if "cleo" in text or "Cleo" in text]
    assert "submissions" in said.splitlines()[-1], "what is beyond reach is said"
    summary = json.loads((copy / "results" / "summary.json").read_text())
    assert (summary["submissions"], [m["id"] for m in summary["missing"]]) == (1, ["dora"])


def test_nothing_of_the_others_changes(course: Path, copy: Path) -> None:
    forget(copy, "cleo")
    for place in ("results/reports", "results/artifacts", "results/pages", "reviews"):
        for path in (copy / place).rglob("*.*"):
            assert path.read_bytes() == (course / path.relative_to(copy)).read_bytes()
    grades = (copy / "results" / "grades.csv").read_text().splitlines()
    before = (course / "results" / "grades.csv").read_text().splitlines()
    assert grades == [line for line in before if not line.startswith("cleo,")]
    journal = (copy / "results" / "push" / "moodle.jsonl").read_text()
    assert [json.loads(line)["user"] for line in journal.splitlines()] == ["77", "ada"]


def test_a_group_keeps_its_work_without_the_member(copy: Path) -> None:
    forget(copy, "ada")
    report = json.loads((copy / "results" / "reports" / "group-one.json").read_text())
    assert report["submission"]["members"] == ["bob"]
    assert (copy / "reviews" / "group-one").is_dir()
    assert "ada" not in (copy / "results" / "grades.csv").read_text()
    assert (
        copy / "results" / "identities.csv"
    ).read_text() == "id,name\nbob,Bob Li\ncleo,Cleo Nil\n"
    forget(copy, "bob")
    assert not (copy / "results" / "reports" / "group-one.json").exists()
    assert not (copy / "reviews" / "group-one").exists()


def test_the_name_that_the_course_system_uses_goes_from_the_journal(copy: Path) -> None:
    (copy / "users.csv").write_text("id,user\ncleo,77\n", encoding="utf-8")
    forget(copy, "cleo", "--users", copy / "users.csv")
    assert "77" not in (copy / "results" / "push" / "moodle.jsonl").read_text()


def test_again_it_finds_nothing_and_an_id_is_never_a_path(copy: Path) -> None:
    forget(copy, "cleo")
    files = {path: path.stat().st_mtime_ns for path in copy.rglob("*") if path.is_file()}
    assert forget(copy, "cleo", "..", "../..", "/").startswith("nothing here is theirs\n")
    left = {path: path.stat().st_mtime_ns for path in copy.rglob("*") if path.is_file()}
    assert left == files


def test_tables_that_others_put_there_are_read_or_named(copy: Path) -> None:
    results = copy / "results"
    (results / "empty.csv").write_text("")
    (results / "mine.csv").write_text("\ufeffid,note\n\ncleo,late\n")
    (results / "zz.csv").write_bytes("cleo,verspätet\n".encode("latin-1"))
    command = "forget", "cleo", "--results", results, "--yes"
    assert "zz.csv is no table in UTF-8" in sent(*command, code=2)
    (results / "zz.csv").unlink()
    sent(*command)
    assert (results / "mine.csv").read_text() == "id,note\n\n"
    assert "cleo" not in (results / "identities.csv").read_text()


def test_whoever_answers_no_loses_nothing(copy: Path) -> None:
    sent("forget", "cleo", "--results", copy / "results", code=1)
    assert (copy / "results" / "reports" / "cleo.json").exists()


def test_results_of_another_version_of_the_assignment_are_forgotten_too(tmp_path: Path) -> None:
    results = graded_class(tmp_path, Student("11", name="Ada Lovelace"), Student("12", name="Bo"))
    (results / "artifacts" / "12.json").write_text('{"text": "with Ada Lovelace"}')
    said = sent("forget", "11", "--results", results, "--yes")
    assert "index.html; grading writes it anew" in said
    assert f"still named, in words of others: {results / 'artifacts' / '12.json'}" in said
    assert [row.split(",")[0] for row in (results / "grades.csv").read_text().split()] == [
        "id",
        "12",
    ]
