"""Marks as files: what course systems take, and what would be lost refused before it is written."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from autograder.export.sheet import read_sheet

from .conftest import TINY
from .sent import SAMPLES, Student, graded_class, moodle_form, sent

WORKSHEET = {n: SAMPLES / f"moodle-4.5-worksheet-{n}.csv" for n in (1, 2, 3)}
NAMES = {
    11: "Ada Lovelace",
    17: "Grace Hopper",
    10: "Zo├½ ├£nal-Garc├¡a",
    14: "Sean OBrien",
    16: "Under score Dash-Name",
    12: "Wei Li",
    15: "李明",
}
CLASS = [Student(str(n), str(60 + n), name) for n, name in NAMES.items()]
HOSTILE = [
    '=HYPERLINK("http://e.example","x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "<script>alert(1)</script>",
    'O\'Brien "the" <b>',
    "\u202egnp.exe",
    "two\nlines\r\nthree",
    "Zoë 李明 عربي עברית 😀",
    "a,b;c\td",
    "\x1b[31mred",
    "one\u2028two\u2029three",
    "",
]
GRADEBOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,HW1 (4567),HW2 (4568),Current Score\r\n"
    "    Points Possible,,,,,100,10,(read only)\r\n"
    '"Lovelace, Ada",101,s-1,ada,"A, first",,7,80.5\r\n'
    '"Li, Wei",102,0005,wei,A,55,,\r\n'
    '"Li, Wei",103,s-3,wei2,B,"",3,"1,234"\r\n'
)


def fill(folder: Path, into: Path, *more: object, code: int = 0, form: str = "moodle") -> str:
    return sent("export", form, folder, "--into", into, *more, code=code)


def written(folder: Path, name: str) -> bytes:
    return (folder / "export" / name).read_bytes()


def outside(raw: bytes, sheet: Path, columns: set[int], keys: set[str]) -> list[bytes]:
    """The pieces of a file between the cells of these rows and columns."""
    parsed = read_sheet(sheet)
    cells = [
        row.cells[column]
        for row in parsed.rows
        if row.cells[0].text.rpartition(" ")[2] in keys
        for column in sorted(columns)
    ]
    starts = [0, *(cell.end for cell in cells)]
    ends = [*(cell.start for cell in cells), len(raw)]
    return [raw[start:end] for start, end in zip(starts, ends, strict=True)]


@pytest.mark.parametrize(
    ("sample", "ids", "columns"),
    [(1, NAMES, {4, 10}), (2, (18, 19, 20, 22, 23, 24, 25), {4, 10}), (3, range(1, 9), {2, 8})],
)
def test_a_worksheet_is_filled_in_and_no_other_byte_changes(
    tmp_path: Path, sample: int, ids: Any, columns: set[int]
) -> None:
    students = [Student(str(n), "87.5", f"Participant {n}" if sample == 3 else "") for n in ids]
    folder, source = graded_class(tmp_path, *students), WORKSHEET[sample]
    fill(folder, source)
    filled, keys = written(folder, "moodle.csv"), {str(n) for n in ids}
    (tmp_path / "filled.csv").write_bytes(filled)
    before = outside(source.read_bytes(), source, columns, keys)
    assert outside(filled, tmp_path / "filled.csv", columns, keys) == before
    marked = 0
    for row in csv.reader(io.StringIO(filled.decode("utf-8-sig"), newline="")):
        if row[0].rpartition(" ")[2] in keys:
            marked += 1
            assert row[min(columns)] == "87.50"
            assert row[max(columns)].startswith("Mark: 87.5 of 100 points. Implementation: 17.5")
    assert marked == len(keys)


def test_rows_without_a_submission_stay_as_they_are_and_are_listed(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, *CLASS, missing=["13"])
    printed = fill(folder, WORKSHEET[1])
    assert "13 (line 8)" in printed
    assert "replaces a mark that is there: line 2, 11: 51.00 -> 71.00" in printed
    lines = WORKSHEET[1].read_bytes().splitlines()
    assert written(folder, "moodle.csv").splitlines()[7] == lines[7]


def worksheet(folder: Path, change: Any) -> Path:
    path = folder / "worksheet.csv"
    path.write_bytes(change(WORKSHEET[1].read_bytes()))
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw.decode("utf-8-sig").replace("李", "i").encode("latin-1", "replace"), None),
        (lambda raw: raw[:-40], "line 9"),
        (lambda raw: raw[: raw.index(b'"Under')] + b"\n", "line 6: 2 cells where the header has"),
        (lambda raw: raw + raw, "line 10: the header again"),
        (lambda raw: raw + raw.splitlines(keepends=True)[1], "11 is there twice (lines 2, 10)"),
        (lambda raw: raw.replace(b'"Wei Li",li1', b'"Wei Li,li1'), "line 7: a quote"),
        (lambda raw: raw.splitlines(keepends=True)[0], "no rows"),
        (lambda raw: b"", "cut short"),
        (lambda raw: raw.decode().encode("utf-16"), "not UTF-8"),
        (lambda raw: raw.replace(b'"Maximum grade"', b"Scale"), "by a scale"),
        (lambda raw: raw.replace(b"Participant 12", b"Teilnehmer 12"), "line 7: 'Teilnehmer 12'"),
    ],
)
def test_a_damaged_worksheet_is_refused_whole(
    tmp_path: Path, change: Any, said: str | None
) -> None:
    folder = graded_class(tmp_path, *CLASS)
    printed = fill(folder, worksheet(tmp_path, change), code=2)
    assert (said or "line 4: not UTF-8") in printed
    assert not (folder / "export").exists()


@pytest.mark.parametrize(
    ("change", "row", "said"),
    [
        ((b"51.00,100.00", b"A,100.00"), "11", "line 2: the mark 'A' is no number"),
        ((b"51.00,100.00", b"51.00,"), "11", "line 2: the maximum grade '' is no number"),
        ((b"51.00,100.00,Yes", b"51.00,100.00,No"), "11", "line 2: Moodle says"),
        ((b"51.00,100.00", b"51.00,50.00"), "11", "71 points are over the maximum of 50"),
        ((b"51.00,100.00", b"51.00,90.00"), "11", "counts out of 100 here and out of 90 there"),
        ((b"Participant 11", b"Participant 99"), "11", "a submission without a row"),
        ((b"Ada Lovelace", b"Grace Jones"), "11", "line 2: this participant is 'Grace Jones'"),
    ],
)
def test_a_row_that_would_be_lost_is_named_and_nothing_is_written(
    tmp_path: Path, change: tuple[bytes, bytes], row: str, said: str
) -> None:
    folder = graded_class(tmp_path, *CLASS)
    into = worksheet(tmp_path, lambda raw: raw.replace(*change))
    printed = fill(folder, into, code=1)
    assert f"refused: {row}: {said}" in printed
    assert "nothing was written" in printed
    assert not (folder / "export").exists()
    assert "6 of 7 students" in fill(folder, into, "--partial", code=1)
    line = next(n for n, text in enumerate(into.read_bytes().splitlines()) if change[1] in text)
    kept = written(folder, "moodle.csv").splitlines()[line]
    assert kept == into.read_bytes().splitlines()[line]


@pytest.mark.parametrize(
    ("student", "said"),
    [
        (Student("11", graded=False), "not graded, and a blank is no mark: a damaged archive"),
        (Student("11", "101"), "101 points are over 100, the maximum"),
        (Student("11", pending="10"), "people may still move it by 10 points (allowed: 0;"),
        (Student("11", members=("11", "17")), "is in the class table twice"),
    ],
)
@pytest.mark.parametrize("form", ["moodle", "canvas", "gradescope", "lti-ags", "csv", "json"])
def test_what_is_no_final_mark_is_refused_in_every_form(
    tmp_path: Path, form: str, student: Student, said: str
) -> None:
    folder = graded_class(tmp_path, student, *CLASS[1:])
    into = ("--into", WORKSHEET[1]) if form == "moodle" else ()
    printed = sent("export", form, folder, *into, code=1)
    assert said in printed
    assert "nothing was written" in printed
    assert not (folder / "export").exists()


def test_pending_marks_go_out_when_that_is_asked_for(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, Student("11", pending="10"))
    sent("export", "csv", folder, "--provisional")
    assert b"the mark may rise by 10 points or fall by 0" in written(folder, "marks.csv")


def test_the_rubric_says_by_how_much_a_mark_that_is_sent_may_still_move(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, Student("11", pending="2"), Student("12", pending="2.5"))
    bundle = tmp_path / "bundle"
    shutil.copytree(TINY, bundle)
    with (bundle / "rubric.yaml").open("a") as rubric:
        rubric.write("export_may_move: 2\n")
    printed = sent("export", "csv", folder, code=1, assignment=bundle)
    assert "refused: 12: people may still move it by 2.5 points (allowed: 2;" in printed
    assert "refused: 11" not in printed


def test_where_marks_are_released_only_released_ones_go_out(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, Student("11", state="released"), Student("12"))
    (folder / "released.json").write_text('{"11": {"quality": 16}}')
    printed = sent("export", "csv", folder, code=1)
    assert "refused: 12: not released: implementation, correctness" in printed
    assert "refused: 11" not in printed


def test_lateness_is_taken_off_by_one_side_only(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, Student("11", "71", "Ada Lovelace", late="5"))
    assert "nothing is taken off here (--late does): 11" in fill(folder, WORKSHEET[1])
    assert b",71.00,100.00" in written(folder, "moodle.csv")
    fill(folder, WORKSHEET[1], "--late")
    assert b",66.00,100.00" in written(folder, "moodle.csv")
    assert b"5 points are taken off for lateness" in written(folder, "moodle.csv")


def test_points_are_converted_only_when_that_is_asked_for(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, Student("11", "15", "Ada Lovelace", possible="20"))
    assert "out of 20 here and out of 100 there" in fill(folder, WORKSHEET[1], code=1)
    fill(folder, WORKSHEET[1], "--scale")
    assert b",75.00,100.00" in written(folder, "moodle.csv")


GERMAN = (
    'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert '
    'werden","Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)","Feedback als Kommentar"\n'
    'Teilnehmer/in11,"Ada Lovelace",a@e.org,Abgegeben,,"100,00",Ja,"Samstag, 21. November",-,\n'
)
UNKNOWN = (
    "Identifikator,Namn,Epost,Läge,Betyg,Högsta betyg,Betyg kan ändras,Senast ändrad (inlämning),"
    'Senast ändrad (betyg),Kommentarer\nDeltagare 11,Ada,a@e.org,Inlämnad,,"100,00",Ja,i går,-,\n'
)


@pytest.mark.parametrize("text", [GERMAN, UNKNOWN], ids=["known", "by-position"])
def test_worksheets_in_other_languages_and_with_decimal_commas(tmp_path: Path, text: str) -> None:
    folder = graded_class(tmp_path, Student("11", "87.5", ""))
    (tmp_path / "w.csv").write_text("\ufeff" + text, encoding="utf-8", newline="")
    fill(folder, tmp_path / "w.csv")
    _, row = csv.reader(io.StringIO(written(folder, "moodle.csv").decode("utf-8-sig")))
    assert row[4] == "87,50"
    assert row[9].startswith("Mark: 87.5")
    assert written(folder, "moodle.csv").count(b"\n") == 2


def test_a_table_that_is_no_worksheet_is_not_guessed_at(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, *CLASS)
    (tmp_path / "w.csv").write_text("a,b,c,d,e\nP 11,x,1,2,3\n")
    assert "not recognised as a grading worksheet" in fill(folder, tmp_path / "w.csv", code=2)
    assert "give its grading worksheet" in sent("export", "moodle", folder, code=2)


def test_ids_whose_zeros_were_lost_are_named(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, Student("0011", "71", "Ada Lovelace"))
    printed = fill(folder, WORKSHEET[1], code=1)
    assert "refused: 0011: has no row; 11 has one, so zeros at the beginning were lost" in printed


def test_the_file_that_is_filled_in_is_never_replaced(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, *CLASS)
    into = worksheet(tmp_path, bytes)
    assert "--output would replace" in fill(folder, into, "--output", into, code=2)
    assert into.read_bytes() == WORKSHEET[1].read_bytes()


def test_calls_of_moodles_web_service_carry_feedback_and_its_own_ids(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, Student("11", "71", state="released"), Student("12", "72"))
    answer = {"assignments": [{"assignmentid": 5, "mappings": [{"id": 11, "userid": 901}]}]}
    (tmp_path / "mappings.json").write_text(json.dumps(answer))
    printed = fill(folder, tmp_path / "mappings.json", code=1)
    assert "refused: 12: a submission without a row" in printed
    fill(folder, tmp_path / "mappings.json", "--only", "11")
    (call,) = json.loads(written(folder, "moodle.json"))
    feedback = call.pop("plugindata")["assignfeedbackcomments_editor"]
    assert feedback["text"].startswith("Mark: 71 of 100")
    assert call == {
        "wsfunction": "mod_assign_save_grade",
        "assignmentid": 5,
        "userid": 901,
        "grade": 71.0,
        "attemptnumber": -1,
        "addattempt": 0,
        "workflowstate": "released",
        "applytoall": 0,
    }


@pytest.mark.parametrize("method", ["rubric", "guide"])
def test_calls_of_moodles_web_service_fill_its_rubric_in(tmp_path: Path, method: str) -> None:
    folder = graded_class(tmp_path, Student("11", "85"))
    answer = {"assignments": [{"assignmentid": 5, "mappings": [{"id": 11, "userid": 901}]}]}
    (tmp_path / "mappings.json").write_text(json.dumps(answer))
    (tmp_path / "form.json").write_text(json.dumps(moodle_form(method)))
    rubric = ("--rubric", tmp_path / "form.json")
    fill(folder, tmp_path / "mappings.json", *rubric)
    (call,) = json.loads(written(folder, "moodle.json"))
    assert list(call["advancedgradingdata"]) == [method]
    first, *others = call["advancedgradingdata"][method]["criteria"]
    assert len(others) == 4
    (filling,) = first["fillings"]
    given = {"levelid": 103} if method == "rubric" else {"score": 17.0}
    about = {"remark": "Progressing", "remarkformat": 1}
    assert filling == {"criterionid": 31, **about, **given}
    assert "--rubric belongs to" in fill(folder, WORKSHEET[1], *rubric, code=2)


def without(form: dict[str, Any], place: int) -> dict[str, Any]:
    """The rubric without one level of its first criterion."""
    del form["areas"][0]["definitions"][0]["rubric"]["rubric_criteria"][0]["levels"][place]
    return form


def shorter(form: dict[str, Any]) -> dict[str, Any]:
    """The rubric without its last criterion."""
    del form["areas"][0]["definitions"][0]["rubric"]["rubric_criteria"][-1]
    return form


@pytest.mark.parametrize(
    ("form", "code", "said"),
    [
        (without(moodle_form("rubric"), 2), 1, "17 points of implementation are no level of the"),
        (without(moodle_form("rubric"), 3), 1, "most is 17 there and 20 here"),
        (without(moodle_form("rubric"), 0), 1, "the lowest level for implementation is not 0"),
        (shorter(moodle_form("rubric")), 2, "the rubric in Moodle has no criterion"),
        ({"areas": []}, 2, "is not what core_grading_get_definitions answers"),
        ({"areas": [{"definitions": [{}]}]}, 2, "areas.0.definitions.0.method Field required"),
        ({"areas": [{"definitions": []}]}, 2, "holds no rubric or marking guide that is in use"),
        ([], 2, "is not what core_grading_get_definitions answers"),
    ],
)
def test_a_rubric_of_moodle_that_cannot_hold_the_mark_is_refused(
    tmp_path: Path, form: Any, code: int, said: str
) -> None:
    folder = graded_class(tmp_path, Student("11", "85"))
    answer = {"assignments": [{"assignmentid": 5, "mappings": [{"id": 11, "userid": 901}]}]}
    (tmp_path / "mappings.json").write_text(json.dumps(answer))
    (tmp_path / "form.json").write_text(json.dumps(form))
    rubric = ("--rubric", tmp_path / "form.json")
    assert said in fill(folder, tmp_path / "mappings.json", *rubric, code=code)
    assert not (folder / "export").exists()


def gradebook(folder: Path, old: str = "", new: str = "") -> Path:
    path = folder / "gradebook.csv"
    path.write_bytes(GRADEBOOK.replace(old, new).encode() if old else GRADEBOOK.encode())
    return path


CANVAS_CLASS = [Student("101", "71.25", "Lovelace"), Student("0005", "72", "Li")]


def test_a_gradebook_is_filled_in_and_no_other_byte_changes(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, *CANVAS_CLASS)
    printed = fill(folder, gradebook(tmp_path), "--column", "HW1 (4567)", form="canvas")
    expected = GRADEBOOK.replace('first",,7', 'first",71.25,7').replace("A,55,", "A,72,")
    assert written(folder, "canvas.csv").decode() == expected
    assert "line 4, 0005: 55 -> 72" in printed
    assert "103 (line 5)" in printed
    assert "Canvas takes a blank for a change" in printed
    translated = gradebook(tmp_path, "Points Possible", "Mögliche Punktzahl")
    assert "no line of points" not in fill(folder, translated, "--column", "4567", form="canvas")
    fewer = GRADEBOOK.replace("Points Possible", "Mögliche Punktzahl").replace(",100,", ",50,")
    translated.write_text(fewer)
    printed = fill(folder, translated, "--column", "4567", form="canvas", code=1)
    assert "over the maximum of 50" in printed


@pytest.mark.parametrize(
    ("old", "new", "column", "code", "said"),
    [
        ("HW1 (4567)", "HW1", "HW1", 2, "Canvas would make a new assignment"),
        ("", "", "", 2, "say with --column which assignment this is: HW1 (4567), HW2 (4568)"),
        ("HW1 (4567)", "HW1 Final Score (1)", "1", 2, "no column '1'"),
        ("HW2 (4568)", "HW1 (4567)", "4567", 2, "a column is there twice"),
        ("103,", "102,", "4567", 2, "'102' is there twice under 'ID'"),
        ("102,0005", "102,5", "4567", 1, "0005: has no row; 5 has one"),
        (
            "102,0005",
            "102,101",
            "4567",
            1,
            "101: 101 stands in lines 3 and 4 under",
        ),
        ("A,55,", 'A,"1,234x",', "4567", 1, "0005: line 4: the mark '1,234x' is no number"),
        (",100,10,", ",50,10,", "4567", 1, "101: 71.25 points are over the maximum of 50"),
        ("Student,ID", "Name,ID", "4567", 2, "no gradebook of Canvas"),
    ],
)
def test_a_gradebook_in_which_marks_would_be_lost_is_refused(
    tmp_path: Path, old: str, new: str, column: str, code: int, said: str
) -> None:
    folder = graded_class(tmp_path, *CANVAS_CLASS)
    into = gradebook(tmp_path, old, new)
    assert said in fill(folder, into, "--column", column, form="canvas", code=code)
    assert not (folder / "export").exists()


def rubric_there(**changed: Any) -> dict[str, Any]:
    titles = ["Implementation", "Correctness", "Quality", "Report", "Completeness"]
    ratings = [
        {"id": "r0", "description": "None", "points": 0},
        {"id": "r1", "description": "Progressing", "points": 17},
    ]
    criteria = [
        {"id": f"_{n}", "description": title, "points": 20.0, "ratings": ratings}
        for n, title in enumerate(titles)
    ]
    return {"points_possible": 100.0, "rubric": criteria, **changed}


def test_canvas_json_fills_the_rubric_in(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, *CANVAS_CLASS)
    (tmp_path / "assignment.json").write_text(json.dumps(rubric_there()))
    fill(folder, tmp_path / "assignment.json", form="canvas")
    data = json.loads(written(folder, "canvas.json"))["grade_data"]
    assert data["101"]["posted_grade"] == "71.25"
    assert data["101"]["text_comment"].startswith("Mark: 71.25 of 100 points.\n")
    expected = {"points": 14.25, "comments": "Progressing", "rating_id": "r1"}
    assert data["101"]["rubric_assessment"] == {f"_{n}": expected for n in range(5)}


def test_nothing_is_scaled_to_a_maximum_that_is_not_known(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, *CANVAS_CLASS)
    assert "--scale needs" in sent("export", "canvas", folder, "--scale", code=2)
    table = gradebook(tmp_path, "    Points Possible,,,,,100,10,(read only)\r\n")
    assert "--scale needs" in fill(
        folder, table, "--scale", "--column", "4567", form="canvas", code=2
    )
    answer = {"assignments": [{"assignmentid": 5, "mappings": [{"id": 101, "userid": 901}]}]}
    (tmp_path / "mappings.json").write_text(json.dumps(answer))
    assert "--scale needs" in fill(folder, tmp_path / "mappings.json", "--scale", code=2)
    assert not (folder / "export").exists()


def test_who_has_no_user_there_gets_no_row_of_others(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, Student("a", "71"))
    table = gradebook(tmp_path, "102,0005,wei", "102,,")
    (tmp_path / "users.csv").write_text("id,user\na,\n")
    said = fill(folder, table, "--users", tmp_path / "users.csv", form="canvas", code=2)
    assert "users.csv, line 2: the user is empty" in said


@pytest.mark.parametrize(
    ("encoding", "old", "new"), [("utf-8", ",", ";"), ("utf-16", "", ""), ("utf-8", "status", "x")]
)
def test_a_class_table_that_another_program_changed_is_named(
    tmp_path: Path, encoding: str, old: str, new: str
) -> None:
    folder = graded_class(tmp_path, Student("0012", "71"))
    path = folder / "grades.csv"
    text = path.read_text()
    path.write_text("\ufeff" + text)
    sent("export", "csv", folder)
    path.write_text(text.replace(old, new) if old else text, encoding=encoding)
    assert "was changed by another program" in sent("export", "csv", folder, code=2)


def test_a_rubric_that_only_advises_may_lack_a_category(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, *CANVAS_CLASS)
    there = rubric_there(use_rubric_for_grading=False)
    del there["rubric"][2]
    (tmp_path / "assignment.json").write_text(json.dumps(there))
    fill(folder, tmp_path / "assignment.json", form="canvas")
    data = json.loads(written(folder, "canvas.json"))["grade_data"]
    assert data["101"]["posted_grade"] == "71.25"
    assert set(data["101"]["rubric_assessment"]) == {"_0", "_1", "_3", "_4"}


def test_a_rubric_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, *CANVAS_CLASS)
    there = rubric_there()
    there["rubric"][2]["description"] = "Report"
    (tmp_path / "a.json").write_text(json.dumps(there))
    assert "two criteria of one name" in fill(folder, tmp_path / "a.json", form="canvas", code=2)
    there["rubric"][2]["description"] = "Style"
    (tmp_path / "a.json").write_text(json.dumps(there))
    assert "a criterion 'style'" in fill(folder, tmp_path / "a.json", form="canvas", code=2)
    del there["rubric"][2]
    (tmp_path / "a.json").write_text(json.dumps(there))
    printed = fill(folder, tmp_path / "a.json", form="canvas", code=2)
    assert "no criterion 'Quality'" in printed
    assert not (folder / "export").exists()
    small = rubric_there()
    small["rubric"][0]["points"] = 10
    (tmp_path / "a.json").write_text(json.dumps(small))
    printed = fill(folder, tmp_path / "a.json", form="canvas", code=1)
    assert "101: 14.25 points of implementation are over 10" in printed


RESULT_FIELDS = {
    *("score", "execution_time", "output", "output_format", "test_output_format"),
    *("test_name_format", "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard"),
}
TEST_FIELDS = {
    *("score", "max_score", "status", "name", "name_format", "number", "output", "output_format"),
    *("tags", "visibility", "extra_data"),
}


def test_gradescope_results_show_the_total_and_nothing_hidden(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, Student("11", "75", hidden=True), Student("12", "100"))
    sent("export", "gradescope", folder)
    text = written(folder, "gradescope/11/results.json").decode()
    result = json.loads(text)
    assert "4711" not in text
    assert result.keys() <= RESULT_FIELDS
    assert {result["visibility"], *(t["visibility"] for t in result["tests"])} == {"visible"}
    for test in result["tests"]:
        assert test.keys() <= TEST_FIELDS
        assert test.get("status", "passed") in {"passed", "failed"}
        assert {test["output_format"], test["name_format"]} == {"text"}
    assert sum(test["score"] for test in result["tests"]) == result["score"] == 75
    assert sum(test["max_score"] for test in result["tests"]) == 100
    assert "Correctness: the rest" in text


def test_scores_of_lti_are_final_or_not_sent(tmp_path: Path) -> None:
    students = [Student("11", "71"), Student("12", pending="3"), Student("13", pending="0.0")]
    folder = graded_class(tmp_path, *students)
    printed = sent("export", "lti-ags", folder, "--provisional", code=1)
    assert "refused: 12: a person may still move it by 3 points" in printed
    sent("export", "lti-ags", folder, "--provisional", "--partial", code=1)
    first, _ = json.loads(written(folder, "lti-ags.json"))
    moment = datetime.fromisoformat(first.pop("timestamp"))
    assert moment.utcoffset() is not None
    assert first.pop("comment").startswith("Mark: 71 of 100")
    assert first == {
        "userId": "11",
        "scoreGiven": 71.0,
        "scoreMaximum": 100.0,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    }


def test_a_table_of_users_names_them_for_the_course_system(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, Student("ada"), Student("bob"))
    (tmp_path / "users.csv").write_text("id,user\nada,007\nbob,sis_user_id:8\n")
    sent("export", "canvas", folder, "--users", tmp_path / "users.csv")
    assert set(json.loads(written(folder, "canvas.json"))["grade_data"]) == {
        "007",
        "sis_user_id:8",
    }
    (tmp_path / "users.csv").write_text("id,user\nada,bob\n")
    printed = sent("export", "canvas", folder, "--users", tmp_path / "users.csv", code=1)
    assert "refused: bob: is not in the table of --users" in printed
    assert "refused: ada: is bob in the course system, and so is somebody else" in printed
    (tmp_path / "users.csv").write_text("id,user\nada,7\nbob,7\n")
    sent("export", "canvas", folder, "--users", tmp_path / "users.csv", code=2)


def test_hostile_names_and_comments_are_plain_text_everywhere(tmp_path: Path) -> None:
    students = [Student(str(n), "71", name=text, comment=text) for n, text in enumerate(HOSTILE, 1)]
    folder = graded_class(tmp_path, *students)
    printed = sent("export", "csv", folder)
    rows = list(csv.reader(io.StringIO(written(folder, "marks.csv").decode("utf-8-sig"))))
    assert len(rows) == len(HOSTILE) + 1
    for row in rows[1:]:
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
            assert not set(cell) & {"\n", "\r", "\x1b", "\u202e", "\u2028"}
    lines = [f'"Participant {n}",,100.00,Yes,-,-,' for n in range(1, len(HOSTILE) + 1)]
    header = 'Identifier,Grade,"Maximum grade","Grade can be changed",a,"Last modified (grade)"'
    text = "\n".join([f'{header},"Feedback comments"', *lines, ""])
    (tmp_path / "w.csv").write_text(text)
    printed += fill(folder, tmp_path / "w.csv")
    for _, _, _, _, _, _, cell in list(
        csv.reader(io.StringIO(written(folder, "moodle.csv").decode()))
    )[1:]:
        assert cell.startswith("Mark: 71")
        assert not set(cell) & {"<", "\n", "\r", "\x1b", "\u202e", "\u2028"}
    assert not set(printed) & {"\x1b", "\u202e", "\u2028", "\r"}


def test_students_of_one_name_are_told_apart_by_id(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, Student("1", "71", "Wei Li"), Student("2", "72", "Wei Li"))
    assert "students of one name, told apart by their ids: 1, 2" in sent("export", "json", folder)
    marks = json.loads(written(folder, "marks.json"))["marks"]
    assert [(m["id"], m["points"]) for m in marks] == [("1", 71.0), ("2", 72.0)]


def with_pages(folder: Path, *ids: str) -> Path:
    (folder / "pages").mkdir(exist_ok=True)
    for identifier in ids:
        (folder / "pages" / f"{identifier}.html").write_text(f"<p>{identifier}</p>")
    return folder


def test_pages_go_back_named_like_moodles_own_download(tmp_path: Path) -> None:
    folder = with_pages(graded_class(tmp_path, *CLASS), *map(str, NAMES))
    download = SAMPLES / "moodle-4.5-download-1.zip"
    sent("feedback", "--for", "moodle", folder, "--into", download)
    with zipfile.ZipFile(io.BytesIO(written(folder, "feedback-moodle.zip"))) as archive:
        back = {name.partition("/")[0]: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(download) as archive:
        assert set(back) == {name.partition("/")[0] for name in archive.namelist()}
    assert back["Ada Lovelace_11_assignsubmission_file"] == b"<p>11</p>"
    sent("feedback", "--for", "moodle", folder)
    with zipfile.ZipFile(io.BytesIO(written(folder, "feedback-moodle.zip"))) as archive:
        assert "Sean OBrien_14_assignsubmission_file/feedback.html" in archive.namelist()


def test_pages_become_attachments_in_canvas(tmp_path: Path) -> None:
    folder = with_pages(graded_class(tmp_path, Student("101"), Student("102")), "101", "102")
    assert "--into submissions.zip" in sent("feedback", "--for", "canvas", folder, code=2)
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        archive.writestr("lovelaceada_LATE_101_9001_hw-1.py", "")
        archive.writestr("liwei_102_text.html", "")
    into = ("--into", tmp_path / "s.zip")
    printed = sent("feedback", "--for", "canvas", folder, *into, code=1)
    assert "refused: 102: 102 has no file in that download" in printed
    sent("feedback", "--for", "canvas", folder, *into, "--partial", code=1)
    with zipfile.ZipFile(io.BytesIO(written(folder, "feedback-canvas.zip"))) as archive:
        assert archive.namelist() == ["lovelaceada_LATE_101_9001_feedback.html"]


def test_pages_that_are_not_there_are_said_to_be_missing(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, Student("11"), Student("12"))
    assert "there are no student pages" in sent("feedback", "--for", "moodle", folder, code=2)
    with_pages(folder, "11")
    printed = sent("feedback", "--for", "moodle", folder, code=1)
    assert "refused: 12: there is no page" in printed


def test_pages_go_back_only_with_what_is_released(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, Student("11", state="released"), Student("12", pending="3"))
    with_pages(folder, "11", "12")
    feedback = ("feedback", "--for", "moodle", folder)
    printed = sent(*feedback, code=1)
    assert "refused: 12: people may still move it by 3 points" in printed
    assert not (folder / "export").exists()
    assert "2 of 2 students" in sent(*feedback, "--provisional")
    (folder / "released.json").write_text('{"11": {"quality": 16}}')
    printed = sent(*feedback, code=1)
    assert "refused: 12: not released: implementation, correctness" in printed
    assert "refused: 11" not in printed


def test_a_page_goes_back_when_a_part_of_it_is_released(tmp_path: Path) -> None:
    folder = with_pages(graded_class(tmp_path, Student("11", pending="3")), "11")
    path = folder / "reports" / "11.json"
    report = json.loads(path.read_text())
    report["categories"][0]["state"] = "released"
    path.write_text(json.dumps(report))
    (folder / "released.json").write_text('{"11": {"implementation": 16}}')
    assert "refused: 11: not released: correctness," in sent("export", "csv", folder, code=1)
    assert "1 of 1 students" in sent("feedback", "--for", "moodle", folder)


def test_a_disk_that_refuses_is_said_so(tmp_path: Path) -> None:
    folder = graded_class(tmp_path, Student("11"))
    (tmp_path / "file").touch()
    printed = sent("export", "csv", folder, "--output", tmp_path / "file" / "marks.csv", code=2)
    assert "cannot write" in printed


def test_results_that_are_none_are_refused(tmp_path: Path) -> None:
    assert "holds no results" in sent("export", "csv", tmp_path, code=2)
    folder = graded_class(tmp_path)
    (folder / "grades.csv").unlink()
    assert "no class table" in sent("export", "csv", folder, code=2)


BRIGHTSPACE = (
    "OrgDefinedId,Username,HW1 Points Grade <Numeric MaxPoints:100>,End-of-Line Indicator\r\n"
    "#0007,#ada,,#\r\n#0008,#bob,55,#\r\n"
)
BLACKBOARD = (
    '"Last Name","First Name","Username","HW1 [Total Pts: 100 Score] |1281892","Grading Notes"\n'
    '"Lovelace","Ada","0007","Needs Grading",""\n"B","Bob","0008","55.00",""\n'
)


@pytest.mark.parametrize(
    ("form", "text", "filled"),
    [
        ("brightspace", BRIGHTSPACE, BRIGHTSPACE.replace("ada,,", "ada,71.5,")),
        ("blackboard", BLACKBOARD, BLACKBOARD.replace("Needs Grading", "71.5")),
    ],
)
def test_tables_of_brightspace_and_blackboard_are_filled_in(
    tmp_path: Path, form: str, text: str, filled: str
) -> None:
    folder, into = graded_class(tmp_path, Student("0007", "71.5")), tmp_path / "table.csv"
    into.write_bytes(text.encode())
    assert "0008 (line 3)" in fill(folder, into, form=form)
    assert written(folder, f"{form}.csv").decode() == filled
    for old, new, code, said in [
        ("0007", "7", 1, "0007: has no row; 7 has one"),
        ("0008", "0007", 2, "'0007' is there twice"),
        ("100", "50", 1, "71.5 points are over the maximum of 50"),
        ("HW1 ", "HW1-", 2, "no table of marks from"),
    ]:
        into.write_bytes(text.replace(old, new, 1).encode())
        assert said in fill(folder, into, form=form, code=code)
