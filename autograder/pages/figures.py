"""The figures that a bundle declares, with the numbers that are expected in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..bundle import Bundle
from ..rubric.load import RubricError
from ..rubric.model import Figure
from .drawing import Drawing, Undrawable, draw


@dataclass(frozen=True)
class Picture:
    """A student's own picture and the expected one, on the same scales."""

    figure: Figure
    own: Drawing
    expected: Drawing


@dataclass(frozen=True)
class Album:
    """Every declared figure and its expected numbers."""

    figures: Sequence[Figure]
    expected: Mapping[str, Any]

    @classmethod
    def of(cls, bundle: Bundle) -> Album:
        """A bundle's figures.

        Raises:
            RubricError: a function of `tests/figures.py` fails, or gives no such picture.
        """
        figures, reference = bundle.rubric.figures, bundle.reference()
        functions, expected = bundle.expectations() if figures else None, {}
        for figure in figures:
            try:
                values = np.asarray(getattr(functions, figure.expected)(reference), dtype=float)
                _drawn(figure, values, values)
            except Exception as error:
                text = f"{type(error).__name__} {error}".strip()
                text = f"no {figure.kind}" if isinstance(error, Undrawable) else text
                raise RubricError(f"{bundle.figures_file}: {figure.expected}(): {text}") from None
            expected[figure.id] = values.round(6).tolist()
        return cls(figures, expected)

    def pictures(self, kept: Mapping[str, Any]) -> list[Picture]:
        """The pictures of one submission; without numbers there is none.

        Args:
            kept: name -> numbers, as in the artifacts.
        """
        found = []
        for figure in self.figures:
            if figure.id in kept:
                try:
                    drawn = _drawn(figure, kept[figure.id], self.expected[figure.id])
                except Undrawable:  # what is wrong with its shape is for the check to say
                    continue
                found.append(Picture(figure, *drawn))
        return found


def _drawn(figure: Figure, own: Any, expected: Any) -> tuple[Drawing, Drawing]:
    return draw(figure.kind, own, expected, lines=figure.lines, ticks=figure.ticks)
