"""Part B, continued: two layers with a ReLU between them.

One hidden layer of H units is enough to bend the plane of Part B:

    S = X W1 + b1        sums of the hidden units, shape (N, H)
    R = max(S, 0)        ReLU, elementwise
    Z = R W2 + b2        one estimate a sample, shape (N,)

The error is the same mean squared error, and learning the same descent; only
the gradients have one more layer to pass. With two hidden units many starts get
stuck: a unit whose sum is negative on every sample passes no gradient any more.
"""

from __future__ import annotations

import numpy as np


def relu_forward(parameters: dict[str, np.ndarray], X: np.ndarray) -> np.ndarray:
    """The network's estimates.

    Args:
        parameters: `W1` of shape (d, H), `b1` of shape (H,), `W2` of shape (H,)
            and `b2`, a number.
        X: shape (N, d).

    Returns:
        Float array of shape (N,).
    """
    hidden = np.maximum(X @ parameters["W1"] + parameters["b1"], 0.0)
    return hidden @ parameters["W2"] + parameters["b2"]


def relu_gradients(
    parameters: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray
) -> dict[str, np.ndarray]:
    """The gradient of the mean squared error in every parameter.

    Backwards through the layers, with the residuals r = Z - y:

        dL/dZ = 2/N * r
        dL/dW2 = R^T dL/dZ            dL/db2 = sum dL/dZ
        dL/dS = (dL/dZ W2^T) where S > 0, else 0
        dL/dW1 = X^T dL/dS            dL/db1 = sum dL/dS

    Args:
        parameters: as in `relu_forward`.
        X: shape (N, d).
        y: shape (N,).

    Returns:
        A dict with the keys and shapes of `parameters`.
    """
    sums = X @ parameters["W1"] + parameters["b1"]
    hidden = np.maximum(sums, 0.0)
    estimates = hidden @ parameters["W2"] + parameters["b2"]
    by_estimate = 2.0 / len(X) * (estimates - y)
    by_sum = np.outer(by_estimate, parameters["W2"]) * (sums > 0.0)
    return {
        "W1": X.T @ by_sum,
        "b1": by_sum.sum(axis=0),
        "W2": hidden.T @ by_estimate,
        "b2": by_estimate.sum(),
    }


def fit_relu_network(
    X: np.ndarray,
    y: np.ndarray,
    hidden: int = 2,
    learning_rate: float = 0.1,
    steps: int = 2000,
    seed: int = 0,
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Gradient descent for the two-layer network, on all samples at once.

    Every parameter starts from random numbers that depend on `seed` alone, and
    every step moves all of them by -learning_rate times their gradient.

    Args:
        X: shape (N, d).
        y: shape (N,).
        hidden: number of hidden units, H.
        learning_rate: length of a step, as a factor of the gradient.
        steps: how many updates; with 0, the initial parameters come back.
        seed: of the initial values.

    Returns:
        The parameters, as in `relu_forward`, and the losses, shape (steps,):
        the mean squared error before each update.
    """
    rng = np.random.default_rng(seed)
    parameters = {
        "W1": rng.normal(size=(X.shape[1], hidden)),
        "b1": rng.normal(size=hidden),
        "W2": rng.normal(size=hidden),
        "b2": np.array(rng.normal()),
    }
    losses = np.empty(steps)
    for step in range(steps):
        losses[step] = np.mean((relu_forward(parameters, X) - y) ** 2)
        gradients = relu_gradients(parameters, X, y)
        parameters = {
            name: value - learning_rate * gradients[name] for name, value in parameters.items()
        }
    return parameters, losses
