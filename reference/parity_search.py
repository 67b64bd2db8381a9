"""Part D, further: approach 1 without a gradient. Draw networks until one computes parity.

Strings of length 50 and their final labels teach gradient descent nothing. That does
not mean that no network fits them, nor that such networks are rare. An LSTM with one
unit is twelve numbers: for each of the gates i, f, g, o a weight for the bit, a weight
for the hidden state and a bias. Draw all twelve from a wide normal distribution, and
about one network in a few hundred ends every string of odd parity on one side and every
other string on the other. Guessing finds it in a blink.

Only the order of the final hidden values is looked at: the head, one weight and one
bias, is then read off the gap between the two sides. A wrong network puts strings on
the wrong side as a coin would, so a few strings throw out nearly all of them, and the
many strings are spent on those few that are left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

STAGES = (8, 64, 2000)  # strings that a network must separate, few before many
DRAWN_AT_ONCE = 128
SMALLEST_GAP = 0.05  # between the two sides, in h: a finer one would hang on rounding
SURE = 10.0  # the logit on either edge of the gap


def draw_networks(n: int, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Random LSTMs with one unit.

    Args:
        n: how many.
        sigma: standard deviation of every weight and bias.
        rng: where they are drawn from.

    Returns:
        Shape (n, 4, 3): for the gates i, f, g, o the weight of the bit, the weight of
        the hidden state, and the bias. In single precision, as torch has it.
    """
    return rng.normal(0.0, sigma, size=(n, 4, 3)).astype(np.float32)


def final_hidden(networks: np.ndarray, bits: np.ndarray) -> np.ndarray:
    """The last hidden value of every network on every string.

    Args:
        networks: shape (n, 4, 3), as from `draw_networks`.
        bits: shape (m, T), strings of one length.

    Returns:
        Float array of shape (n, m), between -1 and 1.
    """
    halves = np.array([[0.5], [0.5], [1.0], [0.5]], dtype=networks.dtype)
    of_bit, of_hidden, bias = np.moveaxis(networks * halves, 2, 0)  # sigmoid(2z) = (1 + tanh z) / 2
    fed = np.stack([bias, bias + of_bit], axis=-1)  # (n, 4, 2): there are two inputs only
    hidden = cell = np.zeros((len(networks), len(bits)), dtype=networks.dtype)
    for column in np.asarray(bits).T:
        sums = np.tanh(fed[:, :, column] + of_hidden[..., np.newaxis] * hidden[:, np.newaxis])
        i, f, o = (0.5 + 0.5 * sums[:, gate] for gate in (0, 1, 3))
        cell = f * cell + i * sums[:, 2]
        hidden = o * np.tanh(cell)
    return hidden


def gaps(hidden: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where final hidden values leave room for a threshold.

    Args:
        hidden: shape (n, m), as from `final_hidden`.
        labels: shape (m,), zeros and ones.

    Returns:
        For every network the two edges of the gap, each of shape (n,): the value next
        to it among the strings labelled 0, and that among the strings labelled 1. The
        labels are separated where the values of one label are all below those of the
        other; where they are not, both edges are 0.
    """
    zeros, ones = hidden[:, labels == 0], hidden[:, labels == 1]
    most_0, most_1 = (side.max(axis=1, initial=-1.0) for side in (zeros, ones))
    least_0, least_1 = (side.min(axis=1, initial=1.0) for side in (zeros, ones))
    above, below = most_0 < least_1, most_1 < least_0
    edge_0 = np.where(above, most_0, np.where(below, least_0, 0.0))
    edge_1 = np.where(above, least_1, np.where(below, most_1, 0.0))
    return edge_0, edge_1


def separating(networks: np.ndarray, bits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Those of the networks that separate the labels of all strings.

    Args:
        networks: shape (n, 4, 3).
        bits: shape (m, T), strings of one length.
        labels: shape (m,), zeros and ones.

    Returns:
        Shape (k, 4, 3), in the order in which they came.
    """
    for count in STAGES:
        if len(networks) == 0:
            break
        edge_0, edge_1 = gaps(final_hidden(networks, bits[:count]), labels[:count])
        networks = networks[np.abs(edge_1 - edge_0) > SMALLEST_GAP]
    return networks


def with_head(network: np.ndarray, bits: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    """A network that separates these labels, as `export_weights` would return it.

    The head puts the logit 0 into the middle of the gap, and ±`SURE` on its edges.

    Args:
        network: shape (4, 3).
        bits, labels: strings of one length that the network separates.
    """
    edge_0, edge_1 = (edge[0] for edge in gaps(final_hidden(network[np.newaxis], bits), labels))
    head = 2.0 * SURE / (edge_1 - edge_0)
    return {
        "architecture": "lstm-1",
        "zero": np.array([0.0]),
        "one": np.array([1.0]),
        "weight_ih": network[:, :1],
        "weight_hh": network[:, 1:2],
        "bias_ih": network[:, 2],
        "bias_hh": np.zeros(4),
        "head_weight": np.array([head]),
        "head_bias": float(-head * (edge_0 + edge_1) / 2.0),
    }


def search_network(
    bits: np.ndarray,
    labels: np.ndarray,
    sigma: float,
    seed: int,
    most_draws: int,
    accept: Callable[[dict[str, Any]], object] = bool,
) -> tuple[dict[str, Any] | None, int]:
    """Draw one-unit LSTMs and keep the first that separates the labels.

    Args:
        bits: shape (m, T), training strings of one length; the first 2,000 are used.
        labels: shape (m,), zeros and ones: of the strings' final state.
        sigma: standard deviation of every weight and bias.
        seed: of the draws.
        most_draws: how many networks to draw before giving up.
        accept: what else it must pass, `certify` for one.

    Returns:
        The network, in the form of `export_weights`, or None if there was none; and
        how many were drawn.
    """
    rng = np.random.default_rng(seed)
    used, used_labels = bits[: STAGES[-1]], labels[: STAGES[-1]]
    for drawn in range(DRAWN_AT_ONCE, most_draws + DRAWN_AT_ONCE, DRAWN_AT_ONCE):
        for network in separating(draw_networks(DRAWN_AT_ONCE, sigma, rng), used, used_labels):
            weights = with_head(network, used, used_labels)
            if accept(weights):
                return weights, drawn
    return None, most_draws
