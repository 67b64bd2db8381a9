"""The readings there are, by the word on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..kit.survey import survey
from .quality import quality

READERS: Mapping[str, Callable[..., dict[str, Any]]] = {"quality": quality, "survey": survey}
"""Each gets the folder with the submission, the manifest, and arguments of its own; it gives
plain values."""
