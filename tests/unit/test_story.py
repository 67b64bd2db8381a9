"""One class from the download to the marks in the course system, as its teacher goes through it."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .conftest import TINY, autograde
from .sent import sent
from .test_review import FILES, WRONG

WORK = {**FILES, "README.md": FILES["README.md"].replace("`pytest`", "pytest")}
"""Without a command in the README: trying one takes as long as all checks together."""
DIVIDED_BY_LESS = {**WORK, "spread.py": WRONG["spread.py"]}
GATE_SHUT = {**WORK, "spread.py": WORK["spread.py"].replace("np.max(values) -", "0 *")}
OTHER_WORDS = {**WORK, "report.md": WORK["report.md"].replace("only grow", "never fall")}
NAMES = {
    "101": "lovelaceada",
    "102": "liwei",
    "0005": "liwei",
    "104": "يوسفليلى",
    "105": "李明",
    "106": "obriensean",
    "107": "günaldızoë",
}
RIGHT = {"0005", "101", "105"}
DOWNLOAD: dict[str, Mapping[str, str] | bytes] = {
    "lovelaceada_101_9001_work.zip": WORK,
    "liwei_102_9002_work.zip": GATE_SHUT,
    "liwei_102_9003_work-1.zip": DIVIDED_BY_LESS,
    "liwei_0005_9004_work.zip": WORK,
    "يوسفليلى_104_9005_work.zip": DIVIDED_BY_LESS,
    "李明_LATE_105_9006_work.zip": OTHER_WORDS,
    "obriensean_106_9007_work.zip": {},
    "günaldızoë_107_9008_work.zip": b"PK, but no archive",
}
ROSTER = "id,section\n101,A\n102,A\n0005,B\n104,B\n105,B\n106,A\n107,A\n108,B\n"
GRADEBOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,HW1 (4567),HW2 (4568),Current Score\r\n"
    "    Points Possible,,,,,16,10,(read only)\r\n"
    '"Lovelace, Ada",101,s-1,ada,"A, first",<101>,7,80.5\r\n'
    '"Li, Wei",102,s-2,wei,A,<102>,,\r\n'
    '"Li, Wei",103,0005,wei2,B,"<0005>",3,"1,234"\r\n'
    '"ليلى يوسف",104,s-4,laila,B,<104>,,\r\n'
    "李明,105,s-5,ming,B,<105>,10,\r\n"
    '"O\'Brien, Sean",106,s-6,sean,A,<106>,,\r\n'
    '"Günaldı, Zoë",107,s-7,zoe,A,<107>,5,\r\n'
    '"Nobody, Ned",108,s-8,ned,B,<108>,,\r\n'
)
"""Cells to be filled in stand as `<id>`."""


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def gradebook(marks: Mapping[str, float | None]) -> bytes:
    """Canvas' gradebook with these marks, and blanks for everybody else."""
    text = GRADEBOOK
    for identifier in [*NAMES, "108"]:
        mark = marks.get(identifier)
        text = text.replace(f"<{identifier}>", "" if mark is None else f"{mark:g}")
    return text.encode()


class Desk:
    """A folder with one class, and the commands typed there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bundle = TINY
        self.results = folder / "results"

    def graded(self, *arguments: object) -> str:
        """What is said of the class where student code is run; 107 never has a mark."""
        options = ("--roster", "roster.csv", "--assignment", self.bundle, "--jobs", 1)
        done = autograde(*arguments, *options, cwd=self.folder)
        assert (done.returncode, done.stderr) == (1, ""), done.stdout + done.stderr
        assert done.stdout.splitlines()[-1].startswith("not graded: 107: rejected: is not a read")
        return done.stdout

    def says(self, *command: object, code: int = 0) -> str:
        """What any other command says."""
        return sent(*command, code=code, assignment=self.bundle)

    def reviewed(self, who: str, question: str, mark: str, ids: str, *more: object) -> str:
        """What is said when one person gives some students one mark."""
        what = ("--reviewer", who, "--question", question, "--set", mark)
        return self.says("review", self.results, *ids.split(), *what, *more)

    def exported(self, into: bytes) -> tuple[bytes, str]:
        """The gradebook filled in, and what is said of it; before, nothing is written for 107."""
        (self.folder / "gradebook.csv").write_bytes(into)
        marks = ("export", "canvas", self.results, "--into", self.folder / "gradebook.csv")
        refused = self.says(*marks, "--column", "4567", code=1)
        assert refused.splitlines()[-2].startswith("refused: 107: not graded, and a blank is no")
        assert not (self.results / "export" / "canvas.csv").exists()
        said = self.says(*marks, "--column", "4567", "--partial", code=1)
        return (self.results / "export" / "canvas.csv").read_bytes(), said

    @property
    def feedback(self) -> list[object]:
        download = self.folder / "submissions.zip"
        return ["feedback", self.results, "--for", "canvas", "--into", download]

    def carried_back(self) -> dict[str, str]:
        """The students' pages in the archive for Canvas."""
        assert "6 of 7 students" in self.says(*self.feedback, "--partial", code=1)
        with zipfile.ZipFile(self.results / "export" / "feedback-canvas.zip") as archive:
            return {name: archive.read(name).decode() for name in archive.namelist()}

    def report(self, identifier: str) -> dict[str, Any]:
        path = self.results / "reports" / f"{identifier}.json"
        return json.loads(path.read_text(encoding="utf-8"))

    def page(self, identifier: str) -> str:
        return (self.results / "pages" / f"{identifier}.html").read_text(encoding="utf-8")

    @property
    def marks(self) -> dict[str, float | None]:
        scores = {identifier: self.report(identifier)["score"] for identifier in NAMES}
        return {identifier: score and score["points"] for identifier, score in scores.items()}


def test_a_class_from_its_download_to_its_marks_in_the_course_system(tmp_path: Path) -> None:
    files = {n: c if isinstance(c, bytes) else zipped(c) for n, c in DOWNLOAD.items()}
    desk = Desk(tmp_path / "office")
    desk.folder.mkdir()
    (desk.folder / "submissions.zip").write_bytes(zipped(files))
    (desk.folder / "roster.csv").write_text(ROSTER)
    take_in(desk)
    three_people_read(desk)
    release(desk)
    first = arrives(desk)
    one_appeals_and_a_check_was_wrong(desk)
    what_moved_arrives(desk, first)


def take_in(desk: Desk) -> None:
    said = desk.graded("submissions.zip")
    assert "Canvas: 7 students, 7 attempts; 1 of the roster missing" in said
    marks = desk.marks
    assert marks["107"] is None
    assert marks["106"] == 0
    assert desk.report("106")["reason"] == "Nothing was submitted."
    assert len({marks[each] for each in RIGHT}) == 1
    # of 102 the newest counts, which is not the one that is stuck at the gate
    assert marks["102"] == marks["104"] == (marks["101"] or 0) - 0.5
    rows = (row.split(",") for row in (desk.results / "grades.csv").read_text().splitlines()[1:])
    states = {identifier: status for identifier, status, *_ in rows}
    assert states == {**dict.fromkeys(NAMES, "graded"), "107": "not_graded", "108": "missing"}
    assert "refused: 101: people may still" in desk.says(*desk.feedback, code=1)
    assert not (desk.results / "export").exists()
    for path in desk.results.rglob("*.*"):
        named = any(name in path.read_text(encoding="utf-8") for name in NAMES.values())
        assert named == (path.name == "identities.csv"), path


def three_people_read(desk: Desk) -> None:
    """Ana reads answers, bob code, eve the writing; of 104 ana and bob think differently."""
    everybody = "0005 101 102 104 105"
    desk.reviewed("ana", "Q-S1", "full", "0005 101")
    desk.reviewed("ana", "Q-S1", "half", "102 104 105", "--comment", "Why does it say little?")
    desk.reviewed("bob", "Q-S1", "none", "104", "--comment", "Says nothing of the sample.")
    desk.reviewed("bob", "quality", "Progressing", everybody, "--comment", "Short and clear.")
    desk.reviewed("eve", "report", "full", everybody)
    desk.reviewed("eve", "completeness", "full", everybody)
    assert "Q-S1" in desk.report("104")["review"]["pending"]
    # what two people must mark is drawn by id, and waits for somebody else
    pending = {each: desk.report(each)["review"]["pending"] for each in everybody.split()}
    twice = [each for each, waiting in pending.items() if "readme" in waiting]
    assert 0 < len(twice) < len(pending)
    desk.reviewed("ana", "completeness", "full", " ".join(twice))


def release(desk: Desk) -> None:
    """What is agreed on at once, the rest when it is decided."""
    assert "wait for a person and stay hidden: 1" in desk.says("publish", desk.results, code=1)
    assert "Why does it say little?" in desk.page("102")
    assert "Short and clear." in desk.page("104")
    assert "Not released yet: Correctness." in " ".join(desk.page("104").split())
    assert "Says nothing of the sample." not in desk.page("104")
    assert desk.carried_back()["يوسفليلى_104_9005_feedback.html"] == desk.page("104")
    said = desk.reviewed("eve", "Q-S1", "half", "104", "--decide", "--comment", "Half of it.")
    assert "submissions that wait for a review: 0 of 7" in said
    desk.says("publish", desk.results)
    assert "Half of it." in desk.page("104")


def arrives(desk: Desk) -> bytes:
    """Marks and pages into the course system."""
    filled, said = desk.exported(gradebook({}))
    assert filled == gradebook(desk.marks)
    assert "left as they are: 107 (line 9), 108 (line 10)" in said
    assert "students of one name, told apart by their ids: 0005, 102" in said
    assert "zeros at the beginning, which spreadsheets drop: 0005" in said
    pages = desk.carried_back()
    assert pages == {
        "lovelaceada_101_9001_feedback.html": desk.page("101"),
        "liwei_102_9003_feedback.html": desk.page("102"),
        "liwei_0005_9004_feedback.html": desk.page("0005"),
        "يوسفليلى_104_9005_feedback.html": desk.page("104"),
        "李明_LATE_105_9006_feedback.html": desk.page("105"),
        "obriensean_106_9007_feedback.html": desk.page("106"),
    }
    assert not any(name in page for page in pages.values() for name in NAMES.values())
    return filled


def one_appeals_and_a_check_was_wrong(desk: Desk) -> None:
    """Eve marks the appeal on her own computer; a hidden check asked for the wrong denominator."""
    before = desk.marks
    eve = Desk(desk.folder.with_name("eve"))
    shutil.copytree(desk.folder, eve.folder)
    said = eve.reviewed("eve", "Q-S1", "full", "104", "--decide", "--comment", "That is why.")
    assert "more points than were released: 104" in said
    shutil.copytree(eve.folder / "reviews", desk.folder / "reviews", dirs_exist_ok=True)
    desk.bundle = desk.folder / "bundle"
    shutil.copytree(TINY, desk.bundle)
    check = desk.bundle / "tests" / "hidden" / "test_statistics.py"
    text = check.read_text()
    assert text.count("[got.mean(), got.std()]") == 1
    check.write_text(text.replace("[got.mean(), got.std()]", "[got.mean(), got.std(ddof=1)]"))
    said = desk.graded("regrade", "submissions.zip", "--against", "results")
    desk.results = desk.folder / "regraded"
    moved = json.loads((desk.results / "changes.json").read_text())["moved"]
    reasons = {m["id"]: {(c["what"], c["why"], c["how"]) for c in m["changes"]} for m in moved}
    check_id = "standardised_samples"
    fails, passes = (check_id, "check", "pass -> fail"), (check_id, "check", "fail -> pass")
    kept = ("released", "released", "points that were released do not fall")
    assert reasons == {
        **{each: {fails, kept} for each in RIGHT},
        "102": {passes},
        "104": {passes, ("Q-S1", "review", "eve")},
    }
    assert desk.marks == {**before, "102": before["102"] + 0.5, "104": before["104"] + 1}
    assert "2 of 7 move; 3 keep the mark by other points" in said
    assert "101: correctness stays at 4, as released; it would be 3.5" in said


def what_moved_arrives(desk: Desk, first: bytes) -> None:
    """Released once more, and no other row of the gradebook changes."""
    (desk.folder / "gradebook.csv").write_bytes(first)
    early = ("export", "canvas", desk.results, "--into", desk.folder / "gradebook.csv")
    said = desk.says(*early, "--column", "4567", code=1)
    for each in ("102", "104"):
        assert f"refused: {each}: risen since it was released: correctness" in said
    desk.says("publish", desk.results)
    filled, said = desk.exported(first)
    assert filled == gradebook(desk.marks)
    pairs = zip(first.splitlines(), filled.splitlines(), strict=True)
    assert [n for n, (was, now) in enumerate(pairs, 1) if was != now] == [4, 6]
    assert "replaces a mark that is there: line 4, 102: " in said
    assert "That is why." in desk.carried_back()["يوسفليلى_104_9005_feedback.html"]
