"""Which way a sample leans."""

from __future__ import annotations

import numpy as np


def skewness(values: np.ndarray) -> float:
    """The mean of the cubes of the standardised values; above 0 with a long tail to the right.

    A sample of equal values leans nowhere, so its skewness is 0.

    Args:
        values: shape (n,), n at least 1.
    """
    spread = np.std(values)
    return float(np.mean(((values - np.mean(values)) / spread) ** 3)) if spread else 0.0
