"""Part B: a linear estimator, and why XOR defeats it.

The model is a plane over the square of the two bits,

    Z = w_1 * A1 + w_2 * A2 + b,

and learning means walking downhill on the mean squared error

    L(w, b) = 1/N * sum_i (Z_i - y_i)^2.

Nothing here knows about XOR except `xor_data`, so the same functions fit any
number of inputs d to any targets; Part C uses them again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def xor_data() -> tuple[np.ndarray, np.ndarray]:
    """The truth table of XOR as a data set.

    Returns:
        X, float64 of shape (4, 2), with the rows (0, 0), (0, 1), (1, 0), (1, 1)
        in this order, and y, float64 of shape (4,), which is 1 where the two
        bits differ.
    """
    # TODO (handout B.1): Write the four rows down as a float64 array, and next to it
    #   their XOR.
    raise NotImplementedError("xor_data")


def predict_linear(X: np.ndarray, weights: np.ndarray, bias: float) -> np.ndarray:
    """The estimates Z = X w + b.

    Args:
        X: shape (N, d), a sample a row.
        weights: shape (d,).
        bias: a number.

    Returns:
        Float array of shape (N,).
    """
    # TODO (handout B.2): One matrix product with the weights, plus the bias.
    raise NotImplementedError("predict_linear")


def mean_squared_error(predictions: np.ndarray, targets: np.ndarray) -> float:
    """The mean over all samples of (prediction - target)^2.

    Args:
        predictions: shape (N,).
        targets: shape (N,).

    Returns:
        A float.
    """
    # TODO (handout B.2): Square the differences, then take their mean, not their sum.
    raise NotImplementedError("mean_squared_error")


def mse_gradients(
    X: np.ndarray, y: np.ndarray, weights: np.ndarray, bias: float
) -> tuple[np.ndarray, float]:
    """In which direction the mean squared error grows fastest.

    By the chain rule, with the residuals r_i = Z_i - y_i:

        dL/dw = 2/N * X^T r,      dL/db = 2/N * sum_i r_i.

    Args:
        X: shape (N, d).
        y: shape (N,).
        weights: shape (d,).
        bias: a number.

    Returns:
        The gradient with respect to the weights, shape (d,), and the one with
        respect to the bias, a float.
    """
    # TODO (handout B.3): Compute the residuals once; both gradients are sums over
    #   them with the factor 2/N. X is transposed in one of them.
    raise NotImplementedError("mse_gradients")


def fit_linear(
    X: np.ndarray, y: np.ndarray, learning_rate: float = 0.1, steps: int = 2000, seed: int = 0
) -> tuple[np.ndarray, float, np.ndarray]:
    """Gradient descent on the mean squared error, on all samples at once.

    Weights and bias start from standard normal numbers of
    `np.random.default_rng(seed)`. Every step then takes both at once to

        w - learning_rate * dL/dw,      b - learning_rate * dL/db.

    Args:
        X: shape (N, d).
        y: shape (N,).
        learning_rate: length of a step, as a factor of the gradient.
        steps: how many updates; with 0, the initial values come back.
        seed: of the initial values.

    Returns:
        weights, shape (d,); bias, a float; and the losses, shape (steps,): the
        mean squared error before each update.
    """
    # TODO (handout B.4): Draw the initial values from the seed. In each step note the
    #   loss, compute both gradients at the same place, and only then move weights and
    #   bias.
    raise NotImplementedError("fit_linear")


def linear_formula(
    weights: np.ndarray, bias: float, names: Sequence[str] = ("A1", "A2"), decimals: int = 3
) -> str:
    """The fitted model as a line of text.

    For weights (0.25, -1.5) and bias 0.5 that is

        Z = 0.250*A1 - 1.500*A2 + 0.500

    A number that rounds to zero stands without a minus sign.

    Args:
        weights: shape (d,).
        bias: a number.
        names: d names of the columns; Part C adds "A1*A2".
        decimals: digits after the point of every number, at least 1.

    Returns:
        One line: `Z = `, then weight*name for each column, then the bias.
    """
    # TODO (handout B.5): Format every number with the given decimals and join the
    #   parts; a number that rounds to zero must not keep a minus sign.
    raise NotImplementedError("linear_formula")


def random_test_points(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Test data: pairs of bits drawn at random, with their XOR.

    Args:
        n: how many.
        seed: of the draw.

    Returns:
        X, float64 of shape (n, 2), whose rows are drawn uniformly and
        independently from the four pairs of bits, and y, float64 of shape (n,).
    """
    # TODO (handout B.7): Draw bits from the seed, and compute their XOR.
    raise NotImplementedError("random_test_points")


def accuracy(predictions: np.ndarray, targets: np.ndarray) -> float:
    """The share of samples on the right side of one half.

    A prediction of at least 0.5 counts as a 1, any other as a 0.

    Args:
        predictions: shape (N,), any numbers.
        targets: shape (N,), zeros and ones.

    Returns:
        A float from 0 to 1.
    """
    # TODO (handout B.7): Compare with 0.5 (at least 0.5 is a 1), then take the share
    #   that is right.
    raise NotImplementedError("accuracy")


def two_accuracies(
    weights: np.ndarray, bias: float, network_bits: np.ndarray, n: int = 200, seed: int = 0
) -> tuple[float, float]:
    """The linear model on random points, and the network of Part A on the truth table.

    Args:
        weights, bias: of a linear model of two inputs.
        network_bits: shape (4,), the bits that the formula of Part A gives for
            the rows of `xor_data`.
        n: how many random test points.
        seed: of the test points.

    Returns:
        The linear model's accuracy on `random_test_points(n, seed)`, and the
        share of the four rows on which the network's bits are XOR.
    """
    # TODO (handout B.7): The linear model on random points; the network's four bits
    #   against XOR.
    raise NotImplementedError("two_accuracies")
