"""Taking submissions in: names, shapes, and what is refused."""

from __future__ import annotations

import io
import os
import re
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.intake import limits
from autograder.intake.limits import IntakeError, Rejected
from autograder.intake.read import read_parts, read_submission
from autograder.intake.scan import make_ids, open_class


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def tarred(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(b"x" * member.size))
    return path


def test_one_folder_around_everything_is_taken_off(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"hw/a.py": b"1", "hw/b/c.py": b"2"})
    assert read_submission(path) == {"a.py": b"1", "b/c.py": b"2"}


def test_caches_and_environments_are_left_out(tmp_path: Path) -> None:
    files = {
        "a.py": b"1",
        "__MACOSX/._a.py": b"",
        ".venv/lib/x.py": b"",
        "myenv/pyvenv.cfg": b"",
        "myenv/lib/x.py": b"",
        "__pycache__/a.pyc": b"",
        ".ipynb_checkpoints/n.ipynb": b"",
        ".DS_Store": b"",
    }
    assert read_submission(zipped(tmp_path / "a.zip", files)) == {"a.py": b"1"}
    for name, data in files.items():
        (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(data)
    assert read_submission(tmp_path / "folder") == {"a.py": b"1"}


@pytest.mark.parametrize(
    "name", ["../a.py", "/etc/a.py", "a\\b.py", "C:a.py", "a/../../b.py", "a\nb.py", "a\u202eb.py"]
)
def test_hostile_names_are_refused(name: str, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {name: b"x", "ok.py": b""})
    with pytest.raises(Rejected, match="not allowed"):
        read_submission(path)


def test_names_that_collide_by_case_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="two files"):
        read_submission(zipped(tmp_path / "a.zip", {"a.py": b"1", "A.py": b"2"}))


def test_links_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.py").symlink_to("/etc/passwd")
    with pytest.raises(Rejected, match="link"):
        read_submission(folder)
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE):
        member = tarfile.TarInfo("a.py")
        member.type, member.linkname = kind, "/etc/passwd"
        with pytest.raises(Rejected):
            read_submission(tarred(tmp_path / "a.tar", member))
    link = zipfile.ZipInfo("a.py")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "l.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(Rejected, match="link"):
        read_submission(tmp_path / "l.zip")


def test_pipes_in_folders_are_refused_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    with pytest.raises(Rejected, match="device"):
        read_submission(tmp_path)


def test_bombs_are_counted_while_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_BYTES", 1000)
    path = zipped(tmp_path / "a.zip", {"a.bin": b"0" * 100_000})
    assert path.stat().st_size < 1000
    with pytest.raises(Rejected, match="larger than"):
        read_submission(path)
    many = zipped(tmp_path / "b.zip", {f"{n}.bin": b"0" * 400 for n in range(3)})
    with pytest.raises(Rejected, match="more than"):
        read_submission(many)


def test_folders_are_counted_as_well(tmp_path: Path) -> None:
    names = {"/".join(f"{n}-{depth}" for depth in range(40)) + "/a.py" for n in range(60)}
    with pytest.raises(Rejected, match="2000 folders"):
        read_submission(zipped(tmp_path / "a.zip", dict.fromkeys(names, b"")))


def test_what_is_left_out_counts_too_where_it_must_be_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_UNPACKED", 256 * 2**20)
    bomb = tarfile.TarInfo("__pycache__/x")
    bomb.size = 300 * 2**20
    path = tmp_path / "a.tar.bz2"
    with tarfile.open(path, "w:bz2") as archive, Path("/dev/zero").open("rb") as zeros:
        archive.addfile(bomb, zeros)
    assert (tmp_path / "a.tar.bz2").stat().st_size < 10_000
    with pytest.raises(Rejected, match="unpacks to more"):
        read_submission(tmp_path / "a.tar.bz2")


def test_a_name_of_gigabytes_is_not_read_to_its_end(tmp_path: Path) -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 3 * 2**30
    (tmp_path / "a.tar").write_bytes(header.tobuf() + bytes(2**20))
    with pytest.raises(Rejected):
        read_submission(tmp_path / "a.tar")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"\x1f\x8b\x08rubbish"])
@pytest.mark.parametrize("suffix", [".zip", ".tar.gz"])
def test_rubbish_is_refused_with_a_reason(content: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    with pytest.raises(Rejected):
        read_submission(path)


@given(st.lists(st.text(min_size=1, max_size=120), unique=True, max_size=8))
def test_ids_are_lawful_and_unique_whatever_the_case(names: list[str]) -> None:
    ids = make_ids(names)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,80}", identifier) for identifier in ids)
    assert len({identifier.casefold() for identifier in ids}) == len(names)


def test_good_names_stay_and_leading_zeros_too() -> None:
    assert make_ids(["0005", "ada.lovelace"]) == ["0005", "ada.lovelace"]
    assert make_ids(["Zoë"])[0].startswith("Zo-")


def ids_in(path: Path) -> list[str]:
    with open_class(path) as found:
        return [entry.id for entry in found.entries]


def test_entries_of_every_kind(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    zipped(tmp_path / "bob.zip", {"a.py": b""})
    (tmp_path / "cyd.ipynb").write_text("{}")
    (tmp_path / "dan.PY").write_text("")
    (tmp_path / "eve.rar").write_text("")
    (tmp_path / "grades.csv").write_text("")
    (tmp_path / ".hidden").mkdir()
    with open_class(tmp_path) as found:
        assert [entry.id for entry in found.entries] == ["ada", "bob", "cyd", "dan", "eve.rar"]
        assert found.passed_over == [".hidden", "grades.csv"]
        with pytest.raises(Rejected, match="cannot be read"):
            read_parts(found.entries[-1].attempts[0].parts)


def test_ids_that_would_meet_are_kept_apart(tmp_path: Path) -> None:
    first = make_ids(["Anna Schmidt"])[0]
    ids = make_ids(["Anna Schmidt", first])
    assert len(set(ids)) == 2
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,80}", identifier) for identifier in ids)


def test_special_entries_are_refused_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ada.py")
    (tmp_path / "bob").symlink_to("/etc")
    (tmp_path / "cyd").symlink_to("/nowhere")
    with open_class(tmp_path) as found:
        assert len(found.entries) == 3
        for entry in found.entries:
            with pytest.raises(Rejected, match="link or a device"):
                read_parts(entry.attempts[0].parts)


def test_a_class_inside_one_folder(tmp_path: Path) -> None:
    for name in ("ada", "ben"):
        (tmp_path / "w" / "HW 1" / name).mkdir(parents=True)
    (tmp_path / "w" / "HW 1" / "cy.ipynb").write_text("{}")
    (tmp_path / "w" / "grades.csv").write_text("")
    assert ids_in(tmp_path / "w") == ["ada", "ben", "cy"]


def test_a_class_of_one(tmp_path: Path) -> None:
    (tmp_path / "ada" / "src").mkdir(parents=True)
    (tmp_path / "ada" / "hw.py").write_text("")
    (tmp_path / "ada" / "report.md").write_text("")
    assert ids_in(tmp_path) == ["ada"]


def test_an_archive_handed_in_inside_a_folder_is_opened(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    zipped(tmp_path / "ada" / "hw.zip", {"hw/a.py": b"1", "hw/b.py": b"2"})
    assert sorted(read_submission(tmp_path / "ada")) == ["hw/a.py", "hw/b.py"]


def test_an_archive_is_known_by_its_content(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.tar.gz", {"a.py": b"1"})
    assert read_submission(path) == {"a.py": b"1"}


def test_a_file_where_a_folder_must_be(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="two files"):
        read_submission(zipped(tmp_path / "a.zip", {"a": b"1", "a/b.py": b"2"}))


def test_one_student_twice_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    zipped(tmp_path / "ada.zip", {"a.py": b""})
    with pytest.raises(IntakeError, match=r"'ada' twice: ada/ and ada\.zip"), open_class(tmp_path):
        pass
