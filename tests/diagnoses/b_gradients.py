"""Part B: what students get wrong about the slope of the error."""

import numpy as np
from b_plane import planes
from linear_estimator import (
    predict_linear,
)

from autograder.diagnosis.declare import misconception, trials


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
