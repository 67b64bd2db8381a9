"""Part E: count, and print. A network that does it needs a counter.

Lines of a digit and as many characters: `3ccc`, `1c`, `9ccccccccc`. In reverse the
characters come first and the digit says how many there were: `ccc3`. Line follows line
without end, each digit from 1 to 9 as likely as the others.

Printing `3ccc` is counting down: the digit sets a counter, every character lowers it, and
at zero the line ends. Printing `ccc3` is counting up, and harder: at every character the
line may go on or the digit may come, and that digit has to be exact.

Tokens: 0 ends a line, 1 to 9 are the digits, 10 is the character. A sequence starts with
the 0 that ends a line before it.
"""

from __future__ import annotations

import numpy as np

NEW_LINE, CHARACTER = 0, 10
DIGITS = 9
COUNTING_SYMBOLS = 11


def counting_sequences(n: int, steps: int, seed: int, reverse: bool = False) -> np.ndarray:
    """Draw sequences of lines.

    Args:
        n: how many sequences.
        steps: tokens of each; the last line may be cut off anywhere.
        seed: of the draw.
        reverse: whether the characters stand before their digit.

    Returns:
        int64 array of shape (n, steps).
    """
    # TODO (handout E.4): Append whole lines to a sequence until it is long enough,
    #   then cut it off.
    raise NotImplementedError("counting_sequences")


def counting_next(tokens: np.ndarray, reverse: bool = False) -> np.ndarray:
    """The exact chance of every token to come next, after every token of legal sequences.

    Only what stands at or before a position counts, never what follows. A token that
    cannot follow has the chance 0. In reverse, after k characters of a line every count
    from k to 9 is still as likely as the others, so the digit k has the chance
    1 / (10 - k).

    Args:
        tokens: int64 of shape (n, T), as `counting_sequences` draws them.
        reverse: whether the characters stand before their digit.

    Returns:
        float64 array of shape (n, T, 11).
    """
    # TODO (handout E.4): Go along each sequence with one counter. In reverse ask: of
    #   the counts that are still possible, which share is this one?
    raise NotImplementedError("counting_next")
