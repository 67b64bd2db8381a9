"""Before work is handed in: what the public checks say, what is missing, and a zip of it.

It needs nothing but the folder that students get. Nothing here predicts a mark: no point of it is
decided by what stands in that folder.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from . import __version__
from .errors import ExpectedError
from .intake.folders import FolderSource
from .intake.limits import Rejected, check_name, check_size
from .intake.read import own_members
from .kit.loader import Manifest
from .model import Limits
from .sandbox.box import Box
from .sandbox.deadline import Lost
from .sandbox.layers import COMMANDS, Tier
from .sandbox.outer import SandboxUnavailable
from .sandbox.session import Session
from .sandbox.tiers import find_tier
from .zipped import zipped

RELEASED = "autograde_kit/assignment.json"
MANIFEST = "autograde-manifest.json"
ARGUMENTS = ["-m", "pytest", "--tally"]
LIMITS = Limits(cpu_seconds=900, wall_seconds=1800, memory_mb=4096, disk_mb=256)
"""For all public checks together, on whatever machine; grading has limits of its own."""
LARGEST = 8 * 2**20
"""Bytes of a file that are more than code, writing and recorded weights ever take."""
AS_SHIPPED = "as it came with the template"
TOO_LARGE = f"work takes {LARGEST >> 20} MiB a file at most"


class WorkError(ExpectedError):
    """A folder cannot be checked or packed; the text says why and what to do."""


class Tally(BaseModel):
    """What the public checks said: title, passed and all of each task, and what is missing."""

    tasks: list[tuple[str, int, int]]
    missing: list[str]

    @property
    def passed(self) -> int:
        """How many public checks pass."""
        return sum(passed for _, passed, _ in self.tasks)

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(count for _, _, count in self.tasks)


class Released(BaseModel):
    """What `release` tells of the assignment beside the student's files.

    Attributes:
        tools: path -> digest of what comes with the template and is nobody's work.
        decided_later: how -> points that are decided after handing in.
    """

    id: str
    title: str
    manifest: dict[str, Any]
    tools: dict[str, str] = {}
    decided_later: Annotated[dict[str, float], Field(min_length=1)]


@dataclass(frozen=True)
class Checked:
    """A folder that was looked at.

    Attributes:
        files: path -> content of what is in it.
        left_out: path -> why it cannot be handed in.
        tier: how the student's code was confined; `none` where it ran as with plain pytest.
        note: why, in that case.
    """

    released: Released
    files: Mapping[str, bytes]
    left_out: Mapping[str, str]
    tally: Tally
    tier: Tier
    note: str = ""


def check_work(folder: Path, besides: Path | None = None) -> Checked:
    """Run the public checks on a student's folder, and see what is missing in it.

    Args:
        besides: a file in it that does not belong to the work, such as an earlier zip.

    Raises:
        WorkError: it is not such a folder, or the checks cannot be run in it.
    """
    released = read_released(folder)
    files, left_out = _gather(folder, besides)
    try:
        tier, note = find_tier(None, []), ""
        code, said = _in_box(files, Manifest.from_json(released.manifest), tier)
    except SandboxUnavailable as error:
        tier, note = Tier.NONE, str(error).strip().rpartition("\n")[2]
        code, said = _as_pytest(folder)
    return Checked(released, files, left_out, _tally(code, said), tier, note)


def read_released(folder: Path) -> Released:
    """What stands in the folder about the assignment.

    Raises:
        WorkError: nothing does, or an older version of it.
    """
    path = folder / RELEASED
    try:
        return Released.model_validate_json(path.read_bytes())
    except OSError:
        raise WorkError(
            f"{folder} has no {RELEASED}: name the folder that your course gave you, "
            "with your work in it"
        ) from None
    except ValidationError:
        raise WorkError(f"{path} is of another version; get a fresh autograde_kit/") from None


def _in_box(files: Mapping[str, bytes], manifest: Manifest, tier: Tier) -> tuple[int, str]:
    with (
        Box(LIMITS, tier.layers, [*manifest.packages, COMMANDS]) as box,
        closing(Session(box, files, manifest, LIMITS)) as session,
    ):
        try:
            return session.run(ARGUMENTS)
        except Lost as lost:
            raise WorkError(f"the public checks did not come to an end: {lost}") from None


def _as_pytest(folder: Path) -> tuple[int, str]:
    command = [sys.executable, *ARGUMENTS]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return done.returncode, done.stderr.decode("utf-8", "replace")


def _tally(code: int, said: str) -> Tally:
    """The last thing that the checks say; what student code printed before it does not matter."""
    last = said.strip().rpartition("\n")[2]
    try:
        return Tally.model_validate_json(last)
    except ValidationError:
        raise WorkError(
            f"pytest ended with code {code} before the checks had run; type `pytest` in the "
            f"folder to see why{': ' + ascii(last[:200])[1:-1] if last else ''}"
        ) from None


@dataclass(frozen=True)
class Packed:
    """Work as one file.

    Attributes:
        content: the zip.
        files: how many files of the student's are in it.
        left_out: path -> why.
    """

    content: bytes
    files: int
    left_out: Mapping[str, str]


def pack_work(checked: Checked) -> Packed:
    """Pack a student's work with a manifest of it.

    Raises:
        WorkError: nothing is left to pack.
    """
    tools = checked.released.tools
    shipped = {name for name, data in checked.files.items() if tools.get(name) == _digest(data)}
    shipped.add(RELEASED)  # which cannot hold its own digest
    files = {name: data for name, data in checked.files.items() if name not in shipped}
    files.pop(MANIFEST, None)  # of an earlier zip that was unpacked here
    if not files:
        raise WorkError("there is no work in this folder to pack")
    left_out = {**checked.left_out, **dict.fromkeys(shipped, AS_SHIPPED)}
    text = json.dumps(_manifest(checked, files, left_out), indent=2, ensure_ascii=False) + "\n"
    return Packed(zipped({**files, MANIFEST: text.encode()}), len(files), left_out)


def _gather(folder: Path, besides: Path | None) -> tuple[dict[str, bytes], dict[str, str]]:
    """The folder's files, and why some are left out; caches and environments are not named."""
    files: dict[str, bytes] = {}
    left_out: dict[str, str] = {}
    try:
        for member in own_members(FolderSource(folder)):
            path = folder / member.name
            if member.is_folder or (besides and path.resolve() == besides.resolve()):
                continue
            try:
                if (size := path.lstat().st_size) > LARGEST:
                    left_out[member.name] = f"{size / 2**20:.1f} MiB; {TOO_LARGE}"
                else:
                    files[check_name(member.name)] = member.read()
            except (Rejected, OSError) as error:
                left_out[member.name] = str(error)
        check_size(len(files), sum(map(len, files.values())))
    except Rejected as rejection:
        raise WorkError(f"{folder}: {rejection}") from None
    return files, left_out


def _manifest(
    checked: Checked, files: Mapping[str, bytes], left_out: Mapping[str, str]
) -> dict[str, Any]:
    """What is in the zip and what is not; information for people, which nothing is graded by."""
    return {
        "version": 1,
        "assignment": checked.released.id,
        "grader": __version__,
        "public": {"passed": checked.tally.passed, "checks": checked.tally.count},
        "missing": checked.tally.missing,
        "files": [
            {"path": name, "bytes": len(data), "sha256": _digest(data)}
            for name, data in sorted(files.items())
        ],
        "left_out": [{"path": path, "why": why} for path, why in sorted(left_out.items())],
    }


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
