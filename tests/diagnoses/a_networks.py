"""Part A: small networks, and what students get wrong about reading and feeding them."""

import json

import numpy as np
from xor_formula import (
    TRUTH_TABLE,
    read_parameters,
    sigmoid,
)

from autograder.diagnosis.declare import behaviour, misconception, symptom, trials
from autograder.diagnosis.symptoms import always, close, only_where
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
    three = {name: [*two[name], two[name][0]] for name in two}
    yield {"text": json.dumps({**RECORDED, **three})}
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
    for change in (*OTHER_WORDS, *(change for changes in REFUSALS.values() for change in changes)):
        yield {"text": recording(change)}


def recording(change):
    """A recording with something changed in it; `...` leaves a key out."""
    recorded = {**RECORDED, **change}
    return json.dumps({key: value for key, value in recorded.items() if value is not ...})


OTHER_WORDS = (
    {"hidden_activation": "relu", "output_activation": "tanh"},
    {"hidden_activation": "sigmoid", "positive_means": "equal"},
)
REFUSALS = {
    "an unknown word": [{"output_activation": "softmax"}, {"positive_means": "yes"}],
    "lists of unequal length": [{"hidden_weights": [[1, 2], [3, 4]]}, {"output_weights": [1, 2]}],
    "equal values for 0 and 1": [{"inputs": {"zero": 1, "one": 1}}],
    "another version": [{"version": 2}],
    "a number that is none": [{"output_bias": float("nan")}, {"hidden_biases": [float("inf")]}],
    "a missing number": [{"output_bias": ...}, {"inputs": {"zero": 0}}],
    "a missing word": [{"output_activation": ...}, {"positive_means": ...}],
}


def holds(change, given):
    """Whether a recording holds what was changed in it."""
    return recording(change) == given["text"]


@misconception(
    "inputs-left-nested",
    "read_parameters",
    title="zero and one stay inside `inputs`.",
    hint="What the file holds and what the function returns differ in one place.",
    hint_2="compare the keys that the docstring returns with those of the file.",
    case="wrong/inputs-left-nested",
)
def as_in_the_file(text):
    read_parameters(text)  # which refuses what is not allowed
    return json.loads(text)


def refused_if(condition, text):
    """What is right, but for recordings that are refused besides."""
    read_parameters(text)
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
    "output-bias-of-zero-refused",
    "read_parameters",
    title="A number that is 0 is taken for a missing one: an output bias of 0 is refused.",
    **REFUSED,
    case="wrong/output-bias-of-zero-refused",
)
def bias_of_zero_is_missing(text):
    return refused_if(lambda recorded, numbers, every: recorded["output_bias"] == 0, text)


@misconception(
    "value-of-zero-refused",
    "read_parameters",
    title="A number that is 0 is taken for a missing one: a 0 under `inputs` is refused.",
    **REFUSED,
)
def input_of_zero_is_missing(text):
    return refused_if(lambda recorded, numbers, every: 0 in numbers[:2], text)


@misconception(
    "zero-weights-refused",
    "read_parameters",
    title="A list that holds a 0 is taken for a missing one.",
    **REFUSED,
)
def zeros_in_lists_are_missing(text):
    return refused_if(lambda recorded, numbers, every: 0 in every[3:], text)


@misconception(
    "single-unit-refused",
    "read_parameters",
    title="A network of one hidden unit is refused.",
    **REFUSED,
)
def more_than_one_unit(text):
    return refused_if(lambda recorded, numbers, every: len(recorded["hidden_biases"]) == 1, text)


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
    for parameters in (network(), larger(rng, 3, zero=-1.0, one=1.0)):
        yield {"parameters": parameters, "inputs": BETWEEN}


BETWEEN = np.array([[0.25, 0.75], [0.5, -0.5], [1.25, 0.625]])


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
    "units-reshaped-not-transposed",
    "hidden_activations",
    title="The weights are reshaped where they should be transposed, so units swap weights.",
    hint="A reshape keeps the numbers in their order; a transpose turns rows into columns.",
    hint_2="compare W.T with W.reshape(2, -1) for three units.",
)
def weights_reshaped(parameters, inputs):
    weights = parameters["hidden_weights"].reshape(2, -1)
    return hidden({**parameters, "hidden_weights": weights.T}, fed(parameters, inputs))


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


LOOKED_UP = {
    "title": "What is fed is looked up for a 0 and a 1: inputs between the bits are fed as bits.",
    "hint": "x = zero + (one - zero) * A holds for every A, so that regions between the bits show.",
    "hint_2": "what do your units answer to the pair (0.5, 0.5), and what to (0, 0) and (1, 1)?",
}


@misconception("bits-looked-up", "hidden_activations", **LOOKED_UP)
def looked_up(parameters, inputs):
    return hidden(parameters, fed(parameters, (np.asarray(inputs) == 1.0).astype(float)))


@misconception(
    "inputs-rounded-to-bits",
    "hidden_activations",
    title="Inputs are rounded to bits before they are fed.",
    hint="Every function also works between the bits, so that regions can be drawn.",
    hint_2="what do your units answer to the pair (0.25, 0.75)?",
)
def rounded_to_bits(parameters, inputs):
    return hidden(parameters, fed(parameters, (np.asarray(inputs) >= 0.5).astype(float)))


@misconception(
    "change-of-variable-inverted",
    "hidden_activations",
    title="The change of variable is made backwards: (A - zero) / (one - zero).",
    **FED,
)
def fed_backwards(parameters, inputs):
    zero, one = parameters["zero"], parameters["one"]
    return hidden(parameters, (np.asarray(inputs) - zero) / (one - zero))


@misconception(
    "change-of-variable-of-the-sums",
    "hidden_activations",
    title="The change of variable is made with the hidden sums, not with the bits.",
    **FED,
)
def sums_changed(parameters, inputs):
    sums = inputs @ parameters["hidden_weights"].T + parameters["hidden_biases"]
    return activated(parameters["hidden_activation"], fed(parameters, sums))


@misconception(
    "sigmoid-of-twice-the-sum",
    "hidden_activations",
    title="A sigmoid is made from tanh of the sum, not of half the sum.",
    hint="sigmoid(z) = (1 + tanh(z / 2)) / 2.",
    hint_2="compare your sigmoid with 1 / (1 + exp(-z)) at z = 1.",
)
def sigmoid_too_steep(parameters, inputs):
    factor = 2.0 if parameters["hidden_activation"] == "sigmoid" else 1.0
    steeper = {name: factor * parameters[name] for name in ("hidden_weights", "hidden_biases")}
    return hidden({**parameters, **steeper}, fed(parameters, inputs))


@misconception(
    "hidden-units-rounded-off",
    "hidden_activations",
    title="Hidden units answer with their sign, not with their activation.",
    hint="Only `sign_approximation` replaces the activation by its sign.",
    hint_2="what does a tanh unit answer to a sum of 0.1?",
)
def units_as_switches(parameters, inputs):
    return np.where(without_any_activation.gives(parameters, inputs) >= 0.0, 1.0, -1.0)


def records(**words):
    """Whether a network is recorded with these words."""
    return lambda given: all(given["parameters"][key] == word for key, word in words.items())


def of_scaled_sums(seen):
    """The sums behind tanh units are the right ones times a factor that may vary."""
    if any(one.wrong and not records(hidden_activation="tanh")(one.given) for one in seen):
        return False
    for one in (one for one in seen if one.wrong and records(hidden_activation="tanh")(one.given)):
        inside = np.abs(one.right) < 0.99
        ratios = np.arctanh(np.asarray(one.got)[inside]) / np.arctanh(one.right[inside])
        ratios = ratios[np.isfinite(ratios)]
        if len(ratios) and np.ptp(ratios) > 1e-3:
            return False
    return True


def fed_otherwise(given):
    """Whether bits were fed as other numbers than 0 and 1."""
    return (given["parameters"]["zero"], given["parameters"]["one"]) != (0, 1)


def between_the_bits(given):
    return not np.isin(given["inputs"], (0.0, 1.0)).all()


UNIT = {
    "hint": "Three activations may be recorded: tanh, sigmoid and relu, each with its own formula.",
    "hint_2": "compare one unit's answer to a sum of -1, 0 and 1 with each formula by hand.",
}
WRONG_UNITS = [
    symptom(
        "units-of-scaled-sums",
        "hidden_activations",
        title="The weighted sums are scaled by a factor before the activation.",
        hint="h = f(w_1 * x_1 + w_2 * x_2 + b): nothing divides or multiplies the sum.",
        hint_2="print the sum of one unit before the activation, and work it out by hand.",
    )(of_scaled_sums),
    symptom(
        "right-at-the-bits-alone",
        "hidden_activations",
        title="Hidden units are right at the bits and wrong between them.",
        hint="x = zero + (one - zero) * A holds for every A, not for 0 and 1 alone.",
        hint_2="what do your units answer to the pair (0.25, 0.75)?",
    )(only_where(between_the_bits)),
    *(
        symptom(
            f"only-{name}-units-wrong",
            "hidden_activations",
            title=f"Only {name} units are wrong.",
            **UNIT,
        )(only_where(records(hidden_activation=name), mostly=0.3))
        for name in ("relu", "sigmoid", "tanh")
    ),
    symptom(
        "units-wrong-for-other-inputs",
        "hidden_activations",
        title="Units are right only if bits are fed as 0 and 1: the change of variable is wrong.",
        **FED,
    )(only_where(fed_otherwise)),
    symptom(
        "units-wrong-with-a-bias",
        "hidden_activations",
        title="Units are right only if their bias is 0: the bias enters in a wrong way.",
        hint="The bias is added to the weighted sum, once, before the activation.",
        hint_2="work a unit with weights 1 and -1 and bias 1 out by hand.",
    )(only_where(lambda given: np.any(given["parameters"]["hidden_biases"]))),
    symptom(
        "units-wrong-if-several",
        "hidden_activations",
        title="One hidden unit is right, several are not.",
        hint="Row j of the weights and number j of the biases belong to unit j.",
        hint_2="compute unit 2 of two units alone, and compare.",
    )(only_where(lambda given: len(given["parameters"]["hidden_biases"]) > 1)),
    symptom(
        "units-turned-round",
        "hidden_activations",
        title="The answers are right, but rows and units have changed places.",
        hint="A row of the result belongs to an input pair, a column to a unit.",
        hint_2="print the shape of your result for 4 pairs and 3 units.",
    )(always(lambda got, right: close(np.transpose(got), right))),
]
REFUSALS_MISSED = [
    symptom(
        f"accepts-{kind.replace(' ', '-')}",
        "read_parameters",
        title=f"A recording is not checked for {kind}.",
        hint="The docstring lists what must raise a ValueError.",
        hint_2=f"read a recording with {kind}: what comes back, or which error?",
    )(only_where(lambda given, changes=changes: any(holds(c, given) for c in changes)))
    for kind, changes in REFUSALS.items()
]
WORDS_REFUSED = symptom(
    "some-words-refused",
    "read_parameters",
    title="Some of the words that may be recorded are refused, or read wrongly.",
    hint="Hidden units may be tanh, sigmoid or relu; the output a sigmoid or a tanh.",
    hint_2="read a recording of relu units, and one of a tanh output.",
)(only_where(lambda given: any(holds(change, given) for change in OTHER_WORDS)))
READ_WRONGLY = [
    symptom(
        "one-key-read-wrongly",
        "read_parameters",
        title="What comes back has a key that is missing, or holds something else than recorded.",
        hint="The docstring lists the keys of the result, and what each must be.",
        hint_2="compare your result with the recording, key by key, and its types.",
    )(always(lambda got, right: isinstance(got, dict) and isinstance(right, dict))),
]
