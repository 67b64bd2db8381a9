"""Part E: the network, its gradient, its training, and the three families of tasks.

What follows what is counted here from whole lines and whole strings, without the
reference; trained weights are run by the reference's own forward pass.
"""

import numpy as np
import pytest

IMPLEMENTATION = {"task": "memory", "category": "implementation"}
CORRECTNESS = {"task": "memory", "category": "correctness"}
SEEDS = 2**31 - 2  # seeds are drawn below it; a student may add 1 to what fits in 32 bits
CHARACTER = 10
FORWARD = [(d, *[CHARACTER] * d, 0) for d in range(1, 10)]
REVERSE = [(*[CHARACTER] * d, d, 0) for d in range(1, 10)]
GRID = np.arange(1, 10).reshape(3, 3)
THREE_IN_A_ROW = [*GRID.tolist(), *GRID.T.tolist(), [1, 5, 9], [3, 5, 7]]
INDEPENDENT = "What comes after a 0 should not depend on what came before it."
SETTINGS = {"batch_size": 8, "learning_rate": 0.05}


def strings_of_the_grammar(longest):
    """Every string with its end."""
    return [(*[1] * n, 2, 1, *[2] * n, 0) for n in range(longest + 1)]


def small_network(rng, symbols, hidden):
    """Random parameters, none of them zero."""
    shapes = {
        "U": (symbols, hidden),
        "W": (hidden, hidden),
        "b": (hidden,),
        "V": (hidden, symbols),
        "c": (symbols,),
    }
    return {name: rng.normal(0.0, 0.8, shape) for name, shape in shapes.items()}


def random_targets(rng, n, steps, symbols):
    """Chances of any tokens, some of them zero."""
    chances = rng.random((n, steps, symbols)) * (rng.random((n, steps, symbols)) < 0.7)
    chances[..., 0] += 0.1
    return chances / chances.sum(axis=-1, keepdims=True)


def like(expect, got, parameters):
    """A dict of arrays with the keys and shapes of `parameters`."""
    found = expect.mapping(got, tuple(parameters))
    return {
        name: expect.array(found[name], shape=np.shape(value), what=name)
        for name, value in parameters.items()
    }


@pytest.mark.check(
    **IMPLEMENTATION,
    section="E.1",
    function="rnn_forward",
    sibling="one_neuron_that_keeps_a_flag",
    hint="h_t = tanh(U[x_t] + h_(t-1) W + b) from h_0 = 0, and p_t = softmax(h_t V + c).",
    weight=2,
)
def test_memory_of_random_networks(student, expect, reference, rng):
    """Memory and expectations of random networks after every token."""
    for symbols, hidden, n, steps in ((4, 3, 5, 7), (2, 1, 1, 1), (6, 5, 3, 12)):
        parameters = small_network(rng, symbols, hidden)
        tokens = rng.integers(0, symbols, size=(n, steps))
        got = expect.parts(student.rnn_forward(parameters, tokens), ("hidden", "probabilities"))
        wanted = reference.rnn_forward(parameters, tokens)
        for values, right, name in zip(got, wanted, ("hidden", "probabilities"), strict=True):
            expect.close(values, right, what=name)


@pytest.mark.check(
    **CORRECTNESS,
    section="E.1",
    function="rnn_forward",
    sibling="one_neuron_that_keeps_a_flag",
    hint="Take the largest score off all scores of a position before exp.",
)
def test_large_scores(student, expect, reference, rng):
    """Scores in the thousands give chances, not overflow."""
    parameters = small_network(rng, 4, 3)
    parameters["V"] = parameters["V"] * 3000.0
    tokens = rng.integers(0, 4, size=(3, 5))
    got = expect.parts(student.rnn_forward(parameters, tokens), ("hidden", "probabilities"))
    expect.close(got[1], reference.rnn_forward(parameters, tokens)[1])


@pytest.mark.check(
    **IMPLEMENTATION,
    section="E.2",
    function="rnn_backward",
    sibling="gradient_by_small_differences",
    hint="Compare each entry with (loss(w + e) - loss(w - e)) / 2e on your own computer.",
    weight=2,
)
def test_gradients_of_random_networks(student, expect, reference, rng):
    """Loss and gradients of random networks, over many sequences and steps."""
    for symbols, hidden, n, steps in ((4, 3, 5, 7), (3, 2, 1, 1), (5, 4, 2, 20)):
        parameters = small_network(rng, symbols, hidden)
        tokens = rng.integers(0, symbols, size=(n, steps))
        targets = random_targets(rng, n, steps, symbols)
        results = student.rnn_backward(parameters, tokens, targets)
        loss, gradients = expect.parts(results, ("loss", "gradients"))
        right_loss, right = reference.rnn_backward(parameters, tokens, targets)
        expect.close(loss, right_loss, what="loss")
        for name, gradient in like(expect, gradients, parameters).items():
            expect.close(gradient, right[name], what=name)


@pytest.mark.check(
    **CORRECTNESS,
    section="E.2",
    function="rnn_backward",
    sibling="gradient_by_small_differences",
    hint="What is expected at the end depends on the first token, through W at every step.",
)
def test_gradient_of_the_first_token(student, expect, reference, rng):
    """The error at the last of 12 steps reaches what was read at the first."""
    parameters = small_network(rng, 4, 3)
    parameters["W"] = np.linalg.qr(parameters["W"])[0]  # keeps what it passes on at full length
    parameters["U"], parameters["b"] = 0.1 * parameters["U"], np.zeros(3)
    tokens = rng.integers(1, 4, size=(6, 12))
    tokens[:, 0] = 0  # a token that comes nowhere else
    _, targets = reference.rnn_forward(parameters, tokens)
    targets[:, -1] = np.roll(targets[:, -1], 1, axis=-1)  # so only the last step is wrong
    results = student.rnn_backward(parameters, tokens, targets)
    _, gradients = expect.parts(results, ("loss", "gradients"))
    right = reference.rnn_backward(parameters, tokens, targets)[1]["U"][0]
    got = like(expect, gradients, parameters)["U"][0]
    expect.close(got / np.abs(right).max(), right / np.abs(right).max(), atol=1e-3)


@pytest.mark.check(
    **IMPLEMENTATION,
    section="E.3",
    function="train_rnn",
    sibling="first_step_of_adam",
    hint="Clip, then both running means, then their correction, then the step; the docstring "
    "has them in order.",
    weight=2,
)
def test_updates_one_by_one(student, expect, reference, rng):
    """Losses and parameters after a few updates on all sequences."""
    for scale in (0.5, 3.0, 4.0, 8.0):  # gradients of norm below 1, around it, and above
        parameters = small_network(rng, 4, 3)
        parameters["V"] = scale * parameters["V"]
        tokens = rng.integers(0, 4, size=(5, 6))
        targets = random_targets(rng, 5, 6, 4)
        settings = {"steps": 7, "learning_rate": 0.1, "batch_size": 5, "seed": 3}
        results = student.train_rnn(parameters, tokens, targets, **settings)
        trained, losses = expect.parts(results, ("parameters", "losses"))
        right, right_losses = reference.train_rnn(parameters, tokens, targets, **settings)
        expect.close(losses, right_losses, what="losses", atol=1e-3)
        for name, value in like(expect, trained, parameters).items():
            expect.close(value, right[name], what=name, atol=1e-3)


@pytest.mark.check(
    **CORRECTNESS,
    section="E.3",
    function="train_rnn",
    sibling="first_step_of_adam",
    hint="Draw batches from a generator made from the seed; copy the parameters first.",
)
def test_seeds_of_the_batches(student, expect, rng):
    """The same seed trains alike, another seed does not."""
    parameters = small_network(rng, 4, 3)
    tokens, targets = rng.integers(0, 4, size=(30, 6)), random_targets(rng, 30, 6, 4)

    def losses(seed):
        results = student.train_rnn(parameters, tokens, targets, 8, 0.1, 4, seed)
        return expect.array(expect.parts(results, ("parameters", "losses"))[1], shape=(8,))

    first = losses(1)
    expect.that(np.allclose(losses(1), first), "The same seed should train alike.")
    expect.that(not np.allclose(losses(2), first), "Another seed should draw other batches.")


@pytest.mark.check(
    **CORRECTNESS,
    section="E.3",
    function="train_rnn",
    sibling="first_step_of_adam",
    hint="The dict and its arrays belong to the caller: copy them first, and train the copies.",
)
def test_the_start_is_left_as_it_is(student, expect, rng):
    """The parameters that are handed over do not change, so one can train from them again."""
    parameters = small_network(rng, 4, 3)
    tokens, targets = rng.integers(0, 4, size=(6, 5)), random_targets(rng, 6, 5, 4)
    student.train_rnn(parameters, tokens, targets, 3, 0.1, 4, 1)
    given = expect.parts(student.afterwards("train_rnn"), ("arguments", "options", "results"))[0]
    for name, values in like(expect, expect.parts(given, ("start",) * 7)[0], parameters).items():
        same = np.array_equal(values, parameters[name])
        expect.that(same, "The parameters that are handed over should stay as they are.")


def trained(student, expect, start, tokens, targets, steps, seed):
    """What the student's training makes of a start."""
    results = student.train_rnn(start, tokens, targets, steps, seed=int(seed), **SETTINGS)
    return like(expect, expect.parts(results, ("parameters", "losses"))[0], start)


@pytest.mark.check(
    **CORRECTNESS,
    section="E.3",
    function="train_rnn",
    sibling="first_step_of_adam",
    hint="Training has to learn whatever game its sequences show.",
    stochastic=True,
    weight=2,
)
def test_training_learns_a_game(student, expect, reference, rng):
    """Ten neurons learn a small game that nobody has seen: every move legal."""
    cells = 5
    lines = [(rng.permutation(cells)[:3] + 1).tolist() for _ in range(2)]
    renamed = rng.permutation(cells + 1)

    def play(n, seed):
        tokens = reference.grid_sequences(n, 14, int(seed), lines, cells)
        targets = reference.grid_next(tokens, lines, cells)
        return renamed[tokens], targets[..., np.argsort(renamed)]

    def legal_share(seed):
        start = reference.start_rnn(cells + 1, 10, int(seed), keep=1.0)
        weights = trained(student, expect, start, *play(400, seed), 500, seed)
        tokens, targets = play(200, seed + 1)
        _, probabilities = reference.rnn_forward(weights, tokens)
        return reference.legal_first(probabilities, targets).mean()

    def nearly_always(share):
        return share > 0.99

    share = expect.first_good(legal_share, rng.integers(SEEDS, size=3), nearly_always)
    declared = "After training, illegal moves of fresh games are held for likelier than legal ones."
    expect.that(nearly_always(share), declared)


@pytest.mark.check(
    **CORRECTNESS,
    section="E.3",
    function="train_rnn",
    sibling="first_step_of_adam",
    hint="A counter has to be exact; does the rate fall to zero, so that the last steps are small?",
    stochastic=True,
    weight=2,
)
def test_training_learns_to_count(student, expect, reference, rng):
    """Four neurons learn to print exactly as many characters as the digit says."""

    def exact_digits(seed):
        tokens = reference.counting_sequences(400, 24, int(seed))
        targets = reference.counting_next(tokens)
        start = reference.start_rnn(11, 4, int(seed))
        weights = trained(student, expect, start, tokens, targets, 600, seed)
        lines = [np.array([[0, *line[:-1]]]) for line in FORWARD]
        guesses = [reference.rnn_forward(weights, line)[1][0, 1:].argmax(-1) for line in lines]
        return sum(np.array_equal(g, line[1:]) for g, line in zip(guesses, FORWARD, strict=True))

    exact = expect.first_good(exact_digits, rng.integers(SEEDS, size=3), lambda count: count == 9)
    expect.that(exact == 9, "After training, some digits are followed by a wrong count.")


def sequences(expect, got, n, steps, symbols):
    """Tokens of the right shape, each sequence with its start."""
    tokens = expect.array(got, shape=(n, steps), kind="integer")
    expect.that(tokens.min() >= 0 and tokens.max() < symbols, "There are tokens of no meaning.")
    expect.that((tokens[:, 0] == 0).all(), "Every sequence should start with the token 0.")
    return tokens


def pieces(row):
    """What stands between the zeros of a sequence, each with its own 0 at its end; a rest last."""
    found, piece = [], []
    for token in row[1:].tolist():
        piece.append(token)
        if token == 0:
            found.append(tuple(piece))
            piece = []
    return found, tuple(piece)


def repeats(found):
    """How many sequences begin with the same piece twice."""
    return sum(len(whole) > 1 and whole[0] == whole[1] for whole in found)


def made_of(expect, tokens, lines, noun):
    """Demand that every sequence is line after line, the last one perhaps cut off."""
    beginnings = {line[:length] for line in lines for length in range(len(line))}
    for row in tokens:
        whole, rest = pieces(row)
        expect.that(set(whole) <= set(lines), f"There is a {noun} that cannot be.")
        expect.that(rest in beginnings, f"The last {noun} is not the beginning of a legal one.")


def seeded(expect, draw, n, steps, symbols):
    """Sequences of one seed, which another call repeats and another seed does not."""
    first, again, other = (sequences(expect, draw(seed), n, steps, symbols) for seed in (5, 5, 6))
    expect.that(np.array_equal(first, again), "The same seed should draw the same sequences.")
    expect.that(not np.array_equal(first, other), "Another seed should draw other sequences.")
    return first


def chances_by_counting(tokens, lines):
    """The chance of every next token: the share of all lines that begin as this one has."""
    symbols = max(max(line) for line in lines) + 1
    chances = np.zeros((*tokens.shape, symbols))
    for row, sequence in enumerate(tokens.tolist()):
        start = 0
        for step, token in enumerate(sequence):
            start = step + 1 if token == 0 else start
            begun = tuple(sequence[start : step + 1])
            possible = [line[len(begun)] for line in lines if line[: len(begun)] == begun]
            chances[row, step] = np.bincount(possible, minlength=symbols) / len(possible)
    return chances


@pytest.mark.check(
    **IMPLEMENTATION,
    section="E.4",
    function="counting_sequences",
    sibling="lines_that_count",
    hint="A digit, that many characters, the end of the line; in reverse the digit comes last.",
)
def test_lines_of_any_length(student, expect):
    """Lines in both directions, cut off anywhere."""
    for reverse, lines in ((False, FORWARD), (True, REVERSE)):
        for n, steps in ((20, 37), (3, 1), (4, 2)):

            def draw(seed, shape=(n, steps), back=reverse):
                return student.counting_sequences(*shape, seed, reverse=back)

            tokens = sequences(expect, draw(1), n, steps, 11)
            made_of(expect, tokens, lines, "line")
        seeded(expect, lambda seed: student.counting_sequences(6, 30, seed), 6, 30, 11)


@pytest.mark.check(
    **CORRECTNESS,
    section="E.4",
    function="counting_sequences",
    sibling="lines_that_count",
    hint="Every line draws a digit of its own, 1 to 9, each with the same chance.",
    stochastic=True,
)
def test_digits_are_uniform(student, expect, rng):
    """Among 7,200 first and 7,200 second lines each digit comes up about 800 times."""
    for reverse, lines in ((False, FORWARD), (True, REVERSE)):
        got = student.counting_sequences(7200, 25, int(rng.integers(SEEDS)), reverse=reverse)
        tokens = expect.array(got, shape=(7200, 25), kind="integer")
        found = [pieces(row)[0][:2] for row in tokens]
        for place in (0, 1):
            drawn = [whole[place] for whole in found if len(whole) > place]
            counts = np.array([drawn.count(line) for line in lines])
            # five standard deviations of a binomial(7200, 1/9) are 133
            expect.that(np.abs(counts - 800).max() < 140, "The digits should be equally likely.")
        expect.that(abs(repeats(found) - 800) < 140, INDEPENDENT)


@pytest.mark.check(
    **IMPLEMENTATION,
    section="E.4",
    function="counting_next",
    sibling="chances_within_a_line",
    hint="How many characters are still to come; in reverse, which digits still can be right.",
)
def test_chances_while_counting(student, expect, reference, rng):
    """The chance of every next token, counted over all lines, in both directions."""
    for reverse, lines in ((False, FORWARD), (True, REVERSE)):
        seed = int(rng.integers(SEEDS))
        tokens = reference.counting_sequences(30, 40, seed, reverse=reverse)
        wanted = chances_by_counting(tokens, lines)
        expect.close(student.counting_next(tokens, reverse=reverse), wanted)


def random_lines(rng, cells):
    """Sets of cells that end a game, of one to all cells."""
    sizes = rng.integers(1, cells + 1, size=3)
    return [(rng.permutation(cells)[:size] + 1).tolist() for size in sizes]


@pytest.mark.check(
    **IMPLEMENTATION,
    section="E.5",
    function="grid_sequences",
    sibling="games_of_fill",
    hint="A game ends with the move that completes a line, and 0 comes next.",
)
def test_games_of_any_lines(student, expect, rng):
    """Games of any lines end exactly when the first line is complete."""
    for cells, lines in ((9, [list(range(1, 10))]), (4, [[1, 2]]), (6, random_lines(rng, 6))):

        def draw(seed, lines=lines, cells=cells):
            return student.grid_sequences(12, 33, seed, lines, cells)

        tokens = seeded(expect, draw, 12, 33, cells + 1)
        expect.that(len(np.unique(tokens)) == cells + 1, "Some of the cells are never named.")
        for row in tokens:
            whole, rest = pieces(row)
            for game in (*whole, rest):
                moves = [move for move in game if move != 0]
                expect.that(len(set(moves)) == len(moves), "A cell is named twice in one game.")
                over = [set(moves[:m]) >= set(line) for line in lines for m in range(len(moves))]
                expect.that(not any(over), "A game goes on after a line is complete.")
            ended = [any(set(game) >= set(line) for line in lines) for game in whole]
            expect.that(all(ended), "A grid is cleared before any line is complete.")


@pytest.mark.check(
    **CORRECTNESS,
    section="E.5",
    function="grid_sequences",
    sibling="games_of_fill",
    hint="Every move draws one of the free cells, each with the same chance.",
    stochastic=True,
)
def test_moves_are_uniform(student, expect, rng):
    """Among 4,800 games on four cells each of the 24 orders comes up about 200 times."""
    got = student.grid_sequences(2400, 11, int(rng.integers(SEEDS)), [[1, 2, 3, 4]], 4)
    tokens = expect.array(got, shape=(2400, 11), kind="integer")
    for games in (tokens[:, 1:5], tokens[:, 6:10]):
        _, counts = np.unique(games, axis=0, return_counts=True)
        expect.that(len(counts) == 24, "Some orders in which cells can be filled never come.")
        # six standard deviations of a binomial(2400, 1/24) are 59
        expect.that(np.abs(counts - 100).max() < 60, "The orders should be equally likely.")
    same = np.sum((tokens[:, 1:5] == tokens[:, 6:10]).all(axis=1))
    expect.that(abs(same - 100) < 60, INDEPENDENT)


@pytest.mark.check(
    **IMPLEMENTATION,
    section="E.5",
    function="grid_next",
    sibling="chances_in_a_game",
    hint="The free cells share the chance, until a line is complete; then 0 has all of it.",
)
def test_chances_in_games(student, expect, reference, rng):
    """The chance of every next move, for games of any lines."""
    for cells, lines in (
        (9, THREE_IN_A_ROW),
        (3, [[1, 2, 3]]),
        (6, random_lines(rng, 6)),
    ):
        tokens = reference.grid_sequences(15, 30, int(rng.integers(SEEDS)), lines, cells)
        wanted = np.zeros((15, 30, cells + 1))
        for row, sequence in enumerate(tokens.tolist()):
            filled = set()
            for step, token in enumerate(sequence):
                filled = {*filled, token} if token else set()
                over = any(set(line) <= filled for line in lines)
                legal = [0] if over else [c for c in range(1, cells + 1) if c not in filled]
                wanted[row, step, legal] = 1.0 / len(legal)
        expect.close(student.grid_next(tokens, lines, cells), wanted)


@pytest.mark.check(
    **IMPLEMENTATION,
    section="E.6",
    function="grammar_sequences",
    sibling="strings_up_to_two",
    hint="n letters a, then ba, then n letters b, then the end.",
)
def test_strings_of_any_length(student, expect):
    """Strings up to any n, cut off anywhere."""
    for longest, n, steps in ((10, 20, 41), (0, 3, 8), (3, 4, 1)):
        got = student.grammar_sequences(n, steps, 1, longest)
        made_of(
            expect, sequences(expect, got, n, steps, 3), strings_of_the_grammar(longest), "string"
        )
    seeded(expect, lambda seed: student.grammar_sequences(6, 30, seed, 5), 6, 30, 3)


@pytest.mark.check(
    **CORRECTNESS,
    section="E.6",
    function="grammar_sequences",
    sibling="strings_up_to_two",
    hint="Every n from 0 to longest, both included, should be as likely as any other.",
    stochastic=True,
)
def test_lengths_of_strings_are_uniform(student, expect, rng):
    """Among 5,000 first and 5,000 second strings each n from 0 to 4 comes up about 1,000 times."""
    got = student.grammar_sequences(5000, 23, int(rng.integers(SEEDS)), 4)
    tokens = expect.array(got, shape=(5000, 23), kind="integer")
    found = [pieces(row)[0] for row in tokens]
    for place in (0, 1):
        drawn = [whole[place] for whole in found if len(whole) > place]
        counts = np.array([drawn.count(string) for string in strings_of_the_grammar(4)])
        expect.that(counts[-1] > 0, "The greatest n is never drawn; is the upper end left out?")
        # five standard deviations of a binomial(5000, 1/5) are 141
        expect.that(np.abs(counts - 1000).max() < 150, "Every n should be equally likely.")
    expect.that(abs(repeats(found) - 1000) < 150, INDEPENDENT)


@pytest.mark.check(
    **IMPLEMENTATION,
    section="E.6",
    function="grammar_next",
    sibling="chances_within_a_string",
    hint="Before the b of the middle a second a may come or not; after it all is certain.",
)
def test_chances_in_the_grammar(student, expect, reference, rng):
    """The chance of every next letter, counted over all strings."""
    for longest in (10, 0, 3):
        tokens = reference.grammar_sequences(20, 45, int(rng.integers(SEEDS)), longest)
        wanted = chances_by_counting(tokens, strings_of_the_grammar(longest))
        expect.close(student.grammar_next(tokens, longest), wanted)
