"""Part B on samples small enough to be worked out by hand."""

import numpy as np
import pytest

SQUARE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])
FIT = ("weights", "bias", "losses")
ON_THE_WAY = (0, 1, 3, 10, 30, 100, 300)
"""Numbers of steps after which a picture shows the weights."""


@pytest.mark.check(
    task="linear",
    section="B.1",
    function="xor_data",
    hint="Two arrays: four rows of two bits, and 1 where the bits differ; both float64.",
)
def test_the_truth_table(student, expect):
    """The four rows of the truth table, and their XOR, as float64."""
    X, y = expect.parts(student.xor_data(), ("X", "y"))
    expect.equal(X, SQUARE, what="X") if not _is_float(X) else expect.close(X, SQUARE, what="X")
    expect.close(y, XOR, what="y")
    expect.that(_is_float(X) and _is_float(y), "Both arrays should be float64.", got=(X, y))


def _is_float(values):
    return getattr(values, "dtype", None) == np.float64


@pytest.mark.check(
    task="linear",
    section="B.2",
    function="predict_linear",
    hint="Each row of X times the weights, summed, plus the bias.",
)
def test_estimates_of_a_plane(student, expect):
    """Z = 2*A1 - A2 + 0.5 on two points."""
    given = {"X": np.array([[1.0, 0.0], [3.0, 4.0]]), "weights": np.array([2.0, -1.0]), "bias": 0.5}
    expect.close(student.predict_linear(**given), [2.5, 2.5], given=given)


@pytest.mark.check(
    task="linear",
    section="B.2",
    function="mean_squared_error",
    hint="Square the differences and take their mean: one number.",
)
def test_error_of_two_estimates(student, expect):
    """Differences of 1 and -2 give (1 + 4) / 2."""
    given = {"predictions": np.array([1.0, 2.0]), "targets": np.array([0.0, 4.0])}
    expect.close(student.mean_squared_error(**given), 2.5, given=given)


@pytest.mark.check(
    task="linear",
    section="B.3",
    function="mse_gradients",
    hint="With r = Z - y: 2/N * X^T r for the weights, 2/N * sum(r) for the bias.",
)
def test_gradients_on_two_samples(student, expect):
    """Residuals of 1 and 2 at (1, 0) and (0, 2)."""
    given = {
        "X": np.array([[1.0, 0.0], [0.0, 2.0]]),
        "y": np.array([0.0, 0.0]),
        "weights": np.array([1.0, 1.0]),
        "bias": 0.0,
    }
    weights, bias = expect.parts(student.mse_gradients(**given), ("weights", "bias"))
    expect.close(weights, [1.0, 4.0], what="gradient of the weights", given=given)
    expect.close(bias, 3.0, what="gradient of the bias", given=given)


@pytest.mark.check(
    task="linear",
    section="B.4",
    function="fit_linear",
    hint="Note the loss, take both gradients, then move by -learning_rate times them.",
)
def test_one_step_down(student, expect):
    """One step on a single sample moves weight and bias alike."""
    given = {"X": np.array([[1.0]]), "y": np.array([3.0]), "learning_rate": 0.25, "seed": 4}
    start, bias, _ = expect.parts(student.fit_linear(**given, steps=0), FIT)
    w = expect.array(start, shape=(1,), what="weights", given=given)[0]
    b = float(expect.array(bias, shape=(), what="bias", given=given))
    after, after_bias, losses = expect.parts(student.fit_linear(**given, steps=1), FIT)
    given |= {"initial weight": w, "initial bias": b}
    expect.close(after, [w - 0.5 * (w + b - 3.0)], what="weights", given=given)
    expect.close(after_bias, b - 0.5 * (w + b - 3.0), what="bias", given=given)
    expect.close(losses, [(w + b - 3.0) ** 2], what="losses", given=given, atol=1e-4)


@pytest.mark.check(
    task="linear",
    section="B.4",
    function="fit_linear",
    hint="On XOR nothing is better than the constant 0.5; print your losses if yours differ.",
)
def test_descent_settles_at_one_half(student, expect, keep):
    """On XOR, 2000 steps lead to the weights 0, 0, the bias 0.5 and a loss of 0.25."""
    weights, bias, losses = expect.parts(student.fit_linear(SQUARE, XOR, 0.1, 2000, 0), FIT)
    losses = expect.array(losses, shape=(2000,), what="losses")
    keep("linear_losses", [np.arange(0, 200, 4), losses[:200:4]])

    def way():
        fits = [student.fit_linear(SQUARE, XOR, 0.1, steps, 0) for steps in ON_THE_WAY]
        ends = [expect.parts(fit, FIT)[:2] for fit in fits] + [(weights, bias)]
        points = [[*expect.array(w, shape=(2,)), expect.array(b, shape=())] for w, b in ends]
        return [range(1, len(points) + 1), *np.transpose(points)]

    keep("linear_weights", way)
    expect.close(weights, [0.0, 0.0], what="weights", atol=1e-4)
    expect.close(bias, 0.5, what="bias", atol=1e-4)
    expect.close(losses[-1], 0.25, what="last loss", atol=1e-4)


@pytest.mark.check(
    task="linear",
    section="B.4",
    function="fit_linear",
    hint="Make a generator with np.random.default_rng(seed) inside the function.",
)
def test_the_seed_decides(student, expect):
    """The same seed gives the same fit, another seed another start."""
    first, _, _ = expect.parts(student.fit_linear(SQUARE, XOR, 0.1, 0, 1), FIT)
    again, _, _ = expect.parts(student.fit_linear(SQUARE, XOR, 0.1, 0, 1), FIT)
    other, _, _ = expect.parts(student.fit_linear(SQUARE, XOR, 0.1, 0, 2), FIT)
    expect.close(again, expect.array(first, shape=(2,)), what="weights of the second call")
    differ = not np.allclose(first, expect.array(other, shape=(2,)))
    expect.that(differ, "Another seed should give other initial weights.", got=(first, other))


@pytest.mark.check(
    task="linear",
    section="B.5",
    function="linear_formula",
    hint="Z = weight*name for each column, joined by + or -, then the bias.",
)
def test_formula_of_a_plane(student, expect):
    """The formula of the weights 0.25 and -1.5 with a bias of 0.5."""
    given = {"weights": np.array([0.25, -1.5]), "bias": 0.5}
    got = expect.text(student.linear_formula(**given))
    expect.equal("".join(got.split()), "Z=0.250*A1-1.500*A2+0.500", given=given)


@pytest.mark.check(
    task="linear",
    section="B.5",
    function="linear_formula",
    hint="Round first; adding 0.0 turns -0.0 into 0.0.",
)
def test_formula_without_a_negative_zero(student, expect):
    """A weight of -0.0000001 stands as 0.000."""
    given = {"weights": np.array([-1e-7, 1e-7]), "bias": 0.5}
    got = expect.text(student.linear_formula(**given))
    expect.equal("".join(got.split()), "Z=0.000*A1+0.000*A2+0.500", given=given)


def small_network():
    """Two hidden units; on the sample (1, 2) the first sums to 2, the second to -3."""
    return {
        "W1": np.array([[1.0, -1.0], [0.0, -1.0]]),
        "b1": np.array([1.0, 0.0]),
        "W2": np.array([3.0, 5.0]),
        "b2": np.array(0.5),
    }


@pytest.mark.check(
    task="linear",
    section="B.6",
    function="relu_forward",
    hint="X W1 + b1, then the larger of that and 0, then times W2 plus b2.",
)
def test_a_relu_network_on_one_sample(student, expect):
    """Hidden sums of 2 and -3: only the first passes."""
    given = {"parameters": small_network(), "X": np.array([[1.0, 2.0]])}
    expect.close(student.relu_forward(**given), [6.5], given=given)


@pytest.mark.check(
    task="linear",
    section="B.6",
    function="relu_gradients",
    hint="Where a hidden sum is not positive, no gradient passes to W1 and b1.",
)
def test_gradients_of_a_relu_network(student, expect):
    """With a residual of 6.5 and one sample, only the first unit's weights get a gradient."""
    given = {"parameters": small_network(), "X": np.array([[1.0, 2.0]]), "y": np.array([0.0])}
    got = expect.mapping(student.relu_gradients(**given), ("W1", "b1", "W2", "b2"))
    expect.close(got["b2"], 13.0, what="b2", given=given)
    expect.close(got["W2"], [26.0, 0.0], what="W2", given=given)
    expect.close(got["b1"], [39.0, 0.0], what="b1", given=given)
    expect.close(got["W1"], [[39.0, 0.0], [78.0, 0.0]], what="W1", given=given)


@pytest.mark.check(
    task="linear",
    section="B.6",
    function="fit_relu_network",
    hint="Return the parameters and one loss for each step, taken before the update.",
)
def test_a_relu_network_learns(student, expect):
    """Twenty steps at a small rate lower the loss on XOR."""
    got = student.fit_relu_network(SQUARE, XOR, hidden=4, learning_rate=0.01, steps=20, seed=3)
    parameters, losses = expect.parts(got, ("parameters", "losses"))
    expect.array(expect.mapping(parameters, ("W1", "b1", "W2", "b2"))["W1"], shape=(2, 4))
    losses = expect.array(losses, shape=(20,), what="losses")
    expect.that(losses[-1] < losses[0], "The loss should fall.", got=losses)


@pytest.mark.check(
    task="linear",
    section="B.7",
    function="random_test_points",
    hint="default_rng(seed).integers(0, 2, size=(n, 2)) draws bits; 1 where they differ.",
)
def test_ten_random_points(student, expect):
    """Ten pairs of bits with their XOR, the same for the same seed."""
    X, y = expect.parts(student.random_test_points(10, 5), ("X", "y"))
    X = expect.array(X, shape=(10, 2), what="X")
    expect.that(np.isin(X, (0, 1)).all(), "Every entry should be 0 or 1.", got=X)
    expect.close(y, (X[:, 0] != X[:, 1]).astype(float), what="y", given={"X": X})
    again, _ = expect.parts(student.random_test_points(10, 5), ("X", "y"))
    same = np.array_equal(expect.array(again, shape=(10, 2)), X)
    expect.that(same, "The same seed should give the same points.")


@pytest.mark.check(
    task="linear",
    section="B.7",
    function="accuracy",
    hint="A prediction of at least 0.5 is a 1; exactly 0.5 is a 1, too.",
)
def test_accuracy_of_four_predictions(student, expect):
    """0.4, 0.5, 1.7 and -2 against 0, 1, 0, 0: three are right."""
    given = {
        "predictions": np.array([0.4, 0.5, 1.7, -2.0]),
        "targets": np.array([0.0, 1.0, 0.0, 0.0]),
    }
    expect.close(student.accuracy(**given), 0.75, given=given)


@pytest.mark.check(
    task="linear",
    section="B.7",
    function="two_accuracies",
    hint="First the linear model on the random points, then the network's bits against XOR.",
)
def test_two_accuracies_of_clear_models(student, expect):
    """A model that always says 1, and network bits with one mistake."""
    given = {"weights": np.zeros(2), "bias": 1.0, "network_bits": np.array([0, 1, 1, 1])}
    _, y = expect.parts(student.random_test_points(50, 9), ("X", "y"))
    ones = expect.array(y, shape=(50,)).mean()
    got = expect.parts(student.two_accuracies(**given, n=50, seed=9), ("test", "self-consistency"))
    expect.close(got, [ones, 0.75], given={**given, "n": 50, "seed": 9})
