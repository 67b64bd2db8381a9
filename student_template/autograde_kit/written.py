"""What is written beside the code: its sections, and whether they are more than the template.

Everything written is looked at as Markdown text. On a laptop that is all there
is; while marking, other kinds of document are turned into it (see `reading`).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .files import decode, find_file

MAX_TEXT = 100_000
"""Characters of a document that are read."""
READ_WHEN_MARKED = (".pdf", ".docx")
"""Kinds of document that take a library to be read, which a laptop need not have."""
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_RULE_OF_A_TABLE = {"|", "-"}
_FIGURE = re.compile(r"!\[|<img\b", re.I)


def documents(root: Path, names: list[str]) -> dict[str, dict[str, Any] | None]:
    """The declared files below `root` as text.

    Returns:
        Name -> `file`, `text` and `exhibits`, or None where there is no such file. Where it
        stands in a kind that is read only when marked, `text` is None.
    """
    found: dict[str, dict[str, Any] | None] = {}
    for name in names:
        path = find_file(root, name)
        others = (find_file(root, str(Path(name).with_suffix(s))) for s in READ_WHEN_MARKED)
        other = next((place for place in others if place is not None), None)
        if other is not None:
            found[name] = {"file": other.name, "text": None, "exhibits": None}
        elif path is None:
            found[name] = None
        else:
            text = decode(path.read_bytes())[:MAX_TEXT]
            found[name] = {
                "file": path.relative_to(root).as_posix(),
                "text": text,
                "exhibits": figures(text) + tables(text),
            }
    return found


def sections(text: str) -> list[tuple[str, str]]:
    """The sections of a Markdown text as (heading, body).

    A section reaches to the next heading of its own level or above, so the
    sections below it belong to its body.
    """
    lines = text.splitlines()
    found = headings(lines)
    bodies = []
    for index, (number, level, title) in enumerate(found):
        later = (found[place] for place in range(index + 1, len(found)))
        end = next((line for line, other, _ in later if other <= level), len(lines))
        bodies.append((title, "\n".join(lines[number + 1 : end]).strip()))
    return bodies


def by_heading(text: str) -> dict[str, str]:
    """The sections of a Markdown text: plain heading -> body."""
    return {plain_heading(heading): body for heading, body in sections(text)}


def headings(lines: list[str]) -> list[tuple[int, int, str]]:
    """The headings among Markdown lines as (line from 0, level, title)."""
    found = []
    fenced = False
    for number, line in enumerate(lines):
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        if heading:
            found.append((number, len(heading.group(1)), heading.group(2).rstrip("# \t")))
    return found


def figures(text: str) -> int:
    """How many pictures a Markdown text shows."""
    return len(_FIGURE.findall(text))


def tables(text: str) -> int:
    """How many tables stand in a Markdown text."""
    rules = (set(line) - set(": \t") for line in text.splitlines())
    return sum(rule == _RULE_OF_A_TABLE for rule in rules)


def shortfall(
    artefact: dict[str, Any],
    constants: list[str],
    document: dict[str, Any] | None,
    template: dict[str, str],
) -> str:
    """Why an artefact does not count yet, or empty if it does.

    Args:
        artefact: `title`, `file`, `section` (None: the whole file), `min_words`,
            `min_exhibits` and `constant` (one in the code that may stand for the file), as
            in the rubric.
        constants: those that the code assigns.
        document: `file`, `text` and `exhibits` (figures and tables; None where they cannot
            be counted) of what stands for the artefact's file; None if nothing does.
        template: heading -> text of the artefact's file as the template ships it; `""` is
            the whole file.
    """
    if artefact["constant"] in constants:
        return ""
    title, section = artefact["title"], artefact["section"]
    if document is None:
        return f"{artefact['file']} was not handed in."
    if document["text"] is None:
        return f"{document['file']} is not read here, but will be when your work is marked."
    text, original = document["text"], template[""]
    if section is not None:
        bodies = by_heading(text)
        if plain_heading(section) not in bodies:
            return f"{document['file']} has no section {section!r}."
        text, original = bodies[plain_heading(section)], template.get(section, "")
    own = own_words(text, original)
    if not text.strip():
        return f"{title}: empty."
    if own == 0:
        return f"{title}: still as in the template."
    if own < artefact["min_words"]:
        return f"{title}: {own} words of yours; at least {artefact['min_words']} are due."
    exhibits, due = document["exhibits"], artefact["min_exhibits"]
    if exhibits is not None and exhibits < due:
        return f"{title}: {exhibits} figures and tables in {document['file']}; at least {due} due."
    return ""


def plain_heading(heading: str) -> str:
    """A heading without its number, its marks and its case."""
    return re.sub(r"^[\d.)\s]+|[*_`:]", "", heading).strip().casefold()


def own_words(text: str, original: str) -> int:
    """How many words stand in lines that are not the template's."""
    return len(own_text(text, original).split())


def own_text(text: str, original: str) -> str:
    """The lines of a text that are not the template's."""
    known = {" ".join(line.split()) for line in original.splitlines()} - {""}
    return "\n".join(line for line in text.splitlines() if " ".join(line.split()) not in known)
