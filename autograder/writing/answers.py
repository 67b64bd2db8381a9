"""Answers to the checkpoint questions, wherever they stand.

An answer begins on a line that begins with the question's id, which may be a
heading, and reaches to the next id or heading. What the template or the
question itself says is no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ..kit.written import headings, own_text
from ..rubric.model import Question
from .documents import Document, Writing

MOST_OF_AN_ANSWER = 6_000
"""Characters of an answer that are kept."""
MOST_MARKS = 200
"""Ids at the beginning of a line that are followed up in a document."""
MARKS = " \t>*_`#|-+.:()[]"
"""What may stand around an id: emphasis, lists, headings, the border of a table."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Answer:
    """What a student answers to one question, and where."""

    text: str
    file: str


def find_answers(writing: Writing, questions: Sequence[Question]) -> dict[str, Answer]:
    """The answers that were given, by question id; of several, the longest."""
    template = "\n".join(texts[""] for texts in writing.template.values())
    if not questions:
        return {}
    ids = re.compile(
        "|".join(f"({_id_pattern(question.id).pattern})" for question in questions), re.I
    )
    found: dict[str, Answer] = {}
    for document in writing.documents:
        for place, text in islice(_marked(document, ids), MOST_MARKS):
            question = questions[place]
            own = _own_answer(own_text(text, template), question)
            known = found.get(question.id)
            if own and (known is None or len(own) > len(known.text)):
                found[question.id] = Answer(own[:MOST_OF_AN_ANSWER], document.file)
    return found


def _id_pattern(identifier: str) -> re.Pattern[str]:
    """An id as people write it: in any case, with or without its hyphens."""
    letters = [re.escape(character) for character in identifier if character.isalnum()]
    return re.compile(r"[-\u2010-\u2013 ._]?".join(letters) + r"(?!\w)", re.I)


def _marked(document: Document, ids: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """Each id at the beginning of a line, by its place in the pattern, with the text from there."""
    lines = document.text.splitlines()
    levels = {number: level for number, level, _ in headings(lines)}
    current: int | None = None
    level, taken = 0, list[str]()
    for number, line in enumerate([*lines, ""]):
        begun = ids.match(line.lstrip(MARKS))
        ends = number in levels and (not level or levels[number] <= level)
        if begun or ends or number == len(lines):
            if current is not None:
                yield current, "\n".join(taken)
            current = begun.lastindex - 1 if begun and begun.lastindex else None
            level, taken = levels.get(number, 0), []
        taken.append(line)


def _own_answer(text: str, question: Question) -> str:
    """The text without the question's id and words, which a student may have kept or rewrapped."""
    bare = text.lstrip(f"{MARKS}\n")
    begun = _id_pattern(question.id).match(bare)
    bare = bare[begun.end() :].lstrip(f"{MARKS}\n") if begun else bare
    asked = _WORD.findall(question.text.casefold())
    words = [word.group().casefold() for word in _WORD.finditer(bare)]
    if words == asked[: len(words)]:
        return ""
    if words[: len(asked)] == asked:
        *_, last = (word for word, _ in zip(_WORD.finditer(bare), asked, strict=False))
        bare = bare[last.end() :].lstrip(f"{MARKS}?!\n")
    return bare.strip()
