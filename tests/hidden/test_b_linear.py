"""Part B on other data, against finite differences and known optima."""

from itertools import pairwise

import numpy as np
import pytest

SQUARE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])
IMPLEMENTATION = {"task": "linear", "category": "implementation"}
CORRECTNESS = {"task": "linear", "category": "correctness"}
FIT = ("weights", "bias", "losses")
KEYS = ("W1", "b1", "W2", "b2")


def samples(rng, n=7, d=3):
    """Random inputs and targets."""
    return rng.normal(size=(n, d)), rng.normal(size=n)


def slope(loss, values, step=1e-6):
    """Central differences of a loss in every entry of an array."""
    flat = np.array(values, dtype=float).reshape(-1)
    found = np.empty_like(flat)
    for index, shift in enumerate(np.eye(flat.size) * step):
        up, down = (
            (flat + shift).reshape(np.shape(values)),
            (flat - shift).reshape(np.shape(values)),
        )
        found[index] = (loss(up) - loss(down)) / (2 * step)
    return found.reshape(np.shape(values))


@pytest.mark.check(
    **IMPLEMENTATION,
    section="B.3",
    function="mse_gradients",
    sibling="gradients_on_two_samples",
    hint="Compare with finite differences: how does the loss change when one weight moves a bit?",
    weight=2,
)
def test_gradients_against_finite_differences(student, expect, rng):
    """Both gradients agree with finite differences on seven random samples."""
    X, y = samples(rng)
    w, b = rng.normal(size=3), float(rng.normal())
    weights, bias = expect.parts(student.mse_gradients(X, y, w, b), ("weights", "bias"))
    expect.close(weights, slope(lambda v: np.mean((X @ v + b - y) ** 2), w))
    expect.close(bias, slope(lambda v: np.mean((X @ w + v - y) ** 2), b))


@pytest.mark.check(
    **IMPLEMENTATION,
    section="B.1",
    function="xor_data",
    sibling="the_truth_table",
    hint="Two float64 arrays, rows in the order 00, 01, 10, 11.",
)
def test_the_data_set(student, expect):
    """The data set is the truth table in float64."""
    X, y = expect.parts(student.xor_data(), ("X", "y"))
    expect.close(X, SQUARE)
    expect.close(y, XOR)
    floats = all(getattr(part, "dtype", None) == np.float64 for part in (X, y))
    expect.that(floats, "Both arrays should be float64.")


@pytest.mark.check(
    **IMPLEMENTATION,
    section="B.2",
    function="predict_linear",
    sibling="estimates_of_a_plane",
    hint="Any number of columns: a matrix product, not two weights by name.",
)
def test_estimates_in_five_dimensions(student, expect, rng):
    """Estimates for any number of samples and columns."""
    for n, d in ((6, 5), (1, 2), (3, 1)):
        X, w = rng.normal(size=(n, d)), rng.normal(size=d)
        expect.close(student.predict_linear(X, w, 0.25), X @ w + 0.25)


@pytest.mark.check(
    **IMPLEMENTATION,
    section="B.2",
    function="mean_squared_error",
    sibling="error_of_two_estimates",
    hint="The mean, not the sum, and without a root.",
)
def test_error_of_many_estimates(student, expect, rng):
    """The error of one, three and forty random estimates."""
    for n in (1, 3, 40):
        guesses, targets = rng.normal(size=n), rng.normal(size=n)
        expect.close(
            student.mean_squared_error(guesses, targets),
            np.var(guesses - targets) + np.mean(guesses - targets) ** 2,
        )


@pytest.mark.check(
    **IMPLEMENTATION,
    section="B.4",
    function="fit_linear",
    sibling="descent_settles_at_one_half",
    hint="Nothing in the descent may be made for XOR; it fits whatever it is given.",
    weight=2,
)
def test_descent_finds_a_plane(student, expect, rng):
    """On targets that are linear in three columns, the descent finds their weights."""
    X, w = rng.normal(size=(30, 3)), np.array([0.5, -2.0, 1.5])
    weights, bias, losses = expect.parts(student.fit_linear(X, X @ w - 0.75, 0.1, 1000, 3), FIT)
    expect.close(weights, w, atol=1e-3)
    expect.close(bias, -0.75, atol=1e-3)
    expect.array(losses, shape=(1000,))


@pytest.mark.check(
    **IMPLEMENTATION,
    section="B.5",
    function="linear_formula",
    sibling="formula_of_a_plane",
    hint="Use the names and the number of decimals that are given.",
)
def test_formula_of_other_columns(student, expect):
    """The formula uses the given names and decimals."""
    got = expect.text(student.linear_formula([-1.25, 2.0, -0.5], -3.0, ("u", "v", "u*v"), 2))
    expect.equal("".join(got.split()), "Z=-1.25*u+2.00*v-0.50*u*v-3.00")


@pytest.mark.check(
    **IMPLEMENTATION,
    section="B.6",
    function="relu_forward",
    sibling="a_relu_network_on_one_sample",
    hint="The ReLU belongs to the hidden layer alone.",
)
def test_another_relu_network(student, expect, rng):
    """Estimates of networks with other numbers of inputs and hidden units."""
    for d, hidden in ((3, 5), (2, 1), (4, 16)):
        parameters, X = network(rng, d, hidden), rng.normal(size=(30, d))
        expect.close(student.relu_forward(parameters, X), estimates(parameters, X))


def network(rng, d, hidden):
    """Random parameters of a two-layer network."""
    shapes = {"W1": (d, hidden), "b1": (hidden,), "W2": (hidden,), "b2": ()}
    return {name: np.asarray(rng.normal(size=shape)) for name, shape in shapes.items()}


def estimates(parameters, X):
    """What a two-layer ReLU network gives."""
    sums = X @ parameters["W1"] + parameters["b1"]
    return (sums * (sums > 0)) @ parameters["W2"] + parameters["b2"]


def away_from_the_kink(rng, d, hidden, n):
    """A network and samples on which no hidden sum is near zero."""
    while True:
        parameters, X = network(rng, d, hidden), rng.normal(size=(n, d))
        if np.abs(X @ parameters["W1"] + parameters["b1"]).min() > 0.01:
            return parameters, X


@pytest.mark.check(
    **IMPLEMENTATION,
    section="B.6",
    function="relu_gradients",
    sibling="gradients_of_a_relu_network",
    hint="Each gradient has the shape of its parameter; compare each with finite differences.",
    weight=2,
)
def test_relu_gradients_against_finite_differences(student, expect, rng):
    """All four gradients agree with finite differences."""
    parameters, X = away_from_the_kink(rng, 3, 4, 6)
    y = rng.normal(size=6)
    got = expect.mapping(student.relu_gradients(parameters, X, y), KEYS)
    for key in KEYS:

        def loss(value, key=key):
            return np.mean((estimates({**parameters, key: value}, X) - y) ** 2)

        expect.close(got[key], slope(loss, parameters[key]), atol=2e-5)


@pytest.mark.check(
    **IMPLEMENTATION,
    section="B.6",
    function="fit_relu_network",
    sibling="a_relu_network_learns",
    hint="Every step moves all four parameters by -learning_rate times their gradients.",
)
def test_relu_descent_follows_the_slope(student, expect, rng):
    """The first steps go down the slope, by the rate that is given, from a start by the seed."""
    X, y = samples(rng, 8, 2)
    rate = 0.05
    runs = [relu_fit(student, expect, X, y, rate, steps, 7) for steps in range(4)]
    errors = []
    for (start, _), (after, losses) in pairwise(runs):
        errors.append(np.mean((estimates(start, X) - y) ** 2))
        expect.close(losses, errors, atol=1e-4)
        for key in KEYS:

            def loss(value, key=key, start=start):
                return np.mean((estimates({**start, key: value}, X) - y) ** 2)

            expect.close(after[key], start[key] - rate * slope(loss, start[key]), atol=1e-4)
    other, _ = relu_fit(student, expect, X, y, rate, 0, 8)
    differ = not np.allclose(other["W1"], runs[0][0]["W1"])
    expect.that(differ, "Another seed should give another start.")


def relu_fit(student, expect, X, y, rate, steps, seed):
    """Parameters and losses of a small network, in the shapes that are due."""
    got = student.fit_relu_network(X, y, 5, rate, steps, seed)
    parameters, losses = expect.parts(got, ("parameters", "losses"))
    parameters = expect.mapping(parameters, KEYS)
    shapes = {"W1": (2, 5), "b1": (5,), "W2": (5,), "b2": ()}
    parameters = {k: expect.array(parameters[k], shape=shapes[k]).astype(float) for k in KEYS}
    return parameters, expect.array(losses, shape=(steps,))


@pytest.mark.check(
    **IMPLEMENTATION,
    section="B.7",
    function="random_test_points",
    sibling="ten_random_points",
    hint="All four pairs of bits should come up about equally often.",
    stochastic=True,
)
def test_random_points_are_uniform(student, expect, rng):
    """Each of the four pairs comes up in about a quarter of 4,000 points."""
    seed = int(rng.integers(2**31))
    X, y = expect.parts(student.random_test_points(4000, seed), ("X", "y"))
    X, y = expect.array(X, shape=(4000, 2)), expect.array(y, shape=(4000,))
    expect.that(np.isin(X, (0, 1)).all(), "Every entry should be 0 or 1.")
    counts = [int(np.sum((pair == X).all(axis=1))) for pair in SQUARE]
    expect.that(
        min(counts) > 850 and max(counts) < 1150, "The four pairs should be equally likely."
    )
    expect.close(y, (X[:, 0] != X[:, 1]).astype(float))
    other, _ = expect.parts(student.random_test_points(4000, seed + 1), ("X", "y"))
    differ = not np.array_equal(expect.array(other, shape=(4000, 2)), X)
    expect.that(differ, "Another seed should give other points.")
    few = [student.random_test_points(40, seed + k) for k in range(8)]
    few = [expect.array(expect.parts(points, ("X", "y"))[0], shape=(40, 2)) for points in few]
    ones = {tuple(points.sum(axis=0)) for points in few}  # all alike once in 10^12
    expect.that(len(ones) > 1, "Each point should be drawn for itself: counts vary by chance.")


@pytest.mark.check(
    **IMPLEMENTATION,
    section="B.7",
    function="two_accuracies",
    sibling="two_accuracies_of_clear_models",
    hint="The test points come from random_test_points(n, seed), the rows from xor_data().",
)
def test_two_accuracies_of_other_models(student, expect):
    """Both accuracies of a plane that gets three of the four pairs, and of two networks."""
    X, y = expect.parts(student.random_test_points(121, 21), ("X", "y"))
    X, y = expect.array(X, shape=(121, 2)), expect.array(y, shape=(121,))
    weights, bias = np.array([1.0, 1.0]), -0.4  # says 1 unless both bits are 0
    wanted = np.mean((X @ weights + bias >= 0.5) == (y == 1))
    for bits, right in (([0, 1, 1, 0], 1.0), ([1, 0, 1, 0], 0.5)):
        got = student.two_accuracies(weights, bias, np.array(bits), 121, 21)
        expect.close(expect.parts(got, ("test", "self-consistency")), [wanted, right])


@pytest.mark.check(
    **CORRECTNESS,
    section="B.4",
    function="fit_linear",
    sibling="descent_settles_at_one_half",
    hint="The loss is convex: every start and every small rate must end at the same place.",
    weight=2,
)
def test_every_start_ends_at_one_half(student, expect, keep):
    """On XOR, other seeds and rates end at the constant 0.5 and a loss of 0.25, too."""
    for rate, seed in ((0.1, 5), (0.3, 6), (0.05, 7)):
        weights, bias, losses = expect.parts(student.fit_linear(SQUARE, XOR, rate, 2500, seed), FIT)
        losses = expect.array(losses, shape=(2500,))
        keep("linear_losses", losses[::10])
        expect.close(weights, [0.0, 0.0], atol=1e-4)
        expect.close(bias, 0.5, atol=1e-4)
        expect.close(losses[-1], 0.25, atol=1e-4)


@pytest.mark.check(
    **CORRECTNESS,
    section="B.4",
    function="fit_linear",
    sibling="one_step_down",
    hint="Take both gradients before you move anything.",
    weight=2,
)
def test_weights_and_bias_move_together(student, expect, rng):
    """Three steps, one at a time, follow gradients taken before anything moved."""
    X, y = samples(rng, 6, 2)
    for rate in (0.02, 0.2):
        runs = [expect.parts(student.fit_linear(X, y, rate, k, 8), FIT) for k in range(4)]
        for before, after in pairwise(runs):
            w, b = expect.array(before[0], shape=(2,)), float(expect.array(before[1], shape=()))
            residuals = X @ w + b - y
            expect.close(after[0], w - rate * 2 / 6 * X.T @ residuals)
            expect.close(after[1], b - rate * 2 / 6 * residuals.sum())


@pytest.mark.check(
    **CORRECTNESS,
    section="B.4",
    function="fit_linear",
    sibling="one_step_down",
    hint="Note the loss before the update, one a step.",
)
def test_losses_before_each_update(student, expect, rng):
    """Each loss is the mean squared error before its update."""
    X, y = samples(rng, 6, 2)
    runs = [expect.parts(student.fit_linear(X, y, 0.1, k, 9), FIT) for k in range(5)]
    errors = []
    for weights, bias, _ in runs[:4]:
        w, b = expect.array(weights, shape=(2,)), float(expect.array(bias, shape=()))
        errors.append(np.mean((X @ w + b - y) ** 2))
    expect.close(runs[4][2], errors, atol=1e-4)


@pytest.mark.check(
    **CORRECTNESS,
    section="B.4",
    function="fit_linear",
    sibling="the_seed_decides",
    hint="Use default_rng(seed), not the global generator and not a fixed number.",
)
def test_seeds_of_the_descent(student, expect):
    """A seed gives the same start whatever ran before; three seeds give three starts."""
    fits = [
        expect.parts(student.fit_linear(SQUARE, XOR, 0.1, 0, seed), FIT)
        for seed in (31, 32, 33, 31)
    ]
    starts = [expect.array(weights, shape=(2,)) for weights, *_ in fits]
    biases = [expect.array(bias, shape=()) for _, bias, *_ in fits]
    expect.that(np.allclose(starts[0], starts[3]), "The same seed should give the same start.")
    differ = len({tuple(np.round(start, 9)) for start in starts}) == 3
    expect.that(differ, "Different seeds should give different starts.")
    own = not np.isclose(biases[0], starts[0]).any()
    expect.that(own, "The bias should start from a number of its own: go on with one generator.")
    drawn = len({round(float(bias), 9) for bias in biases}) == 3
    expect.that(drawn, "The bias should start from a random number, like the weights.")


@pytest.mark.check(
    **CORRECTNESS,
    section="B.5",
    function="linear_formula",
    sibling="formula_without_a_negative_zero",
    hint="A number that rounds to zero has no sign, wherever it stands.",
)
def test_formula_of_the_fitted_plane(student, expect):
    """Rounding noise around zero leaves no minus sign in the formula."""
    got = expect.text(student.linear_formula([-5e-16, -4e-4], -1e-9))
    expect.equal("".join(got.split()), "Z=0.000*A1+0.000*A2+0.000")


@pytest.mark.check(
    **CORRECTNESS,
    section="B.6",
    function="relu_gradients",
    sibling="gradients_of_a_relu_network",
    hint="A unit that is negative on every sample gets no gradient: so networks get stuck.",
)
def test_a_dead_unit_gets_no_gradient(student, expect, rng):
    """A hidden unit that is negative on every row of XOR keeps its weights for ever."""
    parameters = network(rng, 2, 3)
    parameters["W1"][:, 1], parameters["b1"][1] = -np.abs(parameters["W1"][:, 1]), -1.0
    parameters["W2"][1] = 2.0
    got = expect.mapping(student.relu_gradients(parameters, SQUARE, XOR), KEYS)
    expect.close(expect.array(got["W1"], shape=(2, 3))[:, 1], [0.0, 0.0])
    expect.close(expect.array(got["b1"], shape=(3,))[1], 0.0)
    expect.close(expect.array(got["W2"], shape=(3,))[1], 0.0)


@pytest.mark.check(
    **CORRECTNESS,
    section="B.7",
    function="accuracy",
    sibling="accuracy_of_four_predictions",
    hint="At least 0.5 counts as 1; a share from 0 to 1, not a count or a percentage.",
)
def test_accuracy_of_many_predictions(student, expect, rng):
    """The share of right predictions, those of exactly one half included."""
    guesses = np.concatenate([rng.normal(0.5, 1.0, 30), [0.5, 0.5, 0.5]])
    targets = np.concatenate([rng.integers(0, 2, 30), [1, 0, 1]]).astype(float)
    expect.close(student.accuracy(guesses, targets), np.mean((guesses >= 0.5) == (targets > 0.5)))
