"""What is found in the writing: answers, numbers and commands."""

from __future__ import annotations

import pytest

from autograder.bundle import Bundle
from autograder.rubric.model import Claim, Question
from autograder.writing.answers import find_answers
from autograder.writing.claims import compared, stated_numbers
from autograder.writing.commands import find_commands
from autograder.writing.documents import Document, Writing

from .conftest import ROOT, TINY

ANCHORS = {"none": "-", "half": "-", "full": "-"}
QUESTIONS = [
    Question(id=name, section="A", points=1, text=text, anchors=ANCHORS)
    for name, text in (("Q-A1", "Why is that?"), ("Q-A2", "And how?"), ("Q-A10", "Really?"))
]
TEMPLATE = "# Report\n\n## Checkpoint questions\n\n**Q-A1.** Why is that?\n\n**Q-A2.** And how?\n"


def writing(**texts: str) -> Writing:
    """Documents by name (with `__` for a dot), beside the template's report."""
    template = {"report.md": {"": TEMPLATE, "Checkpoint questions": "", "Numbers": ""}}
    return Writing(
        [
            Document(name.replace("__", "."), "text", text, len(text.split()), 0, 0, "")
            for name, text in texts.items()
        ],
        template,
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("**Q-A1.** Because.", "Because."),
        ("**Q-A1.** Why is that?\n\nBecause.\n\n**Q-A2.** And how?", "Because."),
        ("Q-A1: Why is\nthat? Because.", "Because."),  # rewrapped, as PDF and Word do
        ("### Q-A1\n\nBecause\n\n#### Or\nso.\n\n### Next\nno", "Because\n\n#### Or\nso."),
        ("- q a1) Because.\nQ-A2 no", "Because."),
        ("> *QA1* Because.\n\n## Limits\nno", "Because."),
        ("| Q-A1 | Because. |\n| Q-A2 | no |", "Because. |"),
        ("Q-A10 no\nQ‑A1 Because.", "Because."),
        ("Q-A1 Why is it so? Because.", "Why is it so? Because."),
    ],
)  # fmt: skip
def test_an_answer_stands_behind_its_id(text: str, answer: str) -> None:
    assert find_answers(writing(notes__txt=text), QUESTIONS)["Q-A1"].text == answer


@pytest.mark.parametrize(
    "text",
    [
        TEMPLATE,
        "**Q-A1.** Why is that?",
        "Q-A1\n\nWhy is\nthat?",
        "Q-A1 why is",
        "My answer to Q-A1 is below.",
        "Q-A10 Because.",
        "**Q-A1.**\n\n**Q-A2.** And how?",
    ],
)
def test_what_the_template_says_is_no_answer(text: str) -> None:
    assert "Q-A1" not in find_answers(writing(report__md=text), QUESTIONS)


def test_of_several_answers_the_longest_counts_wherever_it_stands() -> None:
    found = find_answers(
        writing(report__md=TEMPLATE, README__md="Q-A1 Short.", work__ipynb="Q-A1 A longer one."),
        QUESTIONS,
    )
    assert (found["Q-A1"].file, found["Q-A1"].text) == ("work.ipynb", "A longer one.")


def claim(**values: object) -> Claim:
    find = {"file": "report.md", "section": "Numbers", "label": "loss of the *fit*"}
    declared = {"id": "loss", "task": "t", "text": "Loss", "find": find, "measured": "loss"}
    return Claim.model_validate({**declared, **values})


@pytest.mark.parametrize(
    ("line", "readings"),
    [
        ("| loss of the fit | 0.25 |", (0.25,)),
        ("| Loss of the fit | **0,25** | seed 0 |", (0.25,)),
        ("- loss of the fit: ≈ 0.25.", (0.25,)),
        ("loss of the `fit` is about −0.25, after 2000 steps", (-0.25,)),
        ("loss of the fit = 2.5·10⁻¹", (0.25,)),
        ("loss of the fit 2.5e-1", (0.25,)),
        ("loss of the fit .25", (0.25,)),
        ("| loss of the fit | 25 % |", (0.25,)),
        ("| loss of the fit | 1,200 |", (1.2, 1200.0)),
        ("| loss of the fit | 0,250 |", (0.25,)),
        ("| loss of the fit | |", ()),
        ("| loss of the fitted plane | 0.25 |", ()),
        ("loss of the fit, for 3 seeds", ()),
        ("loss of the fit after 2000 steps: 0.25", ()),
        ("loss of the fit 1.2.3", ()),
        ("loss of the fit 3x", ()),
        ("loss of the fit 1e999", ()),
        ("loss of the fit nan", ()),
        ("the loss of the fit is 0.25", ()),
    ],
)
def test_a_number_is_read_as_it_is_written(line: str, readings: tuple[float, ...]) -> None:
    report = f"# Report\n\n## Numbers\n\nAs follows.\n\n{line}\n\n## Next\n\nloss of the fit 7\n"
    stated = stated_numbers(writing(report__md=report), [claim()])
    assert stated == ({"loss": readings} if readings else {})


@pytest.mark.parametrize(
    ("declared", "readings", "measured", "verdict"),
    [
        ({"tolerance": 0.01}, (0.25,), 0.2451, "matches"),
        ({"tolerance": 0.01}, (0.25,), 0.2399, "could not reproduce"),
        ({}, (0.3,), 0.1 + 0.2, "matches"),
        ({}, (1.2, 1200.0), 1200.0, "matches"),
        ({}, (0.25,), None, "could not reproduce"),
        ({"measured": None, "untestable": "noise"}, (0.25,), None, "not testable"),
    ],
)
def test_a_claim_is_held_against_the_code(
    declared: dict[str, object], readings: tuple[float, ...], measured: float | None, verdict: str
) -> None:
    (found,) = compared([claim(**declared)], {"loss": readings}, {"loss": measured})
    assert found.verdict == verdict


def test_a_number_that_is_not_stated_is_not_reported() -> None:
    assert compared([claim()], {}, {"loss": 0.25}) == []


@pytest.mark.parametrize("root", [ROOT, TINY])
def test_the_report_of_the_corpus_states_every_claim_and_the_template_none(root: object) -> None:
    bundle = Bundle.open(ROOT if root == ROOT else TINY)
    for folder, wanted in (
        (bundle.root / "tests/submissions/base", True),
        (bundle.template_dir, False),
    ):
        text = (folder / "report.md").read_text()
        one = Writing([Document("report.md", "text", text, 1, 0, 0, "")], bundle.template_sections)
        stated = stated_numbers(one, bundle.rubric.claims)
        assert (stated.keys() == {c.id for c in bundle.rubric.claims}) if wanted else not stated


RUN = "--ignore=tests/public"


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("Type `pytest`.", ("-m", "pytest", RUN)),
        ("Type `python -m pytest -q`.", ("-m", "pytest", RUN, "-q")),
        ("```bash\n$ python3 train.py --seed 1  # takes long\n```", ("train.py", "--seed", "1")),
        ("```\npython -c \"print('a;b'); 1\"\n```", ("-c", "print('a;b'); 1")),
        ("    python3.11 'my script.py'", ("my script.py",)),
        ("```sh\npython train.py | tee log\n```", ()),
        ("```sh\npython train.py && pytest\n```", ()),
        ("```sh\npython train.py > log.txt\n```", ()),
        ("```sh\npython train.py $SEED\n```", ()),
        ("`python -m pip install -r requirements.txt`", ()),
        ("`jupyter nbconvert --execute work.ipynb`", ()),
        ("```sh\nmake all\n```", ()),
        ("`python \"train.py`", ()),
        ("`python train`", ()),
    ],
)  # fmt: skip
def test_commands_of_python_and_pytest_are_run_and_others_named(
    text: str, arguments: tuple[str, ...]
) -> None:
    assert [command.arguments for command in find_commands(text)] == [arguments]


@pytest.mark.parametrize(
    "text",
    [
        "Made with `python` 3.11.",
        "`fit_linear(X, y)`",
        "```python\nimport numpy\n```",
        "python x.py",
    ],
)
def test_what_is_no_command_is_passed_over(text: str) -> None:
    assert find_commands(text) == []


def test_a_command_stands_once_however_often_it_is_named() -> None:
    assert len(find_commands("`pytest`\n```\npytest\n\n# a comment\n```")) == 1
