"""What is written counts, whatever it is written with, and what cannot be read costs nobody else.

Submissions to the second bundle, graded by the command once.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.bundle import Bundle
from autograder.corpus import Case, build
from autograder.notebook import notebook_text

from .conftest import TINY, Graded, autograde, once
from .documents import pdf, pdf_bomb, word

REPORT = (TINY / "tests/submissions/base/report.md").read_text()
TEMPLATE = (TINY / "skeleton/report.md").read_text()
ANSWER = "It can only grow, so it says how large the sample is and not how its values lie."
PLAIN = "\n".join(line.strip("#|* ").replace(" | ", "   ") for line in REPORT.splitlines())
COMMANDS = """# My statistics

How to run it:

```bash
python train.py
python hang.py
python ask.py
python count.py | tee log.txt
python net.py
```

and `pytest`, or `jupyter nbconvert --execute work.ipynb`.
"""
PROGRAMS = {
    "train.py": "import sys, spread\nprint(spread.value_range([1, 3]), sys.argv)\n",
    "hang.py": "while True:\n    pass\n",
    "ask.py": "print(int(input('how many? ')))\n",
    "net.py": "import socket\nsocket.create_connection(('192.0.2.1', 80))\n",
}


def submissions() -> dict[str, dict[str, bytes | None]]:
    """Name -> what differs from the right submission; None for a file that is not there."""
    no_answer = REPORT.replace(ANSWER, "")
    notebook = notebook_text([("markdown", f"**Q-S1.** {ANSWER}"), ("code", "1 + 1")])
    return {
        "pdf": {"report.md": None, "report.pdf": pdf(PLAIN)},
        "pdf-beside-the-template": {"report.md": TEMPLATE.encode(), "Report.PDF": pdf(PLAIN)},
        "word": {"report.md": None, "report.docx": word(REPORT)},
        "another-name": {"report.md": None, "my thoughts.docx": word(REPORT, styled=False)},
        "utf-16": {"report.md": REPORT.encode("utf-16")},
        "latin-1": {"README.md": "# Meine Übung\n\nTippe `pytest`.".encode("latin-1")},
        "picture": {"report.md": None, "report.pdf": b"\x89PNG\r\n\x1a\n" + bytes(500)},
        "encrypted": {"report.md": None, "report.pdf": pdf(PLAIN, password="x")},
        "bomb": {"report.md": None, "report.pdf": pdf_bomb()},
        "in-a-notebook": {"report.md": no_answer.encode(), "work.ipynb": notebook.encode()},
        "no-answer": {"report.md": no_answer.encode()},
        "in-german": {"report.md": REPORT.replace("Summary", "Zusammenfassung").encode()},
        "no-section": {"report.md": REPORT.replace("## Summary", "").encode()},
        "other-numbers": {"report.md": REPORT.replace("| 7 |", "| 6.5 |").encode()},
        "commands": {
            "README.md": COMMANDS.encode(),
            **{name: text.encode() for name, text in PROGRAMS.items()},
        },
        "no-command": {"README.md": b"# My statistics\n\nThe code explains itself to everybody."},
        "no-readme": {"README.md": None},
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The submissions, graded."""

    def make(folder: Path) -> None:
        right = build(Case(name="right", about=""), Bundle.open(TINY))
        for name, differing in submissions().items():
            for file, data in {**right, **differing}.items():
                if data is not None:
                    path = folder / "class" / name / file
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
        done = autograde("class", "--assignment", TINY, "--output", "results", cwd=folder)
        assert done.returncode == 0, done.stderr

    return Graded(once(tmp_path_factory, "written", make) / "results")


def evidence(written: Graded, name: str) -> dict[str, Any]:
    report = written.report(name)
    return {e["id"]: e for category in report["categories"] for e in category["evidence"]}


def answers(written: Graded, name: str) -> dict[str, Any]:
    return json.loads((written.output / "artifacts" / f"{name}.json").read_text())["answers"]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("pdf", "report.pdf"),
        ("pdf-beside-the-template", "Report.PDF"),
        ("word", "report.docx"),
        ("another-name", "my thoughts.docx"),
        ("utf-16", "report.md"),
        ("latin-1", "report.md"),
    ],
)
def test_a_report_counts_whatever_it_is_written_with(name: str, file: str, written: Graded) -> None:
    found = evidence(written, name)
    assert found["report-summary"]["points"] == 2
    assert found["Q-S1"]["message"] == f"Answered in {file}. Waits for a person."
    assert answers(written, name)["Q-S1"]["file"] == file
    assert " ".join(answers(written, name)["Q-S1"]["text"].split()) == ANSWER
    claims = written.report(name)["claims"]
    assert [c["verdict"] for c in claims] == ["matches", "matches", "not testable"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("picture", "it is not a PDF, or damaged"),
        ("encrypted", "it is encrypted"),
        ("bomb", "reading it failed. It "),
    ],
)
def test_what_cannot_be_read_goes_to_a_person_and_costs_nothing_else(
    name: str, problem: str, written: Graded
) -> None:
    found = evidence(written, name)
    for part in ("report-summary", "Q-S1"):
        assert f"report.pdf could not be read: {problem}" in found[part]["message"]
        assert found[part]["message"].endswith("Waits for a person.")
        assert (found[part]["points"], found[part]["needs_review"]) == (0, True)
    assert found["report-summary"]["measured"] is None  # or it need not wait where few are reviewed
    report = written.report(name)
    points = {category["id"]: category["points"] for category in report["categories"]}
    assert (points["implementation"], points["correctness"]) == (6, 3)
    assert points["completeness"] == 2
    assert "claims" not in report


def test_a_section_under_another_heading_is_for_a_person(written: Graded) -> None:
    said = "report.md has no section 'Summary'."
    part = evidence(written, "in-german")["report-summary"]
    assert (part["measured"], part["message"]) == (None, f"{said} Waits for a person.")
    assert part["needs_review"]
    part = evidence(written, "no-section")["report-summary"]
    assert (part["measured"], part["message"], part["needs_review"]) == (0, said, False)


def test_an_answer_counts_where_it_stands(written: Graded) -> None:
    assert answers(written, "in-a-notebook") == {"Q-S1": {"text": ANSWER, "file": "work.ipynb"}}


def test_a_question_without_an_answer_is_named(written: Graded) -> None:
    question = evidence(written, "no-answer")["Q-S1"]
    assert question["message"] == "No answer to Q-S1 was found."
    assert (question["measured"], question["needs_review"]) == (0, False)
    assert answers(written, "no-answer") == {}


def test_a_number_that_the_code_does_not_give_is_named_and_costs_nothing(written: Graded) -> None:
    report = written.report("other-numbers")
    assert report["claims"][0] == {
        "text": "Range of the own sample",
        "stated": 6.5,
        "measured": 7.0,
        "verdict": "could not reproduce",
    }
    assert report["score"] == written.report("utf-16")["score"]


def test_commands_of_the_readme_are_run(written: Graded) -> None:
    found = evidence(written, "commands")["readme-commands"]
    said = found["message"]
    assert found["verdict"] == "partial"
    assert found["points"] == 0.25  # two of the four that can be judged: train.py and pytest
    assert found["needs_review"]
    assert "`python hang.py`: It " in said
    assert "`python ask.py` ended with exit code 1 (EOFError: input() was called" in said
    assert "`python count.py | tee log.txt` was not run" in said
    assert "`python net.py` ended with exit code 1 (PermissionError" in said
    assert "`jupyter nbconvert --execute work.ipynb` was not run" in said
    assert "train.py" not in said


def test_a_readme_without_a_command_goes_to_a_person(written: Graded) -> None:
    found = evidence(written, "no-command")["readme-commands"]
    assert (found["measured"], found["needs_review"]) == (None, True)


def test_without_a_readme_there_is_no_command(written: Graded) -> None:
    found = evidence(written, "no-readme")
    assert found["readme"]["message"] == "README.md was not handed in."
    assert found["readme-commands"]["measured"] == 0
