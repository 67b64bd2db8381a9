"""Bulk downloads of course systems: whose work each entry is, and what it is called."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.intake.attempts import Entry, Policy
from autograder.intake.groups import with_roster
from autograder.intake.limits import IntakeError, Rejected
from autograder.intake.read import read_parts
from autograder.intake.scan import Class, open_class

from .conftest import ROOT

SAMPLES = ROOT / "tests" / "samples"


def downloaded(folder: Path, files: Mapping[str, str | bytes | None]) -> Path:
    """A class folder; None makes an empty folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.mkdir()
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def taken(path: Path) -> tuple[Class, dict[str, Entry]]:
    with open_class(path) as found:
        return found, {entry.id: entry for entry in found.entries}


def files_of(entry: Entry, place: int = -1) -> dict[str, str]:
    parts = entry.attempts[place].parts
    return {name: data.decode() for name, data in read_parts(parts).items()}


def zipped(files: Mapping[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("number", "ids"),
    [
        (1, ["10", "11", "12", "14", "15", "16", "17"]),
        (2, ["18", "19", "20", "22", "23", "24", "25"]),
        (3, ["1", "2", "3", "4", "5", "6", "8"]),
    ],
)
def test_a_real_moodle_download_joins_to_its_worksheet(number: int, ids: list[str]) -> None:
    with open_class(SAMPLES / f"moodle-4.5-download-{number}.zip") as found:
        assert found.layout == "Moodle"
        assert sorted(entry.id for entry in found.entries) == sorted(ids)
        for entry in found.entries:
            assert entry.attempts[0].source == f"{entry.id}_assignsubmission_file"
            assert list(read_parts(entry.attempts[0].parts)) == ["hw1.py"]
    sheet = (SAMPLES / f"moodle-4.5-worksheet-{number}.csv").read_text(encoding="utf-8-sig")
    assert all(f'"Participant {identifier}"' in sheet for identifier in ids)


def test_a_download_lying_in_a_folder_is_a_class_not_a_submission(tmp_path: Path) -> None:
    for name in ("moodle-4.5-download-1.zip", "moodle-4.5-worksheet-1.csv"):
        (tmp_path / name).write_bytes((SAMPLES / name).read_bytes())
    found, entries = taken(tmp_path)
    assert (found.layout, len(entries)) == ("Moodle", 7)
    assert found.passed_over == ["moodle-4.5-worksheet-1.csv"]


def test_moodle_without_folders_and_with_typed_text(tmp_path: Path) -> None:
    folder = downloaded(
        tmp_path,
        {
            "Ada_Lo Velace_0011_assignsubmission_file_hw1.py": "a",
            "Ada_Lo Velace_0011_assignsubmission_file_my_notes.md": "b",
            "Ada_Lo Velace_0011_assignsubmission_onlinetext_onlinetext.html": "c",
            "Wei Li_12_assignsubmission_file_hw1.zip": zipped({"x/hw1.py": "d"}),
            "Grades-CS101.csv": "",
        },
    )
    found, entries = taken(folder)
    assert (found.layout, found.passed_over) == ("Moodle", ["Grades-CS101.csv"])
    assert files_of(entries["0011"]) == {"hw1.py": "a", "my_notes.md": "b", "onlinetext.html": "c"}
    assert files_of(entries["12"]) == {"hw1.py": "d"}
    assert entries["0011"].names == (("0011", "Ada_Lo Velace"),)


def test_moodle_with_folders_is_merged_by_number(tmp_path: Path) -> None:
    folder = downloaded(
        tmp_path / "CS101-HW1-42",
        {
            "Wei Li_12_assignsubmission_file/hw.zip": zipped({"hw1.py": "a"}),
            "Wei Li_12_assignsubmission_onlinetext/onlinetext.html": "b",
            "Wei Li_13_assignsubmission_file/src/hw1.py": "c",
            "Zoë_14_assignsubmission_file": None,
        },
    )
    found, entries = taken(tmp_path)
    assert found.layout == "Moodle"
    assert files_of(entries["12"]) == {"hw/hw1.py": "a", "onlinetext.html": "b"}
    assert files_of(entries["13"]) == {"hw1.py": "c"}
    assert files_of(entries["14"]) == {}
    assert taken(folder)[1].keys() == entries.keys()


def test_canvas_files_of_one_student_are_one_submission(tmp_path: Path) -> None:
    folder = downloaded(
        tmp_path,
        {
            "lovelaceada_123_9001_xor_formula-1.py": "new",
            "lovelaceada_123_9002_report.md": "r",
            "lovelaceada_123_text.html": "t",
            "obriensean_LATE_77_9003_hw.tar-2.gz": "",
            "liwei_0005_9004_hw-3.zip": zipped({"hw/a.py": "a"}),
            "anon_Kd9_9005_a.ipynb": "{}",
            "LATE_anon_kD9_9006_a.py": "b",
        },
    )
    found, entries = taken(folder)
    assert found.layout == "Canvas"
    assert len(entries) == 5
    ada = entries["123"]
    assert files_of(ada) == {"xor_formula.py": "new", "report.md": "r", "text.html": "t"}
    assert ada.names == (("123", "lovelaceada"),)
    assert "ada" not in ada.attempts[0].source
    assert entries["77"].attempts[0].late is True
    assert files_of(entries["0005"]) == {"a.py": "a"}
    anonymous = sorted(name for name in entries if name.casefold().startswith("kd9-"))
    assert len(anonymous) == 2  # Kd9 and kD9 differ by case alone


def test_the_newest_of_resubmitted_canvas_files_counts(tmp_path: Path) -> None:
    folder = downloaded(
        tmp_path,
        {
            "lovelaceada_1_90_hw.py": "old",
            "lovelaceada_1_92_hw-2.py": "newest",
            "lovelaceada_1_91_hw-1.py": "newer",
            "liwei_2_93_part-1.py": "one",
            "liwei_2_94_part-2.py": "two",
        },
    )
    _, entries = taken(folder)
    assert files_of(entries["1"]) == {"hw.py": "newest"}
    assert files_of(entries["2"]) == {"part-1.py": "one", "part-2.py": "two"}


def test_blackboard_attempts_in_any_language(tmp_path: Path) -> None:
    folder = downloaded(
        tmp_path,
        {
            "HW_1 XOR_ada7_attempt_2024-09-24-21-00-01.txt": "Name: Ada Lovelace (ada7)",
            "HW_1 XOR_ada7_attempt_2024-09-24-21-00-01_hw.py": "second",
            "HW_1 XOR_ada7_attempt_2024-09-20-08-30-00_hw.py": "first",
            "HW_1 XOR_ben_Versuch_2024-09-24-22-00-00.txt": "typed",
            "HW_1 XOR_cyd_tentative_2024-09-24-22-00-00_sol_v2.py": "c",
        },
    )
    found, entries = taken(folder)
    assert found.layout == "Blackboard"
    assert found.passed_over == []
    assert sorted(entries) == ["ada7", "ben", "cyd"]
    ada = entries["ada7"]
    assert [a.number for a in ada.attempts] == [1, 2]
    assert [a.submitted_at for a in ada.attempts] == ["2024-09-20T08:30:00", "2024-09-24T21:00:01"]
    assert files_of(ada) == {"hw.py": "second"}
    assert files_of(ada, 0) == {"hw.py": "first"}
    assert files_of(entries["ben"]) == {"attempt.txt": "typed"}
    assert files_of(entries["cyd"]) == {"sol_v2.py": "c"}


def test_brightspace_folders_are_attempts(tmp_path: Path) -> None:
    folder = downloaded(
        tmp_path,
        {
            "index.html": "",
            "0397-255 - Mary-Ann Smith - Sep 24, 2024 926 PM/hw.py": "late",
            "0397-255 - Mary-Ann Smith - Sep 24, 2024 926 AM/hw.py": "early",
            "0398-255 - Li - Wei - Dec 1, 2024 1205 AM/hw.py": "w",
        },
    )
    found, entries = taken(folder)
    assert (found.layout, found.passed_over) == ("Brightspace", ["index.html"])
    mary = entries["0397"]
    assert [a.submitted_at for a in mary.attempts] == ["2024-09-24T09:26", "2024-09-24T21:26"]
    assert files_of(mary) == {"hw.py": "late"}
    assert mary.attempts[1].source == "0397-255 - Sep 24, 2024 926 PM"
    assert entries["0398"].names == (("0398", "Li - Wei"),)
    assert entries["0398"].attempts[0].submitted_at == "2024-12-01T00:05"


GRADESCOPE = """---
submission_301:
  :submitters:
  - :name: Ada Lovelace
    :sid: 0005
    :email: ada@example.com
  :created_at: 2024-09-24 21:26:13.100000000 -07:00
  :history:
  - :id: 300
    :created_at: 2024-09-20 10:00:00.000000000 -07:00
submission_302:
  :submitters:
  - :name: Ben
    :sid: '17'
  - :name: Cyd
    :sid: ''
  :created_at: 2024-09-25 01:00:00 Z
"""


def test_a_gradescope_export_has_groups_numbers_and_times(tmp_path: Path) -> None:
    downloaded(
        tmp_path / "assignment_export",
        {
            "submission_metadata.yml": GRADESCOPE,
            "submission_301/hw.py": "a",
            "submission_302/hw.py": "b",
            "submission_303/hw.py": "c",
        },
    )
    found, entries = taken(tmp_path)
    assert (found.layout, found.passed_over) == ("Gradescope", ["submission_metadata.yml"])
    assert sorted(entries) == ["0005", "302", "303"]
    (attempt,) = entries["0005"].attempts
    assert (attempt.number, attempt.submitted_at) == (2, "2024-09-24T21:26:13-07:00")
    assert attempt.source == "submission_301"
    assert entries["302"].members == ("17", "302-2")
    assert entries["302"].names == (("17", "Ben"), ("302-2", "Cyd"))


@pytest.mark.parametrize("text", ["a: [", "- 1", "x: &a [*a", "[" * 5000])
def test_unreadable_gradescope_metadata_is_named(text: str, tmp_path: Path) -> None:
    downloaded(tmp_path, {"submission_metadata.yml": text, "submission_1/a.py": ""})
    with pytest.raises(IntakeError, match=r"submission_metadata\.yml cannot be read"):
        taken(tmp_path)


def test_a_layout_needs_nearly_all_entries(tmp_path: Path) -> None:
    names = ("ada", "ben", "cyd_5_assignsubmission_file")
    folder = downloaded(tmp_path, {f"{name}/hw.py": "" for name in names})
    found, entries = taken(folder)
    assert found.layout == ""
    assert list(entries) == list(names)


def test_plain_folders_that_look_like_canvas_stay_plain(tmp_path: Path) -> None:
    folder = downloaded(tmp_path, {"hw_1_2_ada.py": "", "hw_1_2_ben.py": ""})
    assert sorted(taken(folder)[1]) == ["hw_1_2_ada", "hw_1_2_ben"]


def test_what_does_not_fit_a_layout_is_still_a_submission(tmp_path: Path) -> None:
    names = [f"S_{n}_assignsubmission_file/hw.py" for n in range(5)]
    folder = downloaded(tmp_path, {**dict.fromkeys(names, ""), "by-mail.zip": zipped({"a.py": ""})})
    found, entries = taken(folder)
    assert found.layout == "Moodle"
    assert sorted(entries) == ["0", "1", "2", "3", "4", "by-mail"]


def test_repository_checkouts_are_submissions_without_their_history(tmp_path: Path) -> None:
    downloaded(tmp_path, {"ada/.git/config": "", "ada/hw.py": "1", "ben/.git": "gitdir: /x"})
    _, entries = taken(tmp_path)
    assert files_of(entries["ada"]) == {"hw.py": "1"}
    assert files_of(entries["ben"]) == {}


def test_two_files_with_one_name_in_one_attempt_are_refused(tmp_path: Path) -> None:
    folder = downloaded(
        tmp_path,
        {
            "Ada_1_assignsubmission_file/a.py": "",
            "Ada_1_assignsubmission_file_extra/A.py": "",
        },
    )
    _, entries = taken(folder)
    with pytest.raises(Rejected, match="two files are called"):
        read_parts(entries["1"].attempts[0].parts)


def test_work_in_an_archive_of_an_unread_kind_is_refused_wherever_it_is(tmp_path: Path) -> None:
    folder = downloaded(tmp_path, {"Ada_1_assignsubmission_file/hw.rar": "x"})
    _, entries = taken(folder)
    with pytest.raises(Rejected, match=r"hw\.rar' is of a kind that cannot be read"):
        read_parts(entries["1"].attempts[0].parts)


def test_policies_choose_among_attempts(tmp_path: Path) -> None:
    names = [f"HW_ada_attempt_2024-09-2{day}-10-00-00_hw.py" for day in (1, 2, 3)]
    folder = downloaded(tmp_path, dict.fromkeys(names, ""))
    for policy, places in ((Policy.LATEST, (2,)), (Policy.BEST, (0, 1, 2))):
        with open_class(folder) as found:
            assert with_roster(found, None, policy).entries[0].graded == places
