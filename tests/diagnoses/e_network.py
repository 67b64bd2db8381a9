"""Part E: what students get wrong in the network, forwards and backwards."""

import numpy as np

from autograder.diagnosis.declare import misconception, symptom, trials
from autograder.diagnosis.symptoms import only_where, part, part_wrong, related

FLAG = {
    "U": np.array([[0.0], [2.0]]),
    "W": np.array([[2.0]]),
    "b": np.array([0.0]),
    "V": np.array([[0.0, 1.0]]),
    "c": np.array([0.5, 0.0]),
}


def network(rng, symbols, hidden, scale=1.0):
    """Random parameters, of one decimal: students read them."""
    shapes = {
        "U": (symbols, hidden),
        "W": (hidden, hidden),
        "b": (hidden,),
        "V": (hidden, symbols),
        "c": (symbols,),
    }
    return {name: np.round(rng.normal(0.0, scale, shape), 1) for name, shape in shapes.items()}


@trials("rnn_forward", rows=("tokens",), steps=("tokens",))
def networks(rng):
    for tokens in ([[1]], [[0, 1, 0]]):
        yield {"parameters": FLAG, "tokens": np.array(tokens)}
    for symbols, hidden, n, steps in ((3, 2, 1, 3), (3, 2, 2, 4), (4, 3, 3, 5), (5, 4, 2, 8)):
        tokens = rng.integers(0, symbols, (n, steps))
        yield {"parameters": network(rng, symbols, hidden), "tokens": tokens}
    for _ in range(3):
        loud = network(rng, 3, 2)
        loud["V"] = 3000.0 * loud["V"]
        yield {"parameters": loud, "tokens": rng.integers(0, 3, (2, 3))}


def softmax(scores, axis=-1):
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def scores_of(parameters, hidden):
    return hidden @ parameters["V"] + parameters["c"]


def stepped(parameters, tokens, step, start=0.0):
    """The memory after every token, and the chances that follow.

    Args:
        step: from the row of U and the memory before to the memory after.
    """
    fed = parameters["U"][tokens]
    memory, hidden = np.full(fed[:, 0].shape, start), np.empty_like(fed)
    for place in range(tokens.shape[1]):
        memory = step(fed[:, place], memory)
        hidden[:, place] = memory
    return hidden, softmax(scores_of(parameters, hidden))


def remembered(parameters, tokens, *, bend=np.tanh, mix=lambda W: W, start=0.0):
    """The same, of a step whose pieces are given."""
    W, b = mix(parameters["W"]), parameters["b"]
    return stepped(parameters, tokens, lambda fed, memory: bend(fed + b + memory @ W), start)


MEMORY = {
    "hint": "Three things go into a memory: the token's row of U, the memory before through W, b.",
    "hint_2": "work out h for the tokens 0, 1, 0 in a network of one neuron, step by step.",
}


@misconception(
    "memory-not-passed-on",
    "rnn_forward",
    title="A neuron sees the token alone, and nothing of what it held before.",
    **MEMORY,
    case="wrong/memory-not-passed-on",
)
def no_memory(parameters, tokens):
    return remembered(parameters, tokens, mix=lambda W: 0.0 * W)


@misconception(
    "memory-mixed-the-wrong-way",
    "rnn_forward",
    title="The memory goes through W the wrong way round: W stands transposed.",
    hint="W[i, j] is how much of neuron i goes into neuron j.",
    hint_2="with rows of memories, is it h @ W or W @ h?",
    case="wrong/memory-mixed-the-wrong-way",
)
def mixed_transposed(parameters, tokens):
    return remembered(parameters, tokens, mix=lambda W: W.T)


@misconception(
    "memory-without-tanh",
    "rnn_forward",
    title="The sum is remembered as it is: tanh is missing.",
    **MEMORY,
    case="wrong/memory-without-tanh",
)
def no_tanh(parameters, tokens):
    return remembered(parameters, tokens, bend=lambda sums: sums)


@misconception(
    "memory-by-the-sigmoid",
    "rnn_forward",
    title="The sigmoid stands in the place of tanh.",
    **MEMORY,
)
def sigmoid_for_tanh(parameters, tokens):
    return remembered(parameters, tokens, bend=lambda sums: 1.0 / (1.0 + np.exp(-sums)))


@misconception(
    "memory-bent-twice",
    "rnn_forward",
    title="What is remembered goes through tanh a second time before it is used.",
    **MEMORY,
)
def tanh_twice(parameters, tokens):
    return remembered(parameters, tokens, bend=lambda sums: np.tanh(np.tanh(sums)))


START = {
    "hint": "Every sequence starts from a memory of zeros.",
    "hint_2": "give two equal sequences in one call: are their memories equal?",
}


@misconception(
    "memory-kept-between-sequences",
    "rnn_forward",
    title="A sequence starts from what the sequence before it has left.",
    **START,
    case="wrong/memory-kept-between-sequences",
)
def never_emptied(parameters, tokens):
    hidden, _ = remembered(parameters, tokens.reshape(1, -1))
    hidden = hidden.reshape(*tokens.shape, -1)
    return hidden, softmax(scores_of(parameters, hidden))


@misconception(
    "memory-starts-with-ones",
    "rnn_forward",
    title="The memory starts with ones, not with zeros.",
    **START,
)
def starts_with_ones(parameters, tokens):
    return remembered(parameters, tokens, start=1.0)


@misconception(
    "memory-before-the-token",
    "rnn_forward",
    title="The memory before each token comes back, not the one after it.",
    hint="hidden[:, t] is the memory after token t.",
    hint_2="for a single token: does hidden hold zeros?",
)
def one_step_early(parameters, tokens):
    hidden, _ = remembered(parameters, tokens)
    hidden = np.concatenate([np.zeros_like(hidden[:, :1]), hidden[:, :-1]], axis=1)
    return hidden, softmax(scores_of(parameters, hidden))


@misconception(
    "memory-read-backwards",
    "rnn_forward",
    title="Sequences are read from their last token to the first.",
    hint="The memory after token t knows the tokens up to t, and none after it.",
    hint_2="change the last token of a sequence: which memories should change?",
)
def read_backwards(parameters, tokens):
    hidden, _ = remembered(parameters, tokens[:, ::-1])
    return hidden[:, ::-1], softmax(scores_of(parameters, hidden[:, ::-1]))


@misconception(
    "bias-of-the-memory-forgotten",
    "rnn_forward",
    title="b is never added.",
    **MEMORY,
)
def without_b(parameters, tokens):
    return remembered({**parameters, "b": 0.0 * parameters["b"]}, tokens)


@misconception(
    "bias-of-the-scores-forgotten",
    "rnn_forward",
    title="c is never added to the scores.",
    hint="The scores are h V + c.",
    hint_2="with V full of zeros, what should the chances be?",
)
def without_c(parameters, tokens):
    return remembered({**parameters, "c": 0.0 * parameters["c"]}, tokens)


@misconception(
    "memory-bias-after-tanh",
    "rnn_forward",
    title="b is added after tanh, not inside it.",
    **MEMORY,
)
def bias_after_tanh(parameters, tokens):
    W, b = parameters["W"], parameters["b"]
    return stepped(parameters, tokens, lambda fed, memory: np.tanh(fed + memory @ W) + b)


@misconception(
    "memory-added-to",
    "rnn_forward",
    title="The new memory is added to the old one, where it should replace it.",
    **MEMORY,
)
def added_to(parameters, tokens):
    W, b = parameters["W"], parameters["b"]
    return stepped(parameters, tokens, lambda fed, memory: memory + np.tanh(fed + memory @ W + b))


@misconception(
    "memory-outside-tanh",
    "rnn_forward",
    title="Only the token passes tanh; the memory before is added outside of it.",
    **MEMORY,
)
def outside_tanh(parameters, tokens):
    W, b = parameters["W"], parameters["b"]
    return stepped(parameters, tokens, lambda fed, memory: np.tanh(fed + b) + memory @ W)


@misconception(
    "memory-of-one-step",
    "rnn_forward",
    title="A memory knows the token before it alone: what came earlier is not passed on.",
    **MEMORY,
)
def one_step_back(parameters, tokens):
    fed = parameters["U"][tokens] + parameters["b"]
    before = np.concatenate([np.zeros_like(fed[:, :1]), np.tanh(fed[:, :-1])], axis=1)
    hidden = np.tanh(fed + before @ parameters["W"])
    return hidden, softmax(scores_of(parameters, hidden))


@misconception(
    "chances-from-the-memory-before",
    "rnn_forward",
    title="The chances are made of the memory before the token, not of the one after it.",
    hint="p_t is what comes after token t, so it may know that token.",
    hint_2="for a single token: do the chances change with it?",
)
def chances_before(parameters, tokens):
    hidden, _ = remembered(parameters, tokens)
    before = np.concatenate([np.zeros_like(hidden[:, :1]), hidden[:, :-1]], axis=1)
    return hidden, softmax(scores_of(parameters, before))


SOFTMAX = {
    "hint": "The chances of one position add up to 1, over the K tokens.",
    "hint_2": "sum your probabilities over the last axis.",
}


@misconception(
    "chances-over-all-positions",
    "rnn_forward",
    title="The softmax shares one whole among all positions and sequences.",
    **SOFTMAX,
    case="wrong/chances-over-all-positions",
)
def one_whole(parameters, tokens):
    hidden, _ = remembered(parameters, tokens)
    scores = scores_of(parameters, hidden)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return hidden, powers / powers.sum()


@misconception(
    "chances-of-one-softmax",
    "rnn_forward",
    title="One softmax is taken over all scores, of all positions and sequences together.",
    **SOFTMAX,
)
def one_softmax(parameters, tokens):
    hidden, _ = remembered(parameters, tokens)
    return hidden, softmax(scores_of(parameters, hidden), axis=(0, 1, 2))


@misconception(
    "chances-over-the-steps",
    "rnn_forward",
    title="The softmax runs over the steps, not over the tokens.",
    **SOFTMAX,
)
def over_the_steps(parameters, tokens):
    hidden, _ = remembered(parameters, tokens)
    return hidden, softmax(scores_of(parameters, hidden), axis=1)


@misconception(
    "scores-for-chances",
    "rnn_forward",
    title="The scores come back as they are: the softmax is missing.",
    **SOFTMAX,
)
def scores_alone(parameters, tokens):
    hidden, _ = remembered(parameters, tokens)
    return hidden, scores_of(parameters, hidden)


@misconception(
    "sigmoid-of-each-score",
    "rnn_forward",
    title="Each score goes through a sigmoid of its own, so chances do not add up to 1.",
    **SOFTMAX,
)
def sigmoids(parameters, tokens):
    hidden, _ = remembered(parameters, tokens)
    return hidden, 0.5 * (1.0 + np.tanh(0.5 * scores_of(parameters, hidden)))


@misconception(
    "scores-overflow",
    "rnn_forward",
    title="Large scores overflow in exp, and no number is left.",
    hint="The chances stay the same if one number is taken off all scores of a position.",
    hint_2="compute np.exp(1000.0); then take the largest score off first.",
    case="wrong/scores-overflow",
)
def overflow(parameters, tokens):
    hidden, _ = remembered(parameters, tokens)
    powers = np.exp(scores_of(parameters, hidden))
    return hidden, powers / powers.sum(axis=-1, keepdims=True)


@misconception(
    "chances-as-logarithms",
    "rnn_forward",
    title="Logarithms of the chances come back, not the chances.",
    **SOFTMAX,
)
def logarithms(parameters, tokens):
    hidden, _ = remembered(parameters, tokens)
    scores = scores_of(parameters, hidden)
    scores = scores - scores.max(axis=-1, keepdims=True)
    return hidden, scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))


@misconception(
    "chances-without-exp",
    "rnn_forward",
    title="Scores are divided by their sum as they are: exp is missing.",
    **SOFTMAX,
)
def shares_of_scores(parameters, tokens):
    hidden, _ = remembered(parameters, tokens)
    scores = scores_of(parameters, hidden)
    return hidden, scores / scores.sum(axis=-1, keepdims=True)


@misconception(
    "scores-over-their-largest",
    "rnn_forward",
    title="Scores are divided by their largest, which should be subtracted.",
    hint="exp(z - m) / sum exp(z - m) is the softmax again; exp(z / m) is another function.",
    hint_2="compute both for the scores 1 and 2.",
)
def over_the_largest(parameters, tokens):
    hidden, _ = remembered(parameters, tokens)
    scores = scores_of(parameters, hidden)
    return hidden, softmax(scores / scores.max(axis=-1, keepdims=True))


WRONG_MEMORY = [
    symptom(
        "memory-right-for-one-step",
        "rnn_forward",
        title="The first memory is right, those after it are not.",
        hint="What differs between the first step and the others is the memory before.",
        hint_2="compare hidden[:, 1] with the formula, for two tokens.",
    )(only_where(lambda given: given["tokens"].shape[1] > 1)),
    symptom(
        "chances-of-large-scores-wrong",
        "rnn_forward",
        title="Chances are right for small scores, and wrong for large ones.",
        hint="The chances stay the same if one number is taken off all scores of a position.",
        hint_2="what do scores of 1000 and 1001 become on their way to chances?",
    )(only_where(lambda given: np.abs(given["parameters"]["V"]).max() > 100.0)),
    symptom(
        "memory-right-chances-wrong",
        "rnn_forward",
        title="The memories are right, the chances made of them are not.",
        **SOFTMAX,
    )(part_wrong(1)),
    symptom(
        "memories-wrong",
        "rnn_forward",
        title="The memories are wrong from the first step on.",
        **MEMORY,
    )(part(0, related(lambda got, right: got.shape == right.shape))),
]
