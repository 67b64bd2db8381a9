"""Part C: what students get wrong about the third column.

The reference of this part loads scikit-learn, which nothing here needs; so what is right
stands here in a line each.
"""

import numpy as np
from b_plane import SQUARE, XOR
from linear_estimator import mean_squared_error, mse_gradients, predict_linear

from autograder.diagnosis.declare import behaviour, misconception, observed, trials


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
