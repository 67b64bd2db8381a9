"""What goes wrong with a request, told apart by what it means for the mark in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .parcels import ExportError


class Denied(ExportError):
    """The server takes nothing from us: the token, or what it may do."""


class Declined(Exception):
    """The server said no to this request, and has not done it."""


class Busy(Exception):
    """The server asks to come back later, and has not done it."""


class Unsure(Exception):
    """No answer, or none that can be understood; it may have been done."""


TROUBLE = (Busy, Declined, Denied, Unsure)


@contextmanager
def understood(what: str) -> Iterator[None]:
    """While an answer is taken apart: one of another shape is as good as none.

    Raises:
        Unsure: it has another shape.
    """
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        raise Unsure(f"{what} cannot be understood") from None
