"""Part B: what students get wrong about a plane, its error and the way down."""

import re

import numpy as np
from linear_estimator import (
    accuracy,
    linear_formula,
    mean_squared_error,
    mse_gradients,
    predict_linear,
)
from relu_network import relu_forward, relu_gradients

from autograder.diagnosis.declare import behaviour, misconception, observed, trials

SQUARE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])


@trials("xor_data", exact_types=True)
def nothing(rng):
    yield {}


DATA = {
    "hint": "XOR is 1 where the two bits differ.",
    "hint_2": "write the four rows and their labels down by hand, and look at dtype.",
}


@misconception(
    "data-of-equal-bits",
    "xor_data",
    title="The labels are 1 where the bits are equal.",
    **DATA,
    case="wrong/data-of-equal-bits",
)
def labels_of_equal_bits():
    return SQUARE, 1.0 - XOR


@misconception(
    "data-of-or", "xor_data", title="The labels are those of OR: (1, 1) gets a 1.", **DATA
)
def labels_of_or():
    return SQUARE, np.array([0.0, 1.0, 1.0, 1.0])


@misconception("data-of-and", "xor_data", title="The labels are those of AND.", **DATA)
def labels_of_and():
    return SQUARE, np.array([0.0, 0.0, 0.0, 1.0])


@misconception(
    "data-as-integers",
    "xor_data",
    title="The data set is made of integers.",
    **DATA,
    case="wrong/data-as-integers",
)
def in_integers():
    return SQUARE.astype(int), XOR.astype(int)


@misconception(
    "data-in-another-order", "xor_data", title="The rows stand in the order 00, 10, 01, 11.", **DATA
)
def rows_by_the_first_bit():
    return SQUARE[[0, 2, 1, 3]], XOR


@misconception(
    "data-as-signs",
    "xor_data",
    title="Inputs are -1 and 1, not 0 and 1.",
    **DATA,
)
def inputs_as_signs():
    return 2.0 * SQUARE - 1.0, XOR


@misconception(
    "data-labels-as-signs",
    "xor_data",
    title="Labels are -1 and 1, not 0 and 1.",
    **DATA,
)
def labels_as_signs():
    return SQUARE, 2.0 * XOR - 1.0


@misconception(
    "data-labels-as-a-column",
    "xor_data",
    title="Labels stand in a column of shape (4, 1).",
    hint="One axis is enough for one label a row.",
    hint_2="look at the shape of y, and at that of Z - y if Z has the shape (4,).",
)
def labels_as_a_column():
    return SQUARE, XOR[:, np.newaxis]


@misconception(
    "data-labels-as-integers",
    "xor_data",
    title="The inputs are floats, the labels are not.",
    **DATA,
)
def labels_as_integers():
    return SQUARE, XOR.astype(int)


def planes(rng):
    """X, weights and bias of small planes and of some larger ones."""
    yield np.array([[0.0]]), np.array([0.0]), 1.0
    yield np.array([[1.0]]), np.array([1.0]), 0.0
    yield np.array([[1.0, 0.0]]), np.array([1.0, 0.0]), 0.0
    yield np.array([[0.0, 1.0]]), np.array([1.0, 0.0]), 1.0
    for n, d in ((1, 2), (2, 2), (3, 1), (2, 3), (4, 2), (5, 3), (3, 4), (6, 5)):
        yield rng.normal(size=(n, d)).round(1), rng.normal(size=d).round(1), 0.5


@trials("predict_linear", rows=("X",), numbers=("X", "weights", "bias"))
def estimates(rng):
    for X, weights, bias in planes(rng):
        yield {"X": X, "weights": weights, "bias": bias}


@misconception(
    "plane-without-bias",
    "predict_linear",
    title="The estimate leaves the bias out.",
    hint="A plane without a bias goes through the origin.",
    hint_2="what is your estimate where all inputs are 0?",
    case="wrong/plane-without-bias",
)
def without_bias(X, weights, bias):
    return X @ weights


@misconception(
    "bias-subtracted",
    "predict_linear",
    title="The bias is subtracted.",
    hint="The bias is the estimate where all inputs are 0.",
    hint_2="what is your estimate where all inputs are 0?",
)
def minus_the_bias(X, weights, bias):
    return X @ weights - bias


@misconception(
    "weights-in-another-order",
    "predict_linear",
    title="The weights are applied from the last column to the first.",
    hint="Each weight belongs to the column of the same number.",
    hint_2="take weights (1, 0): which column does your estimate follow?",
    case="wrong/weights-in-another-order",
)
def weights_reversed(X, weights, bias):
    return X @ weights[::-1] + bias


@misconception(
    "only-two-columns",
    "predict_linear",
    title="Only the first and the last column are used.",
    hint="Part C gives the same function a third column.",
    hint_2="a matrix product takes any number of columns.",
    case="wrong/only-two-columns",
)
def first_and_last_column(X, weights, bias):
    return X[:, 0] * weights[0] + X[:, -1] * weights[-1] + bias


@misconception(
    "only-the-first-two-columns",
    "predict_linear",
    title="Only the first two columns are used.",
    hint="Part C gives the same function a third column.",
    hint_2="a matrix product takes any number of columns.",
)
def two_columns_by_number(X, weights, bias):
    return X[:, 0] * weights[0] + X[:, 1] * weights[1] + bias


@misconception(
    "sigmoid-of-the-plane",
    "predict_linear",
    title="The estimate is passed through a sigmoid.",
    hint="A linear model returns the plane itself.",
    hint_2="can your estimate be larger than 1?",
)
def sigmoid_of_the_plane(X, weights, bias):
    return 1 / (1 + np.exp(-(X @ weights + bias)))


@misconception(
    "plane-thresholded",
    "predict_linear",
    title="Bits come back where the plane's values are due.",
    hint="A linear model returns the plane itself; who wants bits compares later.",
    hint_2="can your estimate be 0.3?",
)
def bits_of_the_plane(X, weights, bias):
    return (X @ weights + bias >= 0.5).astype(float)


@misconception(
    "bias-added-to-every-term",
    "predict_linear",
    title="The bias is added once for each column.",
    hint="A sample has one estimate and one bias, however many columns there are.",
    hint_2="what is your estimate where all inputs are 0?",
)
def bias_for_each_column(X, weights, bias):
    return X @ weights + X.shape[1] * bias


@misconception(
    "inputs-shifted-by-the-bias",
    "predict_linear",
    title="The bias is added to the inputs, before the weights.",
    hint="The bias is the estimate where all inputs are 0.",
    hint_2="what is your estimate where all inputs are 0?",
)
def shifted_inputs(X, weights, bias):
    return (X + bias) @ weights


@misconception(
    "plane-averaged",
    "predict_linear",
    title="The products are averaged over the columns, not summed.",
    hint="Z = w_1 * A1 + w_2 * A2 + b is a sum.",
    hint_2="take weights (1, 1), inputs (1, 1) and a bias of 0: the estimate is 2.",
)
def mean_of_products(X, weights, bias):
    return X @ weights / X.shape[1] + bias


@misconception(
    "plane-cut-off",
    "predict_linear",
    title="Estimates are cut off at 0 and at 1.",
    hint="A linear model returns the plane itself.",
    hint_2="can your estimate be larger than 1, or below 0?",
)
def cut_off(X, weights, bias):
    return np.clip(X @ weights + bias, 0.0, 1.0)


@misconception(
    "plane-cut-off-below",
    "predict_linear",
    title="Negative estimates are cut off at 0.",
    hint="A linear model returns the plane itself.",
    hint_2="can your estimate be below 0?",
)
def cut_off_below(X, weights, bias):
    return np.maximum(X @ weights + bias, 0.0)


@misconception(
    "estimates-as-a-column",
    "predict_linear",
    title="Estimates stand in a column of shape (N, 1).",
    hint="One axis is enough for one estimate a sample.",
    hint_2="look at the shape of Z, and at that of Z - y if y has the shape (N,).",
)
def as_a_column(X, weights, bias):
    return (X @ weights + bias)[:, np.newaxis]


@trials("mean_squared_error", rows=("predictions", "targets"), numbers=("predictions", "targets"))
def guesses(rng):
    yield {"predictions": np.array([1.0]), "targets": np.array([0.0])}
    yield {"predictions": np.array([0.0]), "targets": np.array([2.0])}
    yield {"predictions": np.array([1.0, 0.0]), "targets": np.array([0.0, 0.0])}
    for n in (1, 2, 3, 5, 8, 8, 12, 20):
        yield {
            "predictions": rng.normal(size=n).round(1),
            "targets": rng.integers(-2, 3, size=n).astype(float),
        }


ERROR = {
    "hint": "Mean, squared, error: three words, three operations, from right to left.",
    "hint_2": "compute the error of the differences 1 and -2 by hand: it is 2.5.",
}


@misconception(
    "sum-instead-of-mean",
    "mean_squared_error",
    title="The squared differences are summed, not averaged.",
    **ERROR,
    case="wrong/sum-instead-of-mean",
)
def sum_of_squares(predictions, targets):
    return float(np.sum((predictions - targets) ** 2))


@misconception(
    "half-the-error",
    "mean_squared_error",
    title="The error has a factor of one half.",
    hint="Some books halve the error to lose a 2 in the gradient; this handout does not.",
    hint_2="compute the error of the differences 1 and -2 by hand: it is 2.5.",
    case="wrong/half-the-error",
)
def half_of_it(predictions, targets):
    return float(np.mean((predictions - targets) ** 2) / 2)


@misconception(
    "absolute-error",
    "mean_squared_error",
    title="Absolute differences stand in the place of squares.",
    **ERROR,
    case="wrong/absolute-error",
)
def absolute(predictions, targets):
    return float(np.mean(np.abs(predictions - targets)))


@misconception(
    "root-of-the-error",
    "mean_squared_error",
    title="The root of the mean squared error comes back.",
    **ERROR,
    case="wrong/root-of-the-error",
)
def root(predictions, targets):
    return float(np.sqrt(np.mean((predictions - targets) ** 2)))


@misconception(
    "error-not-squared",
    "mean_squared_error",
    title="The differences are averaged without being squared.",
    **ERROR,
)
def not_squared(predictions, targets):
    return float(np.mean(predictions - targets))


@misconception(
    "square-of-the-mean",
    "mean_squared_error",
    title="The mean is taken first, and squared after that.",
    **ERROR,
)
def squared_too_late(predictions, targets):
    return float(np.mean(predictions - targets) ** 2)


@misconception(
    "error-not-averaged",
    "mean_squared_error",
    title="A squared difference for each sample comes back, not their mean.",
    **ERROR,
)
def one_for_each(predictions, targets):
    return (predictions - targets) ** 2


@misconception(
    "error-divided-by-one-less",
    "mean_squared_error",
    title="The sum is divided by N - 1, not by N.",
    **ERROR,
)
def divided_by_one_less(predictions, targets):
    return float(np.sum((predictions - targets) ** 2) / np.float64(len(targets) - 1))


@misconception(
    "half-of-the-sum",
    "mean_squared_error",
    title="Half the sum of the squares comes back, not their mean.",
    **ERROR,
)
def half_of_the_sum(predictions, targets):
    return float(np.sum((predictions - targets) ** 2) / 2)


@misconception(
    "length-of-the-differences",
    "mean_squared_error",
    title="The root of the sum of squares comes back: the length of the differences.",
    **ERROR,
)
def norm(predictions, targets):
    return float(np.linalg.norm(predictions - targets))


@misconception(
    "variance-of-the-differences",
    "mean_squared_error",
    title="The variance of the differences comes back: their mean is taken away first.",
    hint="An estimate that is always too high by the same is wrong as well.",
    hint_2="compute the error of the differences 1 and 1 by hand: it is 1.",
)
def variance(predictions, targets):
    return float(np.var(predictions - targets))


@misconception(
    "largest-error",
    "mean_squared_error",
    title="The largest square comes back, not the mean of all.",
    **ERROR,
)
def largest(predictions, targets):
    return float(np.max((predictions - targets) ** 2))


@misconception(
    "squares-of-bits",
    "mean_squared_error",
    title="Estimates are rounded to bits before they are compared.",
    hint="The error measures how far an estimate is off, not only on which side it lies.",
    hint_2="compute the error of the estimate 0.4 for the target 0 by hand: it is 0.16.",
)
def of_bits(predictions, targets):
    return float(np.mean(((predictions >= 0.5) - targets) ** 2))


@trials("mse_gradients", rows=("X", "y"), numbers=("X", "y", "weights", "bias"))
def places(rng):
    for X, weights, bias in planes(rng):
        y = rng.integers(0, 2, size=len(X)).astype(float)
        yield {"X": X, "y": y, "weights": weights, "bias": bias}


def gradients(X, y, weights, bias, scale=None):
    residuals = predict_linear(X, weights, bias) - y
    scale = 2.0 / len(y) if scale is None else scale
    return scale * X.T @ residuals, float(scale * residuals.sum())


FACTOR = {
    "hint": "The square brings down a factor of 2, the mean a factor of 1/N.",
    "hint_2": "move one weight by 0.001: by how much does the loss change, and what do you return?",
}


@misconception(
    "factor-two-missing",
    "mse_gradients",
    title="The factor 2 of the square is missing.",
    **FACTOR,
    case="wrong/gradient-without-the-two",
)
def without_the_two(X, y, weights, bias):
    return gradients(X, y, weights, bias, 1.0 / len(y))


@misconception(
    "gradient-not-averaged",
    "mse_gradients",
    title="The gradient is summed over the samples: 1/N is missing.",
    **FACTOR,
    case="wrong/gradient-not-averaged",
)
def not_averaged(X, y, weights, bias):
    return gradients(X, y, weights, bias, 2.0)


@misconception(
    "factor-missing",
    "mse_gradients",
    title="The whole factor 2/N is missing.",
    **FACTOR,
)
def without_any_factor(X, y, weights, bias):
    return gradients(X, y, weights, bias, 1.0)


@misconception(
    "gradient-sign",
    "mse_gradients",
    title="The gradient has the wrong sign: residuals are target minus estimate.",
    hint="The gradient points to where the loss grows; the descent goes the other way.",
    hint_2="one sample, estimate 1, target 0: must the bias fall or rise, and what is dL/db?",
    case="wrong/gradient-upside-down",
)
def upside_down(X, y, weights, bias):
    by_weights, by_bias = gradients(X, y, weights, bias)
    return -by_weights, -by_bias


@misconception(
    "gradient-sign-without-factor",
    "mse_gradients",
    title="The gradient has the wrong sign, and no factor 2.",
    **FACTOR,
)
def upside_down_without_the_two(X, y, weights, bias):
    return gradients(X, y, weights, bias, -1.0 / len(y))


@misconception(
    "gradient-of-the-bias-forgotten",
    "mse_gradients",
    title="The bias gets no gradient.",
    hint="The bias is a parameter like the weights, of an input that is always 1.",
    hint_2="move the bias by 0.001: by how much does the loss change?",
    case="wrong/gradient-of-the-bias-forgotten",
)
def bias_forgotten(X, y, weights, bias):
    return gradients(X, y, weights, bias)[0], 0.0


@misconception(
    "gradient-of-the-bias-without-the-two",
    "mse_gradients",
    title="The gradient of the bias lacks the factor 2 that the weights have.",
    **FACTOR,
    case="wrong/gradient-of-the-bias-without-the-two",
)
def bias_without_the_two(X, y, weights, bias):
    by_weights, by_bias = gradients(X, y, weights, bias)
    return by_weights, by_bias / 2.0


@misconception(
    "gradient-of-the-weights-without-the-two",
    "mse_gradients",
    title="The gradient of the weights lacks the factor 2 that the bias has.",
    **FACTOR,
)
def weights_without_the_two(X, y, weights, bias):
    by_weights, by_bias = gradients(X, y, weights, bias)
    return by_weights / 2.0, by_bias


@misconception(
    "gradient-of-the-bias-not-averaged",
    "mse_gradients",
    title="The gradient of the bias is summed over the samples, that of the weights averaged.",
    **FACTOR,
)
def bias_not_averaged(X, y, weights, bias):
    by_weights, by_bias = gradients(X, y, weights, bias)
    return by_weights, by_bias * len(y)


@misconception(
    "gradient-of-the-weights-not-averaged",
    "mse_gradients",
    title="The gradient of the weights is summed over the samples, that of the bias averaged.",
    **FACTOR,
)
def weights_not_averaged(X, y, weights, bias):
    by_weights, by_bias = gradients(X, y, weights, bias)
    return by_weights * len(y), by_bias


@misconception(
    "inputs-not-transposed",
    "mse_gradients",
    title="X is not transposed.",
    hint="Each weight has one gradient: it sums over the samples, not over the columns.",
    hint_2="write the shapes down: (d,) must come from X, of shape (N, d), and r, of shape (N,).",
)
def not_transposed(X, y, weights, bias):
    residuals = predict_linear(X, weights, bias) - y
    return 2.0 / len(y) * X @ residuals, float(2.0 / len(y) * residuals.sum())


@misconception(
    "gradient-without-inputs",
    "mse_gradients",
    title="The residuals are not multiplied with the inputs.",
    hint="How much a weight matters depends on its input: where that is 0, not at all.",
    hint_2="take a sample whose inputs are 0: what is its share of the weights' gradient?",
)
def without_inputs(X, y, weights, bias):
    by_bias = gradients(X, y, weights, bias)[1]
    return np.full(len(weights), by_bias), by_bias


@misconception(
    "gradient-by-columns",
    "mse_gradients",
    title="The mean divides by the number of columns, not by that of the samples.",
    **FACTOR,
)
def divided_by_columns(X, y, weights, bias):
    return gradients(X, y, weights, bias, 2.0 / X.shape[1])


@misconception(
    "gradient-residuals-without-bias",
    "mse_gradients",
    title="The residuals leave the bias out.",
    hint="A residual is the whole estimate minus the target.",
    hint_2="compare your residuals with predict_linear(X, weights, bias) - y.",
)
def residuals_without_bias(X, y, weights, bias):
    return gradients(X, y, weights, 0.0)


@misconception(
    "gradient-averaged-twice",
    "mse_gradients",
    title="The factor 1/N is applied twice.",
    **FACTOR,
)
def averaged_twice(X, y, weights, bias):
    return gradients(X, y, weights, bias, 2.0 / len(y) ** 2)


@misconception(
    "gradients-in-the-wrong-order",
    "mse_gradients",
    title="The gradient of the bias stands before that of the weights.",
    hint="Two results are due, in this order: by the weights, by the bias.",
    hint_2="compare the shapes of your two results with (d,) and ().",
)
def bias_before_weights(X, y, weights, bias):
    return gradients(X, y, weights, bias)[::-1]


@misconception(
    "gradients-in-one-array",
    "mse_gradients",
    title="Both gradients come back as one array.",
    hint="Two results are due, in this order: by the weights, by the bias.",
    hint_2="compare the shapes of your two results with (d,) and ().",
)
def in_one_array(X, y, weights, bias):
    return np.append(*gradients(X, y, weights, bias))


@misconception(
    "gradient-of-the-bias-for-each-sample",
    "mse_gradients",
    title="The gradient of the bias is not summed: one number for each sample comes back.",
    hint="There is one bias for all samples, so it has one gradient.",
    hint_2="look at the shape of your second result.",
)
def bias_not_summed(X, y, weights, bias):
    residuals = predict_linear(X, weights, bias) - y
    return gradients(X, y, weights, bias)[0], 2.0 / len(y) * residuals


@misconception(
    "gradient-of-the-absolute-error",
    "mse_gradients",
    title="The gradient is that of the absolute error: only the sign of each residual counts.",
    **FACTOR,
)
def of_the_signs(X, y, weights, bias):
    r = np.sign(predict_linear(X, weights, bias) - y)
    return X.T @ r / len(y), float(r.mean())


@misconception(
    "gradient-of-squares",
    "mse_gradients",
    title="The residuals are squared in the gradient as well.",
    hint="The square goes when the derivative is taken: 2 * r is left of r ** 2.",
    hint_2="can your gradient of the bias be negative?",
)
def residuals_squared(X, y, weights, bias):
    r = (predict_linear(X, weights, bias) - y) ** 2
    return 2.0 / len(y) * X.T @ r, float(2.0 * r.mean())


@misconception(
    "gradient-of-bits",
    "mse_gradients",
    title="Estimates are rounded to bits before the residuals are taken.",
    hint="The error measures how far an estimate is off, not only on which side it lies.",
    hint_2="compare your residuals with predict_linear(X, weights, bias) - y.",
)
def of_rounded_estimates(X, y, weights, bias):
    r = (predict_linear(X, weights, bias) >= 0.5) - y
    return 2.0 / len(y) * X.T @ r, float(2.0 * r.mean())


def descend(X, y, learning_rate, steps, weights, bias, turn=(), up=-1.0, kept=slice(0, -1)):
    """Gradient descent from a given start.

    Args:
        turn: `weights` or `bias`, whichever moves before the other's gradient is taken.
        up: -1 to go down, 1 to climb.
        kept: which of the losses at the steps + 1 places are returned.
    """
    losses = []
    for step in range(steps + 1):
        losses.append(mean_squared_error(predict_linear(X, weights, bias), y))
        if step == steps:
            break
        by_weights, by_bias = mse_gradients(X, y, weights, bias)
        if turn == "bias":
            bias = bias + up * learning_rate * by_bias
            weights = weights + up * learning_rate * mse_gradients(X, y, weights, bias)[0]
            continue
        weights = weights + up * learning_rate * by_weights
        if turn == "weights":
            by_bias = mse_gradients(X, y, weights, bias)[1]
        bias = bias + up * learning_rate * by_bias
    return weights, bias, np.array(losses[kept])


@observed("fit_linear", right=descend, shown=("X", "y", "learning_rate", "steps"))
def descents(student, rng):
    for n, d, rate, steps in ((1, 1, 0.25, 1), (2, 2, 0.1, 1), (4, 2, 0.2, 2), (3, 3, 0.05, 3),
                              (5, 2, 0.02, 3), (6, 1, 0.3, 2)):  # fmt: skip
        X, y = rng.normal(size=(n, d)).round(1), rng.integers(0, 2, size=n).astype(float)
        (weights, bias, losses), again = (student.fit_linear(X, y, rate, 0, 4) for _ in "ab")
        if len(losses) > 1 or not np.allclose(weights, again[0]):
            raise ValueError  # what follows from such a start cannot be told
        given = {"X": X, "y": y, "learning_rate": rate, "steps": steps}
        given |= {"weights": np.asarray(weights, float), "bias": float(bias)}
        yield (
            given,
            lambda X=X, y=y, rate=rate, steps=steps: student.fit_linear(X, y, rate, steps, 4),
        )


TOGETHER = {
    "hint": "Both gradients belong to the place where the step begins.",
    "hint_2": "compute one step by hand, first both gradients, then both moves.",
}


@misconception(
    "weights-move-before-the-bias",
    "fit_linear",
    title="The gradient of the bias is taken after the weights have moved.",
    **TOGETHER,
    case="wrong/weights-move-before-the-bias",
)
def weights_first(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps, weights, bias, turn="weights")


@misconception(
    "bias-moves-before-the-weights",
    "fit_linear",
    title="The gradient of the weights is taken after the bias has moved.",
    **TOGETHER,
)
def bias_first(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps, weights, bias, turn="bias")


@misconception(
    "climbs",
    "fit_linear",
    title="The gradient is added instead of subtracted, so the loss grows.",
    hint="The gradient points to where the loss grows.",
    hint_2="print your losses: do they fall?",
    case="wrong/climbs",
)
def uphill(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps, weights, bias, up=1.0)


def descend_on(chosen, X, y, learning_rate, steps, weights, bias, damping=0.0):
    """A descent with the gradient of some rows.

    Args:
        chosen: step -> the rows of each update that is made in it.
        damping: share of the move before that is made once more.
    """
    losses, moved = [], (np.zeros_like(weights), 0.0)
    for step in range(steps):
        losses.append(mean_squared_error(predict_linear(X, weights, bias), y))
        for rows in chosen(step):
            found = mse_gradients(X[rows], y[rows], weights, bias)
            moved = tuple(
                damping * m - learning_rate * g for m, g in zip(moved, found, strict=True)
            )
            weights, bias = weights + moved[0], bias + moved[1]
    return weights, bias, np.array(losses)


STEPS = {
    "hint": "`steps` says how many updates are made, no more and no less.",
    "hint_2": "count the losses after 0, 1 and 3 steps, and after 500.",
}
ALL_SAMPLES = {
    "hint": "Every step goes down the slope of the mean over all samples.",
    "hint_2": "compute one step on two samples by hand: which rows enter the gradient?",
}


@misconception(
    "one-sample-a-step",
    "fit_linear",
    title="Each step uses the gradient of one sample, in turn.",
    **ALL_SAMPLES,
    case="wrong/one-sample-a-step",
)
def one_sample_in_turn(X, y, learning_rate, steps, weights, bias):
    return descend_on(lambda step: [[step % len(X)]], X, y, learning_rate, steps, weights, bias)


@misconception(
    "an-update-for-every-sample",
    "fit_linear",
    title="Each step makes an update for every sample, one after the other.",
    **ALL_SAMPLES,
)
def update_for_every_sample(X, y, learning_rate, steps, weights, bias):
    return descend_on(
        lambda step: [[row] for row in range(len(X))], X, y, learning_rate, steps, weights, bias
    )


@misconception(
    "descent-with-momentum",
    "fit_linear",
    title="Each step goes on with a part of the step before.",
    hint="The step depends on the slope at its place, and on nothing before.",
    hint_2="compute two steps by hand.",
)
def with_momentum(X, y, learning_rate, steps, weights, bias):
    return descend_on(
        lambda step: [slice(None)], X, y, learning_rate, steps, weights, bias, damping=0.9
    )


@misconception(
    "gradient-taken-once",
    "fit_linear",
    title="The gradient is taken once and used in every step.",
    hint="The slope changes with the place.",
    hint_2="is the gradient computed inside the loop?",
)
def slope_of_the_start(X, y, learning_rate, steps, weights, bias):
    losses, found = [], mse_gradients(X, y, weights, bias)
    for _ in range(steps):
        losses.append(mean_squared_error(predict_linear(X, weights, bias), y))
        weights, bias = weights - learning_rate * found[0], bias - learning_rate * found[1]
    return weights, bias, np.array(losses)


@misconception(
    "one-step-too-few",
    "fit_linear",
    title="One step too few is made.",
    **STEPS,
)
def one_step_less(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps - 1, weights, bias)


@misconception(
    "one-step-too-many",
    "fit_linear",
    title="One step too many is made.",
    **STEPS,
)
def one_step_more(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps + 1, weights, bias)


@misconception(
    "rate-divided-by-the-step",
    "fit_linear",
    title="The learning rate falls from step to step.",
    hint="Every step takes learning_rate times the gradient.",
    hint_2="compute two steps by hand.",
)
def falling_rate(X, y, learning_rate, steps, weights, bias):
    losses = []
    for step in range(steps):
        weights, bias, loss = descend(X, y, learning_rate / (step + 1), 1, weights, bias)
        losses.append(loss[0])
    return weights, bias, np.array(losses)


@misconception(
    "rate-divided-by-the-samples",
    "fit_linear",
    title="The mean is taken a second time: steps are shorter by the number of samples.",
    hint="mse_gradients already divides by the number of samples.",
    hint_2="compute one step on two samples by hand.",
)
def averaged_once_more(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate / len(X), steps, weights, bias)


LOSSES = {
    "hint": "One loss a step: that of the place where the step begins.",
    "hint_2": "with steps=1, compare your loss with that of the initial weights.",
}


@misconception(
    "losses-after-the-update",
    "fit_linear",
    title="Each loss is that of the moved weights.",
    **LOSSES,
    case="wrong/losses-after-the-update",
)
def losses_too_late(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps, weights, bias, kept=slice(1, None))


@misconception(
    "one-loss-too-many",
    "fit_linear",
    title="The loss after the last step is appended as well.",
    **LOSSES,
    case="wrong/one-loss-too-many",
)
def all_losses(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps, weights, bias, kept=slice(None))


@misconception(
    "learning-rate-fixed",
    "fit_linear",
    title="The rate is 0.1 whatever is asked for.",
    hint="Every argument of a function should matter.",
    hint_2="compare one step with learning_rate 0.1 and 0.2.",
    case="wrong/learning-rate-fixed",
)
def always_the_same_rate(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, 0.1, steps, weights, bias)


@misconception(
    "bias-never-moved",
    "fit_linear",
    title="The bias stays where it started.",
    hint="The bias is learnt like the weights.",
    hint_2="compare the bias after 0 steps and after 1.",
)
def only_weights_learn(X, y, learning_rate, steps, weights, bias):
    losses = []
    for _ in range(steps):
        losses.append(mean_squared_error(predict_linear(X, weights, bias), y))
        weights = weights - learning_rate * mse_gradients(X, y, weights, bias)[0]
    return weights, bias, np.array(losses)


@behaviour(
    "stops-when-it-is-flat",
    "fit_linear",
    title="The descent stops by itself once the loss hardly changes.",
    **STEPS,
    case="wrong/stops-when-it-is-flat",
)
def stops_by_itself(student):
    few, many = (len(student.fit_linear(SQUARE, XOR, 0.1, n, 1)[2]) for n in (3, 1500))
    return few == 3 and many < 1500


@behaviour(
    "steps-fixed",
    "fit_linear",
    title="The number of steps is fixed, whatever is asked for.",
    **STEPS,
    case="wrong/steps-fixed",
)
def always_as_many_steps(student):
    return len(student.fit_linear(SQUARE, XOR, 0.1, 3, 1)[2]) == len(
        student.fit_linear(SQUARE, XOR, 0.1, 5, 1)[2]
    )


SEED = {
    "hint": "The same seed gives the same start, another seed another one.",
    "hint_2": "compare the weights after 0 steps for seeds 1, 1 and 2.",
}


NORMAL = {
    "hint": "The docstring says how the start is drawn: standard normal, by default_rng(seed).",
    "hint_2": "print the weights after 0 steps for some seeds: how large are they?",
}


def starts(student, seeds):
    """Initial weights for some seeds."""
    return [np.asarray(student.fit_linear(SQUARE, XOR, 0.1, 0, s)[0], float) for s in seeds]


@behaviour(
    "starts-from-zero",
    "fit_linear",
    title="All weights start from zero, whatever the seed.",
    **SEED,
    case="wrong/starts-from-zero",
)
def zero_at_the_start(student):
    return not np.any(starts(student, (1, 2)))


@behaviour(
    "seed-ignored",
    "fit_linear",
    title="The seed is ignored: every start is the same.",
    **SEED,
    case="wrong/seed-ignored",
)
def every_start_the_same(student):
    first, other = starts(student, (1, 2))
    return np.allclose(first, other)


@behaviour(
    "no-seed",
    "fit_linear",
    title="The start is drawn without the seed: the same call gives something else each time.",
    **SEED,
    case="wrong/no-seed",
)
def another_start_each_time(student):
    first, again = starts(student, (1, 1))
    return not np.allclose(first, again)


@behaviour(
    "some-samples-a-step",
    "fit_linear",
    title="Each step uses some of the samples, drawn at random.",
    **ALL_SAMPLES,
)
def follows_some_samples(student):
    X = np.array([[0.0, 1.0], [1.0, 3.0], [2.0, -1.0], [-1.0, 0.5]])
    y = np.array([1.0, -2.0, 4.0, 3.0])
    start, bias, _ = student.fit_linear(X, y, 0.01, 0, 3)
    moved = np.asarray(student.fit_linear(X, y, 0.01, 1, 3)[0], float) - start
    parts = [[row for row in range(4) if part >> row & 1] for part in range(1, 15)]
    found = [-0.01 * mse_gradients(X[rows], y[rows], start, bias)[0] for rows in parts]
    return any(np.allclose(moved, move, rtol=1e-4, atol=1e-9) for move in found)


@behaviour(
    "bias-starts-from-zero",
    "fit_linear",
    title="The bias starts from zero, whatever the seed.",
    hint="The bias starts from a random number like the weights.",
    hint_2="look at the bias after 0 steps, for seeds 1 and 2.",
)
def bias_of_zero(student):
    return not any(float(student.fit_linear(SQUARE, XOR, 0.1, 0, s)[1]) for s in (1, 2))


@behaviour(
    "starts-from-uniform-numbers",
    "fit_linear",
    title="The start is drawn from the numbers between 0 and 1.",
    **NORMAL,
)
def never_negative(student):
    every = np.array(starts(student, range(12)))
    return bool(np.all((every >= 0) & (every < 1)))


@behaviour(
    "starts-near-zero",
    "fit_linear",
    title="The start is scaled down: all numbers are near zero.",
    **NORMAL,
)
def all_small(student):
    every = np.array(starts(student, range(12)))
    return bool(np.any(every)) and bool(np.all(np.abs(every) < 0.2))


@behaviour(
    "starts-of-another-generator",
    "fit_linear",
    title="The start is drawn by NumPy's old generator, np.random.seed.",
    **NORMAL,
)
def old_generator(student):
    old = np.random.RandomState(1).normal(size=2)
    return np.allclose(starts(student, (1,))[0], old)


@behaviour(
    "fit-returns-no-bias",
    "fit_linear",
    title="Weights and losses come back, without the bias.",
    hint="Three results are due, in this order: weights, bias, losses.",
    hint_2="count what your return statement holds.",
    case="wrong/fit-returns-no-bias",
)
def two_results(student):
    return len(student.fit_linear(SQUARE, XOR, 0.1, 3, 1)) == 2


@trials("linear_formula", numbers=())
def formulas(rng):
    names = ("A1", "A2")
    for weights, bias in (
        ([1.0, 1.0], 0.0),
        ([1.0, -1.0], 1.0),
        ([0.25, -1.5], 0.5),
        ([0.5, 0.5], -0.5),
        ([-1e-7, 1e-7], 0.5),
        ([1.0, 2.0], -1e-9),
        ([-0.0004, 1.0], -0.004),
        ([0.0, 1.0], 0.5),
    ):
        for decimals in (3, 2):
            yield {"weights": weights, "bias": bias, "names": names, "decimals": decimals}
    three = {"weights": [1.0, 1.0, -2.0], "bias": 0.0}
    yield {**three, "names": ("A1", "A2", "A1*A2"), "decimals": 3}
    yield {**three, "names": ("u", "v", "w"), "decimals": 1}


SIGNS = {
    "hint": "A formula is read by people, who write a minus once, and none before a zero.",
    "hint_2": "format -1.5 and -0.0000001 with your code, and look at the signs.",
}


@misconception(
    "formula-plus-minus",
    "linear_formula",
    title="A negative number follows a plus.",
    **SIGNS,
    case="wrong/formula-plus-minus",
)
def plus_minus(weights, bias, names, decimals):
    return linear_formula(weights, bias, names, decimals).replace("- ", "+ -")


@misconception(
    "formula-with-negative-zero",
    "linear_formula",
    title="Rounding noise leaves a minus sign in front of zero.",
    **SIGNS,
    case="wrong/formula-with-negative-zero",
)
def negative_zero(weights, bias, names, decimals):
    terms = [f"{value:.{decimals}f}" for value in (*weights, bias)]
    products = [f"{term}*{name}" for term, name in zip(terms[:-1], names, strict=True)]
    return ("Z = " + " + ".join([*products, terms[-1]])).replace("+ -", "- ")


@misconception(
    "formula-both-signs",
    "linear_formula",
    title="Signs stand as they are: a plus before a minus, and a minus before a zero.",
    **SIGNS,
)
def both_signs(weights, bias, names, decimals):
    return negative_zero.gives(weights, bias, names, decimals).replace("- ", "+ -")


@misconception(
    "formula-with-fixed-decimals",
    "linear_formula",
    title="Three decimals, whatever is asked for.",
    hint="Every argument of a function should matter.",
    hint_2="compare your formula for decimals 3 and 2.",
    case="wrong/formula-with-fixed-decimals",
)
def three_decimals(weights, bias, names, decimals):
    return linear_formula(weights, bias, names, 3)


@misconception(
    "formula-with-fixed-names",
    "linear_formula",
    title="The columns are always called A1, A2, A3.",
    hint="Every argument of a function should matter.",
    hint_2="compare your formula with names A1, A2 and with u, v.",
    case="wrong/formula-with-fixed-names",
)
def fixed_names(weights, bias, names, decimals):
    return linear_formula(weights, bias, ("A1", "A2", "A3")[: len(weights)], decimals)


@misconception(
    "formula-without-bias",
    "linear_formula",
    title="The formula forgets the bias.",
    hint="Every number of the model stands in its formula.",
    hint_2="compare your formula for a bias of 0.5 with the docstring's example.",
)
def formula_without_bias(weights, bias, names, decimals):
    return linear_formula(weights, bias, names, decimals).rpartition(" ")[0].rstrip(" +-")


def relu_networks(rng):
    """Parameters and inputs, from one hidden unit on."""
    one = {"W1": np.array([[1.0]]), "b1": np.array([0.0]), "W2": np.array([1.0])}
    yield {**one, "b2": np.array(0.0)}, np.array([[1.0]])
    yield {**one, "b2": np.array(-1.0)}, np.array([[0.0]])
    yield {**one, "b2": np.array(0.0)}, np.array([[-1.0]])
    yield {**one, "b1": np.array([1.0]), "b2": np.array(1.0)}, np.array([[0.0]])
    for n, d, h in ((1, 2, 2), (2, 2, 3), (3, 1, 2), (4, 3, 5), (5, 2, 4), (6, 3, 3), (8, 2, 6)):
        shapes = {"W1": (d, h), "b1": (h,), "W2": (h,), "b2": ()}
        parameters = {k: np.asarray(rng.normal(size=s)).round(2) for k, s in shapes.items()}
        yield parameters, rng.normal(size=(n, d)).round(2)


@misconception(
    "formula-with-the-bias-first",
    "linear_formula",
    title="The bias stands before the products.",
    hint="The order is that of the docstring: the products, then the bias.",
    hint_2="compare your formula with the one in the docstring, sign by sign.",
)
def bias_first_in_the_formula(weights, bias, names, decimals):
    text = linear_formula([bias, *weights], 0.0, ("@", *names), decimals)
    return text.replace("*@", "").rpartition(" + ")[0]


@misconception(
    "formula-rounds-only-noise",
    "linear_formula",
    title="Only tiny numbers lose their minus, not all that round to zero.",
    hint="Whether a number stands as zero depends on the decimals.",
    hint_2="format -0.0004 with 3 decimals, and look at the sign.",
)
def only_noise_is_zero(weights, bias, names, decimals):
    quiet = [0.0 if abs(value) < 1e-6 else value for value in (*weights, bias)]
    return negative_zero.gives(quiet[:-1], quiet[-1], names, decimals)


@misconception(
    "formula-without-zero-terms",
    "linear_formula",
    title="Terms whose weight is zero are left out.",
    hint="Every number of the model stands in its formula, a zero as well.",
    hint_2="format the weights 0 and 1.",
)
def without_zero_terms(weights, bias, names, decimals):
    kept = [(w, name) for w, name in zip(weights, names, strict=True) if round(w, decimals)]
    return linear_formula([w for w, _ in kept], bias, [name for _, name in kept], decimals)


@misconception(
    "formula-without-trailing-zeros",
    "linear_formula",
    title="Numbers are rounded, but not padded to the decimals.",
    hint="round() gives a number; how many digits stand is a matter of formatting.",
    hint_2="format 0.5 with 3 decimals: it reads 0.500.",
)
def without_trailing_zeros(weights, bias, names, decimals):
    text = linear_formula(weights, bias, names, decimals)
    return re.sub(r"(\.\d+?)0+(?!\d)", r"\1", text)


@misconception(
    "formula-without-names",
    "linear_formula",
    title="The names of the columns are missing.",
    hint="Each weight stands before the name of its column.",
    hint_2="compare your formula with the one in the docstring, sign by sign.",
)
def without_names(weights, bias, names, decimals):
    text = linear_formula(weights, bias, ["@"] * len(names), decimals)
    return text.replace("*@", "")


@misconception(
    "formula-name-before-weight",
    "linear_formula",
    title="The name stands before its weight.",
    hint="The order is that of the docstring: weight*name.",
    hint_2="compare your formula with the one in the docstring, sign by sign.",
)
def names_first(weights, bias, names, decimals):
    text = linear_formula(weights, bias, names, decimals)
    return re.sub(r"([\d.]+)\*(\S+)", r"\2*\1", text)


@trials("relu_forward", rows=("X",), numbers=("X",))
def inputs_of_two_layers(rng):
    for parameters, X in relu_networks(rng):
        yield {"parameters": parameters, "X": X}


def two_layers(parameters, X, activation, bias=1.0):
    hidden = activation(X @ parameters["W1"] + bias * parameters["b1"])
    return hidden @ parameters["W2"] + parameters["b2"]


RELU = {
    "hint": "The ReLU belongs between the two layers: the larger of each hidden sum and 0.",
    "hint_2": "work the example with hidden sums of 2 and -3 out by hand.",
}


@misconception(
    "no-relu",
    "relu_forward",
    title="Two linear layers with nothing between them.",
    **RELU,
    case="wrong/no-relu",
)
def without_relu(parameters, X):
    return two_layers(parameters, X, lambda sums: sums)


@misconception(
    "relu-of-the-absolute-value",
    "relu_forward",
    title="Negative sums are folded up instead of cut off.",
    **RELU,
    case="wrong/relu-of-the-absolute-value",
)
def folded(parameters, X):
    return two_layers(parameters, X, np.abs)


@misconception(
    "relu-on-the-output",
    "relu_forward",
    title="The output passes a ReLU, too.",
    **RELU,
    case="wrong/relu-on-the-output",
)
def cut_twice(parameters, X):
    return np.maximum(relu_forward(parameters, X), 0.0)


@misconception(
    "relu-on-the-output-only",
    "relu_forward",
    title="The ReLU stands behind the output instead of between the layers.",
    **RELU,
)
def cut_at_the_end(parameters, X):
    return np.maximum(two_layers(parameters, X, lambda sums: sums), 0.0)


@misconception(
    "relu-turned-round",
    "relu_forward",
    title="Positive sums are cut off, not negative ones.",
    **RELU,
)
def minimum(parameters, X):
    return two_layers(parameters, X, lambda sums: np.minimum(sums, 0.0))


@misconception(
    "another-activation",
    "relu_forward",
    title="A tanh stands where a ReLU is due.",
    **RELU,
)
def tanh_between(parameters, X):
    return two_layers(parameters, X, np.tanh)


@misconception(
    "sigmoid-for-relu",
    "relu_forward",
    title="A sigmoid stands where a ReLU is due.",
    **RELU,
)
def sigmoid_between(parameters, X):
    return two_layers(parameters, X, lambda sums: 1 / (1 + np.exp(-sums)))


@misconception(
    "relu-without-hidden-bias",
    "relu_forward",
    title="The hidden biases are left out.",
    hint="Without a bias every unit bends at the origin.",
    hint_2="what does a unit with a bias of 1 give where all inputs are 0?",
)
def without_b1(parameters, X):
    return two_layers(parameters, X, lambda sums: np.maximum(sums, 0.0), bias=0.0)


@misconception(
    "relu-without-output-bias",
    "relu_forward",
    title="The output bias b2 is left out.",
    hint="The last layer has a bias as well.",
    hint_2="what comes out where every hidden unit is switched off?",
)
def without_b2(parameters, X):
    return relu_forward({**parameters, "b2": 0.0}, X)


@misconception(
    "leaky-relu",
    "relu_forward",
    title="Negative sums are made small instead of being cut off.",
    **RELU,
)
def leaky(parameters, X):
    return two_layers(parameters, X, lambda sums: np.where(sums > 0.0, sums, 0.01 * sums))


@misconception(
    "step-for-relu",
    "relu_forward",
    title="Hidden units answer 0 or 1, not the positive sum itself.",
    **RELU,
)
def step_between(parameters, X):
    return two_layers(parameters, X, lambda sums: (sums > 0.0).astype(float))


@misconception(
    "relu-of-the-inputs",
    "relu_forward",
    title="The ReLU is applied to the inputs instead of the hidden sums.",
    **RELU,
)
def relu_before_the_layer(parameters, X):
    return two_layers(parameters, np.maximum(X, 0.0), lambda sums: sums)


@misconception(
    "relu-before-the-hidden-bias",
    "relu_forward",
    title="The hidden biases are added after the ReLU.",
    **RELU,
)
def bias_after_the_relu(parameters, X):
    hidden = np.maximum(X @ parameters["W1"], 0.0) + parameters["b1"]
    return hidden @ parameters["W2"] + parameters["b2"]


@misconception(
    "relu-estimates-as-a-column",
    "relu_forward",
    title="Estimates stand in a column of shape (N, 1).",
    hint="One axis is enough for one estimate a sample.",
    hint_2="look at the shape of Z, and at that of Z - y if y has the shape (N,).",
)
def column_of_estimates(parameters, X):
    return relu_forward(parameters, X)[:, np.newaxis]


@misconception(
    "relu-output-averaged",
    "relu_forward",
    title="The hidden units are averaged, not summed.",
    hint="Z = R W2 + b2 is a sum over the hidden units.",
    hint_2="work an example with two hidden units out by hand.",
)
def mean_of_units(parameters, X):
    scaled = {**parameters, "W2": parameters["W2"] / len(parameters["W2"])}
    return relu_forward(scaled, X)


@trials("relu_gradients", rows=("X", "y"), numbers=("X", "y"))
def places_of_two_layers(rng):
    for parameters, X in relu_networks(rng):
        yield {"parameters": parameters, "X": X, "y": np.zeros(len(X))}
        if len(X) > 1:
            yield {"parameters": parameters, "X": X, "y": rng.normal(size=len(X)).round(1)}


def backwards(parameters, X, y, scale=None, mask=lambda sums, _: sums > 0.0):
    sums = X @ parameters["W1"] + parameters["b1"]
    hidden = np.maximum(sums, 0.0)
    scale = 2.0 / len(X) if scale is None else scale
    by_estimate = scale * (hidden @ parameters["W2"] + parameters["b2"] - y)
    by_sum = np.outer(by_estimate, parameters["W2"]) * mask(sums, parameters)
    return {
        "W1": X.T @ by_sum,
        "b1": by_sum.sum(axis=0),
        "W2": hidden.T @ by_estimate,
        "b2": by_estimate.sum(),
    }


MASK = {
    "hint": "A unit that is switched off passes nothing on, so nothing comes back through it.",
    "hint_2": "look at a sample whose hidden sum is negative: what does its weight's gradient do?",
}


@misconception(
    "relu-mask-forgotten",
    "relu_gradients",
    title="The ReLU's derivative is ignored: the gradient passes units that are switched off.",
    **MASK,
    case="wrong/relu-mask-forgotten",
)
def without_mask(parameters, X, y):
    return backwards(parameters, X, y, mask=lambda sums, _: 1.0)


@misconception(
    "relu-mask-of-the-estimate",
    "relu_gradients",
    title="The ReLU's derivative looks at the output weights, not at the hidden sums.",
    **MASK,
    case="wrong/relu-mask-of-the-estimate",
)
def mask_of_the_weights(parameters, X, y):
    return backwards(parameters, X, y, mask=lambda _, parameters: parameters["W2"] > 0.0)


@misconception(
    "relu-mask-turned-round",
    "relu_gradients",
    title="The gradient passes units that are switched off, and stops at the others.",
    **MASK,
)
def mask_turned_round(parameters, X, y):
    return backwards(parameters, X, y, mask=lambda sums, _: sums <= 0.0)


@misconception(
    "relu-gradient-not-averaged",
    "relu_gradients",
    title="The gradient of the network is summed over the samples: 1/N is missing.",
    **FACTOR,
    case="wrong/relu-gradient-not-averaged",
)
def network_not_averaged(parameters, X, y):
    return backwards(parameters, X, y, scale=2.0)


@misconception(
    "relu-gradient-without-the-two",
    "relu_gradients",
    title="The factor 2 of the square is missing.",
    **FACTOR,
)
def network_without_the_two(parameters, X, y):
    return backwards(parameters, X, y, scale=1.0 / len(X))


@misconception(
    "relu-gradient-without-factor",
    "relu_gradients",
    title="The whole factor 2/N is missing.",
    **FACTOR,
)
def network_without_factor(parameters, X, y):
    return backwards(parameters, X, y, scale=1.0)


@misconception(
    "relu-gradient-sign",
    "relu_gradients",
    title="The gradients have the wrong sign: residuals are target minus estimate.",
    hint="The gradient points to where the loss grows; the descent goes the other way.",
    hint_2="estimate 1, target 0: must b2 fall or rise, and what is its gradient?",
)
def network_upside_down(parameters, X, y):
    return backwards(parameters, X, y, scale=-2.0 / len(X))


@misconception(
    "relu-hidden-bias-forgotten",
    "relu_gradients",
    title="The hidden biases get no gradient.",
    hint="A bias is a weight of an input that is always 1.",
    hint_2="move b1 by 0.001: by how much does the loss change?",
    case="wrong/relu-hidden-bias-forgotten",
)
def hidden_bias_forgotten(parameters, X, y):
    found = backwards(parameters, X, y)
    return {**found, "b1": 0.0 * found["b1"]}


@misconception(
    "relu-output-weights-left-out",
    "relu_gradients",
    title="On the way back the output weights are left out.",
    hint="How much a hidden unit matters depends on the weight that it gets in the output.",
    hint_2="what should the gradient of a unit be whose output weight is 0?",
)
def output_weights_left_out(parameters, X, y):
    ones = {**parameters, "W2": np.ones_like(parameters["W2"])}
    sums = X @ parameters["W1"] + parameters["b1"]
    by_estimate = 2.0 / len(X) * (relu_forward(parameters, X) - y)
    by_sum = np.outer(by_estimate, ones["W2"]) * (sums > 0.0)
    found = backwards(parameters, X, y)
    return {**found, "W1": X.T @ by_sum, "b1": by_sum.sum(axis=0)}


def by_hidden_sums(parameters, X, y, change):
    """The gradients where what comes back through the hidden units is changed.

    Args:
        change: gradient in the hidden units' outputs, sums -> gradient in the sums.
    """
    sums = X @ parameters["W1"] + parameters["b1"]
    by_estimate = 2.0 / len(X) * (relu_forward(parameters, X) - y)
    by_sum = change(np.outer(by_estimate, parameters["W2"]), sums)
    return {**backwards(parameters, X, y), "W1": X.T @ by_sum, "b1": by_sum.sum(axis=0)}


def changed(parameters, X, y, **factors):
    """The gradients with some of them multiplied."""
    found = backwards(parameters, X, y)
    return {key: value * factors.get(key, 1.0) for key, value in found.items()}


@misconception(
    "relu-of-the-gradient",
    "relu_gradients",
    title="On the way back a ReLU is applied to the gradient itself.",
    **MASK,
    case="wrong/relu-of-the-gradient",
)
def relu_of_the_gradient(parameters, X, y):
    return by_hidden_sums(parameters, X, y, lambda back, sums: np.maximum(back, 0.0))


@misconception(
    "only-positive-gradients-pass",
    "relu_gradients",
    title="Where a unit is on, only positive gradients pass.",
    **MASK,
)
def masked_relu_of_the_gradient(parameters, X, y):
    return by_hidden_sums(parameters, X, y, lambda back, s: np.maximum(back, 0.0) * (s > 0.0))


@misconception(
    "relu-mask-of-the-gradient",
    "relu_gradients",
    title="The ReLU itself stands where its derivative is due.",
    hint="The derivative of a ReLU is 0 or 1, never the sum itself.",
    hint_2="by how much does relu(s) grow if s = 5 grows by 0.001?",
)
def relu_for_its_derivative(parameters, X, y):
    return by_hidden_sums(parameters, X, y, lambda back, sums: back * np.maximum(sums, 0.0))


@misconception(
    "relu-derivative-of-a-sigmoid",
    "relu_gradients",
    title="The derivative of a sigmoid stands where that of a ReLU is due.",
    hint="The derivative of a ReLU is 0 or 1.",
    hint_2="by how much does relu(s) grow if s = 5 grows by 0.001?",
)
def derivative_of_a_sigmoid(parameters, X, y):
    def change(back, sums):
        on = np.maximum(sums, 0.0)
        return back * on * (1.0 - on)

    return by_hidden_sums(parameters, X, y, change)


@misconception(
    "relu-mask-of-the-leaky-kind",
    "relu_gradients",
    title="A little of the gradient passes units that are switched off.",
    **MASK,
)
def leaky_mask(parameters, X, y):
    return by_hidden_sums(parameters, X, y, lambda b, s: b * np.where(s > 0.0, 1.0, 0.01))


@misconception(
    "relu-passes-at-zero",
    "relu_gradients",
    title="The gradient passes a unit whose sum is exactly 0.",
    hint="At 0 the ReLU has a corner; the docstring says which side counts.",
    hint_2="look at a sample whose hidden sum is exactly 0.",
)
def passes_at_zero(parameters, X, y):
    return backwards(parameters, X, y, mask=lambda sums, _: sums >= 0.0)


@misconception(
    "relu-hidden-sums-for-outputs",
    "relu_gradients",
    title="The gradient of W2 takes the hidden sums, without their ReLU.",
    hint="The output weights multiply what the hidden units answer.",
    hint_2="what is the gradient of a weight whose unit is switched off everywhere?",
)
def sums_for_outputs(parameters, X, y):
    sums = X @ parameters["W1"] + parameters["b1"]
    by_estimate = 2.0 / len(X) * (relu_forward(parameters, X) - y)
    return {**backwards(parameters, X, y), "W2": sums.T @ by_estimate}


@misconception(
    "relu-output-bias-forgotten",
    "relu_gradients",
    title="The output bias gets no gradient.",
    hint="A bias is a weight of an input that is always 1.",
    hint_2="move b2 by 0.001: by how much does the loss change?",
)
def output_bias_forgotten(parameters, X, y):
    return changed(parameters, X, y, b2=0.0)


@misconception(
    "relu-biases-averaged-twice",
    "relu_gradients",
    title="The gradients of the biases are averaged a second time.",
    **FACTOR,
)
def biases_averaged_twice(parameters, X, y):
    return changed(parameters, X, y, b1=1.0 / len(X), b2=1.0 / len(X))


@misconception(
    "relu-gradient-averaged-twice",
    "relu_gradients",
    title="The factor 1/N is applied twice.",
    **FACTOR,
)
def network_averaged_twice(parameters, X, y):
    return backwards(parameters, X, y, scale=2.0 / len(X) ** 2)


def loss_of(parameters, X, y):
    return float(np.mean((relu_forward(parameters, X) - y) ** 2))


def moved(parameters, gradients, rate, names=("W1", "b1", "W2", "b2")):
    return {
        key: value - rate * np.asarray(gradients[key]) * (key in names)
        for key, value in parameters.items()
    }


def descend_network(X, y, hidden, learning_rate, steps, parameters):
    losses = []
    for _ in range(steps):
        losses.append(loss_of(parameters, X, y))
        parameters = moved(parameters, relu_gradients(parameters, X, y), learning_rate)
    return parameters, np.array(losses)


@observed(
    "fit_relu_network", right=descend_network, shown=("X", "y", "hidden", "learning_rate", "steps")
)
def descents_of_two_layers(student, rng):
    for n, d, hidden, rate, steps in ((1, 1, 1, 0.1, 1), (2, 2, 2, 0.1, 1), (4, 2, 3, 0.05, 2),
                                      (5, 2, 4, 0.02, 3), (6, 3, 2, 0.1, 2)):  # fmt: skip
        X, y = rng.normal(size=(n, d)).round(1), rng.integers(0, 2, size=n).astype(float)
        (parameters, losses), again = (
            student.fit_relu_network(X, y, hidden, rate, 0, 7) for _ in "ab"
        )
        if len(losses) > 1 or not np.allclose(parameters["W1"], again[0]["W1"]):
            raise ValueError  # what follows from such a start cannot be told
        given = {"X": X, "y": y, "hidden": hidden, "learning_rate": rate, "steps": steps}
        start = {key: np.asarray(parameters[key], float) for key in ("W1", "b1", "W2", "b2")}
        yield (
            given | {"parameters": start},
            lambda X=X, y=y, hidden=hidden, rate=rate, steps=steps: student.fit_relu_network(
                X, y, hidden, rate, steps, 7
            ),
        )


@misconception(
    "relu-layers-move-in-turn",
    "fit_relu_network",
    title="Each parameter moves by a gradient taken after the one before has moved.",
    **TOGETHER,
    case="wrong/relu-layers-move-in-turn",
)
def layers_in_turn(X, y, hidden, learning_rate, steps, parameters):
    losses = []
    for _ in range(steps):
        losses.append(loss_of(parameters, X, y))
        for key in ("W1", "b1", "W2", "b2"):
            gradients = relu_gradients(parameters, X, y)
            parameters = moved(parameters, gradients, learning_rate, (key,))
    return parameters, np.array(losses)


def groups_in_turn(groups, X, y, learning_rate, steps, parameters):
    """A descent in which each group of parameters moves before the next one's gradient."""
    losses = []
    for _ in range(steps):
        losses.append(loss_of(parameters, X, y))
        for names in groups:
            gradients = relu_gradients(parameters, X, y)
            parameters = moved(parameters, gradients, learning_rate, names)
    return parameters, np.array(losses)


@misconception(
    "relu-layers-move-from-the-end",
    "fit_relu_network",
    title="Each parameter moves by a gradient taken after another has moved, the output first.",
    **TOGETHER,
    case="wrong/relu-layers-move-from-the-end",
)
def layers_from_the_end(X, y, hidden, learning_rate, steps, parameters):
    order = (["W2"], ["b2"], ["W1"], ["b1"])
    return groups_in_turn(order, X, y, learning_rate, steps, parameters)


@misconception(
    "relu-output-layer-moves-first",
    "fit_relu_network",
    title="The hidden layer moves by a gradient taken after the output layer has moved.",
    **TOGETHER,
)
def output_layer_first(X, y, hidden, learning_rate, steps, parameters):
    order = (["W2", "b2"], ["W1", "b1"])
    return groups_in_turn(order, X, y, learning_rate, steps, parameters)


@misconception(
    "relu-hidden-layer-moves-first",
    "fit_relu_network",
    title="The output layer moves by a gradient taken after the hidden layer has moved.",
    **TOGETHER,
)
def hidden_layer_first(X, y, hidden, learning_rate, steps, parameters):
    order = (["W1", "b1"], ["W2", "b2"])
    return groups_in_turn(order, X, y, learning_rate, steps, parameters)


@misconception(
    "relu-biases-never-moved",
    "fit_relu_network",
    title="Only the weights are moved, the biases stay.",
    hint="All four parameters are learnt.",
    hint_2="compare b1 and b2 after 0 steps and after 1.",
)
def biases_stay(X, y, hidden, learning_rate, steps, parameters):
    return groups_in_turn([["W1", "W2"]], X, y, learning_rate, steps, parameters)


@misconception(
    "relu-only-the-first-layer-learns",
    "fit_relu_network",
    title="Only W1 and b1 are moved.",
    hint="All four parameters are learnt.",
    hint_2="compare W2 after 0 steps and after 1.",
)
def first_layer_only(X, y, hidden, learning_rate, steps, parameters):
    return groups_in_turn([["W1", "b1"]], X, y, learning_rate, steps, parameters)


@misconception(
    "relu-one-sample-a-step",
    "fit_relu_network",
    title="Each step uses the gradient of one sample, in turn.",
    **ALL_SAMPLES,
)
def network_one_sample_in_turn(X, y, hidden, learning_rate, steps, parameters):
    losses = []
    for step in range(steps):
        losses.append(loss_of(parameters, X, y))
        row = [step % len(X)]
        parameters = moved(parameters, relu_gradients(parameters, X[row], y[row]), learning_rate)
    return parameters, np.array(losses)


@misconception(
    "relu-learning-rate-fixed",
    "fit_relu_network",
    title="The rate is 0.1 whatever is asked for.",
    hint="Every argument of a function should matter.",
    hint_2="compare one step with learning_rate 0.1 and 0.2.",
)
def network_at_one_rate(X, y, hidden, learning_rate, steps, parameters):
    return descend_network(X, y, hidden, 0.1, steps, parameters)


@misconception(
    "relu-one-loss-too-many",
    "fit_relu_network",
    title="The loss after the last step is appended as well.",
    **LOSSES,
)
def all_network_losses(X, y, hidden, learning_rate, steps, parameters):
    parameters, losses = descend_network(X, y, hidden, learning_rate, steps, parameters)
    return parameters, np.append(losses, loss_of(parameters, X, y))


@misconception(
    "relu-one-step-too-few",
    "fit_relu_network",
    title="One step too few is made.",
    **STEPS,
)
def network_one_step_less(X, y, hidden, learning_rate, steps, parameters):
    return descend_network(X, y, hidden, learning_rate, steps - 1, parameters)


@misconception(
    "relu-learns-once",
    "fit_relu_network",
    title="The gradient is taken once and used in every step.",
    hint="The slope changes with the place.",
    hint_2="is the gradient computed inside the loop?",
    case="wrong/relu-learns-once",
)
def gradient_taken_once(X, y, hidden, learning_rate, steps, parameters):
    losses, gradients = [], relu_gradients(parameters, X, y)
    for _ in range(steps):
        losses.append(loss_of(parameters, X, y))
        parameters = moved(parameters, gradients, learning_rate)
    return parameters, np.array(losses)


@misconception(
    "relu-only-the-last-layer-learns",
    "fit_relu_network",
    title="Only W2 and b2 are moved.",
    hint="All four parameters are learnt.",
    hint_2="compare W1 after 0 steps and after 1.",
    case="wrong/relu-only-the-last-layer-learns",
)
def last_layer_only(X, y, hidden, learning_rate, steps, parameters):
    losses = []
    for _ in range(steps):
        losses.append(loss_of(parameters, X, y))
        gradients = relu_gradients(parameters, X, y)
        parameters = moved(parameters, gradients, learning_rate, ("W2", "b2"))
    return parameters, np.array(losses)


@misconception(
    "relu-climbs",
    "fit_relu_network",
    title="The gradient is added instead of subtracted, so the loss grows.",
    hint="The gradient points to where the loss grows.",
    hint_2="print your losses: do they fall?",
)
def network_uphill(X, y, hidden, learning_rate, steps, parameters):
    return descend_network(X, y, hidden, -learning_rate, steps, parameters)


@misconception(
    "relu-losses-after-the-update",
    "fit_relu_network",
    title="Each loss is that of the moved parameters.",
    **LOSSES,
)
def network_losses_too_late(X, y, hidden, learning_rate, steps, parameters):
    losses = []
    for _ in range(steps):
        parameters = moved(parameters, relu_gradients(parameters, X, y), learning_rate)
        losses.append(loss_of(parameters, X, y))
    return parameters, np.array(losses)


@behaviour(
    "relu-seed-ignored",
    "fit_relu_network",
    title="The seed is ignored: every start is the same.",
    **SEED,
)
def every_network_the_same(student):
    first, other = (student.fit_relu_network(SQUARE, XOR, 3, 0.1, 0, s)[0]["W1"] for s in (1, 2))
    return np.allclose(first, other)


@behaviour(
    "relu-no-seed",
    "fit_relu_network",
    title="The start is drawn without the seed: the same call gives something else each time.",
    **SEED,
)
def another_network_each_time(student):
    first, again = (student.fit_relu_network(SQUARE, XOR, 3, 0.1, 0, 1)[0]["W1"] for _ in "ab")
    return not np.allclose(first, again)


@behaviour(
    "relu-hidden-units-fixed",
    "fit_relu_network",
    title="The number of hidden units is fixed, whatever is asked for.",
    hint="Every argument of a function should matter.",
    hint_2="compare the shapes for hidden 3 and 5.",
)
def always_as_many_hidden_units(student):
    runs = [student.fit_relu_network(SQUARE, XOR, hidden, 0.1, 0, 1)[0] for hidden in (3, 5)]
    return np.size(runs[0]["b1"]) == np.size(runs[1]["b1"])


@behaviour(
    "relu-starts-from-zero",
    "fit_relu_network",
    title="All weights start from zero, so all hidden units stay alike.",
    hint="Hidden units that start alike get the same gradient, and stay alike.",
    hint_2="look at W1 after 0 steps.",
)
def network_of_zeros(student):
    return not np.any(student.fit_relu_network(SQUARE, XOR, 3, 0.1, 0, 1)[0]["W1"])


@behaviour(
    "relu-steps-fixed",
    "fit_relu_network",
    title="The number of steps is fixed, whatever is asked for.",
    **STEPS,
)
def network_of_as_many_steps(student):
    few, many = (len(student.fit_relu_network(SQUARE, XOR, 3, 0.1, n, 1)[1]) for n in (3, 5))
    return few == many


@behaviour(
    "relu-stops-when-it-is-flat",
    "fit_relu_network",
    title="The descent stops by itself.",
    **STEPS,
)
def network_stops_by_itself(student):
    few, many = (len(student.fit_relu_network(SQUARE, XOR, 3, 0.1, n, 1)[1]) for n in (3, 1500))
    return few == 3 and many < 1500


def xor_of(X):
    return (X[:, 0] != X[:, 1]).astype(float)


@observed("random_test_points", right=xor_of)
def labels_of_drawn_points(student, rng):
    for n, seed in ((1, 0), (2, 1), (3, 2), (8, 3), (8, 4), (20, 5)):
        X, y = student.random_test_points(n, seed)
        yield {"X": np.asarray(X, float)}, lambda y=y: y


POINTS = {
    "hint": "The test should ask for XOR, on pairs of bits that all come up equally often.",
    "hint_2": "draw 1000 points and count the four pairs, and the labels of each.",
}


@misconception(
    "test-labels-are-or",
    "random_test_points",
    title="The labels of the test points are those of OR.",
    **POINTS,
    case="wrong/test-labels-are-or",
)
def labelled_by_or(X):
    return np.maximum(X[:, 0], X[:, 1])


@misconception(
    "test-labels-of-equal-bits",
    "random_test_points",
    title="The labels of the test points are 1 where the bits are equal.",
    **POINTS,
)
def labelled_by_equality(X):
    return 1.0 - xor_of(X)


def drawn(student, n=400, seed=3):
    return np.asarray(student.random_test_points(n, seed)[0], float)


@behaviour(
    "test-points-between-the-bits",
    "random_test_points",
    title="Numbers between 0 and 1 are drawn, not bits.",
    **POINTS,
    case="wrong/test-points-between-the-bits",
)
def not_only_bits(student):
    return not np.isin(drawn(student), (0, 1)).all()


@behaviour(
    "test-points-the-same-four",
    "random_test_points",
    title="The rows of the truth table are repeated instead of drawn.",
    **POINTS,
    case="wrong/test-points-the-same-four",
)
def repeated(student):
    points = drawn(student)
    return np.array_equal(points[:4], points[4:8]) and np.array_equal(points[4:8], points[8:12])


@behaviour(
    "one-seed-for-both-bits",
    "random_test_points",
    title="Both bits of a point are always equal.",
    hint="Two generators with the same seed draw the same numbers.",
    hint_2="draw ten points and compare their columns.",
    case="wrong/one-seed-for-both-bits",
)
def equal_bits(student):
    points = drawn(student)
    return np.array_equal(points[:, 0], points[:, 1]) and len(np.unique(points)) == 2


@behaviour(
    "test-points-of-one-kind",
    "random_test_points",
    title="The same number is drawn every time: the upper end is left out.",
    hint="Most random functions leave out the upper end.",
    hint_2="draw 1000 points and count the ones.",
)
def one_kind(student):
    return len(np.unique(drawn(student))) == 1


@behaviour(
    "test-points-miss-a-pair",
    "random_test_points",
    title="One of the four pairs of bits is never drawn.",
    **POINTS,
)
def a_pair_is_missing(student):
    points = drawn(student)
    return np.isin(points, (0, 1)).all() and len(np.unique(points, axis=0)) < 4


@behaviour(
    "test-labels-of-other-points",
    "random_test_points",
    title="Points and labels do not belong to each other.",
    hint="A label is the XOR of the very bits that stand in its row.",
    hint_2="draw five points and work their labels out by hand.",
)
def labels_of_other_points(student):
    X, y = (np.asarray(part, float) for part in student.random_test_points(400, 3))
    return 0.3 < np.mean(y == xor_of(X)) < 0.7 and 0.3 < np.mean(y) < 0.7


@behaviour(
    "test-points-without-seed",
    "random_test_points",
    title="The seed does not decide which points are drawn.",
    **SEED,
)
def seed_does_not_decide(student):
    same = np.array_equal(drawn(student), drawn(student))
    return not same or np.array_equal(drawn(student), drawn(student, seed=4))


@behaviour(
    "test-points-rarely-equal",
    "random_test_points",
    title="The four pairs of bits do not come up equally often.",
    **POINTS,
    case="wrong/test-points-rarely-equal",
)
def uneven(student):
    return abs(drawn(student, 1000).mean() - 0.5) > 0.08


@trials("accuracy", rows=("predictions", "targets"), numbers=("predictions",))
def predictions(rng):
    for guess, target in ((1.0, 1.0), (0.5, 1.0), (0.5, 0.0), (0.25, 0.0), (0.0, 1.0), (-1.0, 0.0)):
        yield {"predictions": np.array([guess]), "targets": np.array([target])}
    for n in (2, 3, 5, 8, 12, 20):
        targets = rng.integers(0, 2, size=n).astype(float)
        yield {"predictions": rng.normal(0.5, 1.0, size=n).round(2), "targets": targets}


SHARE = {
    "hint": "The accuracy is the share of samples on the right side of one half.",
    "hint_2": "work 0.4, 0.5, 1.7 and -2 against 0, 1, 0 and 0 out by hand.",
}


@misconception(
    "accuracy-above-one-half",
    "accuracy",
    title="A prediction of exactly one half counts as 0.",
    **SHARE,
    case="wrong/accuracy-above-one-half",
)
def strictly_above(predictions, targets):
    return float(np.mean((predictions > 0.5) == (targets == 1)))


@misconception(
    "accuracy-as-a-count",
    "accuracy",
    title="How many are right comes back, not which share.",
    **SHARE,
    case="wrong/accuracy-as-a-count",
)
def count(predictions, targets):
    return float(np.sum((predictions >= 0.5) == (targets == 1)))


@misconception(
    "accuracy-in-percent",
    "accuracy",
    title="A percentage comes back instead of a share.",
    **SHARE,
    case="wrong/accuracy-in-percent",
)
def percent(predictions, targets):
    return 100 * accuracy(predictions, targets)


@misconception(
    "accuracy-as-error",
    "accuracy",
    title="The share of wrong predictions comes back, not that of right ones.",
    **SHARE,
)
def share_of_wrong_ones(predictions, targets):
    return 1.0 - accuracy(predictions, targets)


@misconception(
    "accuracy-without-threshold",
    "accuracy",
    title="A prediction must equal its target exactly.",
    **SHARE,
    case="wrong/accuracy-without-threshold",
)
def exactly_equal(predictions, targets):
    return float(np.mean(predictions == targets))


@misconception(
    "accuracy-threshold-at-zero",
    "accuracy",
    title="Predictions are compared with 0 instead of 0.5.",
    **SHARE,
)
def above_zero(predictions, targets):
    return float(np.mean((predictions > 0.0) == (targets == 1)))


@misconception(
    "accuracy-threshold-from-zero",
    "accuracy",
    title="Predictions of 0 count as 1: the threshold is 0 instead of 0.5.",
    **SHARE,
)
def from_zero(predictions, targets):
    return float(np.mean((predictions >= 0.0) == (targets == 1)))


@misconception(
    "accuracy-by-rounding",
    "accuracy",
    title="Predictions are rounded: what is far from 0 and 1 is never right, and 0.5 becomes 0.",
    **SHARE,
)
def by_rounding(predictions, targets):
    return float(np.mean(np.round(predictions) == targets))


@misconception(
    "accuracy-by-distance",
    "accuracy",
    title="A prediction must be closer to its target than one half.",
    **SHARE,
)
def closer_than_one_half(predictions, targets):
    return float(np.mean(np.abs(predictions - targets) < 0.5))


@misconception(
    "accuracy-of-ones-alone",
    "accuracy",
    title="Only samples whose target is 1 are looked at.",
    **SHARE,
)
def of_the_ones(predictions, targets):
    return float(np.sum((predictions >= 0.5) & (targets == 1)) / np.sum(targets == 1))


@misconception(
    "accuracy-of-predicted-ones",
    "accuracy",
    title="Only samples that are predicted as 1 are looked at.",
    **SHARE,
)
def of_the_predicted_ones(predictions, targets):
    return float(np.sum((predictions >= 0.5) & (targets == 1)) / np.sum(predictions >= 0.5))


@misconception(
    "accuracy-as-share-of-ones",
    "accuracy",
    title="The share of predicted ones comes back; targets are not looked at.",
    **SHARE,
)
def share_of_ones(predictions, targets):
    return float(np.mean(predictions >= 0.5))


@misconception(
    "accuracy-all-or-nothing",
    "accuracy",
    title="The accuracy is 1 if all are right, and 0 otherwise.",
    **SHARE,
)
def all_or_nothing(predictions, targets):
    return float(accuracy(predictions, targets) == 1.0)


def share_right(points, labels, weights, bias):
    return accuracy(predict_linear(points, weights, bias), labels)


def both(weights, bias, network_bits, points, labels):
    return share_right(points, labels, weights, bias), accuracy(network_bits, XOR)


@observed("two_accuracies", right=both, shown=("weights", "bias", "network_bits"))
def both_accuracies(student, rng):
    for weights, bias in (([0.0, 0.0], 1.0), ([1.0, 0.0], 0.0), ([1.0, 1.0], -0.4)):
        for bits in ([0, 1, 1, 0], [0, 1, 1, 1], [1, 0, 1, 0]):
            points, labels = student.random_test_points(31, 5)
            given = {"weights": np.array(weights), "bias": bias, "network_bits": np.array(bits)}
            drawn_points = {
                "points": np.asarray(points, float),
                "labels": np.asarray(labels, float),
            }
            yield (
                given | drawn_points,
                lambda given=given: student.two_accuracies(*given.values(), 31, 5),
            )


BOTH = {
    "hint": "Two questions, in this order: the plane on random points, the formula on four rows.",
    "hint_2": "try a plane that always says 1 and network bits that are all right.",
}


@misconception(
    "accuracies-in-the-wrong-order",
    "two_accuracies",
    title="The network's accuracy stands before that of the linear model.",
    **BOTH,
    case="wrong/accuracies-in-the-wrong-order",
)
def turned_round(weights, bias, network_bits, points, labels):
    return accuracy(network_bits, XOR), share_right(points, labels, weights, bias)


@misconception(
    "accuracy-on-the-training-rows",
    "two_accuracies",
    title="The linear model is tested on the four rows it was fitted to.",
    **BOTH,
    case="wrong/accuracy-on-the-training-rows",
)
def on_the_training_rows(weights, bias, network_bits, points, labels):
    return share_right(SQUARE, XOR, weights, bias), accuracy(network_bits, XOR)


def with_consistency(function):
    """Both accuracies, where the second is computed otherwise."""

    def gives(weights, bias, network_bits, points, labels):
        second = function(weights, bias, np.asarray(network_bits))
        return share_right(points, labels, weights, bias), float(second)

    return gives


MODELS = {
    "hint": "The network is right where its bit is XOR, whatever the plane says.",
    "hint_2": "try a plane that always says 1 and right network bits: the second is 1.",
}


AGREEMENT = misconception(
    "consistency-of-two-models",
    "two_accuracies",
    title="The network's bits are compared with those of the linear model, not with XOR.",
    **MODELS,
    case="wrong/consistency-of-two-models",
)(with_consistency(lambda w, b, bits: np.mean((predict_linear(SQUARE, w, b) >= 0.5) == bits)))


LINEAR_TWICE = misconception(
    "consistency-of-the-linear-model",
    "two_accuracies",
    title="The second accuracy is that of the linear model on the four rows.",
    **MODELS,
)(with_consistency(lambda w, b, bits: share_right(SQUARE, XOR, w, b)))


SHARE_WRONG = misconception(
    "consistency-as-error",
    "two_accuracies",
    title="The second number is the share of rows on which the network is wrong.",
    **MODELS,
)(with_consistency(lambda w, b, bits: np.mean(bits != XOR)))


ALL_OR_NOTHING = misconception(
    "consistency-all-or-nothing",
    "two_accuracies",
    title="The second number is 1 if all four rows are right, and 0 otherwise.",
    **MODELS,
)(with_consistency(lambda w, b, bits: np.all(bits == XOR)))


COUNT = misconception(
    "consistency-as-a-count",
    "two_accuracies",
    title="The second number is how many rows are right, not which share.",
    **MODELS,
)(with_consistency(lambda w, b, bits: np.sum(bits == XOR)))


@behaviour(
    "test-points-always-as-many",
    "two_accuracies",
    title="The linear model is tested on a fixed number of points, whatever is asked for.",
    hint="Every argument of a function should matter.",
    hint_2="with n = 1 the accuracy can be 0 or 1 only.",
)
def always_as_many_points(student):
    shares = [student.two_accuracies([1.0, 0.0], 0.0, XOR, 1, seed)[0] for seed in (1, 2, 3)]
    return any(0 < share < 1 for share in shares)
