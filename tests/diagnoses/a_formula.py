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
    yield {"text": json.dumps({**RECORDED, "inputs": {"zero": 0, "one": 1}})}


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


@trials("sign_approximation")
def inputs_of_the_signs(rng):
    for meaning in ("different", "equal"):
        for row in TRUTH_TABLE:
            parameters = network(output_bias=-1.0, positive_means=meaning)
            yield {"parameters": parameters, "inputs": row[np.newaxis]}
        yield {
            "parameters": network(output_bias=1.0, positive_means=meaning),
            "inputs": TRUTH_TABLE,
        }
        changes = {"zero": -1.0, "one": 1.0, "positive_means": meaning}
        for hidden_units in (2, 3, 4, 5):
            yield {"parameters": larger(rng, hidden_units, **changes), "inputs": TRUTH_TABLE}
    relu = network(hidden_activation="relu")
    yield {"parameters": relu, "inputs": TRUTH_TABLE}


def signs(parameters, x, on_the_line=1.0):
    if parameters["hidden_activation"] != "tanh":
        raise ValueError
    sums = x @ parameters["hidden_weights"].T + parameters["hidden_biases"]
    switches = np.where(sums == 0.0, on_the_line, np.sign(sums))
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
