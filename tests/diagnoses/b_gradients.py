"""Part B: what students get wrong about the slope of the error."""

import numpy as np
from b_plane import planes
from linear_estimator import (
    predict_linear,
)

from autograder.diagnosis.declare import misconception, symptom, trials
from autograder.diagnosis.symptoms import (
    only_where,
    part_wrong,
    related,
)


@trials("mse_gradients", rows=("X", "y"), numbers=("X", "y", "weights", "bias"))
def places(rng):
    for X, weights, bias in planes(rng):
        y = rng.integers(0, 2, size=len(X)).astype(float)
        yield {"X": X, "y": y, "weights": weights, "bias": bias}
    X, y = np.array([[1.0], [0.5]]), np.array([1.0, 0.5])  # nearly fitted
    yield {"X": X, "y": y, "weights": np.array([0.75]), "bias": 0.25}


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
    "gradient-by-the-entries",
    "mse_gradients",
    title="The mean is taken over all entries of X: N times d instead of N samples.",
    **FACTOR,
)
def by_the_entries(X, y, weights, bias):
    return gradients(X, y, weights, bias, 2.0 / X.size)


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


LENGTH = {
    "hint": "A gradient says how steep the error is, not only in which direction it grows.",
    "hint_2": "move one weight by 0.001: by how much does the loss change, and what do you return?",
}


def whole(X, y, weights, bias):
    """Both gradients in one array."""
    by_weights, by_bias = gradients(X, y, weights, bias)
    return np.append(by_weights, by_bias)


def in_parts(gradient):
    return gradient[:-1], float(gradient[-1])


@misconception(
    "gradient-of-unit-length",
    "mse_gradients",
    title="The gradient is scaled to length 1: the direction is right, the length is lost.",
    **LENGTH,
    case="wrong/gradient-of-unit-length",
)
def of_unit_length(X, y, weights, bias):
    found = whole(X, y, weights, bias)
    return in_parts(found / (np.linalg.norm(found) or 1.0))


@misconception(
    "gradients-each-of-unit-length",
    "mse_gradients",
    title="The gradient of the weights is scaled to length 1, so the length is lost.",
    **LENGTH,
)
def weights_of_unit_length(X, y, weights, bias):
    by_weights, by_bias = gradients(X, y, weights, bias)
    return by_weights / (np.linalg.norm(by_weights) or 1.0), by_bias


@misconception(
    "gradient-clipped",
    "mse_gradients",
    title="A gradient longer than 1 is cut to length 1, as training in Part D does.",
    **LENGTH,
)
def clipped(X, y, weights, bias):
    found = whole(X, y, weights, bias)
    return in_parts(found / max(np.linalg.norm(found), 1.0))


@misconception(
    "gradient-cut-off-number-by-number",
    "mse_gradients",
    title="Each number of the gradient is cut off at -1 and 1.",
    **LENGTH,
)
def cut_off_at_one(X, y, weights, bias):
    return in_parts(np.clip(whole(X, y, weights, bias), -1.0, 1.0))


@misconception(
    "gradient-of-signs",
    "mse_gradients",
    title="Only the signs of the gradient come back.",
    **LENGTH,
)
def signs_of_the_gradient(X, y, weights, bias):
    return in_parts(np.sign(whole(X, y, weights, bias)))


@misconception(
    "gradient-of-the-last-sample",
    "mse_gradients",
    title="Only the last sample counts: a loop replaces the gradient instead of adding to it.",
    hint="The gradient of a mean over all samples is the mean of their gradients.",
    hint_2="compare the gradient of two samples with that of each of them.",
)
def of_the_last_sample(X, y, weights, bias):
    return gradients(X[-1:], y[-1:], weights, bias)


@misconception(
    "gradient-of-the-first-sample",
    "mse_gradients",
    title="Only the first sample counts: a loop returns too early.",
    hint="The gradient of a mean over all samples is the mean of their gradients.",
    hint_2="compare the gradient of two samples with that of each of them.",
)
def of_the_first_sample(X, y, weights, bias):
    return gradients(X[:1], y[:1], weights, bias)


@misconception(
    "gradient-of-the-root",
    "mse_gradients",
    title="The gradient is that of the root of the error.",
    hint="The error is the mean of squares itself, without a root.",
    hint_2="move one weight by 0.001: by how much does the loss change, and what do you return?",
)
def of_the_root(X, y, weights, bias):
    error = np.mean((predict_linear(X, weights, bias) - y) ** 2)
    return in_parts(whole(X, y, weights, bias) / (2.0 * np.sqrt(error)))


@misconception(
    "gradient-through-a-sigmoid",
    "mse_gradients",
    title="The estimates are passed through a sigmoid before the residuals are taken.",
    hint="The model is a plane: Z = X w + b, without a function behind it.",
    hint_2="compare your residuals with predict_linear(X, weights, bias) - y.",
)
def of_a_sigmoid(X, y, weights, bias):
    residuals = 1.0 / (1.0 + np.exp(-predict_linear(X, weights, bias))) - y
    return 2 / len(y) * X.T @ residuals, float(2 / len(y) * residuals.sum())


def same_direction(got, right):
    scale = np.linalg.norm(got) * np.linalg.norm(right)
    return scale < 1e-9 or got @ right > 0.999 * scale


def a_multiple_of_the_weights_is_added(seen):
    """What is off in the weights' gradient is a multiple of the weights, as with a penalty."""
    factors = []
    for one in seen:
        off, weights = np.asarray(one.got[0]) - one.right[0], one.given["weights"]
        factors += (off[weights != 0] / weights[weights != 0]).tolist()
    return part_wrong(0)(seen) and np.ptp(factors) < 1e-4


PARTS = {
    "hint": "dL/dw = 2/N * X^T r and dL/db = 2/N * sum r share everything but X.",
    "hint_2": "move one weight, and then the bias, by 0.001, and compare with what you return.",
}
WRONG_GRADIENTS = [
    symptom(
        "gradient-with-a-penalty",
        "mse_gradients",
        title="A multiple of the weights is added to their gradient, as a penalty would do.",
        hint="The loss is the mean squared error alone; large weights cost nothing.",
        hint_2="take your residuals to zero: the gradient should vanish.",
    )(a_multiple_of_the_weights_is_added),
    symptom(
        "gradient-of-another-length",
        "mse_gradients",
        title="The gradient has the right direction and a wrong length.",
        **LENGTH,
    )(related(same_direction)),
    symptom(
        "gradient-of-the-bias-wrong",
        "mse_gradients",
        title="The gradient of the weights is right, that of the bias is not.",
        **PARTS,
    )(part_wrong(1)),
    symptom(
        "gradient-of-the-weights-wrong",
        "mse_gradients",
        title="The gradient of the bias is right, that of the weights is not.",
        **PARTS,
    )(part_wrong(0)),
    symptom(
        "gradient-wrong-over-several-samples",
        "mse_gradients",
        title="The gradient is right for one sample; several are combined in a wrong way.",
        hint="The gradient of a mean over all samples is the mean of their gradients.",
        hint_2="compare the gradient of two samples with that of each of them.",
    )(only_where(lambda given: len(given["y"]) > 1)),
    symptom(
        "gradient-wrong-with-several-columns",
        "mse_gradients",
        title="The gradient is right for a single column only.",
        **PARTS,
    )(only_where(lambda given: given["X"].shape[1] > 1)),
    symptom(
        "gradient-wrong-with-a-bias",
        "mse_gradients",
        title="The gradient is right only if the bias is 0.",
        **PARTS,
    )(only_where(lambda given: given["bias"] != 0)),
]
