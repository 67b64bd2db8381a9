"""Part D, further: from short strings to long ones, in half a second.

`train_model` meets strings of all lengths at once, and most of them are of no use
to it yet: as long as a model has no rule for short strings, the label of a long one
is noise. Training is faster in the order in which the rule can be found. Every batch
holds strings of one length, drawn from 1 to the reach, and the reach grows

    4 -> 8 -> 16 -> 32 -> 50

as soon as the strings within it are answered well. What is learnt on four bits, keep
at a 0 and flip at a 1, already is the rule for fifty; the long strings only ask for a
memory that does not fade.

Where it fades first is in long runs of equal bits, and random strings hold few of
those: a model can be wrong on one string in ten thousand and never meet it. So before
training ends, it looks at all long training strings and practises those on which its
answer is least sure. Labels are still those of whole strings, and nothing but training
strings decides when to go on and when to stop.
"""

from __future__ import annotations

import numpy as np
import torch
from parity_lstm import _forward, logits  # `logits` without its gradient cannot be trained
from torch import nn

FIRST_REACH = 4
GOOD_LOSS = 0.1  # below it, the strings may get longer
FINAL_LOSS = 0.01  # below it at full length, all long strings are looked at
LAST_RATE = 0.5  # of the learning rate, at full length: a large step could undo the rest
SURE = 3.5  # a logit of 3.5 on the right side is a probability of 0.97
MEMORY = 0.9  # of the moving average of the losses: it looks back on about ten updates
CHANCE = np.log(2.0)  # the loss of a model that knows nothing


def train_by_length(
    model: nn.Module,
    bits: np.ndarray,
    lengths: np.ndarray,
    labels: np.ndarray,
    learning_rate: float,
    batch_size: int,
    seed: int,
    most_steps: int,
) -> list[float]:
    """Train the model, in place, on longer and longer strings, of at most 4 bits at first.

    Args:
        model, bits, lengths, labels, batch_size, seed: as in `train_model`.
        learning_rate: of Adam, until the greatest length is reached; then half of it.
        most_steps: the most updates to make.

    Returns:
        The loss of every update: fewer than `most_steps` if all answers became `SURE`.
    """
    optimiser = torch.optim.Adam(model.parameters(), lr=learning_rate)
    rng, losses = np.random.default_rng(seed), []
    longest = int(np.max(lengths))
    reach, average, weakest = min(FIRST_REACH, longest), CHANCE, None
    for step in range(most_steps):
        practising = weakest is not None and step % 2 == 0
        rows = weakest if practising else _rows_of_one_length(lengths, reach, batch_size, rng)
        losses.append(_update(model, optimiser, bits[rows], lengths[rows], labels[rows]))
        if not practising:
            average = MEMORY * average + (1.0 - MEMORY) * losses[-1]
        if reach < longest and average < GOOD_LOSS:
            reach, average = min(2 * reach, longest), CHANCE
            if reach == longest:
                optimiser.param_groups[0]["lr"] *= LAST_RATE
        elif reach == longest and average < FINAL_LOSS:
            weakest, least_margin = _weakest_rows(model, bits, lengths, labels, batch_size)
            if least_margin >= SURE:
                break
            average = GOOD_LOSS
    return losses


def _rows_of_one_length(
    lengths: np.ndarray, reach: int, batch_size: int, rng: np.random.Generator
) -> np.ndarray:
    """Rows for a batch of strings of one length, which is at most the reach."""
    length = rng.choice(lengths[lengths <= reach])
    return rng.choice(np.flatnonzero(lengths == length), size=batch_size)


def _update(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    bits: np.ndarray,
    lengths: np.ndarray,
    labels: np.ndarray,
) -> float:
    """One step of the optimiser for these strings, and their loss before it."""
    answers = _forward(model, torch.as_tensor(bits[:, : lengths.max()]), torch.as_tensor(lengths))
    targets = torch.as_tensor(labels).float()
    loss = nn.functional.binary_cross_entropy_with_logits(answers, targets)
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    return loss.item()


def _weakest_rows(
    model: nn.Module, bits: np.ndarray, lengths: np.ndarray, labels: np.ndarray, count: int
) -> tuple[np.ndarray, float]:
    """The long strings that are answered worst, and the least margin of all.

    A string is long if its length is over half of the greatest. Its margin is the
    logit, with the sign turned where the label is 0: negative if the answer is wrong.
    """
    order = np.argsort(lengths, kind="stable")
    long_rows = order[lengths[order] > lengths.max() / 2]
    margins = []
    for rows in np.array_split(long_rows, len(long_rows) // 512 + 1):  # of similar lengths
        answers = logits(model, bits[rows, : lengths[rows].max()], lengths[rows])
        margins.append(np.where(labels[rows] == 1, answers, -answers))
    margin = np.concatenate(margins)
    return long_rows[np.argsort(margin)[:count]], float(margin.min())
