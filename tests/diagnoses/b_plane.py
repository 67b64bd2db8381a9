"""Part B: what students get wrong about the data, a plane over them and its error."""

import numpy as np

from autograder.diagnosis.declare import misconception, symptom, trials
from autograder.diagnosis.symptoms import only_where, part_wrong

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


DATA_PARTS = [
    symptom(
        "data-labels-alone-wrong",
        "xor_data",
        title="The four rows are right, their labels are not.",
        **DATA,
    )(part_wrong(1)),
    symptom(
        "data-rows-alone-wrong",
        "xor_data",
        title="The labels are right, the four rows are not: their order, values or type.",
        **DATA,
    )(part_wrong(0)),
]


def moved_by_the_bias(seen):
    return all(
        np.ptp(np.asarray(one.got) - one.right) < 1e-6 for one in seen if one.wrong
    ) and only_where(lambda given: given["bias"] != 0)(seen)


PLANE = {
    "hint": "Z = w_1 * x_1 + ... + w_d * x_d + b, for each row alone and any d.",
    "hint_2": "work one row by hand, term by term.",
}
WRONG_PLANES = [
    symptom(
        "plane-bias-wrong",
        "predict_linear",
        title="The weighted sum is right; only the bias enters in a wrong way.",
        **PLANE,
    )(moved_by_the_bias),
    symptom(
        "plane-wrong-but-for-two-columns",
        "predict_linear",
        title="Estimates are right for one or two columns only.",
        **PLANE,
    )(only_where(lambda given: given["X"].shape[1] > 2)),
    symptom(
        "plane-wrong-if-several-columns",
        "predict_linear",
        title="Estimates are right for a single column only.",
        **PLANE,
    )(only_where(lambda given: given["X"].shape[1] > 1)),
    symptom(
        "plane-limited",
        "predict_linear",
        title="Estimates never leave the range from 0 to 1.",
        hint="A plane has no bounds; nothing is cut off, squashed or rounded.",
        hint_2="what do you return for X = [[2]], weights [3] and bias 1?",
    )(lambda seen: all(np.all((np.asarray(s.got) >= 0) & (np.asarray(s.got) <= 1)) for s in seen)),
]


@misconception(
    "plane-over-centred-inputs",
    "predict_linear",
    title="The columns are centred first, so an estimate depends on the other rows.",
    hint="Each row is estimated alone, from its own numbers.",
    hint_2="compare two rows together with each of them alone.",
)
def centred_inputs(X, weights, bias):
    return (X - X.mean(axis=0)) @ weights + bias


@misconception(
    "plane-over-standardised-inputs",
    "predict_linear",
    title="The columns are standardised first, so an estimate depends on the other rows.",
    hint="Each row is estimated alone, from its own numbers.",
    hint_2="compare two rows together with each of them alone.",
)
def standardised_inputs(X, weights, bias):
    return (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-12) @ weights + bias


@misconception(
    "plane-with-normalised-weights",
    "predict_linear",
    title="The weights are scaled to length 1 first.",
    **PLANE,
)
def normalised_weights(X, weights, bias):
    return X @ (weights / (np.linalg.norm(weights) or 1.0)) + bias


@misconception(
    "plane-through-a-tanh",
    "predict_linear",
    title="The estimate is passed through a tanh.",
    **PLANE,
)
def tanh_of_the_plane(X, weights, bias):
    return np.tanh(X @ weights + bias)


@misconception(
    "bias-multiplied",
    "predict_linear",
    title="The weighted sum is multiplied with the bias, which should be added.",
    **PLANE,
)
def times_the_bias(X, weights, bias):
    return X @ weights * bias


@misconception(
    "error-by-the-targets",
    "mean_squared_error",
    title="The error is divided by the size of the targets: a relative error.",
    **ERROR,
)
def relative(predictions, targets):
    return np.mean((predictions - targets) ** 2) / np.mean(targets**2)


@misconception(
    "error-divided-by-the-variance",
    "mean_squared_error",
    title="The error is divided by the variance of the targets.",
    **ERROR,
)
def by_variance(predictions, targets):
    return np.mean((predictions - targets) ** 2) / np.var(targets)


@misconception(
    "difference-of-squares",
    "mean_squared_error",
    title="Each number is squared before the difference is taken.",
    **ERROR,
)
def squared_first(predictions, targets):
    return np.mean(predictions**2 - targets**2)


@misconception(
    "median-of-squares",
    "mean_squared_error",
    title="The median of the squares comes back, not their mean.",
    **ERROR,
)
def median(predictions, targets):
    return np.median((predictions - targets) ** 2)


@misconception(
    "root-of-the-sum-over-n",
    "mean_squared_error",
    title="The root of the sum of squares is divided by N: root and mean in the wrong order.",
    **ERROR,
)
def root_before_the_mean(predictions, targets):
    return np.sqrt(np.sum((predictions - targets) ** 2)) / len(targets)


@misconception(
    "error-of-positive-differences",
    "mean_squared_error",
    title="Only differences of one sign count.",
    **ERROR,
)
def one_sided(predictions, targets):
    return np.mean(np.maximum(predictions - targets, 0.0) ** 2)


@misconception(
    "error-over-pairs",
    "mean_squared_error",
    title="Every estimate is compared with every target, not with its own.",
    hint="Estimate i belongs to target i; what shapes are subtracted?",
    hint_2="print the shape of the differences: (N,) is due, not (N, N).",
)
def every_pair(predictions, targets):
    return np.mean((predictions[:, np.newaxis] - targets) ** 2)


WRONG_ERRORS = [
    symptom(
        "error-wrong-in-its-mean",
        "mean_squared_error",
        title="A single sample is right; over several, the squares are combined in a wrong way.",
        **ERROR,
    )(only_where(lambda given: len(given["targets"]) > 1)),
    symptom(
        "error-turns-negative",
        "mean_squared_error",
        title="An error comes back that is negative, which no mean of squares can be.",
        **ERROR,
    )(lambda seen: any(np.any(np.asarray(one.got) < 0) for one in seen)),
]
