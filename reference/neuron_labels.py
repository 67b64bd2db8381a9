"""Part E, looked at: the variable of its task that each neuron follows.

A network is trained to say what comes next, and nothing tells it what to remember. To
see what it remembers all the same, write down beside each position what a person would
keep in mind there (characters still to come, a filled cell, a half of a string) and
compare. A neuron follows a variable as far as a straight line through the pairs
(variable, memory) explains the memory: by R^2, the squared correlation, which is 1 for a
neuron that is that variable and near 0 for one that has nothing to do with it.

What this leaves out: a neuron may follow a sum of several variables, or a bent function
of one. Its best R^2 is then low, and that is the honest answer.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from counting import CHARACTER, DIGITS, NEW_LINE
from grammar import END, LETTER_B

Variables = dict[str, np.ndarray]
"""Name -> its value after every token, shape (n, T)."""


class Label(NamedTuple):
    """What a neuron follows most, and the share of its variance that this explains."""

    variable: str
    explained: float


def label_neurons(hidden: np.ndarray, variables: Variables) -> list[Label]:
    """For every neuron, the variable that it follows most.

    Args:
        hidden: shape (n, T, H), as from `rnn_forward`.
        variables: those of the same sequences; a constant one is followed by nobody.

    Returns:
        H labels.
    """
    names = [name for name, values in variables.items() if values.min() < values.max()]
    values = np.array([_standardised(variables[name]) for name in names])
    neurons = [_standardised(neuron) for neuron in np.moveaxis(hidden, -1, 0)]
    explained = [(values @ neuron / neuron.size) ** 2 for neuron in neurons]
    return [Label(names[shares.argmax()], float(shares.max())) for shares in explained]


def _standardised(values: np.ndarray) -> np.ndarray:
    """All values in one row, of mean 0 and deviation 1; a neuron that never moves stays 0."""
    row = np.ravel(values) - np.mean(values)
    return row / (row.std() or 1.0)


def counting_variables(tokens: np.ndarray, reverse: bool = False) -> Variables:
    """The counter of each line, and whether a digit or the end of the line is due."""
    counter, digit_due = np.zeros(tokens.shape), tokens == NEW_LINE
    digits = (tokens >= 1) & (tokens <= DIGITS)
    for step in range(1, tokens.shape[1]):
        token = tokens[:, step]
        moved = counter[:, step - 1] + np.where(token == CHARACTER, 1 if reverse else -1, 0)
        new = np.zeros(len(token)) if reverse else token  # what a digit sets the counter to
        moved = np.where(digits[:, step], new, moved)
        counter[:, step] = np.where(token == NEW_LINE, 0, moved)
    if reverse:
        return {"characters so far": counter, "line begins": digit_due, "line ends": digits}
    return {
        "characters to come": counter,
        "digit due": digit_due,
        "line ends": (counter == 0) & ~digit_due,
    }


def grid_variables(tokens: np.ndarray, lines: list[list[int]], cells: int) -> Variables:
    """Each cell, how many are filled, how far each line is, and whether the game is over."""
    filled = np.zeros((*tokens.shape, cells + 1))
    for step in range(tokens.shape[1]):
        filled[:, step] = filled[:, step - 1] if step else 0.0
        filled[np.arange(len(tokens)), step, tokens[:, step]] = 1.0
        filled[tokens[:, step] == 0, step] = 0.0
    found = {f"cell {cell}": filled[..., cell] for cell in range(1, cells + 1)}
    found["progress"] = filled.sum(axis=-1)
    for line in lines:
        if len(line) < cells:
            found[f"line {'-'.join(map(str, line))}"] = filled[..., line].sum(axis=-1)
    over = [filled[..., line].all(axis=-1) for line in lines]
    return {**found, "game over": np.any(over, axis=0)}


def grammar_variables(tokens: np.ndarray) -> Variables:
    """The letters of the first half, those of the second still to come, and the half."""
    names = ("letters a so far", "letters b to come", "second half", "end due")
    found = {name: np.zeros(tokens.shape) for name in names}
    for row, sequence in enumerate(tokens.tolist()):
        string: list[int] = []
        for step, token in enumerate(sequence):
            string = [] if token == END else [*string, token]
            turned = LETTER_B in string
            count = string.index(LETTER_B) if turned else len(string)
            to_come = 2 * count + 2 - len(string) if turned else 0
            found["letters a so far"][row, step] = 0 if turned else count
            found["letters b to come"][row, step] = min(to_come, count)
            found["second half"][row, step] = turned
            found["end due"][row, step] = turned and to_come == 0
    return found
