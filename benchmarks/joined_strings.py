"""Strings that are joined from training strings, to practise what random ones seldom hold.

Where two training strings are joined, the label of the whole is the XOR of theirs: nothing
is used but the training strings and their labels. A short one, repeated, makes a long run of
zeros, of ones, or of a pattern. There the memory of a network fades first, and random strings
of 50 bits show it to nobody.
"""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import torch
from parity_curriculum import SURE
from parity_lstm import _forward, logits
from torch import nn

SHORT = 3  # bits of a string that is repeated, at most
REPEATED = (10, 60)  # bits of a run, at least and at most
RUNS = 3  # in a joined string, each after a training string of any length
DRAWN, GOOD_LOOKS = 64, 2


def joined_strings(
    bits: np.ndarray, lengths: np.ndarray, labels: np.ndarray, n: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw n strings that are joined from training strings.

    Args:
        bits, lengths, labels: the training strings, as in `train_model`.
        n: how many to make.
        rng: decides which are joined.

    Returns:
        Bits, padded with zeros, lengths and labels.
    """
    short = np.flatnonzero(lengths <= SHORT)
    strings, parities = [], []
    for _ in range(n):
        pieces, parity = [], 0
        for any_row, row in zip(rng.choice(len(bits), RUNS), rng.choice(short, RUNS), strict=True):
            times = int(rng.integers(*REPEATED)) // int(lengths[row])
            pieces += [bits[any_row, : lengths[any_row]], np.tile(bits[row, : lengths[row]], times)]
            parity ^= int(labels[any_row]) ^ (int(labels[row]) * times % 2)
        strings.append(np.concatenate(pieces))
        parities.append(parity)
    sizes = np.array([len(string) for string in strings])
    padded = np.zeros((n, sizes.max()), dtype=np.int64)
    for row, string in zip(padded, strings, strict=True):
        row[: len(string)] = string
    return padded, sizes, np.array(parities)


def practise(
    model: nn.Module,
    bits: np.ndarray,
    lengths: np.ndarray,
    labels: np.ndarray,
    learning_rate: float,
    seed: int,
    most_steps: int,
) -> int:
    """Practise freshly joined strings until the model is sure of all in two draws.

    Args:
        model, bits, lengths, labels, seed: as in `train_by_length`, which comes before.
        learning_rate: of Adam.
        most_steps: the most updates to make.

    Returns:
        The number of updates. Where they did not suffice, the model is as it was when its
        least sure answer was surest.
    """
    optimiser = torch.optim.Adam(model.parameters(), lr=learning_rate)
    rng, good, steps = np.random.default_rng(seed), 0, 0
    best, kept = -np.inf, deepcopy(model.state_dict())
    while good < GOOD_LOOKS and steps < most_steps:
        some, sizes, targets = joined_strings(bits, lengths, labels, DRAWN, rng)
        answers = logits(model, some, sizes)
        margins = np.where(targets == 1, answers, -answers)
        good = good + 1 if margins.min() >= SURE else 0
        if margins.min() > best:
            best, kept = margins.min(), deepcopy(model.state_dict())
        if good:
            continue
        loss = nn.functional.binary_cross_entropy_with_logits(
            _forward(model, torch.as_tensor(some), torch.as_tensor(sizes)),
            torch.as_tensor(targets).float(),
        )
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        steps += 1
    if good < GOOD_LOOKS:  # practice can ruin a network, too
        model.load_state_dict(kept)
    return steps
