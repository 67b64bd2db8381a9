"""Part D on a few short strings."""

import itertools

import numpy as np
import pytest

BITS = np.array([[1, 0, 1, 1], [1, 1, 0, 1], [0, 1, 1, 1], [0, 0, 0, 1]])
LENGTHS = np.array([4, 3, 1, 2])
"""Four strings: 1011, 110, 0 and 00; the other columns are padding."""
ARRAYS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "head_weight", "zero", "one")


@pytest.mark.check(
    task="parity",
    section="D.2",
    function="parity_labels",
    hint="Count the ones in the first lengths[i] columns only.",
)
def test_parity_of_four_strings(student, expect):
    """1011 is odd; 110, 0 and 00 are even, whatever stands after them."""
    given = {"bits": BITS, "lengths": LENGTHS}
    expect.equal(student.parity_labels(**given), [1, 0, 0, 0], given=given)


def strings(expect, got, n, width):
    """The two arrays of a data function, with what every data function promises."""
    bits, lengths = expect.parts(got, ("bits", "lengths"))
    for values, name in ((bits, "bits"), (lengths, "lengths")):
        whole = getattr(values, "dtype", None) == np.int64
        expect.that(whole, f"{name} should be an int64 array.", got=values)
    bits = expect.array(bits, shape=(n, width), what="bits")
    expect.that(np.isin(bits, (0, 1)).all(), "Every bit should be 0 or 1.", got=bits)
    return bits, expect.array(lengths, shape=(n,), what="lengths")


@pytest.mark.check(
    task="parity",
    section="D.2",
    function="fixed_length_strings",
    hint="A generator from the seed draws all bits at once; every length is the same.",
)
def test_six_strings_of_one_length(student, expect):
    """Six strings of length 5; the same seed draws the same."""
    bits, lengths = strings(expect, student.fixed_length_strings(6, 5, 1), 6, 5)
    expect.equal(lengths, [5] * 6, what="lengths")
    again, _ = strings(expect, student.fixed_length_strings(6, 5, 1), 6, 5)
    expect.equal(again, bits, what="bits of the second call")


@pytest.mark.check(
    task="parity",
    section="D.2",
    function="random_length_strings",
    hint="Most random functions leave the upper end out; lengths run from 1 to longest.",
)
def test_lengths_from_one_to_three(student, expect):
    """Among 300 strings of length up to 3, the lengths 1, 2 and 3 all occur."""
    _, lengths = strings(expect, student.random_length_strings(300, 3, 2), 300, 3)
    found = sorted(set(lengths.tolist()))
    expect.that(found == [1, 2, 3], "The lengths 1, 2 and 3 should occur, and no other.", got=found)


def exported(student, expect, model):
    """The model's weights, in the shapes that go together."""
    names = (*ARRAYS, "head_bias", "architecture")
    weights = expect.mapping(student.export_weights(model), names)
    known = expect.text(weights["architecture"]) == "lstm-1"
    expect.machine(known, "the architecture is not lstm-1, which is what can be run again here.")
    units = expect.array(weights["head_weight"], shape=(None,), what="head_weight").shape[0]
    width = expect.array(weights["zero"], shape=(None,), what="zero").shape[0]
    shapes = {
        "one": (width,),
        "weight_ih": (4 * units, width),
        "weight_hh": (4 * units, units),
        "bias_ih": (4 * units,),
        "bias_hh": (4 * units,),
        "head_bias": (),
    }
    for name, shape in shapes.items():
        expect.array(weights[name], shape=shape, what=name)
    return weights


@pytest.mark.check(
    task="parity",
    section="D.3",
    function="build_model",
    hint="Call torch.manual_seed(seed) before you make the layers.",
)
def test_the_seed_makes_the_model(student, expect):
    """The same seed gives the same model, another seed another one."""
    first, again, other = (
        expect.array(student.logits(student.build_model(5, seed), BITS, LENGTHS), shape=(4,))
        for seed in (1, 1, 2)
    )
    expect.that(np.allclose(first, again), "The same seed should give the same logits.")
    expect.that(not np.allclose(first, other), "Another seed should give other logits.")


@pytest.mark.check(
    task="parity",
    section="D.4",
    function="logits",
    hint="One number a string, before any sigmoid; squeeze the last axis.",
)
def test_logits_of_four_strings(student, expect):
    """An untrained model gives four numbers around zero, and they are no probabilities."""
    got = [student.logits(student.build_model(8, seed), BITS, LENGTHS) for seed in range(4)]
    values = np.stack([expect.array(each, shape=(4,)) for each in got])
    expect.that(values.dtype.kind == "f", "Logits are floats.", got=values)
    expect.that(np.isfinite(values).all(), "Logits should be finite.", got=values)
    squeezed = np.abs(values - 0.5).max() < 0.25
    expect.that(not squeezed, "These look like probabilities; the logits are due.", got=values)


@pytest.mark.check(
    task="parity",
    section="D.4",
    function="logits",
    hint="Take the LSTM's output at column lengths[i] - 1 of row i, not at the last column.",
)
def test_padding_does_not_matter(student, expect):
    """Other bits after a string's end leave its logit as it is."""
    model = student.build_model(8, 3)
    other = np.where(np.arange(4) < LENGTHS[:, np.newaxis], BITS, 1 - BITS)
    before = expect.array(student.logits(model, BITS, LENGTHS), shape=(4,))
    given = {"bits": BITS, "the same with other padding": other, "lengths": LENGTHS}
    expect.close(student.logits(model, other, LENGTHS), before, given=given)


@pytest.mark.check(
    task="parity",
    section="D.4",
    function="logits",
    hint="Is the axis of the batch the one your LSTM takes for it (batch_first)?",
)
def test_a_string_alone_and_in_a_batch(student, expect):
    """A string gets the same logit alone as among others, and twice in a row."""
    model = student.build_model(8, 4)
    together = expect.array(student.logits(model, BITS, LENGTHS), shape=(4,))
    for row in range(4):
        alone = student.logits(model, BITS[row : row + 1], LENGTHS[row : row + 1])
        expect.close(alone, together[row : row + 1], what=f"the logit of string {row} alone")


@pytest.mark.check(
    task="parity",
    section="D.4",
    function="predict",
    hint="1 where the logit is positive, else 0, as integers.",
)
def test_predictions_follow_the_logits(student, expect):
    """The prediction is 1 exactly where the logit is positive."""
    for seed in range(5):
        model = student.build_model(8, seed)
        values = expect.array(student.logits(model, BITS, LENGTHS), shape=(4,))
        got = student.predict(model, BITS, LENGTHS)
        expect.equal(got, (values > 0).astype(int), given={"logits": values})


def states_by_loops(weights, string):
    """The hidden state after each bit, computed from exported weights, gate by gate."""
    units = len(weights["head_weight"])
    hidden = cell = np.zeros(units)
    states = []
    for bit in string:
        fed = np.asarray(weights["one"] if bit else weights["zero"], dtype=float)
        sums = weights["weight_ih"] @ fed + weights["bias_ih"]
        sums = sums + weights["weight_hh"] @ hidden + weights["bias_hh"]
        i, f, g, o = np.split(sums, 4)
        cell = cell / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        hidden = np.tanh(cell) / (1 + np.exp(-o))
        states.append(hidden)
    return np.array(states)


def head(weights, state):
    """The logit that exported weights make of a hidden state."""
    return state @ weights["head_weight"] + weights["head_bias"]


@pytest.mark.check(
    task="parity",
    section="D.6",
    function="export_weights",
    hint="Names and shapes as in the docstring; zero and one are what your LSTM is fed.",
)
def test_exported_weights_give_the_logits(student, expect):
    """An LSTM written out in loops gets your logits from your weights."""
    model = student.build_model(6, 5)
    weights = exported(student, expect, model)
    expect.array(weights["weight_hh"], shape=(24, 6), what="weight_hh of 6 units")
    expected = [
        head(weights, states_by_loops(weights, row[:length])[-1])
        for row, length in zip(BITS, LENGTHS, strict=True)
    ]
    expect.close(student.logits(model, BITS, LENGTHS), expected, atol=1e-4)


@pytest.mark.check(
    task="parity",
    section="D.6",
    function="export_weights",
    hint="detach() and numpy() share the model's memory: return copies.",
)
def test_exported_weights_stay(student, expect):
    """Exported numbers stay as they are while the model is trained on."""
    model = student.build_model(3, 2)
    before = exported(student, expect, model)
    student.train_model(model, BITS, LENGTHS, np.ones(len(BITS), int), 2, 0.1, 4, 1)
    after = expect.parts(student.afterwards("export_weights"), ("arguments", "options", "weights"))
    same = np.array_equal(expect.mapping(after[2], ARRAYS)["weight_hh"], before["weight_hh"])
    expect.that(same, "weight_hh changed after it had been exported.")


LONGER = np.array([0, 1, 1, 0, 0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 0, 1])
"""A string along which a picture follows the hidden state of a trained network."""


def along_a_string(weights):
    """What is remembered after each bit: by one unit, and read by the head as 2p - 1.

    The unit is the one that swings most with the parity, turned so that odd is up.
    """
    states, odd = states_by_loops(weights, LONGER), np.cumsum(LONGER) % 2
    swings = (odd - odd.mean()) @ states
    unit = np.abs(swings).argmax()
    one = np.sign(swings[unit]) * states[:, unit]
    return [np.arange(1, len(LONGER) + 1), one, np.tanh(head(weights, states) / 2)]


def all_strings(longest):
    """Every string of length 1 to `longest`, padded with ones."""
    rows, lengths = [], []
    for length in range(1, longest + 1):
        for string in itertools.product((0, 1), repeat=length):
            rows.append([*string, *([1] * (longest - length))])
            lengths.append(length)
    return np.array(rows), np.array(lengths)


@pytest.mark.check(
    task="parity",
    section="D.5",
    function="train_model",
    hint="One update and one loss a step; an untrained model's loss is near ln 2 = 0.693.",
)
def test_five_updates_give_five_losses(student, expect):
    """Five updates return five finite losses, the first of a model that knows nothing."""
    bits, lengths = all_strings(3)
    labels = bits[:, 0]
    model = student.build_model(8, 6)
    losses = student.train_model(model, bits, lengths, labels, 5, 0.01, 32, 6)
    losses = expect.array(losses, shape=(5,), what="losses")
    expect.that(np.isfinite(losses).all(), "A loss is not finite.", got=losses)
    expect.that(0.4 < losses[0] < 1.1, "The first loss should be near 0.693.", got=losses)


@pytest.mark.check(
    task="parity",
    section="D.5",
    function="train_model",
    hint="Zero the gradients, go backward, clip, step; the model itself must change.",
)
def test_training_learns_the_last_bit(student, expect):
    """Labels that are each string's last bit are learnt: training takes any labels."""
    bits, lengths = all_strings(5)
    labels = bits[np.arange(len(bits)), lengths - 1]
    model = student.build_model(16, 7)
    student.train_model(model, bits, lengths, labels, 60, 0.03, 32, 7)
    got = expect.array(student.predict(model, bits, lengths), shape=labels.shape)
    wrong = np.flatnonzero(got != labels)
    first = {"wrong": f"{len(wrong)} of {len(labels)} strings"}
    if len(wrong):
        row = wrong[0]
        first |= {"for example": bits[row, : lengths[row]], "its label": labels[row]}
    expect.that(len(wrong) == 0, "Some strings do not get the label they were given.", given=first)


@pytest.mark.check(
    task="parity",
    section="D.5",
    function="train_model",
    hint="Handout D.5 has a ladder: lengths 1 and 2 first, then 4, then more.",
    stochastic=True,
)
def test_training_learns_parity_of_short_strings(student, expect, rng, keep):
    """With 32 units and 300 updates, the parity of all strings up to length 5 is learnt."""
    bits, lengths = all_strings(5)
    labels = np.array([row[:n].sum() % 2 for row, n in zip(bits, lengths, strict=True)])

    def train(seed):
        model = student.build_model(32, seed)
        losses = student.train_model(model, bits, lengths, labels, 300, 0.03, 64, seed)
        right = expect.array(student.predict(model, bits, lengths), shape=labels.shape) == labels
        return right.all(), losses, model

    learnt, losses, model = expect.first_good(train, (8, 9), lambda result: result[0])
    keep("training_losses", [np.arange(0, 300, 5), expect.array(losses, shape=(300,))[::5]])
    shares = []
    for length in (5, 10, 20, 50):
        longer, full = rng.integers(0, 2, size=(100, length)), np.full(100, length)
        got = expect.array(student.predict(model, longer, full), shape=(100,))
        shares.append(np.mean(got == longer.sum(axis=1) % 2))
    keep("accuracy_by_length", [(5, 10, 20, 50), shares])
    keep("hidden_state", lambda: along_a_string(exported(student, expect, model)))
    if not learnt:
        last = expect.array(losses, shape=(300,), what="losses")[-5:]
        expect.that(False, "Some strings still get the wrong parity.", got={"last losses": last})


@pytest.mark.check(
    task="parity",
    section="D.7",
    function="compare_approaches",
    hint="Two keys, fixed and random, each with an accuracy and its training losses.",
)
def test_a_small_comparison(student, expect):
    """Both approaches on a handful of strings: an accuracy and ten losses each."""
    got = student.compare_approaches(
        n=64,
        longest=6,
        steps=10,
        hidden_size=4,
        learning_rate=0.01,
        batch_size=16,
        n_test=50,
        seed=3,
    )
    got = expect.mapping(got, ("fixed", "random"))
    for name in ("fixed", "random"):
        result = expect.mapping(got[name], ("accuracy", "losses"))
        expect.array(result["losses"], shape=(10,), what=f"losses of {name}")
        share = float(expect.array(result["accuracy"], shape=(), what=f"accuracy of {name}"))
        whole = 0 <= share <= 1 and abs(share * 50 - round(share * 50)) < 1e-6
        expect.that(whole, "The accuracy should be the share of the 50 test strings.", got=got)
