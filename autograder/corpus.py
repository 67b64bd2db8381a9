"""The corpus: submissions with what each must get, as overlays on a right solution.

A case is a small YAML: which base it starts from, which functions or files
differ, in what shape it is handed in, and which checks must fail. Its folder
says what kind it is: `accepted`, `partial`, `wrong`, `hostile` or `broken`.
`python -m autograder.corpus CLASS.yaml FOLDER` writes a class of such cases.
"""

from __future__ import annotations

import ast
import io
import sys
import tarfile
import zipfile
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from .bundle import Bundle
from .contract import evidence_of
from .errors import ExpectedError
from .model import CategoryId, Verdict
from .notebook import notebook_text, statements
from .release import template_files


class CorpusError(ExpectedError):
    """A case cannot be read or built; the text says which and why."""


class Base(StrEnum):
    """What a case starts from."""

    REFERENCE = "reference"
    TEMPLATE = "template"
    EMPTY = "empty"


class Shape(StrEnum):
    """How a case is handed in."""

    FOLDER = "folder"
    ZIP = "zip"
    TAR = "tar"
    NOTEBOOK = "notebook"
    ONE_CELL = "one-cell"
    OUT_OF_ORDER = "out-of-order"
    WINDOWS = "windows"
    PACKAGE = "package"
    FILE = "file"


class Case(BaseModel):
    """One submission of the corpus.

    Attributes:
        name: `<kind>/<file name>`.
        about: what it is; for a wrong one, the misconception.
        replace: function -> its text instead of the base's.
        edit: function -> what stands in it -> what stands there instead.
        files: path -> content added or put in the place of the base's.
        binary: path -> content as hexadecimal digits.
        remove: paths of the base that are not handed in.
        cells: of a notebook, cells in front of the others; they may hold magics.
        tasks: look at these tasks only; the default is all.
        slow: it waits for deadlines, so it is graded where everything is run.
        must_fail: checks that must not pass, or `all`; no other may fail.
        must_pass: with `all`, the exceptions.
        may_fail: checks that chance decides about, where training is wrong.
        verdicts: checks whose verdict is exactly this one.
        points: category, or `extension` -> points it must get, in the tasks that are looked at.
        status: what the report must say.
        says: texts that must stand somewhere in the report's messages.
        diagnosis: the misconception that must stand first among the diagnoses; several, if
             several must be named, in this order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    about: str
    base: Base = Base.REFERENCE
    shape: Shape = Shape.FOLDER
    replace: dict[str, str] = {}
    edit: dict[str, dict[str, str]] = {}
    files: dict[str, str] = {}
    binary: dict[str, str] = {}
    remove: list[str] = []
    cells: list[str] = []
    tasks: list[str] = []
    slow: bool = False
    must_fail: list[str] | Literal["all"] = []
    must_pass: list[str] = []
    may_fail: list[str] = []
    verdicts: dict[str, Verdict] = {}
    points: dict[CategoryId | Literal["extension"], float] = {}
    status: str = "graded"
    says: list[str] = []
    diagnosis: list[str] = []

    @property
    def kind(self) -> str:
        """`accepted`, `partial`, `wrong`, `hostile` or `broken`."""
        return self.name.partition("/")[0]


def load_cases(bundle: Bundle) -> dict[str, Case]:
    """Every case of the bundle's corpus, by name.

    Raises:
        CorpusError: a case is malformed.
    """
    paths = sorted(bundle.cases_dir.glob("*/*.yaml"))
    names = [path.relative_to(bundle.cases_dir).with_suffix("").as_posix() for path in paths]
    return {name: load_case(bundle, name) for name in names}


def load_case(bundle: Bundle, name: str) -> Case:
    """One case of the bundle's corpus.

    Raises:
        CorpusError: it is malformed.
    """
    path = bundle.cases_dir / f"{name}.yaml"
    try:
        return Case.model_validate({"name": name, **yaml.safe_load(path.read_text())})
    except (ValidationError, yaml.YAMLError, TypeError) as error:
        raise CorpusError(f"{path}: {error}") from None


def build(case: Case, bundle: Bundle) -> dict[str, bytes]:
    """The case's files, by path, before they take the shape in which they are handed in."""
    files = _base_files(case.base, bundle)
    texts = {name: data.decode() for name, data in files.items() if name.endswith(".py")}
    for function in (*case.replace, *case.edit):
        home = next((n for n, t in texts.items() if _find(t, function) is not None), None)
        if home is None:
            raise CorpusError(f"{case.name}: the base has no function {function}")
        text = case.replace.get(function) or _edited(texts[home], function, case)
        texts[home] = _replaced(texts[home], function, text)
    files |= {name: text.encode() for name, text in texts.items()}
    files |= {name: text.encode() for name, text in case.files.items()}
    files |= {name: bytes.fromhex(digits) for name, digits in case.binary.items()}
    return {name: data for name, data in files.items() if name not in case.remove}


def materialise(case: Case, bundle: Bundle, folder: Path, name: str) -> Path:
    """Write a case below a class folder, in its shape; the path it got."""
    files = build(case, bundle)
    if case.shape in (Shape.NOTEBOOK, Shape.ONE_CELL, Shape.OUT_OF_ORDER):
        files = _as_notebook(files, bundle, case)
    if case.shape is Shape.WINDOWS:
        files = {n: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") for n, data in files.items()}
    if case.shape is Shape.PACKAGE:
        files = _as_package(files, bundle)
    if case.shape is Shape.FILE:
        ((file, data),) = files.items()
        return _write(folder / f"{name}{Path(file).suffix}", data)
    if case.shape is Shape.ZIP:
        return _write(folder / f"{name}.zip", _zipped(files, name))
    if case.shape is Shape.TAR:
        return _write(folder / f"{name}.tar.gz", _tarred(files, name))
    (folder / name).mkdir(parents=True, exist_ok=True)
    for file, data in files.items():
        _write(folder / name / file, data)
    return folder / name


def disagreements(case: Case, report: dict[str, Any]) -> list[str]:
    """How a report differs from what the case must get; empty if it does not."""
    found = []
    if report["status"] != case.status:
        found.append(f"status is {report['status']}, must be {case.status}")
    every_evidence = [
        {**e, "category": category}
        for category, e in evidence_of(report)
        if not case.tasks or e["task"] in case.tasks
    ]
    evidence = [e for e in every_evidence if e["kind"] == "check"]
    failed = {e["id"] for e in evidence if e["verdict"] != Verdict.PASS.value}
    every = {e["id"] for e in evidence} - set(case.must_pass)
    wanted = every if case.must_fail == "all" else set(case.must_fail)
    found += [f"{check} must fail and passes" for check in sorted(wanted - failed)]
    unexpected = failed - wanted - set(case.may_fail)
    found += [f"{check} fails and must pass" for check in sorted(unexpected)]
    verdicts = {e["id"]: e["verdict"] for e in evidence}
    for check, verdict in case.verdicts.items():
        if verdicts.get(check) != verdict.value:
            found.append(f"{check} is {verdicts.get(check)}, must be {verdict.value}")
    for category, value in case.points.items():
        points = sum(e["points"] for e in every_evidence if e["category"] == category)
        if round(points, 2) != value:
            found.append(f"{category} got {round(points, 2)}, must get {value}")
    text = "\n".join([str(report.get("reason")), *(e["message"] for e in every_evidence)])
    found += [f"nowhere it says {said!r}" for said in case.says if said not in text]
    named = [diagnosis["id"] for diagnosis in report["diagnoses"]]
    if named[: len(case.diagnosis)] != case.diagnosis:
        found.append(f"diagnosed is {named}, must be {case.diagnosis} first")
    return found


def write_class(bundle: Bundle, listing: Path, folder: Path) -> int:
    """Write the class that a YAML lists (entry name -> case) into a folder; how many."""
    cases = load_cases(bundle)
    members = yaml.safe_load(listing.read_text())
    for name, case in members.items():
        if case not in cases:
            raise CorpusError(f"{listing}: there is no case {case}")
        materialise(cases[case], bundle, folder, name)
    return len(members)


def _base_files(base: Base, bundle: Bundle) -> dict[str, bytes]:
    if base is Base.EMPTY:
        return {}
    if base is Base.TEMPLATE:
        return {name: text.encode() for name, text in template_files(bundle).items()}
    written = bundle.cases_dir / "base"
    paths = [(path, path.relative_to(written)) for path in sorted(written.rglob("*"))]
    paths += [(bundle.reference_dir / f"{m}.py", Path(f"{m}.py")) for m in bundle.rubric.modules]
    return {name.as_posix(): path.read_bytes() for path, name in paths if path.is_file()}


def _find(text: str, function: str) -> ast.FunctionDef | None:
    nodes = [n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)]
    return next((node for node in nodes if node.name == function), None)


def _edited(text: str, function: str, case: Case) -> str:
    """A function's source with the case's edits."""
    node = _find(text, function)
    assert node is not None
    source = "\n".join(text.split("\n")[node.lineno - 1 : node.end_lineno])
    for old, new in case.edit[function].items():
        if old not in source:
            raise CorpusError(f"{case.name}: {function} has nowhere {old!r}")
        source = source.replace(old, new)
    return source


def _replaced(text: str, function: str, replacement: str) -> str:
    node = _find(text, function)
    assert node is not None
    lines = text.split("\n")
    lines[node.lineno - 1 : node.end_lineno] = replacement.rstrip("\n").split("\n")
    return "\n".join(lines)


def _as_notebook(files: dict[str, bytes], bundle: Bundle, case: Case) -> dict[str, bytes]:
    """The modules as one notebook, a cell a top-level statement, or all in one."""
    files = dict(files)
    cells: list[str] = []
    for module in bundle.rubric.modules:
        text = files.pop(f"{module}.py").decode()
        cells += [source for _, source in statements(text, bundle.rubric.modules)]
    if case.shape is Shape.ONE_CELL:
        cells = ["\n\n".join(sorted(cells, key=lambda cell: "__future__" not in cell))]
    if case.shape is Shape.OUT_OF_ORDER:
        cells.reverse()
    notebook = notebook_text([("code", cell) for cell in [*case.cells, *cells]])
    return {**_support(bundle), **files, "homework.ipynb": notebook.encode()}


def _as_package(files: dict[str, bytes], bundle: Bundle) -> dict[str, bytes]:
    """The modules inside `src/homework/`, as packages are laid out."""
    moved = {f"src/homework/{m}.py": files.pop(f"{m}.py") for m in bundle.rubric.modules}
    return {**_support(bundle), **files, **moved, "src/homework/__init__.py": b""}


def _support(bundle: Bundle) -> dict[str, bytes]:
    """The template's own files with which tests find functions that stand in no module."""
    return {
        name: text.encode()
        for name, text in template_files(bundle).items()
        if name in ("conftest.py", "pytest.ini") or name.startswith("autograde_kit/")
    }


def _zipped(files: dict[str, bytes], top: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(f"{top}/{name}"), data)
    return buffer.getvalue()


def _tarred(files: dict[str, bytes], top: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(f"{top}/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def _write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


if __name__ == "__main__":
    _listing, _folder = map(Path, sys.argv[1:])
    _count = write_class(Bundle.nearest(_listing.resolve().parent), _listing, _folder)
    print(f"{_count} submissions written to {_folder}")
