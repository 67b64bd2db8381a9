"""A small LSTM in torch; also the right submission for its task."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn


def build_model(hidden_size: int, seed: int) -> nn.Module:
    """An LSTM on one input, and a linear head on its last hidden state."""
    torch.manual_seed(seed)
    return nn.ModuleDict(
        {"lstm": nn.LSTM(1, hidden_size, batch_first=True), "head": nn.Linear(hidden_size, 1)}
    )


def _answers(model: nn.Module, sequences: torch.Tensor) -> torch.Tensor:
    states, _ = model["lstm"](sequences.unsqueeze(-1))
    return model["head"](states[:, -1]).squeeze(-1)


def run_model(model: nn.Module, sequences: np.ndarray) -> np.ndarray:
    """The model's answer to each row of shape (n, T), shape (n,)."""
    with torch.no_grad():
        return _answers(model, torch.as_tensor(sequences, dtype=torch.float32)).numpy()


def model_weights(model: nn.Module) -> dict[str, np.ndarray]:
    """The model's `state_dict()` as arrays."""
    return {name: value.numpy().copy() for name, value in model.state_dict().items()}


def train_steps(
    model: nn.Module, sequences: np.ndarray, targets: np.ndarray, steps: int
) -> list[float]:
    """Make `steps` steps of gradient descent on the squared error; the loss before each."""
    inputs = torch.as_tensor(sequences, dtype=torch.float32)
    wanted = torch.as_tensor(targets, dtype=torch.float32)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for _ in range(steps):
        loss = nn.functional.mse_loss(_answers(model, inputs), wanted)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses
