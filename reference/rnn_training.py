"""Part E: training a recurrent network, without a framework.

Adam (Kingma and Ba 2015) divides every step by the usual size of that parameter's
gradient, so that one learning rate serves all. Two additions matter for a network with a
memory. A gradient that has come through many steps may be huge once in a while, so it is
cut to length 1 before use. And the rate falls to zero along a half wave of the cosine:
large steps find the idea, small ones make it exact.
"""

from __future__ import annotations

import numpy as np
from rnn import Parameters, rnn_backward

KEEP_OLD, KEEP_OLD_SQUARES, TINY = 0.9, 0.999, 1e-8  # Adam's own constants


def start_rnn(symbols: int, hidden: int, seed: int, keep: float = 0.0) -> Parameters:
    """Parameters to start training from.

    Args:
        symbols: number of tokens, K.
        hidden: number of neurons, H.
        seed: of the draw.
        keep: what W has on its diagonal. With 0 a neuron starts without a memory of its
            own; near 1 it starts by keeping what it holds, which helps where a task asks
            for many separate bits.
    """
    rng = np.random.default_rng(seed)
    return {
        "U": rng.normal(0.0, 0.5, (symbols, hidden)),
        "W": keep * np.eye(hidden) + rng.normal(0.0, 0.3 / np.sqrt(hidden), (hidden, hidden)),
        "b": np.zeros(hidden),
        "V": rng.normal(0.0, 0.5, (hidden, symbols)),
        "c": np.zeros(symbols),
    }


def train_rnn(
    parameters: Parameters,
    tokens: np.ndarray,
    targets: np.ndarray,
    steps: int = 1000,
    learning_rate: float = 0.03,
    batch_size: int = 32,
    seed: int = 0,
) -> tuple[Parameters, np.ndarray]:
    """Train on random batches of the sequences, by Adam, with clipping and a falling rate.

    Step s, from 0 to steps - 1:

    1. Draw `batch_size` different sequences; all of them if there are no more.
    2. The gradient g of their loss, over all parameters together: if its norm is above 1,
       divide g by its norm.
    3. m <- 0.9 m + 0.1 g  and  v <- 0.999 v + 0.001 g^2, both from zero.
    4. With m' = m / (1 - 0.9^(s+1)) and v' = v / (1 - 0.999^(s+1)), add
       -rate_s * m' / (sqrt(v') + 1e-8),
       where rate_s = learning_rate * (1 + cos(pi s / steps)) / 2.

    Args:
        parameters: where to start; left as it is.
        tokens: int64 of shape (n, T).
        targets: shape (n, T, K), as in `rnn_backward`.
        steps: how many updates.
        learning_rate: of the first update.
        batch_size: sequences an update.
        seed: of the batches.

    Returns:
        The trained parameters, and the losses, shape (steps,): of each update's batch,
        before the update.
    """
    rng = np.random.default_rng(seed)
    trained = {name: np.array(value, dtype=float) for name, value in parameters.items()}
    means = {name: np.zeros_like(value) for name, value in trained.items()}
    squares = {name: np.zeros_like(value) for name, value in trained.items()}
    losses = np.empty(steps)
    for step in range(steps):
        rows = rng.permutation(len(tokens))[:batch_size]
        losses[step], gradients = rnn_backward(trained, tokens[rows], targets[rows])
        gradients = _clipped(gradients)
        rate = learning_rate * (1.0 + np.cos(np.pi * step / steps)) / 2.0
        for name, gradient in gradients.items():
            means[name] = KEEP_OLD * means[name] + (1.0 - KEEP_OLD) * gradient
            squares[name] = (
                KEEP_OLD_SQUARES * squares[name] + (1.0 - KEEP_OLD_SQUARES) * gradient**2
            )
            mean = means[name] / (1.0 - KEEP_OLD ** (step + 1))
            square = squares[name] / (1.0 - KEEP_OLD_SQUARES ** (step + 1))
            trained[name] = trained[name] - rate * mean / (np.sqrt(square) + TINY)
    return trained, losses


def _clipped(gradients: Parameters) -> Parameters:
    """The gradients, all together of norm 1 at most."""
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients.values()))
    return {name: gradient / max(1.0, norm) for name, gradient in gradients.items()}
