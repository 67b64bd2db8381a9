"""Hostile and damaged things: each costs its own submission, bounded time and memory, no file."""

from __future__ import annotations

import io
import os
import tarfile
import threading
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.intake import folders, limits
from autograder.intake.limits import IntakeError, Rejected
from autograder.intake.read import read_parts, read_submission
from autograder.intake.scan import open_class

Tamper = Callable[[bytes], bytes]


def zip_bytes(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tar_bytes(*members: tarfile.TarInfo | tuple[str, bytes], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for member in members:
            info, data = member if isinstance(member, tuple) else (member, b"")
            if isinstance(info, str):
                info = tarfile.TarInfo(info)
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def special(name: str, kind: bytes, target: str = "/etc/passwd") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


def overlapping(members: int, size: int) -> bytes:
    """A zip whose members all share one run of compressed bytes."""
    data = bytearray(zip_bytes({"a": b"\0" * size}))
    directory = data.rindex(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    entry = bytes(data[directory:end])
    tail = bytearray(data[end:])
    tail[8:12] = members.to_bytes(2, "little") * 2
    tail[12:16] = (len(entry) * members).to_bytes(4, "little")
    return bytes(data[:directory]) + entry * members + bytes(tail)


def refusal(path: Path) -> str:
    with pytest.raises(Rejected) as caught:
        read_submission(path)
    return str(caught.value)


def outcomes(path: Path) -> dict[str, str]:
    """What becomes of each submission of a class: its files, or why it is refused."""
    found: dict[str, str] = {}
    with open_class(path) as opened:
        for entry in opened.entries:
            try:
                found[entry.id] = " ".join(sorted(read_parts(entry.attempts[0].parts)))
            except Rejected as rejection:
                found[entry.id] = f"refused: {rejection}"
    return found


def test_overlapping_members_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    bomb = overlapping(300, 4 * 2**20)
    assert len(bomb) < 40_000
    (tmp_path / "a.zip").write_bytes(bomb)
    started = time.monotonic()
    assert "'a' shares its bytes with another member" in refusal(tmp_path / "a.zip")
    assert time.monotonic() - started < 5


def test_sixty_thousand_members_are_refused_in_bounded_memory(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_bytes({f"{n}.py": b"" for n in range(60_000)}))
    tracemalloc.start()
    assert "more than 2000 files" in refusal(tmp_path / "a.zip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200 * 2**20


def test_a_list_of_members_too_long_to_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_LISTED", 100)
    many = {f"{n}.py": b"" for n in range(101)}
    (tmp_path / "a.zip").write_bytes(zip_bytes(many))
    (tmp_path / "b.tar").write_bytes(tar_bytes(*many.items()))
    (tmp_path / "c").mkdir()
    for name in many:
        (tmp_path / "c" / name).touch()
    for name in ("a.zip", "b.tar", "c"):
        assert "more than 100" in refusal(tmp_path / name)


@pytest.mark.parametrize("packed", [zip_bytes, lambda files: tar_bytes(*files.items())])
def test_environments_are_left_out_before_limits_count(
    packed: Callable[[dict[str, bytes]], bytes], tmp_path: Path
) -> None:
    files = {f"hw/env/lib/{n}.py": b"" for n in range(limits.MAX_FILES + 10)}
    files |= {"hw/a.py": b"", "hw/env/pyvenv.cfg": b"", "hw/._a.py": b"", "hw/.git/HEAD": b""}
    (tmp_path / "a.zip").write_bytes(packed(files))
    assert list(read_submission(tmp_path / "a.zip")) == ["a.py"]


def test_an_environment_made_among_the_work_takes_only_its_own_parts_away(tmp_path: Path) -> None:
    files = {"hw/a.py": b"", "hw/pyvenv.cfg": b"", "hw/lib/x.py": b"", "hw/bin/python": b""}
    (tmp_path / "a.zip").write_bytes(zip_bytes(files))
    assert list(read_submission(tmp_path / "a.zip")) == ["a.py"]


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    data = bytearray(zip_bytes({"a.py": b"x"}))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    assert refusal(tmp_path / "a.zip") == "'a.py' is encrypted"


@pytest.mark.parametrize(
    "name",
    ["x" * 201 + ".py", "/".join("abcdefghijklmnopqrstuvwxyz" * 4), "a\u200bb.py", "a\x1b[2J.py"],
)
def test_unbearable_names_are_refused_in_every_shape(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_bytes({name: b""}))
    (tmp_path / "a.tar").write_bytes(tar_bytes((name, b"")))
    folder = tmp_path / "folder"
    (folder / name).parent.mkdir(parents=True)
    (folder / name).touch()
    for path in (tmp_path / "a.zip", tmp_path / "a.tar", folder):
        assert refusal(path).startswith("the name ")


def test_names_that_collide_by_unicode_form_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_bytes({"\xe9.py": b"", "e\u0301.py": b""}))
    assert "two files are called" in refusal(tmp_path / "a.zip")


def test_names_of_old_zips_are_read(tmp_path: Path) -> None:
    data = zip_bytes({"caf_.py": b"1"})
    (tmp_path / "dos.zip").write_bytes(data.replace(b"caf_", b"caf\x82"))
    assert list(read_submission(tmp_path / "dos.zip")) == ["caf\xe9.py"]
    data = zip_bytes({"caf__.py": b"1"})
    (tmp_path / "mac.zip").write_bytes(data.replace(b"caf__", "caf\xe9".encode()))
    assert list(read_submission(tmp_path / "mac.zip")) == ["caf\xe9.py"]


def test_a_damaged_member_is_named(tmp_path: Path) -> None:
    data = bytearray(zip_bytes({"a.py": b"print(1)\n" * 9, "b.py": b"print(2)\n" * 9}))
    data[40] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(data)
    assert refusal(tmp_path / "a.zip") == "'a.py' is damaged"


def test_a_tar_that_ends_early_is_refused_not_read_in_part(tmp_path: Path) -> None:
    whole = tar_bytes(("a.py", b"1" * 600), ("b.py", b"2" * 600))
    for end in (700, 1024 + 512, 2048, 2500):
        (tmp_path / "a.tar").write_bytes(whole[:end])
        with pytest.raises(Rejected):
            read_submission(tmp_path / "a.tar")
    spoiled = bytearray(whole)
    spoiled[1536 + 150] ^= 1  # the second header's checksum
    (tmp_path / "a.tar").write_bytes(spoiled)
    with pytest.raises(Rejected):
        read_submission(tmp_path / "a.tar")


def test_a_tar_that_ends_in_a_zip_is_a_tar(tmp_path: Path) -> None:
    inner = zip_bytes({"x.py": b""})
    (tmp_path / "a.tar").write_bytes(tar_bytes(("a.py", b"1"), ("z.zip", inner)))
    assert sorted(read_submission(tmp_path / "a.tar")) == ["a.py", "z.zip"]


def test_archives_are_opened_one_deep(tmp_path: Path) -> None:
    inmost = zip_bytes({"a.py": b""})
    once = zip_bytes({"hw.zip": zip_bytes({"a.py": b""})})
    twice = zip_bytes({"hw.zip": zip_bytes({"in.zip": inmost})})
    (tmp_path / "a.zip").write_bytes(once)
    (tmp_path / "b.zip").write_bytes(twice)
    assert list(read_submission(tmp_path / "a.zip")) == ["a.py"]
    assert list(read_submission(tmp_path / "b.zip")) == ["in.zip"]


HOSTILE_MEMBERS = {
    "parent": ("ben/../../../evil.py", "not allowed"),
    "control": ("ben/a\nb.py", "not allowed"),
    "long": ("ben/" + "x" * 300, "too long"),
    "deep": ("ben/" + "d/" * 60 + "a.py", "deep"),
    "bomb": ("ben/zeros.bin", "larger than"),
}


@pytest.mark.parametrize("wrapper", ["", "HW 1/"])
@pytest.mark.parametrize(("name", "reason"), HOSTILE_MEMBERS.values(), ids=HOSTILE_MEMBERS.keys())
def test_a_hostile_member_of_a_class_refuses_its_own_submission_alone(
    name: str, reason: str, wrapper: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_BYTES", 2**20)
    names = ("ada/a.py", name, "ben/b.py", "cyd/c.py")
    files = {wrapper + n: b"0" * (2 * 2**20 if n.endswith("bin") else 1) for n in names}
    for path, data in (("c.zip", zip_bytes(files)), ("c.tar", tar_bytes(*files.items()))):
        (tmp_path / path).write_bytes(data)
        found = outcomes(tmp_path / path)
        assert (found["ada"], found["cyd"]) == ("a.py", "c.py")
        assert found["ben"].startswith("refused: ")
        assert reason in found["ben"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["c.tar", "c.zip"]


def test_links_devices_damage_and_doubles_in_a_class_cost_their_own_submission(
    tmp_path: Path,
) -> None:
    data = tar_bytes(
        ("ada/a.py", b"1"),
        special("ben/link.py", tarfile.SYMTYPE),
        special("cyd", tarfile.SYMTYPE, "/etc"),
        ("cyd/inside.py", b"2"),
        special("dan/pipe.py", tarfile.FIFOTYPE),
        ("eve/a.py", b"1"),
        ("eve/a.py", b"2"),
        ("fay/x", b"1"),
        ("fay/x/y.py", b"2"),
        special("gil.py", tarfile.LNKTYPE, "ada/a.py"),
        mode="w:gz",
    )
    (tmp_path / "class.tgz").write_bytes(data)
    found = outcomes(tmp_path / "class.tgz")
    assert found.pop("ada") == "a.py"
    assert sorted(found) == ["ben", "cyd", "dan", "eve", "fay", "gil"]
    assert all(text.startswith("refused: ") for text in found.values()), found
    assert not Path("/etc/inside.py").exists()


def test_a_damaged_member_of_a_flat_class_costs_one_student(tmp_path: Path) -> None:
    names = [f"student{n}_{n}_{90 + n}_hw.py" for n in range(5)]
    data = bytearray(zip_bytes(dict.fromkeys(names, b"print(1)\n" * 9)))
    data[data.index(names[2].encode()) + len(names[2]) + 2] ^= 0xFF
    (tmp_path / "class.zip").write_bytes(data)
    found = outcomes(tmp_path / "class.zip")
    assert found.pop("2") == "refused: 'hw.py' is damaged"
    assert set(found.values()) == {"hw.py"}


def test_reasons_are_given_without_a_persons_name(tmp_path: Path) -> None:
    names = [f"Ada Lovelace_{n}_assignsubmission_file" for n in range(4)]
    members = [(f"{name}/a.py", b"") for name in names[:3]]
    links = [special(f"{names[2]}/x.py", tarfile.SYMTYPE), special(names[3], tarfile.SYMTYPE)]
    (tmp_path / "c.tar").write_bytes(tar_bytes(*members, *links))
    found = outcomes(tmp_path / "c.tar")
    assert found["2"].startswith("refused: '2_assignsubmission_file/x.py' is a link")
    folder = tmp_path / "class"
    for name in names[:2]:
        (folder / name).mkdir(parents=True)
    (folder / names[2]).symlink_to("/etc")
    (folder / names[1] / "x.py").symlink_to("/etc")
    found |= outcomes(folder)
    assert len([text for text in found.values() if "refused" in text]) == 3
    assert "Lovelace" not in str(found)


def test_what_belongs_to_nobody_is_said(tmp_path: Path) -> None:
    (tmp_path / "c.zip").write_bytes(zip_bytes({"ada/a.py": b"", "../x.py": b"", "/y.py": b""}))
    with open_class(tmp_path / "c.zip") as found:
        assert [entry.id for entry in found.entries] == ["ada"]
        assert found.passed_over == [
            "the name '../x.py' is not allowed",
            "the name '/y.py' is not allowed",
        ]


def test_empty_folders_of_a_class_archive_are_empty_submissions(tmp_path: Path) -> None:
    (tmp_path / "c.zip").write_bytes(zip_bytes({"ada/a.py": b"", "ben/": b""}))
    folder = tarfile.TarInfo("ben")
    folder.type = tarfile.DIRTYPE
    (tmp_path / "c.tar").write_bytes(tar_bytes(("ada/a.py", b""), folder))
    assert outcomes(tmp_path / "c.zip") == {"ada": "a.py", "ben": ""}
    assert outcomes(tmp_path / "c.tar") == {"ada": "a.py", "ben": ""}


def test_too_many_files_of_one_student_cost_no_other(tmp_path: Path) -> None:
    files = {f"ada/{n}.py": b"" for n in range(limits.MAX_FILES + 1)} | {"ben/b.py": b""}
    (tmp_path / "c.zip").write_bytes(zip_bytes(files))
    found = outcomes(tmp_path / "c.zip")
    assert found["ben"] == "b.py"
    assert "more than 2000 files" in found["ada"]


def test_a_truncated_class_is_refused_as_a_whole(tmp_path: Path) -> None:
    data = zip_bytes({f"s{n}/a.py": b"" for n in range(5)})
    (tmp_path / "c.zip").write_bytes(data[:-40])
    with pytest.raises(IntakeError, match="download it again"), open_class(tmp_path / "c.zip"):
        pass


def swapped_when_opened(
    monkeypatch: pytest.MonkeyPatch, name: str, swap: Callable[[], None]
) -> None:
    """Let something happen to a file between the look at it and its opening."""
    really = os.open

    def opening(path: object, *arguments: object, **named: object) -> int:
        if str(path).endswith(name):
            swap()
        return really(path, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(folders.os, "open", opening)


@pytest.mark.parametrize("becomes", ["link", "pipe", "nothing"])
def test_a_file_swapped_while_it_is_read_costs_its_submission(
    becomes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = tmp_path / "a.py"
    victim.write_text("1")

    def swap() -> None:
        victim.unlink(missing_ok=True)
        if becomes == "link":
            victim.symlink_to("/etc/passwd")
        elif becomes == "pipe":
            os.mkfifo(victim)

    swapped_when_opened(monkeypatch, "a.py", swap)
    assert "a.py" in refusal(tmp_path)


def test_a_folder_swapped_for_a_link_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub" / "x").mkdir(parents=True)
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.py").write_text("secret")

    def swap() -> None:
        if not (tmp_path / "sub" / "x").is_symlink():
            (tmp_path / "sub" / "x").rmdir()
            (tmp_path / "sub" / "x").symlink_to(secret)

    swapped_when_opened(monkeypatch, "x", swap)
    assert "cannot be read" in refusal(tmp_path / "sub")


def test_a_file_that_grows_for_ever_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_BYTES", 2**20)
    growing = tmp_path / "a.py"
    growing.write_bytes(b"0" * 2**19)
    stop = threading.Event()

    def grow() -> None:
        with growing.open("ab") as file:
            while not stop.is_set():
                file.write(b"0" * 2**16)
                file.flush()

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        while growing.stat().st_size < 2**20:
            time.sleep(0.001)
        assert "larger than" in refusal(tmp_path)
    finally:
        stop.set()
        thread.join()


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.py"
    path.write_text("1")
    really = folders.read_bounded

    def reading(stream: io.BufferedReader, name: str) -> bytes:
        data = really(stream, name)
        path.write_text("22")
        return data

    monkeypatch.setattr(folders, "read_bounded", reading)
    assert "changed while it was read" in refusal(tmp_path)
