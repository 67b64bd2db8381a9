"""An LSTM without a framework: exported weights and bits in, logits out.

This is the whole of what `torch.nn.LSTM` computes for one layer (Hochreiter and
Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000).
With the gates' sums stacked in the order i, f, g, o,

    s_t = W_ih x_t + b_ih + W_hh h_(t-1) + b_hh
    c_t = sigmoid(f) * c_(t-1) + sigmoid(i) * tanh(g)
    h_t = sigmoid(o) * tanh(c_t)

from h_0 = c_0 = 0. Whoever holds a network's weights can say with these few
lines what it computes, without trusting, or even having, the code that trained it.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def lstm_logits(weights: dict[str, Any], bits: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The logits of an exported network.

    Args:
        weights: as `export_weights` returns them, with architecture "lstm-1".
        bits: shape (n, T), zeros and ones.
        lengths: shape (n,), each from 1 to T.

    Returns:
        float64 array of shape (n,).
    """
    numbers = {
        name: np.asarray(value, dtype=np.float64)
        for name, value in weights.items()
        if name != "architecture"
    }
    units = len(numbers["head_weight"])
    # There are two inputs only, so their share of the sums is looked up, not computed.
    fed = np.stack([numbers["zero"], numbers["one"]]) @ numbers["weight_ih"].T
    fed = fed + numbers["bias_ih"] + numbers["bias_hh"]
    recurrent = numbers["weight_hh"].T
    hidden, cell = np.zeros((len(bits), units)), np.zeros((len(bits), units))
    for step in range(int(np.max(lengths))):
        sums = fed[bits[:, step]] + hidden @ recurrent
        i, f, o = (_sigmoid(sums[:, k * units : (k + 1) * units]) for k in (0, 1, 3))
        new_cell = f * cell + i * np.tanh(sums[:, 2 * units : 3 * units])
        running = (step < np.asarray(lengths))[:, np.newaxis]  # what has ended stands still
        cell = np.where(running, new_cell, cell)
        hidden = np.where(running, o * np.tanh(new_cell), hidden)
    return hidden @ numbers["head_weight"] + float(numbers["head_bias"])


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 0.5 * (1.0 + np.tanh(0.5 * z))
