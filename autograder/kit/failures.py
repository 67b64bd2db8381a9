"""How a check can end other than by passing."""

from __future__ import annotations

from enum import Enum


class Reason(str, Enum):
    """Why a check failed; the value is the sentence a student may read.

    The sentences are fixed, so nothing of a hidden check's inputs can reach a
    student through them.
    """

    VALUE = "The result is not the expected one."
    TYPE = "The result is of the wrong type."
    SHAPE = "The result has the wrong shape."
    DTYPE = "The result has the wrong kind of numbers."
    NOT_FINITE = "The result contains NaN or infinity."
    NO_ERROR = "Bad input was accepted; an error was due."
    WRONG_ERROR = "Bad input raised another error than the one asked for."
    HANDLE = "An object of your own came back where plain values were due."
    STATEMENT = "A required property does not hold."


class CheckFailure(AssertionError):
    """A check looked at what the student's code gave, and it was wrong.

    Args:
        reason: the closed reason, safe to show.
        declared: text the check's author wrote for students; never computed
            from a hidden input.
        details: what was given, got and expected. Shown for public checks on a
            laptop, and to instructors; never to students for hidden checks.
    """

    def __init__(self, reason: Reason, declared: str = "", details: str = "") -> None:
        super().__init__("\n".join(part for part in (declared or reason.value, details) if part))
        self.reason = reason
        self.declared = declared
        self.details = details


class StudentError(Exception):
    """The student's function raised an exception.

    Args:
        name: the nearest built-in exception type's name.
        text: the exception's text, capped. It may quote hidden inputs.
        where: file and line inside the submission, or empty.
    """

    def __init__(self, name: str, text: str, where: str = "") -> None:
        super().__init__(f"{name}: {text}" if text else name)
        self.name = name
        self.text = text
        self.where = where


class NotAttempted(Exception):
    """There is nothing to check: a stub, a missing function, an unchanged example."""


class ForPerson(Exception):
    """The work is of a kind that no machine here can judge; a person looks at it."""


class LoadError(Exception):
    """The file that should define a function could not be loaded; the text says why."""
