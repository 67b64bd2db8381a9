"""Part C on other columns and other labels."""

import itertools
from itertools import pairwise

import numpy as np
import pytest

SQUARE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
IMPLEMENTATION = {"task": "feature", "category": "implementation"}
CORRECTNESS = {"task": "feature", "category": "correctness"}
FIT = ("weights", "bias", "losses")
CLASSIFIERS = ("logistic_regression", "perceptron", "linear_svm")


@pytest.mark.check(
    **IMPLEMENTATION,
    section="C.1",
    function="add_interaction",
    sibling="a_third_column",
    hint="The product of the two columns, whatever numbers they hold.",
)
def test_interaction_of_random_columns(student, expect, rng):
    """The product of two columns of any numbers stands third."""
    for n in (5, 1):
        X = rng.normal(size=(n, 2))
        expect.close(student.add_interaction(X), np.column_stack([X, X.prod(axis=1)]))


@pytest.mark.check(
    **IMPLEMENTATION,
    section="C.2",
    function="fit_augmented",
    sibling="the_augmented_fit_solves_xor",
    hint="The third column is added inside, and the fit is that of Part B.",
    weight=2,
)
def test_augmented_fit_of_another_rule(student, expect):
    """On AND and on equal bits the fit finds their weights, too."""
    rules = {(0.0, 0.0, 1.0): 0.0, (-1.0, -1.0, 2.0): 1.0}
    for weights, bias in rules.items():
        y = np.column_stack([SQUARE, SQUARE.prod(axis=1)]) @ np.array(weights) + bias
        got = student.fit_augmented(SQUARE, y, 0.2, 3000, 17)
        found, found_bias, losses = expect.parts(got, FIT)
        expect.close(found, weights, atol=1e-3)
        expect.close(found_bias, bias, atol=1e-3)
        expect.array(losses, shape=(3000,))


@pytest.mark.check(
    **IMPLEMENTATION,
    section="C.3",
    function="closed_form",
    sibling="least_squares_through_two_points",
    hint="Any number of columns, with noise: the least-squares solution, bias included.",
)
def test_least_squares_of_random_data(student, expect, rng):
    """At the least-squares solution the residuals are orthogonal to every column and to 1."""
    X, y = rng.normal(size=(20, 4)), rng.normal(size=20)
    weights, bias = expect.parts(student.closed_form(X, y), ("weights", "bias"))
    residuals = X @ expect.array(weights, shape=(4,)) + float(expect.array(bias, shape=())) - y
    expect.close(np.append(X.T @ residuals, residuals.sum()), np.zeros(5), atol=1e-3)


@pytest.mark.check(
    **IMPLEMENTATION,
    section="C.4",
    function="parity_feature",
    sibling="parity_as_a_product",
    hint="The factor of a 0 is 1 and that of a 1 is -1.",
)
def test_parity_feature_of_all_strings(student, expect):
    """The feature of all strings of 1, 3 and 8 bits."""
    for n in (1, 3, 8):
        bits = np.array(list(itertools.product((0, 1), repeat=n)))
        expect.close(student.parity_feature(bits), (-1.0) ** bits.sum(axis=1))


@pytest.mark.check(
    **IMPLEMENTATION,
    section="C.5",
    function="compare_classifiers",
    sibling="classifiers_on_xor",
    hint="Three keys, and for each the accuracy before and after, as numbers from 0 to 1.",
)
def test_classifiers_on_equal_bits(student, expect):
    """On equal bits, no line gets all rows, and with the feature each classifier does."""
    X = np.repeat(SQUARE, (3, 1, 2, 1), axis=0)  # seven rows
    before, after = accuracies(student, expect, X, (X[:, 0] == X[:, 1]).astype(float))
    expect.that(max(before) < 1, "No line gets all rows.")
    whole = all(abs(share * 7 - round(share * 7)) < 1e-3 for share in before)
    expect.that(whole, "The accuracy should be the share of the rows.")
    expect.that(min(after) == 1, "With the feature, every classifier can get all rows.")


def accuracies(student, expect, X, y):
    """Accuracies before and after, of all three classifiers."""
    got = expect.mapping(student.compare_classifiers(X, y), CLASSIFIERS)
    pairs = [expect.parts(got[name], ("before", "after")) for name in CLASSIFIERS]
    pairs = [[float(expect.array(part, shape=())) for part in pair] for pair in pairs]
    within = all(0 <= part <= 1 for pair in pairs for part in pair)
    expect.that(within, "Accuracies are shares from 0 to 1.")
    return zip(*pairs, strict=True)


@pytest.mark.check(
    **CORRECTNESS,
    section="C.2",
    function="fit_augmented",
    sibling="the_augmented_fit_solves_xor",
    hint="Three weights and a bias: with the third column the loss goes to zero.",
)
def test_the_loss_vanishes(student, expect, keep):
    """On XOR the loss falls to zero from every start."""
    for seed in (2, 3):
        got = student.fit_augmented(SQUARE, np.array([0.0, 1.0, 1.0, 0.0]), 0.1, 2000, seed)
        weights, bias, losses = expect.parts(got, FIT)
        losses = expect.array(losses, shape=(2000,))
        keep("augmented_losses", losses[::10])
        expect.close(weights, [1.0, 1.0, -2.0], atol=1e-3)
        expect.close(bias, 0.0, atol=1e-3)
        expect.that(losses[-1] < 1e-6, "The loss should fall to zero.")
    starts = [student.fit_augmented(SQUARE, SQUARE[:, 1], 0.1, 0, seed) for seed in (4, 5)]
    first, other = (expect.array(expect.parts(run, FIT)[0], shape=(3,)) for run in starts)
    differ = not np.allclose(first, other)
    expect.that(differ, "Before the first step, another seed should give another start.")
    follows_the_slope(student, expect, SQUARE, 0.1)
    follows_the_slope(student, expect, SQUARE / 2, 0.9)  # smaller numbers bear a larger rate


def follows_the_slope(student, expect, X, rate):
    """Two steps of a fit to the second column are those of gradient descent at this rate."""
    runs = [student.fit_augmented(X, X[:, 1], rate, k, 4) for k in range(3)]
    runs = [expect.parts(run, FIT) for run in runs]
    columns = np.column_stack([X, X.prod(axis=1), np.ones(4)])
    for before, after in pairwise(runs):
        start = np.append(expect.array(before[0], shape=(3,)), expect.array(before[1], shape=()))
        end = np.append(expect.array(after[0], shape=(3,)), expect.array(after[1], shape=()))
        residuals = columns @ start - X[:, 1]
        same = np.allclose(end, start - rate * 2 / 4 * columns.T @ residuals, atol=1e-4)
        expect.that(same, "The steps should be those of gradient descent.")


@pytest.mark.check(
    **CORRECTNESS,
    section="C.3",
    function="closed_form",
    sibling="least_squares_through_two_points",
    hint="Where columns depend on each other no inverse exists; lstsq and pinv do not mind.",
)
def test_least_squares_of_dependent_columns(student, expect):
    """Two equal columns share the weight; XOR on two columns gives the constant 0.5."""
    column = np.array([[0.0], [1.0], [2.0], [4.0]])
    got = student.closed_form(np.hstack([column, column]), 3 * column[:, 0] + 1)
    weights, bias = expect.parts(got, ("weights", "bias"))
    expect.close(weights, [1.5, 1.5], atol=1e-3)
    expect.close(bias, 1.0, atol=1e-3)
    got = student.closed_form(SQUARE, np.array([0.0, 1.0, 1.0, 0.0]))
    weights, bias = expect.parts(got, ("weights", "bias"))
    expect.close(weights, [0.0, 0.0])
    expect.close(bias, 0.5)


@pytest.mark.check(
    **CORRECTNESS,
    section="C.4",
    function="parity_feature",
    sibling="parity_as_a_product",
    hint="No bit may be left out, and the row may be long.",
)
def test_parity_feature_of_long_strings(student, expect, rng):
    """Strings of 200 bits, where flipping any one bit flips the sign."""
    bits = rng.integers(0, 2, size=(8, 200))
    got = expect.array(student.parity_feature(bits), shape=(8,))
    expect.close(got, (-1.0) ** bits.sum(axis=1))
    flipped = bits.copy()
    flipped[np.arange(8), rng.integers(0, 200, size=8)] ^= 1
    expect.close(student.parity_feature(flipped), -got)


@pytest.mark.check(
    **CORRECTNESS,
    section="C.5",
    function="compare_classifiers",
    sibling="classifiers_on_xor",
    hint="On a rule that is linear already, a classifier that is free to fit gets all rows.",
)
def test_classifiers_on_a_linear_rule(student, expect):
    """AND needs no feature: before and after, every classifier gets all rows."""
    for y in (np.array([0.0, 0.0, 0.0, 1.0]), np.array([0.0, 1.0, 1.0, 1.0])):
        before, after = accuracies(student, expect, SQUARE, y)
        expect.that(min(before) == 1, "Without regularisation each gets all rows of a linear rule.")
        expect.that(min(after) == 1, "With the feature each still gets all rows.")
    X, y = np.repeat(SQUARE, (1, 1, 1, 7), axis=0), np.array([0.0] * 3 + [1.0] * 4 + [0.0] * 3)
    before, after = accuracies(student, expect, X, y)  # four of the seven last rows are 1
    most = "Where equal rows have different labels, logistic regression follows most of them."
    expect.that(abs(before[0] - 0.7) < 1e-6 and abs(after[0] - 0.7) < 1e-6, most)
