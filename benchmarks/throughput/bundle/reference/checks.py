"""The checks themselves, word for word the same for every grader.

Each takes `student`, anything that has the student's functions as attributes,
and raises AssertionError where a result is wrong. What they compare with is
computed in numpy; torch is the student's business.
"""

from __future__ import annotations

from typing import Any

import numpy as np

TABLE = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
NETWORK = (np.array([[4.0, 4.0], [4.0, 4.0]]), np.array([-2.0, -6.0]), np.array([2.0, -2.0]), -2.0)
TOLERANCE = 1e-5
UNITS = 6


def features_of_the_table(student: Any) -> None:
    """Features of the truth table."""
    wanted = np.array([[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 1]])
    _close(student.xor_features(TABLE), wanted)


def features_of_random_columns(student: Any) -> None:
    """Features of random columns."""
    columns = np.random.default_rng(1).normal(size=(50, 2))
    _close(student.xor_features(columns), np.c_[columns, columns.prod(axis=1)])


def linear_formula(student: Any) -> None:
    """The linear formula on the truth table and on random bits."""
    bits = np.vstack([TABLE, np.random.default_rng(2).integers(0, 2, size=(100, 2))])
    _close(student.linear_xor(bits), bits[:, 0] ^ bits[:, 1])


def network_on_the_table(student: Any) -> None:
    """A network that computes XOR, on the truth table."""
    answers = np.asarray(student.tanh_network(TABLE, *NETWORK))
    assert np.array_equal(answers > 0, [False, True, True, False])


def network_with_random_weights(student: Any) -> None:
    """Networks with random weights, on random inputs."""
    rng = np.random.default_rng(3)
    for units in (1, 3, 8):
        inputs, weights = rng.normal(size=(20, 2)), rng.normal(size=(units, 2))
        biases, outputs, bias = rng.normal(size=units), rng.normal(size=units), float(rng.normal())
        wanted = np.tanh(np.tanh(inputs @ weights.T + biases) @ outputs + bias)
        _close(student.tanh_network(inputs, weights, biases, outputs, bias), wanted)


def shapes_of_the_model(student: Any) -> None:
    """The parameters of a new model have the shapes of an LSTM and a head."""
    weights = student.model_weights(student.build_model(UNITS, 1))
    assert {name: np.shape(value) for name, value in weights.items()} == {
        "lstm.weight_ih_l0": (4 * UNITS, 1),
        "lstm.weight_hh_l0": (4 * UNITS, UNITS),
        "lstm.bias_ih_l0": (4 * UNITS,),
        "lstm.bias_hh_l0": (4 * UNITS,),
        "head.weight": (1, UNITS),
        "head.bias": (1,),
    }


def seed_of_the_model(student: Any) -> None:
    """The same seed gives the same model, another seed another."""
    first, again, other = (
        student.model_weights(student.build_model(UNITS, seed))["lstm.weight_hh_l0"]
        for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def forward_pass(student: Any) -> None:
    """Answers to sequences are those of an LSTM in numpy with the same weights."""
    model = student.build_model(UNITS, 3)
    weights = student.model_weights(model)
    for length in (1, 5, 20):
        sequences = np.random.default_rng(length).normal(size=(16, length))
        _close(student.run_model(model, sequences), lstm_answers(weights, sequences))


def rows_do_not_mix(student: Any) -> None:
    """A row's answer does not depend on the other rows."""
    model = student.build_model(UNITS, 4)
    sequences = np.random.default_rng(4).normal(size=(8, 10))
    together = np.asarray(student.run_model(model, sequences))
    _close(student.run_model(model, sequences[:1]), together[:1])


def training_steps(student: Any) -> None:
    """A few steps lower the loss, and change the model that answers."""
    model = student.build_model(UNITS, 5)
    before = student.model_weights(model)["lstm.weight_hh_l0"]
    sequences = np.random.default_rng(5).normal(size=(16, 6))
    losses = student.train_steps(model, sequences, sequences.mean(axis=1), 5)
    assert len(losses) == 5
    assert np.all(np.isfinite(losses))
    assert losses[-1] < losses[0]
    after = student.model_weights(model)
    assert not np.array_equal(before, after["lstm.weight_hh_l0"])
    _close(student.run_model(model, sequences), lstm_answers(after, sequences))


def lstm_answers(weights: dict[str, Any], sequences: np.ndarray) -> np.ndarray:
    """What an LSTM and a head with these weights answer to each row, in plain numpy."""
    w_ih, w_hh, b_ih, b_hh, head, head_bias = (
        np.asarray(weights[name], dtype=float)
        for name in (
            "lstm.weight_ih_l0",
            "lstm.weight_hh_l0",
            "lstm.bias_ih_l0",
            "lstm.bias_hh_l0",
            "head.weight",
            "head.bias",
        )
    )
    hidden = cell = np.zeros((len(sequences), w_hh.shape[1]))
    for column in sequences.T:
        sums = column[:, np.newaxis] @ w_ih.T + b_ih + hidden @ w_hh.T + b_hh
        i, f, g, o = np.split(sums, 4, axis=1)
        cell = _sigmoid(f) * cell + _sigmoid(i) * np.tanh(g)
        hidden = _sigmoid(o) * np.tanh(cell)
    return hidden @ head[0] + head_bias[0]


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def _close(got: object, wanted: np.ndarray) -> None:
    array = np.asarray(got, dtype=float)
    assert array.shape == wanted.shape
    assert np.allclose(array, wanted, rtol=TOLERANCE, atol=TOLERANCE)
