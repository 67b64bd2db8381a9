"""Part B: what students get wrong about test points and shares of right answers."""

import numpy as np
from b_descent import SEED
from b_plane import SQUARE, XOR
from linear_estimator import (
    accuracy,
    predict_linear,
)

from autograder.diagnosis.declare import behaviour, misconception, observed, symptom, trials
from autograder.diagnosis.symptoms import only_where, part_wrong


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


@misconception(
    "accuracy-by-rounding-up",
    "accuracy",
    title="Predictions are rounded to the nearest whole number: what is far from 0 and 1 is never "
    "right.",
    **SHARE,
    case="wrong/accuracy-rounds-halves-up",
)
def by_rounding_halves_up(predictions, targets):
    return np.mean(np.floor(predictions + 0.5) == targets)


@misconception(
    "accuracy-of-cut-off-bits",
    "accuracy",
    title="Predictions are cut to whole numbers, so everything below 1 counts as a 0.",
    **SHARE,
)
def by_cutting_off(predictions, targets):
    return np.mean(predictions.astype(int) == targets)


@misconception(
    "accuracy-balanced",
    "accuracy",
    title="The shares of right zeros and of right ones are averaged, instead of all samples.",
    **SHARE,
)
def balanced(predictions, targets):
    right = (predictions >= 0.5) == (targets == 1)
    return np.mean([np.mean(right[targets == label]) for label in np.unique(targets)])


@misconception(
    "accuracy-by-their-mean",
    "accuracy",
    title="Predictions are compared with their own mean, not with one half.",
    **SHARE,
)
def threshold_at_the_mean(predictions, targets):
    return np.mean((predictions >= predictions.mean()) == (targets == 1))


@misconception(
    "accuracy-of-sizes",
    "accuracy",
    title="The size of a prediction is compared with one half, whatever its sign.",
    **SHARE,
)
def without_sign(predictions, targets):
    return np.mean((np.abs(predictions) >= 0.5) == (targets == 1))


@misconception(
    "accuracy-as-one-minus-the-error",
    "accuracy",
    title="One minus the mean squared error comes back.",
    **SHARE,
)
def one_minus_the_error(predictions, targets):
    return 1.0 - np.mean((predictions - targets) ** 2)


@misconception(
    "accuracy-as-one-minus-the-distance",
    "accuracy",
    title="One minus the mean distance comes back.",
    **SHARE,
)
def one_minus_the_distance(predictions, targets):
    return 1.0 - np.mean(np.abs(predictions - targets))


WRONG_SHARES = [
    symptom(
        "accuracy-wrong-at-one-half",
        "accuracy",
        title="The accuracy is wrong only where a prediction is exactly one half.",
        hint="A prediction of at least 0.5 counts as a 1.",
        hint_2="what is the accuracy of [0.5] against [1], and against [0]?",
    )(only_where(lambda given: np.any(given["predictions"] == 0.5))),
    symptom(
        "accuracy-wrong-far-from-the-labels",
        "accuracy",
        title="The accuracy is wrong only where a prediction lies below 0 or above 1.",
        hint="Predictions may be any numbers: 3 counts as a 1, and -3 as a 0.",
        hint_2="work 0.4, 0.5, 1.7 and -2 against 0, 1, 0 and 0 out by hand.",
    )(only_where(lambda given: np.any((given["predictions"] < 0) | (given["predictions"] > 1)))),
    symptom(
        "accuracy-wrong-for-several",
        "accuracy",
        title="The accuracy of one sample is right; several are counted in a wrong way.",
        **SHARE,
    )(only_where(lambda given: len(given["targets"]) > 1)),
    symptom(
        "accuracy-outside-zero-to-one",
        "accuracy",
        title="Something comes back that is no share: below 0 or above 1.",
        **SHARE,
    )(lambda seen: any(not 0 <= np.min(one.got) <= np.max(one.got) <= 1 for one in seen)),
    symptom(
        "accuracy-never-between",
        "accuracy",
        title="Only 0 and 1 come back, never a share between them.",
        **SHARE,
    )(lambda seen: all(float(one.got) in (0.0, 1.0) for one in seen)),
]


@misconception(
    "consistency-on-the-drawn-points",
    "two_accuracies",
    title="The network is judged on the drawn points, not once on each of the four rows.",
    hint="The second question is whether the formula is XOR: four rows, each counted once.",
    hint_2="right on three of the four rows is 0.75, whatever points are drawn.",
    case="wrong/consistency-on-the-drawn-points",
)
def network_on_drawn_points(weights, bias, network_bits, points, labels):
    rows = (2 * points[:, 0] + points[:, 1]).astype(int)
    first = share_right(points, labels, weights, bias)
    return first, accuracy(np.asarray(network_bits)[rows], labels)


@misconception(
    "labels-of-the-network",
    "two_accuracies",
    title="The linear model is compared with the network's bits, not with XOR.",
    **MODELS,
)
def network_as_truth(weights, bias, network_bits, points, labels):
    rows = (2 * points[:, 0] + points[:, 1]).astype(int)
    bits = np.asarray(network_bits)
    return share_right(points, bits[rows], weights, bias), accuracy(bits, XOR)


@misconception(
    "linear-model-without-threshold",
    "two_accuracies",
    title="The first number is an error of the estimates, not a share of right answers.",
    **BOTH,
)
def error_for_accuracy(weights, bias, network_bits, points, labels):
    first = np.mean((predict_linear(points, weights, bias) - labels) ** 2)
    return float(first), accuracy(network_bits, XOR)


WRONG_ACCURACIES = [
    symptom(
        "accuracy-of-the-linear-model-wrong",
        "two_accuracies",
        title="The network's accuracy is right, that of the linear model on random points is not.",
        **BOTH,
    )(part_wrong(0)),
    symptom(
        "accuracy-of-the-network-wrong",
        "two_accuracies",
        title="The linear model's accuracy is right, the network's on the four rows is not.",
        **MODELS,
    )(part_wrong(1)),
]


def counts(student, n, seed):
    """How often each of the four pairs comes up."""
    points = drawn(student, n, seed)
    return [int(np.sum((points == pair).all(axis=1))) for pair in SQUARE]


@behaviour(
    "test-points-always-balanced",
    "random_test_points",
    title="Each of the four pairs comes up equally often in every draw: the points are not "
    "independent.",
    hint="Uniform means equally likely, not equally often: counts vary by chance.",
    hint_2="draw 40 points with five seeds, and count the pair (0, 0) in each.",
    case="wrong/random-points-balanced",
)
def always_balanced(student):
    return all(np.ptp(counts(student, n, seed)) <= 1 for n, seed in ((40, 1), (40, 2), (10, 3)))


@behaviour(
    "test-labels-always-balanced",
    "random_test_points",
    title="Half of the labels are ones in every draw: the points are not independent.",
    hint="Uniform means equally likely, not equally often: counts vary by chance.",
    hint_2="draw 40 points with five seeds, and count the ones among the labels.",
)
def labels_always_balanced(student):
    return all(np.sum(student.random_test_points(40, seed)[1]) == 20 for seed in range(1, 6))


@behaviour(
    "test-points-sorted",
    "random_test_points",
    title="Points are sorted, so that equal pairs follow each other.",
    hint="Each row is drawn for itself, whatever stands before it.",
    hint_2="draw ten points and look at their order.",
)
def sorted_points(student):
    numbers = drawn(student, 60) @ [2, 1]
    return bool(np.all(np.diff(numbers) >= 0)) and len(set(numbers.tolist())) > 1


@behaviour(
    "test-points-follow-each-other",
    "random_test_points",
    title="A point depends on the one before it.",
    hint="Each row is drawn for itself, whatever stands before it.",
    hint_2="draw 1000 points: how often does (0, 0) follow (0, 0)? A quarter of the times is due.",
)
def points_follow(student):
    signs = 1 - 2 * drawn(student, 1000)
    return np.abs(signs[1:].T @ signs[:-1]).max() > 160


@behaviour(
    "test-points-of-other-number",
    "random_test_points",
    title="Another number of points comes back than is asked for.",
    hint="n says how many points are drawn.",
    hint_2="draw 1, 5 and 10 points, and print the shapes.",
)
def another_number(student):
    return any(len(student.random_test_points(n, 1)[0]) != n for n in (1, 5, 10))


@behaviour(
    "test-points-as-integers",
    "random_test_points",
    title="Points or labels are no float64 arrays of the shapes (n, 2) and (n,).",
    hint="The docstring names dtype and shape of both arrays.",
    hint_2="print dtype and shape of both.",
)
def another_form(student):
    X, y = student.random_test_points(10, 1)
    return (X.dtype, y.dtype, X.shape, y.shape) != (np.float64, np.float64, (10, 2), (10,))
