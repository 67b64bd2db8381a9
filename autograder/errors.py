"""What every error for people has in common."""

from __future__ import annotations


class ExpectedError(Exception):
    """Something foreseen went wrong; the text says what, where and what to do.

    The command prints the text and ends with exit code 2; no traceback is shown.
    """
