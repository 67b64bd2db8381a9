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
    # TODO (handout E.1): Pick the rows of U for all tokens at once, then go from step
    #   to step, all sequences together. The softmax comes at the end, for all positions
    #   at once.
    raise NotImplementedError("rnn_forward")


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
    # TODO (handout E.2): Run forward, take p - q for every position, then go from the
    #   last step to the first with what the step after passes back. Only then sum up
    #   over all steps.
    raise NotImplementedError("rnn_backward")


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
