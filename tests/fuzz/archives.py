"""Mutated archives, each taken in as one submission and as a class.

Whatever the bytes are: no exception but a refusal, no file outside the temporary
folder, bounded time and memory. `python tests/fuzz/archives.py [COUNT [SEED]]`
exits with the number of archives that broke this.
"""

from __future__ import annotations

import gzip
import io
import os
import random
import re
import resource
import sys
import tarfile
import tempfile
import time
import traceback
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from autograder.intake import limits
from autograder.intake.limits import IntakeError, Rejected
from autograder.intake.read import read_parts, read_submission
from autograder.intake.scan import open_class

COUNT = 10_000
MOST_MEMORY = 2 * 2**30
"""Address space beyond what the interpreter has; a bomb that gets through needs more."""
MOST_GROWTH = 400 * 2**20
"""Resident memory of the whole run beyond that of its beginning."""
MOST_SECONDS = 20.0
MEMBERS = {
    "ada/xor.py": b"def f(x):\n    return x\n" * 40,
    "ada/report.md": b"text " * 300,
    "ben/.venv/lib/x.py": b"1",
    "ben/nb.ipynb": b"{}",
    "cyd_5_assignsubmission_file/hw.py": bytes(range(256)) * 8,
    "caf\xe9/z.py": b"0" * 3000,
}
HOSTILE_NAMES = ("../up.py", "/tmp/abs.py", "C:\\x.py", "a\\b.py", "a\0b.py", "n\nl.py", "x" * 400)


def seeds(chance: random.Random) -> list[bytes]:
    """Archives to begin with: good ones of every kind, and hostile ones."""
    found = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        found.append(_zip(MEMBERS, method))
    hostile = dict.fromkeys(HOSTILE_NAMES, b"h") | {"zeros": bytes(8 * 2**20), **MEMBERS}
    found.append(_zip(hostile, zipfile.ZIP_DEFLATED))
    found.append(_zip({f"{n}.py": b"" for n in range(500)}, zipfile.ZIP_STORED))
    found.append(_zip({"ada/in.zip": found[1], "ben/in.tar": _tar(MEMBERS, "w")}, 0))
    for mode in ("w", "w:gz", "w:bz2", "w:xz"):
        found.append(_tar(MEMBERS, mode))
        found.append(_tar(hostile, mode))
    for form in (tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        long = {f"{'d/' * 60}{'n' * 120}{n}.py": b"1" for n in range(3)}
        found.append(_tar({} if form == tarfile.USTAR_FORMAT else long, "w", form))
    found.append(_links())
    chance.shuffle(found)
    return found


def _zip(files: dict[str, bytes], method: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _tar(files: dict[str, bytes], mode: str, form: int = tarfile.PAX_FORMAT) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode, format=form) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def _links() -> bytes:
    stream = io.BytesIO()
    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, b"S", b"x", b"L")
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for kind in kinds:
            info = tarfile.TarInfo(f"ada/{kind.hex()}")
            info.type, info.linkname = kind, "../../../etc"
            archive.addfile(info)
    return stream.getvalue()


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The same archive with something wrong: bits, length, a piece of another, a header."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(changed)) if changed else 0
        match chance.randrange(6):
            case 0 if changed:
                changed[place] ^= 1 << chance.randrange(8)
            case 1:
                del changed[place : place + chance.choice((1, 30, 512, len(changed)))]
            case 2:
                other = chance.choice(others)
                start = chance.randrange(len(other))
                changed[place : place + chance.choice((0, 30, 512))] = other[start : start + 600]
            case 3:
                _edit_header(changed, chance)
            case 4:
                length = chance.choice((1, 4, 512))
                changed[place:place] = changed[place : place + length]
            case _:
                size = chance.choice((1, 2, 4, 8))
                changed[place : place + size] = chance.choice((b"\xff", b"\0", b"\x80")) * size
    return bytes(changed)


def _edit_header(data: bytearray, chance: random.Random) -> None:
    """Change a number in a header that readers look at."""
    mark = chance.choice((b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"ustar"))
    places = [found.start() for found in islice(re.finditer(mark, data), 200)]
    if not places:
        return
    if mark == b"ustar":
        header = chance.choice(places) - 257
        field, size = chance.choice(((0, 100), (124, 12), (156, 1), (157, 100), (345, 155)))
        value = chance.choice((b"\x80" + b"\xff" * 11, b"77777777777\0", b"-1\0", b"L", b"S", b"x"))
        data[header + field : header + field + size] = value[:size].ljust(size, b"\0")
        block = (
            bytes(data[header : header + 148]) + b" " * 8 + bytes(data[header + 156 : header + 512])
        )
        data[header + 148 : header + 156] = b"%06o\0 " % sum(block)
        return
    place = chance.choice(places) + 4 + chance.randrange(40)
    data[place : place + 4] = chance.randbytes(chance.choice((1, 2, 4)))[:4].ljust(1, b"\0")


def take_in(data: bytes, folder: Path, suffix: str) -> str:
    """Take an archive in, alone and as a class; how it ended, "" if as it must."""
    path = folder / f"in{suffix}"
    path.write_bytes(data)
    before = _tree(folder)
    started = time.monotonic()
    try:
        try:
            read_submission(path)
        except Rejected as rejection:
            assert str(rejection)
        try:
            with open_class(path) as found:
                for entry in found.entries:
                    _read_or_refuse(entry.attempts[-1].parts)
        except IntakeError as error:
            assert str(error)
    except Exception:
        return traceback.format_exc()
    if _tree(folder) != before:
        return "something was written, or left behind"
    spent = time.monotonic() - started
    return f"took {spent:.1f} s" if spent > MOST_SECONDS else ""


def _read_or_refuse(parts: object) -> None:
    try:
        read_parts(parts)  # type: ignore[arg-type]
    except Rejected as rejection:
        assert str(rejection)


def _tree(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*")}


def faults(count: int, seed: int = 0) -> Iterator[tuple[int, str, bytes]]:
    """Numbers, texts and bytes of mutated archives that broke the promise."""
    chance = random.Random(seed)
    beginnings = seeds(chance)
    suffixes = (*limits.ARCHIVE_SUFFIXES, ".zip", ".tar.gz")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "deep" / "er"
        (place / "tmp").mkdir(parents=True)
        before, tempfile.tempdir = tempfile.tempdir, str(place / "tmp")  # classes unpack here
        try:
            for number in range(count):
                data = mutated(chance.choice(beginnings), beginnings, chance)
                if chance.random() < 0.2:  # what is wrong stands behind a sound compression
                    data = gzip.compress(data, 1)
                path = place / "in"
                path.mkdir(exist_ok=True)
                if text := take_in(data, path, chance.choice(suffixes)):
                    yield number, text, data
                for left in path.iterdir():
                    left.unlink()
                if _tree(Path(name)) != {
                    str(p) for p in (place.parent, place, path, place / "tmp")
                }:
                    yield number, "a file outside the temporary folder", data
        finally:
            tempfile.tempdir = before


def main(count: int = COUNT, seed: int = 0) -> int:
    """Run, and print what broke, the time and the memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + MOST_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    broken = 0
    for number, text, data in faults(count, seed):
        broken += 1
        print(f"archive {number} of seed {seed} ({len(data)} bytes): {text}")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    if grown > MOST_GROWTH:
        broken += 1
        print(f"memory grew by {grown >> 20} MiB")
    spent = time.monotonic() - started
    print(f"{count} archives, {broken} faults, {spent:.0f} s, {grown >> 20} MiB more memory")
    return broken


if __name__ == "__main__":
    sys.exit(min(main(*map(int, sys.argv[1:])), 100))
