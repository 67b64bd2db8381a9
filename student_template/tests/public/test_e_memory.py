"""Part E on networks of one neuron, and on a line or two."""

from itertools import pairwise

import numpy as np
import pytest

C = 10  # the character of the counting task


@pytest.mark.check(
    task="memory",
    section="E.1",
    function="rnn_forward",
    hint="The token picks a row of U; the memory before goes through W; then b, then tanh.",
)
def test_one_neuron_that_keeps_a_flag(student, expect):
    """A neuron that rises at token 1 and stays up at token 0."""
    parameters = {
        "U": np.array([[0.0], [2.0]]),
        "W": np.array([[2.0]]),
        "b": np.array([0.0]),
        "V": np.array([[0.0, 1.0]]),
        "c": np.array([0.5, 0.0]),
    }
    given = {"parameters": parameters, "tokens": np.array([[0, 1, 0]])}
    got = expect.parts(student.rnn_forward(**given), ("hidden", "probabilities"))
    first = np.tanh(2.0)
    memory = np.array([0.0, first, np.tanh(2.0 * first)])
    expect.close(got[0], memory[np.newaxis, :, np.newaxis], given=given, what="hidden")
    ones = 1.0 / (1.0 + np.exp(0.5 - memory))
    wanted = np.stack([1.0 - ones, ones], axis=-1)[np.newaxis]
    expect.close(got[1], wanted, given=given, what="probabilities")


def small_case():
    """A network of two neurons on three tokens, with two short sequences."""
    rng = np.random.default_rng(4)
    shapes = {"U": (3, 2), "W": (2, 2), "b": (2,), "V": (2, 3), "c": (3,)}
    network = {name: rng.normal(0.0, 0.8, shape) for name, shape in shapes.items()}
    tokens = np.array([[0, 1, 2, 1], [0, 2, 2, 0]])
    targets = rng.random((2, 4, 3))
    return network, tokens, targets / targets.sum(axis=-1, keepdims=True)


@pytest.mark.check(
    task="memory",
    section="E.2",
    function="rnn_backward",
    hint="Every step adds its share, and what comes from the step after goes back through W.",
)
def test_gradient_by_small_differences(student, expect):
    """Each gradient is how much the loss moves when its parameter does."""
    parameters, tokens, targets = small_case()

    def backward(moved):
        return expect.parts(student.rnn_backward(moved, tokens, targets), ("loss", "gradients"))

    loss, gradients = backward(parameters)
    results = student.rnn_forward(parameters, tokens)
    _, probabilities = expect.parts(results, ("hidden", "probabilities"))
    probabilities = expect.array(probabilities, shape=targets.shape, what="probabilities")
    expect.close(loss, -np.mean(np.sum(targets * np.log(probabilities), axis=-1)), what="loss")
    gradients = expect.mapping(gradients, tuple(parameters))
    step = 1e-4
    for name, values in parameters.items():
        wanted = np.zeros(values.shape)
        for place in np.ndindex(values.shape):
            ends = []
            for sign in (1.0, -1.0):
                moved = {key: value.copy() for key, value in parameters.items()}
                moved[name][place] += sign * step
                ends.append(float(expect.array(backward(moved)[0], shape=())))
            wanted[place] = (ends[0] - ends[1]) / (2.0 * step)
        expect.close(gradients[name], wanted, what=f"gradient of {name}")


@pytest.mark.check(
    task="memory",
    section="E.3",
    function="train_rnn",
    hint="After both corrections the first step of Adam is the learning rate, up or down.",
)
def test_first_step_of_adam(student, expect):
    """One update moves every parameter by the learning rate, against its gradient."""
    parameters, tokens, targets = small_case()
    settings = {"steps": 1, "learning_rate": 0.01, "batch_size": 2, "seed": 0}
    before = {name: value.copy() for name, value in parameters.items()}
    results = student.train_rnn(parameters, tokens, targets, **settings)
    trained, losses = expect.parts(results, ("parameters", "losses"))
    results = student.rnn_backward(before, tokens, targets)
    loss, gradients = expect.parts(results, ("loss", "gradients"))
    expect.close(losses, [expect.array(loss, shape=())], what="losses")
    trained = expect.mapping(trained, tuple(before))
    gradients = expect.mapping(gradients, tuple(before))
    for name, start in before.items():
        gradient = expect.array(gradients[name], shape=start.shape, what=f"gradient of {name}")
        wanted = start - 0.01 * np.sign(gradient)
        expect.close(trained[name], wanted, given=settings, what=name)


@pytest.mark.check(
    task="memory",
    section="E.4",
    function="counting_sequences",
    hint="Start with 0; then a digit, as many 10, and 0, again and again; cut off at the end.",
)
def test_lines_that_count(student, expect):
    """Each digit is followed by as many characters, and in reverse preceded by them."""
    for reverse in (False, True):
        given = {"n": 4, "steps": 40, "seed": 1, "reverse": reverse}
        tokens = expect.array(
            student.counting_sequences(**given), shape=(4, 40), kind="integer", given=given
        )
        expect.that((tokens[:, 0] == 0).all(), "Every sequence starts with the 0.", got=tokens)
        for row in tokens.tolist():
            ends = [place for place, token in enumerate(row) if token == 0]
            for start, end in pairwise(ends):
                line = row[start + 1 : end]
                line = line[::-1] if reverse else line
                right = bool(line) and line == [line[0], *[C] * line[0]] and 1 <= line[0] <= 9
                expect.that(right, "A line does not count.", given=given, got=row[start : end + 1])


@pytest.mark.check(
    task="memory",
    section="E.4",
    function="counting_next",
    hint="Count what is still to come; in reverse, count what has come.",
)
def test_chances_within_a_line(student, expect):
    """After 2 a character comes, twice; in reverse the count may end after every one."""
    forward = np.zeros((1, 5, 11))
    forward[0, 0, 1:10] = 1 / 9  # after 0 any digit
    forward[0, [1, 2], C] = 1.0
    forward[0, 3, 0] = 1.0
    forward[0, 4, 1:10] = 1 / 9
    tokens = np.array([[0, 2, C, C, 0]])
    expect.close(student.counting_next(tokens), forward, given={"tokens": tokens})
    back = np.zeros((1, 4, 11))
    back[0, 0, C] = 1.0
    back[0, 1, [1, C]] = [1 / 9, 8 / 9]
    back[0, 2, [2, C]] = [1 / 8, 7 / 8]
    back[0, 3, 0] = 1.0
    given = {"tokens": np.array([[0, C, C, 2]]), "reverse": True}
    expect.close(student.counting_next(**given), back, given=given)


@pytest.mark.check(
    task="memory",
    section="E.5",
    function="grid_sequences",
    hint="Start with 0; then random free cells until a line is complete, and 0 again.",
)
def test_games_of_fill(student, expect):
    """On a grid of three cells, every game names 1, 2 and 3 in some order, and then clears."""
    given = {"n": 5, "steps": 13, "seed": 1, "lines": [[1, 2, 3]], "cells": 3}
    got = student.grid_sequences(**given)
    tokens = expect.array(got, shape=(5, 13), kind="integer", given=given)
    expect.equal(tokens[:, ::4], np.zeros((5, 4)), given=given, what="every fourth token")
    games = np.sort(tokens.reshape(-1)[: 5 * 13].reshape(5, 13)[:, 1:4], axis=1)
    expect.equal(games, [[1, 2, 3]] * 5, given=given, what="the first games, sorted")


@pytest.mark.check(
    task="memory",
    section="E.5",
    function="grid_next",
    hint="Keep the set of filled cells; 0 empties it.",
)
def test_chances_in_a_game(student, expect):
    """Four cells of which 1 and 2, or 3 and 4, end the game."""
    given = {"tokens": np.array([[0, 1, 3, 2, 0]]), "lines": [[1, 2], [3, 4]], "cells": 4}
    wanted = [
        [0, 1 / 4, 1 / 4, 1 / 4, 1 / 4],
        [0, 0, 1 / 3, 1 / 3, 1 / 3],
        [0, 0, 1 / 2, 0, 1 / 2],
        [1, 0, 0, 0, 0],
        [0, 1 / 4, 1 / 4, 1 / 4, 1 / 4],
    ]
    expect.close(student.grid_next(**given), [wanted], given=given)


@pytest.mark.check(
    task="memory",
    section="E.6",
    function="grammar_sequences",
    hint="Start with 0; then a string with its end, again and again; cut off at the end.",
)
def test_strings_up_to_two(student, expect):
    """Only ba, abab and aababb come, and all of them do."""
    given = {"n": 40, "steps": 16, "seed": 1, "longest": 2}
    got = student.grammar_sequences(**given)
    tokens = expect.array(got, shape=(40, 16), kind="integer", given=given)
    found = set()
    for row in tokens.tolist():
        text = "".join("|ab"[token] if 0 <= token <= 2 else "?" for token in row)
        expect.that(text.startswith("|"), "Every sequence starts with the 0.", got=text)
        found |= set(text[1:].split("|")[:-1])
    expect.equal(" ".join(sorted(found)), "aababb abab ba", given=given, what="strings")


@pytest.mark.check(
    task="memory",
    section="E.6",
    function="grammar_next",
    hint="Count the letters a; the first b turns the string.",
)
def test_chances_within_a_string(student, expect):
    """Within abab, where n is 2 at most."""
    given = {"tokens": np.array([[0, 1, 2, 1, 2, 0]]), "longest": 2}
    start = [0, 2 / 3, 1 / 3]
    wanted = [start, [0, 1 / 2, 1 / 2], [0, 1, 0], [0, 0, 1], [1, 0, 0], start]
    expect.close(student.grammar_next(**given), [wanted], given=given)
