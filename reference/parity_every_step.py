"""Part D, further: a label at every step, as the published answer has it.

A string of 50 bits has 50 beginnings, and each has a parity of its own. Labels for all
of them hand over the short strings that a single label at the end keeps back: the first
step is a string of one bit, the second one of two. What is learnt there is the rule for
all that follow, so strings of one length are enough.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn


def running_parity(bits: np.ndarray) -> np.ndarray:
    """The parity of every beginning of every string.

    Args:
        bits: shape (n, T), zeros and ones.

    Returns:
        int64 array of shape (n, T); column t is the parity of the first t + 1 bits.
    """
    return np.cumsum(bits, axis=1, dtype=np.int64) % 2


def running_logits(model: nn.Module, bits: np.ndarray) -> np.ndarray:
    """The model's answer after every bit, float array of shape (n, T).

    Args:
        model: from `build_model`.
        bits: int64, shape (n, T).
    """
    with torch.no_grad():
        return _running_logits(model, torch.as_tensor(bits)).numpy()


def train_every_step(
    model: nn.Module,
    bits: np.ndarray,
    steps: int,
    learning_rate: float,
    batch_size: int,
    seed: int,
) -> list[float]:
    """`train_model` on strings of one length, with the running parity as labels.

    Args:
        model: from `build_model`; afterwards it is the trained one.
        bits: int64, shape (n, T).
        steps, learning_rate, batch_size, seed: as in `train_model`.

    Returns:
        The loss of every update, a mean over strings and steps.
    """
    all_bits, targets = torch.as_tensor(bits), torch.as_tensor(running_parity(bits)).float()
    optimiser = torch.optim.Adam(model.parameters(), lr=learning_rate)
    rng, losses = np.random.default_rng(seed), []
    for _ in range(steps):
        batch = torch.as_tensor(rng.integers(0, len(targets), size=batch_size))
        answers = _running_logits(model, all_bits[batch])
        loss = nn.functional.binary_cross_entropy_with_logits(answers, targets[batch])
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
    return losses


def _running_logits(model: nn.Module, bits: torch.Tensor) -> torch.Tensor:
    """With their gradient."""
    states, _ = model["lstm"](bits.unsqueeze(-1).float())
    return model["head"](states).squeeze(-1)
