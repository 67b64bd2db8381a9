"""Part C: what students get wrong about the third column.

The reference of this part loads scikit-learn, which nothing here needs; so what is right
stands here in a line each.
"""

import numpy as np
from b_descent import descent_symptoms
from b_plane import SQUARE, XOR
from linear_estimator import mean_squared_error, mse_gradients, predict_linear

from autograder.diagnosis.declare import behaviour, misconception, observed, symptom, trials
from autograder.diagnosis.symptoms import only_where


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
    for n, rate, steps in ((1, 0.1, 1), (2, 0.1, 1), (4, 0.2, 2), (5, 0.05, 3), (3, 0.9, 2),
                           (4, 3.0, 3)):  # fmt: skip
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


def standardised(X):
    """The three columns, each with mean 0 and deviation 1."""
    columns = add_interaction(X)
    deviations = columns.std(axis=0)
    return (columns - columns.mean(axis=0)) / np.where(deviations == 0, 1.0, deviations)


@misconception(
    "augmented-standardised",
    "fit_augmented",
    title="The columns are standardised first, so the weights belong to other columns.",
    hint="A weight is that of the column as it is given: scaling a column changes its weight.",
    hint_2="compare your weights for X and for 2 * X.",
)
def fitted_standardised(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps, weights, bias, columns=standardised)


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


@misconception(
    "augmented-rate-capped",
    "fit_augmented",
    title="A large learning rate is lowered silently, whatever is fitted.",
    hint="The rate above which a descent diverges depends on the data: smaller numbers bear more.",
    hint_2="compute one step by hand at a rate of 0.9.",
    case="wrong/augmented-rate-capped",
)
def capped_rate(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, min(learning_rate, 0.58), steps, weights, bias)


@misconception(
    "augmented-with-centred-columns",
    "fit_augmented",
    title="The columns are centred before they are fitted.",
    hint="The descent runs on A1, A2 and A1 * A2 as they are.",
    hint_2="compute one step by hand.",
)
def fitted_with_centred_columns(X, y, learning_rate, steps, weights, bias):
    def centred(X):
        columns = add_interaction(X)
        return columns - columns.mean(axis=0)

    return descend(X, y, learning_rate, steps, weights, bias, columns=centred)


@misconception(
    "augmented-product-of-centred-columns",
    "fit_augmented",
    title="The product is made of centred columns.",
    hint="The third column is A1 * A2, of the columns as they are.",
    hint_2="compute one step by hand.",
)
def fitted_with_centred_product(X, y, learning_rate, steps, weights, bias):
    columns = product_of_centred_columns.gives
    return descend(X, y, learning_rate, steps, weights, bias, columns=columns)


def one_after_the_other(X, y, learning_rate, steps, weights, bias, which):
    """A descent in which some of the three weights stay where they are."""
    losses, columns = [], add_interaction(X)
    for _ in range(steps):
        losses.append(mean_squared_error(predict_linear(columns, weights, bias), y))
        by_weights, by_bias = mse_gradients(columns, y, weights, bias)
        weights = weights - learning_rate * by_weights * np.isin(range(3), which)
        bias = bias - learning_rate * by_bias
    return weights, bias, np.array(losses)


@misconception(
    "augmented-third-weight-never-moved",
    "fit_augmented",
    title="The third weight stays where it started.",
    hint="All three weights are learnt together.",
    hint_2="compare the three weights before and after one step.",
)
def third_stays(X, y, learning_rate, steps, weights, bias):
    return one_after_the_other(X, y, learning_rate, steps, weights, bias, which=[0, 1])


@misconception(
    "augmented-only-the-third-weight-learns",
    "fit_augmented",
    title="Only the third weight and the bias are learnt; the two others stay.",
    hint="All three weights are learnt together.",
    hint_2="compare the three weights before and after one step.",
)
def only_third_moves(X, y, learning_rate, steps, weights, bias):
    return one_after_the_other(X, y, learning_rate, steps, weights, bias, which=[2])


def as_fit_linear(student, X, y, *settings):
    """Weights and bias of the student's own fit on the three columns."""
    weights, bias, _ = student.fit_linear(add_interaction(X), y, *settings)
    return np.append(np.asarray(weights, float), bias)


def augmented(student, X, y, *settings):
    weights, bias, _ = student.fit_augmented(X, y, *settings)
    return np.append(np.asarray(weights, float), bias)


@behaviour(
    "augmented-fitted-on-residuals",
    "fit_augmented",
    title="The third weight is fitted to what a finished fit of the two others leaves over.",
    hint="All three weights and the bias are learnt together, in one descent.",
    hint_2="compare your weights with fit_linear on the three columns, after one step.",
    case="wrong/augmented-fitted-on-residuals",
)
def in_two_stages(student):
    found = augmented(student, SQUARE, XOR, 0.1, 60, 3)
    two, _, _ = student.fit_linear(SQUARE, XOR, 0.1, 60, 3)
    together = np.allclose(found, as_fit_linear(student, SQUARE, XOR, 0.1, 60, 3))
    return np.allclose(found[:2], two, atol=1e-6) and not together


@behaviour(
    "augmented-seed-ignored",
    "fit_augmented",
    title="The seed does not reach the descent: every start is the same.",
    hint="Every argument of a function should matter.",
    hint_2="compare the weights after 0 steps for seeds 1 and 2.",
)
def same_start_for_all(student):
    first, other = (augmented(student, SQUARE, XOR, 0.1, 0, seed) for seed in (1, 2))
    return np.allclose(first, other)


@behaviour(
    "augmented-without-seed",
    "fit_augmented",
    title="The start is drawn without the seed: the same call gives something else each time.",
    hint="The same seed gives the same start, another seed another one.",
    hint_2="compare the weights after 0 steps for seeds 1, 1 and 2.",
)
def another_start_each_time(student):
    first, again = (augmented(student, SQUARE, XOR, 0.1, 0, 1) for _ in "ab")
    return not np.allclose(first, again)


@behaviour(
    "augmented-starts-otherwise",
    "fit_augmented",
    title="The descent does not start as `fit_linear` does on three columns.",
    hint="The fit is that of Part B, on three columns, with its seed.",
    hint_2="compare the weights after 0 steps with those of fit_linear on the three columns.",
)
def starts_otherwise(student):
    settings = SQUARE, XOR, 0.1, 0, 1
    return not np.allclose(augmented(student, *settings), as_fit_linear(student, *settings))


@behaviour(
    "augmented-runs-on",
    "fit_augmented",
    title="More or fewer steps are made than are asked for.",
    hint="`steps` says how many updates are made, no more and no less.",
    hint_2="count the losses after 0, 1 and 300 steps.",
)
def other_number_of_steps(student):
    return any(len(student.fit_augmented(SQUARE, XOR, 0.1, n, 1)[2]) != n for n in (1, 7, 1200))


WRONG_DESCENTS = descent_symptoms("fit_augmented", "augmented-fit", (0, 1), ("weights", "bias"))


def column_wrong(*columns):
    """Of the columns of a result, just these are wrong."""

    def tells(seen):
        wrong = [one for one in seen if one.wrong]
        off = [np.any(np.abs(np.asarray(s.got) - s.right) > 1e-4, axis=0) for s in wrong]
        return set(np.flatnonzero(np.any(off, axis=0)).tolist()) == set(columns)

    return tells


def not_of_its_row(seen):
    """Whether the third column follows from more than its own row."""
    alone = [one for one in seen if len(one.given["X"]) == 1]
    several = [one for one in seen if len(one.given["X"]) > 1]
    return not any(one.wrong for one in alone) and any(one.wrong for one in several)


def zero_or_one(seen):
    """Whether the third column is right for bits, and 0 or 1 for all other numbers as well."""
    found = [np.asarray(one.got, float) for one in seen]
    return all(
        each.ndim == 2 and each.shape[1] == 3 and np.isin(each[:, 2], (0.0, 1.0)).all()
        for each in found
    ) and not any(one.wrong for one in seen if np.isin(one.given["X"], (0.0, 1.0)).all())


WRONG_COLUMNS = [
    symptom(
        "interaction-depends-on-other-rows",
        "add_interaction",
        title="One row alone is right, several are not: the third column depends on other rows.",
        **COLUMN,
    )(not_of_its_row),
    symptom(
        "interaction-is-zero-or-one",
        "add_interaction",
        title="The third column is a logical and, 0 or 1, which is a product for bits only.",
        **COLUMN,
    )(zero_or_one),
    symptom(
        "interaction-right-for-bits-alone",
        "add_interaction",
        title="The third column is a product for bits only, not for other numbers.",
        **COLUMN,
    )(only_where(lambda given: not np.isin(given["X"], (0.0, 1.0)).all())),
    symptom(
        "interaction-alone-wrong",
        "add_interaction",
        title="The two columns are kept; the third is not their product.",
        **COLUMN,
    )(column_wrong(2)),
    symptom(
        "interaction-right-columns-changed",
        "add_interaction",
        title="The third column is right, but the first two are not left as they were.",
        **COLUMN,
    )(lambda seen: any(column_wrong(*some)(seen) for some in ((0,), (1,), (0, 1)))),
]


@misconception(
    "interaction-scaled-columns",
    "add_interaction",
    title="The product is scaled to mean 0 and deviation 1, so it depends on the other rows.",
    **COLUMN,
)
def standardised_product(X):
    product = X[:, 0] * X[:, 1]
    return np.column_stack([X, (product - product.mean()) / (product.std() or 1.0)])


@misconception(
    "interaction-as-a-maximum",
    "add_interaction",
    title="The third column is the larger of the two.",
    **COLUMN,
)
def larger_of_both(X):
    return np.column_stack([X, X.max(axis=1)])


@misconception(
    "interaction-as-a-mean",
    "add_interaction",
    title="The third column is the mean of the two.",
    **COLUMN,
)
def mean_of_both(X):
    return np.column_stack([X, X.mean(axis=1)])


@misconception(
    "interaction-as-a-ratio",
    "add_interaction",
    title="The third column is a quotient of the two, not their product.",
    **COLUMN,
)
def ratio_of_both(X):
    return np.column_stack([X, X[:, 0] / X[:, 1]])


@misconception(
    "interaction-as-a-square-of-the-product",
    "add_interaction",
    title="The product is squared.",
    **COLUMN,
)
def squared_product(X):
    return np.column_stack([X, (X[:, 0] * X[:, 1]) ** 2])
