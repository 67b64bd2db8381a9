"""Part C: what students get wrong about least squares."""

import numpy as np

from autograder.diagnosis.declare import behaviour, misconception, symptom, trials
from autograder.diagnosis.symptoms import always, only_where, part_wrong, related
from autograder.kit.failures import StudentError


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
    X = rng.normal(size=(7, 2)).round(1)
    yield {"X": X + np.array([10.0, -20.0]), "y": rng.normal(size=7).round(1)}
    yield {"X": X * np.array([100.0, 0.01]), "y": 50.0 + rng.normal(size=7).round(1)}


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
    if not np.allclose([*weights, bias], [1, 2, 1], atol=1e-3):
        return False
    X = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])
    try:
        weights, bias = student.closed_form(X, X[:, 0] + 1)
    except StudentError:
        return True
    return not np.allclose(estimates({"X": X}, (weights, bias)), X[:, 0] + 1, atol=1e-3)


def dependent(given):
    columns = np.column_stack([given["X"], np.ones(len(given["X"]))])
    return np.linalg.matrix_rank(columns) < min(columns.shape)


def estimates(given, solution):
    return given["X"] @ np.asarray(solution[0], float) + float(solution[1])


def fits_as_well(seen):
    """The same estimates from other weights."""
    return all(
        np.allclose(estimates(s.given, s.got), estimates(s.given, s.right), atol=1e-4)
        for s in seen
        if s.wrong
    )


def off_by_a_constant(seen):
    return all(
        np.ptp(estimates(s.given, s.got) - estimates(s.given, s.right)) < 1e-4
        for s in seen
        if s.wrong
    )


SMALLEST = {
    "hint": "Where several solutions are equally good, the one with the smallest norm is due.",
    "hint_2": "fit two equal columns: each gets half of the weight.",
}
WRONG_SOLUTIONS = [
    symptom(
        "least-squares-not-the-smallest",
        "closed_form",
        title="The fit is as good as it can be, but its weights are not the smallest that do it.",
        **SMALLEST,
    )(fits_as_well),
    symptom(
        "least-squares-wrong-for-dependent-columns",
        "closed_form",
        title="The solution is wrong only where columns depend on each other.",
        **SMALLEST,
    )(only_where(dependent)),
    symptom(
        "least-squares-bias-wrong",
        "closed_form",
        title="The weights are right, the bias is not.",
        **INTERCEPT,
    )(part_wrong(1)),
    symptom(
        "least-squares-weights-wrong",
        "closed_form",
        title="The bias is right, the weights are not.",
        **INTERCEPT,
    )(part_wrong(0)),
    symptom(
        "least-squares-off-by-a-constant",
        "closed_form",
        title="The estimates are off by a constant: only the bias does not fit.",
        **INTERCEPT,
    )(off_by_a_constant),
    symptom(
        "least-squares-wrong-for-uneven-columns",
        "closed_form",
        title="The solution is wrong only for numbers that are large, or small: a search, a "
        "penalty or a tolerance stands in the way.",
        hint="A closed form is exact: no steps, no learning rate, nothing that is added to X'X.",
        hint_2="fit points whose first column is a hundred times as large.",
    )(only_where(lambda given: np.abs(given["X"]).max() > 8)),
    symptom(
        "least-squares-shrunk",
        "closed_form",
        title="The weights are too small: something, as a penalty does, holds them back.",
        hint="Least squares has no penalty: what is added to X'X changes the solution.",
        hint_2="fit the line through (0, 1) and (2, 5): weight 2, bias 1, exactly.",
    )(related(lambda got, right: np.linalg.norm(got) < np.linalg.norm(right))),
]


@misconception(
    "least-squares-with-a-penalty",
    "closed_form",
    title="A penalty is added to X'X, bias included: the weights are too small.",
    hint="Least squares has no penalty: what is added to X'X changes the solution.",
    hint_2="fit the line through (0, 1) and (2, 5): weight 2, bias 1, exactly.",
)
def penalty_of_one(X, y):
    columns = np.column_stack([X, np.ones(len(X))])
    solution = np.linalg.solve(columns.T @ columns + np.eye(columns.shape[1]), columns.T @ y)
    return solution[:-1], float(solution[-1])


@misconception(
    "least-squares-of-standardised-columns",
    "closed_form",
    title="The weights are those of standardised columns.",
    hint="The weights belong to the columns as they are.",
    hint_2="fit the line through (0, 1) and (2, 5) by hand: weight 2, bias 1.",
)
def standardised_columns(X, y):
    deviations = X.std(axis=0)
    return closed_form((X - X.mean(axis=0)) / np.where(deviations == 0, 1.0, deviations), y)


@misconception(
    "least-squares-column-by-column",
    "closed_form",
    title="Each column is fitted alone, as if the others were not there.",
    hint="All weights are found together, since columns share what they explain.",
    hint_2="fit two equal columns: each gets half of the weight.",
)
def column_by_column(X, y):
    centred = X - X.mean(axis=0)
    weights = centred.T @ (y - y.mean()) / np.sum(centred**2, axis=0)
    return weights, float(y.mean() - X.mean(axis=0) @ weights)


def on_another_scale(seen):
    """The estimates are a line in the right ones: of the right form, on another scale."""
    pairs = [(estimates(s.given, s.got), estimates(s.given, s.right)) for s in seen if s.wrong]
    varied = [(got, right) for got, right in pairs if np.ptp(right) > 1e-6 and np.ptp(got) > 1e-9]
    return bool(varied) and all(np.corrcoef(*pair)[0, 1] > 1 - 1e-6 for pair in varied)


LAST_RESORTS = [
    symptom(
        "least-squares-on-another-scale",
        "closed_form",
        title="The estimates have the right form, but another scale or level than the targets: "
        "something is scaled or shifted and never scaled back.",
        hint="The weights belong to X and y as they are.",
        hint_2="fit targets of 10 and 30: your estimates should be 10 and 30.",
    )(on_another_scale),
    symptom(
        "least-squares-not-reached",
        "closed_form",
        title="The error is larger than it need be: this is not the least-squares solution.",
        hint="At the solution the residuals follow no column, and their mean is 0.",
        hint_2="compute X^T r and the sum of r for your residuals r: all should be 0.",
    )(always(lambda got, right: len(got) == 2)),
]
