"""Part D: what students get wrong about training.

Two tricks make a training comparable. With a rate of 0 nothing is learnt, and each loss is
that of a known network on a few strings, whichever of them were drawn. And where all strings
are equal, it does not matter which are drawn, so the first updates follow from the weights.
"""

from functools import partial
from itertools import combinations_with_replacement, pairwise

import numpy as np
from d_model import export_fits
from lstm_by_hand import lstm_logits
from parity_data import parity_labels

from autograder.diagnosis.declare import behaviour, misconception, observed, pattern, symptom
from autograder.diagnosis.symptoms import only_where
from autograder.kit.failures import StudentError

MATRICES = ("weight_ih", "weight_hh")


def entropies(values, labels):
    return np.logaddexp(0.0, (1 - 2 * labels) * values)


def distinct(values):
    """Values in order, without those that are the same up to noise."""
    values = np.sort(np.ravel(values))
    return values[np.append(True, np.diff(values) > 1e-4)]


def losses_that_occur(
    weights, bits, lengths, labels, batch_size, loss=entropies, read=None, mean=np.mean
):
    """Every loss that a batch can have."""
    kinds = np.unique(np.column_stack([lengths, labels, bits]), axis=0)
    found = []
    for batch in combinations_with_replacement(kinds, batch_size):
        rows = np.array(batch)
        values = (read or lstm_logits)(weights, rows[:, 2:], rows[:, 0])
        found.append(mean(loss(values, rows[:, 1])))
    return distinct(found)


@observed("train_model", right=losses_that_occur, shown=(), tolerance=5e-4)
def losses_at_rate_zero(student, rng):
    short, long = [1, 1, 0, 1, 0, 1], [1, 0, 1, 1, 1, 0]  # both even, and no palindromes
    bits = np.tile(np.array([short, short, long, long]), (4, 1))
    lengths, labels = np.tile([3, 3, 6, 6], 4), np.tile([0, 0, 1, 1], 4)
    for batch_size, seed in ((1, 1), (2, 2)):
        model = student.build_model(8, seed)
        weights = student.export_weights(model)
        whole = bits[2:3], lengths[2:3]  # a string without padding
        if not np.allclose(lstm_logits(weights, *whole), student.logits(model, *whole), atol=1e-4):
            raise ValueError  # with other weights than the model's, no loss can be told
        losses = student.train_model(model, bits, lengths, labels, 24, 0.0, batch_size, seed)
        given = {"weights": weights, "bits": bits, "lengths": lengths, "labels": labels}
        given |= {"batch_size": batch_size}
        yield given, lambda losses=losses: distinct(np.asarray(losses, float))


LABELS = {
    "hint": "Training must learn whatever labels it is given, string by string.",
    "hint_2": "train on four short strings with labels of your own, and look at what is predicted.",
}


@misconception(
    "training-ignores-labels",
    "train_model",
    title="The labels that are given are ignored; the parity is computed instead.",
    **LABELS,
    case="wrong/labels-ignored",
)
def parity_instead(weights, bits, lengths, labels, batch_size):
    return losses_that_occur(weights, bits, lengths, parity_labels(bits, lengths), batch_size)


@misconception(
    "labels-inverted-in-training",
    "train_model",
    title="Training inverts the labels.",
    **LABELS,
)
def inverted(weights, bits, lengths, labels, batch_size):
    return losses_that_occur(weights, bits, lengths, 1 - labels, batch_size)


@misconception(
    "labels-shifted",
    "train_model",
    title="Strings and labels are out of step: a string is trained with another's label.",
    **LABELS,
    case="wrong/labels-shifted",
)
def out_of_step(weights, bits, lengths, labels, batch_size):
    return losses_that_occur(weights, bits, lengths, np.roll(labels, 1), batch_size)


END = {
    "hint": "In training as well, the answer is the state after a string's own last bit.",
    "hint_2": "compare the first loss with the one that follows from `logits` before training.",
}


@misconception(
    "training-reads-the-last-column",
    "train_model",
    title="Training reads all strings to the end of the longest in the batch.",
    **END,
    case="wrong/training-reads-the-last-column",
)
def to_the_longest(weights, bits, lengths, labels, batch_size):
    def read(weights, bits, lengths):
        return lstm_logits(weights, bits, np.full(len(bits), lengths.max()))

    return losses_that_occur(weights, bits, lengths, labels, batch_size, read=read)


@misconception(
    "training-reads-the-padding",
    "train_model",
    title="Training reads the last column of every row, padding included.",
    **END,
)
def whole_rows(weights, bits, lengths, labels, batch_size):
    def read(weights, bits, lengths):
        return lstm_logits(weights, bits, np.full(len(bits), bits.shape[1]))

    return losses_that_occur(weights, bits, lengths, labels, batch_size, read=read)


@misconception(
    "bits-trained-in-reverse",
    "train_model",
    title="Training reads the strings backwards, `logits` forwards.",
    **END,
    case="wrong/bits-trained-in-reverse",
)
def backwards(weights, bits, lengths, labels, batch_size):
    def read(weights, bits, lengths):
        return lstm_logits(weights, bits[:, : lengths.max()][:, ::-1], lengths)

    return losses_that_occur(weights, bits, lengths, labels, batch_size, read=read)


LOSS = {
    "hint": "The loss takes logits, or probabilities, but not one for the other.",
    "hint_2": "an untrained model's first loss is near 0.693; compare it with your `logits`.",
}


@misconception(
    "training-loss-of-probabilities",
    "train_model",
    title="A sigmoid stands before a loss that has one built in.",
    **LOSS,
    case="wrong/training-loss-of-probabilities",
)
def sigmoid_twice(weights, bits, lengths, labels, batch_size):
    def loss(values, labels):
        return entropies(1 / (1 + np.exp(-values)), labels)

    return losses_that_occur(weights, bits, lengths, labels, batch_size, loss=loss)


@misconception(
    "training-loss-is-squared",
    "train_model",
    title="The loss is a squared error, not the binary cross-entropy.",
    **LOSS,
)
def squared(weights, bits, lengths, labels, batch_size):
    def loss(values, labels):
        return (1 / (1 + np.exp(-values)) - labels) ** 2

    return losses_that_occur(weights, bits, lengths, labels, batch_size, loss=loss)


@misconception(
    "training-loss-is-summed",
    "train_model",
    title="The loss is summed over the batch, not averaged.",
    **LOSS,
)
def summed(weights, bits, lengths, labels, batch_size):
    return losses_that_occur(weights, bits, lengths, labels, batch_size, mean=np.sum)


OTHER_LOSSES = [
    misconception(f"training-loss-{name}", "train_model", title=title, **LOSS)(
        partial(losses_that_occur, loss=loss)
    )
    for name, title, loss in (
        (
            "of-squared-logits",
            "The loss is the squared difference of logit and label.",
            lambda values, labels: (values - labels) ** 2,
        ),
        (
            "without-the-zeros",
            "Only the term of the label 1 is in the loss: (1 - y) log (1 - p) is missing.",
            lambda values, labels: labels * entropies(values, labels),
        ),
        (
            "in-bits",
            "The loss is taken with logarithms of base 2.",
            lambda values, labels: entropies(values, labels) / np.log(2.0),
        ),
        (
            "of-distances",
            "The loss is the distance of probability and label, not the binary cross-entropy.",
            lambda values, labels: np.abs(1.0 / (1.0 + np.exp(-values)) - labels),
        ),
        (
            "with-a-margin",
            "The loss is that of a support vector machine, not the binary cross-entropy.",
            lambda values, labels: np.maximum(0.0, 1.0 - (2 * labels - 1) * values),
        ),
    )
]


STEPS = {
    "hint": "One update and one loss a step: `steps` of each.",
    "hint_2": "count the losses for steps=3 and steps=20.",
}


def train(student, steps, rate, batch_size=4, units=4, seed=5):
    """Losses, and the weights before and after, of a training on one string over and over."""
    model = student.build_model(units, seed)
    before = student.export_weights(model)
    bits, lengths = np.tile([1, 0, 1, 1, 0, 0], (8, 1)), np.full(8, 6)
    labels = np.ones(8, dtype=np.int64)
    losses = student.train_model(model, bits, lengths, labels, steps, rate, batch_size, seed)
    return np.asarray(losses, float), before, student.export_weights(model)


@behaviour(
    "training-steps-fixed",
    "train_model",
    title="The number of updates is fixed, whatever is asked for.",
    **STEPS,
    case="wrong/steps-ignored",
)
def always_as_many_updates(student):
    return len(train(student, 3, 0.01)[0]) == len(train(student, 25, 0.01)[0])


@behaviour(
    "losses-of-epochs",
    "train_model",
    title="There is not one loss for every update.",
    **STEPS,
    case="wrong/losses-of-epochs",
)
def not_one_a_step(student):
    return len(train(student, 20, 0.01)[0]) != 20


@behaviour(
    "stops-when-it-works",
    "train_model",
    title="Training stops by itself once the loss is small.",
    hint="`steps` says how many updates are made, also where the loss is small already.",
    hint_2="train on one string over and over, and count the losses.",
    case="wrong/stops-when-it-works",
)
def stops_early(student):
    few, many = (len(train(student, steps, 0.2)[0]) for steps in (3, 250))
    return few == 3 and many < 250


def flat(weights):
    return np.concatenate([np.asarray(weights[key], float).ravel() for key in MATRICES])


@behaviour(
    "training-leaves-the-model",
    "train_model",
    title="Training leaves the model as it is.",
    hint="backward() only computes gradients; who moves the weights, and of which model?",
    hint_2="export the weights before and after one update.",
    case="wrong/no-optimiser-step",
)
def nothing_moves(student):
    _, before, after = train(student, 3, 0.1)
    same = np.allclose(flat(before), flat(after))
    return same and np.allclose(before["head_weight"], after["head_weight"])


@behaviour(
    "only-the-head-learns",
    "train_model",
    title="Only the head is trained; the LSTM stays as it was drawn.",
    hint="The optimiser moves the parameters that it was given, if a gradient reaches them.",
    hint_2="export weight_hh before and after one update.",
    case="wrong/only-the-head-learns",
)
def lstm_stays(student):
    _, before, after = train(student, 3, 0.1)
    moved = not np.allclose(before["head_weight"], after["head_weight"])
    return moved and np.allclose(flat(before), flat(after))


@behaviour(
    "rate-ignored-in-training",
    "train_model",
    title="The learning rate is ignored.",
    hint="Every argument of a function should matter.",
    hint_2="train with a rate of 0: nothing should move.",
    case="wrong/learning-rate-ignored",
)
def moves_at_rate_zero(student):
    _, before, after = train(student, 2, 0.0)
    return not np.allclose(flat(before), flat(after), atol=1e-7)


@behaviour(
    "state-carried-between-batches",
    "train_model",
    title="Each batch starts from the state in which the one before ended.",
    hint="Every string starts from the zero state.",
    hint_2="train on one string over and over with a rate of 0: all losses should be equal.",
    case="wrong/state-carried-between-batches",
)
def losses_drift(student):
    losses, _, _ = train(student, 6, 0.0)
    return np.ptp(losses) > 1e-4


@behaviour(
    "one-batch-for-ever",
    "train_model",
    title="The same batch is used in every update.",
    hint="Each update draws its strings anew.",
    hint_2="train with a rate of 0 and batches of 1: are all losses equal?",
    case="wrong/one-batch-for-ever",
)
def losses_never_change(student):
    model = student.build_model(4, 5)
    bits = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    lengths, labels = np.full(4, 2), np.array([0, 1, 1, 0])
    losses = student.train_model(model, bits, lengths, labels, 30, 0.0, 1, 5)
    return len(distinct(np.asarray(losses, float))) == 1


def slope(weights, cut=False, label=1, keys=MATRICES, step=1e-5):
    """The gradient of the loss of 101100, by central differences.

    Args:
        cut: whether the state before the last bit counts as given, as if it were detached.
        label: of the string.
        keys: of the arrays for whose numbers it is computed, one after the other.
    """
    weights = {key: np.asarray(v, float) for key, v in weights.items() if key != "architecture"}
    fed = [weights["one"] if bit else weights["zero"] for bit in (1, 0, 1, 1, 0, 0)]
    found = []
    for key in keys:
        shifts = np.eye(weights[key].size).reshape(-1, *weights[key].shape) * step
        shifts = np.concatenate([shifts, -shifts])
        stack = {k: np.repeat(v[np.newaxis], len(shifts), axis=0) for k, v in weights.items()}
        hidden = cell = np.zeros_like(stack["head_weight"])
        moved = {**stack, key: stack[key] + shifts}
        for place, values in enumerate(fed):
            used = stack if cut and place < len(fed) - 1 else moved
            hidden, cell = one_step(used, values, hidden, cell)
        answers = np.einsum("pi,pi->p", moved["head_weight"], hidden) + moved["head_bias"]
        up, down = np.split(np.logaddexp(0.0, (1 - 2 * label) * answers), 2)
        found.append((up - down) / (2 * step))
    return np.concatenate(found)


def one_step(stack, values, hidden, cell):
    sums = stack["weight_ih"] @ values + stack["bias_ih"] + stack["bias_hh"]
    i, f, g, o = np.split(sums + np.einsum("pij,pj->pi", stack["weight_hh"], hidden), 4, axis=1)
    cell = cell / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    return np.tanh(cell) / (1 + np.exp(-o)), cell


def clear_agreement(move, gradient):
    """Share of the entries with a clear gradient that move against it."""
    clear = np.abs(gradient) > 1e-3 * np.abs(gradient).max()
    return np.mean(np.sign(move[clear]) == -np.sign(gradient[clear]))


@behaviour(
    "plain-descent",
    "train_model",
    title="Updates are plain gradient descent, not Adam's.",
    hint="Adam's first update moves every weight by about the learning rate.",
    hint_2="which optimiser do you make?",
    case="wrong/plain-descent",
)
def by_the_gradient_itself(student):
    _, before, after = train(student, 1, 0.2)
    move, gradient = flat(after) - flat(before), slope(before)
    return np.allclose(move, -0.2 * gradient, rtol=0.05, atol=1e-4 * np.abs(move).max())


@behaviour(
    "gradient-cut",
    "train_model",
    title="The gradient is cut: it does not reach the bits before the last.",
    hint="What an early bit did to the state can only be learnt if the gradient gets back to it.",
    hint_2="look for detach, .data, no_grad and item() between the first bit and the loss.",
    case="wrong/gradient-cut-at-every-step",
)
def stops_at_the_last_bit(student):
    _, before, after = train(student, 1, 0.2)
    move = flat(after) - flat(before)
    whole, cut = slope(before), slope(before, cut=True)
    return clear_agreement(move, whole) < 0.97 <= clear_agreement(move, cut)


def third_update(student, rate=0.2):
    """What the third of three updates changes, and the gradients before each of them."""
    places = [train(student, updates, rate)[2] for updates in range(1, 4)]
    places.insert(0, train(student, 1, rate)[1])
    return [flat(b) - flat(a) for a, b in pairwise(places)][2], [slope(w) for w in places[:3]]


def off_by(move, wanted, gradients, rate=0.2):
    """How far an update is from another, as a share of the rate, where the gradient is clear."""
    clear = np.abs(gradients[0]) > 1e-3 * np.abs(gradients[0]).max()
    return np.median(np.abs(move - wanted)[clear]) / rate


@behaviour(
    "new-optimiser-every-update",
    "train_model",
    title="Each update makes a new Adam, without the averages of the one before.",
    hint="Adam remembers: it moves by running averages of the gradients.",
    hint_2="where is the optimiser made, and how often?",
    case="wrong/new-optimiser-every-update",
)
def always_the_first_update(student):
    move, new = third_update(student)
    first = -0.2 * np.sign(new[2])
    return off_by(move, last_of_adam(new, 0.2), new) > 0.02 and off_by(move, first, new) < 0.002


@behaviour(
    "no-zero-grad",
    "train_model",
    title="Gradients are never zeroed: old ones are added to the new.",
    hint="backward() adds to the gradients that are there.",
    hint_2="where is zero_grad() called, and how often?",
    case="wrong/gradients-never-zeroed",
)
def old_gradients_added(student):
    move, new = third_update(student)
    off, off_added = (
        off_by(move, last_of_adam(gradients, 0.2), new)
        for gradients in (new, list(np.cumsum(new, axis=0)))
    )
    return off > 0.02 and off_added < off / 2


def last_of_adam(gradients, rate):
    """Adam's update after as many gradients."""
    mean = square = 0.0
    for gradient in gradients:
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
    count = len(gradients)
    return -rate * (mean / (1 - 0.9**count)) / (np.sqrt(square / (1 - 0.999**count)) + 1e-8)


ALL_ARRAYS = (*MATRICES, "bias_ih", "bias_hh", "head_weight", "head_bias")
CLIPPING = {
    "hint": "Only a gradient longer than 1 is divided by its length, all parameters together.",
    "hint_2": "print the norm of all gradients before and after clipping, in every update.",
}


def second_update(student, seed, rate=0.3):
    """What the second of two updates changes, and both gradients, of which the first is long.

    The model has learnt the label 1 of 101100 by a single long step, and now meets a 0.
    """
    bits, lengths = np.tile([1, 0, 1, 1, 0, 0], (8, 1)), np.full(8, 6)
    places = []
    for updates in range(3):
        model = student.build_model(8, seed)
        student.train_model(model, bits, lengths, np.ones(8, int), 1, 0.5, 8, seed)
        if updates:
            student.train_model(model, bits, lengths, np.zeros(8, int), updates, rate, 8, seed)
        places.append(student.export_weights(model))
    gradients = [slope(weights, label=0, keys=ALL_ARRAYS) for weights in places[:2]]
    return flat(places[2]) - flat(places[1]), gradients


def shaped_otherwise(student, shape):
    """Whether updates are those of gradients shaped in another way than by clipping at 1."""
    for seed in range(1, 7):
        move, gradients = second_update(student, seed)

        def off(shape, move=move, gradients=gradients):
            shaped = [shape(gradient)[: move.size] for gradient in gradients]
            return off_by(move, last_of_adam(shaped, 0.3), shaped, 0.3)

        right = off(lambda gradient: gradient / max(1.0, np.linalg.norm(gradient)))
        if right > 0.01 and off(shape) < 0.25 * right:
            return True
    return False


@behaviour(
    "training-not-clipped",
    "train_model",
    title="Gradients longer than 1 are used as they are: clipping is missing, or has no effect.",
    **CLIPPING,
    case="wrong/training-not-clipped",
)
def used_as_they_are(student):
    return shaped_otherwise(student, lambda gradient: gradient)


@behaviour(
    "training-always-of-length-one",
    "train_model",
    title="Short gradients are stretched to length 1 as well.",
    **CLIPPING,
    case="wrong/training-always-of-length-one",
)
def always_of_length_one(student):
    return shaped_otherwise(student, lambda gradient: gradient / np.linalg.norm(gradient))


@behaviour(
    "training-clipped-elsewhere",
    "train_model",
    title="Gradients are cut at another length than 1.",
    **CLIPPING,
)
def clipped_elsewhere(student):
    return any(
        shaped_otherwise(student, lambda g, most=most: g * min(1.0, most / np.linalg.norm(g)))
        for most in (0.1, 0.25, 0.5)
    )


TOO_LONG = pattern(
    "training-does-not-end",
    "train_model",
    out_of_time=["updates_go_down_the_slope"],
    title="Training does not end after `steps` updates, or takes far too long for each.",
    hint="`steps` says how many updates are made; a few on short strings take milliseconds.",
    hint_2="what ends your loop? Is the whole batch computed at once, or string by string?",
    case="wrong/trains-for-ever",
)


def drawn_losses(student, batch_size, seed=5):
    """Losses of a training in which nothing is learnt, on strings that all differ."""
    model = student.build_model(4, 5)
    bits = np.array([[n >> k & 1 for k in range(3)] for n in range(8)])
    lengths, labels = np.full(8, 3), parity_labels(bits, np.full(8, 3))
    losses = student.train_model(model, bits, lengths, labels, 24, 0.0, batch_size, seed)
    return np.asarray(losses, float)


BATCHES = {
    "hint": "Each update draws `batch_size` strings at random, with the seed.",
    "hint_2": "train with a rate of 0: the losses tell which strings were drawn.",
}


@behaviour(
    "all-strings-in-every-update",
    "train_model",
    title="Every update uses all strings, or as many whatever batch_size is.",
    **BATCHES,
)
def batch_size_without_effect(student):
    return np.allclose(drawn_losses(student, 1), drawn_losses(student, 6), atol=1e-6) or (
        len(distinct(drawn_losses(student, 2))) == 1
    )


@behaviour(
    "batches-in-order",
    "train_model",
    title="Strings are taken in a fixed order, not drawn at random.",
    **BATCHES,
)
def same_round_again(student):
    losses = drawn_losses(student, 1)
    return np.allclose(losses[:8], losses[8:16], atol=1e-6) and np.ptp(losses) > 0


@behaviour(
    "batches-not-drawn",
    "train_model",
    title="Which strings an update gets does not depend on the seed.",
    hint="Each update draws its strings at random, with the seed.",
    hint_2="train with a rate of 0, batches of 1 and two seeds: are the losses equal?",
    case="wrong/draws-by-the-models-seed",
)
def batches_whatever_the_seed(student):
    bits = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    lengths, labels = np.full(4, 2), np.array([0, 1, 1, 0])
    runs = []
    for seed in (1, 2):
        model = student.build_model(4, 5)
        runs.append(student.train_model(model, bits, lengths, labels, 30, 0.0, 1, seed))
    return np.allclose(*np.asarray(runs, float))


@behaviour(
    "batches-larger-than-the-set",
    "train_model",
    title="Training fails where a batch is larger than the number of strings.",
    hint="Strings are drawn at random; the same may be drawn twice.",
    hint_2="train on four strings with a batch_size of 16.",
)
def large_batches_fail(student):
    bits, lengths = np.array([[0, 1], [1, 1]]), np.array([2, 2])
    model = student.build_model(4, 5)
    try:
        student.train_model(model, bits, lengths, np.array([1, 0]), 2, 0.01, 8, 1)
    except StudentError:
        return True
    return False


def first_move(student, rate):
    _, before, after = train(student, 1, rate)
    return np.median(np.abs(flat(after) - flat(before))) / rate


@behaviour(
    "rate-scaled-in-training",
    "train_model",
    title="The first update is not as long as Adam's: the rate is scaled, or the optimiser is "
    "another one.",
    hint="Adam's first update moves every weight by about the learning rate.",
    hint_2="train for one update with a rate of 0.1: by how much do the weights move?",
)
def other_length_of_the_first_update(student):
    return not 0.9 < first_move(student, 0.02) < 1.1


@behaviour(
    "rate-falls-in-training",
    "train_model",
    title="Later updates are not Adam's: the rate changes, weights decay or averages are lost.",
    hint="The learning rate stays as it is, and Adam keeps torch's own settings.",
    hint_2="compare three updates with those of torch.optim.Adam on the same string.",
)
def later_updates_differ(student):
    if not export_fits(student)[0]:  # what is exported wrongly says nothing of updates
        return False
    move, gradients = third_update(student, 0.02)
    return off_by(move, last_of_adam(gradients, 0.02), gradients, 0.02) > 0.05


@behaviour(
    "losses-of-something-else",
    "train_model",
    title="The losses that come back are not those of the batches.",
    hint="The loss of an update is the mean cross-entropy of its strings, before the update.",
    hint_2="with a rate of 0, each loss follows from `logits` and the labels.",
)
def losses_of_something_else(student):
    model = student.build_model(4, 5)
    bits, lengths = np.tile([1, 0, 1], (4, 1)), np.full(4, 3)
    value = float(np.ravel(student.logits(model, bits[:1], lengths[:1]))[0])
    ones = np.ones(4, dtype=np.int64)
    losses = student.train_model(model, bits, lengths, ones, 4, 0.0, 2, 1)
    return not np.allclose(losses, np.logaddexp(0.0, -value), atol=1e-4)


WRONG_LOSSES = [
    symptom(
        "losses-wrong-in-larger-batches",
        "train_model",
        title="Losses of single strings are right, those of larger batches are not.",
        **LOSS,
    )(only_where(lambda given: given["batch_size"] > 1)),
]
