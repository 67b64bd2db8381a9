"""Part E: what students get wrong when they train a recurrent network.

Where a batch is all sequences there is nothing to draw, and every loss and parameter
follows from the start. Seeds and batches are left to a few experiments.
"""

import numpy as np
from e_gradient import chances, clipped
from e_network import network
from rnn import rnn_backward

from autograder.diagnosis.declare import behaviour, misconception, symptom, trials
from autograder.diagnosis.symptoms import only_where, part_wrong


def starts(rng, n, length, symbols=3, hidden=2, scale=1.0):
    """Parameters, sequences and targets; a large scale makes for long gradients."""
    parameters = network(rng, symbols, hidden)
    parameters["V"] = scale * parameters["V"]
    tokens = rng.integers(0, symbols, (n, length))
    return {"parameters": parameters, "tokens": tokens, "targets": chances(rng, n, length, symbols)}


@trials("train_rnn")
def trainings(rng):
    for steps, size, scale in (
        *((1, (2, 1), 1.0), (2, (2, 1), 1.0), (2, (2, 1), 16.0), (4, (2, 1), 16.0)),
        *((5, (3, 2), 1.0), (5, (3, 2), 4.0), (5, (3, 2), 16.0)),
    ):
        given = starts(rng, 2, 3, *size, scale)
        yield {**given, "steps": steps, "learning_rate": 0.1, "batch_size": 2, "seed": 3}


def clipped_one_by_one(gradients):
    return {name: value / max(1.0, np.sqrt(np.sum(value**2))) for name, value in gradients.items()}


def half_wave(rate, step, steps):
    return rate * (1.0 + np.cos(np.pi * step / steps)) / 2.0


def adam(mean, square, count, *, first=0.9, second=0.999):
    """The direction of a step, from the running means and how many gradients are in them."""
    return mean / (1.0 - first**count) / (np.sqrt(square / (1.0 - second**count)) + 1e-8)


def train(parameters, tokens, targets, steps, rate, *, clip=clipped, fall=half_wave, move=adam,
          first=0.9, second=0.999, fixed=()):  # fmt: skip
    """Every stage of the parameters, and the loss at each: so one may return any of them."""
    now = {name: np.array(value, dtype=float) for name, value in parameters.items()}
    means = {name: np.zeros_like(value) for name, value in now.items()}
    squares, stages, losses = dict(means), [now], []
    for step in range(steps):
        loss, gradients = rnn_backward(now, tokens, targets)
        losses.append(loss)
        gradients = clip(gradients)
        means = {k: first * v + (1.0 - first) * gradients[k] for k, v in means.items()}
        squares = {k: second * v + (1.0 - second) * gradients[k] ** 2 for k, v in squares.items()}
        pace = fall(rate, step, steps)
        now = {
            k: v if k in fixed else v - pace * move(means[k], squares[k], step + 1)
            for k, v in now.items()
        }
        stages.append(now)
    return stages, np.array(losses)


def last(found):
    stages, losses = found
    return stages[-1], losses


def trained_with(**changes):
    """Training on all sequences, with some of the changes of `train`."""
    return lambda parameters, tokens, targets, steps, rate, batch_size, seed: last(
        train(parameters, tokens, targets, steps, rate, **changes)
    )


ADAM = {
    "hint": "Both running means start at zero; dividing by 1 - 0.9^(s+1), and the like, makes up.",
    "hint_2": "after one update every parameter has moved by the learning rate: compare.",
}


@misconception(
    "adam-without-correction",
    "train_rnn",
    title="The running mean of the gradient is not corrected for its start at zero.",
    **ADAM,
    case="wrong/adam-without-correction",
)
def mean_not_corrected(parameters, tokens, targets, steps, rate, batch_size, seed):
    def move(mean, square, count):
        return mean / (np.sqrt(square / (1.0 - 0.999**count)) + 1e-8)

    return last(train(parameters, tokens, targets, steps, rate, move=move))


@misconception(
    "adam-without-any-correction",
    "train_rnn",
    title="Neither running mean is corrected for its start at zero.",
    **ADAM,
)
def nothing_corrected(parameters, tokens, targets, steps, rate, batch_size, seed):
    def move(mean, square, count):
        return mean / (np.sqrt(square) + 1e-8)

    return last(train(parameters, tokens, targets, steps, rate, move=move))


@misconception(
    "adam-corrected-a-step-late",
    "train_rnn",
    title="The correction counts one update too many.",
    **ADAM,
)
def corrected_late(parameters, tokens, targets, steps, rate, batch_size, seed):
    def move(mean, square, count):
        return adam(mean, square, count + 1)

    return last(train(parameters, tokens, targets, steps, rate, move=move))


@misconception(
    "adam-without-the-root",
    "train_rnn",
    title="The step is divided by the running mean of the squares: its root is missing.",
    **ADAM,
)
def without_the_root(parameters, tokens, targets, steps, rate, batch_size, seed):
    def move(mean, square, count):
        return mean / (1.0 - 0.9**count) / (square / (1.0 - 0.999**count) + 1e-8)

    return last(train(parameters, tokens, targets, steps, rate, move=move))


@misconception(
    "adam-with-constants-exchanged",
    "train_rnn",
    title="0.9 and 0.999 have changed places.",
    hint="The mean of the gradients forgets fast, that of their squares slowly.",
    hint_2="which of m and v is multiplied with 0.999?",
)
def constants_exchanged(parameters, tokens, targets, steps, rate, batch_size, seed):
    def move(mean, square, count):
        return adam(mean, square, count, first=0.999, second=0.9)

    return last(train(parameters, tokens, targets, steps, rate, move=move, first=0.999, second=0.9))


@misconception(
    "training-by-plain-descent",
    "train_rnn",
    title="Plain gradient descent, where Adam is due.",
    hint="Adam divides the running mean of the gradient by the root of that of its square.",
    hint_2="after one update every parameter has moved by the learning rate: compare.",
    case="wrong/training-by-plain-descent",
)
def plain_descent(parameters, tokens, targets, steps, rate, batch_size, seed):
    def move(mean, square, count):
        return mean

    return last(train(parameters, tokens, targets, steps, rate, move=move, first=0.0))


OTHER_MEANS = [
    misconception(identifier, "train_rnn", title=title, **ADAM)(trained_with(**changes))
    for identifier, title, changes in (
        (
            "mean-of-squares-uncorrected",
            "The running mean of the squares is not corrected for its start at zero.",
            {"move": lambda mean, square, n: mean / (1.0 - 0.9**n) / (np.sqrt(square) + 1e-8)},
        ),
        (
            "old-and-new-swapped",
            "The running means keep 0.1 and 0.001 of the old, and take the rest of the new.",
            {"first": 0.1, "second": 0.001},
        ),
        (
            "momentum-without-squares",
            "Steps follow the running mean of the gradient; they are not divided by its size.",
            {"move": lambda mean, square, n: mean / (1.0 - 0.9**n)},
        ),
        (
            "squares-without-momentum",
            "Steps follow the newest gradient alone: its running mean is missing.",
            {
                "first": 0.0,
                "move": lambda mean, square, n: mean / (np.sqrt(square / (1.0 - 0.999**n)) + 1e-8),
            },
        ),
    )
]


CLIP = {
    "hint": "One norm, over all parameters together; only where it is above 1 is anything divided.",
    "hint_2": "print the norm of the gradient before and after, for a short and for a long one.",
}


@misconception(
    "gradients-not-clipped",
    "train_rnn",
    title="Gradients longer than 1 are used as they are.",
    **CLIP,
    case="wrong/gradients-not-clipped",
)
def not_clipped(parameters, tokens, targets, steps, rate, batch_size, seed):
    return last(train(parameters, tokens, targets, steps, rate, clip=lambda found: found))


@misconception(
    "gradients-always-of-length-one",
    "train_rnn",
    title="Short gradients are stretched to length 1 as well.",
    **CLIP,
    case="wrong/gradients-always-of-length-one",
)
def always_of_length_one(parameters, tokens, targets, steps, rate, batch_size, seed):
    def clip(found):
        return clipped(found, longest=0.0)

    return last(train(parameters, tokens, targets, steps, rate, clip=clip))


@misconception(
    "gradients-clipped-at-two",
    "train_rnn",
    title="Gradients are cut at length 2 instead of 1.",
    **CLIP,
    case="wrong/gradients-clipped-at-two",
)
def clipped_at_two(parameters, tokens, targets, steps, rate, batch_size, seed):
    def clip(found):
        return clipped(found, longest=2.0)

    return last(train(parameters, tokens, targets, steps, rate, clip=clip))


@misconception(
    "gradients-clipped-one-by-one",
    "train_rnn",
    title="Each parameter's gradient is clipped by itself.",
    **CLIP,
    case="wrong/gradients-clipped-one-by-one",
)
def one_by_one(parameters, tokens, targets, steps, rate, batch_size, seed):
    return last(train(parameters, tokens, targets, steps, rate, clip=clipped_one_by_one))


@misconception(
    "gradients-clipped-entry-by-entry",
    "train_rnn",
    title="Each entry of the gradients is cut to the range from -1 to 1.",
    **CLIP,
)
def entry_by_entry(parameters, tokens, targets, steps, rate, batch_size, seed):
    def clip(found):
        return {name: np.clip(value, -1.0, 1.0) for name, value in found.items()}

    return last(train(parameters, tokens, targets, steps, rate, clip=clip))


RATE = {
    "hint": "The rate falls along half a wave of the cosine, from learning_rate to nearly 0.",
    "hint_2": "print the rate of the first update, of the middle one and of the last.",
}


@misconception(
    "rate-that-does-not-fall",
    "train_rnn",
    title="The learning rate stays as it starts.",
    **RATE,
    case="wrong/rate-that-does-not-fall",
)
def constant_rate(parameters, tokens, targets, steps, rate, batch_size, seed):
    return last(train(parameters, tokens, targets, steps, rate, fall=lambda r, *_: r))


@misconception(
    "rate-a-step-ahead",
    "train_rnn",
    title="The rate of each update is the one that is due after it.",
    **RATE,
)
def rate_ahead(parameters, tokens, targets, steps, rate, batch_size, seed):
    def fall(rate, step, steps):
        return half_wave(rate, step + 1, steps)

    return last(train(parameters, tokens, targets, steps, rate, fall=fall))


@misconception(
    "rate-of-a-straight-line",
    "train_rnn",
    title="The rate falls along a straight line.",
    **RATE,
)
def falls_evenly(parameters, tokens, targets, steps, rate, batch_size, seed):
    def fall(rate, step, steps):
        return rate * (1.0 - step / steps)

    return last(train(parameters, tokens, targets, steps, rate, fall=fall))


@misconception(
    "rate-twice-as-large",
    "train_rnn",
    title="The rate starts at twice the learning rate: the half is missing.",
    **RATE,
)
def twice_the_rate(parameters, tokens, targets, steps, rate, batch_size, seed):
    return last(train(parameters, tokens, targets, steps, 2.0 * rate))


OTHER_RATES = [
    misconception(f"rate-{name}", "train_rnn", title=title, **RATE)(trained_with(fall=fall))
    for name, title, fall in (
        (
            "down-to-zero",
            "The rate is 0 in the last update: step / (steps - 1) stands in the cosine.",
            lambda rate, step, steps: half_wave(rate, step, max(steps - 1, 1)),
        ),
        (
            "of-a-quarter-wave",
            "The rate falls along a quarter of a wave, cos(pi s / 2 S).",
            lambda rate, step, steps: rate * np.cos(np.pi * step / steps / 2.0),
        ),
        (
            "of-a-whole-wave",
            "The rate falls and rises again along a whole wave, cos(2 pi s / S).",
            lambda rate, step, steps: half_wave(rate, 2 * step, steps),
        ),
        (
            "from-below",
            "The rate rises from zero where it should fall: 1 - cos stands for 1 + cos.",
            lambda rate, step, steps: rate - half_wave(rate, step, steps),
        ),
        (
            "halved",
            "The rate is halved: it starts at half the learning rate.",
            lambda rate, step, steps: half_wave(rate, step, steps) / 2.0,
        ),
        (
            "of-the-cosine-alone",
            "The rate is the cosine itself, below zero in the second half.",
            lambda rate, step, steps: rate * np.cos(np.pi * step / steps),
        ),
        (
            "in-degrees",
            "The cosine gets s / S without pi.",
            lambda rate, step, steps: rate * (1.0 + np.cos(step / steps)) / 2.0,
        ),
        (
            "by-the-power",
            "The rate falls by a constant factor an update, not along the cosine.",
            lambda rate, step, steps: rate * 0.99**step,
        ),
    )
]


@misconception(
    "training-uphill",
    "train_rnn",
    title="Steps are added instead of taken off, so the loss grows.",
    hint="The gradient points to where the loss grows.",
    hint_2="print your losses: do they fall?",
)
def training_uphill(parameters, tokens, targets, steps, rate, batch_size, seed):
    return last(train(parameters, tokens, targets, steps, -rate))


@misconception(
    "training-hands-back-the-start",
    "train_rnn",
    title="The parameters that were handed over come back, untrained.",
    hint="Train a copy, and return that copy.",
    hint_2="which of your variables does the last line return?",
    case="wrong/training-hands-back-the-start",
)
def start_returned(parameters, tokens, targets, steps, rate, batch_size, seed):
    stages, losses = train(parameters, tokens, targets, steps, rate)
    return stages[0], losses


@misconception(
    "training-stops-an-update-early",
    "train_rnn",
    title="The last update is not made, or not returned.",
    hint="There are `steps` updates, and the parameters after the last come back.",
    hint_2="train for one step: have the parameters moved?",
)
def one_update_less(parameters, tokens, targets, steps, rate, batch_size, seed):
    stages, losses = train(parameters, tokens, targets, steps, rate)
    return stages[-2], losses


@misconception(
    "recurrent-weights-not-trained",
    "train_rnn",
    title="W stays as it starts.",
    hint="All five arrays are learnt.",
    hint_2="compare W before and after one update.",
    case="wrong/recurrent-weights-not-trained",
)
def w_stays(parameters, tokens, targets, steps, rate, batch_size, seed):
    return last(train(parameters, tokens, targets, steps, rate, fixed=("W",)))


@misconception(
    "biases-not-trained",
    "train_rnn",
    title="b and c stay as they start.",
    hint="All five arrays are learnt.",
    hint_2="compare b and c before and after one update.",
)
def biases_stay(parameters, tokens, targets, steps, rate, batch_size, seed):
    return last(train(parameters, tokens, targets, steps, rate, fixed=("b", "c")))


@misconception(
    "losses-after-each-update",
    "train_rnn",
    title="Each loss is that of the parameters after the update.",
    hint="The loss of a batch is noted before its update.",
    hint_2="the first loss is that of the start: compare it with rnn_backward.",
)
def losses_too_late(parameters, tokens, targets, steps, rate, batch_size, seed):
    stages, _ = train(parameters, tokens, targets, steps, rate)
    return stages[-1], np.array([rnn_backward(s, tokens, targets)[0] for s in stages[1:]])


def many(student, *, learning_rate=0.1, seed=1, batch_size=2, steps=6):
    """What training makes of some random sequences: the start, and what comes back."""
    given = starts(np.random.default_rng(5), 24, 4)
    settings = {"learning_rate": learning_rate, "batch_size": batch_size, "seed": seed}
    return given["parameters"], student.train_rnn(**given, steps=steps, **settings)


def losses_of(student, **settings):
    return np.asarray(many(student, **settings)[1][1], float)


@behaviour(
    "training-from-another-start",
    "train_rnn",
    title="Training does not start from the parameters that are handed over.",
    hint="Where to start is an argument; stored weights know nothing of the sequences.",
    hint_2="with a learning rate of 0 the parameters that come back are those handed over.",
    case="wrong/weights-stored-beforehand",
)
def moves_without_a_rate(student):
    start, (trained, _) = many(student, learning_rate=0.0)
    return not all(np.allclose(trained[name], value) for name, value in start.items())


@behaviour(
    "start-trained-in-place",
    "train_rnn",
    title="The parameters that are handed over are changed: training moves them in place.",
    hint="A dict and its arrays belong to the caller; `trained = parameters` copies neither.",
    hint_2="train, and compare what you handed over with a copy that you made before.",
    case="wrong/start-trained-in-place",
)
def moves_in_place(student):
    start, _ = many(student)
    _, given, _ = student.afterwards("train_rnn")
    return not all(np.allclose(given["parameters"][name], value) for name, value in start.items())


SEED = {
    "hint": "Batches are drawn from a generator that is made of the seed, once, before the loop.",
    "hint_2": "train with the seeds 1, 1 and 2 and compare the losses.",
}


@behaviour(
    "batches-of-chance",
    "train_rnn",
    title="Batches are drawn without the seed: the same call trains differently each time.",
    **SEED,
    case="wrong/batches-of-chance",
)
def another_training_each_time(student):
    return not np.allclose(losses_of(student), losses_of(student))


@behaviour(
    "batches-never-drawn",
    "train_rnn",
    title="Every batch is the same rows.",
    hint="Each update draws a batch of its own.",
    hint_2="with a learning rate of 0 the losses of different batches still differ: do yours?",
    case="wrong/first-rows-only",
)
def one_batch(student):
    return np.ptp(losses_of(student, learning_rate=0.0)) < 1e-9


@behaviour(
    "training-seeded-alike",
    "train_rnn",
    title="Every seed draws the same batches.",
    **SEED,
    case="wrong/batches-seeded-alike",
)
def same_batches_for_all_seeds(student):
    return np.allclose(losses_of(student), losses_of(student, seed=2))


@behaviour(
    "batches-of-another-size",
    "train_rnn",
    title="A batch is not of batch_size different sequences.",
    hint="Each batch holds batch_size sequences, none of them twice.",
    hint_2="with a batch of all sequences every loss at a rate of 0 is the same: is yours?",
)
def whole_batches_differ(student):
    return np.ptp(losses_of(student, learning_rate=0.0, batch_size=24)) > 1e-9


@behaviour(
    "losses-of-all-sequences",
    "train_rnn",
    title="Each loss is that of all sequences, not of the update's batch.",
    hint="The loss of an update is the one that `rnn_backward` gave with its gradient.",
    hint_2="with small batches losses go up and down: do yours?",
)
def losses_of_all(student):
    given = starts(np.random.default_rng(5), 24, 4)
    whole, _ = rnn_backward(given["parameters"], given["tokens"], given["targets"])
    return np.allclose(losses_of(student, learning_rate=0.0), whole, atol=1e-6)


WRONG_TRAINING = [
    symptom(
        "training-right-for-one-update",
        "train_rnn",
        title="The first update is right, those after it are not.",
        hint="From the second update on the running means hold more than one gradient.",
        hint_2="print m, v and the rate of the second update, and work them out by hand.",
    )(only_where(lambda given: given["steps"] > 1)),
    symptom(
        "training-right-for-short-gradients",
        "train_rnn",
        title="Updates are right where the gradient is short, and wrong where it is long.",
        **CLIP,
    )(only_where(lambda given: np.abs(given["parameters"]["V"]).max() > 4.0)),
    symptom(
        "training-losses-wrong-alone",
        "train_rnn",
        title="The parameters are right, the losses are not.",
        hint="One loss an update: that of its batch, before the update.",
        hint_2="the first loss is that of the start: compare it with rnn_backward.",
    )(part_wrong(1)),
]
