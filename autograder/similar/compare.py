"""Pairs that share runs of words, counted exactly for all pairs at once.

Each text is the set of its runs of so many words. Two texts are alike by the share of the
smaller one's runs that stand in the other as well, so that a short text that was taken
over whole is found in a long one, and in whatever order. A run that many
submissions share comes from the handout or the course, and says nothing of a pair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

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

    runs = {each.id: _runs(each.words.get(kind, []), RUN[kind]) for each in texts}
    seen = Counter(run for found in runs.values() for run in set(found))
    most = max(FEWEST_COMMON, COMMON * len(runs))
    own = {name: {r for r in found if seen[r] <= most} for name, found in runs.items()}
    names = [name for name, found in own.items() if len(found) >= SHORTEST_TEXT]
    if not any(seen[run] > 1 for name in names for run in own[name]):
        return []
    table = CountVectorizer(analyzer=sorted, binary=True).fit_transform(own[n] for n in names)
    common = (table @ table.T).tocoo()
    found = []
    for row, column, count in zip(common.row, common.col, common.data, strict=True):
        one, other = names[row], names[column]
        share = int(count) / min(len(own[one]), len(own[other]))
        if row < column and count >= FEWEST_RUNS and share >= least:
            passages = list(_passages(runs[one], runs[other], own[one] & own[other], RUN[kind]))
            pair = Pair(kind=kind, one=one, other=other, share=round(share, 3), passages=passages)
            found.append(pair)
    return sorted(found, key=lambda pair: (-pair.share, pair.one, pair.other))


def _runs(words: Sequence[Word], length: int) -> dict[Run, Sequence[Word]]:
    """Every run of a text with the words that it is made of; of equal ones the first."""
    found: dict[Run, Sequence[Word]] = {}
    for start in range(len(words) - length + 1):
        taken = words[start : start + length]
        if taken[0].file == taken[-1].file:
            found.setdefault(tuple(word.text for word in taken), taken)
    return found


def _passages(
    one: dict[Run, Sequence[Word]], other: dict[Run, Sequence[Word]], shared: set[Run], length: int
) -> Iterator[Passage]:
    """The runs in common as passages, in the order of the first text."""
    at_hand: list[Run] = []
    for run in [*one, ()]:  # the empty run ends the last passage
        if run in shared and (not at_hand or at_hand[-1][1:] == run[:-1]):
            at_hand.append(run)
            continue
        if at_hand:
            yield _passage([one[r] for r in at_hand], [other[r] for r in at_hand], at_hand, length)
        at_hand = [run] if run in shared else []


def _passage(
    one: Sequence[Sequence[Word]], other: Sequence[Sequence[Word]], runs: list[Run], length: int
) -> Passage:
    words = [*runs[0], *(run[-1] for run in runs[1:])]
    more = " …" if len(words) > BEGINNING else ""
    return Passage(
        one=_place(one),
        other=_place(other),
        words=len(runs) + length - 1,
        begins=" ".join(words[:BEGINNING]) + more,
    )


def _place(runs: Sequence[Sequence[Word]]) -> Place:
    """From the first line to the last; in the file where the passage begins."""
    file = runs[0][0].file
    lines = [word.line for run in runs for word in run if word.file == file]
    return Place(file=file, first=min(lines), last=max(lines))
