"""Part C: what students get wrong about the product over many bits, and about classifiers."""

import numpy as np
from b_plane import SQUARE, XOR
from feature_engineering import add_interaction
from sklearn.linear_model import LogisticRegression

from autograder.diagnosis.declare import behaviour, misconception, symptom, trials
from autograder.diagnosis.symptoms import only_where


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
    "classifiers-feature-blanked",
    "compare_classifiers",
    title='"Before" is the classifier that was trained with the feature, the feature set to 0.',
    hint="Before the feature there was no third column to learn from: train on two columns.",
    hint_2="AND is linear: which accuracy should be there before the feature?",
)
def feature_blanked(student):
    def blanked(y):
        columns = add_interaction(SQUARE)
        classifier = LogisticRegression(C=1e6, max_iter=10_000).fit(columns, y)
        return np.mean(classifier.predict(columns * [1, 1, 0]) == y)

    rules = [np.array(rule, float) for rule in ([0, 0, 0, 1], [0, 1, 1, 0], [1, 0, 0, 1])]
    found = [student.compare_classifiers(SQUARE, y)["logistic_regression"] for y in rules]
    whole = all(after == 1 for _, after in found)
    return whole and np.allclose([before for before, _ in found], [blanked(y) for y in rules])


@behaviour(
    "classifiers-on-some-rows",
    "compare_classifiers",
    title="Accuracies are those of some of the rows, as of held-out ones.",
    hint="The task fits and judges on the same rows, all of them: it asks what a line can do.",
    hint_2="with 11 rows, is your accuracy a number of elevenths?",
)
def accuracy_of_some_rows(student):
    rows = np.repeat(SQUARE, (3, 3, 3, 2), axis=0)
    found = student.compare_classifiers(rows, (rows[:, 0] != rows[:, 1]).astype(float))
    shares = 11 * np.array([[float(part) for part in pair] for pair in found.values()])
    return shares.max() <= 11 and not np.allclose(shares, shares.round(), atol=1e-3)


@behaviour(
    "classifiers-cross-validated",
    "compare_classifiers",
    title="Rows are judged by classifiers that were not trained on them: cross-validation.",
    hint="The task fits and judges on the same rows, all of them: it asks what a line can do.",
    hint_2="is each row that is judged among the rows that its classifier was trained on?",
)
def judged_by_others(student):
    """Where every row comes several times, what is left out is there all the same."""
    _, after = before_and_after(student, XOR)
    rows, labels = np.tile(SQUARE, (3, 1)), np.tile(XOR, 3)
    often = np.array(
        [float(pair[1]) for pair in student.compare_classifiers(rows, labels).values()]
    )
    return after.max() < 1 and often.min() == 1


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
    "classifiers-by-their-scores",
    "compare_classifiers",
    title="Decision scores are cut at one half, as if they were estimates between 0 and 1.",
    hint="The score of a classifier is positive for one label and negative for the other.",
    hint_2="compare `predict` with `decision_function` where scores are small.",
    case="wrong/scores-taken-for-estimates",
)
def cut_at_one_half(student):
    rows, labels = np.repeat(SQUARE, (1, 1, 1, 7), axis=0), [0.0] * 3 + [1.0] * 4 + [0.0] * 3
    found = student.compare_classifiers(rows, np.array(labels))["logistic_regression"]
    linear = before_and_after(student, np.array([0.0, 0.0, 0.0, 1.0])).min() == 1
    return linear and np.allclose(found, 0.6)


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


@misconception(
    "parity-feature-turned-for-odd-length",
    "parity_feature",
    title="The sign is turned by the length of the row, as if zeros counted.",
    **FACTORS,
)
def by_the_length(bits):
    return parity_feature(bits) * (1.0 - 2.0 * (bits.shape[1] % 2 == 0))


FACTOR_SYMPTOMS = [
    symptom(
        "parity-feature-wrong-for-longer-rows",
        "parity_feature",
        title="Rows of one or two bits are right, longer ones are not.",
        **FACTORS,
    )(only_where(lambda given: given["bits"].shape[1] > 2)),
    symptom(
        "parity-feature-wrong-for-odd-lengths",
        "parity_feature",
        title="The feature is wrong only where the number of columns is odd.",
        **FACTORS,
    )(only_where(lambda given: given["bits"].shape[1] % 2 == 1)),
    symptom(
        "parity-feature-wrong-for-even-lengths",
        "parity_feature",
        title="The feature is wrong only where the number of columns is even.",
        **FACTORS,
    )(only_where(lambda given: given["bits"].shape[1] % 2 == 0)),
    symptom(
        "parity-feature-wrong-without-ones",
        "parity_feature",
        title="The feature is wrong only for rows without a 1.",
        **FACTORS,
    )(only_where(lambda given: np.any(given["bits"].sum(axis=1) == 0))),
    symptom(
        "parity-feature-of-other-values",
        "parity_feature",
        title="Other numbers than 1 and -1 come back.",
        **FACTORS,
    )(lambda seen: any(not np.isin(one.got, (-1, 1)).all() for one in seen)),
]

AND = np.array([0.0, 0.0, 0.0, 1.0])
TRAINED = {
    "hint": "Each classifier is trained on all rows, and its accuracy is taken on the same rows.",
    "hint_2": "try labels that a line can tell, such as AND: all six accuracies should be 1.",
}


@behaviour(
    "classifiers-as-error",
    "compare_classifiers",
    title="Shares of wrong answers come back, not of right ones.",
    **TRAINED,
)
def errors_instead(student):
    return before_and_after(student, AND).max() == 0


@behaviour(
    "classifiers-one-regularised",
    "compare_classifiers",
    title="Only one of the classifiers fails where a line would do: it is not free to fit.",
    hint="Regularisation, or stopping early, hides that a rule is linear.",
    hint_2="try labels of AND: which of the three does not reach 1?",
)
def one_held_back(student):
    before, after = before_and_after(student, AND)
    return np.sum(before < 1) == 1 or np.sum(after < 1) == 1


@behaviour(
    "classifiers-depend-on-the-order",
    "compare_classifiers",
    title="The accuracies depend on the order of the rows: not all rows are used for both.",
    **TRAINED,
)
def order_matters(student):
    X, y = np.tile(SQUARE, (3, 1)), np.tile(AND, 3)
    found = [
        np.ravel(list(student.compare_classifiers(X[order], y[order]).values()))
        for order in (np.arange(12), np.arange(12)[::-1], np.argsort(y))
    ]
    return not np.allclose(found[0], found[1]) or not np.allclose(found[0], found[2])


@behaviour(
    "classifiers-feature-does-not-help",
    "compare_classifiers",
    title="With the feature XOR is still not solved.",
    hint="With the product as a third column XOR is linear: all three reach 1.",
    hint_2="print the columns that your classifiers are trained on.",
)
def feature_without_effect(student):
    return before_and_after(student, XOR)[1].min() < 1


@misconception(
    "parity-feature-of-the-majority",
    "parity_feature",
    title="The sign tells which bit is in the majority, not whether the number of ones is odd.",
    **FACTORS,
)
def of_the_majority(bits):
    return np.sign(np.sum(1.0 - 2.0 * bits, axis=1) + 0.5)
