"""Part D: what students get wrong between a string and its logit.

A network is judged by its exported weights: on them, each misconception is a few lines of
numpy, as the right answer is.
"""

import numpy as np
from lstm_by_hand import lstm_logits

from autograder.diagnosis.declare import behaviour, misconception, observed, symptom
from autograder.diagnosis.symptoms import only_where, related

ARRAYS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def a_model(student, units=6, seed=3):
    """A model of the student's, and its weights if they are of the shapes that are due."""
    model = student.build_model(units, seed)
    weights = student.export_weights(model)
    shapes = {
        "weight_ih": (4 * units, np.size(weights["zero"])),
        "weight_hh": (4 * units, units),
        "bias_ih": (4 * units,),
        "bias_hh": (4 * units,),
        "head_weight": (units,),
        "head_bias": (),
    }
    if any(np.shape(weights[key]) != shape for key, shape in shapes.items()):
        raise ValueError
    return model, weights


def strings(rng):
    """Strings without padding, then padded ones, then many."""
    for n, longest in ((1, 1), (1, 3), (2, 4)):
        yield rng.integers(0, 2, (n, longest)), np.full(n, longest)
    yield np.array([[1, 0, 1, 1], [0, 1, 1, 0]]), np.array([2, 3])
    for n, longest in ((3, 5), (5, 6), (4, 8), (8, 9)):
        yield rng.integers(0, 2, (n, longest)), rng.integers(1, longest + 1, n)


@observed("logits", right=lstm_logits, shown=(), tolerance=1e-4)
def answers_of_models(student, rng):
    for seed in (3, 4):
        model, weights = a_model(student, seed=seed)
        for bits, lengths in strings(rng):
            given = {"weights": weights, "bits": bits, "lengths": lengths}
            yield given, lambda m=model, b=bits, n=lengths: student.logits(m, b, n)


END = {
    "hint": "The answer is the state after a string's own last bit, wherever the row ends.",
    "hint_2": "change the bits after the end of a string: its logit should stay.",
}


@misconception(
    "last-padded-step-read",
    "logits",
    title="The last column is read, padding included, whatever the length.",
    **END,
    case="wrong/last-column",
)
def last_column(weights, bits, lengths):
    return lstm_logits(weights, bits, np.full(len(bits), bits.shape[1]))


@misconception(
    "end-of-the-longest-read",
    "logits",
    title="All strings are read to the end of the longest in the batch.",
    **END,
)
def end_of_the_longest(weights, bits, lengths):
    return lstm_logits(weights, bits, np.full(len(bits), lengths.max()))


@misconception(
    "first-column-read",
    "logits",
    title="The state after the first bit is read.",
    **END,
    case="wrong/first-column",
)
def first_column(weights, bits, lengths):
    return lstm_logits(weights, bits, np.ones_like(lengths))


@misconception(
    "one-bit-too-early",
    "logits",
    title="The state before the last bit is read.",
    hint="Python counts from 0: after L bits the state stands at column L - 1.",
    hint_2="which column do you read for a string of length 1, and for one of length 2?",
    case="wrong/one-bit-too-early",
)
def before_the_last(weights, bits, lengths):
    return lstm_logits(weights, bits, np.maximum(lengths - 1, 1))


@misconception(
    "one-bit-too-late",
    "logits",
    title="The state after the first bit of the padding is read.",
    hint="Python counts from 0: after L bits the state stands at column L - 1.",
    hint_2="which column do you read for a string of length 1, and for one of length 2?",
    case="wrong/one-bit-too-late",
)
def after_the_end(weights, bits, lengths):
    return lstm_logits(weights, bits, np.minimum(lengths + 1, bits.shape[1]))


@misconception(
    "mean-over-the-steps",
    "logits",
    title="The mean over all steps is taken instead of the last state.",
    **END,
    case="wrong/mean-over-the-steps",
)
def mean_of_all_steps(weights, bits, lengths):
    each = [lstm_logits(weights, bits, np.full(len(bits), t + 1)) for t in range(bits.shape[1])]
    return np.array([np.mean([step[i] for step in each[:n]]) for i, n in enumerate(lengths)])


@misconception(
    "mean-over-the-row",
    "logits",
    title="The mean over all columns is taken, padding included.",
    **END,
)
def mean_of_the_row(weights, bits, lengths):
    return mean_of_all_steps.gives(weights, bits, np.full(len(bits), bits.shape[1]))


AXES = {
    "hint": "An LSTM must be told which axis is time and which is the batch.",
    "hint_2": "compare a logit alone with the same among others: batch_first, transpose.",
}


@misconception(
    "batch-taken-for-time",
    "logits",
    title="batch_first is missing: the LSTM reads down the batch instead of along the string.",
    **AXES,
    case="wrong/batch-taken-for-time",
)
def down_the_batch(weights, bits, lengths):
    rows = np.arange(len(bits))
    return lstm_logits(weights, bits.T[lengths - 1], rows + 1)


@misconception(
    "reshaped-not-transposed",
    "logits",
    title="reshape mixes the strings where a transpose is due.",
    **AXES,
    case="wrong/reshaped-not-transposed",
)
def reshaped(weights, bits, lengths):
    return lstm_logits(weights, bits.reshape(bits.shape[1], len(bits)).T, lengths)


@misconception(
    "answers-in-sorted-order",
    "logits",
    title="Strings are sorted by length for packing, and their answers never put back in order.",
    hint="Answer i belongs to row i.",
    hint_2="compare the logits of a batch with those of the same strings in another order.",
)
def in_sorted_order(weights, bits, lengths):
    return lstm_logits(weights, bits, lengths)[np.argsort(-lengths, kind="stable")]


@misconception(
    "strings-read-backwards",
    "logits",
    title="Strings are read from their last bit to the first.",
    hint="The exported network reads from left to right.",
    hint_2="compare the logits of 100 and 001 with what your weights give.",
)
def backwards(weights, bits, lengths):
    turned = bits.copy()
    for row, length in zip(turned, lengths, strict=True):
        row[:length] = row[:length][::-1].copy()
    return lstm_logits(weights, turned, lengths)


@misconception(
    "first-bit-skipped",
    "logits",
    title="The first bit makes no difference.",
    hint="Every bit of a string must be able to change its logit.",
    hint_2="compare the logits of 0 and 1, and of 00 and 10.",
    case="wrong/first-bit-skipped",
)
def first_bit_as_zero(weights, bits, lengths):
    return lstm_logits(weights, bits * (np.arange(bits.shape[1]) > 0), lengths)


@misconception(
    "probabilities-for-logits",
    "logits",
    title="The sigmoid is already applied: probabilities come back.",
    hint="A logit may be any number; it is what comes before the sigmoid.",
    hint_2="is any of your logits negative?",
    case="wrong/probabilities-for-logits",
)
def probabilities(weights, bits, lengths):
    return 1 / (1 + np.exp(-lstm_logits(weights, bits, lengths)))


@misconception(
    "labels-for-logits",
    "logits",
    title="Zeros and ones come back instead of logits.",
    hint="predict compares with 0; logits does not yet.",
    hint_2="compare what logits and predict are asked to return.",
    case="wrong/labels-for-logits",
)
def labels(weights, bits, lengths):
    return lstm_logits(weights, bits, lengths) > 0


@misconception(
    "logits-with-the-wrong-sign",
    "logits",
    title="The logits have the wrong sign.",
    hint="A positive logit means label 1.",
    hint_2="compare your logits with head_weight . h + head_bias.",
)
def turned_round(weights, bits, lengths):
    return -lstm_logits(weights, bits, lengths)


@misconception(
    "logits-without-head-bias",
    "logits",
    title="The head's bias is left out.",
    hint="The logit is head_weight . h + head_bias.",
    hint_2="compare your logits with what your exported weights give.",
)
def without_head_bias(weights, bits, lengths):
    return lstm_logits({**weights, "head_bias": 0.0}, bits, lengths)


@misconception(
    "column-of-logits",
    "logits",
    title="Logits come back as a column: shape (n, 1) instead of (n,).",
    hint="One number a string is due.",
    hint_2="look at the shape of your result, and at squeeze.",
    case="wrong/column-of-logits",
)
def as_a_column(weights, bits, lengths):
    return lstm_logits(weights, bits, lengths)[:, np.newaxis]


TOGETHER = np.array([[1, 0, 1], [0, 1, 1], [1, 1, 0]]), np.array([3, 3, 3])


@behaviour(
    "state-leaked-between-calls",
    "logits",
    title="State leaks from call to call: the same question gets another answer.",
    hint="Every string starts from the zero state.",
    hint_2="call logits twice with the same strings.",
    case="wrong/state-kept-between-calls",
)
def remembers(student):
    model = student.build_model(6, 3)
    first, again = (np.asarray(student.logits(model, *TOGETHER), float) for _ in range(2))
    return not np.allclose(first, again, atol=1e-5)


@behaviour(
    "strings-see-each-other",
    "logits",
    title="A string's logit depends on what else is in the batch.",
    **AXES,
    case="wrong/batch-normalised",
)
def not_alone(student):
    model = student.build_model(6, 3)
    bits, lengths = TOGETHER
    together = np.asarray(student.logits(model, bits, lengths), float)
    alone = [student.logits(model, bits[i : i + 1], lengths[i : i + 1]) for i in range(3)]
    return not np.allclose(together.ravel(), np.ravel(alone), atol=1e-4)


HEAD = {
    "hint": "The logit is head_weight . h + head_bias, and nothing comes after that.",
    "hint_2": "compare your logits with what your exported weights give.",
}


@misconception(
    "padding-zeroed-and-read",
    "logits",
    title="Padding is set to zero and read: a zero changes an LSTM's state like any other input.",
    hint="To an LSTM a zero is an input as well; only its own bits may move a string's state.",
    hint_2="make the array wider by a column of zeros: the logits should stay.",
    case="wrong/padding-zeroed-and-read",
)
def zeroed_padding(weights, bits, lengths):
    own = np.arange(bits.shape[1]) < lengths[:, np.newaxis]
    return lstm_logits(weights, bits * own, np.full(len(bits), bits.shape[1]))


@misconception(
    "padding-zeroed-and-read-to-the-longest",
    "logits",
    title="Padding is set to zero and read to the end of the longest string in the batch.",
    hint="To an LSTM a zero is an input as well; only its own bits may move a string's state.",
    hint_2="compare a short string alone with the same beside a longer one.",
)
def zeroed_to_the_longest(weights, bits, lengths):
    own = np.arange(bits.shape[1]) < lengths[:, np.newaxis]
    return lstm_logits(weights, bits * own, np.full(len(bits), lengths.max()))


@misconception(
    "strings-aligned-right",
    "logits",
    title="Strings are moved to the end of their row, and the zeros before them are read.",
    hint="A string begins with its first bit, from the zero state.",
    hint_2="make the array wider by a column: the logits should stay.",
)
def aligned_right(weights, bits, lengths):
    moved = np.zeros_like(bits)
    for row, (string, length) in enumerate(zip(bits, lengths, strict=True)):
        moved[row, bits.shape[1] - length :] = string[:length]
    return lstm_logits(weights, moved, np.full(len(bits), bits.shape[1]))


def unrolled(weights, bits):
    """Hidden states and cells after every bit, each of shape (n, T, H)."""
    fed = np.stack([weights["zero"], weights["one"]]) @ weights["weight_ih"].T
    fed = fed + weights["bias_ih"] + weights["bias_hh"]
    h = c = np.zeros((len(bits), len(weights["head_weight"])))
    hidden, cells = [], []
    for column in bits.T:
        i, f, g, o = np.split(fed[column] + h @ weights["weight_hh"].T, 4, axis=1)
        i, f, o = (0.5 * (1.0 + np.tanh(0.5 * gate)) for gate in (i, f, o))
        c = f * c + i * np.tanh(g)
        h = o * np.tanh(c)
        hidden.append(h)
        cells.append(c)
    return np.stack(hidden, axis=1), np.stack(cells, axis=1)


def answered(weights, states):
    """The head's answer to a state for each string."""
    return states @ weights["head_weight"] + float(weights["head_bias"])


def at_the_end(states, lengths):
    """Each string's state after its own last bit."""
    return states[np.arange(len(states)), lengths - 1]


CELL = {
    "hint": "An LSTM returns its states, and beside them the pair (h, c) of the last step.",
    "hint_2": "compare your logits with head_weight . h + head_bias, and with c in the place of h.",
}


@misconception(
    "cell-read-for-the-hidden-state",
    "logits",
    title="The head reads the cell c where the hidden state h is due.",
    **CELL,
)
def cell_read(weights, bits, lengths):
    _, cells = unrolled(weights, bits)
    return answered(weights, at_the_end(cells, lengths))


@misconception(
    "cell-read-at-the-end-of-the-row",
    "logits",
    title="The head reads the cell c of the last column where the hidden state h is due.",
    **CELL,
)
def last_cell_read(weights, bits, lengths):
    return answered(weights, unrolled(weights, bits)[1][:, -1])


@misconception(
    "largest-over-the-steps",
    "logits",
    title="The largest value of each unit over the steps is taken instead of the last state.",
    **END,
)
def largest_of_all_steps(weights, bits, lengths):
    hidden, _ = unrolled(weights, bits)
    return answered(
        weights, np.stack([each[:n].max(axis=0) for each, n in zip(hidden, lengths, strict=True)])
    )


@misconception(
    "relu-before-the-head",
    "logits",
    title="The hidden state passes a ReLU before the head reads it.",
    hint="The head is a weighted sum of the hidden state, and nothing stands between the two.",
    hint_2="compare your logits with head_weight . h + head_bias.",
)
def relu_before_the_head(weights, bits, lengths):
    hidden, _ = unrolled(weights, bits)
    return answered(weights, np.maximum(at_the_end(hidden, lengths), 0.0))


@misconception(
    "sum-over-the-steps",
    "logits",
    title="The logits of all steps are added up instead of taking the last.",
    **END,
)
def sum_of_all_steps(weights, bits, lengths):
    each = [lstm_logits(weights, bits, np.full(len(bits), t + 1)) for t in range(bits.shape[1])]
    return np.array([np.sum([step[i] for step in each[:n]]) for i, n in enumerate(lengths)])


@misconception(
    "state-after-the-last-one",
    "logits",
    title="The state after the last 1 is read: zeros at the end of a string are skipped.",
    **END,
)
def after_the_last_one(weights, bits, lengths):
    own = bits * (np.arange(bits.shape[1]) < lengths[:, np.newaxis])
    ends = [max(np.flatnonzero(row), default=0) + 1 for row in own]
    return lstm_logits(weights, bits, np.array(ends))


@misconception(
    "tanh-of-the-logits",
    "logits",
    title="The logits pass a tanh, so they stay between -1 and 1.",
    hint="A logit may be any number; it is what comes before the sigmoid.",
    hint_2="compare your logits with head_weight . h + head_bias.",
)
def squashed(weights, bits, lengths):
    return np.tanh(lstm_logits(weights, bits, lengths))


@misconception(
    "bits-inverted-before-the-network",
    "logits",
    title="Bits are turned round before they are fed, against what is exported.",
    hint="zero and one say what the network is fed for a 0 and for a 1.",
    hint_2="compare the logits of 0 and 1 with what your weights give.",
)
def inverted_bits(weights, bits, lengths):
    return lstm_logits(weights, 1 - bits, lengths)


def padded(given):
    return np.any(given["lengths"] < given["bits"].shape[1])


def rising(got, right):
    return np.all(np.diff(got[np.argsort(right)]) >= -1e-6)


WRONG_LOGITS = [
    symptom(
        "logits-wrong-with-padding",
        "logits",
        title="Logits are right where all strings fill their rows: padding, or the width of the "
        "array, changes them.",
        **END,
    )(only_where(padded)),
    symptom(
        "logits-wrong-in-a-batch",
        "logits",
        title="A string alone gets its logit, several together do not.",
        **AXES,
    )(only_where(lambda given: len(given["lengths"]) > 1)),
    symptom(
        "logits-wrong-after-one-bit",
        "logits",
        title="Logits of single bits are right, those of longer strings are not: the state is "
        "carried on in a wrong way.",
        hint="Hidden state and cell state go from bit to bit, from zero at the beginning.",
        hint_2="compare the logits of 1 and of 10 with what your weights give.",
    )(only_where(lambda given: given["lengths"].max() > 1)),
    symptom(
        "logits-of-another-scale",
        "logits",
        title="Logits are in the right order, but not those of the exported head.",
        **HEAD,
    )(related(rising)),
]
