"""Part B: what students get wrong about test points and shares of right answers."""

import numpy as np
from b_descent import SEED
from b_plane import SQUARE, XOR
from linear_estimator import (
    accuracy,
    predict_linear,
)

from autograder.diagnosis.declare import behaviour, misconception, observed, trials


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
