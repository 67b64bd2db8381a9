"""Part A on small networks whose answers can be worked out by hand."""

import json

import numpy as np
import pytest

SQUARE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
ACROSS = np.linspace(0.0, 1.0, 21)


def network(**changes):
    """Parameters as `read_parameters` returns them: one tanh unit, looking at A1 - A2."""
    parameters = {
        "version": 1,
        "source": "by hand",
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


def shown(parameters, inputs=SQUARE, *, hidden_only=False):
    """What a message shows of a check's input: the parameters that matter, and the inputs."""
    names = ("zero", "one", "hidden_activation", "hidden_weights", "hidden_biases")
    if not hidden_only:
        names += ("output_activation", "positive_means", "output_weights", "output_bias")
    return {**{name: parameters[name] for name in names}, "inputs": inputs}


RECORDED = {
    "version": 1,
    "source": "by hand",
    "inputs": {"zero": -1.0, "one": 1.0},
    "hidden_activation": "tanh",
    "output_activation": "sigmoid",
    "positive_means": "different",
    "hidden_weights": [[1, 2], [3, 4]],
    "hidden_biases": [5, 6],
    "output_weights": [7, 8],
    "output_bias": 9,
}


def own_network(student, expect):
    """Parameters of the network that you recorded, as your `read_parameters` returns them."""
    recorded = student.PLAYGROUND_WEIGHTS
    example = isinstance(recorded, dict) and str(recorded.get("source")).startswith("example:")
    expect.attempted(not example, "playground_weights.json still holds the template's example")
    return student.read_parameters(json.dumps(recorded, default=lambda array: array.tolist()))


@pytest.mark.check(
    task="formula",
    section="A.1",
    function="PLAYGROUND_WEIGHTS",
    hint="Look at source, inputs and positive_means first; then at the order of the numbers.",
)
def test_your_own_network_computes_xor(student, expect):
    """Your functions, on the network that you recorded in playground_weights.json, give XOR."""
    bits = student.predict_bit(own_network(student, expect), SQUARE)
    expect.equal(bits, [0, 1, 1, 0], given={"inputs": SQUARE})


@pytest.mark.check(
    task="formula",
    section="A.4",
    function="PLAYGROUND_WEIGHTS",
    hint="A probability lies between 0 and 1 whatever the inputs; which output comes last?",
)
def test_your_own_network_across_the_square(student, expect, keep):
    """Between the corners, too, your recorded network gives probabilities from 0 to 1."""
    points = np.stack(np.meshgrid(ACROSS, ACROSS), axis=-1).reshape(-1, 2)
    got = student.probability(own_network(student, expect), points)
    got = expect.array(got, shape=(len(points),))
    keep("decision_surface", got.reshape(len(ACROSS), len(ACROSS)))
    expect.that(got.min() >= 0 and got.max() <= 1, "Some of them do not.", got=got)


@pytest.mark.check(
    task="formula",
    section="A.2",
    function="read_parameters",
    hint="Return a dict with arrays for the lists; zero and one stand directly in it.",
)
def test_parameters_are_read(student, expect):
    """The recorded numbers come back as arrays and floats."""
    text = json.dumps(RECORDED)
    got = expect.mapping(student.read_parameters(text), tuple(network()))
    expected = {
        "hidden_weights": [[1.0, 2.0], [3.0, 4.0]],
        "hidden_biases": [5.0, 6.0],
        "output_weights": [7.0, 8.0],
        "output_bias": 9.0,
        "zero": -1.0,
        "one": 1.0,
    }
    for key, value in expected.items():
        expect.close(got[key], value, what=key, given={"text": text})
    expect.equal(got["positive_means"], "different", what="positive_means", given={"text": text})


@pytest.mark.check(
    task="formula",
    section="A.2",
    function="read_parameters",
    hint="Look each key up, and raise ValueError with the key's name if it is not there.",
)
def test_a_missing_key_is_an_error(student, expect):
    """A file without output weights is refused with ValueError."""
    text = json.dumps({k: v for k, v in RECORDED.items() if k != "output_weights"})
    expect.raises("ValueError", lambda: student.read_parameters(text), given={"text": text})


@pytest.mark.check(
    task="formula",
    section="A.2",
    function="read_parameters",
    hint="Compare the shape of each array with H, the number of hidden biases.",
)
def test_a_row_too_many_is_an_error(student, expect):
    """Three rows of hidden weights for two hidden biases are refused with ValueError."""
    text = json.dumps({**RECORDED, "hidden_weights": [[1, 2], [3, 4], [5, 6]]})
    expect.raises("ValueError", lambda: student.read_parameters(text), given={"text": text})


@pytest.mark.check(
    task="formula",
    section="A.2",
    function="read_parameters",
    hint="Three keys hold a word out of a short list; the docstring names them.",
)
def test_an_unknown_word_is_an_error(student, expect):
    """An output activation called "softmax" is refused with ValueError."""
    text = json.dumps({**RECORDED, "output_activation": "softmax"})
    expect.raises("ValueError", lambda: student.read_parameters(text), given={"text": text})


@pytest.mark.check(
    task="formula",
    section="A.3",
    function="hidden_activations",
    hint="For each row: the weighted sum of its two inputs, plus the bias, through tanh.",
)
def test_hidden_activations_of_one_unit(student, expect):
    """One tanh unit that looks at A1 - A2, with a bias of 1."""
    parameters = network(hidden_biases=np.array([1.0]))
    got = student.hidden_activations(parameters, SQUARE)
    expected = np.tanh([[1.0], [0.0], [2.0], [1.0]])
    expect.close(got, expected, given=shown(parameters, hidden_only=True))


@pytest.mark.check(
    task="formula",
    section="A.3",
    function="hidden_activations",
    hint="One column a unit: inputs (n, 2), weights (H, 2), result (n, H).",
)
def test_hidden_activations_of_three_units(student, expect):
    """Three units give three columns."""
    parameters = network(
        hidden_weights=np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
        hidden_biases=np.array([0.0, 0.0, -1.0]),
    )
    inputs = np.array([[1.0, 0.0]])
    got = student.hidden_activations(parameters, inputs)
    expected = np.tanh([[1.0, 0.0, 0.0]])
    expect.close(got, expected, given=shown(parameters, inputs, hidden_only=True))


@pytest.mark.check(
    task="formula",
    section="A.3",
    function="hidden_activations",
    hint="Bits are not what the network was fed: x = zero + (one - zero) * A comes first.",
)
def test_bits_are_mapped_to_what_was_fed(student, expect):
    """A network that was fed -3 for 0 and 3 for 1."""
    parameters = network(zero=-3.0, one=3.0, hidden_weights=np.array([[0.1, 0.2]]))
    got = student.hidden_activations(parameters, SQUARE)
    expected = np.tanh([[-0.9], [0.3], [-0.3], [0.9]])
    expect.close(got, expected, given=shown(parameters, hidden_only=True))


@pytest.mark.check(
    task="formula",
    section="A.3",
    function="hidden_activations",
    hint="`hidden_activation` names the function: tanh, sigmoid or relu.",
)
def test_relu_and_sigmoid_units(student, expect):
    """The same unit with two other activations."""
    for name, expected in (
        ("relu", [[0.0], [0.0], [1.0], [0.0]]),
        ("sigmoid", 1 / (1 + np.exp(-np.array([[0.0], [-1.0], [1.0], [0.0]])))),
    ):
        parameters = network(hidden_activation=name)
        got = student.hidden_activations(parameters, SQUARE)
        expect.close(got, expected, given=shown(parameters, hidden_only=True))


@pytest.mark.check(
    task="formula",
    section="A.4",
    function="probability",
    hint="z is the weighted sum of all hidden activations plus the output bias; then sigmoid.",
)
def test_probability_of_a_sigmoid_output(student, expect):
    """sigmoid(h1 + 2 * h2 - 0.5), where the units look at A1 and at A2."""
    parameters = network(
        hidden_activation="relu",
        hidden_weights=np.array([[1.0, 0.0], [0.0, 1.0]]),
        hidden_biases=np.array([0.0, 0.0]),
        output_weights=np.array([1.0, 2.0]),
        output_bias=-0.5,
    )
    got = student.probability(parameters, SQUARE)
    expected = 1 / (1 + np.exp(-np.array([-0.5, 1.5, 0.5, 2.5])))
    expect.close(got, expected, given=shown(parameters))


@pytest.mark.check(
    task="formula",
    section="A.4",
    function="probability",
    hint="A tanh answers from -1 to 1; (1 + tanh(z)) / 2 is a probability.",
)
def test_probability_of_a_tanh_output(student, expect):
    """A network with a tanh as its output unit."""
    parameters = network(output_activation="tanh")
    got = student.probability(parameters, SQUARE)
    one = (1 + np.tanh(2 * np.tanh(1.0))) / 2
    expect.close(got, [0.5, 1 - one, one, 0.5], given=shown(parameters))


@pytest.mark.check(
    task="formula",
    section="A.4",
    function="probability",
    hint="XOR asks whether the bits differ. What did this network call positive?",
)
def test_positive_may_mean_equal(student, expect):
    """A network whose positive label means equal bits: one minus its answer."""
    parameters, inputs = network(positive_means="equal"), np.array([[1.0, 0.0]])
    got = student.probability(parameters, inputs)
    expected = [1 - 1 / (1 + np.exp(-2 * np.tanh(1.0)))]
    expect.close(got, expected, given=shown(parameters, inputs))


@pytest.mark.check(
    task="formula",
    section="A.4",
    function="predict_bit",
    hint="At least 0.5 gives 1; return whole numbers.",
)
def test_bits_by_the_threshold(student, expect):
    """Probabilities of 0.5, 0.179, 0.821 and 0.5 give the bits 1, 0, 1, 1."""
    parameters = network()
    expect.equal(student.predict_bit(parameters, SQUARE), [1, 0, 1, 1], given=shown(parameters))


@pytest.mark.check(
    task="formula",
    section="A.5",
    function="truth_table",
    hint="Four columns: A1, A2 (as bits), probability, bit. Rows count upwards: 00, 01, 10, 11.",
)
def test_truth_table(student, expect):
    """Four rows with their probability and bit, of a network that was fed -1 and 1."""
    parameters = network(zero=-1.0, one=1.0, output_bias=-1.0)
    got = student.truth_table(parameters)
    p = [1 / (1 + np.exp(-(2 * np.tanh(2.0 * d) - 1.0))) for d in (0.0, -1.0, 1.0, 0.0)]
    expected = [[0, 0, p[0], 0], [0, 1, p[1], 0], [1, 0, p[2], 1], [1, 1, p[3], 0]]
    expect.close(got, expected, given=shown(parameters))


@pytest.mark.check(
    task="formula",
    section="A.5",
    function="formula_text",
    hint="Per unit: output weight, weight of A1, weight of A2, constant; last the output bias.",
)
def test_formula_lists_its_numbers(student, expect):
    """The formula of one unit, to two decimals."""
    parameters = network(hidden_biases=np.array([0.25]), output_bias=-0.5)
    parts = ("2.00*tanh(", "1.00*A1", "-1.00*A2", "0.25", "-0.50")
    look_for(parts, student.formula_text(parameters, 2), expect, parameters)


@pytest.mark.check(
    task="formula",
    section="A.5",
    function="formula_text",
    hint="The weight of A_k is w_k * (one - zero); the constant is b + zero * (w_1 + w_2).",
)
def test_the_formula_takes_bits(student, expect):
    """The formula of a network that was fed -3 and 3: its numbers absorb the change."""
    parameters = network(zero=-3.0, one=3.0, hidden_weights=np.array([[0.1, 0.2]]))
    parts = ("2.00*tanh(", "0.60*A1", "1.20*A2", "-0.90")
    look_for(parts, student.formula_text(parameters, 2), expect, parameters)


@pytest.mark.check(
    task="formula",
    section="A.5",
    function="formula_text",
    hint='The docstring says what a tanh output reads like, and what stands before "equal".',
)
def test_the_formula_follows_the_conventions(student, expect):
    """A tanh output, and a positive label that means equal."""
    parameters = network(output_activation="tanh", positive_means="equal")
    parts = ("1-(1+tanh(", "))/2")
    look_for(parts, student.formula_text(parameters, 2), expect, parameters)


def look_for(parts, formula, expect, parameters):
    """Every part must stand in the formula, whatever its spaces and its kind of minus."""
    compact = expect.text(formula).replace(" ", "").replace("\N{MINUS SIGN}", "-")
    for part in parts:
        expect.that(
            part in compact.replace("+-", "-"),
            f"The formula should hold {part}",
            given=shown(parameters),
            got=formula,
        )


@pytest.mark.check(
    task="formula",
    section="A.6",
    function="sign_approximation",
    hint="On which side of the unit's line is the point? +1 on it or beyond, -1 before it.",
)
def test_signs_instead_of_tanh(student, expect):
    """One unit whose line is A1 = A2: a point on the line counts as +1."""
    for meaning, expected in (("different", [1, 0, 1, 1]), ("equal", [0, 1, 0, 0])):
        parameters = network(output_bias=-1.0, positive_means=meaning)
        got = student.sign_approximation(parameters, SQUARE)
        expect.equal(got, expected, given=shown(parameters))


@pytest.mark.check(
    task="formula",
    section="A.6",
    function="sign_approximation",
    hint="Look at `hidden_activation` first.",
)
def test_only_tanh_has_a_sign(student, expect):
    """ReLU units are refused with ValueError."""
    parameters = network(hidden_activation="relu")
    expect.raises(
        "ValueError",
        lambda: student.sign_approximation(parameters, SQUARE),
        given=shown(parameters),
    )
