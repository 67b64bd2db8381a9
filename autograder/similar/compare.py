"""Pairs that share runs of words, counted exactly for all pairs at once.

Each text is the set of its runs of so many words. Two texts are alike by the share of the
smaller one's runs that stand in the other as well, so that a short text that was taken
over whole is found in a long one, and in whatever order. A run that many
submissions share comes from the handout or the course, and says nothing of a pair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from .texts import Kind, Texts, Word

RUN: dict[Kind, int] = {"prose": 5, "tests": 12}
"""So many words, or signs of code, in a row are one run."""
FEWEST_RUNS = 5
"""Fewer runs in common may well be chance."""
SHORTEST_TEXT = 20
"""A text of fewer runs is too short to be a share of anything."""
COMMON = 0.2
FEWEST_COMMON = 4
"""A run in more than this share of the class, and in more submissions than this, is common."""
BEGINNING = 12
"""Words of a passage that are quoted."""

Run = tuple[str, ...]


class Place(BaseModel):
    """Lines of a file."""

    model_config = ConfigDict(frozen=True)

    file: str
    first: int
    last: int


class Passage(BaseModel):
    """Words in a row that stand in both."""

    model_config = ConfigDict(frozen=True)

    one: Place
    other: Place
    words: int
    begins: str


class Pair(BaseModel):
    """Two submissions with something in common.

    Attributes:
        share: of the smaller one's runs, from 0 to 1.
    """

    model_config = ConfigDict(frozen=True)

    kind: Kind
    one: str
    other: str
    share: float
    passages: list[Passage]


def pairs(texts: Sequence[Texts], kind: Kind, least: float) -> list[Pair]:
    """The pairs whose share is at least this, the most alike first."""
    # imported here: it takes a second, which no other command should have to wait
    from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415

    words = {each.id: each.words.get(kind, []) for each in texts}
    runs = {name: _runs(found, RUN[kind]) for name, found in words.items()}
    seen = Counter(run for found in runs.values() for run in found)
    most = max(FEWEST_COMMON, COMMON * len(runs))
    own = {name: {r for r in found if seen[r] <= most} for name, found in runs.items()}
    names = [name for name, found in own.items() if len(found) >= SHORTEST_TEXT]
    shared = {name: [run for run in own[name] if seen[run] > 1] for name in names}
    if not any(shared.values()):
        return []
    table = CountVectorizer(analyzer=sorted, binary=True).fit_transform(shared.values())
    common = (table @ table.T).tocoo()
    alike = []
    for row, column, count in zip(common.row, common.col, common.data, strict=True):
        one, other = names[row], names[column]
        share = int(count) / min(len(own[one]), len(own[other]))
        if row < column and count >= FEWEST_RUNS and share >= least:
            both = own[one] & own[other]
            sides = _Side(words[one], runs[one]), _Side(words[other], runs[other])
            passages = list(_passages(*sides, both, RUN[kind]))
            pair = Pair(kind=kind, one=one, other=other, share=round(share, 3), passages=passages)
            alike.append(pair)
    return sorted(alike, key=lambda pair: (-pair.share, pair.one, pair.other))


class _Side(NamedTuple):
    """One of two texts: its words, and where each of its runs begins."""

    words: Sequence[Word]
    runs: dict[Run, int]

    def place(self, first: Run, last: Run, length: int) -> Place:
        """From the first line to the last, in the file where the passage begins."""
        begins, ends = self.runs[first], self.runs[last] + length
        file = self.words[begins].file
        lines = [word.line for word in self.words[begins:ends] if word.file == file]
        start = self.words[begins].line
        return Place(file=file, first=start, last=max(lines, default=start))


def _runs(words: Sequence[Word], length: int) -> dict[Run, int]:
    """Every run of a text with the place of its first word; of equal ones the first."""
    found: dict[Run, int] = {}
    for start in range(len(words) - length + 1):
        taken = words[start : start + length]
        if taken[0].file == taken[-1].file:
            found.setdefault(tuple(word.text for word in taken), start)
    return found


def _passages(one: _Side, other: _Side, shared: set[Run], length: int) -> Iterator[Passage]:
    """The runs in common, those that follow each other in both texts as one passage."""
    passage: list[Run] = []
    for run in [r for r in one.runs if r in shared]:
        if passage and not _follow(passage[-1], run, one, other):
            yield _passage(passage, one, other, length)
            passage = []
        passage.append(run)
    if passage:
        yield _passage(passage, one, other, length)


def _follow(run: Run, following: Run, one: _Side, other: _Side) -> bool:
    return all(side.runs[following] == side.runs[run] + 1 for side in (one, other))


def _passage(runs: Sequence[Run], one: _Side, other: _Side, length: int) -> Passage:
    words = [*runs[0], *(run[-1] for run in runs[1:])]
    more = " …" if len(words) > BEGINNING else ""
    return Passage(
        one=one.place(runs[0], runs[-1], length),
        other=other.place(runs[0], runs[-1], length),
        words=len(words),
        begins=" ".join(words[:BEGINNING]) + more,
    )
