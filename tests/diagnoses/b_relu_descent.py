"""Part B, continued: what students get wrong about training two layers."""

import numpy as np
from b_descent import (
    ALL_SAMPLES,
    FOUR_SAMPLES,
    LAST,
    LOSSES,
    SEED,
    SOME_OF_FOUR,
    STEPS,
    TOGETHER,
    descent_symptoms,
)
from b_plane import SQUARE, XOR
from relu_network import relu_forward, relu_gradients

from autograder.diagnosis.declare import behaviour, misconception, observed


def loss_of(parameters, X, y):
    return float(np.mean((relu_forward(parameters, X) - y) ** 2))


ALL = ("W1", "b1", "W2", "b2")


def moved(parameters, gradients, rate, names=ALL):
    return {
        key: value - rate * np.asarray(gradients[key]) * (key in names)
        for key, value in parameters.items()
    }


def descend_network(
    X, y, hidden, learning_rate, steps, parameters, groups=(ALL,), rows=lambda _step: slice(None)
):
    """Gradient descent from given parameters.

    Args:
        groups: parameters that move together, each group by a gradient of its own.
        rows: step -> the samples that enter its gradients.
    """
    losses = []
    for step in range(steps):
        losses.append(loss_of(parameters, X, y))
        for names in groups:
            gradients = relu_gradients(parameters, X[rows(step)], y[rows(step)])
            parameters = moved(parameters, gradients, learning_rate, names)
    return parameters, np.array(losses)


@observed(
    "fit_relu_network", right=descend_network, shown=("X", "y", "hidden", "learning_rate", "steps")
)
def descents_of_two_layers(student, rng):
    for n, d, hidden, rate, steps in ((1, 1, 1, 0.1, 1), (2, 2, 2, 0.1, 1), (4, 2, 3, 0.05, 2),
                                      (5, 2, 4, 0.02, 3), (6, 3, 2, 0.1, 2), (4, 2, 3, 2.0, 4),
                                      (3, 2, 2, 0.8, 2)):  # fmt: skip
        X, y = rng.normal(size=(n, d)).round(1), rng.integers(0, 2, size=n).astype(float)
        (parameters, losses), again = (
            student.fit_relu_network(X, y, hidden, rate, 0, 7) for _ in "ab"
        )
        if len(losses) > 1 or not np.allclose(parameters["W1"], again[0]["W1"]):
            raise ValueError  # what follows from such a start cannot be told
        given = {"X": X, "y": y, "hidden": hidden, "learning_rate": rate, "steps": steps}
        start = {key: np.asarray(parameters[key], float) for key in ("W1", "b1", "W2", "b2")}
        yield (
            given | {"parameters": start},
            lambda X=X, y=y, hidden=hidden, rate=rate, steps=steps: student.fit_relu_network(
                X, y, hidden, rate, steps, 7
            ),
        )


@misconception(
    "relu-layers-move-in-turn",
    "fit_relu_network",
    title="Each parameter moves by a gradient taken after the one before has moved.",
    **TOGETHER,
    case="wrong/relu-layers-move-in-turn",
)
def layers_in_turn(X, y, hidden, learning_rate, steps, parameters):
    return descend_network(
        X, y, hidden, learning_rate, steps, parameters, groups=[[key] for key in ALL]
    )


@misconception(
    "relu-layers-move-from-the-end",
    "fit_relu_network",
    title="Each parameter moves by a gradient taken after another has moved, the output first.",
    **TOGETHER,
    case="wrong/relu-layers-move-from-the-end",
)
def layers_from_the_end(X, y, hidden, learning_rate, steps, parameters):
    order = (["W2"], ["b2"], ["W1"], ["b1"])
    return descend_network(X, y, hidden, learning_rate, steps, parameters, groups=order)


@misconception(
    "relu-output-layer-moves-first",
    "fit_relu_network",
    title="The hidden layer moves by a gradient taken after the output layer has moved.",
    **TOGETHER,
)
def output_layer_first(X, y, hidden, learning_rate, steps, parameters):
    order = (["W2", "b2"], ["W1", "b1"])
    return descend_network(X, y, hidden, learning_rate, steps, parameters, groups=order)


@misconception(
    "relu-hidden-layer-moves-first",
    "fit_relu_network",
    title="The output layer moves by a gradient taken after the hidden layer has moved.",
    **TOGETHER,
)
def hidden_layer_first(X, y, hidden, learning_rate, steps, parameters):
    order = (["W1", "b1"], ["W2", "b2"])
    return descend_network(X, y, hidden, learning_rate, steps, parameters, groups=order)


@misconception(
    "relu-biases-never-moved",
    "fit_relu_network",
    title="Only the weights are moved, the biases stay.",
    hint="All four parameters are learnt.",
    hint_2="compare b1 and b2 after 0 steps and after 1.",
)
def biases_stay(X, y, hidden, learning_rate, steps, parameters):
    return descend_network(X, y, hidden, learning_rate, steps, parameters, groups=[["W1", "W2"]])


@misconception(
    "relu-only-the-first-layer-learns",
    "fit_relu_network",
    title="Only W1 and b1 are moved.",
    hint="All four parameters are learnt.",
    hint_2="compare W2 after 0 steps and after 1.",
)
def first_layer_only(X, y, hidden, learning_rate, steps, parameters):
    return descend_network(X, y, hidden, learning_rate, steps, parameters, groups=[["W1", "b1"]])


@misconception(
    "relu-one-sample-a-step",
    "fit_relu_network",
    title="Each step uses the gradient of one sample, in turn.",
    **ALL_SAMPLES,
)
def network_one_sample_in_turn(X, y, hidden, learning_rate, steps, parameters):
    return descend_network(
        X, y, hidden, learning_rate, steps, parameters, rows=lambda step: [step % len(X)]
    )


@misconception(
    "relu-learning-rate-fixed",
    "fit_relu_network",
    title="The rate is 0.1 whatever is asked for.",
    hint="Every argument of a function should matter.",
    hint_2="compare one step with learning_rate 0.1 and 0.2.",
)
def network_at_one_rate(X, y, hidden, learning_rate, steps, parameters):
    return descend_network(X, y, hidden, 0.1, steps, parameters)


@misconception(
    "relu-one-loss-too-many",
    "fit_relu_network",
    title="The loss after the last step is appended as well.",
    **LOSSES,
)
def all_network_losses(X, y, hidden, learning_rate, steps, parameters):
    parameters, losses = descend_network(X, y, hidden, learning_rate, steps, parameters)
    return parameters, np.append(losses, loss_of(parameters, X, y))


@misconception(
    "relu-one-step-too-few",
    "fit_relu_network",
    title="One step too few is made.",
    **STEPS,
)
def network_one_step_less(X, y, hidden, learning_rate, steps, parameters):
    return descend_network(X, y, hidden, learning_rate, steps - 1, parameters)


@misconception(
    "relu-learns-once",
    "fit_relu_network",
    title="The gradient is taken once and used in every step.",
    hint="The slope changes with the place.",
    hint_2="is the gradient computed inside the loop?",
    case="wrong/relu-learns-once",
)
def gradient_taken_once(X, y, hidden, learning_rate, steps, parameters):
    losses, gradients = [], relu_gradients(parameters, X, y)
    for _ in range(steps):
        losses.append(loss_of(parameters, X, y))
        parameters = moved(parameters, gradients, learning_rate)
    return parameters, np.array(losses)


@misconception(
    "relu-only-the-last-layer-learns",
    "fit_relu_network",
    title="Only W2 and b2 are moved.",
    hint="All four parameters are learnt.",
    hint_2="compare W1 after 0 steps and after 1.",
    case="wrong/relu-only-the-last-layer-learns",
)
def last_layer_only(X, y, hidden, learning_rate, steps, parameters):
    return descend_network(X, y, hidden, learning_rate, steps, parameters, groups=[["W2", "b2"]])


@misconception(
    "relu-climbs",
    "fit_relu_network",
    title="The gradient is added instead of subtracted, so the loss grows.",
    hint="The gradient points to where the loss grows.",
    hint_2="print your losses: do they fall?",
)
def network_uphill(X, y, hidden, learning_rate, steps, parameters):
    return descend_network(X, y, hidden, -learning_rate, steps, parameters)


@misconception(
    "relu-losses-after-the-update",
    "fit_relu_network",
    title="Each loss is that of the moved parameters.",
    **LOSSES,
)
def network_losses_too_late(X, y, hidden, learning_rate, steps, parameters):
    losses = []
    for _ in range(steps):
        parameters = moved(parameters, relu_gradients(parameters, X, y), learning_rate)
        losses.append(loss_of(parameters, X, y))
    return parameters, np.array(losses)


@behaviour(
    "relu-starts-from-zero",
    "fit_relu_network",
    title="All weights start from zero, so all hidden units stay alike.",
    hint="Hidden units that start alike get the same gradient, and stay alike.",
    hint_2="look at W1 after 0 steps.",
)
def network_of_zeros(student):
    return not np.any(student.fit_relu_network(SQUARE, XOR, 3, 0.1, 0, 1)[0]["W1"])


@behaviour(
    "relu-seed-ignored",
    "fit_relu_network",
    title="The seed is ignored: every start is the same.",
    **SEED,
)
def every_network_the_same(student):
    first, other = (student.fit_relu_network(SQUARE, XOR, 3, 0.1, 0, s)[0]["W1"] for s in (1, 2))
    return np.allclose(first, other)


@behaviour(
    "relu-no-seed",
    "fit_relu_network",
    title="The start is drawn without the seed: the same call gives something else each time.",
    **SEED,
)
def another_network_each_time(student):
    first, again = (student.fit_relu_network(SQUARE, XOR, 3, 0.1, 0, 1)[0]["W1"] for _ in "ab")
    return not np.allclose(first, again)


@behaviour(
    "relu-hidden-units-fixed",
    "fit_relu_network",
    title="The number of hidden units is fixed, whatever is asked for.",
    hint="Every argument of a function should matter.",
    hint_2="compare the shapes for hidden 3 and 5.",
)
def always_as_many_hidden_units(student):
    runs = [student.fit_relu_network(SQUARE, XOR, hidden, 0.1, 0, 1)[0] for hidden in (3, 5)]
    return np.size(runs[0]["b1"]) == np.size(runs[1]["b1"])


@behaviour(
    "relu-steps-fixed",
    "fit_relu_network",
    title="The number of steps is fixed, whatever is asked for.",
    **STEPS,
)
def network_of_as_many_steps(student):
    few, many = (len(student.fit_relu_network(SQUARE, XOR, 3, 0.1, n, 1)[1]) for n in (3, 5))
    return few == many


@behaviour(
    "relu-stops-when-it-is-flat",
    "fit_relu_network",
    title="The descent stops by itself.",
    **STEPS,
)
def network_stops_by_itself(student):
    few, many = (len(student.fit_relu_network(SQUARE, XOR, 3, 0.1, n, 1)[1]) for n in (3, 1500))
    return few == 3 and many < 1500


def networks_on_the_way(X, y, hidden, learning_rate, steps, parameters):
    """The parameters before each step, and after the last; and the losses there."""
    places = [
        descend_network(X, y, hidden, learning_rate, n, parameters)[0] for n in range(steps + 1)
    ]
    return places, np.array([loss_of(place, X, y) for place in places])


@misconception(
    "relu-keeps-the-best",
    "fit_relu_network",
    title="The parameters with the smallest loss on the way come back, not the last.",
    **LAST,
    case="wrong/relu-keeps-the-best",
)
def best_network_on_the_way(X, y, hidden, learning_rate, steps, parameters):
    places, losses = networks_on_the_way(X, y, hidden, learning_rate, steps, parameters)
    return places[int(np.argmin(losses[:-1]))], losses[:-1]


@misconception(
    "relu-keeps-the-best-of-all",
    "fit_relu_network",
    title="The best parameters on the way come back, the last included, not always the last.",
    **LAST,
)
def best_network_of_all(X, y, hidden, learning_rate, steps, parameters):
    places, losses = networks_on_the_way(X, y, hidden, learning_rate, steps, parameters)
    return places[int(np.argmin(losses))], losses[:-1]


@misconception(
    "relu-averages-the-way",
    "fit_relu_network",
    title="The mean of all parameters on the way comes back, not the last.",
    **LAST,
)
def mean_network(X, y, hidden, learning_rate, steps, parameters):
    places, losses = networks_on_the_way(X, y, hidden, learning_rate, steps, parameters)
    mean = {key: np.mean([place[key] for place in places[1:]], axis=0) for key in parameters}
    return mean, losses[:-1]


@misconception(
    "relu-gradient-clipped",
    "fit_relu_network",
    title="A gradient longer than 1 is cut to length 1 before the step.",
    hint="A step is the learning rate times the gradient, however long that is.",
    hint_2="compute one step by hand: by how much do the parameters move?",
)
def clipped_network(X, y, hidden, learning_rate, steps, parameters):
    losses = []
    for _ in range(steps):
        losses.append(loss_of(parameters, X, y))
        found = relu_gradients(parameters, X, y)
        length = np.sqrt(sum(np.sum(np.square(value)) for value in found.values()))
        parameters = moved(parameters, found, learning_rate / max(1.0, length))
    return parameters, np.array(losses)


WRONG_DESCENTS = descent_symptoms("fit_relu_network", "relu-fit", (0,), ("parameters",))


def with_momentum(X, y, hidden, learning_rate, steps, parameters, damping=0.9):
    """Each step goes on with a part of the step before."""
    losses, move = [], {key: 0.0 * value for key, value in parameters.items()}
    for _ in range(steps):
        losses.append(loss_of(parameters, X, y))
        found = relu_gradients(parameters, X, y)
        move = {key: damping * move[key] - learning_rate * found[key] for key in ALL}
        parameters = {key: parameters[key] + move[key] for key in ALL}
    return parameters, np.array(losses)


def update_for_every_sample(X, y, hidden, learning_rate, steps, parameters):
    losses = []
    for _ in range(steps):
        losses.append(loss_of(parameters, X, y))
        for row in range(len(X)):
            one = [row]
            parameters, _ = descend_network(X[one], y[one], hidden, learning_rate, 1, parameters)
    return parameters, np.array(losses)


def by_falling_rate(fall):
    def falling(X, y, hidden, learning_rate, steps, parameters):
        losses = []
        for step in range(steps):
            rate = learning_rate * fall(step, steps)
            parameters, loss = descend_network(X, y, hidden, rate, 1, parameters)
            losses.append(loss[0])
        return parameters, np.array(losses)

    return falling


ONE_SLOPE = {
    "hint": "Every step takes learning_rate times the gradient at its place, and nothing else.",
    "hint_2": "compute two steps by hand and compare.",
}
OTHER_STEPS = [
    misconception(f"relu-{name}", "fit_relu_network", title=title, **about)(gives)
    for name, title, about, gives in (
        (
            "with-momentum",
            "Each step goes on with a part of the step before.",
            ONE_SLOPE,
            with_momentum,
        ),
        (
            "update-for-every-sample",
            "Each step makes an update for every sample, one after the other.",
            ALL_SAMPLES,
            update_for_every_sample,
        ),
        (
            "rate-divided-by-the-step",
            "The learning rate falls from step to step.",
            ONE_SLOPE,
            by_falling_rate(lambda step, _: 1.0 / (step + 1)),
        ),
        (
            "rate-falling-to-zero",
            "The learning rate falls linearly to 0 over the steps.",
            ONE_SLOPE,
            by_falling_rate(lambda step, steps: 1.0 - step / steps),
        ),
    )
]


@behaviour(
    "relu-some-samples-a-step",
    "fit_relu_network",
    title="Each step uses some of the samples, drawn at random.",
    **ALL_SAMPLES,
    case="wrong/relu-one-random-sample",
)
def follows_some_samples(student):
    X, y = FOUR_SAMPLES
    start, _ = student.fit_relu_network(X, y, 5, 0.01, 0, 3)
    one, _ = student.fit_relu_network(X, y, 5, 0.01, 1, 3)
    found = [moved(start, relu_gradients(start, X[rows], y[rows]), 0.01) for rows in SOME_OF_FOUR]
    whole = moved(start, relu_gradients(start, X, y), 0.01)

    def goes_to(place):
        return all(np.allclose(one[key], place[key], rtol=1e-5, atol=1e-8) for key in ALL)

    return not goes_to(whole) and any(map(goes_to, found))
