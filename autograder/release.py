"""`autograde release`: the student template, made from reference, checks and skeletons.

The template is the only code that is ever published. It is generated, so that
signatures, docstrings and public checks can never drift from what is graded;
nobody edits it by hand.
"""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
import textwrap
from decimal import Decimal
from pathlib import Path
from typing import Any

from .bundle import Bundle
from .errors import ExpectedError
from .notebook import notebook_text, statements
from .rubric.model import Function

KIT = Path(__file__).parent / "kit"
ASSIGNMENT = "autograde_kit/assignment.json"
NOTEBOOK = "assignment.ipynb"
TOOLS = ("autograde_kit/", "implementations/", "tests/public/", "conftest.py", "pytest.ini")
"""Files of the template that nobody writes in, and that grading has already."""
CONFTEST = '''"""Connects pytest with the checks. Leave this file as it is."""

import sys
from pathlib import Path

import pytest

if sys.version_info < (3, 10):
    pytest.exit("Python 3.10 or newer is needed; this is %d.%d" % sys.version_info[:2], 1)
for path in Path(__file__).parent.glob("*.py"):
    if path.stem in {*sys.stdlib_module_names, PACKAGES}:
        pytest.exit("rename your file %s: Python takes it for the library" % path.name, 1)
try:
    from autograde_kit.laptop import pytest_addoption, pytest_configure  # noqa: F401
except ModuleNotFoundError as missing:
    pytest.exit("%s; type: pip install -r requirements.txt" % missing, 1)
'''
PYTEST_INI = """[pytest]
addopts = -q -r N -p no:cacheprovider --continue-on-collection-errors
"""
INDENT = "    "
WIDTH = 88


class ReleaseError(ExpectedError):
    """The template cannot be made; the text says what is missing in the bundle."""


def template_files(bundle: Bundle) -> dict[str, str]:
    """Every file of the student template, by its path in it.

    Raises:
        ReleaseError: reference and rubric disagree about a function.
    """
    modules = {name: stub_module(bundle, name) for name in bundle.rubric.modules}
    files = {f"{name}.py": text for name, text in modules.items()}
    files[NOTEBOOK] = _notebook(bundle, modules)
    packages = ", ".join(json.dumps(package) for package in bundle.rubric.packages)
    files |= {"conftest.py": CONFTEST.replace("PACKAGES", packages), "pytest.ini": PYTEST_INI}
    for folder, target in (
        (bundle.public_dir, "tests/public"),
        (bundle.template_dir, ""),
        (KIT, "autograde_kit"),
    ):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                name = Path(target, path.relative_to(folder)).as_posix()
                files[name] = path.read_text(encoding="utf-8")
    assignment = {**_assignment(bundle), "tools": _tools(files)}
    files[ASSIGNMENT] = json.dumps(assignment, indent=2) + "\n"
    return files


def write_template(bundle: Bundle, target: Path) -> int:
    """Replace the folder by a freshly made template; the number of files.

    Raises:
        ReleaseError: as `template_files`, or the folder holds something else.
    """
    files = template_files(bundle)
    if target.exists() and any(target.iterdir()) and not (target / "autograde_kit").is_dir():
        raise ReleaseError(f"{target} is not a template and not empty; choose another --output")
    try:
        shutil.rmtree(target, ignore_errors=True)
        for name, text in files.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ReleaseError(f"cannot write {target}: {error.strerror}") from None
    return len(files)


def stub_module(bundle: Bundle, name: str) -> str:
    """A reference module with the students' functions turned into stubs.

    Signatures, docstrings, constants and undeclared public functions stay;
    private helpers (leading underscore) go, because they are the solution.
    """
    path = bundle.reference_dir / f"{name}.py"
    if not path.is_file():
        raise ReleaseError(f"{path} is missing, but rubric.yaml lists the module {name}")
    text = path.read_text(encoding="utf-8")
    declared = {f.name: f for task in bundle.rubric.tasks for f in task.functions}
    lines = text.splitlines()
    pieces: list[str] = []
    last = 0
    for node in ast.parse(text).body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            continue
        pieces += lines[last : node.lineno - 1]
        if node.name in declared and isinstance(node, ast.FunctionDef):
            pieces += _stub(node, lines, declared[node.name])
        elif not node.name.startswith("_"):
            pieces += lines[node.lineno - 1 : node.end_lineno]
        last = node.end_lineno or last
    pieces += lines[last:]
    return _without_wide_gaps("\n".join(pieces)) + "\n"


def _stub(node: ast.FunctionDef, lines: list[str], function: Function) -> list[str]:
    """The function's own lines up to its docstring, then the TODO."""
    if ast.get_docstring(node) is None:
        raise ReleaseError(f"reference: {node.name} has no docstring for students to read")
    kept = lines[node.lineno - 1 : node.body[0].end_lineno]
    todo = textwrap.wrap(f"TODO (handout {function.section}): {function.todo}", WIDTH - 8)
    body = [f"{INDENT}# {todo[0]}", *(f"{INDENT}#   {line}" for line in todo[1:])]
    return [*kept, *body, f'{INDENT}raise NotImplementedError("{node.name}")']


def _without_wide_gaps(text: str) -> str:
    """At most two blank lines in a row, as removed helpers leave gaps."""
    while "\n\n\n\n" in text:
        text = text.replace("\n\n\n\n", "\n\n\n")
    return text.strip("\n")


def _assignment(bundle: Bundle) -> dict[str, Any]:
    """What the laptop needs to know of the rubric."""
    manifest = bundle.manifest
    return {
        "id": bundle.rubric.id,
        "title": bundle.rubric.title,
        "manifest": manifest.to_json(),
        "artefacts": [artefact.model_dump() for artefact in bundle.artefacts],
        "template": bundle.template_sections,
        "template_tests": sorted(bundle.template_tests),
        "decided_later": _decided_later(bundle),
        "tasks": [
            {
                "id": task.id,
                "title": task.title,
                "section": task.section,
                "extension": task.extension,
                "functions": [{"name": f.name, "section": f.section} for f in task.functions],
            }
            for task in bundle.rubric.tasks
        ],
    }


def _tools(files: dict[str, str]) -> dict[str, str]:
    """Digests of what `autograde pack` leaves out where it is unchanged."""
    return {
        name: hashlib.sha256(text.encode()).hexdigest()
        for name, text in files.items()
        if name.startswith(TOOLS)
    }


def _decided_later(bundle: Bundle) -> dict[str, float]:
    """Points that no public check decides, by what does; together they are the whole mark."""
    rubric = bundle.rubric
    checks = sum(t.points.implementation + t.points.correctness for t in rubric.required)
    tests = rubric.own_tests.points if rubric.own_tests else Decimal(0)
    people = sum(question.points for t in rubric.required for question in t.questions)
    quality = sum(task.points.quality for task in rubric.required)
    writing = quality + people + rubric.report.points + rubric.completeness.points
    return {
        "by checks on other inputs": float(checks),
        "by what your own tests notice": float(tests),
        "by who reads code and writing": float(writing),
    }


def _notebook(bundle: Bundle, modules: dict[str, str]) -> str:
    """The same content as one notebook: a cell for each definition."""
    intro = (
        f"# {bundle.rubric.title}\n\nFill in the functions here or in the modules beside this "
        "notebook; of a function that stands in both, the module's counts. Save, then type "
        "`pytest` in a terminal in this folder."
    )
    cells = [("markdown", intro)]
    for name, text in modules.items():
        about = ast.get_docstring(ast.parse(text)) or ""
        cells.append(("markdown", f"## {name}\n\n{about}"))
        cells += [("code", chunk) for chunk in _chunks(text, bundle.rubric.modules)]
    return notebook_text(cells)


def _chunks(text: str, modules: list[str]) -> list[str]:
    """Source of a module cut into cells: imports and constants together, each function alone."""
    cells: list[str] = []
    together: list[str] = []
    for node, source in statements(text, modules):
        if isinstance(node, ast.Expr):
            continue  # the module's docstring stands in the markdown cell
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            if together:
                cells.append("\n".join(together))
            cells, together = [*cells, source], []
        else:
            together.append(source)
    return [*cells, "\n".join(together)] if together else cells
