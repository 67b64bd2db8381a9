"""Which way a sample leans."""

from __future__ import annotations

import numpy as np


def skewness(values: np.ndarray) -> float:
    """The mean of the cubes of the standardised values; above 0 with a long tail to the right.

    A sample of equal values leans nowhere, so its skewness is 0.

    Args:
        values: shape (n,), n at least 1.
    """
    values = np.asarray(values, dtype=float)
    spread = values.std()
    return float(np.mean(((values - values.mean()) / spread) ** 3)) if spread else 0.0
