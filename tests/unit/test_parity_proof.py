"""One-unit LSTMs found by random search, and the proof that one is right for every length."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.bundle import Bundle

from .conftest import ROOT

REFERENCE = Bundle.open(ROOT).reference()
SIGMA = 48.0
Weights = dict[str, Any]


def strings(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2, size=shape)


def hard_strings(length: int) -> np.ndarray:
    """Every pattern of up to five bits, repeated; runs, and random strings with few ones."""
    patterns = [bits for n in range(1, 6) for bits in product((0, 1), repeat=n)]
    repeated = [np.resize(pattern, length) for pattern in patterns]
    rare = np.random.default_rng(1).random((15, length)) < np.repeat([0.01, 0.1, 0.9], 5)[:, None]
    return np.vstack([repeated, rare.astype(np.int64), strings(15, length, seed=2)])


HARD = hard_strings(250)


def wrong_somewhere(weights: Weights, counted: int = 1) -> bool:
    """Whether an answer is wrong after any number of bits of any of the hard strings."""
    gates = np.column_stack([weights["weight_ih"], weights["weight_hh"], weights["bias_ih"]])
    h = c = np.zeros(len(HARD))
    for k in range(HARD.shape[1]):
        h, c = stepped(gates, HARD[:, k], h, c)
        logits = weights["head_weight"][0] * h + weights["head_bias"]
        if np.any((logits > 0) != (HARD[:, : k + 1] == counted).sum(axis=1) % 2):
            return True
    return False


def stepped(
    gates: np.ndarray, bits: np.ndarray, h: np.ndarray, c: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One step of the LSTM, written down once more."""
    i, f, g, o = (w * bits + u * h + b for w, u, b in gates)
    with np.errstate(over="ignore"):
        c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        return np.tanh(c) / (1 + np.exp(-o)), c


@pytest.fixture(scope="module")
def drawn() -> list[Weights]:
    """Networks that separate 2,000 strings of length 50, in the order of their draw."""
    bits = strings(2000, 50)
    labels = bits.sum(axis=1) % 2
    rng = np.random.default_rng(2)
    found = REFERENCE.separating(REFERENCE.draw_networks(5000, SIGMA, rng), bits, labels)
    return [REFERENCE.with_head(network, bits, labels) for network in found]


@pytest.fixture(scope="module")
def proved(drawn: list[Weights]) -> list[Weights]:
    return [weights for weights in drawn if REFERENCE.certify(weights)]


def test_the_search_finds_a_network_that_is_right_on_fresh_strings_of_that_length() -> None:
    bits = strings(2000, 50, seed=3)
    weights, draws = REFERENCE.search_network(bits, bits.sum(axis=1) % 2, SIGMA, 4, 20_000)
    assert 0 < draws <= 20_000
    fresh = strings(5000, 50, seed=5)
    answers = REFERENCE.lstm_logits(weights, fresh, np.full(5000, 50)) > 0
    assert np.mean(answers == fresh.sum(axis=1) % 2) > 0.999


def test_the_search_gives_up_after_as_many_draws_as_it_was_given() -> None:
    bits = strings(200, 50)
    noise = strings(200, seed=9)
    assert REFERENCE.search_network(bits, noise, SIGMA, 0, 200) == (None, 200)


def test_the_search_depends_on_its_seed_alone() -> None:
    bits = strings(500, 50)
    found = [
        REFERENCE.search_network(bits, bits.sum(axis=1) % 2, SIGMA, 6, 20_000) for _ in range(2)
    ]
    assert found[0][1] == found[1][1]
    assert np.array_equal(found[0][0]["weight_hh"], found[1][0]["weight_hh"])


def test_strings_of_one_even_length_cannot_tell_the_parity_of_ones_from_that_of_zeros(
    drawn: list[Weights],
) -> None:
    bits = strings(500, 51)
    shares = [
        np.mean((REFERENCE.lstm_logits(w, bits, np.full(500, 51)) > 0) == bits.sum(axis=1) % 2)
        for w in drawn
    ]
    assert min(shares) < 0.001
    assert max(shares) > 0.999


def test_what_is_proved_is_right_on_hard_strings_at_every_length(proved: list[Weights]) -> None:
    assert proved
    assert not any(wrong_somewhere(weights) for weights in proved)


def test_a_network_that_counts_zeros_is_proved_for_zeros_and_never_for_ones(
    drawn: list[Weights],
) -> None:
    of_zeros = [weights for weights in drawn if REFERENCE.certify(weights, counted=0)]
    assert of_zeros
    assert not any(wrong_somewhere(weights, counted=0) for weights in of_zeros)
    assert not any(REFERENCE.certify(weights) for weights in of_zeros)


def test_what_is_wrong_on_any_hard_string_is_never_proved(drawn: list[Weights]) -> None:
    wrong = [weights for weights in drawn if wrong_somewhere(weights)]
    assert wrong
    assert not any(REFERENCE.certify(weights) for weights in wrong)


def test_a_memory_that_leaks_is_not_proved_though_only_long_runs_show_it() -> None:
    # A 1 writes tanh(20 - 60h), 1 or -1; a 0 keeps what is there but for 1 part in 8000.
    leaky = {
        "architecture": "lstm-1",
        "zero": np.array([0.0]),
        "one": np.array([1.0]),
        "weight_ih": np.array([[40.0], [-40.0], [0.0], [0.0]]),
        "weight_hh": np.array([[0.0], [0.0], [-60.0], [0.0]]),
        "bias_ih": np.array([-20.0, 9.0, 20.0, 20.0]),
        "bias_hh": np.zeros(4),
        "head_weight": np.array([20.0]),
        "head_bias": -8.0,
    }
    assert not wrong_somewhere(leaky)
    run = np.eye(1, 10_000, dtype=np.int64)  # a 1, and zeros ever after
    assert REFERENCE.lstm_logits(leaky, run, np.array([1000])) > 0
    assert REFERENCE.lstm_logits(leaky, run, np.array([10_000])) < 0
    assert REFERENCE.certify(leaky) is None


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.floats(-3.0, 1.5), st.integers(0, 100))
def test_no_mutant_that_fails_is_proved(
    proved: list[Weights], seed: int, size: float, which: int
) -> None:
    rng = np.random.default_rng(seed)
    weights = dict(proved[which % len(proved)])
    for name in ("weight_ih", "weight_hh", "bias_ih", "head_weight"):
        hit = rng.random(weights[name].shape) < 0.3
        weights[name] = weights[name] + hit * rng.normal(0, 10**size, weights[name].shape)
    if REFERENCE.certify(weights):
        assert not wrong_somewhere(weights)


def test_weights_moved_until_they_fail_lose_their_proof(proved: list[Weights]) -> None:
    for weights in proved:
        rng = np.random.default_rng(0)
        size, moved = 0.1, weights
        while not wrong_somewhere(moved):
            moved = {**weights, "bias_ih": weights["bias_ih"] + rng.normal(0, size, 4)}
            size *= 1.2
        assert REFERENCE.certify(moved) is None


def test_the_boxes_of_a_proof_are_closed_and_on_their_sides(proved: list[Weights]) -> None:
    """A second look at the proof, point by point and in single precision."""
    rng = np.random.default_rng(0)

    def inside(boxes: np.ndarray, h: np.ndarray, c: np.ndarray) -> np.ndarray:
        low_h, high_h, low_c, high_c = boxes.T[:, :, None]
        return ((low_h <= h) & (h <= high_h) & (low_c <= c) & (c <= high_c)).any(axis=0)

    for weights in proved:
        proof = REFERENCE.certify(weights)
        covers = (proof.even, proof.odd)
        gates = np.column_stack([weights["weight_ih"], weights["weight_hh"], weights["bias_ih"]])
        gates = gates.astype(np.float32)
        for parity, bit in product((0, 1), repeat=2):
            picked = covers[parity][rng.integers(0, len(covers[parity]), 3000)]
            corner = rng.choice([0.0, 0.5, 1.0], size=(2, 3000))
            h = picked[:, 0] + corner[0] * (picked[:, 1] - picked[:, 0])
            c = picked[:, 2] + corner[1] * (picked[:, 3] - picked[:, 2])
            assert np.all(
                (weights["head_weight"][0] * h + weights["head_bias"]) * (2 * parity - 1)
                >= proof.margin - 1e-9
            )
            h, c = (values.astype(np.float32) for values in (h, c))
            assert inside(covers[parity ^ bit], *stepped(gates, np.float32(bit), h, c)).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weight_hh": np.zeros((8, 2))}, "one unit"),
        ({"architecture": "gru"}, "one unit"),
        ({"head_bias": float("nan")}, "not finite"),
    ],
)
def test_other_networks_are_refused_by_name(
    drawn: list[Weights], change: Weights, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        REFERENCE.certify({**drawn[0], **change})
