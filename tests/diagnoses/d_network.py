"""Part D: what students get wrong between a string and its logit.

A network is judged by its exported weights: on them, each misconception is a few lines of
numpy, as the right answer is.
"""

from itertools import permutations

import numpy as np
from lstm_by_hand import lstm_logits

from autograder.diagnosis.declare import behaviour, misconception, observed

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


def export_fits(student, *changes):
    """Whether exported weights give the student's logits, and do after one of some changes."""
    model, weights = a_model(student)
    bits, lengths = np.array([[1, 0, 1, 1, 0], [0, 1, 1, 0, 1]]), np.array([5, 5])
    wanted = np.asarray(student.logits(model, bits, lengths), float).ravel()

    def fits(changed):
        return np.allclose(lstm_logits(changed, bits, lengths), wanted, atol=1e-4)

    return fits(weights), any(fits({**weights, **change(weights)}) for change in changes)


def only_after(student, *changes):
    before, after = export_fits(student, *changes)
    return after and not before


EXPORT = {
    "hint": "From these numbers alone, others must get your logits.",
    "hint_2": "run one step by hand from what you export, gate by gate: i, f, g, o.",
}


def gates(array, order):
    parts = np.split(np.asarray(array), 4)
    return np.concatenate([parts[k] for k in order])


@behaviour(
    "export-in-another-gate-order",
    "export_weights",
    title="The gates are exported in another order than i, f, g, o.",
    **EXPORT,
    case="wrong/export-in-another-gate-order",
)
def another_gate_order(student):
    def reordered(order, keys):
        return lambda weights: {key: gates(weights[key], order) for key in keys}

    orders = [order for order in permutations(range(4)) if order != (0, 1, 2, 3)]
    sets = (ARRAYS, ("weight_hh",), ("weight_ih",), ("weight_ih", "weight_hh"))
    return only_after(student, *(reordered(order, keys) for order in orders for keys in sets))


@behaviour(
    "export-transposed",
    "export_weights",
    title="weight_hh is transposed, gate by gate.",
    **EXPORT,
    case="wrong/export-transposed",
)
def transposed(student):
    def turned(weights):
        parts = np.split(np.asarray(weights["weight_hh"]), 4)
        return {"weight_hh": np.concatenate([part.T for part in parts])}

    return only_after(student, turned)


@behaviour(
    "export-adds-biases-twice",
    "export_weights",
    title="A bias counts twice: the sum of both stands beside one of them.",
    hint="The LSTM adds bias_ih and bias_hh by itself.",
    hint_2="if one of the two holds their sum, the other must be zero.",
    case="wrong/export-adds-biases-twice",
)
def biases_twice(student):
    return only_after(
        student,
        lambda w: {"bias_ih": np.asarray(w["bias_ih"]) - np.asarray(w["bias_hh"])},
        lambda w: {"bias_hh": np.asarray(w["bias_hh"]) - np.asarray(w["bias_ih"])},
        lambda w: {"bias_hh": 0.0 * np.asarray(w["bias_hh"])},
    )


@behaviour(
    "export-of-other-inputs",
    "export_weights",
    title="zero and one are not what the LSTM is fed for a bit.",
    hint="zero and one say what your LSTM gets for a 0 and for a 1.",
    hint_2="which number do you hand to the LSTM for a 0?",
    case="wrong/export-of-other-inputs",
)
def other_inputs(student):
    def fed(zero, one):
        return lambda _: {"zero": np.array([zero]), "one": np.array([one])}

    return only_after(student, fed(0.0, 1.0), fed(-1.0, 1.0), fed(1.0, 0.0), fed(1.0, -1.0))


@behaviour(
    "export-of-another-model",
    "export_weights",
    title="The exported weights are not those of the model that was handed over.",
    **EXPORT,
    case="wrong/export-of-the-untrained-model",
)
def another_model(student):
    first, again = student.build_model(4, 1), student.build_model(4, 1)
    exported = [np.asarray(student.export_weights(model)["weight_hh"]) for model in (first, again)]
    bits, lengths = TOGETHER
    asked = [np.asarray(student.logits(model, bits, lengths)) for model in (first, again)]
    return (
        np.allclose(*asked)
        and not export_fits(student)[0]
        and not np.allclose(exported[0], first_weights(student, 2))
    )


def first_weights(student, seed):
    return np.asarray(student.export_weights(student.build_model(4, seed))["weight_hh"])


@behaviour(
    "export-misses-a-name",
    "export_weights",
    title="An exported name is missing.",
    hint="The docstring lists nine names.",
    hint_2="compare your keys with those of the docstring.",
    case="wrong/export-misses-a-name",
)
def name_missing(student):
    names = {*ARRAYS, "architecture", "zero", "one", "head_weight", "head_bias"}
    return bool(names - set(student.export_weights(student.build_model(4, 1))))


@behaviour(
    "export-in-wrong-shape",
    "export_weights",
    title="An exported array has another shape than the docstring says.",
    hint="Who reads your weights counts on their shapes.",
    hint_2="print the shape of each array for 4 units, and compare it with the docstring.",
    case="wrong/export-in-wrong-shape",
)
def another_shape(student):
    try:
        a_model(student)
    except ValueError:
        return True
    return False


@observed("predict", shown=(), right=lambda values: (values > 0).astype(int))
def predictions(student, rng):
    for seed in range(6):
        model = student.build_model(6, seed)
        bits, lengths = rng.integers(0, 2, (12, 5)), rng.integers(1, 6, 12)
        values = np.asarray(student.logits(model, bits, lengths), float).ravel()
        yield {"values": values}, lambda m=model, b=bits, n=lengths: student.predict(m, b, n)


ZERO = {
    "hint": "A logit of 0 is a probability of one half.",
    "hint_2": "compare sigmoid(0), sigmoid(0.5) and 0.5.",
}


@misconception(
    "predict-by-one-half",
    "predict",
    title="Logits are compared with 0.5, as if they were probabilities.",
    **ZERO,
    case="wrong/predict-by-one-half",
)
def above_one_half(values):
    return (values > 0.5).astype(int)


@misconception(
    "predict-inverted",
    "predict",
    title="Predictions are inverted: 1 where the logit is negative.",
    **ZERO,
    case="wrong/predict-inverted",
)
def below_zero(values):
    return (values < 0).astype(int)


@misconception(
    "predict-probabilities",
    "predict",
    title="Probabilities come back where predictions are due.",
    **ZERO,
)
def as_probabilities(values):
    return 1 / (1 + np.exp(-values))


@misconception(
    "predict-floats",
    "predict",
    title="Predictions come back as floats.",
    hint="The values are right; their kind is not.",
    hint_2="look at the dtype of what you return, and at astype.",
    case="wrong/predict-floats",
)
def as_floats(values):
    return (values > 0).astype(float)


@misconception(
    "predict-signs",
    "predict",
    title="Predictions are -1 and 1, not 0 and 1.",
    hint="A label is 0 or 1.",
    hint_2="look at the prediction where the logit is negative.",
)
def as_signs(values):
    return np.where(values > 0, 1, -1)


@misconception(
    "predict-logits",
    "predict",
    title="Logits come back where predictions are due.",
    **ZERO,
)
def logits_themselves(values):
    return values


@misconception(
    "predict-one-label",
    "predict",
    title="The label 1 is predicted for every string.",
    **ZERO,
)
def always_one(values):
    return np.ones(len(values), dtype=int)


def model_weights(student, seed):
    return first_weights(student, seed)


MODEL_SEED = {
    "hint": "The same seed gives the same model, another seed another one.",
    "hint_2": "call torch.manual_seed(seed) before the layers are made, and export three models.",
}


@behaviour(
    "model-seeded-alike",
    "build_model",
    title="The seed is ignored: every model is the same.",
    **MODEL_SEED,
    case="wrong/model-seeded-alike",
)
def every_model_the_same(student):
    return np.array_equal(model_weights(student, 1), model_weights(student, 2))


@behaviour(
    "model-without-seed",
    "build_model",
    title="The seed is not used: the same call gives another model each time.",
    **MODEL_SEED,
    case="wrong/model-without-seed",
)
def another_model_each_time(student):
    return not np.array_equal(model_weights(student, 1), model_weights(student, 1))


@behaviour(
    "hidden-size-ignored",
    "build_model",
    title="The number of units is fixed, whatever is asked for.",
    hint="hidden_size is the number of LSTM units.",
    hint_2="export a model of 3 units and look at the shapes.",
    case="wrong/hidden-size-ignored",
)
def always_as_many_units(student):
    sizes = [
        np.size(student.export_weights(student.build_model(n, 1))["head_weight"]) for n in (3, 5)
    ]
    return sizes[0] == sizes[1]
