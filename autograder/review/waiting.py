"""What waits for a reviewer: one question across all submissions, alike ones together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..contract import CategoryScore, Evidence, Kind, Report
from ..kit.written import by_heading, plain_heading
from ..model import CategoryId
from ..rubric.model import Artefact, Commands, Rubric
from .files import Review, Reviews, Subject, subject_of, subjects_of
from .prose import flowing

NO_ANSWER = "(no answer was found)"


@dataclass(frozen=True)
class Work:
    """What a reviewer looks at of one submission, as the box read it.

    Attributes:
        answers: question -> the student's answer; None where nobody looked for answers.
        functions: name -> source.
        writing: declared file -> text of the document that stands for it.
    """

    answers: Mapping[str, str] | None
    functions: Mapping[str, str]
    writing: Mapping[str, str]


@dataclass(frozen=True)
class Left:
    """How many submissions wait with one question.

    Attributes:
        waiting: for this reviewer.
        disputed: because several people have marked it differently.
    """

    waiting: int = 0
    disputed: int = 0


@dataclass(frozen=True)
class Item:
    """One piece of evidence, or one category, of one submission.

    Attributes:
        shown: the student's own words or code, of a category its evidence, and of one that is
            written all that was written; empty where the results hold none.
        key: what alike items have in common.
    """

    report: Report
    subject: Subject
    shown: str
    key: str


def subjects(reports: Sequence[Report]) -> list[str]:
    """Every id that a review may name, in the order of the reports."""
    return list(dict.fromkeys(each.id for report in reports for each in subjects_of(report)))


def items_of(
    subject: str, reports: Sequence[Report], works: Mapping[str, Work], rubric: Rubric
) -> list[Item]:
    """One question across all submissions.

    Args:
        works: by submission.
    """
    found = []
    for report in reports:
        each = subject_of(report, subject)
        if each is not None:
            shown = _shown(each, works[report.submission.id], rubric)
            found.append(Item(report, each, shown, _key(each, shown, report)))
    return found


def waits_for(item: Item, reviewer: str, reviews: Reviews) -> bool:
    """Whether this person is still to mark it."""
    mine = _marks(item, reviews)
    marked = any(r.reviewer == reviewer and r.sha256 == _sha(item) for r in mine)
    return not marked and is_pending(item)


def left_over(reports: Sequence[Report], reviewer: str, reviews: Reviews) -> dict[str, Left]:
    """What waits, by question: `waits_for` and `is_disputed` counted over a whole class."""
    found: dict[str, Left] = {}
    for report in reports:
        marks = [review for review in reviews.of(report) if review.gives_a_mark]
        sha = report.submission.sha256
        mine = {r.subject for r in marks if r.reviewer == reviewer and r.sha256 == sha}
        by = {(review.subject, review.reviewer) for review in marks}
        several = Counter(subject for subject, _ in by)
        for name in dict.fromkeys(report.review.pending):
            so_far = found.get(name, Left())
            waiting, disputed = so_far.waiting, so_far.disputed
            found[name] = Left(waiting + (name not in mine), disputed + (several[name] > 1))
    return found


def is_pending(item: Item) -> bool:
    """Whether the subject waits for anybody."""
    if isinstance(item.subject, Evidence):
        return item.subject.needs_review
    return item.subject.id in item.report.review.pending


def is_disputed(item: Item, reviews: Reviews) -> bool:
    """Whether several people have marked it and it waits all the same."""
    return is_pending(item) and len({review.reviewer for review in _marks(item, reviews)}) > 1


def alike(items: Sequence[Item]) -> list[list[Item]]:
    """Groups that one comment may serve, each beside those most like it."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.key, []).append(item)
    keys = list(groups)
    return [groups[keys[index]] for index in _by_likeness(keys)]


def _by_likeness(texts: Sequence[str]) -> list[int]:
    """An order in which like texts are neighbours: leaves of a clustering by words in common."""
    if len(texts) < 3:
        return list(range(len(texts)))
    # imported here: they take a second, which no other command should have to wait
    from scipy.cluster.hierarchy import leaves_list, linkage  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    vectors = TfidfVectorizer(token_pattern=r"\w+").fit_transform([f"_ {text}" for text in texts])
    return [int(index) for index in leaves_list(linkage(vectors.toarray(), "average"))]


def _shown(subject: Subject, work: Work, rubric: Rubric) -> str:
    if isinstance(subject, CategoryScore):
        lines = [f"{e.id}: {e.points} of {e.possible}. {e.message}" for e in subject.evidence]
        files = dict.fromkeys(part.file for part in _written(rubric).get(subject.id, ()))
        texts = [flowing(work.writing[file]) for file in files if file in work.writing]
        return "\n\n".join(["\n".join(lines), *texts])
    if subject.kind is Kind.QUESTION:
        answers = work.answers
        return "" if answers is None else flowing(answers.get(subject.id, "")) or NO_ANSWER
    if subject.kind in {Kind.QUALITY, Kind.CHECK}:
        names = [f.name for t in rubric.tasks if t.id == subject.task for f in t.functions]
        return "\n\n".join(work.functions[name] for name in names if name in work.functions)
    parts = (part for each in _written(rubric).values() for part in each)
    return next((flowing(_section(part, work)) for part in parts if part.id == subject.id), "")


def _section(part: Artefact | Commands, work: Work) -> str:
    """The section that a part of the rubric is about; where that is not there, all of it."""
    text = work.writing.get(part.file, "")
    sections = by_heading(text) if part.section else {}
    return sections.get(plain_heading(part.section or ""), "") or text


def _written(rubric: Rubric) -> dict[CategoryId, list[Artefact | Commands]]:
    """What the rubric asks to be written, by category."""
    commands = rubric.completeness.commands
    more = [commands] if commands is not None else []
    return {
        CategoryId.REPORT: [*rubric.report.artefacts],
        CategoryId.COMPLETENESS: [*rubric.completeness.artefacts, *more],
    }


def _key(subject: Subject, shown: str, report: Report) -> str:
    """What alike items have in common: the failure of a check, else what was written."""
    if isinstance(subject, CategoryScore):
        return f"{report.submission.id} {subject.points}"
    said = f"{subject.verdict} {subject.measured} {subject.message}"
    if subject.kind is Kind.QUESTION:  # what nobody looked for is looked up one by one
        said = shown.casefold() or report.submission.id
    elif subject.kind in {Kind.QUALITY, Kind.REPORT}:
        said = f"{said} {shown}"
    return " ".join(said.split())


def _marks(item: Item, reviews: Reviews) -> list[Review]:
    return [r for r in reviews.of(item.report) if r.subject == item.subject.id and r.gives_a_mark]


def _sha(item: Item) -> str | None:
    return item.report.submission.sha256
