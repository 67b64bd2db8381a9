"""Reports and tables on disk: validated, atomic, the same bytes for the same work."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ..atomic import replace_file
from ..contract import Report, SubmissionInfo
from ..errors import ExpectedError
from ..model import Submission
from .schema import RESERVED, report_validator
from .text import printable, safe_cell

RESERVED_KEYS = frozenset().union(*RESERVED.values())
DRAFTS = ".drafts-"


class OutputError(ExpectedError):
    """The results cannot be written; the text says where and why."""


class Results:
    """The output folder and the files in it.

    Raises:
        OutputError: the folder cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._drafts: Path | None = None
        try:
            for part in ("reports", "artifacts", "pages"):
                (folder / part).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot write results to {folder}: {error.strerror}") from None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While open, files can be written: by this process and its forks, beside other runs.

        Drafts stand in a folder of this run, under a lock that ends with its last process, so
        that a later run can tell what a killed one left behind, and remove it.

        Raises:
            OutputError: the folder cannot be written.
        """
        try:
            with _locked(self.folder):
                for old in self.folder.glob(f"{DRAFTS}*"):
                    with suppress(BlockingIOError), _locked(old, wait=False):
                        shutil.rmtree(old, ignore_errors=True)
                self._drafts = Path(tempfile.mkdtemp(prefix=DRAFTS, dir=self.folder))
                lock = os.open(self._drafts, os.O_RDONLY | os.O_CLOEXEC)
                fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError as error:
            raise OutputError(f"cannot write results to {self.folder}: {error.strerror}") from None
        try:
            yield
        finally:
            os.close(lock)
            shutil.rmtree(self._drafts, ignore_errors=True)
            self._drafts = None

    def report_path(self, identifier: str) -> Path:
        """Where a submission's report is."""
        return self.folder / "reports" / f"{identifier}.json"

    def write_report(self, report: Report, artifacts: dict[str, Any]) -> None:
        """Write a report and its artifacts; the report last, since it says "finished".

        Raises:
            OutputError: the disk refuses.
            jsonschema.ValidationError: the report breaks the contract (a fault of ours).
        """
        document = report_document(report)
        report_validator().validate(document)
        name = f"{report.submission.id}.json"
        self._write_json(Path("artifacts", name), printable(artifacts))
        self._write_json(Path("reports", name), document)

    def read_reports(self) -> list[dict[str, Any]]:
        """The reports behind the class table, in its order."""
        order = {identifier: place for place, (identifier, _) in enumerate(self.read_grades())}
        found = [d for p in (self.folder / "reports").glob("*.json") if (d := _read(p)) is not None]
        placed = {order.get(d["submission"]["members"][0], -1): d for d in found}
        return [placed[place] for place in sorted(placed) if place >= 0]

    def read_grades(self) -> list[tuple[str, str]]:
        """Id and status of each row of the class table; none before there is one.

        Raises:
            OutputError: another program has changed the table.
        """
        path = self.folder / "grades.csv"
        try:
            with path.open(newline="", encoding="utf-8-sig") as file:
                rows = list(csv.DictReader(file))
            return [(row["id"].removeprefix("'"), row["status"]) for row in rows]
        except OSError:
            return []
        except (KeyError, AttributeError, ValueError, csv.Error):
            raise OutputError(
                f"{path} was changed by another program; `autograde SUBMISSIONS` writes it anew"
            ) from None

    def read_json(self, name: str) -> dict[str, Any]:
        """A file of the folder that is no report: an artifact, or `run.json`; {} if unreadable."""
        try:
            document = json.loads((self.folder / name).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return document if isinstance(document, dict) else {}

    def has_artifacts(self, identifier: str) -> bool:
        """Whether a submission's artifacts are there."""
        return (self.folder / "artifacts" / f"{identifier}.json").is_file()

    def read_report(self, identifier: str) -> dict[str, Any] | None:
        """A finished report as plain JSON, or None if there is none that follows the contract."""
        return _read(self.report_path(identifier))

    def keep_report(self, report: Report, known: dict[str, Any] | None) -> None:
        """Bring a report up to date without its artifacts; one that says the same stays as it is.

        Args:
            known: what is written there.

        Raises:
            OutputError: the disk refuses.
            jsonschema.ValidationError: the report breaks the contract (a fault of ours).
        """
        document = report_document(report)
        if document != known:
            report_validator().validate(document)
            self._write_json(Path("reports", f"{report.submission.id}.json"), document)

    def remove_replaced(self, documents: Iterable[dict[str, Any]]) -> None:
        """Remove what was graded under another id of students who have one of these reports now.

        A roster that puts students into groups, or takes them out, gives their work another id;
        were the old report to stay, it could be taken for the one that counts.
        """
        now = [document["submission"] for document in documents]
        ids, members = {one["id"] for one in now}, {m for one in now for m in one["members"]}
        for path in (self.folder / "reports").glob("*.json"):
            old = _read(path)
            if path.stem in ids or old is None or members.isdisjoint(old["submission"]["members"]):
                continue
            for other in (f"pages/{path.stem}.html", f"artifacts/{path.stem}.json"):
                (self.folder / other).unlink(missing_ok=True)
            shutil.rmtree(self.folder / "attempts" / path.stem, ignore_errors=True)
            path.unlink(missing_ok=True)

    def read_attempt(self, submission: Submission) -> dict[str, Any] | None:
        """The report of an attempt that does not count, if there is one by the contract."""
        return _read(self.folder / self._attempt_path(submission))

    def read_attempts(self) -> list[dict[str, Any]]:
        """The reports of all attempts that do not count, as far as they follow the contract."""
        paths = sorted(self.folder.glob("attempts/*/*.json"))
        return [document for path in paths if (document := _read(path)) is not None]

    def write_attempt(self, report: Report) -> None:
        """Write the report of one of several attempts.

        Raises:
            OutputError: the disk refuses.
        """
        path = self._attempt_path(report.submission)
        try:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot write {self.folder / path}: {error.strerror}") from None
        self._write_json(path, report_document(report))

    def keep_attempts(self, identifier: str, submissions: Sequence[Submission]) -> None:
        """Remove the reports of all attempts but these."""
        kept = {self._attempt_path(submission).name for submission in submissions}
        for path in (self.folder / "attempts" / identifier).glob("*.json"):
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def _attempt_path(self, submission: Submission | SubmissionInfo) -> Path:
        return Path("attempts", submission.id, f"{submission.attempt}.json")

    def write_json(self, name: str, document: dict[str, Any]) -> None:
        """Write a document about the whole class, such as `summary.json`."""
        self._write_json(Path(name), document)

    def write_text(self, name: str, text: str) -> None:
        """Write a file that is made from reports, such as a page.

        Raises:
            OutputError: the disk refuses.
        """
        self._write(Path(name), text)

    def write_table(self, name: str, rows: Sequence[Sequence[str]]) -> None:
        """Write a CSV whose cells no spreadsheet takes for formulas."""
        text = io.StringIO()
        cells = ([safe_cell(printable(cell)) for cell in row] for row in rows)
        csv.writer(text, lineterminator="\n").writerows(cells)
        self._write(Path(name), text.getvalue())

    def _write_json(self, name: Path, document: dict[str, Any]) -> None:
        text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
        self._write(name, text + "\n")

    def _write(self, name: Path, text: str) -> None:
        """Replace a file at once: a reader sees the old one or the new one, whole."""
        assert self._drafts is not None, "only while `writing`"
        target = self.folder / name
        try:
            replace_file(target, text.encode("utf-8"), self._drafts)
        except OSError as error:
            raise OutputError(
                f"cannot write {target}: {error.strerror}. What is finished is kept; once this is "
                "mended, the same command continues with the rest"
            ) from None


@contextmanager
def _locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)


def _read(path: Path) -> dict[str, Any] | None:
    """A document by the contract; by the model, which knows the same in a fraction of the time."""
    try:
        document = json.loads(path.read_text("utf-8"))
        Report.model_validate(document)
    except (OSError, ValueError):
        return None
    assert isinstance(document, dict)
    return document


def report_document(report: Report) -> dict[str, Any]:
    """The report as plain JSON values; reserved keys that say nothing are left out."""
    document = printable(_without_reserved(report.model_dump(mode="json")))
    assert isinstance(document, dict)
    return document


def _without_reserved(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_reserved(item)
            for key, item in value.items()
            if item is not None or key not in RESERVED_KEYS
        }
    if isinstance(value, list):
        return [_without_reserved(item) for item in value]
    return value
