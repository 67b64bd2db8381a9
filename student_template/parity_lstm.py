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
    # TODO (handout D.3): Seed torch, then make an LSTM (batch first is easiest) and a
    #   linear layer on its hidden state.
    raise NotImplementedError("build_model")


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
    # TODO (handout D.4): Run the LSTM over all columns, take the output at each
    #   string's own last bit (not the last column), and apply the head. No gradient is
    #   needed here; train_model needs the same with one.
    raise NotImplementedError("logits")


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
    # TODO (handout D.5): In each step: draw a batch, compute the loss from the
    #   logits, zero the gradients, go backward, clip to norm 1, one step of Adam, note
    #   the loss.
    raise NotImplementedError("train_model")


def predict(model: nn.Module, bits: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The parity that the model gives for every string.

    Args:
        model, bits, lengths: as in `logits`.

    Returns:
        int64 array of shape (n,): 1 where the logit is positive, else 0.
    """
    # TODO (handout D.4): Compare the logits with 0; return integers.
    raise NotImplementedError("predict")


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
    # TODO (handout D.6): Detach each tensor and turn it into an array; the docstring
    #   gives names and shapes. zero and one are what your LSTM is fed for a bit.
    raise NotImplementedError("export_weights")


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
    # TODO (handout D.7): Two trainings that differ in their strings alone, and one
    #   test for both, on strings that neither has seen.
    raise NotImplementedError("compare_approaches")
