"""Part A: what students get wrong in the formula, in its signs and in their recording."""

import json
import re

import numpy as np
from a_networks import FED, fed, fed_otherwise, larger, network, records
from a_output import LABEL
from xor_formula import (
    TRUTH_TABLE,
    formula_text,
    predict_bit,
    read_parameters,
)

from autograder.diagnosis.declare import behaviour, misconception, symptom, trials
from autograder.diagnosis.symptoms import only_where, part_wrong


def what_it_says(formula):
    """The numbers of a formula in order, and its conventions; words and spaces may differ."""
    text = re.sub(r"\s", "", formula[:5000]).replace("\N{MINUS SIGN}", "-").replace("+-", "-")
    numbers = re.findall(r"(?<![\d.A-Za-z])-?\d+\.\d+", re.sub(r"[A-Za-z_]\w*", "@", text))
    return {
        "numbers": np.array([float(number) for number in numbers]),
        "one minus": text.startswith("1-"),
        "tanh output": "(1+tanh(" in text,
        "decimals": sorted({len(number.partition(".")[2]) for number in numbers}),
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


def formula_with_shift(parameters, decimals, shift):
    """The formula with the weights as they are due, and another shift of the constants."""
    weights = parameters["hidden_weights"] * (parameters["one"] - parameters["zero"])
    constants = parameters["hidden_biases"] + shift
    changed = {"zero": 0.0, "one": 1.0, "hidden_weights": weights, "hidden_biases": constants}
    return formula_text({**parameters, **changed}, decimals)


@misconception(
    "formula-shifted-without-weights",
    "formula_text",
    title="Constants are shifted by 2 * zero, whatever the weights are.",
    **SHIFT,
    case="wrong/formula-shifted-without-weights",
)
def shifted_without_weights(parameters, decimals):
    return formula_with_shift(parameters, decimals, 2.0 * parameters["zero"])


@misconception(
    "formula-shifted-by-zero-alone",
    "formula_text",
    title="Constants are shifted by `zero` itself, not by `zero` times the weights.",
    **SHIFT,
)
def shifted_by_zero_alone(parameters, decimals):
    return formula_with_shift(parameters, decimals, parameters["zero"])


@misconception(
    "formula-shifted-by-one-weight",
    "formula_text",
    title="Constants are shifted by `zero` times the first weight alone.",
    **SHIFT,
)
def shifted_by_one_weight(parameters, decimals):
    shift = parameters["zero"] * parameters["hidden_weights"][:, 0]
    return formula_with_shift(parameters, decimals, shift)


@misconception(
    "formula-shifted-by-the-mean",
    "formula_text",
    title="Constants are shifted by `zero` times the mean of the weights, not times their sum.",
    **SHIFT,
)
def shifted_by_the_mean(parameters, decimals):
    return formula_with(
        parameters, decimals, parameters["one"] - parameters["zero"], 0.5 * parameters["zero"]
    )


@misconception(
    "formula-of-the-inverse-change",
    "formula_text",
    title="The change of variable is made backwards: weights are divided by one - zero.",
    **SHIFT,
)
def inverse_change(parameters, decimals):
    scale = 1.0 / (parameters["one"] - parameters["zero"])
    return formula_with(parameters, decimals, scale, -scale * parameters["zero"])


@misconception(
    "formula-with-zero-and-one-swapped",
    "formula_text",
    title="zero and one have changed places.",
    **SHIFT,
)
def zero_and_one_swapped(parameters, decimals):
    return formula_with(
        parameters, decimals, parameters["zero"] - parameters["one"], parameters["one"]
    )


@misconception(
    "formula-bias-scaled",
    "formula_text",
    title="The hidden biases are multiplied with one - zero, as the weights are.",
    **SHIFT,
)
def bias_scaled(parameters, decimals):
    scale = parameters["one"] - parameters["zero"]
    return formula_with(parameters, decimals, scale, parameters["zero"], bias=scale)


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
    "signs-sum-against-one-half",
    "sign_approximation",
    title="The output's sum is compared with one half, as if it were a probability.",
    hint="Before the output there is a sum: its border is 0, where the sigmoid is one half.",
    hint_2="what is sigmoid(0.25), and which bit should it give?",
)
def sum_against_one_half(parameters, inputs):
    lower = {**parameters, "output_bias": parameters["output_bias"] - 0.5}
    return signs(lower, fed(parameters, inputs))


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


def numbers_wrong(*places):
    """Just the numbers at these places of each unit are wrong; -1 is the output bias."""

    def tells(seen):
        found = set()
        for one in (one for one in seen if one.wrong):
            got, right = one.got["numbers"], one.right["numbers"]
            if len(got) != len(right):
                return False
            off = np.flatnonzero(np.abs(got - right) > 0.02)
            found |= {-1 if place == len(right) - 1 else int(place) % 4 for place in off}
        return found == set(places)

    return tells


def signs_alone_wrong(seen):
    wrong = [one for one in seen if one.wrong]
    return all(
        np.allclose(*(np.abs(side["numbers"]) for side in (one.got, one.right)), atol=0.02)
        for one in wrong
    )


READ = {
    "hint": "Whoever puts bits into the formula must get what the network answers.",
    "hint_2": "put A1 = A2 = 0 and then A1 = 1, A2 = 0 into your formula, and compare.",
}
WRONG_FORMULAS = [
    symptom(
        "formula-decimals",
        "formula_text",
        title="The numbers are right, but not written with the decimals that are asked for.",
        hint="`decimals` says how many digits stand after the point of every number.",
        hint_2="write a formula with 2 decimals and count the digits.",
    )(part_wrong("decimals")),
    symptom(
        "formula-one-minus-alone",
        "formula_text",
        title="All numbers are right, but '1 - ' is missing, or stands where it should not.",
        hint="'1 - ' stands in front where positive means equal, and nowhere else.",
        hint_2="write the formula of a network for each meaning of positive.",
    )(part_wrong("one minus")),
    symptom(
        "formula-output-alone",
        "formula_text",
        title="All numbers are right, but the output function is written wrongly.",
        hint="A tanh output reads (1 + tanh(...))/2, a sigmoid output sigmoid(...).",
        hint_2="write the formula of a network for each output function.",
    )(part_wrong("tanh output")),
    symptom(
        "formula-signs-alone",
        "formula_text",
        title="The sizes of the numbers are right, some signs are not.",
        **READ,
    )(signs_alone_wrong),
    *(
        symptom(
            f"formula-{name}-wrong",
            "formula_text",
            title=f"Only the {words} wrong.",
            **READ,
        )(numbers_wrong(*places))
        for name, words, places in (
            ("constants", "constants of the hidden units are", (3,)),
            ("weights", "weights of A1 and A2 are", (1, 2)),
            ("second-weight", "weight of A2 is", (2,)),
            ("first-weight", "weight of A1 is", (1,)),
            ("output-weights", "output weights are", (0,)),
            ("output-bias", "output bias is", (-1,)),
            ("units", "weights and constants of the hidden units are", (1, 2, 3)),
        )
    ),
    symptom(
        "formula-numbers-missing",
        "formula_text",
        title="The formula has fewer numbers than the network.",
        hint="Each unit has an output weight, two weights and a constant; at the end one bias.",
        hint_2="count the numbers of your formula for two hidden units: 9 are due.",
    )(
        lambda seen: all(
            len(one.got["numbers"]) < len(one.right["numbers"]) for one in seen if one.wrong
        )
    ),
    symptom(
        "formula-numbers-in-another-order",
        "formula_text",
        title="The numbers are right, but stand in another order.",
        hint="Each unit: its output weight, the weights of A1 and A2, its constant; then the bias.",
        hint_2="write the formula of one unit and name each of its numbers.",
    )(
        lambda seen: all(
            np.allclose(*(np.sort(side["numbers"]) for side in (one.got, one.right)), atol=0.02)
            for one in seen
            if one.wrong
        )
    ),
    symptom(
        "formula-wrong-for-other-inputs",
        "formula_text",
        title="Formulas are right only if bits were fed as 0 and 1: the change of variable is "
        "wrong.",
        **SHIFT,
    )(only_where(fed_otherwise)),
]


def a_sum_is_zero(given):
    parameters = given["parameters"]
    sums = fed(parameters, given["inputs"]) @ parameters["hidden_weights"].T
    switches = np.where(sums + parameters["hidden_biases"] >= 0.0, 1.0, -1.0)
    z = switches @ parameters["output_weights"] + parameters["output_bias"]
    return not np.all(sums + parameters["hidden_biases"]) or not np.all(z)


WRONG_SIGNS = [
    symptom(
        "signs-of-other-units-accepted",
        "sign_approximation",
        title="Only the refusal of units that are no tanh is missing, or raises another error.",
        hint="A sigmoid or a ReLU has no sign to be replaced by: the docstring says what is due.",
        hint_2="call the function with relu units.",
    )(only_where(lambda given: given["parameters"]["hidden_activation"] != "tanh")),
    symptom(
        "signs-wrong-on-a-line-alone",
        "sign_approximation",
        title="Only points exactly on a line, or sums of exactly 0, are decided wrongly.",
        hint="A point on a unit's line counts as +1, and a sum z of 0 as one half.",
        hint_2="np.sign(0) is 0; what does your code make of a sum that is exactly 0?",
    )(only_where(a_sum_is_zero, mostly=0.2)),
    *(
        symptom(
            f"signs-wrong-where-positive-means-{meaning}",
            "sign_approximation",
            title=f"Bits are wrong only where positive means {meaning} bits.",
            **LABEL,
        )(only_where(records(positive_means=meaning), mostly=0.2))
        for meaning in ("equal", "different")
    ),
    symptom(
        "signs-wrong-for-other-inputs",
        "sign_approximation",
        title="Bits are right only if they were fed as 0 and 1.",
        **FED,
    )(
        only_where(
            fed_otherwise,
            mostly=0.2,
        )
    ),
]
