"""Part E: a simple grammar. A network that speaks it needs a counter and a switch.

    S -> a S b        S -> b a

gives the strings a^n ba b^n: `ba`, `abab`, `aababb`, `aaababbb`. The `ba` in the middle
says that the second half begins, and then exactly as many b follow as there were a. One
number has to be counted up, kept, and counted down again; that is one step beyond what a
machine with a fixed set of states can do for every n (the strings are not a regular
language), so a network of fixed size can only do it up to some n.

Tokens: 0 ends a string, 1 is a, 2 is b. A sequence is string after string, and starts
with the 0 that ends a string before it.
"""

from __future__ import annotations

import numpy as np

END, LETTER_A, LETTER_B = 0, 1, 2
GRAMMAR_SYMBOLS = 3


def grammar_sequences(n: int, steps: int, seed: int, longest: int = 10) -> np.ndarray:
    """Draw sequences of strings; every n from 0 to `longest` is as likely as the others.

    Args:
        n: how many sequences.
        steps: tokens of each; the last string may be cut off anywhere.
        seed: of the draw.
        longest: the greatest n of a^n ba b^n.

    Returns:
        int64 array of shape (n, steps).
    """
    rng = np.random.default_rng(seed)
    return np.array([_stream_of_strings(steps, rng, longest) for _ in range(n)], dtype=np.int64)


def _stream_of_strings(steps: int, rng: np.random.Generator, longest: int) -> list[int]:
    tokens = [END]
    while len(tokens) < steps:
        n = int(rng.integers(longest + 1))
        tokens += [*[LETTER_A] * n, LETTER_B, LETTER_A, *[LETTER_B] * n, END]
    return tokens[:steps]


def grammar_next(tokens: np.ndarray, longest: int = 10) -> np.ndarray:
    """The exact chance of every token to come next, after every token of legal sequences.

    Only what stands at or before a position counts, never what follows. A token that
    cannot follow has the chance 0. After k letters a at the start of a string every n
    from k to `longest` is still as likely as the others, so the b of the middle has the
    chance 1 / (longest + 1 - k).

    Args:
        tokens: int64 of shape (n, T), as `grammar_sequences` draws them.
        longest: the greatest n of a^n ba b^n.

    Returns:
        float64 array of shape (n, T, 3).
    """
    tokens = np.asarray(tokens)
    chances = np.zeros((*tokens.shape, GRAMMAR_SYMBOLS))
    for row, sequence in enumerate(tokens.tolist()):
        string: list[int] = []
        for step, token in enumerate(sequence):
            string = [] if token == END else [*string, token]
            chances[row, step] = _chances_in_a_string(string, longest)
    return chances


def _chances_in_a_string(string: list[int], longest: int) -> np.ndarray:
    """The chances after the beginning of a string."""
    chances = np.zeros(GRAMMAR_SYMBOLS)
    count = (
        string.index(LETTER_B) if LETTER_B in string else len(string)
    )  # letters a before the middle
    written = len(string) - count  # of the middle and the second half, which has count + 2
    if written == 0:
        chances[LETTER_B] = 1.0 / (longest + 1 - count)
        chances[LETTER_A] = 1.0 - chances[LETTER_B]
    elif written == 1:
        chances[LETTER_A] = 1.0
    else:
        chances[LETTER_B if written < count + 2 else END] = 1.0
    return chances
