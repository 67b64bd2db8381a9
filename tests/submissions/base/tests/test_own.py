"""Tests of my own work: small cases worked out by hand, and properties."""

import json

import numpy as np
import pytest
from feature_engineering import add_interaction, closed_form, fit_augmented, parity_feature
from linear_estimator import accuracy, fit_linear, mean_squared_error, mse_gradients, predict_linear
from parity_data import fixed_length_strings, parity_labels, random_length_strings
from parity_lstm import build_model, logits, predict, train_model
from relu_network import relu_forward, relu_gradients
from xor_formula import (
    formula_text,
    hidden_activations,
    predict_bit,
    probability,
    read_parameters,
    sign_approximation,
)

PAIRS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def recorded(**changes):
    """A network that no two numbers of are equal, fed -1 for 0 and 2 for 1."""
    network = {
        "version": 1,
        "source": "by hand",
        "inputs": {"zero": -1.0, "one": 2.0},
        "hidden_activation": "tanh",
        "output_activation": "tanh",
        "positive_means": "equal",
        "hidden_weights": [[0.3, -0.2], [0.5, 0.1]],
        "hidden_biases": [0.4, -0.6],
        "output_weights": [0.7, -0.9],
        "output_bias": 0.25,
    }
    return json.dumps({**network, **changes})


# Part A


def test_hidden_units_by_hand():
    got = hidden_activations(read_parameters(recorded()), np.array([[1.0, 0.0]]))
    # fed (2, -1): 0.6 + 0.2 + 0.4 and 1.0 - 0.1 - 0.6
    assert np.allclose(got, np.tanh([[1.2, 0.3]]))


def test_probability_of_different_bits():
    z = 0.7 * np.tanh(1.2) - 0.9 * np.tanh(0.3) + 0.25
    got = probability(read_parameters(recorded()), np.array([[1.0, 0.0]]))
    assert np.allclose(got, 1 - (1 + np.tanh(z)) / 2)


@pytest.mark.parametrize("means", ["equal", "different"])
def test_one_half_is_a_one(means):
    flat = recorded(output_weights=[0.0, 0.0], output_bias=0.0, positive_means=means)
    assert list(predict_bit(read_parameters(flat), PAIRS)) == [1, 1, 1, 1]


def test_missing_or_infinite_numbers_are_refused():
    broken = json.loads(recorded())
    del broken["output_bias"]
    for text in (json.dumps(broken), recorded(hidden_biases=[0.4, float("inf")])):
        with pytest.raises(ValueError):
            read_parameters(text)


def test_the_formula_takes_bits():
    text = formula_text(read_parameters(recorded()), 2)
    for number in ("0.90", "0.60", "0.30", "1.50"):  # three times the weights, constants moved
        assert number in text


def test_switches_instead_of_tanh():
    strong = recorded(hidden_weights=[[30.0, 30.0], [-30.0, -30.0]], hidden_biases=[0.0, 70.0])
    parameters = read_parameters(strong)
    assert list(sign_approximation(parameters, PAIRS)) == list(predict_bit(parameters, PAIRS))


# Part B


def test_estimates_by_hand():
    assert np.allclose(predict_linear([[1.0, 2.0], [3.0, 4.0]], [0.5, -2.0], 0.25), [-3.25, -6.25])


def test_error_is_a_mean_of_squares():
    assert mean_squared_error(np.array([1.0, 2.0]), np.array([0.0, 4.0])) == 2.5


def test_gradients_are_slopes_of_the_error():
    rng = np.random.default_rng(7)
    X, y, weights = rng.normal(size=(5, 3)), rng.normal(size=5), rng.normal(size=3)

    def error(w, b):
        return mean_squared_error(predict_linear(X, w, b), y)

    by_weight, by_bias = mse_gradients(X, y, weights, 0.3)
    for k, step in enumerate(1e-6 * np.eye(3)):
        slope = (error(weights + step, 0.3) - error(weights - step, 0.3)) / 2e-6
        assert np.isclose(by_weight[k], slope, atol=1e-5)
    slope = (error(weights, 0.3 + 1e-6) - error(weights, 0.3 - 1e-6)) / 2e-6
    assert np.isclose(by_bias, slope, atol=1e-5)


def test_first_loss_is_that_of_the_start():
    y = np.array([0.0, 1.0, 1.0, 0.0])
    weights, bias, _ = fit_linear(PAIRS, y, steps=0, seed=5)
    *_, losses = fit_linear(PAIRS, y, steps=3, seed=5)
    assert len(losses) == 3
    assert np.isclose(losses[0], mean_squared_error(predict_linear(PAIRS, weights, bias), y))


def test_every_seed_starts_elsewhere():
    starts = [fit_linear(PAIRS, np.zeros(4), steps=0, seed=seed)[1] for seed in (1, 2, 1)]
    assert starts[0] == starts[2] != starts[1]


def test_one_half_counts_as_one():
    assert accuracy(np.array([0.5, 0.9, 0.2]), np.array([1.0, 0.0, 0.0])) == pytest.approx(2 / 3)


def test_a_unit_that_is_off_gets_no_gradient():
    network = {
        "W1": np.array([[1.0, -1.0], [2.0, -2.0]]),
        "b1": np.array([0.5, -0.5]),
        "W2": np.array([1.5, -2.0]),
        "b2": 0.25,
    }
    X = np.array([[1.0, 1.0], [2.0, 0.0]])
    assert np.allclose(relu_forward(network, X), [5.5, 4.0])
    gradients = relu_gradients(network, X, np.zeros(2))
    assert np.allclose(np.asarray(gradients["W1"])[:, 1], 0)
    assert gradients["b1"][1] == 0


# Part C


def test_interaction_of_other_numbers_than_bits():
    assert np.allclose(add_interaction(np.array([[2.0, -3.0]])), [[2.0, -3.0, -6.0]])


def test_the_feature_makes_it_exact():
    weights, bias, losses = fit_augmented(PAIRS, np.array([0.0, 1.0, 1.0, 0.0]))
    assert np.allclose(weights, [1, 1, -2], atol=0.05)
    assert abs(bias) < 0.05
    assert losses[-1] < 1e-3


def test_least_squares_of_a_line():
    weights, bias = closed_form(np.array([[0.0], [1.0], [2.0]]), np.array([3.0, 5.0, 7.0]))
    assert np.allclose(weights, [2.0])
    assert np.isclose(bias, 3.0)


def test_feature_of_three_bits():
    bits = np.array([[0, 1, 1], [0, 1, 0], [1, 1, 1], [0, 0, 0]])
    assert np.allclose(parity_feature(bits), [1, -1, -1, 1])


# Part D


def test_only_the_string_has_a_parity():
    bits = np.array([[1, 1, 1], [1, 1, 1], [1, 0, 1]])
    assert list(parity_labels(bits, np.array([1, 2, 3]))) == [1, 0, 0]


def test_every_length_is_drawn():
    _, lengths = random_length_strings(500, 4, seed=3)
    assert set(lengths) == {1, 2, 3, 4}


def test_every_seed_draws_other_strings():
    draws = [fixed_length_strings(20, 10, seed)[0] for seed in (1, 2, 1)]
    assert np.array_equal(draws[0], draws[2])
    assert not np.array_equal(draws[0], draws[1])


def test_padding_and_neighbours_change_nothing():
    model = build_model(6, seed=1)
    bits = np.array([[1, 0, 1, 1], [0, 1, 1, 0]])
    alone = logits(model, bits[:1, :2], np.array([2]))
    together = logits(model, bits, np.array([2, 4]))
    again = logits(model, bits, np.array([2, 4]))
    assert np.allclose(alone[0], together[0], atol=1e-5)
    assert np.allclose(together, again, atol=1e-5)


def test_a_prediction_is_the_sign_of_the_logit():
    model = build_model(6, seed=2)
    bits, lengths = fixed_length_strings(30, 5, seed=4)
    found = predict(model, bits, lengths)
    assert np.array_equal(found, np.asarray(logits(model, bits, lengths)) > 0)


def test_training_fits_one_string():
    model = build_model(6, seed=3)
    bits, lengths = np.array([[1, 0, 0]]), np.array([3])
    losses = train_model(model, bits, lengths, np.array([1]), 40, 0.05, 4, seed=0)
    assert len(losses) == 40
    assert losses[-1] < losses[0] / 2
    assert list(predict(model, bits, lengths)) == [1]
