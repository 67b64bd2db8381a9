"""How long the pages of a large class take, and how large they are.

    make grade
    .venv/bin/python benchmarks/class_pages.py [--students 1000] [--rows 5000]

Repeats the reports that `make grade` left under fresh ids until there is a class of so many
students, and writes its pages in one process; then the class page alone with so many rows.
Writes results/class_pages.json.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from measure import ROOT, Clock, save, within

from autograder.bundle import Bundle
from autograder.contract import Report
from autograder.pages.class_page import class_page
from autograder.pages.figures import Album
from autograder.pages.write import write_pages
from autograder.report.write import Results

GRADED = ROOT / "build" / "results"
MOST = 100_000


def enlarged(students: int, folder: Path) -> list[dict[str, Any]]:
    """The reports of a class of so many, whose artifacts it writes to a folder."""
    paths = sorted((GRADED / "reports").glob("*.json"))
    if not paths:
        raise SystemExit(f"{GRADED} holds no graded class; `make grade` makes one")
    (folder / "artifacts").mkdir(parents=True)
    documents = []
    for number in range(students):
        path = paths[number % len(paths)]
        document = json.loads(path.read_text(encoding="utf-8"))
        document["submission"]["id"] = name = f"{path.stem}-{number:05}"
        shutil.copy(GRADED / "artifacts" / path.name, folder / "artifacts" / f"{name}.json")
        documents.append(document)
    return documents


def pages(bundle: Bundle, students: int) -> dict[str, Any]:
    """Write every page of a class."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        documents = enlarged(students, folder)
        results, album = Results(folder), Album.of(bundle)
        start = time.perf_counter()
        with clock.running(), results.writing():
            write_pages(bundle, album, results, documents, published=False)
        seconds = time.perf_counter() - start
        sizes = [path.stat().st_size for path in (folder / "pages").glob("*.html")]
    return {
        "students": len(sizes),
        "wall_seconds": round(seconds, 1),
        "cpu_seconds": round(clock.seconds, 1),
        "largest_page_bytes": max(sizes),
    }


def rows(bundle: Bundle, students: int) -> dict[str, Any]:
    """Write the class page alone."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as place:
        reports = [Report.model_validate(one) for one in enlarged(students, Path(place, "class"))]
    with clock.running():
        page = class_page(reports, bundle.rubric, ())
    size = len(page.encode())
    return {"rows": students, "cpu_seconds": round(clock.seconds, 1), "bytes": size}


def main() -> None:
    """Write, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--students", type=within(1, MOST), default=1000)
    parser.add_argument("--rows", type=within(1, MOST), default=5000)
    options = parser.parse_args()
    bundle = Bundle.open(ROOT)
    found = {
        "pages": pages(bundle, options.students),
        "class_page": rows(bundle, options.rows),
    }
    save("class_pages", found)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
