"""How the command says what became of it."""

from __future__ import annotations

UNMARKED = 1
"""Something is not as it should be, and the last lines say what."""
USAGE_ERROR = 2
"""Nothing was done, and the message says what to do."""
