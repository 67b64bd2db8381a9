"""Part B, continued: what students get wrong about two layers and their gradients."""

import numpy as np
from b_gradients import FACTOR, same_direction
from relu_network import relu_forward

from autograder.diagnosis.declare import misconception, symptom, trials
from autograder.diagnosis.symptoms import only_where, part_wrong, related


def relu_networks(rng):
    """Parameters and inputs, from one hidden unit on."""
    one = {"W1": np.array([[1.0]]), "b1": np.array([0.0]), "W2": np.array([1.0])}
    yield {**one, "b2": np.array(0.0)}, np.array([[1.0]])
    yield {**one, "b2": np.array(-1.0)}, np.array([[0.0]])
    yield {**one, "b2": np.array(0.0)}, np.array([[-1.0]])
    yield {**one, "b1": np.array([1.0]), "b2": np.array(1.0)}, np.array([[0.0]])
    for n, d, h in ((1, 2, 2), (2, 2, 3), (3, 1, 2), (4, 3, 5), (5, 2, 4), (6, 3, 3), (8, 2, 6)):
        shapes = {"W1": (d, h), "b1": (h,), "W2": (h,), "b2": ()}
        parameters = {k: np.asarray(rng.normal(size=s)).round(2) for k, s in shapes.items()}
        yield parameters, rng.normal(size=(n, d)).round(2)


@trials("relu_forward", rows=("X",), numbers=("X",))
def inputs_of_two_layers(rng):
    for parameters, X in relu_networks(rng):
        yield {"parameters": parameters, "X": X}


def two_layers(parameters, X, activation, bias=1.0):
    hidden = activation(X @ parameters["W1"] + bias * parameters["b1"])
    return hidden @ parameters["W2"] + parameters["b2"]


RELU = {
    "hint": "The ReLU belongs between the two layers: the larger of each hidden sum and 0.",
    "hint_2": "work the example with hidden sums of 2 and -3 out by hand.",
}


@misconception(
    "no-relu",
    "relu_forward",
    title="Two linear layers with nothing between them.",
    **RELU,
    case="wrong/no-relu",
)
def without_relu(parameters, X):
    return two_layers(parameters, X, lambda sums: sums)


@misconception(
    "relu-of-the-absolute-value",
    "relu_forward",
    title="Negative sums are folded up instead of cut off.",
    **RELU,
    case="wrong/relu-of-the-absolute-value",
)
def folded(parameters, X):
    return two_layers(parameters, X, np.abs)


@misconception(
    "relu-on-the-output",
    "relu_forward",
    title="The output passes a ReLU, too.",
    **RELU,
    case="wrong/relu-on-the-output",
)
def cut_twice(parameters, X):
    return np.maximum(relu_forward(parameters, X), 0.0)


@misconception(
    "relu-on-the-output-only",
    "relu_forward",
    title="The ReLU stands behind the output instead of between the layers.",
    **RELU,
)
def cut_at_the_end(parameters, X):
    return np.maximum(two_layers(parameters, X, lambda sums: sums), 0.0)


@misconception(
    "relu-turned-round",
    "relu_forward",
    title="Positive sums are cut off, not negative ones.",
    **RELU,
)
def minimum(parameters, X):
    return two_layers(parameters, X, lambda sums: np.minimum(sums, 0.0))


@misconception(
    "another-activation",
    "relu_forward",
    title="A tanh stands where a ReLU is due.",
    **RELU,
)
def tanh_between(parameters, X):
    return two_layers(parameters, X, np.tanh)


@misconception(
    "sigmoid-for-relu",
    "relu_forward",
    title="A sigmoid stands where a ReLU is due.",
    **RELU,
)
def sigmoid_between(parameters, X):
    return two_layers(parameters, X, lambda sums: 1 / (1 + np.exp(-sums)))


@misconception(
    "relu-without-hidden-bias",
    "relu_forward",
    title="The hidden biases are left out.",
    hint="Without a bias every unit bends at the origin.",
    hint_2="what does a unit with a bias of 1 give where all inputs are 0?",
)
def without_b1(parameters, X):
    return two_layers(parameters, X, lambda sums: np.maximum(sums, 0.0), bias=0.0)


@misconception(
    "relu-without-output-bias",
    "relu_forward",
    title="The output bias b2 is left out.",
    hint="The last layer has a bias as well.",
    hint_2="what comes out where every hidden unit is switched off?",
)
def without_b2(parameters, X):
    return relu_forward({**parameters, "b2": 0.0}, X)


@misconception(
    "leaky-relu",
    "relu_forward",
    title="Negative sums are made small instead of being cut off.",
    **RELU,
)
def leaky(parameters, X):
    return two_layers(parameters, X, lambda sums: np.where(sums > 0.0, sums, 0.01 * sums))


@misconception(
    "step-for-relu",
    "relu_forward",
    title="Hidden units answer 0 or 1, not the positive sum itself.",
    **RELU,
)
def step_between(parameters, X):
    return two_layers(parameters, X, lambda sums: (sums > 0.0).astype(float))


@misconception(
    "relu-of-the-inputs",
    "relu_forward",
    title="The ReLU is applied to the inputs instead of the hidden sums.",
    **RELU,
)
def relu_before_the_layer(parameters, X):
    return two_layers(parameters, np.maximum(X, 0.0), lambda sums: sums)


@misconception(
    "relu-before-the-hidden-bias",
    "relu_forward",
    title="The hidden biases are added after the ReLU.",
    **RELU,
)
def bias_after_the_relu(parameters, X):
    hidden = np.maximum(X @ parameters["W1"], 0.0) + parameters["b1"]
    return hidden @ parameters["W2"] + parameters["b2"]


@misconception(
    "relu-estimates-as-a-column",
    "relu_forward",
    title="Estimates stand in a column of shape (N, 1).",
    hint="One axis is enough for one estimate a sample.",
    hint_2="look at the shape of Z, and at that of Z - y if y has the shape (N,).",
)
def column_of_estimates(parameters, X):
    return relu_forward(parameters, X)[:, np.newaxis]


@misconception(
    "relu-output-averaged",
    "relu_forward",
    title="The hidden units are averaged, not summed.",
    hint="Z = R W2 + b2 is a sum over the hidden units.",
    hint_2="work an example with two hidden units out by hand.",
)
def mean_of_units(parameters, X):
    scaled = {**parameters, "W2": parameters["W2"] / len(parameters["W2"])}
    return relu_forward(scaled, X)


@trials("relu_gradients", rows=("X", "y"), numbers=("X", "y"))
def places_of_two_layers(rng):
    for parameters, X in relu_networks(rng):
        yield {"parameters": parameters, "X": X, "y": np.zeros(len(X))}
        if len(X) > 1:
            yield {"parameters": parameters, "X": X, "y": rng.normal(size=len(X)).round(1)}


def backwards(parameters, X, y, scale=None, mask=lambda sums, _: sums > 0.0):
    sums = X @ parameters["W1"] + parameters["b1"]
    hidden = np.maximum(sums, 0.0)
    scale = 2.0 / len(X) if scale is None else scale
    by_estimate = scale * (hidden @ parameters["W2"] + parameters["b2"] - y)
    by_sum = np.outer(by_estimate, parameters["W2"]) * mask(sums, parameters)
    return {
        "W1": X.T @ by_sum,
        "b1": by_sum.sum(axis=0),
        "W2": hidden.T @ by_estimate,
        "b2": by_estimate.sum(),
    }


MASK = {
    "hint": "A unit that is switched off passes nothing on, so nothing comes back through it.",
    "hint_2": "look at a sample whose hidden sum is negative: what does its weight's gradient do?",
}


@misconception(
    "relu-mask-forgotten",
    "relu_gradients",
    title="The ReLU's derivative is ignored: the gradient passes units that are switched off.",
    **MASK,
    case="wrong/relu-mask-forgotten",
)
def without_mask(parameters, X, y):
    return backwards(parameters, X, y, mask=lambda sums, _: 1.0)


@misconception(
    "relu-mask-of-the-estimate",
    "relu_gradients",
    title="The ReLU's derivative looks at the output weights, not at the hidden sums.",
    **MASK,
    case="wrong/relu-mask-of-the-estimate",
)
def mask_of_the_weights(parameters, X, y):
    return backwards(parameters, X, y, mask=lambda _, parameters: parameters["W2"] > 0.0)


@misconception(
    "relu-mask-turned-round",
    "relu_gradients",
    title="The gradient passes units that are switched off, and stops at the others.",
    **MASK,
)
def mask_turned_round(parameters, X, y):
    return backwards(parameters, X, y, mask=lambda sums, _: sums <= 0.0)


@misconception(
    "relu-gradient-not-averaged",
    "relu_gradients",
    title="The gradient of the network is summed over the samples: 1/N is missing.",
    **FACTOR,
    case="wrong/relu-gradient-not-averaged",
)
def network_not_averaged(parameters, X, y):
    return backwards(parameters, X, y, scale=2.0)


@misconception(
    "relu-gradient-without-the-two",
    "relu_gradients",
    title="The factor 2 of the square is missing.",
    **FACTOR,
)
def network_without_the_two(parameters, X, y):
    return backwards(parameters, X, y, scale=1.0 / len(X))


@misconception(
    "relu-gradient-without-factor",
    "relu_gradients",
    title="The whole factor 2/N is missing.",
    **FACTOR,
)
def network_without_factor(parameters, X, y):
    return backwards(parameters, X, y, scale=1.0)


@misconception(
    "relu-gradient-sign",
    "relu_gradients",
    title="The gradients have the wrong sign: residuals are target minus estimate.",
    hint="The gradient points to where the loss grows; the descent goes the other way.",
    hint_2="estimate 1, target 0: must b2 fall or rise, and what is its gradient?",
)
def network_upside_down(parameters, X, y):
    return backwards(parameters, X, y, scale=-2.0 / len(X))


@misconception(
    "relu-hidden-bias-forgotten",
    "relu_gradients",
    title="The hidden biases get no gradient.",
    hint="A bias is a weight of an input that is always 1.",
    hint_2="move b1 by 0.001: by how much does the loss change?",
    case="wrong/relu-hidden-bias-forgotten",
)
def hidden_bias_forgotten(parameters, X, y):
    found = backwards(parameters, X, y)
    return {**found, "b1": 0.0 * found["b1"]}


@misconception(
    "relu-output-weights-left-out",
    "relu_gradients",
    title="On the way back the output weights are left out.",
    hint="How much a hidden unit matters depends on the weight that it gets in the output.",
    hint_2="what should the gradient of a unit be whose output weight is 0?",
)
def output_weights_left_out(parameters, X, y):
    ones = {**parameters, "W2": np.ones_like(parameters["W2"])}
    sums = X @ parameters["W1"] + parameters["b1"]
    by_estimate = 2.0 / len(X) * (relu_forward(parameters, X) - y)
    by_sum = np.outer(by_estimate, ones["W2"]) * (sums > 0.0)
    found = backwards(parameters, X, y)
    return {**found, "W1": X.T @ by_sum, "b1": by_sum.sum(axis=0)}


def by_hidden_sums(parameters, X, y, change):
    """The gradients where what comes back through the hidden units is changed.

    Args:
        change: gradient in the hidden units' outputs, sums -> gradient in the sums.
    """
    sums = X @ parameters["W1"] + parameters["b1"]
    by_estimate = 2.0 / len(X) * (relu_forward(parameters, X) - y)
    by_sum = change(np.outer(by_estimate, parameters["W2"]), sums)
    return {**backwards(parameters, X, y), "W1": X.T @ by_sum, "b1": by_sum.sum(axis=0)}


def changed(parameters, X, y, **factors):
    """The gradients with some of them multiplied."""
    found = backwards(parameters, X, y)
    return {key: value * factors.get(key, 1.0) for key, value in found.items()}


@misconception(
    "relu-of-the-gradient",
    "relu_gradients",
    title="On the way back a ReLU is applied to the gradient itself.",
    **MASK,
    case="wrong/relu-of-the-gradient",
)
def relu_of_the_gradient(parameters, X, y):
    return by_hidden_sums(parameters, X, y, lambda back, sums: np.maximum(back, 0.0))


@misconception(
    "only-positive-gradients-pass",
    "relu_gradients",
    title="Where a unit is on, only positive gradients pass.",
    **MASK,
)
def masked_relu_of_the_gradient(parameters, X, y):
    return by_hidden_sums(parameters, X, y, lambda back, s: np.maximum(back, 0.0) * (s > 0.0))


@misconception(
    "relu-mask-of-the-gradient",
    "relu_gradients",
    title="The ReLU itself stands where its derivative is due.",
    hint="The derivative of a ReLU is 0 or 1, never the sum itself.",
    hint_2="by how much does relu(s) grow if s = 5 grows by 0.001?",
)
def relu_for_its_derivative(parameters, X, y):
    return by_hidden_sums(parameters, X, y, lambda back, sums: back * np.maximum(sums, 0.0))


@misconception(
    "relu-derivative-of-a-sigmoid",
    "relu_gradients",
    title="The derivative of a sigmoid stands where that of a ReLU is due.",
    hint="The derivative of a ReLU is 0 or 1.",
    hint_2="by how much does relu(s) grow if s = 5 grows by 0.001?",
)
def derivative_of_a_sigmoid(parameters, X, y):
    def change(back, sums):
        on = np.maximum(sums, 0.0)
        return back * on * (1.0 - on)

    return by_hidden_sums(parameters, X, y, change)


@misconception(
    "relu-mask-of-the-leaky-kind",
    "relu_gradients",
    title="A little of the gradient passes units that are switched off.",
    **MASK,
)
def leaky_mask(parameters, X, y):
    return by_hidden_sums(parameters, X, y, lambda b, s: b * np.where(s > 0.0, 1.0, 0.01))


@misconception(
    "relu-passes-at-zero",
    "relu_gradients",
    title="The gradient passes a unit whose sum is exactly 0.",
    hint="At 0 the ReLU has a corner; the docstring says which side counts.",
    hint_2="look at a sample whose hidden sum is exactly 0.",
)
def passes_at_zero(parameters, X, y):
    return backwards(parameters, X, y, mask=lambda sums, _: sums >= 0.0)


@misconception(
    "relu-hidden-sums-for-outputs",
    "relu_gradients",
    title="The gradient of W2 takes the hidden sums, without their ReLU.",
    hint="The output weights multiply what the hidden units answer.",
    hint_2="what is the gradient of a weight whose unit is switched off everywhere?",
)
def sums_for_outputs(parameters, X, y):
    sums = X @ parameters["W1"] + parameters["b1"]
    by_estimate = 2.0 / len(X) * (relu_forward(parameters, X) - y)
    return {**backwards(parameters, X, y), "W2": sums.T @ by_estimate}


@misconception(
    "relu-output-bias-forgotten",
    "relu_gradients",
    title="The output bias gets no gradient.",
    hint="A bias is a weight of an input that is always 1.",
    hint_2="move b2 by 0.001: by how much does the loss change?",
)
def output_bias_forgotten(parameters, X, y):
    return changed(parameters, X, y, b2=0.0)


@misconception(
    "relu-biases-averaged-twice",
    "relu_gradients",
    title="The gradients of the biases are averaged a second time.",
    **FACTOR,
)
def biases_averaged_twice(parameters, X, y):
    return changed(parameters, X, y, b1=1.0 / len(X), b2=1.0 / len(X))


@misconception(
    "relu-gradient-averaged-twice",
    "relu_gradients",
    title="The factor 1/N is applied twice.",
    **FACTOR,
)
def network_averaged_twice(parameters, X, y):
    return backwards(parameters, X, y, scale=2.0 / len(X) ** 2)


def some_sum(relation):
    """Whether a hidden sum fulfils a relation on some row."""
    return lambda given: np.any(
        relation(given["X"] @ given["parameters"]["W1"] + given["parameters"]["b1"])
    )


TWO_LAYERS = {
    "hint": "S = X W1 + b1, R = max(S, 0), Z = R W2 + b2: three lines, one after the other.",
    "hint_2": "print S, R and Z of one row with two units, and work them out by hand.",
}
WRONG_FORWARD = [
    symptom(
        "relu-wrong-where-a-unit-is-off",
        "relu_forward",
        title="Estimates are wrong only where a hidden sum is negative: the ReLU is wrong there.",
        **RELU,
    )(only_where(some_sum(lambda sums: sums < 0))),
    symptom(
        "relu-wrong-where-a-unit-is-on",
        "relu_forward",
        title="Estimates are wrong only where a hidden sum is positive.",
        **RELU,
    )(only_where(some_sum(lambda sums: sums > 0))),
    symptom(
        "relu-wrong-with-several-units",
        "relu_forward",
        title="One hidden unit is right, several are not: they are combined in a wrong way.",
        **TWO_LAYERS,
    )(only_where(lambda given: len(given["parameters"]["W2"]) > 1)),
    symptom(
        "relu-wrong-with-a-hidden-bias",
        "relu_forward",
        title="Estimates are right only if the hidden biases are 0.",
        **TWO_LAYERS,
    )(only_where(lambda given: np.any(given["parameters"]["b1"]))),
    symptom(
        "relu-wrong-with-an-output-bias",
        "relu_forward",
        title="Estimates are right only if the output bias is 0.",
        **TWO_LAYERS,
    )(only_where(lambda given: np.any(given["parameters"]["b2"]))),
]


LAYERS = {
    "hint": "Each gradient has a line of its own in the docstring; compare them one by one.",
    "hint_2": "move one parameter by 0.001: by how much does the loss change, and what comes back?",
}
WRONG_BACKWARD = [
    symptom(
        "relu-gradient-of-another-length",
        "relu_gradients",
        title="The gradients have the right direction and a wrong length.",
        **FACTOR,
    )(related(same_direction)),
    *(
        symptom(
            f"relu-gradient-wrong-in-{'-and-'.join(keys).lower()}",
            "relu_gradients",
            title=f"Only the gradient of {' and '.join(keys)} is wrong: {what}.",
            **LAYERS,
        )(part_wrong(*keys))
        for keys, what in (
            (("W1",), "the inputs enter in a wrong way"),
            (("b1",), "the hidden biases get it in a wrong way"),
            (("W2",), "the hidden outputs enter in a wrong way"),
            (("b2",), "the output bias gets it in a wrong way"),
            (("W1", "b1"), "the way back through the hidden units is wrong"),
            (("W2", "b2"), "the output layer's own gradient is wrong"),
            (("b1", "b2"), "the biases get it in a wrong way"),
            (("W1", "W2"), "the weights get it in a wrong way"),
        )
    ),
    symptom(
        "relu-gradient-wrong-where-a-unit-is-off",
        "relu_gradients",
        title="Gradients are wrong only where a hidden sum is negative: the mask is wrong.",
        **MASK,
    )(only_where(some_sum(lambda sums: sums < 0))),
    symptom(
        "relu-gradient-wrong-over-several-samples",
        "relu_gradients",
        title="The gradients are right for one sample; several are combined in a wrong way.",
        **FACTOR,
    )(only_where(lambda given: len(given["y"]) > 1)),
]


@misconception(
    "relu-gradient-of-the-last-sample",
    "relu_gradients",
    title="Only the last sample counts: a loop replaces the gradients instead of adding to them.",
    **FACTOR,
)
def network_of_the_last_sample(parameters, X, y):
    return backwards(parameters, X[-1:], y[-1:])


@misconception(
    "relu-gradient-of-unit-length",
    "relu_gradients",
    title="The gradients are scaled to a length of 1 together.",
    **FACTOR,
)
def network_of_unit_length(parameters, X, y):
    found = backwards(parameters, X, y)
    length = np.sqrt(sum(np.sum(np.square(value)) for value in found.values()))
    return {key: value / (length or 1.0) for key, value in found.items()}


@misconception(
    "relu-gradient-residuals-without-output-bias",
    "relu_gradients",
    title="The residuals leave the output bias out.",
    **LAYERS,
)
def residuals_without_b2(parameters, X, y):
    return backwards(parameters, X, y + parameters["b2"])


@misconception(
    "relu-without-any-bias",
    "relu_forward",
    title="Both biases are left out.",
    **TWO_LAYERS,
)
def without_biases(parameters, X):
    return np.maximum(X @ parameters["W1"], 0.0) @ parameters["W2"]


@misconception(
    "relu-capped",
    "relu_forward",
    title="Hidden units are cut off at 1 as well as at 0.",
    **RELU,
)
def capped(parameters, X):
    return two_layers(parameters, X, lambda sums: np.clip(sums, 0.0, 1.0))


@misconception(
    "relu-softplus",
    "relu_forward",
    title="A softplus, log(1 + exp(s)), stands where a ReLU is due.",
    **RELU,
)
def softplus(parameters, X):
    return two_layers(parameters, X, lambda sums: np.logaddexp(0.0, sums))
