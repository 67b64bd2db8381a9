"""Part D: what students get wrong when they make a model, export it and ask it for bits."""

from itertools import permutations

import numpy as np
from d_logits import ARRAYS, TOGETHER, a_model
from lstm_by_hand import lstm_logits

from autograder.diagnosis.declare import behaviour, misconception, observed, symptom


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


NEAR_ZERO = {
    "hint": "A positive logit means label 1, every other label 0.",
    "hint_2": "compare the predictions with the signs of the logits, one by one.",
}
WRONG_PREDICTIONS = [
    symptom(
        "predict-by-another-threshold",
        "predict",
        title="Logits are compared with another number than 0, or with each other.",
        **NEAR_ZERO,
    )(
        lambda seen: all(
            np.all(np.diff(np.asarray(one.got)[np.argsort(one.given["values"])]) >= 0)
            for one in seen
        )
    ),
    symptom(
        "predict-of-other-logits",
        "predict",
        title="Predictions do not follow from the logits that `logits` gives.",
        **NEAR_ZERO,
    )(lambda seen: all(np.isin(one.got, (0, 1)).all() for one in seen)),
]


@behaviour(
    "export-rounded",
    "export_weights",
    title="The exported numbers are rounded.",
    **EXPORT,
)
def rounded_numbers(student):
    exported = student.export_weights(student.build_model(6, 3))
    values = np.concatenate([np.ravel(np.asarray(exported[key], float)) for key in ARRAYS])
    return np.any(values) and any(
        np.allclose(values, values.round(k), atol=1e-9) for k in (2, 3, 4)
    )


@behaviour(
    "export-of-the-head-wrong",
    "export_weights",
    title="The head's weights or its bias are exported wrongly: sign, order or a missing bias.",
    **EXPORT,
)
def head_wrong(student):
    return only_after(
        student,
        lambda w: {"head_weight": -np.asarray(w["head_weight"])},
        lambda w: {"head_weight": np.asarray(w["head_weight"])[::-1]},
        lambda w: {"head_bias": -w["head_bias"]},
    ) or off_by_one_number(student)


def off_by_one_number(student):
    """Whether all logits differ from those of the exported weights by the same number."""
    model, weights = a_model(student)
    bits, lengths = np.array([[1, 0, 1], [0, 1, 1], [0, 0, 0]]), np.array([3, 3, 3])
    off = np.ravel(student.logits(model, bits, lengths)) - lstm_logits(weights, bits, lengths)
    return np.ptp(off) < 1e-4 < np.abs(off).min()


@behaviour(
    "export-of-another-head",
    "export_weights",
    title="The LSTM is exported rightly, its head is not: the logits are another sum of its units.",
    hint="A head with two outputs has one logit: the difference of the two.",
    hint_2="compute logits from the exported numbers alone, and compare with those of the model.",
)
def another_head(student):
    model, weights = a_model(student)
    bits = (np.arange(64)[:, np.newaxis] >> np.arange(6)) & 1
    lengths, units = np.full(64, 6), np.eye(np.size(weights["head_weight"]))
    memory = [
        lstm_logits({**weights, "head_weight": u, "head_bias": 0.0}, bits, lengths) for u in units
    ]
    known = np.column_stack([*memory, np.ones(64)])
    wanted = np.asarray(student.logits(model, bits, lengths), float).ravel()
    head = np.linalg.lstsq(known, wanted, rcond=None)[0]
    as_exported = np.append(weights["head_weight"], weights["head_bias"])
    fits = np.allclose(known @ head, wanted, atol=1e-4)
    return fits and not np.allclose(known @ as_exported, wanted, atol=1e-3)


@behaviour(
    "export-of-biases-wrong",
    "export_weights",
    title="The biases are exported wrongly: one of them, or both, are left out or doubled.",
    **EXPORT,
)
def biases_wrong(student):
    def both(factor):
        return lambda w: {k: factor * np.asarray(w[k]) for k in ("bias_ih", "bias_hh")}

    return only_after(student, both(0.0), both(0.5), both(2.0), both(-1.0))


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


@behaviour(
    "export-does-not-fit",
    "export_weights",
    title="The exported numbers do not give the model's logits.",
    **EXPORT,
)
def does_not_fit(student):
    return not export_fits(student)[0]


@behaviour(
    "model-of-zeros",
    "build_model",
    title="All initial weights are equal, so all units stay alike.",
    hint="Units that start alike get the same gradient, and stay alike.",
    hint_2="export an untrained model and look at weight_hh.",
)
def all_alike(student):
    return np.ptp(first_weights(student, 1)) == 0


@behaviour(
    "model-partly-seeded",
    "build_model",
    title="Some of the initial weights do not depend on the seed.",
    **MODEL_SEED,
)
def some_not_seeded(student):
    first, again, other = (
        student.export_weights(student.build_model(4, seed)) for seed in (1, 1, 2)
    )
    keys = ("weight_ih", "weight_hh", "head_weight")
    return any(
        not np.array_equal(first[key], again[key]) or np.array_equal(first[key], other[key])
        for key in keys
    )


@behaviour(
    "model-scaled",
    "build_model",
    title="Initial weights are much larger or smaller than torch draws them.",
    hint="The plateau at the beginning depends on the start; torch's own is up to 1/sqrt(H).",
    hint_2="export an untrained model of 16 units: no number should exceed 0.25.",
)
def another_scale(student):
    largest = np.abs(student.export_weights(student.build_model(16, 1))["weight_hh"]).max()
    return largest > 0.6 or largest < 0.05


@behaviour(
    "exported-without-a-copy",
    "export_weights",
    title="Exported arrays share their memory with the model, and change when it is trained on.",
    hint="detach() cuts a tensor from its gradient, and numpy() looks at the same memory.",
    hint_2="export, train on for a step, and compare what you exported with a copy.",
    case="wrong/exported-without-a-copy",
)
def changes_with_the_model(student):
    model = student.build_model(3, 2)
    before = student.export_weights(model)
    bits, lengths = np.array([[0, 1], [1, 1]]), np.array([2, 2])
    student.train_model(model, bits, lengths, np.array([1, 0]), 2, 0.1, 2, 1)
    _, _, after = student.afterwards("export_weights")
    return not np.array_equal(before["weight_hh"], after["weight_hh"])
