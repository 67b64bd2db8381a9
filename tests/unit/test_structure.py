"""Promises about the package's own structure."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

from .conftest import ROOT

PACKAGE = ROOT / "autograder"
MAY_IMPORT = {
    "atomic": set(),
    "characters": set(),
    "solution": set(),
    "kit": set(),
    "model": set(),
    "contract": {"model"},
    "notebook": set(),
    "reading": {"kit"},
    "sandbox": {"kit", "model", "reading"},
    "rubric": {"model", "reading"},
    "bundle": {"kit", "model", "rubric", "solution"},
    "markdown": set(),
    "handout": {"bundle", "markdown"},
    "doctor": {"sandbox"},
    "checks": {"solution", "bundle", "kit", "model", "rubric", "sandbox"},
    "intake": {"characters", "model"},
    "writing": {"contract", "kit", "model", "rubric"},
    "score": {"contract", "bundle", "kit", "model", "reading", "rubric", "writing"},
    "review": {"contract", "atomic", "kit", "model", "rubric", "score"},
    "report": {"contract", "atomic", "characters", "model", "review", "rubric"},
    "pages": {"contract", "bundle", "model", "reading", "report", "rubric"},
    "export": {"contract", "atomic", "intake", "model", "report", "review"},
    "release": {"bundle", "notebook", "rubric"},
    "forget": {"contract", "bundle", "export", "grade", "model", "pages", "report", "review"},
    "zipped": set(),
    "handing_in": {"intake", "kit", "model", "sandbox", "zipped"},
    "package": {"bundle", "export", "on_gradescope", "zipped"},
    "on_gradescope": {
        *("contract", "bundle", "export", "grade", "intake", "model", "report", "sandbox"),
    },
    "corpus": {"contract", "bundle", "model", "notebook", "release"},
    "verify": {
        *("contract", "bundle", "checks", "corpus", "grade", "handout", "intake", "kit", "model"),
        *("report", "sandbox"),
    },
    "trials": {"bundle", "checks", "corpus", "kit", "model", "rubric", "sandbox"},
    "diagnosis": {
        *("bundle", "checks", "contract", "corpus", "kit", "model", "rubric", "sandbox"),
        "solution",
    },
    "grade": {
        *("bundle", "checks", "contract", "intake", "kit", "model", "report", "review", "rubric"),
        "sandbox",
        *("diagnosis", "pages", "score", "trials", "writing"),
    },
    "similar": {"bundle", "grade", "intake", "kit", "release", "sandbox"},
}


def rooms_imported(path: Path) -> set[str]:
    """Rooms of this package that a module imports; a room is a module or folder at the top."""
    inside = path.relative_to(PACKAGE).parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = list(inside[: len(inside) - node.level + 1])
            target = base + (node.module.split(".") if node.module else [])
            found |= {target[0]} if target else {alias.name for alias in node.names}
    return found - {"__version__", "errors", inside[0] if inside else path.stem}


def test_imports_point_one_way() -> None:
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if room in MAY_IMPORT:
            assert rooms_imported(path) <= MAY_IMPORT[room], path.name


def test_the_trusted_side_never_imports_torch() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert not re.search(r"^\s*(import|from) torch", path.read_text(), re.M), path.name


def test_the_trusted_side_loads_no_torch_for_the_checks_either() -> None:
    program = (
        "import sys; from pathlib import Path; from autograder.bundle import Bundle\n"
        "from autograder.checks.collect import with_checks\n"
        "from autograder.diagnosis.load import load_diagnoses\n"
        f"bundle = Bundle.open(Path({str(ROOT)!r}))\n"
        "with_checks(bundle, lambda collected: load_diagnoses(bundle, collected))\n"
        "with_checks(bundle, lambda collected: bundle.reference().lstm_logits)\n"
        "print('torch' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_what_students_receive_needs_numpy_and_pytest_alone() -> None:
    for path in (PACKAGE / "kit").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                top = name.partition(".")[0]
                assert top in sys.stdlib_module_names | {"numpy", "pytest"}, (path.name, name)


def test_the_grader_knows_no_subject() -> None:
    words = re.compile(r"\b(xor|parity|lstm|tanh|playground)\b", re.I)
    for path in PACKAGE.rglob("*"):
        if path.suffix in {".py", ".json"}:
            assert not words.search(path.read_text(encoding="utf-8")), path.name
