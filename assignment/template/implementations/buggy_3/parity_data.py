"""One mistake for your own tests to catch; everything else is your own work."""

import numpy as np


def parity_labels(bits, lengths):  # noqa: ARG001
    return np.asarray(bits).sum(axis=1).astype(np.int64) % 2
