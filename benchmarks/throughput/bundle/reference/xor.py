"""XOR as a formula and as a small tanh network; also the right submission for its task."""

from __future__ import annotations

import numpy as np


def xor_features(bits: np.ndarray) -> np.ndarray:
    """The two columns and their product, shape (n, 3)."""
    bits = np.asarray(bits, dtype=float)
    return np.column_stack([bits, bits[:, 0] * bits[:, 1]])


def linear_xor(bits: np.ndarray) -> np.ndarray:
    """XOR as a weighted sum of the three features, shape (n,)."""
    return xor_features(bits) @ np.array([1.0, 1.0, -2.0])


def tanh_network(
    bits: np.ndarray,
    hidden_weights: np.ndarray,
    hidden_biases: np.ndarray,
    output_weights: np.ndarray,
    output_bias: float,
) -> np.ndarray:
    """The answer of a network with one layer of tanh units, shape (n,)."""
    hidden = np.tanh(np.asarray(bits, dtype=float) @ hidden_weights.T + hidden_biases)
    return np.tanh(hidden @ output_weights + output_bias)
