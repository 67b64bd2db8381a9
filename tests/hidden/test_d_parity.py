"""Part D: data, mechanism and training, re-run from exported weights.

A network's answers are never taken at its word: its weights come out as arrays,
and the reference's numpy LSTM must get the same logits from them.
"""

from itertools import islice, pairwise

import numpy as np
import pytest

IMPLEMENTATION = {"task": "parity", "category": "implementation"}
CORRECTNESS = {"task": "parity", "category": "correctness"}
MATRICES = ("weight_ih", "weight_hh")
SEEDS = 2**31 - 2  # seeds are drawn below it; a student may add 1 to what fits in 32 bits


def padded(rng, n, longest, shortest=1):
    """Random strings with random padding."""
    return rng.integers(0, 2, size=(n, longest)), rng.integers(shortest, longest + 1, size=n)


@pytest.mark.check(
    **IMPLEMENTATION,
    section="D.2",
    function="parity_labels",
    sibling="parity_of_four_strings",
    hint="The remainder by 2 of the number of ones among the first lengths[i] bits.",
)
def test_parity_of_random_strings(student, expect, reference, rng):
    """Labels of random strings, with random bits as padding."""
    for n, longest in ((40, 9), (1, 1), (3, 60)):
        bits, lengths = padded(rng, n, longest)
        expect.equal(student.parity_labels(bits, lengths), reference.parity_labels(bits, lengths))


@pytest.mark.check(
    **CORRECTNESS,
    section="D.2",
    function="parity_labels",
    sibling="parity_of_four_strings",
    hint="The empty string holds no ones, so its parity is 0; a full row has no padding.",
)
def test_labels_at_the_ends(student, expect, rng):
    """Empty strings, strings that fill their row, and rows of ones."""
    bits = np.vstack([rng.integers(0, 2, size=(6, 7)), np.ones((2, 7), dtype=np.int64)])
    lengths = np.array([0, 7, 0, 7, 1, 7, 7, 6])
    wanted = [int(row[:n].sum()) & 1 for row, n in zip(bits, lengths, strict=True)]
    expect.equal(student.parity_labels(bits, lengths), wanted)


def strings(expect, got, n, width):
    """The two arrays of a data function, each mistake with its own words."""
    bits, lengths = expect.parts(got, ("bits", "lengths"))
    for values, name in ((bits, "bits"), (lengths, "lengths")):
        whole = getattr(values, "dtype", None) == np.int64
        expect.that(whole, f"{name} should be an int64 array.")
    bits = expect.array(bits, shape=(n, width))
    lengths = expect.array(lengths, shape=(n,))
    expect.that(np.isin(bits, (0, 1)).all(), "Every bit should be 0 or 1.")
    expect.that(lengths.min() > 0, "A string of length 0 was drawn; lengths start at 1.")
    expect.that(lengths.max() <= width, "A length is greater than the longest.")
    return bits, lengths


@pytest.mark.check(
    **IMPLEMENTATION,
    section="D.2",
    function="fixed_length_strings",
    sibling="six_strings_of_one_length",
    hint="bits of shape (n, length), lengths of shape (n,); the seed decides.",
)
def test_strings_of_one_length(student, expect):
    """Strings of one length: shapes, types and seeds."""
    bits, lengths = strings(expect, student.fixed_length_strings(30, 17, 5), 30, 17)
    expect.that((lengths == 17).all(), "All strings should have the length that was asked for.")
    again, _ = strings(expect, student.fixed_length_strings(30, 17, 5), 30, 17)
    other, _ = strings(expect, student.fixed_length_strings(30, 17, 6), 30, 17)
    expect.that(np.array_equal(bits, again), "The same seed should draw the same strings.")
    expect.that(not np.array_equal(bits, other), "Another seed should draw other strings.")


@pytest.mark.check(
    **IMPLEMENTATION,
    section="D.2",
    function="random_length_strings",
    sibling="lengths_from_one_to_three",
    hint="bits of shape (n, longest) whatever the lengths; the seed decides.",
)
def test_strings_of_random_lengths(student, expect):
    """Strings of random lengths: shapes, types and seeds."""
    draws = [
        strings(expect, student.random_length_strings(25, 11, seed), 25, 11) for seed in (7, 7, 8)
    ]
    (bits, lengths), (again, lengths_again), (_, other) = draws
    inside = np.arange(11) < lengths[:, np.newaxis]
    same = np.array_equal(lengths, lengths_again) and (bits == again)[inside].all()
    expect.that(same, "The same seed should draw the same strings.")
    expect.that(not np.array_equal(lengths, other), "Another seed should draw other lengths.")


def drawn(expect, got, n, width):
    """The two arrays of a data function, whatever their types, for a look at what was drawn."""
    bits, lengths = expect.parts(got, ("bits", "lengths"))
    return expect.array(bits, shape=(n, width)), expect.array(lengths, shape=(n,))


@pytest.mark.check(
    **CORRECTNESS,
    section="D.2",
    function="random_length_strings",
    sibling="lengths_from_one_to_three",
    hint="Every length from 1 to longest, both included, should be as likely as any other.",
    stochastic=True,
)
def test_lengths_are_uniform(student, expect, rng):
    """Among 12,000 strings, each length from 1 to 12 comes up about 1,000 times."""
    got = student.random_length_strings(12_000, 12, int(rng.integers(SEEDS)))
    _, lengths = drawn(expect, got, 12_000, 12)
    counts = np.array([np.sum(lengths == length) for length in range(1, 13)])
    expect.that(counts[-1] > 0, "The greatest length is never drawn; is the upper end left out?")
    # five standard deviations of a binomial(12000, 1/12) are 151
    expect.that(np.abs(counts - 1000).max() < 160, "The lengths should be equally likely.")


@pytest.mark.check(
    **CORRECTNESS,
    section="D.2",
    function="fixed_length_strings",
    sibling="six_strings_of_one_length",
    hint="Every bit is a fair coin of its own, whatever the bits and rows before it.",
    stochastic=True,
)
def test_bits_are_fair_and_independent(student, expect, rng):
    """Half of the bits are ones, in every column, and no column follows another."""
    seed = int(rng.integers(SEEDS))
    fixed, _ = drawn(expect, student.fixed_length_strings(8000, 10, seed), 8000, 10)
    bits, lengths = drawn(expect, student.random_length_strings(16_000, 10, seed), 16_000, 10)
    for rows in (fixed, bits[lengths >= 5][:, :5]):
        if len(rows) == 0:  # what is wrong with the lengths has a check of its own
            continue
        signs = 1.0 - 2.0 * rows
        limit = 5.5 / np.sqrt(len(rows))  # a mean of fair signs stays within, but once in 10^7
        expect.that(np.abs(signs.mean(axis=0)).max() < limit, "Zeros and ones should be even.")
        together = np.abs(signs.T @ signs / len(rows) - np.eye(rows.shape[1])).max()
        expect.that(together < limit, "The bits of a string should be independent.")
    odd = np.mean(fixed.sum(axis=1) % 2)
    expect.that(abs(odd - 0.5) < 0.03, "Odd and even strings should be equally likely.")
    different = len({tuple(row) for row in fixed[:200, :]})
    expect.that(different > 150, "The strings should differ from one another.")


def exported(student, expect, model):
    """The model's weights; every mistake of names and shapes with its own words."""
    weights = student.export_weights(model)
    expect.that(isinstance(weights, dict), "export_weights should return a dict.")
    name = weights.get("architecture")
    expect.that(isinstance(name, str), "export_weights: architecture should be a text.")
    expect.machine(name == "lstm-1", "the network is not of the architecture lstm-1.")
    for key in (*MATRICES, "bias_ih", "bias_hh", "head_weight", "head_bias", "zero", "one"):
        expect.that(key in weights, f"export_weights: {key} is missing.")
        numbers = expect.array(weights[key], what=key)
        expect.that(np.isfinite(numbers).all(), f"export_weights: {key} is not finite.")
    units, width = np.size(weights["head_weight"]), np.size(weights["zero"])
    shapes = {
        "head_weight": ("(H,)", (units,)),
        "zero": ("(I,)", (width,)),
        "one": ("(I,)", (width,)),
        "weight_ih": ("(4H, I)", (4 * units, width)),
        "weight_hh": ("(4H, H)", (4 * units, units)),
        "bias_ih": ("(4H,)", (4 * units,)),
        "bias_hh": ("(4H,)", (4 * units,)),
        "head_bias": ("a number", ()),
    }
    for key, (words, shape) in shapes.items():
        expect.that(np.shape(weights[key]) == shape, f"export_weights: {key} should be {words}.")
    return weights


def answers(student, expect, model, bits, lengths):
    """The logits; that (n, 1) is not the shape due costs the one check that looks at it."""
    values = expect.array(student.logits(model, bits, lengths))
    if values.shape == (len(bits), 1):
        values = values[:, 0]
    values = expect.array(values, shape=(len(bits),))
    expect.that(np.isfinite(values).all(), "The logits contain NaN or infinity.")
    return values.astype(float)


def must_be_network(student, expect, reference, model, bits, lengths):
    """What has the form of an LSTM's logits must also come from one; else a person looks."""
    values = answers(student, expect, model, bits, lengths)
    try:
        again = reference.lstm_logits(exported(student, expect, model), bits, lengths)
    except AssertionError:  # what is wrong with the export has a check of its own
        again = np.full(len(bits), np.inf)
    same = np.allclose(values, again, atol=0.01)
    same = same or np.allclose(values, 1 / (1 + np.exp(-again)), atol=0.01)
    expect.machine(same, "these logits are not those of an LSTM whose weights are exported.")


@pytest.mark.check(
    **IMPLEMENTATION,
    section="D.3",
    function="build_model",
    sibling="the_seed_makes_the_model",
    hint="hidden_size is the number of LSTM units; everything random comes from the seed.",
)
def test_models_of_any_size(student, expect):
    """One, seven and twenty units, with 4H(I + H + 2) + H + 1 numbers."""
    for units in (1, 7, 20):
        weights = exported(student, expect, student.build_model(units, 3))
        size = np.size(weights["head_weight"])
        expect.that(size == units, "The LSTM should have hidden_size units.")
        again = exported(student, expect, student.build_model(units, 3))
        other = exported(student, expect, student.build_model(units, 4))
        for key in ("weight_hh", "head_weight"):
            same = np.array_equal(weights[key], again[key])
            expect.that(same, "The same seed should give the same weights.")
            differ = not np.array_equal(weights[key], other[key])
            expect.that(differ, "Another seed should give other weights.")


@pytest.mark.check(
    **IMPLEMENTATION,
    section="D.4",
    function="logits",
    sibling="logits_of_four_strings",
    hint="One finite number a string, before any sigmoid or threshold.",
)
def test_logits_of_random_strings(student, expect, reference, rng):
    """One float a string, and no probabilities."""
    found = []
    for seed in range(4):
        bits, lengths = padded(rng, 20, 9)
        values = expect.array(student.logits(student.build_model(12, seed), bits, lengths))
        expect.that(values.shape != (20, 1), "Logits are (n, 1); (n,) is due: squeeze them.")
        expect.array(values, shape=(20,))
        expect.that(values.dtype.kind == "f", "Logits are floats, not labels.")
        expect.that(values.dtype.itemsize > 2, "Logits in half precision are too coarse.")
        expect.that(np.isfinite(values).all(), "The logits contain NaN or infinity.")
        found.append(values)
    squeezed = np.abs(np.stack(found) - 0.5).max() < 0.25
    expect.that(not squeezed, "These look like probabilities; the logits before them are due.")
    must_be_network(student, expect, reference, student.build_model(12, 4), bits, lengths)


@pytest.mark.check(
    **IMPLEMENTATION,
    section="D.4",
    function="predict",
    sibling="predictions_follow_the_logits",
    hint="1 where the logit is positive, else 0.",
)
def test_predictions_of_random_strings(student, expect, rng):
    """Predictions are integers, and 1 exactly where the logit is positive."""
    for seed in range(4):
        bits, lengths = padded(rng, 30, 8)
        model = student.build_model(6, seed)
        wanted = answers(student, expect, model, bits, lengths) > 0
        expect.equal(student.predict(model, bits, lengths), wanted.astype(int))


@pytest.mark.check(
    **IMPLEMENTATION,
    section="D.6",
    function="export_weights",
    sibling="exported_weights_give_the_logits",
    hint="The gates stand in the order i, f, g, o; zero and one are what the LSTM is fed.",
    weight=2,
)
def test_exported_weights_reproduce_the_logits(student, expect, reference, rng):
    """From the exported weights alone, the same logits come out."""
    for units, seed in ((5, 1), (16, 2)):
        bits, lengths = padded(rng, 24, 14)
        model = student.build_model(units, seed)
        weights = exported(student, expect, model)
        wanted = reference.lstm_logits(weights, bits, lengths)
        expect.close(answers(student, expect, model, bits, lengths), wanted, atol=1e-4)


@pytest.mark.check(
    **CORRECTNESS,
    section="D.4",
    function="logits",
    sibling="padding_does_not_matter",
    hint="The answer is the state after a string's own last bit, column lengths[i] - 1.",
    weight=2,
)
def test_what_follows_the_end_is_not_read(student, expect, reference, rng):
    """Other padding, more padding and none at all leave every logit as it is."""
    model = student.build_model(16, 5)
    bits, lengths = padded(rng, 16, 10)
    before = answers(student, expect, model, bits, lengths)
    inside = np.arange(10) < lengths[:, np.newaxis]
    for other in (
        np.where(inside, bits, 1 - bits),
        np.where(inside, bits, 0),
        np.hstack([bits, rng.integers(0, 2, size=(16, 7))]),
    ):
        expect.close(answers(student, expect, model, other, lengths), before)
    for length in np.unique(lengths):
        rows = lengths == length
        got = answers(student, expect, model, bits[rows, :length], lengths[rows])
        expect.close(got, before[rows])
    must_be_network(student, expect, reference, model, bits, lengths)


@pytest.mark.check(
    **CORRECTNESS,
    section="D.4",
    function="logits",
    sibling="a_string_alone_and_in_a_batch",
    hint="Strings of a batch must not meet, and no state may be kept from call to call.",
    weight=2,
)
def test_strings_do_not_see_each_other(student, expect, reference, rng):
    """A string's logit is the same alone, in any order, and at every call."""
    model = student.build_model(16, 6)
    bits, lengths = padded(rng, 12, 9)
    together = answers(student, expect, model, bits, lengths)
    expect.close(answers(student, expect, model, bits, lengths), together)
    order = rng.permutation(12)
    got = answers(student, expect, model, bits[order], lengths[order])
    expect.close(got, together[order])
    for row in (0, 5):
        alone = answers(student, expect, model, bits[row : row + 1], lengths[row : row + 1])
        expect.close(alone, together[row : row + 1])
    must_be_network(student, expect, reference, model, bits, lengths)


@pytest.mark.check(
    **CORRECTNESS,
    section="D.4",
    function="logits",
    sibling="exported_weights_give_the_logits",
    hint="Every bit of a string, the first included, must be able to change its logit.",
)
def test_every_bit_is_read(student, expect, reference, rng):
    """Flipping any one bit of a string changes its logit."""
    model = student.build_model(16, 7)
    string = rng.integers(0, 2, size=8)
    flipped = np.vstack([string, string ^ np.eye(8, dtype=np.int64)])
    values = answers(student, expect, model, flipped, np.full(9, 8))
    moved = np.abs(values[1:] - values[0]) > 1e-7
    expect.that(moved.all(), "A bit of the string does not change the logit.")
    must_be_network(student, expect, reference, model, flipped, np.full(9, 8))


@pytest.mark.check(
    **IMPLEMENTATION,
    section="D.7",
    function="compare_approaches",
    sibling="a_small_comparison",
    hint="Keys fixed and random, each with accuracy and losses; the same test for both.",
    stochastic=True,
)
def test_comparison_of_two_approaches(student, expect, rng):
    """Two results with their losses, the same at every call with the same seed."""
    seed, *seeds = rng.integers(SEEDS, size=14).tolist()
    settings = {"n": 96, "longest": 7, "steps": 4, "hidden_size": 5, "learning_rate": 0.0}
    settings |= {"batch_size": 16, "n_test": 40, "seed": seed}
    first, again = (compared(student, expect, settings) for _ in range(2))
    for name, (share, losses) in first.items():
        whole = 0 <= share <= 1 and abs(share * 40 - round(share * 40)) < 1e-3
        expect.that(whole, "The accuracy should be the share of the n_test test strings.")
        same = share == again[name][0] and np.allclose(losses, again[name][1])
        expect.that(same, "The same seed should give the same results.")
        expect.that(np.ptp(losses) > 0, "The losses of different batches should differ.")
    fixed, random = first["fixed"], first["random"]
    expect.that(fixed[0] == random[0], "A model that learns nothing is as good in either approach.")
    expect.that(not np.allclose(fixed[1], random[1]), "The approaches should differ in strings.")
    settings |= {"n": 512, "longest": 2, "steps": 120, "hidden_size": 16, "learning_rate": 0.03}

    def share_learnt(seed):
        return compared(student, expect, {**settings, "seed": seed})["random"][0]

    share = expect.first_good(share_learnt, seeds[:3], lambda share: share > 0.9)
    expect.that(share > 0.9, "Strings of one and two bits should be learnt in 120 updates.")
    settings |= {"steps": 40, "learning_rate": 0.05}
    must_start_afresh(student, expect, {**settings, "seed": seed})
    must_test_fresh_strings(student, expect, settings, seeds)


def must_start_afresh(student, expect, settings):
    """Where all strings are single bits, both trainings begin with about the same loss."""
    settings = {**settings, "n": 16, "longest": 1, "batch_size": 8}
    starts = [losses[0] for _, losses in compared(student, expect, settings).values()]
    same = min(starts) > max(starts) / 2  # a trained model's loss is near 0
    expect.that(same, "Both approaches should start from the same untrained model.")


def must_test_fresh_strings(student, expect, settings, seeds):
    """Two strings of two bits are learnt by heart; two fresh ones are right by luck.

    Of all trainings 0.3 have that luck, and 0.003 have not learnt their own two. So 12 of 13
    are right by luck once in 100,000 times, and by heart but for once in 1,000.
    """
    settings = {**settings, "n": 2, "longest": 2, "batch_size": 2, "n_test": 2}

    def share(seed):
        return compared(student, expect, {**settings, "seed": seed})["fixed"][0]

    def share_of_fresh(seed):
        own, fresh = (
            drawn(expect, student.fixed_length_strings(2, 2, seed + k), 2, 2) for k in (0, 1)
        )
        labels, wanted = (
            expect.array(student.parity_labels(*each), shape=(2,)) for each in (own, fresh)
        )
        model = student.build_model(settings["hidden_size"], seed)
        steps, rate = settings["steps"], settings["learning_rate"]
        student.train_model(model, *own, labels, steps, rate, 2, seed)
        return np.mean(expect.array(student.predict(model, *fresh), shape=(2,)) == wanted)

    def by_heart(run):
        mistaken = (seed for seed in seeds if run(seed) < 1)
        return len(list(islice(mistaken, 2))) < 2

    # Where strings or labels are wrong, fresh ones may be as easy: no fault of the comparison's.
    own = by_heart(share) and not by_heart(share_of_fresh)
    expect.that(not own, "The test strings should be others than those of training.")


def compared(student, expect, settings):
    """Accuracy and losses of both approaches."""
    run = student.compare_approaches(**settings)
    found = {}
    for name in ("fixed", "random"):
        expect.that(isinstance(run, dict) and name in run, f"The key {name} is missing.")
        result = expect.mapping(run[name], ("accuracy", "losses"))
        losses = expect.array(result["losses"], shape=(settings["steps"],))
        found[name] = (float(expect.array(result["accuracy"], shape=())), losses)
    return found


# Trainings come last: where they never end, everything else has been looked at.


def steps_of(weights, string):
    """What an LSTM does at each bit, in double precision.

    Args:
        weights: as `exported`.

    Returns:
        For each step what it is fed, hidden and cell state before it, and the gates i, f, g, o
        and the cell state that it makes of them; and the last hidden state.
    """
    hidden = cell = np.zeros(weights["head_weight"].size)
    steps = []
    for bit in string:
        fed = weights["one"] if bit else weights["zero"]
        sums = weights["weight_ih"] @ fed + weights["bias_ih"]
        sums = sums + weights["weight_hh"] @ hidden + weights["bias_hh"]
        i, f, g, o = np.split(sums, 4)
        i, f, g, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), np.tanh(g), 1 / (1 + np.exp(-o))
        steps.append((fed, hidden, cell, (i, f, g, o), f * cell + i * g))
        cell = f * cell + i * g
        hidden = o * np.tanh(cell)
    return steps, hidden


def slopes(weights, string, label, last=None):
    """The gradient of one string's loss by backpropagation: in both matrices, and its norm.

    The norm is that over everything that is trained, where a step has two biases as torch's do.

    Args:
        last: how many of the last bits it reaches back to; all of them if none is given.
    """
    weights = {k: np.asarray(v, float) for k, v in weights.items() if k != "architecture"}
    steps, hidden = steps_of(weights, string)
    error = 1 / (1 + np.exp(-(weights["head_weight"] @ hidden + weights["head_bias"]))) - label
    found = {"head_weight": error * hidden, "head_bias": error}
    found |= {key: np.zeros_like(weights[key]) for key in (*MATRICES, "bias_ih", "bias_hh")}
    to_hidden, to_cell = error * weights["head_weight"], np.zeros_like(hidden)
    for fed, hidden_before, cell_before, (i, f, g, o), cell in reversed(steps[-(last or 0) :]):
        to_cell = to_cell + to_hidden * o * (1 - np.tanh(cell) ** 2)
        to_gates = (to_cell * g, to_cell * cell_before, to_cell * i, to_hidden * np.tanh(cell))
        bends = (i * (1 - i), f * (1 - f), 1 - g**2, o * (1 - o))
        to_sums = np.concatenate([to * bend for to, bend in zip(to_gates, bends, strict=True)])
        found["weight_ih"] += np.outer(to_sums, fed)
        found["weight_hh"] += np.outer(to_sums, hidden_before)
        for bias in ("bias_ih", "bias_hh"):
            found[bias] += to_sums
        to_hidden, to_cell = weights["weight_hh"].T @ to_sums, to_cell * f
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in found.values()))
    return flat(found), norm


def flat(weights):
    """Both weight matrices of the LSTM in a row; biases may be kept as one or as two."""
    return np.concatenate([np.asarray(weights[key], float).ravel() for key in MATRICES])


def agreement(gradient, moves):
    """Share of the weights that move against the gradient, where that is clearly not zero."""
    clear = np.abs(gradient) > 1e-3 * np.abs(gradient).max()
    return np.mean(np.sign(moves[clear]) == -np.sign(gradient[clear]))


def last_of_adam(gradients, rate):
    """The last of Adam's updates, of which each had one of the gradients."""
    mean, square, count = 0.0, 0.0, len(gradients)
    for gradient in gradients:
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
    return -rate * (mean / (1 - 0.9**count)) / (np.sqrt(square / (1 - 0.999**count)) + 1e-8)


def telling_starts(student, expect, rng):
    """Seeds of a model with strings of ten bits, the most telling first.

    Telling is where a gradient that reaches back one bit or three has other signs than the whole
    one. Of the starts as they come, one in three is not: what the last bits say is said by all.
    """
    starts = []
    for seed in rng.integers(1, 2**31, size=24).tolist():
        string = rng.integers(0, 2, size=10)
        weights = exported(student, expect, student.build_model(4, seed))
        whole, _ = slopes(weights, string, 1)
        cut = [slopes(weights, string, 1, last)[0] for last in (1, 3)]
        starts.append((max(agreement(whole, -gradient) for gradient in cut), seed, string))
        if starts[-1][0] < 0.95:  # telling enough
            break
    return [start[1:] for start in sorted(starts, key=lambda start: start[0])]


@pytest.mark.check(
    **CORRECTNESS,
    section="D.5",
    function="train_model",
    sibling="five_updates_give_five_losses",
    hint="Backpropagate through the whole string, to its first bit; zero the gradients each time.",
    weight=2,
    stochastic=True,
)
def test_updates_go_down_the_slope(student, expect, reference, rng):
    """The first updates are Adam's, with the gradient of the whole string."""
    rate, lengths, labels = 0.2, np.full(8, 10), np.ones(8, dtype=np.int64)
    for seed, string in telling_starts(student, expect, rng)[:6]:
        bits, states = np.tile(string, (8, 1)), []
        for updates in range(4):  # the same start each time, one update further
            model = student.build_model(4, seed)
            if updates:
                losses = student.train_model(model, bits, lengths, labels, updates, rate, 8, seed)
            states.append(exported(student, expect, model))
        found = [slopes(weights, string, 1) for weights in states[:3]]
        unclipped = max(norm for _, norm in found) < 0.8
        if unclipped:  # a larger gradient is clipped, and by how much is not seen from here
            break
    moves = [flat(b) - flat(a) for a, b in pairwise(states)]
    gradients = [gradient for gradient, _ in found]
    clear = np.abs(gradients[0]) > 1e-3 * np.abs(gradients[0]).max()
    expect.that(np.abs(moves[0]).max() > 0, "Training leaves the model's weights as they are.")
    sizes = np.abs(moves[0][clear]) / rate
    expect.that(0.9 < np.median(sizes) < 1.1, "Adam's first update moves each weight by its rate.")
    agree = agreement(gradients[0], moves[0])
    expect.that(agree > 0.97, "The update is not the gradient's: does it reach the first bit?")
    entropy = np.logaddexp(0, -reference.lstm_logits(states[0], bits[:1], lengths[:1])[0])
    first = expect.array(losses, shape=(3,))[0]
    expect.that(abs(first - entropy) < 0.01, "The first loss is not the mean cross-entropy.")
    off = np.median(np.abs(moves[2] - last_of_adam(gradients, rate))[clear]) / rate
    expect.that(
        off < 0.02 or not unclipped,
        "Later updates drift from Adam's: are old gradients still added?",
    )


@pytest.mark.check(
    **CORRECTNESS,
    section="D.6",
    function="export_weights",
    sibling="exported_weights_stay",
    hint="detach() and numpy() share the model's memory: return copies.",
)
def test_exported_weights_of_a_trained_model_stay(student, expect, rng):
    """What was exported stays as it was when the model is trained on."""
    model = student.build_model(5, 8)
    before = expect.mapping(student.export_weights(model), ())
    bits, lengths = padded(rng, 16, 5)
    student.train_model(model, bits, lengths, rng.integers(0, 2, size=16), 3, 0.05, 8, 1)
    parts = ("arguments", "options", "weights")
    after = expect.parts(student.afterwards("export_weights"), parts)[2]
    arrays = {key: value for key, value in before.items() if isinstance(value, np.ndarray)}
    found = expect.mapping(after, tuple(arrays))
    same = all(np.array_equal(found[key], value) for key, value in arrays.items())
    expect.that(same, "Training on should not change what was exported before.")


def unlearnt(student, expect, seed, string, rate):
    """A model that has learnt the label 1 in one update, and one and two updates to a 0 later."""
    bits, lengths = np.tile(string, (8, 1)), np.full(8, len(string))
    for updates in range(3):
        model = student.build_model(8, seed)
        student.train_model(model, bits, lengths, np.ones(8, dtype=np.int64), 1, 0.5, 8, seed)
        if updates:
            labels = np.zeros(8, dtype=np.int64)
            student.train_model(model, bits, lengths, labels, updates, rate, 8, seed)
        yield exported(student, expect, model)


@pytest.mark.check(
    **CORRECTNESS,
    section="D.5",
    function="train_model",
    sibling="five_updates_give_five_losses",
    hint="clip_grad_norm_ stands between backward() and the step, over all parameters together.",
)
def test_long_gradients_are_clipped(student, expect, rng):
    """Of two updates, of which the first has a long gradient, the second tells its length.

    Adam's first update is as long whatever the gradient's length. In the second both are
    averaged, so it matters whether the long one was cut to 1 before.
    """
    rate, told = 0.3, []
    for seed in rng.integers(1, 2**31, size=4).tolist():
        string = rng.integers(0, 2, size=3)
        states = list(unlearnt(student, expect, seed, string, rate))
        (long, long_norm), (short, short_norm) = (slopes(w, string, 0) for w in states[:2])
        if not (np.any(long) and np.any(short)):
            continue  # nothing moves
        clear = np.abs(long) > 1e-3 * np.abs(long).max()
        move = flat(states[2]) - flat(states[1])

        def off(first, second, move=move, clear=clear):
            return np.median(np.abs(move - last_of_adam([first, second], rate))[clear]) / rate

        clipped = off(long / max(1.0, long_norm), short / max(1.0, short_norm))
        others = (off(long, short), off(long / long_norm, short / short_norm))
        told.append(clipped > 0.01 and min(others) < 0.25 * clipped)
    expect.that(not any(told), "A gradient longer than 1 should be cut to norm 1, and no other.")


@pytest.mark.check(
    **CORRECTNESS,
    section="D.5",
    function="train_model",
    sibling="five_updates_give_five_losses",
    hint="Draw batches from a generator made from `seed`, not from one that others use as well.",
)
def test_seed_of_the_draws(student, expect, rng):
    """From the same model, the same seed draws the same batches, and another seed others."""
    bits, lengths = padded(rng, 60, 6)
    labels = rng.integers(0, 2, size=60)

    def losses(seed):
        model = student.build_model(6, 1)
        found = student.train_model(model, bits, lengths, labels, 8, 0.01, 4, seed)
        return expect.array(found, shape=(8,))

    first, other, again = (losses(seed) for seed in (1, 2, 1))
    expect.that(np.allclose(again, first, atol=1e-4), "The same seed should train alike.")
    differ = not np.allclose(other, first, atol=1e-4)
    expect.that(differ, "Another seed should draw other batches.")


OPERATIONS = {
    "keep": lambda state: state,
    "flip": lambda state: 1 - state,
    "set": np.ones_like,
    "clear": np.zeros_like,
}
PARITY = ("keep", "flip")
OTHERS = (("clear", "flip"), ("flip", "set"), ("flip", "clear"), ("set", "flip"))
"""What a 0 and a 1 do to the state; none of these is a parity under another name."""
LONG_ENOUGH = 0.9
"""Share of long strings that must be right."""


def final_states(bits, lengths, rule, start):
    """Labels by a rule with two states."""
    state = np.full(len(bits), start)
    for step in range(bits.shape[1]):
        by_zero, by_one = (OPERATIONS[name](state) for name in rule)
        state = np.where(step < lengths, np.where(bits[:, step] == 0, by_zero, by_one), state)
    return state


def trained(student, expect, reference, shared, rng):
    """One training on parity, possibly inverted, and one on another rule; for all checks."""
    if "trained" not in shared:
        parity = learnt(
            student, expect, reference, rng, (PARITY, int(rng.integers(2))), (12, 50, 100)
        )
        other = parity  # whoever has not learnt this need not be asked for more
        if parity["learnt"]:
            rule = OTHERS[int(rng.integers(4))]
            other = learnt(student, expect, reference, rng, (rule, 0), (50,))
        shared["trained"] = [parity, other]
    return shared["trained"]


def learnt(student, expect, reference, rng, task, lengths):
    """What came of training on a task, a rule and its start; a second seed if the first is no good.

    Good is what holds on strings of other lengths as well.
    """

    def run(seed):
        result = training(student, expect, reference, rng, task, lengths, seed)
        return {**result, "reproduced": reproduced(student, expect, reference, rng, result)}

    def good(result):
        # a burst of the loss in the last updates is bad luck, too
        return result["learnt"] and min(result["shares"]) > LONG_ENOUGH and result["reproduced"]

    return expect.first_good(run, rng.integers(1, SEEDS, size=2).tolist(), good)


def training(student, expect, reference, rng, task, lengths, seed):
    """One training, and what the network it leaves is worth."""
    strings = padded(rng, 4096, 12)
    labels = final_states(*strings, *task)
    model = student.build_model(32, seed)
    losses = student.train_model(model, *strings, labels, 300, 0.03, 64, seed)
    losses = expect.array(losses)
    expect.that(losses.shape == (300,), "One loss an update is due: as many as steps.")
    expect.that(np.isfinite(losses).all(), "The loss becomes NaN or infinite.")
    weights = exported(student, expect, model)
    fresh = padded(rng, 300, 12)
    again = reference.lstm_logits(weights, *fresh)
    same = np.allclose(answers(student, expect, model, *fresh), again, rtol=1e-3, atol=1e-3)
    right = (again > 0) == final_states(*fresh, *task)
    return {
        "data": (*strings, labels),
        "seed": seed,
        "losses": losses,
        "weights": weights,
        "same": bool(same),
        "learnt": bool(right.mean() > 0.95),
        "shares": [share_right(reference, rng, weights, task, 100, n) for n in lengths],
    }


def share_right(reference, rng, weights, task, n, length):
    """Accuracy of a trained network on fresh strings of one length."""
    bits, lengths = rng.integers(0, 2, size=(n, length)), np.full(n, length)
    got = reference.lstm_logits(weights, bits, lengths) > 0
    return float(np.mean(got == final_states(bits, lengths, *task)))


def reproduced(student, expect, reference, rng, result):
    """Whether the same training, cut short, has the same losses, and they are the network's."""
    bits, lengths, labels = result["data"]
    short = student.build_model(32, result["seed"])
    cut = int(rng.integers(20, 60))
    begun = student.train_model(short, bits, lengths, labels, cut, 0.03, 64, result["seed"])
    begun = expect.array(begun, shape=(cut,))
    some = reference.lstm_logits(result["weights"], bits[:512], lengths[:512])
    entropy = np.mean(np.logaddexp(0, (1 - 2 * labels[:512]) * some))
    losses = result["losses"]
    close = np.allclose(begun, losses[:cut], atol=1e-3)
    return bool(close and abs(np.mean(losses[-20:]) - entropy) < 0.05)


def must_have_learnt(expect, results):
    """Both trainings must have learnt their rule, and the exported weights must hold it."""
    parity, other = results
    seen = all(result["learnt"] or result["same"] for result in results)
    expect.that(seen, "The exported weights are not the model's, and they have not learnt it.")
    expect.that(parity["learnt"], "Parity is not learnt; handout D.5 has settings and a ladder.")
    expect.that(
        other["learnt"], "Parity is learnt, but other labels are not: use the labels given."
    )
    reproduced = parity["reproduced"] and other["reproduced"]
    expect.machine(reproduced, "the same training, cut short, has other losses than the whole one.")


@pytest.mark.check(
    **IMPLEMENTATION,
    section="D.5",
    function="train_model",
    sibling="training_learns_parity_of_short_strings",
    hint="Train with the labels that are given, whatever they are, for exactly `steps` updates.",
    weight=5,
    stochastic=True,
)
def test_training_learns_the_labels_it_is_given(student, expect, reference, shared, rng, keep):
    """Training learns parity, and it learns another rule from its labels."""
    results = trained(student, expect, reference, shared, rng)
    keep("training_losses", results[0]["losses"])
    must_have_learnt(expect, results)


@pytest.mark.check(
    **CORRECTNESS,
    section="D.5",
    function="train_model",
    sibling="training_learns_parity_of_short_strings",
    hint="What is learnt on short strings holds on long ones if the state is really a parity.",
    weight=3,
    stochastic=True,
)
def test_parity_of_longer_strings(student, expect, reference, shared, rng, keep):
    """Trained on up to 12 bits, the network is right on 50 and 100 bits, too."""
    results = trained(student, expect, reference, shared, rng)
    must_have_learnt(expect, results)
    shares = results[0]["shares"]
    keep("accuracy_by_length", np.array([[12, 50, 100], shares]))
    expect.that(
        min(shares) > LONG_ENOUGH, "The network is right on short strings but not on long ones."
    )


@pytest.mark.check(
    **CORRECTNESS,
    section="D.5",
    function="train_model",
    sibling="training_learns_the_last_bit",
    hint="Nothing in the training may be made for parity.",
    weight=3,
    stochastic=True,
)
def test_another_rule_on_longer_strings(student, expect, reference, shared, rng):
    """What was learnt from the other labels holds on 50 bits as well."""
    results = trained(student, expect, reference, shared, rng)
    must_have_learnt(expect, results)
    right = min(results[1]["shares"]) > LONG_ENOUGH
    expect.that(right, "The other rule is right on short strings but not on long ones.")
