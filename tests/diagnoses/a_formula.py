"""Part A: what students get wrong between a network's numbers and its formula."""

import json
import re

import numpy as np
from xor_formula import (
    TRUTH_TABLE,
    formula_text,
    hidden_activations,
    predict_bit,
    probability,
    read_parameters,
    sigmoid,
)

from autograder.diagnosis.declare import behaviour, misconception, trials
from autograder.kit.failures import StudentError


def network(**changes):
    """Parameters without what nobody computes with: one tanh unit, looking at A1 - A2."""
    parameters = {
        "zero": 0.0,
        "one": 1.0,
        "hidden_activation": "tanh",
        "output_activation": "sigmoid",
        "positive_means": "different",
        "hidden_weights": np.array([[1.0, -1.0]]),
        "hidden_biases": np.array([0.0]),
        "output_weights": np.array([2.0]),
        "output_bias": 0.0,
    }
    return {**parameters, **changes}


def larger(rng, hidden, **changes):
    """A network with round random numbers."""
    return network(
        hidden_weights=rng.normal(size=(hidden, 2)).round(2),
        hidden_biases=rng.normal(size=hidden).round(2),
        output_weights=rng.normal(size=hidden).round(2),
        output_bias=round(rng.normal(), 2),
        **changes,
    )


RECORDED = {
    "version": 1,
    "source": "by hand",
    "inputs": {"zero": -1.0, "one": 1.0},
    "hidden_activation": "tanh",
    "output_activation": "sigmoid",
    "positive_means": "different",
    "hidden_weights": [[1, 2]],
    "hidden_biases": [5],
    "output_weights": [7],
    "output_bias": 9,
}


@trials("read_parameters")
def recordings(rng):
    yield {"text": json.dumps(RECORDED)}
    two = {"hidden_weights": [[1, 2], [3, 4]], "hidden_biases": [0, 1], "output_weights": [5, 6]}
    yield {"text": json.dumps({**RECORDED, **two})}
    for zero, one in ((0, 1), (1, 0), (2, 1), (1, 2)):
        yield {"text": json.dumps({**RECORDED, "inputs": {"zero": zero, "one": one}})}
    for change in ({"output_bias": 0}, {"output_bias": 0.5}, {"note": "a key of my own"}):
        recorded = {**RECORDED, "inputs": {"zero": 1, "one": 2}, **change}
        yield {"text": json.dumps(recorded)}
    floats = {"hidden_weights": [[0.5, 1.5]], "hidden_biases": [0.5], "output_weights": [2.5]}
    inputs = {"zero": 0.5, "one": 1.5}
    for change in ({}, {"output_weights": [-2.5]}):
        recorded = {**RECORDED, "inputs": inputs, "output_bias": 1.5, **floats, **change}
        yield {"text": json.dumps(recorded)}


@misconception(
    "inputs-left-nested",
    "read_parameters",
    title="zero and one stay inside `inputs`.",
    hint="What the file holds and what the function returns differ in one place.",
    hint_2="compare the keys that the docstring returns with those of the file.",
    case="wrong/inputs-left-nested",
)
def as_in_the_file(text):
    return json.loads(text)


def refused_if(condition, text):
    """What is right, but for recordings that are refused besides."""
    recorded = json.loads(text)
    names = ("hidden_weights", "hidden_biases", "output_weights")
    numbers = [*recorded["inputs"].values(), recorded["output_bias"]]
    every = [*numbers, *(x for name in names for x in np.ravel(np.array(recorded[name], object)))]
    if condition(recorded, numbers, every):
        raise ValueError
    return read_parameters(text)


REFUSED = {
    "hint": "A check must let through whatever the docstring allows.",
    "hint_2": "read the smallest file that is refused: which of its values is not allowed?",
}


@misconception(
    "zero-counts-as-missing",
    "read_parameters",
    title="A number that is 0 is taken for a missing one.",
    hint="0 is as good a number as any, but Python counts it as false.",
    hint_2="read a file with an output bias of 0; ask for a key with `in`, not by its value.",
    case="wrong/zero-counts-as-missing",
)
def zero_is_missing(text):
    return refused_if(lambda recorded, numbers, every: 0 in numbers, text)


@misconception(
    "negative-numbers-refused",
    "read_parameters",
    title="Negative numbers are refused.",
    **REFUSED,
)
def negative_is_refused(text):
    return refused_if(lambda recorded, numbers, every: min(every) < 0, text)


@misconception(
    "only-positive-numbers-read",
    "read_parameters",
    title="Only positive numbers are accepted: neither 0 nor negative ones.",
    **REFUSED,
)
def only_positive(text):
    return refused_if(lambda recorded, numbers, every: min(every) <= 0, text)


@misconception(
    "whole-numbers-refused",
    "read_parameters",
    title="A number without a decimal point is refused.",
    **REFUSED,
)
def only_floats(text):
    return refused_if(lambda recorded, numbers, every: any(isinstance(x, int) for x in every), text)


@misconception(
    "zero-must-be-below-one",
    "read_parameters",
    title="A file is refused in which `zero` is greater than `one`.",
    **REFUSED,
)
def in_rising_order(text):
    return refused_if(lambda recorded, numbers, every: numbers[0] >= numbers[1], text)


@misconception(
    "two-units-demanded",
    "read_parameters",
    title="Only recordings of two hidden units are accepted.",
    **REFUSED,
)
def two_units_only(text):
    return refused_if(lambda recorded, numbers, every: len(recorded["hidden_biases"]) != 2, text)


@misconception(
    "other-keys-refused",
    "read_parameters",
    title="A file with a key of its own is refused.",
    **REFUSED,
)
def no_other_keys(text):
    return refused_if(lambda recorded, numbers, every: set(recorded) - set(RECORDED), text)


@misconception(
    "zero-and-one-read-crosswise",
    "read_parameters",
    title="zero and one have changed places.",
    hint="`zero` is what is fed for a 0.",
    hint_2="compare zero and one in the file and in what you return.",
)
def read_crosswise(text):
    parameters = read_parameters(text)
    return {**parameters, "zero": parameters["one"], "one": parameters["zero"]}


@behaviour(
    "nothing-is-checked",
    "read_parameters",
    title="The recording is read, but nothing in it is checked.",
    hint="A typing mistake should be noticed when the file is read, not three functions later.",
    hint_2="leave a key out, give a row too many, misspell a word: each must end in ValueError.",
    case="wrong/no-validation",
)
def believes_what_it_reads(student):
    if "hidden_weights" not in student.read_parameters(json.dumps(RECORDED)):
        return False
    changes = (
        {"output_activation": "softmax"},
        {"hidden_weights": [[1, 2], [3, 4], [5, 6]]},
        {"inputs": {"zero": 1, "one": 1}},
        {"version": 2},
    )
    refused = [is_refused(student, {**RECORDED, **change}) for change in changes]
    return not all(refused)


def is_refused(student, recorded):
    try:
        student.read_parameters(json.dumps(recorded))
    except StudentError as error:
        return error.name == "ValueError"
    return False


def networks(rng, **changes):
    """Networks of growing size; every input convention and activation comes up."""
    yield network(**changes)
    yield network(hidden_biases=np.array([1.0]), **changes)
    yield network(zero=-1.0, one=1.0, **changes)
    for name in ("relu", "sigmoid"):
        yield network(hidden_activation=name, **changes)
    yield larger(rng, 2, **changes)
    yield larger(rng, 2, zero=-3.0, one=3.0, **changes)
    yield larger(rng, 3, **changes)
    yield larger(rng, 3, zero=-1.0, one=1.0, **changes)
    yield larger(rng, 4, hidden_activation="relu", **changes)
    yield larger(rng, 3, hidden_activation="sigmoid", **changes)


@trials("hidden_activations")
def inputs_of_hidden_units(rng):
    for parameters in networks(rng):
        yield {"parameters": parameters, "inputs": np.array([[0.0, 1.0]])}
        yield {"parameters": parameters, "inputs": TRUTH_TABLE}


def fed(parameters, inputs):
    return parameters["zero"] + (parameters["one"] - parameters["zero"]) * np.asarray(inputs)


def activated(name, sums):
    if name == "tanh":
        return np.tanh(sums)
    return sigmoid(sums) if name == "sigmoid" else np.maximum(sums, 0.0)


def hidden(parameters, x, bias=1.0, name=None):
    sums = x @ parameters["hidden_weights"].T + bias * parameters["hidden_biases"]
    return activated(name or parameters["hidden_activation"], sums)


FED = {
    "hint": "The network never saw bits; it was fed what the playground feeds for them.",
    "hint_2": "compute x = zero + (one - zero) * A for A = 0 and A = 1, and compare.",
}


@misconception(
    "bits-fed-directly",
    "hidden_activations",
    title="The playground's convention is ignored: bits go in as they are.",
    **FED,
    case="wrong/bits-fed-directly",
)
def bits_as_they_are(parameters, inputs):
    return hidden(parameters, inputs)


@misconception(
    "scaled-not-shifted",
    "hidden_activations",
    title="Bits are scaled by one - zero, but not shifted by zero.",
    **FED,
    case="wrong/scaled-not-shifted",
)
def without_the_shift(parameters, inputs):
    return hidden(parameters, (parameters["one"] - parameters["zero"]) * inputs)


@misconception(
    "zero-and-one-swapped",
    "hidden_activations",
    title="A 0 is fed as `one`, and a 1 as `zero`.",
    **FED,
)
def the_wrong_way_round(parameters, inputs):
    return hidden(parameters, fed(parameters, 1.0 - inputs))


@misconception(
    "one-convention-for-all",
    "hidden_activations",
    title="Bits are always fed as -1 and 1, whatever was recorded.",
    **FED,
)
def always_minus_one_and_one(parameters, inputs):
    return hidden(parameters, 2.0 * inputs - 1.0)


@misconception(
    "inputs-assumed-symmetric",
    "hidden_activations",
    title="A 0 is fed as -one; `zero` is never looked at.",
    **FED,
    case="wrong/inputs-assumed-symmetric",
)
def minus_one_for_zero(parameters, inputs):
    return hidden(parameters, parameters["one"] * (2.0 * inputs - 1.0))


@misconception(
    "one-added-not-the-difference",
    "hidden_activations",
    title="Bits are multiplied with `one`, not with one - zero.",
    **FED,
)
def times_one(parameters, inputs):
    return hidden(parameters, parameters["zero"] + parameters["one"] * inputs)


@misconception(
    "hidden-bias-subtracted",
    "hidden_activations",
    title="The hidden biases are subtracted.",
    hint="A bias is added to the sum.",
    hint_2="look at a unit with weights of 0: its sum is its bias.",
)
def hidden_bias_subtracted(parameters, inputs):
    return hidden(parameters, fed(parameters, inputs), bias=-1.0)


@misconception(
    "hidden-bias-after-the-activation",
    "hidden_activations",
    title="The bias is added after the activation.",
    hint="The activation is applied to the whole sum.",
    hint_2="a tanh lies between -1 and 1; compare with what you return.",
)
def bias_too_late(parameters, inputs):
    unbiased = hidden(parameters, fed(parameters, inputs), bias=0.0)
    return unbiased + parameters["hidden_biases"]


@misconception(
    "no-hidden-bias",
    "hidden_activations",
    title="The hidden biases are left out.",
    hint="Without a bias every unit's line goes through the origin.",
    hint_2="look at the network with a bias of 1: what does the unit answer to (0, 0)?",
    case="wrong/no-hidden-bias",
)
def without_hidden_bias(parameters, inputs):
    return hidden(parameters, fed(parameters, inputs), bias=0.0)


@misconception(
    "linear-units",
    "hidden_activations",
    title="The activation is forgotten: hidden units are linear.",
    hint="Without an activation two layers are one.",
    hint_2="a tanh lies between -1 and 1; compare with what you return.",
    case="wrong/linear-units",
)
def without_activation(parameters, inputs):
    sums = fed(parameters, inputs) @ parameters["hidden_weights"].T + parameters["hidden_biases"]
    return (
        sums
        if parameters["hidden_activation"] == "tanh"
        else activated(parameters["hidden_activation"], sums)
    )


@misconception(
    "linear-units-everywhere",
    "hidden_activations",
    title="No activation is applied: hidden units are linear.",
    hint="Without an activation two layers are one.",
    hint_2="a tanh lies between -1 and 1; compare with what you return.",
)
def without_any_activation(parameters, inputs):
    return fed(parameters, inputs) @ parameters["hidden_weights"].T + parameters["hidden_biases"]


@misconception(
    "only-tanh-units",
    "hidden_activations",
    title="Every hidden unit is treated as a tanh.",
    hint="The recording says which function its units apply.",
    hint_2="compare your result for `hidden_activation` relu and tanh.",
    case="wrong/only-tanh-units",
)
def tanh_whatever_is_named(parameters, inputs):
    return hidden(parameters, fed(parameters, inputs), name="tanh")


@misconception(
    "tanh-and-sigmoid-swapped",
    "hidden_activations",
    title="tanh and sigmoid have changed places.",
    hint="One of the two lies between 0 and 1, the other between -1 and 1.",
    hint_2="what does each function answer to 0?",
)
def tanh_and_sigmoid_swapped(parameters, inputs):
    other = {"tanh": "sigmoid", "sigmoid": "tanh", "relu": "relu"}
    name = other[parameters["hidden_activation"]]
    return hidden(parameters, fed(parameters, inputs), name=name)


@misconception(
    "sigmoid-for-tanh",
    "hidden_activations",
    title="A sigmoid is applied where the recording says tanh.",
    hint="One of the two lies between 0 and 1, the other between -1 and 1.",
    hint_2="what does each function answer to 0?",
)
def sigmoid_for_tanh(parameters, inputs):
    name = parameters["hidden_activation"]
    name = "sigmoid" if name == "tanh" else name
    return hidden(parameters, fed(parameters, inputs), name=name)


@misconception(
    "weights-transposed",
    "hidden_activations",
    title="The weight matrix is used the wrong way round.",
    hint="Row j of the hidden weights belongs to unit j.",
    hint_2="write the shapes down: (n, 2), (H, 2) and (n, H).",
    case="wrong/weights-transposed",
)
def weights_the_wrong_way_round(parameters, inputs):
    sums = fed(parameters, inputs) @ parameters["hidden_weights"] + parameters["hidden_biases"]
    return activated(parameters["hidden_activation"], sums)


@misconception(
    "only-two-units",
    "hidden_activations",
    title="Only the first two hidden units are computed.",
    hint="H is whatever the arrays say.",
    hint_2="compare the number of columns that you return for three units.",
    case="wrong/only-two-units",
)
def first_two_units(parameters, inputs):
    return hidden(parameters, fed(parameters, inputs))[:, :2]


@misconception(
    "relu-not-cut",
    "hidden_activations",
    title="A ReLU's negative sums are not cut off.",
    hint="relu(s) is the larger of s and 0.",
    hint_2="look at a unit whose sum is -1.",
)
def relu_as_identity(parameters, inputs):
    if parameters["hidden_activation"] == "relu":
        return without_any_activation.gives(parameters, inputs)
    return hidden(parameters, fed(parameters, inputs))


@trials("probability")
def inputs_of_the_output(rng):
    for output, meaning in (
        ("sigmoid", "different"),
        ("sigmoid", "equal"),
        ("tanh", "different"),
        ("tanh", "equal"),
    ):
        changes = {"output_activation": output, "positive_means": meaning}
        yield {"parameters": network(**changes), "inputs": np.array([[1.0, 0.0]])}
        yield {"parameters": network(output_bias=1.0, **changes), "inputs": np.array([[1.0, 0.0]])}
        for parameters in (larger(rng, 2, **changes), larger(rng, 3, zero=-1.0, **changes)):
            yield {"parameters": parameters, "inputs": TRUTH_TABLE}
    huge = network(hidden_activation="relu", output_weights=np.array([2000.0]))
    yield {"parameters": huge, "inputs": TRUTH_TABLE}


def output_sum(parameters, inputs):
    h = hidden_activations(parameters, inputs)
    return h @ parameters["output_weights"] + parameters["output_bias"]


def answer(parameters, z, function=sigmoid, tanh=lambda z: (1.0 + np.tanh(z)) / 2.0):
    positive = function(z) if parameters["output_activation"] == "sigmoid" else tanh(z)
    return 1.0 - positive if parameters["positive_means"] == "equal" else positive


LABEL = {
    "hint": "The network's answer is the probability of what it calls positive.",
    "hint_2": "take a network whose positive label means equal bits: what is its answer to (1, 0)?",
}


@misconception(
    "label-not-inverted",
    "probability",
    title="Where positive means equal, the answer is not turned into one minus it.",
    **LABEL,
    case="wrong/label-not-inverted",
)
def never_one_minus(parameters, inputs):
    return answer({**parameters, "positive_means": "different"}, output_sum(parameters, inputs))


@misconception(
    "label-always-inverted",
    "probability",
    title="The answer is always turned into one minus it.",
    **LABEL,
)
def always_one_minus(parameters, inputs):
    return answer({**parameters, "positive_means": "equal"}, output_sum(parameters, inputs))


@misconception(
    "label-inverted-for-the-other",
    "probability",
    title="One minus the answer is taken where positive means different, not where it means equal.",
    **LABEL,
)
def one_minus_for_the_other(parameters, inputs):
    return 1.0 - answer(parameters, output_sum(parameters, inputs))


@misconception(
    "no-output-bias",
    "probability",
    title="The output bias is left out.",
    hint="The output unit has a bias like every other unit.",
    hint_2="compare your sum z with v_1 * h_1 + ... + v_H * h_H + c, term by term.",
    case="wrong/no-output-bias",
)
def without_output_bias(parameters, inputs):
    return answer(parameters, output_sum({**parameters, "output_bias": 0.0}, inputs))


TANH_OUTPUT = {
    "hint": "A tanh answers from -1 to 1; what makes a probability of it?",
    "hint_2": "compare sigmoid(z), tanh(z) and (1 + tanh(z)) / 2 at z = 1.",
}


@misconception(
    "sigmoid-of-a-tanh-output",
    "probability",
    title="A tanh output is treated as a sigmoid.",
    **TANH_OUTPUT,
    case="wrong/sigmoid-of-a-tanh-output",
)
def sigmoid_whatever_is_named(parameters, inputs):
    return answer(parameters, output_sum(parameters, inputs), tanh=sigmoid)


@misconception(
    "tanh-output-not-rescaled",
    "probability",
    title="A tanh output is taken for a probability as it is.",
    **TANH_OUTPUT,
    case="wrong/tanh-output-not-rescaled",
)
def tanh_as_it_is(parameters, inputs):
    return answer(parameters, output_sum(parameters, inputs), tanh=np.tanh)


@misconception(
    "sigmoid-after-the-tanh",
    "probability",
    title="A sigmoid is put on top of a tanh output.",
    **TANH_OUTPUT,
    case="wrong/sigmoid-after-the-tanh",
)
def sigmoid_of_the_tanh(parameters, inputs):
    z = output_sum(parameters, inputs)
    return answer(parameters, z, tanh=lambda z: sigmoid(np.tanh(z)))


@misconception(
    "tanh-output-cut-off",
    "probability",
    title="A negative tanh is cut off at 0 instead of being rescaled.",
    **TANH_OUTPUT,
)
def tanh_cut_off(parameters, inputs):
    z = output_sum(parameters, inputs)
    return answer(parameters, z, tanh=lambda z: np.maximum(np.tanh(z), 0.0))


@misconception(
    "tanh-output-without-sign",
    "probability",
    title="The absolute value of a tanh is taken for a probability.",
    **TANH_OUTPUT,
)
def tanh_folded(parameters, inputs):
    z = output_sum(parameters, inputs)
    return answer(parameters, z, tanh=lambda z: np.abs(np.tanh(z)))


@misconception(
    "tanh-output-halved-only",
    "probability",
    title="A tanh is halved, but not shifted.",
    **TANH_OUTPUT,
)
def tanh_halved(parameters, inputs):
    return answer(parameters, output_sum(parameters, inputs), tanh=lambda z: np.tanh(z) / 2.0)


@misconception(
    "sigmoid-falls",
    "probability",
    title="The sigmoid falls where it should rise: exp(z) stands where exp(-z) is due.",
    hint="The larger the sum, the surer the network is of its positive label.",
    hint_2="compute your sigmoid at -5, 0 and 5.",
)
def falling_sigmoid(parameters, inputs):
    return answer(parameters, output_sum(parameters, inputs), lambda z: sigmoid(-z))


@misconception(
    "output-bias-after-the-function",
    "probability",
    title="The output bias is added after the activation.",
    hint="The activation is applied to the whole sum.",
    hint_2="a probability lies between 0 and 1; compare with what you return.",
)
def output_bias_too_late(parameters, inputs):
    z = output_sum({**parameters, "output_bias": 0.0}, inputs)
    own = answer({**parameters, "positive_means": "different"}, z) + parameters["output_bias"]
    return 1.0 - own if parameters["positive_means"] == "equal" else own


@misconception(
    "no-output-function",
    "probability",
    title="The output unit's sum is returned, without its activation.",
    hint="A probability lies between 0 and 1; the sum z may be any number.",
    hint_2="look for the largest number that you return.",
)
def the_sum_itself(parameters, inputs):
    def as_it_is(z):
        return z

    return answer(parameters, output_sum(parameters, inputs), as_it_is, as_it_is)


@misconception(
    "output-functions-swapped",
    "probability",
    title="The output's tanh and sigmoid have changed places.",
    **TANH_OUTPUT,
)
def output_functions_swapped(parameters, inputs):
    def rescaled(z):
        return (1.0 + np.tanh(z)) / 2.0

    return answer(parameters, output_sum(parameters, inputs), rescaled, sigmoid)


@misconception(
    "rounded-probability",
    "probability",
    title="The probability is rounded to a bit.",
    hint="How sure the network is gets lost when its answer is rounded.",
    hint_2="compare what probability and predict_bit are asked to return.",
    case="wrong/rounded-probability",
)
def rounded(parameters, inputs):
    positive = answer({**parameters, "positive_means": "different"}, output_sum(parameters, inputs))
    positive = np.round(positive)
    return 1.0 - positive if parameters["positive_means"] == "equal" else positive


@misconception(
    "exponential-overflows",
    "probability",
    title="The sigmoid overflows where its argument is large.",
    hint="exp of 1000 is more than a float holds; infinity divided by infinity is no number.",
    hint_2="compute your sigmoid at 2000 and at -2000.",
)
def overflowing(parameters, inputs):
    def naive(z):
        return np.exp(z) / (1.0 + np.exp(z))

    return answer(parameters, output_sum(parameters, inputs), naive)


@misconception(
    "answer-hard-coded",
    "probability",
    title="XOR itself is written down; the network is not asked.",
    hint="The question is what this network computes, right or wrong.",
    hint_2="try a network whose weights are all 0: it should not know.",
    case="wrong/hard-coded-xor",
)
def xor_itself(parameters, inputs):
    bits = np.round(np.asarray(inputs)).astype(int)
    return np.where(bits[:, 0] != bits[:, 1], 0.99, 0.01)


@trials("predict_bit")
def inputs_of_the_threshold(rng):
    for meaning in ("different", "equal"):
        for row in TRUTH_TABLE:
            yield {"parameters": network(positive_means=meaning), "inputs": row[np.newaxis]}
        yield {"parameters": larger(rng, 3, positive_means=meaning), "inputs": TRUTH_TABLE}
        yield {"parameters": larger(rng, 2, positive_means=meaning), "inputs": TRUTH_TABLE}


THRESHOLD = {
    "hint": "A probability of at least one half gives 1.",
    "hint_2": "look at probabilities of 0.179, 0.5 and 0.821, one after the other.",
}


@misconception(
    "strict-threshold",
    "predict_bit",
    title="A probability of exactly one half gives 0.",
    **THRESHOLD,
    case="wrong/strict-threshold",
)
def more_than_one_half(parameters, inputs):
    return (probability(parameters, inputs) > 0.5).astype(int)


@misconception(
    "threshold-at-zero",
    "predict_bit",
    title="A probability is compared with 0, as if it were the sum before the sigmoid.",
    **THRESHOLD,
    case="wrong/threshold-at-zero",
)
def at_least_zero(parameters, inputs):
    return (probability(parameters, inputs) >= 0.0).astype(int)


@misconception(
    "bit-inverted",
    "predict_bit",
    title="Bits are inverted: 1 where the probability is below one half.",
    **THRESHOLD,
)
def below_one_half(parameters, inputs):
    return (probability(parameters, inputs) < 0.5).astype(int)


@misconception(
    "label-turned-twice",
    "predict_bit",
    title="Where positive means equal, the answer is turned round a second time.",
    hint="probability already is that of XOR, whatever positive means.",
    hint_2="take a network whose positive label means equal bits: compare probability and bit.",
    case="wrong/label-turned-twice",
)
def turned_again(parameters, inputs):
    bits = (probability(parameters, inputs) >= 0.5).astype(int)
    return 1 - bits if parameters["positive_means"] == "equal" else bits


@misconception(
    "half-decided-before-the-label",
    "predict_bit",
    title="One half is decided for the network's own label, and turned round after that.",
    **THRESHOLD,
)
def decided_before_the_label(parameters, inputs):
    chances = probability(parameters, inputs)
    if parameters["positive_means"] == "equal":
        return 1 - (1.0 - chances >= 0.5).astype(int)
    return (chances >= 0.5).astype(int)


@misconception(
    "bits-as-signs",
    "predict_bit",
    title="The answer is -1 or 1, not 0 or 1.",
    hint="A bit is 0 or 1.",
    hint_2="look at the answer to (0, 0).",
)
def minus_one_or_one(parameters, inputs):
    return np.where(probability(parameters, inputs) >= 0.5, 1, -1)


@misconception(
    "bits-are-probabilities",
    "predict_bit",
    title="Probabilities come back where bits are due.",
    **THRESHOLD,
)
def the_probability_itself(parameters, inputs):
    return probability(parameters, inputs)


@misconception(
    "bits-as-floats",
    "predict_bit",
    title="Bits come back as floats.",
    hint="The values are right; their kind is not.",
    hint_2="look at the dtype of what you return, and at astype.",
)
def bits_as_floats(parameters, inputs):
    return (probability(parameters, inputs) >= 0.5).astype(float)


@trials("truth_table")
def networks_for_the_table(rng):
    for parameters in networks(rng):
        yield {"parameters": parameters}


ROWS = {
    "hint": "A reader looks a row up by its bits.",
    "hint_2": "compare your columns with A1, A2, probability, bit, and your rows with 00, 01, 10, "
    "11.",
}


@misconception(
    "rows-in-another-order",
    "truth_table",
    title="The rows stand in the order 00, 10, 01, 11.",
    **ROWS,
    case="wrong/rows-in-another-order",
)
def rows_by_the_first_bit(parameters):
    rows = TRUTH_TABLE[[0, 2, 1, 3]]
    return np.column_stack([rows, probability(parameters, rows), predict_bit(parameters, rows)])


@misconception(
    "bit-column-missing",
    "truth_table",
    title="The column with the bit is missing.",
    **ROWS,
    case="wrong/bit-column-missing",
)
def without_the_bit(parameters):
    return np.column_stack([TRUTH_TABLE, probability(parameters, TRUTH_TABLE)])


@misconception(
    "table-of-fed-values",
    "truth_table",
    title="The first columns hold what the network was fed, not the bits.",
    **ROWS,
)
def with_fed_values(parameters):
    chances, bits = probability(parameters, TRUTH_TABLE), predict_bit(parameters, TRUTH_TABLE)
    return np.column_stack([fed(parameters, TRUTH_TABLE), chances, bits])


@misconception(
    "bit-before-probability",
    "truth_table",
    title="The bit stands before the probability.",
    **ROWS,
)
def bit_before_probability(parameters):
    chances, bits = probability(parameters, TRUTH_TABLE), predict_bit(parameters, TRUTH_TABLE)
    return np.column_stack([TRUTH_TABLE, bits, chances])


@misconception(
    "table-of-probabilities-alone",
    "truth_table",
    title="The table lacks the columns with the two bits.",
    **ROWS,
)
def without_inputs(parameters):
    chances, bits = probability(parameters, TRUTH_TABLE), predict_bit(parameters, TRUTH_TABLE)
    return np.column_stack([chances, bits])


@misconception(
    "table-on-its-side",
    "truth_table",
    title="Rows and columns have changed places.",
    **ROWS,
)
def on_its_side(parameters):
    chances, bits = probability(parameters, TRUTH_TABLE), predict_bit(parameters, TRUTH_TABLE)
    return np.column_stack([TRUTH_TABLE, chances, bits]).T


@misconception(
    "table-from-the-end",
    "truth_table",
    title="The rows stand in the order 11, 10, 01, 00.",
    **ROWS,
)
def rows_from_the_end(parameters):
    rows = TRUTH_TABLE[::-1]
    return np.column_stack([rows, probability(parameters, rows), predict_bit(parameters, rows)])


@misconception(
    "table-with-xor-as-the-bit",
    "truth_table",
    title="The last column is XOR itself, not the network's answer.",
    hint="The question is what this network computes, right or wrong.",
    hint_2="compare the last column with predict_bit, for a network that is wrong.",
)
def xor_for_the_bit(parameters):
    chances, xor = probability(parameters, TRUTH_TABLE), np.array([0, 1, 1, 0])
    return np.column_stack([TRUTH_TABLE, chances, xor])


def what_it_says(formula):
    """The numbers of a formula in order, and its conventions; words and spaces may differ."""
    text = re.sub(r"\s", "", formula[:5000]).replace("\N{MINUS SIGN}", "-").replace("+-", "-")
    numbers = re.findall(r"(?<![\d.A-Za-z])-?\d+\.\d+", re.sub(r"[A-Za-z_]\w*", "@", text))
    return {
        "numbers": np.array([float(number) for number in numbers]),
        "one minus": text.startswith("1-"),
        "tanh output": "(1+tanh(" in text,
    }


@trials("formula_text", view=what_it_says, tolerance=1.5e-2)
def networks_for_the_formula(rng):
    for output, meaning in (("sigmoid", "different"), ("tanh", "equal"), ("sigmoid", "equal")):
        changes = {"output_activation": output, "positive_means": meaning}
        biased = {"hidden_biases": np.array([0.25]), "output_bias": -0.5}
        yield {"parameters": network(**biased, **changes), "decimals": 2}
        yield {"parameters": network(zero=-3.0, one=3.0, **biased, **changes), "decimals": 2}
        yield {"parameters": larger(rng, 2, zero=-1.0, **changes), "decimals": 2}
        yield {"parameters": larger(rng, 2, zero=1.0, one=3.0, **changes), "decimals": 2}


@misconception(
    "formula-in-fed-values",
    "formula_text",
    title="The formula keeps the recorded weights: it takes fed values, not bits.",
    hint="Whoever reads the formula puts a 0 or a 1 in for A1.",
    hint_2="put x = zero + (one - zero) * A into w * x + b and collect the terms.",
    case="wrong/formula-in-fed-values",
)
def formula_of_fed_values(parameters, decimals):
    return formula_text({**parameters, "zero": 0.0, "one": 1.0}, decimals)


@misconception(
    "formula-constants-not-shifted",
    "formula_text",
    title="The weights absorb the change of variable, the constants do not.",
    hint="Whoever reads the formula puts a 0 or a 1 in for A1.",
    hint_2="put x = zero + (one - zero) * A into w * x + b and collect the terms.",
)
def formula_without_shift(parameters, decimals):
    scale = parameters["one"] - parameters["zero"]
    weights = scale * parameters["hidden_weights"]
    changed = {**parameters, "zero": 0.0, "one": 1.0, "hidden_weights": weights}
    return formula_text(changed, decimals)


def formula_with(parameters, decimals, factor, shift, bias=1.0):
    """The formula with each weight times `factor` and `shift` times both added to the bias."""
    weights = parameters["hidden_weights"]
    changed = {
        "zero": 0.0,
        "one": 1.0,
        "hidden_weights": factor * weights,
        "hidden_biases": bias * parameters["hidden_biases"] + shift * weights.sum(axis=1),
    }
    return formula_text({**parameters, **changed}, decimals)


SHIFT = {
    "hint": "Whoever reads the formula puts a 0 or a 1 in for A1.",
    "hint_2": "put x = zero + (one - zero) * A into w * x + b by hand, and compare the constants.",
}


@misconception(
    "formula-shifted-with-scaled-weights",
    "formula_text",
    title="Constants are shifted by zero times the weights that are already scaled.",
    **SHIFT,
    case="wrong/formula-shifted-with-scaled-weights",
)
def shifted_with_scaled_weights(parameters, decimals):
    scale = parameters["one"] - parameters["zero"]
    return formula_with(parameters, decimals, scale, scale * parameters["zero"])


@misconception(
    "formula-weights-not-scaled",
    "formula_text",
    title="The constants absorb the change of variable, the weights do not.",
    **SHIFT,
)
def formula_without_scale(parameters, decimals):
    return formula_with(parameters, decimals, 1.0, parameters["zero"])


@misconception(
    "formula-shift-subtracted",
    "formula_text",
    title="The shift of the constants has the wrong sign.",
    **SHIFT,
)
def shift_subtracted(parameters, decimals):
    scale = parameters["one"] - parameters["zero"]
    return formula_with(parameters, decimals, scale, -parameters["zero"])


@misconception(
    "formula-shifted-by-one",
    "formula_text",
    title="Constants are shifted by `one` times the weights, not by `zero` times.",
    **SHIFT,
)
def shifted_by_one(parameters, decimals):
    scale = parameters["one"] - parameters["zero"]
    return formula_with(parameters, decimals, scale, parameters["one"])


@misconception(
    "formula-scaled-by-one",
    "formula_text",
    title="Weights are multiplied with `one`, not with one - zero.",
    **SHIFT,
)
def scaled_by_one(parameters, decimals):
    return formula_with(parameters, decimals, parameters["one"], parameters["zero"])


@misconception(
    "formula-without-hidden-biases",
    "formula_text",
    title="The formula forgets the hidden biases.",
    **SHIFT,
)
def formula_without_hidden_biases(parameters, decimals):
    scale = parameters["one"] - parameters["zero"]
    return formula_with(parameters, decimals, scale, parameters["zero"], bias=0.0)


@misconception(
    "formula-without-output-bias",
    "formula_text",
    title="The formula forgets the output bias.",
    hint="Every number of the network stands in its formula.",
    hint_2="count the numbers: four for each hidden unit, and one more.",
    case="wrong/formula-without-output-bias",
)
def formula_without_output_bias(parameters, decimals):
    text = formula_text({**parameters, "output_bias": 12345.0}, decimals)
    return re.sub(r" \+ 12345\.0+", "", text)


@misconception(
    "formula-conventions-ignored",
    "formula_text",
    title="Every formula reads like a sigmoid whose positive label means different.",
    hint="Two keys of the recording say how the formula begins.",
    hint_2="compare the formulas of output_activation tanh and of positive_means equal.",
    case="wrong/formula-conventions-ignored",
)
def formula_without_conventions(parameters, decimals):
    plain = {"output_activation": "sigmoid", "positive_means": "different"}
    return formula_text({**parameters, **plain}, decimals)


@misconception(
    "formula-not-inverted",
    "formula_text",
    title='The formula lacks "1 - " where positive means equal.',
    hint="The formula should give the probability of XOR.",
    hint_2="compare the formulas of positive_means different and equal.",
)
def formula_not_inverted(parameters, decimals):
    return formula_text({**parameters, "positive_means": "different"}, decimals)


@misconception(
    "formula-output-always-a-sigmoid",
    "formula_text",
    title="The output stands as a sigmoid, whatever was recorded.",
    hint="The recording names the function of its output unit.",
    hint_2="compare the formulas of output_activation sigmoid and tanh.",
)
def formula_with_a_sigmoid(parameters, decimals):
    return formula_text({**parameters, "output_activation": "sigmoid"}, decimals)


@trials("sign_approximation")
def inputs_of_the_signs(rng):
    for meaning in ("different", "equal"):
        for row in TRUTH_TABLE:
            parameters = network(output_bias=-1.0, positive_means=meaning)
            yield {"parameters": parameters, "inputs": row[np.newaxis]}
        for bias in (1.0, 2.0):
            parameters = network(output_bias=bias, positive_means=meaning)
            yield {"parameters": parameters, "inputs": TRUTH_TABLE}
        changes = {"zero": -1.0, "one": 1.0, "positive_means": meaning}
        for hidden_units in (2, 3, 4, 5):
            yield {"parameters": larger(rng, hidden_units, **changes), "inputs": TRUTH_TABLE}
    relu = network(hidden_activation="relu")
    yield {"parameters": relu, "inputs": TRUTH_TABLE}


AFTER = {
    "hint": "Only the hidden tanh is replaced; everything before and after it stays.",
    "hint_2": "compare your sum z with v_1 * s_1 + ... + v_H * s_H + c, term by term.",
}


def signs(parameters, x, on_the_line=1.0, off=-1.0):
    if parameters["hidden_activation"] != "tanh":
        raise ValueError
    sums = x @ parameters["hidden_weights"].T + parameters["hidden_biases"]
    switches = np.where(sums == 0.0, on_the_line, np.where(sums > 0.0, 1.0, off))
    z = switches @ parameters["output_weights"] + parameters["output_bias"]
    positive = z >= 0.0 if parameters["positive_means"] == "different" else z <= 0.0
    return positive.astype(int)


@misconception(
    "sign-of-the-label-ignored",
    "sign_approximation",
    title="The sign approximation ignores what positive means.",
    **LABEL,
    case="wrong/sign-of-the-label-ignored",
)
def signs_without_label(parameters, inputs):
    return signs({**parameters, "positive_means": "different"}, fed(parameters, inputs))


@misconception(
    "signs-of-bits",
    "sign_approximation",
    title="The sign approximation puts bits in without the change of variable.",
    **FED,
)
def signs_of_bits(parameters, inputs):
    return signs(parameters, np.asarray(inputs))


@misconception(
    "point-on-the-line",
    "sign_approximation",
    title="A point exactly on a unit's line does not count as +1.",
    hint="np.sign(0) is 0: neither side of the line.",
    hint_2="look at a unit whose line goes through the point.",
)
def sign_of_zero(parameters, inputs):
    return signs(parameters, fed(parameters, inputs), on_the_line=0.0)


@misconception(
    "point-on-the-line-below",
    "sign_approximation",
    title="A point exactly on a unit's line counts as -1.",
    hint="The task says on which side a point on the line counts.",
    hint_2="look at a unit whose line goes through the point.",
)
def line_belongs_below(parameters, inputs):
    return signs(parameters, fed(parameters, inputs), on_the_line=-1.0)


@misconception(
    "signs-of-any-units",
    "sign_approximation",
    title="Units that are no tanh are approximated by signs as well.",
    hint="What is a ReLU far from its line, and is that a sign?",
    hint_2="look at what the docstring raises.",
)
def signs_of_any_units(parameters, inputs):
    return signs({**parameters, "hidden_activation": "tanh"}, fed(parameters, inputs))


@misconception(
    "switches-are-zero-or-one",
    "sign_approximation",
    title="A switch that is off says 0, not -1.",
    hint="A large tanh answers -1 on one side of its line and +1 on the other.",
    hint_2="what is tanh(-100), and what do you put in its place?",
    case="wrong/switches-are-zero-or-one",
)
def zero_or_one(parameters, inputs):
    return signs(parameters, fed(parameters, inputs), off=0.0)


@misconception(
    "signs-without-output-bias",
    "sign_approximation",
    title="The sign approximation leaves the output bias out.",
    **AFTER,
)
def signs_without_output_bias(parameters, inputs):
    return signs({**parameters, "output_bias": 0.0}, fed(parameters, inputs))


@misconception(
    "signs-without-hidden-biases",
    "sign_approximation",
    title="The sign approximation leaves the hidden biases out.",
    **AFTER,
)
def signs_without_hidden_biases(parameters, inputs):
    unbiased = {**parameters, "hidden_biases": 0.0 * parameters["hidden_biases"]}
    return signs(unbiased, fed(parameters, inputs))


@misconception(
    "signs-counted",
    "sign_approximation",
    title="The switches are counted, without the output weights.",
    **AFTER,
)
def signs_unweighted(parameters, inputs):
    ones = np.ones_like(parameters["output_weights"])
    return signs({**parameters, "output_weights": ones}, fed(parameters, inputs))


@misconception(
    "signs-strict-threshold",
    "sign_approximation",
    title="A sum of exactly 0 gives 0.",
    hint="A sum of 0 is a probability of one half, which gives 1 as in predict_bit.",
    hint_2="compare with predict_bit where the sum z is 0.",
)
def sum_of_zero(parameters, inputs):
    turned = {"different": "equal", "equal": "different"}[parameters["positive_means"]]
    return 1 - signs({**parameters, "positive_means": turned}, fed(parameters, inputs))


@misconception(
    "signs-handed-back",
    "sign_approximation",
    title="The answer is -1 or 1, not 0 or 1.",
    hint="The hidden units become signs; what comes back is a bit.",
    hint_2="look at the answer to (0, 0).",
)
def answers_as_signs(parameters, inputs):
    return 2 * signs(parameters, fed(parameters, inputs)) - 1


def bits_of(recorded, **changes):
    """What a recorded network answers to the four rows, with some of the recording changed."""
    recorded = {
        key: np.asarray(value).tolist() for key, value in recorded.items() if key != "inputs"
    } | {"inputs": recorded["inputs"]}
    parameters = read_parameters(json.dumps({**recorded, **changes}))
    return predict_bit(parameters, TRUTH_TABLE).tolist()


XOR, EQUAL = [0, 1, 1, 0], [1, 0, 0, 1]


@behaviour(
    "inputs-recorded-wrongly",
    "PLAYGROUND_WEIGHTS",
    title="The recorded `inputs` are not what the playground feeds.",
    hint="Your numbers do compute XOR, for other values of zero and one.",
    hint_2="hover over the playground's points: which coordinates do they have?",
    section="A.1",
    case="wrong/weights-recorded-as-bits",
)
def right_for_other_inputs(student):
    recorded = student.PLAYGROUND_WEIGHTS
    pairs = ((-1, 1), (-3, 3), (-4, 4), (-5, 5), (-6, 6), (0, 1), (1, -1), (3, -3))
    others = [bits_of(recorded, inputs={"zero": zero, "one": one}) for zero, one in pairs]
    return bits_of(recorded) not in (XOR, EQUAL) and (XOR in others or EQUAL in others)


@behaviour(
    "label-recorded-wrongly",
    "PLAYGROUND_WEIGHTS",
    title="`positive_means` is recorded the wrong way round.",
    hint="Your numbers compute XOR, but for the label.",
    hint_2="which colour do the corners with equal bits have?",
    section="A.1",
)
def right_but_for_the_label(student):
    return bits_of(student.PLAYGROUND_WEIGHTS) == EQUAL
