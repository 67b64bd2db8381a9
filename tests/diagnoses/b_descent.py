"""Part B: what students get wrong about the way down."""

import numpy as np
from b_plane import SQUARE, XOR
from linear_estimator import (
    mean_squared_error,
    mse_gradients,
    predict_linear,
)

from autograder.diagnosis.declare import behaviour, misconception, observed, symptom
from autograder.diagnosis.symptoms import only_where, part_wrong


def descend(X, y, learning_rate, steps, weights, bias, turn=(), up=-1.0, kept=slice(0, -1)):
    """Gradient descent from a given start.

    Args:
        turn: `weights` or `bias`, whichever moves before the other's gradient is taken.
        up: -1 to go down, 1 to climb.
        kept: which of the losses at the steps + 1 places are returned.
    """
    losses = []
    for step in range(steps + 1):
        losses.append(mean_squared_error(predict_linear(X, weights, bias), y))
        if step == steps:
            break
        by_weights, by_bias = mse_gradients(X, y, weights, bias)
        if turn == "bias":
            bias = bias + up * learning_rate * by_bias
            weights = weights + up * learning_rate * mse_gradients(X, y, weights, bias)[0]
            continue
        weights = weights + up * learning_rate * by_weights
        if turn == "weights":
            by_bias = mse_gradients(X, y, weights, bias)[1]
        bias = bias + up * learning_rate * by_bias
    return weights, bias, np.array(losses[kept])


@observed("fit_linear", right=descend, shown=("X", "y", "learning_rate", "steps"))
def descents(student, rng):
    for n, d, rate, steps in ((1, 1, 0.25, 1), (2, 2, 0.1, 1), (4, 2, 0.2, 2), (3, 3, 0.05, 3),
                              (5, 2, 0.02, 3), (6, 1, 0.3, 2), (4, 2, 2.0, 4),
                              (3, 2, 0.9, 2)):  # fmt: skip
        X, y = rng.normal(size=(n, d)).round(1), rng.integers(0, 2, size=n).astype(float)
        (weights, bias, losses), again = (student.fit_linear(X, y, rate, 0, 4) for _ in "ab")
        if len(losses) > 1 or not np.allclose(weights, again[0]):
            raise ValueError  # what follows from such a start cannot be told
        given = {"X": X, "y": y, "learning_rate": rate, "steps": steps}
        given |= {"weights": np.asarray(weights, float), "bias": float(bias)}
        yield (
            given,
            lambda X=X, y=y, rate=rate, steps=steps: student.fit_linear(X, y, rate, steps, 4),
        )


TOGETHER = {
    "hint": "Both gradients belong to the place where the step begins.",
    "hint_2": "compute one step by hand, first both gradients, then both moves.",
}


@misconception(
    "weights-move-before-the-bias",
    "fit_linear",
    title="The gradient of the bias is taken after the weights have moved.",
    **TOGETHER,
    case="wrong/weights-move-before-the-bias",
)
def weights_first(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps, weights, bias, turn="weights")


@misconception(
    "bias-moves-before-the-weights",
    "fit_linear",
    title="The gradient of the weights is taken after the bias has moved.",
    **TOGETHER,
)
def bias_first(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps, weights, bias, turn="bias")


@misconception(
    "climbs",
    "fit_linear",
    title="The gradient is added instead of subtracted, so the loss grows.",
    hint="The gradient points to where the loss grows.",
    hint_2="print your losses: do they fall?",
    case="wrong/climbs",
)
def uphill(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps, weights, bias, up=1.0)


def descend_on(chosen, X, y, learning_rate, steps, weights, bias, damping=0.0):
    """A descent with the gradient of some rows.

    Args:
        chosen: step -> the rows of each update that is made in it.
        damping: share of the move before that is made once more.
    """
    losses, moved = [], (np.zeros_like(weights), 0.0)
    for step in range(steps):
        losses.append(mean_squared_error(predict_linear(X, weights, bias), y))
        for rows in chosen(step):
            found = mse_gradients(X[rows], y[rows], weights, bias)
            moved = tuple(
                damping * m - learning_rate * g for m, g in zip(moved, found, strict=True)
            )
            weights, bias = weights + moved[0], bias + moved[1]
    return weights, bias, np.array(losses)


STEPS = {
    "hint": "`steps` says how many updates are made, no more and no less.",
    "hint_2": "count the losses after 0, 1 and 3 steps, and after 500.",
}
ALL_SAMPLES = {
    "hint": "Every step goes down the slope of the mean over all samples.",
    "hint_2": "compute one step on two samples by hand: which rows enter the gradient?",
}


@misconception(
    "one-sample-a-step",
    "fit_linear",
    title="Each step uses the gradient of one sample, in turn.",
    **ALL_SAMPLES,
    case="wrong/one-sample-a-step",
)
def one_sample_in_turn(X, y, learning_rate, steps, weights, bias):
    return descend_on(lambda step: [[step % len(X)]], X, y, learning_rate, steps, weights, bias)


@misconception(
    "an-update-for-every-sample",
    "fit_linear",
    title="Each step makes an update for every sample, one after the other.",
    **ALL_SAMPLES,
)
def update_for_every_sample(X, y, learning_rate, steps, weights, bias):
    return descend_on(
        lambda step: [[row] for row in range(len(X))], X, y, learning_rate, steps, weights, bias
    )


@misconception(
    "descent-with-momentum",
    "fit_linear",
    title="Each step goes on with a part of the step before.",
    hint="The step depends on the slope at its place, and on nothing before.",
    hint_2="compute two steps by hand.",
)
def with_momentum(X, y, learning_rate, steps, weights, bias):
    return descend_on(
        lambda step: [slice(None)], X, y, learning_rate, steps, weights, bias, damping=0.9
    )


@misconception(
    "gradient-taken-once",
    "fit_linear",
    title="The gradient is taken once and used in every step.",
    hint="The slope changes with the place.",
    hint_2="is the gradient computed inside the loop?",
)
def slope_of_the_start(X, y, learning_rate, steps, weights, bias):
    losses, found = [], mse_gradients(X, y, weights, bias)
    for _ in range(steps):
        losses.append(mean_squared_error(predict_linear(X, weights, bias), y))
        weights, bias = weights - learning_rate * found[0], bias - learning_rate * found[1]
    return weights, bias, np.array(losses)


@misconception(
    "one-step-too-few",
    "fit_linear",
    title="One step too few is made.",
    **STEPS,
)
def one_step_less(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps - 1, weights, bias)


@misconception(
    "one-step-too-many",
    "fit_linear",
    title="One step too many is made.",
    **STEPS,
)
def one_step_more(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps + 1, weights, bias)


@misconception(
    "rate-divided-by-the-step",
    "fit_linear",
    title="The learning rate falls from step to step.",
    hint="Every step takes learning_rate times the gradient.",
    hint_2="compute two steps by hand.",
)
def falling_rate(X, y, learning_rate, steps, weights, bias):
    losses = []
    for step in range(steps):
        weights, bias, loss = descend(X, y, learning_rate / (step + 1), 1, weights, bias)
        losses.append(loss[0])
    return weights, bias, np.array(losses)


@misconception(
    "rate-divided-by-the-samples",
    "fit_linear",
    title="The mean is taken a second time: steps are shorter by the number of samples.",
    hint="mse_gradients already divides by the number of samples.",
    hint_2="compute one step on two samples by hand.",
)
def averaged_once_more(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate / len(X), steps, weights, bias)


LOSSES = {
    "hint": "One loss a step: that of the place where the step begins.",
    "hint_2": "with steps=1, compare your loss with that of the initial weights.",
}


@misconception(
    "losses-after-the-update",
    "fit_linear",
    title="Each loss is that of the moved weights.",
    **LOSSES,
    case="wrong/losses-after-the-update",
)
def losses_too_late(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps, weights, bias, kept=slice(1, None))


@misconception(
    "one-loss-too-many",
    "fit_linear",
    title="The loss after the last step is appended as well.",
    **LOSSES,
    case="wrong/one-loss-too-many",
)
def all_losses(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, learning_rate, steps, weights, bias, kept=slice(None))


@misconception(
    "learning-rate-fixed",
    "fit_linear",
    title="The rate is 0.1 whatever is asked for.",
    hint="Every argument of a function should matter.",
    hint_2="compare one step with learning_rate 0.1 and 0.2.",
    case="wrong/learning-rate-fixed",
)
def always_the_same_rate(X, y, learning_rate, steps, weights, bias):
    return descend(X, y, 0.1, steps, weights, bias)


@misconception(
    "bias-never-moved",
    "fit_linear",
    title="The bias stays where it started.",
    hint="The bias is learnt like the weights.",
    hint_2="compare the bias after 0 steps and after 1.",
)
def only_weights_learn(X, y, learning_rate, steps, weights, bias):
    losses = []
    for _ in range(steps):
        losses.append(mean_squared_error(predict_linear(X, weights, bias), y))
        weights = weights - learning_rate * mse_gradients(X, y, weights, bias)[0]
    return weights, bias, np.array(losses)


@behaviour(
    "stops-when-it-is-flat",
    "fit_linear",
    title="The descent stops by itself once the loss hardly changes.",
    **STEPS,
    case="wrong/stops-when-it-is-flat",
)
def stops_by_itself(student):
    few, many = (len(student.fit_linear(SQUARE, XOR, 0.1, n, 1)[2]) for n in (3, 1500))
    return few == 3 and many < 1500


@behaviour(
    "steps-fixed",
    "fit_linear",
    title="The number of steps is fixed, whatever is asked for.",
    **STEPS,
    case="wrong/steps-fixed",
)
def always_as_many_steps(student):
    return len(student.fit_linear(SQUARE, XOR, 0.1, 3, 1)[2]) == len(
        student.fit_linear(SQUARE, XOR, 0.1, 5, 1)[2]
    )


SEED = {
    "hint": "The same seed gives the same start, another seed another one.",
    "hint_2": "compare the weights after 0 steps for seeds 1, 1 and 2.",
}


NORMAL = {
    "hint": "The docstring says how the start is drawn: standard normal, by default_rng(seed).",
    "hint_2": "print the weights after 0 steps for some seeds: how large are they?",
}


def starts(student, seeds):
    """Initial weights for some seeds."""
    return [np.asarray(student.fit_linear(SQUARE, XOR, 0.1, 0, s)[0], float) for s in seeds]


@behaviour(
    "starts-from-zero",
    "fit_linear",
    title="All weights start from zero, whatever the seed.",
    **SEED,
    case="wrong/starts-from-zero",
)
def zero_at_the_start(student):
    return not np.any(starts(student, (1, 2)))


@behaviour(
    "bias-drawn-as-the-weight",
    "fit_linear",
    title="The generator is made anew for the bias, so it starts equal to the first weight.",
    hint="Each call of default_rng(seed) begins with the same numbers; go on with one generator.",
    hint_2="print weights and bias after 0 steps: is one of them there twice?",
    case="wrong/bias-drawn-as-the-weight",
)
def bias_as_the_first_weight(student):
    fits = [student.fit_linear(SQUARE, XOR, 0.1, 0, seed) for seed in (1, 2)]
    return all(np.isclose(bias, weights[0]) for weights, bias, _ in fits)


@behaviour(
    "seed-ignored",
    "fit_linear",
    title="The seed is ignored: every start is the same.",
    **SEED,
    case="wrong/seed-ignored",
)
def every_start_the_same(student):
    first, other = starts(student, (1, 2))
    return np.allclose(first, other)


@behaviour(
    "no-seed",
    "fit_linear",
    title="The start is drawn without the seed: the same call gives something else each time.",
    **SEED,
    case="wrong/no-seed",
)
def another_start_each_time(student):
    first, again = starts(student, (1, 1))
    return not np.allclose(first, again)


FOUR_SAMPLES = (
    np.array([[0.0, 1.0], [1.0, 3.0], [2.0, -1.0], [-1.0, 0.5]]),
    np.array([1.0, -2.0, 4.0, 3.0]),
)
SOME_OF_FOUR = [[row for row in range(4) if part >> row & 1] for part in range(1, 15)]


@behaviour(
    "some-samples-a-step",
    "fit_linear",
    title="Each step uses some of the samples, drawn at random.",
    **ALL_SAMPLES,
)
def follows_some_samples(student):
    X, y = FOUR_SAMPLES
    start, bias, _ = student.fit_linear(X, y, 0.01, 0, 3)
    moved = np.asarray(student.fit_linear(X, y, 0.01, 1, 3)[0], float) - start
    found = [-0.01 * mse_gradients(X[rows], y[rows], start, bias)[0] for rows in SOME_OF_FOUR]
    return any(np.allclose(moved, move, rtol=1e-4, atol=1e-9) for move in found)


@behaviour(
    "bias-starts-from-zero",
    "fit_linear",
    title="The bias starts from zero, whatever the seed.",
    hint="The bias starts from a random number like the weights.",
    hint_2="look at the bias after 0 steps, for seeds 1 and 2.",
)
def bias_of_zero(student):
    return not any(float(student.fit_linear(SQUARE, XOR, 0.1, 0, s)[1]) for s in (1, 2))


@behaviour(
    "starts-from-uniform-numbers",
    "fit_linear",
    title="The start is drawn from the numbers between 0 and 1.",
    **NORMAL,
)
def never_negative(student):
    every = np.array(starts(student, range(12)))
    return bool(np.all((every >= 0) & (every < 1)))


@behaviour(
    "starts-near-zero",
    "fit_linear",
    title="The start is scaled down: all numbers are near zero.",
    **NORMAL,
)
def all_small(student):
    every = np.array(starts(student, range(12)))
    return bool(np.any(every)) and bool(np.all(np.abs(every) < 0.2))


@behaviour(
    "starts-of-another-generator",
    "fit_linear",
    title="The start is drawn by NumPy's old generator, np.random.seed.",
    **NORMAL,
)
def old_generator(student):
    old = np.random.RandomState(1).normal(size=2)
    return np.allclose(starts(student, (1,))[0], old)


@behaviour(
    "fit-returns-no-bias",
    "fit_linear",
    title="Weights and losses come back, without the bias.",
    hint="Three results are due, in this order: weights, bias, losses.",
    hint_2="count what your return statement holds.",
    case="wrong/fit-returns-no-bias",
)
def two_results(student):
    return len(student.fit_linear(SQUARE, XOR, 0.1, 3, 1)) == 2


def places_on_the_way(X, y, learning_rate, steps, weights, bias):
    """Weights and bias before each step, and after the last."""
    return [descend(X, y, learning_rate, n, weights, bias)[:2] for n in range(steps + 1)]


LAST = {
    "hint": "What comes back is where the last of the steps has led, and nothing else.",
    "hint_2": "compute three steps by hand at a rate so large that the loss grows.",
}


@misconception(
    "keeps-the-best",
    "fit_linear",
    title="The weights with the smallest loss on the way come back, not the last.",
    **LAST,
)
def best_on_the_way(X, y, learning_rate, steps, weights, bias):
    places = places_on_the_way(X, y, learning_rate, steps, weights, bias)
    losses = descend(X, y, learning_rate, steps, weights, bias)[2]
    return *places[int(np.argmin(losses))], losses


@misconception(
    "keeps-the-best-of-all",
    "fit_linear",
    title="The best weights on the way come back, the last included, not always the last.",
    **LAST,
)
def best_of_all(X, y, learning_rate, steps, weights, bias):
    places = places_on_the_way(X, y, learning_rate, steps, weights, bias)
    losses = descend(X, y, learning_rate, steps, weights, bias, kept=slice(None))[2]
    return *places[int(np.argmin(losses))], losses[:-1]


@misconception(
    "averages-the-way",
    "fit_linear",
    title="The mean of all weights on the way comes back, not the last.",
    **LAST,
)
def mean_of_the_way(X, y, learning_rate, steps, weights, bias):
    places = places_on_the_way(X, y, learning_rate, steps, weights, bias)[1:]
    losses = descend(X, y, learning_rate, steps, weights, bias)[2]
    return np.mean([w for w, _ in places], axis=0), float(np.mean([b for _, b in places])), losses


@misconception(
    "stops-when-the-loss-grows",
    "fit_linear",
    title="The descent ends, or goes no further, once the loss grows.",
    **STEPS,
)
def stays_when_it_grows(X, y, learning_rate, steps, weights, bias):
    losses = [mean_squared_error(predict_linear(X, weights, bias), y)]
    for _ in range(steps):
        moved = descend(X, y, learning_rate, 1, weights, bias)[:2]
        losses.append(mean_squared_error(predict_linear(X, *moved), y))
        if losses[-1] <= losses[-2]:
            weights, bias = moved
        else:
            losses[-1] = losses[-2]
    return weights, bias, np.array(losses[:-1])


@misconception(
    "descends-by-unit-steps",
    "fit_linear",
    title="Each step has the length of the learning rate, however steep the error is.",
    hint="A step is the learning rate times the gradient: long where it is steep.",
    hint_2="compute one step by hand: by how much do weights and bias move?",
)
def steps_of_one_length(X, y, learning_rate, steps, weights, bias):
    losses = []
    for _ in range(steps):
        losses.append(mean_squared_error(predict_linear(X, weights, bias), y))
        found = np.append(*mse_gradients(X, y, weights, bias))
        found = found / (np.linalg.norm(found) or 1.0)
        weights, bias = weights - learning_rate * found[:-1], bias - learning_rate * found[-1]
    return weights, bias, np.array(losses)


@misconception(
    "rate-falls-slowly",
    "fit_linear",
    title="The learning rate falls linearly to 0 over the steps.",
    hint="The learning rate stays what was asked for, in every step.",
    hint_2="compute two steps by hand with the same rate.",
)
def linear_decay(X, y, learning_rate, steps, weights, bias):
    losses = []
    for step in range(steps):
        rate = learning_rate * (1 - step / steps)
        losses.append(mean_squared_error(predict_linear(X, weights, bias), y))
        weights, bias, _ = descend(X, y, rate, 1, weights, bias)
    return weights, bias, np.array(losses)


@misconception(
    "losses-are-roots",
    "fit_linear",
    title="The losses are roots of the mean squared errors.",
    **LOSSES,
)
def root_losses(X, y, learning_rate, steps, weights, bias):
    weights, bias, losses = descend(X, y, learning_rate, steps, weights, bias)
    return weights, bias, np.sqrt(losses)


@misconception(
    "losses-add-up",
    "fit_linear",
    title="The losses are added up from step to step.",
    **LOSSES,
)
def losses_so_far(X, y, learning_rate, steps, weights, bias):
    weights, bias, losses = descend(X, y, learning_rate, steps, weights, bias)
    return weights, bias, np.cumsum(losses)


@misconception(
    "fit-with-centred-inputs",
    "fit_linear",
    title="The columns are centred before they are fitted.",
    hint="The descent runs on X as it is.",
    hint_2="compute one step by hand on X as it is.",
)
def on_centred_inputs(X, y, learning_rate, steps, weights, bias):
    return descend(X - X.mean(axis=0), y, learning_rate, steps, weights, bias)


def descent_symptoms(function, stem, place, names):
    """What may be seen of any descent.

    Args:
        stem: how the symptoms' ids begin.
        place: indices of the parts of a result that say where the descent ends.
        names: what these parts are called.
    """
    loss = place[-1] + 1
    declare = [
        (
            "losses-alone-wrong",
            part_wrong(loss),
            "The descent is right, but its list of losses is not.",
            LOSSES,
        ),
        (
            "end-alone-wrong",
            lambda seen: any(
                part_wrong(*some)(seen) for some in (place, *((index,) for index in place))
            ),
            "The losses are right, but what comes back is not the place after the last step.",
            LAST,
        ),
        *(
            (
                f"{name}-take-another-step",
                lambda seen, key=key: part_wrong(key)([s for s in seen if s.given["steps"] == 1]),
                f"One step moves only the {name} to another place; all else is right.",
                ALL_SAMPLES,
            )
            for key, name in zip(place, names, strict=True)
        ),
        (
            "wrong-from-the-second-step",
            only_where(lambda given: given["steps"] > 1),
            "One step is right, several are not: something is not renewed between the steps.",
            {
                "hint": "Every step begins where the one before has ended, with a new gradient.",
                "hint_2": "compute two steps by hand and compare; then look at what a step keeps.",
            },
        ),
        (
            "wrong-at-large-rates",
            only_where(lambda given: given["learning_rate"] > 0.5),
            "The descent is right at small learning rates only: large ones are limited.",
            {
                "hint": "The learning rate is what was asked for, even if the loss grows.",
                "hint_2": "compute one step by hand at a rate of 2.",
            },
        ),
        (
            "wrong-over-several-samples",
            only_where(lambda given: len(given["y"]) > 1),
            "The descent is right on one sample; several are combined in a wrong way.",
            ALL_SAMPLES,
        ),
        (
            "follows-another-slope",
            lambda seen: all(np.all(np.isfinite(one.got[loss])) for one in seen),
            "The steps start right, but do not follow the gradient of the mean squared error.",
            ALL_SAMPLES,
        ),
    ]
    return [
        symptom(f"{stem}-{name}", function, title=title, **hints)(tells)
        for name, tells, title, hints in declare
    ]


WRONG_DESCENTS = descent_symptoms("fit_linear", "fit", (0, 1), ("weights", "bias"))
