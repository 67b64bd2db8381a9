"""The texts that are compared, as the box reads them, and what of them is the student's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

from ..bundle import Bundle
from ..grade.jobs import Failed, run_jobs
from ..grade.one import SubmissionVanished, take_in
from ..grade.written import read_writing
from ..intake.attempts import Entry
from ..kit.cells import notebook_cells
from ..release import template_files
from ..sandbox.box import Box
from ..sandbox.deadline import Lost
from ..sandbox.layers import READING, Tier
from ..sandbox.session import Session

Kind = Literal["prose", "tests"]
_TOKENS: dict[Kind, re.Pattern[str]] = {
    "prose": re.compile(r"\w+"),
    "tests": re.compile(r"\w+|[^\w\s]"),
}


class Word(NamedTuple):
    """A word, or a sign of code, and where it stands."""

    text: str
    file: str
    line: int


@dataclass(frozen=True)
class Texts:
    """One submission's words that are not the template's, by kind.

    Attributes:
        id: of the submission.
        unread: what could not be read, and why.
    """

    id: str
    words: dict[Kind, list[Word]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


def read_class(
    entries: Sequence[Entry], bundle: Bundle, tier: Tier, jobs: int, progress: Callable[[], None]
) -> list[Texts]:
    """Have the prose and the tests of every submission read in the box, in the class's order.

    Args:
        progress: called for each submission that is finished.
    """
    found: dict[str, Texts] = {}
    for entry, answer in run_jobs(entries, partial(_reading, bundle, tier), jobs):
        if isinstance(answer, Failed):
            why = f"{entry.id}: {answer.reason}: {answer.detail}"
            found[entry.id] = Texts(entry.id, unread=(why,))
        else:
            found[entry.id] = answer
        progress()
    return [found[entry.id] for entry in entries]


@contextmanager
def _reading(bundle: Bundle, tier: Tier) -> Iterator[Callable[[Entry], Texts]]:
    """The box of one process, and reading one entry after the other in it."""
    template = _template(bundle)
    with Box(bundle.rubric.limits, tier.layers, READING) as box:
        yield partial(_read, box, bundle, template)


def _read(box: Box, bundle: Bundle, template: dict[Kind, set[str]], entry: Entry) -> Texts:
    try:
        submission, fault = take_in(entry, entry.graded[-1])
    except SubmissionVanished as gone:
        return Texts(entry.id, unread=(str(gone),))
    if fault:
        return Texts(entry.id, unread=(f"{entry.id}: {fault}",))
    limits = bundle.rubric.limits
    with closing(Session(box, submission.files, bundle.manifest, limits)) as session:
        writing = read_writing(session, bundle, alone=True)
        unread = [f"{entry.id}: {writing.unread}"] if writing.unread else []
        try:
            tests = session.read("own_tests")["files"]
        except Lost as lost:
            tests, unread = {}, [*unread, f"{entry.id}: the tests could not be read: {lost}"]
    data = {artefact.file for artefact in bundle.artefacts if artefact.constant}
    prose = {d.file: d.text for d in writing.documents if PurePosixPath(d.file).name not in data}
    kinds: list[tuple[Kind, dict[str, str]]] = [("prose", prose), ("tests", tests)]
    words = {kind: list(_own_words(texts, kind, template[kind])) for kind, texts in kinds}
    return Texts(entry.id, words, tuple(unread))


def _own_words(texts: dict[str, str], kind: Kind, template: set[str]) -> Iterator[Word]:
    """The words of all lines that do not stand in the template."""
    for file, text in texts.items():
        for number, line in enumerate(text.splitlines(), 1):
            if _plain(line) not in template:
                found = _TOKENS[kind].findall(line.casefold())
                yield from (Word(word, file, number) for word in found)


def _template(bundle: Bundle) -> dict[Kind, set[str]]:
    """The lines that students receive: of documents with the questions, and of code."""
    prose = [question.text for task in bundle.rubric.tasks for question in task.questions]
    code = []
    for file, text in template_files(bundle).items():
        match PurePosixPath(file).suffix:
            case ".py":
                code.append(text)
            case ".ipynb":
                prose += notebook_cells(text, "markdown")
            case _:
                prose.append(text)
    return {"prose": _lines(prose), "tests": _lines(code)}


def _lines(texts: Sequence[str]) -> set[str]:
    return {_plain(line) for text in texts for line in text.splitlines()}


def _plain(line: str) -> str:
    return " ".join(line.split())
