"""A student with the template alone: plain pytest, from red to green."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.bundle import Bundle

from .conftest import ROOT

BUNDLE = Bundle.open(ROOT)
PUBLIC = {path.stem: path.read_text() for path in BUNDLE.public_dir.glob("test_*.py")}
COUNT = PUBLIC["test_a_formula"].count("\ndef test_")
PARTS = len(BUNDLE.artefacts)
PART_A = "tests/public/test_a_formula.py"
ALL = sum(text.count("\ndef test_") for text in PUBLIC.values())


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "student_template", tmp_path / "homework"))


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Plain pytest, in an interpreter that cannot see the grader."""
    blind = "import sys; sys.modules['autograder'] = None; import pytest; sys.exit(pytest.main())"
    command = [sys.executable, "-c", blind, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def finish(folder: Path) -> None:
    """Every function solved, as by the reference, and a network recorded."""
    for module in BUNDLE.rubric.modules:
        shutil.copy(BUNDLE.reference_dir / f"{module}.py", folder)
    record(folder)


def record(folder: Path) -> None:
    """Numbers of a network that computes XOR in the place of the example."""
    shutil.copy(ROOT / "tests" / "submissions" / "base" / "playground_weights.json", folder)


def test_a_stub_is_to_do_and_no_traceback(template: Path) -> None:
    done = run_pytest(template)
    assert f"Part A: XOR, from network to formula: 0 of {COUNT} checks pass" in done.stdout
    assert f"to do: {COUNT} of {COUNT}, next: read_parameters, handout A.2" in done.stdout
    assert "Traceback" not in done.stdout
    assert "NotImplementedError" not in done.stdout
    assert done.returncode == 1


def test_the_finished_work_is_green(template: Path) -> None:
    finish(template)
    done = run_pytest(template)
    for task in BUNDLE.rubric.tasks:
        assert f"{task.title}: " in done.stdout
    assert f"{COUNT} of {COUNT} checks pass" in done.stdout
    assert f"{ALL + 1} passed" in done.stdout  # and the example of an own test
    assert done.returncode == 0


def test_the_notebook_does_as_well_as_the_module(template: Path) -> None:
    record(template)
    solved = (ROOT / "reference" / "xor_formula.py").read_text()
    from autograder.notebook import notebook_text  # noqa: PLC0415

    (template / "assignment.ipynb").write_text(notebook_text([("code", solved)]))
    assert f"{COUNT} of {COUNT} checks pass" in run_pytest(template, PART_A).stdout


def test_a_failure_shows_input_got_expected_shape_and_hint(template: Path) -> None:
    solved = (ROOT / "reference" / "xor_formula.py").read_text()
    wrong = solved.replace(' + parameters["hidden_biases"]', "")
    (template / "xor_formula.py").write_text(wrong)
    done = run_pytest(template, PART_A)
    for part in (
        "given     hidden_weights = [[ 1., -1.]]   (array of shape (1, 2), float64)",
        "got       [[ 0.      ],",
        "expected  [[0.761594],",
        "(array of shape (4, 1), float64)",
        "hint      For each row: the weighted sum of its two inputs, plus the bias",
        f"wrong: 2 of {COUNT}, first: hidden_activations, handout A.3",
    ):
        assert part in done.stdout, part
    assert "Error" not in done.stdout


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return 1 / 0", "Your code raised ZeroDivisionError: division by zero\nin xor_formula.py"),
        ("import sys; sys.exit()", "Your code raised SystemExit"),
        ("return object()", "An object of your own came back"),
        ("return 'text'", "The result is of the wrong type."),
        ("return inputs * float('nan')", "The result has the wrong shape."),
    ],
)
def test_what_goes_wrong_is_said_in_words(body: str, said: str, template: Path) -> None:
    module = template / "xor_formula.py"
    stub = 'raise NotImplementedError("hidden_activations")'
    module.write_text(module.read_text().replace(stub, body))
    done = run_pytest(template, PART_A)
    assert said in done.stdout
    assert "Traceback" not in done.stdout


def test_a_syntax_error_is_named_with_its_line(template: Path) -> None:
    (template / "xor_formula.py").write_text("def hidden_activations(parameters, inputs)\n")
    done = run_pytest(template, PART_A)
    assert "cannot be loaded. xor_formula.py, line 1: SyntaxError" in done.stdout
    assert "Traceback" not in done.stdout


def test_half_in_the_notebook_and_half_in_the_module(template: Path) -> None:
    record(template)
    solved = (ROOT / "reference" / "xor_formula.py").read_text()
    stubs = (template / "xor_formula.py").read_text()
    start, end = solved.index("def probability("), solved.index("def predict_bit(")
    in_module = solved[:start] + stubs[stubs.index("def probability(") :].split("\n\n\n")[0]
    (template / "xor_formula.py").write_text(in_module + "\n\n\n" + solved[end:])
    cells = json.loads((template / "assignment.ipynb").read_text())
    for cell in cells["cells"]:
        if "def probability(" in "".join(cell["source"]):
            cell["source"] = solved[start:end]
    (template / "assignment.ipynb").write_text(json.dumps(cells))
    assert f"{COUNT} of {COUNT} checks pass" in run_pytest(template, PART_A).stdout


def test_two_filled_in_versions_are_named(template: Path) -> None:
    shutil.copy(ROOT / "reference" / "xor_formula.py", template)
    (template / "draft.py").write_text("def truth_table(parameters):\n    return 1\n")
    said = "note: xor_formula.py: truth_table stands in draft.py as well; the one in xor_formula.py"
    assert said in run_pytest(template, PART_A).stdout


def test_a_renamed_function_is_missed_by_name(template: Path) -> None:
    solved = (ROOT / "reference" / "xor_formula.py").read_text()
    (template / "xor_formula.py").write_text(solved.replace("def formula_text(", "def formula("))
    (template / "assignment.ipynb").unlink()
    text = run_pytest(template, PART_A).stdout
    assert "no function formula_text was found in " in text
    assert "xor_formula.py" in text.partition("no function formula_text was found")[2]


def test_it_says_what_is_still_to_be_written(template: Path) -> None:
    shutil.copy(ROOT / "reference" / "xor_formula.py", template)
    said = f"Beside the functions: 0 of {PARTS} parts; next: Recorded weights: still as in the"
    assert said in run_pytest(template).stdout
    for path in (ROOT / "tests" / "submissions" / "base").glob("*.*"):
        shutil.copy(path, template)
    assert (
        f"Beside the functions: {PARTS} of {PARTS} parts. Ready to hand in."
        in run_pytest(template).stdout
    )


def test_an_error_names_the_way_to_its_line(template: Path) -> None:
    module = template / "xor_formula.py"
    helper = "from tools import deep\n\n\ndef read_parameters(text):\n    return deep(text)\n"
    module.write_text(helper)
    (template / "tools.py").write_text("def deep(x):\n    return undefined\n")
    said = "in xor_formula.py, line 5 (read_parameters) -> tools.py, line 2 (deep)"
    assert said in run_pytest(template, PART_A).stdout


def test_pytest_typed_one_folder_above_works_as_well(template: Path) -> None:
    record(template)
    shutil.copy(ROOT / "reference" / "xor_formula.py", template)
    assert f"{COUNT} of {COUNT} checks pass" in run_pytest(template.parent).stdout


def test_a_test_file_that_cannot_be_read_costs_a_few_lines(template: Path) -> None:
    finish(template)
    (template / "tests" / "test_own.py").write_text("def test_x()\n    pass\n")
    done = run_pytest(template, PART_A, "tests/test_own.py")
    assert f"{COUNT} of {COUNT} checks pass" in done.stdout
    assert "SyntaxError: expected ':'" in done.stdout
    assert "importlib" not in done.stdout


def test_a_file_named_like_a_library_is_named(template: Path) -> None:
    (template / "torch.py").write_text("")
    assert "rename your file torch.py" in run_pytest(template).stderr


def test_a_raised_error_comes_with_the_hint(template: Path) -> None:
    module = template / "xor_formula.py"
    stub = 'raise NotImplementedError("hidden_activations")'
    module.write_text(module.read_text().replace(stub, "return inputs @ np.ones(5)"))
    done = run_pytest(template, PART_A)
    assert "Your code raised ValueError" in done.stdout
    assert "hint      One column a unit" in done.stdout
