"""Part A: what students get wrong between the hidden units and the table."""

import numpy as np
from a_networks import BETWEEN, LOOKED_UP, fed, larger, network, networks, records
from xor_formula import (
    TRUTH_TABLE,
    hidden_activations,
    predict_bit,
    probability,
    sigmoid,
)

from autograder.diagnosis.declare import misconception, symptom, trials
from autograder.diagnosis.symptoms import both, flat_pair, only_where


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
    for meaning in ("different", "equal"):
        yield {"parameters": larger(rng, 2, positive_means=meaning), "inputs": BETWEEN}


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
        yield {"parameters": larger(rng, 3, positive_means=meaning), "inputs": BETWEEN}
        turned = {"output_activation": "tanh", "positive_means": meaning}
        yield {"parameters": larger(rng, 3, **turned), "inputs": TRUTH_TABLE}


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
    "tanh-output-cut-at-zero",
    "predict_bit",
    title="Where the output is a tanh, a probability is compared with 0, not with one half.",
    hint="`probability` has already moved a tanh from -1..1 to 0..1.",
    hint_2="which bits does your network answer if its output is a tanh of -2?",
    case="wrong/tanh-output-cut-at-zero",
)
def tanh_from_zero(parameters, inputs):
    middle = 0.0 if parameters["output_activation"] == "tanh" else 0.5
    return (probability(parameters, inputs) >= middle).astype(int)


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
    "table-fed-twice",
    "truth_table",
    title="Bits are turned into what is fed before probability turns them once more.",
    hint="`probability` takes bits: the change of variable happens inside.",
    hint_2="for zero = -1 and one = 1, what would be fed for a 0 that is turned twice?",
)
def table_fed_twice(parameters):
    inputs = fed(parameters, TRUTH_TABLE)
    chances, bits = probability(parameters, inputs), predict_bit(parameters, inputs)
    return np.column_stack([TRUTH_TABLE, chances, bits])


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


CHANCE = {
    "hint": "`probability` is of a 1, of different bits, in every row; it is not turned round.",
    "hint_2": "compare the third column with `probability`, where the bit is 0.",
}


@misconception(
    "table-of-confidence",
    "truth_table",
    title="The third column is how sure the network is of its bit, not the probability of a 1.",
    **CHANCE,
    case="wrong/table-of-confidence",
)
def table_of_confidence(parameters):
    chances, bits = probability(parameters, TRUTH_TABLE), predict_bit(parameters, TRUTH_TABLE)
    return np.column_stack([TRUTH_TABLE, np.where(bits, chances, 1.0 - chances), bits])


@misconception(
    "table-of-the-right-answers",
    "truth_table",
    title="The third column is the probability of XOR's answer, not that of a 1.",
    **CHANCE,
)
def table_of_the_right_answers(parameters):
    chances, bits = probability(parameters, TRUTH_TABLE), predict_bit(parameters, TRUTH_TABLE)
    xor = np.array([False, True, True, False])
    return np.column_stack([TRUTH_TABLE, np.where(xor, chances, 1.0 - chances), bits])


OUTPUT = {
    "hint": "Two output functions and two meanings of positive make four formulas.",
    "hint_2": "work z = 1 out by hand for each of the four, and compare.",
}
ANSWER = {
    "hint": "The network is asked on every input alone, and its answer is a probability.",
    "hint_2": "print z and the probability beside each other, row by row.",
}


def outside_zero_to_one(seen):
    pairs = [flat_pair(one) for one in seen if one.wrong]
    return any(np.min(got) < 0 or np.max(got) > 1 for got, _ in pairs)


WRONG_OUTPUTS = [
    *(
        symptom(
            f"wrong-for-{output}-where-positive-means-{meaning}",
            "probability",
            title=f"Only networks with a {output} output whose positive label means {meaning} bits "
            "are wrong.",
            **OUTPUT,
        )(only_where(records(output_activation=output, positive_means=meaning)))
        for output in ("sigmoid", "tanh")
        for meaning in ("different", "equal")
    ),
    *(
        symptom(
            f"wrong-for-{output}-outputs",
            "probability",
            title=f"The answer of a {output} output is turned into a probability in a wrong way; "
            "the other output function is right.",
            **TANH_OUTPUT,
        )(only_where(records(output_activation=output), mostly=0.4))
        for output in ("tanh", "sigmoid")
    ),
    *(
        symptom(
            f"wrong-where-positive-means-{meaning}",
            "probability",
            title=f"Answers are wrong only where positive means {meaning} bits.",
            **LABEL,
        )(only_where(records(positive_means=meaning), mostly=0.4))
        for meaning in ("equal", "different")
    ),
    symptom(
        "wrong-with-an-output-bias",
        "probability",
        title="Answers are right only if the output bias is 0: the bias enters in a wrong way.",
        hint="The output bias is added to the weighted sum, once, before the output function.",
        hint_2="work a network with output bias 1 out by hand.",
    )(only_where(lambda given: given["parameters"]["output_bias"] != 0)),
    symptom(
        "probability-wrong-between-the-bits",
        "probability",
        title="Answers are right at the bits and wrong between them.",
        hint="Every function also works between the bits, so that regions can be drawn.",
        hint_2="what is your answer to (0.25, 0.75), and which steps lead to it?",
    )(only_where(lambda given: not np.isin(given["inputs"], (0.0, 1.0)).all())),
    symptom(
        "wrong-if-several-units",
        "probability",
        title="With one hidden unit the answer is right, with several it is not: they are "
        "combined in a wrong way.",
        hint="z = v_1 * h_1 + ... + v_H * h_H + c: a weighted sum over all hidden units.",
        hint_2="work two units out by hand.",
    )(only_where(lambda given: len(given["parameters"]["output_weights"]) > 1)),
    symptom(
        "no-probabilities",
        "probability",
        title="Answers lie outside of 0 to 1, so they are no probabilities.",
        **ANSWER,
    )(outside_zero_to_one),
]


def at_one_half(given):
    return np.any(np.abs(probability(**given) - 0.5) < 1e-9)


def another_threshold(seen):
    """Bits are those of another threshold than one half, for all networks the same."""
    chances = np.concatenate([probability(**one.given) for one in seen])
    bits = np.concatenate([np.asarray(one.got).ravel() for one in seen])
    return set(bits.tolist()) == {0, 1} and chances[bits == 0].max() < chances[bits == 1].min()


WRONG_BITS = [
    symptom(
        "wrong-at-one-half-alone",
        "predict_bit",
        title="Bits are wrong only where the probability is exactly one half.",
        **THRESHOLD,
    )(only_where(at_one_half, mostly=0.3)),
    symptom(
        "another-threshold",
        "predict_bit",
        title="Bits are decided by a threshold other than one half.",
        **THRESHOLD,
    )(another_threshold),
    *(
        symptom(
            f"bits-wrong-where-positive-means-{meaning}",
            "predict_bit",
            title=f"Bits are wrong only where positive means {meaning} bits.",
            hint="`probability` already says how likely XOR is, whatever positive means.",
            hint_2="compare the bit with the probability, for both meanings.",
        )(only_where(records(positive_means=meaning), mostly=0.4))
        for meaning in ("equal", "different")
    ),
]


@misconception(
    "threshold-at-the-mean",
    "predict_bit",
    title="Probabilities are compared with their own mean, so a bit depends on the other rows.",
    **THRESHOLD,
)
def above_their_mean(parameters, inputs):
    chances = probability(parameters, inputs)
    return (chances >= chances.mean()).astype(int)


@misconception(
    "largest-probability-is-one",
    "predict_bit",
    title="The row with the greatest probability gets the 1, the others a 0.",
    **THRESHOLD,
)
def greatest_alone(parameters, inputs):
    chances = probability(parameters, inputs)
    return (np.arange(len(chances)) == np.argmax(chances)).astype(int)


@misconception(
    "probability-averaged-over-units",
    "probability",
    title="The hidden units are averaged, not summed.",
    hint="z = v_1 * h_1 + ... + v_H * h_H + c: a sum over all hidden units.",
    hint_2="work two units out by hand.",
)
def averaged_units(parameters, inputs):
    weights = parameters["output_weights"] / len(parameters["output_weights"])
    return answer(parameters, output_sum({**parameters, "output_weights": weights}, inputs))


@misconception(
    "change-of-variable-twice",
    "probability",
    title="The change of variable is made twice: before the hidden units and within them.",
    hint="`hidden_activations` takes bits and feeds them by itself.",
    hint_2="which values does your function hand to `hidden_activations`?",
)
def fed_twice(parameters, inputs):
    return probability(parameters, fed(parameters, inputs))


@misconception(
    "output-tanh-for-all",
    "probability",
    title="Every output is treated as a tanh.",
    **TANH_OUTPUT,
)
def tanh_whatever_is_named(parameters, inputs):
    return probability({**parameters, "output_activation": "tanh"}, inputs)


def columns_wrong(*columns):
    """Of a table, just these columns are wrong, each of them sometimes."""

    def tells(seen):
        off = [np.abs(np.asarray(one.got) - one.right) > 1e-4 for one in seen if one.wrong]
        return set(np.flatnonzero(np.any(off, axis=(0, 1))).tolist()) == set(columns)

    return tells


WRONG_COLUMNS = [
    symptom(
        "table-probabilities-rounded",
        "truth_table",
        title="The probabilities in the table are rounded.",
        hint="Rounding is for people who read the table; its numbers are compared.",
        hint_2="print the third column with ten digits, and `probability` beside it.",
    )(
        both(
            columns_wrong(2),
            lambda seen: all(np.allclose(one.got, one.right, atol=0.06) for one in seen),
        )
    ),
    symptom(
        "table-probabilities-wrong",
        "truth_table",
        title="Only the column of probabilities is wrong.",
        **ROWS,
    )(columns_wrong(2)),
    symptom(
        "table-bits-wrong",
        "truth_table",
        title="Only the column of bits is wrong.",
        hint="The bit is the network's own answer, from `predict_bit`.",
        hint_2="compare the last column with predict_bit, row by row.",
    )(columns_wrong(3)),
    symptom(
        "table-inputs-wrong",
        "truth_table",
        title="The columns with the two inputs are wrong, the answers beside them are right.",
        **ROWS,
    )(lambda seen: columns_wrong(0, 1)(seen) or columns_wrong(0)(seen) or columns_wrong(1)(seen)),
    symptom(
        "table-rows-in-some-order",
        "truth_table",
        title="The rows are right, but stand in another order.",
        **ROWS,
    )(
        lambda seen: all(
            np.allclose(*(sorted(np.round(table, 4).tolist()) for table in (one.got, one.right)))
            for one in seen
        )
    ),
]


# Between the bits only answers are checked; so what the units do there shows here, too.
@misconception("answer-of-looked-up-bits", "probability", **LOOKED_UP, case="wrong/bits-looked-up")
def of_looked_up_bits(parameters, inputs):
    return probability(parameters, (np.asarray(inputs) == 1.0).astype(float))


@misconception(
    "answer-of-rounded-inputs",
    "probability",
    title="Inputs are rounded to bits before they are fed.",
    hint="Every function also works between the bits, so that regions can be drawn.",
    hint_2="what is your answer to the pair (0.25, 0.75), and what to (0, 1)?",
)
def of_rounded_inputs(parameters, inputs):
    return probability(parameters, (np.asarray(inputs) >= 0.5).astype(float))
