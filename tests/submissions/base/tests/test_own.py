"""Tests of my own work: small cases worked out by hand, and properties."""

import numpy as np
from feature_engineering import add_interaction, parity_feature
from linear_estimator import mean_squared_error, mse_gradients
from parity_data import parity_labels


def test_error_is_a_mean_of_squares():
    assert mean_squared_error(np.array([1.0, 2.0]), np.array([0.0, 4.0])) == 2.5


def test_no_gradient_at_the_optimum():
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    weights, bias = mse_gradients(X, np.array([0.0, 1.0, 1.0, 0.0]), np.zeros(2), 0.5)
    assert np.allclose(weights, 0) and np.isclose(bias, 0)


def test_interaction_of_other_numbers_than_bits():
    assert np.allclose(add_interaction(np.array([[2.0, -3.0]])), [[2.0, -3.0, -6.0]])


def test_flipping_a_bit_flips_the_feature():
    bits = np.array([[0, 1, 1], [0, 1, 0]])
    first, second = parity_feature(bits)
    assert first == -second


def test_padding_has_no_parity():
    bits = np.array([[1, 1, 1], [1, 1, 1]])
    assert list(parity_labels(bits, np.array([1, 2]))) == [1, 0]
