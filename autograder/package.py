"""The archive that Gradescope takes as an autograder: bundle, grader, pinned requirements, scripts.

It holds the solution and the hidden checks, so it is for instructors alone. Reviews, results and
names are not among its files, wherever they lie.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterator
from pathlib import Path

from .bundle import Bundle
from .export.made import as_json
from .on_gradescope import no_result
from .zipped import zipped

PACKAGE = Path(__file__).resolve().parent
SCRIPTS = ("setup.sh", "run_autograder")
SUFFIXES = {".py", ".json", ".j2", ".css", ".js", ".html", ".txt", ".typed", ".md", ".svg"}
SETUP = """#!/usr/bin/env bash
# Runs once, when Gradescope builds the image.
set -euo pipefail
cd "${AUTOGRADER_BASE:-/autograder}/source"
apt-get update
apt-get install -y --no-install-recommends libseccomp2
python=
for minor in 13 12 11; do
  if command -v "python3.$minor" || apt-get install -y "python3.$minor" "python3.$minor-venv"; then
    python="python3.$minor"
    break
  fi
done
if [ -z "$python" ]; then
  echo "no Python 3.11 or newer in this image; choose a newer base image" >&2
  exit 1
fi
"$python" -m venv ../venv
# An index that offers the CPU build of a package apart is named in PIP_EXTRA_INDEX_URL.
../venv/bin/python -m pip install --no-cache-dir -r requirements.txt
chmod -R go+rX .
"""
RUN = """#!/usr/bin/env bash
# Runs for each submission. What it writes first stands if all else fails, and is no zero.
base="${AUTOGRADER_BASE:-/autograder}"
mkdir -p "$base/results"
cp "$base/source/not_graded.json" "$base/results/results.json"
cd "$base/source"
PYTHONPATH="$base/source" PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=1 OMP_NUM_THREADS=1 \\
  "$base/venv/bin/python" -m autograder.on_gradescope "$base"
exit 0
"""


def gradescope_archive(bundle: Bundle) -> bytes:
    """The zip that is uploaded to Gradescope."""
    files = {f"autograder/{name}": data for name, data in _grader()}
    files |= {f"bundle/{name}": data for name, data in _parts(bundle)}
    files |= {
        "setup.sh": SETUP.encode(),
        "run_autograder": RUN.encode(),
        "requirements.txt": requirements(bundle).encode(),
        "not_graded.json": as_json(no_result("The grader did not come to its end.")),
    }
    return zipped(files, SCRIPTS)


def _grader() -> Iterator[tuple[str, bytes]]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in SUFFIXES and "__pycache__" not in path.parts:
            yield path.relative_to(PACKAGE).as_posix(), path.read_bytes()


def _parts(bundle: Bundle) -> Iterator[tuple[str, bytes]]:
    """The files that grading reads: those that decide, and what they lean on."""
    base = bundle.cases_dir / "base"  # cases are changes of it, and diagnoses lean on cases
    paths = {*bundle.decisive_files, *bundle.pages.values(), *bundle.cases_dir.glob("*/*.yaml")}
    paths |= {path for path in base.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    if bundle.figures_file.is_file():
        paths.add(bundle.figures_file)
    for path in sorted(paths):
        yield path.relative_to(bundle.root).as_posix(), path.read_bytes()


def requirements(bundle: Bundle) -> str:
    """The grader's own pins, a line each; the largest only where the assignment has it."""
    pins = [r for r in importlib.metadata.requires("autograder") or [] if "extra ==" not in r]
    unused = {"torch"} - {*bundle.rubric.packages}
    kept = [pin for pin in pins if re.split(r"[^\w-]", pin)[0] not in unused]
    return "\n".join(kept) + "\n"
