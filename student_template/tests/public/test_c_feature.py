"""Part C on samples small enough to be worked out by hand."""

import numpy as np
import pytest

SQUARE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])
CLASSIFIERS = ("logistic_regression", "perceptron", "linear_svm")
FIT = ("weights", "bias", "losses")
ON_THE_WAY = (0, 1, 3, 10, 30, 100, 300)
"""Numbers of steps after which a picture shows the weights."""


@pytest.mark.check(
    task="feature",
    section="C.1",
    function="add_interaction",
    hint="Both columns stay; their product comes third.",
)
def test_a_third_column(student, expect):
    """(2, 3) becomes (2, 3, 6)."""
    X = np.array([[2.0, 3.0], [1.0, 0.0]])
    expected = [[2.0, 3.0, 6.0], [1.0, 0.0, 0.0]]
    expect.close(student.add_interaction(X), expected, given={"X": X})


@pytest.mark.check(
    task="feature",
    section="C.2",
    function="fit_augmented",
    hint="Add the column inside the function; rate 0.1 and 2000 steps are enough.",
)
def test_the_augmented_fit_solves_xor(student, expect, keep):
    """On XOR the weights come to 1, 1, -2 and the bias to 0."""
    got = student.fit_augmented(SQUARE, XOR, 0.1, 2000, 0)
    weights, bias, losses = expect.parts(got, FIT)
    losses = expect.array(losses, shape=(2000,), what="losses")
    keep("augmented_losses", [np.arange(0, 1000, 20), losses[:1000:20]])

    def way():
        fits = [student.fit_augmented(SQUARE, XOR, 0.1, steps, 0) for steps in ON_THE_WAY]
        ends = [expect.parts(fit, FIT)[:2] for fit in fits] + [(weights, bias)]
        points = [[*expect.array(w, shape=(3,)), expect.array(b, shape=())] for w, b in ends]
        return [range(1, len(points) + 1), *np.transpose(points)]

    keep("augmented_weights", way)
    expect.close(weights, [1.0, 1.0, -2.0], what="weights", atol=1e-3)
    expect.close(bias, 0.0, what="bias", atol=1e-3)


@pytest.mark.check(
    task="feature",
    section="C.3",
    function="closed_form",
    hint="A column of ones beside X makes the bias one more weight.",
)
def test_least_squares_through_two_points(student, expect):
    """The line through (0, 1) and (2, 5)."""
    given = {"X": np.array([[0.0], [2.0]]), "y": np.array([1.0, 5.0])}
    weights, bias = expect.parts(student.closed_form(**given), ("weights", "bias"))
    expect.close(weights, [2.0], what="weights", given=given)
    expect.close(bias, 1.0, what="bias", given=given)


@pytest.mark.check(
    task="feature",
    section="C.4",
    function="parity_feature",
    hint="1 - 2x turns a 0 into 1 and a 1 into -1; multiply along the row.",
)
def test_parity_as_a_product(student, expect):
    """Two ones give 1, three ones give -1."""
    bits = np.array([[1, 0, 1, 0], [1, 1, 1, 0]])
    expect.close(student.parity_feature(bits), [1.0, -1.0], given={"bits": bits})


@pytest.mark.check(
    task="feature",
    section="C.5",
    function="compare_classifiers",
    hint="Fit, predict on the same rows, take the accuracy; then again with the third column.",
)
def test_classifiers_on_xor(student, expect):
    """No linear classifier gets all of XOR; with the feature each does."""
    got = expect.mapping(student.compare_classifiers(SQUARE, XOR), CLASSIFIERS)
    for name in CLASSIFIERS:
        before, after = expect.parts(got[name], ("accuracy before", "accuracy after"))
        before, after = expect.array(before, shape=()), expect.array(after, shape=())
        expect.that(0 <= before <= 0.75, "No line gets more than 3 of the 4 rows.", got=got)
        expect.that(after == 1, "With the feature, every classifier can get all rows.", got=got)
