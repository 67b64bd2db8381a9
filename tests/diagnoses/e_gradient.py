"""Part E: what students get wrong in back-propagation through time.

What the error of one position adds to each step before it is summed up here pair by pair,
so that each way to leave out some of it is a line.
"""

import numpy as np
from e_network import network
from rnn import rnn_forward

from autograder.diagnosis.declare import misconception, symptom, trials
from autograder.diagnosis.symptoms import only_where, part_wrong


def chances(rng, n, steps, symbols):
    """Targets of every position, in quarters."""
    return rng.multinomial(4, np.full(symbols, 1.0 / symbols), size=(n, steps)) / 4.0


@trials("rnn_backward", rows=("tokens", "targets"), steps=("tokens", "targets"))
def batches(rng):
    for symbols, hidden, n, steps in (
        *((2, 1, 1, 1), (2, 1, 2, 1), (2, 1, 1, 2), (2, 1, 1, 3), (2, 1, 1, 7)),
        *((2, 2, 1, 3), (3, 2, 2, 4), (4, 3, 3, 5), (3, 2, 2, 8), (4, 3, 2, 9)),
    ):
        tokens = rng.integers(0, symbols, (n, steps))
        targets = chances(rng, n, steps, symbols)
        yield {"parameters": network(rng, symbols, hidden), "tokens": tokens, "targets": targets}


def of_tanh(hidden):
    return 1.0 - hidden**2


def by_position(
    parameters, tokens, targets, *, slope=of_tanh, through=np.transpose, reach=1000, ends=None
):
    """The memory, dL/dz and dL/ds, each for every position.

    Args:
        slope: of the tanh, from the memory.
        through: what the error is multiplied with on its way to the step before, from W.
        reach: so many steps are reached by the error of a position, its own included.
        ends: positions whose error goes back at all; None for all.
    """
    hidden, probabilities = rnn_forward(parameters, tokens)
    by_score = (probabilities - targets) / tokens.size
    by_memory, slopes, by_sum = by_score @ parameters["V"].T, slope(hidden), np.zeros_like(hidden)
    for end in range(tokens.shape[1])[ends or slice(None)]:
        passed = by_memory[:, end]
        for step in range(end, max(end - reach, -1), -1):
            passed = passed * slopes[:, step]
            by_sum[:, step] += passed
            passed = passed @ through(parameters["W"])
    return hidden, by_score, by_sum


def summed(tokens, hidden, by_score, by_sum, symbols):
    """The gradients, from what every position adds."""
    by_token = np.zeros((symbols, hidden.shape[-1]))
    np.add.at(by_token, tokens, by_sum)
    return {
        "U": by_token,
        "W": np.einsum("nti,ntj->ij", hidden[:, :-1], by_sum[:, 1:]),
        "b": by_sum.sum(axis=(0, 1)),
        "V": np.einsum("nti,ntj->ij", hidden, by_score),
        "c": by_score.sum(axis=(0, 1)),
    }


def loss_of(parameters, tokens, targets):
    _, probabilities = rnn_forward(parameters, tokens)
    return -np.sum(targets * np.log(probabilities + np.finfo(float).tiny)) / tokens.size


def backward(parameters, tokens, targets, **changes):
    """The loss, and the gradients with one of the changes of `by_position`."""
    parts = by_position(parameters, tokens, targets, **changes)
    symbols = len(parameters["U"])
    return loss_of(parameters, tokens, targets), summed(tokens, *parts, symbols)


def scaled(parameters, tokens, targets, of_loss=1.0, of_gradients=1.0):
    loss, gradients = backward(parameters, tokens, targets)
    return of_loss * loss, {name: of_gradients * value for name, value in gradients.items()}


TIME = {
    "hint": "A memory is used twice: for the scores of its step, and for every step after it.",
    "hint_2": "with the error at the last step alone, is the gradient of the first token zero?",
}


@misconception(
    "gradient-of-one-step",
    "rnn_backward",
    title="Nothing comes back from the step after: back-propagation ends after one step.",
    **TIME,
    case="wrong/gradient-of-one-step",
)
def one_step(parameters, tokens, targets):
    return backward(parameters, tokens, targets, reach=1)


@misconception(
    "gradient-of-two-steps",
    "rnn_backward",
    title="An error reaches the step before its own and none earlier.",
    **TIME,
)
def two_steps(parameters, tokens, targets):
    return backward(parameters, tokens, targets, reach=2)


@misconception(
    "gradient-cut-after-five-steps",
    "rnn_backward",
    title="Back-propagation is truncated: an error reaches five steps and none earlier.",
    **TIME,
    case="wrong/gradient-cut-after-five-steps",
)
def five_steps(parameters, tokens, targets):
    return backward(parameters, tokens, targets, reach=5)


@misconception(
    "gradient-of-the-last-error-alone",
    "rnn_backward",
    title="Only the error of the last position goes back through time.",
    hint="Every position has a target, and an error of its own.",
    hint_2="add dL/dz V^T at every step, not only before the loop.",
)
def last_error(parameters, tokens, targets):
    return backward(parameters, tokens, targets, ends=slice(-1, None))


SLOPE = {
    "hint": "The derivative of tanh(s) is 1 - tanh(s)^2, and tanh(s) is what is remembered.",
    "hint_2": "which factor stands between dL/dh and dL/ds, and what do you square?",
}


@misconception(
    "gradient-without-the-slope-of-tanh",
    "rnn_backward",
    title="The derivative of tanh is missing.",
    **SLOPE,
    case="wrong/gradient-without-the-slope-of-tanh",
)
def no_slope(parameters, tokens, targets):
    return backward(parameters, tokens, targets, slope=np.ones_like)


@misconception(
    "gradient-with-the-slope-of-the-sum",
    "rnn_backward",
    title="tanh is applied once more to the memory before it is squared.",
    **SLOPE,
    case="wrong/gradient-with-the-slope-of-the-sum",
)
def slope_of_the_memory(parameters, tokens, targets):
    return backward(parameters, tokens, targets, slope=lambda hidden: 1.0 - np.tanh(hidden) ** 2)


@misconception(
    "gradient-with-the-slope-of-a-sigmoid",
    "rnn_backward",
    title="The derivative is that of a sigmoid, h (1 - h).",
    **SLOPE,
)
def slope_of_a_sigmoid(parameters, tokens, targets):
    return backward(parameters, tokens, targets, slope=lambda hidden: hidden * (1.0 - hidden))


@misconception(
    "gradient-with-a-slope-not-squared",
    "rnn_backward",
    title="The slope is taken as 1 - h: the square is missing.",
    **SLOPE,
)
def slope_not_squared(parameters, tokens, targets):
    return backward(parameters, tokens, targets, slope=lambda hidden: 1.0 - hidden)


@misconception(
    "gradient-through-the-wrong-transpose",
    "rnn_backward",
    title="The error goes back through W itself: its transpose is due.",
    hint="What flows forwards along W[i, j], from i to j, flows back from j to i.",
    hint_2="forwards it is h @ W: what is the matrix on the way back?",
    case="wrong/gradient-through-the-wrong-transpose",
)
def not_transposed(parameters, tokens, targets):
    return backward(parameters, tokens, targets, through=lambda W: W)


SHARES = {
    "hint": "The same parameters work at every step, so every step adds its share.",
    "hint_2": "for two steps: which terms has the gradient of W, of b, and of each row of U?",
}


@misconception(
    "gradient-of-w-one-step-late",
    "rnn_backward",
    title="W gets the memory after a step where the memory before it is due.",
    hint="In s_t it is h_(t-1) that is multiplied with W.",
    hint_2="for a single step the gradient of W is zero, since h_0 is: what do you return?",
    case="wrong/gradient-of-w-one-step-late",
)
def late_for_w(parameters, tokens, targets):
    hidden, _, by_sum = by_position(parameters, tokens, targets)
    loss, gradients = backward(parameters, tokens, targets)
    late = np.einsum("nti,ntj->ij", hidden[:, 1:], by_sum[:, 1:])
    return loss, {**gradients, "W": late}


@misconception(
    "gradient-of-w-with-every-memory-after",
    "rnn_backward",
    title="W gets the memory after each step, the first included.",
    hint="In s_t it is h_(t-1) that is multiplied with W.",
    hint_2="for a single step the gradient of W is zero, since h_0 is: what do you return?",
)
def all_late_for_w(parameters, tokens, targets):
    hidden, _, by_sum = by_position(parameters, tokens, targets)
    loss, gradients = backward(parameters, tokens, targets)
    return loss, {**gradients, "W": np.einsum("nti,ntj->ij", hidden, by_sum)}


@misconception(
    "gradient-without-the-sum-over-time",
    "rnn_backward",
    title="Only the last step adds its share to W and b; the sum over time is missing.",
    **SHARES,
    case="wrong/gradient-without-the-sum-over-time",
)
def last_share(parameters, tokens, targets):
    hidden, _, by_sum = by_position(parameters, tokens, targets)
    loss, gradients = backward(parameters, tokens, targets)
    of_w = np.einsum("nti,ntj->ij", hidden[:, -2:-1], by_sum[:, -1:][:, : hidden.shape[1] - 1])
    return loss, {**gradients, "W": of_w, "b": by_sum[:, -1].sum(axis=0)}


@misconception(
    "gradient-of-the-first-share",
    "rnn_backward",
    title="Only the step that is visited last, the first of the sequence, adds its share.",
    **SHARES,
)
def first_share(parameters, tokens, targets):
    _, by_score, by_sum = by_position(parameters, tokens, targets)
    loss, gradients = backward(parameters, tokens, targets)
    return loss, {
        **gradients,
        "W": 0.0 * gradients["W"],
        "b": by_sum[:, 0].sum(axis=0),
        "c": by_score[:, 0].sum(axis=0),
    }


@misconception(
    "gradient-of-the-last-token-read",
    "rnn_backward",
    title="A token that comes twice gets the share of one position only.",
    hint="gradient[tokens] += share writes once a token, however often it comes.",
    hint_2="read the token 1 twice, and compare its row of U with np.add.at.",
    case="wrong/gradient-of-the-last-token-read",
)
def one_share_a_token(parameters, tokens, targets):
    _, _, by_sum = by_position(parameters, tokens, targets)
    loss, gradients = backward(parameters, tokens, targets)
    by_token = np.zeros_like(parameters["U"])
    by_token[tokens] += by_sum
    return loss, {**gradients, "U": by_token}


MEAN = {
    "hint": "Loss and gradients are a mean over all positions: n sequences times T steps.",
    "hint_2": "double the batch by repeating it: neither loss nor gradients should change.",
}


@misconception(
    "entropy-summed",
    "rnn_backward",
    title="Loss and gradients are sums over the positions, not their mean.",
    **MEAN,
    case="wrong/entropy-summed",
)
def entropy_summed(parameters, tokens, targets):
    return scaled(parameters, tokens, targets, tokens.size, tokens.size)


@misconception(
    "gradients-summed",
    "rnn_backward",
    title="The loss is a mean, the gradients are those of a sum.",
    **MEAN,
)
def gradients_summed(parameters, tokens, targets):
    return scaled(parameters, tokens, targets, 1.0, tokens.size)


@misconception(
    "loss-summed",
    "rnn_backward",
    title="The loss is a sum, the gradients are those of a mean.",
    **MEAN,
)
def loss_summed(parameters, tokens, targets):
    return scaled(parameters, tokens, targets, tokens.size)


@misconception(
    "entropy-averaged-over-sequences",
    "rnn_backward",
    title="The mean is over the sequences alone; the steps are summed.",
    **MEAN,
)
def over_sequences(parameters, tokens, targets):
    return scaled(parameters, tokens, targets, tokens.shape[1], tokens.shape[1])


@misconception(
    "entropy-averaged-over-steps",
    "rnn_backward",
    title="The mean is over the steps alone; the sequences are summed.",
    **MEAN,
)
def over_steps(parameters, tokens, targets):
    return scaled(parameters, tokens, targets, len(tokens), len(tokens))


@misconception(
    "loss-in-bits",
    "rnn_backward",
    title="The loss is taken with logarithms of base 2.",
    hint="The cross-entropy is written with the natural logarithm; its gradient is p - q.",
    hint_2="divide your loss by the expected one: is it 1 / ln 2?",
    case="wrong/loss-in-bits",
)
def in_bits(parameters, tokens, targets):
    return scaled(parameters, tokens, targets, 1.0 / np.log(2.0))


@misconception(
    "gradient-uphill",
    "rnn_backward",
    title="All gradients have the wrong sign: q - p stands where p - q is due.",
    hint="The gradient points to where the loss grows.",
    hint_2="a token held for too likely: must its score fall or rise, and what is dL/dz?",
)
def uphill(parameters, tokens, targets):
    return scaled(parameters, tokens, targets, 1.0, -1.0)


def by_scores(parameters, tokens, targets, of_score, loss=loss_of):
    """The loss, and the gradients where the error of the scores is another."""
    _, probabilities = rnn_forward(parameters, tokens)
    wanted = probabilities - of_score(probabilities, targets)
    return loss(parameters, tokens, targets), backward(parameters, tokens, wanted)[1]


def clipped(gradients, longest=1.0):
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients.values()))
    return {name: value / max(longest, norm) for name, value in gradients.items()}


def likeliest(targets):
    return np.eye(targets.shape[-1])[targets.argmax(axis=-1)]


@misconception(
    "targets-as-one-token",
    "rnn_backward",
    title="Only the likeliest token of a target is counted, as if it were certain.",
    hint="A target is a distribution: every token enters with its own chance.",
    hint_2="take q = (0.5, 0.5, 0): which two logarithms stand in the loss?",
)
def one_token(parameters, tokens, targets):
    return backward(parameters, tokens, likeliest(targets))


@misconception(
    "loss-of-one-token",
    "rnn_backward",
    title="The loss counts the likeliest token of a target alone; the gradients count all.",
    hint="A target is a distribution: every token enters with its own chance.",
    hint_2="take q = (0.5, 0.5, 0): which two logarithms stand in the loss?",
)
def loss_of_one_token(parameters, tokens, targets):
    loss, _ = backward(parameters, tokens, likeliest(targets))
    return loss, backward(parameters, tokens, targets)[1]


@misconception(
    "loss-above-the-entropy",
    "rnn_backward",
    title="The entropy of the targets is taken off the loss: a divergence, not a cross-entropy.",
    hint="The loss is -sum q log p; what cannot be known stays in it.",
    hint_2="what is your loss where p = q = (0.5, 0.5)?",
)
def divergence(parameters, tokens, targets):
    loss, gradients = backward(parameters, tokens, targets)
    known = targets > 0
    entropy = -np.sum(targets[known] * np.log(targets[known])) / tokens.size
    return loss - entropy, gradients


@misconception(
    "loss-of-both-outcomes",
    "rnn_backward",
    title="The loss adds (1 - q) log(1 - p), as for a yes or no of every token.",
    hint="One of K tokens comes: the loss is -sum q log p, and has no second term.",
    hint_2="work the loss of a single position out by hand.",
)
def both_outcomes(parameters, tokens, targets):
    loss, gradients = backward(parameters, tokens, targets)
    _, probabilities = rnn_forward(parameters, tokens)
    others = -np.sum((1.0 - targets) * np.log(1.0 - probabilities + np.finfo(float).tiny))
    return loss + others / tokens.size, gradients


@misconception(
    "squared-error-for-entropy",
    "rnn_backward",
    title="Loss and gradients are those of a squared error, not of the cross-entropy.",
    hint="The loss is -sum q log p; its gradient by the scores is p - q.",
    hint_2="work the loss of a single position out by hand.",
)
def squared_error(parameters, tokens, targets):
    def loss(parameters, tokens, targets):
        return np.sum((rnn_forward(parameters, tokens)[1] - targets) ** 2) / tokens.size

    def of_score(p, q):
        by_p = 2.0 * (p - q)
        return p * (by_p - np.sum(by_p * p, axis=-1, keepdims=True))

    return by_scores(parameters, tokens, targets, of_score, loss)


@misconception(
    "softmax-derived-twice",
    "rnn_backward",
    title="p - q is multiplied with p (1 - p): the softmax is derived a second time.",
    hint="p - q is the derivative by the scores already: the softmax is in it.",
    hint_2="write dL/dz for a single position: which factors are left after simplifying?",
)
def derived_twice(parameters, tokens, targets):
    return by_scores(parameters, tokens, targets, lambda p, q: (p - q) * p * (1.0 - p))


@misconception(
    "entropy-averaged-over-tokens",
    "rnn_backward",
    title="The mean runs over the K tokens as well: loss and gradients are divided by nTK.",
    **MEAN,
)
def over_all_entries(parameters, tokens, targets):
    share = 1.0 / targets.shape[-1]
    return scaled(parameters, tokens, targets, share, share)


@misconception(
    "loss-averaged-over-tokens",
    "rnn_backward",
    title="The mean of the loss runs over the K tokens as well; that of the gradients does not.",
    **MEAN,
)
def loss_over_all_entries(parameters, tokens, targets):
    return scaled(parameters, tokens, targets, 1.0 / targets.shape[-1])


@misconception(
    "gradients-averaged-over-sequences",
    "rnn_backward",
    title="The loss is a mean over all positions, the gradients are one over sequences alone.",
    **MEAN,
)
def gradients_over_sequences(parameters, tokens, targets):
    return scaled(parameters, tokens, targets, 1.0, tokens.shape[1])


@misconception(
    "gradient-without-the-slope-on-the-way",
    "rnn_backward",
    title="What goes back to the step before lacks the slope of tanh.",
    **SLOPE,
)
def no_slope_on_the_way(parameters, tokens, targets):
    hidden, by_score, by_sum = by_position(parameters, tokens, targets)
    passed, by_memory = np.zeros_like(hidden[:, 0]), by_score @ parameters["V"].T
    for step in range(tokens.shape[1])[::-1]:
        whole = by_memory[:, step] + passed
        by_sum[:, step] = whole * of_tanh(hidden[:, step])
        passed = whole @ parameters["W"].T
    parts = hidden, by_score, by_sum
    return loss_of(parameters, tokens, targets), summed(tokens, *parts, len(parameters["U"]))


@misconception(
    "gradient-of-w-transposed",
    "rnn_backward",
    title="The gradient of W stands transposed.",
    hint="W[i, j] leads from neuron i before to neuron j after, and so does its gradient.",
    hint_2="is it h_(t-1)^T dL/ds_t, or the other way round?",
)
def w_transposed(parameters, tokens, targets):
    loss, gradients = backward(parameters, tokens, targets)
    return loss, {**gradients, "W": gradients["W"].T}


@misconception(
    "gradients-clipped-already",
    "rnn_backward",
    title="Gradients longer than 1 come back clipped; clipping belongs to training.",
    hint="`rnn_backward` returns the gradients as they are.",
    hint_2="compare with small differences where the gradient is long.",
)
def clipped_already(parameters, tokens, targets):
    loss, gradients = backward(parameters, tokens, targets)
    return loss, clipped(gradients)


WRONG_GRADIENTS = [
    symptom(
        "loss-wrong-alone",
        "rnn_backward",
        title="The gradients are right, the loss is not.",
        hint="The loss is the mean of -sum q log p over all positions.",
        hint_2="work the loss of a single position out by hand.",
    )(part_wrong(0)),
    symptom(
        "gradient-right-for-one-step",
        "rnn_backward",
        title="Gradients are right for one step, and wrong for more.",
        **TIME,
    )(only_where(lambda given: given["tokens"].shape[1] > 1)),
    symptom(
        "gradient-right-for-few-steps",
        "rnn_backward",
        title="Gradients are right for short sequences, and wrong for longer ones.",
        **TIME,
    )(only_where(lambda given: given["tokens"].shape[1] > 3)),
]
