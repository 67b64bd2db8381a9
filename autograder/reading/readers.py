"""The readers there are, by the word on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..kit.survey import survey
from .documents import document, tests, writings
from .quality import quality

READERS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "survey": survey,
    "quality": quality,
    "writings": writings,
    "document": document,
    "own_tests": tests,
}
"""Each gets the folder with the submission, the manifest, and arguments of its own; it gives
plain values."""
