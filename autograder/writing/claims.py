"""Numbers that a student states, beside what the student's own code gives.

A claim costs no points: it tells a person where to look.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence

from ..contract import Claim
from ..kit.written import plain_heading
from ..rubric import model as rubric
from .documents import Writing

LONGEST_LINE = 1_000
_PLAIN = str.maketrans("−‒–—⁻⁰¹²³⁴⁵⁶⁷⁸⁹|", "-----0123456789 ", "*_`$~≈")
"""All minus signs alike, digits on the line, columns apart, no emphasis."""
_AFTER_A_LABEL = {" ", ":", "=", ","}
_POWER_OF_TEN = re.compile(r"(?<=\d) ?[x·×] ?10\^?(?=[-+]?\d)")
_BETWEEN = re.compile(r"(?:[ :=,]|is\b|was\b|about\b|around\b|roughly\b)*")
_NUMBER = re.compile(
    r"(?P<sign>[-+]?) ?(?P<whole>\d{0,15})(?:(?P<mark>[.,])(?P<part>\d{1,17}))?"
    r"(?P<power>e[-+]?\d{1,3})?(?!\w|[.,]\d) ?(?P<percent>%?)"
)


def stated_numbers(
    writing: Writing, claims: Iterable[rubric.Claim]
) -> dict[str, tuple[float, ...]]:
    """The numbers that are stated, by claim id.

    Each as its possible readings: in `1,200` the comma may part thousands or be decimal.
    """
    found = {claim.id: _stated(writing, claim.find) for claim in claims}
    return {name: readings for name, readings in found.items() if readings}


def compared(
    claims: Iterable[rubric.Claim],
    stated: Mapping[str, Sequence[float]],
    measured: Mapping[str, float | None],
) -> list[Claim]:
    """What is concluded of each number that is stated."""
    return [
        _compared(claim, stated[claim.id], measured.get(claim.id))
        for claim in claims
        if claim.id in stated
    ]


def _compared(claim: rubric.Claim, readings: Sequence[float], measured: float | None) -> Claim:
    if claim.untestable is not None:
        text = f"{claim.text}: {claim.untestable}"
        return Claim(text=text, stated=readings[0], measured=None, verdict="not testable")
    if measured is None:
        text, stated = claim.text, readings[0]
        return Claim(text=text, stated=stated, measured=None, verdict="could not reproduce")
    stated = min(readings, key=lambda reading: abs(reading - measured))
    close = math.isclose(stated, measured, rel_tol=1e-9, abs_tol=claim.tolerance)
    return Claim(
        text=claim.text,
        stated=stated,
        measured=float(f"{round(measured, 9) + 0.0:.6g}"),  # no noise, no -0.0
        verdict="matches" if close else "could not reproduce",
    )


def _stated(writing: Writing, find: rubric.Find) -> tuple[float, ...]:
    """The readings of the number behind the label, or nothing."""
    document = writing.standing_for(find.file)
    if document is None:
        return ()
    label = _plain(find.label)
    for line in document.sections.get(plain_heading(find.section), "").splitlines():
        text = _plain(line[:LONGEST_LINE]).lstrip("-+> ")
        rest = text.removeprefix(label)
        if rest != text and rest[:1] in _AFTER_A_LABEL and (readings := _readings(rest)):
            return readings
    return ()


def _plain(text: str) -> str:
    return " ".join(text.translate(_PLAIN).casefold().split())


def _readings(text: str) -> tuple[float, ...]:
    """What the number at the beginning of a text may mean."""
    between = _BETWEEN.match(text)
    assert between is not None
    number = _NUMBER.match(_POWER_OF_TEN.sub("e", text[between.end() :]))
    if number is None or not (number["whole"] or number["part"]):
        return ()
    whole, part, sign = number["whole"], number["part"] or "", number["sign"]
    ending = number["power"] or ""
    texts = [f"{sign}{whole or 0}.{part or 0}{ending}"]
    if number["mark"] == "," and len(part) == 3 and whole.strip("0") and len(whole) <= 3:
        texts.append(f"{sign}{whole}{part}{ending}")
    factor = 100 if number["percent"] else 1
    readings = tuple(float(written) / factor for written in texts)
    return readings if all(map(math.isfinite, readings)) else ()
