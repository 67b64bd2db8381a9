"""Part C: what students get wrong about the third column.

The reference of this part loads scikit-learn, which nothing here needs; so what is right
stands here in a line each.
"""

import numpy as np
from linear_estimator import mean_squared_error, mse_gradients, predict_linear

from autograder.diagnosis.declare import behaviour, misconception, observed, trials

SQUARE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])


def add_interaction(X):
    return np.column_stack([X, X[:, 0] * X[:, 1]])


@trials("add_interaction", right=add_interaction, rows=("X",), numbers=("X",))
def pairs(rng):
    for pair in ((1, 1), (0, 1), (1, 0), (2, 3), (2, 1)):
        yield {"X": np.array([pair], dtype=float)}
    for n in (1, 2, 3, 5, 8):
        yield {"X": rng.normal(size=(n, 2)).round(1)}


COLUMN = {
    "hint": "The columns are A1, A2, and what neither says alone: A1 * A2.",
    "hint_2": "work (2, 3) out by hand: it becomes (2, 3, 6).",
}


@misconception(
    "interaction-as-a-sum",
    "add_interaction",
    title="The third column is the sum of the two, not their product.",
    hint="A sum is linear: the model could have made it by itself.",
    hint_2="work (2, 3) out by hand: it becomes (2, 3, 6).",
    case="wrong/interaction-as-a-sum",
)
def sum_of_both(X):
    return np.column_stack([X, X[:, 0] + X[:, 1]])


@misconception(
    "interaction-as-a-difference",
    "add_interaction",
    title="The third column is the difference of the two, not their product.",
    hint="A difference is linear: the model could have made it by itself.",
    hint_2="work (2, 3) out by hand: it becomes (2, 3, 6).",
)
def difference_of_both(X):
    return np.column_stack([X, X[:, 0] - X[:, 1]])


@misconception(
    "interaction-as-distance",
    "add_interaction",
    title="The third column is the distance of the two.",
    hint="If the feature already is the answer, nothing is left to learn.",
    hint_2="work (2, 3) out by hand: it becomes (2, 3, 6).",
)
def distance_of_both(X):
    return np.column_stack([X, np.abs(X[:, 0] - X[:, 1])])


@misconception(
    "interaction-as-a-square",
    "add_interaction",
    title="The third column is a square of the first, not the product of both.",
    **COLUMN,
)
def square_of_the_first(X):
    return np.column_stack([X, X[:, 0] ** 2])


@misconception(
    "interaction-comes-first",
    "add_interaction",
    title="The product stands before the two columns.",
    **COLUMN,
    case="wrong/interaction-comes-first",
)
def product_first(X):
    return np.column_stack([X[:, 0] * X[:, 1], X])


@misconception(
    "interaction-of-bits-only",
    "add_interaction",
    title="The third column is a logical and, which is a product for bits only.",
    **COLUMN,
    case="wrong/interaction-of-bits-only",
)
def logical_and(X):
    return np.column_stack([X, (X[:, 0] > 0.5) & (X[:, 1] > 0.5)])


@misconception(
    "interaction-replaces-the-columns",
    "add_interaction",
    title="Only the product is kept.",
    **COLUMN,
    case="wrong/interaction-replaces-the-columns",
)
def product_alone(X):
    return (X[:, 0] * X[:, 1])[:, np.newaxis]


@misconception(
    "interaction-absent",
    "add_interaction",
    title="No column is added.",
    **COLUMN,
)
def unchanged(X):
    return X


@misconception(
    "interaction-with-ones",
    "add_interaction",
    title="A column of ones is added besides.",
    hint="The bias is a parameter of its own here.",
    hint_2="count the columns: (2, 3) becomes (2, 3, 6).",
)
def with_ones(X):
    return np.column_stack([np.ones(len(X)), X, X[:, 0] * X[:, 1]])


@misconception(
    "interaction-is-the-answer",
    "add_interaction",
    title="The third column is XOR itself, A1 + A2 - 2 * A1 * A2.",
    hint="If the feature already is the answer, nothing is left to learn.",
    hint_2="work (2, 3) out by hand: it becomes (2, 3, 6).",
    case="wrong/interaction-is-the-answer",
)
def answer_as_a_feature(X):
    return np.column_stack([X, X[:, 0] + X[:, 1] - 2.0 * X[:, 0] * X[:, 1]])


@misconception(
    "interaction-compares-the-columns",
    "add_interaction",
    title="The third column says whether the two differ: XOR itself.",
    hint="If the feature already is the answer, nothing is left to learn.",
    hint_2="work (2, 3) out by hand: it becomes (2, 3, 6).",
)
def whether_they_differ(X):
    return np.column_stack([X, X[:, 0] != X[:, 1]])


@misconception(
    "interaction-as-a-squared-distance",
    "add_interaction",
    title="The third column is the squared difference of the two.",
    hint="If the feature already is the answer, nothing is left to learn.",
    hint_2="work (2, 3) out by hand: it becomes (2, 3, 6).",
)
def squared_distance(X):
    return np.column_stack([X, (X[:, 0] - X[:, 1]) ** 2])


@misconception(
    "interaction-of-or",
    "add_interaction",
    title="The third column is A1 + A2 - A1 * A2, which is OR for bits.",
    **COLUMN,
)
def or_of_both(X):
    return np.column_stack([X, X[:, 0] + X[:, 1] - X[:, 0] * X[:, 1]])


@misconception(
    "interaction-as-a-minimum",
    "add_interaction",
    title="The third column is the smaller of the two, which is a product for bits only.",
    **COLUMN,
)
def smaller_of_both(X):
    return np.column_stack([X, X.min(axis=1)])


@misconception(
    "interaction-of-centred-columns",
    "add_interaction",
    title="The columns are centred before they are multiplied.",
    **COLUMN,
)
def product_of_centred_columns(X):
    return np.column_stack([X, np.prod(X - X.mean(axis=0), axis=1)])


@misconception(
    "interaction-of-signs",
    "add_interaction",
    title="Bits are turned into signs before they are multiplied.",
    **COLUMN,
)
def product_of_signs(X):
    return np.column_stack([X, np.prod(1.0 - 2.0 * X, axis=1)])


@misconception(
    "interaction-with-squares",
    "add_interaction",
    title="Squares of the columns are added besides.",
    hint="One column is added, not all terms of the second degree.",
    hint_2="count the columns: (2, 3) becomes (2, 3, 6).",
)
def with_squares(X):
    return np.column_stack([X, X[:, 0] ** 2, X[:, 0] * X[:, 1], X[:, 1] ** 2])


def descend(X, y, learning_rate, steps, weights, bias, columns=None):
    losses, columns = [], (columns or add_interaction)(X)
    for _ in range(steps):
        losses.append(mean_squared_error(predict_linear(columns, weights, bias), y))
        by_weights, by_bias = mse_gradients(columns, y, weights, bias)
        weights, bias = weights - learning_rate * by_weights, bias - learning_rate * by_bias
    return weights, bias, np.array(losses)


@observed("fit_augmented", right=descend, shown=("X", "y", "learning_rate", "steps"))
def descents(student, rng):
    for n, rate, steps in ((1, 0.1, 1), (2, 0.1, 1), (4, 0.2, 2), (5, 0.05, 3)):
        X, y = rng.normal(size=(n, 2)).round(1), rng.integers(0, 2, size=n).astype(float)
        (weights, bias, losses), again = (student.fit_augmented(X, y, rate, 0, 4) for _ in "ab")
        if len(losses) or not np.allclose(weights, again[0]):
            raise ValueError  # what follows from such a start cannot be told
        given = {"X": X, "y": y, "learning_rate": rate, "steps": steps}
        given |= {"weights": np.asarray(weights, float), "bias": float(bias)}
        yield (
            given,
            lambda X=X, y=y, rate=rate, steps=steps: student.fit_augmented(X, y, rate, steps, 4),
        )


@misconception(
    "augmented-without-the-feature",
    "fit_augmented",
    title="The two columns are fitted again, without the third.",
    hint="Without the product this is Part B, and ends at one half.",
    hint_2="how many weights come back?",
    case="wrong/augmented-without-the-feature",
)
def without_the_feature(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps, weights, bias, columns=lambda X: X)


@misconception(
    "augmented-with-the-sum",
    "fit_augmented",
    title="The columns are fitted with their sum, not with their product.",
    hint="A sum is linear: the model could have made it by itself.",
    hint_2="is the third column that of add_interaction?",
)
def fitted_with_the_sum(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps, weights, bias, columns=sum_of_both.gives)


@misconception(
    "augmented-with-the-answer",
    "fit_augmented",
    title="The columns are fitted with XOR itself, not with their product.",
    hint="If the feature already is the answer, nothing is left to learn.",
    hint_2="is the third column that of add_interaction?",
)
def fitted_with_the_answer(X, y, learning_rate, steps, weights, bias):
    columns = answer_as_a_feature.gives
    return descend(X, y, learning_rate, steps, weights, bias, columns=columns)


@misconception(
    "augmented-rate-fixed",
    "fit_augmented",
    title="The rate is 0.1 whatever is asked for.",
    hint="Every argument of a function should matter.",
    hint_2="compare one step with learning_rate 0.1 and 0.2.",
)
def augmented_at_one_rate(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, 0.1, steps, weights, bias)


@misconception(
    "augmented-climbs",
    "fit_augmented",
    title="The gradient is added instead of subtracted, so the loss grows.",
    hint="The gradient points to where the loss grows.",
    hint_2="print your losses: do they fall?",
)
def augmented_uphill(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, -learning_rate, steps, weights, bias)


@misconception(
    "augmented-bias-never-moved",
    "fit_augmented",
    title="The bias stays where it started.",
    hint="The bias is learnt like the weights.",
    hint_2="compare the bias after 0 steps and after 1.",
)
def augmented_bias_stays(X, y, learning_rate, steps, weights, bias):
    losses, columns = [], add_interaction(X)
    for _ in range(steps):
        losses.append(mean_squared_error(predict_linear(columns, weights, bias), y))
        weights = weights - learning_rate * mse_gradients(columns, y, weights, bias)[0]
    return weights, bias, np.array(losses)


@behaviour(
    "augmented-with-known-weights",
    "fit_augmented",
    title="The answer for XOR is written down.",
    hint="The fit should find the weights of any labels.",
    hint_2="fit AND: its weights are 0, 0, 1 and the bias is 0.",
    case="wrong/augmented-with-known-weights",
)
def known_weights(student):
    first, other = (student.fit_augmented(SQUARE, y, 0.1, 1, 1)[0] for y in (XOR, 1 - XOR))
    return np.allclose(first, [1, 1, -2]) and np.allclose(other, [1, 1, -2])


@behaviour(
    "augmented-few-steps",
    "fit_augmented",
    title="The number of steps is fixed, whatever is asked for.",
    hint="`steps` says how many updates are made, no more and no less.",
    hint_2="count the losses for steps=3 and steps=50.",
    case="wrong/augmented-few-steps",
)
def always_as_many_steps(student):
    few, many = (len(student.fit_augmented(SQUARE, XOR, 0.1, n, 1)[2]) for n in (3, 50))
    return few == many


def closed_form(X, y, columns=lambda X: np.column_stack([X, np.ones(len(X))])):
    solution, *_ = np.linalg.lstsq(columns(X), y, rcond=None)
    return solution[:-1], float(solution[-1])


@trials("closed_form", right=closed_form)
def points_to_fit(rng):
    yield {"X": np.array([[0.0], [1.0]]), "y": np.array([1.0, 1.0])}
    yield {"X": np.array([[0.0], [1.0]]), "y": np.array([1.0, 2.0])}
    yield {"X": np.array([[0.0], [2.0]]), "y": np.array([1.0, 5.0])}
    for n, d in ((3, 1), (4, 2), (5, 2), (8, 3), (12, 4)):
        yield {"X": rng.normal(size=(n, d)).round(1), "y": rng.normal(size=n).round(1)}
    column = np.array([[0.0], [1.0], [2.0]])
    for factor in (1.0, 2.0, 3.0, 4.0):
        yield {"X": np.hstack([column, column]), "y": factor * column[:, 0] + 1}


INTERCEPT = {
    "hint": "The bias is the weight of a column of ones.",
    "hint_2": "fit the line through (0, 1) and (2, 5) by hand: weight 2, bias 1.",
}


@misconception(
    "least-squares-without-bias",
    "closed_form",
    title="There is no column of ones, so the fit goes through the origin.",
    **INTERCEPT,
    case="wrong/least-squares-without-bias",
)
def through_the_origin(X, y):
    solution, *_ = np.linalg.lstsq(X, y, rcond=None)
    return solution, 0.0


@misconception(
    "least-squares-without-intercept",
    "closed_form",
    title="There is no column of ones, and the last weight is taken for the bias.",
    **INTERCEPT,
)
def last_weight_as_bias(X, y):
    return closed_form(X, y, columns=lambda X: X)


@misconception(
    "least-squares-bias-first",
    "closed_form",
    title="The bias is taken from the wrong end of the solution.",
    hint="The bias is the weight of the column of ones: where does that stand?",
    hint_2="fit the line through (0, 1) and (2, 5) by hand: weight 2, bias 1.",
    case="wrong/least-squares-bias-first",
)
def bias_from_the_other_end(X, y):
    weights, bias = closed_form(X, y)
    return np.append(weights, bias)[1:], float(weights[0])


@misconception(
    "least-squares-bias-last",
    "closed_form",
    title="Ones stand first, and the last weight is taken for the bias.",
    hint="The bias is the weight of the column of ones: where does that stand?",
    hint_2="fit the line through (0, 1) and (2, 5) by hand: weight 2, bias 1.",
)
def ones_first(X, y):
    weights, bias = closed_form(X, y)
    return np.append(bias, weights)[:-1], float(weights[-1])


@misconception(
    "least-squares-all-in-one",
    "closed_form",
    title="Weights and bias come back as one array.",
    hint="Two results are due: the weights, and the bias apart from them.",
    hint_2="take the weight of the column of ones out of the solution.",
)
def in_one_array(X, y):
    return np.append(*closed_form(X, y))


CENTRED = {
    "hint": "The mean target is the bias only where the mean of every column is 0.",
    "hint_2": "fit the line through (0, 1) and (2, 5) by hand: weight 2, bias 1.",
}


@misconception(
    "least-squares-bias-is-the-mean",
    "closed_form",
    title="The bias is the mean target, and the weights fit the rest.",
    **CENTRED,
    case="wrong/least-squares-bias-is-the-mean",
)
def mean_target_as_bias(X, y):
    return np.linalg.pinv(X) @ (y - y.mean()), float(y.mean())


@misconception(
    "least-squares-bias-of-centred-columns",
    "closed_form",
    title="The columns are centred for the weights, but not for the bias.",
    **CENTRED,
)
def bias_of_centred_columns(X, y):
    return np.linalg.pinv(X - X.mean(axis=0)) @ (y - y.mean()), float(y.mean())


@misconception(
    "least-squares-bias-added-later",
    "closed_form",
    title="The weights are fitted through the origin, the bias to what they leave.",
    hint="Weights and bias are found together.",
    hint_2="fit the line through (0, 1) and (2, 5) by hand: weight 2, bias 1.",
)
def bias_of_the_rest(X, y):
    weights = np.linalg.pinv(X) @ y
    return weights, float(np.mean(y - X @ weights))


@misconception(
    "least-squares-targets-not-centred",
    "closed_form",
    title="The columns have their mean taken away, and the bias is left at 0.",
    **CENTRED,
)
def centred_without_bias(X, y):
    return np.linalg.pinv(X - X.mean(axis=0)) @ (y - y.mean()), 0.0


@misconception(
    "least-squares-bias-before-weights",
    "closed_form",
    title="The bias comes back before the weights.",
    hint="Two results are due: the weights, and after them the bias.",
    hint_2="compare the shapes of your two results with (d,) and ().",
)
def bias_before_weights(X, y):
    return closed_form(X, y)[::-1]


@behaviour(
    "least-squares-by-inverse",
    "closed_form",
    title="A matrix is inverted that has no inverse where columns depend on each other.",
    hint="With two equal columns, many weights fit equally well, and an inverse does not exist.",
    hint_2="fit two equal columns; np.linalg.lstsq and pinv do not mind.",
    case="wrong/least-squares-by-inverse",
)
def fails_on_equal_columns(student):
    X = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 0.0], [3.0, 5.0]])
    weights, bias = student.closed_form(X, X @ [1.0, 2.0] + 1)
    return np.allclose([*weights, bias], [1, 2, 1], atol=1e-3)  # and the dependent ones fail


def parity_feature(bits):
    return np.prod(1.0 - 2.0 * bits, axis=1)


@trials("parity_feature", right=parity_feature, rows=("bits",))
def strings(rng):
    for row in ([0], [1], [0, 0], [0, 1], [1, 1], [0, 0, 0], [1, 1, 0], [1, 0, 1]):
        yield {"bits": np.array([row])}
    for n, length in ((2, 3), (3, 4), (4, 5), (5, 7), (6, 8)):
        yield {"bits": rng.integers(0, 2, size=(n, length))}


FACTORS = {
    "hint": "A 0 contributes a factor of 1, a 1 a factor of -1.",
    "hint_2": "work 1010 and 1110 out by hand: the features are 1 and -1.",
}


@misconception(
    "parity-feature-as-a-label",
    "parity_feature",
    title="The parity itself comes back, 0 or 1, not +1 or -1.",
    **FACTORS,
    case="wrong/parity-feature-as-a-label",
)
def parity_itself(bits):
    return bits.sum(axis=1) % 2


@misconception(
    "parity-feature-sign",
    "parity_feature",
    title="The feature is +1 for odd strings and -1 for even ones.",
    **FACTORS,
)
def opposite_sign(bits):
    return -parity_feature(bits)


@misconception(
    "parity-feature-of-zeros",
    "parity_feature",
    title="The mapping is inverted: a 0 becomes -1 and a 1 becomes 1.",
    **FACTORS,
    case="wrong/parity-feature-of-zeros",
)
def zeros_flip(bits):
    return np.prod(2.0 * bits - 1.0, axis=1)


@misconception(
    "parity-feature-as-a-sum",
    "parity_feature",
    title="Signs are added instead of multiplied.",
    **FACTORS,
    case="wrong/parity-feature-as-a-sum",
)
def signs_added(bits):
    return np.sum(1.0 - 2.0 * bits, axis=1)


@misconception(
    "parity-feature-of-the-bits",
    "parity_feature",
    title="The bits themselves are multiplied.",
    **FACTORS,
    case="wrong/parity-feature-of-the-bits",
)
def product_of_bits(bits):
    return np.prod(bits, axis=1)


@misconception(
    "parity-feature-of-two-bits",
    "parity_feature",
    title="Only the first two columns are multiplied.",
    **FACTORS,
    case="wrong/parity-feature-of-two-bits",
)
def first_two_columns(bits):
    return parity_feature(bits[:, :2])


@misconception(
    "parity-feature-down-the-columns",
    "parity_feature",
    title="The product is taken down the columns, not along the rows.",
    hint="One number a string is due.",
    hint_2="compare the length of your result with the number of rows.",
)
def down_the_columns(bits):
    return parity_feature(bits.T)


@misconception(
    "parity-feature-not-multiplied",
    "parity_feature",
    title="Signs come back bit by bit, without being multiplied.",
    **FACTORS,
)
def signs_alone(bits):
    return 1.0 - 2.0 * bits


@misconception(
    "parity-feature-of-every-prefix",
    "parity_feature",
    title="The running products come back, not the last of them.",
    hint="One number a string is due.",
    hint_2="compare the shape of your result with (N,).",
)
def of_every_prefix(bits):
    return np.cumprod(1.0 - 2.0 * bits, axis=1)


@misconception(
    "parity-feature-of-evenness",
    "parity_feature",
    title="The result is 1 for even strings and 0 for odd ones.",
    **FACTORS,
)
def evenness(bits):
    return 1 - bits.sum(axis=1) % 2


@misconception(
    "parity-feature-averaged",
    "parity_feature",
    title="Signs are averaged instead of multiplied.",
    **FACTORS,
)
def signs_averaged(bits):
    return np.mean(1.0 - 2.0 * bits, axis=1)


@misconception(
    "parity-feature-of-the-ends",
    "parity_feature",
    title="Only the first and the last column are multiplied.",
    **FACTORS,
)
def first_and_last(bits):
    return parity_feature(bits[:, [0, -1]])


@misconception(
    "parity-feature-without-shift",
    "parity_feature",
    title="The factors are 1 - x: every 1 makes the product 0.",
    **FACTORS,
)
def of_complements(bits):
    return np.prod(1.0 - bits, axis=1)


@misconception(
    "parity-feature-of-minus-two",
    "parity_feature",
    title="The factors are -2 * x: the 1 in 1 - 2 * x is missing.",
    **FACTORS,
)
def without_the_one(bits):
    return np.prod(-2.0 * bits, axis=1)


def before_and_after(student, y):
    """Accuracies of the three classifiers before and after the feature, on the truth table."""
    found = student.compare_classifiers(SQUARE, y)
    return np.array([[float(part) for part in pair] for pair in found.values()]).T


@behaviour(
    "classifiers-in-percent",
    "compare_classifiers",
    title="Accuracies come back in percent.",
    hint="An accuracy is a share from 0 to 1.",
    hint_2="what is the accuracy of a classifier that is always right?",
)
def in_percent(student):
    return before_and_after(student, XOR).max() > 1


@behaviour(
    "classifiers-after-then-before",
    "compare_classifiers",
    title="The two accuracies have changed places.",
    hint="Before the feature no line gets XOR right; after it, each does.",
    hint_2="look at your two numbers for XOR.",
    case="wrong/classifiers-after-then-before",
)
def changed_places(student):
    before, after = before_and_after(student, XOR)
    return before.min() == 1 and after.min() < 1


@behaviour(
    "classifiers-not-linear",
    "compare_classifiers",
    title="A classifier is not linear: it gets XOR right before the feature is there.",
    hint="A kernel or a hidden layer makes features of its own.",
    hint_2="which of your classifiers gets all four rows of XOR from two columns?",
    case="wrong/classifiers-not-linear",
)
def one_is_not_linear(student):
    before, after = before_and_after(student, XOR)
    return before.max() == 1 and after.min() == 1


@behaviour(
    "classifiers-twice-the-same",
    "compare_classifiers",
    title="The feature is never used.",
    hint="The second accuracy is that of the columns with their product.",
    hint_2="what does each classifier get as X the second time?",
    case="wrong/classifiers-twice-the-same",
)
def feature_never_used(student):
    linear = before_and_after(student, np.array([0.0, 0.0, 0.0, 1.0]))
    before, after = before_and_after(student, XOR)
    return linear.min() == 1 and np.array_equal(before, after)


@behaviour(
    "classifiers-regularised",
    "compare_classifiers",
    title="Regularisation hides that a rule is linear.",
    hint="With four rows, a classifier must be free to fit.",
    hint_2="AND is linear: before and after, each accuracy should be 1. See the docstring.",
    case="wrong/classifiers-regularised",
)
def held_back(student):
    return before_and_after(student, np.array([0.0, 0.0, 0.0, 1.0])).min() < 1


@behaviour(
    "classifiers-one-missing",
    "compare_classifiers",
    title="One of the three classifiers is missing.",
    hint="Three keys are due.",
    hint_2="compare your keys with those of the docstring.",
    case="wrong/classifiers-one-missing",
)
def one_missing(student):
    names = {"logistic_regression", "perceptron", "linear_svm"}
    return not names <= set(student.compare_classifiers(SQUARE, XOR))
