"""Part E: a recurrent network by hand, forwards and backwards.

The smallest network with a memory (Elman 1990). At every step it reads one token x_t
out of K, mixes it into the H numbers that it remembers, and says how likely each token
is to come next:

    h_t = tanh(U[x_t] + h_(t-1) W + b)       from h_0 = 0
    p_t = softmax(h_t V + c)

A one-hot token times a matrix is a row of that matrix, so the token just picks a row.
The parameters are a dict: `U` of shape (K, H), `W` (H, H), `b` (H,), `V` (H, K) and
`c` (K,).

What is right after a prefix is a distribution, not a token: after a full line of a game
any free cell will do. So the targets hold, for every position, the exact chance q of
every token to come next, and the error is the cross-entropy of p_t against q_t.

Learning needs its gradient. The same W is used at every step, and what is remembered at
one step is an ingredient of everything after it, so the gradient flows backwards through
all steps, and every step adds its share (back-propagation through time, Werbos 1990).
"""

from __future__ import annotations

import numpy as np

Parameters = dict[str, np.ndarray]


def rnn_forward(parameters: Parameters, tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the network remembers, and what it expects next, after every token.

    Args:
        parameters: see the top of this module.
        tokens: int64 of shape (n, T): n sequences, each read from h_0 = 0.

    Returns:
        hidden, shape (n, T, H): `hidden[:, t]` is the memory after token t;
        and probabilities, shape (n, T, K): the chances given to the token after it.
    """
    tokens = np.asarray(tokens)
    fed = parameters["U"][tokens] + parameters["b"]
    hidden = np.empty_like(fed)
    memory = np.zeros(fed[:, 0].shape)
    for step in range(tokens.shape[1]):
        memory = np.tanh(fed[:, step] + memory @ parameters["W"])
        hidden[:, step] = memory
    return hidden, _softmax(hidden @ parameters["V"] + parameters["c"])


def _softmax(scores: np.ndarray) -> np.ndarray:
    """Chances along the last axis; the largest score is taken off so that nothing overflows."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def rnn_backward(
    parameters: Parameters, tokens: np.ndarray, targets: np.ndarray
) -> tuple[float, Parameters]:
    """The loss, and its gradient in every parameter by back-propagation through time.

    The loss is the mean of the cross-entropy -sum_k q_k log p_k over all n T positions.
    With s_t the sum inside the tanh and z_t = h_t V + c, from the last step to the first:

        dL/dz_t = (p_t - q_t) / (n T)
        dL/dh_t = dL/dz_t V^T + dL/ds_(t+1) W^T      (the second term not at the last step)
        dL/ds_t = dL/dh_t * (1 - h_t^2)

    and, summed over all sequences and all steps,

        dL/dW = sum h_(t-1)^T dL/ds_t       dL/dV = sum h_t^T dL/dz_t
        dL/db = sum dL/ds_t                 dL/dc = sum dL/dz_t
        dL/dU: each dL/ds_t is added to the row of the token read at that step.

    Args:
        parameters, tokens: as in `rnn_forward`.
        targets: shape (n, T, K); `targets[i, t]` are the true chances q of the token
            that follows token t of sequence i.

    Returns:
        The loss, and a dict with the keys and shapes of `parameters`.
    """
    tokens = np.asarray(tokens)
    hidden, probabilities = rnn_forward(parameters, tokens)
    floor = np.finfo(float).tiny  # log(0) times a chance of 0 is no number
    loss = -np.sum(targets * np.log(probabilities + floor)) / tokens.size
    by_score = (probabilities - targets) / tokens.size
    by_sum = by_score @ parameters["V"].T  # of dL/dh_t, the part that comes from z_t
    slope = 1.0 - hidden**2
    later = np.zeros_like(by_sum[:, 0])
    for step in reversed(range(tokens.shape[1])):
        later = (by_sum[:, step] + later @ parameters["W"].T) * slope[:, step]
        by_sum[:, step] = later
    one_hot = np.eye(len(parameters["U"]))[tokens]
    return float(loss), {
        "U": _summed_products(one_hot, by_sum),
        "W": _summed_products(hidden[:, :-1], by_sum[:, 1:]),  # h_0 is zero
        "b": by_sum.sum(axis=(0, 1)),
        "V": _summed_products(hidden, by_score),
        "c": by_score.sum(axis=(0, 1)),
    }


def _summed_products(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The sum of left_t^T right_t over all sequences and steps."""
    return left.reshape(-1, left.shape[-1]).T @ right.reshape(-1, right.shape[-1])


def legal_first(probabilities: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Whether every legal token is held for likelier than every illegal one.

    Args:
        probabilities: shape (n, T, K), as from `rnn_forward`.
        targets: shape (n, T, K); a token is legal where its true chance is above 0.

    Returns:
        Booleans of shape (n, T).
    """
    least_legal = np.where(targets > 0, probabilities, np.inf).min(axis=-1)
    most_illegal = np.where(targets > 0, -np.inf, probabilities).max(axis=-1)
    return least_legal > most_illegal
