"""What runs inside Gradescope: one submission, graded, and its result in Gradescope's words.

`python -m autograder.on_gradescope BASE` takes BASE/submission, with the bundle in
BASE/source/bundle, and writes BASE/results/results.json. Whatever goes wrong, that file is there
and says so without any score, so that nobody gets a zero for it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from .bundle import Bundle
from .contract import Report
from .export.gradescope import FILE, gradescope_result
from .export.made import Made, as_json, write
from .export.parcels import Parcel
from .grade.whole_class import ClassRun
from .intake.attempts import Attempt, Entry
from .intake.read import Part
from .report.write import Results
from .sandbox.outer import SandboxUnavailable
from .sandbox.tiers import find_tier

BASE = Path("/autograder")
NO_MARK = (
    "Not graded. This is no fault of the work, and it is not a zero: it has no mark yet. "
    "Please tell the instructors."
)
UNCONFINED = "Student code cannot be confined on this machine, so nothing of it was run."


def main() -> None:
    """Grade the one submission; always ends well, since another end hides what was written."""
    base = Path(sys.argv[1]) if sys.argv[1:] else BASE
    try:
        result = grade_one(base)
    except SandboxUnavailable as error:
        print(error)  # Gradescope keeps it for instructors
        result = no_result(UNCONFINED)
    except Exception as error:  # whatever it is, it is ours
        print(f"{type(error).__name__}: {error}")
        result = no_result("The grader failed.")
    write(Made({FILE: as_json(result)}, []), base / "results")


def grade_one(base: Path) -> dict[str, Any]:
    """Gradescope's document about the submission below a folder.

    Raises:
        SandboxUnavailable: student code cannot be confined here.
        RubricError, RunStopped, OutputError: the bundle or the disk is at fault.
    """
    bundle = _lean(Bundle.open(base / "source" / "bundle"))
    tier = find_tier(None, bundle.secrets)
    identifier = _identifier(base / "submission_metadata.json")
    attempt = Attempt((Part(base / "submission", "submission"),), "submission")
    entry = Entry(identifier, (attempt,), (0,), (identifier,), ())
    with tempfile.TemporaryDirectory(prefix="autograde-") as folder:
        results = Results(Path(folder))
        with results.writing():
            ClassRun(bundle, results, tier).grade([entry], 1, lambda _cost: None)
        document = results.read_report(identifier)
    report = Report.model_validate(document)
    if report.status != "graded" or report.score is None:
        return no_result(report.reason or "No reason is known.")
    return gradescope_result(Parcel(identifier, identifier, "", report))


def _lean(bundle: Bundle) -> Bundle:
    """The bundle without what is loaded ahead to save time in a class.

    Two boxes stand beside each other, and there is room for little more than their packages;
    one submission that needs more loads it by itself. No mark depends on it.
    """
    return replace(bundle, rubric=bundle.rubric.model_copy(update={"preload": []}))


def no_result(reason: str) -> dict[str, Any]:
    """A valid document that gives no score: neither as a whole nor in a test."""
    test = {"name": "Not graded", "name_format": "text", "output": reason, "output_format": "text"}
    return {
        "output": f"{NO_MARK}\n{reason}",
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [{**test, "visibility": "visible"}],
        "extra_data": {"status": "not_graded"},
    }


def _identifier(metadata: Path) -> str:
    """Gradescope's number of the submission; names and addresses beside it are not looked at."""
    try:
        number = json.loads(metadata.read_bytes())["id"]
    except (OSError, ValueError, KeyError, TypeError):
        return "submission"
    return str(number) if isinstance(number, int) else "submission"


if __name__ == "__main__":
    main()
