"""What the pictures of the students' pages should look like.

Each function gives the numbers that a public check keeps where everything is right.
"""

import numpy as np

SQUARE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0.0, 1.0, 1.0, 0.0])
ACROSS = np.linspace(0.0, 1.0, 21)
# One of the networks that solve XOR: a unit for "at least one", a unit for "both".
NETWORK = {
    "zero": 0.0,
    "one": 1.0,
    "hidden_activation": "tanh",
    "output_activation": "sigmoid",
    "positive_means": "different",
    "hidden_weights": np.array([[3.0, 3.0], [3.0, 3.0]]),
    "hidden_biases": np.array([-1.5, -4.5]),
    "output_weights": np.array([4.0, -4.0]),
    "output_bias": -4.0,
}
# Every fifth loss of the reference at the settings of the public check, seed 8. They are written
# down because training needs torch, which grading never loads outside of a box.
TRAINING_LOSSES = (
    *(0.680, 0.691, 0.714, 0.699, 0.697, 0.693, 0.702, 0.693, 0.700, 0.689, 0.694, 0.691),
    *(0.694, 0.693, 0.694, 0.692, 0.693, 0.697, 0.690, 0.679, 0.713, 0.698, 0.693, 0.704),
    *(0.695, 0.698, 0.696, 0.689, 0.696, 0.694, 0.700, 0.697, 0.693, 0.691, 0.680, 0.617),
    *(0.390, 0.182, 0.060, 0.019, 0.008, 0.004, 0.003, 0.002, 0.002, 0.001, 0.001, 0.001),
    *(0.001, 0.001, 0.001, 0.001, 0.000, 0.001, 0.001, 0.001, 0.001, 0.000, 0.000, 0.000),
)
# The unit and the head of the same network along the string of the public check, bit by bit.
HIDDEN_STATE = (
    (
        *(-0.57, 0.73, -0.64, -0.27, -0.63, -0.90, 0.71, 0.49),
        *(-0.61, 0.74, -0.68, -0.40, 0.74, 0.53, 0.39, -0.66),
    ),
    (-1, 1, -1, -1, -1, -1, 1, 1, -1, 1, -1, -1, 1, 1, 1, -1),
)


def decision_surface(reference):
    """Probabilities over the unit square, of a network that solves XOR."""
    points = np.stack(np.meshgrid(ACROSS, ACROSS), axis=-1).reshape(-1, 2)
    return reference.probability(NETWORK, points).reshape(len(ACROSS), len(ACROSS))


def linear_losses(reference):
    """Every fourth loss of the first 200 steps."""
    _, _, losses = reference.fit_linear(SQUARE, XOR, 0.1, 2000, 0)
    return [np.arange(0, 200, 4), losses[:200:4]]


def augmented_losses(reference):
    """Every twentieth loss of the first 1000 steps."""
    _, _, losses = reference.fit_augmented(SQUARE, XOR, 0.1, 2000, 0)
    return [np.arange(0, 1000, 20), losses[:1000:20]]


def linear_weights(reference):
    """Both weights and the bias after so many steps."""
    return _way(reference.fit_linear)


def augmented_weights(reference):
    """The three weights and the bias after so many steps."""
    return _way(reference.fit_augmented)


def _way(fit):
    ends = [fit(SQUARE, XOR, 0.1, steps, 0)[:2] for steps in (0, 1, 3, 10, 30, 100, 300, 2000)]
    points = np.array([[*weights, bias] for weights, bias in ends])
    return [range(1, len(points) + 1), *points.T]


def training_losses(reference):
    """Every fifth of the 300 losses."""
    return [np.arange(0, 300, 5), TRAINING_LOSSES]


def accuracy_by_length(reference):
    """All strings are right, whatever their length."""
    return [(5, 10, 20, 50), (1.0, 1.0, 1.0, 1.0)]


def hidden_state(reference):
    """Sixteen bits: every 1 turns the state over, a 0 leaves it."""
    return [range(1, 17), *HIDDEN_STATE]
