"""Part D, continued: an LSTM reads a string bit by bit and answers at its end.

    x_1 ... x_L  ->  LSTM  ->  h_L  ->  linear head  ->  one number, the logit

A positive logit means parity 1. The label of the whole string is all that
training is given; no step in between is ever labelled. Everything runs on the
CPU in single precision.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from parity_data import fixed_length_strings, parity_labels, random_length_strings
from torch import nn


def build_model(hidden_size: int, seed: int) -> nn.Module:
    """An untrained LSTM with one layer, and a linear head on its hidden state.

    Args:
        hidden_size: number of LSTM units, H.
        seed: of the initial weights; the same seed gives the same model.

    Returns:
        The model, an object of your own making: only your functions look into it.
    """
    torch.manual_seed(seed)
    return nn.ModuleDict(
        {"lstm": nn.LSTM(1, hidden_size, batch_first=True), "head": nn.Linear(hidden_size, 1)}
    )


def _forward(model: nn.Module, bits: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Logits with their gradient, shape (n,)."""
    states, _ = model["lstm"](bits.unsqueeze(-1).float())
    last = states[torch.arange(len(bits)), lengths - 1]  # the state after each string's own end
    return model["head"](last).squeeze(-1)


def logits(model: nn.Module, bits: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The model's answer to every string, before any threshold.

    Args:
        model: from `build_model`.
        bits: int64, shape (n, T).
        lengths: int64, shape (n,), each from 1 to T. What stands after a string's
            length must not matter, nor what else is in the batch.

    Returns:
        Float array of shape (n,), positive for label 1. (A model with one output
        a label returns their difference.)
    """
    with torch.no_grad():
        return _forward(model, torch.as_tensor(bits), torch.as_tensor(lengths)).numpy()


def train_model(
    model: nn.Module,
    bits: np.ndarray,
    lengths: np.ndarray,
    labels: np.ndarray,
    steps: int,
    learning_rate: float,
    batch_size: int,
    seed: int,
) -> list[float]:
    """Train the model, in place, to give these labels, whatever they are.

    Each of the `steps` updates draws `batch_size` strings at random, takes the
    mean binary cross-entropy between the sigmoid of their logits and their
    labels, clips the gradient to a norm of at most 1, and makes one step of Adam
    (torch's own settings but for the learning rate, which stays as it is).

    Args:
        model: from `build_model`; afterwards it is the trained one.
        bits: int64, shape (n, T).
        lengths: int64, shape (n,), each from 1 to T.
        labels: int64, shape (n,), zeros and ones: of the strings' final state.
        steps: how many updates to make, exactly.
        learning_rate: of Adam.
        batch_size: strings an update.
        seed: of the draws.

    Returns:
        The loss of every update, `steps` floats.
    """
    all_bits, all_lengths = torch.as_tensor(bits), torch.as_tensor(lengths)
    targets = torch.as_tensor(labels).float()
    optimiser = torch.optim.Adam(model.parameters(), lr=learning_rate)
    rng = np.random.default_rng(seed)
    losses = []
    for _ in range(steps):
        batch = torch.as_tensor(rng.integers(0, len(targets), size=batch_size))
        batch_lengths = all_lengths[batch]
        batch_bits = all_bits[batch, : int(batch_lengths.max())]
        answers = _forward(model, batch_bits, batch_lengths)
        loss = nn.functional.binary_cross_entropy_with_logits(answers, targets[batch])
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
    return losses


def predict(model: nn.Module, bits: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The parity that the model gives for every string.

    Args:
        model, bits, lengths: as in `logits`.

    Returns:
        int64 array of shape (n,): 1 where the logit is positive, else 0.
    """
    return (logits(model, bits, lengths) > 0).astype(np.int64)


def export_weights(model: nn.Module) -> dict[str, Any]:
    """The model's numbers, so that others can run it without this code.

    Args:
        model: from `build_model`.

    Returns:
        A dict with these keys, where I is the number of values that the LSTM is
        fed for a bit, and H the number of its units. The arrays stay as they are
        when the model is trained on:

        - `architecture`: "lstm-1", one LSTM layer that starts from zero states,
          with a linear head on the last hidden state. If you built something
          else, another name of your choice; a person will look at it.
        - `zero` and `one`: shape (I,), what the LSTM is fed for a 0 and for a 1.
        - `weight_ih` (4H, I), `weight_hh` (4H, H), `bias_ih` (4H,) and `bias_hh`
          (4H,): in the order of `torch.nn.LSTM`, the gates i, f, g, o.
        - `head_weight` (H,) and `head_bias`, a number: the logit is
          head_weight . h + head_bias. (For one output a label, the difference.)
    """
    lstm, head = model["lstm"], model["head"]

    def numbers(tensor: torch.Tensor) -> np.ndarray:
        return tensor.detach().numpy().copy()  # or further training would change them

    return {
        "architecture": "lstm-1",
        "zero": np.array([0.0]),
        "one": np.array([1.0]),
        "weight_ih": numbers(lstm.weight_ih_l0),
        "weight_hh": numbers(lstm.weight_hh_l0),
        "bias_ih": numbers(lstm.bias_ih_l0),
        "bias_hh": numbers(lstm.bias_hh_l0),
        "head_weight": numbers(head.weight)[0],
        "head_bias": head.bias.item(),
    }


def compare_approaches(
    n: int,
    longest: int,
    steps: int,
    hidden_size: int,
    learning_rate: float,
    batch_size: int,
    n_test: int,
    seed: int,
) -> dict[str, dict[str, Any]]:
    """Train once on strings of one length and once on random lengths, and compare.

    Both start from the same model and are trained alike; only the training
    strings differ: `n` strings, all of length `longest` (`fixed`), or each of a
    length from 1 to `longest` (`random`). Both are tested on the same `n_test`
    fresh strings of length `longest`, drawn with another seed than the training
    strings.

    Args:
        n: training strings.
        longest: length of the strings, or their greatest length.
        steps, learning_rate, batch_size: as in `train_model`.
        hidden_size: as in `build_model`.
        n_test: test strings.
        seed: everything that is drawn depends on it.

    Returns:
        A dict with the keys `fixed` and `random`, each a dict with `accuracy`,
        the share of test strings whose parity is predicted rightly, and
        `losses`, the `steps` training losses.
    """
    test_bits, test_lengths = fixed_length_strings(n_test, longest, seed + 1)
    answers = parity_labels(test_bits, test_lengths)
    results = {}
    for name, draw in (("fixed", fixed_length_strings), ("random", random_length_strings)):
        bits, lengths = draw(n, longest, seed)
        model = build_model(hidden_size, seed)
        labels = parity_labels(bits, lengths)
        losses = train_model(model, bits, lengths, labels, steps, learning_rate, batch_size, seed)
        correct = predict(model, test_bits, test_lengths) == answers
        results[name] = {"accuracy": float(correct.mean()), "losses": losses}
    return results
