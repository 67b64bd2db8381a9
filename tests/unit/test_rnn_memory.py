"""The recurrent network of the extension, held against torch, differences and plain counting."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from autograder.solution import importable

from .conftest import ROOT

SHAPES = {"U": (4, 3), "W": (3, 3), "b": (3,), "V": (3, 4), "c": (4,)}


@pytest.fixture(scope="module")
def book() -> Iterator[dict[str, ModuleType]]:
    """Modules of the reference by name."""
    with importable(Path(ROOT, "reference")):
        names = ("rnn", "rnn_training", "counting", "grid_games", "grammar", "neuron_labels")
        yield {name: __import__(name) for name in names}


@pytest.fixture
def case() -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """A random network, sequences and targets."""
    rng = np.random.default_rng(1)
    parameters = {name: rng.normal(size=shape) for name, shape in SHAPES.items()}
    targets = rng.random((5, 9, 4))
    return parameters, rng.integers(0, 4, (5, 9)), targets / targets.sum(axis=-1, keepdims=True)


def test_the_gradient_is_that_of_autograd(book: dict[str, ModuleType], case: tuple) -> None:
    parameters, tokens, targets = case
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in parameters.items()}
    memory, loss = torch.zeros(5, 3, dtype=torch.float64), torch.zeros((), dtype=torch.float64)
    for step in range(9):
        fed = leaves["U"][torch.tensor(tokens[:, step])]
        memory = torch.tanh(fed + memory @ leaves["W"] + leaves["b"])
        expected = torch.log_softmax(memory @ leaves["V"] + leaves["c"], dim=-1)
        loss = loss - (torch.tensor(targets[:, step]) * expected).sum() / tokens.size
    loss.backward()
    ours, gradients = book["rnn"].rnn_backward(parameters, tokens, targets)
    assert ours == pytest.approx(loss.item(), abs=1e-12)
    for name, leaf in leaves.items():
        np.testing.assert_allclose(gradients[name], leaf.grad.numpy(), atol=1e-12)


def test_the_gradient_is_that_of_small_differences(
    book: dict[str, ModuleType], case: tuple
) -> None:
    parameters, tokens, targets = case
    _, gradients = book["rnn"].rnn_backward(parameters, tokens, targets)
    for name, gradient in gradients.items():
        for place in np.ndindex(gradient.shape):
            ends = []
            for step in (1e-5, -1e-5):
                moved = {key: value.copy() for key, value in parameters.items()}
                moved[name][place] += step
                ends.append(book["rnn"].rnn_backward(moved, tokens, targets)[0])
            assert gradient[place] == pytest.approx((ends[0] - ends[1]) / 2e-5, abs=1e-8)


def test_updates_are_those_of_adam(book: dict[str, ModuleType], case: tuple) -> None:
    parameters, tokens, targets = case
    leaves = {name: torch.tensor(value) for name, value in parameters.items()}
    optimiser = torch.optim.Adam(leaves.values(), lr=0.1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=6)
    for _ in range(6):
        values = {name: leaf.numpy() for name, leaf in leaves.items()}
        _, gradients = book["rnn"].rnn_backward(values, tokens, targets)
        for name, leaf in leaves.items():
            leaf.grad = torch.tensor(gradients[name])
        torch.nn.utils.clip_grad_norm_(list(leaves.values()), 1.0)
        optimiser.step()
        schedule.step()
    trained, _ = book["rnn_training"].train_rnn(parameters, tokens, targets, 6, 0.1, 5, 0)
    for name, leaf in leaves.items():
        np.testing.assert_allclose(trained[name], leaf.numpy(), atol=1e-5)


@pytest.mark.parametrize(
    ("task", "more"),
    [
        ("counting", {"reverse": False}),
        ("counting", {"reverse": True}),
        ("grid", {"lines": [[1, 2], [2, 3, 4]], "cells": 4}),
        ("grammar", {"longest": 3}),
    ],
)
def test_what_is_drawn_is_what_the_oracle_expects(
    task: str, more: dict[str, object], book: dict[str, ModuleType]
) -> None:
    """Of many sequences, the share of each next token is its chance; what has none never comes."""
    module = book["grid_games" if task == "grid" else task]
    tokens = getattr(module, f"{task}_sequences")(4000, 12, 3, **more)
    chances = getattr(module, f"{task}_next")(tokens, **more)
    np.testing.assert_allclose(chances.sum(axis=-1), 1.0)
    came = np.eye(chances.shape[-1])[tokens[:, 1:]]
    assert not came[chances[:, :-1] == 0].any()
    for step in range(11):
        variance = (chances[:, step] * (1 - chances[:, step])).sum(axis=0)
        surprise = (came[:, step] - chances[:, step]).sum(axis=0)
        assert np.all(np.abs(surprise) <= 5 * np.sqrt(variance) + 1e-9)


def test_a_neuron_is_labelled_by_what_it_follows(book: dict[str, ModuleType]) -> None:
    lines, labels = book["grid_games"].THREE_IN_A_ROW, book["neuron_labels"]
    tokens = book["grid_games"].grid_sequences(50, 40, 0, lines, 9)
    variables = labels.grid_variables(tokens, lines, 9)
    counting = book["counting"].counting_sequences(50, 40, 0)
    counter = labels.counting_variables(counting)["characters to come"]
    assert counter[counting == 0].max() == 0
    assert counter.min() == 0
    strings = labels.grammar_variables(book["grammar"].grammar_sequences(50, 40, 0))
    assert set(np.unique(strings["second half"])) == {0.0, 1.0}
    neurons = np.stack(
        [1 - 2 * variables["cell 4"], np.tanh(variables["progress"] / 9), 0 * variables["cell 1"]],
        axis=-1,
    )
    cell, progress, still = labels.label_neurons(neurons, variables)
    assert cell == ("cell 4", pytest.approx(1.0))
    assert progress.variable == "progress"
    assert progress.explained > 0.95
    assert still.explained == 0.0


BENCHMARK = """
import sys
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, {folder!r})
import measure, rnn_memory
measure.RESULTS = Path({results!r})
row = rnn_memory.Row("fill", 2, 2, 0.05, 12, sequences=20, cells=3)
rnn_memory.ROWS.clear()
asked = []
run = rnn_memory.run
rnn_memory.run = lambda row, seed: asked.append(seed) or run(row, seed)

def runs_of(row, seeds):
    asked.clear()
    rnn_memory.ROWS["small"] = row
    sys.argv[1:] = ["--seeds", str(seeds)]
    rnn_memory.main()
    return rnn_memory.read_done()["small"]

first = runs_of(row, 2)
assert asked == [0, 1], asked
again = runs_of(row, 3)
assert asked == [2], asked
assert [{{**r, "network": 0}} for r in again[:2]] == [{{**r, "network": 0}} for r in first]
best = rnn_memory.best_run(again)
assert [r["seed"] for r in again if "network" in r] == [best["seed"]]
assert best["illegal_before_legal"] == min(r["illegal_before_legal"] for r in again)
runs_of(replace(row, updates=3), 1)
assert asked == [0], asked
"""


def test_an_interrupted_benchmark_goes_on_with_what_is_missing(tmp_path: Path) -> None:
    """Runs are kept and never repeated, and those of other settings do not count."""
    program = BENCHMARK.format(folder=str(ROOT / "benchmarks"), results=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "| fill, 3 cells | 2 | " in done.stdout
