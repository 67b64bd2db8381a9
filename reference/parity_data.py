"""Part D: bit strings of many lengths, and their parity.

Strings of different lengths share one array: row i of `bits` holds a string in
its first `lengths[i]` columns. What stands in the columns after that is padding.
It is made of random bits here, on purpose: with zeros as padding, a program that
reads too far would get the right answer by luck.
"""

from __future__ import annotations

import numpy as np


def parity_labels(bits: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The parity of every string: 1 where its number of ones is odd.

    Args:
        bits: shape (n, T), zeros and ones.
        lengths: shape (n,), each from 0 to T; only the first `lengths[i]`
            columns of row i belong to its string. The empty string is even.

    Returns:
        int64 array of shape (n,) of zeros and ones.
    """
    bits = np.asarray(bits)
    belongs = np.arange(bits.shape[1]) < np.asarray(lengths)[:, np.newaxis]
    return (np.where(belongs, bits, 0).sum(axis=1) % 2).astype(np.int64)


def fixed_length_strings(n: int, length: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Approach 1: random strings that are all equally long.

    Args:
        n: how many strings.
        length: of every string.
        seed: of the draw.

    Returns:
        bits, int64 of shape (n, length), every bit 0 or 1 with equal chance and
        independent of the others; and lengths, int64 of shape (n,), all equal
        to `length`.
    """
    rng = np.random.default_rng(seed)
    return rng.integers(0, 2, size=(n, length)), np.full(n, length, dtype=np.int64)


def random_length_strings(n: int, longest: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Approach 2: random strings, each of a length drawn at random.

    Args:
        n: how many strings.
        longest: the greatest length; every length from 1 to `longest`, both
            included, has the same chance.
        seed: of the draw.

    Returns:
        bits, int64 of shape (n, longest), zeros and ones, every bit of a string
        0 or 1 with equal chance (what stands after a string's length may be any
        bit); and lengths, int64 of shape (n,).
    """
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, longest + 1, size=n)
    return rng.integers(0, 2, size=(n, longest)), lengths
