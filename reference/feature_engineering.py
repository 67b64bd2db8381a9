"""Part C: one feature made by hand, and XOR becomes linear.

XOR(A1, A2) = A1 + A2 - 2 * A1 * A2 on bits. A linear model cannot make the
product by itself, but it can use it: give it the column A1 * A2 and the same
descent that failed in Part B finds the weights 1, 1, -2 and the bias 0.

For n bits the same trick needs one column as well, the product of 1 - 2 * x_i:
+1 where the number of ones is even, -1 where it is odd. Part D asks a network
to find that out for itself.
"""

from __future__ import annotations

import numpy as np
from linear_estimator import accuracy, fit_linear
from sklearn.linear_model import LogisticRegression, Perceptron
from sklearn.svm import LinearSVC


def add_interaction(X: np.ndarray) -> np.ndarray:
    """The two columns, and their product as a third.

    Args:
        X: shape (N, 2).

    Returns:
        Float array of shape (N, 3): A1, A2, A1 * A2.
    """
    X = np.asarray(X, dtype=np.float64)
    return np.column_stack([X, X[:, 0] * X[:, 1]])


def fit_augmented(
    X: np.ndarray, y: np.ndarray, learning_rate: float = 0.1, steps: int = 2000, seed: int = 0
) -> tuple[np.ndarray, float, np.ndarray]:
    """The gradient descent of Part B on the three columns of `add_interaction`.

    Args:
        X: shape (N, 2), without the third column.
        y: shape (N,).
        learning_rate, steps, seed: as in `fit_linear`. On the truth table a
            rate above 0.58 diverges.

    Returns:
        weights, shape (3,); bias, a float; losses, shape (steps,).
    """
    return fit_linear(add_interaction(X), y, learning_rate, steps, seed)


def closed_form(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """The least-squares weights and bias, without any descent.

    Args:
        X: shape (N, d), as it is: no column is added but a 1 for the bias.
        y: shape (N,).

    Returns:
        weights, shape (d,), and bias, a float, that minimise the mean squared
        error. Where several do, those of smallest norm.
    """
    columns = np.column_stack([X, np.ones(len(X))])
    solution, *_ = np.linalg.lstsq(columns, y, rcond=None)
    return solution[:-1], float(solution[-1])


def parity_feature(bits: np.ndarray) -> np.ndarray:
    """n-bit parity as one number: the product over all bits of 1 - 2 * x.

    A 0 contributes a factor of 1, a 1 a factor of -1. The parity itself is the
    linear function (1 - feature) / 2.

    Args:
        bits: shape (N, n), zeros and ones.

    Returns:
        Float array of shape (N,): +1 where a row holds an even number of ones,
        -1 where it holds an odd one.
    """
    return np.prod(1.0 - 2.0 * np.asarray(bits, dtype=np.float64), axis=1)


def compare_classifiers(X: np.ndarray, y: np.ndarray) -> dict[str, tuple[float, float]]:
    """Linear classifiers of scikit-learn, before and after the feature is added.

    Each is trained on all rows of X and its accuracy taken on the same rows;
    then the same with the three columns of `add_interaction`. A classifier that
    is free to fit must be: with few rows, regularisation would hide the point,
    so give logistic regression and the support vector machine C = 1e6 and
    enough iterations, and the perceptron `tol=None`, or it stops too early.

    Args:
        X: shape (N, 2), bits.
        y: shape (N,), zeros and ones, both present.

    Returns:
        A dict with the keys `logistic_regression`, `perceptron` and
        `linear_svm`; each value is the accuracy before and the accuracy after.
    """
    classifiers = {
        "logistic_regression": LogisticRegression(C=1e6, max_iter=10_000),
        "perceptron": Perceptron(max_iter=10_000, tol=None, random_state=0),
        "linear_svm": LinearSVC(C=1e6, max_iter=100_000, random_state=0),
    }
    augmented = add_interaction(X)

    def trained_accuracy(classifier: object, columns: np.ndarray) -> float:
        return accuracy(classifier.fit(columns, y).predict(columns), y)

    return {
        name: (trained_accuracy(classifier, X), trained_accuracy(classifier, augmented))
        for name, classifier in classifiers.items()
    }
