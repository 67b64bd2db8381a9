"""Hostile submissions, their honest twins and their neighbours, graded by the command.

Each attack is an overlay like a case of the corpus, beside a twin that does a like
thing for good. One class holds all of them, another the twins and neighbours alone.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import yaml
from pydantic import BaseModel, ConfigDict

from autograder.bundle import Bundle
from autograder.corpus import Case, disagreements, load_cases, materialise
from autograder.kit.marker import seeded_rng

from .conftest import ROOT, TINY, autograde, once

FOLDER = ROOT / "tests" / "attacks"
ROWS = frozenset(range(1, 38)) | {48, 49, 50, 51, 54, 55}
"""Rows of the attack list whose seam is here; archives, tables and pages are tested elsewhere."""
FULL_MARKS = {"implementation": 6, "correctness": 3, "quality": 1.7, "report": 2, "completeness": 2}
NEIGHBOURS = ("accepted/reference", "accepted/handles", "wrong/sample-deviation", "wrong/template")
DIGITS = 9
"""So much of a hidden number, and nobody has guessed it."""


class Attack(BaseModel):
    """An attack and its twin.

    Attributes:
        rows: of the attack list.
        attack: the fields of its `Case`; `large` holds files as texts, and texts with how often
            they are repeated.
        honest: those of its twin.
        tells: what must stand in the instructor's half of its artifacts.
        leaks: the hidden check whose input it gets as far as the instructor's half.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    rows: list[int]
    about: str
    attack: dict[str, Any]
    honest: dict[str, Any]
    tells: list[str] = []
    leaks: str = ""

    def hostile(self) -> Case:
        """The attack itself."""
        return self._case(self.name, self.attack)

    def twin(self) -> Case:
        """The honest one."""
        return self._case(f"{self.name}.honest", {"points": FULL_MARKS, **self.honest})

    def _case(self, name: str, fields: dict[str, Any]) -> Case:
        fields = dict(fields)
        large = {path: "".join(map(_repeated, t)) for path, t in fields.pop("large", {}).items()}
        files = {**fields.pop("files", {}), **large}
        return Case(name=name, about=self.about, files=files, **fields)


def _repeated(part: str | list[Any]) -> str:
    return part if isinstance(part, str) else part[0] * part[1]


def load_attacks(**places: str) -> dict[str, Attack]:
    """Every attack, with what only a run knows (`MARK`, `BUNDLE`, `CLASS`) in its place."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        for word, value in places.items():
            text = text.replace(word, value)
        for name, fields in yaml.safe_load(text).items():
            assert name not in found
            found[name] = Attack(name=name, **fields)
    return found


ATTACKS = load_attacks()


@dataclass(frozen=True)
class Outcome:
    """Both classes, graded, and what went with them."""

    folder: Path

    @property
    def attacks(self) -> dict[str, Attack]:
        """As they were handed in."""
        return load_attacks(**json.loads((self.folder / "places.json").read_text()))

    @property
    def survivors(self) -> list[str]:
        """Command lines of hostile processes that were alive after the run."""
        found = json.loads((self.folder / "survivors.json").read_text())
        assert isinstance(found, list)
        return found

    def output(self, attacked: bool = True) -> Path:
        """The results of one of the classes."""
        return self.folder / ("attacked" if attacked else "quiet")

    def report(self, name: str) -> dict[str, Any]:
        """A report of the class with the attackers."""
        text = (self.output() / "reports" / f"{name}.json").read_text(encoding="utf-8")
        report = json.loads(text)
        assert isinstance(report, dict)
        return report

    def told(self, name: str) -> str:
        """The instructor's half of what goes beside a report."""
        text = (self.output() / "artifacts" / f"{name}.json").read_text(encoding="utf-8")
        return json.dumps(json.loads(text)["instructor"], ensure_ascii=False)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return Outcome(once(tmp_path_factory, "attacks", _grade_both_classes))


def _grade_both_classes(folder: Path) -> None:
    bundle = Bundle.open(TINY)
    mark = f"attack-{uuid.uuid4().hex}"
    places = {"MARK": mark, "BUNDLE": str(TINY), "CLASS": str(folder / "class")}
    (folder / "places.json").write_text(json.dumps(places))
    attacks = load_attacks(**places).values()
    for attack in attacks:
        materialise(attack.twin(), bundle, folder / "class", attack.twin().name)
    for name in NEIGHBOURS:
        materialise(load_cases(bundle)[name], bundle, folder / "class", name.replace("/", "-"))
    shutil.copytree(folder / "class", folder / "quiet-class")
    for attack in attacks:
        materialise(attack.hostile(), bundle, folder / "class", attack.name)
    for classes, output in (("class", "attacked"), ("quiet-class", "quiet")):
        arguments = (classes, "--assignment", TINY, "--output", output, "--jobs", 2)
        done = autograde(*arguments, cwd=folder)
        (folder / f"{output}.txt").write_text(f"{done.returncode}\n{done.stdout}{done.stderr}")
    (folder / "survivors.json").write_text(json.dumps(list(_alive(mark))))


def _alive(mark: str) -> Iterator[str]:
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or [])
        if mark in line:
            yield line


def test_every_row_of_the_attack_list_whose_seam_is_here_has_an_attack() -> None:
    assert {row for attack in ATTACKS.values() for row in attack.rows} == ROWS


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_gains_nothing_and_loses_nothing_else(name: str, outcome: Outcome) -> None:
    assert disagreements(outcome.attacks[name].hostile(), outcome.report(name)) == []


@pytest.mark.parametrize("name", ATTACKS)
def test_its_honest_twin_keeps_full_marks(name: str, outcome: Outcome) -> None:
    twin = ATTACKS[name].twin()
    assert disagreements(twin, outcome.report(twin.name)) == []


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if attack.tells])
def test_the_instructor_reads_what_happened(name: str, outcome: Outcome) -> None:
    told = outcome.told(name)
    assert [text for text in outcome.attacks[name].tells if text not in told] == []


def test_every_submission_is_graded_whoever_sits_beside_it(outcome: Outcome) -> None:
    for output in ("attacked", "quiet"):
        assert (outcome.folder / f"{output}.txt").read_text().startswith("0\n")


def test_no_process_survives(outcome: Outcome) -> None:
    assert outcome.survivors == []


@pytest.mark.parametrize("kind", ["reports", "artifacts"])
def test_who_sits_beside_it_changes_no_byte_of_an_honest_submission(
    kind: str, outcome: Outcome
) -> None:
    quiet = {path.name: path.read_bytes() for path in (outcome.output(False) / kind).iterdir()}
    assert len(quiet) == len(ATTACKS) + len(NEIGHBOURS)
    attacked = {name: (outcome.output() / kind / name).read_bytes() for name in quiet}
    assert [name for name in quiet if quiet[name] != attacked[name]] == []


def hidden_numbers() -> dict[str, set[str]]:
    """The beginnings of all numbers that the bundle's hidden checks draw, by check."""

    def beginnings(check: str, *samples: tuple[float, float, int]) -> set[str]:
        rng = seeded_rng("tiny-statistics", check)
        drawn = np.concatenate([rng.normal(*sample) for sample in samples])
        return {repr(float(number)).lstrip("-")[:DIGITS] for number in drawn}

    return {
        "range_of_other_samples": beginnings(
            "range_of_other_samples", (0, 1, 1), (0, 1, 5), (0, 1, 40)
        ),
        "standardised_samples": beginnings("standardised_samples", (3, 2, 50)),
        "fitted_limits": beginnings("fitted_limits", (0, 1, 100)),
    }


def test_hidden_inputs_are_nowhere_that_students_see(outcome: Outcome) -> None:
    numbers = set().union(*hidden_numbers().values())
    files = [*outcome.output().glob("*.*"), *outcome.output().glob("*/*.json")]
    assert len(files) > 2 * len(ATTACKS)
    for path in files:
        text = path.read_text(encoding="utf-8")
        if path.parent.name == "artifacts":
            text = json.dumps({**json.loads(text), "instructor": None})
        assert [number for number in numbers if number in text] == [], path.name


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if attack.leaks])
def test_the_search_for_hidden_inputs_would_find_them(name: str, outcome: Outcome) -> None:
    told = outcome.told(name)
    assert any(number in told for number in hidden_numbers()[ATTACKS[name].leaks])


def test_no_evidence_is_shown_to_students_that_was_not_meant_for_them(outcome: Outcome) -> None:
    """A report has no part that only instructors see; what is theirs stands in the artifacts."""
    for name in ATTACKS:
        evidence = [e for c in outcome.report(name)["categories"] for e in c["evidence"]]
        assert {e["visibility"] for e in evidence} == {"student"}


def test_code_that_knows_it_is_graded_gets_the_same_report(outcome: Outcome) -> None:
    knows, never = (
        {**outcome.report(name), "submission": None}
        for name in ("learns-that-it-is-graded", "learns-that-it-is-graded.honest")
    )
    assert json.dumps(knows) == json.dumps(never)
