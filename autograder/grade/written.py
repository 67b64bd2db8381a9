"""What is learned of a submission's writing: documents read, claims measured, commands run."""

from __future__ import annotations

import re

from ..bundle import Bundle
from ..checks.measure import measure
from ..checks.run import TIMEOUTS_PER_TASK, count_only_if
from ..contract import Claim
from ..sandbox.deadline import Lost
from ..sandbox.session import Session
from ..writing.claims import compared, stated_numbers
from ..writing.commands import Command, Ran, find_commands
from ..writing.documents import Document, Writing

MOST_COMMANDS = 5
"""Of a README, so many commands are run."""
PYTEST = ("-m", "pytest")
PYTEST_RAN = {0, 1, 5}
"""Exit codes of pytest: all tests pass, some fail, there are none (the public checks are left
out). The command has run; what fails or is missing is counted where it belongs."""
_ERROR = re.compile(
    r"^(?:[a-z_]\w{0,40}\.){0,5}([A-Z]\w{0,60}(?:Error|Exception|Interrupt)\b.{0,200})"
)
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


def read_writing(session: Session, bundle: Bundle, *, alone: bool) -> Writing:
    """Have every document of the submission read; one that hangs or crashes is lost alone.

    Raises:
        MustRunAlone: the wall limit was broken while others were graded beside it.
    """
    titles = [title for texts in bundle.template_sections.values() for title in texts if title]
    try:
        files = session.read("writings", declared=bundle.documents)["files"]
    except Lost as lost:
        count_only_if(alone, lost)
        return Writing((_lost("the folder", lost),), bundle.template_sections)
    documents = []
    for file in files:
        try:
            values = session.read("document", file=file, titles=titles)
            documents.append(Document(**values))
        except Lost as lost:
            count_only_if(alone, lost)
            documents.append(_lost(file, lost))
    return Writing(documents, bundle.template_sections)


def check_claims(writing: Writing, bundle: Bundle, session: Session, *, alone: bool) -> list[Claim]:
    """The numbers that are stated, each beside what the student's own code gives.

    Raises:
        MustRunAlone: the wall limit was broken while others were graded beside it.
    """
    stated = stated_numbers(writing, bundle.rubric.claims)
    claims = [claim for claim in bundle.rubric.claims if claim.id in stated]
    return compared(claims, stated, measure(claims, bundle, session, alone=alone))


def run_commands(writing: Writing, bundle: Bundle, session: Session, *, alone: bool) -> list[Ran]:
    """Run the commands that the README names, each on the files as they were handed in.

    Raises:
        MustRunAlone: the wall limit was broken while others were graded beside it.
    """
    declared = bundle.rubric.completeness.commands
    if declared is None:
        return []
    ran, tries, timeouts = list[Ran](), 0, 0
    for command in find_commands(writing.own_text(declared.file, declared.section)):
        if not command.arguments:
            ran.append(_not_run(command, "only Python and pytest are, without shell or set-up"))
        elif tries == MOST_COMMANDS or timeouts == TIMEOUTS_PER_TASK:
            ran.append(_not_run(command, "too many commands or too long ones come before it"))
        else:
            tries += 1
            try:
                ran.append(_concluded(command, *session.run(command.arguments)))
            except Lost as lost:
                count_only_if(alone, lost)
                timeouts += lost.out_of_time
                succeeded = None if lost.out_of_time else False
                ran.append(Ran(command.text, succeeded, f"`{command.text}`: {lost}"))
    return ran


def _not_run(command: Command, reason: str) -> Ran:
    return Ran(command.text, None, f"`{command.text}` was not run: {reason}.")


def _concluded(command: Command, code: int, said: str) -> Ran:
    fine = PYTEST_RAN if command.arguments[:2] == PYTEST else {0}
    if code in fine:
        return Ran(command.text, True)
    last = said.strip().rpartition("\n")[2]
    error = _ERROR.match(_ADDRESS.sub("0x...", last))
    reason = f" ({error.group(1)})" if error else ""
    return Ran(command.text, False, f"`{command.text}` ended with exit code {code}{reason}.")


def _lost(file: str, lost: Lost) -> Document:
    return Document(file, "", "", 0, 0, None, f"reading it failed. {lost}".rstrip("."))
