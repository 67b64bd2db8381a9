"""The checks of `reference/checks.py`, as this grader collects them."""

import pytest

XOR = {"task": "xor", "section": "xor", "category": "implementation"}
LSTM = {"task": "lstm", "section": "lstm", "category": "implementation"}


@pytest.mark.check(
    **XOR,
    function="xor_features",
    hint="The product of the two columns stands beside them.",
)
def test_features_of_the_table(student, reference):
    """Features of the truth table."""
    reference.features_of_the_table(student)


@pytest.mark.check(
    **XOR,
    function="xor_features",
    hint="The product of the two columns stands beside them.",
)
def test_features_of_random_columns(student, reference):
    """Features of random columns."""
    reference.features_of_random_columns(student)


@pytest.mark.check(
    **XOR,
    function="linear_xor",
    hint="Both bits count one, their product takes two away.",
)
def test_linear_formula(student, reference):
    """The linear formula on the truth table and on random bits."""
    reference.linear_formula(student)


@pytest.mark.check(
    **XOR,
    function="tanh_network",
    hint="Weighted sums, biases, tanh, in both layers.",
)
def test_network_on_the_table(student, reference):
    """A network that computes XOR, on the truth table."""
    reference.network_on_the_table(student)


@pytest.mark.check(
    **XOR,
    function="tanh_network",
    hint="Weighted sums, biases, tanh, in both layers.",
)
def test_network_with_random_weights(student, reference):
    """Networks with random weights, on random inputs."""
    reference.network_with_random_weights(student)


@pytest.mark.check(
    **LSTM,
    function="model_weights",
    hint="All of state_dict(), by its names.",
)
def test_shapes_of_the_model(student, reference):
    """The parameters of a new model have the shapes of an LSTM and a head."""
    reference.shapes_of_the_model(student)


@pytest.mark.check(
    **LSTM,
    function="build_model",
    hint="Seed torch before the layers are made.",
)
def test_seed_of_the_model(student, reference):
    """The same seed gives the same model, another seed another."""
    reference.seed_of_the_model(student)


@pytest.mark.check(
    **LSTM,
    function="run_model",
    hint="The head reads the last hidden state.",
)
def test_forward_pass(student, reference):
    """Answers to sequences are those of an LSTM in numpy with the same weights."""
    reference.forward_pass(student)


@pytest.mark.check(
    **LSTM,
    function="run_model",
    hint="One row of the batch is one sequence.",
)
def test_rows_do_not_mix(student, reference):
    """A row's answer does not depend on the other rows."""
    reference.rows_do_not_mix(student)


@pytest.mark.check(
    **LSTM,
    function="train_steps",
    hint="Zero the gradients, go backward, step.",
)
def test_training_steps(student, reference):
    """A few steps lower the loss, and change the model that answers."""
    reference.training_steps(student)
