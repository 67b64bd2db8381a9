"""Part A on networks nobody has seen, against the reference and against properties."""

import json
import re

import numpy as np
import pytest

SQUARE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
IMPLEMENTATION = {"task": "formula", "category": "implementation"}
CORRECTNESS = {"task": "formula", "category": "correctness"}


def network(rng, hidden=2, **changes):
    """Random parameters of a network with that many hidden units."""
    parameters = {
        "version": 1,
        "source": "drawn",
        "zero": 0.0,
        "one": 1.0,
        "hidden_activation": "tanh",
        "output_activation": "sigmoid",
        "positive_means": "different",
        "hidden_weights": rng.normal(0.0, 2.0, (hidden, 2)),
        "hidden_biases": rng.normal(0.0, 1.0, hidden),
        "output_weights": rng.normal(0.0, 2.0, hidden),
        "output_bias": float(rng.normal()),
    }
    return {**parameters, **changes}


def undecided(rng, reference, hidden=2, **changes):
    """A network that answers 1 on a quarter to three quarters of the square."""
    while True:
        parameters = network(rng, hidden, **changes)
        if 0.25 <= reference.predict_bit(parameters, unit_square()).mean() <= 0.75:
            return parameters


def recorded(parameters):
    """What the file of such a network holds."""
    file = {key: np.asarray(value).tolist() for key, value in parameters.items()}
    return {**file, "inputs": {"zero": file.pop("zero"), "one": file.pop("one")}}


def unit_square(steps=21):
    """A grid over the square, corners included: shape (steps**2, 2)."""
    axis = np.linspace(0.0, 1.0, steps)
    return np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)


# First of all: what a student recorded is looked at before any hidden input is in sight.
@pytest.mark.check(
    **CORRECTNESS,
    section="A.1",
    function="PLAYGROUND_WEIGHTS",
    sibling="your_own_network_computes_xor",
    hint="Record a network after its loss has settled, and say what it was fed for 0 and 1.",
)
def test_recorded_network_computes_xor(student, expect, reference, bundle_file):
    """The network recorded in playground_weights.json computes XOR."""
    recorded_weights = student.PLAYGROUND_WEIGHTS
    example = bundle_file("assignment/template/playground_weights.json")
    try:
        text = json.dumps(recorded_weights, default=lambda array: array.tolist())
        expect.attempted(json.loads(text) != json.loads(example), "still the template's example")
        parameters = reference.read_parameters(text)
    except (ValueError, TypeError, AttributeError) as error:
        key = str(error).partition(":")[0]
        problem = f"The file does not follow the format of handout A.1 ({key})."
        expect.that(False, problem if key.isidentifier() else problem.replace(f" ({key})", ""))
    bits = reference.predict_bit(parameters, SQUARE)
    expect.that(
        bits.tolist() == [0, 1, 1, 0],
        f"The recorded numbers give {bits.tolist()} for 00, 01, 10, 11; XOR is [0, 1, 1, 0].",
    )


@pytest.mark.check(
    **IMPLEMENTATION,
    section="A.3",
    function="hidden_activations",
    sibling="hidden_activations_of_one_unit",
    hint="Weighted sum of both inputs, plus the unit's bias, through the activation.",
    weight=3,
)
def test_hidden_activations_of_another_network(student, expect, reference, rng):
    """Hidden activations of a tanh network with other weights and biases."""
    parameters = network(rng)
    got = student.hidden_activations(parameters, SQUARE)
    expect.close(got, reference.hidden_activations(parameters, SQUARE), given=parameters)


@pytest.mark.check(
    **IMPLEMENTATION,
    section="A.2",
    function="read_parameters",
    sibling="parameters_are_read",
    hint="Every list becomes a float array; zero and one stand directly in the dict.",
    weight=2,
)
def test_parameters_of_another_file(student, expect, reference, rng):
    """Recordings with three units and with one are read, and one with a zero wherever it may be."""
    networks = [network(rng, hidden, zero=-2.0, one=2.5) for hidden in (3, 1)]
    zeros = {key: np.zeros_like(networks[0][key]) for key in ("hidden_weights", "hidden_biases")}
    networks.append({**networks[0], **zeros, "zero": 0.0, "output_bias": 0.0})
    networks.append({**networks[1], "one": 0.0, "output_weights": np.zeros(1)})
    for parameters in networks:
        text = json.dumps(recorded(parameters))
        wanted = reference.read_parameters(text)
        got = expect.mapping(student.read_parameters(text), tuple(wanted))
        for key, value in wanted.items():
            (expect.equal if isinstance(value, str) else expect.close)(got[key], value)


@pytest.mark.check(
    **IMPLEMENTATION,
    section="A.4",
    function="probability",
    sibling="probability_of_a_sigmoid_output",
    hint="Sum the weighted hidden activations, add the output bias, apply the sigmoid.",
    weight=3,
)
def test_probability_of_another_network(student, expect, reference, rng):
    """Probabilities of a network with a sigmoid output."""
    parameters = network(rng)
    got = student.probability(parameters, SQUARE)
    expect.close(got, reference.probability(parameters, SQUARE), given=parameters)


@pytest.mark.check(
    **IMPLEMENTATION,
    section="A.4",
    function="predict_bit",
    sibling="bits_by_the_threshold",
    hint="At least 0.5 gives 1; return whole numbers.",
    weight=2,
)
def test_bits_of_another_network(student, expect, reference, rng):
    """Bits of other networks all over the square."""
    for _ in range(3):
        parameters = undecided(rng, reference)
        points = unit_square()
        clear = np.abs(reference.probability(parameters, points) - 0.5) > 1e-3
        got = student.predict_bit(parameters, points[clear])
        expect.equal(got, reference.predict_bit(parameters, points[clear]), given=parameters)
    for output, meaning in (("tanh", "different"), ("sigmoid", "equal"), ("tanh", "equal")):
        words = {"output_activation": output, "positive_means": meaning}
        parameters = undecided(rng, reference, **words)
        # the student's own probability: a mistake in it has checks of its own
        chances = expect.array(student.probability(parameters, points), shape=(len(points),))
        clear = np.abs(chances - 0.5) > 1e-3
        got = student.predict_bit(parameters, points[clear])
        expect.equal(got, (chances[clear] >= 0.5).astype(int), given=parameters)


@pytest.mark.check(
    **IMPLEMENTATION,
    section="A.5",
    function="truth_table",
    sibling="truth_table",
    hint="Columns A1, A2, probability, bit; rows 00, 01, 10, 11.",
    weight=2,
)
def test_truth_table_of_another_network(student, expect, reference, rng):
    """The truth table of another network, whose columns A1 and A2 are bits."""
    parameters = network(rng, 3, zero=-2.0, one=1.5)
    expect.close(student.truth_table(parameters), reference.truth_table(parameters))


@pytest.mark.check(
    **IMPLEMENTATION,
    section="A.5",
    function="formula_text",
    sibling="formula_lists_its_numbers",
    hint="Per unit: output weight, weights of A1 and A2, constant; last the output bias.",
    weight=2,
)
def test_formula_of_another_network(student, expect, reference, rng):
    """The formula lists every number of the network in order."""
    parameters = network(rng, 3)
    got = expect.text(student.formula_text(parameters, 3))
    wanted = numbers_in(reference.formula_text(parameters, 3))
    expect.close(numbers_in(got), wanted, atol=1.5e-3, given={"formula": got})
    three = all(len(digits) == 3 for digits in re.findall(r"\.(\d+)", got))
    expect.that(three, "Every number should have the decimals that are asked for.", got=got)
    named = got.count("tanh") == 3 and got.count("A1") == 3 and got.count("A2") == 3
    expect.that(named, "The formula should name the activation of every unit, A1 and A2.", got=got)
    expect.that("\n" not in got.strip(), "The formula should be one line.", got=got)


def numbers_in(formula):
    """Every number with a decimal point, with its sign, in order."""
    compact = re.sub(r"\s", "", formula[:5000]).replace("\N{MINUS SIGN}", "-")
    compact = re.sub(r"[A-Za-z_]\w*", "@", compact)  # A1 is a name, not a digit before a sign
    compact = re.sub(r"-\((?=\d)", "(-", compact)
    for pair, sign in (("+-", "-"), ("--", "+"), ("-(-", "+(")):
        compact = compact.replace(pair, sign)
    return [float(text) for text in re.findall(r"(?<![\d.])[+-]?\d+\.\d+", compact)] or [0.0]


@pytest.mark.check(
    **CORRECTNESS,
    section="A.3",
    function="hidden_activations",
    sibling="hidden_activations_of_three_units",
    hint="Do not count on two units: H is whatever the arrays say, and n need not be 4.",
    weight=2,
)
def test_any_number_of_hidden_units(student, expect, reference, rng):
    """One, five and sixteen hidden units, and a single input pair."""
    for hidden in (1, 5, 16):
        parameters = network(rng, hidden)
        for inputs in (SQUARE, SQUARE[2:3]):
            got = student.hidden_activations(parameters, inputs)
            expect.close(got, reference.hidden_activations(parameters, inputs))


@pytest.mark.check(
    **CORRECTNESS,
    section="A.4",
    function="probability",
    sibling="probability_of_a_sigmoid_output",
    hint="The formula holds between the bits too; nothing in it may be rounded or looked up.",
    weight=2,
)
def test_the_whole_square(student, expect, reference, rng, keep):
    """Probabilities agree all over the square, not only at its corners."""
    parameters = network(rng, 4)
    points = unit_square()
    got = student.probability(parameters, points)
    keep("decision_surface", expect.array(got, shape=(len(points),)).reshape(21, 21))
    expect.close(got, reference.probability(parameters, points))


@pytest.mark.check(
    **CORRECTNESS,
    section="A.3",
    function="hidden_activations",
    sibling="bits_are_mapped_to_what_was_fed",
    hint="x = zero + (one - zero) * A comes before the weights.",
    weight=3,
)
def test_change_of_variable(student, expect, reference, rng):
    """Networks that were fed other values than 0 and 1."""
    for zero, one in ((-3.0, 3.0), (-1.0, 1.0), (2.0, -0.5)):
        parameters = network(rng, 3, zero=zero, one=one)
        got = student.hidden_activations(parameters, SQUARE)
        expect.close(got, reference.hidden_activations(parameters, SQUARE))


@pytest.mark.check(
    **CORRECTNESS,
    section="A.3",
    function="hidden_activations",
    sibling="relu_and_sigmoid_units",
    hint="Apply the function that `hidden_activation` names.",
)
def test_every_hidden_activation(student, expect, reference, rng):
    """Sigmoid and ReLU units beside tanh units."""
    for name in ("sigmoid", "relu", "tanh"):
        parameters = network(rng, 3, hidden_activation=name)
        got = student.hidden_activations(parameters, SQUARE)
        expect.close(got, reference.hidden_activations(parameters, SQUARE))


@pytest.mark.check(
    **CORRECTNESS,
    section="A.4",
    function="probability",
    sibling="probability_of_a_tanh_output",
    hint="(1 + tanh(z)) / 2 for a tanh output; it is not the sigmoid of z.",
)
def test_tanh_outputs(student, expect, reference, rng):
    """Probabilities of networks with a tanh output."""
    parameters = network(rng, 3, output_activation="tanh")
    got = student.probability(parameters, SQUARE)
    expect.close(got, reference.probability(parameters, SQUARE))


@pytest.mark.check(
    **CORRECTNESS,
    section="A.4",
    function="probability",
    sibling="positive_may_mean_equal",
    hint="Where positive means equal, the probability of XOR is one minus the network's answer.",
    weight=2,
)
def test_labels_that_mean_equal(student, expect, reference, rng):
    """Networks whose positive label means equal bits."""
    for output in ("sigmoid", "tanh"):
        parameters = network(rng, 2, output_activation=output, positive_means="equal")
        got = student.probability(parameters, SQUARE)
        expect.close(got, reference.probability(parameters, SQUARE))


@pytest.mark.check(
    **CORRECTNESS,
    section="A.4",
    function="predict_bit",
    sibling="bits_by_the_threshold",
    hint="A probability of exactly 0.5 gives 1.",
)
def test_exactly_one_half_gives_one(student, expect, rng):
    """A network that does not know: its probability is 0.5 everywhere."""
    for meaning in ("different", "equal"):
        parameters = network(
            rng, 2, positive_means=meaning, output_weights=np.zeros(2), output_bias=0.0
        )
        expect.equal(student.predict_bit(parameters, SQUARE), [1, 1, 1, 1])


@pytest.mark.check(
    **CORRECTNESS,
    section="A.4",
    function="probability",
    sibling="probability_of_a_sigmoid_output",
    hint="exp of a large number overflows; a stable form of the sigmoid does not.",
)
def test_large_weights_stay_finite(student, expect, rng):
    """Weights in the thousands give probabilities of 0 and 1, not NaN."""
    parameters = network(
        rng,
        1,
        hidden_activation="relu",
        hidden_weights=np.array([[4000.0, -4000.0]]),
        hidden_biases=np.array([-1000.0]),
        output_weights=np.array([1.0]),
        output_bias=-1000.0,
    )
    expect.close(student.probability(parameters, SQUARE), [0.0, 0.0, 1.0, 0.0])


@pytest.mark.check(
    **CORRECTNESS,
    section="A.2",
    function="read_parameters",
    sibling="a_missing_key_is_an_error",
    hint="Each key must be there, with a known word or finite numbers of the right shape.",
    weight=2,
)
def test_malformed_files_are_refused(student, expect, rng):
    """Missing keys, unknown words, wrong shapes and numbers that are none."""
    good = recorded(network(rng))
    changes = (
        {"hidden_biases": None},
        {"hidden_activation": "cosine"},
        {"output_activation": "softmax"},
        {"version": 2},
        {"inputs": {"zero": 1.0, "one": 1.0}},
        {"positive_means": "yes"},
        {"hidden_weights": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]},
        {"output_weights": [1.0]},
        {"hidden_weights": [], "hidden_biases": [], "output_weights": []},
        {"output_bias": "a"},
        {"output_bias": float("nan")},
    )
    expect.mapping(student.read_parameters(json.dumps(good)), ("hidden_weights",))
    for change in changes:
        text = json.dumps({**good, **change})
        expect.raises("ValueError", lambda: student.read_parameters(text), given=change)  # noqa: B023
    expect.mapping(student.read_parameters(json.dumps(good)), ("hidden_weights",))
    without = json.dumps({k: v for k, v in good.items() if k != "inputs"})
    expect.raises("ValueError", lambda: student.read_parameters(without))
    expect.raises("ValueError", lambda: student.read_parameters("{"))


@pytest.mark.check(
    **CORRECTNESS,
    section="A.6",
    function="sign_approximation",
    sibling="signs_instead_of_tanh",
    hint="Signs replace the hidden tanh; the output weights, bias and label stay as they are.",
)
def test_signs_of_another_network(student, expect, reference, rng):
    """The sign approximation of other networks, with both meanings of positive."""
    for meaning in ("different", "equal"):
        for _ in range(4):
            parameters = network(rng, 3, zero=-1.0, one=1.0, positive_means=meaning)
            got = student.sign_approximation(parameters, unit_square())
            expect.equal(got, reference.sign_approximation(parameters, unit_square()))
        for output_weights in ([2.0, -1.0], [1.0, -1.0]):  # on the line, and a sum of zero
            parameters = network(
                rng,
                hidden_weights=np.array([[1.0, -1.0], [2.0, -2.0]]),
                hidden_biases=np.zeros(2),
                output_weights=np.array(output_weights),
                output_bias=0.0,
                positive_means=meaning,
            )
            got = student.sign_approximation(parameters, SQUARE)
            expect.equal(got, reference.sign_approximation(parameters, SQUARE))
    for name in ("relu", "sigmoid"):
        other = network(rng, 2, hidden_activation=name)
        expect.raises("ValueError", lambda: student.sign_approximation(other, SQUARE))  # noqa: B023


@pytest.mark.check(
    **CORRECTNESS,
    section="A.5",
    function="formula_text",
    sibling="the_formula_takes_bits",
    hint="The formula takes bits, so the weights and constants absorb zero and one.",
)
def test_formula_takes_bits(student, expect, reference, rng):
    """The change of variable is carried out in the formula's numbers."""
    parameters = network(rng, 2, zero=-3.0, one=3.0)
    got = expect.text(student.formula_text(parameters, 4))
    wanted = numbers_in(reference.formula_text(parameters, 4))
    expect.close(numbers_in(got), wanted, atol=1.5e-4, given={"formula": got})


@pytest.mark.check(
    **CORRECTNESS,
    section="A.5",
    function="formula_text",
    sibling="the_formula_follows_the_conventions",
    hint="A tanh output reads (1 + tanh(...))/2; where positive means equal, 1 - stands in front.",
)
def test_conventions_of_another_formula(student, expect, rng):
    """The formula says which output function and which label it means."""
    for output, inside in (("tanh", "(1+tanh("), ("sigmoid", "sigmoid(")):
        parameters = network(
            rng, 2, hidden_activation="relu", output_activation=output, positive_means="equal"
        )
        got = re.sub(r"\s|\.0+(?!\d)", "", expect.text(student.formula_text(parameters, 3)))
        minus = got.replace("\N{MINUS SIGN}", "-")
        expect.that(minus.startswith("1-") and inside in got, "A convention is missing.", got=got)
        expect.that(got.count("relu(") == 2, "The hidden units should keep their name.", got=got)
