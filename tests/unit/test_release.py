"""The student template: generated, complete, and without the solution."""

from __future__ import annotations

import ast
import inspect
import json
from pathlib import Path

import nbformat
import pytest

from autograder.bundle import Bundle
from autograder.notebook import statements
from autograder.release import ReleaseError, template_files, write_template

from .conftest import ROOT, TINY

TEMPLATE = ROOT / "student_template"


def test_the_committed_template_is_what_release_writes() -> None:
    made = template_files(Bundle.open(ROOT))
    committed = {
        path.relative_to(TEMPLATE).as_posix(): path.read_text(encoding="utf-8")
        for path in TEMPLATE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert committed.keys() == made.keys()
    differing = [name for name in made if made[name] != committed[name]]
    assert differing == [], "run `make release`"


def functions(text: str) -> dict[str, ast.FunctionDef]:
    return {n.name: n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)}


@pytest.mark.parametrize("root", [ROOT, TINY])
def test_stubs_keep_signature_and_docstring_and_nothing_else(root: Path) -> None:
    bundle = Bundle.open(root)
    files = template_files(bundle)
    for module in bundle.rubric.modules:
        solved = functions((bundle.reference_dir / f"{module}.py").read_text())
        stubs = functions(files[f"{module}.py"])
        for name in set(bundle.function_names) & solved.keys():
            assert ast.dump(stubs[name].args) == ast.dump(solved[name].args)
            assert ast.get_docstring(stubs[name]) == ast.get_docstring(solved[name])
            assert [type(node) for node in stubs[name].body] == [ast.Expr, ast.Raise]
        assert not [name for name in stubs if name.startswith("_")]


def test_public_checks_are_shipped_word_for_word() -> None:
    for path in (ROOT / "tests" / "public").glob("*.py"):
        assert (TEMPLATE / "tests" / "public" / path.name).read_text() == path.read_text()


def test_nothing_private_is_shipped() -> None:
    bundle = Bundle.open(ROOT)
    shipped = "\n".join(template_files(bundle).values())
    hidden = {
        name for path in bundle.hidden_dir.glob("*.py") for name in functions(path.read_text())
    }
    public = {
        name for path in bundle.public_dir.glob("*.py") for name in functions(path.read_text())
    }
    for name in hidden - public:
        assert f"def {name}(" not in shipped
    for question in (question for task in bundle.rubric.tasks for question in task.questions):
        assert question.anchors.full not in shipped
    for path in bundle.reference_dir.glob("*.py"):
        for function in functions(path.read_text()).values():
            if function.name in bundle.function_names:
                assert ast.unparse(function.body[-1]) not in shipped


def test_the_notebook_holds_the_same_functions() -> None:
    notebook = nbformat.reads((TEMPLATE / "assignment.ipynb").read_text(), as_version=4)
    nbformat.validate(notebook)
    cells = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    modules = [f"{name}.py" for name in Bundle.open(ROOT).rubric.modules]
    shipped = {}
    for name in modules:
        shipped |= functions((TEMPLATE / name).read_text())
    assert {n: ast.dump(f) for n, f in functions(cells).items()} == {
        n: ast.dump(f) for n, f in shipped.items()
    }
    assert "from linear_estimator import" not in cells  # a notebook is one namespace


def test_a_notebook_keeps_decorators() -> None:
    text = "@functools.wraps(\n    print\n)\n@functools.cache\ndef f():\n    return 1"
    assert [source for _, source in statements(f"import functools\n\n\n{text}\n", [])] == [
        "import functools",
        text,
    ]


def test_a_folder_with_other_work_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(ReleaseError, match="not a template and not empty"):
        write_template(Bundle.open(TINY), tmp_path)
    assert (tmp_path / "thesis.tex").exists()


def test_release_replaces_an_older_template(tmp_path: Path) -> None:
    bundle = Bundle.open(TINY)
    write_template(bundle, tmp_path / "t")
    (tmp_path / "t" / "stale.py").write_text("")
    count = write_template(bundle, tmp_path / "t")
    assert not (tmp_path / "t" / "stale.py").exists()
    assert count == len(template_files(bundle))
    kit = json.loads((tmp_path / "t" / "autograde_kit" / "assignment.json").read_text())
    assert kit["manifest"]["functions"] == list(bundle.function_names)


def test_every_declared_function_of_the_reference_is_documented() -> None:
    reference = Bundle.open(ROOT).reference()
    for name, function in vars(reference).items():
        assert inspect.getdoc(function), name
